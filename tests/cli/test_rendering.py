"""What files and networks say is shown, and never obeyed."""

import json
import time
from datetime import UTC, datetime

import pytest

from somos_social.cli import rendering
from somos_social.cli.uploads import Uploads
from somos_social.sandbox import Fault, Sandbox
from tests.cli.stage import FAR, SLUG, Stage, just_now, key

HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b31m",
    "\u202eexe.jpg",
    "a\rb\tc\nd",
    "\x00\x7f",
    "\ud800",
    "\u2066x\u2069",
]


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_that_steers_a_terminal_is_printed(text: str) -> None:
    for shown in (rendering.clean(text), rendering.as_json({"text": text})):
        assert shown.isprintable()


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_json_still_says_exactly_what_was_said(text: str) -> None:
    assert json.loads(rendering.as_json([text])) == [text]


def test_spanish_and_emoji_stay_as_they_are() -> None:
    assert rendering.clean("¿Qué día, señora? 🍞 — «sí»") == "¿Qué día, señora? 🍞 — «sí»"


@pytest.mark.parametrize("environ", [{}, {"TTY_COMPATIBLE": "1", "COLUMNS": "120"}])
def test_markup_and_escapes_in_a_reason_are_only_text(
    connected: Stage, environ: dict[str, str]
) -> None:
    connected.campaign({"uno": FAR})
    connected.somos("schedule", SLUG)
    reason = "[red]no[/red] \x1b[31mrojo :smiley:"
    connected.somos("queue", "cancel", key("uno"), "--reason", reason)
    for view in (["queue", "list"], ["queue", "show", key("uno")], ["log"]):
        out = connected.somos(*view, **environ).out
        assert "[red]no[/red]" in out
        assert "\x1b" not in out
        assert "\\x1b[31mrojo" in out
        assert ":smiley:" in out


def test_a_pipe_gets_whole_keys_with_tabs_between_and_no_colour(connected: Stage) -> None:
    connected.campaign({"a-post-with-quite-a-long-name-of-its-own-and-more": FAR})
    connected.somos("schedule", SLUG)
    listed = connected.somos("queue", "list", COLUMNS="40", NO_COLOR="")
    header, *rows = listed.out.splitlines()
    assert header.split("\t") == ["due (UTC-05:00)", "delivery", "status", "where, or why"]
    assert rows[1].split("\t") == [
        "2060-12-01 09:00",
        key("a-post-with-quite-a-long-name-of-its-own-and-more"),
        "scheduled",
        "",
    ]


def test_a_narrow_terminal_breaks_neither_keys_nor_addresses(
    connected: Stage, box: Sandbox
) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    connected.somos("run", "--once")
    out = connected.somos("queue", "list", COLUMNS="40", TTY_COMPATIBLE="1").out
    for post in box.posts():
        assert post.url in out
    assert key("uno") in out


def test_a_terminal_shows_colours_unless_it_is_asked_not_to(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    connected.somos("schedule", SLUG)
    terminal = {"TTY_COMPATIBLE": "1", "COLUMNS": "120", "TERM": "xterm-256color"}
    assert "\x1b[" in connected.somos("queue", "list", **terminal, NO_COLOR="").out
    assert "\x1b[" not in connected.somos("queue", "list", **terminal, NO_COLOR="1").out


def test_where_the_clock_changes_each_time_names_its_offset(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Santiago")
    time.tzset()
    summer, winter = datetime(2027, 1, 5, 12, tzinfo=UTC), datetime(2027, 7, 5, 12, tzinfo=UTC)
    assert rendering.local_times([summer, None]) == ("UTC-03:00", ["2027-01-05 09:00", ""])
    assert rendering.local_times([summer, winter]) == (
        "local",
        ["2027-01-05 09:00-03:00", "2027-07-05 08:00-04:00"],
    )


def test_what_a_network_says_is_cleaned_in_the_lines_of_the_daemon(
    connected: Stage, box: Sandbox
) -> None:
    connected.campaign({"uno": just_now()}, text="Hola [bold]")
    connected.somos("schedule", SLUG)
    box.faults.add(Fault(match="POST /x/2/tweets", kind="html-502"))
    err = connected.somos("run", "--once").err
    assert all(line.isprintable() for line in err.splitlines())


def test_json_is_json_even_where_not_every_character_can_be_printed(connected: Stage) -> None:
    connected.campaign({"uno": FAR}, text="¿Qué tal? 🍞")
    connected.somos("schedule", SLUG)
    connected.environ["PYTHONIOENCODING"] = "latin-1"
    out, _ = connected.start("queue", "show", key("uno"), "--json").communicate(timeout=30)
    assert json.loads(out)["variant"]["text"] == "¿Qué tal? 🍞 uno"


def test_an_upload_is_a_bar_on_a_terminal_and_silent_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Uploads() as uploads:
        uploads.progress("historias/carmen.mp4", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "100")
    with Uploads() as uploads:
        uploads.progress("historias/carmen.mp4", 1_000_000, 2_000_000)
        uploads.progress("historias/[bold]\x1bsamuel.mp4", 1_000_000, 2_000_000)
    shown = capsys.readouterr().err
    assert "historias/carmen.mp4" in shown
    assert "1.0/2.0 MB" in shown
    assert "[bold]\\x1bsamuel" in shown
