"""A post comes back from X changed: links shortened, escaped, with a link to its media added."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format, Variant
from somos_social.platforms.x_posts import is_ours

NOW = datetime(2026, 12, 1, 14, tzinfo=UTC)


def delivery(text: str, **changed: Any) -> Delivery:
    variant = Variant(text=text, format=changed.pop("format", Format.FEED))
    return Delivery(
        key="somos/historia@x:somoslomismo",
        campaign="somos",
        post="historia",
        channel="x:somoslomismo",
        variant=variant,
        due_at=NOW,
        grace=timedelta(hours=2),
        run_at=NOW,
        expires_at=NOW,
        asked_at=NOW,
        **changed,
    )


def post(text: str, *links: tuple[str, str], **changed: Any) -> dict[str, Any]:
    urls = [{"url": short, "expanded_url": real} for short, real in links]
    made = "2026-12-01T14:00:03.000Z"
    return {"id": "9", "text": text, "created_at": made, "entities": {"urls": urls}, **changed}


AA, BB = "https://t.co/aaaaaaaaaa", "https://t.co/bbbbbbbbbb"
PHOTO = "https://x.com/somoslomismo/status/9/photo/1"

SAME = [
    ("Hola", post("Hola")),
    ("Uno & dos <tres>", post("Uno &amp; dos &lt;tres&gt;")),
    ("Literal &amp;", post("Literal &amp;amp;")),
    ("Ve https://unhcr.org/pa", post(f"Ve {AA}", (AA, "https://unhcr.org/pa"))),
    ("Ve https://unhcr.org/?a=1&copy=2", post(f"Ve {AA}", (AA, "https://unhcr.org/?a=1&copy=2"))),
    ("Ve unhcr.org.", post(f"Ve {AA}.", (AA, "http://unhcr.org"))),
    ("Ve https://unhcr.org", post(f"Ve {AA}", (AA, "https://www.unhcr.org/"))),
    ("Con foto", post(f"Con foto {AA}", (AA, PHOTO))),
    ("Con https://a.pa y foto", post(f"Con {AA} y foto {BB}", (AA, "https://a.pa"), (BB, PHOTO))),
    ("", post(AA, (AA, PHOTO), attachments={})),
    ("Ni\u006e\u0303ez", post("Ni\u00f1ez")),
    ("Uno\r\n\r\ndos  tres", post("Uno\n\ndos tres")),
    ("Largo de verdad", post("Largo…", note_tweet={"text": "Largo de verdad"})),
]


@pytest.mark.parametrize(("sent", "read"), SAME)
def test_a_text_is_known_again_however_it_comes_back(sent: str, read: dict[str, Any]) -> None:
    assert is_ours(read, delivery(sent), []) is (True if sent else None)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("Hola", post("Hola a todos")),
        ("Ve https://unhcr.org/a", post(f"Ve {AA}", (AA, "https://unhcr.org/b"))),
        ("Hola", post("Hola", created_at="2026-12-01T12:54:59.000Z")),
        ("Hola", post("hola")),
    ],
)
def test_another_text_or_an_older_post_is_not_ours(sent: str, read: dict[str, Any]) -> None:
    assert is_ours(read, delivery(sent), []) is False


def with_media(*keys: str) -> dict[str, Any]:
    return post("Otro texto", attachments={"media_keys": list(keys)})


@pytest.mark.parametrize("prefix", ["3", "7", "13", "16"])
def test_our_media_prove_a_post_whatever_its_text(prefix: str) -> None:
    assert is_ours(with_media("3_1", f"{prefix}_42"), delivery("Hola"), ["42"]) is True


def test_other_media_disprove_a_post_with_the_same_text() -> None:
    read = post("Hola", attachments={"media_keys": ["3_43"]})
    assert is_ours(read, delivery("Hola"), ["42"]) is False
    assert is_ours(read, delivery("Hola"), []) is True


def test_media_that_are_not_shown_leave_it_to_the_text() -> None:
    assert is_ours(post("Hola"), delivery("Hola"), ["42"]) is True


@pytest.mark.parametrize(
    ("referenced", "ours"),
    [
        ([{"type": "replied_to", "id": "5"}], True),
        ([{"type": "replied_to", "id": "6"}], False),
        ([{"type": "quoted", "id": "5"}], False),
        ([], False),
        (None, True),
    ],
)
def test_a_reply_is_ours_only_below_its_parent(referenced: Any, ours: bool) -> None:
    read = post("Hola", referenced_tweets=referenced)
    reply = delivery("Hola", format=Format.COMMENT, parent_id="5")
    assert is_ours(read, reply, []) is ours
