"""Running stand-in networks with a clock in the test's hand, and media that are really media."""

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import av
import pytest
import tweepy
from PIL import Image

from somos_social.sandbox import Account, Sandbox

from .networks import (
    IG_USER,
    OTHER_PAGE,
    OTHER_X_USER,
    PAGE,
    X_USER,
    Clock,
    Film,
    Graph,
    Picture,
    Rewrite,
    X,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts() -> list[Account]:
    def x_secrets(name: str) -> dict[str, str]:
        names = ("api_key", "api_secret", "access_token", "access_token_secret", "bearer")
        return {it: f"{name}-{it}" for it in names}

    return [
        Account(
            platform="facebook",
            handle="somoslomismo",
            id=PAGE,
            name="Somos Lo Mismo",
            secrets={"token": "facebook-token"},
        ),
        Account(
            platform="facebook",
            handle="otra",
            id=OTHER_PAGE,
            name="Otra página",
            secrets={"token": "other-token"},
        ),
        Account(
            platform="instagram",
            handle="somoslomismopa",
            id=IG_USER,
            name="Somos Lo Mismo Panamá",
            secrets={"token": "instagram-token"},
        ),
        Account(
            platform="x",
            handle="somoslomismo",
            id=X_USER,
            name="Somos Lo Mismo",
            secrets=x_secrets("first"),
        ),
        Account(
            platform="x", handle="otra", id=OTHER_X_USER, name="Otra", secrets=x_secrets("second")
        ),
    ]


@pytest.fixture
def media_root(tmp_path: Path) -> Path:
    root = tmp_path / "media"
    root.mkdir()
    return root


@pytest.fixture
def box(accounts: list[Account], clock: Clock, media_root: Path) -> Iterator[Sandbox]:
    with Sandbox(accounts=accounts, clock=clock, media_root=media_root) as running:
        yield running


@pytest.fixture
def graph(box: Sandbox) -> Graph:
    return Graph(box.url)


@pytest.fixture
def instagram(box: Sandbox) -> Graph:
    return Graph(box.url, "instagram-token")


@pytest.fixture
def x_of(box: Sandbox) -> Callable[[str], X]:
    def speak(name: str) -> X:
        client = tweepy.Client(
            consumer_key=f"{name}-api_key",
            consumer_secret=f"{name}-api_secret",
            access_token=f"{name}-access_token",
            access_token_secret=f"{name}-access_token_secret",
            bearer_token=f"{name}-bearer",
        )
        client.session.trust_env = False
        client.session.mount("https://", Rewrite(box.url))
        return X(client)

    return speak


@pytest.fixture
def x(x_of: Callable[[str], X]) -> X:
    return x_of("first")


@pytest.fixture
def picture(media_root: Path) -> Picture:
    def make(name: str = "foto.jpg", size: tuple[int, int] = (1080, 1080), **save: Any) -> Path:
        path = media_root / name
        Image.new("RGB", size, (0, 114, 188)).save(path, **save)
        return path

    return make


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Film:
    directory = tmp_path_factory.mktemp("films")

    @cache
    def make(size: tuple[int, int], seconds: float, fps: int, codec: str) -> Path:
        path = directory / f"{size[0]}x{size[1]}-{seconds}-{fps}-{codec}.mp4"
        muxing = {"movflags": "+faststart", "use_editlist": "0"}
        with av.open(str(path), "w", options=muxing) as container:
            stream = container.add_stream(codec, rate=fps)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            if codec == "libx264":
                stream.options = {"preset": "ultrafast"}
            frame = av.VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            for number in range(int(seconds * fps)):
                frame.pts = number
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return make


@pytest.fixture
def film(media_root: Path, films: Film) -> Film:
    def make(
        name: str = "corto.mp4",
        size: tuple[int, int] = (540, 960),
        seconds: float = 4,
        fps: int = 25,
        codec: str = "libx264",
    ) -> Path:
        return Path(shutil.copyfile(films(size, seconds, fps, codec), media_root / name))

    return make
