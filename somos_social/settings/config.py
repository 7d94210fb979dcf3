"""Finds the config file and reads it whole."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from os.path import lexists
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from somos_social.core.alerts import Audience, Kind, Language, Wanted
from somos_social.core.guests import Stay
from somos_social.core.model.delivery import Policy
from somos_social.document import Report, Unfit, fitted, read_toml, url
from somos_social.errors import InvalidFiles
from somos_social.settings.model import (
    APP_SECRET,
    ID_KEYS,
    SECRETS,
    BoardSettings,
    ChannelSettings,
    NotifySettings,
    Settings,
)
from somos_social.settings.places import bucket, check_ways
from somos_social.settings.secret import Secret
from somos_social.settings.shapes import (
    CHANNEL_SHAPES,
    ApprovalShape,
    AudienceShape,
    BoardShape,
    ChannelShape,
    ConfigShape,
    DaemonShape,
    MediaShape,
    NotifyShape,
    PolicyShape,
    StoreShape,
    hour,
)

UPLOAD_LIFE = timedelta(hours=20)
"""Uploads expire at the networks after 24 hours; they must not be made earlier than this."""


def locate(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The config file to use: the one asked for, $SOMOS_CONFIG, ./config.toml, the user's, or none.

    The first two are returned even where there is no such file: what was asked for is not replaced.
    """
    if path is not None:
        return path
    if named := environ.get("SOMOS_CONFIG"):
        return Path(named)
    usual = (Path("config.toml"), platformdirs.user_config_path("somos_social") / "config.toml")
    return next((each for each in usual if each.is_file()), None)


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of the config file that `locate` finds; raises InvalidFiles with all problems.

    No secret is read, and nothing but the config file is opened.
    """
    source = locate(path, environ)
    report = Report(str(source or "config.toml"))
    if source is None or not lexists(source):
        report.add("", "does not exist.", "Copy config.example.toml to it and fill it in.")
        raise InvalidFiles(report.problems)
    raw = read_toml(source, report)
    settings = _settings(fitted(ConfigShape, raw or {}, report), source, environ, report)
    if report.problems:
        raise InvalidFiles(report.problems)
    return settings


def _settings(
    config: ConfigShape, source: Path, environ: Mapping[str, str], report: Report
) -> Settings:
    folder = source.absolute().parent
    store = fitted(StoreShape, config.store, report, "store")
    media = fitted(MediaShape, config.media, report, "media")
    daemon = fitted(DaemonShape, config.daemon, report, "daemon")
    approval = fitted(ApprovalShape, config.approval, report, "approval")
    if daemon.tick < timedelta(seconds=1):
        report.add("daemon.tick", "is shorter than a second.", 'Write it as in tick = "15s".')
    _check_cron(daemon, report)
    channels = _channels(config, folder, environ, report)
    check_ways(media, channels.keys(), report)
    return Settings(
        store_url=_store_url(store.url, folder, report),
        media_root=folder / media.root,
        public_url=media.public_url,
        bucket=bucket(media, folder, environ, report),
        page_photos=media.page_photos,
        tick=daemon.tick,
        workers=daemon.workers,
        cron=tuple(daemon.cron),
        metrics=daemon.metrics,
        timezone=daemon.timezone,
        policy=_policy(config, report),
        approval_binds_time=approval.binds_time,
        board=_board(config, folder, environ, report),
        channels=channels,
        rebase=dict(_rebase(config, report)),
        source=source,
        notify=_notify(config, folder, environ, report),
    )


def _notify(
    config: ConfigShape, folder: Path, environ: Mapping[str, str], report: Report
) -> NotifySettings:
    shape = fitted(NotifyShape, config.notify, report, "notify")

    def secret(reference: str, key: str) -> Secret:
        return Secret(
            reference=reference,
            file=report.file,
            key=f"notify.{key}",
            folder=folder,
            environ=environ,
        )

    found = NotifySettings(
        urls=tuple(secret(url, f"urls[{place}]") for place, url in enumerate(shape.urls)),
        mail=secret(shape.mail, "mail") if shape.mail else None,
        desk=Audience(language=Language(shape.language), kinds=_kinds(shape)),
        to=tuple(
            (_audience(each, shape.language), secret(each.url, f"to[{place}].url"))
            for place, each in enumerate(shape.to)
            if each.url
        ),
        wanted=Wanted(approval_before=shape.approval_before, digest=hour(shape.digest)),
        heartbeat=secret(shape.heartbeat, "heartbeat") if shape.heartbeat else None,
        environ=environ,
    )
    _check_heard(shape, found, report)
    return found


def _check_heard(shape: NotifyShape, found: NotifySettings, report: Report) -> None:
    """Who asks for something to be told is not to wait for it in vain."""
    if shape.only is not None and shape.but:
        hint = "Name what is told under `only`, or what is not under `except`."
        report.add("notify.except", "stands beside `only`.", hint)
    for place, each in enumerate(shape.to):
        if not each.url:
            hint = 'Write it as in url = "env:SOMOS_NOTIFY_OIM".'
            report.missing(f"notify.to[{place}].url", hint)
    audiences = [found.desk] if found.urls else []
    audiences += [audience for audience, _ in found.to]
    if found.wanted.digest and not any(it.hears(Kind.DIGEST) for it in audiences):
        problem = "is told to nobody: no address of [notify] hears it."
        report.add("notify.digest", problem, 'Name one under `urls`, or write digest = "off".')


def _kinds(shape: NotifyShape) -> frozenset[Kind]:
    only = Kind if shape.only is None else map(Kind, shape.only)
    return frozenset(only).difference(map(Kind, shape.but))


def _audience(shape: AudienceShape, language: str) -> Audience:
    """Who speaks for an organisation hears, unless it says otherwise, of what is wanted of it."""
    usual = [Kind.APPROVAL_WANTED] if shape.organisation else list(Kind)
    return Audience(
        name=shape.url,
        language=Language(shape.language or language),
        kinds=frozenset(usual if shape.kinds is None else map(Kind, shape.kinds)),
        organisation=shape.organisation,
    )


_SERVER = re.compile(
    r"(?:[^:/@]*(?::[^@]*)?@)?"  # user and password
    r"(?:\[[0-9A-Fa-f:.]+\]|[^:/?@\[\]]*)(?::[0-9]{1,5})?"  # host and port
    r"(?:[/?][^@]*)?"
)
"""What follows the scheme of a server's address, where it can be read in one way only."""


def _store_url(written: str, folder: Path, report: Report) -> str:
    """The URL for SQLAlchemy. It may hold a password, so no problem repeats it."""
    hint = 'Write "sqlite:///somos.db" or "postgresql://user@host/name".'
    scheme, _, rest = written.partition("://")
    if scheme == "sqlite":
        file = str(folder / rest.removeprefix("/"))
        if not rest.startswith("/") or rest in ("/", "/:memory:"):
            report.add("store.url", "names no file: nothing would be remembered.", hint)
        elif "?" in file:
            report.add("store.url", "holds a ?, which no file's name may.", hint)
        return f"sqlite:///{file}"
    if scheme in ("postgresql", "postgresql+psycopg") and rest.strip("/"):
        if not _SERVER.fullmatch(rest):
            # Else half a password would be taken for the host, which every failure names.
            told = "cannot be told apart into user, password, host, port and name."
            report.add("store.url", told, f"In a password, write @ as %40. {hint}")
        return f"postgresql+psycopg://{rest}"
    report.add("store.url", "is neither an SQLite nor a PostgreSQL database.", hint)
    return written


_DAY_BY_NUMBER = re.compile(r"(?:^|[,-])\d")


def _check_cron(daemon: DaemonShape, report: Report) -> None:
    named = {f"daemon.cron[{place}]": it for place, it in enumerate(daemon.cron)}
    if daemon.metrics is not None:
        named["daemon.metrics"] = daemon.metrics
    if not named:
        return
    from apscheduler.triggers.cron import CronTrigger  # Only a config with one waits for it.

    for key, expression in named.items():
        try:
            CronTrigger.from_crontab(expression, timezone=daemon.timezone)
        except ValueError:
            hint = 'Write five fields, as in "*/15 8-20 * * *".'
            report.add(key, "is no cron expression.", hint)
            continue
        if _DAY_BY_NUMBER.search(expression.split()[4]):
            problem = "counts the days of the week, which not all programs begin with the same."
            report.add(key, problem, "Write mon, tue, wed, thu, fri, sat, sun.")


def _policy(config: ConfigShape, report: Report) -> Policy:
    shape = fitted(PolicyShape, config.policy, report, "policy")
    refused = {problem.key.removeprefix("policy.") for problem in report.problems}
    for key, other, problem, hint in _policy_problems(shape):
        if key not in refused and other not in refused:
            report.add(f"policy.{key}", problem, hint)
    return Policy(**shape.model_dump())


def _policy_problems(shape: PolicyShape) -> Iterator[tuple[str, str, str, str]]:
    """What must be longer than what, lest a frozen worker or an early look doubles a post.

    Each is the key, the other key that it is held against, the problem and the hint.
    """
    if shape.lease <= shape.timeout:
        problem = "must exceed the timeout of a call."
        yield (
            "lease",
            "timeout",
            problem,
            f'Write more than "{shape.timeout.total_seconds():.0f}s".',
        )
    if shape.grace <= shape.lease:
        yield "grace", "lease", "must be longer than the lease.", "Make it an hour or more."
    if shape.look_after <= shape.timeout:
        hint = "A request may live on after we gave it up: make it several times as long."
        yield "look_after", "timeout", "must be longer than the timeout.", hint
    if shape.ahead > UPLOAD_LIFE:
        hint = 'Write at most "20h": the networks drop unused uploads after a day.'
        yield "ahead", "ahead", "is too early.", hint


def _board(
    config: ConfigShape, folder: Path, environ: Mapping[str, str], report: Report
) -> BoardSettings:
    shape = fitted(BoardShape, config.board, report, "board")
    if shape.idle > shape.lifetime:
        report.add("board.idle", "is longer than the lifetime.", "Make it as long, or shorter.")
    secret = None
    if shape.secret:
        secret = Secret(
            reference=shape.secret,
            file=report.file,
            key="board.secret",
            folder=folder,
            environ=environ,
        )
    stay = Stay(idle=shape.idle, most=shape.lifetime)
    return BoardSettings(public_url=shape.public_url, secret=secret, stay=stay)


def _channels(
    config: ConfigShape, folder: Path, environ: Mapping[str, str], report: Report
) -> dict[str, ChannelSettings]:
    channels: dict[str, ChannelSettings] = {}
    accounts: dict[tuple[str, str], str] = {}
    for place, raw in enumerate(config.channel):
        channel = _channel(place, raw, folder, environ, report)
        if channel is None:
            continue
        for account in _names_of_account(channel):
            other = accounts.setdefault(account, channel.name)
            if other != channel.name or channel.name in channels:
                problem = f"is the same account as {other}: its posts would go out twice."
                report.add(f"channel[{channel.name}]", problem, "Delete one of the two.")
                break
        channels[channel.name] = channel
    return channels


def _names_of_account(channel: ChannelSettings) -> Iterator[tuple[str, str]]:
    """By what two channels are seen to be one: the networks do not tell A from a in a handle."""
    yield "name", channel.name.casefold()
    if channel.remote_id:
        yield channel.platform, channel.remote_id
    if own := channel.secrets.get("access_token"):
        yield "access_token", own.reference


def _channel(
    place: int, raw: object, folder: Path, environ: Mapping[str, str], report: Report
) -> ChannelSettings | None:
    name = raw.get("name") if isinstance(raw, dict) else None
    platform = name.partition(":")[0] if isinstance(name, str) else ""
    shape_of_platform = CHANNEL_SHAPES.get(platform)
    if shape_of_platform is None or not isinstance(raw, dict):
        at = f"channel[#{place + 1}]"
        known = {"name": name} if name is not None else {}
        fitted(ChannelShape, known, report, at)
        report.missing(f"{at}.name", 'Write it as in name = "facebook:somoslomismo".')
        return None
    at = f"channel[{name}]"
    before = len(report.problems)
    values = fitted(shape_of_platform, raw, report, at).model_dump()
    id_key = ID_KEYS.get(platform)
    if id_key and not values[id_key]:
        report.missing(f"{at}.{id_key}", f'Write it as in {id_key} = "1234567890".')
    for key in SECRETS[platform]:
        if not values[key]:
            hint = f'Write it as in {key} = "env:SOMOS_{platform.upper()}_{key.upper()}".'
            report.missing(f"{at}.{key}", hint)
    _check_app(values, at, report)
    if len(report.problems) > before:
        return None
    named = [key for key in (*SECRETS[platform], APP_SECRET) if values.get(key)]
    secrets = {
        key: Secret(
            reference=values[key],
            file=report.file,
            key=f"{at}.{key}",
            folder=folder,
            environ=environ,
        )
        for key in named
    }
    return ChannelSettings(
        name=values["name"],
        remote_id=values[id_key] if id_key else "",
        secrets=secrets,
        app_id=values.get("app_id", ""),
    )


def _check_app(values: Mapping[str, Any], at: str, report: Report) -> None:
    """Neither the number of a Meta app nor its secret is of use without the other."""
    if values.get("app_id") and not values.get(APP_SECRET):
        hint = 'Write it as in app_secret = "env:SOMOS_APP_SECRET", or leave out app_id.'
        report.missing(f"{at}.app_secret", hint)
    if values.get(APP_SECRET) and not values.get("app_id"):
        hint = 'Write it as in app_id = "1234567890", or leave out app_secret.'
        report.missing(f"{at}.app_id", hint)


def _rebase(config: ConfigShape, report: Report) -> Iterator[tuple[str, str]]:
    for origin, target in config.rebase.items():
        at = f'rebase."{origin}"'
        try:
            parts = urlsplit(url(origin))
            if parts.path.strip("/") or parts.query or parts.fragment:
                raise Unfit("is more than an origin.", "Write it as in https://graph.facebook.com.")
            parts = urlsplit(url(target))
            if parts.query or parts.fragment:
                raise Unfit("leads to an address with a ? or a #.", "Leave out what follows it.")
        except Unfit as unfit:
            report.add(at, unfit.problem, unfit.hint)
        else:
            yield origin.rstrip("/"), target.rstrip("/")
