"""What the shell offers after TAB: channels and delivery keys, at once and without ever writing.

Nothing heavy is imported and no error is told: a shell that waits is worse than one that is silent.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from somos_social.cli.asked import Asked

MOST = 200
"""No shell shows more to any use."""


def channels(ctx: typer.Context, incomplete: str) -> list[str]:
    """The channels of the config."""
    listed = _config(ctx)[1].get("channel")
    tables = listed if isinstance(listed, list) else []
    names = [each.get("name") for each in tables if isinstance(each, dict)]
    return [name for name in names if isinstance(name, str) and name.startswith(incomplete)]


def delivery_keys(ctx: typer.Context, incomplete: str) -> list[str]:
    """The keys in the database, where that is an SQLite file."""
    import sqlite3

    folder, config = _config(ctx)
    store = config.get("store")
    url = store.get("url", "") if isinstance(store, dict) else "sqlite:///somos.db"
    if not isinstance(url, str) or not url.startswith("sqlite:///"):
        return []
    file = (folder / url.removeprefix("sqlite:///")).absolute()
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=0.2)
    except sqlite3.Error:
        return []
    query = "SELECT key FROM deliveries WHERE substr(key, 1, ?) = ? ORDER BY due_at LIMIT ?"
    try:
        return [row[0] for row in connection.execute(query, (len(incomplete), incomplete, MOST))]
    except sqlite3.Error:
        return []
    finally:
        connection.close()


def campaigns(incomplete: str) -> list[str]:
    """The names of the campaign files of this folder."""
    paths = sorted(Path("campaigns").glob("*.toml"))
    names = [*(path.stem for path in paths), *(map(str, paths) if "/" in incomplete else ())]
    return [name for name in names if name.startswith(incomplete)][:MOST]


def posts_and_deliveries(ctx: typer.Context, incomplete: str) -> list[str]:
    """CAMPAIGN/POST of the campaign files of this folder, then the keys in the database."""
    named = [f"{campaign}/{post}" for campaign, post in _posts()]
    offered = [name for name in named if name.startswith(incomplete)]
    return [*offered, *delivery_keys(ctx, incomplete)][:MOST]


def posts(incomplete: str) -> list[str]:
    """The keys of the posts in the campaign files of this folder."""
    keys = dict.fromkeys(post for _, post in _posts())
    return [key for key in keys if key.startswith(incomplete)][:MOST]


def _posts() -> Iterator[tuple[str, str]]:
    import tomllib

    for path in sorted(Path("campaigns").glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("post")
        except (OSError, ValueError, RecursionError):
            continue
        for table in tables if isinstance(tables, list) else ():
            key = table.get("key") if isinstance(table, dict) else None
            if isinstance(key, str):
                yield path.stem, key


def _config(ctx: typer.Context) -> tuple[Path, dict[str, Any]]:
    """The folder and the tables of the config, empty where it cannot be read."""
    import tomllib

    asked = ctx.find_object(Asked)
    named = (asked and asked.config) or os.environ.get("SOMOS_CONFIG") or "config.toml"
    path = Path(named)
    try:
        return path.parent, tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return path.parent, {}
