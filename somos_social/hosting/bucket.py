"""A bucket that speaks S3: a picture lies there for as long as Instagram needs, and by a link."""

import logging
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from somos_social.core.events import Blocked, Unreachable
from somos_social.core.model.asset import Asset
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles, Problem, SomosError
from somos_social.hosting.fetching import fetch
from somos_social.platforms import Unfulfilled
from somos_social.platforms.outgoing import outgoing
from somos_social.platforms.pictures import Shown

if TYPE_CHECKING:
    from obstore.store import S3Credential, S3Store

    from somos_social.settings import BucketSettings

LINK_LIFE = timedelta(hours=24)
"""As long as an Instagram container lives; a link that leaks is worth nothing afterwards."""

LEFT_ALONE_FOR = LINK_LIFE + timedelta(hours=1)
"""What is older cannot be fetched any more, whatever the clocks of bucket and machine differ by."""

SWEEP_PAUSE = timedelta(hours=1)

_OURS = re.compile(r"[0-9a-f]{64}\.(?:jpg|png|gif|webp)")
"""What `show` names objects: by chance, so that no name can be guessed or says anything."""

_ENDINGS = {"image/png": "png", "image/gif": "gif", "image/webp": "webp"}

_CODE = re.compile(r"<Code>([A-Za-z0-9.]{1,64})</Code>|\(code: ([A-Za-z0-9.]{1,64})\)")
_ABSENT = {"NoSuchBucket"}
_ELSEWHERE = {
    "PermanentRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
}
_REFUSED = {
    "AccessDenied",
    "AllAccessDisabled",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
}

_Found = TypeVar("_Found")

logger = logging.getLogger("somos")


class Bucket:
    """The contract of `Pictures` for a folder of a bucket; nothing outside of it is ever touched.

    An object is private: it is fetched by a signed link that ends after `LINK_LIFE`. `file` is the
    config's name for people.
    """

    def __init__(
        self,
        settings: "BucketSettings",
        *,
        media_root: Path,
        timeout: timedelta,
        now: Callable[[], datetime],
        file: str,
    ) -> None:
        self._settings = settings
        self._media_root = media_root
        self._timeout = timeout
        self._now = now
        self._file = file
        self._swept_at: datetime | None = None

    def show(self, picture: Asset) -> Shown:
        import obstore

        name = f"{secrets.token_hex(32)}.{_ENDINGS.get(picture.mime, 'jpg')}"
        with outgoing(self._media_root, picture, lambda *_: None) as file:
            # In one piece, which is there whole or not at all: Instagram takes no more than 8 MiB.
            data = file.read()
        self._ask(
            lambda store: obstore.put(
                store,
                name,
                data,
                use_multipart=False,
                attributes={"Content-Type": picture.mime, "Cache-Control": "private, no-store"},
            )
        )
        return Shown(
            address=self._ask(lambda store: obstore.sign(store, "GET", name, LINK_LIFE)), mark=name
        )

    def hide(self, mark: str) -> None:
        self._remove([mark])

    def look(self, picture: Asset) -> None:
        """Lays it there, fetches it, and removes it again."""
        try:
            shown = self.show(picture)
        except Unfulfilled as stop:
            trouble = Unfit(str(stop))
        else:
            try:
                fetch(shown.address, self._media_root, picture, timeout=self._timeout, rebase={})
            except Unfit as unfit:
                trouble = Unfit(f"{self._named} {unfit.problem}", unfit.hint)
            else:
                return
            finally:
                self.hide(shown.mark)
        told = Problem(
            file=self._file, key="media.bucket", problem=trouble.problem, hint=trouble.hint or _SEE
        )
        raise InvalidFiles([told])

    def sweep(self) -> None:
        """Once an hour at most: removes what is ours, in our folder, and too old to be fetched."""
        now = self._now()
        if self._swept_at is not None and now - self._swept_at < SWEEP_PAUSE:
            return
        self._swept_at = now
        try:
            found = self._ask(_listed)
        except (Unfulfilled, SomosError) as error:
            logger.warning("What may have been left in the bucket is not known: %s", error)
        else:
            self._remove([name for name, laid in found if now - laid > LEFT_ALONE_FOR])

    def _remove(self, names: list[str]) -> None:
        import obstore

        ours = [name for name in names if _OURS.fullmatch(name)]
        if not ours:
            return
        try:
            self._ask(lambda store: obstore.delete(store, ours))
        except (Unfulfilled, SomosError) as error:
            logger.warning("A picture could not be removed from the bucket yet: %s", error)

    @property
    def _named(self) -> str:
        return f"The bucket {self._settings.name}"

    def _ask(self, call: "Callable[[S3Store], _Found]") -> _Found:
        """Raises Unfulfilled, InvalidFiles. The library's own words hold keys: none is repeated."""
        store = self._store()
        try:
            return call(store)
        except Exception as error:  # noqa: BLE001 - nothing is public: whatever it was, try again
            event = self._meant(error)
        raise Unfulfilled(event)

    def _store(self) -> "S3Store":
        """Made anew each time, since secrets may have changed; it opens no connection yet."""
        from obstore.store import S3Store

        key, secret = self._settings.keys()
        endpoint = self._settings.endpoint
        credential: S3Credential = {
            "access_key_id": key,
            "secret_access_key": secret,
            "token": None,
            "expires_at": None,
        }
        return S3Store(
            self._settings.name,
            prefix=self._settings.folder,
            config={
                "region": self._settings.region,
                **({"endpoint": endpoint} if endpoint else {}),
            },
            # Given so, nothing that the environment says of another account gets in between.
            credential_provider=lambda: credential,
            client_options={
                "timeout": self._timeout,
                "connect_timeout": self._timeout / 4,
                "allow_http": (endpoint or "").startswith("http://"),
            },
            retry_config={"max_retries": 0},
        )

    def _meant(self, error: Exception) -> Blocked | Unreachable:
        from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

        told = _CODE.search(str(error))
        code = (told[1] or told[2]) if told else ""
        also = f" ({code})" if code else ""
        host = urlsplit(self._settings.endpoint or "").netloc or "Amazon"
        if code in _ABSENT:
            return Blocked(f"There is no bucket {self._settings.name} at {host}. {_SEE}")
        if code in _ELSEWHERE or "incorrectly configured region" in str(error):
            return Blocked(f"{self._named} is in another region{also}. See to bucket_region.")
        if code == "RequestTimeTooSkewed":
            return Blocked(f"{self._named} refused us{also}: the clock of this machine is wrong.")
        if code in _REFUSED or isinstance(error, PermissionDeniedError | UnauthenticatedError):
            return Blocked(
                f"{self._named} refused our key{also}. See to bucket_key and bucket_secret of "
                f"[media]; the key must be allowed to put, get, list and delete in "
                f"{self._settings.folder}."
            )
        return Unreachable(
            f"{self._named} cannot be reached, or does not answer as it should{also}."
        )


_SEE = "See to bucket and bucket_endpoint of [media]."


def _listed(store: "S3Store") -> list[tuple[str, datetime]]:
    """What lies in the folder, without what lies in folders below, and since when."""
    import obstore

    objects = obstore.list_with_delimiter(store)["objects"]
    return [(each["path"], each["last_modified"]) for each in objects]
