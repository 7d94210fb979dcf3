"""Files, the store and the plan between them, all real."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social import settings
from somos_social.core.model.delivery import Delivery
from somos_social.errors import InvalidFiles
from somos_social.flows.campaign import Plan, plan, schedule
from somos_social.wiring import open_app
from tests.hosting.web import serving

HEAD = """
name = "Prueba"
timezone = "America/Panama"
channels = ["facebook:p", "instagram:p"]
"""
POST = """
[[post]]
key = "hola"
due = 2026-12-01T09:00:00
text = "Hola"
assets = ["a.jpg"]
"""
CONFIG = """
[store]
url = "sqlite:///somos.db"
[media]
root = "."
{public_url}
[[channel]]
name = "facebook:p"
page_id = "1"
token = "env:T"
[[channel]]
name = "instagram:p"
user_id = "2"
token = "env:T"
"""


class Desk:
    """A folder with a config, media and one campaign file, and the program on it."""

    def __init__(self, folder: Path, public_url: str) -> None:
        self.folder = folder
        Image.new("RGB", (500, 500), "teal").save(folder / "a.jpg")
        config = folder / "config.toml"
        config.write_text(CONFIG.format(public_url=public_url), encoding="utf-8")
        now = datetime(2026, 11, 1, tzinfo=UTC)
        self.app = open_app(settings.load(config, {}), actor="tests", now=lambda: now)

    def write(self, text: str) -> Path:
        path = self.folder / "prueba.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def schedule(self, text: str, *, allow_empty: bool = False) -> Plan:
        return schedule(self.app, [self.write(text)], allow_empty=allow_empty)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with serving(tmp_path) as address:
        yield Desk(tmp_path, f'public_url = "{address}"')


def claimed(desk: Desk) -> list[Delivery]:
    """What a daemon would take at the very hour."""
    due = max(delivery.due_at for delivery in desk.app.store.listed())
    return desk.app.store.claim(due, limit=4, lease=timedelta(minutes=5), actor="daemon")


def changes(made: Plan) -> dict[str, str]:
    return {line.planned.key: line.planned.change.value for line in made.lines}


def test_scheduling_twice_changes_nothing(desk: Desk) -> None:
    first = desk.schedule(HEAD + POST)
    assert set(changes(first).values()) == {"add"}
    log = desk.app.store.log()
    assert set(changes(desk.schedule(HEAD + POST)).values()) == {"untouched"}
    assert desk.app.store.log() == log


def test_an_edit_reaches_what_is_not_public_yet(desk: Desk) -> None:
    desk.schedule(HEAD + POST)
    desk.schedule(HEAD + POST.replace('"Hola"', '"Hola, Panamá"'))
    texts = {d.variant.text for d in desk.app.store.listed()}
    assert texts == {"Hola, Panamá"}


def test_a_post_taken_out_of_the_file_is_withdrawn(desk: Desk) -> None:
    desk.schedule(HEAD + POST + POST.replace('"hola"', '"otra"').replace("T09", "T10"))
    desk.schedule(HEAD + POST)
    assert desk.app.store.counts() == {"scheduled": 2, "cancelled": 2}


def test_an_empty_file_withdraws_nothing_unless_told_so(desk: Desk) -> None:
    desk.schedule(HEAD + POST)
    with pytest.raises(InvalidFiles, match="has no posts"):
        desk.schedule(HEAD)
    assert desk.app.store.counts() == {"scheduled": 2}
    desk.schedule(HEAD, allow_empty=True)
    assert desk.app.store.counts() == {"cancelled": 2}


def test_one_bad_file_of_two_leaves_the_database_as_it_was(desk: Desk) -> None:
    good, bad = desk.write(HEAD + POST), desk.folder / "mala.toml"
    bad.write_text(HEAD + POST.replace("a.jpg", "falta.jpg"), encoding="utf-8")
    with pytest.raises(InvalidFiles, match=r"falta\.jpg"):
        schedule(desk.app, [good, bad])
    assert desk.app.store.counts() == {}


def test_what_waits_for_an_approval_is_scheduled_and_not_claimed(desk: Desk) -> None:
    asked = HEAD + 'approvals = ["UNHCR", "IOM"]\n' + POST
    lines = plan(desk.app, [desk.write(asked)]).lines
    assert lines[0].blocked_by == ("UNHCR has not approved it", "IOM has not approved it")
    desk.schedule(asked)
    assert desk.app.store.counts() == {"scheduled": 2}
    assert claimed(desk) == []


def test_a_picture_that_shows_a_person_without_consent_waits(desk: Desk) -> None:
    (desk.folder / "a.jpg.toml").write_text('alt = "Carmen"\npeople = ["P-014"]\n')
    made = desk.schedule(HEAD + POST)
    assert made.lines[0].blocked_by == ("P-014 has not consented to it",)
    assert claimed(desk) == []


def test_a_picture_that_instagram_cannot_fetch_is_told_before_scheduling(tmp_path: Path) -> None:
    desk = Desk(tmp_path, public_url="")
    with pytest.raises(InvalidFiles, match="Instagram fetches pictures itself"):
        desk.schedule(HEAD + POST)


def test_a_picture_is_fetched_as_instagram_will_before_it_is_scheduled(desk: Desk) -> None:
    web = desk.folder / "web"
    web.mkdir()
    desk.write(HEAD + POST)
    with serving(web) as address:
        desk = Desk(desk.folder, f'public_url = "{address}"')
        with pytest.raises(InvalidFiles, match="answered with 404") as caught:
            desk.schedule(HEAD + POST)
    assert [problem.key for problem in caught.value.problems] == ["media.public_url"]
    assert desk.app.store.listed() == []
    on_facebook = HEAD.replace(', "instagram:p"', "") + POST
    assert len(desk.schedule(on_facebook).lines) == 1, "Facebook fetches nothing"


def test_what_was_made_fit_must_be_there_for_instagram_too(desk: Desk) -> None:
    web = desk.folder / "web"
    web.mkdir()
    Image.new("RGB", (500, 500), "navy").save(desk.folder / "b.png")
    (web / "a.jpg").write_bytes((desk.folder / "a.jpg").read_bytes())
    with serving(web) as address:
        desk = Desk(desk.folder, f'public_url = "{address}"')
        with pytest.raises(InvalidFiles, match=r"\.fitted/.* answered with 404"):
            desk.schedule(HEAD + POST.replace('["a.jpg"]', '["a.jpg", "b.png"]'))


def test_a_change_that_comes_after_its_hour_asks_for_a_new_time(desk: Desk) -> None:
    desk.schedule(HEAD + POST)
    later = datetime(2026, 12, 3, tzinfo=UTC)
    app = open_app(settings.load(desk.folder / "config.toml", {}), actor="t", now=lambda: later)
    with pytest.raises(InvalidFiles, match="its due time is past"):
        schedule(app, [desk.write(HEAD + POST.replace('"Hola"', '"Tarde"'))])


def test_a_file_that_was_renamed_does_not_say_everything_again(desk: Desk) -> None:
    before = desk.write(HEAD + POST)
    schedule(desk.app, [before])
    after = before.with_name("renombrada.toml")
    before.rename(after)
    with pytest.raises(InvalidFiles) as told:
        schedule(desk.app, [after])
    problems = [it.problem for it in told.value.problems]
    assert problems == ["The campaign prueba says the very same there at that time."] * 2
    assert "call it prueba.toml again" in told.value.problems[0].hint
    after.write_text((HEAD + POST).replace("T09:00", "T10:00"), encoding="utf-8")
    assert len(schedule(desk.app, [after]).lines) == 2
