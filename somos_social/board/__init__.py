"""The board: a small web application on which reviewers look, approve, ask for changes and pause.

Whoever looks came in by a personal link. Nobody else sees anything; no page shows a secret, or what
a person who is seen has consented to. What is written here is written by the same flows as on the
command line, and stands in the same log.
"""

from somos_social.board.application import Board, application
from somos_social.board.key import key_beside
from somos_social.board.server import Serving

__all__ = ["Board", "Serving", "application", "key_beside"]
