"""What a network or a campaign file gives fits the database; SQLite alone keeps any length."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Column, String

from somos_social.core.events import Published
from somos_social.core.model.delivery import Delivery, Receipt, Status
from somos_social.document import Unfit
from somos_social.media import MediaFolder
from somos_social.media.folder import LONGEST_PATH
from somos_social.platforms.answers import LONGEST_ID, identifier
from somos_social.store import Store
from somos_social.store.tables import deliveries, log
from tests.files.desk import draw
from tests.samples import CONSENT, NOW, a_comment, a_delivery, an_asset, standing

Put = Callable[..., None]


def test_the_longest_id_that_is_taken_from_a_network_can_be_recorded(
    store: Store, put: Put, happen: Callable[..., Delivery]
) -> None:
    id = identifier("9" * LONGEST_ID)
    assert id is not None
    assert identifier("9" * (LONGEST_ID + 1)) is None
    post = standing(Status.PUBLISHING)
    put(post, a_comment(post))
    happen(post, Published(Receipt(remote_id=id, url=None)))
    comment = store.get(a_comment(post).key)
    assert comment is not None
    assert comment.parent_id == id
    assert [entry["remote_id"] for entry in store.log(delivery=post.key)][-1] == id


@pytest.mark.parametrize(
    "column", [deliveries.c.remote_id, deliveries.c.parent_id, log.c.remote_id], ids=str
)
def test_each_column_of_an_id_takes_the_longest(column: Column[str]) -> None:
    assert isinstance(column.type, String)
    assert column.type.length == LONGEST_ID


def test_whoever_is_in_a_file_of_the_longest_path_can_withdraw(store: Store, put: Put) -> None:
    long = an_asset(path="ñ" * LONGEST_PATH)
    variant = replace(a_delivery().variant, assets=(long,))
    put(a_delivery(variant=variant))
    person = "🧑" * 200
    everyone = replace(long, people=(person,))
    put(a_delivery("otra", variant=replace(variant, assets=(everyone,))))
    for who in (CONSENT.person, person):
        store.consents.grant(replace(CONSENT, person=who))
        store.consents.withdraw(replace(CONSENT, person=who), reason="No.", now=NOW, actor="ana")
        assert store.showing(who) != []


def test_a_file_of_a_longer_path_is_refused_before_anything_is_scheduled(tmp_path: Path) -> None:
    folder = "carpeta-larga" * 10
    depth = LONGEST_PATH // (len(folder) + 1)
    path = "/".join([folder] * depth)
    name = "a" * (LONGEST_PATH - len(path) - 5) + ".jpg"
    draw(tmp_path / path / name)
    draw(tmp_path / path / f"a{name}")
    media = MediaFolder(tmp_path)
    assert media.asset(f"{path}/{name}").path == f"{path}/{name}"
    with pytest.raises(Unfit, match=f"longer than {LONGEST_PATH} characters"):
        media.asset(f"{path}/a{name}")
