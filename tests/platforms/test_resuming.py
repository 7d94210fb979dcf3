"""What lies at a network outlasts the program: an upload goes on where it was cut or killed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import requests

from somos_social.core.events import NotReady, Unanswered
from somos_social.core.model.delivery import Delivery, Upload
from somos_social.platforms import HandBack, Unfulfilled
from somos_social.sandbox import Fault
from tests.platforms.stage import Stage, event_of

LARGE = [
    ("facebook", "large video", "*/videos"),
    ("facebook", "large reel", "*/rupload/*"),
    ("instagram", "large reel", "*/rupload/*"),
    ("x", "large video", "*/append"),
]


@dataclass
class Saved:
    """What the program would have written down, until it is killed."""

    uploads: list[Upload] = field(default_factory=list)

    def __call__(self, _delivery: Delivery, upload: Upload) -> None:
        self.uploads.append(upload)


def calls(stage: Stage, path: str) -> list[dict[str, Any]]:
    told = requests.get(f"{stage.box.url}/_sandbox/requests", timeout=10).json()
    return [call for call in told if path in call["path"]]


@pytest.fixture(params=LARGE, ids=[f"{platform} {kind}" for platform, kind, _ in LARGE])
def large(
    request: pytest.FixtureRequest, stage_of: Callable[[str], Stage]
) -> tuple[Stage, str, str]:
    platform, kind, path = request.param
    return stage_of(platform), kind, path.strip("*/")


def test_a_program_that_is_told_to_end_goes_on_where_it_stopped(
    large: tuple[Stage, str, str],
) -> None:
    stage, kind, _ = large
    saved, delivery = Saved(), stage.of_kind(kind)
    size = delivery.variant.assets[0].size

    def until_half(_name: str, sent: int, _total: int) -> None:
        if sent > size / 2:
            raise HandBack

    first = stage.adapter(saved=saved, progress=until_half)
    with pytest.raises(HandBack):
        first.prepare(delivery, None)
    begun = saved.uploads[-1]
    stage.progress.clear()
    upload = stage.prepared(stage.adapter(), delivery, _arrived(stage, delivery, begun))
    assert {upload.parts[name] for name in _ids(begun)} == {begun.parts[it] for it in _ids(begun)}
    stage.goes_out(stage.adapter(), stage.asked(delivery), upload)
    stage.clock.passes(minutes=1)
    assert stage.public()[-1].media[0].sha256 == delivery.variant.assets[0].sha256


def _arrived(stage: Stage, delivery: Delivery, upload: Upload) -> Upload | None:
    """Once the network has taken in what was cut off: until then it may name another offset."""
    event: Any = None
    for _ in range(5):
        try:
            return stage.adapter().prepare(delivery, event.upload if event else upload)
        except Unfulfilled as stop:
            event = stop.event
        if isinstance(event, NotReady):
            return event.upload
    raise AssertionError(event)


def _ids(upload: Upload) -> list[str]:
    return [name for name in upload.parts if name in ("video", "reel", "post", "media:0")]


def test_an_upload_that_gets_further_each_time_is_never_given_up(
    large: tuple[Stage, str, str],
) -> None:
    stage, kind, path = large
    delivery, reached = stage.of_kind(kind), []
    upload: Upload | None = None
    stage.box.faults.seed(3, 0.25, ("close", "done-then-close"))
    for _ in range(200):
        try:
            upload = stage.adapter().prepare(delivery, upload)
            break
        except Unfulfilled as stop:
            event: Any = stop.event
            assert isinstance(event, Unanswered | NotReady)
            upload = event.upload or upload
            if isinstance(event, NotReady):
                stage.clock.now = event.until
        assert upload is not None
        reached.append(upload.reach)
    stage.box.faults.clear()
    assert upload is not None
    assert reached == sorted(reached), "it never lost what was there"
    assert calls(stage, path)


@pytest.mark.parametrize("platform", ["x"])
def test_a_lost_answer_to_the_last_word_sends_no_byte_again(
    stage_of: Callable[[str], Stage], platform: str
) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind("large video")
    stage.box.faults.add(Fault(match="POST */finalize", kind="done-then-close"))
    event = event_of(stage.adapter().prepare, delivery, None)
    assert isinstance(event, Unanswered)
    before = len(calls(stage, "/append"))
    stage.clock.passes(seconds=6)
    upload = stage.prepared(stage.adapter(), delivery, event.upload)
    assert len(calls(stage, "/append")) == before
    stage.goes_out(stage.adapter(), stage.asked(delivery), upload)
    assert len(stage.public()) == 1


class Killed(BaseException):
    """The program is no more; not an Exception, so that nothing takes it for a failure."""


@pytest.mark.parametrize(
    ("platform", "kind"),
    [
        ("facebook", "pictures"),
        ("facebook", "video"),
        ("facebook", "reel with everything"),
        ("facebook", "video story"),
        ("instagram", "carousel with everything"),
        ("instagram", "reel with everything"),
        ("instagram", "video story"),
        ("x", "pictures"),
        ("x", "video"),
    ],
)
def test_whoever_is_killed_after_any_part_was_kept_leaves_what_can_be_gone_on_with(
    stage_of: Callable[[str], Stage], platform: str, kind: str
) -> None:
    stage, whole = stage_of(platform), Saved()
    delivery = stage.of_kind(kind)
    stage.prepared(stage.adapter(saved=whole), delivery)
    for number in range(1, len(whole.uploads) + 1):
        saved = Saved()

        def dies(of: Delivery, upload: Upload, number: int = number, saved: Saved = saved) -> None:
            saved(of, upload)
            if len(saved.uploads) == number:
                raise Killed

        with suppress(Killed):
            stage.prepared(stage.adapter(saved=dies), delivery)
        upload = stage.prepared(stage.adapter(), delivery, saved.uploads[-1])
        # X refuses to say the same twice.
        variant = replace(delivery.variant, text=delivery.variant.text and f"Historia {number}")
        told = stage.asked(replace(delivery, variant=variant))
        stage.goes_out(stage.adapter(), told, upload)
    stage.clock.passes(minutes=1)
    shown = [[medium.sha256 for medium in post.media] for post in stage.public()[-number:]]
    assert shown == [[it.sha256 for it in delivery.variant.assets]] * number
