"""Draws the picture of a report: of a rehearsal, as a real browser shows it, saved as PNG.

Run from the top of the repository: `python scripts/draw_report.py [BROWSER]`, where Chromium is
installed. Writes docs/pictures/report.png.
"""

import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from draw_board import CAMPAIGN, CHANNELS, save
from playwright.sync_api import sync_playwright

from somos_social import rehearsal, settings, wiring
from somos_social.core.metrics import SEEN_BY, Figure
from somos_social.core.model.delivery import Delivery
from somos_social.flows import report as flow
from somos_social.report import Pictures, as_html, page

DAY = timedelta(days=1)
FAULTS = "7"
"""A seed: networks that fail in every known way make a report worth reading."""


def main() -> None:
    executable = sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_bytes(made(Path(folder)))
        with (
            sync_playwright() as playwright,
            playwright.chromium.launch(
                executable_path=executable, args=["--no-sandbox"]
            ) as browser,
        ):
            shown = browser.new_page(viewport={"width": 1100, "height": 1000})
            shown.goto(file.as_uri())
            save("report", shown.screenshot())


def made(folder: Path) -> bytes:
    """The report of a rehearsal, with figures as a campaign of this size may have them."""
    words = ("rehearse", str(CAMPAIGN), "--faults", FAULTS, "--out", str(folder))
    # Where something was left to people, as in life, it ends with 6.
    subprocess.run([sys.executable, "-m", "somos_social", *words], check=False)
    accounts = rehearsal.accounts_for(CHANNELS)
    found = settings.load(folder / "rehearsal.toml", rehearsal.environment_for(accounts))
    app = wiring.open_app(found, actor="luz")
    posts = app.store.listed(campaign=CAMPAIGN.stem)
    last = max(it.due_at for it in posts)
    told = {it.key: figures(it) for it in posts if it.after is None}
    app.store.measurements.keep(told, day=last.date(), at=last)
    about = flow.subjects(app, [CAMPAIGN.stem])
    files = {CAMPAIGN.stem: CAMPAIGN}
    facts = flow.report(replace(app, now=lambda: last + DAY), about, files=files)
    app.store.close()
    return as_html(page(facts, Pictures(Path("media")), language="es"))


def figures(delivery: Delivery) -> dict[Figure, int]:
    dice = random.Random(delivery.key)  # noqa: S311 - the same picture each time
    seen = dice.randrange(400, 6000)
    return {SEEN_BY[delivery.platform]: seen, Figure.REACTIONS: seen * dice.randrange(2, 9) // 100}


if __name__ == "__main__":
    main()
