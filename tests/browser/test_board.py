"""The board in a real browser: people approve, edits void that, and no text acts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from somos_social.core.delivery import decide
from somos_social.core.events import Amended
from somos_social.core.guests import Role
from somos_social.core.model.post import Variant
from somos_social.flows import invitations
from tests.browser.conftest import House
from tests.fuzz.cases import HOSTILE
from tests.samples import FACEBOOK, INSTAGRAM, POLICY, X

pytestmark = pytest.mark.xdist_group("browser")

SLUG = "prueba"
POST = f"/post/{SLUG}/carmen"
TEXT = "Carmen llegó con una receta."
HOSTILE_TEXT = (
    "<script>alert('x')</script><img src=x onerror=alert(1)> \"><svg onload=alert(2)> {{7*7}} "
    "<a href='javascript:alert(3)'>clic</a> https://evil.example/x.js"
)


def campaign(
    house: House,
    *,
    text: str = TEXT,
    handoff: bool = False,
    channels: Sequence[str] = (FACEBOOK, INSTAGRAM, X),
) -> None:
    """A post that is due and one of tomorrow, and a yes of both that is needed."""
    zone = ZoneInfo("America/Panama")
    due = datetime.now(zone) - timedelta(minutes=1)
    asked = f"""
[[handoff]]
key = "ana-reel"
influencer = "@ana"
contact = "ana@example.org"
live_due = {due + timedelta(days=3):%Y-%m-%dT%H:%M:00}
brief = "Un reel."
"""
    house.stage.write(
        f"campaigns/{SLUG}.toml",
        f"""
name = "Una prueba"
hashtag = "#SomosLoMismo"
timezone = "America/Panama"
channels = {list(channels)}
approvals = ["UNHCR", "IOM"]
[[post]]
key = "carmen"
due = {due:%Y-%m-%dT%H:%M:%S}
text = '''{text}'''
assets = ["carmen.jpg"]
first_comment = "¿Cuál es la tuya?"
[[post]]
key = "elvia"
due = {due + timedelta(days=1):%Y-%m-%dT%H:%M:%S}
text = "Elvia pone el café."
assets = ["carmen.jpg", "carmen.jpg"]
{asked if handoff else ""}""",
    )
    scheduled = house.stage.somos("schedule", SLUG)
    assert scheduled.code == 0, scheduled.err


def public(house: House) -> set[str]:
    return {post.text for post in house.box.posts()}


def test_what_both_approve_in_the_browser_goes_out_and_what_is_edited_needs_them_again(
    house: House,
) -> None:
    both = (FACEBOOK, X)
    campaign(house, channels=both)
    ana, eva = house.visitor(), house.visitor("IOM:Eva")
    for page in (ana, eva):
        house.look(page, POST)
        page.get_by_role("button", name="Dar el visto bueno").click()
        expect(page.get_by_role("status").first).to_contain_text("Su visto bueno quedó registrado")
    # Edited after both said yes: nothing goes out, and both texts stand side by side.
    campaign(house, text="Carmen llegó con dos recetas.", channels=both)
    assert house.stage.somos("run", "--once").code == 0
    assert public(house) == set()
    ana.reload()
    expect(ana.locator("main")).to_contain_text("Falta el visto bueno de IOM (cambió después)")
    expect(ana.locator(".beside").first).to_contain_text(TEXT)
    expect(ana.locator("ins").first).to_contain_text("dos recetas.")
    for page in (ana, eva):
        house.look(page, POST)
        page.get_by_role("button", name="Dar el visto bueno").click()
        expect(page.get_by_role("status").first).to_contain_text("Su visto bueno quedó registrado")
    assert house.stage.somos("run", "--once").code == 0
    assert "Carmen llegó con dos recetas.\n\n#SomosLoMismo" in public(house)
    assert len([it for it in house.box.posts() if it.parent_id is None]) == 2
    ana.reload()
    expect(ana.locator("#state .badge.published")).to_have_count(2)
    expect(ana.get_by_role("link", name=f"Verla publicada en {X}").first).to_be_visible()
    assert house.stage.somos("log", "verify").code == 0
    assert house.complaints == []


def test_a_wish_for_changes_is_written_and_read_and_keeps_it_back(house: House) -> None:
    campaign(house)
    ana, eva = house.visitor(), house.visitor("IOM:Eva", language="en")
    house.look(ana, POST)
    house.look(eva, POST)
    eva.get_by_text("Ask for changes", exact=True).first.click()
    eva.get_by_label("What should change").fill("Elvia's name is missing.")
    eva.get_by_role("button", name="Ask for changes").click()
    expect(eva.get_by_role("status").first).to_contain_text("Your request was recorded")
    ana.reload()
    expect(ana.locator(".wish")).to_contain_text("Elvia's name is missing.")
    assert house.complaints == []


def test_a_reader_is_offered_no_button(house: House) -> None:
    campaign(house)
    luz = house.visitor("UNHCR:Luz", Role.READER)
    house.look(luz, POST)
    expect(luz.locator(".look.facebook")).to_contain_text(TEXT)
    expect(luz.get_by_role("button")).to_have_count(1)
    expect(luz.locator("#speak")).to_have_count(0)
    house.look(luz, "/pauses")
    expect(luz.get_by_role("button")).to_have_count(1)
    assert house.complaints == []


def test_a_link_that_was_used_or_has_expired_is_told_and_opens_nothing(house: House) -> None:
    campaign(house)
    link = house.link("UNHCR:Ana")
    first, second = house.page(), house.page()
    for page in (first, second):
        page.goto(link)
    first.get_by_role("button", name="Entrar como").click()
    first.wait_for_url("**/calendar")
    second.get_by_role("button", name="Entrar como").click()
    expect(second.locator("main")).to_contain_text("ya se usó")
    house.look(second, "/queue")
    expect(second.locator("main")).to_contain_text("necesita su enlace personal")
    week = timedelta(days=7)
    then = replace(house.app, now=lambda: house.app.now() - week - week)
    _, late = invitations.invite(then, house.board.door, "IOM:Eva", Role.READER, week)
    house.look(second, f"/enter/{late}")
    expect(second.locator("main")).to_contain_text("Este enlace venció")
    assert house.outside == []


def test_no_caption_acts_in_a_browser(house: House) -> None:
    campaign(house, text=HOSTILE_TEXT)
    [delivery, *_] = house.app.store.pages.of_post(SLUG, "elvia")
    hostile = Variant(text="\n".join(HOSTILE), assets=delivery.variant.assets)
    move = decide(
        delivery, Amended(hostile, delivery.due_at, delivery.grace), house.app.now(), POLICY
    )
    house.app.store.schedule((), [move], (), now=house.app.now(), actor="luz")
    ana = house.visitor()
    for path in (POST, f"/post/{SLUG}/elvia", "/queue", "/log", "/calendar"):
        house.look(ana, path)
        assert ana.locator("script").count() == 1
        assert ana.evaluate("document.querySelectorAll('[onerror],[onload],[style]').length") == 0
        assert ana.evaluate("document.querySelectorAll('a[href^=javascript]').length") == 0
        shown = ana.inner_text("body")
        assert not set("\u202e\u2066\x1b\x07\u200b") & set(shown)
    house.look(ana, POST)
    expect(ana.locator(".look.facebook")).to_contain_text("<script>alert('x')</script>")
    house.look(ana, f"/post/{SLUG}/elvia")
    expect(ana.locator(".look.facebook")).to_contain_text("[U+202E]gpj.exe")
    assert house.complaints == []
    assert house.outside == []


PATHS = ["/calendar", "/queue", POST, f"/post/{SLUG}/elvia", "/handoffs", "/log", "/pauses"]


def _busy(house: House) -> None:
    """Every part of every page has something to show."""
    campaign(house, handoff=True)
    ana = house.visitor()
    house.look(ana, POST)
    ana.get_by_role("button", name="Dar el visto bueno").click()
    expect(ana.get_by_role("status").first).to_be_visible()
    house.look(ana, "/pauses")
    ana.get_by_label("Motivo").fill("Un accidente en la frontera.")
    ana.get_by_role("button", name="Poner en pausa").click()
    expect(ana.get_by_role("status").first).to_contain_text("En pausa")
    campaign(house, text="Carmen llegó con " + "muchas " * 30 + "recetas.", handoff=True)


@pytest.mark.parametrize(("language", "width"), [("es", 360), ("en", 1280)])
def test_every_page_can_be_used_by_everybody_and_fits_on_a_phone(
    house: House, language: str, width: int
) -> None:
    _busy(house)
    eva = house.page(language=language, width=width, height=740)
    eva.goto(house.link("IOM:Eva"))
    _fine(house, eva, "the door")
    eva.locator("button.main").click()
    eva.wait_for_url("**/calendar")
    for path in [*PATHS, "/queue?state=over"]:
        house.look(eva, path)
        assert eva.locator("html").get_attribute("lang") == language
        _fine(house, eva, path)
    house.look(eva, POST)
    eva.locator(".wants summary").click()
    eva.locator("button[formaction]").click()
    expect(eva.get_by_role("alert")).to_be_visible()
    _fine(house, eva, "a comment without words")
    assert house.outside == []
    assert [it for it in house.complaints if "400" not in it] == []
    house.look(eva, "/nada")
    _fine(house, eva, "/nada")


def _fine(house: House, page: object, where: str) -> None:
    from playwright.sync_api import Page

    assert isinstance(page, Page)
    assert house.accessible(page) == "", where
    needed = page.evaluate("document.documentElement.scrollWidth")
    assert needed <= page.evaluate("window.innerWidth"), where


def test_the_log_is_verified_and_filtered_without_leaving_the_page(house: House) -> None:
    campaign(house)
    luz = house.visitor("UNHCR:Luz", Role.READER)
    house.look(luz, "/log")
    luz.evaluate("window.still = true")
    luz.get_by_role("button", name="Comprobar el registro").click()
    expect(luz.locator("#verified")).to_contain_text("El registro está íntegro")
    luz.get_by_label("Canal").select_option("desk:approvers")
    expect(luz.locator("#found tbody tr")).to_have_count(2)
    assert "channel=desk%3Aapprovers" in luz.url
    house_still = luz.evaluate("window.still")
    assert house_still is True
    house.look(luz, "/queue")
    luz.get_by_label("Estado").select_option("stuck")
    expect(luz.locator("#found")).to_contain_text("Aquí no hay nada")
    assert house.complaints == []


def test_a_preview_opened_as_a_file_shows_its_pictures_and_changes_its_language(
    house: House,
) -> None:
    campaign(house)
    assert house.stage.somos("preview", SLUG, "--out", "p.html").code == 0
    page = house.page(width=360)
    page.context.unroute_all()
    page.goto((house.stage.folder / "p.html").as_uri())
    pictures = "[...document.images].filter(it => it.complete && it.naturalWidth > 0).length"
    assert page.evaluate(pictures) == page.locator("img").count() > 0
    expect(page.get_by_text("Así se verá cada publicación")).to_be_visible()
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_text("This is how each post will look")).to_be_visible()
    expect(page.get_by_text("Así se verá cada publicación")).to_be_hidden()
    assert house.accessible(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert house.complaints == []
