"""Names that lead to no file, or to none that may be read: each is told of for what it is."""

import os
from pathlib import Path

import pytest

from somos_social.document import Report, read_toml

unprivileged = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")


def _words(path: Path) -> tuple[str, str]:
    report = Report(str(path))
    assert read_toml(path, report) is None
    [problem] = report.problems
    return problem.problem, problem.hint


def test_a_link_that_leads_nowhere_is_not_answered_with_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "panama.toml"
    path.symlink_to("moved.toml")
    problem, hint = _words(path)
    assert problem == "is a link that leads nowhere."
    assert "panama.toml" not in hint


def test_a_link_to_itself_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "panama.toml"
    path.symlink_to("panama.toml")
    assert _words(path)[0] == "is a link that leads nowhere."


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text("a = 1\n", encoding="utf-8")
    path = tmp_path / "panama.toml"
    path.symlink_to("real.toml")
    assert read_toml(path, Report(str(path))) == {"a": 1}


@pytest.mark.parametrize("length", [300, 5000])
def test_a_name_that_is_too_long_is_told(tmp_path: Path, length: int) -> None:
    assert _words(tmp_path / ("a" * length))[0] == "cannot be read: File name too long."


@unprivileged
def test_a_folder_that_may_not_be_entered_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o000)
    assert _words(folder / "panama.toml")[0] == "cannot be read: Permission denied."


@unprivileged
def test_what_is_not_in_a_folder_that_may_not_be_listed_does_not_exist(tmp_path: Path) -> None:
    folder = tmp_path / "dark"
    folder.mkdir(mode=0o300)
    assert _words(folder / "panama.toml") == ("does not exist.", "")
