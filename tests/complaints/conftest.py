"""The whole program on a clock of its own; and, for what a person sees, the command line."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social import rehearsal
from somos_social.rehearsal import VirtualClock
from somos_social.sandbox import Sandbox
from tests.complaints.whole import CHANNELS, DUE, Whole


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (600, 600), "teal").save(media / "foto.jpg")
    accounts = rehearsal.accounts_for(CHANNELS)
    clock = VirtualClock(DUE - timedelta(days=1))
    with Sandbox(accounts=accounts, clock=clock, media_root=media) as box:
        whole = Whole(folder=tmp_path, box=box, accounts=accounts, clock=clock)
        yield whole
        whole.stop()
