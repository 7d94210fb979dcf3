"""Settings to App: the only place that constructs."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from somos_social import uptime
from somos_social.core.alerts import Audience
from somos_social.core.delivery import Move
from somos_social.errors import InvalidFiles, Problem, UsageError
from somos_social.flows import App
from somos_social.flows.invitations import Door
from somos_social.flows.keeping import Keeping
from somos_social.heartbeat import Heartbeat
from somos_social.hosting.nowhere import Nowhere
from somos_social.notify import Apprise, Nobody, Notifier
from somos_social.platforms import Claimed, HandBack, Platform, Progress, Saved, unclaimed, unsaved
from somos_social.platforms.looking import Seen, Unseen
from somos_social.platforms.pictures import Pictures
from somos_social.settings import ChannelSettings, Settings
from somos_social.store import Store

if TYPE_CHECKING:
    from somos_social.platforms.graph import Graph
    from somos_social.platforms.graph_app import MetaApp
    from somos_social.platforms.graph_login import GraphLogin
    from somos_social.platforms.x_client import XClient


def utc_now() -> datetime:
    return datetime.now(UTC)


def _silent(_name: str, _sent: int, _total: int) -> None:
    pass


def open_app(
    settings: Settings,
    *,
    actor: str,
    now: Callable[[], datetime] = utc_now,
    stopping: Callable[[], bool] = lambda: False,
    heard: Callable[[Move], None] = lambda _move: None,
    progress: Progress = _silent,
) -> App:
    """Opens the store (raises StoreError); platforms and secrets only when one is asked for."""
    store = Store(
        settings.store_url,
        threads=settings.workers + 4,
        binds_time=settings.approval_binds_time,
    )
    platforms = Platforms(
        settings,
        now=now,
        stopping=stopping,
        progress=progress,
        claimed=store.is_anothers,
        saved=Keeping(store, now),
    )
    # Beside a clock of the caller's own, no other one means anything.
    is_real = now is utc_now
    return App(
        store=store,
        pictures=platforms.pictures,
        policy=settings.policy,
        now=now,
        platform=platforms,
        media_root=settings.media_root,
        channels=frozenset(settings.channels),
        pictures_are_public=settings.shows_pictures,
        actor=actor,
        stopping=stopping,
        heard=heard,
        tick=uptime.tick if is_real else lambda: None,
        since=uptime.since if is_real else lambda _tick: None,
        notifier=notifier_of(settings),
        wanted=settings.notify.wanted,
        looker=Looking(settings),
        pulse=pulse_of(settings),
    )


def notifier_of(settings: Settings) -> Notifier:
    """Who is told; no secret is read yet."""
    notify = settings.notify
    if not notify.urls and notify.mail is None and not notify.to:
        return Nobody()
    also: dict[Audience, list[Callable[[], str]]] = {}
    for audience, secret in notify.to:
        also.setdefault(audience, []).append(secret.reveal)
    return Apprise(
        urls=[secret.reveal for secret in notify.urls],
        mail=notify.mail.reveal if notify.mail else None,
        contact=notify.contact,
        desk=notify.desk,
        also=also,
    )


def pulse_of(settings: Settings) -> Callable[[], None]:
    """What tells a watcher that all goes well; nothing where the config names none."""
    secret = settings.notify.heartbeat
    if secret is None:
        return lambda: None
    return Heartbeat(secret.reveal, rebase=settings.rebase)


class Looking:
    """Looks at posts of X by its API, with the keys of a channel of ours, else at public pages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def look(self, url: str) -> Seen:
        from somos_social.platforms.web_look import WebPages
        from somos_social.platforms.x_look import is_on_x, look_at

        settings = self._settings
        if not is_on_x(url):
            return WebPages(timeout=settings.policy.timeout, rebase=settings.rebase).look(url)
        of_x = [it for it in settings.channels.values() if it.platform == "x"]
        if not of_x:
            raise Unseen("the config has no channel of X, by whose keys it could be looked at.")
        return look_at(_x_client(of_x[0], settings), url)


def _x_client(channel: ChannelSettings, settings: Settings) -> "XClient":
    from somos_social.platforms.x_client import XClient

    return XClient(
        **{key: channel.secret(key) for key in channel.secrets},
        timeout=settings.policy.timeout,
        rebase=settings.rebase,
    )


def pictures_of(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Pictures:
    """Where Instagram fetches pictures; no secret is read yet."""
    if settings.public_url is not None:
        from somos_social.hosting.web_folder import WebFolder

        return WebFolder(
            settings.public_url,
            media_root=settings.media_root,
            timeout=settings.policy.timeout,
            rebase=settings.rebase,
            file=str(settings.source),
        )
    if settings.bucket is not None:
        from somos_social.hosting.bucket import Bucket

        return Bucket(
            settings.bucket,
            media_root=settings.media_root,
            timeout=settings.policy.timeout,
            now=now,
            file=str(settings.source),
        )
    if settings.page_photos is not None:
        from somos_social.hosting.page_photos import PagePhotos

        page = settings.channels[settings.page_photos]
        return PagePhotos(
            page_id=page.remote_id,
            graph=lambda: _graph(page, settings),
            media_root=settings.media_root,
            now=now,
        )
    return Nowhere()


def _graph(page: ChannelSettings, settings: Settings) -> "Graph":
    from somos_social.platforms.graph import Graph
    from somos_social.platforms.graph_app import MetaApp

    secret = page.app_secret
    return Graph(
        network="Facebook",
        token=page.secret("token"),
        timeout=settings.policy.timeout,
        rebase=settings.rebase,
        app=MetaApp(id=page.app_id, secret=secret) if secret else None,
    )


def open_door(settings: Settings) -> Door:
    """What signs the links to the board, and how long who comes in may stay. Raises InvalidFiles.

    Unless the config says where it lies, the key is in a file beside the database.
    """
    from somos_social.board.key import key_beside
    from somos_social.store.backup import sqlite_file

    secret, database = settings.board.secret, sqlite_file(settings.store_url)
    if secret is not None:
        return Door(key=secret.reveal(), stay=settings.board.stay)
    if database is None:
        hint = 'Write it as in secret = "env:SOMOS_BOARD_SECRET".'
        problem = "is missing, and there is no folder of ours beside a database on a server."
        told = Problem(file=str(settings.source), key="board.secret", problem=problem, hint=hint)
        raise InvalidFiles([told])
    return Door(key=key_beside(database), stay=settings.board.stay)


def meta_app(channel: ChannelSettings) -> "MetaApp | None":
    """The app behind the channel's token, where the config names one. Raises InvalidFiles."""
    secret = channel.app_secret
    if secret is None:
        return None
    from somos_social.platforms.graph_app import MetaApp

    return MetaApp(id=channel.app_id, secret=secret)


def open_login(
    settings: Settings, channel: ChannelSettings, app: "MetaApp", *, also: Sequence[str] = ()
) -> "GraphLogin":
    """How a person lets the app publish there; `also` are permissions that are asked for, too."""
    from somos_social.platforms.graph_login import GraphLogin

    return GraphLogin(
        platform=channel.platform,
        account=channel.remote_id,
        app=app,
        timeout=settings.policy.timeout,
        rebase=settings.rebase,
        also=also,
    )


class Platforms:
    """One platform per channel, shared by all threads, and made anew when its secrets change."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], datetime] = utc_now,
        stopping: Callable[[], bool] = lambda: False,
        progress: Progress = _silent,
        claimed: Claimed = unclaimed,
        saved: Saved = unsaved,
    ) -> None:
        self._settings = settings
        self._claimed = claimed
        self._saved = saved
        self._now = now
        self._stopping = stopping
        self._progress = progress
        self._made: dict[str, tuple[list[str], Platform]] = {}
        self._lock = threading.Lock()
        self.pictures = pictures_of(settings, now=now)

    def __call__(self, channel: str) -> Platform:
        """Raises UsageError for a channel without settings, InvalidFiles for a secret missing."""
        settings = self._settings.channels.get(channel)
        if settings is None:
            raise UsageError(
                f"The channel {channel} is not in the config. Add a [[channel]] with "
                f'name = "{channel}".'
            )
        secrets = [settings.secret(key) for key in settings.secrets]
        with self._lock:
            known = self._made.get(channel)
            if known is None or known[0] != secrets:
                known = self._made[channel] = (secrets, self._make(settings))
            return known[1]

    def _upload_progress(self, name: str, sent: int, total: int) -> None:
        if self._stopping():
            raise HandBack
        self._progress(name, sent, total)

    def _make(self, channel: ChannelSettings) -> Platform:
        settings = self._settings
        match channel.platform:
            case "facebook":
                from somos_social.platforms.facebook import Facebook

                return Facebook(
                    page_id=channel.remote_id,
                    token=channel.secret("token"),
                    app=meta_app(channel),
                    timeout=settings.policy.timeout,
                    rebase=settings.rebase,
                    media_root=settings.media_root,
                    now=self._now,
                    progress=self._upload_progress,
                    claimed=self._claimed,
                    saved=self._saved,
                )
            case "instagram":
                from somos_social.platforms.instagram import Instagram

                return Instagram(
                    user_id=channel.remote_id,
                    token=channel.secret("token"),
                    app=meta_app(channel),
                    timeout=settings.policy.timeout,
                    rebase=settings.rebase,
                    media_root=settings.media_root,
                    pictures=self.pictures,
                    now=self._now,
                    progress=self._upload_progress,
                    claimed=self._claimed,
                    saved=self._saved,
                )
            case _:
                from somos_social.platforms.x import X

                return X(
                    handle=channel.handle,
                    api_key=channel.secret("api_key"),
                    api_secret=channel.secret("api_secret"),
                    access_token=channel.secret("access_token"),
                    access_token_secret=channel.secret("access_token_secret"),
                    timeout=settings.policy.timeout,
                    rebase=settings.rebase,
                    media_root=settings.media_root,
                    now=self._now,
                    progress=self._upload_progress,
                    claimed=self._claimed,
                    saved=self._saved,
                )
