"""A folder full of traps: what a campaign, a config and their media may lead to."""

import os
from pathlib import Path

from tests.files.desk import draw, film


def trapped(folder: Path) -> Path:
    """A desk in `folder/desk`; outside of it lies what nobody may read."""
    draw(folder / "secret.jpg")
    (folder / "secret.jpg.toml").write_text('alt = "outside"\n')
    (folder / "secret.srt").write_text("0:01 --> 0:02\noutside\n")
    desk = folder / "desk"
    media = desk / "media"
    draw(media / "carmen.jpg")
    draw(media / "sub" / "otra.png")
    draw(media / "é.jpg")
    draw(media / "linked.jpg")
    draw(media / ("a" * 251 + ".jpg"))
    film(media / "clip.mp4", size=(64, 48), seconds=1, sound=False)
    (media / "broken.jpg").write_bytes((media / "carmen.jpg").read_bytes()[:200])
    (media / "linked.jpg.toml").symlink_to(folder / "secret.jpg.toml")
    (media / "out.jpg").symlink_to(folder / "secret.jpg")
    (media / "out.srt").symlink_to(folder / "secret.srt")
    (media / "outside").symlink_to(folder)
    (media / "loop").symlink_to("loop")
    (media / "nowhere").symlink_to("not-there")
    (media / "zero").symlink_to("/dev/zero")
    for place in (media, desk):
        os.mkfifo(place / "fifo")
    (desk / "token").write_text("a-token-from-a-file\n")
    (desk / "token").chmod(0o600)
    (desk / "open").write_text("a-token-that-others-read\n")
    (desk / "open").chmod(0o644)
    return desk
