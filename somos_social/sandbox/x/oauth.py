"""Who signed a call to X: OAuth 1.0a signatures are verified, not believed."""

from oauthlib.oauth1 import (
    RequestValidator,
    SignatureOnlyEndpoint,
)
from starlette.requests import Request

from somos_social.sandbox.world import Account

ORIGINS = ("https://api.x.com", "https://api.twitter.com")
"""The public names that a client may have signed for."""
CLOCK_SKEW = 300
"""Seconds of real time that a signature's timestamp may be off."""


class _Keys(RequestValidator):  # type: ignore[misc]  # the base class has no types
    """Looks the secrets of a call up among the accounts."""

    timestamp_lifetime = CLOCK_SKEW
    dummy_client = "nobody"

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        super().__init__()
        self.accounts = accounts

    def check_client_key(self, _: str) -> bool:
        return True

    def check_nonce(self, nonce: str) -> bool:
        return 8 <= len(nonce) <= 64

    def validate_client_key(self, client_key: str, _: object) -> bool:
        return any(it.secrets["api_key"] == client_key for it in self.accounts)

    def validate_timestamp_and_nonce(self, *_: object, **__: object) -> bool:
        return True  # a call is checked against two origins, so its nonce is spent afterwards

    def get_client_secret(self, client_key: str, _: object) -> str:
        return next(
            (
                it.secrets["api_secret"]
                for it in self.accounts
                if it.secrets["api_key"] == client_key
            ),
            "no such key",
        )

    def get_access_token_secret(self, _: str, token: str, __: object) -> str:
        found = self.holder(token)
        return found.secrets["access_token_secret"] if found else "no such token"

    def holder(self, token: str | None) -> Account | None:
        """The account of an access token."""
        return next((it for it in self.accounts if it.secrets["access_token"] == token), None)


class Signatures:
    """Tells whose call it is; every nonce is good once."""

    def __init__(self, accounts: tuple[Account, ...]) -> None:
        self._accounts = tuple(it for it in accounts if it.platform == "x")
        self._keys = _Keys(self._accounts)
        self._endpoint = SignatureOnlyEndpoint(self._keys)
        self._spent: set[tuple[str, str, str]] = set()

    def caller(self, request: Request, path: str, body: str | None) -> Account | None:
        """The account that signed `path` (as the public origin has it), or None.

        `body` is given only where it is a URL-encoded form, which a signature covers.
        """
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            return next((it for it in self._accounts if it.secrets.get("bearer") == bearer), None)
        if scheme != "OAuth":
            return None
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {"Authorization": request.headers["authorization"]}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for origin in ORIGINS:
            good, signed = self._endpoint.validate_request(
                f"{origin}{path}{query}", request.method, body, headers
            )
            if good:
                return self._spend(signed.client_key, signed.resource_owner_key, signed)
        return None

    def _spend(self, key: str, token: str, signed: object) -> Account | None:
        used = (token, str(getattr(signed, "timestamp", "")), str(getattr(signed, "nonce", "")))
        account = self._keys.holder(token)
        if used in self._spent or account is None or account.secrets["api_key"] != key:
            return None
        self._spent.add(used)
        return account
