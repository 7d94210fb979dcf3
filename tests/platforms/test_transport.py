"""The one HTTP session: deadlines, no repeats, no redirects, and no secret in any word."""

import logging
import socket
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, ProtocolError

from somos_social.core.events import Unanswered, Unreachable
from somos_social.platforms.transport import open_session, redacted, translate
from tests.platforms.servers import CLOSE, HANG, Reply, always, answering, reply

SOON = timedelta(milliseconds=200)


def failure_of(url: str) -> requests.RequestException:
    session = open_session(timeout=SOON, rebase={})
    with pytest.raises(requests.RequestException) as caught:
        session.post(url, data={"access_token": "hidden"}).json()
    return caught.value


def test_a_refused_connection_never_left() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        event = translate(failure_of(f"http://127.0.0.1:{taken.getsockname()[1]}/x"), to="X")
    assert event == Unreachable("X cannot be reached: no connection could be opened.")


def wrapped(reason: Exception) -> requests.ConnectionError:
    return requests.ConnectionError(
        MaxRetryError(HTTPConnectionPool("graph.facebook.com"), "/?access_token=hidden", reason)
    )


def test_an_unknown_host_never_left() -> None:
    cause = NameResolutionError("graph.facebook.com", None, socket.gaierror(-2, "unknown"))  # type: ignore[arg-type]  # the connection is only shown
    assert isinstance(translate(wrapped(cause), to="Facebook"), Unreachable)


def test_a_certificate_that_is_not_theirs_never_left() -> None:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    assert isinstance(translate(requests.exceptions.SSLError(cause), to="X"), Unreachable)


def test_a_connection_that_takes_too_long_to_open_never_left() -> None:
    assert isinstance(translate(requests.exceptions.ConnectTimeout(), to="X"), Unreachable)


def test_a_break_in_an_encrypted_connection_may_have_left() -> None:
    assert isinstance(translate(requests.exceptions.SSLError("bad record"), to="X"), Unanswered)


def test_a_reset_connection_may_have_left() -> None:
    cause = ProtocolError("Connection aborted.", ConnectionResetError(104, "reset"))
    assert isinstance(translate(requests.ConnectionError(cause), to="X"), Unanswered)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (CLOSE, "broke the connection"),
        (HANG, "did not answer in time"),
        (Reply(body=b'{"id": "1"}', cut=4), "broke the connection"),
        (Reply(body=b'{"id": '), "not JSON"),
    ],
)
def test_a_call_that_was_sent_and_has_no_whole_answer_may_have_arrived(
    answer: Reply, words: str
) -> None:
    with answering(always(answer)) as server:
        event = translate(failure_of(server.url), to="Facebook")
        assert len(server.asked) == 1
    assert isinstance(event, Unanswered)
    assert words in event.reason


def test_a_deadline_holds_even_where_a_library_asks_for_none() -> None:
    with answering(always(HANG)) as server, pytest.raises(requests.exceptions.ReadTimeout):
        open_session(timeout=SOON, rebase={}).get(server.url, timeout=None)


def test_a_redirect_is_an_answer_and_not_a_way() -> None:
    with answering(always(reply({"id": "1"}))) as elsewhere:
        there = Reply(status=302, headers={"Location": elsewhere.url})
        with answering(always(there)) as server:
            answer = open_session(timeout=SOON, rebase={}).post(
                server.url, data={"a": "1"}, allow_redirects=True
            )
            assert answer.status_code == 302
        assert elsewhere.asked == []


def test_the_environment_changes_neither_route_nor_credentials(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with answering(always(reply({}))) as server:
        open_session(timeout=SOON, rebase={}).get(server.url)
        assert "authorization" not in server.asked[0].headers


def test_an_origin_is_answered_elsewhere_and_others_are_not() -> None:
    with answering(always(reply({}))) as server:
        rebase = {"https://graph.facebook.com/": f"{server.url}/graph/"}
        session = open_session(timeout=SOON, rebase=rebase)
        answer = session.get("https://graph.facebook.com/v26.0/me?fields=id")
        assert (server.asked[0].path, server.asked[0].query) == (
            "/graph/v26.0/me",
            {"fields": "id"},
        )
        assert answer.request.url == f"{server.url}/graph/v26.0/me?fields=id"
        lookalike = session.get_adapter("https://graph.facebook.com.example.org/")
        assert lookalike is session.get_adapter("https://example.org/")


def test_an_origin_that_has_moved_is_signed_under_its_new_name() -> None:
    class Sign(requests.auth.AuthBase):
        def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
            request.headers["Signed"] = str(request.url)
            return request

    with answering(always(reply({}))) as server:
        session = open_session(
            timeout=SOON,
            rebase={"https://api.x.com": server.url},
            moved={"https://api.twitter.com": "https://api.x.com"},
        )
        session.get("https://api.twitter.com/2/tweets", auth=Sign())
        assert server.asked[0].headers["signed"] == "https://api.x.com/2/tweets"


@pytest.mark.parametrize(
    "text",
    [
        "Malformed access token EAAx+/=y",
        "with url: /v26.0/me?access_token=EAAx%2B%2F%3Dy&fields=id",
        "with url: /v26.0/me?access_token=another-token",
        '{"access_token": "another-token"}',
        "Authorization: Bearer another-token-0123456789",
        "Authorization: OAuth another-token-0123456789",
    ],
)
def test_no_secret_is_left_in_a_text(text: str) -> None:
    clean = redacted(text, ["EAAx+/=y"])
    assert "EAAx" not in clean
    assert "another-token" not in clean
    assert "***" in clean


def test_a_text_without_secrets_stays_as_it_is() -> None:
    text = "Error validating access token: the OAuth session has expired on Wednesday."
    assert redacted(text, ["EAAx", ""]) == text


@pytest.mark.parametrize(
    "name",
    [
        "tweepy.client",
        "urllib3.connectionpool",
        "oauthlib.oauth1.rfc5849",
        "requests_oauthlib.oauth1_auth",
    ],
)
def test_libraries_that_write_headers_into_debug_records_are_not_heard(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger=name):
        logging.getLogger(name).debug("Authorization: Bearer hidden")
        logging.getLogger(name).error("something that matters")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
