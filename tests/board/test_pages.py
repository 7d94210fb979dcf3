"""Calendar, queue, hand-offs, pauses and the log, as people find them there."""

import re
from datetime import timedelta

import pytest

from somos_social.core.model.delivery import Status
from somos_social.core.people import Consent, Pause
from somos_social.flows import pause as pause_flow
from tests.board.conftest import HEAD, POST, SLUG, Desk, Visitor
from tests.samples import FACEBOOK, NOW, X

HANDOFF = """
[[handoff]]
key = "ana-reel"
influencer = "@ana"
contact = "ana@example.org"
draft_due = 2026-12-03
live_due = 2026-12-05T18:00:00
brief = "Un reel desde la panadería."
review = true
"""


def day(page: str, date: str) -> str:
    """What the calendar shows of a day."""
    found = re.search(
        rf'<h2><time datetime="{date}">.*?</li>\s*(?=<li class="day|</ol>)', page, re.S
    )
    assert found, date
    return found[0]


def stands(desk: Desk, post: str = "carmen") -> set[str]:
    return {it.status.value for it in desk.app.store.pages.of_post(SLUG, post)}


# The calendar.


def test_a_post_stands_on_its_day_where_its_campaign_is(desk: Desk) -> None:
    """At 23:30 in Panama it is the next day already in UTC."""
    desk.campaign(POST.replace("2026-12-20T18:30", "2026-12-20T23:30"))
    page = desk.reader().get("/calendar?day=2026-12-01").text
    assert "Diciembre de 2026" in page
    assert "23:30" in day(page, "2026-12-20")
    assert "elvia" not in day(page, "2026-12-21")
    assert "Horas de America/Panama" in page
    assert "x:somoslomismo: espera visto bueno" in day(page, "2026-12-02")


def test_a_phone_shows_the_week_of_the_day_that_was_asked_for(scheduled: Desk) -> None:
    page = scheduled.reader(language="en").get("/calendar?day=2026-12-20").text
    [chosen] = re.findall(r'<li class="week chosen">(.*?)</ol></li>', page, re.S)
    assert re.findall(r'datetime="([^"]+)"', chosen) == [f"2026-12-{it}" for it in range(14, 21)]
    assert "Week of Monday 14 December 2026" in page
    assert 'href="/calendar?day=2026-12-13"' in page
    assert 'href="/calendar?day=2026-12-27"' in page


@pytest.mark.parametrize("asked", ["", "nada", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_what_is_no_day_of_ours_is_today(scheduled: Desk, asked: str) -> None:
    page = scheduled.reader().get("/calendar", params={"day": asked}).text
    assert '<li class="day today' in page
    assert NOW.strftime("%Y-%m-%d") in page


def test_months_at_the_ends_of_the_year_are_whole(scheduled: Desk) -> None:
    luz = scheduled.reader()
    for month, weeks in (("2026-12", 5), ("2027-02", 4), ("2027-05", 6), ("2027-01", 5)):
        page = luz.get(f"/calendar?day={month}-15").text
        days = re.findall(r'<li class="day([^"]*)">\s*<h2><time datetime="([^"]+)"', page)
        assert len(days) == 7 * weeks
        assert next(it for kind, it in days if "other" not in kind) == f"{month}-01"


def test_an_approver_is_told_how_much_waits_for_their_organisation(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    assert "<strong>2</strong> publicaciones esperan" in ana.get("/calendar").text
    ana.say("approve")
    assert "<strong>1</strong> publicación espera" in ana.get("/calendar").text
    ana.say("approve", "elvia")
    assert 'class="notice"' not in ana.get("/calendar").text
    assert 'class="notice"' not in scheduled.reader().get("/calendar").text


# The queue.


def names(page: str) -> list[str]:
    return re.findall(rf'<h2><a href="/post/{SLUG}/([^"]+)"', page)


def test_the_queue_shows_what_is_to_come_and_how_it_stands(scheduled: Desk) -> None:
    page = scheduled.reader().get("/queue").text
    assert names(page) == ["carmen", "elvia"]
    assert "espera visto bueno" in page
    assert "Falta el visto bueno de <bdi>IOM</bdi>, <bdi>UNHCR</bdi>" in page
    assert "Una prueba" in page
    assert "mié 2 dic 2026, 09:00" in page


def test_the_queue_is_filtered_by_state_and_channel(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    ana.say("approve")
    assert names(ana.get("/queue?state=unapproved").text) == ["elvia"]
    assert names(scheduled.reader().get("/queue?state=unapproved").text) == ["carmen", "elvia"]
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET status = 'missed' WHERE post = 'elvia'")
    assert names(ana.get("/queue?state=stuck").text) == ["elvia"]
    assert "perdió su hora" in ana.get("/queue?state=stuck").text
    assert names(ana.get("/queue?state=public").text) == []
    assert "Aquí no hay nada" in ana.get("/queue?state=public").text
    assert names(ana.get(f"/queue?channel={X}&state=all").text) == ["carmen", "elvia"]
    assert names(ana.get("/queue?channel=x:nadie&campaign=nada&state=nada").text) == [
        "carmen",
        "elvia",
    ]


def test_a_long_queue_is_turned_page_by_page(desk: Desk) -> None:
    posts = "".join(
        f'[[post]]\nkey = "p{number:02}"\ndue = 2026-12-{number % 28 + 1:02}T09:00:00\n'
        'text = "Hola."\nchannels = ["x:somoslomismo"]\n'
        for number in range(60)
    )
    desk.campaign(posts)
    luz = desk.reader()
    found = [names(luz.get(f"/queue?page={number}").text) for number in range(4)]
    assert [len(each) for each in found] == [25, 25, 10, 0]
    assert len({it for each in found for it in each}) == 60
    assert "page=1" in luz.get("/queue").text
    assert "page=3" not in luz.get("/queue?page=2").text
    for odd in ("x", "-1", "²", "9" * 30):
        assert luz.get("/queue", params={"page": odd}).status_code == 200
    unapproved = [names(luz.get(f"/queue?state=unapproved&page={it}").text) for it in range(3)]
    assert [len(each) for each in unapproved] == [25, 25, 10]


# Hand-offs.


def test_handoffs_are_shown_with_their_days_and_never_with_how_to_reach_someone(
    desk: Desk,
) -> None:
    desk.campaign(POST + HANDOFF)
    page = desk.reader().get("/handoffs").text
    assert "<bdi>@ana</bdi>" in page
    assert "Un reel desde la panadería." in page
    assert "sáb 5 dic 2026, 18:00" in page
    assert "ana@example.org" not in page
    assert "con retraso" not in page
    desk.clock.advance(timedelta(days=5))
    assert "con retraso" in desk.visitor("IOM:Eva").get("/handoffs").text


# Pauses.


def pauses(desk: Desk) -> list[tuple[str, str, str]]:
    return [(it.of, it.reason, it.by) for it in desk.app.store.pauses.in_force()]


@pytest.mark.parametrize(
    ("of", "what"),
    [
        ("everything", "everything"),
        (f"channel {X}", X),
        (f"campaign {SLUG}", f"the campaign {SLUG}"),
    ],
)
def test_an_approver_pauses_and_lets_go_on(scheduled: Desk, of: str, what: str) -> None:
    ana = scheduled.visitor()
    answer = ana.post("/pauses", of=of, reason="Un accidente.")
    assert "En pausa. Desde ahora no sale." in answer.text
    assert pauses(scheduled) == [(what, "Un accidente.", "UNHCR:Ana")]
    assert "Un accidente." in scheduled.reader().get("/pauses").text
    ana.say("approve")
    scheduled.visitor("IOM:Eva").say("approve")
    assert "en pausa" in ana.get("/queue").text
    number = scheduled.app.store.pauses.in_force()[0].number
    scheduled.clock.advance(timedelta(days=2))
    answer = scheduled.visitor().post(f"/pauses/{number}/resume")
    assert "Reanudado." in answer.text
    assert "quedaron perdidas" in answer.text
    assert pauses(scheduled) == []
    assert Status.MISSED.value in stands(scheduled)
    assert scheduled.events[-1][2] == "UNHCR:Ana"
    assert scheduled.app.store.broken_links() == []


def test_a_reader_sees_pauses_and_cannot_change_them(scheduled: Desk) -> None:
    pause_flow.pause(scheduled.app, Pause(reason="Duelo.", since=NOW, channel=FACEBOOK))
    luz = scheduled.reader()
    page = luz.get("/pauses").text
    assert "Duelo." in page
    assert "Reanudar" not in page
    assert "<textarea" not in page
    assert 'name="reason"' not in page
    form = {"token": luz.token("/queue"), "of": "everything", "reason": "x"}
    assert luz.http.post("/pauses", data=form).status_code == 403
    assert luz.http.post("/pauses/1/resume", data=form).status_code == 403
    assert len(pauses(scheduled)) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"of": "everything", "reason": "  "},
        {"of": "everything", "reason": "x" * 301},
        {"of": "everything", "reason": "x\x1b[2J"},
        {"of": "nothing", "reason": "x"},
        {"of": "channel x:nadie", "reason": "x"},
        {"of": "campaign nada", "reason": "x"},
        {"reason": "x"},
    ],
)
def test_a_pause_says_what_and_why(scheduled: Desk, form: dict[str, str]) -> None:
    answer = scheduled.visitor().post("/pauses", **form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert pauses(scheduled) == []


def test_what_protects_a_person_and_a_blackout_do_not_end_here(desk: Desk) -> None:
    blackout = (
        '[[blackout]]\nfrom = 2026-12-01T00:00:00\nto = 2026-12-03T00:00:00\nreason = "Duelo"\n'
    )
    desk.campaign(POST + blackout)
    pause_flow.pause(desk.app, Pause(reason="Su familia teme.", since=NOW, person="P-014"))
    ana = desk.visitor()
    page = ana.get("/pauses").text
    assert "Silencio previsto" in page
    assert "Lo que muestra a <bdi>P-014</bdi>" in page
    assert "Su familia teme" not in page
    assert "Reanudar" not in page
    for number in (1, 2):
        assert ana.post(f"/pauses/{number}/resume").status_code == 403
    assert ana.post("/pauses/99/resume").status_code == 404
    assert len(pauses(desk)) == 2


# The log.


def test_the_log_shows_the_newest_first_and_is_filtered(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    ana.say("approve", "elvia")

    def rows(query: str = "") -> list[str]:
        page = ana.get(f"/log{query}").text
        return re.findall(r"<tr><td class=\"quiet\">.*?<td><bdi>([^<]+)</bdi>", page)

    assert rows()[0].startswith("approval/UNHCR/prueba/elvia@")
    assert all("carmen" in row for row in rows("?post=carmen"))
    assert all(row.endswith(X) or f"{X}#" in row for row in rows(f"?channel={X}"))
    assert all(
        row.startswith(("approval/", "requirement/")) for row in rows("?channel=desk:approvals")
    )
    assert rows("?since=2026-12-01") == rows()
    assert rows("?since=2026-12-02") == []
    assert rows("?since=nada&channel=nada&before=nada") == rows()
    assert rows("?channel=desk:consents") == rows()
    assert rows("?post=%25") == []


def test_a_long_log_is_turned_back_without_a_gap(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    for _ in range(20):
        scheduled.approve("UNHCR:Ana", scheduled.app.store.pages.of_post(SLUG, "carmen"))
    every = [it["id"] for it in scheduled.app.store.log()]
    seen, path = 0, "/log"
    while True:
        page = ana.get(path).text
        seen += page.count('<tr><td class="quiet">')
        older = re.search(r'href="(/log\?before=[^"]+)"', page)
        if older is None:
            break
        path = older[1].replace("&amp;", "&")
    assert seen == len(every) > 100


def test_the_chain_is_verified_by_a_button_with_and_without_a_script(scheduled: Desk) -> None:
    luz = scheduled.reader()
    whole = luz.post("/log/verify", on="/log")
    assert "El registro está íntegro: " in whole.text
    assert "<html" in whole.text
    form = {"token": luz.token("/log")}
    part = luz.http.post("/log/verify", data=form, headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert part.text.strip().startswith('<div id="verified" role="status">')
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql("UPDATE log SET actor = 'nadie' WHERE id = 2")
    broken = luz.post("/log/verify", on="/log")
    assert "no es lo que se escribió" in broken.text
    assert "entry 2" in broken.text


# What is private stays so.


def _withdrawn(desk: Desk) -> None:
    """Someone who is seen had consented to some of it, and has taken that back, and said why."""
    sidecar = desk.app.media_root / "carmen.jpg.toml"
    sidecar.write_text(
        'alt = "Carmen."\npeople = ["P-014"]\nminors = ["P-014"]\nshows = ["voice"]\n'
    )
    desk.campaign()
    store = desk.app.store
    consent = Consent(
        person="P-014",
        form="f0" * 32,
        scope=("face",),
        channels=("influencers",),
        until=NOW + timedelta(days=900),
        guardian=True,
        granted_at=NOW,
        granted_by="luz",
    )
    store.consents.grant(consent)
    store.consents.withdraw(consent, reason="Teme por su hermana.", now=NOW, actor="luz")
    store.requests.open(
        f"{SLUG}/carmen@{X}",
        person="P-014",
        url=None,
        reason="P-014 has withdrawn consent: Teme por su hermana.",
        now=NOW,
        actor="luz",
    )
    why = "P-014 has withdrawn consent: Teme por su hermana."
    with store._write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET reason = ?", (why,))
        connection.exec_driver_sql("UPDATE log SET reason = ? WHERE id = 3", (why,))


@pytest.mark.parametrize("language", ["es", "en"])
def test_of_those_who_are_seen_no_page_tells_more_than_what_stands_for_them(
    desk: Desk, language: str
) -> None:
    _withdrawn(desk)
    ana = desk.visitor(language=language)
    ana.http.headers["accept-language"] = language
    for path in ("/calendar?day=2026-12-02", "/queue", "/queue?state=all", f"/post/{SLUG}/carmen",
                 f"/post/{SLUG}/carmen/state", "/log", "/pauses", "/handoffs"):  # fmt: skip
        page = ana.get(path).text
        for private in ("hermana", "Teme", "f0f0f0", "guardian", "withdrawn", "2029", "voice"):
            assert private not in page, (path, private)
    page = ana.get(f"/post/{SLUG}/carmen").text
    assert re.search(r"(Falta el consentimiento|Missing is the consent) (de|of)|consent of", page)
    assert "<bdi>P-014</bdi>" in page
    withheld = {"es": "aquí no se muestra", "en": "not shown here"}[language]
    assert withheld in ana.get("/log").text


def test_no_page_holds_a_secret(scheduled: Desk) -> None:
    link, ana = scheduled.link("IOM:Eva"), scheduled.visitor()
    kept = ana.http.cookies["somos_board"]
    for path in ("/calendar", "/queue", f"/post/{SLUG}/carmen", "/log", "/pauses", "/handoffs"):
        page = ana.get(path).text
        for secret in (scheduled.board.door.key, kept, link.rpartition("/")[2]):
            assert secret not in page


def test_two_campaigns_on_two_clocks_each_show_their_own(desk: Desk) -> None:
    desk.campaign()
    other = HEAD.replace("America/Panama", "America/Santiago").replace("Una prueba", "Chile")
    file = desk.folder / "chile.toml"
    file.write_text(other + POST)
    from somos_social.core.campaign import deliveries
    from somos_social.files import read_campaign
    from tests.samples import POLICY

    read = read_campaign(file, media_root=desk.app.media_root)
    desk.app.store.schedule(
        list(deliveries(read, POLICY)), (), (), now=NOW, actor="luz", asking=[read]
    )
    luz = desk.reader()
    page = luz.get("/calendar?day=2026-12-02").text
    assert day(page, "2026-12-02").count("09:00") == 2
    assert "Horas locales de cada campaña" in page
    only = luz.get("/calendar?day=2026-12-02&campaign=chile").text
    assert day(only, "2026-12-02").count("09:00") == 1
    assert "Horas de America/Santiago" in only


def test_what_was_scheduled_before_clocks_were_noted_is_shown_in_utc(scheduled: Desk) -> None:
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql("DELETE FROM campaigns")
    luz: Visitor = scheduled.reader()
    assert "mié 2 dic 2026, 14:00" in luz.get("/queue").text
    assert luz.get(f"/post/{SLUG}/carmen").status_code == 200
