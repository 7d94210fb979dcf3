"""A preview is one file that shows posts as their networks will, asks nobody, and can be mailed."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from somos_social import media
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.post import Extras, Post, Replies, Tag
from somos_social.core.people import Approval, Consent, Said
from somos_social.errors import InvalidFiles, UsageError
from somos_social.files import read_campaign
from somos_social.flows import renditions
from somos_social.preview import page
from somos_social.preview.album import SIZES
from somos_social.preview.page import MARK
from tests.fuzz.cases import HOSTILE
from tests.samples import NOW

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
name = "Una <b>prueba</b>"
hashtag = "#SomosLoMismo"
timezone = "America/Panama"
channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]
"""
POST = """
[[post]]
key = "mesa"
due = 2026-12-02T23:30:00
goal = "empathy"
text = "Una mesa con @ana: https://www.acnur.org/es/historias/carmen-y-elvia"
assets = ["a.jpg", "b.jpg"]
"""

Read = Callable[..., Campaign]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "media"
    root.mkdir()
    for name, colour in (("a", "teal"), ("b", "orange")):
        Image.effect_noise((800, 1000), 60).convert("RGB").save(root / f"{name}.jpg")
        words = f'alt = "Un plato {colour}."\ncredit = "© {colour}"\npeople = ["P-014"]\n'
        (root / f"{name}.jpg.toml").write_text(words)
    return root


@pytest.fixture
def read(tmp_path: Path, root: Path) -> Read:
    def written(posts: str = POST, head: str = HEAD) -> Campaign:
        file = tmp_path / "prueba.toml"
        file.write_text(head + posts, encoding="utf-8")
        return read_campaign(file, media_root=root)

    return written


def shown(campaign: Campaign, root: Path, **more: Any) -> str:
    return page(campaign, media_root=root, made_at=NOW, **more).html.decode()


def plain(html: str, language: str = "es") -> str:
    """What is read on the page in one language."""
    other = {"es": "en", "en": "es"}[language]
    html = re.sub(rf'<span class="in-{other}" lang="{other}">[^<]*</span>', "", html)
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S).split())


class Asked(HTMLParser):
    """Every address that a browser would ask for while it shows a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "href", "poster", "data", "action", "background"):
                self.found.append((tag, value or ""))


def test_the_page_asks_nobody_for_anything_and_needs_no_script(read: Read, root: Path) -> None:
    html = shown(read(), root)
    asked = Asked(html)
    assert {tag for tag, _ in asked.found} == {"img"}
    assert all(value.startswith("data:image/jpeg;base64,") for _, value in asked.found)
    assert not asked.tags & {"script", "iframe", "object", "link", "form", "base"}
    assert "url(" not in html
    assert "@import" not in html


def test_its_policy_allows_its_own_style_and_nothing_else(read: Read, root: Path) -> None:
    html = shown(read(), root)
    [style] = re.findall(r"<style>(.*?)</style>", html, re.S)
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy.replace("&#39;", "'")
    assert policy.startswith("default-src &#39;none&#39;; img-src data:;")
    assert "style=" not in re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_each_network_shows_the_post_in_its_own_way(read: Read, root: Path) -> None:
    html = shown(read(), root)
    assert html.count('<div class="look ') == 3
    text = plain(html)
    assert "acnur.org/es/historias/c…" in text
    assert "1/2" in text
    assert "mié 2 dic 2026, 23:30" in text
    assert "Objetivo empathy" in text
    assert "Un plato teal." in text
    assert "a.jpg · Facebook, Instagram, X" in text
    assert "Instagram no abre los enlaces" in text
    assert "Una &lt;b&gt;prueba&lt;/b&gt;" in html
    english = plain(html, "en")
    assert "Wed 2 Dec 2026, 23:30" in english
    assert "Instagram opens no link" in english
    assert "no abre" not in english


def test_a_long_text_is_cut_where_the_network_cuts_it_and_can_be_read_whole(
    read: Read, root: Path
) -> None:
    words = " ".join(f"palabra{number}" for number in range(60))
    variant = '[post.variant.x]\ntext = "Breve."\n'
    html = shown(read(POST.replace("Una mesa con @ana:", words) + variant), root)
    seen = re.findall(r"(palabra\d+)\s*</?[^>]*details[^>]*>|(palabra\d+)<details", html)
    assert len(seen) == 2
    assert html.count('<details class="more">') == 2
    assert html.count("Texto completo") == 2
    text = plain(html)
    assert "… Ver más" in text
    assert "… más" in text


def test_what_stands_beside_a_post_is_told(read: Read, root: Path) -> None:
    campaign = read(
        POST
        + 'first_comment = "¿Y tú?"\nlocation = "1234567"\n'
        + '[post.variant.instagram]\ncollaborators = ["eva", "luz"]\n'
        + 'tags = [{ user = "ana", x = 0.5, y = 0.5 }]\n'
        + '[post.variant.x]\nfirst_comment = ""\nreplies = "following"\n'
        + "paid_partnership = true\nmade_with_ai = true\n"
        + 'thread = [{ text = "Sigue." }, { text = "Termina." }]\n'
    )
    html = shown(campaign, root)
    text = plain(html)
    assert text.count("¿Y tú?") == 2
    assert "Lugar: página n.º 1234567" in text
    assert text.count("Colaboración pagada") == 1
    assert text.count("Hecho con IA") == 1
    assert "Se invita como coautores a eva, luz" in text
    assert "Etiquetas ana" in text
    assert "solo a quienes sigue la cuenta" in text
    assert html.count('class="tweet') == 3
    assert html.index("Sigue.") < html.index("Termina.")


@pytest.mark.parametrize("kind", ["reel", "story"])
def test_what_fills_a_phone_is_framed_nine_to_sixteen(kind: str) -> None:
    campaign = read_campaign(
        ROOT / "campaigns" / "somos-lo-mismo-panama.toml", media_root=ROOT / "media"
    )
    post = next(it for it in campaign.posts if it.key == "historia-carmen")
    from somos_social.core.model.post import Format

    variants = {
        channel: replace(variant, format=Format(kind))
        for channel, variant in post.variants.items()
        if not channel.startswith("x:")
    }
    only = replace(campaign, posts=(replace(post, variants=variants, comments={}),))
    html = shown(only, ROOT / "media")
    assert html.count(f"look facebook {kind}") == html.count(f"look instagram {kind}") == 1
    assert html.count('viewBox="0 0 9 16"') == 2
    assert "Video 0:12" in plain(html).replace("  ", " ")
    assert ("no lleva texto" in html) == (kind == "story")
    assert "<video" not in html


def test_only_the_post_that_is_asked_for_is_shown(read: Read, root: Path) -> None:
    other = POST.replace('"mesa"', '"otra"').replace("Una mesa", "Otra mesa")
    html = shown(read(POST + other), root, post="otra")
    assert "Otra mesa" in html
    assert "Una mesa" not in html
    with pytest.raises(UsageError, match=r"no post 'nada'.*mesa, otra"):
        shown(read(POST + other), root, post="nada")


# Whose yes.


def test_without_a_database_it_says_whose_yes_is_needed(read: Read, root: Path) -> None:
    needs = HEAD + 'approvals = ["UNHCR", "IOM"]\n'
    assert "Visto bueno Necesita el de UNHCR, IOM" in plain(shown(read(head=needs), root))
    assert "Esta campaña no lo pide" in plain(shown(read(), root))


def test_with_one_it_says_whose_is_missing(read: Read, root: Path) -> None:
    campaign = read(head=HEAD + 'approvals = ["UNHCR", "IOM"]\n')
    consent = Consent(
        person="P-014",
        form="f0" * 32,
        scope=("face",),
        channels=("x",),
        until=None,
        guardian=False,
        granted_at=NOW,
        granted_by="luz",
    )

    def asks(wanted: Any) -> Said:
        given = [
            Approval(
                delivery=it.key,
                organisation="UNHCR",
                person="Ana",
                variant=replace(it.variant, text="Otra cosa."),
                due_at=it.due_at,
                at=NOW,
            )
            for it in wanted
        ]
        required = {campaign.slug: campaign.approvals}
        return Said(required=required, approvals=given, consents={"P-014": consent})

    text = plain(shown(campaign, root, asks=asks))
    assert "Falta el de UNHCR ( cambió desde que lo dio ), IOM" in text
    assert "Falta un consentimiento P-014" in text
    assert "is not for" not in text


# Large and hostile.


def test_all_pictures_are_drawn_as_large_as_they_have_room(read: Read, root: Path) -> None:
    campaign = read()
    large = page(campaign, media_root=root, made_at=NOW)
    assert (large.pixels, large.pictures, large.left_out) == (SIZES[0].most, 2, 0)
    bound = len(large.html) // 3
    small = page(campaign, media_root=root, made_at=NOW, most_bytes=bound)
    assert small.pixels < large.pixels
    assert small.left_out == 0
    drawn = re.findall(r"data:image/jpeg;base64,[A-Za-z0-9+/=]+", small.html.decode())
    assert len(drawn) == 6
    assert sum(map(len, drawn)) <= bound


def test_pictures_without_room_are_told_in_words(read: Read, root: Path) -> None:
    made = page(read(), media_root=root, made_at=NOW, most_bytes=1000)
    assert (made.pictures, made.left_out) == (0, 2)
    assert len(made.html) < 100_000
    text = plain(made.html.decode())
    assert "Imagen omitida por su tamaño Un plato teal." in text


def test_nothing_of_a_file_but_its_pixels_is_in_the_page(root: Path, read: Read) -> None:
    exif = Image.Exif()
    exif[0x010E] = "geheim"
    Image.new("RGB", (600, 600), "teal").save(root / "a.jpg", exif=exif, comment=b"geheim")
    campaign = read()
    renditions.make(root, renditions.needed(renditions.variants_of(campaign)), lambda *_: None)
    html = shown(campaign, root)
    for drawn in re.findall(r"base64,([A-Za-z0-9+/=]+)", html):
        assert b"geheim" not in base64.b64decode(drawn)


def test_files_that_cannot_be_shown_are_all_named(read: Read, root: Path) -> None:
    campaign = read()
    for name in ("a.jpg", "b.jpg"):
        (root / name).write_bytes(b"no picture")
    with pytest.raises(InvalidFiles) as told:
        shown(campaign, root)
    assert [Path(it.file).name for it in told.value.problems] == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize("text", ["\n".join(HOSTILE), *HOSTILE[:6]], ids=lambda it: ascii(it)[:20])
def test_no_text_acts_hides_or_turns_around(read: Read, root: Path, text: str) -> None:
    """Whatever a campaign held, were it not refused before: names, texts, words of pictures."""
    campaign = read()
    [post] = campaign.posts
    extras = Extras(
        location=text,
        collaborators=(text,),
        tags=(Tag(user=text),),
        replies=Replies.VERIFIED,
        paid_partnership=True,
    )
    variants = {
        channel: replace(
            variant,
            text=text,
            link=text,
            extras=extras,
            assets=tuple(replace(it, alt=text, credit=text) for it in variant.assets),
        )
        for channel, variant in post.variants.items()
    }
    hostile = replace(
        campaign, name=text, posts=(Post(**{**_fields(post), "goal": text, "variants": variants}),)
    )
    html = shown(hostile, root)
    asked = Asked(html)
    assert {tag for tag, _ in asked.found} == {"img"}
    assert "script" not in asked.tags
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)
    assert not re.search("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", html)


def _fields(post: Post) -> dict[str, Any]:
    names = ("key", "due", "goal", "grace", "variants", "comments", "threads", "dues")
    return {name: getattr(post, name) for name in names}


def test_a_preview_is_known_by_how_it_begins(read: Read, root: Path) -> None:
    made = page(read(), media_root=root, made_at=NOW)
    assert made.html.startswith(MARK)
    assert media.path_of(read().posts[0].variants["x:somoslomismo"].assets[0]) == "a.jpg"
