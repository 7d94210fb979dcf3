"""Complaints of posts at a wrong hour, and of right dates refused: it cannot happen here."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from somos_social import rehearsal
from somos_social.core.model.delivery import Status
from somos_social.flows import campaign
from tests.complaints.whole import CHANNELS, DUE, Whole, X

ROOT = Path(__file__).resolve().parents[2]


def test_a_weekly_post_keeps_its_local_hour_when_the_clocks_change(whole: Whole) -> None:
    """Recurring posts drifted by an hour when the clocks changed.

    https://github.com/gitroomhq/postiz-app/issues/1145
    """
    whole.schedule(
        {"antes": "2027-03-28T09:00:00", "despues": "2027-04-11T09:00:00"},
        channels=(X,),
        timezone="America/Santiago",
    )
    whole.go_on()
    assert [post.created_at for post in whole.public(X)] == [
        datetime(2027, 3, 28, 12, tzinfo=UTC),
        datetime(2027, 4, 11, 13, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "UTC", "PYTHONTZPATH": ""},
        {"TZ": "Asia/Kolkata"},
        {"TZ": ":/no/such/zone", "PYTHONTZPATH": ""},
    ],
    ids=["no time zones on the machine", "India", "a broken zone"],
)
def test_the_hour_does_not_depend_on_the_machine(
    whole: Whole, surroundings: dict[str, str]
) -> None:
    """On slim images the zone resolved wrongly, and posts went out an hour early.

    https://github.com/gitroomhq/postiz-app/issues/1954
    """
    whole.start()
    path = whole.write({"uno": "2060-04-11T09:00:00"}, timezone="America/Santiago")
    known = {**os.environ, **rehearsal.environment_for(whole.accounts), "PYTHONPATH": str(ROOT)}

    def somos(*words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "somos_social", *words, "--json"],
            cwd=whole.folder,
            env={**known, **surroundings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    somos("schedule", str(path))
    assert {each["due_at"] for each in somos("queue", "list")} == {"2060-04-11T13:00:00Z"}


def test_saving_again_moves_no_post(whole: Whole) -> None:
    """Each saving moved the post by the offset of India.

    https://github.com/coollabsio/shoutrrr/issues/61
    """
    local = {"uno": "2027-01-12T09:00:00"}
    whole.schedule(local, timezone="Asia/Kolkata")
    for _ in range(3):
        made = campaign.schedule(whole.app, [whole.write(local, timezone="Asia/Kolkata")])
        assert {line.planned.change.value for line in made.lines} == {"untouched"}
    due = {each.due_at for each in whole.app.store.listed()}
    assert due == {datetime(2027, 1, 12, 3, 30, tzinfo=UTC)}


def test_a_post_whose_hour_passed_takes_a_new_date_and_goes_out_on_it(whole: Whole) -> None:
    """A valid new date was refused because the old one had passed; another was ignored.

    https://github.com/inovector/mixpost/issues/200
    """
    whole.schedule()
    whole.clock.forward_to(DUE + timedelta(hours=3))
    whole.go_on()
    assert set(whole.statuses().values()) == {Status.MISSED}

    later = DUE + timedelta(days=1, minutes=7)
    whole.schedule({"uno": later})
    assert {each.due_at for each in whole.app.store.listed()} == {later}
    whole.go_on()
    for channel in CHANNELS:
        assert whole.stands(channel).status is Status.PUBLISHED
        assert [post.created_at for post in whole.public(channel)] == [later]


def test_a_post_that_waits_takes_an_earlier_and_a_later_date(whole: Whole) -> None:
    """The date sent was ignored, and the old one kept.

    https://github.com/inovector/mixpost/issues/200
    """
    whole.schedule()
    for moved in (DUE + timedelta(days=3), DUE - timedelta(hours=5)):
        whole.schedule({"uno": moved})
        assert {each.due_at for each in whole.app.store.listed()} == {moved}
    whole.go_on()
    assert {post.created_at for post in whole.box.posts()} == {DUE - timedelta(hours=5)}
