"""Reads campaigns and configs full of traps, and prints every file outside that was opened.

A program of its own: an audit hook stays for the rest of a process's life.
"""

import os
import sys
import zoneinfo
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from somos_social.errors import InvalidFiles
from somos_social.files import read_campaign
from somos_social.settings import load
from tests.fuzz.cases import fuzzed
from tests.fuzz.desk import trapped
from tests.fuzz.documents import CAMPAIGNS, CAPTIONS, CONFIGS, PATHS

HEAD = 'name = "x"\ntimezone = "America/Panama"\nchannels = ["x:a", "facebook:a"]\n'
WATCHED = ("open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.mkdir", "os.chmod")
NEVER = ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def main(folder: Path) -> None:
    desk = trapped(folder)
    program = Path(__file__).parents[2]
    allowed = [desk, program, *map(Path, (*zoneinfo.TZPATH, sys.prefix, sys.base_prefix))]
    outside: set[str] = set()
    watching = [False]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if not watching[0]:
            return
        if event in NEVER:
            outside.add(f"{event} {args!r}")
        if event in WATCHED and isinstance(args[0], str | bytes | os.PathLike):
            try:
                real = Path(os.path.realpath(os.fsdecode(args[0])))
            except ValueError:
                return
            if not any(real.is_relative_to(each) for each in allowed):
                outside.add(f"{event} {real}")

    def read(campaign: str, config: str) -> None:
        (desk / "campaign.toml").write_text(campaign)
        (desk / "config.toml").write_text(config)
        watching[0] = True
        with suppress(InvalidFiles):
            read_campaign(desk / "campaign.toml", media_root=desk / "media")
        with suppress(InvalidFiles):
            load(desk / "config.toml", {})
        watching[0] = False

    @fuzzed(share=4)
    @given(CAMPAIGNS, CONFIGS)
    def whole(campaign: str, config: str) -> None:
        read(campaign, config)

    @fuzzed(share=4)
    @given(st.lists(PATHS, min_size=1, max_size=3), CAPTIONS)
    def assets(paths: list[str], captions: str) -> None:
        *named, beside = ("'''" + path.replace("'", "") + "'''" for path in (*paths, captions))
        (desk / "media/clip.mp4.toml").write_text(f"captions = {beside}\n")
        listed = ", ".join((*named, '"clip.mp4"'))
        post = f'[[post]]\nkey = "k"\ndue = 2030-12-01T09:00:00\ntext = "a"\nassets = [{listed}]\n'
        read(HEAD + post, "")

    read(HEAD, "")
    sys.addaudithook(hook)
    whole()
    assets()
    print("\n".join(sorted(outside)))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
