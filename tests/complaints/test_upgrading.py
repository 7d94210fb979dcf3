"""Complaints of a heavy install and of upgrades that break it: it cannot happen here."""

import sqlite3
from pathlib import Path

import pytest

from somos_social.core.model.delivery import Status
from somos_social.flows import attention
from somos_social.store import Store
from somos_social.store.engine import REVISION
from tests.complaints.whole import CHANNELS, FACEBOOK, Whole, X

OLD = Path(__file__).with_name("revision-0001.sql")
"""A database as the first revision of all left it: two posts are public, two wait."""


@pytest.fixture
def upgraded(whole: Whole) -> Whole:
    old = sqlite3.connect(whole.folder / "somos.db")
    old.executescript(OLD.read_text(encoding="utf-8"))
    old.close()
    return whole


def test_a_database_of_the_first_revision_is_upgraded_by_being_opened(upgraded: Whole) -> None:
    """Four attempts to move to the next version's services failed and left nothing running.

    https://github.com/gitroomhq/postiz-app/issues/1169
    """
    assert upgraded.stands(X, "antes").status is Status.PUBLISHED
    assert upgraded.stands(X, "uno").status is Status.SCHEDULED
    assert len(list(upgraded.app.store.log())) == 23
    assert list(upgraded.app.store.broken_links()) == []
    with sqlite3.connect(upgraded.folder / "somos.db") as database:
        [(revision,)] = database.execute("SELECT version_num FROM alembic_version")
    assert revision == REVISION


def test_what_waited_before_an_upgrade_goes_out_after_it_and_nothing_else_does(
    upgraded: Whole,
) -> None:
    """An upgrade must neither lose what is scheduled nor send again what is public.

    https://github.com/gitroomhq/postiz-app/issues/1169
    """
    upgraded.go_on()
    for channel in (FACEBOOK, X):
        assert upgraded.stands(channel).status is Status.PUBLISHED
        assert [post.text for post in upgraded.public(channel)] == ["Somos lo mismo. uno"]
    assert attention.needs_a_person(upgraded.app) == []
    assert list(upgraded.app.store.broken_links()) == []


def test_upgrading_twice_changes_nothing_more(upgraded: Whole) -> None:
    """Half an upgrade, begun again, is a whole one.

    https://github.com/gitroomhq/postiz-app/issues/1169
    """
    assert upgraded.statuses() == upgraded.statuses()
    before = upgraded.app.store.listed()
    upgraded.app.store.close()
    again = Store(f"sqlite:///{upgraded.folder / 'somos.db'}")
    assert again.listed() == before
    again.close()


def test_a_whole_campaign_needs_one_process_and_leaves_one_file(whole: Whole) -> None:
    """A scheduler of posts came to need a workflow engine, a search engine and a queue.

    https://github.com/gitroomhq/postiz-app/pull/1157
    """
    before = {path.name for path in whole.folder.iterdir()}
    whole.schedule()
    whole.go_on()
    assert len(whole.box.posts()) == len(CHANNELS)
    whole.app.store.close()
    left = {path.name for path in whole.folder.iterdir()} - before
    ours = {name for name in left if name.startswith("somos.db")}
    assert left - ours == {"config.toml", "prueba.toml"}
    # Beside the database itself only what seals its log: nothing that must run or be waited for.
    assert ours <= {"somos.db", "somos.db.heads"}
