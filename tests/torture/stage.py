"""One campaign, its networks, its database and the program, each as a process of its own."""

import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

import tomlkit
from sqlalchemy import create_engine, make_url, text

from tests.torture import altered, campaigns
from tests.torture.daemons import Daemon, Keeper
from tests.torture.networks import PROCESSING, ROOT, Networks
from tests.torture.tally import Tally
from tests.torture.verdict import is_at_rest, judge

POLICY = {
    "attempts": 10,
    "backoff": "1s",
    "lease": "4s",
    "timeout": "2s",
    "look_after": "6s",
    "grace": "1h",
    "ahead": "3s",
}
PATIENCE = 600
"""Seconds that daemons left in peace have to bring everything to an end; it takes about twenty."""
A_LOOK, A_HURRY = 0.2, 4
"""Seconds between two looks at what is left, and until the networks are hurried once more."""
HURRIES = 4
"""So often: their clock and ours must not come too far apart."""
A_COMMAND = 120
"""Seconds that a command may take; it takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of it: `posts` for three networks, `kills` of `daemons` that live at once.

    The posts fall due within `span` seconds.
    """

    posts: int = 12
    kills: int = 12
    daemons: int = 2
    span: int = 8


USUAL = Size()


class CommandFailed(Exception):
    """A command ended with a code that it should not have."""

    def __init__(self, words: tuple[str, ...], done: "subprocess.CompletedProcess[str]") -> None:
        super().__init__(f"somos {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}")
        self.code = done.returncode


class Stage:
    """All of it in `folder`, as `seed` decides; `with stage:` ends whatever it began.

    `server` is a PostgreSQL server, on which it makes a schema of its own; else the database is the
    SQLite file `database`. With `clock` the program's clock can be moved; `patience` is how many
    seconds it waits for a locked database.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        tally: Tally,
        *,
        size: Size,
        server: str | None = None,
        database: str = "somos.db",
        policy: Mapping[str, Any] | None = None,
        clock: bool = False,
        patience: float | None = None,
    ) -> None:
        self.folder = folder
        self.dice = Random(seed)
        self.tally = tally
        self.size = size
        self.seed = seed
        self.database = folder / database
        self.stories = campaigns.stories(self.dice, size.posts, seed)
        self.keeper = Keeper(self.daemon, tally, f"seed {seed}")
        self._server = server
        self._schema = f"torture_{uuid.uuid4().hex}"
        self._policy = {**POLICY, **(policy or {})}
        self._clock = folder / "clock" if clock else None
        self._patience = patience
        self._lives = 0

    def __enter__(self) -> Self:
        campaigns.write_media(self.folder)
        far = datetime.now(UTC) + timedelta(days=365)
        campaigns.write(self.folder, self.stories, {story.key: far for story in self.stories})
        self.networks = Networks(self.folder, {**os.environ, "PYTHONPATH": str(ROOT)})
        self.database.parent.mkdir(exist_ok=True)
        self.lead_to(self.networks.url)
        self.move_clock(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for daemon in self.keeper.daemons:
            daemon.kill()
        self.tally.faults += self.networks.struck()
        self.networks.close()
        if self._server:
            self._on_server(f"DROP SCHEMA IF EXISTS {self._schema} CASCADE")

    def lead_to(self, url: str) -> None:
        """Writes the config, in which the networks answer at `url`."""
        config: Any = tomlkit.parse(self.networks.config)
        for origin, target in config["rebase"].items():
            config["rebase"][origin] = target.replace(self.networks.url, url)
        self._url = self._store_url()
        config["store"]["url"] = self._url
        config["policy"] = self._policy
        config["daemon"] = {"tick": "1s", "workers": 4}
        (self.folder / "config.toml").write_text(tomlkit.dumps(config), encoding="utf-8")

    def _store_url(self) -> str:
        if self._server is None:
            return f"sqlite:///{self.database.relative_to(self.folder)}"
        self._on_server(f"CREATE SCHEMA IF NOT EXISTS {self._schema}")
        own = make_url(self._server).update_query_dict({"options": f"-csearch_path={self._schema}"})
        return own.render_as_string(hide_password=False)

    def _on_server(self, statement: str) -> None:
        engine = create_engine(str(self._server), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def move_clock(self, seconds: float) -> None:
        """From now on the program's clock is off by so much; all see it at the same moment."""
        if self._clock:
            new = self._clock.with_suffix(".new")
            new.write_text(str(seconds))
            new.replace(self._clock)

    def schedule(self) -> None:
        """Schedules the posts for the next seconds."""
        span = self.size.span
        offsets = {story.key: float(self.dice.randrange(span)) for story in self.stories}
        self.schedule_at(offsets)

    def schedule_at(self, offsets: Mapping[str, float]) -> datetime:
        """Schedules each post for so many seconds after the moment that it returns."""
        for lead in (4, 8, 16, 32, 64):
            start = datetime.now(UTC) + timedelta(seconds=lead)
            due = {key: start + timedelta(seconds=offset) for key, offset in offsets.items()}
            campaigns.write(self.folder, self.stories, due)
            try:
                self.somos("schedule", campaigns.SLUG)
            except CommandFailed as failed:
                # A slow machine: the first were due before the command had read them.
                if failed.code != 3:
                    raise
            else:
                return start
        raise RuntimeError("this machine is too slow to schedule anything in time")

    def daemon(self) -> Daemon:
        self._lives += 1
        log = self.folder / f"daemon-{self._lives:03}.log"
        return Daemon([*self._program(), "run"], self.folder, self._environment(), log)

    def somos(self, *words: str) -> Any:
        """What the command answers; raises CommandFailed."""
        done = subprocess.run(
            [*self._program(), *words, "--json"],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=A_COMMAND,
        )
        if done.returncode not in (0, 6):
            raise CommandFailed(words, done)
        return json.loads(done.stdout)

    def _program(self) -> list[str]:
        module = "tests.torture.altered" if self._clock or self._patience else "somos_social"
        return [sys.executable, "-m", module]

    def _environment(self) -> dict[str, str]:
        environ = {
            **os.environ,
            **self.networks.secrets,
            "PYTHONPATH": str(ROOT),
            "SOMOS_CONFIG": str(self.folder / "config.toml"),
        }
        if self._clock:
            environ[altered.CLOCK] = str(self._clock)
        if self._patience:
            environ[altered.PATIENCE] = str(self._patience)
        return environ

    def statuses(self) -> dict[str, str]:
        """The status of each delivery by its key."""
        return {row["key"]: row["status"] for row in self.somos("queue", "list")}

    def wait_until_at_rest(self) -> None:
        """Returns when nothing is to be done any more, or after the patience; keeps daemons."""
        end = time.monotonic() + PATIENCE
        hurries = iter(range(HURRIES))
        hurry_at = time.monotonic()
        while time.monotonic() < end and not is_at_rest(self._rows()):
            if time.monotonic() >= hurry_at and next(hurries, None) is not None:
                self.networks.let_pass(PROCESSING)
                hurry_at = time.monotonic() + A_HURRY
            self.keeper.wait(A_LOOK)

    def _rows(self) -> list[dict[str, Any]]:
        """How the deliveries stand, read past the program: to ask that takes a second each time."""
        engine = create_engine(self._url if self._server else f"sqlite:///{self.database}")
        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT key, status, run_at FROM deliveries"))
                return [dict(row) for row in found.mappings()]
        finally:
            engine.dispose()

    def leave_in_peace(self) -> None:
        """One daemon and no more faults, until all is at rest."""
        self.networks.go_right()
        self.keeper.keep(1)
        self.wait_until_at_rest()
        self.keeper.rest()

    def judge(self) -> None:
        """Adds to the tally what is public and not known, or known and not so."""
        # Facebook says yes to a video before it has processed it and made it public.
        self.networks.finish()
        where = f"seed {self.seed}"
        try:
            self.somos("log", "verify")
        except CommandFailed as failed:
            self.tally.differing.append(f"{where}: {failed}")
        judge(
            self.tally,
            deliveries=self.somos("queue", "list"),
            log=self.somos("log"),
            posts=self.networks.posts(),
            texts=campaigns.texts(self.stories),
            repeated=self.networks.repeated(),
            where=where,
        )
