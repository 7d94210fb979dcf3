"""Whatever stands in a campaign, a sidecar or a config, it is read or its problems are told."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from somos_social.core.campaign import deliveries
from somos_social.core.model.delivery import Policy
from somos_social.core.people import Consent
from somos_social.errors import InvalidFiles, Problem
from somos_social.files import Reading, read_campaign
from somos_social.files import read as read_files
from somos_social.media import MediaFolder
from somos_social.settings import Settings, load
from tests.files.desk import draw
from tests.fuzz.cases import fuzzed, mutated
from tests.fuzz.desk import trapped
from tests.fuzz.documents import CAMPAIGNS, CONFIGS, SIDECARS

ROOT = Path(__file__).parents[2]
CAMPAIGN = next((ROOT / "campaigns").glob("*.toml")).read_bytes()[:6000]
CONFIG = (ROOT / "config.example.toml").read_bytes()
SIDECAR = (
    b'alt = "Carmen lee."\npeople = ["P-014"]\nshows = ["face"]\ncaptions = "burned in"\n'
    b'[accept]\nno-credit = "Es suya."\n'
)

HEAD = 'name="x"\ntimezone="America/Panama"\nchannels=["x:a"]\n'
NOW = datetime(2026, 12, 1, tzinfo=UTC)
CONSENT = Consent(
    person="P-014",
    form="6f" * 32,
    scope=("face",),
    channels=("all",),
    until=None,
    guardian=False,
    granted_at=NOW,
    granted_by="ana",
)
ENVIRON = {"SOMOS_TOKEN": "hidden-in-the-environment", "SOMOS_ODD": "hidden\ud800\n"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trapped(tmp_path_factory.mktemp("traps"))


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def harmless(*problems: Problem) -> None:
    for problem in problems:
        assert problem.file
        assert problem.problem
        for said in (problem.file, problem.key, problem.problem, problem.hint):
            assert len(said) < 6000
            assert said.replace("\u200d", "").replace("\u200c", "").isprintable()


def told(reading: Callable[[], Any]) -> Any:
    """The result, or None where problems were told, each as a person needs it."""
    try:
        found = reading()
        if isinstance(found, Reading):
            harmless(*found.warnings, *found.accepted)
        return found
    except InvalidFiles as invalid:
        harmless(*invalid.problems, *invalid.warnings, *invalid.accepted)
        words = str(invalid)
        assert "hidden" not in words
        assert "EAAplain" not in words
        assert "outside" not in words.replace("`outside/", "")
        return None


def read(desk: Path, content: str | bytes) -> None:
    path = written(desk / "campaign.toml", content)
    media = desk / "media"
    found = told(lambda: read_files([path], media_root=media, now=NOW, consents={}))
    if found is not None:
        for each in deliveries(found.campaigns[0], Policy()):
            each.variant.to_json().encode()


@fuzzed(share=2)
@given(CAMPAIGNS)
def test_a_campaign_with_wrong_values_is_read_or_its_problems_are_told(
    desk: Path, content: str
) -> None:
    read(desk, content)


@fuzzed(share=2)
@given(mutated(CAMPAIGN))
def test_a_damaged_campaign_is_read_or_its_problems_are_told(desk: Path, content: bytes) -> None:
    read(desk, content)


@fuzzed()
@given(st.one_of(SIDECARS, mutated(SIDECAR)))
@example(b'alt = "' + "e\u0301\u0323".encode() * 200_000 + b'"')
def test_a_sidecar_is_read_or_its_problems_are_told(
    tmp_path_factory: pytest.TempPathFactory, desk: Path, content: str | bytes
) -> None:
    media = desk / "sidecars"
    if not media.exists():
        draw(media / "carmen.jpg", (400, 500))
    written(media / "carmen.jpg.toml", content)
    told(lambda: MediaFolder(media).asset("carmen.jpg"))
    shown = f'{HEAD}[[post]]\nkey="k"\ndue=2030-12-01T09:00:00\nassets=["carmen.jpg"]\n'
    path = written(desk / "showing.toml", shown)
    told(lambda: read_files([path], media_root=media, consents={"P-014": CONSENT}))


def configured(desk: Path, content: str | bytes) -> None:
    path = written(desk / "config.toml", content)
    settings: Settings | None = told(lambda: load(path, ENVIRON))
    if settings is None:
        return
    assert "hidden" not in repr(settings)
    for channel in settings.channels.values():
        for key in channel.secrets:
            secret = told(partial(channel.secret, key))
            assert secret is None or secret.isascii()


@fuzzed(share=2)
@given(CONFIGS)
def test_a_config_with_wrong_values_is_read_or_its_problems_are_told(
    desk: Path, content: str
) -> None:
    configured(desk, content)


@fuzzed(share=2)
@given(mutated(CONFIG))
def test_a_damaged_config_is_read_or_its_problems_are_told(desk: Path, content: bytes) -> None:
    configured(desk, content)


POST = '[[post]]\nkey = "k"\ntext = '
HUGE = {
    "ten megabytes of prose": HEAD + POST + '"' + "palabra " * 1_250_000 + '"',
    "a key of many parts": "a." * 100_000 + "a = 1",
    "a key of many quoted parts": '"a" . ' * 100_000 + "a = 1",
    "a table of many parts": f"[{'a.' * 100_000}a]",
    "lists in lists": "a = " + "[" * 1_000_000,
    "tables in tables": "a = " + "{a=" * 100_000,
    "many keys that nobody knows": "".join(f"chanels{n} = 1\n" for n in range(100_000)),
    "many posts": HEAD + '[[post]]\nkey = "k"\n' * 5000,
    "many channels": "channels = [" + '"x:a", ' * 20_000 + "]",
    "a long name of a key": "a" * 5_000_000 + " = 1",
    "heaps of marks": HEAD + POST + '"e' + "\u0301\u0323" * 500_000 + '"',
    "a number without end": f"a = {'9' * 1_000_000}",
    "NUL bytes": "\0" * 10_000_000,
}


@pytest.mark.parametrize("content", HUGE.values(), ids=HUGE)
def test_what_is_huge_is_told_of_in_bearable_time(tmp_path: Path, content: str) -> None:
    (tmp_path / "media").mkdir()
    begun = datetime.now(UTC)
    read(tmp_path, content)
    assert (datetime.now(UTC) - begun).total_seconds() < 60


def _linked(path: Path, to: str) -> None:
    path.symlink_to(to)


ODD: dict[str, Callable[[Path], None]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to an endless file": lambda path: _linked(path, "/dev/zero"),
    "a link to a terminal": lambda path: _linked(path, "/dev/tty"),
    "a link to itself": lambda path: _linked(path, path.name),
    "a link to nothing": lambda path: _linked(path, "nothing"),
    "a file of the system": lambda path: _linked(path, "/proc/self/mem"),
    "UTF-16": lambda path: _wrote(path, 'alt = "x"'.encode("utf-16")),
    "NUL": lambda path: _wrote(path, b"\0"),
    "not UTF-8": lambda path: _wrote(path, b'alt = "\xe9\xff"'),
    "half a character": lambda path: _wrote(path, b'alt = "\xed\xa0\x80"'),
    "a byte order mark alone": lambda path: _wrote(path, b"\xef\xbb\xbf"),
}


def _wrote(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_is_no_file_of_text_is_told_of_wherever_it_stands(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    media = tmp_path / "media"
    draw(media / "carmen.jpg")
    for name in ("a.toml", "config.toml", "media/otra.jpg", "media/carmen.jpg.toml"):
        make(tmp_path / name)
    told(lambda: read_campaign(tmp_path / "a.toml", media_root=media))
    assert (
        told(lambda: load(tmp_path / "config.toml", {})) is None
        or make is ODD["a byte order mark alone"]
    )
    for asset in ("otra.jpg", "carmen.jpg"):
        content = HEAD + f'[[post]]\nkey="k"\ndue=2030-12-01T09:00:00\nassets=["{asset}"]\n'
        read(tmp_path, content)
