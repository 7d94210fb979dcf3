"""What may be said of figures: medians, of posts enough, within one network."""

import pytest

from somos_social.core.metrics import Figure, Figures, Group, groups, interactions

REACH, VIEWS = Figure.REACH, Figure.VIEWS


def by(*posts: tuple[str, str, Figures]) -> dict[tuple[str, str], Group]:
    return {(it.platform, it.name): it for it in groups(posts)}


def reached(name: str, *values: int, platform: str = "facebook") -> list[tuple[str, str, Figures]]:
    return [(platform, name, {REACH: value}) for value in values]


def test_the_best_has_the_highest_median_and_not_the_highest_post() -> None:
    found = by(*reached("reel", 100, 110, 120), *reached("text", 1, 2, 9000))
    assert found["facebook", "reel"].leads
    assert found["facebook", "reel"].seen == 110
    assert not found["facebook", "text"].leads


def test_of_fewer_than_three_nothing_is_said() -> None:
    found = by(*reached("reel", 900, 900), *reached("text", 1, 2, 3), *reached("story", 5, 6, 7))
    assert not found["facebook", "reel"].is_enough
    assert not found["facebook", "reel"].leads
    assert found["facebook", "story"].leads


def test_what_stands_alone_and_what_is_as_good_as_another_leads_nothing() -> None:
    assert not any(it.leads for it in groups(reached("reel", 1, 2, 3)))
    assert not any(it.leads for it in groups([*reached("a", 1, 2, 3), *reached("b", 2, 2, 2)]))


def test_networks_are_never_compared() -> None:
    found = by(
        *reached("reel", 1, 1, 1),
        *reached("text", 2, 2, 2),
        *reached("reel", 900, 900, 900, platform="instagram"),
    )
    assert found["facebook", "text"].leads
    assert not found["instagram", "reel"].leads


def test_x_is_measured_by_how_often_posts_were_shown() -> None:
    found = by(("x", "text", {VIEWS: 7, Figure.REACTIONS: 2}))
    assert found["x", "text"].seen == 7
    assert by(("facebook", "text", {VIEWS: 7}))["facebook", "text"].seen is None


def test_the_number_of_posts_behind_each_figure_is_known() -> None:
    found = by(("facebook", "reel", {REACH: 5}), ("facebook", "reel", {Figure.SHARES: 2}))
    group = found["facebook", "reel"]
    assert (group.posts, group.seen_of, group.acted_of) == (2, 1, 1)


@pytest.mark.parametrize(
    ("figures", "number"),
    [({}, None), ({REACH: 9}, None), ({Figure.REACTIONS: 2, Figure.SHARES: 1, REACH: 9}, 3)],
)
def test_interactions_are_what_people_did(figures: Figures, number: int | None) -> None:
    assert interactions(figures) == number
