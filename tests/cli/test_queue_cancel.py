"""What is called off goes out no more and leaves its file; what is public stays in it."""

from datetime import timedelta

import pytest

from somos_social.sandbox import Sandbox
from tests.cli.stage import FACEBOOK, FAR, SLUG, Answer, Stage, X, a_campaign, just_now, key

WHY = ("--reason", "Un duelo.")


def file(desk: Stage) -> str:
    return (desk.folder / "campaigns" / f"{SLUG}.toml").read_text(encoding="utf-8")


def statuses(desk: Stage) -> dict[str, str]:
    return {it["key"]: it["status"] for it in desk.somos("queue", "list", "--json").json}


def planned(desk: Stage) -> set[str]:
    return {it["change"] for it in desk.somos("plan", SLUG, "--json").json["changes"]}


def cancelled(desk: Stage, what: str, *words: str) -> Answer:
    return desk.somos("queue", "cancel", what, *WHY, *words)


@pytest.fixture
def due(connected: Stage) -> Stage:
    """One post that is due now and one far away, on Facebook and X."""
    connected.campaign({"uno": just_now(), "lejos": FAR})
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def test_one_delivery_leaves_the_channels_of_its_post(due: Stage) -> None:
    answer = cancelled(due, key("lejos"))
    assert answer.code == 0
    assert f"campaigns/{SLUG}.toml asks for it no more." in answer.err
    assert f'channels = ["{FACEBOOK}"]\ntext = "Somos lo mismo. lejos"' in file(due)
    assert statuses(due)[key("lejos")] == "cancelled"
    assert planned(due) == {"untouched"}


def test_what_is_left_of_a_post_moves_as_a_whole(due: Stage) -> None:
    assert cancelled(due, key("lejos")).code == 0
    assert due.somos("queue", "move", f"{SLUG}/lejos", "--at", "2061-01-02T18:30").code == 0
    assert "due = 2061-01-02T18:30:00" in file(due)
    assert "variant" not in file(due)
    assert planned(due) == {"untouched"}


def test_what_was_called_off_behind_its_file_does_not_move_with_the_rest(due: Stage) -> None:
    before = file(due)
    assert cancelled(due, key("lejos")).code == 0
    path = due.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(before, encoding="utf-8")
    assert due.somos("queue", "move", f"{SLUG}/lejos", "--at", "2061-01-02T18:30").code == 0
    assert due.somos("schedule", SLUG).code == 0
    assert statuses(due)[key("lejos")] == "cancelled"


def test_the_last_delivery_takes_its_post_out_of_the_file(due: Stage) -> None:
    assert cancelled(due, key("lejos")).code == cancelled(due, key("lejos", FACEBOOK)).code == 0
    assert "lejos" not in file(due)
    assert planned(due) == {"untouched"}


def test_a_post_is_taken_out_as_a_whole(due: Stage) -> None:
    answer = cancelled(due, f"{SLUG}/lejos", "--json")
    assert (answer.code, answer.json["status"]) == (0, "cancelled")
    assert "lejos" not in file(due)
    assert {it for name, it in statuses(due).items() if "lejos" in name} == {"cancelled"}


def test_what_is_public_stays_in_the_file(due: Stage, box: Sandbox) -> None:
    assert due.somos("run", "--once").code == 0
    before = file(due)
    refused = cancelled(due, f"{SLUG}/uno")
    assert refused.code == 4
    assert "waits any more" in refused.err
    assert cancelled(due, key("uno")).code == 4
    assert file(due) == before
    assert planned(due) == {"untouched"}


def test_of_a_post_that_is_public_on_one_channel_the_other_leaves_the_file(due: Stage) -> None:
    due.somos("pause", "--channel", X, "--reason", "Cuenta robada.")
    assert due.somos("run", "--once").code == 0
    assert cancelled(due, f"{SLUG}/uno").code == 0
    assert f'channels = ["{FACEBOOK}"]\ntext = "Somos lo mismo. uno"' in file(due)
    assert planned(due) == {"untouched"}


def test_a_post_that_was_never_scheduled_leaves_its_file(due: Stage) -> None:
    due.campaign({"uno": just_now(), "lejos": FAR, "nueva": FAR + timedelta(days=1)})
    answer = cancelled(due, f"{SLUG}/nueva")
    assert answer.code == 0
    assert "was not scheduled" in answer.out
    assert "nueva" not in file(due)


def test_a_first_comment_or_the_end_of_a_thread_is_called_off_alone(due: Stage) -> None:
    more = 'thread = [{ text = "Dos." }, { text = "Tres." }]\nfirst_comment = "Lee más."\n'
    path = due.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(
        file(due).replace(f'"{FACEBOOK}", ', "").rstrip() + "\n" + more, encoding="utf-8"
    )
    assert due.somos("schedule", SLUG).code == 0
    main = key("lejos") if f"{key('lejos')}#3" in statuses(due) else key("uno")
    assert cancelled(due, f"{main}#3").code == 0
    assert cancelled(due, f"{main}#comment").code == 0
    found = statuses(due)
    assert [found[f"{main}{end}"] for end in ("", "#2", "#3", "#comment")] == [
        "scheduled",
        "scheduled",
        "cancelled",
        "cancelled",
    ]
    assert planned(due) == {"untouched"}
    assert cancelled(due, main).code == 0
    assert {it for name, it in statuses(due).items() if name.startswith(main)} == {"cancelled"}


# A file that cannot be changed.


BROKEN = {
    "is gone": None,
    "is no TOML": "channels = [",
    "has its posts in a list": a_campaign({}) + 'post = [{ key = "lejos", due = 2060-12-01 }]\n',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_harm_is_kept_away_even_where_the_file_cannot_be_changed(
    due: Stage, text: str | None
) -> None:
    path = due.folder / "campaigns" / f"{SLUG}.toml"
    before = file(due)
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    answer = cancelled(due, f"{SLUG}/lejos")
    assert answer.code == 0
    assert {it for name, it in statuses(due).items() if "lejos" in name} == {"cancelled"}
    assert "Where it still asks for it, take it out by hand" in answer.err
    # Scheduling does not bring it back, and says so; nor does an edit of its words.
    for edited in (before, before.replace("mismo. lejos", "mismo. Muy lejos")):
        path.write_text(edited, encoding="utf-8")
        scheduled = due.somos("schedule", SLUG, "--json")
        [warning, *_] = scheduled.json["warnings"]
        assert (warning["rule"], warning["key"]) == ("cancelled", "post[lejos]")
        assert "its file still asks for it: it does not go out" in warning["problem"]
        assert statuses(due)[key("lejos")] == "cancelled"
    # Who calls it off again, or by one channel, has the file follow.
    assert cancelled(due, key("lejos")).code == 0
    assert "lejos" not in file(due)
    assert cancelled(due, key("lejos")).code == 4


def test_a_new_time_brings_back_what_was_called_off_and_says_so(due: Stage) -> None:
    before = file(due)
    assert cancelled(due, f"{SLUG}/lejos").code == 0
    later = before.replace("due = 2060-12-01", "due = 2060-12-02")
    (due.folder / "campaigns" / f"{SLUG}.toml").write_text(later, encoding="utf-8")
    answer = due.somos("plan", SLUG)
    assert f"was cancelled on {FACEBOOK} and {X} (Un duelo.), and has a new time" in answer.err
    assert due.somos("schedule", SLUG).code == 0
    assert statuses(due)[key("lejos")] == "scheduled"


def test_what_its_file_does_not_ask_for_is_cancelled_without_a_word_about_it(due: Stage) -> None:
    (due.folder / "campaigns" / f"{SLUG}.toml").write_text(
        a_campaign({"uno": just_now()}), encoding="utf-8"
    )
    answer = cancelled(due, f"{SLUG}/lejos")
    assert answer.code == 0
    assert "asks for it" not in answer.err


@pytest.mark.parametrize("what", [f"{SLUG}/nada", "otra/lejos", f"{SLUG}/lejos@x:nadie", "lejos"])
def test_what_nobody_knows_is_not_called_off(due: Stage, what: str) -> None:
    before = file(due)
    assert cancelled(due, what).code == 2
    assert file(due) == before
    assert "cancelled" not in statuses(due).values()


# A post that repeats.

SERIES = """
[[post]]
key = "serie"
due = 2060-12-01T09:00:00
repeat = { rule = "FREQ=WEEKLY;COUNT=3", texts = ["Uno.", "Dos.", "Tres."] }
"""


@pytest.fixture
def series(connected: Stage) -> Stage:
    connected.write(f"campaigns/{SLUG}.toml", a_campaign({}) + SERIES)
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def test_a_day_of_a_repeated_post_is_left_out_as_a_whole_or_on_one_channel(series: Stage) -> None:
    assert cancelled(series, f"{SLUG}/serie~2060-12-08").code == 0
    assert cancelled(series, key("serie~2060-12-15")).code == 0
    assert f'without = ["2060-12-08", "2060-12-15@{X}"]' in file(series)
    assert planned(series) == {"untouched"}
    left = [name for name, it in statuses(series).items() if it == "scheduled"]
    assert len(left) == 3


def test_a_repeated_post_is_called_off_as_a_whole(series: Stage) -> None:
    assert cancelled(series, f"{SLUG}/serie").code == 0
    assert "serie" not in file(series)
    assert set(statuses(series).values()) == {"cancelled"}


def test_the_last_day_takes_the_repeated_post_out_of_the_file(series: Stage) -> None:
    for day in ("01", "08", "15"):
        assert "serie" in file(series)
        assert cancelled(series, f"{SLUG}/serie~2060-12-{day}").code == 0
    assert "serie" not in file(series)


def test_a_day_of_a_repeated_post_moves_and_comes_back_under_its_name(series: Stage) -> None:
    day = f"{SLUG}/serie~2060-12-08"
    assert series.somos("queue", "move", day, "--at", "2060-12-09T10:00").code == 0
    assert "moved = {2060-12-08 = 2060-12-09T10:00:00}" in file(series)
    words = (key("serie~2060-12-15"), "--at", "2060-12-15T18:00")
    assert series.somos("queue", "move", *words).code == 0
    assert f'"2060-12-15@{X}" = 2060-12-15T18:00:00' in file(series)
    assert planned(series) == {"untouched"}
    assert series.somos("queue", "move", f"{SLUG}/serie", "--at", "2060-12-09T10:00").code == 2


def test_another_rule_leaves_what_is_public_and_says_nothing_again(
    connected: Stage, box: Sandbox
) -> None:
    first = just_now().astimezone().replace(microsecond=0, tzinfo=None)
    begun = SERIES.replace("2060-12-01T09:00:00", first.isoformat())
    connected.write(f"campaigns/{SLUG}.toml", a_campaign({}) + begun)
    assert connected.somos("schedule", SLUG).code == 0
    assert connected.somos("run", "--once").code == 0
    assert len(box.posts()) == 2
    other = first.replace(hour=(first.hour + 1) % 24)
    # Another hour: the first day is public and stays untouched, the others move.
    later = begun.replace(first.isoformat(), other.isoformat())
    connected.write(f"campaigns/{SLUG}.toml", a_campaign({}) + later)
    found = connected.somos("plan", SLUG, "--json")
    assert found.code == 0
    assert sorted(it["change"] for it in found.json["changes"]) == ["amend"] * 4 + ["untouched"] * 2
    # Another first day with the same words would say them twice.
    tomorrow = (first + timedelta(days=1)).isoformat()
    again = SERIES.replace("2060-12-01T09:00:00", tomorrow)
    connected.write(f"campaigns/{SLUG}.toml", a_campaign({}) + again)
    refused = connected.somos("schedule", SLUG, "--json")
    assert refused.code == 3
    assert "It says again what went out as serie~" in refused.json["problems"][0]["problem"]
    assert connected.somos("run", "--once").code == 0
    assert len(box.posts()) == 2
