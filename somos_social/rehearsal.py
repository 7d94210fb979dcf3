"""A whole campaign goes out on a virtual clock, through the daemon's own flows and adapters."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import tomlkit

from somos_social import settings, wiring
from somos_social.core.campaign import deliveries
from somos_social.core.delivery import Move
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Delivery, Receipt
from somos_social.core.people import EVERYWHERE, FACE, Approval, Consent
from somos_social.daemon import LEAST_PAUSE, once
from somos_social.flows import App
from somos_social.flows import campaign as campaign_flow
from somos_social.sandbox import Account, Grant, MetaApp, PublicPost, Sandbox
from somos_social.sandbox.faults import BY_THE_CLOCK
from somos_social.sandbox.meta_app import EVERY_SCOPE

ACTOR = "rehearsal"

DATABASE = "rehearsal.db"
"""Begun anew each time, so no name that a real one may have: people rehearse in any folder."""

APP_SECRET = "SOMOS_SANDBOX_APP_SECRET"  # noqa: S105 - the name of a variable

FAULT_RATE = 0.1
"""The share of all calls that go wrong where faults are asked for."""

AFTERMATH = timedelta(days=1)
"""How long after the last delivery's grace the networks are still looked at for what is unclear."""

PROCESSING = timedelta(minutes=10)
"""Longer than a network works on a video that it was told to publish."""


class VirtualClock:
    """A clock that stands still until it is moved, and then only forward."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def forward_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What came of it: `public` counts the posts that each network shows at the end.

    `struck` counts the faults of each kind; `differences` is where log and networks do not agree.
    """

    deliveries: list[Delivery]
    log: list[dict[str, Any]]
    public: dict[str, int]
    feeds: Path
    struck: dict[str, int]
    differences: list[str]


def accounts_for(channels: Iterable[str]) -> list[Account]:
    """Made-up accounts for these channels, each with secrets of its own."""
    return [
        Account(
            platform=platform,  # type: ignore[arg-type]  # channels were checked when read
            handle=handle,
            id=str(1000001 + number),
            name=handle,
            secrets={name: secrets.token_hex(16) for name in settings.SECRETS[platform]},
        )
        for number, channel in enumerate(dict.fromkeys(channels))
        for platform, _, handle in [channel.partition(":")]
    ]


def with_app(accounts: Sequence[Account]) -> tuple[MetaApp, list[Account]]:
    """An app of Meta behind these accounts, which hands out a code for the login of each.

    As at Meta, the token of a Page is that of its Instagram account, too.
    """
    of_meta = [it for it in accounts if it.platform != "x"]
    app = MetaApp(
        id="7000001",
        secret=secrets.token_hex(16),
        codes={f"{it.platform}-{it.handle}": EVERY_SCOPE for it in of_meta},
    )
    shared = next((it.secrets for it in of_meta if it.platform == "facebook"), None)
    grant = Grant(app=app.id)
    return app, [
        replace(it, grant=grant, secrets=(it.platform == "instagram" and shared) or it.secrets)
        if it in of_meta
        else it
        for it in accounts
    ]


def config_for(
    box: Sandbox,
    accounts: Iterable[Account],
    media_root: Path,
    *,
    database: str = "somos.db",
    app: MetaApp | None = None,
) -> str:
    """A config.toml that points every network at the sandbox; secrets are `env:` references.

    With an `app`, the tokens of Meta's accounts are files, which a login is to write.
    """
    document = tomlkit.document()
    document["store"] = {"url": f"sqlite:///{database}"}
    document["media"] = {"root": str(media_root.resolve()), "public_url": box.media_url}
    document["rebase"] = box.origins
    channels = tomlkit.aot()
    for account in accounts:
        table = tomlkit.table()
        table["name"] = f"{account.platform}:{account.handle}"
        if id_key := settings.ID_KEYS.get(account.platform):
            table[id_key] = account.id
        for name in account.secrets:
            table[name] = f"env:{variable(account, name)}"
        if app and account.platform != "x":
            table["token"] = f"file:sandbox-{account.platform}-{account.handle}.token"
            table["app_id"], table["app_secret"] = app.id, f"env:{APP_SECRET}"
        channels.append(table)
    document["channel"] = channels
    return tomlkit.dumps(document)


def variable(account: Account, secret: str) -> str:
    """The environment variable in which `config_for` expects a secret of this account."""
    channel = "".join(c if c.isalnum() else "_" for c in f"{account.platform}_{account.handle}")
    return f"SOMOS_{channel}_{secret}".upper()


def environment_for(accounts: Iterable[Account], app: MetaApp | None = None) -> dict[str, str]:
    """The secrets by the names of `config_for`."""
    known = {
        variable(account, name): value
        for account in accounts
        for name, value in account.secrets.items()
        if app is None or account.platform == "x"
    }
    return known | ({APP_SECRET: app.secret} if app else {})


def rehearse(
    path: Path,
    campaign: Campaign,
    *,
    media_root: Path,
    out: Path,
    heard: Callable[[Move], None],
    progress: Callable[[int, int, datetime], None],
    faults: int | None = None,
    before_end: Callable[[Sandbox, Rehearsed], None] = lambda _box, _rehearsed: None,
) -> Rehearsed:
    """Publishes the campaign to the sandbox and leaves the feeds as web pages in `out`.

    `progress` is told how many deliveries are done of how many, and the virtual time. `faults` is a
    seed: the networks then fail in every known way, the same for the same seed. `before_end` is
    called while the networks still answer.
    """
    accounts = accounts_for(campaign.channels)
    start = min((post.due for post in campaign.posts), default=wiring.utc_now())
    clock = VirtualClock(start - timedelta(days=1))
    with Sandbox(accounts=accounts, clock=clock, media_root=media_root) as box:
        app = _open(box, accounts, media_root, out, clock, heard)
        try:
            _say_yes(app, campaign)
            campaign_flow.schedule(app, [path])
            if faults is not None:
                box.faults.seed(faults, FAULT_RATE, BY_THE_CLOCK)
            walk(app, clock, progress)
            box.faults.clear()
            known = app.store.listed()
            rehearsed = Rehearsed(
                deliveries=known,
                log=[dict(row) for row in app.store.log()],
                public=box.public_counts(),
                feeds=box.export(out / "feeds"),
                struck=dict(box.faults.struck.most_common()),
                differences=differences(known, box.posts()),
            )
            before_end(box, rehearsed)
            return rehearsed
        finally:
            app.store.close()


def _open(
    box: Sandbox,
    accounts: Iterable[Account],
    media_root: Path,
    out: Path,
    clock: VirtualClock,
    heard: Callable[[Move], None],
) -> App:
    out.mkdir(parents=True, exist_ok=True)
    for leftover in out.glob(f"{DATABASE}*"):
        leftover.unlink()
    config = out / "rehearsal.toml"
    text = config_for(box, accounts, media_root, database=DATABASE)
    config.write_text(text, encoding="utf-8")
    environ: Mapping[str, str] = environment_for(accounts)
    loaded = settings.load(config, environ)
    return wiring.open_app(loaded, actor=ACTOR, now=clock, heard=heard)


def _say_yes(app: App, campaign: Campaign) -> None:
    """Stands in for the people: nobody is asked in a rehearsal."""
    now, wanted = app.now(), list(deliveries(campaign, app.policy))
    app.store.approvals.give(
        [
            Approval(
                delivery=delivery.key,
                organisation=organisation,
                person=f"{ACTOR} of {organisation}",
                variant=delivery.variant,
                due_at=delivery.due_at,
                at=now,
            )
            for delivery in wanted
            for organisation in campaign.approvals
        ]
    )
    shown: dict[str, set[str]] = defaultdict(lambda: {FACE})
    for asset in (asset for delivery in wanted for asset in delivery.variant.files):
        for person in asset.people:
            shown[person].update(asset.shows)
    for person, scope in shown.items():
        app.store.consents.grant(
            Consent(
                person=person,
                form="",
                scope=tuple(sorted(scope)),
                channels=(EVERYWHERE,),
                until=None,
                guardian=True,
                granted_at=now,
                granted_by=ACTOR,
            )
        )


def walk(app: App, clock: VirtualClock, progress: Callable[[int, int, datetime], None]) -> None:
    """From one time at which something is to be done to the next, until nothing is left."""
    expiries = (delivery.expires_at for delivery in app.store.listed())
    end = max(expiries, default=clock()) + AFTERMATH
    pause = LEAST_PAUSE
    once(app, workers=1)
    while True:
        stopped = [hold.until for hold in app.store.holds(clock()).values() if hold.stopped]
        blackouts = [pause.until for pause in app.store.pauses.in_force() if pause.since <= clock()]
        moments = [app.store.next_wake(clock()), app.store.next_mend(), *stopped, *blackouts]
        coming = min((moment for moment in moments if moment is not None), default=None)
        if coming is None or max(coming, clock()) > end:
            clock.forward_to(clock() + PROCESSING)
            return
        # What should have been done by now and was not, is tried ever more seldom: this must end.
        late = coming <= clock()
        pause = pause * 2 if late else LEAST_PAUSE
        clock.forward_to(clock() + pause if late else coming)
        once(app, workers=1)
        counts = app.store.counts()
        waiting = sum(counts.get(state, 0) for state in ("scheduled", "claimed", "publishing"))
        progress(sum(counts.values()) - waiting, sum(counts.values()), clock())


def differences(known: Iterable[Delivery], posts: Iterable[PublicPost]) -> list[str]:
    """Where what was recorded as published is not what is public, in words."""
    unseen = {name: it.key for it in known if it.receipt for name in _names(it.receipt)}
    told: list[str] = []
    for post in posts:
        key = unseen.get(post.id) or unseen.get(post.url.rstrip("/"))
        if key is None:
            told.append(f"{post.url} is public, but is no delivery's, or a second copy of one.")
        unseen = {name: other for name, other in unseen.items() if other != key}
    missing = dict.fromkeys(unseen.values())
    return told + [f"{key} counts as published, but is not public." for key in missing]


def _names(receipt: Receipt) -> list[str]:
    return [name.rstrip("/") for name in (receipt.remote_id, receipt.url) if name]
