"""A channel of a network whose answers a test writes down beforehand; what became public stays."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from somos_social.core.events import Kept, Removed
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.platforms import Failure, Unfulfilled
from tests.conftest import Clock


def nothing() -> None:
    pass


@dataclass(frozen=True, kw_only=True)
class Line:
    """One answer: what happens meanwhile, whether it becomes public, and how the call ends."""

    meanwhile: Callable[[], None] = nothing
    public: bool = False
    ends: BaseException | None = None


def no(event: Failure) -> Line:
    return Line(ends=Unfulfilled(event))


class ScriptedPlatform:
    """Each verb answers with the next line of its script; beyond it, all goes well.

    `find` tells the truth about what was public `lag` ago, unless a line says otherwise.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._scripts: dict[str, deque[Line]] = {}
        self.calls: list[str] = []
        self.public: Counter[str] = Counter()
        self.lag = timedelta(0)
        self.removed: list[str] = []
        self.kept: Kept | None = None
        self.known: dict[str, Receipt] = {}
        self._since: dict[str, datetime] = {}

    def says(self, verb: str, *lines: Line) -> None:
        self._scripts.setdefault(verb, deque()).extend(lines)

    def _next(self, verb: str, otherwise: Line) -> Line:
        self.calls.append(verb)
        script = self._scripts.get(verb)
        return script.popleft() if script else otherwise

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        line = self._next("prepare", Line())
        line.meanwhile()
        if line.ends:
            raise line.ends
        return Upload(begun_at=self._clock(), parts={"media": f"media of {delivery.key}"})

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        line = self._next("publish", Line(public=True))
        if line.public:
            self.public[delivery.key] += 1
            self._since.setdefault(delivery.key, self._clock())
        line.meanwhile()
        if line.ends:
            raise line.ends
        return receipt_of(delivery)

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        line = self._next("find", Line(public=self._is_listed(delivery)))
        line.meanwhile()
        if line.ends:
            raise line.ends
        return receipt_of(delivery) if line.public else None

    def _is_listed(self, delivery: Delivery) -> bool:
        since = self._since.get(delivery.key)
        return since is not None and since + self.lag <= self._clock()

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        self.calls.append("recognise")
        return self.known.get(seen)

    def remove(self, delivery: Delivery) -> Removed | Kept:
        self.calls.append("remove")
        if self.kept:
            return self.kept
        self.removed.append(delivery.key)
        return Removed()

    def whoami(self) -> Identity:
        line = self._next("whoami", Line())
        if line.ends:
            raise line.ends
        return Identity(remote_id="1", name="Somos Lo Mismo")


def receipt_of(delivery: Delivery) -> Receipt:
    return Receipt(remote_id=f"id of {delivery.key}", url=f"https://social.example/{delivery.key}")
