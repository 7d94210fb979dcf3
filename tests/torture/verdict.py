"""Holds what is public against what is known, line by line."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.torture.tally import Tally

STOPPED = {"failed", "missed", "cancelled"}
Row = Mapping[str, Any]


def is_at_rest(deliveries: Sequence[Row]) -> bool:
    """Whether nothing is to be done any more until a person asks for it."""
    statuses = {row["key"]: row["status"] for row in deliveries}
    return all(_is_at_rest(row, statuses) for row in deliveries)


def _is_at_rest(row: Row, statuses: Mapping[str, str]) -> bool:
    return row["status"] in STOPPED | {"published"} or _waits_in_vain(row, statuses)


def _waits_in_vain(row: Row, statuses: Mapping[str, str]) -> bool:
    """A comment whose post does not go out, unless a person asks for that again."""
    followed = statuses.get(row["key"].removesuffix("#comment"))
    return row["status"] == "scheduled" and row["run_at"] is None and followed in STOPPED


def judge(
    tally: Tally,
    *,
    deliveries: Sequence[Row],
    log: Sequence[Row],
    posts: Sequence[Row],
    texts: Mapping[str, str],
    repeated: Sequence[Row] = (),
    where: str,
) -> None:
    """Adds to the tally what does not agree; `texts` are those of the campaign, by delivery key."""
    tally.states.update(row["status"] for row in deliveries)
    tally.lost.extend(f"{where}: {found}" for found in _lost(deliveries, posts, texts))
    tally.doubled.extend(f"{where}: {found}" for found in _doubled(posts))
    tally.repeated.extend(f"{where}: {found}" for found in _repeated(repeated))
    tally.differing.extend(
        f"{where}: {found}" for found in _differing(deliveries, log, posts, texts)
    )


def _lost(
    deliveries: Sequence[Row], posts: Sequence[Row], texts: Mapping[str, str]
) -> Iterator[str]:
    """Public and not known to be, known to be and not public, or without a word of why not."""
    public = {(_channel(post), post["text"]) for post in posts}
    statuses = {row["key"]: row["status"] for row in deliveries}
    for row in deliveries:
        stands = f"{row['key']} is {row['status']} ({row['reason']})"
        is_public = (row["channel"], texts[row["key"]]) in public
        if not _is_at_rest(row, statuses):
            yield f"{stands}, which is no end"
        elif is_public != (row["status"] == "published"):
            yield f"{stands}, and it is {'' if is_public else 'not '}public"
        elif row["status"] in STOPPED and not row["reason"]:
            yield f"{stands} and nothing says why"


def _doubled(posts: Sequence[Row]) -> Iterator[str]:
    copies = Counter((_channel(post), post["text"]) for post in posts)
    for (channel, text), number in copies.items():
        if number > 1:
            yield f"{text!r} is public {number} times on {channel}"


def _repeated(calls: Sequence[Row]) -> Iterator[str]:
    for call in calls:
        ended = "and refused" if call["refused"] else "and done again"
        yield f"{call['text']!r} was asked for once more on {_channel(call)}, {ended}"


def _differing(
    deliveries: Sequence[Row],
    log: Sequence[Row],
    posts: Sequence[Row],
    texts: Mapping[str, str],
) -> Iterator[str]:
    """The lines of the log are one life for each delivery, and its yeses are the public posts."""
    lives: dict[str, list[Row]] = defaultdict(list)
    for entry in log:
        lives[entry["delivery"]].append(entry)
    for row in deliveries:
        life = lives[row["key"]]
        steps = [entry["to"] for entry in life]
        if [entry["from"] for entry in life] != [None, *steps[:-1]]:
            yield f"the log of {row['key']} leaves a step out"
        if steps[-1:] != [row["status"]]:
            yield f"{row['key']} is {row['status']}, its log ends with {steps[-1:]}"
    shown = list(posts)
    for entry in log:
        if entry["to"] != "published":
            continue
        stands = f"{entry['delivery']} is {entry['remote_id']} ({entry['url']}) by the log"
        post = next((post for post in shown if _is_of(post, entry)), None)
        if post is None:
            yield f"{stands}, the network does not show it"
            continue
        shown.remove(post)
        if post["text"] != texts[entry["delivery"]]:
            yield f"{stands}, the network shows {post['text']!r} there"
    for post in shown:
        yield f"{_channel(post)} shows {post['id']} ({post['url']}), the log does not"


def _is_of(post: Row, entry: Row) -> bool:
    """By its id; Facebook knows a video by another id than its post, which is in the address."""
    own = (post["id"], post["url"].rstrip("/").rpartition("/")[2])
    return _channel(post) == entry["channel"] and entry["remote_id"] in own


def _channel(post: Row) -> str:
    return f"{post['platform']}:{post['handle']}"
