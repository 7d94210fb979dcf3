"""Who has withdrawn is not shown by the very bytes either, whatever a file is called."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Engine, text

from somos_social.core.model.delivery import Delivery
from somos_social.core.model.handoff import Draft, DraftFile, HandoffStatus
from somos_social.core.model.post import Extras, Variant
from somos_social.store import Store
from tests.handoffs import ASKED, asked
from tests.samples import FACEBOOK, NOW, POLICY, a_delivery, an_asset
from tests.store.test_people import CONSENT

Put = Callable[..., None]

CARMEN = an_asset()
COPY = replace(CARMEN, path="copia.jpg", people=())
COUSIN = replace(CARMEN, path="prima.jpg", people=("P-015",))
OTHER = replace(CARMEN, path="otra.jpg", sha256="0" * 64, people=())


def post(name: str, variant: Variant) -> Delivery:
    return a_delivery(name, variant=variant, channel=FACEBOOK)


def withdraws(store: Store) -> None:
    store.consents.grant(CONSENT)
    store.consents.withdraw(CONSENT, reason="No.", now=NOW, actor="ana")


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


def test_what_a_draft_was_said_to_show_counts_for_posts_and_other_drafts(
    store: Store, put: Put
) -> None:
    file = DraftFile(name="reel.mp4", sha256=CARMEN.sha256, size=1, people=("P-014",))
    named = asked(status=HandoffStatus.SUBMITTED, draft=Draft(files=(file,)))
    unnamed = Draft(files=(replace(file, people=()),))
    other = asked(key="otra", status=HandoffStatus.SUBMITTED, draft=unnamed)
    store.schedule((), (), [named, other], now=NOW, actor="ana")
    put(post("copia", Variant(assets=(COPY,))))
    withdraws(store)
    assert claimed(store) == []
    assert {it.key for it in store.handoffs_showing("P-014")} == {named.key, "otra"}


def test_who_had_withdrawn_before_the_database_knew_of_bytes_is_in_them_too(
    store: Store, put: Put, raw: Engine, url: str
) -> None:
    put(
        post("carmen", Variant(assets=(CARMEN,))),
        post("portada", Variant(extras=Extras(cover=replace(OTHER, people=("P-014",))))),
        post("copia", Variant(assets=(COPY,))),
    )
    store.schedule((), (), [ASKED], now=NOW, actor="ana")
    withdraws(store)
    before = store.showing("P-014")
    with raw.begin() as connection:
        known = connection.execute(text("SELECT * FROM likenesses ORDER BY path")).all()
        connection.execute(text("DROP TABLE likenesses"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    upgraded = Store(url)
    assert upgraded.showing("P-014") == before
    with raw.begin() as connection:
        assert connection.execute(text("SELECT * FROM likenesses ORDER BY path")).all() == known
    upgraded.close()
