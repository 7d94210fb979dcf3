"""Who has withdrawn is not shown by the very bytes either, whatever a file is called."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from somos_social.core.model.asset import Asset
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.handoff import Draft, DraftFile, Handoff, HandoffStatus
from somos_social.core.model.post import Extras, Variant
from somos_social.store import Store
from tests.handoffs import ASKED, asked
from tests.samples import CONSENT, FACEBOOK, NOW, POLICY, a_delivery, an_asset

Put = Callable[..., None]

CARMEN = an_asset()
COPY = replace(CARMEN, path="copia.jpg", people=())
COUSIN = replace(CARMEN, path="prima.jpg", people=("P-015",))
OTHER = replace(CARMEN, path="otra.jpg", sha256="0" * 64, people=())
LUIS = replace(CARMEN, path="luis.jpg", sha256="15" * 32, people=("P-015",))
DRAFTED = DraftFile(name="reel.mp4", sha256=CARMEN.sha256, size=1, people=("P-014",))


def post(name: str, variant: Variant) -> Delivery:
    return a_delivery(name, variant=variant, channel=FACEBOOK)


def withdraws(store: Store, person: str = "P-014") -> None:
    consent = replace(CONSENT, person=person)
    store.consents.grant(consent)
    store.consents.withdraw(consent, reason="No.", now=NOW, actor="ana")


def hand_over(store: Store, *handoffs: Handoff) -> None:
    store.schedule((), (), handoffs, now=NOW, actor="ana")


def an_ask(key: str, *assets: Asset, **changes: Any) -> Handoff:
    """That someone carries these files, whatever the network."""
    return asked(key=key, captions={}, media={"x": assets}, **changes)


def a_draft(key: str, *files: DraftFile) -> Handoff:
    """Of which nothing but these files was handed in."""
    handoff = an_ask(key, status=HandoffStatus.SUBMITTED)
    return replace(handoff, draft=Draft(files=files))


def claimed(store: Store) -> list[str]:
    found = store.claim(NOW, limit=9, lease=POLICY.lease, actor="worker")
    return [delivery.post for delivery in found]


def test_a_copy_that_names_nobody_is_not_claimed_once_who_is_in_it_has_withdrawn(
    store: Store, put: Put
) -> None:
    store.consents.grant(replace(CONSENT, person="P-015", channels=("all",), until=None))
    put(
        post("carmen", Variant(assets=(CARMEN,))),
        post("copia", Variant(assets=(COPY,))),
        post("portada", Variant(assets=(OTHER,), extras=Extras(cover=COPY))),
        post("prima", Variant(assets=(COUSIN,))),
        post("otra", Variant(assets=(OTHER,))),
    )
    withdraws(store)
    assert claimed(store) == ["otra", "prima"]
    assert [it.post for it in store.showing("P-014")] == ["carmen", "copia", "portada"]
    assert store.consents.hidden_in(COPY) == {"P-014"}
    assert store.consents.hidden_in(CARMEN) == frozenset()
    # Once it was said to show her, saying that it shows another changes nothing.
    assert store.consents.hidden_in(replace(CARMEN, people=("P-015",))) == {"P-014"}


def test_who_consents_again_may_be_seen_again(store: Store, put: Put) -> None:
    put(post("carmen", Variant(assets=(CARMEN,))), post("copia", Variant(assets=(COPY,))))
    withdraws(store)
    assert claimed(store) == []
    store.consents.grant(replace(CONSENT, channels=("all",)))
    assert claimed(store) == ["carmen", "copia"]
    assert [it.post for it in store.showing("P-014")] == ["carmen"]


def test_whose_yes_is_back_brings_back_nobody_else(store: Store, put: Put) -> None:
    put(
        post("carmen", Variant(assets=(COPY,))),
        post("luis", Variant(assets=(replace(LUIS, path="otro.jpg", people=()),))),
    )
    hand_over(store, an_ask("ana-foto", CARMEN, LUIS))
    withdraws(store)
    withdraws(store, "P-015")
    assert claimed(store) == []
    assert [it.post for it in store.showing("P-014")] == ["carmen"]
    assert [it.post for it in store.showing("P-015")] == ["luis"]
    store.consents.grant(replace(CONSENT, channels=("all",)))
    assert claimed(store) == ["carmen"]
    assert [it.post for it in store.showing("P-015")] == ["luis"]


def test_whose_name_is_no_plain_word_is_found_like_anyone(store: Store, put: Put) -> None:
    name = 'La "Negra" 100%_\\'
    put(post("carmen", Variant(assets=(replace(CARMEN, people=(name,)),))))
    withdraws(store, name)
    assert [it.post for it in store.showing(name)] == ["carmen"]
    assert claimed(store) == []


def test_who_withdraws_again_is_looked_for_again(store: Store, put: Put) -> None:
    put(post("carmen", Variant(assets=(CARMEN,))), post("copia", Variant(assets=(COPY,))))
    withdraws(store)
    put(post("luis", Variant(assets=(replace(LUIS, people=("P-014",)),))))
    put(post("otro", Variant(assets=(replace(LUIS, path="otro.jpg", people=()),))))
    store.consents.withdraw(CONSENT, reason="No, no.", now=NOW, actor="ana")
    assert claimed(store) == []


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(an_ask("ana-foto", OTHER, CARMEN), id="asked for"),
        pytest.param(a_draft("ana-reel", DRAFTED), id="drafted"),
    ],
)
def test_what_a_handoff_was_said_to_show_counts_for_posts_and_other_handoffs(
    store: Store, put: Put, shown: Handoff
) -> None:
    later = NOW + timedelta(days=3)
    unnamed = replace(DRAFTED, sha256="0" * 64, people=())
    hand_over(
        store,
        shown,
        a_draft("borrador", replace(DRAFTED, people=())),
        a_draft("borrador-de-otra", replace(DRAFTED, people=("P-015",)), unnamed),
        a_draft("borrador-distinto", unnamed),
        an_ask("foto", OTHER, COPY, live_due=later),
        an_ask("foto-de-otra", COUSIN),
        an_ask("foto-distinta", OTHER),
    )
    put(post("copia", Variant(assets=(COPY,))), post("otra", Variant(assets=(OTHER,))))
    withdraws(store)
    withdraws(store, "P-016")
    assert claimed(store) == ["otra"]
    found = ["foto", *sorted([shown.key, "borrador"])]
    assert [it.key for it in store.handoffs_showing("P-014")] == found
    assert store.handoffs_showing("P-016") == []


def test_what_lies_beside_a_file_that_shows_who_withdraws_goes_on(store: Store, put: Put) -> None:
    beside = DraftFile(name="luis.jpg", sha256=LUIS.sha256, size=1, people=("P-015",))
    hand_over(store, a_draft("ana-reel", DRAFTED, beside), an_ask("ana-foto", CARMEN, OTHER))
    put(
        post("fotos", Variant(assets=(CARMEN, replace(OTHER, sha256="1" * 64)))),
        post("luis", Variant(assets=(replace(LUIS, people=()),))),
        post("otra", Variant(assets=(OTHER,))),
        post("tercera", Variant(assets=(replace(OTHER, sha256="1" * 64),))),
    )
    withdraws(store)
    assert claimed(store) == ["luis", "otra", "tercera"]


def test_who_had_withdrawn_before_the_database_knew_of_bytes_is_in_them_too(
    store: Store, put: Put, raw: Engine, url: str
) -> None:
    put(
        post("carmen", Variant(assets=(CARMEN,))),
        post("portada", Variant(extras=Extras(cover=replace(OTHER, people=("P-014",))))),
        post("copia", Variant(assets=(COPY,))),
    )
    hand_over(store, ASKED)
    withdraws(store)
    before = store.showing("P-014")
    with raw.begin() as connection:
        known = connection.execute(text("SELECT * FROM likenesses ORDER BY path")).all()
        connection.execute(text("DROP TABLE likenesses"))
        connection.execute(text("DROP INDEX hopeless"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    upgraded = Store(url)
    assert upgraded.showing("P-014") == before
    with raw.begin() as connection:
        assert connection.execute(text("SELECT * FROM likenesses ORDER BY path")).all() == known
    upgraded.close()
