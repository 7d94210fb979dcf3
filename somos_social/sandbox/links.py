"""The public addresses that the networks give to what is posted on them."""

import base64
from pathlib import Path

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def received(base: str, path: Path) -> str:
    """Where the stand-in serves a received file; the real networks use their own file hosts."""
    return f"{base}/received/{path.name}"


def page_post(post_id: str) -> str:
    """A page's post."""
    return f"https://www.facebook.com/{post_id}"


def page_story(page_id: str, story_id: str) -> str:
    """A page's story, which people find by a token that the API does not explain."""
    token = base64.b64encode(f"S:_ISC:{story_id}".encode()).decode()
    return f"https://www.facebook.com/stories/{page_id}/{token}/"


def photo(photo_id: str) -> str:
    """A page's photo."""
    return f"https://www.facebook.com/photo.php?fbid={photo_id}"


def video_path(page_id: str, video_id: str, is_reel: bool) -> str:
    """A video's `permalink_url`, which Graph gives without its host."""
    return f"/reel/{video_id}/" if is_reel else f"/{page_id}/videos/{video_id}/"


def video(page_id: str, video_id: str, is_reel: bool) -> str:
    """A page's video or reel."""
    return f"https://www.facebook.com{video_path(page_id, video_id, is_reel)}"


def shortcode(media_id: str) -> str:
    """Instagram's short name of a media, its id in base 64."""
    number, code = int(media_id), ""
    while number:
        number, digit = divmod(number, 64)
        code = LETTERS[digit] + code
    return code


def instagram(media_id: str, kind: str, handle: str) -> str:
    """An Instagram post, reel or story."""
    if kind == "STORIES":
        return f"https://www.instagram.com/stories/{handle}/{media_id}"
    return f"https://www.instagram.com/{'reel' if kind == 'REELS' else 'p'}/{shortcode(media_id)}/"


def x_post(handle: str, post_id: str) -> str:
    """A post on X."""
    return f"https://x.com/{handle}/status/{post_id}"
