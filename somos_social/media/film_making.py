"""Makes a video fit: H.264 and AAC in an MP4 that begins with its index, frame by frame."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from somos_social.core.fitting import SOUND_KILOBITS
from somos_social.core.model.asset import Fit
from somos_social.media.films import FORMATS, HDR, moving

if TYPE_CHECKING:
    from av import AudioStream, VideoFrame, VideoStream
    from av.container import InputContainer, OutputContainer
    from av.filter import Graph

QUALITY = {"preset": "veryfast", "crf": "18"}
"""Of x264: looks as the source does. The networks encode again, so time spent here is lost."""

_MUXING = {
    # No edit list, the index in front, and nothing that tells when or by what it was made.
    "movflags": "+faststart",
    "use_editlist": "0",
    "fflags": "+bitexact",
    # What begins a little before the picture must not push it back: its first frame would last on.
    "avoid_negative_ts": "disabled",
}
# Without an edit list, frames that are shown in another order than decoded would come late.
_MUXING_OF_COPIES = {**_MUXING, "movflags": "+faststart+negative_cts_offsets"}
_USUAL_COLOURS = "out_color_matrix=bt709:out_range=tv"
_OF_HDR = "out_primaries=bt709:out_transfer=bt709"

MOST_UNTIMED = 100
"""Frames that are decoded before the first whose time is told; an encoder holds fewer."""

MOST_LEFT_OUT = 100_000
"""Microseconds of sound before the first frame that are given up, so that the picture is even."""

MOST_APART = 40_000
"""Microseconds by which sound may come before what is seen and nobody notices (ITU-R BT.1359)."""

_BLOCK = 1024
"""Samples of a stretch of silence."""

Seen = Callable[[float], None]
"""Called with the second of the film that is done."""


def make_film(source: Path, fit: Fit, target: Path, seen: Seen) -> None:
    """Writes the rendition of a video to `target`; never more than some frames are in memory."""
    import av

    muxing = _MUXING_OF_COPIES if fit.keeps_picture else _MUXING
    with (
        av.open(str(source), "r", options={"format_whitelist": FORMATS}) as film,
        av.open(str(target), "w", format="mp4", options=muxing) as made,
    ):
        frames = moving(film)
        if frames is None:
            raise ValueError("no moving picture")
        sound = film.streams.audio[0] if film.streams.audio else None
        begin = _begin(film, frames)
        lanes: dict[int, _Lane] = {
            frames.index: _Copied(made, frames, begin)
            if fit.keeps_picture and _is_near(frames, begin)
            else _Frames(made, frames, fit, begin)
        }
        if sound:
            lanes[sound.index] = (
                _Copied(made, sound, begin)
                if fit.keeps_sound and _is_near(sound, begin)
                else _Sound(made, sound, begin)
            )
        _carry(film, made, lanes, seen)


def _begin(film: "InputContainer", frames: "VideoStream") -> int:
    """The microsecond with which the rendition begins: that of the picture, where it can be."""
    begin = film.start_time or 0
    first = _first(frames)
    return begin if first is None or first > begin + MOST_LEFT_OUT else first


def _first(stream: Any) -> int | None:
    """The microsecond at which a stream begins, where the file says so."""
    if stream.start_time is None or stream.time_base is None:
        return None
    first: int = round(stream.start_time * stream.time_base * 1_000_000)
    return first


def _is_near(stream: Any, begin: int) -> bool:
    """Whether a stream can be copied: without an edit list, all begins at once."""
    first = _first(stream)
    return first is None or first < begin + MOST_APART


def _carry(
    film: "InputContainer", made: "OutputContainer", lanes: "dict[int, _Lane]", seen: Seen
) -> None:
    begin = (film.start_time or 0) / 1_000_000
    for packet in film.demux([film.streams[index] for index in lanes]):
        for ready in lanes[packet.stream.index].carried(packet):
            made.mux(ready)
        if packet.pts is not None and packet.time_base:
            seen(float(packet.pts * packet.time_base) - begin)
    for lane in lanes.values():
        for ready in lane.rest():
            made.mux(ready)


class _Lane:
    """One stream on its way from the source to the rendition."""

    def carried(self, packet: Any) -> Iterator[Any]:
        """What comes of a packet; the last packet of a stream is empty."""
        raise NotImplementedError

    def rest(self) -> Iterator[Any]:
        """What is still under way when the source has ended."""
        raise NotImplementedError


class _Copied(_Lane):
    """Bit by bit, moved so that the film begins at zero."""

    def __init__(self, made: "OutputContainer", stream: Any, begin: int) -> None:
        self._out = made.add_stream_from_template(stream)
        self._out.metadata.clear()
        self._shift = round(Fraction(begin, 1_000_000) / stream.time_base)
        rate = getattr(stream, "average_rate", None) or 30
        self._step = max(round(1 / (rate * stream.time_base)), 1)
        self._untimed: list[Any] = []

    def carried(self, packet: Any) -> Iterator[Any]:
        if not packet.size or packet.is_discard:  # A decoder needs it, and nobody hears it.
            return
        if packet.dts is None:
            # Matroska does not say when the first frames are to be decoded: before the next one.
            self._untimed.append(packet)
            if len(self._untimed) > MOST_UNTIMED:
                raise ValueError("no packet says when it is to be decoded")
            return
        for place, early in enumerate(reversed(self._untimed), start=1):
            early.dts = packet.dts - place * self._step
        ready, self._untimed = [*self._untimed, packet], []
        for each in ready:
            each.pts -= self._shift
            each.dts -= self._shift
            each.stream = self._out
            if self._out.type == "video" or each.pts + (each.duration or 1) > 0:
                yield each

    def rest(self) -> Iterator[Any]:
        yield from ()


class _Frames(_Lane):
    def __init__(
        self, made: "OutputContainer", stream: "VideoStream", fit: Fit, begin: int
    ) -> None:
        rate = _rate(stream, fit)
        stream.thread_type = "AUTO"
        self._stream, self._fit, self._rate = stream, fit, rate
        self._begin = begin / 1_000_000
        self._graph: Graph | None = None
        out = made.add_stream("libx264", rate=rate, options=_encoding(fit, rate))
        out.width, out.height, out.pix_fmt = fit.width, fit.height, "yuv420p"
        out.codec_context.sample_aspect_ratio = Fraction(1)
        out.codec_context.color_primaries = 1  # BT.709 (ITU-T H.273), as all three below.
        out.codec_context.color_trc = 1
        out.codec_context.colorspace = 1
        out.codec_context.color_range = 1
        out.time_base = out.codec_context.time_base = 1 / rate
        self._out = out

    def carried(self, packet: Any) -> Iterator[Any]:
        for frame in packet.decode():
            if self._graph is None:
                self._graph = _graph(self._stream, frame, self._fit, self._rate, self._begin)
            self._graph.vpush(frame)
            yield from self._encoded(self._graph)

    def rest(self) -> Iterator[Any]:
        if self._graph is not None:
            self._graph.vpush(None)
            yield from self._encoded(self._graph)
        yield from self._out.encode(None)

    def _encoded(self, graph: "Graph") -> Iterator[Any]:
        while True:
            try:
                frame = graph.vpull()
            except (BlockingIOError, EOFError):
                return
            frame.pict_type = 0  # The encoder chooses its own key frames.
            yield from self._out.encode(frame)


class _Sound(_Lane):
    def __init__(self, made: "OutputContainer", stream: "AudioStream", begin: int) -> None:
        from av import AudioResampler

        layout = "mono" if stream.codec_context.layout.nb_channels == 1 else "stereo"
        self._out = made.add_stream("aac", rate=48_000, layout=layout)
        self._out.bit_rate = SOUND_KILOBITS * 1000
        self._resampler = AudioResampler("fltp", layout, 48_000)
        self._has_begun = False
        self._begin = Fraction(begin, 1_000_000)

    def carried(self, packet: Any) -> Iterator[Any]:
        for frame in packet.decode():
            if frame.pts is not None:
                frame.pts -= round(self._begin / frame.time_base)
                if not self._has_begun:
                    yield from self._silence(frame)
            self._has_begun = True
            yield from self._encoded(frame)

    def _silence(self, first: Any) -> Iterator[Any]:
        """What a film has before its sound: without an edit list, all begins at once."""
        from av import AudioFrame

        rate, end = first.sample_rate, first.pts * first.time_base
        for number in range(int(end * rate) // _BLOCK):
            frame = AudioFrame(first.format.name, first.layout.name, _BLOCK)
            for plane in frame.planes:
                plane.update(bytes(plane.buffer_size))
            frame.sample_rate, frame.time_base = rate, first.time_base
            frame.pts = round(Fraction(number * _BLOCK, rate) / first.time_base)
            yield from self._encoded(frame)

    def rest(self) -> Iterator[Any]:
        yield from self._encoded(None)
        yield from self._heard(self._out.encode(None))

    def _encoded(self, frame: Any) -> Iterator[Any]:
        for resampled in self._resampler.resample(frame):
            yield from self._heard(self._out.encode(resampled))

    def _heard(self, packets: Iterable[Any]) -> Iterator[Any]:
        """Without what the encoder puts in front: without an edit list, it would be heard, too."""
        yield from (each for each in packets if each.pts is None or each.pts + each.duration > 0)


def _rate(stream: "VideoStream", fit: Fit) -> Fraction:
    found = stream.average_rate or stream.guessed_rate
    return Fraction(fit.fps or found or 30).limit_denominator(1001)


def _encoding(fit: Fit, rate: Fraction) -> dict[str, str]:
    options = {**QUALITY, "profile": "high", "bf": "0"}
    if fit.kilobits:
        options |= {"maxrate": f"{fit.kilobits}k", "bufsize": f"{fit.kilobits}k"}
    # A closed group of pictures each two seconds: [reels] asks for 2 to 5.
    return options | {"g": str(round(2 * rate)), "x264-params": "open-gop=0"}


def _graph(
    stream: "VideoStream", frame: "VideoFrame", fit: Fit, rate: Fraction, begin: float
) -> "Graph":
    """What is done to each frame: made upright, square and progressive, then framed and timed."""
    from av.filter import Graph

    graph = Graph()
    steps = [graph.add_buffer(template=stream)]
    for name, arguments in _steps(
        frame, stream.sample_aspect_ratio or Fraction(1), fit, rate, begin
    ):
        steps.append(graph.add(name, arguments or None))
    steps.append(graph.add("buffersink"))
    graph.link_nodes(*steps).configure()
    return graph


def _steps(
    frame: "VideoFrame", aspect: Fraction, fit: Fit, rate: Fraction, begin: float
) -> Iterator[tuple[str, str]]:
    yield "setpts", f"PTS-({begin})/TB"
    if frame.interlaced_frame:
        yield "bwdif", "mode=send_frame"
    yield "scale", f"{round(frame.width * aspect)}:{frame.height}"
    yield "setsar", "1"
    yield from {90: [("transpose", "cclock")], -90: [("transpose", "clock")]}.get(
        frame.rotation, [("hflip", ""), ("vflip", "")] if frame.rotation else []
    )
    if fit.window:
        left, top, width, height = fit.window
        yield "crop", f"{width}:{height}:{left}:{top}"
    left, top, width, height = fit.place or (0, 0, fit.width, fit.height)
    colours = f"{_USUAL_COLOURS}:{_OF_HDR}" if frame.color_trc in HDR else _USUAL_COLOURS
    yield "scale", f"{width}:{height}:flags=lanczos:{colours}"
    yield "setsar", "1"
    yield "format", "yuv420p"
    if fit.place:
        yield "pad", f"{fit.width}:{fit.height}:{left}:{top}:{fit.background.replace('#', '0x')}"
    yield "fps", f"{rate}:start_time=0"
