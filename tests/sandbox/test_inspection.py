"""What another process can see of the sandbox, and how it starts and ends."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from somos_social.sandbox import Account, PublicPost, Sandbox

from .networks import PAGE, Clock, Graph, Picture, X, attached


def test_the_posts_are_told_as_json(box: Sandbox, graph: Graph, picture: Picture) -> None:
    photo = graph.photo(picture(), alt_text_custom="alt")
    graph.post(f"{PAGE}/feed", message="hola", attached_media=attached(photo))
    [told] = requests.get(f"{box.url}/_sandbox/posts", timeout=5).json()
    [post] = box.posts()
    assert (told["id"], told["url"], told["text"]) == (post.id, post.url, "hola")
    assert told["media"][0]["sha256"] == post.media[0].sha256
    assert told["created_at"] == "2026-12-01T14:00:00+00:00"


def test_every_call_is_noted_without_its_secrets(
    box: Sandbox, graph: Graph, x: X, picture: Picture
) -> None:
    graph.photo(picture())
    graph.get("me", fields="id")
    x.post(text="hola")
    answer = requests.get(f"{box.url}/_sandbox/requests", timeout=5)
    photo, me, post = answer.json()
    assert (photo["method"], photo["path"]) == ("POST", f"/graph/v26.0/{PAGE}/photos")
    assert photo["status"] == 200
    assert photo["form"]["published"] == "false"
    assert photo["form"]["source"].startswith("<file foto.jpg")
    assert me["query"] == {"access_token": "<removed>", "fields": "id"}
    assert (post["json"], post["status"]) == ({"text": "hola"}, 201)
    assert "-token" not in answer.text
    assert "oauth_signature" not in answer.text


def test_a_given_clock_cannot_be_moved_from_outside(box: Sandbox) -> None:
    body = {"now": "2027-01-01T00:00:00Z"}
    assert requests.post(f"{box.url}/_sandbox/clock", json=body, timeout=5).status_code == 409


def test_the_sandboxs_own_clock_can_be_moved(accounts: list[Account]) -> None:
    with Sandbox(accounts=accounts) as box:
        url = f"{box.url}/_sandbox/clock"
        assert requests.post(url, json={"now": "2027-01-01T00:00:00Z"}, timeout=5).ok
        Graph(box.url).post(f"{PAGE}/feed", message="hola")
        assert box.posts()[0].created_at.isoformat().startswith("2027-01-01T00:00:0")
        for bad in ({}, {"now": "ayer"}, {"now": "2027-01-01T00:00:00"}, [1]):
            assert requests.post(url, json=bad, timeout=5).status_code == 400


def test_a_start_and_a_stop_take_no_time_and_leave_nothing(
    accounts: list[Account], clock: Clock, picture: Picture
) -> None:
    begin = time.monotonic()
    with Sandbox(accounts=accounts, clock=clock) as box:
        started = time.monotonic()
        Graph(box.url).photo(picture())
        photo = Graph(box.url).photo(picture())
        Graph(box.url).post(f"{PAGE}/feed", attached_media=attached(photo))
        directory = box.posts()[0].media[0].bytes_path.parent
        stopping = time.monotonic()
    assert started - begin < 0.5
    assert time.monotonic() - stopping < 2
    assert not directory.exists()
    assert len(box.posts()) == 1
    with pytest.raises(requests.ConnectionError):
        requests.get(box.url, timeout=1)


def test_a_sandbox_that_has_not_started_has_no_address(accounts: list[Account]) -> None:
    with pytest.raises(RuntimeError):
        _ = Sandbox(accounts=accounts).url


def test_the_origins_lead_to_the_sandbox(box: Sandbox) -> None:
    assert box.origins == {
        "https://graph.facebook.com": f"{box.url}/graph",
        "https://graph-video.facebook.com": f"{box.url}/graph-video",
        "https://rupload.facebook.com": f"{box.url}/rupload",
        "https://api.x.com": f"{box.url}/x",
        "https://api.twitter.com": f"{box.url}/x",
    }


def test_a_public_post_cannot_be_changed(box: Sandbox, graph: Graph) -> None:
    graph.post(f"{PAGE}/feed", message="hola")
    [post] = box.posts()
    assert isinstance(post, PublicPost)
    with pytest.raises(AttributeError):
        post.text = "adiós"  # type: ignore[misc]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_foreground_sandbox_ends_with_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    program = (
        "import socket\n"
        "from somos_social.sandbox import Sandbox\n"
        "with socket.create_server(('127.0.0.1', 0)) as free:\n"
        "    port = free.getsockname()[1]\n"
        "print(port, flush=True)\n"
        "Sandbox(accounts=[], port=port).serve_forever()\n"
        "print('ended', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    ) as running:
        assert running.stdout is not None
        port = running.stdout.readline().strip()
        wait_for(f"http://127.0.0.1:{port}/")
        running.send_signal(number)
        out, err = running.communicate(timeout=10)
    assert (running.returncode, out, err) == (0, "ended\n", "")
    assert list(tmp_path.iterdir()) == []


def wait_for(url: str) -> None:
    """Until `url` answers; each refused connection is tried again, ten seconds at most."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            requests.get(url, timeout=1)
        except requests.ConnectionError:
            continue
        return
    raise AssertionError(f"{url} does not answer")


def test_a_client_that_dies_in_the_middle_of_a_call_leaves_no_traceback(
    box: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    host, _, port = box.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as dying:
        dying.sendall(
            b"POST /graph/v26.0/1000001/feed HTTP/1.1\r\nHost: graph\r\nContent-Length: 500\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nmessage=half"
        )
    assert requests.get(f"{box.url}/_sandbox/posts", timeout=10).json() == []
    assert "Traceback" not in caplog.text
