"""The schedule and the log in files for other programs, which run nothing of it."""

import csv
import io
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from PIL import Image

from tests.cli.stage import FACEBOOK, SLUG, Stage, X, key
from tests.cli.test_queue_add import CONFIG

CAMPAIGN = f"""\
name = "Una prueba"
timezone = "America/Panama"
hashtag = "#SomosLoMismo"
channels = ["{FACEBOOK}", "{X}"]
[[post]]
key = "uno"
due = 2061-01-05T18:00:30
text = "=1+1 y\\n- pan"
link = "https://www.somoslomismo.com/"
assets = ["a.jpg"]
first_comment = "@ana, gracias."
[post.variant.x]
due = 2061-01-06T18:00:00
thread = [{{ text = "Y más." }}, {{ text = "+ Otra." }}]
[[post]]
key = "dos"
due = 2061-02-05T18:00:00
text = "Adiós."
channels = ["{X}"]
"""


@pytest.fixture
def desk(stage: Stage) -> Stage:
    stage.write("config.toml", CONFIG)
    stage.write(f"campaigns/{SLUG}.toml", CAMPAIGN)
    (stage.folder / "media").mkdir()
    Image.new("RGB", (400, 400), "teal").save(stage.folder / "media" / "a.jpg")
    assert stage.somos("schedule", SLUG).code == 0
    return stage


def read(desk: Stage, name: str) -> list[list[Any]]:
    path = desk.folder / name
    if name.endswith(".xlsx"):
        sheet = load_workbook(path).active
        assert sheet is not None
        return [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def by_field(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_what_is_exported_is_read_again_and_means_the_same(desk: Stage, name: str) -> None:
    assert desk.somos("export", "schedule", name).code == 0
    before = (desk.folder / "campaigns" / f"{SLUG}.toml").read_text()
    answer = desk.somos("import", name, "--json")
    assert answer.code == 0, answer.out
    assert {it["post"]: it["change"] for it in answer.json["posts"]} == {
        "uno": "untouched",
        "dos": "untouched",
    }
    assert (desk.folder / "campaigns" / f"{SLUG}.toml").read_text() == before


@pytest.mark.parametrize("name", ["plan.csv", "plan.xlsx"])
def test_an_empty_campaign_becomes_what_was_exported(desk: Stage, name: str) -> None:
    desk.somos("export", "schedule", name)
    head = CAMPAIGN.partition("[[post]]")[0]
    desk.write(f"campaigns/{SLUG}.toml", head)
    (desk.folder / "config.toml").unlink()
    assert desk.somos("import", name).code == 0
    desk.write("config.toml", CONFIG)
    changes = desk.somos("plan", SLUG, "--json").json["changes"]
    assert {it["change"] for it in changes} == {"untouched"}
    assert len(changes) == 7


def test_a_workbook_has_days_times_and_texts_that_nothing_runs(desk: Stage) -> None:
    desk.somos("export", "schedule", "plan.xlsx")
    sheet = load_workbook(desk.folder / "plan.xlsx").active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    cells = {str(top.value): cell for top, cell in zip(sheet[1], sheet[2], strict=True)}
    assert cells["date"].value == datetime(2061, 1, 5)  # noqa: DTZ001 - a day in a workbook
    assert cells["time"].value == time(18, 0, 30)
    assert cells["utc"].value == datetime(2061, 1, 5, 23, 0, 30)  # noqa: DTZ001 - says UTC above
    assert (cells["text"].data_type, cells["text"].quotePrefix) == ("s", True)
    assert str(cells["text"].value).startswith("=1+1")


def test_a_spreadsheet_has_no_cell_that_acts(desk: Stage) -> None:
    desk.somos("export", "schedule", "plan.csv")
    rows = by_field(read(desk, "plan.csv"))
    assert rows[0]["text"].startswith("'=1+1 y\n'- pan")
    assert rows[0]["first_comment"] == "'@ana, gracias."
    assert {row["part"] for row in rows} == {"", "comment", "thread"}


def test_a_calendar_names_each_delivery_and_strikes_out_what_was_cancelled(desk: Stage) -> None:
    desk.somos("queue", "cancel", key("dos"), "--reason", "No.")
    assert desk.somos("export", "schedule", "plan.ics").code == 0
    events = {
        str(it["uid"]): it
        for it in Calendar.from_ical((desk.folder / "plan.ics").read_bytes()).walk("VEVENT")
    }
    assert len(events) == 7
    one = events[f"{key('uno', FACEBOOK)}@somos-social"]
    assert one.decoded("dtstart") == datetime(2061, 1, 5, 23, 0, 30, tzinfo=UTC)
    assert "=1+1 y\n- pan" in str(one["description"])
    assert str(events[f"{key('dos')}@somos-social"]["status"]) == "CANCELLED"
    assert str(one["status"]) == "CONFIRMED"


def test_nothing_is_replaced_unasked_and_no_name_is_guessed(desk: Stage) -> None:
    desk.write("plan.csv", "mine")
    assert desk.somos("export", "schedule", "plan.csv").code == 2
    assert (desk.folder / "plan.csv").read_text() == "mine"
    assert desk.somos("export", "schedule", "plan.csv", "--force").code == 0
    assert desk.somos("export", "schedule", "plan.doc").code == 2
    assert desk.somos("export", "log", "log.ics").code == 2
    assert desk.somos("export", "schedule", "plan.doc", "--format", "ics", "--json").json == {
        "file": "plan.doc",
        "format": "ics",
        "deliveries": 7,
    }


def test_one_channel_or_one_campaign_can_be_exported(desk: Stage) -> None:
    count = {"--channel": (FACEBOOK, 2), "--campaign": ("otra", 0)}
    for option, (value, number) in count.items():
        words = ("export", "schedule", "plan.csv", "--force", "--json", option, value)
        assert desk.somos(*words).json["deliveries"] == number


def test_the_log_is_a_proof_as_csv_and_a_sheet_to_read_as_a_workbook(desk: Stage) -> None:
    assert desk.somos("export", "log", "log.csv").code == 0
    assert desk.somos("log", "verify", "--against", "log.csv").code == 0
    assert desk.somos("export", "log", "log.xlsx").code == 0
    written = by_field(read(desk, "log.xlsx"))
    assert {row["delivery"] for row in written} == {
        row["delivery"] for row in by_field(read(desk, "log.csv")) if row["event"] != "log-head"
    }


def test_a_text_that_no_cell_can_hold_is_not_cut_off(desk: Stage) -> None:
    desk.write(
        f"campaigns/{SLUG}.toml",
        CAMPAIGN.replace('"Adiós."', f'"{"a" * 40_000}"').replace(
            f'["{X}"]\n', f'["{FACEBOOK}"]\n'
        ),
    )
    assert desk.somos("schedule", SLUG).code == 0
    assert desk.somos("export", "schedule", "plan.xlsx").code == 2
    assert not (desk.folder / "plan.xlsx").exists()
    assert desk.somos("export", "schedule", "plan.csv").code == 0
    assert date.fromisoformat(by_field(read(desk, "plan.csv"))[0]["date"]).year == 2061
