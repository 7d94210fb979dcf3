"""Hand-offs on the board: how each stands in words, and its kit, which nobody else may take."""

import hashlib
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from somos_social.board import guard
from somos_social.board.views import handoffs
from somos_social.board.views.handoffs import WORDS
from somos_social.core.handoff import (
    Accepted,
    Approved,
    Cancelled,
    ChangesRequested,
    Confirmed,
    Event,
    Offered,
    Submitted,
    WentLive,
)
from somos_social.core.model.handoff import Draft, Handoff, HandoffStatus, Proof
from somos_social.core.people import Consent
from somos_social.flows.handoff import act, known
from tests.board.conftest import POST, SLUG, Desk, Visitor
from tests.samples import NOW

HANDOFF = """
[[handoff]]
key = "ana-reel"
influencer = "@ana"
contact = "ana@example.org"
draft_due = 2026-12-03
live_due = 2026-12-05T18:00:00
brief = "Cuenta una receta. <script>alert(1)</script>"
networks = ["instagram"]
assets = ["carmen.jpg"]
review = true
"""
KIT = f"/handoffs/{SLUG}/ana-reel/kit"
DRAFT = Draft(text="Aprendí a amasar <b>hoy</b>.")
URL = "https://www.instagram.com/reel/abc"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    desk.campaign(POST + HANDOFF)
    return desk


def led(desk: Desk, *events: Event) -> Handoff:
    found = known(desk.app, f"{SLUG}/ana-reel")
    for event in events:
        found = act(desk.app, found, event)
    return found


def shown(visitor: Visitor) -> str:
    """What the page says of the one hand-off."""
    text: str = visitor.get("/handoffs").text
    found = re.search(r'<li class="card">.*?</li>', text, re.S)
    assert found
    return found[0]


def take(visitor: Visitor) -> Any:
    return visitor.post(f"{KIT}.zip", on="/handoffs")


PROVED = Proof(url=URL, at=NOW, how="screenshot", screenshot="ab" * 32)
LIFE: list[tuple[tuple[Event, ...], str, str]] = [
    ((), "sin proponer", "not offered yet"),
    ((Offered(),), "propuesto", "offered"),
    ((Offered(), Accepted()), "aceptado", "accepted"),
    ((Accepted(), Submitted(DRAFT)), "borrador por revisar", "draft to be reviewed"),
    (
        (Accepted(), Submitted(DRAFT), ChangesRequested("Más corto.")),
        "se pidieron cambios",
        "changes asked for",
    ),
    (
        (Accepted(), Submitted(DRAFT), Approved(DRAFT.digest), WentLive(URL), Confirmed(PROVED)),
        "publicado y comprobado",
        "public and confirmed",
    ),
    ((Cancelled("P-014 has withdrawn consent: la amenazan"),), "cancelado", "cancelled"),
]


@pytest.mark.parametrize(("events", "spanish", "english"), LIFE, ids=[it[2] for it in LIFE])
def test_how_a_hand_off_stands_is_said_in_the_language_of_the_page(
    asked: Desk, events: tuple[Event, ...], spanish: str, english: str
) -> None:
    led(asked, *events)
    for language, word in (("es", spanish), ("en", english)):
        page = shown(asked.reader(f"UNHCR:{language}", language))
        assert f">{word}</span>" in page
        for hidden in ("ana@example.org", "P-014", "amenazan", "<script>"):
            assert hidden not in page


def test_each_state_has_a_word_of_its_own() -> None:
    assert set(WORDS) == set(HandoffStatus)
    assert len(set(WORDS.values())) == len(HandoffStatus)


def test_a_draft_that_waits_is_shown_until_it_is_approved(asked: Desk) -> None:
    led(asked, Accepted(), Submitted(DRAFT))
    ana = asked.visitor()
    page = shown(ana)
    assert "Aprendí a amasar &lt;b&gt;hoy&lt;/b&gt;." in page
    assert "vie 4 dic 2026" not in page
    led(asked, Approved(DRAFT.digest))
    assert "Aprendí a amasar" not in shown(ana)


def test_a_proof_and_since_when_it_is_live_are_shown(asked: Desk) -> None:
    led(asked, Accepted(), Submitted(DRAFT), Approved(DRAFT.digest), WentLive(URL))
    led(asked, Confirmed(PROVED))
    page = shown(asked.reader())
    assert "mar 1 dic 2026, 09:00, por una captura guardada" in page
    assert f'href="{URL}"' in page


@pytest.mark.parametrize("name", ["reader", "visitor"])
def test_a_guest_takes_the_kit_as_a_zip_and_that_stands_in_the_log(
    asked: Desk,
    name: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guest = getattr(asked, name)("IOM:Eva")
    here = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr("tempfile.tempdir", str(here))
    answer = take(guest)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert f'filename="kit-{SLUG}-ana-reel.zip"' in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        names = [it.partition("/")[2] for it in packed.namelist()]
        whole = b"".join(packed.read(it) for it in packed.namelist())
    assert {"kit.html", "kit.pdf", "kit.txt", "SHA256SUMS"} < set(names)
    assert any(it.startswith("medios/instagram/01-carmen") for it in names)
    assert b"ana@example.org" not in whole
    assert list(here.iterdir()) == []
    last = asked.app.store.log()[-1]
    digest = hashlib.sha256(answer.content).hexdigest()
    assert (last["event"], last["actor"]) == ("kit", "IOM:Eva")
    assert digest in last["reason"]
    assert asked.app.store.broken_links() == []


def test_the_page_of_a_kit_can_do_nothing_and_is_kept_by_nobody(asked: Desk) -> None:
    answer = asked.reader().get(KIT)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script" not in policy
    assert "allow-" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "<script>" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "ana@example.org" not in answer.text
    assert "data:image/jpeg;base64," in answer.text


def consent(**changes: Any) -> Consent:
    given = Consent(
        person="P-014",
        form="ab" * 32,
        scope=("face",),
        channels=("influencers",),
        until=None,
        guardian=False,
        granted_at=NOW,
        granted_by="luz",
    )
    return replace(given, **changes)


def showing_someone(desk: Desk) -> None:
    side = desk.folder / "media" / "carmen.jpg.toml"
    side.write_text('alt = "Carmen amasa."\ncredit = "© ACNUR"\npeople = ["P-014"]\n')
    desk.campaign(POST + HANDOFF)


def test_without_the_consent_of_who_is_seen_there_is_no_kit_and_nobody_learns_whose(
    desk: Desk,
) -> None:
    showing_someone(desk)
    eva = desk.reader()
    for answer in (eva.get(KIT), take(eva)):
        assert answer.status_code == 409
        assert "P-014" not in answer.text
        assert "onsent" not in answer.text
    desk.app.store.consents.grant(consent())
    assert eva.get(KIT).status_code == 200
    assert take(eva).status_code == 200
    desk.app.store.consents.withdraw(consent(), reason="Teme.", now=NOW, actor="luz")
    assert [it.status_code for it in (eva.get(KIT), take(eva))] == [409, 409]


def test_what_is_over_has_no_kit(asked: Desk) -> None:
    led(asked, Cancelled("No hace falta."))
    eva = asked.reader()
    assert "kit.zip" not in shown(eva)
    assert eva.get(KIT).status_code == 409


def test_media_that_changed_since_are_not_handed_over(asked: Desk) -> None:
    (asked.folder / "media" / "carmen.jpg").write_bytes(b"something else")
    eva = asked.reader()
    before = asked.events
    assert take(eva).status_code == 409
    assert asked.events == before


@pytest.mark.parametrize("key", ["nada", "..%2F..%2Fetc", "ana-reel%00"])
def test_a_kit_of_nothing_is_not_there(asked: Desk, key: str) -> None:
    assert asked.reader().get(f"/handoffs/{SLUG}/{key}/kit").status_code == 404


def test_who_has_not_come_in_gets_no_kit(asked: Desk) -> None:
    stranger = Visitor(asked.board)
    assert stranger.get(KIT).status_code == 401
    assert stranger.http.post(f"{KIT}.zip", data={}).status_code == 401


def test_who_would_wait_too_long_for_a_kit_is_told_to_come_again(
    asked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handoffs, "PATIENCE", 0.01)
    eva = asked.reader()
    with asked.board.making:
        assert eva.get(KIT).status_code == 429
    assert eva.get(KIT).status_code == 200
    assert eva.get(KIT).status_code == 200


def test_kits_are_not_made_without_end(asked: Desk) -> None:
    eva = asked.reader()
    answers = [eva.get(KIT).status_code for _ in range(guard.KITS.amount + 1)]
    assert answers == [200] * guard.KITS.amount + [429]
    asked.clock.advance(timedelta(minutes=1))
    assert asked.visitor("IOM:Ada").get(KIT).status_code == 200
