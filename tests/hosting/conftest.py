"""A real S3 server on loopback, with a bucket and a key of its own."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
import requests
from moto.server import ThreadedMotoServer
from obstore.store import S3Store
from PIL import Image

from somos_social.core.model.asset import Asset
from somos_social.hosting.bucket import Bucket
from somos_social.settings import BucketSettings, Secret
from tests.platforms.conftest import box, clock, media_root, stage_of
from tests.samples import an_asset

__all__ = ["box", "clock", "media_root", "stage_of"]


@dataclass
class Shelf:
    """A bucket on the server, who may use it, and a clock that runs before the real one."""

    url: str
    root: Path
    key: str = "any"
    secret: str = "any-secret"
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def settings(self, name: str = "somos-media", url: str | None = None) -> BucketSettings:
        return BucketSettings(
            name=name,
            folder="insta/gram",
            endpoint=url or self.url,
            region="us-east-1",
            secrets={
                name: Secret(
                    reference=f"env:{name.upper()}",
                    file="config.toml",
                    key=f"media.{name}",
                    folder=self.root,
                    environ={"BUCKET_KEY": self.key, "BUCKET_SECRET": self.secret},
                )
                for name in ("bucket_key", "bucket_secret")
            },
        )

    def bucket(self, settings: BucketSettings | None = None) -> Bucket:
        return Bucket(
            settings or self.settings(),
            media_root=self.root,
            timeout=timedelta(seconds=20),
            now=self.now,
            file="config.toml",
        )

    def put(self, name: str) -> None:
        requests.put(f"{self.url}/somos-media/{name}", data=b"x", timeout=20).raise_for_status()

    def names(self) -> set[str]:
        """All that lies in the bucket, as its owner sees it."""
        store = S3Store(
            "somos-media",
            config={"region": "us-east-1", "endpoint": self.url},
            client_options={"allow_http": True},
            access_key_id="any",
            secret_access_key="any",
        )
        return {each["path"] for chunk in obstore.list(store) for each in chunk}

    def asks_for_keys(self) -> None:
        """From now on, only who is known and signs rightly is let in."""
        iam = {"Action": "CreateUser", "UserName": "somos", "Version": "2010-05-08"}
        for asked in (iam, iam | {"Action": "CreateAccessKey"}, iam | _may_do_all()):
            answer = requests.post(self.url, data=asked, headers=_AS_IAM, timeout=20)
            answer.raise_for_status()
        requests.post(f"{self.url}/moto-api/reset-auth", data="0", timeout=20).raise_for_status()


_AS_IAM = {"Authorization": "AWS4-HMAC-SHA256 Credential=a/20261122/us-east-1/iam/aws4_request"}


def _may_do_all() -> dict[str, str]:
    policy = {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    document = json.dumps({"Version": "2012-10-17", **policy})
    return {"Action": "PutUserPolicy", "PolicyName": "all", "PolicyDocument": document}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def shelf(server: str, tmp_path: Path) -> Iterator[Shelf]:
    Image.new("RGB", (400, 500), "teal").save(tmp_path / "carmen.jpg")
    requests.put(f"{server}/somos-media", timeout=20).raise_for_status()
    yield Shelf(server, tmp_path)
    requests.post(f"{server}/moto-api/reset-auth", data="inf", timeout=20)
    requests.post(f"{server}/moto-api/reset", timeout=20).raise_for_status()


@pytest.fixture
def picture(shelf: Shelf) -> Asset:
    return an_asset(path="carmen.jpg", size=(shelf.root / "carmen.jpg").stat().st_size)
