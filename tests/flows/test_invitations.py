"""A personal link lets one person in, once, for a while; and nobody speaks for two."""

from dataclasses import replace
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer

from somos_social.core.guests import Role, Stay
from somos_social.core.people import Approver
from somos_social.errors import NotAllowed, UsageError
from somos_social.flows import App, approval
from somos_social.flows import invitations as flow
from tests.conftest import Clock
from tests.samples import HOUR, MINUTE

DAY = timedelta(days=1)
DOOR = flow.Door(key="k" * 43, stay=Stay(idle=12 * HOUR, most=7 * DAY))


def invited(app: App, name: str = "UNHCR:Ana", role: Role = Role.APPROVER) -> str:
    return flow.invite(app, DOOR, name, role, 7 * DAY)[1]


def came_in(app: App, name: str = "UNHCR:Ana", role: Role = Role.APPROVER) -> str:
    return flow.enter(app, DOOR, invited(app, name, role))[1]


def refused(app: App, link: str) -> str:
    with pytest.raises(flow.Refused) as told:
        flow.holder(app, DOOR, link)
    with pytest.raises(flow.Refused) as entering:
        flow.enter(app, DOOR, link)
    assert told.value.why == entering.value.why
    return told.value.why


def events(app: App) -> list[tuple[str, str]]:
    return [(it["delivery"], it["event"]) for it in app.store.log()]


def test_a_link_that_is_looked_at_stays_good_and_one_that_is_used_opens_nothing_more(
    app: App,
) -> None:
    link = invited(app)
    assert str(flow.holder(app, DOOR, link)) == str(flow.holder(app, DOOR, link)) == "UNHCR:Ana"
    guest, visit = flow.enter(app, DOOR, link)
    assert (str(guest), guest.role) == ("UNHCR:Ana", Role.APPROVER)
    assert refused(app, link) == "used"
    seen = flow.visitor(app, DOOR, visit)
    assert seen is not None
    assert str(seen) == "UNHCR:Ana"


def test_a_link_ends_with_its_time(app: App, clock: Clock) -> None:
    link = invited(app)
    clock.advance(7 * DAY - MINUTE)
    assert str(flow.holder(app, DOOR, link)) == "UNHCR:Ana"
    clock.advance(MINUTE)
    assert refused(app, link) == "expired"


@pytest.mark.parametrize("forged", ["", "x", "a.b", "\udfff", "é" * 9, "W10.AAAA"])
def test_what_we_did_not_sign_is_never_looked_up(app: App, forged: str) -> None:
    assert refused(app, forged) == "unknown"


def test_a_link_of_another_key_or_with_another_end_is_none_of_ours(app: App) -> None:
    link = invited(app)
    secret, _ = DOOR.signer.loads(link)
    other = replace(DOOR, key="z" * 43).signer.dumps([secret, 99999999999])
    assert refused(app, str(other)) == "unknown"
    cookies = URLSafeSerializer(DOOR.key, salt="other").dumps([secret, 99999999999])
    assert refused(app, str(cookies)) == "unknown"
    for odd in ([secret], [secret, "x"], [secret, 1e99], [1, 99999999999], "x", None):
        assert refused(app, str(DOOR.signer.dumps(odd))) in ("unknown", "expired")


def test_a_new_link_ends_the_one_before_and_whoever_is_in_stays_in_the_new_role(app: App) -> None:
    first = invited(app)
    visit = came_in(app)
    assert refused(app, first) == "used"
    invited(app, role=Role.READER)
    guest = flow.visitor(app, DOOR, visit)
    assert guest is not None
    assert guest.role is Role.READER


def test_whoever_is_revoked_is_out_at_once_with_link_and_visits(app: App) -> None:
    visit, link = came_in(app), invited(app)
    assert flow.revoke(app, "UNHCR:ana")[1] == 1
    assert refused(app, link) == "used"
    assert flow.visitor(app, DOOR, visit) is None
    assert flow.listed(app, DOOR) == []
    for name in ("UNHCR:Ana", "IOM:Ana"):
        with pytest.raises(UsageError, match="no guest"):
            flow.revoke(app, name)
    assert events(app)[1:] == [
        ("board/UNHCR:Ana", "invited"),
        ("board/UNHCR:Ana", "entered"),
        ("board/UNHCR:Ana", "invited"),
        ("board/UNHCR:Ana", "revoked"),
    ]
    assert app.store.broken_links() == []


def test_whoever_is_invited_again_after_that_does_not_come_back_by_an_old_visit(app: App) -> None:
    visit = came_in(app)
    flow.revoke(app, "UNHCR:Ana")
    invited(app)
    assert flow.visitor(app, DOOR, visit) is None


def test_a_visit_ends_when_nobody_was_seen_for_long_or_after_its_whole_time(
    app: App, clock: Clock
) -> None:
    visit = came_in(app)
    for _ in range(14):
        clock.advance(12 * HOUR - MINUTE)
        assert flow.visitor(app, DOOR, visit) is not None
    clock.advance(14 * MINUTE)
    assert flow.visitor(app, DOOR, visit) is None
    other = came_in(app)
    clock.advance(12 * HOUR)
    assert flow.visitor(app, DOOR, other) is None


def test_a_visit_that_was_left_does_not_go_on(app: App) -> None:
    visit = came_in(app)
    flow.leave(app, visit)
    assert flow.visitor(app, DOOR, visit) is None


def test_nothing_that_opens_a_door_lies_in_the_database(app: App) -> None:
    link = invited(app)
    secret, _ = DOOR.signer.loads(link)
    visit = came_in(app, "IOM:Eva")
    kept = b"".join(it.read_bytes() for it in app.media_root.parent.glob("somos.db*"))
    assert b"Ana" in kept
    for each in (link, secret, visit):
        assert each.encode() not in kept


def test_whoever_is_to_approve_becomes_an_approver_and_one_person_speaks_for_one_organisation(
    app: App,
) -> None:
    came_in(app)
    assert [str(it) for it in app.store.approvers.known()] == ["UNHCR:Ana"]
    with pytest.raises(NotAllowed, match=r"guest of UNHCR already.*board revoke UNHCR:Ana"):
        invited(app, "IOM:ANA")
    with pytest.raises(NotAllowed, match="guest of UNHCR on the board"):
        approval.add(app, "IOM:Ana")
    flow.revoke(app, "UNHCR:Ana")
    for role in Role:
        with pytest.raises(NotAllowed, match="approver remove UNHCR:Ana"):
            invited(app, "IOM:Ana", role)
    approval.remove(app, "UNHCR:Ana")
    invited(app, "IOM:Ana")


def test_whoever_became_an_approver_by_an_invitation_has_no_key(app: App) -> None:
    came_in(app)
    for key in ("", "no key", "abcde-fghjk"):
        with pytest.raises(NotAllowed, match="not the key"):
            approval.identify(app, "UNHCR:Ana", lambda key=key: key)  # type: ignore[misc]


def test_a_key_that_an_approver_has_already_is_left_alone(app: App) -> None:
    _, key = approval.add(app, "UNHCR:Ana")
    invited(app)
    assert str(approval.identify(app, "UNHCR:Ana", lambda: key)) == "UNHCR:Ana"


def test_a_reader_and_an_approver_who_was_removed_speak_for_nobody(app: App) -> None:
    ana, eva = came_in(app), came_in(app, "IOM:Eva", Role.READER)
    approval.add(app, "IOM:Eva")
    guest, reader = flow.visitor(app, DOOR, ana), flow.visitor(app, DOOR, eva)
    assert guest is not None
    assert reader is not None
    assert str(flow.speaks(app, guest)) == "UNHCR:Ana"
    with pytest.raises(NotAllowed):
        flow.speaks(app, reader)
    approval.remove(app, "UNHCR:Ana")
    with pytest.raises(NotAllowed):
        flow.speaks(app, guest)
    other = Approver(organisation="IOM", person="Ana", added_at=app.now(), added_by="luz")
    app.store.approvers.add(other, salt="", key="")
    with pytest.raises(NotAllowed):
        flow.speaks(app, guest)
    app.store.approvers.remove(other, now=app.now(), actor="luz")
    approval.add(app, "UNHCR:Ana")
    assert str(flow.speaks(app, guest)) == "UNHCR:Ana"


def test_the_list_says_who_waits_who_is_in_and_who_needs_another_link(
    app: App, clock: Clock
) -> None:
    came_in(app)
    invited(app, "IOM:Eva", Role.READER)

    def states() -> list[str]:
        return [f"{it} {it.state(clock())}" for it in flow.listed(app, DOOR)]

    assert states() == ["IOM:Eva invited", "UNHCR:Ana entered"]
    clock.advance(7 * DAY)
    assert states() == ["IOM:Eva expired", "UNHCR:Ana expired"]


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_link_waits_for_a_day_at_least_and_not_for_ever(app: App, days: int) -> None:
    with pytest.raises(UsageError, match="1 to 90 days"):
        flow.invite(app, DOOR, "UNHCR:Ana", Role.READER, days * DAY)


def test_an_old_copy_lets_nobody_in(app: App) -> None:
    """Who was revoked after it was taken would come back with it."""
    link = invited(app, "IOM:Eva", Role.READER)
    visit = came_in(app)
    app.store.take_for_a_copy(app.now())
    assert flow.visitor(app, DOOR, visit) is None
    assert refused(app, link) == "used"
    app.store.forget_snapshot(app.now())
    assert flow.visitor(app, DOOR, visit) is None
    assert refused(app, link) == "used"
    assert [it.state(app.now()) for it in flow.listed(app, DOOR)] == ["expired", "expired"]
