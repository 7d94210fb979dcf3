"""The media folder as it stands on a web server: every picture in it can be fetched at any time."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from somos_social.core.model.asset import Asset
from somos_social.document import Unfit
from somos_social.errors import InvalidFiles, Problem
from somos_social.hosting.fetching import fetch
from somos_social.platforms.pictures import Shown


class WebFolder:
    """The contract of `Pictures` for `public_url`, where `media_root` can be read.

    `file` is the config's name for people.
    """

    def __init__(
        self,
        public_url: str,
        *,
        media_root: Path,
        timeout: timedelta,
        rebase: Mapping[str, str],
        file: str,
    ) -> None:
        self._base = public_url.rstrip("/")
        self._media_root = media_root
        self._timeout = timeout
        self._rebase = rebase
        self._file = file

    def show(self, picture: Asset) -> Shown:
        return Shown(address=f"{self._base}/{quote(picture.path)}")

    def hide(self, mark: str) -> None:
        pass

    def look(self, picture: Asset) -> None:
        address = self.show(picture).address
        try:
            fetch(
                address,
                self._media_root,
                picture,
                timeout=self._timeout,
                rebase=self._rebase,
            )
        except Unfit as unfit:
            told = Problem(
                file=self._file,
                key="media.public_url",
                problem=f"{address} {unfit.problem}",
                hint=unfit.hint,
            )
        else:
            return
        raise InvalidFiles([told])

    def sweep(self) -> None:
        pass
