"""The stand-in networks as a process of their own, told over HTTP what is to go wrong."""

import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

PROCESSING = 20
"""Seconds: longer than the networks work on anything."""

ROOT = Path(__file__).resolve().parents[2]
CONFIG, SECRETS = "sandbox.toml", "sandbox.env"
KINDS = (
    "done-then-close", "done-then-500", "done-then-code1", "done-then-html-502", "close", "429",
    "500", "html-502", "truncated", "invalid-json", "no-content-type", "slow", "late", "lag",
)  # fmt: skip
"""All that passes by itself. Some calls are still done after their caller gave them up."""
FAULT_SECONDS = 3
"""Longer than a call may take, shorter than the wait before a look is believed."""
PROMISES_KEPT = 60
"""Seconds; a video takes ten of the networks' own until it is public."""


class Networks:
    """`somos sandbox` for the campaigns and the media of `folder`, until it is closed."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        files = ["--write-config", CONFIG, "--write-env", SECRETS]
        with (folder / "sandbox.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "somos_social", "--json", "sandbox", "--port=0", *files],
                cwd=folder,
                env=environ,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url: str = self._introduction()["url"]
        self._ahead = timedelta(0)
        self.config = (folder / CONFIG).read_text(encoding="utf-8")
        found = re.findall(r"^export (\w+)=(.*)$", (folder / SECRETS).read_text(), re.MULTILINE)
        self.secrets: dict[str, str] = dict(found)

    def _introduction(self) -> Any:
        assert self._process.stdout is not None
        said = ""
        for line in self._process.stdout:
            said += line
            if line.startswith("}"):
                return json.loads(said)
        raise RuntimeError(f"the sandbox did not begin: {said}")

    def posts(self) -> list[dict[str, Any]]:
        """All that is public, comments and replies too."""
        found: list[dict[str, Any]] = self._ask("GET", "posts")
        return found

    def repeated(self) -> list[dict[str, Any]]:
        """The visible calls that asked for what was done already, those refused as well."""
        found: list[dict[str, Any]] = self._ask("GET", "repeated")
        return found

    def finish(self) -> None:
        """Returns when they have done all that they promised, such as processing a video."""
        self.let_pass(PROCESSING)
        end = time.monotonic() + PROMISES_KEPT
        while self._ask("GET", "underway")["underway"] and time.monotonic() < end:
            time.sleep(0.2)

    def go_wrong(self, seed: int, rate: float, kinds: tuple[str, ...] = KINDS) -> None:
        """From now on a share `rate` of the calls fails, the same ones for the same seed."""
        mix = {"seed": seed, "rate": rate, "kinds": kinds, "seconds": FAULT_SECONDS}
        self._ask("POST", "faults", mix)

    def go_right(self) -> None:
        self._ask("DELETE", "faults")

    def struck(self) -> int:
        """How many calls have been spoiled so far."""
        return sum(self._ask("GET", "faults")["struck"].values())

    def stand_at(self, now: datetime) -> None:
        """Moves the networks' clock."""
        self._ahead = now - datetime.now(UTC)
        self._ask("POST", "clock", {"now": now.isoformat()})

    def let_pass(self, seconds: float) -> None:
        """So much time passes for them alone: what they work on is done."""
        self.stand_at(datetime.now(UTC) + self._ahead + timedelta(seconds=seconds))

    def close(self) -> None:
        """Ends it in order, else it would leave a folder behind."""
        self._process.terminate()
        try:
            self._process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _ask(self, method: str, path: str, asked: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=asked, timeout=60)
        answer.raise_for_status()
        return answer.json()
