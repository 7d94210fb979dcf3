"""How a person lets an app publish: a page to open, a code that comes back, a token that lasts."""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import facebook

from somos_social.core import permissions
from somos_social.errors import NetworkRefused, UsageError
from somos_social.platforms.answers import Answer, identifier, inner, items, tellable, text
from somos_social.platforms.graph import VERSION, Graph, GraphError
from somos_social.platforms.graph_app import MetaApp
from somos_social.platforms.transport import NoAnswer, redacted

REDIRECT = "https://localhost/"
"""Where the browser is sent with the code; nobody need answer there, its address line is enough."""

PUBLISHES = "CREATE_CONTENT"
"""The task that a person needs on a Page (Pages API, "Page Tasks")."""

_CODE = re.compile(r"[A-Za-z0-9._~-]{1,2000}")


class GraphLogin:
    """For one channel, `platform` with the number `account`; nothing here prints or keeps a token.

    `also` are permissions that are asked for besides what publishing needs. Meta must know
    `redirect` as one of the app's "Valid OAuth Redirect URIs".
    """

    def __init__(
        self,
        *,
        platform: str,
        account: str,
        app: MetaApp,
        timeout: timedelta,
        rebase: Mapping[str, str],
        redirect: str = REDIRECT,
        also: Sequence[str] = (),
    ) -> None:
        self._platform = platform
        self._account = account
        self._app = app
        self._redirect = redirect
        self._scopes = [*dict.fromkeys([*permissions.asked_for(platform), *also])]
        self._reach: dict[str, Any] = {"network": "Facebook", "timeout": timeout, "rebase": rebase}

    @property
    def address(self) -> str:
        """The page on which a person allows the app to publish."""
        sdk = facebook.GraphAPI()
        sdk.version = VERSION
        url: str = sdk.get_auth_url(
            self._app.id, self._redirect, perms=self._scopes, state=self._state
        )
        return url

    @property
    def _state(self) -> str:
        """Known to nobody without the app's secret, and the same again for a later call."""
        said = f"somos channel login {self._platform}:{self._account}"
        return hmac.new(self._app.secret.encode(), said.encode(), hashlib.sha256).hexdigest()[:32]

    def code_in(self, pasted: str) -> str:
        """The code in the address that the browser was sent to, or the code itself.

        Raises UsageError for anything else, such as the address of somebody else's login, and
        NetworkRefused where Facebook says there that it was not allowed.
        """
        line = pasted.strip()
        if "://" not in line:
            code = line.partition("#")[0]
        else:
            try:
                query = parse_qs(urlsplit(line).query)
            except ValueError:
                query = {}
            if "error" in query:
                said = query.get("error_description", query["error"])[0]
                raise NetworkRefused(f"Facebook did not let us in: {tellable(said)}")
            state = query.get("state", [""])[0]
            if not hmac.compare_digest(state.encode(), self._state.encode()):
                raise UsageError(
                    "That is not the address at which this login ends. Open the one printed here, "
                    "and copy the address you land on, whole."
                )
            code = query.get("code", [""])[0]
        if not _CODE.fullmatch(code):
            raise UsageError("There is no code in that. Copy the whole address you land on.")
        return code

    def token(self, code: str) -> str:
        """The token of the Page, which has no end of its own. Raises NetworkRefused."""
        brief = self._exchanged([code], redirect_uri=self._redirect, code=code)
        lasting = self._exchanged(
            [code, brief], grant_type="fb_exchange_token", fb_exchange_token=brief
        )
        person = Graph(token=lasting, app=self._app, **self._reach)
        self._check_permissions(person, [code, brief, lasting])
        pages = self._asked(lambda: _pages(person), [code, brief, lasting])
        page = next((page for page in pages if self._is_meant(page)), None)
        if page is None:
            raise NetworkRefused(self._not_among(pages))
        tasks = page.get("tasks")
        if isinstance(tasks, list) and PUBLISHES not in tasks:
            raise NetworkRefused(
                f"Whoever logged in may not publish on the Page {_name(page)}. Let one of its "
                "administrators give them its content, or log in as somebody else."
            )
        token = text(page, "access_token")
        if not token:
            raise NetworkRefused("Facebook named the Page, but gave no token for it. Try again.")
        return token

    def _exchanged(self, said: Sequence[str], **params: str) -> str:
        app = Graph(token=self._app.token, app=self._app, **self._reach)
        answer = self._asked(
            lambda: app.get(
                "oauth/access_token",
                client_id=self._app.id,
                client_secret=self._app.secret,
                **params,
            ),
            said,
        )
        token = text(answer, "access_token")
        if not token:
            raise NetworkRefused("Facebook took the login, but gave no token for it. Try again.")
        return token

    def _check_permissions(self, person: Graph, said: Sequence[str]) -> None:
        """What a person did not tick would replace a token that works by one that does not."""
        answer = self._asked(lambda: person.get("me/permissions"), said)
        granted = {
            text(each, "permission")
            for each in items(answer, "data")
            if text(each, "status") == "granted"
        }
        if lacking := [it for it in permissions.TO_PUBLISH[self._platform] if it not in granted]:
            raise NetworkRefused(
                f"The login does not allow {' and '.join(lacking)}, without which nothing can be "
                "published. Open the address again, and leave everything ticked."
            )

    def _is_meant(self, page: Answer) -> bool:
        if self._platform == "instagram":
            page = dict(inner(page, "instagram_business_account"))
        return identifier(page.get("id")) == self._account

    def _not_among(self, pages: Sequence[Answer]) -> str:
        names = ", ".join(_name(page) for page in pages) or "none"
        wanted = "Page" if self._platform == "facebook" else "Page with the Instagram account"
        return (
            f"The login opens no {wanted} {self._account}; the Pages it opens: {names}. Tick it "
            "when you log in, log in as somebody with a role on it, or correct the number in the "
            "config. If it belongs to a business portfolio, add: --also business_management"
        )

    def _asked(self, call: Callable[[], Any], said: Sequence[str]) -> Any:
        try:
            return call()
        except GraphError as error:
            words = f"Facebook refused the login: {redacted(error.message, [*said])}"
        except NoAnswer as error:
            words = error.event.reason
        # Raised out here so that nothing that was sent is its context.
        raise NetworkRefused(words)


def _pages(person: Graph) -> list[Answer]:
    fields = "id,name,access_token,tasks,instagram_business_account"
    return [page for each in person.pages("me/accounts", fields=fields, limit=100) for page in each]


def _name(page: Answer) -> str:
    return f"{tellable(text(page, 'name'))} ({identifier(page.get('id')) or 'without a number'})"
