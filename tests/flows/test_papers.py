"""A form or a screenshot holds something, or it is refused; nothing is ever waited for."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from somos_social.errors import UsageError
from somos_social.flows import papers

PAPERS = [papers.form, papers.screenshot]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", ["falta.pdf", "tubo", "carpeta", "/dev/null", "vacía.pdf", "a\0b"])
def test_what_holds_nothing_is_no_paper_and_is_not_awaited(
    tmp_path: Path, paper: Callable[[Path], object], name: str
) -> None:
    os.mkfifo(tmp_path / "tubo")
    (tmp_path / "carpeta").mkdir()
    (tmp_path / "vacía.pdf").touch()
    with pytest.raises(UsageError):
        paper(tmp_path / name)


def test_a_form_is_whatever_was_signed(tmp_path: Path) -> None:
    mail = tmp_path / "sí.eml"
    mail.write_text("Lo firmo, de veras.", encoding="utf-8")
    assert papers.form(mail) == hashlib.sha256(mail.read_bytes()).hexdigest()


def test_of_a_screenshot_it_is_said_that_nobody_could_read_a_post_in_it(tmp_path: Path) -> None:
    file = tmp_path / "captura.png"
    Image.effect_noise((300, 500), 60).save(file)
    whole = file.read_bytes()
    assert papers.screenshot(file) == (hashlib.sha256(whole).hexdigest(), None)
    file.write_bytes(whole[: len(whole) // 2])
    assert papers.screenshot(file)[1] == "the file is no whole picture"
    Image.new("RGB", (300, 20)).save(file)
    assert papers.screenshot(file)[1] == "the picture has 300 x 20 pixels only"
