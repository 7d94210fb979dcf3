"""`somos metrics`: figures of what went out, network by network, kept by day."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from somos_social import rehearsal
from somos_social.platforms.x_client import XClient
from somos_social.sandbox import Account, Fault, Sandbox
from somos_social.sandbox.meta_app import Grant
from tests.cli.stage import FACEBOOK, SLUG, Stage, X, just_now, key

NEITHER = Grant(scopes=())


class Later:
    """A clock of the networks that can be put forward."""

    by = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def box(accounts: list[Account], clock: Later) -> Iterator[Sandbox]:
    with Sandbox(accounts=accounts, clock=clock) as box:
        yield box


@pytest.fixture
def desk(connected: Stage, clock: Later) -> Stage:
    """Three posts on two networks, which have been seen for ten hours."""
    connected.campaign({name: just_now() for name in ("uno", "dos", "tres")})
    assert connected.somos("schedule", SLUG).code == 0
    assert connected.somos("run", "--once").code == 0
    clock.by = timedelta(hours=10)
    return connected


def test_figures_are_read_kept_and_shown(desk: Stage) -> None:
    answer = desk.somos("metrics", "pull", "--json")
    assert answer.code == 0, answer.out
    told = {it["channel"]: it for it in answer.json}
    assert told[FACEBOOK] == {
        "channel": FACEBOOK,
        "posts": 3,
        "measured": 3,
        "gone": [],
        "untold": [],
        "until": None,
    }
    shown = desk.somos("metrics", "show", SLUG, "--json").json
    assert {it["key"] for it in shown} == {
        key(post, channel) for post in ("uno", "dos", "tres") for channel in (FACEBOOK, X)
    }
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    for it in shown:
        assert it["day"] == today
        assert ("reach" in it["figures"]) is (it["platform"] == "facebook")
        assert it["figures"]["views"] > 0
    lines = desk.somos("metrics", "show", f"campaigns/{SLUG}.toml").out.splitlines()
    assert len(lines) == 7


def test_the_last_figures_of_a_day_stand(desk: Stage, clock: Later) -> None:
    def views() -> int:
        assert desk.somos("metrics", "pull", "--channel", X).code == 0
        shown = desk.somos("metrics", "show", SLUG, "--json").json
        assert {it["channel"] for it in shown} == {X}
        return sum(it["figures"]["views"] for it in shown)

    before = views()
    clock.by += timedelta(hours=10)
    assert views() > before


def test_the_report_compares_only_within_a_network_and_only_of_three(desk: Stage) -> None:
    before = desk.somos("report", SLUG, "--html", "before.html")
    assert before.code == 0
    assert "No se han leído cifras" in (desk.folder / "before.html").read_text()
    desk.somos("metrics", "pull")
    found = desk.somos("report", SLUG, "--json", "--html", "r.html").json
    assert [(it["platform"], it["name"], it["posts"]) for it in found["by_kind"]] == [
        ("facebook", "text", 3),
        ("x", "text", 3),
    ]
    assert all(it["enough"] and not it["best"] for it in found["by_kind"])
    html = (desk.folder / "r.html").read_text()
    assert "El alcance no se suma entre redes" in html
    assert "Por tipo de publicación" in html
    assert found["measured_on"] == f"{datetime.now(UTC):%Y-%m-%d}"


def test_with_too_few_posts_the_report_says_so(connected: Stage, clock: Later) -> None:
    connected.campaign({"uno": just_now()})
    connected.somos("schedule", SLUG)
    connected.somos("run", "--once")
    clock.by = timedelta(hours=10)
    connected.somos("metrics", "pull")
    connected.somos("report", SLUG, "--html", "r.html")
    assert "muy pocas para decir algo" in (connected.folder / "r.html").read_text()


def test_what_one_network_does_not_tell_keeps_no_other_back(desk: Stage, box: Sandbox) -> None:
    box.faults.add(Fault(match="GET /x/2/tweets", kind="429", seconds=600))
    answer = desk.somos("metrics", "pull")
    assert answer.code == 5
    assert f"{FACEBOOK}: figures of 3 of 3 posts." in answer.out
    assert f"{X}: figures of 0 of 3 posts." in answer.out
    assert "It is left alone until" in answer.err


def test_a_post_that_somebody_deleted_there_is_named(desk: Stage) -> None:
    shown = desk.somos("queue", "show", key("uno"), "--json").json
    account = next(it for it in desk.accounts if it.platform == "x")
    names = ("api_key", "api_secret", "access_token", "access_token_secret")
    config = (desk.folder / "config.toml").read_text()
    rebase = tomllib.loads(config)["rebase"]
    by_hand = XClient(
        **{name: account.secrets[name] for name in names},
        timeout=timedelta(seconds=10),
        rebase=rebase,
    )
    by_hand.data(lambda client: client.delete_tweet(shown["remote_id"]))
    answer = {it["channel"]: it for it in desk.somos("metrics", "pull", "--json").json}
    assert answer[X]["gone"] == [key("uno")]
    assert (answer[X]["posts"], answer[X]["measured"]) == (3, 2)
    assert key("uno") in desk.somos("metrics", "pull").err


def test_a_channel_without_its_secret_is_told_and_the_others_go_on(desk: Stage) -> None:
    missing = {name: "" for name in desk.environ if name.startswith("SOMOS_X_")}
    answer = desk.somos("metrics", "pull", **missing)
    assert answer.code == 5
    assert f"{FACEBOOK}: figures of 3 of 3 posts." in answer.out


def test_a_missing_permission_is_one_line(stage: Stage) -> None:
    accounts = [replace(it, grant=NEITHER) for it in rehearsal.accounts_for([FACEBOOK, X])]
    with Sandbox(accounts=accounts) as box:
        stage.connect(box, accounts)
        stage.campaign({"uno": just_now(), "dos": just_now()})
        assert stage.somos("schedule", SLUG).code == 0
        stage.somos("run", "--once")
        answer = stage.somos("metrics", "pull")
    assert answer.code == 5
    assert answer.err.count("read_insights") == 1
    assert f"{X}: figures of 2 of 2 posts." in answer.out


def test_what_is_not_known_is_told_in_words(desk: Stage) -> None:
    assert desk.somos("metrics", "pull", "--channel", "x:nadie").code == 2
    nothing = desk.somos("metrics", "show", "nadie")
    assert nothing.code == 0
    assert "metrics pull" in nothing.err
    assert desk.somos("metrics", "show", "nadie", "--json").json == []
