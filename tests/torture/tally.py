"""What a run of the torture counts, and the one line that tells it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What must stay empty is `lost`, `doubled`, `repeated`, `differing` and `odd`.

    Each entry says what and where. `repeated` holds what was asked for once more, though it was
    done: where it is not doubled, only the network's refusal kept it from that. `odd` holds what is
    none of these, and yet should not be: a daemon that ended with a bug, or late.
    """

    lives: int = 0
    kills: int = 0
    faults: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.repeated, *self.differing, *self.odd]

    def line(self) -> str:
        ended = ", ".join(f"{state} {number}" for state, number in sorted(self.states.items()))
        return (
            f"lives {self.lives}, kills {self.kills}, faults {self.faults}, "
            f"lost {len(self.lost)}, doubled {len(self.doubled)}, "
            f"repeated {len(self.repeated)}, "
            f"log and networks differ {len(self.differing)}, odd {len(self.odd)}; {ended}"
        )
