"""Whatever happens: nothing is published twice, and nothing public is forgotten.

The network lies about what it did, its listings lag and fail, it refuses a secret and asks for
patience; it says yes to a video that later fails. Workers of two daemons freeze, die, and come back
with what they saw long ago; days pass unseen, and the clock of their machine goes back; an old copy
is put in the place of the database. People cancel, amend, retry and settle at the worst moment,
truthfully; they ask for approvals and give them, pause and resume, take back their consent and give
it again; and what they do not let go out at that moment does not. What is assumed is what the
policy assumes: a request does not live, and a listing does not lag, beyond `look_after` together; a
worker that looked at its lease makes its call before the lease ends; and the clock does not go back
between that look and the call.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from somos_social.core.campaign import changes
from somos_social.core.clearance import obstacles
from somos_social.core.delivery import Move, decide
from somos_social.core.events import (
    Accepted,
    Blocked,
    Kept,
    NotReady,
    Refused,
    Removed,
    Suspected,
    Throttled,
    Unanswered,
    Unknowable,
    Unreachable,
    Unread,
)
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.core.model.post import Variant
from somos_social.core.people import Approval, Pause
from somos_social.daemon import begin, mend
from somos_social.errors import NotAllowed
from somos_social.flows import App
from somos_social.flows.by_hand import cancel, retry, settle
from somos_social.flows.delivery import work
from somos_social.flows.pause import pause, resume
from somos_social.flows.withdrawal import honour, withdraw
from somos_social.platforms import Failure, HandBack, Unfulfilled
from somos_social.platforms.evidence import since
from somos_social.store import Lost, Store
from somos_social.store.seal import file_of
from tests.conftest import Clock
from tests.samples import (
    HOUR,
    LONG_AGO,
    MINUTE,
    NOW,
    POLICY,
    X,
    a_comment,
    a_consent,
    a_delivery,
    an_asset,
)

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
POLICY_OF_ALL = replace(POLICY, attempts=2)

LIFE = 100 * SECOND
"""The longest time that a request lives at this network before it takes effect."""

LAG = 79 * SECOND
"""How long its listings do not show what is public; with LIFE just below `look_after`."""

PROCESSED = 25 * MINUTE
"""How long it works on a video that comes to nothing; looks see that it does."""

MANY = 20_000
SHARES = 8
"""In how many tests the many lives of the long profile are led, so that each core has its share."""

PERSON = "P-014"
PICTURE = b"Carmen"
CARMEN = an_asset(people=(PERSON,), shows=("face",), sha256=sha256(PICTURE).hexdigest())
CONSENT = a_consent(person=PERSON, granted_by="person")
ORGANISATION = "IOM"

POSTS = (
    a_delivery("a", grace=6 * HOUR),
    a_delivery("b", due_at=NOW + MINUTE, variant=Variant(text="Carmen.", assets=(CARMEN,))),
)
WANTED = (*POSTS, a_comment(POSTS[0]))
KEYS = [delivery.key for delivery in WANTED]

ENDED = {Status.FAILED, Status.MISSED, Status.CANCELLED}
MAY_BE_PUBLIC = {Status.PUBLISHING, Status.UNCONFIRMED, Status.PUBLISHED}


class Death(BaseException):
    """The worker is gone in the middle of what it did."""


SURE_NOES = ("refused", "throttled", "patience", "blocked", "secret", "unreachable")
UNCLEAR = ("unanswered", "unread", "unknown error", "death")
ACCEPTED = "accepted"
OF_PEOPLE = ("approve", "approve", "require", "pause", "blackout", "resume", "withdraw", "grant")
UNREAD = ("unread", "unknowable", "unknown error", "death", *SURE_NOES, "unanswered")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How one attempt goes: what the network does, how long the worker freezes where.

    `acts` is what others do while it is frozen, evenly spread, to the delivery in its hand.
    """

    prepare: str = "yes"
    frozen_in_prepare: timedelta = timedelta(0)
    frozen_after_intent: timedelta = timedelta(0)
    dies_after_intent: bool = False
    slow_to_call: timedelta = timedelta(0)
    lives: timedelta | None = timedelta(0)
    answer: str = "yes"
    frozen_after_answer: timedelta = timedelta(0)
    acts: tuple[str, ...] = ()

    @property
    def acts_in_the_call(self) -> tuple[str, ...]:
        return tuple(act for act in self.acts if act != "clock")


FREEZES = st.sampled_from([timedelta(0)] * 9 + [20 * SECOND, POLICY.lease, 25 * MINUTE])
LOOKS = st.sampled_from(["truth"] * 14 + ["slow", *UNREAD])
ACTS = st.lists(
    st.sampled_from(
        ["beat"] * 8
        + ["settle", "retry", "amend", "cancel", "renew", "clock", "secret", *OF_PEOPLE]
    ),
    max_size=6,
).map(tuple)
IN_PREPARE = ("not ready", "unanswered", "suspected", "hand back", "death", *SURE_NOES)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    # A documented "no" is true: that is what the adapters vouch for. All else may be a lie.
    answer = draw(st.sampled_from(["yes", *SURE_NOES, *[*UNCLEAR, ACCEPTED] * 3]))
    lives: timedelta | None = timedelta(0)
    if answer in SURE_NOES:
        lives = None
    elif answer == ACCEPTED:
        lives = draw(st.sampled_from([None, timedelta(0), LIFE, PROCESSED]))
    elif answer != "yes":
        lives = draw(st.sampled_from([None, timedelta(0), LIFE / 2, LIFE]))
    return Plan(
        prepare=draw(st.sampled_from(["yes"] * 50 + list(IN_PREPARE))),
        frozen_in_prepare=draw(FREEZES),
        frozen_after_intent=draw(FREEZES),
        dies_after_intent=draw(st.sampled_from([False] * 9 + [True])),
        slow_to_call=draw(st.sampled_from([timedelta(0), POLICY.timeout])),
        lives=lives,
        answer=answer,
        frozen_after_answer=draw(FREEZES),
        acts=draw(ACTS),
    )


NO_SECRET = Blocked("No secret.", whole_channel=True)


def ending(answer: str, now: datetime) -> BaseException:
    """How a call ends whose answer is not a yes."""
    events: dict[str, Failure] = {
        "refused": Refused("Too long."),
        "throttled": Throttled(now + 2 * MINUTE, "Slower."),
        "patience": Throttled(now + 5 * MINUTE, "All slower.", whole_channel=True),
        "blocked": Blocked("A file changed."),
        "secret": NO_SECRET,
        "unreachable": Unreachable("No route."),
        "unanswered": Unanswered("502."),
        "not ready": NotReady(now + MINUTE, None),
        "suspected": Suspected("It was used."),
        "processing": Unread("It is still being processed."),
        "unread": Unread("Cut off."),
        "unknowable": Unknowable("No plan."),
    }
    if answer in events:
        return Unfulfilled(events[answer])
    return {"death": Death(), "hand back": HandBack()}.get(answer, KeyError(answer))


@dataclass(frozen=True)
class Effect:
    """What a request makes public, and when."""

    at: datetime
    text: str


class Network:
    """One account: each request takes effect at its time or never, and is listed LAG later.

    Its clock is the true one; ours may be behind.
    """

    def __init__(self, clock: Clock, freeze: Callable[[timedelta, tuple[str, ...]], None]) -> None:
        self._clock = clock
        self._freeze = freeze
        self.plan = Plan()
        self.look = "truth"
        self.knows_us = True
        self.effects: dict[str, list[Effect]] = {}
        self.busy_until: dict[str, datetime] = {}

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        plan = self.plan
        self._freeze(plan.frozen_in_prepare, plan.acts)
        self._answer(plan.prepare)
        return Upload(begun_at=self._clock(), parts={})

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        plan = self.plan
        self._freeze(plan.slow_to_call, plan.acts_in_the_call)
        if not self.knows_us:
            raise Unfulfilled(NO_SECRET)
        if plan.lives is not None:
            effect = Effect(self._clock() + plan.lives, delivery.variant.text)
            self.effects.setdefault(delivery.key, []).append(effect)
        if plan.answer == ACCEPTED:
            # Its status says that it works on it, until a listing shows what came of that.
            end = PROCESSED if plan.lives is None else plan.lives
            self.busy_until[delivery.key] = self._clock() + end + LAG
        self._freeze(plan.frozen_after_answer, plan.acts)
        if plan.answer == ACCEPTED:
            raise Unfulfilled(Accepted(receipt_of(delivery.key), "It is being processed."))
        if plan.answer != "yes":
            # What happened to the secret meanwhile does not change the answer to this call.
            self.knows_us = self.knows_us and plan.answer != "secret"
            raise ending(plan.answer, self._clock())
        return receipt_of(delivery.key)

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        look = self.look
        seen = self.is_listed(delivery.key, since(delivery))
        is_busy = self.is_busy(delivery.key)
        if look == "slow":
            self._freeze(LAG, ())
        else:
            self._answer("yes" if look == "truth" else look)
        if is_busy and not seen:
            raise ending("processing", self._clock())
        return receipt_of(delivery.key) if seen else None

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        raise NotImplementedError

    def remove(self, delivery: Delivery) -> Removed | Kept:
        return Kept("Nobody takes anything down here.")

    def whoami(self) -> Identity:
        self._answer("yes")
        return Identity(remote_id="1", name="Somos Lo Mismo")

    def _answer(self, answer: str) -> None:
        """A secret that does not work goes on not to work, until a person mends it."""
        self.knows_us = self.knows_us and answer != "secret"
        if not self.knows_us:
            raise Unfulfilled(NO_SECRET)
        if answer != "yes":
            raise ending(answer, self._clock())

    def is_busy(self, key: str) -> bool:
        return self._clock() < self.busy_until.get(key, LONG_AGO)

    def is_listed(self, key: str, since: datetime) -> bool:
        now = self._clock()
        return any(since <= e.at and e.at + LAG <= now for e in self.effects.get(key, []))


def receipt_of(key: str) -> Receipt:
    return Receipt(remote_id=f"id of {key}", url=None)


class Lives(RuleBasedStateMachine):
    """Three deliveries of one channel, any number of workers of two daemons, one restless person.

    All lives are led in one database file, which each finds as new.
    """

    store: ClassVar[Store]
    new: ClassVar[sqlite3.Connection]
    file: ClassVar[sqlite3.Connection]
    seal: ClassVar[Path]
    media: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.put_in_place(self.new)
        self.store.seal_anew(NOW)
        self.clock = Clock()
        self.behind = timedelta(0)
        self.network = Network(self.clock, self.freeze)
        self.in_hand: Delivery | None = None
        self.hands: list[Delivery] = []
        self.planned: list[Move] = []
        self.copy: sqlite3.Connection | None = None
        self.was_put_back = False
        self.has_begun = False
        self.amendments = 0
        self.app = App(
            store=self.store,
            policy=POLICY_OF_ALL,
            now=self.now,
            platform=lambda _channel: self.network,
            media_root=self.media,
            channels=(X,),
            pictures_are_public=True,
            actor="daemon",
            heard=self.hear,
        )
        self.other = replace(self.app, actor="other daemon")

    @initialize(early=st.booleans())
    def schedule(self, early: bool) -> None:
        if early:
            self.clock.time = NOW - POLICY.ahead
        self.store.schedule(WANTED, (), (), now=self.now(), actor="person")
        self.store.consents.grant(CONSENT)

    def now(self) -> datetime:
        return self.clock() - self.behind

    # What others do while a worker is frozen.

    def hear(self, move: Move) -> None:
        if move.after.status is Status.PUBLISHING:
            self.nobody_keeps_it_back(move.after)
            plan = self.network.plan
            self.freeze(plan.frozen_after_intent, plan.acts)
            if plan.dies_after_intent:
                raise Death

    def nobody_keeps_it_back(self, delivery: Delivery) -> None:
        assert obstacles(delivery, self.store.said_of([delivery]), self.now()) == []

    def freeze(self, length: timedelta, acts: tuple[str, ...]) -> None:
        if not length:
            return
        mine, self.network.plan = (self.network.plan, self.in_hand), Plan()
        for act in acts:
            self.clock.advance(length / len(acts))
            self.act(act)
        if not acts:
            self.clock.advance(length)
        self.network.plan, self.in_hand = mine

    def act(self, act: str) -> None:
        key = self.in_hand.key if self.in_hand else KEYS[0]
        match act:
            case "beat":
                self.beat(self.other)
                for delivery in self.claim(1, self.other):
                    work(self.other, delivery)
            case "amend":
                self.plans(key)
                self.amends()
            case "renew":
                self.renews([self.in_hand] if self.in_hand else [])
            case "clock":
                self.behind += HOUR
            case "secret":
                self.network.knows_us = True
            case _ if act in OF_PEOPLE:
                self.people_say(act, key)
            case _:
                self.asks(act, key)

    def beat(self, app: App) -> None:
        if self.has_begun:
            mend(app)
            return
        begin(app)
        self.has_begun = True

    def claim(self, limit: int, app: App) -> list[Delivery]:
        return self.store.claim(self.now(), limit=limit, lease=POLICY_OF_ALL.lease, actor=app.actor)

    # Time and workers.

    @rule(
        wait=st.sampled_from([10 * SECOND, MINUTE, 3 * MINUTE, POLICY.lease, HOUR, 3 * HOUR, DAY])
    )
    def time_passes(self, wait: timedelta) -> None:
        self.clock.advance(wait)

    @rule(by=st.sampled_from([MINUTE, HOUR]))
    def the_clock_goes_back(self, by: timedelta) -> None:
        self.behind += by

    @rule(coming=st.lists(st.tuples(plans(), LOOKS), min_size=1, max_size=5))
    def a_daemon_does_what_comes_next(self, coming: list[tuple[Plan, str]]) -> None:
        for plan, look in coming:
            self.wait()
            self.network.look = look
            with suppress(Death):
                self.beat(self.app)
            self.network.look = "truth"
            for delivery in self.claim(1, self.app):
                self.go_on(delivery, plan)
            # Between any two of its steps, not only between any two stretches of its life.
            self.nothing_is_published_twice()
            self.nothing_public_is_forgotten()

    def wait(self) -> bool:
        """Until the next thing is to be done; False when nothing is."""
        times = [self.store.next_wake(LONG_AGO), self.store.next_mend()]
        upcoming = [time for time in times if time is not None]
        if upcoming and min(upcoming) <= self.now():
            # It waits for its channel, or for a lease to end; or it is the next in its turn.
            self.clock.advance(MINUTE)
        elif upcoming:
            self.clock.reach(min(upcoming) + self.behind)
        return bool(upcoming)

    @rule()
    def a_worker_claims_and_freezes(self) -> None:
        self.hands.extend(self.claim(1, self.other))

    @precondition(lambda self: self.hands)
    @rule()
    def a_daemon_keeps_the_leases_of_its_frozen_workers(self) -> None:
        self.renews(self.hands)

    def renews(self, held: list[Delivery]) -> None:
        leases = [delivery.lease for delivery in held if delivery.lease]
        self.store.renew(leases, self.now() + POLICY_OF_ALL.lease)

    @precondition(lambda self: self.hands)
    @rule(plan=plans(), last=st.booleans(), once_more=st.booleans())
    def a_worker_goes_on_with_what_it_once_claimed(
        self, plan: Plan, last: bool, once_more: bool
    ) -> None:
        delivery = self.hands.pop(-1 if last else 0)
        if once_more:
            self.hands.append(delivery)
        self.go_on(delivery, plan)

    def go_on(self, delivery: Delivery, plan: Plan) -> None:
        self.network.plan, self.in_hand = plan, delivery
        with suppress(Death):
            work(self.app, delivery)
        self.network.plan, self.in_hand = Plan(), None

    # People.

    @rule()
    def a_person_mends_the_secret(self) -> None:
        self.network.knows_us = True

    @rule()
    def a_copy_of_the_database_is_taken(self) -> None:
        self.copy = sqlite3.connect(":memory:")
        self.file.backup(self.copy)

    @precondition(lambda self: self.copy)
    @rule()
    def a_person_puts_the_copy_in_place(self) -> None:
        """With every program ended; and nothing tells which file it is but the file."""
        assert self.copy
        self.hands, self.planned = [], []
        self.put_in_place(self.copy)
        self.store.take_for_a_copy(self.now())
        self.was_put_back, self.has_begun = True, False

    def put_in_place(self, copy: sqlite3.Connection) -> None:
        copy.backup(self.file)
        self.seal.unlink(missing_ok=True)

    @rule(key=st.sampled_from(KEYS), asked=st.sampled_from(["settle", "retry", "cancel"]))
    def a_person_asks(self, key: str, asked: str) -> None:
        self.asks(asked, key)

    def asks(self, asked: str, key: str) -> None:
        with suppress(NotAllowed):
            match asked:
                case "cancel":
                    cancel(self.app, key, "It is off.")
                case "retry":
                    retry(self.app, key)
                case "settle":
                    listed = self.network.is_listed(key, datetime.min.replace(tzinfo=UTC))
                    if not listed and self.network.is_busy(key) and self.was_put_back:
                        # A copy may not know that a video was accepted. Whoever looks sees that.
                        return
                    settle(self.app, key, receipt_of(key) if listed else None)

    @rule(key=st.sampled_from(KEYS), said=st.sampled_from(OF_PEOPLE))
    def people_say_whether_it_may_go_out(self, key: str, said: str) -> None:
        self.people_say(said, key)

    def people_say(self, said: str, key: str) -> None:
        now = self.now()
        match said:
            case "approve":
                self.approves(key)
            case "require":
                wanted = {WANTED[0].campaign: [ORGANISATION]}
                self.store.approvals.require(wanted, now=now, actor="person")
            case "pause":
                pause(self.app, Pause(reason="An election", since=now, channel=X))
            case "blackout":
                pause(self.app, Pause(reason="A vigil", since=now, until=now + 2 * HOUR))
            case "resume":
                with suppress(NotAllowed):
                    resume(self.app, self.store.pauses.in_force())
            case "withdraw":
                consent, _ = withdraw(self.app, PERSON, "Fear")
                for _ in honour(self.app, consent):
                    pass
            case "grant":
                self.store.consents.grant(replace(CONSENT, granted_at=now))

    def approves(self, key: str) -> None:
        delivery = self.store.get(key)
        assert delivery
        given = Approval(
            delivery=key,
            organisation=ORGANISATION,
            person="Ana",
            variant=delivery.variant,
            due_at=delivery.due_at,
            at=self.now(),
        )
        self.store.approvals.give([given])

    @rule(key=st.sampled_from(KEYS))
    def a_person_changes_the_file(self, key: str) -> None:
        self.plans(key)

    @precondition(lambda self: self.planned)
    @rule()
    def a_person_schedules_what_was_planned_before(self) -> None:
        self.amends()

    def plans(self, key: str) -> None:
        self.amendments += 1
        now = self.now()
        known = self.store.of_campaign(WANTED[0].campaign)
        wanted = [
            replace(
                delivery,
                variant=replace(delivery.variant, text=f"Versión {self.amendments}"),
                due_at=now + MINUTE,
            )
            if key == delivery.key
            else replace(delivery, variant=known[delivery.key].variant)
            for delivery in WANTED
        ]
        self.planned = [
            decide(known[line.key], line.event, now, POLICY_OF_ALL)
            for line in changes(wanted, known)
            if line.event is not None and line.key == key
        ]

    def amends(self) -> None:
        with suppress(Lost):
            self.store.schedule((), self.planned, (), now=self.now(), actor="person")
        self.planned = []

    # The two sentences.

    @invariant()
    def nothing_is_published_twice(self) -> None:
        assert {key: n for key, n in self.copies().items() if n > 1} == {}

    @invariant()
    def nothing_public_is_forgotten(self) -> None:
        # Read past the store: it is quick, and the store may be what forgets.
        known = {
            key: (status, suspect)
            for key, status, suspect in self.file.execute(
                "SELECT key, status, suspect OR EXISTS (SELECT 1 FROM snapshot) FROM deliveries"
            )
        }
        for key in self.copies():
            status, suspect = known[key]
            # Only a copy put in place may not know it yet, and then it knows that it does not.
            is_marked = suspect and self.was_put_back
            assert is_marked or status in MAY_BE_PUBLIC, (key, status)

    def copies(self) -> Counter[str]:
        """How often each delivery is public, or will be when its request takes effect."""
        return Counter({key: len(effects) for key, effects in self.network.effects.items()})

    def teardown(self) -> None:
        self.let_all_come_to_rest()
        self.nothing_is_published_twice()
        for delivery in self.store.listed():
            effects = self.network.effects.get(delivery.key, [])
            if not (delivery.suspect and delivery.after and delivery.parent_id is None):
                # A comment can be looked for only once its post is known, and this one's is not.
                assert (delivery.status is Status.PUBLISHED) == bool(effects), delivery
            texts = {effect.text for effect in effects}
            assert self.was_put_back or texts <= {delivery.variant.text}, delivery
            assert self.store.log(delivery=delivery.key)[-1]["to"] == delivery.status
            assert self.is_at_rest(delivery), delivery
        assert self.store.broken_links() == []

    def let_all_come_to_rest(self) -> None:
        self.network.knows_us = True
        begin(self.app)
        for said in ("resume", "grant"):
            self.people_say(said, KEYS[0])
        for key in KEYS:
            self.approves(key)
        for _ in range(500):
            mend(self.app)
            for delivery in self.claim(3, self.app):
                work(self.app, delivery)
            if not self.wait():
                return
        raise AssertionError("It goes on for ever.")

    def is_at_rest(self, delivery: Delivery) -> bool:
        if delivery.status is Status.SCHEDULED and delivery.after:
            followed = self.store.get(delivery.after)
            return followed is not None and followed.status is not Status.PUBLISHED
        return delivery.status in (
            Status.PUBLISHED,
            Status.FAILED,
            Status.MISSED,
            Status.CANCELLED,
        )


def _lives() -> tuple[int, int]:
    """In how many tests, and how many lives in each."""
    if settings.get_current_profile_name() == "long":
        return SHARES, MANY // SHARES
    return 1, settings().max_examples


@pytest.mark.parametrize("share", range(_lives()[0]))
def test_nothing_is_published_twice_and_nothing_public_is_forgotten(
    new_file: Path, tmp_path: Path, disk_is_not_awaited: None, share: int
) -> None:
    file = tmp_path / "somos.db"
    shutil.copy(new_file, file)
    Lives.store, Lives.seal = Store(f"sqlite:///{file}"), file_of(file)
    Lives.media = tmp_path / "media"
    picture = Lives.media / CARMEN.path
    picture.parent.mkdir(parents=True)
    picture.write_bytes(PICTURE)
    with (
        closing(Lives.store),
        closing(sqlite3.connect(new_file)) as Lives.new,
        closing(sqlite3.connect(file, isolation_level=None)) as Lives.file,
    ):
        run_state_machine_as_test(
            Lives, settings=settings(max_examples=_lives()[1], stateful_step_count=30)
        )
