"""X's way with words: how long a text is, and how it comes back with its links shortened."""

import hashlib
import html
import re
import unicodedata
from typing import Any

import emoji

from somos_social.sandbox.x.objects import Link, Tweet

LONGEST = 280
URL_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that weigh 1; all others weigh 2 (twitter-text, version 3)."""
TLDS = "com|org|net|int|pa|edu|gov|info|io|es|eu|me|co|news|social|app|dev"
URL = re.compile(
    r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’”…]"
    rf"|(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{TLDS})(?![\w.-]*@)\b(?:/[^\s<>\"]*[^\s<>\".,;:!?)\]}}'’”…])?",
    re.IGNORECASE,
)
"""Links with a scheme, and bare names under the common endings; the real list is far longer."""


def weight(text: str) -> int:
    """A modest count of the weighted length; the real one knows all top-level domains."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    links = len(URL.findall(text))
    text = emoji.replace_emoji(URL.sub("", text), _emoji_weight)
    return links * URL_WEIGHT + sum(_code_point_weight(ord(letter)) for letter in text)


def _emoji_weight(sequence: str, _: dict[str, Any]) -> str:
    """Stand a sequence of any length in by one letter that weighs 2; © and ® stay letters."""
    return sequence if len(sequence) == 1 and ord(sequence) <= 4351 else "\u3007"


def _code_point_weight(code_point: int) -> int:
    return 1 if any(low <= code_point <= high for low, high in LIGHT) else 2


def shorten(url: str, post_id: str) -> str:
    """The t.co link of a link in a post, always the same for the same two."""
    digest = hashlib.sha256(f"{post_id} {url}".encode()).digest()
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "https://t.co/" + "".join(letters[byte % 62] for byte in digest[:10])


def links_in(text: str, post_id: str) -> list[Link]:
    """The links of a text in their order."""
    return [
        Link(found if "://" in found else f"http://{found}", shorten(found, post_id))
        for found in URL.findall(text)
    ]


def shortened(text: str, post_id: str) -> str:
    """The text as the API gives it back: links shortened, & < > escaped."""
    escaped = html.escape(URL.sub(lambda found: f"\0{found.group()}\0", text), quote=False)
    parts = escaped.split("\0")
    for place in range(1, len(parts), 2):
        parts[place] = shorten(html.unescape(parts[place]), post_id)
    return "".join(parts)


def as_read(tweet: Tweet) -> tuple[str, list[dict[str, Any]]]:
    """The text of a read with the media link at its end, and the entities of its links."""
    post = tweet.post
    text = shortened(post.text, post.id)
    entities = [
        {"url": link.short, "expanded_url": link.expanded, "display_url": _display(link.expanded)}
        for link in links_in(post.text, post.id)
    ]
    if tweet.media:
        kind = "photo" if tweet.media[0].category == "tweet_image" else "video"
        expanded = f"{post.url}/{kind}/1"
        short = shorten(expanded, post.id)
        text = f"{text} {short}".strip()
        entities += [
            {
                "url": short,
                "expanded_url": expanded,
                "display_url": f"pic.x.com/{short[-10:]}",
                "media_key": medium.key,
            }
            for medium in tweet.media
        ]
    return text, [_placed(text, entity) for entity in entities]


def _placed(text: str, entity: dict[str, Any]) -> dict[str, Any]:
    start = text.rfind(entity["url"]) if "media_key" in entity else text.find(entity["url"])
    return {"start": start, "end": start + len(entity["url"]), **entity}


def _display(url: str) -> str:
    plain = url.split("://", 1)[-1].removeprefix("www.")
    return plain if len(plain) <= 27 else plain[:26] + "…"
