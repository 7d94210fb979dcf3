"""What a run of the torture counts, and the one line that tells it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """`lost`, `doubled`, `differing` and `odd` must stay empty; each entry says what and where.

    `odd` holds what is neither, and yet should not be: a daemon that ended with a bug, or late.
    """

    lives: int = 0
    kills: int = 0
    faults: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.differing, *self.odd]

    def line(self) -> str:
        ended = ", ".join(f"{state} {number}" for state, number in sorted(self.states.items()))
        return (
            f"lives {self.lives}, kills {self.kills}, faults {self.faults}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"log and networks differ {len(self.differing)}, odd {len(self.odd)}; {ended}"
        )
