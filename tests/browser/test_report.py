"""The report in a real browser: it obeys its own policy, is accessible, and fits a phone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import House
from tests.browser.test_board import campaign

pytestmark = pytest.mark.xdist_group("browser")


def test_axe_finds_nothing_and_nothing_is_asked_for_or_sticks_out(
    house: House, browser: Browser
) -> None:
    campaign(house, handoff=True)
    campaign_file = house.stage.folder / "campaigns" / "prueba.toml"
    text = campaign_file.read_text().replace('approvals = ["UNHCR", "IOM"]\n', "")
    campaign_file.write_text(text)
    assert house.stage.somos("schedule", "prueba").code == 0
    house.stage.somos("run", "--once")
    assert house.box.posts()
    file: Path = house.stage.folder / "r.html"
    answer = house.stage.somos("report", "prueba", "--html", str(file))
    assert answer.code == 0, answer.err
    asked: list[str] = []
    complaints: list[str] = []
    for width in (1280, 360):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(file.as_uri())
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        # On a phone, each post is a card of its own, and nothing has to be pushed aside.
        row = page.evaluate("getComputedStyle(document.querySelector('.posts tbody tr')).display")
        assert row == ("grid" if width == 360 else "table-row")
        # The style of the page is the one that its policy allows.
        assert page.evaluate("getComputedStyle(document.querySelector('.facts')).display") == "grid"
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
