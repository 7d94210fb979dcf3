"""A form or a screenshot is what it is called, or it is refused; nothing is ever waited for."""

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
    tmp_path: Path, paper: Callable[[Path], str], name: str
) -> None:
    os.mkfifo(tmp_path / "tubo")
    (tmp_path / "carpeta").mkdir()
    (tmp_path / "vacía.pdf").touch()
    with pytest.raises(UsageError):
        paper(tmp_path / name)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_note_is_no_paper(tmp_path: Path, paper: Callable[[Path], str]) -> None:
    note = tmp_path / "nota.pdf"
    note.write_text("Lo firmó, de veras.", encoding="utf-8")
    with pytest.raises(UsageError, match=r"nota\.pdf"):
        paper(note)


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "TIFF", "PDF"])
def test_a_form_is_a_pdf_or_a_picture(tmp_path: Path, format: str) -> None:
    file = tmp_path / "forma"
    Image.new("RGB", (300, 300)).save(file, format=format)
    assert papers.form(file) == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_screenshot_is_a_whole_picture_in_which_something_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "captura.png"
    Image.effect_noise((300, 500), 60).save(file)
    whole = file.read_bytes()
    assert papers.screenshot(file) == hashlib.sha256(whole).hexdigest()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UsageError, match=r"captura\.png"):
        papers.screenshot(file)
    Image.new("RGB", (300, 20)).save(file)
    with pytest.raises(UsageError, match="nobody can read a post"):
        papers.screenshot(file)
