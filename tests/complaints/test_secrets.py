"""Complaints of tokens that were lost, or that failed post after post: it cannot happen here."""

from datetime import timedelta
from typing import Any

import pytest

from somos_social.core.delivery import Move
from somos_social.core.model.delivery import Status
from somos_social.flows import attention, channel
from tests.complaints.whole import CHANNELS, DUE, FACEBOOK, INSTAGRAM, Whole, X

ALL_OF_FACEBOOK = "* /graph/*/1000001*"
"""Every call about the first account, which is the Page."""
THREE = {"uno": DUE, "dos": DUE + timedelta(minutes=20), "tres": DUE + timedelta(minutes=40)}

refusals = pytest.mark.parametrize(
    "refusal",
    [
        {"kind": "190", "subcode": 463},
        {"kind": "190", "subcode": 459},
        {"kind": "429", "code": 368, "subcode": 1404006},
    ],
    ids=["expired", "checkpoint", "security check"],
)


@refusals
def test_a_refused_token_stops_its_channel_and_fails_no_post(
    whole: Whole, refusal: dict[str, Any]
) -> None:
    """A checkpoint of Meta failed one post after the other instead of flagging the channel.

    https://github.com/gitroomhq/postiz-app/pull/2054
    """
    whole.schedule(THREE)
    whole.fail(ALL_OF_FACEBOOK, times=1000, **refusal)
    for minutes in range(-10, 60, 10):
        whole.reach(DUE + timedelta(minutes=minutes))
    waiting = attention.needs_a_person(whole.app)
    assert {each.channel for each in waiting} == {FACEBOOK}
    assert {each.post for each in waiting} == set(THREE)
    assert {each.status for each in waiting} == {Status.SCHEDULED}
    assert all("somos channel verify" in (each.reason or "") for each in waiting)
    assert [len(whole.public(name)) for name in CHANNELS] == [0, 3, 3]

    whole.box.faults.clear()
    channel.verify(whole.app, FACEBOOK)
    whole.reach(DUE + timedelta(minutes=60))
    assert [len(whole.public(name)) for name in CHANNELS] == [3, 3, 3]
    assert attention.needs_a_person(whole.app) == []


def test_a_refused_token_is_told_once_and_not_for_every_post(whole: Whole) -> None:
    """The same failure of a token was mailed twice.

    https://github.com/gitroomhq/postiz-app/pull/1678
    """
    told: list[Move] = []
    whole.start(heard=told.append)
    whole.schedule(THREE)
    whole.fail(ALL_OF_FACEBOOK, "190", times=1000)
    for minutes in range(-10, 60, 5):
        whole.reach(DUE + timedelta(minutes=minutes))
    assert [move.after.channel for move in told if move.event == "blocked"] == [FACEBOOK]
    posts = [call for call in whole.calls("/1000001/photos") if call["status"] == 400]
    assert len(posts) == 1


def test_nothing_here_ever_writes_a_secret(whole: Whole) -> None:
    """Reconnecting a channel wrote an empty text over its token, which showed 60 days later.

    https://github.com/gitroomhq/postiz-app/pull/1884
    """
    whole.schedule()
    config = whole.folder / "config.toml"
    before = config.read_bytes()
    whole.reach(DUE - timedelta(minutes=9))
    whole.fail(ALL_OF_FACEBOOK, "190", times=3)
    whole.go_on()
    for name in (FACEBOOK, INSTAGRAM, X):
        channel.verify(whole.app, name)
    assert config.read_bytes() == before
    secrets = [value for account in whole.accounts for value in account.secrets.values()]
    for path in whole.folder.iterdir():
        if path.is_file():
            held = path.read_bytes()
            assert [secret for secret in secrets if secret.encode() in held] == []
