"""What is made of videos: copied where that is enough, H.264 and AAC of the right shape else."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import av
import pytest
from PIL import Image

from somos_social import media
from somos_social.core.fitting import PRIVATE, fit_for, fitted, still_of
from somos_social.core.limits import LIMITS, FileLimits
from somos_social.core.model.asset import Asset, Kind, Trait
from somos_social.core.model.post import Format, Variant
from somos_social.core.rules import findings
from somos_social.errors import InvalidFiles
from somos_social.media import MediaFolder
from somos_social.media.boxes import boxes
from somos_social.sandbox import probe
from somos_social.sandbox.graph.container_rules import video_failure
from somos_social.sandbox.x.media_rules import refusal_of
from tests.files.desk import film, problems_of

ROOT = Path(__file__).resolve().parents[2]
REEL = LIMITS["instagram"].video
PLACE = "+08.9824-079.5199/"


def shoot(
    file: Path,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (160, 90),
    fps: int = 30,
    seconds: int = 3,
    format: str = "yuv420p",
    sound: str | None = "aac",
    rate: int = 48_000,
    layout: str = "stereo",
    turned: int = 0,
    aspect: Fraction = Fraction(1),
    tags: dict[str, str] | None = None,
    muxing: dict[str, str] | None = None,
    late: int = 0,
    **encoding: Any,
) -> Path:
    """A clip whose left half is red and right half blue, with a tone, `late` by some seconds."""
    with av.open(str(file), "w", options=muxing or {}) as container:
        container.metadata.update(tags or {})
        video = container.add_stream(codec, rate=fps, options=encoding)
        assert isinstance(video, av.VideoStream)
        video.width, video.height = size
        video.pix_fmt = format
        video.codec_context.sample_aspect_ratio = aspect
        if turned:
            video.set_display_rotation(turned)
        audio = container.add_stream(sound, rate=rate, layout=layout) if sound else None
        picture = Image.new("RGB", size, "red")
        picture.paste("blue", (size[0] // 2, 0, *size))
        drawn: Any = av.VideoFrame.from_image
        frame = drawn(picture).reformat(format=format)
        for number in range(fps * seconds):
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio:
            assert isinstance(audio, av.AudioStream)
            _tone(container, audio, rate, layout, seconds, late)
    return file


def _tone(
    container: Any, audio: av.AudioStream, rate: int, layout: str, seconds: int, late: int
) -> None:
    graph = av.filter.Graph()
    formats = f"sample_fmts={audio.codec_context.format.name}:channel_layouts={layout}"
    graph.link_nodes(
        graph.add("sine", f"r={rate}:d={seconds}"),
        graph.add("aformat", formats),
        graph.add("abuffersink"),
    ).configure()
    while True:
        try:
            frame: Any = graph.pull()
            frame.pts += late * rate
            container.mux(audio.encode(frame))
        except (EOFError, BlockingIOError):
            break
    container.mux(audio.encode())


def made_for(file: Path, limits: FileLimits = REEL) -> Asset:
    """The file as it goes out under these limits, held against them once more."""
    source = MediaFolder(file.parent).source(file.name)
    made = media.rendition(file.parent, replace(source.asset, fit=fit_for(source, limits)))
    again = MediaFolder(file.parent).source(made.path)
    assert list(findings(again.asset, limits)) == []
    assert not again.traits & (PRIVATE | limits.refused)
    assert fit_for(again, limits) is None
    assert again.asset.seconds == pytest.approx(source.asset.seconds, abs=0.1)
    return again.asset


def seen(file: Path) -> Image.Image:
    """The first frame as a player shows it, but for its turning."""
    with av.open(str(file)) as container:
        frame: Any = next(container.decode(video=0))
        shown: Image.Image = frame.to_image().rotate(frame.rotation, expand=True)
        return shown


def is_near(found: Any, wanted: Any) -> bool:
    return all(abs(one - other) <= 40 for one, other in zip(found, wanted, strict=True))


def streams_of(file: Path) -> list[bytes]:
    """Every packet of a file that is seen or heard, stream by stream.

    What an encoder of sound puts in front is neither: an edit list hides it.
    """
    with av.open(str(file)) as container:
        packets = [each for each in container.demux() if each.size and not each.is_discard]
        return [bytes(p) for p in sorted(packets, key=lambda p: p.stream.index)]


def test_a_clip_of_a_browser_is_made_an_mp4_with_its_index_in_front(tmp_path: Path) -> None:
    file = shoot(
        tmp_path / "a.webm", codec="libvpx-vp9", fps=60, sound="libopus", deadline="realtime"
    )
    made = made_for(file)
    assert (made.mime, made.video_codec, made.audio_codec) == ("video/mp4", "h264", "aac")
    assert made.fps == pytest.approx(60, abs=0.5)
    content = (tmp_path / made.path).read_bytes()
    with (tmp_path / made.path).open("rb") as opened:
        names = [box.name for box in boxes(opened)]
    assert names.index(b"moov") < names.index(b"mdat")
    assert b"elst" not in content
    left, right = (seen(tmp_path / made.path).getpixel((x, 45)) for x in (20, 140))
    assert is_near(left, (255, 0, 0))
    assert is_near(right, (0, 0, 255))


@pytest.mark.parametrize("name", ["a.mov", "a.mp4"])
def test_where_a_clip_was_filmed_is_taken_out_and_every_frame_stays(
    tmp_path: Path, name: str
) -> None:
    tags = {"location": PLACE, "title": "Calle 50"}
    if name == "a.mov":
        tags["com.apple.quicktime.location.ISO6709"] = PLACE
    file = shoot(tmp_path / name, turned=90, tags=tags, muxing={"movflags": "use_metadata_tags"})
    if name == "a.mp4":  # As telephones write it, in an atom of its own.
        shoot(file, turned=90, tags=tags)
    assert PLACE.encode() in file.read_bytes() or b"loci" in file.read_bytes()
    source = MediaFolder(tmp_path).source(name)
    assert Trait.GPS in source.traits
    made = made_for(file)
    content = (tmp_path / made.path).read_bytes()
    assert PLACE.encode() not in content
    assert b"Calle 50" not in content
    assert b"loci" not in content
    assert streams_of(tmp_path / made.path) == streams_of(file)
    assert (made.width, made.height) == (source.asset.width, source.asset.height) == (90, 160)


@pytest.mark.parametrize("tag", ["creation_time", "com.apple.quicktime.creationdate"])
def test_when_a_clip_was_filmed_is_taken_out_and_every_frame_stays(
    tmp_path: Path, tag: str
) -> None:
    muxing = {"movflags": "use_metadata_tags", "use_editlist": "0"}
    file = shoot(tmp_path / "a.mov", tags={tag: "2026-11-01T10:00:00Z"}, muxing=muxing, bf="0")
    assert MediaFolder(tmp_path).source("a.mov").traits & PRIVATE == {Trait.NOTES}
    made = made_for(file, LIMITS["facebook"].video)
    with av.open(str(tmp_path / made.path)) as container:
        tags = [container.metadata, *(stream.metadata for stream in container.streams)]
    assert "2026" not in str(tags)
    assert streams_of(tmp_path / made.path) == streams_of(file)


def _edited(file: Path, *, begin: float, seconds: float) -> Path:
    """Lets the edit lists of a clip show only a stretch of it, as telephones cut a film."""
    content = bytearray(file.read_bytes())
    scales = {b"vide": 15_360, b"soun": 48_000}
    for track in content.split(b"trak")[1:]:
        at = content.index(track) + track.index(b"elst") + 12
        scale = next(scales[kind] for kind in scales if kind in track)
        shown = int.from_bytes(content[at + 4 : at + 8], "big") + round(begin * scale)
        content[at : at + 8] = struct.pack(">II", round(seconds * 1000), shown)
    file.write_bytes(content)
    return file


def _spacing(file: Path) -> set[int]:
    """How many milliseconds frames last, but for the last one."""
    with av.open(str(file)) as container:
        times = [frame.time for frame in container.decode(video=0) if frame.time is not None]
    return {round((later - sooner) * 1000) for sooner, later in pairwise(times)}


def _beginnings(file: Path) -> list[float]:
    """The second of the first frame that is seen, and of the first that is heard."""
    with av.open(str(file)) as container:
        seen = next(container.decode(video=0)).time
        container.seek(0)
        heard = (
            frame.time
            for frame in container.decode(audio=0)
            if max(map(abs, memoryview(frame.planes[0]).cast("f"))) > 0.01
        )
        return [seen or 0.0, next(heard) or 0.0]


def test_an_edit_list_is_taken_out_and_sound_and_picture_stay_together(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mp4", bf="2")
    assert Trait.EDIT_LIST in MediaFolder(tmp_path).source("a.mp4").traits
    made = made_for(file)
    assert b"elst" not in (tmp_path / made.path).read_bytes()
    assert streams_of(tmp_path / made.path) == streams_of(file)
    assert _spacing(tmp_path / made.path) == {33}
    assert _beginnings(tmp_path / made.path) == pytest.approx(_beginnings(file), abs=0.005)


@pytest.mark.parametrize(("begin", "seconds"), [(1.5, 1.5), (0, 1.5), (1, 2)])
@pytest.mark.parametrize("platform", LIMITS)
def test_what_was_cut_away_from_a_clip_goes_to_nobody(
    tmp_path: Path, platform: str, begin: float, seconds: float
) -> None:
    file = _edited(shoot(tmp_path / "a.mp4", g="30", bf="2"), begin=begin, seconds=seconds)
    source = MediaFolder(tmp_path).source("a.mp4")
    assert Trait.HIDDEN in source.traits
    assert source.asset.seconds == pytest.approx(seconds)
    made = made_for(file, replace(LIMITS[platform].video, seconds=None))
    with av.open(str(tmp_path / made.path)) as container:
        assert container.streams.video[0].frames == round(seconds * 30)
    assert _spacing(tmp_path / made.path) == {33}


@pytest.mark.parametrize(
    ("name", "sound", "fps"),
    [("a.ts", "mp2", 30), ("a.ts", "mp2", 120), ("a.mp4", "aac", 120), ("a.mkv", "libopus", 120)],
)
def test_the_frames_of_a_clip_with_sound_are_evenly_spaced(
    tmp_path: Path, name: str, sound: str, fps: int
) -> None:
    file = shoot(tmp_path / name, sound=sound, fps=fps, bf="2")
    made = made_for(file)
    assert _spacing(tmp_path / made.path) == {round(1000 / made.fps)}
    assert made.fps == pytest.approx(min(fps, 60), abs=0.001)
    assert max(_beginnings(tmp_path / made.path)) < 0.025


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + name + content


def test_what_an_editor_noted_beside_the_film_is_taken_out(tmp_path: Path) -> None:
    whole = shoot(tmp_path / "a.mp4").read_bytes()
    outside = _box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + b"Calle 50")
    at = whole.index(b"moov")
    size = int.from_bytes(whole[at - 4 : at], "big")
    inside = _box(b"udta", _box(b"XMP_", b"Calle 50"))
    longer = (size + len(inside)).to_bytes(4, "big")
    # The index stands last, so nothing moves that it points at.
    (tmp_path / "in.mp4").write_bytes(whole[: at - 4] + longer + whole[at:] + inside)
    (tmp_path / "out.mp4").write_bytes(whole + outside)
    for name in ("in.mp4", "out.mp4"):
        assert Trait.XMP in MediaFolder(tmp_path).source(name).traits
        made = made_for(tmp_path / name)
        assert b"Calle 50" not in (tmp_path / made.path).read_bytes()


@pytest.mark.parametrize("turned", [90, -90, 180])
def test_a_turned_clip_that_is_made_anew_stands_upright(tmp_path: Path, turned: int) -> None:
    file = shoot(tmp_path / "a.mov", turned=turned, fps=120)
    wanted = seen(file)
    made = made_for(file)
    shown = seen(tmp_path / made.path)
    assert (made.width, made.height) == shown.size == wanted.size
    for at in ((10, 10), (shown.width - 10, shown.height - 10)):
        assert is_near(shown.getpixel(at), wanted.getpixel(at))
    assert not MediaFolder(tmp_path).source(made.path).traits


def test_a_clip_of_another_ratio_is_padded_for_a_reel(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mp4", size=(540, 540))
    (tmp_path / "a.mp4.toml").write_text('background = "#ffff00"')
    limits = LIMITS["facebook"].reel
    assert limits
    made = made_for(file, limits)
    assert (made.width, made.height) == (540, 960)
    shown = seen(tmp_path / made.path)
    assert is_near(shown.getpixel((270, 50)), (255, 255, 0))
    assert is_near(shown.getpixel((100, 480)), (255, 0, 0))


def test_a_clip_is_cropped_for_a_reel_where_the_sidecar_says_so(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mp4", size=(1280, 960))
    (tmp_path / "a.mp4.toml").write_text('fit = "crop"')
    limits = LIMITS["facebook"].reel
    assert limits
    made = made_for(file, limits)
    assert (made.width, made.height) == (540, 960)
    shown = seen(tmp_path / made.path)
    assert is_near(shown.getpixel((20, 480)), (255, 0, 0))
    assert is_near(shown.getpixel((520, 480)), (0, 0, 255))


def test_a_turned_clip_of_oblong_pixels_is_cropped_where_it_is_shown(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mov", size=(480, 1280), aspect=Fraction(2), turned=90)
    (tmp_path / "a.mov.toml").write_text('fit = "crop"')
    limits = LIMITS["facebook"].reel
    assert limits
    made = made_for(file, limits)
    assert (made.width, made.height) == (540, 960)
    shown = seen(tmp_path / made.path)
    assert is_near(shown.getpixel((270, 20)), (0, 0, 255))
    assert is_near(shown.getpixel((270, 940)), (255, 0, 0))


def test_half_frames_are_joined(tmp_path: Path) -> None:
    encoding: dict[str, Any] = {"x264-params": "tff=1"}
    file = shoot(tmp_path / "a.mp4", size=(160, 96), **encoding)
    assert Trait.INTERLACED in MediaFolder(tmp_path).source("a.mp4").traits
    made = made_for(file)
    assert not MediaFolder(tmp_path).source(made.path).traits
    assert made.fps == pytest.approx(30, abs=0.5)


QUIET: dict[str, Any] = {"x265-params": "log-level=none"}
SHAPES: dict[str, Callable[[Path], Path]] = {
    "frames too fast": lambda file: shoot(file / "a.mp4", fps=120),
    "frames too slow": lambda file: shoot(file / "a.mp4", fps=10),
    "sound around": lambda file: shoot(file / "a.mp4", layout="5.1"),
    "sound for bats": lambda file: shoot(file / "a.mp4", rate=96_000),
    "one ear": lambda file: shoot(file / "a.mkv", layout="mono", sound="libopus"),
    "no sound": lambda file: shoot(file / "a.avi", codec="mpeg4", sound=None),
    "chroma of a studio": lambda file: shoot(file / "a.mp4", format="yuv422p"),
    "ten bits": lambda file: shoot(file / "a.mp4", format="yuv420p10le"),
    "oblong pixels of television": lambda file: shoot(
        file / "a.ts", size=(160, 120), aspect=Fraction(4, 3), sound="mp2"
    ),
    "odd sides": lambda file: shoot(file / "a.mov", size=(161, 91), codec="png", format="rgb24"),
    "another codec": lambda file: shoot(file / "a.mp4", codec="libx265", **QUIET),
    "in fragments": lambda file: shoot(
        file / "a.mp4", muxing={"movflags": "frag_keyframe+empty_moov"}, fps=100
    ),
}


@pytest.mark.parametrize("platform", LIMITS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_clip_is_taken_once_it_was_made_fit(
    tmp_path: Path, shape: str, platform: str
) -> None:
    made = made_for(SHAPES[shape](tmp_path), LIMITS[platform].video)
    assert bool(made.audio_codec) == (shape != "no sound")
    assert _said_by_the_stand_in(platform, tmp_path / made.path) is None


def _said_by_the_stand_in(platform: str, file: Path) -> Any:
    """Why the built-in network would not take a video; None where it does."""
    film = probe.film(file)
    match platform:
        case "instagram":
            return video_failure(film, file.stat().st_size, "REELS")
        case "x":
            return refusal_of(film)
    return None if film else "no film"


@pytest.mark.parametrize("fps", [30, 120])
def test_sound_and_picture_stay_together(tmp_path: Path, fps: int) -> None:
    made = made_for(shoot(tmp_path / "a.ts", sound="mp2", fps=fps))
    with av.open(str(tmp_path / made.path)) as container:
        begins = [
            float((stream.start_time or 0) * stream.time_base)
            for stream in container.streams
            if stream.time_base
        ]
        shown = min(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
        begins.append(float(shown * (container.streams.video[0].time_base or 1)))
    assert max(begins) - min(begins) < 0.05
    assert min(begins) >= 0


@pytest.mark.parametrize(("sound", "fps"), [("libopus", 120), ("aac", 30)])
def test_sound_that_begins_later_still_does(tmp_path: Path, sound: str, fps: int) -> None:
    made = made_for(shoot(tmp_path / "a.mkv", sound=sound, fps=fps, late=1, seconds=2))
    with av.open(str(tmp_path / made.path)) as container:
        frames = list(container.decode(audio=0))
    loud = [max(map(abs, memoryview(frame.planes[0]).cast("f"))) > 0.01 for frame in frames]
    # Counted in samples, which is what every player goes by.
    silent = sum(frame.samples for frame in frames[: loud.index(True)])
    assert silent / 48_000 == pytest.approx(1, abs=0.06)


def test_a_clip_keeps_the_size_that_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "a.avi"
    noise = [Image.effect_noise((320, 180), 90).convert("RGB") for _ in range(5)]
    with av.open(str(file), "w") as container:
        video = container.add_stream("mjpeg", rate=30)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = 320, 180, "yuvj420p"
        drawn: Any = av.VideoFrame.from_image
        for number in range(90):
            frame = drawn(noise[number % 5]).reformat(format="yuvj420p")
            frame.pts, frame.time_base = number, Fraction(1, 30)
            container.mux(video.encode(frame))
        container.mux(video.encode())
    large = made_for(file)
    small = made_for(file, replace(REEL, max_bytes=large.size // 3))
    assert small.size <= large.size // 3


def test_a_second_track_of_sound_and_of_words_is_left_out(tmp_path: Path) -> None:
    one = shoot(tmp_path / "one.mp4")
    with av.open(str(one)) as source, av.open(str(tmp_path / "a.mkv"), "w") as two:
        lanes = [(each, two.add_stream_from_template(each)) for each in source.streams]
        more = two.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux():
            if packet.dts is None:
                continue
            content, again = bytes(packet), av.Packet(bytes(packet))
            again.pts, again.dts, again.time_base = packet.pts, packet.dts, packet.time_base
            packet.stream = lanes[packet.stream.index][1]
            two.mux(packet)
            if packet.stream.type == "audio" and content:
                again.stream = more
                two.mux(again)
    assert Trait.TRACKS in MediaFolder(tmp_path).source("a.mkv").traits
    made = made_for(tmp_path / "a.mkv")
    with av.open(str(tmp_path / made.path)) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]


def test_the_same_clip_and_rule_give_the_same_bytes(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mp4", fps=120, seconds=3)
    first = made_for(file)
    (tmp_path / first.path).unlink()
    assert made_for(file) == first


def test_making_a_clip_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    steps: list[tuple[int, int]] = []

    def watch(path: str, done: int, whole: int) -> None:
        assert path == "a.mp4"
        steps.append((done, whole))
        if len(steps) == 20:
            raise Enough

    source = MediaFolder(shoot(tmp_path / "a.mp4", fps=120).parent).source("a.mp4")
    asset = replace(source.asset, fit=fit_for(source, REEL))
    with pytest.raises(Enough):
        media.rendition(tmp_path, asset, watch)
    assert list((tmp_path / media.RENDITIONS).iterdir()) == []
    assert 0 <= steps[0][0] < steps[-1][0] < steps[-1][1]
    media.rendition(tmp_path, asset, lambda *step: steps.append(step[1:]))
    assert steps[-1] == (1, 1)


def test_a_clip_that_breaks_off_after_it_was_looked_at_is_told(tmp_path: Path) -> None:
    file = shoot(tmp_path / "a.mkv", codec="mpeg4", sound=None)
    source = MediaFolder(tmp_path).source("a.mkv")
    asset = replace(source.asset, fit=fit_for(source, REEL))
    file.write_bytes(b"\0" * 5000)
    with pytest.raises(InvalidFiles, match="changed since"):
        media.rendition(tmp_path, asset)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cover = 60", "after the end of the video"),
        ('cover = "1"', "must be a second"),
        ("cover = -1", "must be a second"),
        ('fit = "crops"', "Did you mean `crop`?"),
        ('background = "white"', "is no colour"),
    ],
)
def test_a_mistake_in_how_a_clip_is_to_be_mended_is_told(
    tmp_path: Path, line: str, words: str
) -> None:
    shoot(tmp_path / "a.mp4")
    (tmp_path / "a.mp4.toml").write_text(line)
    [problem] = problems_of(lambda: MediaFolder(tmp_path).asset("a.mp4"))
    assert words in f"{problem.problem} {problem.hint}"


def test_the_second_that_stands_for_a_clip_is_read(tmp_path: Path) -> None:
    shoot(tmp_path / "a.mp4")
    (tmp_path / "a.mp4.toml").write_text("cover = 1.5")
    assert MediaFolder(tmp_path).asset("a.mp4").cover == 1.5


@pytest.mark.parametrize(("turned", "mend"), [(0, "pad"), (90, "pad"), (0, "crop")])
def test_the_frame_that_stands_for_a_clip_is_framed_as_the_clip_is(
    tmp_path: Path, turned: int, mend: str
) -> None:
    size = (960, 1280) if mend == "crop" else (960, 540)
    shoot(tmp_path / "a.mov", size=size, turned=turned, seconds=3)
    (tmp_path / "a.mov.toml").write_text(f'cover = 1.5\nfit = "{mend}"\nbackground = "#ffff00"')
    source = MediaFolder(tmp_path).source("a.mov")
    variant = fitted(Variant(format=Format.REEL, assets=(source.asset,)), [source], "facebook")
    still = still_of(variant.assets, "facebook")
    assert still is not None
    assert Asset.from_raw(json.loads(json.dumps(still.to_raw()))) == still
    made = media.rendition(tmp_path, still)
    film = media.rendition(tmp_path, variant.assets[0])
    assert (made.kind, made.mime) == (Kind.IMAGE, "image/jpeg")
    shown, wanted = Image.open(tmp_path / made.path), seen(tmp_path / film.path)
    assert shown.size == wanted.size == (made.width, made.height)
    width, height = shown.size
    for at in (
        (5, 5),
        (width - 5, height - 5),
        (width // 4, height // 2),
        (width - 20, height // 2),
    ):
        assert is_near(shown.getpixel(at), wanted.getpixel(at))


def test_the_frame_that_stands_for_a_clip_is_that_of_its_second(tmp_path: Path) -> None:
    film(tmp_path / "a.mp4", size=(96, 160))  # Brighter with each of 24 frames in a second.
    with av.open(str(tmp_path / "a.mp4")) as container:
        frames: list[Any] = list(container.decode(video=0))
    for second, number in ((1, 24), (2.49, 60), (3.99, 95)):
        (tmp_path / "a.mp4.toml").write_text(f"cover = {second}")
        still = still_of([MediaFolder(tmp_path).asset("a.mp4")], "facebook")
        assert still is not None
        shown = Image.open(tmp_path / media.rendition(tmp_path, still).path).getpixel((40, 40))
        wanted = frames[number].to_image().getpixel((40, 40))
        assert all(
            abs(one - other) <= 6 for one, other in zip(cast(Any, shown), wanted, strict=True)
        )


STREAM = """
import resource, sys
from pathlib import Path
from somos_social.core.model.asset import Fit
from somos_social.media.film_making import make_film

folder = Path(sys.argv[1])
fit = Fit(mime="video/mp4", width=64, height=36, keeps_picture=sys.argv[2] == "copied")
make_film(folder / "short.mkv", fit, folder / "short.mp4", lambda _: None)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
make_film(folder / "long.mkv", fit, folder / "long.mp4", lambda _: None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def test_a_long_film_does_not_fill_the_memory(tmp_path: Path) -> None:
    small: dict[str, Any] = {"size": (64, 36), "fps": 5, "sound": "pcm_s16le"}
    shoot(tmp_path / "short.mkv", seconds=5, preset="ultrafast", **small)
    long = shoot(tmp_path / "long.mkv", seconds=200, preset="ultrafast", **small)
    assert long.stat().st_size > 35 * 2**20
    for way in ("copied", "anew"):
        done = subprocess.run(
            [sys.executable, "-c", STREAM, str(tmp_path), way],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert int(done.stdout) < 18 * 2**20
