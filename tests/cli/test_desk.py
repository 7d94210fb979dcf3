"""What the desk finds, as people and programs are told of it, and what it keeps back."""

import json
from datetime import timedelta

import pytest
from PIL import Image

from somos_social.core.desk.page import as_page
from somos_social.core.desk.rules import RULES
from tests.cli.stage import FAR, ROOT, SLUG, Answer, Stage

MIXED = "Ayuda a migrantes refugiados."
AVOIDED = "Ayuda a inmigrantes ilegales."
FIELDS = ["file", "key", "problem", "hint", "rule", "source"]


def pictured(stage: Stage, sidecar: str = "", text: str = "Somos lo mismo.") -> None:
    """A campaign of one post with a picture, and what stands beside that."""
    stage.campaign({"uno": FAR}, text=text)
    path = stage.folder / "campaigns/prueba.toml"
    more = path.read_text(encoding="utf-8") + 'assets = ["foto.png"]\n'
    path.write_text(more, encoding="utf-8")
    (stage.folder / "media").mkdir(exist_ok=True)
    Image.new("RGB", (400, 400), "orange").save(stage.folder / "media/foto.png")
    if sidecar:
        stage.write("media/foto.png.toml", sidecar)


def test_a_plain_campaign_without_sidecars_passes_and_is_scheduled(connected: Stage) -> None:
    pictured(connected)
    checked = connected.somos("check", SLUG)
    assert checked.code == 0
    assert checked.out.startswith("prueba: no problems.")
    assert "WARNING: Falta la descripción. / The description is missing. [no-alt]" in checked.err
    scheduled = connected.somos("schedule", SLUG)
    assert scheduled.code == 0
    assert scheduled.out.endswith("2 added.\n")
    assert "2 warnings, which keep nothing back" in scheduled.err


def test_a_warning_is_said_once_with_all_its_places_and_what_to_do(stage: Stage) -> None:
    stage.campaign({"uno": FAR, "dos": FAR + timedelta(days=1)}, text=MIXED)
    answer = stage.somos("check", SLUG)
    assert answer.code == 0
    assert answer.err.splitlines() == [
        "WARNING: «migrantes refugiados» confunde a personas refugiadas con migrantes. / "
        "“migrantes refugiados” mixes up refugees and migrants. [refugee-migrant-mixed]",
        "      Escriba «personas refugiadas y migrantes», o la que corresponda. / "
        "Write “refugees and migrants”, or which of them it is.",
        "    campaigns/prueba.toml: post[uno].text",
        "    campaigns/prueba.toml: post[dos].text",
        "2 warnings in 1 file; they keep nothing back. To accept one, write its rule and your "
        'reason, as in [accept] no-alt = "...": `somos check --rules`.',
    ]


def test_warnings_are_told_to_programs_with_rule_and_source(stage: Stage) -> None:
    stage.campaign({"uno": FAR}, text=MIXED)
    answer = stage.somos("check", SLUG, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert list(answer.json) == ["problems", "warnings"]
    [warning] = answer.json["warnings"]
    assert list(warning) == FIELDS
    assert warning["rule"] == "refugee-migrant-mixed"
    assert warning["key"] == "post[uno].text"
    assert "https://www.unhcr.org/" in warning["source"]


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_warning_ends_in_3_only_when_told_to_be_strict(
    stage: Stage, words: tuple[str, ...]
) -> None:
    stage.campaign({"uno": FAR}, text=MIXED)
    strict = stage.somos("check", SLUG, "--strict", *words)
    assert strict.code == 3
    assert "refugee-migrant-mixed" in strict.out + strict.err
    stage.campaign({"uno": FAR})
    assert stage.somos("check", SLUG, "--strict", *words).code == 0


@pytest.mark.parametrize("command", ["check", "plan", "schedule"])
def test_what_may_harm_people_keeps_everything_back(connected: Stage, command: str) -> None:
    connected.campaign({"uno": FAR}, text=AVOIDED)
    answer = connected.somos(command, SLUG, "--json")
    assert answer.code == 3
    [problem] = answer.json["problems"]
    assert list(problem) == FIELDS
    assert problem["rule"] == "avoided-term"
    assert connected.somos("queue", "list", "--json").json == []
    told = connected.somos(command, SLUG)
    assert "post[uno].text: Dice «inmigrantes ilegales»." in told.err
    assert "[avoided-term]" in told.err


def test_warnings_are_told_beside_problems(stage: Stage) -> None:
    pictured(stage, 'alt = "Una foto."\n', text=AVOIDED)
    answer = stage.somos("check", SLUG)
    assert (answer.code, answer.out) == (3, "")
    assert "1 problem in 1 file. Nothing was written." in answer.err
    assert "[no-credit]" in answer.err
    document = stage.somos("check", SLUG, "--json").json
    assert {name: len(document[name]) for name in document} == {"problems": 1, "warnings": 1}


def test_problems_that_no_rule_speaks_of_have_their_four_fields_alone(stage: Stage) -> None:
    stage.write("uno.toml", 'name = "Uno"\n')
    document = stage.somos("check", "uno.toml", "--json").json
    assert {tuple(problem) for problem in document["problems"]} == {tuple(FIELDS[:4])}


def accepting(stage: Stage) -> Answer:
    stage.campaign({"uno": FAR}, text=AVOIDED, head='[accept]\navoided-term = "Es una cita."\n')
    path = stage.folder / "campaigns/prueba.toml"
    assert "[accept]" in path.read_text(encoding="utf-8")
    return stage.somos("check", SLUG, "--json")


def test_what_is_accepted_is_listed_with_its_reason_and_shown_where_more_is_asked(
    stage: Stage,
) -> None:
    answer = accepting(stage)
    assert answer.code == 0
    [accepted] = answer.json["accepted"]
    assert list(accepted) == [*FIELDS, "reason"]
    assert (accepted["rule"], accepted["reason"]) == ("avoided-term", "Es una cita.")
    assert stage.somos("check", SLUG).err == ""
    told = stage.somos("check", SLUG, "-v").err
    assert "accepted: campaigns/prueba.toml: post[uno].text: Dice «inmigrantes ilegales»." in told
    assert "Es una cita." in told


def test_what_is_accepted_is_scheduled(connected: Stage) -> None:
    assert accepting(connected).code == 0
    assert connected.somos("schedule", SLUG).out.endswith("2 added.\n")


def test_an_unknown_rule_is_a_problem_that_names_the_likely_one(stage: Stage) -> None:
    pictured(stage, '[accept]\nno-creditt = "Es nuestra."\n')
    answer = stage.somos("check", SLUG)
    assert answer.code == 3
    assert "Did you mean `no-credit`?" in answer.err


MINOR = 'alt = "Ana lee."\ncredit = "© ACNUR"\npeople = ["P-020"]\nminors = ["P-020"]\n'


def test_a_minor_without_a_guardian_is_known_where_there_is_a_database(connected: Stage) -> None:
    pictured(connected, MINOR)
    form = connected.write("form.pdf", "%PDF-1.7 signed")
    grant = ("consent", "grant", "P-020", "--form", str(form), "--scope", "face")
    assert connected.somos("check", SLUG).code == 0
    assert connected.somos(*grant, "--channels", "all").code == 0
    for command in ("check", "plan", "schedule"):
        answer = connected.somos(command, SLUG, "--json")
        assert answer.code == 3
        assert [it["rule"] for it in answer.json["problems"]] == ["minor-without-guardian"]
    assert connected.somos(*grant, "--channels", "all", "--guardian").code == 0
    assert connected.somos("check", SLUG).code == 0
    assert connected.somos("schedule", SLUG).code == 0


def test_the_rules_are_listed_with_level_words_and_source(stage: Stage) -> None:
    listed = stage.somos("check", "--rules", "--json")
    assert listed.code == 0
    fields = ["rule", "level", "looks_for", "problem", "hint", "source"]
    assert [list(rule) for rule in listed.json] == [fields] * len(RULES)
    assert [rule["rule"] for rule in listed.json] == list(RULES)
    shown = stage.somos("check", "--rules").out
    for rule in RULES.values():
        for words in (rule.name, rule.problem.es, rule.problem.en, rule.source):
            assert words in shown


def test_check_without_a_campaign_says_how_to_name_one(stage: Stage) -> None:
    answer = stage.somos("check")
    assert answer.code == 2
    assert "Name a campaign file" in answer.err


def test_nothing_that_a_file_says_acts_on_the_terminal(stage: Stage) -> None:
    pictured(stage, 'alt = "x"\n[accept]\n"no\\u001b[2J" = "x"\nno-credit = "a\\u200bb"\n')
    answer = stage.somos("check", SLUG, "-v")
    assert "\x1b" not in answer.err + answer.out
    document = stage.somos("check", SLUG, "--json")
    assert "\u200b" not in document.out
    assert json.loads(document.out)["problems"]


def test_the_page_of_the_desk_holds_what_the_rules_say() -> None:
    page = (ROOT / "docs" / "desk.md").read_text(encoding="utf-8")
    assert page == as_page(), "Run `python scripts/write_desk.py`."
