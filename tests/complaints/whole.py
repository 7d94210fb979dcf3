"""The whole program before its three networks: real files, store, adapters; the clock is ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from somos_social import rehearsal, settings, wiring
from somos_social.core.model.delivery import Delivery, Status
from somos_social.daemon import once
from somos_social.flows import App
from somos_social.flows import campaign as campaign_flow
from somos_social.rehearsal import VirtualClock
from somos_social.sandbox import Account, Fault, PublicPost, Sandbox

FACEBOOK, INSTAGRAM, X = "facebook:somos", "instagram:somos", "x:somos"
CHANNELS = (FACEBOOK, INSTAGRAM, X)
SLUG = "prueba"
DUE = datetime(2026, 12, 1, 14, tzinfo=UTC)
VISIBLE_CALL = {
    FACEBOOK: "POST /graph/*/feed",
    INSTAGRAM: "POST /graph/*/media_publish",
    X: "POST /x/2/tweets",
}


@dataclass
class Whole:
    """A folder with a config that leads to `box`, and one open `app` that publishes."""

    folder: Path
    box: Sandbox
    accounts: list[Account]
    clock: VirtualClock
    apps: list[App] = field(default_factory=list)
    policy: str = ""

    @property
    def app(self) -> App:
        return self.apps[-1] if self.apps else self.start()

    def start(self, **changed: Any) -> App:
        """One more process's worth of the program, on the same database."""
        text = rehearsal.config_for(self.box, self.accounts, self.folder / "media")
        config = self.folder / "config.toml"
        config.write_text(f"{text}\n[policy]\n{self.policy}\n", encoding="utf-8")
        loaded = settings.load(config, rehearsal.environment_for(self.accounts))
        self.apps.append(wiring.open_app(loaded, actor="test", now=self.clock, **changed))
        return self.apps[-1]

    def stop(self) -> None:
        for app in self.apps:
            app.store.close()

    def write(
        self,
        posts: Mapping[str, datetime | str],
        *,
        channels: tuple[str, ...] = CHANNELS,
        timezone: str = "UTC",
        more: str = 'assets = ["foto.jpg"]',
        text: str = "Somos lo mismo.",
    ) -> Path:
        """A campaign file with a picture post per key; `more` are further lines of each post."""
        names = ", ".join(f'"{name}"' for name in channels)
        lines = ['name = "Prueba"', f'timezone = "{timezone}"', f"channels = [{names}]"]
        for key, due in posts.items():
            moment = due if isinstance(due, str) else f"{due:%Y-%m-%dT%H:%M:%SZ}"
            lines += ["[[post]]", f'key = "{key}"', f"due = {moment}", f'text = "{text} {key}"']
            lines.append(more)
        path = self.folder / f"{SLUG}.toml"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def schedule(self, posts: Mapping[str, datetime | str] | None = None, **changed: Any) -> None:
        """Writes the campaign and schedules it; where not told otherwise, one post."""
        path = self.write({"uno": DUE} if posts is None else posts, **changed)
        campaign_flow.schedule(self.app, [path])

    def fail(self, match: str, kind: Any, **more: Any) -> None:
        self.box.faults.add(Fault(match=match, kind=kind, **more))

    def go_on(self) -> None:
        """From one time at which something is to be done to the next, until nothing is left."""
        rehearsal.walk(self.app, self.clock, lambda *_: None)

    def reach(self, moment: datetime) -> None:
        """Lets the time pass and ticks once."""
        self.clock.forward_to(moment)
        once(self.app, workers=1)

    def prepare(self) -> None:
        """All that can be done ahead is done: only the visible calls are left."""
        self.reach(DUE - timedelta(minutes=9))
        self.reach(DUE - timedelta(minutes=8))

    def stands(self, channel: str, post: str = "uno", *, comment: bool = False) -> Delivery:
        found = self.app.store.get(f"{SLUG}/{post}@{channel}{'#comment' if comment else ''}")
        assert found is not None
        return found

    def statuses(self) -> dict[str, Status]:
        return {each.key: each.status for each in self.app.store.listed()}

    def events(self, channel: str, post: str = "uno") -> list[str]:
        log = self.app.store.log(delivery=f"{SLUG}/{post}@{channel}")
        return [entry["event"] for entry in log]

    def public(self, channel: str) -> list[PublicPost]:
        """The posts of the channel, without what answers them."""
        return [
            post
            for post in self.box.posts()
            if f"{post.platform}:{post.handle}" == channel and post.parent_id is None
        ]

    def calls(self, path_ends: str, method: str = "POST") -> list[dict[str, Any]]:
        """What the networks were asked, as they remember it."""
        asked = requests.get(f"{self.box.url}/_sandbox/requests", timeout=10).json()
        return [it for it in asked if it["method"] == method and it["path"].endswith(path_ends)]

    def agrees(self) -> bool:
        """Whether what is public is what was recorded: nothing twice, nothing forgotten."""
        return rehearsal.differences(self.app.store.listed(), self.box.posts()) == []
