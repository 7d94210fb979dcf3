"""What an influencer gets is whole, private, the same each time, and no text in it can act."""

import hashlib
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from somos_social import media
from somos_social.core.model.asset import Asset
from somos_social.core.model.handoff import Caption, Compensation, Handoff
from somos_social.core.model.post import Format
from somos_social.errors import InvalidFiles
from somos_social.kit import Built, Kit, Piece, build
from somos_social.kit.folder import SUMS
from somos_social.kit.html import as_html
from somos_social.kit.pages import caption_of, page_of
from somos_social.kit.pdf import as_pdf
from somos_social.kit.plain import as_text
from somos_social.media import MediaFolder
from tests.files.desk import draw
from tests.handoffs import ASKED, asked

HOSTILE = (
    "<script>alert(1)</script> & \"'`{{ 7*7 }}{% raw %} </pre></style><!-- ]]> "
    '<img src=x onerror="alert(2)"> javascript:alert(3) \\u202e'
)


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    draw(tmp_path / "media" / "carmen.jpg", (400, 500))
    words = (
        'alt = "Carmen amasa."\ncredit = "© ACNUR"\npeople = ["P-014"]\nshows = ["first name"]\n'
    )
    (tmp_path / "media" / "carmen.jpg.toml").write_text(words, encoding="utf-8")
    return MediaFolder(tmp_path / "media").asset("carmen.jpg")


@pytest.fixture
def kit(tmp_path: Path, asset: Asset) -> Kit:
    file = tmp_path / "media" / "carmen.jpg"
    piece = Piece(
        network="x",
        name="medios/x/01-carmen.jpg",
        source=file,
        asset=asset,
        original=asset,
        preview=media.preview(file, asset),
    )
    return Kit(handoff=asked(media={"x": (asset,)}), pieces=(piece,))


@pytest.fixture
def built(kit: Kit, tmp_path: Path) -> Built:
    return build(kit, tmp_path / "kit")


def sums(folder: Path) -> dict[str, str]:
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_everything_that_is_wanted_is_there_with_its_fingerprint(built: Built) -> None:
    files = {
        it.relative_to(built.folder).as_posix() for it in built.folder.rglob("*") if it.is_file()
    }
    assert files == {
        "kit.html",
        "kit.pdf",
        "kit.txt",
        "textos/instagram.txt",
        "textos/x.txt",
        "medios/x/01-carmen.jpg",
        SUMS,
    }
    assert set(built.files) == files
    told = sums(built.folder)
    assert set(told) == files - {SUMS}
    for name, digest in told.items():
        assert hashlib.sha256((built.folder / name).read_bytes()).hexdigest() == digest


def test_the_zip_holds_the_same_files_and_nothing_else(built: Built) -> None:
    told = sums(built.folder)
    with zipfile.ZipFile(built.zip) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names == sorted(f"kit/{name}" for name in (*told, SUMS))
        for name, digest in told.items():
            assert hashlib.sha256(packed.read(f"kit/{name}")).hexdigest() == digest
        assert packed.read(f"kit/{SUMS}") == (built.folder / SUMS).read_bytes()
    assert hashlib.sha256(built.zip.read_bytes()).hexdigest() == built.sha256


def test_nobody_else_on_the_machine_can_read_it(built: Built) -> None:
    for path in (built.folder, *built.folder.rglob("*"), built.zip):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_the_same_kit_is_the_same_bytes_and_replaces_the_one_before(kit: Kit, built: Built) -> None:
    (built.folder / "notas.txt").write_text("mías", encoding="utf-8")
    again = build(kit, built.folder)
    assert again == built
    assert not (built.folder / "notas.txt").exists()
    left = {path.name for path in built.folder.parent.iterdir()}
    assert left == {"media", "kit", "kit.zip"}


def test_a_kit_that_cannot_be_whole_leaves_the_one_before(
    kit: Kit, built: Built, tmp_path: Path
) -> None:
    draw(tmp_path / "media" / "carmen.jpg", (401, 500))
    before = built.zip.read_bytes()
    with pytest.raises(InvalidFiles) as invalid:
        build(kit, built.folder)
    assert "changed since" in str(invalid.value)
    assert (built.folder / "medios" / "x" / "01-carmen.jpg").exists()
    assert built.zip.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"media", "kit", "kit.zip"}


# The page.


def pages(handoff: Handoff) -> Mapping[str, str]:
    page = page_of(Kit(handoff=handoff))
    pdf = as_pdf(page)
    return {"html": as_html(page), "text": as_text(page), "pdf": words_of(pdf)}


def words_of(pdf: bytes) -> str:
    from io import BytesIO

    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("form", ["html", "text", "pdf"])
def test_each_form_says_all_that_must_be_known(form: str) -> None:
    said = flat(pages(ASKED)[form])
    for words in (
        "Cuenta quién te enseñó una receta.",
        "viernes 11 de diciembre de 2026, 09:00 (America/Bogota, UTC−05:00)",
        "domingo 13 de diciembre de 2026, 09:00 (America/Bogota, UTC−05:00)",
        "#SomosLoMismo",
        "#Publicidad. Colaboración pagada con Somos Lo Mismo Panamá.",
        "Palabra por palabra, sin cambios.",
        "Canales propios de ACNUR y OIM.",
        "sábado 19 de junio de 2027",
        "mesa@example.org",
        "el rostro y el nombre de pila",
        "Ningún rostro de menores de edad",
        "borra la publicación ese mismo día, sin preguntar por qué",
        "© ACNUR/Nuria Batista",
    ):
        assert words in said, words


@pytest.mark.parametrize("form", ["html", "text", "pdf"])
def test_nobody_who_is_seen_is_named_and_no_contact_is_told(form: str) -> None:
    said = pages(ASKED)[form]
    assert "P-014" not in said
    assert "ana@example.org" not in said


def test_times_of_another_zone_are_told_with_those_of_the_desk() -> None:
    said = pages(asked(timezone="Europe/Madrid"))["text"]
    assert "viernes 11 de diciembre de 2026, 15:00 (Europe/Madrid, UTC+01:00)" in said
    assert "viernes 11 de diciembre de 2026, 09:00 (America/Panama, UTC−05:00)" in said


@pytest.mark.parametrize("compensation", Compensation)
def test_the_disclosure_follows_from_the_compensation(compensation: Compensation) -> None:
    handoff = asked(compensation=compensation)
    said = pages(handoff)["text"]
    assert ("#Publicidad" in said) is (compensation is not Compensation.NONE)
    assert caption_of(handoff, "x") == handoff.ask.captions["x"].text
    is_first = caption_of(handoff, "instagram").startswith("#Publicidad")
    assert is_first is (compensation is not Compensation.NONE)


def test_a_caption_that_discloses_already_is_left_as_it_is() -> None:
    captions = {"web": Caption(text="Colaboración pagada con ACNUR. #SomosLoMismo")}
    assert caption_of(asked(captions=captions), "web") == captions["web"].text


def test_minors_and_changed_names_are_told_to_be_taken_care_of(asset: Asset) -> None:
    shown = replace(asset, minors=("P-014",), shows=("face", "changed name"))
    said = pages(asked(media={"x": (shown,)}))["text"]
    assert "Hay menores de edad" in said
    assert "nombre cambiado para proteger su identidad" in said


def test_a_story_asks_for_a_screenshot() -> None:
    assert "24 horas" in pages(asked(format=Format.STORY))["text"]
    assert "24 horas" not in pages(ASKED)["text"]


def test_the_barest_hand_off_has_a_kit(tmp_path: Path) -> None:
    bare = Handoff(
        key="a",
        campaign="b",
        influencer="@ana",
        contact="",
        draft_due=None,
        live_due=ASKED.live_due,
        brief="",
        review=False,
    )
    assert build(Kit(handoff=bare), tmp_path / "kit").files == (
        SUMS,
        "kit.html",
        "kit.pdf",
        "kit.txt",
    )


# Hostile words.

EVERYWHERE: dict[str, Any] = {
    "brief": HOSTILE,
    "influencer": HOSTILE,
    "campaign": HOSTILE,
    "stop": HOSTILE,
    "rights": HOSTILE,
    "captions": {"x": Caption(text=HOSTILE)},
}


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.met: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.met.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}


def elements(html: str) -> _Elements:
    found = _Elements()
    found.feed(html)
    return found


def test_no_text_becomes_a_part_of_the_page(kit: Kit) -> None:
    asset = replace(kit.pieces[0].asset, alt=HOSTILE, credit=HOSTILE)
    piece = replace(kit.pieces[0], original=asset, asset=asset)
    hostile = Kit(handoff=asked(**EVERYWHERE, media={"x": (asset,)}), pieces=(piece,))
    html, usual = as_html(page_of(hostile)), as_html(page_of(kit))
    assert elements(html).met == elements(usual).met
    assert elements(html).attributes == elements(usual).attributes
    assert "script" not in elements(html).met
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7*7 }}" in html


def test_nothing_is_fetched_by_the_page(kit: Kit) -> None:
    html = as_html(page_of(kit))
    assert "default-src 'none'" in html
    assert re.findall(r'(?:src|href|url\()="?([^"]{0,22})', html) == ["data:image/jpeg;base64"]
    assert elements(html).met.isdisjoint({"script", "link", "iframe", "object", "form", "a"})


ODD = {
    "hostile": HOSTILE,
    "emoji": "🍞 👩\u200d👩\u200d👧 🇵🇦 ☀️ ❤️ 1️⃣",
    "signs": "—–«»…“”¿¡ñÑáÜ€№",
    "scripts": "مرحبا 你好 Привет Nuedi dʒ",
    "one long word": "x" * 5000,
    "nothing to see": "\t\n\n\n",
    "marks": "\u200b\ufeff\u202e\u0301a\x07",
    "many lines": "línea\n" * 300,
}


@pytest.mark.parametrize("what", ODD)
def test_a_pdf_is_made_of_any_text(what: str) -> None:
    text = ODD[what]
    made = pages(asked(brief=text, captions={"x": Caption(text=text)}))["pdf"]
    assert "Cuidado de las personas" in made


def test_what_the_font_has_is_written_and_an_emoji_by_its_name() -> None:
    made = flat(pages(asked(brief="«Ñandú» — ¿sí? €5 🍞 ❤️"))["pdf"])
    assert "«Ñandú» — ¿sí? €5 [pan de molde]" in made
    assert "los emojis van con su nombre" in made
    assert "los emojis van con su nombre" not in pages(ASKED)["pdf"]


def test_the_same_page_is_the_same_pdf() -> None:
    page = page_of(Kit(handoff=ASKED))
    assert as_pdf(page) == as_pdf(page)


def test_a_long_kit_takes_little_time() -> None:
    long = asked(brief="Una línea del encargo. " * 2000, live_due=ASKED.live_due + timedelta(1))
    assert len(pages(long)["pdf"]) > 40_000
