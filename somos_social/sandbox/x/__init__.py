"""The X API v2 as a list of routes."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from somos_social.sandbox.x import media, timeline, tweets
from somos_social.sandbox.x.calls import endpoint
from somos_social.sandbox.x.problems import not_found, problem


async def _legacy(_: Request) -> Response:
    return problem(410, "Gone", "Version 1.1 is not offered here; use the version 2 endpoints.")


async def _unknown(_: Request) -> Response:
    return not_found()


ROUTES = [
    Route("/2/tweets", endpoint(tweets.create, limit=100), methods=["POST"]),
    Route("/2/tweets", endpoint(timeline.read_many, limit=900), methods=["GET"]),
    Route("/2/tweets/{id}", endpoint(tweets.delete, limit=50), methods=["DELETE"]),
    Route("/2/tweets/{id}", endpoint(timeline.read_one, limit=900), methods=["GET"]),
    Route("/2/users/me", endpoint(timeline.me, limit=75), methods=["GET"]),
    Route("/2/users/{id}/tweets", endpoint(timeline.of_user, limit=900), methods=["GET"]),
    Route("/2/media/upload", endpoint(media.one_shot, limit=500), methods=["POST"]),
    Route("/2/media/upload", endpoint(media.status, limit=1000), methods=["GET"]),
    Route("/2/media/upload/initialize", endpoint(media.initialize, limit=1875), methods=["POST"]),
    Route("/2/media/upload/{id}/append", endpoint(media.append, limit=1875), methods=["POST"]),
    Route("/2/media/upload/{id}/finalize", endpoint(media.finalize, limit=1875), methods=["POST"]),
    Route("/2/media/metadata", endpoint(media.metadata, limit=500), methods=["POST"]),
    Route("/1.1/{path:path}", _legacy, methods=["GET", "POST", "DELETE"]),
    Route("/{path:path}", _unknown, methods=["GET", "POST", "PUT", "DELETE"]),
]
"""Limits are per user in 15 minutes (X docs, rate limits); 75 for /users/me is our choice."""
