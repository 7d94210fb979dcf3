"""The log in a file of its own: complete, harmless in a spreadsheet, and a witness later."""

import csv
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from somos_social.cli import export
from somos_social.files import cells
from somos_social.store import Store
from tests.cli.stage import ROOT, Stage
from tests.samples import FACEBOOK, MINUTE, NOW, POLICY, X, a_delivery

FIELDS = list(export.FIELDS)


@pytest.fixture
def written(stage: Stage) -> Stage:
    """With five entries of X and one of Facebook, the last two a minute later."""
    stage.write("config.toml", '[store]\nurl = "sqlite:///somos.db"\n')
    put(stage, "uno", "dos", "tres", actor="José Ñáñez")
    store = Store(f"sqlite:///{stage.folder}/somos.db")
    page = a_delivery("uno", channel=FACEBOOK)
    store.schedule([page], (), (), now=NOW, actor="tests")
    assert len(store.claim(NOW + MINUTE, limit=2, lease=POLICY.lease, actor="daemon")) == 2
    store.close()
    return stage


def put(stage: Stage, *posts: str, actor: str = "tests") -> None:
    store = Store(f"sqlite:///{stage.folder}/somos.db")
    store.schedule([a_delivery(post) for post in posts], (), (), now=NOW, actor=actor)
    store.close()


def lines(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def rows(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


def test_json_lines_hold_each_entry_as_the_log_tells_it_and_end_with_the_heads(
    written: Stage,
) -> None:
    assert written.somos("log", "export", "log.jsonl").code == 0
    *entries, end = lines(written.folder / "log.jsonl")
    assert entries == written.somos("log", "--json").json
    assert all(list(entry) == FIELDS for entry in entries)
    assert " ".join(FIELDS) == (
        "at delivery channel from to event attempt actor url remote_id reason digest hash"
    )
    last = {entry["channel"]: entry["hash"] for entry in entries}
    lengths = {X: [e["channel"] for e in entries].count(X)}
    lengths[FACEBOOK] = len(entries) - lengths[X]
    assert end["heads"] == {
        channel: {"length": lengths[channel], "hash": last[channel]} for channel in (FACEBOOK, X)
    }
    assert end["entries"] == len(entries) == 6
    assert end["at"].endswith("Z")


def test_a_spreadsheet_holds_each_entry_and_ends_with_the_heads(written: Stage) -> None:
    assert written.somos("log", "export", "log.csv").code == 0
    raw = (written.folder / "log.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfat,delivery,channel,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 1 + 6 + 2
    *entries, page, x = rows(raw.decode())
    told = written.somos("log", "--json").json
    assert [{k: v or None for k, v in row.items()} for row in entries] == [
        {**entry, "attempt": str(entry["attempt"])} for entry in told
    ]
    assert entries[0]["actor"] == "José Ñáñez"
    assert (page["event"], page["channel"]) == (x["event"], FACEBOOK) == ("log-head", FACEBOOK)
    assert x["hash"] == [entry["hash"] for entry in told if entry["channel"] == X][-1]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--channel", FACEBOOK], 1),
        (["--post", "uno"], 2),
        (["--delivery", a_delivery("dos").key], 1),
        (["--since", "2026-12-01T09:01"], 2),
        (["--since", "2026-12-01T09:01", "--channel", "x:nobody"], 0),
    ],
)
def test_the_filters_of_the_log_are_those_of_its_export(
    written: Stage, words: list[str], number: int
) -> None:
    told = written.somos("log", "--json", *words).json
    shown = written.somos("log", "export", *words)
    *entries, end = [json.loads(line) for line in shown.out.splitlines()]
    assert entries == told
    if number:
        assert len(entries) >= number
    assert set(end["heads"]) == {FACEBOOK, X}


def test_filters_that_stand_before_the_word_are_not_overlooked(written: Stage) -> None:
    answer = written.somos("log", "--channel", X, "export", "log.csv")
    assert answer.code == 2
    assert "Write the options after `export`" in answer.err
    assert not (written.folder / "log.csv").exists()


def test_without_a_file_all_goes_to_the_output(written: Stage) -> None:
    for words in (["export"], ["export", "-"]):
        assert len(written.somos("log", *words).out.splitlines()) == 7
    shown = written.somos("log", "export", "-", "--format", "csv").out
    assert shown.startswith("at,delivery,")
    assert len(rows(shown)) == 8


def test_what_is_asked_for_is_told_as_json(written: Stage) -> None:
    answer = written.somos("log", "export", "log.data", "--format", "csv", "--json")
    file = str(written.folder / "log.data")
    assert answer.json == {"file": file, "format": "csv", "entries": 6}
    assert written.somos("log", "export", "--json").code == 2


def test_a_file_is_for_its_owner_alone_and_replaces_nothing_unasked(written: Stage) -> None:
    file = written.folder / "log.csv"
    umask = os.umask(0)
    try:
        assert written.somos("log", "export", "log.csv").code == 0
    finally:
        os.umask(umask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    answer = written.somos("log", "export", "log.csv")
    assert (answer.code, file.read_bytes()) == (2, before)
    assert "--force" in answer.err
    file.write_text("old", encoding="utf-8")
    assert written.somos("log", "export", "log.csv", "--force").code == 0
    assert len(file.read_bytes()) == len(before)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("log.xlsx", "--format csv"),
        ("log", "--format csv"),
        ("nowhere/log.csv", "does not exist"),
        (".", "--format csv"),
        ("media", "--format"),
        ("/dev/null", "--format"),
        ("a" * 300 + ".csv", "File name too long"),
    ],
)
def test_a_file_that_cannot_be_is_told_in_words(written: Stage, file: str, words: str) -> None:
    answer = written.somos("log", "export", file)
    assert answer.code == 2
    assert words in answer.err


def test_what_is_no_file_is_not_replaced_even_when_asked(written: Stage) -> None:
    (written.folder / "folder.csv").mkdir()
    answer = written.somos("log", "export", "folder.csv", "--force")
    assert (answer.code, "no file" in answer.err) == (2, True)
    answer = written.somos("log", "export", "/dev/null", "--format", "csv", "--force")
    assert (answer.code, Path("/dev/null").is_char_device()) == (2, True)


def test_a_full_disk_is_told_and_leaves_nothing(
    written: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("somos_social.whole_file.os.fsync", full)
        answer = written.somos("log", "export", "log.csv")
    assert answer.code == 1
    assert "log.csv could not be written: No space left on device." in answer.err
    assert list(written.folder.glob("log.csv*")) == []


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\u3000＝1",
    "\u2212 1",
    "\x00=1",
    "\t text",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_spreadsheet_takes_a_cell_for_a_formula(formula: str) -> None:
    assert cells.disarmed(formula).startswith("'")


@pytest.mark.parametrize("formula", ["a;=1+1", "a; =1+1", "a\t=1+1", "a\r\n=1", "a;＝1"])
def test_no_cell_begins_within_another_where_semicolons_part_them(formula: str) -> None:
    start, _, rest = cells.disarmed(formula).partition("'")
    assert (start + rest, rest[:1] in "=＝") == (formula, True)


@pytest.mark.parametrize("harmless", ["", "José", "1+1", "a=b", "2026-12-01", "«=»", "uno; dos"])
def test_what_is_no_formula_stays_as_it_is(harmless: str) -> None:
    assert cells.disarmed(harmless) == harmless


def test_every_cell_is_disarmed(written: Stage) -> None:
    put(written, "cuatro", actor='=HYPERLINK("https://example.org","Ana")')
    shown = written.somos("log", "export", "--format", "csv").out
    assert rows(shown)[-3]["actor"] == '\'=HYPERLINK("https://example.org","Ana")'
    for row in rows(shown):
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row.values() if cell)


@pytest.fixture(params=["log.csv", "log.jsonl"])
def exported(written: Stage, request: pytest.FixtureRequest) -> str:
    name: str = request.param
    assert written.somos("log", "export", name).code == 0
    return name


def test_what_was_exported_earlier_still_stands_in_the_log(written: Stage, exported: str) -> None:
    put(written, "later")
    answer = written.somos("log", "verify", "--against", exported)
    assert answer.code == 0
    assert "The log is whole: 7 entries." in answer.out
    assert f"It passes through the export {exported} of 20" in answer.out


def test_a_filtered_export_is_a_witness_of_the_whole_log(written: Stage) -> None:
    assert written.somos("log", "export", "x.jsonl", "--channel", X, "--post", "dos").code == 0
    assert written.somos("log", "verify", "--against", "x.jsonl").code == 0
    _forge(written)
    assert written.somos("log", "verify", "--against", "x.jsonl").code == 6


def _forge(stage: Stage) -> None:
    """Takes the log away with all that it speaks of, and its seal, and writes another."""
    (stage.folder / "somos.db.heads").unlink()
    engine = create_engine(f"sqlite:///{stage.folder}/somos.db")
    with engine.begin() as connection:
        for table in ("log", "chains", "deliveries"):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    engine.dispose()
    put(stage, "another", "truth", *(f"p{n}" for n in range(9)))
    assert stage.somos("log", "verify").code == 0


def test_a_log_that_was_written_anew_with_its_seal_is_belied_by_an_export(
    written: Stage, exported: str
) -> None:
    _forge(written)
    answer = written.somos("log", "verify", "--against", exported, "--json")
    assert answer.code == 6
    page, x = answer.json["broken"]
    assert page.startswith(f"{FACEBOOK}: the log ends after 0, but the export {exported} of 20")
    assert x.startswith(f"{X}: entry ")
    assert "was written anew" in x


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("José", "Josef"),
        ('"to": "claimed"', '"to": "failed"'),
        ('"entries": 6', '"entries": 7'),
        ("T14:01:00Z", "T14:02:00Z"),
    ],
)
def test_an_export_that_was_changed_is_found_by_itself(written: Stage, old: str, new: str) -> None:
    assert written.somos("log", "export", "log.jsonl").code == 0
    file = written.folder / "log.jsonl"
    whole = file.read_text(encoding="utf-8")
    assert old in whole
    file.write_text(whole.replace(old, new, 1), encoding="utf-8")
    answer = written.somos("log", "verify", "--against", "log.jsonl", "--json")
    assert answer.code == 6
    [line] = answer.json["broken"]
    assert line.startswith("log.jsonl: ")


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"hola",
        b"\xff\xfe\x00\x01",
        b'{"heads": 1}\n',
        b'{"heads": {"x:a": {"length": -1, "hash": "zz"}}, "at": "2026-12-01", "entries": 0}\n',
        b'{"delivery": "a"}\n',
        b"[1]\n",
        b"at,delivery\n1,2\n",
        (",".join(FIELDS) + "\r\n,,x:a,,,log-head,many,,,,,,00\r\n").encode(),
        (",".join(FIELDS) + "\r\n").encode(),
    ],
)
def test_what_is_no_export_is_told_in_words(written: Stage, content: bytes | None) -> None:
    if content is not None:
        (written.folder / "log.jsonl").write_bytes(content)
    answer = written.somos("log", "verify", "--against", "log.jsonl", "--json")
    assert answer.code == 3
    [problem] = answer.json["problems"]
    assert problem["file"] == "log.jsonl"


def test_an_export_whose_end_is_cut_off_is_told(written: Stage, exported: str) -> None:
    file = written.folder / exported
    whole = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(whole[:3]))
    answer = written.somos("log", "verify", "--against", exported)
    assert answer.code == 3
    assert "its end is missing" in answer.err


def test_the_log_is_sealed_anew_only_when_a_person_says_so_and_all_else_is_whole(
    written: Stage,
) -> None:
    heads = written.folder / "somos.db.heads"
    good = heads.read_text(encoding="utf-8")
    heads.write_text("", encoding="utf-8")
    answer = written.somos("log", "verify")
    assert (answer.code, "log verify --seal" in answer.out) == (6, True)
    answer = written.somos("log", "verify", "--seal")
    assert answer.code == 0
    assert "the seal so far is kept as" in answer.err
    assert json.loads(heads.read_text(encoding="utf-8"))["heads"] == json.loads(good)["heads"]
    assert written.somos("log", "verify").code == 0
    engine = create_engine(f"sqlite:///{written.folder}/somos.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE log SET actor = 'nobody' WHERE id = 1"))
    engine.dispose()
    before = heads.read_bytes()
    answer = written.somos("log", "verify", "--seal")
    assert (answer.code, heads.read_bytes()) == (6, before)
    assert "not sealed anew" in answer.err


EXPORTED = """
import resource, sys
sys.path.insert(0, {root!r})
sys.argv = ["somos", "log", "export", sys.argv[1], "--force"]
from somos_social.cli import main
try:
    main()
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is counted otherwise")
@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_a_long_log_is_never_in_memory_as_a_whole(written: Stage, name: str) -> None:
    def peak() -> int:
        ended = subprocess.run(
            [sys.executable, "-c", EXPORTED.format(root=str(ROOT)), name],
            cwd=written.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(ended.stdout.split()[-1])

    few = peak()
    engine = create_engine(f"sqlite:///{written.folder}/somos.db")
    columns = 'at, delivery, channel, "from", "to", event, attempt, actor, reason, digest, hash'
    with engine.begin() as connection:
        for _ in range(12):
            taken = columns.replace("reason", "hex(zeroblob(300))")
            connection.execute(
                text(f"INSERT INTO log ({columns}) SELECT {taken} FROM log")  # noqa: S608
            )
    engine.dispose()
    assert peak() - few < 12_000
    size = (written.folder / name).stat().st_size
    assert size > 20_000_000


def test_an_export_serves_after_the_database_was_moved_without_its_seal(written: Stage) -> None:
    assert written.somos("log", "export", "log.jsonl").code == 0
    moved = written.folder / "moved"
    moved.mkdir()
    shutil.move(written.folder / "somos.db", moved / "somos.db")
    shutil.copy(written.folder / "config.toml", moved / "config.toml")
    answer = written.somos(
        "log", "verify", "--config", "moved/config.toml", "--against", "log.jsonl", "--seal"
    )
    assert answer.code == 0
    assert written.somos("log", "verify", "--config", "moved/config.toml").code == 0
