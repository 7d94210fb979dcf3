"""What people say at a terminal: approvals, consents, pauses; and what they are told."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from somos_social import rehearsal, settings, wiring
from somos_social.cli import approve
from somos_social.core.people import Approver
from somos_social.flows import approval, withdrawal
from somos_social.sandbox import Sandbox
from somos_social.sandbox.faults import Fault
from tests.cli.stage import FACEBOOK, FAR, ROOT, SLUG, Stage, X, just_now, key

BOTH = 'approvals = ["UNHCR", "IOM"]'
ANA, EVA = "UNHCR:Ana", "IOM:Eva"


def new_key(stage: Stage, name: str) -> str:
    added: str = stage.somos("approver", "add", name, "--json").json["key"]
    return added


def says_yes(stage: Stage, name: str, secret: str, *words: str) -> int:
    environ = {approve.KEY: secret}
    return stage.somos("approve", SLUG, *words, "--as", name, **environ).code


@pytest.fixture
def asked(connected: Stage) -> Stage:
    """Two posts that are due and need a yes of both."""
    connected.campaign({"uno": just_now(), "dos": just_now()}, head=BOTH)
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def public(box: Sandbox) -> int:
    return len(box.posts())


# Approvals.


def test_nothing_goes_out_before_both_have_said_yes(asked: Stage, box: Sandbox) -> None:
    ana, eva = new_key(asked, ANA), new_key(asked, EVA)
    assert asked.somos("run", "--once").code == 0
    assert says_yes(asked, ANA, ana) == 0
    assert asked.somos("run", "--once").code == 0
    assert public(box) == 0
    waiting = asked.somos("status")
    assert waiting.code == 6
    assert "IOM has not approved it" in waiting.out
    assert f"somos approve {SLUG} --as IOM:NAME" in waiting.out
    assert says_yes(asked, EVA, eva, "uno") == 0
    assert asked.somos("run", "--once").code == 0
    assert {post.text for post in box.posts()} == {"Somos lo mismo. uno"}
    assert asked.somos("log", "verify").code == 0


def test_an_edit_needs_another_yes_and_plan_says_whose(asked: Stage, box: Sandbox) -> None:
    for name in (ANA, EVA):
        assert says_yes(asked, name, new_key(asked, name)) == 0
    asked.campaign({"uno": just_now()}, head=BOTH, text="Otra cosa.")
    blocked = asked.somos("plan", SLUG, "--json").json["changes"][0]["blocked_by"]
    assert blocked == [
        "UNHCR has not approved it since it was changed",
        "IOM has not approved it since it was changed",
    ]
    assert asked.somos("schedule", SLUG).code == 0
    assert asked.somos("run", "--once").code == 0
    assert public(box) == 0


def test_what_an_organisation_wants_changed_is_told_until_it_is_changed(asked: Stage) -> None:
    found = settings.load(asked.folder / "config.toml", rehearsal.environment_for(asked.accounts))
    app = wiring.open_app(found, actor="board")
    now = app.now()
    ana = Approver(organisation="UNHCR", person="Ana", added_at=now, added_by="luz")
    wanted = app.store.pages.of_post(SLUG, "uno")
    approval.ask_for_changes(app, ana, wanted, "Falta Elvia.\nY otra foto.")
    app.store.close()
    told = asked.somos("status")
    assert told.code == 6
    assert told.out.count("changes wanted") == 1
    for line in ("Falta Elvia.", "Y otra foto.", "UNHCR:Ana", f"{FACEBOOK}, {X}", "somos schedule"):
        assert line in told.out
    wishes = asked.somos("status", "--json").json["changes_requested"]
    assert {it["key"] for it in wishes} == {key("uno", FACEBOOK), key("uno", X)}
    asked.campaign({"uno": just_now(), "dos": just_now()}, head=BOTH, text="Otra cosa.")
    assert asked.somos("schedule", SLUG).code == 0
    assert "changes wanted" not in asked.somos("status").out


def test_a_name_without_its_key_approves_nothing(asked: Stage) -> None:
    new_key(asked, ANA)
    refused = asked.somos("approve", SLUG, "--as", ANA, **{approve.KEY: "abc"})
    assert refused.code == 4
    assert "not the key of UNHCR:Ana" in refused.err
    assert asked.somos("approve", SLUG, "--as", ANA).code == 2
    assert asked.somos("approve", SLUG, "--as", "UNHCR:Otra", **{approve.KEY: "abc"}).code == 2
    assert asked.somos("approve", SLUG).code == 2


def test_status_tells_for_whom_wrong_keys_were_tried(asked: Stage) -> None:
    secret = new_key(asked, ANA)
    for _ in range(5):
        assert says_yes(asked, ANA, "abc") == 4
    told = asked.somos("status")
    assert "Somebody tried wrong keys:\n  for UNHCR:Ana" in told.out
    assert "No key of theirs is taken until" in told.out
    [tried] = asked.somos("status", "--json").json["wrong_keys"]
    assert tried["approver"] == ANA
    assert tried["locked_until"] is not None
    assert says_yes(asked, ANA, secret) == 4


def test_a_key_lies_in_a_file_or_a_variable_and_never_stands_on_the_line(asked: Stage) -> None:
    secret = new_key(asked, ANA)
    asked.write("clave", secret).chmod(0o600)
    told = asked.somos("approve", SLUG, "uno", "--as", ANA, "--key", "file:clave", "--json")
    assert [it["key"] for it in told.json["approved"]] == [key("uno", FACEBOOK), key("uno", X)]
    assert {it["organisation"] for it in told.json["approved"]} == {"UNHCR"}
    other = asked.somos("approve", SLUG, "--as", ANA, "--key", "env:CLAVE", CLAVE=secret)
    assert other.code == 0
    assert "2 deliveries are approved by UNHCR:Ana. 2 had this yes already." in other.out
    literal = asked.somos("approve", SLUG, "--as", ANA, "--key", secret)
    assert literal.code == 2
    assert secret not in literal.err
    log = asked.somos("log", "--json")
    assert secret not in log.out


def test_what_is_approved_is_shown_beside_what_was_approved_before(asked: Stage) -> None:
    secret = new_key(asked, ANA)
    first = asked.somos("approve", SLUG, "uno", "--as", ANA, **{approve.KEY: secret})
    assert "  Somos lo mismo. uno" in first.out
    asked.campaign({"uno": just_now()}, head=BOTH, text="Somos otra cosa.")
    again = asked.somos("approve", SLUG, "uno", "--as", ANA, **{approve.KEY: secret})
    assert "- Somos lo mismo. uno" in again.out
    assert "+ Somos otra cosa. uno" in again.out
    assert "approved by Ana on" in again.out
    assert "Still missing: IOM has not approved it" in again.err


def test_for_programs_the_content_is_shown_beside_and_stands_in_the_answer(shown: Stage) -> None:
    path = shown.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(f"{BOTH}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    secret = new_key(shown, ANA)
    told = shown.somos("approve", SLUG, "--as", ANA, "--json", **{approve.KEY: secret})
    assert told.code == 0
    yes = told.json["approved"][0]
    assert yes["content"]["text"] == "Somos lo mismo. uno"
    [asset] = yes["content"]["assets"]
    assert (asset["path"], asset["alt"], len(asset["sha256"])) == ("carmen.jpg", "C", 64)
    assert yes["due_at"]
    for line in ("Somos lo mismo. uno", f"file carmen.jpg ({asset['sha256'][:12]})", "due "):
        assert line in told.err
    shown.campaign({"uno": just_now()}, head=BOTH, text="Otra cosa.")
    again = shown.somos("approve", SLUG, "--as", ANA, "--json", **{approve.KEY: secret})
    assert f"{key('uno')}: to be approved, approved otherwise by Ana" in again.err
    assert "Otra cosa. uno" in again.err


def test_with_no_terminal_the_key_may_come_by_standard_input(asked: Stage) -> None:
    secret = new_key(asked, ANA)
    running = asked.start("approve", SLUG, "--as", ANA)
    out, err = running.communicate(f"{secret}\n", timeout=60)
    assert running.returncode == 0, err
    assert "Somos lo mismo. uno" in out
    assert "4 deliveries are approved by UNHCR:Ana." in out


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_at_a_terminal_a_person_is_asked(asked: Stage, words: tuple[str, ...]) -> None:
    secret = new_key(asked, ANA)
    here, there = os.openpty()
    os.write(here, b"n\n")
    known = {**os.environ, **asked.environ, approve.KEY: secret, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [sys.executable, "-m", "somos_social", "approve", SLUG, "--as", ANA, *words],
        cwd=asked.folder,
        env={name: value for name, value in known.items() if value is not None},
        stdin=there,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(here)
    os.close(there)
    assert ended.returncode != 0
    assert "Approve these 4 for UNHCR?" in ended.stderr
    assert "Somos lo mismo. uno" in (ended.stderr if words else ended.stdout)
    assert "approval/" not in asked.somos("log", "--json").out


def test_a_yes_can_be_taken_back(asked: Stage, box: Sandbox) -> None:
    keys = {name: new_key(asked, name) for name in (ANA, EVA)}
    for name, secret in keys.items():
        says_yes(asked, name, secret)
    taken = ("--as", ANA, "--take-back")
    assert asked.somos("approve", SLUG, *taken, **{approve.KEY: keys[ANA]}).code == 2
    words = (*taken, "--reason", "Otra foto.")
    told = asked.somos("approve", SLUG, *words, "--json", **{approve.KEY: keys[ANA]})
    assert len(told.json["taken_back"]) == 4
    assert asked.somos("run", "--once").code == 0
    assert public(box) == 0
    said = asked.somos("log", "--post", "uno")
    assert f"approval/UNHCR/{key('uno')}" in said.out
    assert "Otra foto." in said.out


def test_approvers_are_listed_without_their_keys_and_removed(asked: Stage) -> None:
    secret = new_key(asked, ANA)
    listed = asked.somos("approver", "list")
    assert ANA in listed.out
    assert secret not in listed.out
    assert asked.somos("approver", "add", "IOM:ANA").code == 4
    assert asked.somos("approver", "remove", ANA).code == 0
    assert says_yes(asked, ANA, secret) == 2
    assert asked.somos("approver", "list", "--json").json == []


def test_whoever_is_not_asked_cannot_approve(asked: Stage) -> None:
    secret = new_key(asked, "UNICEF:Luz")
    assert says_yes(asked, "UNICEF:Luz", secret) == 4


def test_a_file_that_asks_nobody_any_more_says_what_that_frees(asked: Stage) -> None:
    assert says_yes(asked, ANA, new_key(asked, ANA), "uno") == 0
    assert "warnings" not in asked.somos("plan", SLUG, "--json").json
    asked.campaign({"uno": just_now(), "dos": just_now()}, head='approvals = ["IOM"]')
    [warning] = asked.somos("plan", SLUG, "--json").json["warnings"]
    assert (warning["key"], warning["rule"]) == ("approvals", "approvals")
    assert "UNHCR need no longer agree" in warning["problem"]
    assert "frees 2 of 4 queued deliveries" in warning["problem"]
    asked.campaign({"uno": just_now(), "dos": just_now()})
    told = asked.somos("schedule", SLUG)
    assert "IOM, UNHCR need no longer agree" in told.err
    assert "frees 4 of 4 queued deliveries" in told.err
    assert "no longer agree" not in asked.somos("schedule", SLUG).err


def test_a_campaign_that_only_asks_others_to_post_is_scheduled(connected: Stage) -> None:
    lines = ["[[handoff]]", 'key = "ana"', 'influencer = "@ana"', "live_due = 2060-01-02"]
    connected.campaign({}, head="\n".join([*lines, 'brief = "Cuente."']))
    checked = connected.somos("check", SLUG)
    assert (checked.code, "1 hand-off." in checked.out) == (0, True)
    assert connected.somos("plan", SLUG).code == 0
    assert connected.somos("rehearse", SLUG).code == 0
    assert connected.somos("schedule", SLUG).code == 0
    assert [it["key"] for it in connected.somos("handoff", "list", "--json").json] == ["ana"]
    connected.campaign({"uno": FAR})
    assert connected.somos("schedule", SLUG).code == 0
    connected.campaign({}, head="\n".join([*lines, 'brief = "Cuente."']))
    assert connected.somos("schedule", SLUG).code == 3


# Consents.


@pytest.fixture
def shown(connected: Stage) -> Stage:
    """A picture of P-014 that is due, and the form that she signed."""
    media = connected.folder / "media"
    Image.new("RGB", (640, 640), "teal").save(media / "carmen.jpg")
    connected.write("media/carmen.jpg.toml", 'people = ["P-014"]\nshows = ["Face"]\nalt = "C"\n')
    connected.campaign({"uno": just_now()})
    path = connected.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'assets = ["carmen.jpg"]\n')
    connected.write("forma.pdf", "%PDF-1.7 Yo, Carmen Pérez, ...")
    assert connected.somos("schedule", SLUG).code == 0
    return connected


GRANT = ("consent", "grant", "P-014", "--form", "forma.pdf", "--scope", "face,voice,name")


def test_a_picture_waits_for_the_consent_of_who_is_seen(shown: Stage, box: Sandbox) -> None:
    assert shown.somos("run", "--once").code == 0
    assert public(box) == 0
    assert "P-014 has not consented to it" in shown.somos("status").out
    granted = shown.somos(*GRANT, "--channels", "all", "--until", "2060-01-31", "--json")
    assert granted.json["status"] == "granted"
    assert granted.json["scope"] == ["face", "voice", "name"]
    assert len(granted.json["form"]) == 64
    assert shown.somos("run", "--once").code == 0
    assert public(box) == 2
    assert "P-014" in shown.somos("consent", "list").out
    assert "Carmen P" not in shown.somos("log", "--json").out


def test_a_withdrawal_is_one_command_and_the_second_changes_nothing(
    shown: Stage, box: Sandbox
) -> None:
    assert shown.somos(*GRANT, "--channels", "facebook,x").code == 0
    assert shown.somos("run", "--once").code == 0
    assert public(box) == 2
    words = ("consent", "withdraw", "P-014", "--reason", "Ella lo pidió.")
    told = shown.somos(*words)
    assert told.code == 0
    assert re.search(rf"{re.escape(key('uno'))}  removed \(\d+\.\d s\)", told.out)
    assert public(box) == 0
    length = len(shown.somos("log", "--json").json)
    again = shown.somos(*words, "--json")
    assert (again.code, again.json["changed"], again.json["honoured"]) == (0, False, [])
    assert len(shown.somos("log", "--json").json) == length
    assert shown.somos("consent", "requests").code == 0


def test_status_names_what_is_public_of_who_has_withdrawn(shown: Stage, box: Sandbox) -> None:
    """Whoever withdrew it was killed before the first post was taken down."""
    assert shown.somos(*GRANT, "--channels", "all").code == 0
    shown.somos("run", "--once")
    shown.somos("run", "--once")
    found = settings.load(shown.folder / "config.toml", rehearsal.environment_for(shown.accounts))
    app = wiring.open_app(found, actor="ana")
    withdrawal.withdraw(app, "P-014", "Ella lo pidió.")
    app.store.close()
    told = shown.somos("status")
    assert told.code == 6
    assert f"{key('uno')}  published, against the word of P-014" in told.out
    assert "Nothing needs a person" not in told.out
    seen = shown.somos("status", "--json").json["withdrawn_and_public"]
    assert {(it["person"], it["key"]) for it in seen} == {
        ("P-014", key("uno", FACEBOOK)),
        ("P-014", key("uno")),
    }
    assert shown.somos("run", "--once").code == 0
    assert public(box) == 0
    assert shown.somos("status").code == 0


def test_the_bytes_of_who_has_withdrawn_do_not_go_out_under_another_name(
    shown: Stage, box: Sandbox
) -> None:
    assert shown.somos(*GRANT, "--channels", "all").code == 0
    assert shown.somos("consent", "withdraw", "P-014", "--reason", "Ella lo pidió.").code == 0
    media = shown.folder / "media"
    (media / "carmen.jpg").rename(media / "copia.jpg")
    (media / "carmen.jpg.toml").unlink()
    shown.write("media/copia.jpg.toml", 'alt = "C"\ncredit = "©"\n')
    path = shown.folder / "campaigns" / f"{SLUG}.toml"
    again = path.read_text(encoding="utf-8").replace("carmen.jpg", "copia.jpg")
    path.write_text(again.replace('"uno"', '"dos"'), encoding="utf-8")
    refused = shown.somos("schedule", SLUG)
    assert refused.code == 3
    assert "Muestra a P-014, que retiró su consentimiento" in refused.err
    # Its own words, too, cannot be taken away once she has withdrawn.
    (media / "copia.jpg").rename(media / "carmen.jpg")
    path.write_text(again.replace('"uno"', '"dos"').replace("copia", "carmen"), encoding="utf-8")
    assert shown.somos("schedule", SLUG).code == 3


def test_what_is_settled_as_public_after_a_withdrawal_is_taken_down_or_asked_for(
    shown: Stage, box: Sandbox
) -> None:
    assert shown.somos(*GRANT, "--channels", "all").code == 0
    box.faults.add(Fault(match="POST /x/2/tweets", kind="done-then-500"))
    shown.somos("run", "--once")
    withdrawn = shown.somos("consent", "withdraw", "P-014", "--reason", "Ella lo pidió.")
    assert withdrawn.code == 6
    assert "still unconfirmed: It may be public" in withdrawn.out
    [post] = box.posts()
    box.faults.add(Fault(match="DELETE *", kind="500", times=1))
    settled = ("queue", "settle", key("uno"), "--published", post.url)
    told = shown.somos(*settled)
    assert told.code == 6
    assert "somos consent close 1 --gone" in told.err
    assert shown.somos("consent", "withdraw", "P-014", "--reason", "Otra vez.").code == 0
    assert public(box) == 0
    assert shown.somos("consent", "requests").code == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--scope", "face", "--channels", "tiktok"), "no channel of the config"),
        (("--scope", "face,", "--channels", "all"), "holds an empty word"),
        (("--scope", "face", "--channels", "all", "--until", "mañana"), "is no date"),
        (("--scope", "face", "--channels", "all", "--until", "2020-01-01"), "is past"),
        (("--scope", "face", "--channels", "all", "--form", "falta.pdf"), "cannot be read"),
    ],
)
def test_a_consent_that_cannot_be_meant_is_refused(
    shown: Stage, words: tuple[str, ...], why: str
) -> None:
    refused = shown.somos("consent", "grant", "P-014", "--form", "forma.pdf", *words)
    assert refused.code == 2
    assert why in refused.err
    assert shown.somos("consent", "list", "--json").json == []


@pytest.mark.parametrize("name", ["Carmen Ruiz", "Carmen", "Carmen Ruiz 2", "P 14", "Ñandú"])
def test_a_name_is_not_recorded_as_a_code(shown: Stage, name: str) -> None:
    refused = shown.somos(
        *("consent", "grant", name, "--form", "forma.pdf", "--scope", "face", "--channels", "all")
    )
    assert refused.code == 2
    assert "Write a code with a number, as in P-014" in refused.err
    assert name not in refused.err
    assert shown.somos("consent", "list", "--json").json == []


# Pauses.


@pytest.fixture
def due(connected: Stage) -> Stage:
    connected.campaign({"uno": just_now(), "lejos": FAR})
    assert connected.somos("schedule", SLUG).code == 0
    return connected


def test_a_pause_without_a_daemon_holds_and_its_end_floods_nothing(
    due: Stage, box: Sandbox
) -> None:
    paused = due.somos("pause", "--reason", "Un accidente.")
    assert paused.code == 0
    assert "4 deliveries wait. Go on with: somos resume" in paused.out
    assert due.somos("run", "--once").code == 0
    status = due.somos("status", "--json").json
    assert status["pauses"][0]["reason"] == "Un accidente."
    told = due.somos("status")
    assert "everything  paused" in told.out
    resumed = due.somos("resume", "--json")
    assert {it["status"] for it in resumed.json["fell_due"]} == {"missed"}
    assert len(resumed.json["fell_due"]) == 2
    assert due.somos("run", "--once").code == 0
    assert public(box) == 0
    assert due.somos("resume").code == 4


def test_a_pause_of_a_channel_lets_the_others_go_on(due: Stage, box: Sandbox) -> None:
    begun = due.somos("pause", "--channel", X, "--reason", "Cuenta robada.", "--json")
    assert (begun.json["channel"], begun.json["waiting"]) == (X, 2)
    assert due.somos("run", "--once").code == 0
    assert [post.platform for post in box.posts()] == ["facebook"]
    assert due.somos("pause", "--channel", "x:otra", "--reason", "No.").code == 2
    assert due.somos("resume", "--channel", X).code == 0


def test_with_a_span_what_fell_due_gets_new_times_in_the_file_as_well(
    due: Stage, box: Sandbox
) -> None:
    path = due.folder / "campaigns" / f"{SLUG}.toml"
    path.write_text("# Lo nuestro.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    due.somos("pause", "--reason", "Un accidente.")
    resumed = due.somos("resume", "--spread", "2h", "--json")
    [first, second] = resumed.json["fell_due"]
    assert first["due_at"] == second["due_at"]
    moment = datetime.fromisoformat(first["due_at"])
    assert timedelta(minutes=115) < moment - datetime.now(UTC) < timedelta(minutes=121)
    there = moment.astimezone(ZoneInfo("America/Panama")).replace(tzinfo=None)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Lo nuestro.\n")
    assert f"due = {there.isoformat()}" in text
    changes = {it["change"] for it in due.somos("plan", SLUG, "--json").json["changes"]}
    assert changes == {"untouched"}
    assert due.somos("resume", "--spread", "nunca").code == 2


def test_resume_says_that_a_blackout_goes_on(due: Stage, box: Sandbox) -> None:
    silence = '[[blackout]]\nfrom = 2020-01-01\nto = 2059-01-02T08:00:00\nreason = "Elecciones."'
    due.campaign({"uno": just_now(), "lejos": FAR}, head=silence)
    assert due.somos("schedule", SLUG).code == 0
    due.somos("pause", "--campaign", SLUG, "--reason", "Un accidente.")
    resumed = due.somos("resume", "--campaign", SLUG, "--json")
    assert [it["until"] for it in resumed.json["resumed"]] == [None]
    assert [it["reason"] for it in resumed.json["blackouts"]] == ["Elecciones."]
    assert "goes on until 2059-01-02 13:00 UTC" in resumed.err
    assert due.somos("run", "--once").code == 0
    assert public(box) == 0
    assert "blackout" in due.somos("status").out
    assert due.somos("resume", "--campaign", SLUG).code == 4


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--campaign", "preuba"), "Did you mean `prueba`?"),
        (("--campaign", "noexiste"), "say --force"),
        (("--person", "p-014"), "Did you mean `P-014`?"),
        (("--person", "Nadie"), "say --force"),
    ],
)
def test_a_pause_that_would_hold_nothing_is_refused(
    shown: Stage, words: tuple[str, str], why: str
) -> None:
    refused = shown.somos("pause", *words, "--reason", "Cuidado.")
    assert refused.code == 2
    assert why in refused.err
    assert "nothing was paused" in refused.err
    assert "pauses" not in shown.somos("status", "--json").json
    assert shown.somos("pause", *words, "--force", "--reason", "Cuidado.").code == 0


def test_who_stands_only_beside_a_file_and_what_is_only_a_file_can_be_paused(
    connected: Stage,
) -> None:
    connected.write("media/a/b.jpg.toml", 'people = ["P-009"]')
    connected.write("media/rota.jpg.toml", 'people = "')
    connected.write("campaigns/nueva.toml", "")
    for words in (("--person", "P-009"), ("--person", "*"), ("--campaign", "nueva")):
        assert connected.somos("pause", *words, "--reason", "Cuidado.").code == 0


# Another time.


def test_a_post_moves_in_its_file_and_in_the_schedule(due: Stage) -> None:
    moved = due.somos("queue", "move", f"{SLUG}/lejos", "--at", "2061-01-02T18:30")
    assert moved.code == 0
    assert "2061-01-02 18:30 in America/Panama, which is 2061-01-02 23:30 UTC" in moved.err
    listed = due.somos("queue", "list", "--json").json
    assert {it["due_at"] for it in listed if it["post"] == "lejos"} == {"2061-01-02T23:30:00Z"}
    changes = {it["change"] for it in due.somos("plan", SLUG, "--json").json["changes"]}
    assert changes == {"untouched"}


def test_one_channel_of_a_post_moves_alone(due: Stage) -> None:
    assert due.somos("queue", "move", key("lejos"), "--at", "2061-01-02T18:30").code == 0
    listed = due.somos("queue", "list", "--json").json
    dues = {it["channel"]: it["due_at"] for it in listed if it["post"] == "lejos"}
    assert dues == {FACEBOOK: "2060-12-01T14:00:00Z", X: "2061-01-02T23:30:00Z"}
    text = Path(due.folder / "campaigns" / f"{SLUG}.toml").read_text(encoding="utf-8")
    assert f'[post.variant."{X}"]' in text
    changes = {it["change"] for it in due.somos("plan", SLUG, "--json").json["changes"]}
    assert changes == {"untouched"}
    assert due.somos("queue", "move", f"{SLUG}/lejos", "--at", "2061-01-02T18:30").code == 0
    listed = due.somos("queue", "list", "--json").json
    assert len({it["due_at"] for it in listed if it["post"] == "lejos"}) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((f"{SLUG}/lejos", "--at", "2001-01-01T10:00"), 2),
        ((f"{SLUG}/lejos", "--at", "pronto"), 2),
        ((f"{SLUG}/nada", "--at", "2061-01-02T18:30"), 2),
        (("otra/lejos", "--at", "2061-01-02T18:30"), 3),
    ],
)
def test_a_move_that_cannot_be_meant_is_refused(
    due: Stage, words: tuple[str, ...], code: int
) -> None:
    before = due.somos("queue", "list", "--json").json
    assert due.somos("queue", "move", *words).code == code
    assert due.somos("queue", "list", "--json").json == before


def test_what_is_public_does_not_move(due: Stage) -> None:
    assert due.somos("run", "--once").code == 0
    refused = due.somos("queue", "move", f"{SLUG}/uno", "--at", "2061-01-02T18:30")
    assert refused.code == 4
    assert "waits any more" in refused.err
