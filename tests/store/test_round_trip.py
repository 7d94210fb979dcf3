"""What is written comes back the same, on every database."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from somos_social.core.delivery import Move
from somos_social.core.model.asset import Kind
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.core.model.handoff import Handoff
from somos_social.core.model.post import Format, Variant
from somos_social.store import Store
from tests.samples import HOUR, NOW, RECEIPT, UPLOAD, a_delivery, an_asset, standing

Put = Callable[..., None]

FULL = Delivery(
    key="somos-lo-mismo/historia-carmen@facebook:somoslomismo",
    campaign="somos-lo-mismo",
    post="historia-carmen",
    channel="facebook:somoslomismo",
    variant=Variant(
        format=Format.REEL,
        text='Línea uno\n\tlínea dos «ñandú» 🧑‍🤝‍🧑 "comillas" \\ %s :x',
        link="https://somoslomismo.example/?a=1&b=é",
        assets=(
            an_asset(),
            an_asset(
                path="historias/carmen.mp4",
                kind=Kind.VIDEO,
                mime="video/mp4",
                seconds=31.25,
                fps=29.97,
                video_codec="h264",
                audio_codec="aac",
            ),
        ),
    ),
    due_at=datetime(2026, 12, 1, 14, 0, 0, 123456, tzinfo=UTC),
    grace=timedelta(hours=3, seconds=7),
    run_at=datetime(2026, 12, 1, 13, 50, tzinfo=UTC),
    expires_at=datetime(2026, 12, 1, 17, 0, 7, tzinfo=UTC),
    after="somos-lo-mismo/antes@facebook:somoslomismo",
    parent_id="998877",
    status=Status.PUBLISHING,
    attempts=3,
    lease="daemon@here#1",
    lease_until=datetime(2026, 12, 1, 14, 5, tzinfo=UTC),
    asked_at=datetime(2026, 12, 1, 14, 0, 1, tzinfo=UTC),
    absent_after=datetime(2026, 12, 1, 14, 3, tzinfo=UTC),
    looks=1,
    upload=Upload(begun_at=NOW, parts={"photo:0": "1", "ñ": "2"}),
    prepared=True,
    blocked=True,
    suspect=True,
    outdated=True,
    resting=Status.MISSED,
    asked_tick="0f3c:12.5",
    receipt=RECEIPT,
    reason="La red contestó: «no» 🤷",
    version=7,
    digest="5" * 64,
)


def test_the_example_fills_every_field() -> None:
    unset = {f.name for f in fields(FULL) if getattr(FULL, f.name) == f.default}
    assert unset == set()
    assert getattr(FULL.variant, "link", None)


def test_every_field_of_a_delivery_comes_back(store: Store, put: Put) -> None:
    put(FULL)
    assert store.get(FULL.key) == FULL


def test_a_delivery_that_nothing_happened_to_comes_back(store: Store, put: Put) -> None:
    put(a_delivery())
    assert store.get(a_delivery().key) == a_delivery()


@pytest.mark.parametrize("status", Status)
def test_a_delivery_in_each_status_comes_back(store: Store, put: Put, status: Status) -> None:
    put(standing(status))
    assert store.get(standing(status).key) == standing(status)


def test_a_receipt_without_an_address_comes_back(store: Store, put: Put) -> None:
    nowhere = standing(Status.PUBLISHED, receipt=Receipt(remote_id="1", url=None))
    put(nowhere)
    assert store.get(nowhere.key) == nowhere


def test_an_empty_upload_is_not_the_same_as_none(store: Store, put: Put) -> None:
    begun = a_delivery(upload=Upload(begun_at=NOW, parts={}))
    put(begun)
    assert store.get(begun.key) == begun


def test_a_time_of_another_zone_comes_back_as_the_same_instant_in_utc(
    store: Store, put: Put
) -> None:
    panama = timezone(timedelta(hours=-5))
    put(a_delivery(due_at=NOW.astimezone(panama)))
    found = store.get(a_delivery().key)
    assert found is not None
    assert (found.due_at, found.due_at.tzinfo) == (NOW, UTC)


def test_every_field_that_a_move_changes_comes_back(store: Store, put: Put) -> None:
    before = standing(Status.CLAIMED)
    put(before)
    seen = tuple(replace(asset, people=()) for asset in FULL.variant.assets)
    after = replace(FULL, key=before.key, version=99, variant=replace(FULL.variant, assets=seen))
    written = store.apply(Move(before=before, after=after, event="prepared"), now=NOW, actor="t")
    assert written == replace(after, version=before.version + 1)
    assert store.get(before.key) == written


def test_what_is_not_known_is_none(store: Store) -> None:
    assert store.get("nobody/knows@x:this") is None


def test_a_handoff_comes_back_and_a_second_asking_amends_it(store: Store) -> None:
    asked = Handoff(
        key="ana-reel",
        campaign="somos-lo-mismo",
        influencer="@ana",
        contact="env:ANA_EMAIL",
        draft_due=NOW,
        live_due=NOW + 48 * HOUR,
        brief="Cuéntalo con tu voz.",
        review=True,
    )
    store.schedule((), (), (asked,), now=NOW, actor="tests")
    amended = replace(asked, live_due=NOW + 72 * HOUR, draft_due=None)
    store.schedule((), (), (amended, replace(asked, campaign="otra")), now=NOW, actor="tests")
    assert store.handoffs("somos-lo-mismo") == [replace(amended, version=2)]
    assert len(store.handoffs()) == 2


def test_an_upload_keeps_the_instant_it_began(store: Store, put: Put) -> None:
    panama = timezone(timedelta(hours=-5))
    begun = Upload(begun_at=UPLOAD.begun_at.astimezone(panama), parts=UPLOAD.parts)
    put(a_delivery(upload=begun))
    found = store.get(a_delivery().key)
    assert found is not None
    assert found.upload == UPLOAD
