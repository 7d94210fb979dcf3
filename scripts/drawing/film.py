"""Writes moving pictures with their sound as the three networks take them."""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

import av
from av.audio import AudioStream
from av.packet import Packet
from av.video import VideoStream
from PIL import Image

from drawing.clips import FPS, Frames
from drawing.cloth import anywhere, slits
from drawing.frame import footer
from drawing.graphics import GREETINGS, bubble
from drawing.palette import INK
from drawing.sheet import Sheet

RATE = 48_000
H264 = {
    "profile": "high",
    "crf": "23",
    "threads": "1",
    "x264-params": "keyint=60:min-keyint=60:scenecut=0:open-gop=0:bframes=0",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "colorspace": "bt709",
}


def melody(seconds: float, root: float, seed: int) -> "array[int]":
    """Soft plucked notes of a pentatonic scale over a low chord; 16-bit stereo, interleaved."""
    rng = Random(seed)  # noqa: S311 (a pattern, the same each time)
    count = round(seconds * RATE)
    left, right = [0.0] * count, [0.0] * count
    scale = (1, 9 / 8, 5 / 4, 3 / 2, 5 / 3, 2)
    beat, when = 0.3, 0.0
    while when < seconds - 1.2:
        pluck(left, right, when, root * rng.choice(scale), 0.16, rng.uniform(0.25, 0.75))
        if round(when / beat) % 8 == 0:
            for ratio in (0.5, 0.75, 1.0):
                pluck(left, right, when, root * ratio, 0.12, 0.5, 2.2)
        when += beat * rng.choice((1, 1, 2))
    samples: array[int] = array("h")
    for i in range(count):
        fade = min(1, i / 4800, (count - i) / 24_000)
        samples.append(round(32_000 * fade * max(-0.9, min(0.9, left[i]))))
        samples.append(round(32_000 * fade * max(-0.9, min(0.9, right[i]))))
    return samples


def pluck(
    left: list[float],
    right: list[float],
    when: float,
    pitch: float,
    loud: float,
    pan: float,
    length: float = 1.1,
) -> None:
    start = round(when * RATE)
    for i in range(min(round(length * RATE), len(left) - start)):
        t = i / RATE
        swell = min(1, t / 0.012) * math.exp(-3.4 * t / length)
        turn = 2 * math.pi * pitch * t
        tone = loud * swell * (math.sin(turn) + 0.3 * math.sin(2 * turn) * math.exp(-5 * t))
        left[start + i] += tone * (1 - pan)
        right[start + i] += tone * pan


def write_clip(path: Path, frames: Frames, root: float) -> None:
    """H.264 High, closed groups of two seconds, AAC-LC stereo, index in front, no edit list."""
    options = {"movflags": "+faststart", "use_editlist": "0", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        video = container.add_stream("libx264", rate=FPS, options=H264)
        audio = container.add_stream("aac", rate=RATE, layout="stereo")
        audio.bit_rate = 128_000
        seen = list(seen_packets(video, frames))
        seconds = sum(packet.size > 0 for packet in seen) / FPS
        heard = list(heard_packets(audio, melody(seconds, root, round(root))))
        # Sound beside its picture, so that a player need not jump about in the file.
        container.mux(sorted([*seen, *heard], key=lambda p: (p.dts or 0) * p.time_base))


def seen_packets(video: VideoStream, frames: Frames) -> Iterator["Packet[VideoStream]"]:
    for number, picture in enumerate(frames):
        if number == 0:
            video.width, video.height, video.pix_fmt = picture.width, picture.height, "yuv420p"
        rgb = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
        frame = rgb.reformat(format="yuv420p", dst_colorspace="ITU709")
        frame.pts, frame.time_base = number, Fraction(1, FPS)
        yield from video.encode(frame)
    yield from video.encode(None)


def heard_packets(audio: AudioStream, sound: "array[int]") -> Iterator["Packet[AudioStream]"]:
    for start in range(0, len(sound) // 2, 1024):
        piece = sound[start * 2 : (start + 1024) * 2]
        frame = av.AudioFrame(format="s16", layout="stereo", samples=len(piece) // 2)
        frame.planes[0].update(piece.tobytes())
        # The encoder starts 1024 samples early; moved on by as many, its first packet is at zero,
        # and a file without an edit list keeps its picture rate from the first frame.
        frame.sample_rate, frame.pts, frame.time_base = RATE, start + 1024, Fraction(1, RATE)
        yield from audio.encode(frame)
    yield from audio.encode(None)


def write_greetings(path: Path) -> None:
    """An animated GIF: one greeting after another."""
    frames = []
    for k, greeting in enumerate(GREETINGS):
        for grown in (0.82, 1.0):
            s = Sheet(640, 640, INK)
            slits(s, (0, 0, 640, 520), ("#26264C", "#2F2F5C"), 3, anywhere, 40)
            bubble(s, 320, 250, 112 * grown, greeting, k % 2 == 0)
            footer(s)
            frames.append(s.finished().quantize(48, dither=Image.Dither.NONE))
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        loop=0,
        optimize=True,
        duration=[120, 780] * len(GREETINGS),
    )
