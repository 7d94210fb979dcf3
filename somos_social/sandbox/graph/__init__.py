"""The Graph API as a table: which kind of node has which edge, and who answers it."""

from somos_social.sandbox.graph.api import EDGES, answer
from somos_social.sandbox.graph.comments import create_comment
from somos_social.sandbox.graph.containers import create_container
from somos_social.sandbox.graph.fields import SHAPES
from somos_social.sandbox.graph.insights import of_media, of_post, of_video
from somos_social.sandbox.graph.instagram import publish, publishing_limit
from somos_social.sandbox.graph.instagram_views import INSTAGRAM_SHAPES
from somos_social.sandbox.graph.listings import (
    list_children,
    list_comments,
    list_media,
    list_page_stories,
    list_posts,
    list_reels,
    list_stories,
    list_videos,
)
from somos_social.sandbox.graph.photos import create_photo
from somos_social.sandbox.graph.posts import create_post
from somos_social.sandbox.graph.reels import create_reel
from somos_social.sandbox.graph.rupload import rupload
from somos_social.sandbox.graph.stories import create_photo_story, create_video_story
from somos_social.sandbox.graph.videos import create_thumbnail, create_video
from somos_social.sandbox.graph.views import PAGE_SHAPES

__all__ = ["answer", "rupload"]

SHAPES.update(PAGE_SHAPES | INSTAGRAM_SHAPES)
EDGES.update(
    {
        ("POST", "page", "photos"): create_photo,
        ("POST", "page", "feed"): create_post,
        ("POST", "page", "videos"): create_video,
        ("POST", "page", "video_reels"): create_reel,
        ("POST", "page", "photo_stories"): create_photo_story,
        ("POST", "page", "video_stories"): create_video_story,
        ("POST", "video", "thumbnails"): create_thumbnail,
        ("GET", "page", "stories"): list_page_stories,
        ("GET", "page", "feed"): list_posts,
        ("GET", "page", "posts"): list_posts,
        ("GET", "page", "published_posts"): list_posts,
        ("GET", "page", "videos"): list_videos,
        ("GET", "page", "video_reels"): list_reels,
        ("POST", "ig_user", "media"): create_container,
        ("POST", "ig_user", "media_publish"): publish,
        ("GET", "ig_user", "media"): list_media,
        ("GET", "ig_user", "stories"): list_stories,
        ("GET", "ig_user", "content_publishing_limit"): publishing_limit,
        ("GET", "ig_media", "children"): list_children,
        ("GET", "post", "insights"): of_post,
        ("GET", "video", "video_insights"): of_video,
        ("GET", "ig_media", "insights"): of_media,
        **{
            (method, kind, "comments"): handler
            for kind in ("post", "photo", "video", "ig_media")
            for method, handler in (("POST", create_comment), ("GET", list_comments))
        },
    }
)
