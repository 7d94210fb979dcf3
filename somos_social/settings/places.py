"""Where Instagram fetches pictures, as [media] says it: in one way, and whole, or a problem."""

import re
from collections.abc import Collection, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from somos_social.document import Report, Unfit
from somos_social.settings.model import BucketSettings
from somos_social.settings.secret import Secret
from somos_social.settings.shapes import MediaShape

WAYS = ("public_url", "bucket", "page_photos")

BUCKET_SECRETS = ("bucket_key", "bucket_secret")

_BUCKET = re.compile(
    r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?"
)

_HINT = 'Write it as in bucket = "s3://name/folder".'

_OWN_FOLDER = "somos_social"
"""Where a bucket is named without a folder: nothing beside it is ever looked at."""


def check_ways(media: MediaShape, channels: Collection[str], report: Report) -> None:
    """What does not go together, and a Page that the config does not know."""
    ways = [way for way in WAYS if getattr(media, way)]
    for more in ways[1:]:
        hint = "Keep one of the two."
        report.add(f"media.{more}", f"says a second time what {ways[0]} says.", hint)
    if media.page_photos and not media.page_photos.startswith("facebook:"):
        report.add("media.page_photos", "is no Page.", "Name a channel that begins with facebook:.")
    elif media.page_photos and media.page_photos not in channels:
        hint = f'Add a [[channel]] with name = "{media.page_photos}".'
        report.add("media.page_photos", "is no channel of this config.", hint)


def bucket(
    media: MediaShape, folder: Path, environ: Mapping[str, str], report: Report
) -> BucketSettings | None:
    """The bucket that [media] names; None where it names none, or the report says why."""
    if not media.bucket:
        for key in ("bucket_endpoint", "bucket_region", *BUCKET_SECRETS):
            if getattr(media, key):
                report.add(f"media.{key}", "is of no use without bucket.", _HINT)
        return None
    found = _BUCKET.fullmatch(media.bucket)
    if found is None:
        report.add("media.bucket", "is no bucket.", _HINT)
        return None
    for key in BUCKET_SECRETS:
        if not getattr(media, key):
            hint = f'Write it as in {key} = "env:SOMOS_{key.upper()}".'
            report.missing(f"media.{key}", hint)
    try:
        endpoint = _endpoint(media.bucket_endpoint)
    except Unfit as unfit:
        report.add("media.bucket_endpoint", unfit.problem, unfit.hint)
        return None
    return BucketSettings(
        name=found[1],
        folder=found[2].strip("/") or _OWN_FOLDER,
        endpoint=endpoint,
        region=media.bucket_region or "us-east-1",
        secrets={
            key: Secret(
                reference=getattr(media, key),
                file=report.file,
                key=f"media.{key}",
                folder=folder,
                environ=environ,
            )
            for key in BUCKET_SECRETS
        },
    )


def _endpoint(written: str | None) -> str | None:
    if written is None:
        return None
    parts = urlsplit(written)
    if parts.query or parts.fragment:
        raise Unfit("holds a ? or a #.", "Write it as in https://s3.example.org.")
    if parts.scheme != "https" and not _is_here(parts.hostname or ""):
        raise Unfit("is not read over https: all could see the pictures.", "Write it with https.")
    return written.rstrip("/")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
