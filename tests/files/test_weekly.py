"""The weekly hours of a campaign, and the marks of its links, as people write them."""

from datetime import time

import pytest

from somos_social.core.slots import Slot
from tests.files.desk import HEAD, POST, Desk


def test_slots_stand_by_channel_by_network_and_for_all(desk: Desk) -> None:
    slots = """
[slots]
"x:somoslomismo" = ["mon 09:00", "Jueves 18:30"]
instagram = ["mié 7:00"]
all = []
"""
    assert desk.read(HEAD + slots + POST).slots == {
        "x:somoslomismo": (Slot(0, time(9)), Slot(3, time(18, 30))),
        "instagram": (Slot(2, time(7)),),
        "all": (),
    }


def test_every_problem_of_the_slots_is_told_at_once(desk: Desk) -> None:
    slots = """
[slots]
"x:somos" = ["mon 09:00"]
instgram = ["mon 09:00"]
x = "mon 09:00"
facebook = ["mon 09:00", "lun 9:00", "mond 09:00", "mon 24:00", "mon 9", 9, "mon"]
"""
    found = {it.key: f"{it.problem} {it.hint}" for it in desk.problems(HEAD + slots + POST)}
    assert list(found) == [
        'slots."x:somos"',
        "slots.instgram",
        "slots.x",
        *(f"slots.facebook[{place}]" for place in range(1, 7)),
    ]
    assert "Did you mean `x:somoslomismo`?" in found['slots."x:somos"']
    assert "Did you mean `instagram`?" in found["slots.instgram"]
    assert "must be a list" in found["slots.x"]
    assert "stands twice" in found["slots.facebook[1]"]
    assert "Did you mean `mon" in found["slots.facebook[2]"]
    assert "no hour of a day" in found["slots.facebook[3]"]
    assert "must be text" in found["slots.facebook[5]"]


def marked(desk: Desk, links: str) -> list[str]:
    post = POST.replace("leer.", "leer: acnur.org/es").replace('assets = ["carmen.jpg"]\n', "")
    post += 'link = "https://unhcr.org"\nchannels = ["facebook:somoslomismo", "x:somoslomismo"]\n'
    [read] = desk.read(HEAD + links + post).posts
    shown = read.variants
    return [shown["x:somoslomismo"].text, shown["facebook:somoslomismo"].link or ""]


def test_links_are_marked_by_network_and_post_where_nobody_sees_it(desk: Desk) -> None:
    text, card = marked(desk, "[links]\nutm = true\n")
    tags = "utm_medium=social&utm_campaign=panama&utm_content=historia-carmen"
    assert f"leer: acnur.org/es?utm_source=x&{tags}\n" in text
    assert f"\nhttps://unhcr.org/?utm_source=x&{tags}" in text
    assert card == f"https://unhcr.org/?utm_source=facebook&{tags}"


@pytest.mark.parametrize("links", ["", "[links]\n", "[links]\nutm = false\n"])
def test_links_stay_as_they_are_unless_it_is_asked_for(desk: Desk, links: str) -> None:
    text, card = marked(desk, links)
    assert "utm_" not in text + card


def test_the_marks_may_have_patterns_of_their_own(desk: Desk) -> None:
    _, card = marked(
        desk, '[links.utm]\nsource = "{channel}"\nmedium = ""\ncampaign = "slm"\ncontent = ""\n'
    )
    assert card == "https://unhcr.org/?utm_source=facebook%3Asomoslomismo&utm_campaign=slm"


def test_every_problem_of_the_patterns_is_told_at_once(desk: Desk) -> None:
    links = '[links.utm]\nsource = "{netwrk}"\nmedium = "{network"\ncampaign = "a b"\nterm = "x"\n'
    found = {it.key: f"{it.problem} {it.hint}" for it in desk.problems(HEAD + links + POST)}
    assert "Did you mean `network`?" in found["links.utm.source"]
    assert "without its other half" in found["links.utm.medium"]
    assert "what an address does not take" in found["links.utm.campaign"]
    assert "not a known key" in found["links.utm.term"]
    [problem] = desk.problems(HEAD + '[links]\nutm = "yes"\n' + POST)
    assert (problem.key, problem.problem) == ("links.utm", "must be true, or a table.")
