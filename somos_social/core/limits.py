"""What each network takes, as data; every figure names its source.

Where a page gives megabytes we take 10**6 bytes: what is a little larger is made smaller, or told
of, and not refused at its hour. Mebibytes are taken only where the network itself says so. The
longest time is compared to one decimal, frame rates as whole numbers and ratios to two decimals, as
the sources give them: a clip of 29.97 frames a second has 30. The shortest time is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from somos_social.core.model.asset import Trait

SOURCES: Mapping[str, str] = {
    "photos": "developers.facebook.com/docs/graph-api/reference/page/photos",
    "videos": "developers.facebook.com/docs/graph-api/reference/page/videos",
    "reels": "developers.facebook.com/docs/video-api/guides/reels-publishing",
    "stories": "developers.facebook.com/docs/page-stories-api",
    "ig": 'developers.facebook.com/docs/instagram-platform, under "IG User Media"',
    "x": "docs.x.com/x-api/media/quickstart/best-practices",
    "x-api": "the schema of POST /2/tweets and POST /2/media/metadata, api.x.com/2/openapi.json",
    "x-self-serve": "what X answers to posts of self-serve accounts",
    "practice": "common practice of publishing tools; the network states no figure",
    "own": "our own choice; the network states no figure",
}
"""Where a figure comes from, by the word that the tables below use for it."""

MB, MIB = 10**6, 2**20

Span = tuple[float, float]
"""The least and the greatest that is taken, both included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """Figures from one `source`, but for those that `others` name with another."""

    source: str
    others: Mapping[str, str] = field(default_factory=dict)

    def source_of(self, figure: str) -> str:
        return self.others.get(figure, self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLimits(Sourced):
    """Of a text. `length` is in characters, or weighted ones as X counts where `weighted`."""

    length: int
    weighted: bool = False
    hashtags: int | None = None
    mentions: int | None = None
    cashtags: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits(Sourced):
    """Of one asset; None stands for "not documented, so not held against anyone".

    `formats` are media types, `ratio` is width over height, sides are (short, long), `width` and
    `height` the greatest ones, all in pixels; `frames` and `pixels` are those of a whole animation,
    `megabits` those of a second, `alt` is in characters. What has a `refused` trait is not taken.
    `advised_sides` bind only what we make: what is larger is taken, and of no use.
    """

    formats: frozenset[str] | None = None
    max_bytes: int | None = None
    ratio: Span | None = None
    least_sides: tuple[int, int] | None = None
    greatest_sides: tuple[int, int] | None = None
    advised_sides: tuple[int, int] | None = None
    width: int | None = None
    height: int | None = None
    seconds: Span | None = None
    fps: Span | None = None
    video_codecs: frozenset[str] | None = None
    audio_codecs: frozenset[str] | None = None
    frames: int | None = None
    pixels: int | None = None
    megabits: float | None = None
    refused: frozenset[Trait] = frozenset()
    alt: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtrasLimits(Sourced):
    """Of what stands beside a post: how many `collaborators`, how many `tags` on one asset."""

    collaborators: int
    tags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(Sourced):
    """Of one network.

    `items` is how many assets a feed post may have; unless they may be `mixed`, a video (and a
    GIF, where it is a kind of its own) stands alone. `gif` is None where a GIF is an image like
    another, `reel` and `story` where there are none; `beside` holds for a video among other assets,
    `story` for a picture in a story, `moving_story` for a video, `cover` for a picture that stands
    for a reel, of which a network may as well take a `second`. With `one_ratio`, all items of a
    post are cut to the ratio of the first; with `upright_is_reel`, a video of the feed that could
    be a reel goes out as one. `extras` is None where none are counted. `refuses_repeats` says that
    it takes no text that the account has posted already.
    """

    name: str
    text: TextLimits
    comment: TextLimits
    image: FileLimits
    video: FileLimits
    gif: FileLimits | None = None
    reel: FileLimits | None = None
    beside: FileLimits | None = None
    story: FileLimits | None = None
    moving_story: FileLimits | None = None
    cover: FileLimits | None = None
    second: bool = False
    extras: ExtrasLimits | None = None
    items: int
    mixed: bool = False
    one_ratio: bool = False
    upright_is_reel: bool = False
    needs_media: bool = False
    threads: bool = False
    refuses_repeats: bool = False


_MP4 = frozenset({"video/mp4", "video/quicktime"})
_H264_OR_HEVC = frozenset({"h264", "hevc"})
_AAC = frozenset({"aac"})

_FACEBOOK_REEL = FileLimits(
    source="reels",
    ratio=(9 / 16, 9 / 16),
    least_sides=(540, 960),
    advised_sides=(1080, 1920),
    seconds=(3, 90),
    fps=(24, 60),
    video_codecs=frozenset({"h264", "hevc", "vp9", "av1"}),
    audio_codecs=_AAC,
    refused=frozenset({Trait.INTERLACED, Trait.CHROMA}),
)

FACEBOOK = Limits(
    name="Facebook",
    text=TextLimits(source="practice", length=63_206),
    comment=TextLimits(source="practice", length=63_206),
    image=FileLimits(
        source="photos",
        formats=frozenset({"image/jpeg", "image/bmp", "image/png", "image/gif", "image/tiff"}),
        max_bytes=10 * MB,
    ),
    # Its resumable upload takes at most 10 GB and 4 hours.
    video=FileLimits(
        source="videos", max_bytes=10_000 * MB, ratio=(9 / 16, 16 / 9), seconds=(0, 4 * 3600)
    ),
    reel=_FACEBOOK_REEL,
    story=FileLimits(
        source="photos",
        formats=frozenset({"image/jpeg", "image/bmp", "image/png", "image/gif", "image/tiff"}),
        max_bytes=10 * MB,
    ),
    moving_story=replace(_FACEBOOK_REEL, source="stories", seconds=(3, 60)),
    cover=FileLimits(source="own", formats=frozenset({"image/jpeg"}), max_bytes=10 * MB),
    source="own",
    # What the app offers.
    items=10,
    # What came to /videos so was kept as a draft that waited for somebody to share it
    # (github.com/gitroomhq/postiz-app/pull/1740); what is no reel has no other way.
    upright_is_reel=True,
)

_INSTAGRAM_TEXT = TextLimits(source="ig", length=2200, hashtags=30, mentions=20)
_INSTAGRAM_VIDEO = FileLimits(
    source="ig",
    formats=_MP4,
    max_bytes=300 * MB,
    ratio=(0.01, 10),
    width=1920,
    fps=(23, 60),
    video_codecs=_H264_OR_HEVC,
    audio_codecs=_AAC,
    refused=frozenset(
        {
            Trait.INDEX_LAST,
            Trait.EDIT_LIST,
            Trait.INTERLACED,
            Trait.CHROMA,
            Trait.SURROUND,
            Trait.FAST_SOUND,
        }
    ),
)
# 25 Mbps of video and 128 kbps of sound.
_INSTAGRAM_REEL = replace(_INSTAGRAM_VIDEO, seconds=(3, 15 * 60), megabits=25.128)

INSTAGRAM = Limits(
    name="Instagram",
    text=_INSTAGRAM_TEXT,
    # A caption's figures.
    comment=replace(_INSTAGRAM_TEXT, source="own"),
    # 8 MB are MiB in the network's own error; it brings widths to 320 to 1440 pixels itself.
    image=FileLimits(
        source="ig",
        formats=frozenset({"image/jpeg"}),
        max_bytes=8 * MIB,
        ratio=(0.8, 1.91),
        alt=1000,
    ),
    # A video alone goes out as a reel that is also shown in the feed.
    video=_INSTAGRAM_REEL,
    reel=_INSTAGRAM_REEL,
    beside=_INSTAGRAM_REEL,
    story=FileLimits(source="ig", formats=frozenset({"image/jpeg"}), max_bytes=8 * MIB),
    moving_story=replace(
        _INSTAGRAM_VIDEO, max_bytes=100 * MB, ratio=(0.1, 10), seconds=(3, 60), megabits=25.128
    ),
    cover=FileLimits(source="ig", formats=frozenset({"image/jpeg"}), max_bytes=8 * MIB),
    second=True,
    extras=ExtrasLimits(source="ig", collaborators=3, tags=20),
    source="ig",
    # A carousel has 2 to 10.
    items=10,
    mixed=True,
    one_ratio=True,
    needs_media=True,
)

_X_TEXT = TextLimits(
    source="x-api", others={"cashtags": "x-self-serve"}, length=280, weighted=True, cashtags=1
)

X = Limits(
    name="X",
    text=_X_TEXT,
    comment=_X_TEXT,
    image=FileLimits(
        source="x",
        others={"alt": "x-api"},
        formats=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_bytes=5 * MB,
        alt=1000,
    ),
    gif=FileLimits(
        source="x",
        others={"alt": "x-api"},
        formats=frozenset({"image/gif"}),
        max_bytes=15 * MB,
        width=1280,
        height=1080,
        frames=350,
        pixels=300_000_000,
        alt=1000,
    ),
    video=FileLimits(
        source="x",
        # The upload also names MPEG-TS and WebM, of which no page says that a post shows them.
        formats=_MP4,
        max_bytes=512 * MB,
        ratio=(1 / 3, 3),
        least_sides=(32, 32),
        greatest_sides=(1024, 1280),
        seconds=(0.5, 140),
        fps=(0, 60),
        video_codecs=frozenset({"h264"}),
        audio_codecs=_AAC,
        refused=frozenset(
            {Trait.INTERLACED, Trait.CHROMA, Trait.DEEP, Trait.OBLONG, Trait.SURROUND}
        ),
    ),
    source="x",
    items=4,
    threads=True,
    # "You are not allowed to create a Tweet with duplicate content."
    refuses_repeats=True,
)

LIMITS: Mapping[str, Limits] = {"facebook": FACEBOOK, "instagram": INSTAGRAM, "x": X}
"""The networks we publish to, by the name that stands before the colon in a channel's name."""
