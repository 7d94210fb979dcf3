"""Posts on X: made, refused, read back and deleted."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
import requests

from somos_social.sandbox import Sandbox

from .networks import OTHER_X_USER, X_USER, Clock, Film, Picture, X

READ = {
    "tweet.fields": "created_at,attachments,entities,conversation_id,referenced_tweets,no_such",
    "expansions": "attachments.media_keys,author_id",
    "media.fields": "type,alt_text,media_key",
    "max_results": "5",
}


def timeline(x: X, **query: str) -> Any:
    return x.call("GET", f"/2/users/{X_USER}/tweets", params=READ | query).json()


def test_a_post_is_public_at_once(x: X, box: Sandbox, clock: Clock) -> None:
    answer = x.post(text="Hola & https://www.acnur.org/panama #SomosLoMismo")
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data["edit_history_tweet_ids"] == [data["id"]]
    assert data["text"].startswith("Hola &amp; https://t.co/")
    assert data["text"].endswith(" #SomosLoMismo")
    [post] = box.posts()
    assert post.text == "Hola & https://www.acnur.org/panama #SomosLoMismo"
    assert post.url == f"https://x.com/somoslomismo/status/{post.id}"
    assert post.created_at == clock.now


def test_a_read_gives_links_back_shortened(x: X) -> None:
    x.post(text="Mira https://www.acnur.org/panama.")
    [read] = timeline(x)["data"]
    [link] = read["entities"]["urls"]
    assert link["expanded_url"] == "https://www.acnur.org/panama"
    assert read["text"] == f"Mira {link['url']}."
    assert read["text"][link["start"] : link["end"]] == link["url"]
    assert "no_such" not in read


def test_media_come_back_by_their_keys(x: X, picture: Picture) -> None:
    ids = [x.image(picture("a.jpg")), x.image(picture("b.jpg", (640, 480)))]
    alt = {"id": ids[0], "metadata": {"alt_text": {"text": "Una foto"}}}
    assert x.call("POST", "/2/media/metadata", json=alt).ok
    x.post(text="Fotos", media={"media_ids": ids})
    answer = timeline(x)
    [read] = answer["data"]
    assert read["attachments"] == {"media_keys": [f"3_{it}" for it in ids]}
    first, second = answer["includes"]["media"]
    assert first == {"media_key": f"3_{ids[0]}", "type": "photo", "alt_text": "Una foto"}
    assert "alt_text" not in second
    assert read["text"].startswith("Fotos https://t.co/")
    assert read["entities"]["urls"][0]["expanded_url"].endswith("/photo/1")


def test_the_newer_vocabulary_is_spoken_too(x: X) -> None:
    first = x.post(text="uno").json()["data"]["id"]
    x.post(text="dos", reply={"in_reply_to_tweet_id": first})
    query = {"post.fields": "referenced_posts"}
    answer = x.call("GET", f"/2/users/{X_USER}/tweets", params=query).json()
    assert answer["data"][0]["referenced_posts"] == [{"type": "replied_to", "id": first}]
    assert "edit_history_post_ids" in answer["data"][0]


def test_a_thread_hangs_on_its_first_post(x: X, box: Sandbox) -> None:
    first = x.post(text="uno").json()["data"]["id"]
    second = x.post(text="dos", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]
    third = x.post(text="tres", reply={"in_reply_to_tweet_id": second}).json()["data"]["id"]
    assert [post.parent_id for post in box.posts()] == [None, first, second]
    assert box.public_counts()["x"] == 1
    reads = timeline(x)["data"]
    assert [it["id"] for it in reads] == [third, second, first]
    assert {it["conversation_id"] for it in reads} == {first}
    assert [it["id"] for it in timeline(x, exclude="replies")["data"]] == [first]


def test_only_own_posts_may_be_answered(x: X, x_of: Callable[[str], X]) -> None:
    foreign = x_of("second").post(text="hola").json()["data"]["id"]
    answer = x.post(text="dos", reply={"in_reply_to_tweet_id": foreign})
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("not-authorized-for-resource")
    missing = x.post(text="tres", reply={"in_reply_to_tweet_id": "1"})
    assert missing.status_code == 403
    assert "deleted or not visible" in missing.json()["detail"]


def test_the_same_words_are_refused_for_a_day(
    x: X, x_of: Callable[[str], X], clock: Clock, picture: Picture
) -> None:
    made = x.post(text="hola").json()["data"]["id"]
    media = {"media_ids": [x.image(picture())]}
    x.call("DELETE", f"/2/tweets/{made}")
    clock.pass_(hours=23)
    for body in ({"text": "hola"}, {"text": "hola", "media": media}):
        answer = x.post(**body)
        assert answer.status_code == 403
        assert answer.json() == {
            "detail": "You are not allowed to create a Tweet with duplicate content.",
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
        }
    assert x_of("second").post(text="hola").status_code == 201
    clock.pass_(hours=1)
    assert x.post(text="hola").status_code == 201


def test_posts_without_words_are_not_protected_from_repetition(x: X, picture: Picture) -> None:
    for _ in range(2):
        assert x.post(media={"media_ids": [x.image(picture())]}).status_code == 201


@pytest.mark.parametrize(
    "text",
    [
        "x" * 280,
        "好" * 140,
        "x" * 256 + " https://www.acnur.org/" + "largo/" * 40,
        "👩‍👩‍👧‍👦" * 140,
        unicodedata.normalize("NFD", "é" * 280),
        "—" * 280,
    ],
)
def test_a_text_that_fits_is_taken(x: X, text: str) -> None:
    assert x.post(text=text).status_code == 201


@pytest.mark.parametrize(
    "text", ["x" * 281, "好" * 141, "x" * 257 + " https://acnur.org", "😀" * 141]
)
def test_a_text_that_is_too_long_is_refused(x: X, text: str, box: Sandbox) -> None:
    answer = x.post(text=text)
    assert answer.status_code == 400
    assert "too long" in answer.json()["detail"]
    assert box.posts() == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": " "},
        {"text": 1},
        {"text": "\ud83d"},
        {"text": "a", "txt": "b"},
        {"text": "a", "made_with_ai": "true"},
        {"text": "a", "paid_partnership": 1},
        {"text": "a", "reply_settings": "everyone"},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": [1]}},
        {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
        {"text": "a", "media": {"media_ids": ["x"]}},
        {"text": "a", "media": {"media_ids": ["1"], "alt": "x"}},
        {"text": "a", "reply": {}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": 1}},
    ],
)
def test_a_body_outside_of_the_schema_is_refused(x: X, body: dict[str, Any]) -> None:
    answer = x.post(**body)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("invalid-request")


def test_a_post_has_one_cashtag_at_most(x: X) -> None:
    assert x.post(text="Cuesta $20 o $30, $acnur y no a$b.").status_code == 201
    assert x.post(text="Entre $ACNUR y $OIM").status_code == 403


@pytest.mark.parametrize("name", ["quote_tweet_id", "poll", "card_uri"])
def test_what_self_serve_accounts_may_not_is_forbidden(x: X, name: str) -> None:
    assert x.post(text="a", **{name: "1"}).status_code == 403


@pytest.mark.parametrize("name", ["made_with_ai", "paid_partnership"])
def test_labels_are_taken(x: X, name: str) -> None:
    assert x.post(text="a", **{name: True}, reply_settings="following").status_code == 201


def refused_media(x: X, *ids: str) -> bool:
    answer = x.post(text="con foto", media={"media_ids": list(ids)})
    message = answer.json().get("errors", [{}])[0].get("message")
    return answer.status_code == 400 and message == "Your media IDs are invalid."


def test_media_ids_that_cannot_be_used_are_refused(
    x: X, x_of: Callable[[str], X], picture: Picture, clock: Clock
) -> None:
    path = picture()
    assert refused_media(x, "123")
    assert refused_media(x, x_of("second").image(path))
    used = x.image(path)
    assert x.post(text="uno", media={"media_ids": [used]}).status_code == 201
    assert refused_media(x, used)
    twice = x.image(path)
    assert refused_media(x, twice, twice)
    clock.pass_(hours=24)
    assert refused_media(x, twice)


def test_a_video_must_be_processed_and_alone(
    x: X, picture: Picture, film: Film, clock: Clock, box: Sandbox
) -> None:
    video = x.upload(film(), "video/mp4", "tweet_video")
    assert refused_media(x, video)
    clock.pass_(seconds=15)
    mixed = x.post(text="dos", media={"media_ids": [video, x.image(picture())]})
    assert mixed.status_code == 400
    assert x.post(text="dos", media={"media_ids": [video]}).status_code == 201
    assert box.posts()[0].media[0].kind == "video"
    media = timeline(x)["includes"]["media"]
    assert media == [{"media_key": f"13_{video}", "type": "video"}]


def test_the_timeline_can_be_bounded(x: X, clock: Clock) -> None:
    first = x.post(text="uno").json()["data"]["id"]
    clock.pass_(minutes=1)
    start = clock.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    second = x.post(text="dos").json()["data"]["id"]

    def ids(**query: str) -> list[str]:
        return [it["id"] for it in timeline(x, **query).get("data", [])]

    assert int(second) > int(first)
    assert ids(start_time=start) == [second]
    assert ids(end_time=start) == [first]
    assert ids(since_id=first) == [second]
    assert ids(until_id=second) == [first]
    assert timeline(x, since_id=second) == {"meta": {"result_count": 0}}


def test_the_timeline_goes_page_by_page(x: X) -> None:
    made = [x.post(text=f"{n}").json()["data"]["id"] for n in range(7)]
    first = timeline(x)
    assert first["meta"]["newest_id"] == made[-1]
    second = timeline(x, pagination_token=first["meta"]["next_token"])
    assert "next_token" not in second["meta"]
    assert [it["id"] for it in first["data"] + second["data"]] == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        {"max_results": "4"},
        {"max_results": "101"},
        {"max_results": "diez"},
        {"start_time": "ayer"},
        {"since_id": "x"},
        {"pagination_token": "x"},
        {"post_fields": "id"},
    ],
)
def test_a_query_that_cannot_be_is_refused(x: X, query: dict[str, str]) -> None:
    answer = x.call("GET", f"/2/users/{X_USER}/tweets", params=query)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("invalid-request")


def test_a_deleted_post_is_gone(x: X, box: Sandbox) -> None:
    post = x.post(text="uno").json()["data"]["id"]
    assert x.call("DELETE", f"/2/tweets/{post}").json() == {"data": {"deleted": True}}
    assert box.posts() == []
    assert x.call("DELETE", f"/2/tweets/{post}").status_code == 404
    answer = x.call("GET", f"/2/tweets/{post}")
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["type"].endswith("resource-not-found")


def test_a_post_of_another_user_cannot_be_deleted(x: X, x_of: Callable[[str], X]) -> None:
    foreign = x_of("second").post(text="hola").json()["data"]["id"]
    assert x.call("DELETE", f"/2/tweets/{foreign}").status_code == 403
    assert x.call("GET", f"/2/tweets/{foreign}").json()["data"]["id"] == foreign
    assert x.call("GET", f"/2/users/{OTHER_X_USER}/tweets").json()["meta"]["result_count"] == 1
    assert x.call("GET", "/2/users/1/tweets").status_code == 404


def test_the_hundred_and_first_post_has_to_wait(x: X, clock: Clock) -> None:
    for number in range(100):
        answer = x.post(text=f"{number}")
        assert answer.headers["x-rate-limit-remaining"] == str(99 - number)
    refused = x.post(text="una más")
    assert refused.status_code == 429
    assert refused.json()["title"] == "Too Many Requests"
    reset = int(refused.headers["x-rate-limit-reset"])
    clock.pass_(seconds=reset - clock.now.timestamp())
    assert x.post(text="una más").status_code == 201


def test_a_broken_stand_in_answers_like_a_broken_network(
    box: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Authorization": "Bearer first-bearer", "Content-Type": "application/json"}
    endless = "[" * 100_000
    answer = requests.post(f"{box.url}/x/2/tweets", data=endless, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert box.posts() == []  # asked on the server's own thread, hence after its log
    assert "RecursionError" in caplog.text


def test_what_x_does_not_have_is_not_found(x: X) -> None:
    assert x.call("GET", "/2/nothing").status_code == 404
    assert x.call("PUT", "/2/tweets").status_code in {404, 405}
    assert x.call("POST", "/1.1/statuses/update.json").status_code == 410
