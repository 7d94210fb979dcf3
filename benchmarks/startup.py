"""How long the program takes to say something, beside an empty Typer program of five commands."""

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 21

EMPTY = '''
import typer

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def _version(asked: bool) -> None:
    if asked:
        typer.echo("empty 0.1.0")
        raise typer.Exit


@app.callback()
def root(version: bool = typer.Option(False, "--version", callback=_version)) -> None:
    """Do nothing."""


for name in ("one", "two", "three", "four", "five"):

    @app.command(name)
    def nothing(word: str = typer.Argument("word", help="A word.")) -> None:
        """Do nothing with a word."""


app()
'''

CAMPAIGN = """
name = "Startup"
timezone = "America/Panama"
channels = ["x:somoslomismo"]

[[post]]
key = "hola"
due = 2199-12-01T09:00:00
text = "Hola."
"""


def milliseconds(command: Sequence[str], folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    return (time.perf_counter() - began) * 1e3


def main() -> None:
    root = Path(__file__).resolve().parent.parent
    os.environ["PYTHONPATH"] = str(root)
    os.environ.pop("SOMOS_CONFIG", None)
    # An installed program is compiled; a source tree in a container may not be.
    compileall.compile_dir(root / "somos_social", quiet=1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "empty.py").write_text(EMPTY, encoding="utf-8")
        (folder / "startup.toml").write_text(CAMPAIGN, encoding="utf-8")
        empty = [sys.executable, "empty.py"]
        somos = [sys.executable, "-m", "somos_social"]
        pairs = {
            "--help": ([*somos, "--help"], [*empty, "--help"]),
            "--version": ([*somos, "--version"], [*empty, "--version"]),
            "check": ([*somos, "check", "startup.toml"], [*empty, "one"]),
        }
        for what, (ours, theirs) in pairs.items():
            # Taken in turn, so that a busy moment of the machine meets both alike.
            times = [
                (milliseconds(ours, folder), milliseconds(theirs, folder)) for _ in range(RUNS)
            ]
            mine, baseline = (statistics.median(each) for each in zip(*times, strict=True))
            print(
                f"somos {what:10} {mine:6.0f} ms, empty Typer program {baseline:6.0f} ms, "
                f"ratio {mine / baseline:.2f}"
            )


if __name__ == "__main__":
    main()
