from pathlib import Path

import pytest

from tests.files.desk import Desk, film


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upright clip of four seconds, H.264 and AAC, its index in front."""
    return film(tmp_path_factory.mktemp("clips") / "clip.mp4", movflags="+faststart")
