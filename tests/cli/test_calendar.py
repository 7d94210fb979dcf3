"""A month and a week in the terminal: what is scheduled, what is over, what only is wished."""

import pytest
from rich.cells import cell_len

from tests.cli.stage import FACEBOOK, SLUG, Answer, Stage, X, key
from tests.cli.test_queue_add import CONFIG

HEAD = f"""\
name = "Una prueba"
timezone = "America/Panama"
channels = ["{FACEBOOK}", "{X}"]
[[blackout]]
from = 2061-01-07
reason = "Duelo nacional"
"""
UNO = '[[post]]\nkey = "uno"\ndue = 2061-01-05T23:30:00\ntext = "Hola."\n'
DOS = f'[[post]]\nkey = "dos"\ndue = 2061-01-08T09:00:00\ntext = "Si."\nchannels = ["{X}"]\n'


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """With one post that is scheduled, and one that is not."""
    stage.write("config.toml", CONFIG)
    stage.write(f"campaigns/{SLUG}.toml", HEAD + UNO)
    assert stage.somos("schedule", SLUG).code == 0
    stage.write(f"campaigns/{SLUG}.toml", HEAD + UNO + DOS)
    return stage


def shown(desk: Stage, *words: str) -> Answer:
    answer = desk.somos("calendar", *words, COLUMNS="80")
    assert answer.code == 0
    assert max(cell_len(line) for line in answer.out.splitlines()) <= 80
    assert "\x1b" not in answer.out
    return answer


def test_a_month_fits_into_80_columns_and_marks_what_is_not_scheduled_yet(desk: Stage) -> None:
    out = shown(desk, SLUG, "--month", "2061-01").out
    assert "January 2061: prueba (America/Panama)" in out
    assert "o23:30 FX" in out
    assert "+09:00 X" in out
    assert "# Duelo na" in out
    assert "o scheduled, + in the file only, # blackout." in out
    assert out.index("|Mon") < out.index("|Tue") < out.index("|Sun")


def test_days_are_those_of_the_campaigns_clocks(desk: Stage) -> None:
    found = desk.somos("calendar", "--month", "2061-01", "--json").json
    assert (found["from"], found["to"], len(found["days"])) == ("2061-01-01", "2061-01-31", 31)
    days = {it["date"]: it for it in found["days"]}
    assert days["2061-01-05"]["posts"] == [
        {
            "campaign": SLUG,
            "post": "uno",
            "due_at": "2061-01-06T04:30:00Z",
            "local": "2061-01-05T23:30:00",
            "channels": {FACEBOOK: "scheduled", X: "scheduled"},
        }
    ]
    assert days["2061-01-08"]["posts"][0]["channels"] == {X: "unscheduled"}
    assert days["2061-01-07"]["blackouts"] == [{"campaign": SLUG, "reason": "Duelo nacional"}]
    assert [day for day in days if days[day]["blackouts"]] == ["2061-01-07"]


def test_a_week_begins_on_monday_and_tells_states_that_differ(desk: Stage) -> None:
    desk.somos("queue", "cancel", key("uno"), "--reason", "No.")
    out = shown(desk, "--week", "2061-W01").out
    assert "Mon 01-03" in out
    assert "o 23:30 FX  prueba/uno  (F scheduled, X cancelled)" in out


def test_what_was_moved_in_the_file_stands_at_both_times(desk: Stage) -> None:
    desk.write(f"campaigns/{SLUG}.toml", HEAD + UNO.replace("05T23", "06T23"))
    days = desk.somos("calendar", "--month", "2061-01", "--json").json["days"]
    found = {it["date"]: it["posts"][0]["channels"][X] for it in days if it["posts"]}
    assert found == {"2061-01-05": "scheduled", "2061-01-06": "unscheduled"}


def test_without_a_config_the_files_alone_are_shown(desk: Stage) -> None:
    (desk.folder / "config.toml").unlink()
    out = shown(desk, "--month", "2061-01").out
    assert "+23:30 FX" in out
    assert "in the file only" in out


def test_a_file_with_problems_hides_nothing_that_is_scheduled(desk: Stage) -> None:
    desk.write(f"campaigns/{SLUG}.toml", "name = ")
    answer = shown(desk, SLUG, "--month", "2061-01")
    assert "o23:30 FX" in answer.out
    assert "has problems" in answer.err
    (desk.folder / "config.toml").unlink()
    assert desk.somos("calendar", SLUG).code == 3


def test_a_reason_that_steers_a_terminal_is_shown_harmless(desk: Stage) -> None:
    wide = '[[blackout]]\nfrom = 2061-01-20\nreason = "語語語語語語語語"\n'
    desk.write(f"campaigns/{SLUG}.toml", HEAD.replace("Duelo", "[red]a\\u200bb") + wide + UNO)
    out = shown(desk, "--month", "2061-01").out
    assert "[red]a" in out
    assert "\u200b" not in out


def test_colours_stand_beside_marks_where_they_are_wanted(desk: Stage) -> None:
    words = ("calendar", "--month", "2061-01")
    answer = desk.somos(*words, COLUMNS="80", NO_COLOR="", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b[36mo23:30 FX" in answer.out


@pytest.mark.parametrize(
    "words",
    [("--month", "2026-13"), ("--month", "12"), ("--week", "2026-W60"), ("--week", "x")],
)
def test_what_is_no_month_and_no_week_is_told(desk: Stage, words: tuple[str, str]) -> None:
    assert desk.somos("calendar", *words).code == 2


def test_where_there_is_no_campaign_it_says_how_to_make_one(stage: Stage) -> None:
    answer = stage.somos("calendar")
    assert (answer.code, "somos init" in answer.err) == (2, True)
