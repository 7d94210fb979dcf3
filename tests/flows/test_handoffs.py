"""Hand-offs are led by people: drafts held against all rules, proofs taken, consent honoured."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from somos_social.core.fitting import fit_for
from somos_social.core.handoff import (
    Accepted,
    Cancelled,
    ChangesRequested,
    Declined,
    Event,
    Submitted,
)
from somos_social.core.limits import INSTAGRAM
from somos_social.core.model.asset import Asset
from somos_social.core.model.handoff import Caption, Compensation, Draft, Handoff
from somos_social.core.model.handoff import HandoffStatus as Status
from somos_social.core.model.post import Format
from somos_social.core.people import INFLUENCERS, Consent
from somos_social.daemon import mend
from somos_social.errors import InvalidFiles, NeedsPerson, NotAllowed, UsageError
from somos_social.flows import App
from somos_social.flows import handoff as flow
from somos_social.flows.confirming import confirm
from somos_social.flows.drafting import read
from somos_social.flows.kits import make
from somos_social.flows.withdrawal import (
    Honoured,
    close,
    honour,
    honour_all,
    still_public,
    withdraw,
)
from somos_social.media import MediaFolder
from somos_social.notify import Apprise
from somos_social.platforms.looking import Gone, Seen, Unseen
from tests.conftest import Clock
from tests.files.desk import draw, film
from tests.flows.conftest import Desk
from tests.handoffs import ASKED, DAY, DRAFT, TEXT, URL, asked
from tests.receivers import a_post_office
from tests.samples import NOW, a_delivery, an_asset

CAPTIONS = {"instagram": Caption(text="Cuéntalo. #SomosLoMismo")}
FREE = asked(captions=CAPTIONS, media={}, compensation=Compensation.NONE)
ALL_SEEN = Seen(text=TEXT, how="X's API", author="ana")


@dataclass
class Sight:
    """What a look finds, as a test has written it down."""

    ends: Seen | Exception
    asked: list[str] = field(default_factory=list)

    def look(self, url: str) -> Seen:
        self.asked.append(url)
        if isinstance(self.ends, Exception):
            raise self.ends
        return self.ends


def begun(app: App, *events: Event, wanted: Handoff = ASKED) -> Handoff:
    app.store.schedule((), (), (wanted,), now=app.now(), actor="ana")
    found = flow.known(app, wanted.name)
    for event in events:
        found = flow.act(app, found, event)
    return found


def live(app: App, wanted: Handoff = ASKED) -> Handoff:
    consents(app, INFLUENCERS)
    found = flow.approve(app, begun(app, Accepted(), Submitted(DRAFT), wanted=wanted))
    return flow.live(app, found, URL)


def last_of(app: App) -> tuple[str, str]:
    entry = app.store.log()[-1]
    return entry["event"], entry["reason"] or ""


# Which one is meant.


def test_a_hand_off_is_found_by_its_whole_name_or_by_its_key_where_there_is_one(app: App) -> None:
    found = begun(app)
    assert flow.known(app, "somos-lo-mismo/ana-reel") == found
    assert flow.known(app, " ana-reel ") == found
    begun(app, wanted=replace(ASKED, campaign="otra"))
    assert flow.known(app, "somos-lo-mismo/ana-reel") == found
    with pytest.raises(UsageError, match="Several hand-offs are called"):
        flow.known(app, "ana-reel")
    with pytest.raises(UsageError, match="Did you mean `ana-reel`"):
        flow.known(app, "ana-rel")
    with pytest.raises(UsageError, match="somos handoff list"):
        flow.known(app, "zzz")


def test_who_acts_on_what_moved_meanwhile_is_told_to_look_again(app: App) -> None:
    seen = begun(app)
    flow.act(app, seen, Accepted())
    with pytest.raises(NotAllowed, match="moved at this very moment"):
        flow.act(app, seen, Cancelled("It is off."))


# Drafts.


def problems(app: App, handoff: Handoff, **draft: object) -> list[str]:
    fits: dict[str, object] = {"text": "", "paths": ()}
    with pytest.raises(InvalidFiles) as invalid:
        read(app, handoff, **(fits | draft))  # type: ignore[arg-type]
    return [f"{it.key}: {it.problem}" for it in invalid.value.problems]


def test_a_good_draft_is_kept_as_words_and_fingerprints(app: App, tmp_path: Path) -> None:
    file = draw(tmp_path / "borrador.jpg", (1080, 1080))
    draft = read(app, FREE, text="  Hola #SomosLoMismo\n", paths=[file])
    assert draft.text == "Hola #SomosLoMismo"
    [kept] = draft.files
    assert (kept.name, kept.size) == ("borrador.jpg", file.stat().st_size)
    assert len(kept.sha256) == 64
    assert draft == Draft.from_json(draft.to_json())


def test_all_problems_of_a_draft_are_told_at_once(app: App, tmp_path: Path) -> None:
    film(tmp_path / "corto.mp4", seconds=2)
    found = problems(
        app,
        replace(FREE, ask=replace(ASKED.ask, media={}, captions=CAPTIONS)),
        text="a" * 2300,
        paths=[tmp_path / "corto.mp4"],
    )
    assert [it for it in found if "lacks #SomosLoMismo" in it]
    assert [it for it in found if "does not say what it is: paid" in it]
    assert [it for it in found if "has 2300 characters; Instagram takes 2200" in it]
    assert [it for it in found if it.startswith("file[0]") and "lasts 2.0 s" in it]
    assert len(found) == 4


def test_a_draft_that_tells_where_it_was_taken_is_refused(app: App, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (8.0, 58.0, 0.0), 3: "W", 4: (79.0, 32.0, 0.0)})
    draw(tmp_path / "casa.jpg", (1080, 1080), exif=exif)
    found = problems(app, FREE, text="#SomosLoMismo", paths=[tmp_path / "casa.jpg"])
    assert found == ["file[0]: holds the position where it was taken."]


def test_files_that_are_none_are_each_told(app: App, tmp_path: Path) -> None:
    (tmp_path / "nota.jpg").write_text("hola", encoding="utf-8")
    paths = [tmp_path / "nota.jpg", tmp_path / "nada.jpg"]
    assert len(problems(app, FREE, text="#SomosLoMismo", paths=paths)) == 2


def test_a_draft_of_words_alone_needs_no_picture_yet(app: App) -> None:
    assert read(app, FREE, text="Hola #SomosLoMismo", paths=()).files == ()


def test_a_story_may_have_its_words_in_the_picture(app: App, tmp_path: Path) -> None:
    story = replace(FREE, ask=replace(FREE.ask, format=Format.STORY))
    file = draw(tmp_path / "historia.jpg", (1080, 1920))
    assert read(app, story, text="", paths=[file]).text == ""


def test_words_that_are_not_to_be_changed_are_not(app: App) -> None:
    captions = {"x": Caption(text="Iguales. #SomosLoMismo", verbatim=True), **CAPTIONS}
    both = replace(FREE, ask=replace(FREE.ask, captions=captions))
    assert read(app, both, text="Iguales. #SomosLoMismo", paths=(), network="x").network == "x"
    found = problems(app, both, text="Iguales, sí. #SomosLoMismo", network="x")
    assert found == ["text: is to be word for word what was asked for, and is not."]
    assert read(app, both, text="Sí. #SomosLoMismo", paths=(), network="instagram").text


def test_a_draft_is_for_the_networks_that_were_asked_for(app: App) -> None:
    with pytest.raises(UsageError, match="not for 'tiktok', but for instagram"):
        read(app, FREE, text="#SomosLoMismo", paths=(), network="tiktok")
    with pytest.raises(UsageError, match="A draft is"):
        read(app, FREE, text=" \n", paths=())


def test_a_draft_that_shows_someone_without_consent_is_refused(app: App, tmp_path: Path) -> None:
    file = draw(tmp_path / "ella.jpg", (1080, 1080))
    (tmp_path / "ella.jpg.toml").write_text('people = ["P-014"]\n', encoding="utf-8")
    with pytest.raises(NotAllowed, match="P-014 has not consented"):
        read(app, FREE, text="#SomosLoMismo", paths=[file])


def test_a_draft_with_the_bytes_of_a_picture_of_ours_shows_whom_that_shows(
    app: App, with_media: Handoff, tmp_path: Path
) -> None:
    copy = tmp_path / "copia.jpg"
    copy.write_bytes((app.media_root / "ella.jpg").read_bytes())
    draft = read(app, FREE, text="#SomosLoMismo", paths=[copy])
    assert [file.people for file in draft.files] == [("P-014",)]


def test_a_yes_to_another_digest_than_is_there_is_none(app: App) -> None:
    found = begun(app, Accepted(), Submitted(DRAFT))
    with pytest.raises(NotAllowed, match="is not 00ff"):
        flow.approve(app, found, "00ff")
    consents(app, INFLUENCERS)
    assert flow.approve(app, found, DRAFT.digest[:8].upper()).approved == DRAFT.digest
    assert last_of(app) == ("approved", f"draft {DRAFT.digest}")


@pytest.mark.parametrize(
    "url", ["", "x.com/ana", "javascript:alert(1)", "https://a:b@x.com/", "https://x.com/ana"]
)
def test_what_is_no_address_of_a_post_is_refused(app: App, url: str) -> None:
    consents(app, INFLUENCERS)
    found = flow.approve(app, begun(app, Accepted(), Submitted(DRAFT)))
    with pytest.raises(UsageError):
        flow.live(app, found, url)


# Proofs.


def confirmed(
    app: App, ends: Seen | Exception, shot: Path | None = None, **asks: object
) -> Handoff:
    found = live(app, asked(**asks))
    return confirm(replace(app, looker=Sight(ends)), found, shot)


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    file = tmp_path / "captura.png"
    Image.new("RGB", (640, 1280), "white").save(file)
    return file


def test_a_look_that_sees_all_confirms_and_stands_in_the_log(app: App) -> None:
    after = confirmed(app, ALL_SEEN)
    assert after.status is Status.CONFIRMED
    assert after.proof is not None
    assert (after.proof.seen, after.proof.screenshot) == (("hashtag", "disclosure"), None)
    event, words = last_of(app)
    assert event == "confirmed"
    assert "X's API (posted by @ana) at 2026-12-01T14:00:00+00:00" in words
    assert "for hashtag, disclosure; saw hashtag, disclosure" in words


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("Sin nada.", "the hashtag #SomosLoMismo and the disclosure"),
        ("#SomosLoMismo", "the disclosure"),
        ("#SomosLosMismos #Publicidad", "the hashtag #SomosLoMismo"),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_what_is_seen_to_be_missing_is_not_confirmed_by_a_screenshot_either(
    app: App, shot: Path, text: str, lacks: str, by_hand: bool
) -> None:
    with pytest.raises(NeedsPerson, match=f"does not show {lacks}"):
        confirmed(app, Seen(text=text, how="X's API"), shot if by_hand else None)
    assert flow.known(app, ASKED.name).status is Status.LIVE
    assert last_of(app) == ("looked", f"X's API does not show {lacks}.")
    assert app.store.broken_links() == []


def test_the_mark_of_a_network_is_a_disclosure(app: App) -> None:
    seen = Seen(text="#SomosLoMismo", how="X's API", is_labelled=True)
    assert confirmed(app, seen).status is Status.CONFIRMED


HIDDEN: dict[str, Seen | Exception] = {
    "cannot be looked at": Unseen("The page does not show itself."),
    "hides it from strangers": Seen(text="Log in", how="the public page", is_whole=False),
}


@pytest.mark.parametrize("why", HIDDEN)
def test_what_cannot_be_seen_needs_a_screenshot_of_which_the_fingerprint_is_kept(
    app: App, shot: Path, why: str
) -> None:
    found = live(app)
    sighted = replace(app, looker=Sight(HIDDEN[why]))
    with pytest.raises(NeedsPerson, match="--screenshot"):
        confirm(sighted, found)
    assert flow.known(app, ASKED.name).status is Status.LIVE
    after = confirm(sighted, found, shot)
    assert after.proof is not None
    assert after.proof.screenshot is not None
    assert len(after.proof.screenshot) == 64
    assert f"screenshot SHA-256 {after.proof.screenshot}" in last_of(app)[1]


def test_a_post_that_is_gone_is_not_confirmed_by_a_picture_of_it(app: App, shot: Path) -> None:
    with pytest.raises(NeedsPerson, match="nothing is there"):
        confirmed(app, Gone("X says that nothing is there."), shot)


def test_a_story_that_is_gone_is(app: App, shot: Path) -> None:
    after = confirmed(app, Gone("The page is not there."), shot, format=Format.STORY)
    assert after.status is Status.CONFIRMED


def test_a_screenshot_that_cannot_be_read_confirms_nothing_and_nobody_looks(
    app: App, tmp_path: Path
) -> None:
    found, sight = live(app), Sight(ALL_SEEN)
    with pytest.raises(UsageError, match="screenshot"):
        confirm(replace(app, looker=sight), found, tmp_path / "nada.png")
    assert sight.asked == []


def test_what_is_not_live_is_not_looked_at(app: App) -> None:
    sight = Sight(ALL_SEEN)
    with pytest.raises(NotAllowed, match="confirmed is not possible now"):
        confirm(replace(app, looker=sight), begun(app, Accepted()))
    assert sight.asked == []


def test_an_address_that_was_corrected_during_a_look_is_not_confirmed_by_it(app: App) -> None:
    found = live(app)

    class Meanwhile(Sight):
        def look(self, url: str) -> Seen:
            flow.live(app, flow.known(app, ASKED.name), f"{URL}/photo/1")
            return super().look(url)

    with pytest.raises(NotAllowed, match="moved at this very moment"):
        confirm(replace(app, looker=Meanwhile(ALL_SEEN)), found)
    assert flow.known(app, ASKED.name).status is Status.LIVE


# Consent to what is approved.


def test_nothing_is_approved_that_shows_someone_without_their_yes_to_influencers(
    app: App,
) -> None:
    found = begun(app, Accepted(), Submitted(DRAFT))
    with pytest.raises(NotAllowed, match="P-014 has not consented"):
        flow.approve(app, found)
    consents(app, "instagram", "x")
    with pytest.raises(NotAllowed, match="is not for influencers"):
        flow.approve(app, found)
    consents(app, INFLUENCERS)
    assert flow.approve(app, found).status is Status.APPROVED


def test_a_draft_is_not_approved_once_the_consent_of_who_is_seen_in_it_has_ended(
    app: App, tmp_path: Path, clock: Clock
) -> None:
    found = drafted(app, tmp_path)
    app.store.consents.grant(replace(consents(app, INFLUENCERS), until=app.now() + DAY))
    clock.advance(2 * DAY)
    with pytest.raises(NotAllowed, match="the consent of P-014 ended"):
        flow.approve(app, found)
    assert flow.known(app, FREE.name).status is Status.SUBMITTED


# Kits.


@pytest.fixture
def with_media(app: App) -> Handoff:
    """A hand-off whose one picture shows P-014."""
    draw(app.media_root / "ella.jpg", (1080, 1080))
    (app.media_root / "ella.jpg.toml").write_text('people = ["P-014"]\n', encoding="utf-8")
    asset = MediaFolder(app.media_root).asset("ella.jpg")
    return begun(app, wanted=asked(media={"instagram": (asset,)}, captions=CAPTIONS))


def consents(app: App, *channels: str) -> Consent:
    consent = Consent(
        person="P-014",
        form="ab" * 32,
        scope=("face", "first name"),
        channels=channels,
        until=None,
        guardian=False,
        granted_at=app.now(),
        granted_by="ana",
    )
    app.store.consents.grant(consent)
    return consent


def test_a_kit_needs_the_consent_of_all_who_are_seen_to_influencers(
    app: App, with_media: Handoff, tmp_path: Path
) -> None:
    def refused() -> str:
        with pytest.raises(NotAllowed) as why:
            make(app, with_media, tmp_path / "kit")
        assert not (tmp_path / "kit").exists()
        return str(why.value)

    assert "P-014 has not consented" in refused()
    consents(app, "instagram", "x")
    assert "the consent of P-014 is not for influencers" in refused()
    consents(app, INFLUENCERS)
    withdraw(app, "P-014", "she asked us to")
    assert "P-014 has withdrawn consent" in refused()
    consents(app, INFLUENCERS)
    built = make(app, with_media, tmp_path / "kit")
    assert "medios/instagram/01-ella.jpg" in built.files
    assert last_of(app) == ("kit", f"kit.zip SHA-256 {built.sha256}")
    assert app.store.broken_links() == []


def test_who_withdraws_while_a_kit_is_made_is_not_in_it(
    app: App, with_media: Handoff, tmp_path: Path
) -> None:
    def withdraws(*_: object) -> None:
        withdraw(app, "P-014", "she asked us to")

    draw(app.media_root / "ella.jpg", (400, 1600))
    tall = replace(
        with_media,
        ask=replace(
            with_media.ask,
            media={"instagram": (_fitted(MediaFolder(app.media_root), "ella.jpg"),)},
        ),
    )
    with pytest.raises(NotAllowed, match="has not consented"):
        make(app, tall, tmp_path / "kit")
    assert not (app.media_root / ".fitted").exists()
    consents(app, INFLUENCERS)
    with pytest.raises(NotAllowed, match="has withdrawn"):
        make(
            app,
            tall,
            tmp_path / "kit",
            progress=withdraws,
        )
    assert not (tmp_path / "kit").exists()


def _fitted(folder: MediaFolder, path: str) -> Asset:
    source = folder.source(path)
    return replace(source.asset, fit=fit_for(source, INSTAGRAM.image))


def test_media_that_changed_since_are_not_handed_over(
    app: App, with_media: Handoff, tmp_path: Path
) -> None:
    consents(app, INFLUENCERS)
    draw(app.media_root / "ella.jpg", (1081, 1080))
    with pytest.raises(InvalidFiles, match="changed since the campaign was scheduled"):
        make(app, with_media, tmp_path / "kit")
    assert not (tmp_path / "kit").exists()


@pytest.mark.parametrize("event", [Declined(None), Cancelled("It is off.")])
def test_nothing_is_handed_over_of_what_is_over(app: App, tmp_path: Path, event: Event) -> None:
    with pytest.raises(NotAllowed, match="nothing is handed over"):
        make(app, begun(app, event, wanted=FREE), tmp_path / "kit")


def test_only_a_kit_is_ever_replaced(app: App, tmp_path: Path) -> None:
    found = begun(app, wanted=FREE)
    make(app, found, tmp_path / "kit")
    with pytest.raises(UsageError, match="--force"):
        make(app, found, tmp_path / "kit")
    make(app, found, tmp_path / "kit", force=True)
    (tmp_path / "fotos").mkdir()
    (tmp_path / "fotos" / "mía.jpg").write_bytes(b"")
    with pytest.raises(UsageError, match="no kit that could be replaced"):
        make(app, found, tmp_path / "fotos", force=True)
    assert (tmp_path / "fotos" / "mía.jpg").exists()
    with pytest.raises(UsageError, match="does not exist"):
        make(app, found, tmp_path / "nada" / "kit")


# Consent that is taken back.


@pytest.fixture
def showing(app: App) -> Callable[..., Handoff]:
    def lead(*events: Event, key: str = "ana-reel", is_live: bool = False) -> Handoff:
        wanted = replace(ASKED, key=key)
        return live(app, wanted) if is_live else begun(app, *events, wanted=wanted)

    return lead


def taken_back(app: App) -> list[Honoured]:
    consents(app, INFLUENCERS)
    consent, _ = withdraw(app, "P-014", "la amenazan")
    return list(honour(app, consent))


def test_open_hand_offs_are_cancelled_and_public_ones_asked_for(
    app: App, desk: Desk, showing: Callable[..., Handoff], clock: Clock
) -> None:
    with a_post_office() as post:
        app = replace(app, notifier=Apprise(urls=[], mail=lambda: post.url, contact=lambda it: it))
        showing(key="a-offered")
        showing(Accepted(), key="b-accepted")
        showing(Accepted(), Submitted(DRAFT), ChangesRequested("No."), key="c-changes")
        showing(Declined(None), key="d-declined")
        showing(key="e-live", is_live=True)
        begun(app, wanted=replace(FREE, key="f-shows-nobody"))
        done = {it.subject.rpartition("/")[2]: it for it in taken_back(app)}
        assert {key: (it.was, it.now) for key, it in done.items()} == {
            "a-offered": ("offered", "cancelled"),
            "b-accepted": ("accepted", "cancelled"),
            "c-changes": ("changes_requested", "cancelled"),
            "e-live": ("live", "live"),
        }
        request = done["e-live"].request
        assert request is not None
        assert (request.subject, request.url) == ("handoff/somos-lo-mismo/e-live", URL)
        assert done["e-live"].is_left_to_people
        # Only who was asked by us knows of it; the one that is public concerns them in any case.
        assert [mail.title for mail in post.got] == [
            "Urgente: borra esta publicación, «e-live», Somos Lo Mismo Panamá"
        ]
        assert "amenazan" not in post.got[0].body
    assert app.store.broken_links() == []


def test_done_twice_it_changes_nothing_more(app: App, showing: Callable[..., Handoff]) -> None:
    showing(Accepted(), key="a")
    showing(key="b", is_live=True)
    taken_back(app)
    log, requests = app.store.log(), app.store.requests.known()
    consent = app.store.consents.known()["P-014"]
    again = list(honour(app, consent))
    honour_all(app)
    assert app.store.log() == log
    assert app.store.requests.known() == requests
    assert [it.subject.rpartition("/")[2] for it in again] == ["b"]
    assert again[0].request == requests[0]


@pytest.mark.parametrize("outcome", ["gone", "refused"])
def test_a_request_that_was_closed_is_not_opened_again(
    app: App, showing: Callable[..., Handoff], outcome: str
) -> None:
    showing(is_live=True)
    [done] = taken_back(app)
    assert done.request is not None
    close(app, done.request.number, outcome, None)
    assert list(honour(app, app.store.consents.known()["P-014"])) == []
    assert len(app.store.requests.known()) == 1


def test_who_withdraws_once_more_after_a_new_yes_is_heard_once_more(
    app: App, showing: Callable[..., Handoff], clock: Clock
) -> None:
    showing(is_live=True)
    [done] = taken_back(app)
    assert done.request is not None
    close(app, done.request.number, "refused", None)
    clock.advance(timedelta(days=1))
    assert [it.request.number for it in taken_back(app) if it.request] == [2]


def edited(app: App, found: Handoff) -> Handoff:
    """The campaign file now asks for another picture, in which nobody can be recognised."""
    return begun(app, wanted=replace(ASKED, key=found.key, ask=replace(ASKED.ask, media={})))


def test_who_was_in_what_was_posted_is_heard_after_the_file_was_edited(
    app: App, showing: Callable[..., Handoff]
) -> None:
    assert edited(app, showing(is_live=True)).ask.people == frozenset()
    [done] = taken_back(app)
    assert done.request is not None
    assert done.request.url == URL
    assert app.store.broken_links() == []


def test_who_was_in_what_was_agreed_is_heard_after_the_file_was_edited(
    app: App, showing: Callable[..., Handoff]
) -> None:
    edited(app, showing(Accepted()))
    assert [it.now for it in taken_back(app)] == ["cancelled"]


def test_who_was_only_ever_in_the_file_is_not_shown_by_anybody(
    app: App, showing: Callable[..., Handoff]
) -> None:
    edited(app, showing())
    assert taken_back(app) == []


def drafted(app: App, tmp_path: Path) -> Handoff:
    """Submitted, with a picture that shows P-014 and was never asked for."""
    consents(app, INFLUENCERS)
    file = draw(tmp_path / "propia.jpg", (1080, 1080))
    (tmp_path / "propia.jpg.toml").write_text('people = ["P-014"]\n', encoding="utf-8")
    draft = read(app, FREE, text="Hola #SomosLoMismo", paths=[file])
    return begun(app, Accepted(), Submitted(draft), wanted=FREE)


def test_who_is_in_a_draft_is_heard(app: App, tmp_path: Path) -> None:
    flow.live(app, flow.approve(app, drafted(app, tmp_path)), URL)
    [done] = taken_back(app)
    assert done.request is not None
    assert done.request.url == URL
    assert app.store.broken_links() == []


def test_who_was_in_a_draft_is_heard_after_there_is_another(app: App, tmp_path: Path) -> None:
    flow.act(app, drafted(app, tmp_path), Submitted(Draft(text="Otro. #SomosLoMismo")))
    assert [it.now for it in taken_back(app)] == ["cancelled"]


def test_who_is_in_a_kit_is_never_forgotten(app: App, with_media: Handoff, tmp_path: Path) -> None:
    consents(app, INFLUENCERS)
    make(app, with_media, tmp_path / "kit")
    edited(app, with_media)
    assert [(it.was, it.now) for it in taken_back(app)] == [("offered", "cancelled")]
    assert app.store.broken_links() == []


def test_a_person_of_whom_only_a_hand_off_knows_can_withdraw(
    app: App, showing: Callable[..., Handoff]
) -> None:
    showing(Accepted())
    consent, is_new = withdraw(app, "P-014", "she asked us to")
    assert is_new
    assert [it.now for it in honour(app, consent)] == ["cancelled"]


def test_deliveries_and_hand_offs_are_honoured_together(
    app: App, desk: Desk, showing: Callable[..., Handoff]
) -> None:
    post = a_delivery()
    desk.schedule(replace(post, variant=replace(post.variant, assets=(an_asset(),))))
    showing(Accepted())
    assert [it.subject for it in taken_back(app)] == [post.key, "handoff/somos-lo-mismo/ana-reel"]


def test_a_daemon_that_begins_finishes_what_another_left(
    app: App, showing: Callable[..., Handoff]
) -> None:
    found = showing(Accepted())
    consents(app, INFLUENCERS)
    withdraw(app, "P-014", "she asked us to")
    honour_all(app)
    assert flow.known(app, found.name).status is Status.CANCELLED


def test_what_an_influencer_posted_is_named_until_they_were_asked_to_take_it_down(
    app: App, showing: Callable[..., Handoff]
) -> None:
    found = showing(is_live=True)
    consents(app, INFLUENCERS)
    withdraw(app, "P-014", "she asked us to")
    [still] = still_public(app)
    assert (still.subject, still.status, still.url) == (found.subject, "live", URL)
    mend(app)
    assert still_public(app) == []
    assert [it.url for it in app.store.requests.known(open_only=True)] == [URL]


def test_what_was_cancelled_and_posted_all_the_same_is_asked_to_be_taken_down(
    app: App, showing: Callable[..., Handoff]
) -> None:
    found = showing(Accepted(), Submitted(DRAFT))
    assert [it.now for it in taken_back(app)] == ["cancelled"]
    after = flow.live(app, flow.known(app, found.name), URL)
    assert (after.status, after.url) == (Status.LIVE, URL)
    [request] = app.store.requests.known(open_only=True)
    assert (request.subject, request.person, request.url) == (found.subject, "P-014", URL)


def test_what_was_called_off_and_posted_all_the_same_is_known(app: App) -> None:
    after = flow.live(app, begun(app, Accepted(), Cancelled("It is off."), wanted=FREE), URL)
    assert after.status is Status.LIVE
    assert app.store.requests.known() == []


def test_what_shows_nobody_goes_on(app: App) -> None:
    begun(app, Accepted(), wanted=FREE)
    consents(app, INFLUENCERS)
    consent, _ = withdraw(app, "P-014", "she asked us to")
    assert list(honour(app, consent)) == []
    assert app.now() < NOW + DAY
