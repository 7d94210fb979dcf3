"""No failure, however it comes, shows a secret: not in words, arguments, chains or logs."""

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import quote

import pytest

from somos_social.core.model.delivery import Delivery, Upload
from somos_social.platforms import Platform
from tests.platforms.servers import CLOSE, HANG, Reply, Script, always, answering, reply
from tests.platforms.stage import SECRETS, Stage

StageOf = Callable[[str], Stage]


def echo(platform: str) -> Reply:
    """A refusal that repeats the secrets, as "Malformed access token ..." does."""
    words = " ".join(SECRETS[platform].values())
    error = {"message": f"Malformed access token {words}", "code": 190, "type": "OAuthException"}
    return reply({"error": error, "errors": [{"message": words}], "detail": words}, 401)


FAILURES: dict[str, Callable[[str], Script]] = {
    "closed without an answer": lambda _: always(CLOSE),
    "silent": lambda _: always(HANG),
    "HTML": lambda _: always(
        Reply(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
    ),
    "cut off": lambda _: always(Reply(body=b'{"data": {"id": "1"}}', cut=5)),
    "not JSON": lambda _: always(Reply(body=b"{oops")),
    "no content type": lambda _: always(Reply(status=500, body=b"{}", headers={})),
    "a list": lambda _: always(reply([])),
    "null": lambda _: always(reply(None, 400)),
    "errors null": lambda _: always(reply({"errors": None}, 400)),
    "odd rate limit": lambda _: always(reply({}, 429, x_rate_limit_reset="soon")),
    "a redirect": lambda _: always(Reply(302, headers={"Location": "https://example.org/"})),
    "the secrets told back": lambda platform: always(echo(platform)),
}

NOBODY = "nobody there"


def everything_told(error: BaseException, caplog: pytest.LogCaptureFixture) -> Iterator[str]:
    yield "".join(traceback.format_exception(error))
    link: BaseException | None = error
    while link is not None:
        yield f"{link!s} {link!r} {link.args!r} {vars(link)!r}"
        assert link.__cause__ is None, "a cause may hold what the text hides"
        link = link.__context__
    for record in caplog.records:
        yield f"{record.getMessage()} {record.args!r}"


def verbs(
    platform: Platform, delivery: Delivery, upload: Upload
) -> dict[str, Callable[[], object]]:
    return {
        "prepare": lambda: platform.prepare(delivery, None),
        "publish": lambda: platform.publish(delivery, upload),
        "find": lambda: platform.find(delivery, upload),
        "whoami": platform.whoami,
    }


@pytest.mark.parametrize("failure", [*FAILURES, NOBODY])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
def test_no_failure_shows_a_secret(
    stage_of: StageOf, platform: str, failure: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stage = stage_of(platform)
    delivery = stage.of_kind("video")
    upload = stage.prepared(stage.adapter(), delivery)
    secrets = SECRETS[platform].values()
    script = FAILURES["closed without an answer" if failure == NOBODY else failure](platform)
    with answering(script) as server:
        nowhere = dict.fromkeys(server.rebase, "http://127.0.0.1:9")
        adapter = stage.adapter(
            rebase=nowhere if failure == NOBODY else server.rebase,
            timeout=timedelta(milliseconds=100),
        )
        for verb, call in verbs(adapter, delivery, upload).items():
            with pytest.raises(Exception) as caught:  # noqa: PT011  # whatever it is, it is searched
                call()
            assert type(caught.value).__name__ == "Unfulfilled", (verb, caught.value)
            for text in everything_told(caught.value, caplog):
                for secret in secrets:
                    assert secret not in text, verb
                    assert quote(secret, safe="") not in text, verb
