"""check, plan and schedule: what they say, and what they leave as it is."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, just_now, key

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def changes(answer_json: dict[str, list[dict[str, object]]]) -> dict[object, object]:
    return {change["key"]: change["change"] for change in answer_json["changes"]}


def test_check_needs_no_config_and_sums_the_campaign_up(stage: Stage) -> None:
    stage.campaign({"uno": FAR, "dos": FAR + timedelta(days=1)})
    answer = stage.somos("check", "campaigns/prueba.toml")
    assert answer.code == 0
    assert answer.out == (
        "prueba: no problems. 2 posts, 4 deliveries, 0 hand-offs, "
        "from 2060-12-01 09:00 to 2060-12-02 09:00 (America/Panama).\n"
    )
    assert list(stage.folder.iterdir()) == [stage.folder / "campaigns"]


def test_a_campaign_may_be_named_by_its_slug(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    assert stage.somos("check", SLUG).code == 0


def test_check_says_every_problem_of_every_file_with_what_to_do(stage: Stage) -> None:
    stage.write("uno.toml", 'name = "Uno"\ntimezone = "America/Panam"\n')
    stage.write("dos.toml", "channels = [")
    answer = stage.somos("check", "uno.toml", "dos.toml", "tres.toml")
    assert answer.code == 3
    assert answer.out == ""
    for said in ("uno.toml\n  timezone: ", "Did you mean", "dos.toml\n", "tres.toml\n"):
        assert said in answer.err
    problems = stage.somos("--json", "check", "uno.toml", "dos.toml", "tres.toml").json["problems"]
    assert {"file", "key", "problem", "hint"} == set(problems[0])
    assert {problem["file"] for problem in problems} == {"uno.toml", "dos.toml", "tres.toml"}


def test_check_of_a_good_campaign_is_an_empty_list_in_json(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    assert stage.somos("check", SLUG, "--json").json == {"problems": []}


def test_check_refuses_an_hour_that_is_past(stage: Stage) -> None:
    stage.campaign({"uno": YESTERDAY})
    [problem] = stage.somos("check", SLUG, "--json").json["problems"]
    assert problem["key"] == "post[uno].due"


def test_check_knows_what_is_scheduled_already(connected: Stage) -> None:
    connected.campaign({"uno": just_now()})
    assert connected.somos("schedule", SLUG).code == 0
    database = connected.folder / "somos.db"
    _make_it_yesterday(connected, database)
    assert connected.somos("check", SLUG).code == 0
    database.unlink()
    assert connected.somos("check", SLUG).code == 3
    assert not database.exists()


def _make_it_yesterday(connected: Stage, database: Path) -> None:
    connected.campaign({"uno": YESTERDAY})
    with sqlite3.connect(database) as connection:
        moment = YESTERDAY.replace(tzinfo=None, microsecond=0).isoformat(" ")
        connection.execute("UPDATE deliveries SET due_at = ?", (f"{moment}.000000",))


def test_check_holds_the_channels_against_the_config(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    config = connected.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace("facebook:somoslomismo", "facebook:otra")
    config.write_text(text, encoding="utf-8")
    [problem] = connected.somos("check", SLUG, "--json").json["problems"]
    assert problem["key"] == "channels[0]"


def test_a_config_with_problems_is_no_reason_to_pass_over_it(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    stage.write("config.toml", "[nonsense]\n")
    assert stage.somos("check", SLUG).code == 3


def test_the_media_may_be_named_and_else_lies_beside_the_campaigns(stage: Stage) -> None:
    stage.campaign({"uno": FAR})
    path = stage.folder / "campaigns/prueba.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'assets = ["foto.png"]\n', encoding="utf-8")
    (stage.folder / "away").mkdir()
    assert stage.somos("check", SLUG).code == 3
    picture = stage.folder / "pictures" / "foto.png"
    picture.parent.mkdir()
    _draw(picture)
    assert stage.somos("check", SLUG, "--media", "pictures").code == 0
    picture.parent.rename(stage.folder / "media")
    assert stage.somos("check", SLUG).code == 0
    from_elsewhere = Stage(folder=stage.folder / "away", environ=stage.environ)
    assert from_elsewhere.somos("check", str(path)).code == 0


def _draw(path: Path) -> None:
    Image.new("RGB", (400, 400), "orange").save(path)


def test_plan_says_what_would_change_and_writes_nothing(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    planned = connected.somos("plan", SLUG, "--json")
    assert planned.code == 0
    assert planned.json == {
        "changes": [
            {"change": "add", "key": key("uno", FACEBOOK), "blocked_by": []},
            {"change": "add", "key": key("uno"), "blocked_by": []},
        ],
        "x_bill": {"posts": 1, "with_url": 0, "usd": 0.015},
    }
    assert connected.somos("queue", "list", "--json").json == []


def test_schedule_makes_it_so_and_twice_changes_nothing(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    assert connected.somos("schedule", SLUG).out.endswith("2 added.\n")
    again = connected.somos("schedule", SLUG)
    assert (again.code, again.out) == (0, "2 untouched.\n")
    assert len(connected.somos("queue", "list", "--json").json) == 2


def test_what_changed_is_amended_and_what_is_gone_is_withdrawn(connected: Stage) -> None:
    connected.campaign({"uno": FAR, "dos": FAR})
    connected.somos("schedule", SLUG)
    connected.campaign({"uno": FAR + timedelta(hours=1)})
    answer = connected.somos("schedule", SLUG, "--json")
    assert changes(answer.json) == {
        key("uno", FACEBOOK): "amend",
        key("uno"): "amend",
        key("dos", FACEBOOK): "withdraw",
        key("dos"): "withdraw",
    }
    assert answer.err == "2 amended, 2 withdrawn.\n"
    statuses = {it["key"]: it["status"] for it in connected.somos("--json", "queue", "list").json}
    assert statuses[key("dos")] == "cancelled"


def test_a_change_that_comes_too_late_is_said_loudly(connected: Stage) -> None:
    due = just_now()
    connected.campaign({"uno": due})
    connected.somos("schedule", SLUG)
    assert connected.somos("run", "--once").code == 0
    connected.campaign({"uno": due}, text="Otra cosa.")
    answer = connected.somos("schedule", SLUG)
    assert answer.code == 0
    assert "WARNING: 2 deliveries can no longer be changed" in answer.err
    assert key("uno") in answer.err


def test_an_empty_campaign_withdraws_only_when_told_to(connected: Stage) -> None:
    connected.campaign({"uno": FAR})
    connected.somos("schedule", SLUG)
    connected.campaign({})
    assert connected.somos("plan", SLUG).code == 3
    assert connected.somos("plan", SLUG, "--empty").out.endswith("2 to withdraw.\n")
    refused = connected.somos("schedule", SLUG)
    assert refused.code == 3
    assert "--empty" in refused.err
    assert connected.somos("schedule", SLUG, "--empty").out.endswith("2 withdrawn.\n")


def test_what_waits_for_approval_is_scheduled_and_does_not_go_out(connected: Stage) -> None:
    connected.campaign({"uno": FAR}, head='approvals = ["UNHCR"]')
    planned = connected.somos("plan", SLUG, "--json")
    assert planned.code == 0
    assert planned.json["changes"][0]["blocked_by"] == ["UNHCR has not approved it"]
    assert connected.somos("schedule", SLUG, "--json").code == 0
    assert connected.somos("run", "--once").code == 0


def test_hand_offs_are_listed_once_they_are_scheduled(connected: Stage) -> None:
    handoffs = "".join(
        f'[[handoff]]\nkey = "{name}"\ninfluencer = "@{name}"\ncontact = "{name}@example.org"\n'
        f"live_due = {due:%Y-%m-%dT%H:%M:%S}\nbrief = 'Con tus palabras.'\n"
        for name, due in (("ana", YESTERDAY), ("eva", FAR))
    )
    connected.campaign({"uno": FAR})
    path = connected.folder / "campaigns/prueba.toml"
    path.write_text(path.read_text(encoding="utf-8") + handoffs, encoding="utf-8")
    assert connected.somos("schedule", SLUG).code == 0
    late, coming = connected.somos("handoff", "list", "--json").json
    stable = "key campaign influencer status draft_due live_due url late"
    assert " ".join(list(late)[:8]) == stable
    assert (late["key"], late["late"], coming["late"]) == ("ana", True, False)
    assert coming["live_due"] == "2060-12-01T19:00:00Z"
    assert "offered, late" in connected.somos("handoff", "list").out


@pytest.mark.parametrize("command", ["plan", "schedule", "check"])
def test_a_campaign_that_does_not_exist_is_a_problem(connected: Stage, command: str) -> None:
    answer = connected.somos(command, "nowhere", "--json")
    assert answer.code == 3
    assert answer.json["problems"][0]["file"] == "nowhere"
