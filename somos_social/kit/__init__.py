"""What an influencer gets: a folder and a zip with the brief, the words, the media and the care."""

from somos_social.kit.folder import Built, build
from somos_social.kit.pages import Kit, Piece

__all__ = ["Built", "Kit", "Piece", "build"]
