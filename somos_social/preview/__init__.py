"""How posts will look on their networks, in HTML: for a file to mail, and for the board."""

from somos_social.preview.looks import Described, Look, Medium, described, looks
from somos_social.preview.page import Page, page
from somos_social.preview.rendering import environment

__all__ = [
    "Described",
    "Look",
    "Medium",
    "Page",
    "described",
    "environment",
    "looks",
    "page",
]
