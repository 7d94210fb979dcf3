"""The goals of posts, from whatever of a campaign file can be read."""

from pathlib import Path

import pytest

from somos_social.files.goals import goals_of


def test_each_post_that_names_a_goal_has_it_without_any_media(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_text(
        '[[post]]\nkey = "uno"\ngoal = "empathy"\nassets = ["nowhere.jpg"]\n'
        '[[post]]\nkey = "dos"\n[[post]]\ngoal = "empathy"\n[[post]]\nkey = 3\ngoal = "origins"\n'
    )
    assert goals_of(file) == {"uno": "empathy"}


@pytest.mark.parametrize("content", ["post = 3", "post = [1, 2]", "", "[post]\nkey = 'uno'"])
def test_what_holds_no_posts_has_no_goals(tmp_path: Path, content: str) -> None:
    file = tmp_path / "a.toml"
    file.write_text(content)
    assert goals_of(file) == {}


def test_what_cannot_be_read_is_told_apart_from_what_has_none(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b"[[post]\n\xff")
    assert goals_of(file) is None
    assert goals_of(tmp_path / "nowhere.toml") is None
    assert goals_of(tmp_path) is None
