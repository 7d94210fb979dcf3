"""What is hardly meant is told by check, plan and schedule, and is in nobody's way."""

from datetime import timedelta

import pytest

from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, X, a_campaign, key

FIELDS = ["file", "key", "problem", "hint", "rule"]


@pytest.fixture
def doubled(connected: Stage) -> Stage:
    """Two posts of the same words within an hour."""
    text = a_campaign({"uno": FAR, "dos": FAR + timedelta(minutes=30)})
    connected.write(f"campaigns/{SLUG}.toml", text.replace("mismo. dos", "mismo. uno"))
    return connected


@pytest.mark.parametrize("command", ["check", "plan", "schedule"])
def test_a_warning_is_told_beside_the_answer_and_blocks_nothing(
    doubled: Stage, command: str
) -> None:
    answer = doubled.somos(command, SLUG)
    assert answer.code == 0
    assert f"2 warnings of campaigns/{SLUG}.toml:\n" in answer.err
    assert "post[dos]: says the very words of `uno` (2060-12-01 09:00), on" in answer.err
    assert "(same-text)\n      Write other words. X refuses a text twice." in answer.err
    assert "warning" not in answer.out
    told = doubled.somos(command, SLUG, "--json").json["warnings"]
    assert [list(it) for it in told] == [FIELDS, FIELDS]
    assert [it["rule"] for it in told] == ["same-text", "within-an-hour"]
    assert {it["file"] for it in told} == {f"campaigns/{SLUG}.toml"}


def test_where_nothing_is_wrong_nothing_is_told(connected: Stage) -> None:
    connected.campaign({"uno": FAR, "dos": FAR + timedelta(days=1)})
    for command in ("check", "plan", "schedule"):
        answer = connected.somos(command, SLUG)
        assert "warning" not in answer.err
        assert "warnings" not in connected.somos(command, SLUG, "--json").json


def test_two_campaigns_are_held_against_one_another(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    connected.write("campaigns/otra.toml", a_campaign({"dos": FAR}))
    told = connected.somos("check", SLUG, "otra", "--json").json["warnings"]
    assert [it["rule"] for it in told] == ["within-an-hour"]
    assert connected.somos("check", "otra", "--json").json == {"problems": []}
    assert connected.somos("schedule", SLUG).code == 0
    for command in ("check", "plan"):
        told = connected.somos(command, "otra", "--json").json["warnings"]
        assert [(it["rule"], it["file"]) for it in told] == [
            ("within-an-hour", "campaigns/otra.toml")
        ]


def test_a_move_into_a_blackout_is_told(connected: Stage) -> None:
    silence = '[[blackout]]\nfrom = 2060-12-05\nreason = "Elecciones"\n'
    connected.campaign({"uno": FAR}, head=silence)
    assert connected.somos("schedule", SLUG).code == 0
    answer = connected.somos("queue", "move", f"{SLUG}/uno", "--at", "2060-12-05T10:00")
    assert answer.code == 0
    assert "falls into the blackout `Elecciones`" in answer.err


def test_plan_says_what_x_will_bill_until_it_is_scheduled(connected: Stage) -> None:
    connected.write(
        f"campaigns/{SLUG}.toml",
        a_campaign({"uno": FAR, "dos": FAR + timedelta(days=1)}).replace(
            "lo mismo. uno", "acnur.org"
        ),
    )
    planned = connected.somos("plan", SLUG)
    assert (
        "X will bill about $0.215 for 2 posts: 1 of them holds a URL ($0.200 each; $0.015 without)."
        in planned.out
    )
    bill = {"posts": 2, "with_url": 1, "usd": 0.215}
    assert connected.somos("plan", SLUG, "--json").json["x_bill"] == bill
    assert connected.somos("schedule", SLUG).code == 0
    assert "x_bill" not in connected.somos("plan", SLUG, "--json").json
    assert "X will bill" not in connected.somos("plan", SLUG).out


def test_marked_links_go_out_on_x_and_the_post_is_known_by_them(connected: Stage) -> None:
    post = a_campaign({"uno": FAR}, head="[links]\nutm = true").replace(
        "mismo. uno", "acnur.org/es"
    )
    connected.write(f"campaigns/{SLUG}.toml", post)
    assert connected.somos("schedule", SLUG).code == 0
    shown = {
        channel: connected.somos("queue", "show", key("uno", channel), "--json").json["variant"]
        for channel in (FACEBOOK, X)
    }
    tags = "utm_source=x&utm_medium=social&utm_campaign=prueba&utm_content=uno"
    assert shown[X]["text"] == f"Somos lo acnur.org/es?{tags}"
    assert shown[FACEBOOK]["text"] == "Somos lo acnur.org/es"
    assert connected.somos("plan", SLUG, "--json").json["changes"][0]["change"] == "untouched"


def test_a_repeated_post_is_found_by_its_name_in_the_log_and_for_approvals(
    connected: Stage,
) -> None:
    series = (
        '[[post]]\nkey = "serie"\ndue = 2060-12-01T09:00:00\n'
        'repeat = { rule = "FREQ=WEEKLY;COUNT=2", texts = ["Uno.", "Dos."] }\n'
    )
    connected.write(f"campaigns/{SLUG}.toml", a_campaign({"uno": FAR}) + series)
    assert connected.somos("schedule", SLUG).code == 0
    assert len(connected.somos("log", "--post", "serie", "--json").json) == 4
    assert len(connected.somos("log", "--post", "serie~2060-12-08", "--json").json) == 2
