"""The stand-in networks running, and media that are really media."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from somos_social.sandbox import Account, Sandbox
from tests.platforms.stage import IG_USER, PAGE, SECRETS, X_USER, Clock, Stage, film


@pytest.fixture(scope="session")
def media_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("media")
    Image.new("RGB", (1080, 1080), (0, 114, 188)).save(root / "foto.jpg")
    Image.new("RGB", (1080, 1350), (200, 114, 18)).save(root / "otra.jpg")
    waves = [Image.new("P", (320, 240), color) for color in (1, 60, 120)]
    waves[0].save(root / "ola.gif", save_all=True, append_images=waves[1:], duration=200)
    film(root / "corto.mp4", noisy=False)
    film(root / "ruido.mp4", noisy=True)
    return root


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(clock: Clock, media_root: Path) -> Iterator[Sandbox]:
    accounts = [
        Account(
            platform="facebook",
            handle="somoslomismo",
            id=PAGE,
            name="Somos Lo Mismo",
            secrets=SECRETS["facebook"],
        ),
        Account(
            platform="facebook",
            handle="otra",
            id="1000002",
            name="Otra",
            secrets={"token": "another-page"},
        ),
        Account(
            platform="instagram",
            handle="somoslomismo",
            id=IG_USER,
            name="Somos Lo Mismo",
            secrets=SECRETS["instagram"],
        ),
        Account(
            platform="x",
            handle="somoslomismo",
            id=X_USER,
            name="Somos Lo Mismo",
            secrets=SECRETS["x"],
        ),
    ]
    with Sandbox(accounts=accounts, clock=clock, media_root=media_root) as running:
        yield running


@pytest.fixture
def stage_of(box: Sandbox, clock: Clock, media_root: Path) -> Callable[[str], Stage]:
    def set_up(platform: str) -> Stage:
        return Stage(platform, box, clock, media_root)

    return set_up
