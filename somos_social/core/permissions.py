"""Which permissions a token needs for what, as the networks name them.

From developers.facebook.com: "Pages API, Posts" and "Instagram Platform, Content Publishing" with
Facebook Login. X has none that it tells of.
"""

from collections.abc import Mapping

TO_PUBLISH: Mapping[str, tuple[str, ...]] = {
    "facebook": ("pages_manage_posts", "pages_read_engagement"),
    "instagram": ("instagram_basic", "instagram_content_publish", "pages_read_engagement"),
}
"""By platform, without which no post goes out."""

TO_COMMENT: Mapping[str, tuple[str, ...]] = {
    "facebook": ("pages_manage_engagement",),
    "instagram": ("instagram_manage_comments",),
}
"""By platform, without which what follows a post does not go out."""

TO_LOG_IN: Mapping[str, tuple[str, ...]] = {
    "facebook": ("pages_show_list",),
    "instagram": ("pages_show_list", "instagram_manage_contents"),
}
"""By platform, what is asked for besides: the list of Pages, and to take a post down."""


def asked_for(platform: str) -> tuple[str, ...]:
    """All that a person who logs in a channel is asked to allow."""
    return (*TO_LOG_IN[platform], *TO_PUBLISH[platform], *TO_COMMENT[platform])
