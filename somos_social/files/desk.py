"""What the rules of the desk say of files, each remark at its place, and what people accept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from somos_social.core.desk.looking import Shown, of_file, of_post
from somos_social.core.desk.rules import (
    LOCATION_DATA,
    MINOR_WITHOUT_GUARDIAN,
    SAME_PICTURE,
    UNUSED_ACCEPTANCE,
    WITHDRAWN_PERSON,
    Level,
    Remark,
    Rule,
    remark,
)
from somos_social.core.fitting import Source
from somos_social.core.model.asset import Asset
from somos_social.core.people import Consent
from somos_social.document import Report, printable
from somos_social.errors import Finding, Problem
from somos_social.media import MediaFolder

Pictured = Callable[[Asset], frozenset[str]]
"""Who has withdrawn consent and can be recognised in a file, as far as a database knows."""


@dataclass(slots=True, kw_only=True)
class Acceptances:
    """A table in which people accept findings: reasons by rule, and which of them were `used`."""

    file: str
    at: str
    reasons: Mapping[str, str]
    used: set[str] = field(default_factory=set)


class Desk:
    """Looks at what campaigns say and show, and keeps what it finds.

    What speaks against a file of the media folder is `of_media`, once for all posts that show it,
    if the `consents` are known also what they lack. What speaks against a text goes into the report
    of its campaign.
    """

    def __init__(
        self,
        media: MediaFolder,
        consents: Mapping[str, Consent] | None,
        pictured: Pictured = lambda _: frozenset(),
    ) -> None:
        self._media = media
        self._consents = consents
        self._pictured = pictured
        self._compared: set[str] = set()
        self._remarks: dict[str, tuple[Remark, ...]] = {}
        self._beside: dict[str, Acceptances] = {}
        self._tables: list[Acceptances] = []
        self.of_media: list[Problem] = []
        self._warnings: dict[Finding, None] = {}
        self._accepted: dict[Finding, None] = {}

    def table(self, file: str, at: str, reasons: Mapping[str, str]) -> Acceptances:
        """A table of acceptances, which is then asked whether it was needed."""
        table = Acceptances(file=file, at=at, reasons=reasons)
        self._tables.append(table)
        return table

    def look(
        self,
        shown: Shown,
        report: Report,
        key: Callable[[str], str],
        tables: Sequence[Acceptances],
    ) -> None:
        """Holds what a channel shows against the rules; `key` names the place of a part.

        What speaks against a file is accepted beside it first, and then, as all else, in the
        nearest of these tables.
        """
        for found, source in of_post(shown):
            beside = [self._accepted_beside(source)] if source else []
            finding = _finding(report.file, key(found.part), found)
            self._tell(found.rule, finding, [*beside, *tables], report.tell)
        for source in shown.files:
            nearest = [self._accepted_beside(source), *tables]
            for found in self._of_file(source):
                self._tell(found.rule, self._placed(source, found), nearest, self.of_media.append)
            self.compare(source, nearest)

    def compare(self, source: Source, tables: Sequence[Acceptances] = ()) -> None:
        """Whether the same bytes show people whom the words beside this file do not name."""
        asset = source.asset
        if asset.path in self._compared:
            return
        self._compared.add(asset.path)
        if hidden := sorted(self._pictured(asset)):
            self._say_who(WITHDRAWN_PERSON, hidden, source, ())
        elif not asset.people and (hidden := sorted(self._media.shown_elsewhere(asset))):
            self._say_who(SAME_PICTURE, hidden, source, tables)

    def _say_who(
        self, rule: Rule, people: Sequence[str], source: Source, tables: Sequence[Acceptances]
    ) -> None:
        found = remark(rule, "people", people=", ".join(people))
        self._tell(rule, self._placed(source, found), tables, self.of_media.append)

    def warnings(self, *, complete: bool) -> list[Finding]:
        """All that keeps nothing back; of unused acceptances only where all was looked at."""
        return [*self._warnings, *(self._unused() if complete else ())]

    @property
    def accepted(self) -> list[Finding]:
        """What would be told if nobody accepted it; what others do not accept is told."""
        told = {*self._warnings, *self.of_media}
        return [each for each in self._accepted if replace(each, reason="") not in told]

    def _tell(
        self,
        rule: Rule,
        finding: Finding,
        tables: Sequence[Acceptances],
        as_problem: Callable[[Problem], None],
    ) -> None:
        for table in tables:
            if rule.name in table.reasons:
                table.used.add(rule.name)
                self._accepted[replace(finding, reason=table.reasons[rule.name])] = None
                return
        match rule.level:
            case Level.PROBLEM:
                as_problem(finding)
            case Level.WARNING:
                self._warnings[finding] = None
            case _:
                assert_never(rule.level)

    def _of_file(self, source: Source) -> tuple[Remark, ...]:
        path = source.asset.path
        if path not in self._remarks:
            self._remarks[path] = tuple(of_file(source, self._consents))
        return self._remarks[path]

    def _accepted_beside(self, source: Source) -> Acceptances:
        path = source.asset.path
        if path not in self._beside:
            self._beside[path] = self.table(self._sidecar(path), "accept", source.accepted)
        return self._beside[path]

    def _placed(self, source: Source, found: Remark) -> Finding:
        path = source.asset.path
        of_bytes = found.rule is LOCATION_DATA
        file = str(self._media.root / path) if of_bytes else self._sidecar(path)
        return _finding(file, found.part, found)

    def _sidecar(self, path: str) -> str:
        return f"{self._media.root / path}.toml"

    def _unused(self) -> Iterator[Finding]:
        unknown = set() if self._consents is not None else {MINOR_WITHOUT_GUARDIAN.name}
        for table in self._tables:
            for name in table.reasons:
                if name not in table.used | unknown:
                    unused = remark(UNUSED_ACCEPTANCE, f"{table.at}.{name}")
                    yield _finding(table.file, unused.part, unused)


def _finding(file: str, key: str, found: Remark) -> Finding:
    return printable(
        Finding(
            file=file,
            key=key,
            problem=found.problem,
            hint=found.hint,
            rule=found.rule.name,
            source=found.source,
        )
    )
