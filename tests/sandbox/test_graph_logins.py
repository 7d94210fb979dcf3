"""Logging in, what is known of a token, and the proof that its app's owner is calling."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from somos_social.sandbox import Account, Grant, MetaApp, Sandbox

from .networks import IG_USER, PAGE, Clock, error_of

APP = MetaApp(
    id="7001",
    secret="app-secret",
    requires_proof=True,
    codes={"code-1": ("pages_show_list", "pages_manage_posts")},
)
GRANT = Grant(app=APP.id, scopes=("pages_manage_posts", "instagram_basic"))
BY_APP = f"{APP.id}|{APP.secret}"
LOGIN = {"client_id": APP.id, "client_secret": APP.secret}


@pytest.fixture
def box(clock: Clock) -> Iterator[Sandbox]:
    page = Account(
        platform="facebook",
        handle="somos",
        id=PAGE,
        name="Somos",
        secrets={"token": "page-token"},
        grant=GRANT,
    )
    beside = Account(
        platform="instagram",
        handle="somos",
        id=IG_USER,
        name="Somos",
        secrets={"token": "page-token"},
        grant=GRANT,
    )
    with Sandbox(accounts=[page, beside], clock=clock, apps=[APP]) as running:
        yield running


def proof(token: str) -> str:
    return hmac.new(APP.secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def get(box: Sandbox, path: str, **query: str) -> requests.Response:
    if "access_token" in query:
        query = {"appsecret_proof": proof(query["access_token"])} | query
    return requests.get(f"{box.url}/graph/v26.0/{path}", params=query, timeout=5)


def brief_token(box: Sandbox) -> str:
    known = {"redirect_uri": "https://localhost/", "code": "code-1"}
    return str(get(box, "oauth/access_token", **LOGIN, **known).json()["access_token"])


def lasting_token(box: Sandbox) -> str:
    known = {"grant_type": "fb_exchange_token", "fb_exchange_token": brief_token(box)}
    answer = get(box, "oauth/access_token", **LOGIN, **known).json()
    assert answer["expires_in"] == 5183944
    return str(answer["access_token"])


def test_a_lasting_login_is_given_the_tokens_of_its_pages(box: Sandbox) -> None:
    fields = "id,access_token,tasks,instagram_business_account"
    answer = get(box, "me/accounts", access_token=lasting_token(box), fields=fields).json()
    [page] = answer["data"]
    assert (page["id"], page["access_token"]) == (PAGE, "page-token")
    assert "CREATE_CONTENT" in page["tasks"]
    assert page["instagram_business_account"] == {"id": IG_USER}


def test_a_brief_login_is_given_no_token_that_lasts(box: Sandbox) -> None:
    answer = get(box, "me/accounts", access_token=brief_token(box)).json()
    assert answer["data"][0]["access_token"] != "page-token"


def test_a_login_tells_what_was_allowed(box: Sandbox) -> None:
    answer = get(box, "me/permissions", access_token=lasting_token(box)).json()
    assert {"permission": "pages_manage_posts", "status": "granted"} in answer["data"]


def test_a_code_is_of_use_once(box: Sandbox) -> None:
    brief_token(box)
    known = {"redirect_uri": "https://localhost/", "code": "code-1"}
    assert error_of(get(box, "oauth/access_token", **LOGIN, **known)) == (400, 100, 36009)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"client_id": "1"}, 101),
        ({"client_secret": "x"}, 1),
        ({"redirect_uri": "https://elsewhere.example/"}, 100),
        ({"code": "x"}, 100),
        ({"nonsense": "x"}, 100),
    ],
)
def test_an_exchange_that_is_wrong_anywhere_is_refused(
    box: Sandbox, changed: dict[str, str], code: int
) -> None:
    known: dict[str, Any] = {**LOGIN, "redirect_uri": "https://localhost/", "code": "code-1"}
    assert error_of(get(box, "oauth/access_token", **(known | changed)))[1] == code


def test_a_login_ends_with_its_time(box: Sandbox, clock: Clock) -> None:
    token = lasting_token(box)
    clock.pass_(days=61)
    assert error_of(get(box, "me/accounts", access_token=token)) == (400, 190, 463)


def test_the_app_is_told_all_of_a_token_that_it_made(box: Sandbox) -> None:
    data = get(box, "debug_token", input_token="page-token", access_token=BY_APP).json()["data"]
    assert (data["is_valid"], data["expires_at"], data["type"]) == (True, 0, "PAGE")
    assert data["scopes"] == list(GRANT.scopes)
    assert data["granular_scopes"] == [
        {"scope": "pages_manage_posts", "target_ids": [PAGE]},
        {"scope": "instagram_basic", "target_ids": [IG_USER]},
    ]
    none = get(box, "debug_token", input_token="x", access_token=BY_APP).json()["data"]
    assert none["is_valid"] is False


def test_a_stranger_is_told_nothing_of_a_token(box: Sandbox) -> None:
    answer = get(box, "debug_token", input_token="page-token", access_token="7001|wrong")
    assert error_of(answer)[1] == 190


@pytest.mark.parametrize("given", [{"appsecret_proof": "0" * 64}, {"appsecret_proof": ""}])
@pytest.mark.parametrize("path", [PAGE, "debug_token"])
def test_a_call_without_the_right_proof_is_refused(
    box: Sandbox, path: str, given: dict[str, str]
) -> None:
    about = {"input_token": "page-token"} if path == "debug_token" else {}
    answer = get(box, path, access_token="page-token", **about, **given)
    assert error_of(answer)[1] == 100
    assert "appsecret_proof" in answer.json()["error"]["message"]


def test_bytes_without_the_right_proof_are_refused(box: Sandbox) -> None:
    query = {"access_token": "page-token", "appsecret_proof": proof("page-token")}
    start = requests.post(
        f"{box.url}/graph/v26.0/{PAGE}/video_reels",
        params=query,
        data={"upload_phase": "start"},
        timeout=5,
    ).json()
    url = f"{box.url}/rupload/video-upload/v26.0/{start['video_id']}"
    headers = {"Authorization": "OAuth page-token", "offset": "0", "file_size": "3"}
    for given, code in (("", 100), ("?appsecret_proof=0", 100)):
        answer = requests.post(url + given, data=b"abc", headers=headers, timeout=5)
        assert error_of(answer)[1] == code
    right = f"{url}?appsecret_proof={proof('page-token')}"
    assert requests.post(right, data=b"abc", headers=headers, timeout=5).json()["success"]


def test_a_token_opens_nothing_once_it_has_ended(clock: Clock) -> None:
    account = Account(
        platform="facebook",
        handle="somos",
        id=PAGE,
        name="Somos",
        secrets={"token": "t"},
        grant=Grant(expires_at=clock.now + timedelta(days=1)),
    )
    with Sandbox(accounts=[account], clock=clock) as box:
        url = f"{box.url}/graph/v26.0/me?access_token=t"
        assert requests.get(url, timeout=5).status_code == 200
        clock.pass_(days=1)
        assert error_of(requests.get(url, timeout=5)) == (400, 190, 463)
