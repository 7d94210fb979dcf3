"""Every request to Meta is one that Graph API v26.0 describes: edge, parameters, types, fields."""

import contextlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from somos_social.platforms import Measures, Unfulfilled
from somos_social.sandbox import Fault
from tests.platforms.conftest import box, clock, media_root, stage_of  # noqa: F401  # fixtures
from tests.platforms.stage import IG_USER, PAGE, Stage

ROOT = Path(__file__).parents[2]
CONTRACTS = Path(os.environ.get("SOMOS_CONTRACTS", ROOT.parent / "shared" / "contracts"))
META = CONTRACTS / "meta-v26"

pytestmark = pytest.mark.skipif(
    not META.is_dir(),
    reason=f"The description of the Graph API is not at {META}; SOMOS_CONTRACTS names its place.",
)

KINDS = {
    "facebook": (
        "text", "link", "pictures", "video", "large reel", "comment", "post with a place",
        "reel with everything", "photo story", "video story",
        "disclosed story",
    ),
    "instagram": (
        "picture", "carousel", "video", "reel", "comment", "tagged picture",
        "reel with everything", "carousel with everything", "photo story", "video story",
        "disclosed story",
    ),
}  # fmt: skip
Kinds = dict[str, str]
"""The kind of node of an id."""
EVERYWHERE = {"access_token", "fields", "limit", "after"}
"""What every edge or listing takes (Graph API, "Using the Graph API")."""
BESIDE_THE_SPEC = {"/photos": {"source"}}
"""The file of a photo may have any name; the reference's own samples call it source."""
UNDESCRIBED = "/debug_token"
"""No edge of any object, so that no file describes it."""
CONNECTIONS = {
    "PagePost": {"attachments", "comments", "reactions"},
    "AdVideo": {"comments", "likes"},
}
"""Edges that can be asked for as a field."""


def all_requests(stage: Stage) -> tuple[list[dict[str, Any]], Kinds]:
    """What is sent for every kind of post, cut and resumed, looked for, measured, introduced."""
    adapter = stage.adapter()
    adapter.whoami()
    kinds_of_id: Kinds = {PAGE: "Page", IG_USER: "IGUser"}
    for kind in KINDS[stage.platform]:
        delivery = stage.of_kind(kind)
        if delivery.variant.text:
            text = f"{kind}: {delivery.variant.text}"
            delivery = replace(delivery, variant=replace(delivery.variant, text=text))
        if "reel" in kind:
            stage.box.faults.add(Fault(match="POST /rupload/*", kind="close"))
            with pytest.raises(Unfulfilled) as cut:
                adapter.prepare(delivery, None)
            with contextlib.suppress(Unfulfilled):
                adapter.prepare(delivery, getattr(cut.value.event, "upload", None))
        receipt, upload, asked = stage.published(adapter, delivery)
        stage.clock.passes(minutes=1)
        adapter.find(asked, upload)
        on_facebook = "PagePost" if "_" in receipt.remote_id else "AdVideo"
        on_instagram = stage.platform == "instagram"
        kinds_of_id[receipt.remote_id] = "IGMedia" if on_instagram else on_facebook
        if kind != "comment":
            assert isinstance(adapter, Measures)
            adapter.measure([replace(asked, receipt=receipt)])
        if "story" in kind:
            adapter.remove(replace(asked, receipt=receipt))
            if kind == "photo story" and stage.platform == "facebook":
                kinds_of_id[receipt.remote_id] = "Photo"
    told = requests.get(f"{stage.box.url}/_sandbox/requests", timeout=10).json()
    mine = ("/graph/", "/graph-video/")
    heard = [call for call in told if call["path"].startswith(mine)]
    return [call for call in heard if not call["path"].endswith(UNDESCRIBED)], kinds_of_id


def described(node: str) -> dict[str, Any]:
    raw: dict[str, Any] = json.loads((META / f"{node}.json").read_text())
    return raw


def edge_of(node: str, method: str, endpoint: str) -> dict[str, Any]:
    found = [
        api
        for api in described(node)["apis"]
        if (api["method"], api["endpoint"]) == (method, endpoint)
    ]
    assert found, f"{method} {endpoint} is no edge of {node}"
    edge: dict[str, Any] = found[0]
    return edge


OWNER = {
    "/feed": "Page", "/photos": "Page", "/videos": "Page", "/video_reels": "Page",
    "/published_posts": "Page", "/media": "IGUser", "/media_publish": "IGUser",
    "/photo_stories": "Page", "/video_stories": "Page",
    "/content_publishing_limit": "IGUser",
}  # fmt: skip
LISTED = {
    "/published_posts": "PagePost",
    "/media": "IGMedia",
    "/content_publishing_limit": "ContentPublishingLimitResponse",
}
STORIES = {"creation_time", "media_id", "media_type", "post_id", "status", "url", "id"}
"""The fields of a Page's story, for which there is no file (facebook-business 26.0.3, Stories)."""


def fits(value: str, kind: str, enums: dict[str, list[str]]) -> bool:
    """Whether a parameter, as it went over the wire, is of the type that Meta describes."""
    if kind in ("list<metric_enum>", "list<Object>") and not value.startswith("["):
        # A list of names: of those that Meta gives for Instagram; for Pages it gives none.
        return set(value.split(",")) <= set(enums.get("metric_enum", value.split(",")))
    if kind.endswith("_enum"):
        # The SDK writes the phases of stories in capitals, Meta's guide in small letters.
        return value in enums[kind] or value.upper() in enums[kind]
    if kind == "bool":
        return value in {"true", "false"}
    if kind == "unsigned int":
        return re.fullmatch(r"\d+", value) is not None
    if kind == "list<Object>":
        items = json.loads(value)
        return isinstance(items, list) and all(isinstance(item, dict) for item in items)
    if kind == "list<map>":
        items = json.loads(value)
        return all(set(item) <= {"username", "x", "y"} for item in items)
    if kind == "Object":
        return re.fullmatch(r"\d+", value) is not None  # The guide: the id of a Page.
    if kind == "list<string>":
        return re.fullmatch(r"[^,\[\]]+(,[^,\[\]]+)*", value) is not None
    if kind == "file":
        return value.startswith("<file ")
    return kind == "string"


def node_of(platform: str, endpoint: str, object_id: str, reads: str, known: Kinds) -> str:
    """What a call speaks to."""
    on_instagram = platform == "instagram"
    if endpoint == "/stories":
        return "IGUser" if on_instagram else "Page"
    if endpoint == "/comments":
        return "IGMedia" if on_instagram else "PagePost"
    if reads == "permalink":
        return "IGMedia"
    node = OWNER.get(endpoint) or known.get(object_id)
    if node is None or (endpoint == "/" and "status_code" in reads):
        return "ShadowIGMediaBuilder" if on_instagram else "AdVideo"
    return node


def fields_of(platform: str, endpoint: str, node: str) -> set[str]:
    """The fields of what the edge shows."""
    if endpoint == "/stories" and platform == "facebook":
        return STORIES
    shown = "IGMedia" if endpoint == "/stories" else LISTED.get(endpoint, node)
    if endpoint == "/comments":
        shown = "IGComment" if platform == "instagram" else "Comment"
    return {*described(shown)["fields"], *CONNECTIONS.get(shown, ())}


@pytest.mark.parametrize("platform", KINDS)
def test_every_request_is_one_that_meta_describes(
    stage_of: Callable[[str], Stage],  # noqa: F811  # the fixture
    platform: str,
) -> None:
    calls, kinds_of_id = all_requests(stage_of(platform))
    seen = set()
    for call in calls:
        _, _, version, object_id, *rest = call["path"].split("/")
        assert version == "v26.0"
        endpoint = f"/{rest[0]}" if rest else "/"
        reads = str(call["query"].get("fields", ""))
        node = node_of(platform, endpoint, object_id, reads, kinds_of_id)
        edge = edge_of(node, call["method"], endpoint)
        seen.add((call["method"], node, endpoint))
        enums = edge.get("enums") or {}
        types = {param["name"]: param["type"] for param in edge["params"]}
        sent = {**call["query"], **(call["form"] or {})}
        for name, value in sent.items():
            if name in EVERYWHERE | BESIDE_THE_SPEC.get(endpoint, set()):
                continue
            assert name in types, f"{call['method']} {endpoint} takes no {name}"
            assert fits(value, types[name], enums), f"{name} of {endpoint}: {value}"
        required = {param["name"] for param in edge["params"] if param["required"]}
        assert required <= set(sent), endpoint
        plain = re.sub(r"\{[^}]*\}|\.\w+\([^)]*\)", "", reads)
        shown = set(plain.split(",")) if reads else set()
        assert shown <= fields_of(platform, endpoint, node), (node, endpoint)
    assert len(seen) >= 9, "the whole adapter was heard"
