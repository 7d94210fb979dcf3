"""The settings as values: all that the rest of the program knows of the config file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from somos_social.core.alerts import DESK, Audience, Wanted
from somos_social.core.guests import Stay
from somos_social.core.model.delivery import Policy
from somos_social.settings.secret import Secret

ID_KEYS: Mapping[str, str] = {"facebook": "page_id", "instagram": "user_id"}
"""By platform, the key under which the number of an account stands; X knows its own by its name."""

SECRETS: Mapping[str, tuple[str, ...]] = {
    "facebook": ("token",),
    "instagram": ("token",),
    "x": ("api_key", "api_secret", "access_token", "access_token_secret"),
}
"""By platform, the keys under which references to its secrets stand."""

APP_SECRET = "app_secret"  # noqa: S105 - the name of a key
"""The key of the one secret that may be left out: that of the Meta app behind the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """A place where posts appear, `platform:handle`; `remote_id` is empty where none is needed.

    `app_id` is the number of the Meta app behind the token, empty where the config names none.
    """

    name: str
    remote_id: str
    secrets: Mapping[str, Secret]
    app_id: str = ""

    @property
    def platform(self) -> str:
        return self.name.partition(":")[0]

    @property
    def handle(self) -> str:
        return self.name.partition(":")[2]

    def secret(self, key: str) -> str:
        """The secret itself, read now; raises InvalidFiles where there is none."""
        return self.secrets[key].reveal()

    @property
    def app_secret(self) -> str | None:
        """That of the Meta app, read now; None where the config names none."""
        return self.secret(APP_SECRET) if APP_SECRET in self.secrets else None


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketSettings:
    """A folder of a bucket that speaks S3, from which Instagram fetches pictures.

    `endpoint` is None for Amazon's own, and has no slash at the end. Only what lies in `folder` is
    ever touched.
    """

    name: str
    folder: str
    endpoint: str | None
    region: str
    secrets: Mapping[str, Secret]

    def keys(self) -> tuple[str, str]:
        """The key's name and its secret, read now; raises InvalidFiles where there are none."""
        return self.secrets["bucket_key"].reveal(), self.secrets["bucket_secret"].reveal()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """How people are told: `urls` are apprise's for the desk, `mail` that of the sender by which an
    influencer is written to. `desk` is what `urls` hear of, `to` are other addresses, each with
    what that one hears of. `heartbeat` is asked after each good tick. `environ` is where the
    contact `env:ANA_EMAIL` is looked for.
    """

    urls: tuple[Secret, ...] = ()
    mail: Secret | None = None
    desk: Audience = DESK
    to: tuple[tuple[Audience, Secret], ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    heartbeat: Secret | None = None
    environ: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that must be there for everybody to be told."""
        single = (it for it in (self.mail, self.heartbeat) if it is not None)
        return (*self.urls, *(secret for _, secret in self.to), *single)

    def contact(self, reference: str) -> str:
        """The address itself, read now; raises InvalidFiles where there is none."""
        if not reference.startswith("env:"):
            return reference
        return Secret(
            reference=reference,
            file="the campaign",
            key="contact",
            folder=Path(),
            environ=self.environ,
        ).reveal()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSettings:
    """Where people reach the board, what signs their links, and how long they may stay.

    `public_url` has no slash at the end, and is None where nobody but this machine reaches it. Of
    `secret` None says that one lies in a file beside the database.
    """

    public_url: str | None
    secret: Secret | None
    stay: Stay


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The config as read.

    `store_url` is SQLAlchemy's, and may hold a password. `media_root` is absolute. `public_url`
    ends in a slash, `page_photos` is a channel; of these two and `bucket` at most one is there.
    `cron` are five-field expressions in the time zone `timezone`, and so is `metrics`, which is
    None where figures are read only when asked for. `approval_binds_time` says that a yes is one to
    the time, too. `channels` are by name, `rebase`
    maps an origin to the address that answers in its place, neither with a slash at the end.
    `source` is the file itself.
    """

    store_url: str = field(repr=False)
    media_root: Path
    public_url: str | None
    bucket: BucketSettings | None
    page_photos: str | None
    tick: timedelta
    workers: int
    cron: tuple[str, ...]
    metrics: str | None
    timezone: str
    policy: Policy
    approval_binds_time: bool
    board: BoardSettings
    channels: Mapping[str, ChannelSettings]
    rebase: Mapping[str, str]
    source: Path
    notify: NotifySettings = NotifySettings()

    @property
    def shows_pictures(self) -> bool:
        """Whether there is a place from which Instagram can fetch pictures."""
        return any((self.public_url, self.bucket, self.page_photos))
