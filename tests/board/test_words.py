"""Each word of ours is there in both languages, and none is there that nobody says."""

import re
from pathlib import Path

import pytest

import somos_social.board
import somos_social.preview
from somos_social.board.discretion import is_private
from somos_social.board.standing import Standing
from somos_social.board.views.queue import STATES
from somos_social.board.words import WORDS
from somos_social.core.guests import Role
from somos_social.core.model.delivery import Status
from somos_social.core.model.post import Format, Replies
from somos_social.preview.words import WORDS as OF_LOOKS

FOLDERS = [Path(it.__file__ or "").parent for it in (somos_social.board, somos_social.preview)]
TEMPLATES = [file for folder in FOLDERS for file in sorted(folder.glob("templates/*.html"))]
SOURCES = [file for folder in FOLDERS for file in sorted(folder.rglob("*.py"))]

BY_NAME = {
    *Status,
    *Role,
    *Format,
    *(f"replies-{it}" for it in Replies),
    *(f"state-{it}" for it in STATES),
    *(f"to-{it}" for it in Status),
    *("done-approved", "done-changes-requested", "done-paused", "done-resumed"),
    *("see-more-facebook", "see-more-instagram", "see-more-x"),
    *("calendar", "queue", "handoffs", "log", "pauses"),
}
"""Those that a template puts together."""


def said() -> set[str]:
    """The keys that templates and views name."""
    found = set(BY_NAME)
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?:says|word)\(['\"]([\w-]+)['\"]\)", text))
        found |= set(re.findall(r"fact\(\"([\w-]+)\"", text))
    return found


@pytest.mark.parametrize("key", sorted(said()))
def test_each_word_that_is_said_is_known(key: str) -> None:
    assert key in WORDS or key in OF_LOOKS


@pytest.mark.parametrize("words", [WORDS, OF_LOOKS], ids=["board", "looks"])
def test_each_word_is_written_in_both_languages(words: dict[str, tuple[str, str]]) -> None:
    for key, both in words.items():
        assert len(both) == 2, key
        assert all(word.strip() for word in both), key


def test_no_word_is_there_that_nobody_says() -> None:
    text = "".join(
        file.read_text(encoding="utf-8")
        for file in (*TEMPLATES, *SOURCES)
        if file.name != "words.py"
    )
    spoken = said() | set(re.findall(r"[\"']([\w-]+)[\"']", text))
    prefixes = ("status-", "link-", "to-", "state-", "replies-")
    unsaid = [
        key for key in (*WORDS, *OF_LOOKS) if key not in spoken and not key.startswith(prefixes)
    ]
    assert unsaid == []


def test_each_way_to_stand_has_a_word() -> None:
    words = {*Status, "unapproved", "unconsented", "paused", "blocked"}
    assert words <= WORDS.keys()
    assert Standing.word is not None


@pytest.mark.parametrize(
    "reason",
    [
        "P-014 has not consented to it",
        "P-014 has withdrawn consent: por su familia",
        "the consent of P-014 ended on 2026-12-01",
        "the consent of P-014 is not for x:somoslomismo",
        "P-014 is a minor, and no guardian has signed",
        "the consent of P-014 does not cover the face",
        "paused (what shows P-014): su familia teme",
        "Retiró su consentimiento.",
        "No consintió.",
    ],
)
def test_whatever_the_core_says_of_a_consent_is_private(reason: str) -> None:
    assert is_private(reason)


@pytest.mark.parametrize(
    "reason", [None, "", "UNHCR has not approved it", "paused (everything): x"]
)
def test_what_is_no_word_on_a_consent_is_told(reason: str | None) -> None:
    assert not is_private(reason)
