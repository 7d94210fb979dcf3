"""Logging in, and what is known of a token: the calls that no account's token is needed for."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request

from somos_social.sandbox.graph.errors import GraphError, bad_token, invalid, no_field
from somos_social.sandbox.graph.fields import parse
from somos_social.sandbox.graph.tokens import (
    EXPIRED,
    accounts_for,
    app_of,
    check_proof,
    proof_of,
    token_of,
)
from somos_social.sandbox.meta_app import MetaApp, Person
from somos_social.sandbox.world import Account, World

BRIEF, LASTING = timedelta(hours=1), timedelta(seconds=5183944)
"""How long the tokens of people live (Access Token Guide)."""
ALWAYS = {"access_token", "appsecret_proof", "locale"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call before anyone's token was looked at."""

    world: World
    request: Request
    params: dict[str, str]

    def only(self, *allowed: str) -> None:
        for name in self.params:
            if name not in ALWAYS.union(allowed):
                raise invalid(f"Unknown parameter '{name}'")

    @property
    def proof(self) -> str | None:
        return proof_of(self.request, self.params)

    def text(self, name: str) -> str:
        if not self.params.get(name):
            raise invalid(f"The parameter {name} is required")
        return self.params[name]


def answer(request: Request, world: World, path: str, params: dict[str, str]) -> Any:
    """What such a call is answered, or None where it is a call of another kind."""
    handler = _HANDLERS.get(path.strip("/")) if request.method == "GET" else None
    return handler and handler(Asked(world=world, request=request, params=params))


def _exchange(asked: Asked) -> dict[str, Any] | None:
    """GET /oauth/access_token: a code for a brief token, or that for a lasting one."""
    asked.only(
        "client_id", "client_secret", "redirect_uri", "code", "grant_type", "fb_exchange_token"
    )
    world = asked.world
    app = app_of(world, asked.text("client_id"))
    if app is None:
        raise GraphError(101, "Error validating application. Invalid application ID.")
    if asked.text("client_secret") != app.secret:
        raise GraphError(1, "Error validating client secret.")
    if asked.params.get("grant_type") == "fb_exchange_token":
        before = _person(world, asked.text("fb_exchange_token"))
        return _let_in(world, app, before.scopes, lasting=True)
    code = asked.text("code")
    if asked.text("redirect_uri") not in app.redirects:
        raise invalid("Error validating verification code: another redirect_uri", 36008)
    if code not in app.codes or code in world.used_codes:
        raise invalid("This authorization code has been used or is none.", 36009)
    world.used_codes.add(code)
    return _let_in(world, app, app.codes[code], lasting=False)


def _let_in(
    world: World, app: MetaApp, scopes: tuple[str, ...], *, lasting: bool
) -> dict[str, Any]:
    token = f"EAA{'lasting' if lasting else 'brief'}{secrets.token_hex(16)}"
    life = LASTING if lasting else BRIEF
    expires_at = world.now() + life
    world.people[token] = Person(app=app, scopes=scopes, expires_at=expires_at, lasting=lasting)
    expires_in = round(life.total_seconds())
    return {"access_token": token, "token_type": "bearer", "expires_in": expires_in}


def _person(world: World, token: str) -> Person:
    person = world.people.get(token)
    if person is None:
        raise bad_token()
    if person.expires_at <= world.now():
        raise bad_token(EXPIRED)
    return person


def _caller(asked: Asked) -> Person | None:
    """The person whose token the call carries; None for the token of an account."""
    token = token_of(asked.request, asked.params)
    if token not in asked.world.people:
        return None
    person = _person(asked.world, token)
    check_proof(person.app, token, asked.proof)
    return person


def _pages(asked: Asked) -> dict[str, Any] | None:
    """GET /me/accounts: only a lasting token is given the Pages' own tokens that last."""
    person = _caller(asked)
    if person is None:
        return None
    asked.only("fields", "limit", "after")
    wanted = parse(asked.params.get("fields") or "access_token,category,name,id,tasks")
    pages = [it for it in asked.world.accounts if it.platform == "facebook"]
    return {"data": [_page(asked.world, person, page, list(wanted)) for page in pages]}


def _page(world: World, person: Person, page: Account, wanted: list[str]) -> dict[str, Any]:
    token = page.secrets["token"]
    beside = [it for it in accounts_for(world, token) if it.platform == "instagram"]
    known = {
        "id": page.id,
        "name": page.name,
        "category": "Nonprofit Organization",
        "access_token": token if person.lasting else f"brief-{secrets.token_hex(8)}",
        "tasks": list(page.grant.tasks),
        "instagram_business_account": {"id": beside[0].id} if beside else None,
    }
    for name in wanted:
        if name not in known:
            raise no_field(name, "node type (Page)")
    shown = {name: known[name] for name in {"id": None} | dict.fromkeys(wanted)}
    return {name: value for name, value in shown.items() if value is not None}


def _permissions(asked: Asked) -> dict[str, Any] | None:
    """GET /me/permissions, which no token of a Page may ask."""
    person = _caller(asked)
    if person is None:
        return None
    asked.only()
    return {"data": [{"permission": it, "status": "granted"} for it in person.scopes]}


def _about(asked: Asked) -> dict[str, Any]:
    """GET /debug_token: by the app's own token, or by the token that it is about."""
    asked.only("input_token")
    about, by = asked.text("input_token"), token_of(asked.request, asked.params)
    found = accounts_for(asked.world, about)
    if by != about:
        app = next((it for it in asked.world.apps if by == f"{it.id}|{it.secret}"), None)
        if app is None:
            raise bad_token()
        check_proof(app, by, asked.proof)
        if found and found[0].grant.app != app.id:
            raise invalid("The App_id in the input_token did not match the Viewing App")
    elif found:
        check_proof(app_of(asked.world, found[0].grant.app), by, asked.proof)
    if not found:
        error = {"code": 190, "message": "Invalid OAuth access token data."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    return {"data": _described(asked.world, found)}


def _described(world: World, accounts: tuple[Account, ...]) -> dict[str, Any]:
    grant = accounts[0].grant
    alive = grant.expires_at is None or grant.expires_at > world.now()
    return {
        "app_id": grant.app or "1",
        "type": "PAGE",
        "application": "Somos",
        "data_access_expires_at": _seconds(grant.data_access_expires_at),
        "expires_at": _seconds(grant.expires_at),
        "is_valid": alive,
        "scopes": list(grant.scopes),
        "granular_scopes": [_granular(scope, accounts) for scope in grant.scopes],
        "profile_id": accounts[0].id,
        "user_id": "122100000000001",
    }


def _granular(scope: str, accounts: tuple[Account, ...]) -> dict[str, Any]:
    platform = {"pages": "facebook", "instagram": "instagram"}.get(scope.partition("_")[0])
    targets = [account.id for account in accounts if account.platform == platform]
    return {"scope": scope, "target_ids": targets} if targets else {"scope": scope}


def _seconds(moment: datetime | None) -> int:
    """0 is how Meta says "never"."""
    return 0 if moment is None else int(moment.timestamp())


_HANDLERS: dict[str, Callable[[Asked], dict[str, Any] | None]] = {
    "oauth/access_token": _exchange,
    "debug_token": _about,
    "me/accounts": _pages,
    "me/permissions": _permissions,
}
