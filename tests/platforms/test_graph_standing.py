"""How long and for what a token is good, read from strict networks, and proved to be ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from somos_social.core.events import Blocked
from somos_social.core.model.channel import Quota
from somos_social.platforms.graph_app import MetaApp
from somos_social.sandbox import Account, Fault, Grant, Sandbox
from somos_social.sandbox import MetaApp as KnownApp
from tests.platforms.servers import Asked, Reply, answering, graph_error, reply
from tests.platforms.stage import IG_USER, PAGE, SECRETS, Clock, Stage, event_of

APP = MetaApp(id="7001", secret="app-secret-0123456789")
END = datetime(2027, 1, 30, 14, tzinfo=UTC)


@contextmanager
def stage_with(
    platform: str, clock: Clock, media_root: Path, *, requires_proof: bool = False, **grant: Any
) -> Iterator[Stage]:
    """A network that knows the app, and an account whose token was made through it."""
    account = Account(
        platform=platform,  # type: ignore[arg-type]  # a parameter is any str
        handle="somoslomismo",
        id={"facebook": PAGE, "instagram": IG_USER}[platform],
        name="Somos Lo Mismo",
        secrets=SECRETS[platform],
        grant=Grant(app=APP.id, **grant),
    )
    apps = [KnownApp(id=APP.id, secret=APP.secret, requires_proof=requires_proof)]
    with Sandbox(accounts=[account], clock=clock, media_root=media_root, apps=apps) as box:
        yield Stage(platform, box, clock, media_root)


meta = pytest.mark.parametrize("platform", ["facebook", "instagram"])


@meta
@pytest.mark.parametrize("app", [APP, None], ids=["by its app", "by the token itself"])
def test_the_ends_and_the_permissions_of_a_token_are_told(
    platform: str, app: MetaApp | None, clock: Clock, media_root: Path
) -> None:
    ends: dict[str, Any] = {"expires_at": END, "data_access_expires_at": END + timedelta(days=30)}
    scopes = ("pages_manage_posts", "instagram_basic")
    with stage_with(platform, clock, media_root, scopes=scopes, **ends) as stage:
        who = stage.adapter(app=app).whoami()
    assert (who.expires_at, who.data_access_ends_at) == tuple(ends.values())
    assert who.granted == ("instagram_basic", "pages_manage_posts")
    assert who.untold == ()


def test_a_token_without_end_has_none(clock: Clock, media_root: Path) -> None:
    with stage_with("facebook", clock, media_root) as stage:
        who = stage.adapter(app=APP).whoami()
    assert (who.expires_at, who.data_access_ends_at) == (None, None)


def test_what_instagram_still_takes_is_told(clock: Clock, media_root: Path) -> None:
    with stage_with("instagram", clock, media_root) as stage:
        adapter = stage.adapter(app=APP)
        assert adapter.whoami().quota == Quota(total=100, used=0)
        stage.published(adapter, stage.of_kind("picture"))
        assert adapter.whoami().quota == Quota(total=100, used=1)


@meta
@pytest.mark.parametrize("kind", ["large reel", "picture", "comment"])
def test_every_call_of_a_post_proves_to_come_from_the_apps_owner(
    platform: str, kind: str, clock: Clock, media_root: Path
) -> None:
    with stage_with(platform, clock, media_root, requires_proof=True) as stage:
        plain = stage.adapter
        adapter = plain(app=APP)
        parent = None
        if kind == "comment":
            post, _, _ = stage.published(adapter, stage.of_kind("picture"))
            parent = post.remote_id
        delivery = stage.delivery(stage.variant(kind), parent_id=parent)
        receipt, upload, asked = stage.published(adapter, delivery)
        stage.clock.passes(minutes=1)
        found = adapter.find(asked, upload)
        assert found is not None
        assert found.remote_id == receipt.remote_id
        assert isinstance(event_of(plain().prepare, stage.of_kind("picture"), None), Blocked)


@meta
def test_a_wrong_app_secret_stops_the_channel_and_fails_no_post(
    platform: str, clock: Clock, media_root: Path
) -> None:
    with stage_with(platform, clock, media_root) as stage:
        adapter = stage.adapter(app=MetaApp(id=APP.id, secret="of-another-app"))
        delivery = stage.of_kind("picture")
        for event in (event_of(adapter.prepare, delivery, None), event_of(adapter.whoami)):
            assert isinstance(event, Blocked)
            assert event.whole_channel
            assert "Correct app_id and app_secret" in event.reason
            assert "of-another-app" not in event.reason


@meta
def test_a_network_that_does_not_tell_is_not_taken_for_a_token_that_lasts(
    platform: str, clock: Clock, media_root: Path
) -> None:
    with stage_with(platform, clock, media_root) as stage:
        stage.box.faults.add(Fault(match="GET */debug_token", kind="500"))
        who = stage.adapter(app=APP).whoami()
        stage.box.faults.add(Fault(match="GET */debug_token", kind="500"))
        without = stage.adapter().whoami()
    assert who.granted is None
    assert "See whether app_id and app_secret are those" in who.untold[0]
    assert "Name app_id and app_secret" in without.untold[0]


def test_a_quota_that_is_not_told_is_told_of(clock: Clock, media_root: Path) -> None:
    with stage_with("instagram", clock, media_root) as stage:
        stage.box.faults.add(Fault(match="GET */content_publishing_limit", kind="close"))
        who = stage.adapter(app=APP).whoami()
    assert who.quota is None
    [sentence] = who.untold
    assert "how many posts it still takes today" in sentence


def answers(about: Any, quota: Any = None) -> Callable[[Asked], Reply]:
    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/debug_token"):
            return reply(about)
        if asked.path.endswith("/content_publishing_limit"):
            return reply(quota)
        return reply({"id": IG_USER, "username": "somos"})

    return script


@pytest.mark.parametrize("end", [0, -1, 10**30, "soon", None, [1]])
@pytest.mark.parametrize("quota", [{}, {"data": [{"quota_usage": 10**30, "config": 7}]}])
def test_figures_that_cannot_be_are_none(
    stage_of: Callable[[str], Stage], end: Any, quota: Any
) -> None:
    told = {"data": {"is_valid": True, "expires_at": end, "scopes": ["a", 7, "b\0"]}}
    with answering(answers(told, quota)) as server:
        who = stage_of("instagram").adapter(rebase=server.rebase).whoami()
    assert (who.expires_at, who.granted, who.quota) == (None, ("a",), None)
    assert len(who.untold) == 1


def test_a_token_that_is_called_invalid_is_not_taken_for_one_that_lasts(
    stage_of: Callable[[str], Stage],
) -> None:
    error = {"code": 190, "message": "Session invalidated."}
    told = {"data": {"is_valid": False, "expires_at": 0, "scopes": [], "error": error}}
    with answering(answers(told, {})) as server:
        who = stage_of("instagram").adapter(rebase=server.rebase).whoami()
    assert who.granted is None
    assert "Session invalidated." in who.untold[0]


def test_a_permission_for_another_page_only_is_none(stage_of: Callable[[str], Stage]) -> None:
    scopes = [
        {"scope": "pages_manage_posts", "target_ids": ["404"]},
        {"scope": "pages_read_engagement", "target_ids": [PAGE]},
        {"scope": "instagram_basic", "target_ids": ["404"]},
    ]
    told = {
        "is_valid": True,
        "scopes": [each["scope"] for each in scopes],
        "granular_scopes": scopes,
    }

    def script(asked: Asked) -> Reply:
        return reply({"data": told} if "debug_token" in asked.path else {"id": PAGE})

    with answering(script) as server:
        who = stage_of("facebook").adapter(rebase=server.rebase).whoami()
    assert who.granted == ("instagram_basic", "pages_read_engagement")


def test_an_answer_that_repeats_the_secrets_is_told_without_them(
    stage_of: Callable[[str], Stage],
) -> None:
    token = SECRETS["facebook"]["token"]

    def script(asked: Asked) -> Reply:
        if "debug_token" in asked.path:
            return graph_error(1, error_user_msg=f"{APP.token} {APP.secret} {token}")
        return reply({"id": PAGE})

    with answering(script) as server:
        who = stage_of("facebook").adapter(rebase=server.rebase, app=APP).whoami()
        assert {asked.query["appsecret_proof"] for asked in server.asked} == {
            APP.proof(token),
            APP.proof(APP.token),
        }
    assert len(who.untold) == 1
    assert not [it for it in (token, APP.secret) if it in who.untold[0]]
