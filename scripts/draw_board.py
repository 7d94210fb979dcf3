"""Draws the pictures of the preview and the board: real pages in a real browser, saved as PNG.

Run from the top of the repository: `python scripts/draw_board.py [BROWSER]`, where Chromium is
installed. Writes docs/pictures/preview.png and docs/pictures/board.png.
"""

import io
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from somos_social import rehearsal, settings, wiring
from somos_social.board import Board, Serving
from somos_social.core.guests import Role
from somos_social.core.people import Approver
from somos_social.flows import App, approval, invitations
from somos_social.flows.campaign import schedule
from somos_social.sandbox import Sandbox

PICTURES = Path("docs/pictures")
CAMPAIGN = Path("campaigns/somos-lo-mismo-panama.toml")
CHANNELS = ("facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo")
POST = "ocho-anos"
NOW = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
COLOURS = 192


def main() -> None:
    executable = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"]) as browser,
    ):
        preview(Path(folder), browser)
        board(Path(folder), browser)


def preview(folder: Path, browser: Browser) -> None:
    file = folder / "preview.html"
    words = ("preview", str(CAMPAIGN), POST, "--out", str(file))
    command = [sys.executable, "-m", "somos_social", *words]
    subprocess.run(command, check=True, env={**os.environ, "SOMOS_CONFIG": ""})
    page = browser.new_page(viewport={"width": 1240, "height": 980})
    page.goto(file.as_uri())
    save("preview", page.screenshot())


def board(folder: Path, browser: Browser) -> None:
    accounts = rehearsal.accounts_for(CHANNELS)
    with Sandbox(accounts=accounts, media_root=Path("media")) as box:
        config = folder / "config.toml"
        config.write_text(rehearsal.config_for(box, accounts, Path("media")))
        found = settings.load(config, rehearsal.environment_for(accounts))
        app = replace(wiring.open_app(found, actor="luz"), now=lambda: NOW)
        link = filled(app, folder, Board(app, wiring.open_door(found)))
        served = Board(app, wiring.open_door(found))
        with Serving(served, host="127.0.0.1", port=0, behind_a_proxy=False) as serving:
            page = browser.new_page(viewport={"width": 1240, "height": 980}, locale="es")
            page.goto(f"{serving.url}/enter/{link}")
            page.locator("button.main").click()
            page.wait_for_url("**/calendar")
            page.goto(f"{serving.url}/calendar?day=2026-12-08")
            save("board", page.screenshot())
            page.goto(f"{serving.url}/post/{CAMPAIGN.stem}/{POST}")
            save("board-post", page.screenshot())
        app.store.close()


def filled(app: App, folder: Path, served: Board) -> str:
    """A campaign that was approved in part, and edited since. Returns what Ana's link ends in."""
    file = folder / CAMPAIGN.name
    text = CAMPAIGN.read_text(encoding="utf-8")
    text = text.replace("timezone = ", 'approvals = ["UNHCR", "IOM"]\ntimezone = ', 1)
    file.write_text(text, encoding="utf-8")
    schedule(app, [file])
    for name in ("UNHCR:Ana", "IOM:Eva"):
        organisation, person = approval.parse(name)
        approver = Approver(organisation=organisation, person=person, added_at=NOW, added_by="luz")
        for post in (POST, "historia-carmen"):
            approval.approve(app, approver, app.store.pages.of_post(CAMPAIGN.stem, post))
    said = "Gracias por caminar con nosotros."
    file.write_text(text.replace(said, "Gracias por caminar a nuestro lado."), encoding="utf-8")
    schedule(app, [file])
    week = timedelta(days=7)
    return invitations.invite(app, served.door, "UNHCR:Ana", Role.APPROVER, week)[1]


def save(name: str, png: bytes) -> None:
    """With fewer colours, and no larger than a README needs."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.resize((960, round(picture.height * 960 / picture.width)))
    path = PICTURES / f"{name}.png"
    small.quantize(COLOURS).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
