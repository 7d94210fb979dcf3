"""No text of a file, a network or a name acts on a terminal, and JSON stays JSON."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from somos_social.cli import deliveries, entries, rendering
from somos_social.core.model.delivery import Receipt, Status
from somos_social.core.model.handoff import Ask, Caption, Handoff
from somos_social.core.model.post import Variant
from somos_social.errors import Finding, Problem
from somos_social.store import Store
from tests.cli.stage import ROOT, Answer, Stage
from tests.fuzz.cases import HOSTILE, LONE, fuzzed, texts
from tests.fuzz.networks import hostile
from tests.samples import NOW, a_delivery, an_asset, standing

TERMINAL = {"TTY_COMPATIBLE": "1", "COLUMNS": "100", "TERM": "xterm-256color", "NO_COLOR": ""}
PIPE = {"NO_COLOR": "", "TTY_COMPATIBLE": "0"}

STYLE = re.compile(r"\x1b\[[0-9;]*m")
"""The only thing that we ask of a terminal: colours and weights."""

JOINERS = "\u200c\u200d"


def assert_harmless(shown: str, *, styled: bool = False) -> None:
    plain = STYLE.sub("", shown) if styled else shown
    for character in plain:
        kind = unicodedata.category(character)
        if character in "\n\t" or character in JOINERS:
            continue
        assert kind not in ("Cc", "Cs", "Zl", "Zp"), ascii(character)
        assert not 0x2028 <= ord(character) <= 0x202E, ascii(character)
        assert not 0x2060 <= ord(character) <= 0x206F, ascii(character)
        assert character not in "\u061c\u200b\u200e\u200f\ufeff", ascii(character)


@fuzzed()
@given(st.lists(texts(lone=True), min_size=9, max_size=9))
def test_nothing_acts_however_it_is_shown(found: list[str]) -> None:
    a, b, c, d, e, f, g, h, i = found
    shown = _shown(a, b, c, d, e, f, g, h, i)
    assert_harmless(shown, styled=True)


def _shown(*found: str) -> str:
    """All that the program has for showing values, with these values in it."""
    a, b, c, d, e, f, g, h, i = found
    failed = standing(
        Status.FAILED, reason=a, variant=Variant(text=b.encode(errors="replace").decode())
    )
    public = standing(Status.PUBLISHED, receipt=Receipt(remote_id=c, url=d or None))
    written = {
        "at": NOW,
        "delivery": failed.key,
        "event": e,
        "to": f,
        "reason": g,
        "actor": h,
        "url": i,
    }

    def show() -> None:
        rendering.say(*found)
        rendering.note(*found)
        rendering.heading(a, b)
        rendering.facts([(c, d), ("", e)])
        rendering.table([a, b, c], [[d, e, f], [g, h, i]])
        remarked = Finding(file=a, key=b, problem=c, hint=d, rule=e, source=f, reason=g)
        rendering.problems([Problem(file=a, key=b, problem=c, hint=d), remarked])
        rendering.warnings([remarked])
        rendering.accepted([remarked])
        deliveries.table([failed, public])
        entries.table([written])
        rendering.say(entries.line(written))

    return _output(show)


def _output(show: Any) -> str:
    import io
    from contextlib import redirect_stderr, redirect_stdout

    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(out):
        for name, value in TERMINAL.items():
            patch.setenv(name, value)
        show()
    return out.getvalue()


@fuzzed()
@given(
    st.recursive(
        texts(lone=True),
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(texts(lone=True), inner)),
    )
)
def test_json_says_exactly_what_was_said_and_acts_on_nothing(value: Any) -> None:
    for indent in (None, 2):
        written = rendering.as_json(value, indent)
        assert_harmless(written)
        assert json.loads(written) == value


CONFIG = """\
[store]
url = "sqlite:///somos.db"
[media]
root = "media"
public_url = "https://media.example.org/"
[policy]
timeout = "20s"
[[channel]]
name = "x:somoslomismo"
api_key = "env:KEY"
api_secret = "env:KEY"
access_token = "env:KEY"
access_token_secret = "env:KEY"
"""

TEXTS = [text for text in HOSTILE if text.strip()]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    environ: dict[str, str | None] = {"KEY": "key-0123456789", "SOMOS_CONFIG": None}
    stage = Stage(folder=tmp_path, environ=environ)
    stage.write("config.toml", CONFIG)
    (tmp_path / "media").mkdir()
    yield stage
    stage.stop()


@pytest.fixture
def told(stage: Stage) -> Stage:
    """A database in which every text that people or networks give is hostile."""
    store = Store(f"sqlite:///{stage.folder / 'somos.db'}")
    known = []
    for number, text in enumerate(TEXTS):
        said = Variant(text=text, link=text, assets=(an_asset(path=text, alt=text),))
        known += [
            a_delivery(f"waits-{number}", variant=said, reason=text),
            standing(Status.FAILED, f"failed-{number}", variant=said, reason=text),
            standing(Status.UNCONFIRMED, f"unclear-{number}", variant=said, reason=text),
            standing(
                Status.PUBLISHED,
                f"public-{number}",
                variant=said,
                receipt=Receipt(remote_id=text, url=text),
            ),
        ]
    handoffs = [
        Handoff(
            key=f"ana-{number}",
            campaign="somos-lo-mismo",
            influencer=text,
            contact=text,
            draft_due=None,
            live_due=NOW,
            brief=text,
            review=True,
            ask=Ask(campaign=text, hashtag=text, captions={text: Caption(text=text)}, rights=text),
        )
        for number, text in enumerate(TEXTS)
    ]
    store.schedule([replace(each, key=_key(each.post)) for each in known], (), handoffs,
                   now=NOW, actor="\x1b]0;actor\x07\u202e")  # fmt: skip
    store.close()
    return stage


def _key(post: str) -> str:
    return f"somos-lo-mismo/{post}@x:somoslomismo"


VIEWS = [
    ("queue", "list"),
    ("status",),
    ("log",),
    ("handoff", "list"),
    ("handoff", "show", "ana-0"),
    ("handoff", "show", "\x1b]0;no such key\x07\u202e"),
    *[("queue", "show", _key(f"{kind}-0")) for kind in ("waits", "failed", "public")],
    ("queue", "show", "\x1b]0;no such key\x07\u202e"),
    ("queue", "list", "--status", "\x1b[2J\u202e"),
    ("queue", "list", "--\x1b[2J"),
    ("log", "--since", "\x9b2J\u2066"),
    ("\u202e\x07",),
]


@pytest.mark.parametrize("view", VIEWS, ids=ascii)
@pytest.mark.parametrize("where", [TERMINAL, PIPE], ids=["terminal", "pipe"])
def test_no_view_lets_a_text_act(
    told: Stage, view: tuple[str, ...], where: Mapping[str, str]
) -> None:
    answer = told.somos(*view, **where)
    assert answer.code in (0, 2, 4, 6)
    assert_harmless(answer.out, styled=where is TERMINAL)
    assert_harmless(answer.err, styled=where is TERMINAL)


@pytest.mark.parametrize("view", VIEWS, ids=ascii)
def test_every_view_is_harmless_json_when_it_is_asked_for(
    told: Stage, view: tuple[str, ...]
) -> None:
    answer = told.somos(*view, "--json")
    assert_harmless(answer.out)
    assert answer.json is not None


@pytest.mark.parametrize("number", range(len(TEXTS)), ids=lambda number: ascii(TEXTS[number])[:30])
def test_every_text_is_shown_whole_and_harmless(told: Stage, number: int) -> None:
    key = _key(f"failed-{number}")
    assert_harmless(told.somos("queue", "show", key, **TERMINAL).out, styled=True)
    assert told.somos("queue", "show", key, "--json").json["variant"]["text"] == TEXTS[number]


def test_emoji_of_several_parts_and_markup_are_shown_as_they_were_written(told: Stage) -> None:
    out = told.somos("queue", "list", **PIPE).out
    assert "👨\u200d👩\u200d👧" in out
    assert "[red]no[/red] [link=https://evil.example]x[/link] :smiley:" in out


def _on_a_real_terminal(stage: Stage, *words: str, until: str | None = None) -> str:
    """What a terminal receives; with `until`, a program that goes on is told to stop after that."""
    ours, theirs = pty.openpty()
    known = {**os.environ, **stage.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    known.pop("NO_COLOR", None)
    running = subprocess.Popen(
        [sys.executable, "-m", "somos_social", *words],
        cwd=stage.folder,
        env={name: value for name, value in known.items() if value is not None},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    received = bytearray()

    def receive() -> None:
        with suppress(OSError):
            while block := os.read(ours, 65536):
                received.extend(block)

    reader = threading.Thread(target=receive, daemon=True)
    reader.start()
    try:
        end = time.monotonic() + 120
        while until is not None and until.encode() not in received and time.monotonic() < end:
            time.sleep(0.05)
        if until is not None:
            running.send_signal(signal.SIGINT)
        running.wait(120)
    finally:
        running.kill()
        running.wait()
    reader.join(10)
    os.close(ours)
    return received.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("view", VIEWS[:5], ids=" ".join)
def test_a_real_terminal_receives_colours_and_nothing_else(
    told: Stage, view: tuple[str, ...]
) -> None:
    shown = _on_a_real_terminal(told, *view)
    assert "\x1b[" in shown
    assert_harmless(shown, styled=True)


@pytest.mark.parametrize(
    "words", [["log", "--follow"], ["log", "--follow", "--json"]], ids=" ".join
)
def test_a_log_that_is_followed_on_a_real_terminal_does_not_act(
    told: Stage, words: list[str]
) -> None:
    last = _key(f"public-{len(TEXTS) - 1}")
    shown = _on_a_real_terminal(told, *words, until=last)
    assert last in shown
    assert_harmless(shown.replace("^C", ""), styled=True)


NAMES = [
    "\x1b[2J.toml",
    "\x1b]0;owned\x07.toml",
    "a\u202elmot.toml",
    "a\nb.toml",
    "[red]x[bold].toml",
    "\udcff\udc9b31m.toml",
    "-\x1b[31m.toml",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.parametrize("where", [TERMINAL, PIPE], ids=["terminal", "pipe"])
def test_a_name_of_a_file_does_not_act(stage: Stage, name: str, where: Mapping[str, str]) -> None:
    (stage.folder / "campaigns").mkdir()
    path = f"campaigns/{name}"
    content = (
        f'name = "x"\nchannel = 1\n[[post]]\nassets = [{json.dumps(name, ensure_ascii=False)}]\n'
    )
    (stage.folder / path).write_bytes(content.encode(errors="replace"))
    (stage.folder / "media" / name.replace("\n", "")).write_text("no picture")
    for words in (["check", path], ["plan", path], ["schedule", path], ["rehearse", path]):
        told = stage.somos(*words, **where)
        # A name that is no text cannot be looked up in the database, which says so before the file.
        assert told.code in ((2, 3) if "\udcff" in name else (3,)), told
        assert_harmless(told.out + told.err, styled=where is TERMINAL)
        told = stage.somos(*words, "--json")
        assert told.json.keys() <= {"problems", "warnings", "accepted", "error"}
        assert_harmless(told.out)


def _no(text: str) -> bytes:
    body = json.dumps({"title": text, "detail": text, "type": text, "status": 403}).encode()
    head = b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


@pytest.mark.parametrize("text", [*TEXTS, *LONE], ids=lambda text: ascii(text)[:30])
def test_what_a_network_says_is_kept_and_does_not_act(stage: Stage, text: str) -> None:
    due = datetime.now(UTC).replace(microsecond=0)
    stage.write(
        "campaigns/una.toml",
        'name = "Una"\ntimezone = "UTC"\nchannels = ["x:somoslomismo"]\n'
        f'[[post]]\nkey = "hola"\ndue = {due.replace(tzinfo=None).isoformat()}\ntext = "Hola."\n',
    )
    assert stage.somos("schedule", "una").code == 0
    with hostile() as network:
        network.begin([_no(text)])
        stage.write("config.toml", f'{CONFIG}[rebase]\n"https://api.x.com" = "{network.url}"\n')
        said: list[Answer] = [stage.somos("run", "--once", **TERMINAL)]
        said.append(stage.somos("channel", "verify", **TERMINAL))
    assert said[0].code == 6, said[0]
    for view in (["status"], ["log"], ["queue", "list"]):
        said.append(stage.somos(*view, **TERMINAL))
        assert stage.somos(*view, "--json").json
    for each in said:
        assert_harmless(each.out + each.err, styled=True)
