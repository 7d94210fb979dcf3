"""Whatever a network answers, an adapter ends in a result or an event, and tells nothing secret."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.core.events import Unanswered
from somos_social.core.model.asset import Kind
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.core.model.post import Format, Variant
from somos_social.hosting.web_folder import WebFolder
from somos_social.platforms import Measures, Platform, Unfulfilled
from somos_social.platforms.facebook import Facebook
from somos_social.platforms.instagram import Instagram
from somos_social.platforms.x import X
from tests.fuzz.cases import fuzzed
from tests.fuzz.networks import ANSWERS, Hostile, hostile
from tests.platforms.servers import ORIGINS
from tests.platforms.stage import PAGE, SECRETS
from tests.samples import NOW, an_asset, standing

PICTURE = b"\xff\xd8\xff" + bytes(2000)
CLIP = bytes(5000)


@pytest.fixture(scope="module")
def media_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("media")
    (root / "a.jpg").write_bytes(PICTURE)
    (root / "a.mp4").write_bytes(CLIP)
    return root


@pytest.fixture(scope="module")
def network() -> Iterator[Hostile]:
    with hostile() as running:
        yield running


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Hostile]:
    """A host that no answer may lead to."""
    with hostile() as running:
        yield running


def adapter(platform: str, network: Hostile, media_root: Path) -> Platform:
    common: dict[str, Any] = {
        "timeout": timedelta(seconds=4),
        "rebase": dict.fromkeys(ORIGINS, network.url),
        "media_root": media_root,
        "now": lambda: NOW + timedelta(minutes=5),
        "progress": lambda *_: None,
        **SECRETS[platform],
    }
    match platform:
        case "facebook":
            return Facebook(page_id=PAGE, **common)
        case "instagram":
            pictures = WebFolder(
                "https://media.example.org/",
                media_root=media_root,
                timeout=timedelta(seconds=4),
                rebase={},
                file="config.toml",
            )
            return Instagram(user_id=PAGE, pictures=pictures, **common)
    return X(handle="somoslomismo", **common)


PHOTO = an_asset(path="a.jpg", size=len(PICTURE))
FILM = an_asset(path="a.mp4", size=len(CLIP), kind=Kind.VIDEO, mime="video/mp4")

VARIANTS = st.sampled_from(
    (
        Variant(text="Hola."),
        Variant(text="Hola.", assets=(PHOTO,)),
        Variant(text="Hola.", assets=(PHOTO, PHOTO)),
        Variant(text="Hola.", assets=(FILM,)),
        Variant(text="", assets=(FILM,)),
        Variant(text="Hola.", format=Format.REEL, assets=(FILM,)),
        Variant(text="Hola.", format=Format.COMMENT),
    )
)

PARTS: dict[str, st.SearchStrategy[dict[str, str]]] = {
    "facebook": st.sampled_from(
        (
            {},
            {"photo:0": "1001"},
            {"video": "1001", "video.session": "7", "video.offsets": "0-9"},
            {"reel": "1001", "reel.address": "https://rupload.facebook.com/up"},
        )
    ),
    "instagram": st.sampled_from(
        (
            {"post": "17890", "post.address": "https://rupload.facebook.com/up"},
            {
                "post": "17890",
                "post.address": "https://rupload.facebook.com/up",
                "post.sent": "yes",
            },
            {"post": "17890", "post.address": "", "child:0": "1", "child:1": "2"},
        )
    ),
    "x": st.sampled_from(({}, {"media:0": "1789"}, {"media:0": "1789", "media:0.complete": "yes"})),
}


def delivery(platform: str, variant: Variant) -> Delivery:
    parent = "1001" if variant.format is Format.COMMENT else None
    channel = f"{platform}:somoslomismo"
    return standing(Status.PUBLISHING, channel=channel, variant=variant, parent_id=parent)


def outcome(call: Any, *args: Any) -> Any:
    """The result, or the event that stands for it."""
    try:
        return call(*args)
    except Unfulfilled as stop:
        return stop.event


def strings_in(value: Any) -> Iterator[str]:
    """All texts that would be stored or shown."""
    match value:
        case str():
            yield value
        case Upload():
            yield from [*value.parts.keys(), *value.parts.values()]
        case None | int():
            pass
        case _:
            for name in getattr(value, "__slots__", ()):
                yield from strings_in(getattr(value, name))


def assert_tellable(told: Any, platform: str) -> None:
    """What is stored and shown is text of a bearable length, without any secret."""
    for text in strings_in(told):
        assert "\0" not in text
        assert len(text.encode()) < 5000
        for secret in SECRETS[platform].values():
            assert secret not in text
    match told:
        case Receipt():
            assert told.remote_id.isprintable()
            assert told.url is None or (type(told.url) is str and told.url.isprintable())
        case Identity():
            assert type(told.name) is str
        case Upload():
            json.dumps(dict(told.parts))
    until = getattr(told, "until", None)
    assert until is None or until - NOW < timedelta(days=8)


SCRIPTS = st.lists(ANSWERS, min_size=1, max_size=4)


def beginning(network: Hostile, elsewhere: Hostile, script: Sequence[bytes]) -> None:
    network.begin(script, elsewhere.url)
    elsewhere.begin([b""])


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
@fuzzed(share=12)
@given(data=st.data(), variant=VARIANTS, script=SCRIPTS)
def test_no_answer_while_preparing_is_more_than_an_event(
    network: Hostile,
    elsewhere: Hostile,
    media_root: Path,
    platform: str,
    data: st.DataObject,
    variant: Variant,
    script: list[bytes],
) -> None:
    parts = data.draw(PARTS[platform])
    beginning(network, elsewhere, script)
    upload = Upload(begun_at=NOW, parts=parts) if data.draw(st.booleans()) else None
    channel = adapter(platform, network, media_root)
    assert_tellable(outcome(channel.prepare, delivery(platform, variant), upload), platform)
    assert elsewhere.asked == []


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
@fuzzed(share=12)
@given(data=st.data(), variant=VARIANTS, script=SCRIPTS)
def test_no_answer_to_the_visible_call_is_more_than_an_event(
    network: Hostile,
    elsewhere: Hostile,
    media_root: Path,
    platform: str,
    data: st.DataObject,
    variant: Variant,
    script: list[bytes],
) -> None:
    upload = Upload(begun_at=NOW, parts=data.draw(PARTS[platform]))
    beginning(network, elsewhere, script)
    channel = adapter(platform, network, media_root)
    told = outcome(channel.publish, delivery(platform, variant), upload)
    assert_tellable(told, platform)
    assert elsewhere.asked == []
    if not is_a_no(network.script[0]):
        assert isinstance(told, Receipt | Unanswered), told


def is_a_no(answer: bytes) -> bool:
    """Whether a network can have meant that nothing was done."""
    first = answer.split(b"\r\n", 1)[0].split(b" ")
    named = b'"error' in answer and first[1:2] < [b"500"]
    return named or first[1:2] in ([b"400"], [b"401"], [b"402"], [b"403"], [b"404"], [b"429"])


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
@fuzzed(share=12)
@given(data=st.data(), variant=VARIANTS, script=SCRIPTS)
def test_no_answer_to_a_look_is_more_than_an_event(
    network: Hostile,
    elsewhere: Hostile,
    media_root: Path,
    platform: str,
    data: st.DataObject,
    variant: Variant,
    script: list[bytes],
) -> None:
    upload = Upload(begun_at=NOW, parts=data.draw(PARTS[platform]))
    beginning(network, elsewhere, script)
    channel = adapter(platform, network, media_root)
    assert_tellable(outcome(channel.find, delivery(platform, variant), upload), platform)
    assert elsewhere.asked == []


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
@fuzzed(share=12)
@given(script=SCRIPTS)
def test_no_answer_about_ourselves_is_more_than_an_event(
    network: Hostile, elsewhere: Hostile, media_root: Path, platform: str, script: list[bytes]
) -> None:
    beginning(network, elsewhere, script)
    channel = adapter(platform, network, media_root)
    assert_tellable(outcome(channel.whoami), platform)
    assert elsewhere.asked == []


@pytest.mark.parametrize("platform", ["facebook", "instagram", "x"])
@pytest.mark.parametrize("remote_id", ["1000001_7", "1789"])
@fuzzed(share=12)
@given(variant=VARIANTS, script=SCRIPTS)
def test_no_answer_about_figures_is_more_than_counts_and_sentences(
    network: Hostile,
    elsewhere: Hostile,
    media_root: Path,
    platform: str,
    remote_id: str,
    variant: Variant,
    script: list[bytes],
) -> None:
    beginning(network, elsewhere, script)
    channel = adapter(platform, network, media_root)
    assert isinstance(channel, Measures)
    seen = Receipt(remote_id=remote_id, url=None)
    told = channel.measure([replace(delivery(platform, variant), receipt=seen)] * 2)
    for sentence in told.untold:
        assert_tellable(Unanswered(sentence), platform)
    for figures in told.figures.values():
        assert all(type(count) is int and 0 <= count < 2**62 for count in figures.values())
    assert told.gone <= {remote_id}
    assert told.until is None or told.until - NOW < timedelta(days=8)
    assert elsewhere.asked == []
