"""What a post says to each channel: each word from the nearest table that has one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from somos_social.core.limits import LIMITS
from somos_social.core.model.post import Format
from somos_social.document import whole
from somos_social.files.shapes import VariantShape


@dataclass(frozen=True, slots=True)
class Layer:
    """A table that may say what a channel shows, and the key under which it stands.

    `text_at` is where its text stands, where that is not under the key `text`.
    """

    at: str
    shape: VariantShape
    text_at: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What a post says to one channel: each word from the nearest layer that has one.

    `refused` are the keys whose values were refused: nothing is said of what follows from them.
    `unshown` gathers what is said to all channels and not shown on this one.
    """

    layers: tuple[Layer, ...]
    refused: frozenset[str]
    unshown: list[str] = field(default_factory=list)

    def of(self, field: str) -> Layer:
        for layer in self.layers:
            if field in layer.shape.model_fields_set or f"{layer.at}.{field}" in self.refused:
                return layer
        return self.layers[-1]

    def key(self, part: str) -> str:
        """Where a part stands in the file, such as "text" or "assets[1]"."""
        layer = self.of(whole(part))
        return layer.text_at if part == "text" and layer.text_at else f"{layer.at}.{part}"

    def was_refused(self, part: str) -> bool:
        return self.key(whole(part)) in self.refused

    def format_for(self, platform: str) -> Format:
        """The format; a reel or story asked for in general is a feed post where there are none."""
        wanted = Format(self.of("format").shape.format)
        lacking = {Format.REEL: LIMITS[platform].reel, Format.STORY: LIMITS[platform].story}
        if self.is_general("format") and lacking.get(wanted, ()) is None:
            return Format.FEED
        return wanted

    def is_general(self, field: str) -> bool:
        """Whether the post says it to all its channels alike."""
        return self.of(field) is self.layers[-1]


def view_of(
    layers: Mapping[str, Layer], channel: str, refused: frozenset[str] = frozenset()
) -> View:
    """What a channel gets: its own words, else those of its network, else the post's."""
    names = (channel, channel.partition(":")[0], "")
    return View(tuple(layers[name] for name in names if name in layers), refused)


def saying(layer: Layer, number: int) -> Layer:
    """The layer with the text that it has for this time of a post that repeats."""
    repeat = layer.shape.repeat
    if repeat is None:
        return layer
    if number >= len(repeat.texts):
        return Layer(layer.at, layer.shape, f"{layer.at}.repeat.texts")
    shape = layer.shape.model_copy(update={"text": repeat.texts[number]})
    return Layer(layer.at, shape, f"{layer.at}.repeat.texts[{number}]")
