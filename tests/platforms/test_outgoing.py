"""Files on their way out: memory does not grow with them, and progress is told as they go."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from somos_social.core.events import Blocked
from somos_social.core.model.asset import Asset, Kind
from somos_social.platforms.outgoing import outgoing
from tests.platforms.servers import Asked, Reply, answering, reply
from tests.platforms.stage import Stage, event_of

MIB = 1024 * 1024
SIZE = 48 * MIB
ROOM = 12 * MIB
"""What one upload may hold at once: a chunk, its text for X, and buffers."""

VIDEO = Asset(
    path="grande.mp4",
    sha256="0" * 64,
    kind=Kind.VIDEO,
    mime="video/mp4",
    size=SIZE,
    width=540,
    height=960,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with (tmp_path / VIDEO.path).open("wb") as file:
        file.truncate(SIZE)
    return tmp_path


def meta(asked: Asked) -> Reply:
    if "status_code" in asked.query.get("fields", ""):
        return reply({"status_code": "FINISHED"})
    begun = {"id": "7", "video_id": "7", "upload_session_id": "8", "success": True}
    sent = str(SIZE) if int(asked.headers.get("content-length", 0)) > SIZE else "0"
    return reply({**begun, "start_offset": sent, "end_offset": str(SIZE)})


def x(asked: Asked) -> Reply:
    return reply({"data": {"id": "7"}})


@pytest.mark.parametrize(
    ("platform", "kind", "network"),
    [
        ("facebook", "video", meta),
        ("facebook", "reel", meta),
        ("instagram", "reel", meta),
        ("x", "video", x),
    ],
)
def test_memory_does_not_grow_with_the_file(
    stage_of: Callable[[str], Stage],
    root: Path,
    platform: str,
    kind: str,
    network: Callable[[Asked], Reply],
) -> None:
    stage = stage_of(platform)
    variant = replace(stage.variant(kind), assets=(VIDEO,))
    with answering(network, keeping=MIB // 2) as server:
        adapter = stage.adapter(rebase=server.rebase, media_root=root)
        tracemalloc.start()
        adapter.prepare(stage.delivery(variant), None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        received = sum(int(asked.headers.get("content-length", 0)) for asked in server.asked)
    assert received > SIZE
    assert peak < ROOM


def test_progress_is_told_from_the_beginning_to_the_end(root: Path) -> None:
    told: list[tuple[str, int, int]] = []
    with outgoing(root, VIDEO, lambda *step: told.append(step), start=MIB // 2) as file:
        while file.read(16384):
            pass
    assert told[0] == (VIDEO.path, MIB, SIZE)
    assert told[-1] == (VIDEO.path, SIZE, SIZE)
    assert len(told) == SIZE // MIB


def test_a_stretch_ends_where_it_was_to_end(root: Path) -> None:
    with outgoing(root, VIDEO, lambda *_: None, start=5, end=12) as file:
        assert file.len == 7
        assert len(file.read(4)) == 4
        assert file.len == 3
        assert len(file.read()) == 3
        assert file.read(4) == b""


def test_a_file_that_shrinks_while_it_is_sent_stops_the_upload(root: Path) -> None:
    with outgoing(root, VIDEO, lambda *_: None) as file:
        (root / VIDEO.path).write_bytes(b"short")
        event = event_of(file.read, MIB)
    assert isinstance(event, Blocked)


def test_the_name_told_to_a_network_is_plain_ascii(root: Path) -> None:
    (root / "niñez.mp4").write_bytes(bytes(3))
    asset = replace(VIDEO, path="niñez.mp4", size=3)
    with outgoing(root, asset, lambda *_: None) as file:
        assert file.name == "0000000000000000.mp4"
