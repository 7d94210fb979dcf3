"""The address that a browser shows leads to the id by which the network knows a post."""

from collections.abc import Callable

import pytest

from somos_social.core.events import Unread
from somos_social.platforms.facebook_addresses import is_same_address, number_in
from somos_social.sandbox import Fault
from tests.platforms.stage import PAGE, Stage, event_of

StageOf = Callable[[str], Stage]


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("facebook", "text"), ("facebook", "reel"), ("instagram", "picture"), ("x", "text")],
)
def test_a_post_is_recognised_by_the_address_of_the_network_itself(
    stage_of: StageOf, platform: str, kind: str
) -> None:
    stage = stage_of(platform)
    receipt, _, asked = stage.published(stage.adapter(), stage.of_kind(kind))
    assert receipt.url is not None
    for seen in (receipt.url, f"{receipt.url}?igsh=abc", receipt.url.rstrip("/") + "/"):
        found = stage.adapter().recognise(asked, seen)
        assert found is not None
        assert found.remote_id == receipt.remote_id


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
def test_an_address_of_nothing_is_no_post(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    _, _, asked = stage.published(
        stage.adapter(), stage.of_kind("picture" if platform == "instagram" else "text")
    )
    for seen in ("https://www.example.org/p/AbC/", "https://www.instagram.com/", "https://x.com/a"):
        assert stage.adapter().recognise(asked, seen) is None


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_where_nobody_can_look_that_is_said(stage_of: StageOf, platform: str) -> None:
    stage = stage_of(platform)
    delivery = stage.of_kind("picture")
    stage.box.faults.add(Fault(match="GET *", kind="500", times=9))
    event = event_of(stage.adapter().recognise, delivery, "https://www.instagram.com/p/AbC/")
    assert isinstance(event, Unread)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("https://www.facebook.com/1_22", "1_22"),
        ("https://www.facebook.com/reel/33/?s=1", "33"),
        ("https://www.facebook.com/somoslomismo/videos/44/", "44"),
        ("https://www.facebook.com/somoslomismo/videos/un-titulo/44/", None),
        ("https://m.facebook.com/somoslomismo/posts/55", f"{PAGE}_55"),
        ("https://www.facebook.com/somoslomismo/posts/un-titulo/55/", f"{PAGE}_55"),
        ("https://www.facebook.com/permalink.php?story_fbid=66&id=77", "77_66"),
        ("https://www.facebook.com/permalink.php?story_fbid=pfbid0aB&id=77", None),
        ("https://www.facebook.com/somoslomismo/posts/pfbid02abC", None),
        ("https://www.facebook.com/somoslomismo", None),
    ],
)
def test_a_number_in_an_address_of_facebook_is_the_posts(address: str, number: str | None) -> None:
    assert number_in(address, PAGE) == number


def test_facebooks_hosts_lead_to_the_same_post() -> None:
    one = "https://www.facebook.com/somoslomismo/posts/pfbid02abC"
    assert is_same_address(one, "https://m.facebook.com/somoslomismo/posts/pfbid02abC/?a=1")
    assert not is_same_address(one, "https://www.facebook.com/somoslomismo/posts/pfbid02abD")
    story = "https://www.facebook.com/permalink.php?story_fbid=pfbid0aB&id=77"
    assert is_same_address(story, f"{story}&ref=share")
    assert not is_same_address(story, story.replace("0aB", "0aC"))
    assert not is_same_address("", "")
