"""Scheduling 100,000 deliveries with their log, beside SQLAlchemy Core's own bulk insert of them.

Both write the same rows to a new SQLite file with the same settings; the baseline writes no log.
"""

import statistics
import tempfile
import time
from pathlib import Path

from fixtures import NOW, deliveries
from sqlalchemy import insert

from somos_social.core.model.delivery import Delivery
from somos_social.store import Store, rows
from somos_social.store.engine import open_engine
from somos_social.store.tables import deliveries as table

NUMBER = 100_000
RUNS = 3


def ours(url: str, wanted: list[Delivery]) -> float:
    store = Store(url)
    began = time.perf_counter()
    store.schedule(wanted, [], [], now=NOW, actor="benchmark")
    took = time.perf_counter() - began
    store.close()
    return took


def baseline(url: str, wanted: list[Delivery]) -> float:
    engine = open_engine(url)
    began = time.perf_counter()
    with engine.begin() as connection:
        connection.execute(insert(table), [rows.from_delivery(delivery) for delivery in wanted])
    took = time.perf_counter() - began
    engine.dispose()
    return took


def main() -> None:
    wanted = deliveries(NUMBER, first_due=NOW)
    times: dict[str, list[float]] = {"schedule": [], "bulk insert": []}
    for run in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            times["schedule"].append(ours(f"sqlite:///{Path(folder) / 'a.db'}", wanted))
            times["bulk insert"].append(baseline(f"sqlite:///{Path(folder) / 'b.db'}", wanted))
        print(f"run {run + 1}: " + ", ".join(f"{k} {v[-1]:.2f} s" for k, v in times.items()))
    ratio = statistics.median(
        a / b for a, b in zip(times["schedule"], times["bulk insert"], strict=True)
    )
    print(f"schedule takes {ratio:.2f} times the bulk insert ({NUMBER:,} deliveries; aim: under 3)")


if __name__ == "__main__":
    main()
