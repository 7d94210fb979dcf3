"""A tick that finds nothing due, with a thousand and with a million deliveries behind it."""

import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from fixtures import NOW, POLICY, deliveries

from somos_social.store import Store

RUNS = 300


def tick(store: Store) -> None:
    """What a daemon asks of the store at each beat."""
    store.overdue(NOW, limit=200)
    store.abandoned(NOW, limit=200)
    store.doubtful(NOW, limit=200)
    store.claim(NOW, limit=4, lease=POLICY.lease, actor="benchmark")
    store.next_wake(NOW)


def microseconds(store: Store) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        tick(store)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'somos.db'}")
        waiting = deliveries(1_000_000, first_due=NOW + timedelta(days=1))
        store.schedule(waiting[:1_000], [], [], now=NOW, actor="benchmark")
        few = microseconds(store)
        print(f"    1,000 waiting: {few:7.0f} microseconds a tick")
        for start in range(1_000, len(waiting), 100_000):
            store.schedule(waiting[start : start + 100_000], [], [], now=NOW, actor="benchmark")
        many = microseconds(store)
        print(f"1,000,000 waiting: {many:7.0f} microseconds a tick")
        print(f"ratio: {many / few:.2f} (aim: about 1)")


if __name__ == "__main__":
    main()
