"""The life of a hand-off: what may follow what, what a yes is to, and what is late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from somos_social.core.handoff import (
    MOVES,
    OPEN,
    Accepted,
    Amended,
    Approved,
    Cancelled,
    ChangesRequested,
    Confirmed,
    Declined,
    Event,
    Offered,
    Submitted,
    WentLive,
    decide,
    is_late,
    missing,
    required,
)
from somos_social.core.model.handoff import Ask, Compensation, Draft, DraftFile, Handoff, Proof
from somos_social.core.model.handoff import HandoffStatus as Status
from somos_social.core.model.post import Format
from somos_social.errors import NotAllowed
from tests.handoffs import ASK, ASKED, DAY, DRAFT, TO_LIVE, URL, asked, led
from tests.samples import HOUR, NOW

LOOKED = Proof(url=URL, at=NOW, how="X's API", seen=("hashtag", "disclosure"))
PHOTOGRAPHED = Proof(url=URL, at=NOW, how="a screenshot", screenshot="cd" * 32)

STANDING: Mapping[Status, Handoff] = {
    Status.OFFERED: ASKED,
    Status.ACCEPTED: led(ASKED, Accepted()),
    Status.DECLINED: led(ASKED, Declined("No time.")),
    Status.SUBMITTED: led(ASKED, *TO_LIVE[:2]),
    Status.CHANGES_REQUESTED: led(ASKED, *TO_LIVE[:2], ChangesRequested("Shorter.")),
    Status.APPROVED: led(ASKED, *TO_LIVE[:3]),
    Status.LIVE: led(ASKED, *TO_LIVE),
    Status.CONFIRMED: led(ASKED, *TO_LIVE, Confirmed(LOOKED)),
    Status.CANCELLED: led(ASKED, Cancelled("It is off.")),
}

EVENTS: Mapping[str, Event] = {
    "offered": Offered(),
    "accepted": Accepted(),
    "declined": Declined("No."),
    "submitted": Submitted(DRAFT),
    "changes requested": ChangesRequested("Shorter."),
    "approved": Approved(DRAFT.digest),
    "went live": WentLive(URL),
    "confirmed": Confirmed(LOOKED),
    "cancelled": Cancelled("It is off."),
}

LEADS_TO: Mapping[str, Mapping[Status, Status]] = {
    "offered": {
        Status.OFFERED: Status.OFFERED,
        Status.DECLINED: Status.OFFERED,
    },
    "accepted": {Status.OFFERED: Status.ACCEPTED},
    "declined": {Status.OFFERED: Status.DECLINED},
    "submitted": {
        Status.ACCEPTED: Status.SUBMITTED,
        Status.SUBMITTED: Status.SUBMITTED,
        Status.CHANGES_REQUESTED: Status.SUBMITTED,
        Status.APPROVED: Status.SUBMITTED,
    },
    "changes requested": {
        Status.SUBMITTED: Status.CHANGES_REQUESTED,
        Status.APPROVED: Status.CHANGES_REQUESTED,
    },
    "approved": {Status.SUBMITTED: Status.APPROVED},
    "went live": {
        Status.APPROVED: Status.LIVE,
        Status.LIVE: Status.LIVE,
        Status.CANCELLED: Status.LIVE,
    },
    "confirmed": {Status.LIVE: Status.CONFIRMED},
    "cancelled": dict.fromkeys(
        (
            Status.OFFERED,
            Status.ACCEPTED,
            Status.SUBMITTED,
            Status.CHANGES_REQUESTED,
            Status.APPROVED,
        ),
        Status.CANCELLED,
    ),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("event", EVENTS)
def test_each_event_leads_where_it_should_and_is_refused_elsewhere(
    event: str, status: Status
) -> None:
    before = STANDING[status]
    assert before.status is status
    if status in LEADS_TO[event]:
        move = decide(before, EVENTS[event], NOW)
        assert move.after.status is LEADS_TO[event][status]
        assert (move.before, move.event) == (before, event.replace(" ", ""))
        assert move.after.version == before.version
    else:
        with pytest.raises(NotAllowed, match=rf"{ASKED.name} is .*: .* is not possible now\. \w+"):
            decide(before, EVENTS[event], NOW)


def test_every_status_can_be_reached_and_every_move_of_the_table_is_made() -> None:
    made = {(before, after) for to in LEADS_TO.values() for before, after in to.items()}
    amended = {(status, status) for status in Status}
    without_review = {(Status.ACCEPTED, Status.LIVE)}
    table = {(before, after) for before, afters in MOVES.items() for after in afters}
    assert table == made | amended | without_review


def test_what_is_open_is_what_can_be_cancelled() -> None:
    assert frozenset(LEADS_TO["cancelled"]) == OPEN


def test_without_review_an_accepted_one_may_go_live_at_once() -> None:
    free = led(asked(review=False), Accepted())
    assert decide(free, WentLive(URL), NOW).after.status is Status.LIVE
    drafted = led(asked(review=False), Accepted(), Submitted(DRAFT))
    with pytest.raises(NotAllowed):
        decide(drafted, WentLive(URL), NOW)


def test_a_yes_is_one_to_the_draft_that_was_submitted_and_to_no_other() -> None:
    other = replace(DRAFT, text=f"{DRAFT.text} ")
    with pytest.raises(NotAllowed, match="another one by now"):
        decide(STANDING[Status.SUBMITTED], Approved(other.digest), NOW)
    with pytest.raises(NotAllowed):
        decide(STANDING[Status.SUBMITTED], Approved(""), NOW)


@pytest.mark.parametrize(
    "other",
    [
        replace(DRAFT, text="Otra cosa."),
        replace(DRAFT, network="x"),
        replace(DRAFT, files=()),
        replace(DRAFT, files=(DraftFile(name="reel.mp4", sha256="ac" * 32, size=10),)),
        replace(DRAFT, files=DRAFT.files * 2),
    ],
)
def test_any_change_of_a_draft_makes_it_another(other: Draft) -> None:
    assert other.digest != DRAFT.digest


def test_the_name_of_a_file_is_no_part_of_the_draft() -> None:
    renamed = replace(DRAFT, files=(replace(DRAFT.files[0], name="otro.mp4"),))
    assert renamed.digest == DRAFT.digest


@pytest.mark.parametrize("event", [Submitted(DRAFT), ChangesRequested("Shorter.")])
def test_a_new_draft_and_a_change_of_mind_void_an_approval(event: Event) -> None:
    assert STANDING[Status.APPROVED].approved == DRAFT.digest
    assert decide(STANDING[Status.APPROVED], event, NOW).after.approved is None


def test_what_is_offered_anew_after_a_no_counts_its_offers_and_forgets_the_reason() -> None:
    anew = decide(STANDING[Status.DECLINED], Offered(), NOW).after
    assert (anew.offers, anew.reason, anew.moved_at) == (1, None, NOW)
    assert decide(anew, Offered(), NOW + HOUR).after.moved_at == NOW + HOUR


def test_a_corrected_address_leaves_the_hour_in_which_it_went_live() -> None:
    live = STANDING[Status.LIVE]
    after = decide(live, WentLive(f"{URL}0"), NOW + 9 * DAY).after
    assert (after.url, after.live_at, after.moved_at) == (f"{URL}0", live.live_at, live.moved_at)


# Proofs.


def test_a_look_that_saw_all_and_a_screenshot_both_confirm() -> None:
    for proof in (LOOKED, PHOTOGRAPHED):
        assert decide(STANDING[Status.LIVE], Confirmed(proof), NOW).after.proof == proof


@pytest.mark.parametrize("seen", [(), ("hashtag",), ("disclosure",)])
def test_a_look_that_missed_something_confirms_nothing(seen: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match="lacks its"):
        decide(STANDING[Status.LIVE], Confirmed(replace(LOOKED, seen=seen)), NOW)


def test_a_proof_of_another_address_confirms_nothing() -> None:
    for proof in (LOOKED, PHOTOGRAPHED):
        with pytest.raises(NotAllowed, match="another address"):
            decide(STANDING[Status.LIVE], Confirmed(replace(proof, url=f"{URL}0")), NOW)


def test_what_must_be_seen_follows_from_the_hashtag_and_the_compensation() -> None:
    assert required(ASKED) == ("hashtag", "disclosure")
    assert required(asked(compensation=Compensation.NONE)) == ("hashtag",)
    assert required(replace(ASKED, ask=Ask())) == ()
    assert missing(ASKED, ("hashtag",)) == ["disclosure"]


# Edits.


@pytest.mark.parametrize("status", Status)
def test_an_edit_of_the_file_leaves_a_hand_off_where_it_is(status: Status) -> None:
    before = STANDING[status]
    later = replace(ASKED, live_due=ASKED.live_due + DAY, contact="env:ANA")
    after = decide(before, Amended(later), NOW).after
    assert after.status is status
    assert (after.live_due, after.contact) == (later.live_due, "env:ANA")
    assert (after.draft, after.approved, after.agreed) == (
        before.draft,
        before.approved,
        before.agreed,
    )


@pytest.mark.parametrize("what", [{"brief": "Otra cosa."}, {"rights": ""}, {"hashtag": "#Otro"}])
def test_a_yes_falls_with_what_it_was_given_for(what: dict[str, str]) -> None:
    after = decide(STANDING[Status.APPROVED], Amended(asked(**what)), NOW).after
    assert (after.status, after.approved) == (Status.SUBMITTED, None)


def test_an_edit_that_comes_too_late_for_the_post_leaves_its_record() -> None:
    after = decide(STANDING[Status.CONFIRMED], Amended(asked(rights="Ninguno.")), NOW).after
    assert (after.status, after.proof, after.url) == (Status.CONFIRMED, LOOKED, URL)


def test_what_is_agreed_is_what_was_asked_when_they_said_yes() -> None:
    accepted = STANDING[Status.ACCEPTED]
    assert accepted.agreed == ASKED.asked
    amended = decide(accepted, Amended(asked(brief="Otra cosa.")), NOW).after
    assert amended.agreed != amended.asked


# What is late.

DRAFTS = {Status.OFFERED, Status.ACCEPTED, Status.CHANGES_REQUESTED}


@pytest.mark.parametrize("status", Status)
def test_a_draft_is_late_where_it_is_still_to_come(status: Status) -> None:
    found = STANDING[status]
    assert not is_late(found, ASKED.live_due - 3 * DAY)
    assert is_late(found, ASKED.live_due - DAY) is (status in DRAFTS)


@pytest.mark.parametrize("status", Status)
def test_a_post_is_late_where_it_is_still_to_come(status: Status) -> None:
    assert is_late(STANDING[status], ASKED.live_due + HOUR) is (status in OPEN)


def test_without_review_no_draft_is_late() -> None:
    free = led(asked(review=False), Accepted())
    assert not is_late(free, ASKED.live_due - DAY)


def test_a_story_is_late_once_it_cannot_be_proved_any_more() -> None:
    live = led(asked(format=Format.STORY), *TO_LIVE)
    since = live.live_at
    assert since is not None
    assert not is_late(live, since + timedelta(hours=24))
    assert is_late(live, since + timedelta(hours=24, seconds=1))
    assert not is_late(replace(live, ask=ASK), since + 20 * DAY)
    proved = decide(live, Confirmed(PHOTOGRAPHED), NOW).after
    assert not is_late(proved, since + 20 * DAY)


# What is recorded.


def test_everything_that_is_recorded_is_part_of_the_digest() -> None:
    whole = STANDING[Status.CONFIRMED]
    others = [
        replace(whole, contact="otra@example.org"),
        replace(whole, influencer="@otra"),
        replace(whole, brief="Otra cosa."),
        replace(whole, review=False),
        replace(whole, draft_due=None),
        replace(whole, live_due=NOW),
        replace(whole, offers=9),
        replace(whole, agreed=""),
        replace(whole, draft=None),
        replace(whole, approved=None),
        replace(whole, moved_at=NOW),
        replace(whole, live_at=NOW),
        replace(whole, proof=PHOTOGRAPHED),
        replace(whole, reason="Por eso."),
        replace(whole, shown=("P-016",)),
        replace(whole, ask=replace(ASK, rights="")),
        replace(whole, ask=replace(ASK, media={})),
    ]
    digests = {each.digest for each in (whole, *others)}
    assert len(digests) == len(others) + 1


def test_what_is_asked_comes_back_from_json() -> None:
    assert Ask.from_json(ASK.to_json()) == ASK
    assert Ask.from_json("{}") == Ask()
    assert Draft.from_json(DRAFT.to_json()) == DRAFT
    for proof in (LOOKED, PHOTOGRAPHED):
        assert Proof.from_json(proof.to_json()) == proof


def test_who_is_in_a_draft_comes_back_and_old_drafts_stay_as_they_were_written() -> None:
    file = replace(DRAFT.files[0], people=("P-018",), shows=("face",), minors=("P-018",))
    seen = replace(DRAFT, files=(file,))
    assert Draft.from_json(seen.to_json()) == seen
    assert seen.people == {"P-018"}
    assert "people" not in DRAFT.to_json()


def test_assets_are_named_once_and_as_they_were_delivered() -> None:
    assert [asset.path for asset in ASK.assets] == ["historias/carmen.jpg"]
    assert ASK.people == {"P-014"}
    assert ASK.networks == ("instagram", "x")
