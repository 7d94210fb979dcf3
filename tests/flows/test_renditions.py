"""What is made of media on its way to the networks: made when scheduled or in time, and sent."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social import media, rehearsal
from somos_social.core.model.delivery import Status
from somos_social.rehearsal import VirtualClock
from somos_social.sandbox import Sandbox
from tests.complaints.whole import CHANNELS, DUE, FACEBOOK, INSTAGRAM, Whole, X


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    """With a picture that no network gets as it is: it says where it was taken."""
    folder = tmp_path / "media"
    folder.mkdir()
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (8.0, 59.0, 1.0)})
    Image.new("RGB", (2100, 900), "teal").save(folder / "foto.jpg", exif=exif)
    accounts = rehearsal.accounts_for(CHANNELS)
    clock = VirtualClock(DUE - timedelta(days=1))
    with Sandbox(accounts=accounts, clock=clock, media_root=folder) as box:
        whole = Whole(folder=tmp_path, box=box, accounts=accounts, clock=clock)
        yield whole
        whole.stop()


def renditions(whole: Whole) -> list[Path]:
    return sorted((whole.folder / "media" / media.RENDITIONS).glob("*"))


def received(whole: Whole, channel: str) -> str:
    [post] = whole.public(channel)
    return post.media[0].sha256


def test_what_was_made_when_scheduling_is_what_every_network_receives(whole: Whole) -> None:
    whole.schedule()
    made = {hashlib.sha256(file.read_bytes()).hexdigest() for file in renditions(whole)}
    assert len(made) == 2
    whole.go_on()
    assert {received(whole, channel) for channel in (FACEBOOK, INSTAGRAM, X)} == made
    assert received(whole, FACEBOOK) == received(whole, X) != received(whole, INSTAGRAM)
    assert whole.agrees()


def test_what_is_missing_when_a_post_is_prepared_is_made_then(whole: Whole) -> None:
    whole.schedule()
    before = {file.name: file.read_bytes() for file in renditions(whole)}
    for file in renditions(whole):
        file.unlink()
    whole.go_on()
    assert set(whole.statuses().values()) == {Status.PUBLISHED}
    assert {file.name: file.read_bytes() for file in renditions(whole)} == before


def test_a_file_that_changed_after_it_was_scheduled_goes_out_in_no_form(whole: Whole) -> None:
    whole.schedule()
    Image.new("RGB", (2100, 900), "red").save(whole.folder / "media" / "foto.jpg")
    whole.prepare()
    assert "changed since it was scheduled" in (whole.stands(X).reason or "")
    whole.go_on()
    assert whole.box.posts() == []


def test_scheduling_twice_changes_nothing_and_another_background_is_another_content(
    whole: Whole,
) -> None:
    whole.schedule()
    first = whole.stands(INSTAGRAM)
    whole.schedule()
    assert whole.stands(INSTAGRAM) == first
    (whole.folder / "media" / "foto.jpg.toml").write_text('background = "#000000"')
    whole.schedule()
    assert whole.stands(INSTAGRAM).variant.digest != first.variant.digest
    assert len(whole.events(X)) == 1


def test_a_worker_that_is_told_to_stop_hands_back_what_it_makes(whole: Whole) -> None:
    whole.schedule(channels=(X,))
    for file in renditions(whole):
        file.unlink()
    begun: list[Path] = []

    def is_making() -> bool:
        begun.extend(file for file in renditions(whole) if ".part" in file.name)
        return bool(begun)

    whole.start(stopping=is_making)
    whole.reach(DUE - timedelta(minutes=9))
    assert begun
    assert whole.stands(X).status is Status.SCHEDULED
    assert renditions(whole) == []
    whole.start()
    whole.go_on()
    assert len(whole.public(X)) == 1
