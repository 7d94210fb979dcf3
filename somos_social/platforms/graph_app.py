"""The Meta app behind a token: its own token, and the proof that a call comes from its owner."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaApp:
    """An app as developers.facebook.com names it."""

    id: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """The app's own access token (developers.facebook.com, "Access Tokens, App")."""
        return f"{self.id}|{self.secret}"

    def proof(self, token: str) -> str:
        """What `appsecret_proof` must be beside this token ("Securing Graph API Requests")."""
        return hmac.new(self.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
