"""`somos report`: what went out, for people who do not know us, and no person in it."""

import re
import shutil
import sqlite3
import stat
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from somos_social.report import MARK
from somos_social.sandbox import Fault, Sandbox
from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X, a_campaign, just_now

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"
PERSON = "P-014"
CONTACT = "ana.secreta@example.org"


def local(at: datetime) -> str:
    return f"{at.astimezone(UTC) - timedelta(hours=5):%Y-%m-%dT%H:%M:%S}"


@pytest.fixture
def desk(connected: Stage, box: Sandbox) -> Stage:
    """A post that is out, one that may be out, one that was called off, and one still to come."""
    Image.new("RGB", (800, 600), "teal").save(
        connected.folder / "media" / "carmen.jpg", exif=b"Exif\0\0secreto-GPS"
    )
    people = f'people = ["{PERSON}"]\nshows = ["face"]\n'
    connected.write("media/carmen.jpg.toml", f'alt = "Carmen amasa."\ncredit = "© A"\n{people}')
    posts = [
        ("uno", just_now(), f"Uno. {HOSTILE}", 'assets = ["carmen.jpg"]'),
        ("dos", just_now(), "Dos.", f'channels = ["{X}"]'),
        ("tres", FAR, "Tres.", f'channels = ["{X}"]'),
        ("cuatro", FAR + timedelta(days=1), "Cuatro.", f'channels = ["{X}"]'),
    ]
    lines = [
        'name = "Una prueba <b>"',
        'timezone = "America/Panama"',
        f'channels = ["{FACEBOOK}", "{X}"]',
    ]
    for key, due, text, more in posts:
        lines += ["[[post]]", f'key = "{key}"', f"due = {local(due)}", 'goal = "empathy"',
                  f"text = '''{text}'''", more]  # fmt: skip
    lines += ["[[handoff]]", 'key = "ana-reel"', 'influencer = "@ana"', f'contact = "{CONTACT}"',
              f"live_due = {local(FAR)}", 'brief = "Un reel."']  # fmt: skip
    connected.write(f"campaigns/{SLUG}.toml", "\n".join(lines))
    form = connected.write("form.pdf", "%PDF-1.7 firmado")
    granted = connected.somos("consent", "grant", PERSON, "--form", str(form), "--scope", "face",
                              "--channels", "all")  # fmt: skip
    assert granted.code == 0, granted.err
    scheduled = connected.somos("schedule", SLUG)
    assert scheduled.code == 0, scheduled.err
    # Of the two that are due on X, this is the first by name.
    box.faults.add(Fault(match="POST /x/2/tweets", kind="500"))
    connected.somos("run", "--once")
    called_off = connected.somos("queue", "cancel", f"{SLUG}/cuatro", "--reason", f"Por {PERSON}.")
    assert called_off.code == 0, called_off.err
    return connected


def html_of(desk: Stage, *words: str) -> str:
    answer = desk.somos("report", SLUG, "--html", "r.html", "--force", *words)
    assert answer.code == 0, answer.err
    return (desk.folder / "r.html").read_text()


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_the_page_tells_what_went_out_and_what_did_not_in_words(desk: Stage) -> None:
    html = html_of(desk)
    assert html.encode().startswith(MARK)
    said = words_of(html)
    for words in (
        "Publicaciones que salieron",
        "Puede estar publicada: se comprueba antes de repetirla",
        "El equipo de la campaña decidió que no saliera.",
        "El registro está íntegro",
        "empathy",
        "@ana",
    ):
        assert words in said, words
    assert 'href="https://x.com/somoslomismo/status/' in html
    heads = desk.somos("report", SLUG, "--json").json["log"]["heads"]
    assert all(it["hash"] in said for it in heads.values())


def test_the_page_is_whole_without_script_or_network_and_no_text_of_it_acts(desk: Stage) -> None:
    html = html_of(desk)
    assert "Content-Security-Policy" in html
    assert "default-src 'none'" in unescape(html)
    assert not re.search(r"<(script|iframe|object|link|form|img src=x)", html, re.IGNORECASE)
    assert set(re.findall(r'src="(\w+:)', html)) == {"data:"}
    assert "&lt;script&gt;" in html
    assert "Una prueba &lt;b&gt;" in html


def test_no_person_of_the_desk_no_contact_and_nothing_of_a_file_but_its_pixels(desk: Stage) -> None:
    desk.somos("consent", "withdraw", "P-077", "--reason", "nada")
    desk.somos("pause", "--reason", "secreto de la pausa")
    html = html_of(desk, "--pdf", "r.pdf")
    document = desk.somos("report", SLUG, "--json").out
    pdf = "".join(page.extract_text() for page in PdfReader(desk.folder / "r.pdf").pages)
    for text in (html, document, pdf):
        assert PERSON not in text
        assert CONTACT not in text
        assert "secreto" not in text
    [picture] = re.findall(r"base64,([\w+/=]+)", html)
    drawn = Image.open(BytesIO(b64decode(picture)))
    assert max(drawn.size) <= 160
    assert not drawn.getexif()
    assert b"secreto" not in b64decode(picture)


def test_pauses_and_withdrawals_are_numbers(desk: Stage) -> None:
    desk.somos("pause", "--reason", "Duelo.")
    desk.somos("consent", "withdraw", PERSON, "--reason", "Teme.")
    found = desk.somos("report", SLUG, "--json")
    assert (found.json["pauses"], found.json["withdrawals"]) == (1, 1)
    assert "Teme" not in found.out


def test_after_a_withdrawal_nothing_is_left_of_the_post_but_that_it_was_there(desk: Stage) -> None:
    assert "Carmen amasa" in html_of(desk)
    desk.somos("consent", "withdraw", PERSON, "--reason", "Teme.")
    html = html_of(desk)
    assert "Carmen" not in html
    assert "data:image" not in html
    assert "uno" not in re.findall(r'class="name">([^<]*)', html)
    assert "(publicación que ya no se muestra)" in html
    out = [it for it in desk.somos("report", SLUG, "--json").json["deliveries"] if it["out_at"]]
    assert [(it["key"], it["post"], it["url"]) for it in out] == [(None, None, None)] * 2


def test_the_picture_of_a_file_that_was_changed_since_is_not_shown(desk: Stage) -> None:
    made = desk.folder / "media" / ".fitted"
    shutil.rmtree(made)
    assert "data:image" in html_of(desk)
    Image.new("RGB", (800, 600), "red").save(desk.folder / "media" / "carmen.jpg")
    assert "data:image" not in html_of(desk)


def test_the_pdf_has_the_same_facts(desk: Stage) -> None:
    answer = desk.somos("report", SLUG, "--pdf", "r.pdf", "--lang", "en")
    assert answer.code == 0, answer.err
    read = PdfReader(desk.folder / "r.pdf")
    said = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in read.pages))
    for words in (
        "Campaign report",
        "Within a minute of their time",
        "It may be public: that is checked before it is tried again",
        "The record is intact",
        "@ana",
    ):
        assert words in said, words


def test_a_file_that_exists_is_replaced_only_if_asked_for_and_is_its_owners(desk: Stage) -> None:
    own = desk.write("r.html", "Mine.")
    refused = desk.somos("report", SLUG, "--html", "r.html")
    assert (refused.code, own.read_text()) == (2, "Mine.")
    assert desk.somos("report", SLUG, "--html", "r.html", "--force").code == 0
    assert own.read_bytes().startswith(MARK)
    assert desk.somos("report", SLUG, "--html", "n.html").code == 0
    assert stat.S_IMODE((desk.folder / "n.html").stat().st_mode) == 0o600
    assert desk.somos("report", SLUG, "--html", "a", "--pdf", "a").code == 2
    assert desk.somos("report", SLUG).code == 2


def test_the_document_says_where_the_files_are(desk: Stage) -> None:
    answer = desk.somos("report", SLUG, "--html", "r.html", "--json")
    assert answer.json["files"] == {"html": str(desk.folder / "r.html")}
    assert answer.json["counts"] == {
        "published": 2,
        "unconfirmed": 1,
        "scheduled": 1,
        "cancelled": 1,
    }


def test_a_period_is_of_the_promised_times_on_the_campaigns_clock(desk: Stage) -> None:
    def keys(*words: str) -> list[str]:
        found = desk.somos("report", SLUG, "--json", *words).json["deliveries"]
        return sorted({it["post"] for it in found if it["post"]})

    assert keys("--until", "2060-11-30") == ["dos", "uno"]
    assert keys("--since", "2060-12-01", "--until", "2060-12-01") == ["tres"]
    # 14:00 in UTC is 9:00 in Panama.
    assert keys("--since", "2060-12-01T09:01") == ["cuatro"]
    assert keys("--since", "2060-12-01T09:00", "--until", "2060-12-02") == ["cuatro", "tres"]
    assert desk.somos("report", SLUG, "--json", "--since", "mañana").code == 2


def test_several_campaigns_stand_in_one_report(desk: Stage) -> None:
    other = a_campaign({"uno": FAR}).replace("Una prueba", "Otra prueba")
    desk.write("campaigns/otra.toml", other)
    assert desk.somos("schedule", "otra").code == 0
    answer = desk.somos("report", SLUG, "otra", "--json", "--html", "r.html")
    assert [it["campaign"] for it in answer.json["campaigns"]] == [SLUG, "otra"]
    assert {it["campaign"] for it in answer.json["deliveries"]} == {SLUG, "otra"}
    assert "Una prueba &lt;b&gt;, Otra prueba" in (desk.folder / "r.html").read_text()


def test_a_log_that_was_changed_is_told_and_named_nowhere(desk: Stage) -> None:
    with sqlite3.connect(desk.folder / "somos.db") as database:
        database.execute("UPDATE log SET reason = 'otra cosa' WHERE id = 3")
    answer = desk.somos("report", SLUG, "--html", "r.html")
    assert "somos log verify" in answer.err
    assert "NO es lo que se escribió" in (desk.folder / "r.html").read_text()
    assert desk.somos("report", SLUG, "--json").json["log"]["whole"] is False


def test_without_its_file_a_campaign_is_told_without_goals(desk: Stage) -> None:
    (desk.folder / "campaigns" / f"{SLUG}.toml").unlink()
    answer = desk.somos("report", SLUG, "--html", "r.html")
    assert answer.code == 0
    assert "goals" in answer.err
    assert "los objetivos no se conocen" in (desk.folder / "r.html").read_text()
    assert desk.somos("report", "nadie", "--json").code == 2


def test_without_a_campaign_all_that_were_scheduled_are_in_it(desk: Stage) -> None:
    assert desk.somos("report", "--html", "todas.html").code == 0
    assert "Una prueba &lt;b&gt;" in (desk.folder / "todas.html").read_text("utf-8")


def test_where_nothing_was_scheduled_there_is_nothing_to_tell(connected: Stage) -> None:
    answer = connected.somos("report", "--html", "r.html")
    assert answer.code == 2
    assert "Nothing was scheduled yet" in answer.err
    assert not (connected.folder / "r.html").exists()
