"""A file of the media folder, as measured, and what is made of it for a network."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What an asset is, as the networks tell them apart. A GIF that does not move is an image."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"


class Trait(StrEnum):
    """What a file holds besides its figures, that a network does not take or nobody should get."""

    GPS = "gps"
    EXIF = "exif"
    XMP = "xmp"
    IPTC = "iptc"
    NOTES = "notes"
    TRACKS = "tracks"
    TURNED = "turned"
    CMYK = "cmyk"
    PROFILE = "profile"
    TRANSPARENT = "transparent"
    INDEX_LAST = "index-last"
    EDIT_LIST = "edit-list"
    HIDDEN = "hidden"
    INTERLACED = "interlaced"
    OBLONG = "oblong"
    DEEP = "deep"
    CHROMA = "chroma"
    HDR = "hdr"
    SURROUND = "surround"
    FAST_SOUND = "fast-sound"


Rectangle = tuple[int, int, int, int]
"""Left, top, width and height, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What is done to an asset so that a network takes it; what comes of it is a rendition.

    `mime`, `width` and `height` are the rendition's. Only the `window` of the picture as displayed
    is kept, and stands at `place` in the rendition; None is the whole. `background` is what is
    seen around it and through it. `max_bytes` and `kilobits` (of picture, a second) bound what is
    made, `fps` is the new rate; None and 0 leave each as it is. What is kept is copied bit by bit.
    `without` are the traits that nobody is to get. With a `frame`, the picture at this second of a
    video is all that is made of it.
    """

    mime: str
    width: int
    height: int
    window: Rectangle | None = None
    place: Rectangle | None = None
    background: str = ""
    max_bytes: int | None = None
    kilobits: int = 0
    fps: float = 0.0
    keeps_picture: bool = False
    keeps_sound: bool = False
    without: tuple[Trait, ...] = ()
    frame: float | None = None

    def to_raw(self) -> dict[str, Any]:
        """For JSON, and for what is known by its content: a frame only where one is asked for."""
        raw = asdict(self)
        return {name: raw[name] for name in raw if name != "frame" or self.frame is not None}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Fit":
        """The inverse of `to_raw`, also after a way through JSON."""
        window, place = (raw[name] and tuple(raw[name]) for name in ("window", "place"))
        without = tuple(Trait(trait) for trait in raw["without"])
        return cls(**{**raw, "window": window, "place": place, "without": without})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A file of the media folder, as measured, with the words of its sidecar.

    `path` is relative to the media root, with forward slashes. `size` is in bytes, `width` and
    `height` in pixels as displayed, `seconds` and `fps` are zero for still pictures. `mime` comes
    from the bytes, never from the name; codecs are FFmpeg's names ("h264", "aac"), empty where
    there is no such stream. `people` are those who can be recognised, by the names that only the
    desk can resolve, `minors` those of them who are no adults, and `shows` is what is seen or heard
    of them. `cover` is the second of a video whose frame stands for it. `fit` is what is done to it
    for one network; without one, it goes out byte for byte.
    """

    path: str
    sha256: str
    kind: Kind
    mime: str
    size: int
    width: int
    height: int
    seconds: float = 0.0
    fps: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    alt: str = ""
    credit: str = ""
    people: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    minors: tuple[str, ...] = ()
    cover: float | None = None
    fit: Fit | None = None

    @property
    def rendition(self) -> "Asset":
        """The asset as it goes out; one that is yet to be made has no size that is known."""
        fit = self.fit
        if fit is None:
            return self
        if fit.frame is not None:
            return self._still(fit)
        whole = fit.keeps_picture and (fit.keeps_sound or not self.audio_codec)
        return replace(
            self,
            fit=None,
            mime=fit.mime,
            size=self.size if whole else 0,
            width=fit.width,
            height=fit.height,
            fps=fit.fps or self.fps,
            video_codec=self.video_codec if fit.keeps_picture else self.video_codec and "h264",
            audio_codec=self.audio_codec if fit.keeps_sound else self.audio_codec and "aac",
        )

    @property
    def is_still(self) -> bool:
        """Whether it is a frame of a video, and not the video, that goes out."""
        return self.fit is not None and self.fit.frame is not None

    def _still(self, fit: Fit) -> "Asset":
        """One frame of a video, as the picture that it becomes."""
        return replace(
            self,
            fit=None,
            kind=Kind.IMAGE,
            mime=fit.mime,
            size=0,
            width=fit.width,
            height=fit.height,
            seconds=0.0,
            fps=0.0,
            video_codec="",
            audio_codec="",
            cover=None,
        )

    @property
    def what_is_seen(self) -> list[Any]:
        """What an approval of this asset speaks of, besides its order."""
        more = {"cover": self.cover, "fit": self.fit and self.fit.to_raw()}
        chosen = {name: value for name, value in more.items() if value is not None}
        return [self.sha256, self.alt, *([chosen] if chosen else [])]

    def to_raw(self) -> dict[str, Any]:
        """For JSON. What is not asked for is left out, as where it was not known yet."""
        raw = asdict(self) | {"fit": self.fit and self.fit.to_raw()}
        unsaid = {"cover": None, "fit": None, "minors": ()}
        return {name: raw[name] for name in raw if name not in unsaid or raw[name] != unsaid[name]}

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> "Asset":
        """The inverse of `to_raw`; raises KeyError, TypeError or ValueError on anything else."""
        return cls(
            **{
                **raw,
                "kind": Kind(raw["kind"]),
                "people": tuple(raw["people"]),
                "shows": tuple(raw["shows"]),
                "minors": tuple(raw.get("minors", ())),
                "fit": Fit.from_raw(raw["fit"]) if "fit" in raw else None,
            }
        )
