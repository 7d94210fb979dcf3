"""The pages are of one piece: links lead somewhere, commands exist, and what is made is in date."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from scripts import draw_lives, write_commands
from somos_social.cli import app
from tests.architecture.pages import PAGES, ROOT, anchors, fences, lines, links, name_of, text_of

WRITTEN = [page for page in PAGES if page.name != "commands.md"]
TYPED = {
    (name_of(page), command)
    for page in WRITTEN
    for language in ("sh", "")
    for script in fences(text_of(page), language)
    for command in lines(script)
    if command.startswith("somos ")
}
STARTED = {
    (name_of(page), f"somos {words}")
    for page in WRITTEN
    for language in ("sh", "", "ini")
    for script in fences(text_of(page), language)
    for words in re.findall(r"/bin/somos ([a-z].*)", script)
}
"""By a service, by cron, or from where the program lies."""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_to_a_file_and_a_heading_that_exist(page: Path) -> None:
    astray = []
    for link in links(page):
        if re.match(r"\w+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            astray.append(link)
    assert astray == []


def test_every_page_and_every_picture_is_led_to_from_another_page() -> None:
    led_to = {
        (page.parent / link.partition("#")[0]).resolve() for page in PAGES for link in links(page)
    }
    files = {*ROOT.glob("docs/*.md"), *ROOT.glob("docs/pictures/*")}
    assert files - led_to == set()


def test_the_index_names_each_page_of_the_documentation() -> None:
    index = ROOT / "docs" / "README.md"
    assert {it.name for it in ROOT.glob("docs/*.md")} - {"README.md"} <= set(links(index))


def test_the_page_of_the_commands_is_what_the_program_says() -> None:
    page = text_of(ROOT / write_commands.PAGE)
    assert page == write_commands.as_page(), "Run `python scripts/write_commands.py`."


def test_the_page_of_the_commands_does_not_depend_on_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = write_commands.as_page()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LC_ALL", "es_PA.UTF-8")
    assert write_commands.as_page() == wide


def test_the_drawings_of_both_lives_are_what_the_code_allows() -> None:
    page = text_of(ROOT / draw_lives.PAGE)
    assert page == draw_lives.redrawn(page), "Run `python scripts/draw_lives.py`."


@pytest.mark.parametrize(("page", "command"), sorted(TYPED | STARTED))
def test_every_command_that_a_page_shows_is_one_that_the_program_takes(
    page: str, command: str
) -> None:
    words = shlex.split(_alone(command), comments=True)[1:]
    parser: Any = get_command(app)
    while isinstance(parser, TyperGroup) and (name := _first(words)) in parser.commands:
        words.remove(name)
        parser = parser.commands[name]
    context = parser.context_class(parser)
    given, left, _ = parser.make_parser(context).parse_args(words)
    assert left == [], f"{page} shows what `{parser.name}` does not take"
    needed = [it.name for it in parser.params if it.required]
    assert [name for name in needed if given.get(name) in (None, ())] == []


def _alone(command: str) -> str:
    """Without what the shell does with it: pipes, files, the background."""
    line = command.replace("\\\n", " ")
    return re.split(r"\s(?:[|&]|&&|\|\||>+)(?:\s|$)|\s\d?>", line, maxsplit=1)[0]


def _first(words: list[str]) -> str:
    return next((word for word in words if not word.startswith("-")), "")
