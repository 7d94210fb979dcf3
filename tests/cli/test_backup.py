"""`somos backup` and `restore`: what is said and refused, and that nothing goes out twice."""

import json
import os
import shutil
import signal
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social.sandbox import Sandbox
from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X, just_now, key

KEPT = "somos.db.before-restore-*"


@pytest.fixture
def scheduled(connected: Stage) -> Stage:
    """With one post that is due on two channels, and one that is not for long."""
    connected.campaign({"uno": just_now(), "dos": FAR})
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def public(box: Sandbox) -> int:
    return len(box.posts())


def was_asked(stage: Stage) -> bool:
    """Whether a network was asked to publish: it may refuse what is there already, and hide it."""
    return "publishing" in {entry["to"] for entry in stage.somos("log", "--json").json}


def test_a_backup_says_what_it_holds(scheduled: Stage) -> None:
    answer = scheduled.somos("backup", "copy.db")
    assert answer.code == 0
    assert "copy.db holds 4 deliveries and 4 entries of the log" in answer.out
    assert "somos restore copy.db" in answer.out
    assert stat.S_IMODE((scheduled.folder / "copy.db").stat().st_mode) == 0o600


def test_a_backup_and_its_way_back_are_told_as_json(scheduled: Stage) -> None:
    told = scheduled.somos("backup", "copy.db", "--json").json
    taken_at = datetime.fromisoformat(told.pop("taken_at"))
    assert taken_at.tzinfo == UTC
    assert told.pop("last_entry")["delivery"].startswith(f"{SLUG}/")
    file = scheduled.folder / "copy.db"
    held = {"deliveries": 4, "entries": 4, "broken": []}
    assert told == {"file": str(file), "bytes": file.stat().st_size, **held}
    told = scheduled.somos("restore", "copy.db", "--json").json
    assert datetime.fromisoformat(told.pop("taken_at")) == taken_at
    [kept] = (str(it) for it in scheduled.folder.glob(KEPT) if it.suffix != ".heads")
    told.pop("last_entry")
    assert told == {"file": "copy.db", "due": 2, "kept": kept, "carried": True, **held}


def test_a_backup_that_exists_is_replaced_only_when_asked(scheduled: Stage) -> None:
    scheduled.write("copy.db", "the copy of yesterday")
    answer = scheduled.somos("backup", "copy.db")
    assert (answer.code, "--force" in answer.err) == (2, True)
    assert (scheduled.folder / "copy.db").read_text(encoding="utf-8") == "the copy of yesterday"
    assert scheduled.somos("backup", "copy.db", "--force").code == 0
    assert scheduled.somos("restore", "copy.db").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "somos.db", "--force"], "the database itself"),
        (["backup", "somos.db.heads", "--force"], "belongs to it"),
        (["backup", "nowhere/copy.db"], "does not exist"),
        (["backup", "media", "--force"], "no file"),
        (["restore", "somos.db"], "the database itself"),
        (["restore", "nowhere.db"], "No such file"),
        (["restore", "media"], "Is a directory"),
    ],
)
def test_what_cannot_be_is_told_as_wrong_usage(
    scheduled: Stage, words: list[str], said: str
) -> None:
    before = (scheduled.folder / "somos.db").read_bytes()
    answer = scheduled.somos(*words)
    assert (answer.code, said in answer.err) == (2, True)
    assert (scheduled.folder / "somos.db").read_bytes() == before


def test_a_file_that_is_no_database_ends_in_the_code_of_the_store(scheduled: Stage) -> None:
    scheduled.write("letter.txt", "Querida Ana, " * 1000)
    answer = scheduled.somos("restore", "letter.txt")
    assert answer.code == 7
    assert "letter.txt was not restored; nothing was changed." in answer.err


@pytest.mark.parametrize(
    ("words", "said"), [("backup copy.db", "pg_dump"), ("restore copy.db", "INSERT INTO snapshot")]
)
def test_on_a_server_it_is_said_what_does_it_there(stage: Stage, words: str, said: str) -> None:
    stage.write("config.toml", '[store]\nurl = "postgresql://ana:secret@127.0.0.1/somos"\n')
    answer = stage.somos(*words.split())
    assert (answer.code, said in answer.err) == (2, True)
    assert "secret" not in answer.err


def test_a_full_disk_is_told_in_words(scheduled: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("somos_social.whole_file.os.fsync", full)
        answer = scheduled.somos("backup", "copy.db")
    assert answer.code == 1
    assert "copy.db could not be written: No space left on device." in answer.err
    assert not (scheduled.folder / "copy.db").exists()


def test_a_log_that_is_not_whole_is_copied_and_needs_a_person(scheduled: Stage) -> None:
    with closing(sqlite3.connect(scheduled.folder / "somos.db")) as database, database:
        database.execute("UPDATE log SET actor = 'nobody' WHERE id = 1")
    answer = scheduled.somos("backup", "copy.db", "--json")
    assert (answer.code, len(answer.json["broken"])) == (6, 1)
    answer = scheduled.somos("restore", "copy.db")
    assert (answer.code, "Its log is not what was written:" in answer.err) == (6, True)


def test_what_went_out_after_the_backup_does_not_go_out_again(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 2
    answer = scheduled.somos("restore", "copy.db")
    assert answer.code == 0
    assert "2 deliveries were due since the backup of" in answer.out
    assert "what people said since, is carried over to the daemon. Start it" in answer.out
    scheduled.somos("run", "--once")
    assert public(box) == 2
    found = scheduled.somos("queue", "list", "--json").json
    urls = {each["key"]: each["url"] for each in found if each["status"] == "published"}
    assert set(urls) == {key("uno", FACEBOOK), key("uno", X)}
    assert scheduled.somos("log", "verify").code == 0


@pytest.mark.parametrize("with_the_seal", [True, False])
def test_a_copy_that_was_put_in_place_by_hand_does_not_go_out_again(
    scheduled: Stage, box: Sandbox, *, with_the_seal: bool
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos("run", "--once").code == 0
    shutil.copy(scheduled.folder / "copy.db", scheduled.folder / "somos.db")
    if with_the_seal:
        assert scheduled.somos("log", "verify").code == 6
    else:
        (scheduled.folder / "somos.db.heads").unlink()
    scheduled.somos("run", "--once")
    assert public(box) == 2
    assert not was_asked(scheduled)


def test_a_daemon_that_runs_is_copied_from_and_forbids_the_way_back(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "before.db").code == 0
    daemon = scheduled.start("run")
    for _ in range(600):
        found = scheduled.somos("queue", "list", "--json").json
        if sum(each["status"] == "published" for each in found) == 2:
            break
    assert scheduled.somos("backup", "copy.db").code == 0
    answer = scheduled.somos("restore", "before.db")
    assert (answer.code, "Stop " in answer.err) == (4, True)
    assert list(scheduled.folder.glob(KEPT)) == []
    daemon.send_signal(signal.SIGINT)
    daemon.communicate(timeout=60)
    assert scheduled.somos("restore", "before.db").code == 0
    assert public(box) == 2


def test_a_damaged_database_is_replaced_although_nothing_else_can_open_it(
    scheduled: Stage,
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    (scheduled.folder / "somos.db").write_bytes(os.urandom(50_000))
    assert scheduled.somos("status").code == 7
    assert scheduled.somos("restore", "copy.db").code == 0
    assert scheduled.somos("log", "verify").code == 0


def test_the_config_says_which_database_is_meant(scheduled: Stage, tmp_path: Path) -> None:
    answer = scheduled.somos("backup", "copy.db", SOMOS_CONFIG=str(tmp_path / "no.toml"))
    assert answer.code == 3


def put_back_by_hand(stage: Stage) -> None:
    """As with `cp`, which knows nothing of the database that it replaces."""
    for file in stage.folder.glob("somos.db-*"):
        file.unlink()
    shutil.copyfile(stage.folder / "copy.db", stage.folder / "somos.db")


FORM = ("--form", "forma.pdf", "--scope", "face", "--channels", "all")
NO = ("consent", "withdraw", "P-014", "--reason", "Lo pidió.")


def shows_her(stage: Stage) -> None:
    """One more post, which is due and shows P-014, who has consented."""
    Image.new("RGB", (640, 640), "teal").save(stage.folder / "media" / "carmen.jpg")
    stage.write("media/carmen.jpg.toml", 'people = ["P-014"]\nalt = "Carmen."\n')
    stage.write("forma.pdf", "%PDF-1.7 Yo, ...")
    stage.campaign({"uno": just_now(), "dos": FAR, "carmen": just_now()})
    path = stage.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'assets = ["carmen.jpg"]\n')
    assert stage.somos("consent", "grant", "P-014", *FORM).code == 0
    assert stage.somos("schedule", SLUG).code == 0


def test_what_people_said_since_the_backup_outlives_the_way_back(
    scheduled: Stage, box: Sandbox
) -> None:
    shows_her(scheduled)
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos(*NO).code == 0
    assert scheduled.somos("queue", "cancel", key("uno"), "--reason", "No.").code == 0
    assert scheduled.somos("pause", "--channel", FACEBOOK, "--reason", "Robada.").code == 0
    assert scheduled.somos("restore", "copy.db").code == 0
    assert scheduled.somos("consent", "list", "--json").json[0]["status"] == "withdrawn"
    told = scheduled.somos("status", "--json").json
    assert [it["channel"] for it in told["pauses"]] == [FACEBOOK]
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 0
    listed = scheduled.somos("queue", "list", "--status", "cancelled", "--json").json
    reasons = {it["key"]: it["reason"] for it in listed}
    assert reasons[key("uno")] == "No."
    assert "P-014 has withdrawn consent" in reasons[key("carmen")]
    assert scheduled.somos("log", "verify").code == 0


def test_what_was_missed_in_a_pause_since_the_backup_does_not_go_out_after_all(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos("pause", "--reason", "Duelo.").code == 0
    assert scheduled.somos("resume").code == 0
    before = scheduled.somos("queue", "list", "--json").json
    assert {it["status"] for it in before if it["post"] == "uno"} == {"missed"}
    answer = scheduled.somos("restore", "copy.db", "--json")
    assert (answer.code, answer.json["carried"]) == (0, True)
    assert scheduled.somos("queue", "list", "--json").json == before
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 0


def test_words_of_a_log_that_is_not_whole_are_not_taken_on_a_way_back(
    scheduled: Stage, box: Sandbox
) -> None:
    shows_her(scheduled)
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos(*NO).code == 0
    with closing(sqlite3.connect(scheduled.folder / "somos.db")) as database:
        database.execute("UPDATE consents SET withdrawn_at = NULL")
        database.commit()
    answer = scheduled.somos("restore", "copy.db", "--json")
    assert (answer.code, answer.json["carried"]) == (6, False)
    assert "is not whole" in answer.err
    for _ in range(2):
        scheduled.somos("run", "--once")
    assert not [post for post in box.posts() if post.media]


def test_after_a_way_back_by_hand_nobody_is_shown_before_a_person_has_looked(
    scheduled: Stage, box: Sandbox
) -> None:
    shows_her(scheduled)
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos(*NO).code == 0
    put_back_by_hand(scheduled)
    for _ in range(2):
        scheduled.somos("run", "--once")
    assert not [post for post in box.posts() if post.media]
    told = scheduled.somos("status")
    assert "what shows anyone  paused" in told.out
    assert "somos resume --person '*'" in told.out


def test_what_went_out_since_the_backup_and_was_not_known_to_it_is_known_again(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    scheduled.campaign({"uno": just_now(), "dos": FAR, "tres": just_now()}, text="Corregido.")
    assert scheduled.somos("schedule", SLUG).code == 0
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 4
    assert scheduled.somos("queue", "remove", key("tres"), "--yes").code == 0
    assert scheduled.somos("restore", "copy.db").code == 0
    states = {it["key"]: it["status"] for it in scheduled.somos("queue", "list", "--json").json}
    assert states[key("uno")] == states[key("uno", FACEBOOK)] == "published"
    assert (states[key("tres")], states[key("tres", FACEBOOK)]) == ("removed", "published")
    assert scheduled.somos("schedule", SLUG).code == 0
    for _ in range(2):
        scheduled.somos("run", "--once")
    assert public(box) == 3
    assert scheduled.somos("log", "verify").code == 0


def test_what_was_edited_moved_or_added_since_the_backup_outlives_the_way_back(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    scheduled.campaign({"uno": FAR, "dos": FAR, "tres": just_now()}, text="Corregido.")
    assert scheduled.somos("schedule", SLUG).code == 0
    assert scheduled.somos("restore", "copy.db").code == 0
    assert scheduled.somos("run", "--once").code == 0
    assert {post.text for post in box.posts()} == {"Corregido. tres"}
    assert public(box) == 2
    states = {it["key"]: it["status"] for it in scheduled.somos("queue", "list", "--json").json}
    assert states[key("tres")] == "published"
    assert states[key("uno")] == states[key("dos")] == "scheduled"
    plan = scheduled.somos("plan", SLUG, "--json").json
    assert {it["change"] for it in plan["changes"] if it["key"] == key("dos")} == {"untouched"}


def test_a_folder_that_was_put_back_with_its_seal_is_not_sent_twice(
    scheduled: Stage, box: Sandbox
) -> None:
    names = ("somos.db", "somos.db.heads")
    assert scheduled.somos("status").code == 0
    kept = {name: (scheduled.folder / name).read_bytes() for name in names}
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 2
    seal = json.loads(kept["somos.db.heads"])
    an_hour_ago = datetime.fromisoformat(seal["written"]) - timedelta(hours=1)
    kept["somos.db.heads"] = json.dumps(seal | {"written": an_hour_ago.isoformat()}).encode()
    for file in scheduled.folder.glob("somos.db*"):
        file.unlink()
    for name, data in kept.items():
        (scheduled.folder / name).write_bytes(data)
    scheduled.somos("run", "--once")
    assert public(box) == 2
    assert not was_asked(scheduled)
    listed = scheduled.somos("queue", "list", "--json").json
    assert {it["status"] for it in listed if it["post"] == "uno"} == {"published"}
    assert scheduled.somos("log", "verify").code == 0


def test_what_is_edited_or_cancelled_right_after_the_way_back_is_not_sent_twice(
    scheduled: Stage, box: Sandbox
) -> None:
    assert scheduled.somos("backup", "copy.db").code == 0
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 2
    put_back_by_hand(scheduled)
    told = scheduled.somos("status")
    assert told.code == 6
    assert "This database is an older copy" in told.err
    scheduled.campaign({"dos": FAR}, text="Somos otra cosa.")
    scheduled.somos("schedule", SLUG)
    for channel in (X, FACEBOOK):
        assert scheduled.somos("queue", "cancel", key("uno", channel), "--reason", "no").code == 4
    assert scheduled.somos("run", "--once").code == 0
    assert public(box) == 2
    listed = scheduled.somos("queue", "list", "--json").json
    assert {it["status"] for it in listed if it["post"] == "uno"} == {"published"}


def test_what_is_no_text_is_told_as_such_and_not_as_a_damaged_database(scheduled: Stage) -> None:
    answer = scheduled.somos("queue", "show", "\udcff\udcfe")
    assert answer.code == 2
    assert "no text in UTF-8" in answer.err
