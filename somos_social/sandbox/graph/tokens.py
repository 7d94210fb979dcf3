"""Whose token a call carries, and whether it comes from who knows the app's secret."""

import hashlib
import hmac

from starlette.requests import Request

from somos_social.sandbox.graph.errors import GraphError, bad_token, no_token
from somos_social.sandbox.meta_app import MetaApp
from somos_social.sandbox.world import Account, World

EXPIRED = 463


def token_of(request: Request, params: dict[str, str]) -> str:
    """The token of a call, from its parameters or its Authorization header."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = params.get("access_token") or (bearer if scheme in {"Bearer", "OAuth"} else "")
    if not token:
        raise no_token()
    return token


def callers_of(world: World, request: Request, params: dict[str, str]) -> tuple[Account, ...]:
    """The Graph accounts that the call's token opens; refused where there is none, or no proof."""
    token = token_of(request, params)
    found = accounts_for(world, token)
    if not found:
        raise bad_token()
    check_proof(app_of(world, found[0].grant.app), token, proof_of(request, params))
    if any(it.grant.expires_at and it.grant.expires_at <= world.now() for it in found):
        raise bad_token(EXPIRED)
    return found


def accounts_for(world: World, token: str) -> tuple[Account, ...]:
    """The Graph accounts that `token` was made for."""
    return tuple(
        account
        for account in world.accounts
        if account.platform != "x" and account.secrets.get("token") == token
    )


def app_of(world: World, app_id: str) -> MetaApp | None:
    """The app of that id, where one is known."""
    return next((app for app in world.apps if app.id == app_id), None)


def proof_of(request: Request, params: dict[str, str]) -> str | None:
    """The `appsecret_proof` of a call; beside raw bytes it can only stand in the address."""
    return params.get("appsecret_proof") or request.query_params.get("appsecret_proof")


def check_proof(app: MetaApp | None, token: str, given: str | None) -> None:
    """Refuse an `appsecret_proof` that is wrong, or missing where the app asks for one."""
    if given is None:
        if app is not None and app.requires_proof:
            raise _unproved("API calls from the server require an appsecret_proof argument")
        return
    secret = app.secret if app is not None else ""
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if app is None or not hmac.compare_digest(given.encode(), proof.encode()):
        raise _unproved("Invalid appsecret_proof provided in the API argument")


def _unproved(message: str) -> GraphError:
    return GraphError(100, message, kind="GraphMethodException")
