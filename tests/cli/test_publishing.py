"""From a campaign file to the networks and back: run, queue, status, log, with what goes wrong."""

import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from somos_social import rehearsal
from somos_social.sandbox import Fault, Sandbox
from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X, just_now, key
from tests.files.desk import draw, film

DELIVERY = "key campaign post channel platform status due_at run_at attempts url remote_id reason"
ENTRY = "at delivery channel from to event attempt actor url remote_id reason digest hash"


@pytest.fixture
def due(connected: Stage) -> Stage:
    """One post on two channels, to go out now."""
    connected.campaign({"uno": just_now()})
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def test_what_is_due_goes_out_once_and_every_view_agrees(due: Stage, box: Sandbox) -> None:
    ran = due.somos("run", "--once", "--json")
    assert ran.code == 0
    moved = {it["key"]: it for it in ran.json["deliveries"]}
    assert set(moved) == {key("uno"), key("uno", FACEBOOK)}
    urls = {post.platform: post.url for post in box.posts()}
    assert {it["platform"]: it["url"] for it in moved.values()} == urls

    listed = due.somos("queue", "list", "--json").json
    assert " ".join(listed[0]) == DELIVERY
    assert {it["platform"]: it["url"] for it in listed} == urls
    assert {it["status"] for it in listed} == {"published"}

    status = due.somos("status", "--json")
    assert (status.code, status.json) == (
        0,
        {"needs_a_person": [], "counts": {"published": 2}},
    )
    log = due.somos("log", "--json").json
    assert " ".join(log[0]) == ENTRY
    states = [entry["to"] for entry in log if entry["delivery"] == key("uno")]
    assert states == ["scheduled", "claimed", "publishing", "published"]
    assert all(entry["at"].endswith("Z") for entry in log)

    assert due.somos("run", "--once", "--json").json == {"deliveries": []}
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 1}


BESIDE = f"""
name = "Una prueba"
timezone = "America/Panama"
channels = ["instagram:somoslomismopa", "{X}"]
[[post]]
key = "uno"
due = 2060-12-01T09:00:00
text = "Somos lo mismo."
made_with_ai = true
[post.variant.instagram]
format = "reel"
assets = ["carmen.mp4"]
cover = "portada.jpg"
location = "110774245616525"
collaborators = ["@acnur", "@oim"]
tags = [{{ user = "@ana", x = 0.5, y = 0.25 }}, {{ user = "@luz" }}]
share_to_feed = false
paid_partnership = true
[post.variant.x]
replies = "mentioned"
"""


def test_what_goes_out_beside_the_text_is_shown(stage: Stage) -> None:
    accounts = rehearsal.accounts_for(["instagram:somoslomismopa", X])
    media = stage.folder / "media"
    film(media / "carmen.mp4", movflags="+faststart", use_editlist="0")
    draw(media / "portada.jpg", (540, 960))
    stage.write("media/carmen.mp4.toml", "cover = 1.5")
    stage.write(f"campaigns/{SLUG}.toml", BESIDE)
    with Sandbox(accounts=accounts, media_root=media) as box:
        stage.connect(box, accounts)
        assert stage.somos("schedule", SLUG).code == 0
    reel, tweet = key("uno", "instagram:somoslomismopa"), key("uno")
    assert stage.somos("queue", "show", reel, "--json").json["variant"] == {
        "format": "reel",
        "text": "Somos lo mismo.",
        "link": None,
        "assets": [{"path": "carmen.mp4", "alt": "", "cover": 1.5}],
        "extras": {
            "location": "110774245616525",
            "collaborators": ["acnur", "oim"],
            "tags": [
                {"user": "ana", "x": 0.5, "y": 0.25, "asset": 1},
                {"user": "luz", "x": None, "y": None, "asset": 1},
            ],
            "cover": "portada.jpg",
            "share_to_feed": False,
            "replies": None,
            "paid_partnership": True,
            "made_with_ai": True,
        },
    }
    shown = [" ".join(it.split()) for it in stage.somos("queue", "show", reel).out.splitlines()]
    assert set(shown) >= {
        "Cover: portada.jpg",
        "Location: 110774245616525",
        "Collaborators: @acnur, @oim",
        "Tag: @ana on asset 1 at 0.5, 0.25",
        "Tag: @luz on asset 1",
        "Feed: kept out of it",
        "Discloses: paid partnership, made with AI",
    }
    shown = [" ".join(it.split()) for it in stage.somos("queue", "show", tweet).out.splitlines()]
    assert set(shown) >= {"Replies: mentioned", "Discloses: made with AI"}
    assert not {it.partition(":")[0] for it in shown} & {"Feed", "Location", "Cover", "Tag"}


def test_what_did_not_go_as_it_was_wanted_is_said_and_shown(connected: Stage, box: Sandbox) -> None:
    film(connected.folder / "media" / "carmen.mp4")
    connected.write("media/carmen.mp4.toml", "cover = 1.5")
    connected.campaign({"uno": just_now()}, head="")
    path = connected.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(f'{path.read_text()}\n[post.variant.facebook]\nassets = ["carmen.mp4"]\n')
    assert "carmen.mp4: for facebook, its frame at 1.5 s, as JPEG" in (
        connected.somos("check", SLUG).out
    )
    assert connected.somos("schedule", SLUG).code == 0
    box.faults.add(Fault(match="POST /graph/*/thumbnails", kind="500"))
    ran = connected.somos("run", "--once")
    words = "Facebook did not take the cover of the video: "
    assert words in ran.err
    shown = connected.somos("queue", "show", key("uno", FACEBOOK)).out
    assert f"  Note:      {words}" in shown
    [note] = connected.somos("queue", "show", key("uno", FACEBOOK), "--json").json["notes"]
    assert note.startswith(words)


def test_each_move_is_a_line_on_standard_error(due: Stage, box: Sandbox) -> None:
    ran = due.somos("run", "--once")
    assert ran.out == ""
    [post] = [post for post in box.posts() if post.platform == "x"]
    assert f"{key('uno')}  is going out\n" in ran.err
    assert f"{key('uno')}  published  {post.url}\n" in ran.err


def test_an_answer_that_never_came_needs_a_person_who_then_settles_it(
    due: Stage, box: Sandbox
) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="done-then-500"))
    assert due.somos("run", "--once").code == 6
    [post] = [post for post in box.posts() if post.platform == "x"]

    told = due.somos("status")
    assert told.code == 6
    for line in (
        f"{key('uno')}  unconfirmed",
        "https://x.com/somoslomismo",
        f"somos queue settle {key('uno')} --published URL",
        f"somos queue settle {key('uno')} --not-published",
        "1 delivery needs a person.",
    ):
        assert line in told.out
    [stuck] = due.somos("status", "--json").json["needs_a_person"]
    assert (stuck["key"], stuck["status"]) == (key("uno"), "unconfirmed")

    settled = due.somos("queue", "settle", key("uno"), "--published", post.url, "--json")
    assert settled.json["status"] == "published"
    assert (settled.json["url"], settled.json["remote_id"]) == (post.url, post.id)
    assert due.somos("status").code == 0
    assert box.public_counts()["x"] == 1


def test_what_was_looked_for_in_vain_can_be_sent_again(due: Stage, box: Sandbox) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="500"))
    assert due.somos("run", "--once").code == 6
    absent = ("queue", "settle", key("uno"), "--not-published", "--json")
    assert due.somos(*absent).code == 4
    with sqlite3.connect(due.folder / "somos.db") as database:
        database.execute("UPDATE deliveries SET absent_after = '2020-01-01 00:00:00.000000'")
    assert due.somos(*absent).json["status"] == "failed"
    assert due.somos("queue", "retry", key("uno"), "--json").json["status"] == "scheduled"
    assert due.somos("run", "--once").code == 0
    assert box.public_counts()["x"] == 1


def test_a_token_that_ran_out_stops_one_channel_and_not_the_other(due: Stage, box: Sandbox) -> None:
    box.faults.add(Fault(match="* /graph/*", kind="190", times=99))
    for _ in range(2):
        assert due.somos("run", "--once").code == 6
        assert box.public_counts() == {"facebook": 0, "instagram": 0, "x": 1}
    told = due.somos("status")
    assert told.code == 6
    for line in (
        f"{FACEBOOK}  stopped",
        "Facebook no longer accepts the token",
        f"1 delivery, {key('uno', FACEBOOK)}",
        f"somos channel verify {FACEBOOK}",
    ):
        assert line in told.out
    document = due.somos("status", "--json").json
    [kept_back], [stopped] = document["needs_a_person"], document["channels"]
    assert kept_back["key"] == key("uno", FACEBOOK)
    assert (stopped["channel"], stopped["stopped"]) == (FACEBOOK, True)
    assert kept_back["reason"] == stopped["reason"]
    log = due.somos("log", "--json").json
    assert [it["event"] for it in log if it["reason"] == stopped["reason"]] == ["blocked"]

    assert due.somos("channel", "verify", FACEBOOK).code == 5
    assert due.somos("status").code == 6
    box.faults.clear()
    assert due.somos("channel", "verify", FACEBOOK).code == 0
    assert due.somos("status").code == 0
    assert due.somos("run", "--once").code == 0
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 1}


def test_a_network_that_asks_for_patience_gets_it_for_the_whole_channel(
    due: Stage, box: Sandbox
) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="429"))
    assert due.somos("run", "--once").code == 0
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 0}
    told = due.somos("status")
    assert told.code == 0
    assert f"{X} publishes nothing until" in told.out
    [held] = due.somos("status", "--json").json["channels"]
    assert (held["channel"], held["stopped"]) == (X, False)


def test_a_missing_secret_is_said_and_does_not_stop_the_other_channel(
    due: Stage, box: Sandbox
) -> None:
    [token] = [name for name in due.environ if name.endswith("_TOKEN") and "FACEBOOK" in name]
    due.environ[token] = None
    ran = due.somos("run", "--once")
    assert ran.code == 6
    assert f"WARNING: config.toml: channel[{FACEBOOK}].token: names env:{token}" in ran.err
    assert box.public_counts() == {"facebook": 0, "instagram": 0, "x": 1}


def test_a_network_that_cannot_be_reached_is_no_reason_to_call_a_person(
    due: Stage, box: Sandbox
) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="429", seconds=60))
    ran = due.somos("run", "--once")
    assert ran.code == 0
    assert "waits until" in ran.err
    [waiting] = due.somos("queue", "list", "--status", "scheduled", "--json").json
    assert waiting["key"] == key("uno")


@pytest.mark.parametrize(
    ("minutes", "comes"), [(20, "The program tries again at"), (300, "It is given up at")]
)
def test_what_waits_late_for_its_network_is_told_with_what_comes_of_it(
    due: Stage, minutes: int, comes: str
) -> None:
    change(due, run_at=minutes, reason="Slower.")
    told = due.somos("status")
    assert told.code == 6
    for line in (
        f"{key('uno')}  scheduled",
        "Slower.",
        comes,
        f"somos queue move {key('uno')} --at WHEN",
        "1 delivery needs a person.",
    ):
        assert line in told.out
    assert "somos run --once" not in told.out


def test_what_a_worker_has_in_hand_for_long_is_told(due: Stage) -> None:
    change(due, status="claimed", lease="a#1", lease_until=5)
    told = due.somos("status")
    assert told.code == 6
    assert f"{key('uno')}  claimed" in told.out
    assert "a worker has it in hand" in told.out
    assert "channel verify" not in told.out


def change(due: Stage, **values: str | int) -> None:
    """What was due an hour ago on X, in its grace still, stands so; times are minutes from now."""
    now = datetime.now(UTC).replace(tzinfo=None)
    times = {"due_at": -60, "expires_at": 60, "run_at": -70} | values
    row = {
        name: (now + timedelta(minutes=it)).isoformat(" ") if isinstance(it, int) else it
        for name, it in times.items()
    }
    columns = ", ".join(f"{name} = ?" for name in row)
    with sqlite3.connect(due.folder / "somos.db") as database:
        database.execute(
            f"UPDATE deliveries SET {columns} WHERE key = ?",  # noqa: S608
            (*row.values(), key("uno")),
        )


def test_an_hour_that_passed_is_missed_and_sent_only_when_asked_for(
    due: Stage, box: Sandbox
) -> None:
    with sqlite3.connect(due.folder / "somos.db") as database:
        database.execute("UPDATE deliveries SET expires_at = '2020-01-01 00:00:00.000000'")
    assert due.somos("run", "--once").code == 6
    assert box.posts() == []
    assert due.somos("status", "--json").json["counts"] == {"missed": 2}
    assert due.somos("queue", "retry", key("uno")).code == 0
    assert due.somos("run", "--once").code == 0
    assert box.public_counts()["x"] == 1


def test_a_cancelled_delivery_stays_unsent_and_its_reason_stands_in_the_log(
    due: Stage, box: Sandbox
) -> None:
    assert due.somos("queue", "cancel", key("uno"), "--reason", " ").code == 2
    cancelled = due.somos("queue", "cancel", key("uno"), "--reason", "otra fecha", "--json").json
    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "otra fecha")
    assert due.somos("run", "--once").code == 0
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 0}
    assert due.somos("log", "--json").json[2]["reason"] == "otra fecha"


@pytest.mark.parametrize(
    "words",
    [
        ["cancel", key("uno"), "--reason", "x"],
        ["retry", key("uno")],
        ["settle", key("uno"), "--not-published"],
    ],
    ids=lambda words: words[0],
)
def test_what_is_public_cannot_be_moved(due: Stage, words: list[str]) -> None:
    due.somos("run", "--once")
    refused = due.somos("queue", *words)
    assert refused.code == 4
    assert "is published" in refused.err
    assert due.somos("queue", *words, "--json").json["error"]["exit_code"] == 4


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--published", "1", "--not-published"],
        ["--published", "javascript:alert(1)"],
        ["--published", "https://"],
        ["--published", "two words"],
        ["--published", "https://x.com/a/status/1 2"],
        ["--published", ""],
    ],
)
def test_settling_asks_for_exactly_one_clear_answer(due: Stage, words: list[str]) -> None:
    assert due.somos("queue", "settle", key("uno"), *words).code == 2


@pytest.mark.parametrize(
    ("seen", "remote_id", "url"),
    [
        ("1795559", "1795559", None),
        ("https://x.com/a/status/1795559?s=20", "1795559", "https://x.com/a/status/1795559?s=20"),
        ("https://www.instagram.com/p/BAT-x_1/", "BAT-x_1", "https://www.instagram.com/p/BAT-x_1/"),
    ],
)
def test_a_person_may_give_an_address_or_an_id(
    due: Stage, box: Sandbox, seen: str, remote_id: str, url: str | None
) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="close"))
    due.somos("run", "--once")
    settled = due.somos("queue", "settle", key("uno"), "--published", seen, "--json").json
    assert (settled["remote_id"], settled["url"]) == (remote_id, url)


def test_a_delivery_is_shown_with_its_text_and_its_log(due: Stage) -> None:
    shown = due.somos("queue", "show", key("uno"), "--json").json
    extras = shown["variant"].pop("extras")
    assert [name for name in extras if extras[name]] == ["share_to_feed"]
    assert shown["variant"] == {
        "format": "feed",
        "text": "Somos lo mismo. uno",
        "link": None,
        "assets": [],
    }
    assert [entry["to"] for entry in shown["log"]] == ["scheduled"]
    human = due.somos("queue", "show", key("uno")).out
    assert "Somos lo mismo. uno" in human


def test_a_key_that_is_almost_right_is_helped(due: Stage) -> None:
    answer = due.somos("queue", "show", "uno@x")
    assert answer.code == 2
    assert key("uno") in answer.err


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("--status scheduled --channel x:somoslomismo", [key("uno")]),
        ("--status published --status cancelled", []),
        ("--campaign other", []),
        ("--campaign prueba", [key("uno", FACEBOOK), key("uno")]),
    ],
)
def test_the_list_is_narrowed(due: Stage, words: str, keys: list[str]) -> None:
    listed = due.somos("queue", "list", *words.split(), "--json").json
    assert [it["key"] for it in listed] == keys


def deliveries_of(entries: list[dict[str, Any]]) -> set[str]:
    return {entry["delivery"] for entry in entries}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("--channel x:somoslomismo", 2),
        ("--delivery prueba/dos@x:somoslomismo", 1),
        ("--post dos", 2),
        ("--since 1h", 4),
        ("--since 2060-01-01", 0),
        ("--since 2020-01-01T09:00", 4),
        ("--since 2060-01-01T09:00:00-05:00", 0),
    ],
)
def test_the_log_is_narrowed(connected: Stage, words: str, number: int) -> None:
    connected.campaign({"uno": FAR, "dos": FAR})
    connected.somos("schedule", SLUG)
    assert len(connected.somos("log", *words.split(), "--json").json) == number


def test_a_log_that_was_tampered_with_is_found_out(due: Stage) -> None:
    whole = due.somos("log", "verify", "--json")
    assert (whole.code, whole.json) == (0, {"broken": [], "entries": 2})
    assert due.somos("log", "verify").out == "The log is whole: 2 entries.\n"
    with sqlite3.connect(due.folder / "somos.db") as database:
        database.execute("UPDATE log SET actor = 'someone else' WHERE channel = ?", (X,))
    broken = due.somos("log", "verify", "--json")
    assert broken.code == 6
    assert len(broken.json["broken"]) == 1
    assert X in due.somos("log", "verify").out


def test_the_daemon_publishes_until_it_is_told_to_end(due: Stage, box: Sandbox) -> None:
    running = due.start("run", "--json")
    assert running.stderr
    for _ in range(2):
        _read_until(running.stderr, "  published  ")
    running.send_signal(signal.SIGTERM)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "nothing is left in hand" in err
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 1}


def test_a_second_signal_ends_the_daemon_at_once(due: Stage, box: Sandbox) -> None:
    box.faults.add(Fault(match="POST /x/2/tweets", kind="slow", seconds=20))
    running = due.start("run")
    assert running.stderr
    _read_until(running.stderr, f"{key('uno')}  is going out")
    running.send_signal(signal.SIGTERM)
    _read_until(running.stderr, "Once more ends at once")
    running.send_signal(signal.SIGTERM)
    assert running.wait(10) == 128 + signal.SIGTERM
    in_hand = due.somos("queue", "list", "--status", "publishing", "--json").json
    assert key("uno") in [it["key"] for it in in_hand]


def _read_until(lines: Any, words: str) -> None:
    for line in iter(lines.readline, ""):
        if words in line:
            return
    raise AssertionError(f"it ended without {words!r}")


def test_what_is_public_is_taken_down_and_looked_for_again(due: Stage, box: Sandbox) -> None:
    assert due.somos("run", "--once").code == 0
    gone = due.somos("queue", "remove", key("uno"), "--json")
    assert (gone.code, gone.json["status"]) == (0, "removed")
    assert box.public_counts() == {"facebook": 1, "instagram": 0, "x": 0}
    assert due.somos("queue", "remove", key("uno")).code == 4
    assert due.somos("log", "verify").code == 0


def test_what_cannot_be_taken_down_needs_a_person_who_gets_the_link_and_the_reason(
    due: Stage, box: Sandbox
) -> None:
    assert due.somos("run", "--once").code == 0
    box.faults.add(Fault(match="DELETE /graph/*", kind="190"))
    kept = due.somos("queue", "remove", key("uno", FACEBOOK))
    assert kept.code == 6
    [post] = [post for post in box.posts() if post.platform == "facebook"]
    for words in (
        "no longer accepts the token",
        post.url,
        f"somos queue settle {key('uno', FACEBOOK)} --not-published",
    ):
        assert words in kept.err
    told = due.somos("status")
    assert told.code == 6
    assert post.url in told.out
    settled = due.somos("queue", "settle", key("uno", FACEBOOK), "--not-published", "--json")
    assert settled.json["status"] == "removed"
    assert due.somos("status").code == 0
