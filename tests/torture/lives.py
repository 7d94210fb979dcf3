"""Many short lives of the real daemon, each ended by SIGKILL, and what stands at the end.

Each daemon and each command is a process; the networks live on in this one. The seed decides the
campaign, the faults and the moments of death.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from somos_social import rehearsal
from somos_social.sandbox import Sandbox

CHANNELS = ("facebook:torture", "instagram:torture", "x:torture")
SPAN = 8
"""Seconds over which the posts of a round fall due."""
FAULT_RATE = 0.15
PATIENCE = 120
"""Seconds that a daemon left in peace has to bring everything to an end."""
DONE = {"published", "failed", "missed", "cancelled"}
SETTINGS = """
[policy]
attempts = 8
backoff = "1s"
lease = "5s"
timeout = "2s"
look_after = "6s"
grace = "1h"
ahead = "3s"
[daemon]
tick = "1s"
workers = 4
"""


@dataclass
class Tally:
    """What a run counts; `lost` and `doubled` must stay empty."""

    lives: int = 0
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    def line(self) -> str:
        return (
            f"lives {self.lives}, kills {self.kills}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"log and networks differ {len(self.wrong)}; "
            + ", ".join(f"{state} {number}" for state, number in sorted(self.states.items()))
        )


class Round:
    """One campaign, one set of networks, one database."""

    def __init__(self, folder: Path, seed: int, posts: int, daemons: int) -> None:
        self._folder = folder
        self._dice = random.Random(seed)
        self._seed = seed
        self._posts = posts
        self._daemons = daemons

    def run(self, kills: int, tally: Tally) -> None:
        """Kills daemons `kills` times with faults on, then leaves one in peace and looks."""
        media = self._folder / "media"
        media.mkdir(parents=True)
        accounts = rehearsal.accounts_for(CHANNELS)
        self._secrets = rehearsal.environment_for(accounts)
        with Sandbox(accounts=accounts, media_root=media) as box:
            config = rehearsal.config_for(box, accounts, media) + SETTINGS
            (self._folder / "config.toml").write_text(config, encoding="utf-8")
            self._write_campaign()
            self._command("schedule", "torture.toml")
            box.faults.seed(self._seed, FAULT_RATE)
            self._kill_often(kills, tally)
            box.faults.clear()
            self._leave_in_peace()
            self._judge(box, tally)

    def _write_campaign(self) -> None:
        start = datetime.now(UTC) + timedelta(seconds=6)
        lines = [
            'name = "Torture"',
            'timezone = "UTC"',
            f"channels = {json.dumps(CHANNELS)}",
        ]
        for number in range(self._posts):
            picture = f"{number}.jpg"
            color = tuple(self._dice.randrange(256) for _ in range(3))
            Image.new("RGB", (400, 400), color).save(self._folder / "media" / picture)
            due = start + timedelta(seconds=self._dice.randrange(SPAN))
            lines += [
                "[[post]]",
                f'key = "post-{number}"',
                f"due = {due:%Y-%m-%dT%H:%M:%S}",
                f'text = "Historia {number} de la ronda {self._seed}"',
            ]
            if self._dice.random() < 0.5:
                lines.append(f'assets = ["{picture}"]')
            else:
                lines += ["[post.variant.instagram]", f'assets = ["{picture}"]']
            if self._dice.random() < 0.3:
                lines.append(f'first_comment = "Comentario {number} de la ronda {self._seed}"')
        text = "\n".join(lines) + "\n"
        (self._folder / "torture.toml").write_text(text, encoding="utf-8")

    def _kill_often(self, kills: int, tally: Tally) -> None:
        daemons = [self._start() for _ in range(self._daemons)]
        tally.lives += self._daemons
        for _ in range(kills):
            time.sleep(self._dice.uniform(0.4, 2.5))
            place = self._dice.randrange(len(daemons))
            daemons[place].kill()
            daemons[place].wait()
            tally.kills += 1
            daemons[place] = self._start()
            tally.lives += 1
        for daemon in daemons:
            daemon.kill()
            daemon.wait()
        tally.kills += len(daemons)

    def _leave_in_peace(self) -> None:
        daemon = self._start()
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                if all(d["status"] in DONE for d in self._command("queue", "list")):
                    return
                time.sleep(1)
        finally:
            daemon.terminate()
            daemon.wait(timeout=30)

    def _judge(self, box: Sandbox, tally: Tally) -> None:
        deliveries = self._command("queue", "list")
        shown = Counter((post.platform, post.text) for post in box.posts())
        public_ids = {post.id for post in box.posts()}
        for delivery in deliveries:
            variant = self._command("queue", "show", delivery["key"])["variant"]
            copies = shown[delivery["platform"], variant["text"]]
            tally.states[delivery["status"]] += 1
            where = f"seed {self._seed}: {delivery['key']} is {delivery['status']}"
            if copies > 1:
                tally.doubled.append(f"{where}, public {copies} times")
            if delivery["status"] == "published" and delivery["remote_id"] not in public_ids:
                tally.wrong.append(f"{where} as {delivery['remote_id']}, which is not public")
            if (delivery["status"] == "published") != (copies >= 1):
                tally.lost.append(f"{where} ({delivery['reason']}), public {copies} times")

    def _start(self) -> subprocess.Popen[bytes]:
        log = (self._folder / "daemon.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "somos_social", "run"],
            cwd=self._folder,
            env=self._environment(),
            stdout=log,
            stderr=log,
        )

    def _command(self, *words: str) -> Any:
        done = subprocess.run(
            [sys.executable, "-m", "somos_social", *words, "--json"],
            cwd=self._folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in (0, 6):
            raise RuntimeError(f"somos {' '.join(words)}: {done.returncode}\n{done.stderr}")
        return json.loads(done.stdout)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self._secrets, "SOMOS_CONFIG": str(self._folder / "config.toml")}


def torture(seconds: float, seed: int, posts: int, kills: int, daemons: int) -> Tally:
    """Rounds with one seed after the other until the time is over; at least one."""
    tally = Tally()
    deadline = time.monotonic() + seconds
    while True:
        with tempfile.TemporaryDirectory(prefix="somos-torture-") as folder:
            Round(Path(folder), seed, posts, daemons).run(kills, tally)
        print(f"seed {seed}: {tally.line()}", flush=True)
        seed += 1
        if time.monotonic() >= deadline:
            return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--posts", type=int, default=12)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--daemons", type=int, default=2)
    asked = parser.parse_args()
    tally = torture(asked.seconds, asked.seed, asked.posts, asked.kills, asked.daemons)
    for problem in (*tally.lost, *tally.doubled, *tally.wrong):
        print(problem)
    print(tally.line())
    sys.exit(bool(tally.lost or tally.doubled or tally.wrong))


if __name__ == "__main__":
    main()
