"""Who may speak to X: signatures are verified, for both names of the host."""

import time
from typing import Any

import pytest
import requests
from oauthlib.oauth1 import Client
from requests_oauthlib import OAuth1

from somos_social.sandbox import Sandbox

from .networks import X_USER, Rewrite

NAMES = ("api_key", "api_secret", "access_token", "access_token_secret")


def signed(box: Sandbox, origin: str, path: str = "/2/users/me", **wrong: str) -> Any:
    key, secret, token, token_secret = (wrong.get(name, f"first-{name}") for name in NAMES)
    with requests.Session() as session:
        session.mount("https://", Rewrite(box.url))
        auth = OAuth1(key, secret, token, token_secret)
        return session.get(origin + path, auth=auth, timeout=5)


@pytest.mark.parametrize("origin", ["https://api.x.com", "https://api.twitter.com"])
def test_a_signature_for_either_public_name_is_good(box: Sandbox, origin: str) -> None:
    answer = signed(box, origin, "/2/users/me?user.fields=verified")
    assert answer.json()["data"] == {
        "id": X_USER,
        "name": "Somos Lo Mismo",
        "username": "somoslomismo",
        "verified": False,
    }


def test_a_signature_for_the_local_name_is_not(box: Sandbox) -> None:
    auth = OAuth1(*(f"first-{name}" for name in NAMES))
    assert requests.get(f"{box.url}/x/2/users/me", auth=auth, timeout=5).status_code == 401


@pytest.mark.parametrize("name", NAMES)
def test_each_of_the_four_secrets_is_looked_at(box: Sandbox, name: str) -> None:
    answer = signed(box, "https://api.x.com", **{name: "wrong"})
    assert answer.status_code == 401
    assert answer.json() == {
        "title": "Unauthorized",
        "detail": "Unauthorized",
        "type": "about:blank",
        "status": 401,
    }


def test_the_key_of_one_user_does_not_go_with_the_token_of_another(box: Sandbox) -> None:
    mixed = {"api_key": "second-api_key", "api_secret": "second-api_secret"}
    assert signed(box, "https://api.x.com", **mixed).status_code == 401


def header(**more: str) -> dict[str, str]:
    secrets = [f"first-{name}" for name in NAMES]
    client = Client(
        *secrets[:2], resource_owner_key=secrets[2], resource_owner_secret=secrets[3], **more
    )
    headers: dict[str, str] = client.sign("https://api.x.com/2/users/me")[1]
    return headers


def test_a_nonce_is_good_once(box: Sandbox) -> None:
    headers = header()
    url = f"{box.url}/x/2/users/me"
    assert requests.get(url, headers=headers, timeout=5).status_code == 200
    assert requests.get(url, headers=headers, timeout=5).status_code == 401


@pytest.mark.parametrize(("age", "status"), [(290, 200), (310, 401), (-310, 401)])
def test_a_signature_lives_for_five_minutes_of_real_time(
    box: Sandbox, age: int, status: int
) -> None:
    headers = header(timestamp=str(int(time.time()) - age))
    answer = requests.get(f"{box.url}/x/2/users/me", headers=headers, timeout=5)
    assert answer.status_code == status


def test_a_changed_query_breaks_the_signature(box: Sandbox) -> None:
    url = f"{box.url}/x/2/users/me?user.fields=url"
    assert requests.get(url, headers=header(), timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("authorization", "status"),
    [("Bearer first-bearer", 200), ("Bearer None", 401), ("Basic x", 401), ("", 401)],
)
def test_a_bearer_token_must_be_a_users(box: Sandbox, authorization: str, status: int) -> None:
    headers = {"Authorization": authorization}
    answer = requests.get(f"{box.url}/x/2/users/me", headers=headers, timeout=5)
    assert answer.status_code == status
