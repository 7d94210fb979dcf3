"""SIGTERM in the middle of an upload: it ends within seconds, and the next daemon goes on."""

import time
from pathlib import Path

from tests.torture import campaigns
from tests.torture.campaigns import Story
from tests.torture.narrow import NarrowLine
from tests.torture.stage import PATIENCE, Size, Stage
from tests.torture.tally import Tally

RATE = 400_000
"""Bytes a second on the line."""
CLIP_SIZE = 12_000_000
PATIENT = {"timeout": "20s", "lease": "40s", "look_after": "1m"}
SECONDS = 25
"""An upload through this line takes longer than that; ending may not."""


def told_to_end(folder: Path, seed: int, tally: Tally) -> None:
    size = Size(posts=1, daemons=1, span=1)
    with Stage(folder, seed, tally, size=size, policy=PATIENT) as stage:
        text = f"La historia en video de la ronda {seed}"
        stage.stories = [Story(key="video", text=text, assets=(campaigns.CLIP,))]
        campaigns.lengthen_clip(folder, CLIP_SIZE)
        with NarrowLine(stage.networks.url, RATE) as line:
            stage.lead_to(line.url)
            stage.schedule()
            _end_while_it_uploads(stage, line)
            line.widen()
            stage.leave_in_peace()
        stage.judge()


def _end_while_it_uploads(stage: Stage, line: NarrowLine) -> None:
    """Notes whatever is not as it should be when a daemon has ended in order."""
    daemon = stage.daemon()
    stage.tally.lives += 1
    enough = CLIP_SIZE * stage.dice.uniform(0.05, 0.3)
    end = time.monotonic() + PATIENCE
    while line.passed < enough and daemon.code() is None and time.monotonic() < end:
        time.sleep(0.05)
    daemon.tell_to_end()
    told = time.monotonic()
    code = daemon.ended(within=PATIENCE)
    seconds = time.monotonic() - told
    where = f"seed {stage.seed}"
    if code != 0 or seconds > SECONDS:
        stage.tally.odd.append(f"{where}: told to end, it ended with {code} after {seconds:.0f} s")
    events = {entry["event"] for entry in stage.somos("log")}
    if "returned" not in events:
        stage.tally.odd.append(f"{where}: nothing was handed back: {daemon.said()}")
    if posts := stage.networks.posts():
        stage.tally.odd.append(f"{where}: public already: {posts}")
    for key, status in stage.statuses().items():
        if status != "scheduled":
            stage.tally.odd.append(f"{where}: after its end {key} is {status}")
