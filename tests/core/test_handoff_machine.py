"""Whatever two people do to a hand-off, from however old a sight of it: two sentences hold.

Nothing is approved but the draft that was submitted last, for what was asked when it was approved;
nothing is confirmed without a look that found what must be there, or a screenshot's fingerprint, of
the very address that is recorded. Campaign files are edited meanwhile, and what somebody saw before
is never acted upon.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from somos_social.core.handoff import (
    MOVES,
    OPEN,
    Accepted,
    Approved,
    Cancelled,
    ChangesRequested,
    Confirmed,
    Declined,
    Event,
    Offered,
    Submitted,
    WentLive,
    is_late,
    required,
)
from somos_social.core.model.handoff import Compensation, Draft, Handoff, Proof
from somos_social.core.model.handoff import HandoffStatus as Status
from somos_social.core.reminders import due
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.handoff import act
from somos_social.store import Store
from tests.conftest import Clock
from tests.handoffs import asked
from tests.samples import NOW, POLICY

PEOPLE = st.sampled_from(["ana", "ben"])
TEXTS = st.sampled_from(["Uno.", "Dos."])
URLS = st.sampled_from(["https://x.com/ana/status/1", "https://blog.example.org/ana"])
SEEN = st.sets(st.sampled_from(["hashtag", "disclosure"])).map(lambda found: tuple(sorted(found)))


class Life(RuleBasedStateMachine):
    """One hand-off in a real database, and what two people saw of it last."""

    template: ClassVar[Path]
    folder: ClassVar[Path]
    number: ClassVar[int] = 0

    @initialize(review=st.booleans(), pay=st.sampled_from(Compensation))
    def begin(self, review: bool, pay: Compensation) -> None:
        Life.number += 1
        file = self.folder / f"{Life.number}.db"
        shutil.copy(self.template, file)
        self.clock = Clock()
        self.store = Store(f"sqlite:///{file}")
        self.app = App(
            store=self.store,
            policy=POLICY,
            now=self.clock,
            platform=lambda _channel: (_ for _ in ()).throw(AssertionError),
            media_root=self.folder,
            channels=(),
            pictures_are_public=False,
            actor="desk",
        )
        self.wanted = asked(review=review, compensation=pay)
        self.submitted: Draft | None = None
        self.approved_for = ""
        self.was_cancelled = False
        self.entries = 0
        self.schedule()
        self.seen = dict.fromkeys(["ana", "ben"], self.now)

    @property
    def now(self) -> Handoff:
        [found] = self.store.handoffs()
        return found

    def schedule(self) -> None:
        self.store.schedule((), (), (self.wanted,), now=self.clock(), actor="desk")
        self.entries = len(self.store.log())

    # What people do.

    @rule(who=PEOPLE)
    def looks(self, who: str) -> None:
        self.seen[who] = self.now

    @rule(minutes=st.integers(1, 60 * 24 * 20))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @rule(what=st.sampled_from(["brief", "brief", "rights", "live_due", "nothing"]), text=TEXTS)
    def the_file_is_edited_and_scheduled(self, what: str, text: str) -> None:
        match what:
            case "brief":
                self.wanted = replace(self.wanted, brief=text)
            case "rights":
                self.wanted = replace(self.wanted, ask=replace(self.wanted.ask, rights=text))
            case "live_due":
                self.wanted = replace(self.wanted, live_due=NOW + timedelta(days=len(text)))
        before = self.now
        self.schedule()
        assert self.now.status in MOVES[before.status]
        assert (self.now.brief, self.now.ask) == (self.wanted.brief, self.wanted.ask)

    @rule(
        who=PEOPLE,
        event=st.sampled_from(
            [Offered(), Accepted(), Declined("No."), ChangesRequested("Así no."), Cancelled("No.")]
        ),
    )
    def acts(self, who: str, event: Event) -> None:
        self.tries(who, lambda found: act(self.app, found, event))

    @rule(who=PEOPLE, text=TEXTS, meant=TEXTS, url=URLS, steps=st.integers(2, 4))
    def goes_straight_on(self, who: str, text: str, meant: str, url: str, steps: int) -> None:
        """Else most lives would end before anything is public."""
        ways: list[Callable[[], None]] = [
            lambda: self.acts(who, Accepted()),
            lambda: self.submits(who, text),
            lambda: self.approves(who, meant),
            lambda: self.posts(who, url),
        ]
        for way in ways[:steps]:
            self.looks(who)
            way()

    @rule(who=PEOPLE, text=TEXTS)
    def looks_and_submits_another(self, who: str, text: str) -> None:
        self.looks(who)
        self.submits(who, text)

    @rule(who=PEOPLE, text=TEXTS)
    def submits(self, who: str, text: str) -> None:
        draft = Draft(text=text)
        if self.tries(who, lambda found: act(self.app, found, Submitted(draft))):
            self.submitted = draft

    @rule(who=PEOPLE, text=TEXTS)
    def approves(self, who: str, text: str) -> None:
        """The draft with these words, whether it is the one that is there or not."""
        draft = Draft(text=text)
        if self.tries(who, lambda found: act(self.app, found, Approved(draft.digest))):
            assert draft == self.submitted, "approved what was not submitted last"
            self.approved_for = content(self.now)

    @rule(who=PEOPLE, url=URLS)
    def posts(self, who: str, url: str) -> None:
        self.tries(who, lambda found: act(self.app, found, WentLive(url)))

    @rule(who=PEOPLE, url=URLS, seen=SEEN, screenshot=st.sampled_from([None, "ab" * 32]))
    def proves(self, who: str, url: str, seen: tuple[str, ...], screenshot: str | None) -> None:
        proof = Proof(url=url, at=self.clock(), how="a test", seen=seen, screenshot=screenshot)
        self.tries(who, lambda found: act(self.app, found, Confirmed(proof)))

    def tries(self, who: str, what: Callable[[Handoff], Handoff]) -> bool:
        """What somebody asks for happens wholly, from how it stands now; or not at all."""
        before, seen = self.now, self.seen[who]
        try:
            after = what(seen)
        except NotAllowed:
            assert self.now == before
            assert len(self.store.log()) == self.entries
            return False
        assert seen == before, "acted upon an older sight"
        assert after == self.now
        assert after.version == before.version + 1
        self.entries += 1
        self.seen[who] = after
        self.was_cancelled = self.was_cancelled or after.status is Status.CANCELLED
        return True

    # What holds.

    @invariant()
    def nothing_is_approved_but_the_draft_that_was_submitted_last(self) -> None:
        found = self.now
        assert found.draft == self.submitted
        if found.approved is not None:
            assert found.draft is not None
            assert found.approved == found.draft.digest
        if found.status is Status.APPROVED:
            assert found.approved is not None
            assert content(found) == self.approved_for

    @invariant()
    def nothing_is_public_unapproved_where_there_is_a_review(self) -> None:
        """But what was cancelled and was posted all the same: that must be known, too."""
        found = self.now
        if found.status in (Status.LIVE, Status.CONFIRMED):
            assert found.url
            assert found.live_at
            assert found.approved or not found.review or self.was_cancelled

    @invariant()
    def nothing_is_confirmed_without_a_proof(self) -> None:
        found = self.now
        assert (found.proof is not None) == (found.status is Status.CONFIRMED)
        if found.proof is not None:
            assert found.proof.url == found.url
            assert found.proof.screenshot or set(required(found)) <= set(found.proof.seen)

    @invariant()
    def each_step_stands_in_the_log_behind_the_one_before(self) -> None:
        log = self.store.log()
        assert len(log) == self.entries
        for one, other in pairwise(log):
            assert other["from"] == one["to"]
        assert log[-1]["to"] == self.now.status
        assert log[-1]["digest"] == self.now.digest

    @invariant()
    def what_is_over_is_neither_late_nor_told_of_for_ever(self) -> None:
        found, later = self.now, self.clock() + timedelta(days=900)
        assert is_late(found, later) == (found.status in OPEN)
        kinds: list[Any] = [it.kind for it in due(found, later)]
        assert all(kind.startswith("amended") for kind in kinds)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            assert self.store.broken_links() == []
            self.store.close()


def content(found: Handoff) -> str:
    return repr((found.influencer, found.brief, found.ask))


@contextmanager
def lives_in(folder: Path, template: Path) -> Iterator[None]:
    Life.folder, Life.template, Life.number = folder, template, 0
    yield


def test_nothing_is_approved_unsubmitted_and_nothing_confirmed_unproved(
    new_file: Path, tmp_path: Path, disk_is_not_awaited: None
) -> None:
    with lives_in(tmp_path, new_file):
        run_state_machine_as_test(Life, settings=settings(stateful_step_count=25))
