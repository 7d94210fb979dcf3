"""Whoever is seen may take their word back: on the real networks' stand-ins, with faults on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from somos_social import rehearsal, settings, wiring
from somos_social.core.delivery import decide
from somos_social.core.events import Kept, Returned, Unanswered
from somos_social.core.model.delivery import Delivery, Status
from somos_social.core.model.post import Variant
from somos_social.core.people import Consent
from somos_social.daemon import Crew, begin, mend, once
from somos_social.errors import UsageError
from somos_social.flows import App
from somos_social.flows.by_hand import remove, settle
from somos_social.flows.consent import grant
from somos_social.flows.papers import form as fingerprint_of
from somos_social.flows.withdrawal import (
    Honoured,
    close,
    honour,
    honour_arrival,
    still_public,
    withdraw,
)
from somos_social.media import fingerprint
from somos_social.sandbox import Sandbox
from somos_social.sandbox.faults import Fault
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.flows.scripted import Line, ScriptedPlatform, no
from tests.samples import (
    BESIDE,
    FACEBOOK,
    HOUR,
    MINUTE,
    NOW,
    RECEIPT,
    X,
    a_delivery,
    an_asset,
    standing,
)

CONSENT = Consent(
    person="P-014",
    form="f0" * 32,
    scope=("face", "name"),
    channels=("all",),
    until=None,
    guardian=False,
    granted_at=NOW,
    granted_by="ana",
)


@pytest.fixture
def carmen(app: App) -> Variant:
    """What shows P-014, as it lies in the media folder."""
    file = app.media_root / "carmen.jpg"
    file.write_bytes(b"Carmen")
    (app.media_root / "carmen.jpg.toml").write_text(BESIDE, encoding="utf-8")
    digest = fingerprint(app.media_root, file.name)
    return Variant(text="Carmen.", assets=(an_asset(path=file.name, sha256=digest),))


@pytest.fixture
def consented(app: App) -> Consent:
    return grant(app, CONSENT)


def honoured(app: App, reason: str = "Lo pidió.") -> list[tuple[str, str, str]]:
    consent, _ = withdraw(app, "P-014", reason)
    return [(it.subject, it.was, it.now) for it in honour(app, consent)]


def test_what_waits_is_cancelled_and_what_is_public_is_taken_down(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    public, waits = a_delivery("pública", variant=carmen), a_delivery("espera", variant=carmen)
    waits = replace(waits, due_at=NOW + HOUR, run_at=NOW + HOUR)
    other = a_delivery("otra")
    desk.schedule(public, waits, other)
    once(app, workers=1)
    assert platform.public == {public.key: 1, other.key: 1}
    assert honoured(app) == [
        (public.key, "published", "removed"),
        (waits.key, "scheduled", "cancelled"),
    ]
    assert platform.removed == [public.key]
    assert "P-014 has withdrawn consent: Lo pidió." in str(desk.see(waits).reason)
    assert desk.see(other).status is Status.PUBLISHED
    length = app.store.log_length()
    assert honoured(app, "Otra vez.") == []
    assert app.store.log_length() == length
    assert app.store.broken_links() == []


def test_a_copy_of_the_picture_that_names_nobody_goes_with_it(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    (app.media_root / "copia.jpg").write_bytes(b"Carmen")
    beside = BESIDE.replace('"P-014"', "")
    (app.media_root / "copia.jpg.toml").write_text(beside, encoding="utf-8")
    copied = replace(carmen.assets[0], path="copia.jpg", people=())
    copy = replace(carmen, assets=(copied,))
    public, waits = a_delivery("pública", variant=copy), a_delivery("espera", variant=copy)
    waits = replace(waits, due_at=NOW + HOUR, run_at=NOW + HOUR)
    desk.schedule(standing(Status.CANCELLED, "carmen", variant=carmen), public, waits)
    once(app, workers=1)
    assert honoured(app) == [
        (public.key, "published", "removed"),
        (waits.key, "scheduled", "cancelled"),
    ]


def test_what_failed_or_was_missed_cannot_come_back(
    app: App, desk: Desk, carmen: Variant, consented: Consent
) -> None:
    failed = standing(Status.FAILED, "falló", variant=carmen)
    missed = standing(Status.MISSED, "perdida", variant=carmen)
    desk.schedule(failed, missed)
    assert {now for _, _, now in honoured(app)} == {"cancelled"}


def test_what_cannot_be_taken_down_is_asked_of_a_person_once(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    public = a_delivery(variant=carmen)
    desk.schedule(public)
    once(app, workers=1)
    platform.kept = Kept("This token may not delete.")
    assert honoured(app) == [(public.key, "published", "published")]
    assert honoured(app) == [(public.key, "published", "published")]
    [request] = app.store.requests.known(open_only=True)
    assert (request.subject, request.person, request.number) == (public.key, "P-014", 1)
    assert request.url == desk.see(public).receipt.url  # type: ignore[union-attr]
    platform.kept = None
    assert honoured(app) == [(public.key, "published", "removed")]
    assert app.store.requests.known(open_only=True) == []
    assert app.store.requests.known()[0].outcome == "gone"


def test_a_request_is_closed_by_whoever_took_it_down_otherwise(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    public = a_delivery(variant=carmen)
    desk.schedule(public)
    once(app, workers=1)
    platform.kept = Kept("Not now.")
    honoured(app)
    platform.kept = None
    remove(app, public.key)
    honoured(app)
    assert app.store.requests.known(open_only=True) == []


@pytest.mark.parametrize("outcome", ["gone", "refused"])
def test_what_a_person_has_closed_stays_closed(
    app: App,
    desk: Desk,
    carmen: Variant,
    consented: Consent,
    platform: ScriptedPlatform,
    outcome: str,
) -> None:
    public = a_delivery(variant=carmen)
    desk.schedule(public)
    once(app, workers=1)
    platform.kept = Kept("This token may not delete.")
    honoured(app)
    close(app, 1, outcome, None)
    length = app.store.log_length()
    assert honoured(app) == []
    begin(app)
    assert [it.number for it in app.store.requests.known()] == [1]
    assert app.store.log_length() == length


def test_who_withdraws_anew_is_asked_for_anew(
    app: App,
    desk: Desk,
    clock: Clock,
    carmen: Variant,
    consented: Consent,
    platform: ScriptedPlatform,
) -> None:
    desk.schedule(a_delivery(variant=carmen))
    once(app, workers=1)
    platform.kept = Kept("This token may not delete.")
    honoured(app)
    close(app, 1, "refused", None)
    clock.advance(MINUTE)
    grant(app, CONSENT)
    honoured(app)
    assert [it.number for it in app.store.requests.known(open_only=True)] == [2]


def test_a_person_says_what_came_of_a_request(app: App, desk: Desk) -> None:
    app.store.requests.open(
        "a/b@x:c", person="P-014", url=None, reason="Lo pidió.", now=NOW, actor="ana"
    )
    assert close(app, 1, "refused", "No contesta.").outcome == "refused"
    for number, why in ((1, "closed already"), (2, "not known")):
        with pytest.raises(UsageError, match=why):
            close(app, number, "gone", None)


def test_what_becomes_public_after_a_withdrawal_is_taken_down_at_once(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    """The call had left already when she took her word back."""
    leaving = a_delivery(variant=carmen)
    desk.schedule(leaving)
    meanwhile: list[tuple[str, str, str]] = []
    platform.says("publish", Line(meanwhile=lambda: meanwhile.extend(honoured(app)), public=True))
    crew = Crew(app, 1)
    crew.tick()
    crew.dismiss()
    assert meanwhile == [(leaving.key, "publishing", "publishing")]
    assert desk.see(leaving).status is Status.REMOVED


def test_what_is_found_after_a_withdrawal_is_taken_down_at_once(
    app: App,
    desk: Desk,
    clock: Clock,
    carmen: Variant,
    consented: Consent,
    platform: ScriptedPlatform,
) -> None:
    doubtful = a_delivery(variant=carmen)
    desk.schedule(doubtful)
    platform.says("publish", replace(no(Unanswered("502.")), public=True))
    once(app, workers=1)
    assert honoured(app) == [(doubtful.key, "unconfirmed", "unconfirmed")]
    clock.advance(MINUTE)
    mend(app)
    assert desk.see(doubtful).status is Status.REMOVED


def test_a_withdrawal_that_was_cut_short_is_ended_by_whoever_begins(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    public, waits = a_delivery(variant=carmen), a_delivery("espera", variant=carmen)
    waits = replace(waits, due_at=NOW + HOUR, run_at=NOW + HOUR)
    desk.schedule(public, waits)
    once(app, workers=1)
    withdraw(app, "P-014", "Lo pidió.")
    begin(app)
    assert desk.see(public).status is Status.REMOVED
    assert desk.see(waits).status is Status.CANCELLED


def test_a_withdrawal_that_was_cut_short_is_ended_while_a_daemon_runs(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    public, waits = a_delivery(variant=carmen), a_delivery("espera", variant=carmen)
    waits = replace(waits, due_at=NOW + HOUR, run_at=NOW + HOUR)
    desk.schedule(public, waits)
    once(app, workers=1)
    withdraw(app, "P-014", "Lo pidió.")
    assert [(it.person, it.subject) for it in still_public(app)] == [("P-014", public.key)]
    mend(app)
    assert desk.see(public).status is Status.REMOVED
    assert desk.see(waits).status is Status.CANCELLED
    assert still_public(app) == []


def test_a_daemon_asks_a_person_once_for_what_it_cannot_take_down(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    desk.schedule(a_delivery(variant=carmen))
    once(app, workers=1)
    withdraw(app, "P-014", "Lo pidió.")
    platform.kept = Kept("This token may not delete.")
    mend(app)
    length, calls = app.store.log_length(), len(platform.calls)
    mend(app)
    assert [it.number for it in app.store.requests.known()] == [1]
    assert (app.store.log_length(), len(platform.calls)) == (length, calls)


def meddled_with(app: App, desk: Desk, delivery: Delivery, times: int) -> App:
    """Each look at the clock, as often as that, gives a worker the time to move the delivery."""
    left = iter(range(times))

    def now() -> datetime:
        if next(left, None) is not None:
            found = desk.see(delivery)
            if found.status is Status.SCHEDULED:
                desk.claim()
            else:
                app.store.apply(
                    decide(found, Returned(None), app.now(), app.policy), now=NOW, actor="worker"
                )
        return app.now()

    return replace(app, now=now)


def test_what_a_worker_moves_at_that_moment_is_tried_again(
    app: App, desk: Desk, carmen: Variant, consented: Consent
) -> None:
    waits = a_delivery(variant=carmen)
    desk.schedule(waits)
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    app.store.consents.grant(CONSENT)  # So that the worker may still claim it.
    [done] = honour(meddled_with(app, desk, waits, 3), consent)
    assert (done.was, done.now, done.is_over) == ("scheduled", "cancelled", True)


def test_what_keeps_moving_is_not_called_done_and_is_left_to_the_daemon(
    app: App, desk: Desk, carmen: Variant, consented: Consent
) -> None:
    waits = a_delivery(variant=carmen)
    desk.schedule(waits)
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    app.store.consents.grant(CONSENT)
    [done] = honour(meddled_with(app, desk, waits, 100), consent)
    assert not done.is_over
    assert "withdraw once more" in str(done.reason)
    withdraw(app, "P-014", "Lo pidió.")
    mend(app)
    assert desk.see(waits).status is Status.CANCELLED


def test_what_comes_back_to_waiting_after_a_withdrawal_is_cancelled(
    app: App,
    desk: Desk,
    clock: Clock,
    carmen: Variant,
    consented: Consent,
    platform: ScriptedPlatform,
) -> None:
    doubtful = a_delivery(variant=carmen)
    desk.schedule(doubtful)
    platform.says("publish", no(Unanswered("502.")))
    once(app, workers=1)
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    [told] = honour(app, consent)
    assert (told.now, told.is_over) == ("unconfirmed", False)
    for _ in range(8):
        clock.advance(5 * MINUTE)
        mend(app)
    assert desk.see(doubtful).status is Status.CANCELLED
    assert platform.public == {}


def test_what_a_person_settles_as_public_is_taken_down_at_once(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    doubtful = standing(Status.UNCONFIRMED, variant=carmen)
    desk.schedule(doubtful)
    withdraw(app, "P-014", "Lo pidió.")
    settle(app, doubtful.key, RECEIPT)
    [done] = honour_arrival(app, doubtful.key)
    assert (done.was, done.now) == ("published", "removed")
    assert honour_arrival(app, doubtful.key) == []


def test_a_copy_that_turns_out_to_be_public_is_taken_down_at_once(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    copied = replace(carmen.assets[0], path="copia.jpg", people=())
    doubtful = standing(Status.UNCONFIRMED, variant=replace(carmen, assets=(copied,)))
    desk.schedule(standing(Status.CANCELLED, "carmen", variant=carmen), doubtful)
    withdraw(app, "P-014", "Lo pidió.")
    settle(app, doubtful.key, RECEIPT)
    [done] = honour_arrival(app, doubtful.key)
    assert (done.was, done.now) == ("published", "removed")


def test_comments_and_links_of_a_thread_are_told_with_their_times(
    app: App, desk: Desk, clock: Clock, carmen: Variant, consented: Consent
) -> None:
    post = a_delivery(variant=carmen)
    comment = a_delivery("comentario", after=post.key)
    waits = standing(Status.FAILED, "espera", after=comment.key)
    desk.schedule(post, comment)
    once(app, workers=1)
    desk.schedule(waits)
    assert desk.see(comment).status is Status.PUBLISHED
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    slow = replace(app, now=lambda: clock.advance(timedelta(seconds=1)) or clock())
    done = list(honour(slow, consent))
    assert [(it.subject, it.was, it.now) for it in done] == [
        (waits.key, "failed", "cancelled"),
        (comment.key, "published", "removed"),
        (post.key, "published", "removed"),
    ]
    assert timedelta(0) < done[0].took < done[1].took < done[2].took


def test_who_is_in_the_post_and_in_its_comment_is_told_of_each_once(
    app: App, desk: Desk, carmen: Variant, consented: Consent
) -> None:
    post = a_delivery(variant=carmen)
    comment = a_delivery("z-comentario", after=post.key, variant=carmen)
    desk.schedule(post, comment)
    once(app, workers=1)
    assert honoured(app) == [
        (comment.key, "published", "removed"),
        (post.key, "published", "removed"),
    ]


def test_someone_who_never_signed_may_say_no_as_well(app: App, desk: Desk, carmen: Variant) -> None:
    desk.schedule(a_delivery(variant=carmen))
    assert honoured(app) == [(a_delivery().key, "scheduled", "cancelled")]
    with pytest.raises(UsageError, match="Nothing is known of P-099"):
        withdraw(app, "P-099", "No.")


def test_a_new_form_lets_new_posts_go_out_and_brings_none_back(
    app: App, desk: Desk, carmen: Variant, consented: Consent, platform: ScriptedPlatform
) -> None:
    old, new = a_delivery("vieja", variant=carmen), a_delivery("nueva", variant=carmen)
    desk.schedule(old)
    honoured(app)
    grant(app, CONSENT)
    desk.schedule(new)
    once(app, workers=1)
    assert platform.public == {new.key: 1}
    assert desk.see(old).status is Status.CANCELLED


def test_the_form_itself_is_never_kept(app: App, tmp_path: Path) -> None:
    form = tmp_path / "forma.pdf"
    form.write_text("%PDF-1.7 Yo, Carmen Pérez", encoding="utf-8")
    grant(app, replace(CONSENT, form=fingerprint_of(form)))
    app.store.close()
    database = b"".join(file.read_bytes() for file in tmp_path.glob("somos.db*"))
    assert b"Carmen P" not in database
    assert fingerprint_of(form).encode() in database


# Against the stand-in networks.

CHANNELS = (FACEBOOK, "instagram:somoslomismopa", X)


@pytest.fixture
def networks(tmp_path: Path, clock: Clock) -> Iterator[tuple[App, Sandbox]]:
    from PIL import Image

    media = tmp_path / "fotos"
    media.mkdir()
    Image.new("RGB", (640, 640), "teal").save(media / "carmen.jpg")
    accounts = rehearsal.accounts_for(CHANNELS)
    with Sandbox(accounts=accounts, clock=clock, media_root=media) as box:
        config = tmp_path / "config.toml"
        config.write_text(rehearsal.config_for(box, accounts, media), encoding="utf-8")
        loaded = settings.load(config, rehearsal.environment_for(accounts))
        app = wiring.open_app(loaded, actor="daemon", now=clock)
        yield app, box
        app.store.close()


def shown(app: App) -> list[Delivery]:
    file = app.media_root / "carmen.jpg"
    (app.media_root / "carmen.jpg.toml").write_text(BESIDE, encoding="utf-8")
    size = file.stat().st_size
    asset = an_asset(
        path=file.name,
        sha256=fingerprint(app.media_root, file.name),
        width=640,
        height=640,
        size=size,
    )
    return [
        a_delivery(channel=channel, variant=Variant(text=f"Carmen en {channel}.", assets=(asset,)))
        for channel in CHANNELS
    ]


def goes_out(app: App, clock: Clock) -> None:
    app.store.schedule(shown(app), (), (), now=clock(), actor="ana")
    grant(app, CONSENT)
    for _ in range(5):
        once(app, workers=1)
        clock.advance(timedelta(seconds=20))


def test_on_all_three_networks_what_shows_her_is_gone(
    networks: tuple[App, Sandbox], clock: Clock
) -> None:
    app, box = networks
    goes_out(app, clock)
    assert len(box.posts()) == 3
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    done = list(honour(app, consent))
    assert [it.now for it in done] == ["removed"] * 3
    assert box.posts() == []


@pytest.mark.parametrize("kind", ["close", "done-then-close", "500", "html-502", "truncated"])
def test_with_networks_that_fail_it_is_asked_again_until_all_is_gone(
    networks: tuple[App, Sandbox], clock: Clock, kind: str
) -> None:
    app, box = networks
    goes_out(app, clock)
    box.faults.add(Fault(match="DELETE *", kind=kind, times=2))  # type: ignore[arg-type]
    consent, _ = withdraw(app, "P-014", "Lo pidió.")
    first = list(honour(app, consent))
    assert all(_is_honest(it, box) for it in first)
    list(honour(app, consent))
    assert box.posts() == []
    assert app.store.requests.known(open_only=True) == []
    assert app.store.broken_links() == []


def _is_honest(done: Honoured, box: Sandbox) -> bool:
    """What is called removed is gone, and what may still be there is asked of a person."""
    urls = {post.url for post in box.posts()}
    return done.url not in urls if done.now == "removed" else done.request is not None
