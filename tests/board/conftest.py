"""A board over a real database and real files, whose clock is the test's, and its visitors."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from somos_social.board import Board, application
from somos_social.core.campaign import changes, deliveries
from somos_social.core.delivery import decide
from somos_social.core.guests import Role, Stay
from somos_social.core.model.delivery import Delivery
from somos_social.core.people import Approver
from somos_social.files import read_campaign
from somos_social.flows import App, approval, invitations
from somos_social.flows.invitations import Door
from somos_social.store import Store
from tests.conftest import Clock
from tests.flows.scripted import ScriptedPlatform
from tests.samples import FACEBOOK, INSTAGRAM, POLICY, X

SLUG = "prueba"
ORIGIN = "http://127.0.0.1:8765"

HEAD = """
name = "Una prueba"
hashtag = "#SomosLoMismo"
timezone = "America/Panama"
channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somoslomismo"]
approvals = ["UNHCR", "IOM"]
"""
POST = """
[[post]]
key = "carmen"
due = 2026-12-02T09:00:00
goal = "empathy"
text = "Carmen llegó con una receta."
assets = ["carmen.jpg"]
first_comment = "¿Cuál es la tuya?"
[[post]]
key = "elvia"
due = 2026-12-20T18:30:00
text = "Elvia pone el café."
assets = ["carmen.jpg"]
"""


_open = ExitStack()
"""The browsers of the test that runs."""


class Visitor:
    """Someone with a browser of their own, which keeps cookies and follows redirects."""

    def __init__(self, board: Board, *, language: str = "es", origin: str = ORIGIN) -> None:
        self.http = TestClient(
            application(board),
            base_url=origin,
            raise_server_exceptions=True,
            headers={"accept-language": language},
            client=("127.0.0.1", 50000),
        )
        # One event loop for all of its requests is several times quicker.
        _open.enter_context(self.http)
        self._origin = origin

    def get(self, path: str, **more: Any) -> Any:
        return self.http.get(path, **more)

    def token(self, path: str) -> str:
        """What the forms of a page hold."""
        found = re.search(r'name="token" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, *, on: str = "/pauses", **fields: Any) -> Any:
        """Sends a form as the page `on` which it stands would."""
        form = {"token": self.token(on), **fields}
        return self.http.post(path, data=form, headers={"origin": self._origin})

    def enter(self, link: str) -> Any:
        return self.post(link, on=link)

    def say(self, verb: str, post: str = "carmen", **fields: Any) -> Any:
        """Approves a post, or asks for changes, as its page offers it; `fields` are otherwise."""
        at = f"/post/{SLUG}/{post}"
        page = self.get(at).text
        shown = {
            "seen": [_plain(it) for it in re.findall(r'name="seen" value="([^"]+)"', page)],
            "channel": re.findall(r'name="channel" value="([^"]+)"', page),
        }
        return self.post(f"{at}/{verb}", on=at, **{**shown, **fields})


def _plain(value: str) -> str:
    return value.replace("&#39;", "'").replace("&amp;", "&")


@dataclass
class Desk:
    """What is published where, and the ways in."""

    folder: Path
    app: App
    board: Board
    clock: Clock

    def campaign(self, posts: str = POST, head: str = HEAD) -> list[Delivery]:
        """Schedules the campaign file as it is written here."""
        file = self.folder / f"{SLUG}.toml"
        file.write_text(head + posts, encoding="utf-8")
        read = read_campaign(file, media_root=self.app.media_root)
        known = self.app.store.of_campaign(SLUG)
        planned = changes(deliveries(read, POLICY), known)
        self.app.store.schedule(
            [it.wanted for it in planned if it.wanted and it.event is None],
            [
                decide(known[it.key], it.event, self.clock(), POLICY)
                for it in planned
                if it.event is not None
            ],
            read.handoffs,
            now=self.clock(),
            actor="luz",
            asking=[read],
        )
        return self.app.store.pages.of_post(SLUG, "carmen")

    def link(self, name: str = "UNHCR:Ana", role: Role = Role.APPROVER) -> str:
        """The path of a personal link."""
        week = timedelta(days=7)
        return f"/enter/{invitations.invite(self.app, self.board.door, name, role, week)[1]}"

    def visitor(
        self, name: str = "UNHCR:Ana", role: Role = Role.APPROVER, language: str = "es"
    ) -> Visitor:
        """Someone who has come in."""
        visitor = Visitor(self.board, language=language)
        assert visitor.enter(self.link(name, role)).status_code == 200
        return visitor

    def reader(self, name: str = "UNHCR:Luz", language: str = "es") -> Visitor:
        return self.visitor(name, Role.READER, language)

    def approve(self, name: str, found: list[Delivery]) -> None:
        """As on the command line."""
        organisation, person = approval.parse(name)
        now = self.clock()
        approver = Approver(organisation=organisation, person=person, added_at=now, added_by="luz")
        approval.approve(self.app, approver, found)

    @property
    def events(self) -> list[tuple[str, str, str]]:
        return [(it["delivery"], it["event"], it["actor"]) for it in self.app.store.log()]


@pytest.fixture
def desk(tmp_path: Path, new_file: Path, disk_is_not_awaited: None, clock: Clock) -> Iterator[Desk]:
    media = tmp_path / "media"
    media.mkdir()
    Image.new("RGB", (400, 500), "teal").save(media / "carmen.jpg")
    (media / "carmen.jpg.toml").write_text('alt = "Carmen amasa."\ncredit = "© ACNUR"\n')
    shutil.copy(new_file, tmp_path / "somos.db")
    store = Store(f"sqlite:///{tmp_path / 'somos.db'}")
    app = App(
        store=store,
        policy=POLICY,
        now=clock,
        platform=lambda _channel: ScriptedPlatform(clock),
        media_root=media,
        channels=(FACEBOOK, INSTAGRAM, X),
        pictures_are_public=True,
        actor="board@here",
    )
    board = Board(app, Door(key="k" * 43, stay=Stay()), public_url=None)
    with _open:
        yield Desk(folder=tmp_path, app=app, board=board, clock=clock)
    store.close()


@pytest.fixture
def scheduled(desk: Desk) -> Desk:
    desk.campaign()
    return desk


def behind_tls(desk: Desk) -> Board:
    """The same board as people reach it through a proxy."""
    return Board(desk.app, replace(desk.board.door), public_url="https://tablero.example.org")
