"""A post that repeats: on the days of its rule, on the clocks of its place, with other words."""

from datetime import UTC, datetime

import pytest

from somos_social.core.campaign import deliveries
from somos_social.core.model.campaign import Campaign
from somos_social.core.model.delivery import Policy
from tests.files.desk import HEAD, Desk

FACEBOOK, INSTAGRAM, X = "facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"
RULE = 'rule = "FREQ=WEEKLY;COUNT=3"'
TEXTS = 'texts = ["Uno.", "Dos.", "Tres."]'


def a_post(repeat: str, more: str = "", *, due: str = "2026-12-01T09:00:00") -> str:
    return f"""
[[post]]
key = "historia"
due = {due}
assets = ["carmen.jpg"]
repeat = {{ {repeat} }}
{more}
"""


def dues(campaign: Campaign, channel: str = X) -> list[str]:
    return [
        f"{post.key} {post.due_on(channel):%Y-%m-%d %H:%M}"
        for post in campaign.posts
        if channel in post.variants
    ]


def complaints(desk: Desk, content: str) -> list[str]:
    return [f"{each.key} {each.problem}" for each in desk.problems(HEAD + content)]


def test_each_day_of_the_rule_is_a_post_of_its_own_with_its_own_text(desk: Desk) -> None:
    campaign = desk.read(HEAD + a_post(f"{RULE}, {TEXTS}"))
    assert dues(campaign) == [
        "historia~2026-12-01 2026-12-01 14:00",
        "historia~2026-12-08 2026-12-08 14:00",
        "historia~2026-12-15 2026-12-15 14:00",
    ]
    texts = [post.variants[FACEBOOK].text for post in campaign.posts]
    assert texts == [f"{it}\n\n#SomosLoMismo" for it in ("Uno.", "Dos.", "Tres.")]
    keys = [each.key for each in deliveries(campaign, Policy())]
    assert keys[2] == f"panama/historia~2026-12-01@{X}"
    assert len(keys) == 9


def test_the_hour_on_the_wall_is_kept_when_the_clocks_change(desk: Desk) -> None:
    santiago = HEAD.replace("America/Panama", "America/Santiago")
    campaign = desk.read(santiago + a_post(f"{RULE}, {TEXTS}", due="2027-03-30T09:00:00"))
    assert [it.partition(" ")[2] for it in dues(campaign)] == [
        "2027-03-30 12:00",
        "2027-04-06 13:00",
        "2027-04-13 13:00",
    ]


def test_a_time_with_an_offset_begins_on_the_clocks_of_the_campaign(desk: Desk) -> None:
    due = "2026-12-01T23:30:00-03:00"
    assert dues(desk.read(HEAD + a_post(f"{RULE}, {TEXTS}", due=due)))[0] == (
        "historia~2026-12-01 2026-12-02 02:30"
    )


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;UNTIL=20261215", ["01", "08", "15"]),
        ("freq=weekly;until=2026-12-15;", ["01", "08", "15"]),
        ("RRULE:FREQ=WEEKLY;UNTIL=20261215T140000Z", ["01", "08", "15"]),
        ("FREQ=WEEKLY;UNTIL=20261215T080000", ["01", "08"]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", ["01", "03", "05"]),
        ("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", ["01", "03", "08"]),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=1", ["01"]),
    ],
)
def test_a_rule_is_read_as_calendars_have_it(desk: Desk, rule: str, days: list[str]) -> None:
    texts = ", ".join(f'"El {day}."' for day in days)
    campaign = desk.read(HEAD + a_post(f'rule = "{rule}", texts = [{texts}]'))
    assert [post.key.rpartition("-")[2] for post in campaign.posts] == days


RULES = {
    "never ends": ("FREQ=WEEKLY", "never ends"),
    "ends twice": ("FREQ=WEEKLY;COUNT=3;UNTIL=20261231", "both COUNT and UNTIL"),
    "does not say how often": ("COUNT=3", "how often"),
    "is too often for a day": ("FREQ=HOURLY;COUNT=3", "how often"),
    "has hours of its own": ("FREQ=DAILY;BYHOUR=9,18;COUNT=3", "BYHOUR"),
    "is empty": ("", "is empty"),
    "is no rule": ("cada martes", "which is not taken"),
    "names a part twice": ("FREQ=DAILY;COUNT=3;COUNT=3", "COUNT twice"),
    "has no number": ("FREQ=DAILY;COUNT=x", "COUNT that is none"),
    "has a day that is none": ("FREQ=WEEKLY;BYDAY=XX;COUNT=3", "no rule of days"),
    "numbers days of a week": ("FREQ=WEEKLY;BYDAY=1MO;COUNT=3", "numbers its days"),
    "chooses days that its rhythm has not": ("FREQ=DAILY;BYMONTHDAY=30;COUNT=3", "BYMONTHDAY"),
    "has no day at all": ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "no time at all"),
    "begins elsewhere": ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "does not hold the post's own `due`"),
    "has too many days": ("FREQ=DAILY;COUNT=367", "more than 366 times"),
    "ends on no date": ("FREQ=DAILY;UNTIL=mañana", "UNTIL that is no date"),
    "ended before it began": ("FREQ=DAILY;UNTIL=20261101", "no time at all"),
}


@pytest.mark.parametrize(("rule", "words"), RULES.values(), ids=RULES)
def test_a_rule_that_cannot_be_meant_is_told(desk: Desk, rule: str, words: str) -> None:
    problem = desk.only_problem(HEAD + a_post(f'rule = "{rule}", {TEXTS}'))
    assert problem.key == "post[historia].repeat.rule"
    assert words in problem.problem
    assert problem.hint


def test_there_is_a_text_for_each_time(desk: Desk) -> None:
    found = complaints(desk, a_post(f'{RULE}, texts = ["Uno.", "Dos."]'))
    assert found == ["post[historia].repeat.texts are 2 for 3 times."]


def test_a_text_beside_those_of_each_time_is_never_shown(desk: Desk) -> None:
    found = complaints(desk, a_post(f"{RULE}, {TEXTS}", 'text = "Hola."'))
    assert found == ["post[historia].text stands beside the texts of `repeat`."]


def test_a_network_may_have_texts_of_its_own(desk: Desk) -> None:
    more = '[post.variant.x]\nrepeat = { texts = ["U", "D", "T"] }'
    campaign = desk.read(HEAD + a_post(f"{RULE}, {TEXTS}", more))
    assert [post.variants[X].text[0] for post in campaign.posts] == ["U", "D", "T"]
    assert campaign.posts[0].variants[FACEBOOK].text.startswith("Uno.")


def test_a_network_says_when_nowhere(desk: Desk) -> None:
    more = f'[post.variant.x]\nrepeat = {{ {RULE}, texts = ["U", "D", "T"] }}'
    assert complaints(desk, a_post(f"{RULE}, {TEXTS}", more)) == [
        "post[historia].variant.x.repeat says when; the post does that."
    ]
    plain = (
        '\n[[post]]\nkey = "a"\ndue = 2026-12-01T09:00:00\ntext = "a"\nassets = ["carmen.jpg"]\n'
    )
    assert complaints(desk, f"{plain}[post.variant.x]\nrepeat = {{ {TEXTS} }}") == [
        "post[a].variant.x.repeat repeats what the post does not."
    ]


def test_x_gets_other_words_each_time(desk: Desk) -> None:
    texts = 'texts = ["Uno.", "Dos.", "UNO. "]'
    more = 'first_comment = "Lee más."'
    assert complaints(desk, a_post(f"{RULE}, {texts}", more)) == [
        "post[historia].first_comment is the same each time; X refuses a text twice.",
        "post[historia].repeat.texts[2] says what historia~2026-12-01 says; "
        "X refuses a text twice.",
    ]
    elsewhere = HEAD.replace(', "x:somoslomismo"', "")
    assert desk.problems(elsewhere + a_post(f"{RULE}, {texts}", more)) == []


def test_links_that_are_marked_do_not_hide_that_x_gets_the_same_words(desk: Desk) -> None:
    texts = 'texts = ["Lee acnur.org", "Otra.", "Lee acnur.org"]'
    head = HEAD + "[links]\nutm = true\n"
    found = [it.key for it in desk.problems(head + a_post(f"{RULE}, {texts}"))]
    assert found == ["post[historia].repeat.texts[2]"]


def test_a_text_that_is_too_long_is_told_where_it_stands(desk: Desk) -> None:
    texts = f'texts = ["Uno.", "{300 * "a"}", "Tres."]'
    assert [it.key for it in desk.problems(HEAD + a_post(f"{RULE}, {texts}"))] == [
        "post[historia].repeat.texts[1]"
    ]


def test_a_day_may_be_moved_or_left_out_as_a_whole_or_on_one_channel(desk: Desk) -> None:
    moved = '"2026-12-08" = 2026-12-09T10:00:00, "2026-12-15@x:somoslomismo" = 2026-12-15T18:00:00'
    without = '"2026-12-01", "2026-12-08@facebook:somoslomismo"'
    repeat = f"{RULE}, {TEXTS}, moved = {{ {moved} }}, without = [{without}]"
    campaign = desk.read(HEAD + a_post(repeat))
    assert dues(campaign) == [
        "historia~2026-12-08 2026-12-09 15:00",
        "historia~2026-12-15 2026-12-15 23:00",
    ]
    assert dues(campaign, FACEBOOK) == ["historia~2026-12-15 2026-12-15 14:00"]
    assert campaign.posts[0].variants[X].text.startswith("Dos.")


def test_a_channel_may_have_an_hour_of_its_own(desk: Desk) -> None:
    more = "[post.variant.x]\ndue = 2026-12-02T18:00:00"
    campaign = desk.read(HEAD + a_post(f"{RULE}, {TEXTS}", more))
    assert dues(campaign)[1] == "historia~2026-12-08 2026-12-09 23:00"
    assert dues(campaign, FACEBOOK)[1] == "historia~2026-12-08 2026-12-08 14:00"


def test_days_and_channels_that_are_none_are_told(desk: Desk) -> None:
    repeat = f"{RULE}, {TEXTS}, "
    repeat += 'moved = { "2026-12-09" = 2026-12-09T10:00:00 }, without = ["2026-12-08@x:otra"]'
    assert complaints(desk, a_post(repeat)) == [
        'post[historia].repeat.moved."2026-12-09" is no day of the rule.',
        "post[historia].repeat.without[0] names no channel of this post.",
    ]


def test_an_hour_that_does_not_exist_on_one_day_is_told_with_the_way_out(desk: Desk) -> None:
    # Chile sets its clocks forward at the end of 2027-09-04: there is no 00:30 on the 5th.
    santiago = HEAD.replace("America/Panama", "America/Santiago")
    content = santiago + a_post(f"{RULE}, {TEXTS}", due="2027-08-29T00:30:00")
    problem = desk.only_problem(content)
    assert problem.key == "post[historia].repeat.rule"
    assert problem.problem.startswith("leads to 2027-09-05T00:30, which does not exist in")
    assert '"2027-09-05"' in problem.hint
    moved = f'{RULE}, {TEXTS}, moved = {{ "2027-09-05" = 2027-09-05T09:00:00 }}'
    assert desk.problems(santiago + a_post(moved, due="2027-08-29T00:30:00")) == []


def test_days_that_are_past_are_a_problem_unless_they_are_known(desk: Desk) -> None:
    content = HEAD + a_post(f"{RULE}, {TEXTS}")
    now = datetime(2026, 12, 10, tzinfo=UTC)
    assert [it.problem for it in desk.problems(content, now=now)] == [
        "leads to 2026-12-01T09:00, which is past.",
        "leads to 2026-12-08T09:00, which is past.",
    ]
    known = {
        f"panama/historia~2026-12-0{day}@{channel}"
        for day in (1, 8)
        for channel in (FACEBOOK, INSTAGRAM, X)
    }
    assert desk.problems(content, now=now, known=known) == []


def test_two_posts_of_one_key_are_told_once(desk: Desk) -> None:
    content = a_post(f"{RULE}, {TEXTS}") + a_post(f"{RULE}, {TEXTS}")
    assert complaints(desk, content) == ["post[historia].key stands twice."]
