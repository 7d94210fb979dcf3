"""Nothing is written but by a form of ours; and no answer may be framed, guessed at or kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from starlette.routing import Route

from somos_social.board import Board, application
from tests.board.conftest import ORIGIN, Desk, Visitor, behind_tls

POSTS = [
    "/leave",
    "/post/prueba/carmen/approve",
    "/post/prueba/carmen/changes",
    "/handoffs/prueba/ana-reel/kit.zip",
    "/log/verify",
    "/pauses",
    "/pauses/1/resume",
]
FIELDS: Mapping[str, Any] = {"reason": "x", "of": "everything", "comment": "x"}


def test_these_are_all_the_ways_to_write(desk: Desk) -> None:
    found = [
        route.path.replace("{campaign}", "prueba")
        .replace("{post}", "carmen")
        .replace("{key}", "ana-reel")
        for route in application(desk.board).routes
        if isinstance(route, Route) and "POST" in (route.methods or ())
    ]
    assert [it.replace("{number:int}", "1") for it in found] == ["/enter/{link}", *POSTS]


def test_what_is_sent_without_the_token_of_this_visit_is_refused(scheduled: Desk) -> None:
    ana, eva = scheduled.visitor(), scheduled.visitor("IOM:Eva")
    before = scheduled.events
    for token in ({}, {"token": ""}, {"token": "x"}, {"token": eva.token("/pauses")}):
        for path in POSTS:
            answer = ana.http.post(path, data={**FIELDS, **token})
            assert answer.status_code == 403
            assert "no venía de esta página" in answer.text
    assert scheduled.events == before
    assert ana.get("/queue").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_is_sent_from_another_site_is_refused_even_with_the_token(
    scheduled: Desk, headers: dict[str, str]
) -> None:
    ana = scheduled.visitor()
    before = scheduled.events
    form = {**FIELDS, "token": ana.token("/pauses")}
    for path in POSTS:
        assert ana.http.post(path, data=form, headers=headers).status_code == 403
    assert scheduled.events == before


def test_through_the_proxy_its_own_address_is_where_forms_come_from(scheduled: Desk) -> None:
    public = "https://tablero.example.org"
    ana = Visitor(behind_tls(scheduled), origin=public)
    assert ana.enter(scheduled.link()).status_code == 200
    form = {"token": ana.token("/pauses")}
    good = ana.http.post("/log/verify", data=form, headers={"origin": public})
    assert good.status_code == 200
    bad = ana.http.post("/log/verify", data=form, headers={"origin": "https://example.org"})
    assert bad.status_code == 403


def test_every_answer_forbids_what_is_not_ours(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    paths = ["/calendar", "/nada", "/post/prueba/nada", "/static/board.css", "/static/nada",
             "/static/htmx-2.0.11.min.js", "/static/looks/looks.css", "/enter/x"]  # fmt: skip
    answers = [ana.get(path) for path in paths] + [ana.http.post("/log/verify"),
                                                   ana.http.put("/queue")]  # fmt: skip
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers
    assert ana.get("/queue").headers["cache-control"] == "no-store"
    secure = Visitor(behind_tls(scheduled), origin="https://tablero.example.org").get("/nada")
    assert secure.headers["strict-transport-security"].startswith("max-age=")


def test_no_page_holds_a_script_or_a_style_of_its_own(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    for path in ("/calendar", "/queue", "/post/prueba/carmen", "/log", "/pauses", "/handoffs"):
        page = ana.get(path).text
        assert page.count("<script") == 1
        assert ' src="/static/htmx-' in page
        for inline in (
            "<style",
            " style=",
            " onclick=",
            " hx-on",
            "javascript:",
            "//cdn",
            "http://",
        ):
            assert inline not in page.replace("http://www.w3.org", ""), (path, inline)


@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:8765", "", "127.0.0.1.evil.example"]
)
def test_another_name_that_leads_here_opens_nothing(scheduled: Desk, name: str) -> None:
    """A site whose name suddenly means this machine could else read what its own pages may not."""
    answer = scheduled.visitor().get("/queue", headers={"host": name})
    assert answer.status_code == 400
    assert "carmen" not in answer.text


@pytest.mark.parametrize("name", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765"])
def test_the_names_of_this_machine_are_ours(scheduled: Desk, name: str) -> None:
    assert scheduled.visitor().get("/queue", headers={"host": name}).status_code == 200


def test_a_board_that_answers_on_all_addresses_goes_by_any_name(scheduled: Desk) -> None:
    board = Board(scheduled.app, scheduled.board.door, host="0.0.0.0")  # noqa: S104 - nothing listens
    assert Visitor(board, origin="http://tablero.local:8765").get("/queue").status_code == 401


def test_links_cannot_be_tried_without_end(scheduled: Desk) -> None:
    stranger = Visitor(scheduled.board)
    codes = [stranger.get(f"/enter/{number}").status_code for number in range(25)]
    assert codes[:20] == [410] * 20
    assert codes[20:] == [429] * 5
    late = stranger.get(scheduled.link())
    assert late.status_code == 429
    assert late.headers["retry-after"] == "60"


def test_strangers_and_those_who_write_too_much_are_told_to_wait(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    token = ana.token("/pauses")
    codes = [ana.http.post("/log/verify", data={"token": token}).status_code for _ in range(62)]
    assert codes.count(429) >= 1
    assert codes[-1] == 429
    assert ana.get("/queue").status_code == 200
    stranger = Visitor(scheduled.board)
    codes = [stranger.get("/queue").status_code for _ in range(125)]
    assert set(codes) == {401, 429}
    assert ana.get("/queue").status_code == 200


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"token=" + b"x" * 300_000, {"content-type": "application/x-www-form-urlencoded"}, 413),
        (b"{}", {"content-type": "application/json"}, 400),
        (b"", {"content-type": "multipart/form-data; boundary=x"}, 400),
        (b"\xff\xfe=%zz&&;=", {"content-type": "application/x-www-form-urlencoded"}, 403),
    ],
)
def test_what_is_no_form_of_ours_is_not_read(
    scheduled: Desk, content: bytes, headers: dict[str, str], status: int
) -> None:
    ana = scheduled.visitor()
    answer = ana.http.post("/pauses", content=content, headers={**headers, "origin": ORIGIN})
    assert answer.status_code == status
    assert "No se pudo" in answer.text


def test_a_form_without_a_length_is_not_waited_for(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = ana.http.post("/pauses", content=iter([b"token=x"]), headers=kind)
    assert answer.status_code == 400


# What goes wrong.


def test_a_database_that_fails_is_told_in_a_sentence(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql("DROP TABLE handoffs")
    answer = ana.get("/handoffs")
    assert answer.status_code == 503
    assert "La base de datos no responde" in answer.text
    _nothing_of_the_inside(answer.text)


def test_a_failure_that_nobody_expected_is_told_in_a_sentence_too(
    scheduled: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_clock() -> datetime:
        raise RuntimeError("geheim")

    link = scheduled.link()
    board = Board(replace(scheduled.app, now=broken_clock), scheduled.board.door)
    answer = Visitor(board).get(link)
    assert answer.status_code == 500
    assert "Algo falló de nuestro lado" in answer.text
    _nothing_of_the_inside(answer.text)
    assert "could not answer" in caplog.text


@pytest.mark.parametrize(("method", "path"), [("PUT", "/queue"), ("GET", "/log/verify")])
def test_what_cannot_be_asked_like_that_is_a_page_too(
    scheduled: Desk, method: str, path: str
) -> None:
    answer = scheduled.visitor(language="en").http.request(method, path)
    assert answer.status_code == 405
    assert "cannot be asked for in this way" in answer.text


def _nothing_of_the_inside(page: str) -> None:
    for word in ("Traceback", "sqlite", "geheim", "RuntimeError", "no such table", ".py"):
        assert word not in page
