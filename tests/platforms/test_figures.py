"""How posts were received, as each network tells it over HTTP; and what it does not tell."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from somos_social.core.metrics import Figure, Measured
from somos_social.core.model.delivery import Delivery, Receipt
from somos_social.platforms import Measures, Platform
from somos_social.sandbox import Account, Fault, Sandbox
from somos_social.sandbox.meta_app import EVERY_SCOPE, Grant
from tests.platforms.servers import Asked, Reply, always, answering, graph_error, reply
from tests.platforms.stage import IG_USER, PAGE, SECRETS, Clock, Stage
from tests.samples import a_delivery

KINDS = {
    "facebook": ("text", "pictures", "video", "reel"),
    "instagram": ("picture", "carousel", "reel", "photo story"),
    "x": ("text", "pictures"),
}
EVERY = frozenset(Figure)
TOLD = {
    ("facebook", "text"): EVERY - {Figure.SAVED},
    ("facebook", "pictures"): EVERY - {Figure.SAVED},
    ("facebook", "video"): EVERY - {Figure.SAVED, Figure.SHARES},
    ("facebook", "reel"): EVERY - {Figure.SAVED, Figure.SHARES},
    ("instagram", "picture"): EVERY,
    ("instagram", "carousel"): EVERY,
    ("instagram", "reel"): EVERY,
    ("instagram", "photo story"): EVERY - {Figure.SAVED, Figure.REACTIONS},
    ("x", "text"): EVERY - {Figure.REACH},
    ("x", "pictures"): EVERY - {Figure.REACH},
}
"""What is known of each kind: X tells nobody's reach, a video no shares."""


def measured(adapter: Platform, *deliveries: Delivery) -> Measured:
    assert isinstance(adapter, Measures)
    return adapter.measure(deliveries)


def out(stage: Stage, kind: str) -> Delivery:
    """A post that is public for ten hours."""
    delivery = stage.of_kind(kind)
    if delivery.variant.text:
        text = f"{kind}: {delivery.variant.text}"
        delivery = replace(delivery, variant=replace(delivery.variant, text=text))
    receipt, _, asked = stage.published(stage.adapter(), delivery)
    return replace(asked, key=f"somos/{kind}@{stage.platform}", receipt=receipt)


@pytest.mark.parametrize("platform", KINDS)
def test_each_kind_of_post_is_measured_by_all_that_its_network_tells(
    stage_of: Callable[[str], Stage], platform: str
) -> None:
    stage = stage_of(platform)
    posts = [out(stage, kind) for kind in KINDS[platform]]
    stage.clock.passes(hours=10)
    told = measured(stage.adapter(), *posts)
    assert (told.untold, told.gone, told.stopped) == ((), frozenset(), False)
    for kind, post in zip(KINDS[platform], posts, strict=True):
        assert post.receipt
        figures = told.figures[post.receipt.remote_id]
        assert figures.keys() == TOLD[platform, kind], kind
        assert figures[Figure.VIEWS] > 0
    stage.clock.passes(hours=5)
    later = measured(stage.adapter(), *posts)
    for remote_id, figures in told.figures.items():
        assert later.figures[remote_id][Figure.VIEWS] > figures[Figure.VIEWS]


@pytest.mark.parametrize("platform", KINDS)
def test_a_post_that_is_gone_is_told_and_the_others_are_measured(
    stage_of: Callable[[str], Stage], platform: str
) -> None:
    stage = stage_of(platform)
    first, second = (out(stage, kind) for kind in KINDS[platform][:2])
    stage.adapter().remove(first)
    told = measured(stage.adapter(), first, second)
    assert first.receipt
    assert second.receipt
    assert told.gone == {first.receipt.remote_id}
    assert set(told.figures) == {second.receipt.remote_id}


def test_the_figures_of_a_story_are_not_asked_for_after_its_day(
    stage_of: Callable[[str], Stage],
) -> None:
    stage = stage_of("instagram")
    story, picture = out(stage, "photo story"), out(stage, "picture")
    stage.clock.passes(hours=25)
    told = measured(stage.adapter(), story, picture)
    assert story.receipt
    assert story.receipt.remote_id not in told.figures
    assert told.untold == ("Instagram tells the figures of a story for 24 hours only.",)
    assert len(told.figures) == 1


def test_a_story_that_few_have_seen_lacks_no_permission(stage_of: Callable[[str], Stage]) -> None:
    stage = stage_of("instagram")
    told = measured(stage.adapter(), out(stage, "photo story"), out(stage, "picture"))
    assert told.untold == ("Instagram tells nothing of stories that few have seen.",)
    assert not told.stopped
    assert len(told.figures) == 1


@contextmanager
def permitted(platform: str, clock: Clock, media_root: Path, *but: str) -> Iterator[Stage]:
    """A network whose token was given every permission but these."""
    scopes = tuple(scope for scope in EVERY_SCOPE if scope not in but)
    account = Account(
        platform=platform,  # type: ignore[arg-type]  # one of Meta's two
        handle="somoslomismo",
        id={"facebook": PAGE, "instagram": IG_USER}[platform],
        name="Somos Lo Mismo",
        secrets=SECRETS[platform],
        grant=Grant(scopes=scopes),
    )
    with Sandbox(accounts=[account], clock=clock, media_root=media_root) as box:
        yield Stage(platform, box, clock, media_root)


@pytest.mark.parametrize(
    ("platform", "missing", "left"),
    [
        ("facebook", "read_insights", {Figure.REACTIONS, Figure.COMMENTS, Figure.SHARES}),
        ("instagram", "instagram_manage_insights", {Figure.REACTIONS, Figure.COMMENTS}),
    ],
)
def test_a_missing_permission_is_named_once_and_what_the_token_may_read_is_read(
    clock: Clock, media_root: Path, platform: str, missing: str, left: set[Figure]
) -> None:
    with permitted(platform, clock, media_root, missing) as stage:
        posts = [out(stage, kind) for kind in KINDS[platform][:2]]
        clock.passes(hours=10)
        told = measured(stage.adapter(), *posts)
        asked = requests.get(f"{stage.box.url}/_sandbox/requests", timeout=10).json()
    [sentence] = told.untold
    assert missing in sentence
    assert not told.stopped
    assert [set(figures) for figures in told.figures.values()] == [left, left]
    assert sum(call["path"].endswith("/insights") for call in asked) == 1


def test_a_token_that_may_read_nothing_is_not_asked_for_more(
    clock: Clock, media_root: Path
) -> None:
    with permitted("facebook", clock, media_root, "pages_read_engagement") as stage:
        posts = [replace(out(stage, "text"), key=f"somos/{number}") for number in "1"]
        told = measured(stage.adapter(), *posts, *posts)
    assert told.stopped
    assert told.figures == {}
    assert len(told.untold) == 2


def post_number(number: int, platform: str) -> Delivery:
    remote_id = f"1000001_{number}" if platform == "facebook" else str(number)
    return replace(
        a_delivery(f"post-{number}", channel=f"{platform}:somoslomismo"),
        receipt=Receipt(remote_id=remote_id, url=None),
    )


@pytest.mark.parametrize("platform", KINDS)
def test_a_network_that_asks_for_patience_is_left_alone_and_says_until_when(
    stage_of: Callable[[str], Stage], platform: str
) -> None:
    stage = stage_of(platform)
    slow = reply({}, 429, x_rate_limit_remaining="0", x_rate_limit_reset=str(
        int(stage.clock().timestamp()) + 600))  # fmt: skip
    with answering(always(slow if platform == "x" else graph_error(32))) as server:
        posts = [post_number(number, platform) for number in range(5)]
        told = measured(stage.adapter(rebase=server.rebase), *posts)
    assert told.stopped
    assert told.until is not None
    assert told.until > stage.clock()
    assert len(server.asked) == 1


@pytest.mark.parametrize("platform", KINDS)
def test_a_network_that_does_not_answer_is_not_asked_for_ever(
    stage_of: Callable[[str], Stage], platform: str
) -> None:
    stage = stage_of(platform)
    with answering(always(Reply(502, b"<html>", {"Content-Type": "text/html"}))) as server:
        posts = [post_number(number, platform) for number in range(9)]
        told = measured(stage.adapter(rebase=server.rebase), *posts)
    assert told.stopped
    assert told.untold
    assert len(server.asked) <= 3


@pytest.mark.parametrize("status", [402, 403])
def test_a_plan_of_x_without_reads_is_told_in_words(
    stage_of: Callable[[str], Stage], status: int
) -> None:
    body = {"detail": "credits depleted", "status": status, "title": "Payment Required"}
    with answering(always(reply(body, status))) as server:
        told = measured(stage_of("x").adapter(rebase=server.rebase), post_number(1, "x"))
    [sentence] = told.untold
    assert "plan" in sentence
    assert told.stopped


def test_x_is_asked_for_a_hundred_posts_at_a_time(stage_of: Callable[[str], Stage]) -> None:
    def script(asked: Asked) -> Reply:
        ids = asked.query["ids"].split(",")
        data = [{"id": it, "public_metrics": {"impression_count": int(it)}} for it in ids]
        return reply({"data": data})

    with answering(script) as server:
        posts = [post_number(number, "x") for number in range(1, 251)]
        told = measured(stage_of("x").adapter(rebase=server.rebase), *posts)
    assert [len(asked.query["ids"].split(",")) for asked in server.asked] == [100, 100, 50]
    assert told.figures["250"] == {Figure.VIEWS: 250}


ODD: list[Any] = [None, -1, "many", [], {}, 1.5e400, True, 2**80, {"LIKE": 3}]


@pytest.mark.parametrize("platform", KINDS)
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_what_is_no_count_is_no_figure(
    stage_of: Callable[[str], Stage], platform: str, value: Any
) -> None:
    names = ("post_media_view", "post_total_media_view_unique", "views", "reach")
    body = {
        "data": [{"name": name, "values": [{"value": value}]} for name in names],
        "shares": {"count": value},
        "reactions": {"summary": {"total_count": value}},
        "like_count": value,
    }
    if platform == "x":
        body = {"data": [{"id": "1", "public_metrics": {"impression_count": value}}]}
    with answering(always(Reply(200, json.dumps(body).encode()))) as server:
        told = measured(stage_of(platform).adapter(rebase=server.rebase), post_number(1, platform))
    for figures in told.figures.values():
        assert all(number in (0, 1) for number in figures.values()), figures


def test_no_sentence_holds_a_secret(stage_of: Callable[[str], Stage]) -> None:
    stage = stage_of("facebook")
    stage.box.faults.add(Fault(match="GET *", kind="190"))
    told = measured(stage.adapter(), post_number(1, "facebook"))
    assert told.untold
    assert SECRETS["facebook"]["token"] not in str(told)
    assert told.until is None or told.until < stage.clock() + timedelta(days=1)
