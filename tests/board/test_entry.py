"""Whoever has a personal link comes in once, stays for a while, and is out when told to."""

from datetime import timedelta

import pytest
from starlette.routing import Route

from somos_social.board import application
from somos_social.core.guests import Role
from somos_social.flows import invitations
from tests.board.conftest import Desk, Visitor, behind_tls

PAGES = ["/", "/calendar", "/queue", "/handoffs", "/log", "/pauses", "/post/prueba/carmen"]


def test_who_has_not_come_in_sees_nothing(scheduled: Desk) -> None:
    stranger = Visitor(scheduled.board)
    for path in [*PAGES, "/post/prueba/carmen/state", "/media/prueba/carmen/x"]:
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert "enlace personal" in answer.text
        assert "carmen" not in answer.text.lower()


def test_every_page_but_the_door_asks_who_is_there(scheduled: Desk) -> None:
    """So that a page that is added one day is not left open."""
    visitor = Visitor(scheduled.board)
    for route in application(scheduled.board).routes:
        if not isinstance(route, Route) or route.path.startswith(("/enter", "/language")):
            continue
        path = route.path.replace("{number:int}", "1").replace("{", "").replace("}", "")
        for method in (route.methods or set()) - {"HEAD"}:
            form = {"token": "x"} if method == "POST" else None
            answer = visitor.http.request(method, path, data=form)
            assert answer.status_code == 401, (method, path)


def test_a_link_that_a_mail_program_opens_first_still_lets_its_owner_in(scheduled: Desk) -> None:
    link = scheduled.link()
    for _ in range(3):
        looked = Visitor(scheduled.board).get(link)
        assert looked.status_code == 200
        assert "Ana" in looked.text
    ana = Visitor(scheduled.board)
    assert "Calendario" in ana.enter(link).text
    assert all(ana.get(page).status_code == 200 for page in PAGES)


def test_a_used_link_opens_nothing_and_says_so(scheduled: Desk) -> None:
    link = scheduled.link()
    first, second = Visitor(scheduled.board), Visitor(scheduled.board, language="en")
    form = {"token": second.token(link)}
    first.enter(link)
    answer = second.http.post(link, data=form)
    assert answer.status_code == 410
    assert "was used already" in answer.text
    assert second.get("/queue").status_code == 401
    assert "ya se usó" in Visitor(scheduled.board).get(link).text


def test_an_expired_link_and_one_that_is_none_of_ours_are_told_apart(scheduled: Desk) -> None:
    link = scheduled.link()
    scheduled.clock.advance(timedelta(days=7))
    expired = Visitor(scheduled.board).get(link)
    assert (expired.status_code, "venció" in expired.text) == (410, True)
    forged = Visitor(scheduled.board).get(f"{link}x")
    assert (forged.status_code, "no es válido" in forged.text) == (410, True)


def test_what_the_browser_keeps_is_for_this_site_alone_and_for_no_script(scheduled: Desk) -> None:
    visitor = Visitor(scheduled.board)
    visitor.http.follow_redirects = False
    answer = visitor.enter(scheduled.link())
    [kept] = [it for it in answer.headers.get_list("set-cookie") if it.startswith("somos_board=")]
    words = kept.lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/", "max-age=604800"} <= set(words)
    assert "secure" not in words


def test_by_tls_no_other_site_can_set_it_and_it_never_goes_out_in_clear(scheduled: Desk) -> None:
    board = behind_tls(scheduled)
    visitor = Visitor(board, origin="https://tablero.example.org")
    visitor.http.follow_redirects = False
    answer = visitor.enter(scheduled.link())
    [kept] = [
        it
        for it in answer.headers.get_list("set-cookie")
        if it.startswith("__Host-") and "max-age=604800" in it.lower()
    ]
    assert "secure" in kept.lower().split("; ")
    assert "domain" not in kept.lower()
    assert visitor.get("/queue").status_code == 200


def test_whoever_is_revoked_is_out_with_the_next_click(scheduled: Desk) -> None:
    ana, link = scheduled.visitor(), scheduled.link("IOM:Eva")
    invitations.revoke(scheduled.app, "UNHCR:Ana")
    invitations.revoke(scheduled.app, "IOM:Eva")
    assert ana.get("/queue").status_code == 401
    assert Visitor(scheduled.board).get(link).status_code == 410


def test_a_visit_ends_when_nothing_is_done_for_long_and_a_page_left_open_does_nothing(
    scheduled: Desk,
) -> None:
    ana = scheduled.visitor()
    idle = scheduled.board.door.stay.idle
    for _ in range(3):
        scheduled.clock.advance(idle / 3)
        assert ana.get("/post/prueba/carmen/state").status_code in (200, 401)
    assert ana.get("/queue").status_code == 401


def test_whoever_leaves_needs_another_link(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    kept = dict(ana.http.cookies)
    assert "Ha salido" in ana.post("/leave").text
    assert ana.get("/queue").status_code == 401
    ana.http.cookies.update(kept)
    assert ana.get("/queue").status_code == 401


def test_nobody_can_be_led_in_as_somebody_else(scheduled: Desk) -> None:
    """Another site that sends the form of its own link would have Ana work as Eva."""
    link, ana = scheduled.link("IOM:Eva"), scheduled.visitor()
    token = Visitor(scheduled.board).token(link)
    assert ana.http.post(link, data={"token": token}).status_code == 403
    assert ana.http.post(link, data={"token": ""}).status_code == 403
    assert "Ana" in ana.get("/queue").text
    assert Visitor(scheduled.board).get(link).status_code == 200


def test_a_reader_becomes_an_approver_without_another_visit(scheduled: Desk) -> None:
    luz = scheduled.reader()
    assert "lectura" in luz.get("/queue").text
    scheduled.link("UNHCR:Luz", Role.APPROVER)
    assert "da el visto bueno" in luz.get("/queue").text


# Languages.


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        ("es-PA,es;q=0.9", "Cola"),
        ("en-GB,en;q=0.9,es;q=0.8", "Queue"),
        ("fr,es;q=0.5,en;q=0.7", "Queue"),
        ("fr", "Cola"),
        ("en;q=0", "Cola"),
        (";q=x,,," * 50, "Cola"),
    ],
)
def test_the_language_is_the_first_of_ours_that_the_browser_asks_for(
    scheduled: Desk, wanted: str, word: str
) -> None:
    ana = scheduled.visitor(language=wanted)
    assert f"<h1>{word}</h1>" in ana.get("/queue").text


def test_a_language_that_was_chosen_stays(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    answer = ana.get("/language/en?to=/queue")
    assert (answer.url.path, "<h1>Queue</h1>" in answer.text) == ("/queue", True)
    assert '<html lang="en">' in ana.get("/pauses").text
    assert ana.get("/language/fr").status_code == 404


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example",
    "\\\\evil",
    "javascript:x",
    "/\t/evil.example",
    "",
    "evil",
    "/%0d%0aset-cookie: x",
)


def test_the_choice_of_a_language_leads_to_no_other_site(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    ana.http.follow_redirects = False
    for to in ELSEWHERE:
        answer = ana.get("/language/en", params={"to": to})
        assert answer.status_code == 303
        where = answer.headers["location"]
        assert where == "/" or (where.startswith("/") and "evil" not in where), to
        assert "\n" not in where
