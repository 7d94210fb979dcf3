"""A real browser, started once, that reaches this machine alone; and the board it looks at."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route, sync_playwright

from somos_social import rehearsal, settings, wiring
from somos_social.board import Board, Serving
from somos_social.core.guests import Role
from somos_social.flows import App
from somos_social.sandbox import Account, Sandbox
from tests.cli.stage import Stage
from tests.samples import FACEBOOK, INSTAGRAM, X

WANTED = "SOMOS_TEST_BROWSER"
"""Where the browser is, or "required" where there must be one: then its absence is a failure."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def _executable() -> str:
    named = os.environ.get(WANTED, "")
    found = named if Path(named).is_file() else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        why = f"there is no browser here (apt-get install chromium, or set {WANTED})"
        if named:
            pytest.fail(f"{why}, and {WANTED} is {named}")
        pytest.skip(why)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = _executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def panama(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/Panama")
        time.tzset()
        yield
    time.tzset()


@dataclass
class House:
    """The board on a port, what is published behind it, and the pages that look at it.

    `complaints` are what the browser found wrong; `outside` is what a page asked of others.
    """

    stage: Stage
    box: Sandbox
    app: App
    board: Board
    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def page(self, *, language: str = "es", width: int = 1280, height: int = 900) -> Page:
        """A browser of its own for somebody."""
        context = self.browser.new_context(
            locale=language, viewport={"width": width, "height": height}
        )
        context.set_default_timeout(10_000)
        context.route("**/*", self._only_here)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def _only_here(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(self.url).netloc:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def link(self, name: str, role: Role = Role.APPROVER) -> str:
        """A personal link, as `somos board invite` makes it."""
        words = ("board", "invite", name, "--role", role.value, "--json")
        link: str = self.stage.somos(*words).json["link"]
        return self.url + urlsplit(link).path

    def visitor(self, name: str = "UNHCR:Ana", role: Role = Role.APPROVER, **how: object) -> Page:
        """Someone who has come in by the button of a personal link."""
        page = self.page(**how)  # type: ignore[arg-type]
        page.goto(self.link(name, role))
        page.locator("button.main").click()
        page.wait_for_url("**/calendar")
        return page

    def look(self, page: Page, path: str) -> None:
        page.goto(self.url + path)

    def accessible(self, page: Page) -> str:
        """What axe finds wrong with the page; empty where it finds nothing."""
        found = Axe().run(page)
        return found.generate_report() if found.violations_count else ""


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[House]:
    accounts: list[Account] = rehearsal.accounts_for([FACEBOOK, INSTAGRAM, X])
    stage = Stage(folder=tmp_path, environ={"SOMOS_CONFIG": None, "XDG_CONFIG_HOME": str(tmp_path)})
    (tmp_path / "media").mkdir()
    Image.new("RGB", (1080, 1350), "#00629f").save(tmp_path / "media" / "carmen.jpg")
    stage.write("media/carmen.jpg.toml", 'alt = "Carmen amasa."\ncredit = "© ACNUR"\n')
    with Sandbox(accounts=accounts, media_root=tmp_path / "media") as box:
        stage.connect(box, accounts)
        found = settings.load(tmp_path / "config.toml", rehearsal.environment_for(accounts))
        app = wiring.open_app(found, actor="board@here")
        board = Board(app, wiring.open_door(found))
        with Serving(board, host="127.0.0.1", port=0, behind_a_proxy=False) as serving:
            yield House(
                stage=stage, box=box, app=app, board=board, url=serving.url, browser=browser
            )
        for context in browser.contexts:
            context.close()
        app.store.close()
