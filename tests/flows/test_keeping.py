"""How far an upload has come is written down, at once where it is new and seldom where it grows."""

from datetime import timedelta

from somos_social.core.delivery import decide
from somos_social.core.events import Amended, Returned
from somos_social.core.model.delivery import Delivery, Upload
from somos_social.flows import App
from somos_social.flows.keeping import PAUSE, Keeping
from tests.conftest import Clock
from tests.flows.conftest import Desk
from tests.samples import NOW, POLICY, a_delivery


def parts(**parts: str) -> Upload:
    return Upload(begun_at=NOW, parts=parts)


def kept(desk: Desk, delivery: Delivery) -> Upload | None:
    return desk.see(delivery).upload


def test_what_is_new_is_kept_at_once_and_what_grows_every_few_seconds(
    app: App, desk: Desk, clock: Clock
) -> None:
    desk.schedule(a_delivery())
    claimed, keep = desk.claim(), Keeping(app.store, clock)
    keep(claimed, parts(video="7"))
    assert kept(desk, claimed) == parts(video="7")
    keep(claimed, parts(video="7", chunks="1"))
    keep(claimed, parts(video="7", chunks="2"))
    assert kept(desk, claimed) == parts(video="7", chunks="1")
    clock.advance(PAUSE)
    keep(claimed, parts(video="7", chunks="9"))
    assert kept(desk, claimed) == parts(video="7", chunks="9")


def test_a_worker_that_lost_its_delivery_keeps_nothing(app: App, desk: Desk, clock: Clock) -> None:
    desk.schedule(a_delivery())
    claimed, keep = desk.claim(), Keeping(app.store, clock)
    edited = Amended(a_delivery().variant, NOW + timedelta(hours=9), timedelta(hours=1))
    move = decide(desk.see(claimed), edited, NOW, POLICY)
    app.store.schedule((), [move], (), now=NOW, actor="ana")
    keep(claimed, parts(video="7"))
    assert kept(desk, claimed) is None


def test_keeping_disturbs_no_move_of_the_same_hand(app: App, desk: Desk, clock: Clock) -> None:
    desk.schedule(a_delivery())
    claimed, keep = desk.claim(), Keeping(app.store, clock)
    keep(claimed, parts(video="7"))
    move = decide(claimed, Returned(parts(video="7")), NOW, POLICY)
    assert app.store.apply(move, now=NOW, actor="w").upload == parts(video="7")
