"""The feeds as files: web pages that open anywhere, with the media they show beside them."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from somos_social.sandbox import probe
from somos_social.sandbox.feeds import STYLE, Addresses, feed_page, index_page
from somos_social.sandbox.world import Account, PublicPost, ReceivedMedia


def export(directory: Path, accounts: Sequence[Account], posts: Sequence[PublicPost]) -> Path:
    """Write index.html, one page per channel, feeds.css and media/; returns the index."""
    (directory / "media").mkdir(parents=True, exist_ok=True)
    for medium in {medium.sha256: medium for post in posts for medium in post.media}.values():
        shutil.copyfile(medium.bytes_path, directory / _media_name(medium))
    shutil.copyfile(STYLE, directory / STYLE.name)
    at = Addresses(home="index.html", style=STYLE.name, feed=_page_name, media=_media_name)
    for account in accounts:
        page = feed_page(account, posts, at)
        (directory / _page_name(account)).write_text(page, encoding="utf-8")
    index = directory / "index.html"
    index.write_text(index_page(accounts, posts, at), encoding="utf-8")
    return index


def _page_name(account: Account) -> str:
    return f"{account.platform}-{account.handle}.html"


def _media_name(medium: ReceivedMedia) -> str:
    return f"media/{medium.sha256[:16]}{probe.media_type(medium.bytes_path)[0]}"
