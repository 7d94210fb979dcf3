"""Each scripted misfortune, seen by a client, and what it leaves behind."""

import time
from collections.abc import Callable
from typing import Any, get_args

import pytest
import requests
import tweepy

from somos_social.sandbox import Fault, Sandbox
from somos_social.sandbox.faults import MIX, Faults, Kind, befalling

from .networks import IG_USER, PAGE, X_USER, Clock, Graph, Picture, X, error_of

FEED = "POST /graph/*/feed"
TWEETS = "POST /x/2/tweets"


def fault(box: Sandbox, kind: Any, match: str = FEED, **more: Any) -> None:
    box.faults.add(Fault(match=match, kind=kind, **more))


def say(graph: Graph, message: str = "hola") -> requests.Response:
    return graph.post(f"{PAGE}/feed", message=message)


@pytest.mark.parametrize(("kind", "written"), [("close", 0), ("done-then-close", 1)])
def test_a_closed_connection_gives_no_answer(
    box: Sandbox, graph: Graph, kind: str, written: int, caplog: pytest.LogCaptureFixture
) -> None:
    fault(box, kind)
    with pytest.raises(requests.ConnectionError):
        say(graph)
    assert len(box.posts()) == written
    calls = requests.get(f"{box.url}/_sandbox/requests", timeout=5).json()
    assert calls[-1]["status"] is None
    assert say(graph, "otra").ok
    assert caplog.records == []


@pytest.mark.parametrize(
    ("kind", "expected", "written"),
    [
        ("500", (500, 2, None), 0),
        ("done-then-500", (500, 2, None), 1),
        ("done-then-code1", (500, 1, 99), 1),
        ("done-then-2207051", (400, 4, 2207051), 1),
        ("done-then-400", (400, 100, None), 1),
        ("429", (400, 4, None), 0),
        ("190", (400, 190, None), 0),
        ("401", (401, 190, None), 0),
    ],
)
def test_graph_answers_an_error_whether_it_wrote_or_not(
    box: Sandbox,
    graph: Graph,
    kind: str,
    expected: tuple[int, int, int | None],
    written: int,
) -> None:
    fault(box, kind)
    assert error_of(say(graph)) == expected
    assert len(box.posts()) == written


@pytest.mark.parametrize(("kind", "written"), [("html-502", 0), ("done-then-html-502", 1)])
def test_a_gateway_page_hides_what_happened(
    box: Sandbox, graph: Graph, kind: str, written: int
) -> None:
    fault(box, kind)
    answer = say(graph)
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    assert len(box.posts()) == written


@pytest.mark.parametrize("code", [4, 17, 32, 613])
def test_graph_throttles_with_the_wanted_code_and_its_headers(
    box: Sandbox, graph: Graph, code: int
) -> None:
    fault(box, "429", code=code, seconds=600)
    answer = say(graph)
    assert error_of(answer)[1] == code
    assert '"call_count": 100' in answer.headers["x-app-usage"]
    usage = answer.headers["x-business-use-case-usage"]
    assert '"estimated_time_to_regain_access": 10' in usage


def test_a_dead_token_can_have_its_subcode(box: Sandbox, graph: Graph) -> None:
    fault(box, "190", subcode=463)
    assert error_of(say(graph)) == (400, 190, 463)


@pytest.mark.parametrize("kind", ["truncated", "invalid-json", "no-content-type"])
def test_a_damaged_answer_hides_a_post_that_is_there(box: Sandbox, graph: Graph, kind: str) -> None:
    fault(box, kind)
    answer = say(graph)
    assert answer.status_code == 200
    assert len(box.posts()) == 1
    if kind == "no-content-type":
        assert "content-type" not in answer.headers
    else:
        with pytest.raises(requests.JSONDecodeError):
            answer.json()


def test_a_slow_answer_comes_after_its_time(box: Sandbox, graph: Graph) -> None:
    fault(box, "slow", seconds=0.2)
    begin = time.monotonic()
    assert say(graph).ok
    assert time.monotonic() - begin >= 0.2


def test_what_a_client_no_longer_waits_for_is_done_all_the_same(box: Sandbox, graph: Graph) -> None:
    fault(box, "slow", seconds=0.5)
    form = {"message": "hola", "access_token": graph.token}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{graph.url}/graph/v26.0/{PAGE}/feed", data=form, timeout=0.1)
    assert box.posts() == []
    begin = time.monotonic()
    while not box.posts():
        assert time.monotonic() - begin < 10
        time.sleep(0.02)
    assert [post.text for post in box.posts()] == ["hola"]


def test_a_call_cut_off_is_done_later_by_the_clock(
    box: Sandbox, graph: Graph, x: X, clock: Clock
) -> None:
    fault(box, "late", seconds=30)
    fault(box, "late", TWEETS, seconds=10)
    with pytest.raises(requests.ConnectionError):
        say(graph)
    with pytest.raises(requests.ConnectionError):
        x.post(text="hola")
    clock.pass_(seconds=9)
    assert box.posts() == []
    clock.pass_(seconds=1)
    assert [post.platform for post in box.posts()] == ["x"]
    clock.pass_(seconds=20)
    assert graph.get(f"{PAGE}/published_posts").json()["data"][0]["message"] == "hola"
    clock.pass_(days=1)
    assert len(box.posts()) == 2


def test_a_fault_is_used_up_and_meets_only_its_match(box: Sandbox, graph: Graph) -> None:
    fault(box, "500", times=2)
    assert graph.get("me").ok
    assert [say(graph).status_code for _ in range(3)] == [500, 500, 200]


def test_faults_can_be_sent_from_another_process(box: Sandbox, graph: Graph) -> None:
    url = f"{box.url}/_sandbox/faults"
    answer = requests.post(url, json={"match": FEED, "kind": "500"}, timeout=5)
    assert answer.json() == {"pending": 1, "struck": {}}
    assert say(graph).status_code == 500
    assert requests.get(url, timeout=5).json() == {"pending": 0, "struck": {"500": 1}}
    for bad in ({"match": FEED, "kind": "flood"}, {"kind": "500"}, {"match": FEED, "x": 1}, 1):
        assert requests.post(url, json=bad, timeout=5).status_code == 400


def test_seeded_misfortune_can_be_begun_and_ended_from_another_process(
    box: Sandbox, graph: Graph
) -> None:
    url = f"{box.url}/_sandbox/faults"
    mix = {"seed": 7, "rate": 1.0, "kinds": ["500", "429"], "seconds": 2}
    assert requests.post(url, json=mix, timeout=5).ok
    assert {say(graph).status_code for _ in range(20)} == {500, 400}
    assert requests.delete(url, timeout=5).json()["struck"].keys() == {"500", "429"}
    assert say(graph).ok
    for bad in (
        {"seed": 7},
        {**mix, "kinds": ["flood"]},
        {**mix, "kinds": []},
        {**mix, "rate": "x"},
    ):
        assert requests.post(url, json=bad, timeout=5).status_code == 400


@pytest.mark.parametrize(
    ("kind", "status", "written"),
    [
        ("500", 503, 0),
        ("done-then-500", 503, 1),
        ("done-then-code1", 500, 1),
        ("done-then-2207051", 403, 1),
        ("done-then-400", 400, 1),
        ("429", 429, 0),
        ("190", 401, 0),
        ("401", 401, 0),
        ("done-then-html-502", 502, 1),
    ],
)
def test_x_answers_an_error_whether_it_wrote_or_not(
    box: Sandbox, x: X, kind: str, status: int, written: int
) -> None:
    fault(box, kind, TWEETS)
    assert x.post(text="hola").status_code == status
    assert len(box.posts()) == written


@pytest.mark.parametrize(("wanted", "code"), [(n, n) for n in (63, 64, 185, 226, 326)] + [(4, 326)])
def test_x_says_what_is_wrong_with_the_account_by_its_old_numbers(
    box: Sandbox, x: X, wanted: int, code: int
) -> None:
    fault(box, "restricted", TWEETS, code=wanted)
    answer = x.post(text="hola")
    assert answer.status_code == 403
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert box.posts() == []


def test_graph_says_that_an_account_is_restricted(box: Sandbox, graph: Graph) -> None:
    fault(box, "restricted")
    assert error_of(say(graph)) == (400, 25, 2207050)


def test_x_throttles_until_a_time(box: Sandbox, x: X, clock: Clock) -> None:
    fault(box, "429", TWEETS, seconds=90)
    with pytest.raises(tweepy.TooManyRequests) as caught:
        x.client.create_tweet(text="hola")
    assert caught.value.reset_time == int(clock.now.timestamp()) + 90


def test_a_lag_hides_new_posts_from_listings_only(
    box: Sandbox, graph: Graph, x: X, clock: Clock
) -> None:
    old = say(graph, "antes").json()["id"]
    fault(box, "lag", "GET *", seconds=30)
    graph.get("me")
    new = say(graph, "después").json()["id"]
    x.post(text="hola")
    posts = f"{PAGE}/published_posts"
    timeline = f"/2/users/{X_USER}/tweets"
    assert [it["id"] for it in graph.get(posts).json()["data"]] == [old]
    assert x.call("GET", timeline).json()["meta"]["result_count"] == 0
    assert graph.get(new).ok
    assert len(box.posts()) == 3
    clock.pass_(seconds=30)
    assert [it["id"] for it in graph.get(posts).json()["data"]] == [new, old]
    assert x.call("GET", timeline).json()["meta"]["result_count"] == 1


@pytest.fixture
def container(box: Sandbox, instagram: Graph, picture: Picture, clock: Clock) -> Callable[..., str]:
    picture()

    def make(kind: str, **more: Any) -> str:
        fault(box, kind, "POST /graph/*/media", **more)
        made = instagram.container(image_url=f"{box.media_url}foto.jpg")
        clock.pass_(seconds=2)
        return made

    return make


def status(instagram: Graph, container: str) -> str:
    return str(instagram.get(container, fields="status_code").json()["status_code"])


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("container-error", "ERROR", (400, 9007, 2207027)),
        ("container-expired", "EXPIRED", (400, 24, 2207008)),
    ],
)
def test_a_container_comes_to_nothing(
    instagram: Graph,
    container: Callable[..., str],
    kind: str,
    code: str,
    refusal: tuple[int, int, int],
) -> None:
    made = container(kind)
    assert status(instagram, made) == code
    answer = instagram.post(f"{IG_USER}/media_publish", creation_id=made)
    assert error_of(answer) == refusal


def test_a_container_is_slow_for_some_polls(
    instagram: Graph, container: Callable[..., str]
) -> None:
    made = container("container-slow", polls=2)
    codes = [status(instagram, made) for _ in range(3)]
    assert codes == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]


def test_a_picture_is_not_fetched_for_once(
    box: Sandbox, instagram: Graph, picture: Picture
) -> None:
    picture()
    fault(box, "not-fetched", "POST /graph/*/media")
    form = {"image_url": f"{box.media_url}foto.jpg"}
    assert error_of(instagram.post(f"{IG_USER}/media", **form)) == (400, 9004, 2207052)
    assert instagram.post(f"{IG_USER}/media", **form).ok


def outcomes(box: Sandbox, graph: Graph, seed: int) -> list[int | str]:
    box.faults.seed(seed, 0.5)
    seen: list[int | str] = []
    for number in range(40):
        try:
            seen.append(say(graph, f"{seed} {number}").status_code)
        except requests.ConnectionError:
            seen.append("closed")
    box.faults.clear()
    return seen


def test_seeded_misfortune_repeats_itself(box: Sandbox, graph: Graph) -> None:
    first = outcomes(box, graph, 7)
    assert {"closed", 200, 500, 502} <= set(first)
    say(graph, "entre medias")
    assert outcomes(box, graph, 7) == first
    assert outcomes(box, graph, 8) != first
    assert say(graph, "al final").ok


@pytest.mark.parametrize(
    ("call", "also"),
    [
        ("GET /graph/v26.0/1/published_posts", {"190", "no-reads"}),
        (
            "POST /graph/v26.0/1/feed",
            {"190", "done-then-code1", "done-then-2207051", "done-then-400"},
        ),
        ("POST /graph/v26.0/1/comments", {"done-then-400"}),
        ("POST /graph/v26.0/1/media_publish", {"done-then-400"}),
        ("GET /x/2/users/1/tweets", {"no-reads"}),
        ("POST /graph/v26.0/1/media", {"container-error", "container-slow", "not-fetched"}),
        ("POST /x/2/tweets", {"done-then-500", "done-then-400", "late", "restricted"}),
    ],
)
def test_the_mix_draws_every_kind_that_can_befall_a_call_and_no_other(
    call: str, also: set[Kind]
) -> None:
    faults = Faults()
    faults.seed(7, 1.0, get_args(Kind))
    drawn = [fault for _ in range(2000) if (fault := faults.take(call)) is not None]
    kinds = {fault.kind for fault in drawn}
    assert kinds == set(befalling(call))
    assert kinds >= {"close", "429", "401", "slow", "truncated", "lag"} | also
    assert {fault.code for fault in drawn} == {4, 17, 32, 613}
    assert sum(faults.struck.values()) == 2000


def test_every_kind_befalls_some_call() -> None:
    assert {kind for _, kinds in MIX for kind in kinds} == set(get_args(Kind))
