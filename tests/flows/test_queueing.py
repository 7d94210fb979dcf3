"""The campaign file and the schedule say the same, whatever people do to either of them."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from somos_social import settings as config_of
from somos_social.core.campaign import Change, deliveries
from somos_social.core.clashes import Rule
from somos_social.core.delivery import decide
from somos_social.core.events import Prepared, Published
from somos_social.core.model.delivery import Delivery, Receipt, Status, Upload
from somos_social.errors import InvalidFiles, NotAllowed, UsageError
from somos_social.files import read_campaign
from somos_social.files.new_post import Said, block
from somos_social.flows import App
from somos_social.flows.calling_off import call_off
from somos_social.flows.campaign import plan, schedule
from somos_social.flows.clashes import of_plan
from somos_social.flows.queueing import draft, put
from somos_social.flows.rescheduling import movable, move
from somos_social.flows.slots import next_free
from somos_social.wiring import open_app
from tests.conftest import Clock

X, FACEBOOK = "x:somos", "facebook:somos"
HEAD = f"""\
name = "Panamá"
timezone = "America/Panama"
channels = ["{FACEBOOK}", "{X}"]
# Las horas de siempre.
[slots]
x = ["mon 09:00", "thu 18:30"]
facebook = ["tue 12:00"]
[[blackout]]
from = 2026-12-08
reason = "Día de las madres"
"""
CONFIG = f"""
[store]
url = "sqlite:///somos.db"
[[channel]]
name = "{FACEBOOK}"
page_id = "1"
token = "env:T"
[[channel]]
name = "{X}"
api_key = "env:T"
api_secret = "env:T"
access_token = "env:T"
access_token_secret = "env:T"
"""
SUNDAY = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)


@contextmanager
def desk(folder: Path, clock: Clock) -> Iterator[tuple[App, Path]]:
    (folder / "media").mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    campaign = folder / "panama.toml"
    campaign.write_text(HEAD, encoding="utf-8")
    app = open_app(config_of.load(config, {}), actor="ana", now=clock)
    try:
        yield app, campaign
    finally:
        app.store.close()


@pytest.fixture
def here(tmp_path: Path, disk_is_not_awaited: None) -> Iterator[tuple[App, Path]]:
    with desk(tmp_path, Clock(SUNDAY)) as found:
        yield found


def add(app: App, path: Path, text: str, due: datetime, **said: object) -> str:
    written = block(Said(text=text, due=due, **said))  # type: ignore[arg-type]
    made = draft(app, path, written, where="here")
    put(app, made, lambda *_: None)
    return made.post


def local(**later: int) -> datetime:
    return datetime(2026, 12, 1, 9) + timedelta(**later)  # noqa: DTZ001


def free(app: App, path: Path, *channels: str) -> list[str]:
    found = next_free(app, path, channels)
    return [f"{found[it]:%a %m-%d %H:%M}" for it in channels]


# Slots.


def test_the_next_slot_is_one_to_come_that_nothing_has(here: tuple[App, Path]) -> None:
    app, path = here
    assert free(app, path, X, FACEBOOK) == ["Mon 11-30 14:00", "Tue 12-01 17:00"]
    add(app, path, "Una.", datetime(2026, 11, 30, 9), channels=[X])  # noqa: DTZ001
    assert free(app, path, X) == ["Thu 12-03 23:30"]


def test_a_slot_that_is_only_planned_is_taken_and_one_of_what_was_called_off_is_free(
    here: tuple[App, Path],
) -> None:
    app, path = here
    post = block(Said(key="a", text="Una.", due=datetime(2026, 11, 30, 9)))  # noqa: DTZ001
    path.write_text(f"{HEAD}\n{post}", encoding="utf-8")
    assert free(app, path, X) == ["Thu 12-03 23:30"]
    schedule(app, [path])
    call_off(app, "panama/a", "No.", lambda _: path)
    assert free(app, path, X) == ["Mon 11-30 14:00"]


def test_a_slot_that_another_campaign_has_on_the_channel_is_taken(here: tuple[App, Path]) -> None:
    app, path = here
    other = path.with_name("chile.toml")
    other.write_text(HEAD, encoding="utf-8")
    add(app, other, "Una.", datetime(2026, 11, 30, 9))  # noqa: DTZ001
    assert free(app, path, X) == ["Thu 12-03 23:30"]


def test_a_blackout_has_no_slots(here: tuple[App, Path]) -> None:
    app, path = here
    add(app, path, "Una.", datetime(2026, 12, 1, 12))  # noqa: DTZ001
    assert free(app, path, FACEBOOK) == ["Tue 12-15 17:00"]


def test_without_a_free_slot_in_a_year_nothing_is_promised(here: tuple[App, Path]) -> None:
    app, path = here
    always = '\n[[blackout]]\nfrom = 2026-01-01\nto = 2028-01-01\nreason = "Silencio"\n'
    path.write_text(HEAD + always, encoding="utf-8")
    with pytest.raises(NotAllowed, match="Every slot"):
        free(app, path, X)


# Adding.


def test_a_draft_writes_nothing(here: tuple[App, Path]) -> None:
    app, path = here
    made = draft(app, path, block(Said(text="Una.", due=local())), where="here")
    assert made.post == "una"
    assert len(made.lines) == 2
    assert path.read_text(encoding="utf-8") == HEAD
    assert app.store.listed() == []


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(here: tuple[App, Path]) -> None:
    app, path = here
    made = draft(app, path, block(Said(text="Una.", due=local())), where="here")
    edited = HEAD.replace("Panamá", "Panama")
    path.write_text(edited, encoding="utf-8")
    with pytest.raises(InvalidFiles, match="at this very moment"):
        put(app, made, lambda *_: None)
    assert path.read_text(encoding="utf-8") == edited
    assert app.store.listed() == []


def test_only_the_new_post_is_scheduled_of_a_file_with_other_edits(here: tuple[App, Path]) -> None:
    app, path = here
    add(app, path, "Una.", local())
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Una.", "Otra."), encoding="utf-8")
    made = draft(app, path, block(Said(text="Dos.", due=local(days=1))), where="here")
    assert made.others == 2
    put(app, made, lambda *_: None)
    assert {it.variant.text for it in app.store.listed()} == {"Una.", "Dos."}


def test_nobody_else_is_asked_for_anything_by_a_new_post(here: tuple[App, Path]) -> None:
    app, path = here
    handoff = '[[handoff]]\nkey = "ana"\ninfluencer = "@ana"\nlive_due = 2027-01-01\n'
    path.write_text(f"{HEAD}\n{handoff}", encoding="utf-8")
    add(app, path, "Una.", local())
    assert app.store.handoffs() == []
    schedule(app, [path])
    assert len(app.store.handoffs()) == 1


def test_where_the_schedule_cannot_be_written_it_is_said_that_the_file_has_it(
    here: tuple[App, Path],
) -> None:
    app, path = here
    made = draft(app, path, block(Said(text="Una.", due=local())), where="here")
    assert isinstance(app.now, Clock)
    app.now.advance(timedelta(days=9))
    with pytest.raises(NotAllowed, match=r"has una now, but it is not scheduled yet: .* is past"):
        put(app, made, lambda *_: None)
    assert made.file.has("una")


def test_what_was_withdrawn_by_its_file_does_not_lend_its_key(here: tuple[App, Path]) -> None:
    app, path = here
    add(app, path, "Una.", local())
    path.write_text(HEAD, encoding="utf-8")
    schedule(app, [path], allow_empty=True)
    assert add(app, path, "Una.", local()) == "una-2"
    with pytest.raises(InvalidFiles, match="was the key of another post"):
        add(app, path, "Una.", local(), key="una")


# Calling off.


def test_a_channel_where_it_is_public_stays_in_the_file(here: tuple[App, Path]) -> None:
    app, path = here
    add(app, path, "Una.", local())
    [at_facebook, _] = app.store.listed()
    _publish(app, at_facebook)
    done = call_off(app, "panama/una", "No.", lambda _: path)
    assert [it.channel for it in done.cancelled] == [X]
    assert f'channels = ["{FACEBOOK}"]' in path.read_text(encoding="utf-8")
    assert {line.planned.change for line in plan(app, [path]).lines} == {Change.UNTOUCHED}


def test_what_was_called_off_clashes_with_nothing(here: tuple[App, Path]) -> None:
    app, path = here
    add(app, path, "Una.", local())
    add(app, path, "Otra.", local(minutes=30))
    assert [it.rule for it in of_plan(app, plan(app, [path]))] == [Rule.CLOSE]
    before = path.read_text(encoding="utf-8")
    call_off(app, "panama/una", "No.", lambda _: path)
    path.write_text(before, encoding="utf-8")
    assert [it.rule for it in of_plan(app, plan(app, [path]))] == [Rule.CANCELLED]


def test_an_hour_that_the_clocks_skip_is_no_slot(tmp_path: Path) -> None:
    # Chile sets its clocks forward at the end of 2027-09-04.
    with desk(tmp_path, Clock(datetime(2027, 9, 1, tzinfo=UTC))) as (app, path):
        head = HEAD.replace("Panama", "Santiago").replace('"mon 09:00"', '"sun 00:30"')
        path.write_text(head.replace(', "thu 18:30"', ""), encoding="utf-8")
        assert free(app, path, X) == ["Sun 09-12 03:30"]


# Whatever people do.

PER_RUN = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 10
POSTS = st.integers(0, 5)
CHANNELS = st.sampled_from([(), (X,), (FACEBOOK,)])


class Restless(RuleBasedStateMachine):
    """People add, move and call off, and now and then something goes out or is edited by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock(SUNDAY)
        self.opened = desk(Path(self.folder.name), self.clock)
        self.app, self.path = self.opened.__enter__()
        self.number = 0
        for repeats in (False, True):
            self.put(days=3, channels=(), repeats=repeats)

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)
        self.folder.cleanup()

    def tried(self, doing: Callable[[], object]) -> None:
        """Done, or refused."""
        with suppress(NotAllowed, UsageError, InvalidFiles):
            doing()

    def some_post(self, place: int) -> str:
        posts = sorted({it.post for it in self.app.store.listed()}) or ["nada"]
        return f"panama/{posts[place % len(posts)]}"

    @rule(days=st.integers(2, 9), channels=CHANNELS, repeats=st.booleans())
    def add(self, days: int, channels: tuple[str, ...], repeats: bool) -> None:
        self.put(days, channels, repeats)

    def put(self, days: int, channels: tuple[str, ...], repeats: bool) -> None:
        self.number += 1
        due = local(days=days, minutes=self.number)
        written = block(Said(text=f"Es la {self.number}.", due=due, channels=channels))
        if repeats:
            texts = f'["A {self.number}.", "B {self.number}.", "C {self.number}."]'
            rule = f'rule = "FREQ=DAILY;COUNT=3", texts = {texts}'
            written = block(Said(due=due, channels=channels)) + f"repeat = {{ {rule} }}\n"
        made = draft(self.app, self.path, written, where="here")
        put(self.app, made, lambda *_: None)

    @rule(place=POSTS, days=st.integers(2, 9), channel=st.sampled_from(["", f"@{X}"]))
    def move(self, place: int, days: int, channel: str) -> None:
        key = self.some_post(place) + channel
        due = (SUNDAY + timedelta(days=days)).replace(minute=days)

        def doing() -> None:
            found = movable(self.app, key)
            move(self.app, found, {it.channel: due for it in found}, lambda _: self.path)

        self.tried(doing)

    @rule(place=POSTS, what=st.sampled_from(["", f"@{X}", f"@{FACEBOOK}"]))
    def call_off(self, place: int, what: str) -> None:
        key = self.some_post(place) + what
        self.tried(lambda: call_off(self.app, key, "No.", lambda _: self.path))

    @rule(place=POSTS)
    def call_off_a_series(self, place: int) -> None:
        key = self.some_post(place).partition("~")[0]
        self.tried(lambda: call_off(self.app, key, "No.", lambda _: self.path))

    @rule()
    def schedule(self) -> None:
        schedule(self.app, [self.path], allow_empty=True)

    @precondition(lambda self: self.app.store.listed(statuses=[Status.SCHEDULED]))
    @rule(place=POSTS)
    def something_goes_out(self, place: int) -> None:
        waiting = self.app.store.listed(statuses=[Status.SCHEDULED])
        chosen = waiting[place % len(waiting)]
        _publish(self.app, chosen)

    @invariant()
    def the_file_and_the_schedule_agree(self) -> None:
        made = plan(self.app, [self.path], allow_empty=True)
        assert {line.planned.change for line in made.lines} <= {Change.UNTOUCHED}
        read = read_campaign(self.path, media_root=self.app.media_root)
        asked = {it.key for it in deliveries(read, self.app.policy)}
        known = self.app.store.listed()
        assert asked == {it.key for it in known if it.status is not Status.CANCELLED}

    @invariant()
    def what_people_wrote_stays(self) -> None:
        assert self.path.read_text(encoding="utf-8").startswith(HEAD)


def _publish(app: App, chosen: Delivery) -> None:
    """As a daemon does, but for the network."""
    now = chosen.due_at
    taken = app.store.claim(now, limit=50, lease=app.policy.lease, actor="daemon")
    claimed = next((it for it in taken if it.key == chosen.key), None)
    if claimed is None:
        return
    upload = Upload(begun_at=now, parts={})
    going = app.store.apply(
        decide(claimed, Prepared(upload), now, app.policy), now=now, actor="daemon"
    )
    receipt = Receipt(remote_id=chosen.key, url=None)
    app.store.apply(decide(going, Published(receipt), now, app.policy), now=now, actor="daemon")


TestRestless = pytest.mark.usefixtures("disk_is_not_awaited")(Restless.TestCase)
TestRestless.settings = settings(max_examples=PER_RUN, stateful_step_count=12, deadline=None)
