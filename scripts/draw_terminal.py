"""Draws the README's pictures of the terminal: real commands in a real terminal, saved as SVG.

Run from the top of the repository: `python scripts/draw_terminal.py`. Writes docs/pictures/*.svg.
"""

import os
import pty
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.text import Text

from somos_social import rehearsal
from somos_social.sandbox import Fault, Sandbox

PICTURES = Path("docs/pictures")
COLUMNS = 150
MISTAKES = """\
name     = "Somos Lo Mismo Panamá"
hashtag  = "#SomosLoMismo"
timezone = "America/Panama"
channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]

[[post]]
key    = "historia-carmen"
due    = 2026-12-01T09:00:00
text   = "Carmen llegó con una receta y un miedo."
asets  = ["historias/carmen.mp4"]

[[post]]
key    = "dia-del-migrante"
due    = 2027-12-18T09:00:00
text   = "Migrar es llevar la casa en la memoria."
assets = ["fechas/migrantes.jpg"]
"""
CAMPAIGN = """\
name     = "Somos Lo Mismo Panamá"
hashtag  = "#SomosLoMismo"
timezone = "UTC"
channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]

[[post]]
key    = "dia-del-migrante"
due    = {due:%Y-%m-%dT%H:%M:00}
text   = "Migrar es llevar la casa en la memoria."
assets = ["migrante.jpg"]

[[post]]
key    = "dia-del-refugiado"
due    = {later:%Y-%m-%dT%H:%M:00}
text   = "Nadie elige huir. Acoger sí se elige."
assets = ["migrante.jpg"]
"""


def screen(*words: str, folder: Path, environ: dict[str, str]) -> str:
    """What `somos WORDS` writes to a terminal, colours included."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": "40", "TERM": "xterm-256color"}
    done = subprocess.Popen(
        [sys.executable, "-m", "somos_social", *words],
        cwd=folder,
        env={**os.environ, **environ, **size},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # A terminal whose last writer has gone says so with an error.
            break
        if not piece:
            break
        said += piece
    done.wait()
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


def draw(name: str, command: str, said: str) -> None:
    """Saves a screen under docs/pictures; of a line drawn over and over only the last is kept."""
    console = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w"))  # noqa: SIM115
    console.print(Text(f"$ {command}", style="bold"))
    for line in said.split("\n"):
        last = Text.from_ansi(line.rsplit("\r", 1)[-1])
        last.rstrip()
        # A terminal would break what is too long; so does this, between two words.
        console.print(last)
    console.save_svg(str(PICTURES / f"{name}.svg"), title="somos")


def draw_rehearsal() -> None:
    with tempfile.TemporaryDirectory() as out:
        said = screen("rehearse", "--out", out, folder=Path.cwd(), environ={})
    lines = said.replace(out, "/tmp/rehearsal").split("\n")  # noqa: S108 - only shown
    table = next(place for place, line in enumerate(lines) if "channel" in line)
    draw(
        "rehearse", "make rehearse", "\n".join([*lines[table : table + 12], "  ...", *lines[-14:]])
    )


def draw_check() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "campaigns").mkdir()
        (folder / "campaigns" / "panama.toml").write_text(MISTAKES, encoding="utf-8")
        media = str(Path("media").resolve())
        said = screen("check", "campaigns/panama.toml", "--media", media, folder=folder, environ={})
    draw("check", "somos check campaigns/panama.toml", said)


def draw_status() -> None:
    """A Facebook token that has expired, and a call to X that nobody answered."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Image.open("media/fechas/dia-del-migrante.jpg").save(folder / "migrante.jpg")
        now = datetime.now(UTC)
        text = CAMPAIGN.format(due=now - timedelta(minutes=2), later=now + timedelta(days=3))
        (folder / "panama.toml").write_text(text, encoding="utf-8")
        accounts = rehearsal.accounts_for(
            ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]
        )
        environ = rehearsal.environment_for(accounts)
        with Sandbox(accounts=accounts, media_root=folder) as box:
            config = rehearsal.config_for(box, accounts, folder)
            (folder / "config.toml").write_text(config, encoding="utf-8")
            page = next(it.id for it in accounts if it.platform == "facebook")
            refused = Fault(match=f"* /graph/*/{page}*", kind="190", subcode=463, times=99)
            box.faults.add(refused)
            box.faults.add(Fault(match="POST /x/2/tweets", kind="done-then-close"))
            screen("schedule", "panama.toml", folder=folder, environ=environ)
            screen("run", "--once", folder=folder, environ=environ)
            draw("status", "somos status", screen("status", folder=folder, environ=environ))


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    draw_rehearsal()
    draw_check()
    draw_status()


if __name__ == "__main__":
    main()
