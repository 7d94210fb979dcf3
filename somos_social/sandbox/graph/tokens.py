"""Whose token a call carries."""

from starlette.requests import Request

from somos_social.sandbox.graph.errors import bad_token, no_token
from somos_social.sandbox.world import Account, World


def token_of(request: Request, params: dict[str, str]) -> str:
    """The token of a call, from its parameters or its Authorization header."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = params.get("access_token") or (bearer if scheme in {"Bearer", "OAuth"} else "")
    if not token:
        raise no_token()
    return token


def accounts_for(world: World, token: str) -> tuple[Account, ...]:
    """The Graph accounts that `token` opens; code 190 where it opens none."""
    found = tuple(
        account
        for account in world.accounts
        if account.platform != "x" and account.secrets.get("token") == token
    )
    if not found:
        raise bad_token()
    return found
