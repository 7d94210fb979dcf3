"""A hand-off is led from the command line, from the offer to the proof on the built-in X."""

import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import create_engine, text

from somos_social.sandbox import Sandbox
from tests.cli.stage import FAR, SLUG, Answer, Stage, X, just_now
from tests.hosting.web import serving
from tests.receivers import Receiver, a_desk, a_post_office

ASKED = """
[[handoff]]
key = "{key}"
influencer = "@ana"
contact = "env:ANA_EMAIL"
draft_due = {draft_due}
live_due = {live_due}
brief = "Cuenta quién te enseñó una receta."
networks = ["x", "web"]
compensation = "paid"
assets = ["ella.jpg"]
review = {review}
"""
WORDS = "Carmen me enseñó a amasar. #SomosLoMismo #Publicidad"
REEL, NAME = "ana-reel", f"{SLUG}/ana-reel"


@pytest.fixture
def desk(connected: Stage) -> Stage:
    """With one hand-off that is scheduled, and whose picture shows P-014, who consents."""
    media = connected.folder / "media"
    Image.new("RGB", (1080, 1080), "teal").save(media / "ella.jpg")
    (media / "ella.jpg.toml").write_text('alt = "Ella."\npeople = ["P-014"]\n', encoding="utf-8")
    schedule(connected)
    form = connected.write("form.pdf", "%PDF-1.7 signed")
    granted = connected.somos(
        *("consent", "grant", "P-014", "--form", str(form)),
        *("--scope", "face", "--channels", "influencers"),
    )
    assert granted.code == 0
    return connected


def schedule(stage: Stage, *, review: str = "true", more: str = "", posts: datetime = FAR) -> None:
    stage.campaign({"uno": posts}, head='hashtag = "#SomosLoMismo"')
    path = stage.folder / "campaigns" / f"{SLUG}.toml"
    asked = ASKED.format(
        key=REEL,
        draft_due=f"{FAR - timedelta(days=2):%Y-%m-%d}",
        live_due=f"{FAR:%Y-%m-%dT%H:%M:%S}",
        review=review,
    )
    path.write_text(path.read_text(encoding="utf-8") + asked + more, encoding="utf-8")
    answer = stage.somos("schedule", SLUG)
    assert answer.code == 0, answer.err


def handoff(stage: Stage, *words: str, **environ: str) -> Answer:
    return stage.somos("handoff", *words, **environ)


def submitted(stage: Stage, words: str = WORDS) -> None:
    assert handoff(stage, "accept", REEL).code == 0
    answer = handoff(stage, "submit", REEL, "--text", words)
    assert answer.code == 0, answer.err


def posted(stage: Stage, box: Sandbox, words: str = WORDS) -> str:
    """The address of a post on X with these words: our own channel stands for the influencer."""
    campaign = f"""
name = "Otra"
timezone = "America/Panama"
channels = ["{X}"]
[[post]]
key = "p"
due = {just_now().isoformat(timespec="seconds")}
text = "{words}"
"""
    stage.write("campaigns/otra.toml", campaign)
    assert stage.somos("schedule", "otra").code == 0
    assert stage.somos("run", "--once").code == 0
    [post] = [post for post in box.posts() if post.platform == "x"]
    return post.url


def gone_live(stage: Stage, url: str) -> None:
    submitted(stage)
    assert handoff(stage, "approve", REEL).code == 0
    assert handoff(stage, "live", REEL, url).code == 0


def test_a_hand_off_is_led_from_the_offer_to_the_proof(desk: Stage, box: Sandbox) -> None:
    url = posted(desk, box)
    statuses = []
    for words in (
        ("offer", REEL),
        ("accept", NAME),
        ("submit", REEL, "--text", WORDS),
        ("request-changes", REEL, "--reason", "Más corto."),
        ("submit", REEL, "--text", WORDS),
        ("approve", REEL),
        ("live", REEL, url),
        ("confirm", REEL),
    ):
        answer = handoff(desk, *words, "--json")
        assert answer.code == 0, answer.err
        statuses.append(answer.json["status"])
    assert statuses == [
        "offered",
        "accepted",
        "submitted",
        "changes_requested",
        "submitted",
        "approved",
        "live",
        "confirmed",
    ]
    found = handoff(desk, "show", REEL, "--json").json
    assert (found["url"], found["late"], found["campaign"]) == (url, False, SLUG)
    assert found["draft"]["text"] == WORDS
    assert found["draft"]["approved"] is True
    assert found["proof"]["seen"] == ["hashtag", "disclosure"]
    assert found["proof"]["how"] == "X's API (posted by @somoslomismo)"

    log = desk.somos("log", "--delivery", f"handoff/{NAME}", "--json").json
    assert [entry["to"] for entry in log] == ["offered", *statuses]
    assert all(entry["channel"] == "desk:handoffs" for entry in log)
    assert desk.somos("log", "verify").code == 0
    assert "confirmed" in desk.somos("log").out


def test_what_was_cancelled_by_a_withdrawal_and_posted_is_recorded_and_ends_with_6(
    desk: Stage,
) -> None:
    submitted(desk)
    assert desk.somos("consent", "withdraw", "P-014", "--reason", "Lo pidió.").code == 0
    url = "https://blog.example.org/ana"
    told = handoff(desk, "live", REEL, url)
    assert told.code == 6
    assert "somos consent close 1 --gone" in told.out
    again = handoff(desk, "live", REEL, url, "--json")
    assert (again.code, again.json["status"]) == (6, "live")
    assert [it["url"] for it in desk.somos("consent", "requests", "--json").json] == [url]


def test_what_the_post_lacks_is_told_and_it_stays_live(desk: Stage, box: Sandbox) -> None:
    gone_live(desk, posted(desk, box, "Carmen me enseñó a amasar. #SomosLosMismos"))
    answer = handoff(desk, "confirm", REEL)
    assert answer.code == 6
    assert "does not show the hashtag #SomosLoMismo and the disclosure" in answer.err
    assert handoff(desk, "show", REEL, "--json").json["status"] == "live"
    assert desk.somos("log", "--json").json[-1]["event"] == "looked"


def test_a_page_of_the_web_is_looked_at_as_anybody_sees_it(desk: Stage, tmp_path: Path) -> None:
    blog = tmp_path / "blog"
    blog.mkdir()
    (blog / "ana.html").write_text(f"<p>{WORDS}</p>", encoding="utf-8")
    gone_live(desk, "https://blog.example.org/ana.html")
    with serving(blog) as url:
        config = desk.folder / "config.toml"
        known = config.read_text(encoding="utf-8")
        moved = f'[rebase]\n"https://blog.example.org" = "{url}"\n'
        config.write_text(known.replace("[rebase]\n", moved), encoding="utf-8")
        answer = handoff(desk, "confirm", REEL, "--json")
    assert answer.code == 0, answer.err
    assert answer.json["proof"]["how"] == "the public page"


def test_what_cannot_be_looked_at_needs_a_screenshot(desk: Stage) -> None:
    gone_live(desk, "http://127.0.0.1:9/ana")
    answer = handoff(desk, "confirm", REEL)
    assert answer.code == 6
    assert "--screenshot FILE" in answer.err
    shot = desk.folder / "captura.png"
    Image.new("RGB", (640, 1280), "white").save(shot)
    answer = handoff(desk, "confirm", REEL, "--screenshot", str(shot), "--json")
    assert answer.code == 0
    assert len(answer.json["proof"]["screenshot"]) == 64
    assert shot.read_bytes()[8:200] not in (desk.folder / "somos.db").read_bytes()


def test_a_draft_is_held_against_the_rules_of_the_desk(desk: Stage) -> None:
    handoff(desk, "accept", REEL)
    words = "Los migrantes ilegales no existen. #SomosLoMismo #Publicidad"
    refused = handoff(desk, "submit", REEL, "--text", words.replace(" no existen", ""))
    assert refused.code == 3
    assert "Dice «migrantes ilegales»" in refused.err
    assert handoff(desk, "show", REEL, "--json").json["status"] == "accepted"
    words = "Somos 10,000 personas. #SomosLoMismo #Publicidad"
    told = handoff(desk, "submit", REEL, "--text", words)
    assert told.code == 0
    assert "[unsourced-figure]" in told.err
    again = handoff(desk, "submit", REEL, "--text", words, "--json")
    assert [it["rule"] for it in again.json["warnings"]] == ["unsourced-figure"]


def test_a_text_that_is_no_file_is_refused_and_not_awaited(desk: Stage) -> None:
    handoff(desk, "accept", REEL)
    os.mkfifo(desk.folder / "tubo")
    desk.write("nada.txt", "")
    for name in ("tubo", "nada.txt", "media", "/dev/null", "falta.txt"):
        refused = handoff(desk, "submit", REEL, "--text-file", name)
        assert (refused.code, name in refused.err) == (2, True)


def test_a_draft_with_problems_is_refused_and_nothing_changes(desk: Stage) -> None:
    handoff(desk, "accept", REEL)
    before = desk.somos("log", "--json").json
    answer = handoff(desk, "submit", REEL, "--text", "a" * 300, "--json")
    assert answer.code == 3
    told = [(it["file"], it["key"]) for it in answer.json["problems"]]
    assert told == [("the draft", "text")] * 3
    assert desk.somos("log", "--json").json == before
    assert handoff(desk, "show", REEL, "--json").json["status"] == "accepted"


def test_a_draft_is_read_from_a_file_with_its_pictures(desk: Stage) -> None:
    handoff(desk, "accept", REEL)
    words = desk.write("borrador.txt", f"\ufeff{WORDS}\n")
    Image.new("RGB", (1080, 1080), "red").save(desk.folder / "foto.jpg")
    answer = handoff(
        desk, "submit", REEL, "--text-file", str(words), "--file", "foto.jpg", "--network", "x"
    )
    assert answer.code == 0, answer.err
    assert WORDS in answer.out
    found = handoff(desk, "show", REEL, "--json").json["draft"]
    assert (found["text"], found["network"]) == (WORDS, "x")
    assert [it["name"] for it in found["files"]] == ["foto.jpg"]
    last = desk.somos("log", "--json").json[-1]
    assert found["files"][0]["sha256"] in last["reason"]


def test_a_draft_may_be_piped_in(desk: Stage) -> None:
    handoff(desk, "accept", REEL)
    running = desk.start("handoff", "submit", REEL, "--text-file", "-", "--json")
    out, err = running.communicate(WORDS, timeout=60)
    assert running.returncode == 0, err
    assert json.loads(out)["draft"]["text"] == WORDS


@pytest.mark.parametrize(
    "words",
    [
        ("submit", REEL),
        ("submit", REEL, "--text", "a", "--text-file", "b"),
        ("submit", REEL, "--text-file", "nowhere.txt"),
        ("submit", REEL, "--text", WORDS, "--network", "tiktok"),
        ("request-changes", REEL, "--reason", "  "),
        ("cancel", REEL),
        ("live", REEL, "nowhere"),
        ("confirm", "nobody"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(desk: Stage, words: tuple[str, ...]) -> None:
    handoff(desk, "accept", REEL)
    answer = handoff(desk, *words)
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "words", [("approve",), ("live", "https://x.com/a/status/1"), ("confirm",)]
)
def test_what_its_state_does_not_allow_says_what_to_do(desk: Stage, words: tuple[str, ...]) -> None:
    answer = handoff(desk, words[0], REEL, *words[1:])
    assert answer.code == 4
    assert "is not possible now" in answer.err
    assert "somos handoff accept" in answer.err


def test_a_yes_can_be_bound_to_what_was_seen(desk: Stage) -> None:
    submitted(desk)
    digest = handoff(desk, "show", REEL, "--json").json["draft"]["digest"]
    handoff(desk, "submit", REEL, "--text", f"{WORDS} Sí.")
    answer = handoff(desk, "approve", REEL, "--digest", digest)
    assert answer.code == 4
    new = handoff(desk, "show", REEL, "--json").json["draft"]["digest"]
    assert handoff(desk, "approve", REEL, "--digest", new[:12]).code == 0


def test_without_review_it_goes_live_at_once(desk: Stage) -> None:
    schedule(desk, review="false")
    handoff(desk, "accept", REEL)
    assert handoff(desk, "live", REEL, "https://blog.example.org/ana").code == 0


def test_a_no_can_be_asked_anew(desk: Stage) -> None:
    declined = handoff(desk, "decline", REEL, "--reason", "Viajo ese mes.", "--json")
    assert (declined.json["status"], declined.json["reason"]) == ("declined", "Viajo ese mes.")
    assert handoff(desk, "offer", REEL, "--json").json["status"] == "offered"


def test_a_kit_is_a_folder_and_a_zip(desk: Stage) -> None:
    answer = handoff(desk, "kit", REEL, "--json")
    assert answer.code == 0, answer.err
    folder = desk.folder / f"kit-{SLUG}-{REEL}"
    assert answer.json["folder"] == str(folder)
    assert {"kit.html", "kit.pdf", "kit.txt", "SHA256SUMS", "medios/x/01-ella.jpg"} <= set(
        answer.json["files"]
    )
    with zipfile.ZipFile(answer.json["zip"]) as packed:
        assert len(packed.namelist()) == len(answer.json["files"])
    again = handoff(desk, "kit", REEL)
    assert again.code == 2
    assert "--force" in again.err
    forced = handoff(desk, "kit", REEL, "--force", "--json").json
    assert forced["sha256"] == answer.json["sha256"]
    elsewhere = handoff(desk, "kit", REEL, "--out", "otro/kit")
    assert elsewhere.code == 2


def test_a_kit_is_refused_without_the_consent_of_who_is_seen(desk: Stage) -> None:
    assert desk.somos("consent", "withdraw", "P-014", "--reason", "lo pidió").code == 0
    schedule(desk, more=ASKED.format(
        key="otra", draft_due="2060-11-01", live_due="2060-12-01T09:00:00", review="true"
    ))  # fmt: skip
    answer = handoff(desk, "kit", "otra")
    assert answer.code == 4
    assert "P-014 has withdrawn consent" in answer.err
    assert not (desk.folder / f"kit-{SLUG}-otra").exists()


def test_a_withdrawal_cancels_what_is_open_and_asks_for_what_is_public(desk: Stage) -> None:
    schedule(desk, more=ASKED.format(
        key="otra", draft_due="2060-11-01", live_due="2060-12-01T09:00:00", review="true"
    ))  # fmt: skip
    gone_live(desk, "https://blog.example.org/ana")
    answer = desk.somos("consent", "withdraw", "P-014", "--reason", "lo pidió", "--json")
    assert answer.code == 6
    done = {it["key"]: (it["was"], it["now"], it["request"]) for it in answer.json["honoured"]}
    assert done == {
        f"handoff/{SLUG}/otra": ("offered", "cancelled", None),
        f"handoff/{NAME}": ("live", "live", 1),
    }
    again = desk.somos("consent", "withdraw", "P-014", "--reason", "lo pidió", "--json")
    assert [it["key"] for it in again.json["honoured"]] == [f"handoff/{NAME}"]
    assert desk.somos("consent", "close", "1", "--gone").code == 0
    once_more = desk.somos("consent", "withdraw", "P-014", "--reason", "lo pidió", "--json")
    assert (once_more.code, once_more.json["honoured"]) == (0, [])
    assert desk.somos("log", "verify").code == 0


def test_a_hand_off_that_was_changed_behind_the_logs_back_is_found(desk: Stage) -> None:
    submitted(desk)
    engine = create_engine(f"sqlite:///{desk.folder / 'somos.db'}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE handoffs SET status = 'approved'"))
    engine.dispose()
    answer = desk.somos("log", "verify", "--json")
    assert answer.code == 6
    assert f"handoff/{NAME}: its status is not what the log says." in answer.json["broken"]


# Who is told.


@pytest.fixture
def post() -> Iterator[Receiver]:
    with a_post_office() as running:
        yield running


@pytest.fixture
def told(desk: Stage, post: Receiver) -> Iterator[Receiver]:
    """The web hook of the desk, with a config that names it and the mail server."""
    config = desk.folder / "config.toml"
    notify = '[notify]\nurls = ["env:SOMOS_NOTIFY"]\nmail = "env:SOMOS_MAIL"\n'
    config.write_text(notify + config.read_text(encoding="utf-8"), encoding="utf-8")
    with a_desk() as hook:
        desk.environ |= {
            "SOMOS_NOTIFY": hook.url,
            "SOMOS_MAIL": post.url,
            "ANA_EMAIL": "ana@example.org",
        }
        yield hook


def test_an_offer_is_told_by_mail_and_once_more_when_it_is_made_once_more(
    desk: Stage, told: Receiver, post: Receiver
) -> None:
    answer = handoff(desk, "offer", REEL, "--json")
    assert answer.json["told"] == [{"about": "offer", "to": "influencer", "reason": None}]
    assert "Told to the influencer: offer." in handoff(desk, "offer", REEL).err
    assert [mail.to for mail in post.got] == ["ana@example.org"] * 2
    assert "Cuenta quién te enseñó una receta." in post.got[0].body


def test_a_contact_that_is_not_set_leaves_the_offer_made_and_says_so(
    desk: Stage, told: Receiver, post: Receiver
) -> None:
    desk.environ["ANA_EMAIL"] = None
    answer = handoff(desk, "offer", REEL)
    assert answer.code == 0
    assert "Not told (offer)" in answer.err
    assert "env:ANA_EMAIL" in answer.err
    assert post.got == []
    assert handoff(desk, "show", REEL, "--json").json["status"] == "offered"


def test_where_nobody_can_be_told_the_person_is_asked_to(desk: Stage) -> None:
    assert "Tell @ana yourself" in handoff(desk, "offer", REEL).err


def test_what_is_late_is_told_by_a_tick_for_cron_once(
    desk: Stage, told: Receiver, post: Receiver
) -> None:
    path = desk.folder / "campaigns" / f"{SLUG}.toml"
    soon = datetime.now(UTC) + timedelta(days=1)
    asked = ASKED.format(
        key="pronto",
        draft_due=f"{soon:%Y-%m-%d}",
        live_due=f"{soon + timedelta(days=3):%Y-%m-%dT%H:%M:%S}",
        review="true",
    )
    path.write_text(path.read_text(encoding="utf-8") + asked, encoding="utf-8")
    assert desk.somos("schedule", SLUG).code == 0
    for _ in range(2):
        assert desk.somos("run", "--once").code == 0
    assert [it.title.partition(":")[0] for it in told.got] == ["Sin proponer"]
    assert handoff(desk, "accept", "pronto").code == 0
    for _ in range(2):
        assert desk.somos("run", "--once").code == 0
    assert [it.title.partition(":")[0] for it in post.got] == ["Tu borrador"]


def test_no_secret_and_no_address_of_anybody_is_shown(
    desk: Stage, told: Receiver, post: Receiver
) -> None:
    seen = ""
    for words in (("offer", REEL), ("accept", REEL), ("show", REEL), ("list",)):
        for more in ((), ("--json",), ("-v",), ("--debug",)):
            answer = handoff(desk, *words, *more)
            seen += answer.out + answer.err
    seen += desk.somos("log", "--json").out
    for hidden in (told.url, post.url, "ana@example.org"):
        assert hidden not in seen
