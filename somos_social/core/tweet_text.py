"""Counts a text as X does, and finds in it the links, hashtags, mentions and cashtags that X will.

The rules are those of twitter-text (https://github.com/twitter/twitter-text, version 3), which X
names as the definition of a post's length (https://docs.x.com/fundamentals/counting-characters).
Lengths are weighted characters, positions are code points of the text as given. Every function
takes time in proportion to its text, whatever the text: repetitions are possessive, and what a
search has passed over is not searched again.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby

from somos_social.core import top_level_domains

MAX_WEIGHTED_LENGTH = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One edition of twitter-text's `config/*.json`, its weights in whole characters."""

    emoji_parsing: bool
    """Whether an emoji weighs `default_weight` however many code points it takes."""
    max_weighted_length: int = MAX_WEIGHTED_LENGTH
    url_length: int = 23
    default_weight: int = 2
    light: tuple[tuple[int, int], ...] = (
        (0x0000, 0x10FF),
        (0x2000, 0x200D),
        (0x2010, 0x201F),
        (0x2032, 0x2037),
    )
    """The code points, first and last, that weigh 1."""


V2 = Config(emoji_parsing=False)
V3 = Config(emoji_parsing=True)


@dataclass(frozen=True, slots=True)
class Span:
    """A link: `text[start:end] == url`."""

    start: int
    end: int
    url: str


def weighted_length(text: str, config: Config = V3) -> int:
    """Return what `text` weighs once in normal form C: the figure that X holds against 280."""
    text = _composed(text)
    length = position = 0
    for url in urls(text):
        length += _weight(text[position : url.start], config) + config.url_length
        position = url.end
    return length + _weight(text[position:], config)


def is_valid(text: str, config: Config = V3) -> bool:
    """Return whether X takes `text`: neither empty nor too long, and without a noncharacter."""
    if re.search(f"[{_FORBIDDEN}]", text):
        return False
    return 0 < weighted_length(text, config) <= config.max_weighted_length


def urls(text: str) -> list[Span]:
    """Return what X turns into links, in order, bare hosts such as `acnur.org/es` among them."""
    found: list[Span] = []
    position = 0
    while host := _HOST.search(text, position):
        position = host.end()
        if domains := list(_domains(text, host.start(), host.end(), len(text))):
            # An underscore may stand in a subdomain, not in the name that was registered.
            registered = [end for label, end in domains if "_" not in label]
            if registered:
                found += _links(text, host.start(), registered[-1])
            # What follows a domain belongs to it, and no link begins right behind that.
            position = _end(_TAIL, text, domains[-1][1]) + 1
    return found


def hashtags(text: str) -> list[str]:
    """Return the hashtags of `text`, in order, without their sign; those in a link are no tags."""
    return [text[start + 1 : end] for start, end in hashtag_places(text)]


def hashtag_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each hashtag of `text` begins, with its sign, and where it ends."""
    position = 0
    entities = [*_tags(text), *((url.start, url.end, "") for url in urls(text))]
    for start, end, tag in sorted(entities):
        if start >= position:
            position = end
            if tag:
                yield start, end


def mentions(text: str) -> list[str]:
    """Return the names that `text` mentions, in order, without their sign; lists are left out."""
    return [text[start + 1 : end] for start, end in mention_places(text)]


def mention_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each name that `text` mentions begins, with its sign, and where it ends."""
    for mention in _MENTION.finditer(text):
        if not mention["list"] and not _NO_MENTION_BEFORE.match(text, mention.end()):
            start, end = mention.span("name")
            yield start - 1, end


def cashtags(text: str) -> list[str]:
    """Return the stock symbols of `text`, in order, without their sign."""
    return [cashtag[1] for cashtag in _CASHTAG.finditer(text)]


# What a text weighs.


def _composed(text: str) -> str:
    """Return `text` in normal form C.

    `unicodedata` takes the square of a run of marks in time unless the run is in order already.
    """
    decomposed = "".join(unicodedata.normalize("NFD", character) for character in text)
    runs = groupby(decomposed, key=lambda character: unicodedata.combining(character) > 0)
    ordered = chain.from_iterable(sorted(run, key=unicodedata.combining) for _, run in runs)
    return unicodedata.normalize("NFC", "".join(ordered))


def _weight(text: str, config: Config) -> int:
    """Return what `text`, of which no part is a link, weighs."""
    weight = position = 0
    while position < len(text):
        size = _emoji_size(text, position) if config.emoji_parsing else 1
        code = ord(text[position])
        if size == 1 and any(first <= code <= last for first, last in config.light):
            weight += 1
        else:
            weight += config.default_weight
        position += size
    return weight


def _emoji_size(text: str, start: int) -> int:
    """Return how many code points the emoji at `start` takes; 1 where there is none."""
    # Nothing below the zero width joiner can follow in an emoji: most texts never need the data.
    if text[start + 1 : start + 2] < "\u200d":
        return 1
    sequences, longest = _emoji_sequences()
    sizes = range(longest, 1, -1)
    return next((size for size in sizes if text[start : start + size] in sequences), 1)


@cache
def _emoji_sequences() -> tuple[frozenset[str], int]:
    """Return the emoji of several code points that twitter-text knows, and the longest one's size.

    Its data (twemoji-parser 11) ends at Emoji 11 and wants joined emoji fully qualified. The parts
    of any other count on their own; should X have newer data by now, we err on the long side, for
    a text is better refused early than by X when its hour has come.
    """
    import emoji  # Takes 45 ms: only a text that needs it should wait.

    sequences = frozenset(
        sequence
        for sequence, facts in emoji.EMOJI_DATA.items()
        if len(sequence) > 1
        and facts["E"] <= 11
        and ("\u200d" not in sequence or facts["status"] == emoji.STATUS["fully_qualified"])
    )
    return sequences, max(map(len, sequences))


# What is a link. The grammar of hosts and paths is that of twitter-text's `validUrl`.

_FORBIDDEN = r"\ufeff\ufffe\uffff"
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PUNCTUATION = re.escape("!'#%&()*+,-./:;<=>?@[\\]^_{|}~$")
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)

_BINDING = rf"A-Za-z0-9@＠$#＃{_FORBIDDEN}"  # Right behind one of these no link begins.
_LETTER = rf"[^{_PUNCTUATION}{_SPACES}{_FORBIDDEN}{_DIRECTIONS}]"
_LABEL = rf"{_LETTER}++(?:[_-]++{_LETTER}++)*+"
# twitter-text lets a text's first letter stand outside where it can: `Único.com` links `nico.com`.
_HOST = re.compile(rf"(?<![{_BINDING}])(?!\A[^{_BINDING}]{_LETTER}){_LABEL}(?:\.{_LABEL})*+")
_ASCII_LABEL = rf"[-A-Za-z0-9{_ACCENTED}]++"
_ASCII_HOST = re.compile(rf"{_ASCII_LABEL}(?:\.{_ASCII_LABEL})*+\.?+")
_SCHEME = re.compile(rf"(?<![{_BINDING}])[Hh][Tt][Tt][Pp][Ss]?://\Z")

_PATH_MIDDLE = r"!*';:,.$%\[\]\u2013~@|&"
_PATH_END = rf"A-Za-z0-9+\-=_#/\u0400-\u04ff{_ACCENTED}"
_PATH_CHARACTERS = rf"[{_PATH_MIDDLE}{_PATH_END}]"
_PARENTHESES = rf"\((?!\)){_PATH_CHARACTERS}*+(?:\({_PATH_CHARACTERS}++\){_PATH_CHARACTERS}*+)?+\)"
_PATH = rf"/(?:(?:[{_PATH_MIDDLE}]++|{_PARENTHESES})*+[{_PATH_END}]++)*+(?:{_PARENTHESES})*+"
_QUERY = r"\?(?:[!?*'@();:+$%\[\].,~|]*+[A-Za-z0-9\-_&=#/]++)++"
_PORT = r"(?::[0-9]++)?+"
_TAIL = re.compile(rf"{_PORT}(?:{_PATH})?+(?:{_QUERY})?+")
_PATH_START = re.compile(rf"{_PORT}/")
_SHORTENED = re.compile(rf"[Hh][Tt]{{2}}[Pp][Ss]?://[Tt]\.[Cc][Oo]/([A-Za-z0-9]++)(?:{_QUERY})?+")

_LATIN_NAME = re.compile(r"[A-Za-z]++(?![0-9@+-])")
_ENCODED_NAME = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]++")

_MAX_URL, _MAX_LABEL, _MAX_SLUG = 4096, 63, 40


def _domains(text: str, start: int, stop: int, limit: int) -> Iterator[tuple[str, int]]:
    """Yield each label of `text[start:stop]` that a top-level domain follows, and where that ends.

    The domain may go on beyond `stop`, not beyond `limit`.
    """
    while (dot := text.find(".", start, stop)) >= 0:
        if (end := _top_level_end(text, dot + 1, limit)) > dot + 1:
            yield text[start:dot], end
        start = dot + 1


def _top_level_end(text: str, start: int, limit: int) -> int:
    """Return where the top-level domain at `start` ends; `start` itself where there is none."""
    latin = _LATIN_NAME.match(text, start, limit)
    if latin and latin[0].lower() in top_level_domains.LATIN:
        return latin.end()
    international = _international_name().match(text, start, limit)
    return international.end() if international else _end(_ENCODED_NAME, text, start, limit)


@cache
def _international_name() -> re.Pattern[str]:
    """Return what matches the longest top-level domain of letters other than a-z."""
    names = sorted(top_level_domains.INTERNATIONAL, reverse=True)
    return re.compile(rf"(?:{'|'.join(names)})(?![0-9A-Za-z@+-])", re.IGNORECASE)


def _end(pattern: re.Pattern[str], text: str, start: int, limit: int = sys.maxsize) -> int:
    """Return where `pattern`, matched at `start`, ends; `start` itself where it does not match."""
    match = pattern.match(text, start, limit)
    return match.end() if match else start


def _links(text: str, start: int, end: int) -> list[Span]:
    """Return what the host `text[start:end]` links: with a scheme one URL, else its ASCII parts."""
    scheme = _SCHEME.search(text, max(0, start - len("https://")), start)
    hosts = _ascii_hosts(text, start, end)
    tail = _end(_TAIL, text, end)
    spelled = scheme[0] if scheme else ""
    size = len(spelled or "https://") + len(spelled) + tail - start
    if size > _MAX_URL or not _can_be_encoded(text[start:end], bool(hosts)):
        return []
    if scheme:
        hosts = _without_surplus(text, scheme.start(), tail)
    elif start and text[start - 1] in "-_./":
        return []
    elif hosts and hosts[-1][1] == end and _PATH_START.match(text, end):
        hosts[-1] = (hosts[-1][0], tail)
    return [Span(first, last, text[first:last]) for first, last in hosts]


def _ascii_hosts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the hosts stand that Latin letters spell within the host `text[start:end]`.

    Other scripts write no space before a host, which so becomes part of a longer one.
    """
    return [
        (host.start(), domains[-1][1])
        for host in _ASCII_HOST.finditer(text, start, end)
        if (domains := list(_domains(text, host.start(), host.end(), end)))
    ]


def _can_be_encoded(host: str, has_ascii: bool) -> bool:
    """Return whether the domain name system can hold `host`."""
    if host.startswith("xn--") and not has_ascii:
        return False
    return all(_encoded_length(label) <= _MAX_LABEL for label in host.split("."))


def _encoded_length(label: str) -> int:
    """Return how many ASCII characters `label` takes in a domain name (RFC 3492)."""
    # Encoding never shortens, and takes the square of a label's length in time.
    if label.isascii() or len(label) > _MAX_LABEL:
        return len(label)
    parts = re.split(r"[\u3002\uff0e\uff61]", label)  # Full stops of other scripts: RFC 3490.
    lengths = [
        len(part) if part.isascii() else len("xn--") + len(part.encode("punycode"))
        for part in parts
    ]
    return sum(lengths) + len(parts) - 1


def _without_surplus(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the URL `text[start:end]`, one of t.co cut to what those consist of, or nothing."""
    shortened = _SHORTENED.match(text, start, end)
    if not shortened:
        return [(start, end)]
    return [shortened.span()] if len(shortened[1]) <= _MAX_SLUG else []


# What is a hashtag, a mention, a cashtag.

_TAG_SIGNS = "#\uff03"
_IN_TAGS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
_TAG_SIGN = re.compile(f"[{_TAG_SIGNS}]")
_NO_TAG_AFTER = ("\ufe0f", "\u20e3")  # Those make a keycap of the sign.
_NO_TAG_BEFORE = (*_TAG_SIGNS, "://")

_MENTION = re.compile(
    r"(?:^|[^A-Za-z0-9_!#$%&*@＠]|(?:^|[^A-Za-z0-9_+~.-])[Rr][Tt]:?)"
    r"[@＠](?P<name>[A-Za-z0-9_]{1,20})(?P<list>/[A-Za-z][A-Za-z0-9_-]{0,24})?"
)
_NO_MENTION_BEFORE = re.compile(rf"[@＠{_ACCENTED}]|://")

_CASHTAG = re.compile(
    rf"(?<![^{_SPACES}])\$([A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)(?=\Z|[\s{_PUNCTUATION}])"
)


def _tags(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and name of every hashtag, be it in a link or not."""
    for sign in _TAG_SIGN.finditer(text):
        start, end = sign.span()
        if _binds_tag(text[start - 1 : start]) or text.startswith(_NO_TAG_AFTER, end):
            continue
        while _in_tag(text[end : end + 1]):
            end += 1
        tag = text[start + 1 : end]
        if any(map(_is_letter, tag)) and not text.startswith(_NO_TAG_BEFORE, end):
            yield start, end, tag


def _binds_tag(before: str) -> bool:
    """Return whether no hashtag begins right behind `before`, a character or nothing."""
    if before in ("\ufe0e", "\ufe0f"):  # Marks, but those that end an emoji.
        return False
    return before == "&" or _in_tag(before)


def _in_tag(character: str) -> bool:
    """Return whether `character`, if there is one, can stand in a hashtag."""
    return bool(character) and (
        character in _IN_TAGS or _is_letter(character) or unicodedata.category(character) == "Nd"
    )


def _is_letter(character: str) -> bool:
    """Return whether `character` is a letter, or a mark upon one."""
    return unicodedata.category(character)[0] in "LM"
