"""The assets of a media folder, each measured once."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from somos_social.core.fitting import Source
from somos_social.core.model.asset import Asset
from somos_social.document import Report, Unfit
from somos_social.errors import InvalidFiles
from somos_social.media import captions
from somos_social.media.locating import locate
from somos_social.media.measuring import Facts, Traits, measured
from somos_social.media.memory import bounded_memory
from somos_social.media.sidecar import read_sidecar

LONGEST_PATH = 400
"""Characters of a path, so that a database can keep whom a file shows: nobody withdraws in vain."""


class MediaFolder:
    """The assets under `root`, each measured once in the life of this object."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen: dict[str, Source | Unfit | InvalidFiles] = {}
        self._described: list[tuple[str, int]] | None = None

    def asset(self, path: str) -> Asset:
        """The asset at a path relative to the root; errors are those of `source`."""
        return self.source(path).asset

    def shown_elsewhere(self, asset: Asset) -> frozenset[str]:
        """Who can be recognised in these very bytes, by the words beside other files here."""
        if self._described is None:
            self._described = list(_described(self.root))
        found: set[str] = set()
        for path, size in self._described:
            if size != asset.size or path == asset.path:
                continue
            # What is wrong with a file that no post shows is told of nowhere.
            with suppress(Unfit, InvalidFiles):
                other = self.asset(path)
                if other.sha256 == asset.sha256:
                    found.update(other.people)
        return frozenset(found)

    def source(self, path: str) -> Source:
        """The asset at a path relative to the root, and what else is to be known of it.

        Raises Unfit where the path names no file of this folder, and InvalidFiles where the file
        or its sidecar is not as it should be.
        """
        if path not in self._seen:
            try:
                source = _source(self.root, path)
                # The same file may be written in several ways, such as ./carmen.jpg.
                self._seen[path] = self._seen.setdefault(source.asset.path, source)
            except (Unfit, InvalidFiles) as reason:
                self._seen[path] = reason
        seen = self._seen[path]
        if isinstance(seen, Source):
            return seen
        raise seen.with_traceback(None)


def _described(root: Path) -> Iterator[tuple[str, int]]:
    """Each file with words beside it, and its size in bytes."""
    for beside in sorted(root.rglob("*.toml")):
        file = beside.with_name(beside.name.removesuffix(".toml"))
        with suppress(OSError):
            if file.is_file():
                yield file.relative_to(root).as_posix(), file.stat().st_size


def _source(root: Path, path: str) -> Source:
    """The facts of a file with the words of its sidecar; raises InvalidFiles with all problems."""
    file = locate(root, path)
    if len(path) > LONGEST_PATH:
        raise Unfit(f"is longer than {LONGEST_PATH} characters.", "Give its folders shorter names.")
    report = Report(str(file))
    facts: Facts = {}
    traits: Traits = frozenset()
    try:
        with file.open("rb") as opened, bounded_memory():
            facts, traits = measured(opened)
    except Unfit as unfit:
        report.add("", unfit.problem, unfit.hint)
    except OSError as error:
        report.add("", f"cannot be read: {error.strerror}.")
    words, complaints = read_sidecar(root, file, facts.get("seconds", 0.0))
    if problems := [*report.problems, *complaints]:
        raise InvalidFiles(problems)
    asset = Asset(path=str(PurePosixPath(path)), **facts, **words.of_asset)
    source = Source(asset=asset, traits=traits, **words.of_mending, **words.of_desk)
    if asset.audio_codec and not source.captions:
        return replace(source, captions=captions.beside(root, file))
    return source
