"""What others have posted is looked at as it is: by X's API, or as anybody sees a page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from somos_social.core.disclosure import names
from somos_social.platforms.looking import Gone, Unseen
from somos_social.platforms.web_look import WebPages
from somos_social.platforms.x_client import XClient
from somos_social.platforms.x_look import is_on_x, look_at, post_id
from somos_social.sandbox import Fault, Sandbox
from tests.platforms.servers import HANG, Asked, Reply, answering, reply
from tests.platforms.stage import SECRETS

PAGE = "https://blog.example.org"
QUICK = timedelta(seconds=2)
HTML = {"Content-Type": "text/html; charset=utf-8"}


# X.


@pytest.fixture
def client(box: Sandbox) -> XClient:
    return XClient(**SECRETS["x"], timeout=timedelta(seconds=10), rebase=box.origins)


def posted(box: Sandbox, text: str, **more: bool) -> str:
    """The address of a post that somebody has made on X."""
    keys = SECRETS["x"]
    signed = OAuth1(
        keys["api_key"], keys["api_secret"], keys["access_token"], keys["access_token_secret"]
    )
    url = f"{box.origins['https://api.x.com']}/2/tweets"
    # The sandbox holds signatures against the address that X really has.
    request = requests.Request("POST", "https://api.x.com/2/tweets", json={"text": text, **more})
    with requests.Session() as session:
        prepared = session.prepare_request(request)
        prepared = signed(prepared)
        prepared.url = url
        answer = session.send(prepared, timeout=10)
    assert answer.status_code == 201, answer.text
    return f"https://x.com/somoslomismo/status/{answer.json()['data']['id']}"


def test_a_post_is_read_with_its_author_and_its_text(box: Sandbox, client: XClient) -> None:
    url = posted(box, "Tú & yo <3 #SomosLoMismo https://www.somoslomismo.com/carmen/")
    seen = look_at(client, url)
    assert seen.text.startswith("Tú & yo <3 #SomosLoMismo https://t.co/")
    assert (seen.author, seen.how, seen.is_labelled) == ("somoslomismo", "X's API", False)
    assert names(seen.text, "#SomosLoMismo")


def test_the_mark_of_the_network_itself_is_seen(box: Sandbox, client: XClient) -> None:
    url = posted(box, "Con cariño #SomosLoMismo", paid_partnership=True)
    assert look_at(client, url).is_labelled


def test_a_post_that_is_not_there_is_gone(client: XClient) -> None:
    with pytest.raises(Gone, match="nothing is there"):
        look_at(client, "https://x.com/ana/status/1790000000000000001")


@pytest.mark.parametrize("kind", ["500", "close", "html-502", "invalid-json", "401"])
def test_a_network_that_fails_has_shown_nothing(box: Sandbox, client: XClient, kind: Any) -> None:
    url = posted(box, "#SomosLoMismo")
    box.faults.add(Fault(match="GET */2/tweets/*", kind=kind))
    with pytest.raises(Unseen):
        look_at(client, url)


def test_keys_that_are_refused_have_shown_nothing_and_are_not_told(box: Sandbox) -> None:
    keys = {**SECRETS["x"], "api_key": "another-key-0123456789"}
    client = XClient(**keys, timeout=QUICK, rebase=box.origins)
    with pytest.raises(Unseen) as unseen:
        look_at(client, "https://x.com/ana/status/1")
    assert not any(key in str(unseen.value) for key in keys.values())


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://x.com/ana/status/17", "17"),
        ("https://twitter.com/ana/status/17?s=20", "17"),
        ("https://mobile.x.com/ana_b/status/17/photo/1", "17"),
        ("https://x.com/i/web/status/17", "17"),
        ("https://x.com/ana", None),
        ("https://x.com/ana/status/", None),
        ("https://x.com/ana/status/17x", None),
        ("https://x.com.example.org/ana/status/17", None),
        ("https://example.org/x.com/ana/status/17", None),
    ],
)
def test_the_post_that_an_address_names(url: str, number: str | None) -> None:
    assert post_id(url) == number
    assert is_on_x(url) is ("example" not in url)


# Pages.


def page(body: str, status: int = 200, **headers: str) -> Reply:
    return Reply(status, body.encode(), {**HTML, **headers})


def look(script: Callable[[Asked], Reply], url: str = f"{PAGE}/ana") -> str:
    with answering(script) as server:
        rebase = {PAGE: server.url, "https://www.instagram.com": server.url}
        return WebPages(timeout=QUICK, rebase=rebase).look(url).text


def test_what_people_can_read_of_a_page_is_seen() -> None:
    text = look(
        lambda _: page(
            "<title>Ana</title><p>Me lo enseñó Carmen.</p><p><a href=x>#<b>SomosLoMismo</b></a>"
            "<br>Colaboraci&oacute;n pagada</p>"
        )
    )
    assert names(text, "#SomosLoMismo")
    assert "Colaboración pagada" in text


def test_what_a_page_says_of_itself_is_seen() -> None:
    text = look(
        lambda _: page(
            '<meta property="og:description" content="Hola &#35;SomosLoMismo &amp; más">'
        )
    )
    assert names(text, "#SomosLoMismo")


def test_what_nobody_sees_is_not() -> None:
    hidden = (
        "<script>'#SomosLoMismo'</script><style>/*#SomosLoMismo*/</style><!-- #SomosLoMismo -->"
    )
    assert "SomosLoMismo" not in look(lambda _: page(f"<p>Hola</p>{hidden}"))


def test_words_of_two_paragraphs_do_not_become_one() -> None:
    assert names(look(lambda _: page("<p>fin</p><p>#SomosLoMismo</p><p>más</p>")), "#SomosLoMismo")


def test_a_page_without_an_encoding_is_read_as_utf_8() -> None:
    reply = Reply(200, "<p>Colaboración</p>".encode(), {"Content-Type": "text/html"})
    assert "Colaboración" in look(lambda _: reply)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_not_there_is_gone(status: int) -> None:
    with pytest.raises(Gone):
        look(lambda _: page("", status))


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_page_that_does_not_show_itself_has_shown_nothing(status: int) -> None:
    with pytest.raises(Unseen, match=str(status)):
        look(lambda _: page("#SomosLoMismo", status))


def test_what_is_no_page_is_not_read() -> None:
    with pytest.raises(Unseen, match="no page"):
        look(lambda _: reply({"text": "#SomosLoMismo"}))


def test_a_page_without_end_and_one_that_never_comes_are_given_up() -> None:
    endless = page("#SomosLoMismo " * 1_000_000)
    with pytest.raises(Unseen, match="too large"):
        look(lambda _: endless)
    with pytest.raises(Unseen, match="in time"):
        look(lambda _: HANG)


def test_redirects_are_followed_some_way_and_no_further() -> None:
    def leads(to: str) -> Callable[[Asked], Reply]:
        return lambda asked: (
            page("#SomosLoMismo") if asked.path == to else page("", 302, Location=f"{asked.path}a")
        )

    assert "SomosLoMismo" in look(leads("/ana" + 5 * "a"))
    with pytest.raises(Unseen, match="without end"):
        look(leads("/ana" + 6 * "a"))


def test_a_stranger_has_no_cookies_and_shows_no_secret() -> None:
    heard: list[Asked] = []

    def script(asked: Asked) -> Reply:
        heard.append(asked)
        on = {"Location": "/b", "Set-Cookie": "a=b"}
        return page("", 302, **on) if asked.path == "/ana" else page("")

    look(script)
    assert len(heard) == 2
    for asked in heard:
        assert {name.lower() for name in asked.headers}.isdisjoint({"cookie", "authorization"})


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0.0.0.0:{port}/",
        "http://10.0.0.7/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
    ],
)
def test_nobody_is_led_into_this_machine_or_its_network(where: str) -> None:
    heard: list[Asked] = []

    def script(asked: Asked) -> Reply:
        heard.append(asked)
        return page("#SomosLoMismo")

    with answering(script) as inside:
        address = where.format(port=inside.url.rpartition(":")[2])
        with pytest.raises(Unseen):
            WebPages(timeout=QUICK, rebase={}).look(address)
        with answering(lambda _: page("", 302, Location=address)) as outside:
            pages = WebPages(timeout=QUICK, rebase={PAGE: outside.url})
            with pytest.raises(Unseen):
                pages.look(f"{PAGE}/ana")
    assert heard == []


@pytest.mark.parametrize("where", ["file:///etc/passwd", "https://ana:secret@example.org/", "//x"])
def test_a_redirect_to_what_is_no_page_is_not_followed(where: str) -> None:
    with pytest.raises(Unseen):
        look(lambda _: page("", 302, Location=where) if _.path == "/ana" else page("x", 404))


def test_a_network_that_hides_posts_from_strangers_is_known_to() -> None:
    with answering(lambda _: page("<p>Log in</p>")) as server:
        rebase = {PAGE: server.url, "https://www.instagram.com": server.url}
        pages = WebPages(timeout=QUICK, rebase=rebase)
        assert not pages.look("https://www.instagram.com/reel/a/").is_whole
        assert pages.look(f"{PAGE}/ana").is_whole
