"""The doctor says of each thing how it stands and what mends it, and changes nothing."""

import sqlite3
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cli.stage import FACEBOOK, SLUG, Answer, Stage, X


def checks(answer: Answer) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for it in answer.json["checks"]:
        found.setdefault(it["about"], []).append((it["level"], it["told"], it["mend"]))
    return found


def levels(answer: Answer) -> dict[str, set[str]]:
    return {about: {level for level, _, _ in each} for about, each in checks(answer).items()}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(it): it.read_bytes() for it in folder.rglob("*") if it.is_file()}


def test_without_a_config_it_says_how_to_begin(stage: Stage) -> None:
    answer = stage.somos("doctor")
    assert answer.code == 0
    assert "`somos init` makes one" in answer.out
    assert "is 3." in answer.out
    assert "Traceback" not in answer.err


def test_a_whole_folder_is_fine(connected: Stage) -> None:
    connected.campaign({"uno": datetime(2061, 1, 5, tzinfo=UTC)})
    connected.somos("schedule", SLUG)
    assert connected.somos("channel", "verify").code == 0
    (connected.folder / "config.toml").chmod(0o600)
    before = contents(connected.folder)
    answer = connected.somos("doctor", "--json")
    found = levels(answer)
    assert answer.code == 0
    assert answer.json["level"] == "warning"
    assert found[FACEBOOK] == found[X] == {"ok"}
    assert found["seal"] == found["database"] == found["config"] == {"ok"}
    assert found[f"campaigns/{SLUG}.toml"] == {"ok"}
    assert found["notify"] == found["daemon"] == {"warning"}
    after = contents(connected.folder)
    assert {it: before[it] for it in before if ".db-" not in it} == {
        it: after[it] for it in after if ".db-" not in it
    }


def test_no_secret_is_shown_and_one_that_is_missing_is_named(connected: Stage) -> None:
    answer = connected.somos("doctor", "-v")
    assert not [it for it in connected.secrets if it in answer.out + answer.err]
    missing = next(it for it in connected.environ if "X" in it and "TOKEN_SECRET" in it)
    connected.environ[missing] = None
    answer = connected.somos("doctor", "--json")
    assert answer.code == 6
    [(_, told, mend)] = [it for it in checks(answer)[X] if it[0] == "problem"]
    assert missing in told
    assert mend == f"Set the environment variable {missing}."


def test_what_begins_with_init_is_told_what_is_still_missing(stage: Stage) -> None:
    stage.somos("init", "--yes")
    answer = stage.somos("doctor", "--json")
    assert answer.code == 6
    told = [it["told"] for it in answer.json["checks"]]
    assert "still has the number of the example, 100000000000001." in told
    assert "still has the name of the example." in told
    assert sum("which is not a file" in it for it in told) == 8
    assert not (stage.folder / "somos.db").exists()


def test_an_invalid_config_and_an_invalid_campaign_end_with_3(stage: Stage) -> None:
    stage.write("config.toml", "[stor]\n")
    answer = stage.somos("doctor", "--json")
    assert (answer.code, levels(answer)["config"]) == (3, {"problem"})
    (stage.folder / "config.toml").unlink()
    stage.write("campaigns/mala.toml", "name = 1\n")
    answer = stage.somos("doctor", "--json")
    assert answer.code == 3
    [(_, _, mend)] = checks(answer)["campaigns/mala.toml"]
    assert mend == "`somos check mala` names them."


def test_files_that_others_can_read_are_told_with_the_command(connected: Stage) -> None:
    connected.campaign({"uno": datetime(2061, 1, 5, tzinfo=UTC)})
    connected.somos("schedule", SLUG)
    database = connected.folder / "somos.db"
    database.chmod(0o644)
    (connected.folder / "config.toml").chmod(0o644)
    found = checks(connected.somos("doctor", "--json"))
    assert found["config"][0][0] == "warning"
    assert found["files"] == [
        ("problem", f"{database} can be read by others on this machine.", f"`chmod 600 {database}`")
    ]


def test_what_nobody_takes_says_that_no_daemon_runs(connected: Stage) -> None:
    late = datetime.now(UTC) - timedelta(minutes=20)
    connected.campaign({"uno": datetime.now(UTC) + timedelta(hours=1)})
    connected.somos("schedule", SLUG)
    with sqlite3.connect(connected.folder / "somos.db") as database:
        when = late.replace(tzinfo=None).isoformat(" ")
        database.execute("UPDATE deliveries SET due_at = ?, run_at = ?", (when, when))
    found = checks(connected.somos("doctor", "--json"))
    [(level, told, mend)] = found["daemon"]
    assert (level, "is left alone" in told, "somos run" in mend) == ("problem", True, True)


def test_a_database_of_an_older_revision_is_told_and_left_as_it_is(connected: Stage) -> None:
    connected.somos("queue", "list")
    with sqlite3.connect(connected.folder / "somos.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0006'")
    found = checks(connected.somos("doctor", "--json"))
    assert found["database"][0][0] == "warning"
    with sqlite3.connect(connected.folder / "somos.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0006",)


@pytest.mark.parametrize("data", [b"no database", b""], ids=["foreign", "empty"])
def test_a_file_that_is_no_database_is_not_touched(connected: Stage, data: bytes) -> None:
    file = connected.folder / "somos.db"
    file.write_bytes(data)
    file.chmod(0o600)
    assert levels(connected.somos("doctor", "--json"))["database"] == {"problem" if data else "ok"}
    assert file.read_bytes() == data


@pytest.mark.parametrize(
    ("astray", "level"),
    [(0, "ok"), (12, "warning"), (-3600, "problem"), (3600, "problem"), (None, "warning")],
)
def test_the_clock_is_compared_only_online(stage: Stage, astray: int | None, level: str) -> None:
    class Dated(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(404)
            if astray is not None:
                there = datetime.now(UTC) + timedelta(seconds=astray)
                self.send_header("Date", format_datetime(there, usegmt=True))
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Dated) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{server.server_port}"
        stage.write("config.toml", f'[rebase]\n"https://graph.facebook.com" = "{here}"\n')
        assert "clock" not in levels(stage.somos("doctor", "--json"))
        assert levels(stage.somos("doctor", "--online", "--json"))["clock"] == {level}
        server.shutdown()


def test_what_a_file_name_says_cannot_act_on_a_terminal(stage: Stage) -> None:
    stage.write("campaigns/a\x1b[31m.toml", "name = 1\n")
    assert "\x1b" not in stage.somos("doctor").out
