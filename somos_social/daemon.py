"""The heart-beat: APScheduler says when to look; what there is to do, only the database knows.

Any number of daemons may run on one store, since a claim is what gives a delivery to one of them.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor as Beats
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from somos_social.core.delivery import is_looked_for
from somos_social.core.model.delivery import Delivery, Status
from somos_social.errors import SomosError, StoreError
from somos_social.flows import App
from somos_social.flows.alerting import alert
from somos_social.flows.channel import introduce, look_in_on_stopped
from somos_social.flows.delivery import work
from somos_social.flows.mending import expire, reconcile, rescue
from somos_social.flows.metrics import pull
from somos_social.flows.pause import lift
from somos_social.flows.recovery import recover
from somos_social.flows.telling import remind
from somos_social.flows.withdrawal import honour_all, honour_arrival

logger = logging.getLogger("somos")

LEAST_PAUSE = timedelta(seconds=1)

PULSE_EVERY = 60.0
"""So many seconds lie at least between two words to a watcher outside."""

REMIND_EVERY = timedelta(minutes=1)
"""A reminder is due for days, so it need not come on its second."""


class Crew:
    """A few threads that take deliveries from the store and work on them, and keep their leases."""

    def __init__(self, app: App, workers: int, done: Callable[[], None] = lambda: None) -> None:
        self._app = app
        self._done = done
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._lock = threading.Lock()
        self._ticking = threading.Lock()
        self._in_hand: dict[Future[None], Delivery] = {}

    def tick(self, due_by: datetime | None = None) -> int:
        """Gives every free worker something to do, of what is due by then if said so.

        Returns how many deliveries were given out.
        """
        given = 0
        # Two beats that count the same free workers would together claim too much.
        with self._ticking:
            while (free := self._free()) and not self._app.stopping():
                claimed = self._app.store.claim(
                    self._app.now(),
                    limit=free,
                    lease=self._app.policy.lease,
                    actor=self._app.actor,
                    due_by=due_by,
                )
                if not claimed:
                    break
                for delivery in claimed:
                    self._give(delivery)
                given += len(claimed)
        return given

    def _free(self) -> int:
        with self._lock:
            return self._workers - len(self._in_hand)

    def _give(self, delivery: Delivery) -> None:
        with self._lock:
            future = self._pool.submit(self._work, delivery)
            self._in_hand[future] = delivery
        future.add_done_callback(self._put_down)

    def _work(self, delivery: Delivery) -> None:
        try:
            work(self._app, delivery)
            if delivery.variant.people:
                honour_arrival(self._app, delivery.key)
        except StoreError as error:
            # Its lease will run out, and then it is mended: nothing is lost.
            logger.error("%s: %s", delivery.key, error)
        except Exception:
            logger.exception("%s: a worker ended unexpectedly", delivery.key)

    def _put_down(self, future: Future[None]) -> None:
        with self._lock:
            self._in_hand.pop(future, None)
        self._done()

    def keep_leases(self) -> None:
        """Renews what is being prepared here; called several times in the life of a lease."""
        with self._lock:
            leases = [d.lease for d in self._in_hand.values() if d.lease]
        self._app.store.renew(leases, self._app.now() + self._app.policy.lease)

    def rest(self) -> None:
        """Returns when nothing is in hand; leases are kept meanwhile."""
        while True:
            with self._lock:
                futures = list(self._in_hand)
            if not futures:
                return
            if wait(futures, timeout=self._app.policy.lease.total_seconds() / 3).not_done:
                self.keep_leases()

    def dismiss(self) -> None:
        """Ends the threads once what they have in hand is finished or given back."""
        self.rest()
        self._pool.shutdown()


def mend(app: App, *, beginning: bool = False) -> None:
    """Puts right what dead workers, silent networks, lost hours and old copies left behind.

    So, too, whatever shows those who have withdrawn, wherever a withdrawal was cut short.
    """
    if number := recover(app, beginning=beginning):
        logger.warning(
            "The database was put back from a copy: of %d deliveries the networks are asked first.",
            number,
        )
    if number := lift(app):
        logger.warning("%d blackouts are over; what fell due in them is missed.", number)
    rescue(app)
    expire(app)
    honour_all(app)
    # Last, since one network that hangs keeps all that comes after it waiting.
    look_in_on_stopped(app)
    look_for_doubtful(app)
    app.pictures.sweep()


def read_figures(app: App) -> None:
    """How posts were received, of all channels; what a network does not tell is told once a run."""
    for told in pull(app, sorted(app.channels)):
        for sentence in told.in_words():
            logger.warning("%s: %s", told.channel, sentence)


def look_for_doubtful(app: App) -> None:
    """Looks for what may be public, where it is time to."""
    for found in reconcile(app):
        if found.variant.people:
            honour_arrival(app, found.key)


def begin(app: App) -> None:
    """What comes before all else in the life of a process that publishes."""
    # A person may have mended the secret just before starting this process.
    look_in_on_stopped(app, at_once=True)
    mend(app, beginning=True)


def once(
    app: App,
    workers: int,
    *,
    patience: timedelta = timedelta(0),
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """One tick, for cron: mend, then all that is due, until nothing is due any more.

    For what is due and wanted again within `patience`, such as a picture that a network is still
    processing, it waits; else that would be left to the next tick of cron.
    """
    crew = Crew(app, workers)
    end = app.now() + patience
    try:
        begin(app)
        while True:
            seen = app.now()
            while crew.tick() and not app.stopping():
                seen = app.now()
                crew.rest()
            wakes = [app.store.next_wake(seen, due_by=app.now()), _next_sight(app)]
            wake = min((moment for moment in wakes if moment is not None), default=None)
            if wake is None or wake > end or app.now() >= end or app.stopping():
                break
            sleep(min(max((wake - app.now()).total_seconds(), 0.2), 1.0))
            look_for_doubtful(app)
    finally:
        crew.dismiss()
    # Last, so that no post waits for a mail server.
    remind(app)
    alert(app)
    if not app.stopping():
        app.pulse()


def _next_sight(app: App) -> datetime | None:
    """When the next is looked for that its network has accepted and does not show yet."""
    accepted = (
        it.run_at
        for it in app.store.listed(statuses=[Status.UNCONFIRMED])
        if is_looked_for(it, app.now())
    )
    return min((moment for moment in accepted if moment is not None), default=None)


class Daemon:
    """Publishes until it is told to stop.

    Without cron expressions all goes out on its second. With them, each firing releases what is due
    by then, and nothing goes out between. With `metrics`, figures of posts are read when it fires.
    """

    def __init__(
        self,
        app: App,
        *,
        workers: int,
        tick: timedelta,
        cron: Sequence[str] = (),
        metrics: str | None = None,
        timezone: str = "UTC",
    ) -> None:
        self._app = app
        self._tick = tick
        self._crew = Crew(app, workers, done=self._beat_soon)
        self._pulsed: float | None = None
        self._released: datetime | None = datetime.min.replace(tzinfo=UTC) if cron else None
        self._scheduler = BlockingScheduler(
            executors={"default": Beats(5)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        every = self._scheduler.add_job
        for expression in cron:
            every(self._release, CronTrigger.from_crontab(expression, timezone=timezone))
        every(self._safely(self._beat), "interval", seconds=tick.total_seconds(), id="tick")
        every(self._safely(lambda: mend(app)), "interval", seconds=tick.total_seconds(), id="mend")
        third = app.policy.lease.total_seconds() / 3
        every(self._safely(self._crew.keep_leases), "interval", seconds=third, id="keep")
        pause, at_once = REMIND_EVERY.total_seconds(), datetime.now(UTC)
        told = self._safely(self._remind)
        every(told, "interval", seconds=pause, id="remind", next_run_time=at_once)
        if metrics:
            # In a beat of its own: to read hundreds of posts takes minutes, and no post waits.
            daily = CronTrigger.from_crontab(metrics, timezone=timezone)
            every(self._safely(lambda: read_figures(app)), daily, id="metrics")
        every(self._safely(lambda: introduce(app)), "interval", hours=1, id="introduce")
        every(self._safely(self._start), id="start")

    def run(self) -> None:
        """Blocks until `stop`; what is in hand is then finished or given back."""
        ended = threading.Event()
        threading.Thread(target=self._watch_clock, args=[ended], daemon=True).start()
        try:
            self._scheduler.start()
        except JobLookupError:
            # `stop` took the jobs away while the first of them were being handed out.
            if not self._app.stopping():
                raise
        finally:
            ended.set()
            self._crew.dismiss()

    def _watch_clock(self, ended: threading.Event) -> None:
        """When the clock is set back, the scheduler would wait until it stands there once more."""
        began = _of_the_clock()
        while not ended.wait(self._tick.total_seconds()):
            before, began = began, _of_the_clock()
            if began < before - LEAST_PAUSE:
                self._begin_anew()

    def _begin_anew(self) -> None:
        now = datetime.now(UTC)
        for job in self._scheduler.get_jobs():
            is_cron = isinstance(job.trigger, CronTrigger)
            soonest = job.trigger.get_next_fire_time(None, now) if is_cron else now
            # It may be on its way at this very moment, and then it is gone or has a new time.
            with suppress(JobLookupError):
                job.modify(next_run_time=soonest)

    def stop(self) -> None:
        """Safe to call from a signal handler; `app.stopping` should say so by then."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _start(self) -> None:
        if self._app.stopping():
            # Told to end before there was a scheduler that `stop` could end.
            self.stop()
            return
        begin(self._app)
        self._beat()
        introduce(self._app)

    def _remind(self) -> None:
        remind(self._app)
        alert(self._app)

    def _release(self) -> None:
        self._released = self._app.now()
        self._beat_soon()

    def _beat(self) -> None:
        seen = self._app.now()
        self._crew.tick(self._released)
        wake = self._app.store.next_wake(seen, self._released)
        if wake is not None:
            # What waits for its channel to be free has a past time: the floor keeps us calm.
            delay = max(wake - self._app.now(), LEAST_PAUSE)
            self._beat_soon(datetime.now(UTC) + delay)
        self._pulse_if_it_is_time()

    def _pulse_if_it_is_time(self) -> None:
        """Beside what goes out, and never in its way: in a thread of its own."""
        now = time.monotonic()
        is_soon = self._pulsed is not None and now < self._pulsed + PULSE_EVERY
        if self._app.stopping() or is_soon:
            return
        self._pulsed = now
        self._scheduler.add_job(self._app.pulse, "date", id="pulse", replace_existing=True)

    def _beat_soon(self, at: datetime | None = None) -> None:
        if not self._app.stopping():
            self._scheduler.add_job(
                self._safely(self._beat), "date", run_date=at, id="wake", replace_existing=True
            )

    def _safely(self, beat: Callable[[], None]) -> Callable[[], None]:
        """A store that is away for a while does not end the daemon; it tries again next beat."""

        def guarded() -> None:
            try:
                beat()
            except SomosError as error:
                logger.error("%s", error)

        return guarded


def _of_the_clock() -> datetime:
    """When this machine began, as its clock would have it now: earlier once it is set back."""
    return datetime.now(UTC) - timedelta(seconds=time.monotonic())
