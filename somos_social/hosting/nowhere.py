"""No place at all: pictures wait until a person names one."""

from somos_social.core.events import Blocked
from somos_social.core.model.asset import Asset
from somos_social.platforms import Unfulfilled
from somos_social.platforms.pictures import Shown

REMEDY = (
    "Put the media folder on a web server and its address into the config, as public_url of "
    "[media], or name a bucket there."
)


class Nowhere:
    """The contract of `Pictures` where the config names no place."""

    def show(self, picture: Asset) -> Shown:
        del picture
        raise Unfulfilled(Blocked(f"Instagram fetches pictures itself. {REMEDY}"))

    def hide(self, mark: str) -> None:
        pass

    def look(self, picture: Asset) -> None:
        """That the config names no place is told of before."""

    def sweep(self) -> None:
        pass
