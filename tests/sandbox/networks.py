"""How the tests speak to the stand-in networks, and what they hold in their hands."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import tweepy
from requests.adapters import HTTPAdapter

Picture = Callable[..., Path]
Film = Callable[..., Path]
PAGE, OTHER_PAGE = "1000001", "1000002"
IG_USER = "17841400000000001"
X_USER, OTHER_X_USER = "2000001", "2000002"


@dataclass
class Clock:
    now: datetime = datetime(2026, 12, 1, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Graph:
    """Speaks Graph as plainly as possible; answers are `requests` responses."""

    url: str
    token: str = "facebook-token"

    def post(self, path: str, files: Any = None, **form: str) -> requests.Response:
        data = {"access_token": self.token} | form
        return requests.post(f"{self.url}/graph/v26.0/{path}", data=data, files=files, timeout=10)

    def get(self, path: str, **query: str) -> requests.Response:
        query = {"access_token": self.token} | query
        return requests.get(f"{self.url}/graph/v26.0/{path}", params=query, timeout=10)

    def delete(self, path: str) -> requests.Response:
        query = {"access_token": self.token}
        return requests.delete(f"{self.url}/graph/v26.0/{path}", params=query, timeout=10)

    def photo(self, path: Path, **form: str) -> str:
        with path.open("rb") as file:
            answer = self.post(f"{PAGE}/photos", {"source": file}, published="false", **form)
        return str(answer.json()["id"])

    def container(self, **form: str) -> str:
        return str(self.post(f"{IG_USER}/media", **form).json()["id"])


class Rewrite(HTTPAdapter):
    """Sends what was signed for X to the stand-in."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        for origin in ("https://api.twitter.com", "https://api.x.com"):
            request.url = (request.url or "").replace(origin, f"{self.url}/x")
        return super().send(request, *args, **kwargs)


@dataclass
class X:
    """Speaks to X through tweepy's own request method; answers are `requests` responses."""

    client: tweepy.Client

    def call(self, method: str, route: str, **more: Any) -> requests.Response:
        try:
            answer = self.client.request(method, route, user_auth=True, **more)
        except tweepy.HTTPException as error:
            answer = error.response
        assert isinstance(answer, requests.Response)
        return answer

    def post(self, **body: Any) -> requests.Response:
        return self.call("POST", "/2/tweets", json=body)

    def upload(self, path: Path, kind: str, category: str) -> str:
        data = path.read_bytes()
        start = {"media_type": kind, "media_category": category, "total_bytes": len(data)}
        answer = self.call("POST", "/2/media/upload/initialize", json=start)
        media_id = str(answer.json()["data"]["id"])
        size = 1024 * 1024
        for index, at in enumerate(range(0, len(data), size)):
            chunk = base64.b64encode(data[at : at + size]).decode()
            body = {"segment_index": index, "media": chunk}
            self.call("POST", f"/2/media/upload/{media_id}/append", json=body)
        self.call("POST", f"/2/media/upload/{media_id}/finalize")
        return media_id

    def image(self, path: Path) -> str:
        return self.upload(path, "image/jpeg", "tweet_image")


def attached(*photos: str) -> str:
    return json.dumps([{"media_fbid": photo} for photo in photos])


def error_of(answer: requests.Response) -> tuple[int, int, int | None]:
    """HTTP status, code and subcode of a Graph refusal."""
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("error_subcode")
