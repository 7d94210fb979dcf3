"""A folder with real pictures, clips and files, as a person would have them before the check."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.stream import Disposition
from PIL import Image

from somos_social.core.model.campaign import Campaign
from somos_social.errors import InvalidFiles, Problem
from somos_social.files import read_campaign

HEAD = """\
name = "Somos Lo Mismo Panamá"
hashtag = "#SomosLoMismo"
timezone = "America/Panama"
channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]
"""

POST = """
[[post]]
key = "historia-carmen"
due = 2026-12-01T09:00:00
goal = "empathy"
text = "Carmen enseña a leer."
assets = ["carmen.jpg"]
"""

HANDOFF = """
[[handoff]]
key = "ana-reel"
influencer = "@ana"
live_due = 2026-12-05T18:00:00
"""


def problems_of(reading: Callable[[], object]) -> list[Problem]:
    """What a reading complains of; none where it succeeds."""
    try:
        reading()
    except InvalidFiles as invalid:
        return list(invalid.problems)
    return []


def draw(path: Path, size: tuple[int, int] = (108, 135), **options: Any) -> Path:
    """A picture of one colour, in the format of its ending."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = options.pop("mode", "RGB")
    Image.new(mode, size, "teal").save(path, **options)
    return path


def film(
    path: Path,
    *,
    size: tuple[int, int] = (540, 960),
    seconds: int = 4,
    codec: str = "libx264",
    sound: bool = True,
    aspect: Fraction = Fraction(1),
    **options: str,
) -> Path:
    """A clip of one colour at 24 frames a second, with silence as its sound."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options=options) as container:
        video = container.add_stream(codec, rate=24)
        assert isinstance(video, av.VideoStream)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.codec_context.sample_aspect_ratio = aspect
        audio = container.add_stream("aac", rate=48000) if sound else None
        for number in range(24 * seconds):
            frame = av.VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number % 256]) * plane.buffer_size)
            frame.pts = number
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio:
            assert isinstance(audio, av.AudioStream)
            _keep_silent(container, audio, seconds)
    return path


def record(path: Path) -> Path:
    """A second of silence with a cover, as a song has one."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("png", rate=1)
        audio = container.add_stream("aac", rate=48000)
        assert isinstance(cover, av.VideoStream)
        cover.width, cover.height, cover.pix_fmt = 32, 32, "rgb24"
        cover.disposition = Disposition.attached_pic
        picture = av.VideoFrame(32, 32, "rgb24")
        picture.pts = 0
        container.mux(cover.encode(picture))
        container.mux(cover.encode())
        _keep_silent(container, audio, 1)
    return path


def _keep_silent(container: OutputContainer, stream: av.AudioStream, seconds: int) -> None:
    for number in range(48000 * seconds // 1024):
        frame = av.AudioFrame("fltp", "stereo", 1024)
        for channel in frame.planes:
            channel.update(bytes(channel.buffer_size))
        frame.sample_rate, frame.pts = 48000, number * 1024
        container.mux(stream.encode(frame))
    container.mux(stream.encode())


class Desk:
    """The folder of one test: `campaign.toml` beside `media/`, which holds `carmen.jpg`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = folder / "media"
        self.path = folder / "panama.toml"
        draw(self.media / "carmen.jpg")

    def write(self, content: str | bytes, name: str = "panama.toml") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, content: str = HEAD + POST, **against: Any) -> Campaign:
        return read_campaign(self.write(content), media_root=self.media, **against)

    def problems(self, content: str | bytes, **against: Any) -> list[Problem]:
        path = self.write(content)
        return problems_of(lambda: read_campaign(path, media_root=self.media, **against))

    def only_problem(self, content: str | bytes, **against: Any) -> Problem:
        [problem] = self.problems(content, **against)
        return problem
