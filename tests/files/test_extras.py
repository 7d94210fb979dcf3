"""What a post says beside its text and media: where each network takes it, and where it is told."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Trait
from somos_social.core.model.post import Extras, Format, Replies, Tag, Variant
from tests.files.desk import HEAD, POST, Desk, draw, film
from tests.files.test_media_films import shoot

FACEBOOK, INSTAGRAM, X = "facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"

COUNTED = LIMITS["instagram"].extras
assert COUNTED
OWED_NOTHING = """
[post.variant.facebook]
paid_partnership = false
made_with_ai = false
"""
EVERYTHING = """
location = "110774245616525"
collaborators = ["@ana", "luis.pa"]
tags = [{ user = "@ana", x = 0.5, y = 0.25 }]
replies = "mentioned"
paid_partnership = true
made_with_ai = true
"""


def variants(desk: Desk, more: str) -> dict[str, Variant]:
    [post] = desk.read(HEAD + POST + more).posts
    return dict(post.variants)


def complaints(desk: Desk, more: str) -> list[str]:
    return [f"{each.key} {each.problem}" for each in desk.problems(HEAD + POST + more)]


def test_each_network_gets_of_what_is_said_to_all_what_it_takes(desk: Desk) -> None:
    found = variants(desk, EVERYTHING + OWED_NOTHING)
    assert found[FACEBOOK].extras == Extras(location="110774245616525")
    assert found[INSTAGRAM].extras == Extras(
        location="110774245616525",
        collaborators=("ana", "luis.pa"),
        tags=(Tag(user="ana", x=0.5, y=0.25),),
        paid_partnership=True,
        made_with_ai=True,
    )
    assert found[X].extras == Extras(
        replies=Replies.MENTIONED, paid_partnership=True, made_with_ai=True
    )


def test_what_is_said_to_one_network_it_must_take(desk: Desk) -> None:
    said = """
[post.variant.x]
collaborators = ["@ana"]
[post.variant.facebook]
replies = "verified"
"""
    assert complaints(desk, said) == [
        "post[historia-carmen].variant.facebook.replies is not taken by a feed post of Facebook.",
        "post[historia-carmen].variant.x.collaborators is not taken by a feed post of X.",
    ]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ('location = "Panamá"', "is not the number of a Page"),
        ('collaborators = ["ana maría"]', "is not the name of a user"),
        ('replies = "friends"', "is not known"),
        ('tags = [{ user = "@ana", x = 1.5, y = 0 }]', "is not on the picture"),
        ('tags = [{ user = "@ana", x = nan, y = 0 }]', "is not on the picture"),
        ('tags = [{ user = "@ana", asset = 0 }]', "is no place of an asset"),
        ('tags = [{ user = "@ana" }]', "say not where on the picture ana stands"),
        ('tags = [{ user = "@ana", x = 0, y = 0, asset = 2 }]', "an asset that is not there"),
        (f"collaborators = {['@ana'] * (COUNTED.collaborators + 1)}", "it takes 3"),
        (
            "tags = ["
            + ", ".join(["{ user = 'ana', x = 0.1, y = 0.1 }"] * (COUNTED.tags + 1))
            + "]",
            "it takes 20",
        ),
        ('cover = "carmen.jpg"', "stands for no video"),
        ('cover = "nowhere.jpg"', "is not in the media folder"),
        ('thread = [{ text = "Sigue." }]', "thread is not taken by Facebook"),
    ],
)
def test_what_would_be_refused_is_told(desk: Desk, said: str, complaint: str) -> None:
    assert any(complaint in each for each in complaints(desk, said + "\n"))


def test_a_reel_has_a_cover_and_may_stay_out_of_the_feed(desk: Desk) -> None:
    film(desk.media / "carmen.mp4")
    draw(desk.media / "portada.jpg", (540, 960))
    reel = """
[post.variant.instagram]
format = "reel"
assets = ["carmen.mp4"]
cover = "portada.jpg"
share_to_feed = false
"""
    extras = variants(desk, reel)[INSTAGRAM].extras
    assert extras.cover is not None
    assert (extras.cover.path, extras.share_to_feed) == ("portada.jpg", False)


def test_a_thread_goes_on_on_x_with_texts_and_pictures(desk: Desk) -> None:
    draw(desk.media / "mesa.jpg")
    thread = """
[post.variant.x]
thread = [{ text = "Sigue." }, { text = "Y termina.", assets = ["mesa.jpg"] }]
"""
    [post] = desk.read(HEAD + POST + thread).posts
    second, third = post.threads[X]
    assert (second.text, second.format) == ("Sigue.", Format.FEED)
    assert [asset.path for asset in third.assets] == ["mesa.jpg"]
    assert set(post.threads) == {X}


def test_each_link_of_a_thread_is_held_to_the_rules_of_x(desk: Desk) -> None:
    thread = f"""
[post.variant.x]
thread = [{{ text = "{"a" * 281}" }}, {{ text = "" }}]
"""
    told = complaints(desk, thread)
    assert any("variant.x.thread[0] has 281 characters" in each for each in told)
    assert any("variant.x.thread[1] is empty" in each for each in told)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_story_says_that_it_shows_no_text(desk: Desk, platform: str) -> None:
    draw(desk.media / "alta.jpg", (540, 960))
    story = f'[post.variant.{platform}]\nformat = "story"\nassets = ["alta.jpg"]\n'
    found = variants(desk, story)
    [shown] = [it for name, it in found.items() if name.startswith(platform)]
    assert (shown.format, shown.text) == (Format.STORY, "")
    [told] = complaints(desk, story + 'text = "Hola."\n')
    assert told.endswith("text is not shown by a story.")


def test_a_story_wanted_everywhere_is_a_post_on_x(desk: Desk) -> None:
    draw(desk.media / "carmen.jpg", (540, 960))
    found = variants(desk, 'format = "story"\n')
    assert [found[name].format for name in (FACEBOOK, INSTAGRAM, X)] == ["story", "story", "feed"]


def test_nothing_is_said_below_a_story(desk: Desk) -> None:
    draw(desk.media / "carmen.jpg", (540, 960))
    story = 'format = "story"\nfirst_comment = "Más."\n'
    [post] = desk.read(HEAD + POST + story).posts
    assert set(post.comments) == {X}
    said = f'{story}[post.variant.facebook]\nfirst_comment = "Más."\n'
    [told] = complaints(desk, said)
    assert told.endswith("variant.facebook.first_comment is not taken by a story.")


def test_a_video_of_the_feed_of_facebook_says_how_it_was_made_but_not_where(desk: Desk) -> None:
    film(desk.media / "carmen.mp4")
    post = 'location = "1"\nmade_with_ai = true\n[post.variant.facebook]\nassets = ["carmen.mp4"]\n'
    assert variants(desk, f'{post}format = "reel"\n')[FACEBOOK].extras == Extras(
        location="1", made_with_ai=True
    )
    film(desk.media / "carmen.mp4", size=(960, 540))
    assert variants(desk, post)[FACEBOOK].extras == Extras(made_with_ai=True)
    [told] = complaints(desk, f'{post}location = "1"\n')
    assert told.endswith("location is not taken by a feed post with a video of Facebook.")


def test_a_cover_is_a_picture(desk: Desk) -> None:
    film(desk.media / "carmen.mp4")
    reel = """
[post.variant.instagram]
format = "reel"
assets = ["carmen.mp4"]
cover = "carmen.mp4"
"""
    [told] = complaints(desk, reel)
    assert told.endswith("cover is no JPEG.")


def test_a_story_of_facebook_ends_within_a_minute(desk: Desk) -> None:
    film(desk.media / "carmen.mp4", seconds=62)
    story = '[post.variant.facebook]\nformat = "{}"\nassets = ["carmen.mp4"]\n'
    assert not complaints(desk, story.format("reel"))
    [told] = complaints(desk, story.format("story"))
    assert "Facebook takes 3 to 60 s for a video" in told


@pytest.mark.parametrize(
    "extras",
    [
        {"location": "1"},
        {"collaborators": ("ana",)},
        {"tags": (Tag(user="ana", x=0.5, y=0.5),)},
        {"share_to_feed": False},
        {"replies": Replies.VERIFIED},
        {"paid_partnership": True},
        {"made_with_ai": True},
    ],
)
def test_what_is_said_comes_back_and_is_part_of_what_is_approved(extras: dict[str, Any]) -> None:
    plain = Variant(text="Hola.")
    more = Variant(text="Hola.", extras=Extras(**extras))
    assert Variant.from_json(more.to_json()) == more
    assert more.digest != plain.digest


def notices(desk: Desk, more: str, post: str = POST) -> dict[str, tuple[str, ...]]:
    [read] = desk.read(HEAD + post + more).posts
    return dict(read.notices)


UPRIGHT = POST.replace("carmen.jpg", "carmen.mp4")


@pytest.fixture
def upright(desk: Desk, clip: Path) -> Desk:
    shutil.copy(clip, desk.media / "carmen.mp4")
    return desk


def test_what_readers_are_owed_is_told_by_every_network_or_a_problem(desk: Desk) -> None:
    post = "post[historia-carmen]"
    assert complaints(desk, "made_with_ai = true\npaid_partnership = true") == [
        f"{post}.paid_partnership cannot be told by a feed post of Facebook.",
        f"{post}.made_with_ai cannot be told by a feed post of Facebook.",
    ]
    [problem] = desk.problems(HEAD + POST + "made_with_ai = true")
    assert problem.hint == "If it is to go out without, write made_with_ai = false for facebook."
    assert complaints(desk, "made_with_ai = true\npaid_partnership = true" + OWED_NOTHING) == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('format = "story"', {"instagram", "x"}),
        ('format = "story"\nassets = ["carmen.mp4"]', {"facebook", "instagram", "x"}),
        ('assets = ["carmen.mp4"]', {"facebook", "instagram", "x"}),
        ('assets = ["ancho.mp4"]', {"facebook", "instagram", "x"}),
        ('format = "reel"\nassets = ["carmen.mp4"]', {"facebook", "instagram", "x"}),
        ('assets = ["carmen.jpg", "carmen.jpg"]', {"instagram", "x"}),
    ],
)
def test_that_it_was_made_with_ai_is_told_wherever_the_network_can(
    upright: Desk, said: str, told: set[str]
) -> None:
    film(upright.media / "ancho.mp4", size=(640, 360))
    post = POST.replace('assets = ["carmen.jpg"]\n', "") if "assets" in said else POST
    unable = {"facebook", "instagram", "x"} - told
    silent = "".join(f"\n[post.variant.{name}]\nmade_with_ai = false" for name in unable)
    [read] = upright.read(HEAD + post + said + "\nmade_with_ai = true" + silent).posts
    assert {
        channel.partition(":")[0]
        for channel, variant in read.variants.items()
        if variant.extras.made_with_ai
    } == told


def test_a_link_of_a_thread_discloses_what_the_post_does_where_it_shows_something(
    desk: Desk,
) -> None:
    draw(desk.media / "mesa.jpg")
    thread = """
paid_partnership = true
made_with_ai = true
[post.variant.facebook]
paid_partnership = false
made_with_ai = false
[post.variant.x]
thread = [{ text = "Sigue." }, { text = "Y termina.", assets = ["mesa.jpg"] }]
"""
    [post] = desk.read(HEAD + POST + thread).posts
    second, third = post.threads[X]
    assert second.extras == Extras()
    assert third.extras == Extras(paid_partnership=True, made_with_ai=True)


def test_what_is_said_in_general_and_not_shown_by_a_channel_is_told(desk: Desk) -> None:
    said = """
format = "story"
first_comment = "Más."
location = "110774245616525"
tags = [{ user = "@ana", x = 0.5, y = 0.25 }]
replies = "mentioned"
"""
    story = "does not show text, first_comment."
    assert notices(desk, said) == {
        FACEBOOK: ("does not show location, tags, replies, text, first_comment.",),
        INSTAGRAM: ("does not show location, replies, text, first_comment.",),
        X: ("goes out as a feed post: X has no story.", "does not show location, tags."),
    }
    assert notices(desk, 'format = "story"\nfirst_comment = "Más."')[INSTAGRAM] == (story,)
    assert notices(desk, "") == {}


def test_what_is_said_to_a_story_alone_and_not_shown_is_a_problem(desk: Desk) -> None:
    said = """
[post.variant.instagram]
format = "story"
link = "https://www.acnur.org/"
text = ""
"""
    [problem] = desk.problems(HEAD + POST + said)
    assert problem.key.endswith("instagram.link")
    assert "is not shown by a story" in problem.problem


def test_an_upright_video_in_the_feed_of_a_page_is_a_reel_and_takes_what_reels_do(
    upright: Desk,
) -> None:
    place = '[post.variant.facebook]\nlocation = "110774245616525"\n'
    [post] = upright.read(HEAD + UPRIGHT + place).posts
    assert post.variants[FACEBOOK].extras.location == "110774245616525"
    assert post.notices == {FACEBOOK: ("goes out as a reel: Facebook takes an upright video so.",)}
    film(upright.media / "ancho.mp4", size=(640, 360))
    [problem] = upright.problems(HEAD + UPRIGHT.replace("carmen.mp4", "ancho.mp4") + place)
    assert "location is not taken by a feed post with a video" in f"{problem.key} {problem.problem}"


def test_an_upright_video_in_the_feed_of_a_page_is_made_fit_as_a_reel_is(upright: Desk) -> None:
    encoding: dict[str, Any] = {"x264-params": "tff=1"}
    shoot(upright.media / "carmen.mp4", size=(540, 960), **encoding)
    [post] = upright.read(HEAD + UPRIGHT).posts
    fit = post.variants[FACEBOOK].assets[0].fit
    assert fit is not None
    assert fit.without == (Trait.INTERLACED,)


def test_a_carousel_shows_all_with_the_ratio_of_the_first(desk: Desk) -> None:
    draw(desk.media / "mesa.jpg", (200, 200))
    two = '[post.variant.instagram]\nassets = ["carmen.jpg", "mesa.jpg"]\n'
    [post] = desk.read(HEAD + POST + two).posts
    first, second = post.variants[INSTAGRAM].assets
    assert first.fit is None
    assert second.fit is not None
    assert (second.fit.width, second.fit.height) == (200, 250)
    words = "shows all its pictures and videos with the ratio of the first."
    assert post.notices == {INSTAGRAM: (words,)}


def test_a_cover_that_is_made_a_jpeg_is_no_problem(upright: Desk) -> None:
    draw(upright.media / "portada.png", (540, 960))
    reel = '[post.variant.instagram]\nformat = "reel"\ncover = "portada.png"\n'
    [post] = upright.read(HEAD + UPRIGHT + reel).posts
    cover = post.variants[INSTAGRAM].extras.cover
    assert cover is not None
    assert cover.rendition.mime == "image/jpeg"


def test_the_second_that_stands_for_a_video_is_a_picture_for_facebook(upright: Desk) -> None:
    upright.write("cover = 1.5", "media/carmen.mp4.toml")
    for format in ("feed", "reel"):
        [post] = upright.read(HEAD + UPRIGHT + f'format = "{format}"').posts
        cover = post.variants[FACEBOOK].extras.cover
        assert cover is not None
        assert cover.is_still
        assert [post.variants[name].extras.cover for name in (INSTAGRAM, X)] == [None, None]
    [post] = upright.read(HEAD + UPRIGHT + 'format = "story"').posts
    assert post.variants[FACEBOOK].extras.cover is None


def test_a_picture_that_stands_for_a_reel_does_so_on_facebook_too(upright: Desk) -> None:
    draw(upright.media / "portada.jpg", (540, 960))
    upright.write("cover = 1.5", "media/carmen.mp4.toml")
    [post] = upright.read(HEAD + UPRIGHT + 'format = "reel"\ncover = "portada.jpg"').posts
    for name in (FACEBOOK, INSTAGRAM):
        cover = post.variants[name].extras.cover
        assert cover is not None
        assert cover.path == "portada.jpg"
