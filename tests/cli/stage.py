"""A folder with a campaign, networks that answer, and the program as a person calls it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from somos_social import rehearsal
from somos_social.cli import app
from somos_social.sandbox import Account, Sandbox

ROOT = Path(__file__).resolve().parents[2]
FACEBOOK, X = "facebook:somoslomismo", "x:somoslomismo"
SLUG = "prueba"
SOON = timedelta(minutes=30)
FAR = datetime(2060, 12, 1, 14, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the program left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output; fails where there is none, or anything beside it."""
        return json.loads(self.out)


@dataclass
class Stage:
    """`somos` is called in `folder`, with the secrets of `accounts` in its environment."""

    folder: Path
    environ: dict[str, str | None] = field(default_factory=dict)
    accounts: Sequence[Account] = ()
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def somos(self, *words: str, **environ: str) -> Answer:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            ended = CliRunner().invoke(app, words, env={**self.environ, **environ})
        finally:
            os.chdir(before)
        return Answer(code=ended.exit_code, out=ended.stdout, err=ended.stderr)

    def start(self, *words: str, **environ: str) -> subprocess.Popen[str]:
        """The program in a process of its own, which does not outlive the test."""
        known = {**os.environ, **self.environ, **environ, "PYTHONPATH": str(ROOT)}
        running = subprocess.Popen(
            [sys.executable, "-m", "somos_social", *words],
            cwd=self.folder,
            env={name: value for name, value in known.items() if value is not None},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(running)
        return running

    def stop(self) -> None:
        for running in self.started:
            running.kill()
            running.wait()

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def campaign(self, posts: Mapping[str, datetime], **changes: str) -> None:
        """Text posts by key and due time on Facebook and X, as campaigns/prueba.toml."""
        self.write(f"campaigns/{SLUG}.toml", a_campaign(posts, **changes))

    def connect(self, box: Sandbox, accounts: Sequence[Account]) -> None:
        """From now on the program has a config, which leads it to these networks."""
        self.accounts = accounts
        self.environ |= rehearsal.environment_for(accounts)
        (self.folder / "media").mkdir(exist_ok=True)
        text = rehearsal.config_for(box, accounts, self.folder / "media")
        self.write("config.toml", text)

    @property
    def secrets(self) -> list[str]:
        return [value for account in self.accounts for value in account.secrets.values()]


def a_campaign(
    posts: Mapping[str, datetime], *, text: str = "Somos lo mismo.", head: str = ""
) -> str:
    lines = [
        'name = "Una prueba"',
        'timezone = "America/Panama"',
        f'channels = ["{FACEBOOK}", "{X}"]',
        head,
    ]
    for key, due in posts.items():
        moment = due.isoformat(timespec="seconds")
        lines += ["[[post]]", f'key = "{key}"', f"due = {moment}", f'text = "{text} {key}"']
    return "\n".join(lines) + "\n"


def key(post: str, channel: str = X) -> str:
    return f"{SLUG}/{post}@{channel}"


def just_now() -> datetime:
    """Due already, and within its grace."""
    return datetime.now(UTC) - timedelta(minutes=1)
