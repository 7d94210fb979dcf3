"""What every Graph call has to get right: version, token, parameters, fields."""

import pytest
import requests

from somos_social.sandbox import Sandbox

from .networks import IG_USER, OTHER_PAGE, PAGE, Clock, Graph, Picture, error_of


@pytest.mark.parametrize("path", ["v2.8/me", "me", f"{PAGE}/feed", "v20.0/me"])
def test_a_version_out_of_service_and_no_version_are_refused(box: Sandbox, path: str) -> None:
    answer = requests.get(
        f"{box.url}/graph/{path}", params={"access_token": "facebook-token"}, timeout=5
    )
    assert error_of(answer) == (400, 2635, None)


def test_a_version_that_never_was_is_refused(box: Sandbox) -> None:
    answer = requests.get(f"{box.url}/graph/v99.0/me?access_token=facebook-token", timeout=5)
    assert error_of(answer)[1] == 2500


def test_an_answer_carries_the_headers_of_the_network(graph: Graph) -> None:
    answer = graph.get("me", fields="id,name,username")
    assert answer.json() == {"id": PAGE, "name": "Somos Lo Mismo", "username": "somoslomismo"}
    assert answer.headers["facebook-api-version"] == "v26.0"
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert {"x-fb-trace-id", "x-app-usage"} <= {name.lower() for name in answer.headers}


def test_a_wrong_token_is_refused_with_190(graph: Graph) -> None:
    graph.token = "nobody"
    answer = graph.get("me")
    assert error_of(answer) == (400, 190, None)
    assert answer.json()["error"]["type"] == "OAuthException"
    assert answer.json()["error"]["fbtrace_id"]
    assert "OAuth" in answer.headers["www-authenticate"]


def test_a_call_without_a_token_is_refused(box: Sandbox) -> None:
    assert error_of(requests.get(f"{box.url}/graph/v26.0/me", timeout=5))[1] == 104


@pytest.mark.parametrize("scheme", ["Bearer", "OAuth"])
def test_a_token_in_the_header_is_taken(box: Sandbox, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} facebook-token"}
    answer = requests.get(f"{box.url}/graph/v26.0/me", headers=headers, timeout=5)
    assert answer.json()["id"] == PAGE


def test_a_token_of_another_page_may_not_post(box: Sandbox) -> None:
    other = Graph(box.url, "other-token")
    assert error_of(other.post(f"{PAGE}/feed", message="hola")) == (400, 200, None)
    assert error_of(other.post(f"{IG_USER}/media", image_url="x")) == (400, 10, None)
    assert error_of(other.get(PAGE)) == (400, 100, 33)
    assert box.posts() == []


def test_an_unknown_parameter_is_refused(graph: Graph) -> None:
    assert error_of(graph.post(f"{PAGE}/feed", message="hola", mesage="x")) == (400, 100, None)


@pytest.mark.parametrize("value", ["True", "False", "yes", ""])
def test_a_boolean_as_python_prints_it_is_refused(graph: Graph, value: str) -> None:
    answer = graph.post(f"{PAGE}/feed", message="hola", published=value)
    assert error_of(answer) == (400, 100, None)


def test_a_repeated_parameter_is_refused(box: Sandbox) -> None:
    form = [("access_token", "facebook-token"), ("message", "a"), ("message", "b")]
    answer = requests.post(f"{box.url}/graph/v26.0/{PAGE}/feed", data=form, timeout=5)
    assert error_of(answer) == (400, 100, None)


@pytest.mark.parametrize("value", ["media_fbid", "{", "[1]", '{"media_fbid":"1"}'])
def test_attached_media_that_are_not_a_json_array_are_refused(graph: Graph, value: str) -> None:
    answer = graph.post(f"{PAGE}/feed", message="hola", attached_media=value)
    assert error_of(answer) == (400, 100, None)


@pytest.mark.parametrize("fields", ["id,nombre", "attachments{color}", "id,,name", "from{id"])
def test_a_field_that_does_not_exist_is_refused(graph: Graph, fields: str) -> None:
    post = graph.post(f"{PAGE}/feed", message="hola", link="https://acnur.org").json()["id"]
    assert error_of(graph.get(post, fields=fields)) == (400, 100, None)


def test_an_object_that_is_not_there_is_refused(graph: Graph) -> None:
    assert error_of(graph.get("99")) == (400, 100, 33)
    assert error_of(graph.delete("99")) == (400, 100, 33)
    assert error_of(graph.post(f"{PAGE}/nothing", message="x")) == (400, 100, None)


@pytest.mark.parametrize("path", ["graph/", "rupload/x", "graph/v26.0", "graph/v26.0/"])
def test_a_path_that_leads_nowhere_is_refused_as_the_network_does(box: Sandbox, path: str) -> None:
    headers = {"Authorization": "Bearer facebook-token"}
    for method in ("GET", "POST", "PATCH"):
        answer = requests.request(method, f"{box.url}/{path}", headers=headers, timeout=5)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] in {100, 2635}


def test_a_form_that_cannot_be_read_is_refused(box: Sandbox) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    url = f"{box.url}/graph/v26.0/{PAGE}/feed"
    answer = requests.post(url, data=b"--y nonsense", headers=headers, timeout=5)
    assert error_of(answer)[:2] == (400, 100)


def test_the_video_host_answers_video_uploads_only(box: Sandbox) -> None:
    url = f"{box.url}/graph-video/v26.0/{PAGE}/feed"
    form = {"access_token": "facebook-token", "message": "hola"}
    assert error_of(requests.post(url, data=form, timeout=5)) == (400, 100, None)


def test_a_listing_goes_page_by_page_from_the_newest(graph: Graph, clock: Clock) -> None:
    made = []
    for number in range(5):
        made.append(graph.post(f"{PAGE}/feed", message=f"{number}").json()["id"])
        clock.pass_(seconds=60)
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = graph.get(f"{PAGE}/published_posts", limit="2", **after).json()
        seen += [post["id"] for post in answer["data"]]
        if "next" not in answer["paging"]:
            break
        after = {"after": answer["paging"]["cursors"]["after"]}
    assert seen == made[::-1]


def test_a_listing_can_be_bounded_in_time(graph: Graph, clock: Clock) -> None:
    graph.post(f"{PAGE}/feed", message="antes")
    clock.pass_(hours=1)
    since = str(int(clock.now.timestamp()))
    graph.post(f"{PAGE}/feed", message="ahora")
    answer = graph.get(f"{PAGE}/feed", since=since, fields="message").json()
    assert [post["message"] for post in answer["data"]] == ["ahora"]
    early = graph.get(f"{PAGE}/posts", until="2026-12-01T14:00:01Z", fields="message").json()
    assert [post["message"] for post in early["data"]] == ["antes"]


def test_another_page_sees_none_of_it(box: Sandbox, graph: Graph, picture: Picture) -> None:
    post = graph.post(f"{PAGE}/feed", message="hola").json()["id"]
    other = Graph(box.url, "other-token")
    assert error_of(other.get(post)) == (400, 100, 33)
    assert error_of(other.delete(post)) == (400, 100, 33)
    assert other.get(f"{OTHER_PAGE}/feed").json() == {"data": []}
    photo = graph.photo(picture())
    answer = other.post(
        f"{OTHER_PAGE}/feed", message="robada", attached_media=f'[{{"media_fbid":"{photo}"}}]'
    )
    assert error_of(answer) == (400, 100, None)
