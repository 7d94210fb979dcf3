"""A post from the terminal stands in its file and in the schedule, or in neither."""

import stat
import sys
import tempfile

import pytest
from PIL import Image

from tests.cli.stage import FACEBOOK, FAR, SLUG, Answer, Stage, X, a_campaign, key

HEAD = f"""\
# Lo nuestro.
name = "Una prueba"
timezone = "America/Panama"
channels = ["{FACEBOOK}", "{X}"]

[slots]
x = ["mon 09:00", "thu 18:30"]
all = ["tue 12:00"]
"""
CONFIG = f"""
[store]
url = "sqlite:///somos.db"
[media]
root = "media"
[[channel]]
name = "{FACEBOOK}"
page_id = "1"
token = "env:T"
[[channel]]
name = "{X}"
api_key = "env:T"
api_secret = "env:T"
access_token = "env:T"
access_token_secret = "env:T"
"""
WHEN = "2061-01-05T18:00"


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """A config, one campaign without posts, and a picture."""
    stage.write("config.toml", CONFIG)
    stage.write(f"campaigns/{SLUG}.toml", HEAD)
    (stage.folder / "media" / "historias").mkdir(parents=True)
    Image.new("RGB", (400, 400), "teal").save(stage.folder / "media" / "historias" / "a.jpg")
    return stage


def file(desk: Stage) -> str:
    return (desk.folder / "campaigns" / f"{SLUG}.toml").read_text(encoding="utf-8")


def added(desk: Stage, *words: str, at: str = WHEN, text: str = "Hola, vecina.") -> Answer:
    return desk.somos("queue", "add", SLUG, "--text", text, "--at", at, *words)


def listed(desk: Stage) -> dict[str, str]:
    return {it["key"]: it["due_at"] for it in desk.somos("queue", "list", "--json").json}


def planned(desk: Stage) -> set[str]:
    return {it["change"] for it in desk.somos("plan", SLUG, "--json").json["changes"]}


def test_a_post_is_written_at_the_end_and_scheduled_at_once(desk: Stage) -> None:
    answer = added(desk, "--goal", "empathy")
    assert answer.code == 0
    assert "Wednesday 2061-01-05 18:00 in America/Panama, which is 2061-01-05 23:00 UTC" in (
        answer.err
    )
    assert file(desk) == (
        f'{HEAD}\n[[post]]\nkey = "hola-vecina"\ndue = 2061-01-05T18:00:00\ngoal = "empathy"\n'
        'text = "Hola, vecina."\n'
    )
    due = "2061-01-05T23:00:00Z"
    assert listed(desk) == {key("hola-vecina", FACEBOOK): due, key("hola-vecina"): due}
    assert planned(desk) == {"untouched"}


def test_what_goes_out_where_is_shown_before(desk: Stage) -> None:
    shown = added(desk, "--asset", "historias/a.jpg").out
    for said in (f"{key('hola-vecina')}  to be added", "Hola, vecina.", "file historias/a.jpg"):
        assert said in shown
    assert shown.endswith("campaigns/prueba.toml; 2 deliveries are scheduled.\n")


def test_all_that_is_said_stands_in_the_file(desk: Stage) -> None:
    words = ["--asset", "historias/a.jpg", "--to", "facebook", "--key", "mia", "--goal", "g"]
    words += ["--link", "https://acnur.org/", "--format", "story"]
    assert added(desk, *words, text='Dos "líneas".\nY más.').code == 0
    written = file(desk)
    assert f'key = "mia"\ndue = 2061-01-05T18:00:00\ngoal = "g"\nchannels = ["{FACEBOOK}"]\n' in (
        written
    )
    assert 'text = """\nDos "líneas".\nY más."""\nlink = "https://acnur.org/"\n' in written
    assert written.endswith('assets = ["historias/a.jpg"]\nformat = "story"\n')
    assert list(listed(desk)) == [key("mia", FACEBOOK)]


def test_a_first_comment_is_scheduled_below_it(desk: Stage) -> None:
    assert added(desk, "--first-comment", "Lee más.", "--to", FACEBOOK).code == 0
    assert f"{key('hola-vecina', FACEBOOK)}#comment" in listed(desk)


def test_with_json_one_document_says_what_was_done(desk: Stage) -> None:
    answer = added(desk, "--json")
    assert answer.json == {
        "file": f"campaigns/{SLUG}.toml",
        "post": "hola-vecina",
        "changes": [
            {"change": "add", "key": key("hola-vecina", FACEBOOK), "blocked_by": []},
            {"change": "add", "key": key("hola-vecina"), "blocked_by": []},
        ],
    }


def test_a_key_is_never_used_twice_not_even_that_of_a_post_that_is_gone(desk: Stage) -> None:
    added(desk)
    added(desk)
    assert desk.somos("queue", "cancel", f"{SLUG}/hola-vecina", "--reason", "no").code == 0
    added(desk)
    assert {it.partition("@")[0] for it in listed(desk)} == {
        f"{SLUG}/hola-vecina",
        f"{SLUG}/hola-vecina-2",
        f"{SLUG}/hola-vecina-3",
    }
    refused = added(desk, "--key", "hola-vecina")
    assert refused.code == 3
    assert "post[hola-vecina].key: was the key of another post" in refused.err


# What is wrong is told all at once, and nothing is written.


def test_every_problem_of_every_network_is_told_and_the_file_stays(desk: Stage) -> None:
    (desk.folder / "outside.jpg").write_bytes(b"x")
    before = file(desk)
    answer = added(
        desk, "--asset", "outside.jpg", "--key", "Mía", "--format", "reels", text="a" * 300
    )
    assert answer.code == 3
    for said in (
        "outside.jpg\n  lies outside of the media folder",
        "Copy it there, describe it in outside.jpg.toml beside it",
        "cannot be used as a key",
        "is not a known format",
        "X takes 280",
    ):
        assert said in answer.err
    assert "is not in the media folder" not in answer.err
    assert file(desk) == before
    assert listed(desk) == {}
    problems = added(desk, "--asset", "nada.jpg", "--json").json["problems"]
    assert [it["key"] for it in problems] == ["post[hola-vecina].assets[0]"]


def test_problems_of_other_posts_keep_the_new_one_from_being_written(desk: Stage) -> None:
    desk.write(f"campaigns/{SLUG}.toml", HEAD + '\n[[post]]\nkey = "otra"\ntext = "a"\n')
    answer = added(desk)
    assert answer.code == 3
    assert "post[otra].due: is missing" in answer.err
    assert "hola" not in file(desk)


def test_an_asset_may_be_named_from_where_one_stands(desk: Stage) -> None:
    for named in (
        "media/historias/../historias/a.jpg",
        str(desk.folder / "media" / "historias" / "a.jpg"),
    ):
        assert added(desk, "--asset", named).code == 0
    assert file(desk).count('assets = ["historias/a.jpg"]') == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--at", WHEN, "--to", "x:somoslomism"), "Did you mean `x:somoslomismo`?"),
        (("--at", WHEN, "--to", "instagram"), "is no channel of this campaign"),
        (("--at", "12/11 9:00"), "may mean"),
        ((), "Say when"),
    ],
)
def test_what_cannot_be_meant_is_refused(desk: Stage, words: tuple[str, ...], why: str) -> None:
    answer = desk.somos("queue", "add", SLUG, "--text", "Hola.", *words)
    assert answer.code == 2
    assert why in answer.err
    assert file(desk) == HEAD


def test_a_campaign_that_is_not_there_is_told(desk: Stage) -> None:
    answer = desk.somos("queue", "add", "prueva", "--text", "Hola.", "--at", WHEN)
    assert answer.code == 3
    assert "does not exist" in answer.err


def test_what_else_was_edited_waits_and_is_told(desk: Stage) -> None:
    other = a_campaign({"otra": FAR}).partition("[[post]]")
    desk.write(f"campaigns/{SLUG}.toml", f"{HEAD}\n[[post]]{other[2]}")
    answer = added(desk)
    assert "2 other changes of the file wait for: somos schedule" in answer.err
    assert {it.partition("@")[0] for it in listed(desk)} == {f"{SLUG}/hola-vecina"}


def test_what_waits_for_an_approval_is_told_and_is_kept_back_from_the_first(desk: Stage) -> None:
    desk.write(f"campaigns/{SLUG}.toml", f'approvals = ["UNHCR"]\n{HEAD}')
    answer = added(desk)
    assert "waits: UNHCR has not approved it" in answer.out
    assert "2 wait for people" in answer.err
    [change, _] = desk.somos("plan", SLUG, "--json").json["changes"]
    assert change["blocked_by"] == ["UNHCR has not approved it"]


def test_what_is_hardly_meant_is_told_of_the_new_post_alone(desk: Stage) -> None:
    added(desk)
    answer = added(desk, "--json")
    assert [it["rule"] for it in answer.json["warnings"]] == ["same-text", "within-an-hour"]
    assert "warnings" not in added(desk, "--json", at="2061-02-05T18:00", text="Otra.").json


# The next slot.


def test_the_next_slot_is_the_next_free_one_of_each_channel(desk: Stage) -> None:
    for text in ("Una.", "Otra."):
        assert added(desk, at="next slot", text=text).code == 0
    dues = listed(desk)
    assert len(set(dues.values())) == 4
    assert f'[post.variant."{FACEBOOK}"]\ndue = ' in file(desk) or (
        f'[post.variant."{X}"]\ndue = ' in file(desk)
    )
    assert planned(desk) == {"untouched"}


def test_a_channel_without_slots_is_told(desk: Stage) -> None:
    desk.write(f"campaigns/{SLUG}.toml", HEAD.replace("all =", "instagram ="))
    answer = added(desk, at="next slot")
    assert answer.code == 2
    assert f"has no slots for {FACEBOOK}" in answer.err


# The editor.


@pytest.fixture
def editor(desk: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """With an editor that does what stands in `script.py`, and keeps what it was given."""
    (desk.folder / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(desk.folder / "tmp"))
    script = desk.folder / "script.py"
    desk.environ["EDITOR"] = f"{sys.executable} {script}"
    return desk


def writes(desk: Stage, change: str) -> None:
    desk.write(
        "script.py",
        "import os, pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text(encoding='utf-8')\n"
        f"pathlib.Path('{desk.folder}/seen.txt').write_text(text, encoding='utf-8')\n"
        f"pathlib.Path('{desk.folder}/mode.txt').write_text(oct(path.stat().st_mode))\n"
        f"{change}\n",
    )


def saves(desk: Stage, text: str) -> None:
    writes(desk, f"path.write_text({text!r}, encoding='utf-8')")


EDITED = '[[post]]\n# Mi nota.\ndue = 2061-01-05T18:00:00\ntext = "Hola, vecina."\n'


def kept(desk: Stage) -> list[str]:
    """What is left of what was edited."""
    return [it.read_text(encoding="utf-8") for it in (desk.folder / "tmp").rglob("*.toml")]


def test_what_is_saved_in_the_editor_is_taken_with_its_remarks(editor: Stage) -> None:
    saves(editor, EDITED)
    answer = editor.somos("queue", "add", SLUG, "--edit")
    assert answer.code == 0
    assert "Wednesday 2061-01-05 18:00 in America/Panama" in answer.err
    named = EDITED.replace("[[post]]\n", '[[post]]\nkey = "hola-vecina"\n')
    assert file(editor) == f"{HEAD}\n{named}"
    assert len(listed(editor)) == 2
    assert kept(editor) == []
    mode = int((editor.folder / "mode.txt").read_text(encoding="utf-8"), 8)
    assert stat.S_IMODE(mode) == 0o600


def test_the_editor_begins_with_what_was_said_and_explains_the_rest(editor: Stage) -> None:
    writes(editor, "path.write_text(text.replace('Hola', 'Adiós'), encoding='utf-8')")
    words = ["--edit", "--text", "#SomosLoMismo\nHola.", "--at", WHEN, "--key", "mia"]
    assert editor.somos("queue", "add", SLUG, *words).code == 0
    seen = (editor.folder / "seen.txt").read_text(encoding="utf-8")
    for name in ("key", "due", "goal", "channels", "text", "link", "assets", "format"):
        assert f"\n# {name}: " in seen
    assert "\n# first_comment = " in seen
    assert 'key = "mia"\n' in seen
    # The explanations go; a line of the text that begins with # stays.
    assert file(editor) == (
        f'{HEAD}\n[[post]]\nkey = "mia"\ndue = 2061-01-05T18:00:00\n'
        'text = """\n#SomosLoMismo\nAdiós."""\n'
    )


@pytest.mark.parametrize("change", ["pass", "path.write_text('')", "path.write_text(' \\n')"])
def test_nothing_saved_changes_nothing(editor: Stage, change: str) -> None:
    writes(editor, change)
    answer = editor.somos("queue", "add", SLUG, "--edit", "--text", "Hola.", "--at", WHEN)
    assert (answer.code, answer.out) == (0, "")
    assert "Nothing was changed." in answer.err
    assert file(editor) == HEAD
    assert kept(editor) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[post]\n", "is not valid TOML"),
        (EDITED + EDITED, "is not one [[post]]"),
        (EDITED + "[[handoff]]\n", "is not one [[post]]"),
        ('post = [{ text = "a" }]\n', "does not begin with [[post]]"),
        ('[[post]]\ntext = "Hola."\n', "due: is missing"),
        (EDITED.replace("Hola", "a" * 300), "X takes 280"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_written_is_kept(
    editor: Stage, text: str, why: str
) -> None:
    saves(editor, text)
    answer = editor.somos("queue", "add", SLUG, "--edit")
    assert answer.code == 3
    assert why in answer.err
    assert "What you wrote is kept in" in answer.err
    assert kept(editor) == [text]
    assert file(editor) == HEAD


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "ended with an error"),
        ("/nowhere/to/be/found", "cannot be started"),
        ("'", "is no command"),
    ],
)
def test_an_editor_that_fails_changes_nothing(editor: Stage, command: str, why: str) -> None:
    answer = editor.somos("queue", "add", SLUG, "--edit", EDITOR=command)
    assert answer.code == 2
    assert why in answer.err
    assert file(editor) == HEAD
    assert kept(editor) == []


def test_the_visual_editor_is_asked_where_there_is_no_other(editor: Stage) -> None:
    saves(editor, EDITED)
    command = str(editor.environ["EDITOR"])
    assert editor.somos("queue", "add", SLUG, "--edit", EDITOR="", VISUAL=command).code == 0


def test_a_repeated_post_may_be_written_in_the_editor(editor: Stage) -> None:
    repeat = 'repeat = { rule = "FREQ=WEEKLY;COUNT=2", texts = ["Hola, uno.", "Hola, dos."] }\n'
    saves(editor, f"[[post]]\ndue = 2061-01-05T18:00:00\n{repeat}")
    answer = editor.somos("queue", "add", SLUG, "--edit", "--json")
    assert answer.json["post"] == "hola"
    assert sorted(listed(editor)) == [
        key(f"hola~2061-01-{day}", channel) for day in ("05", "12") for channel in (FACEBOOK, X)
    ]
    assert planned(editor) == {"untouched"}


def test_hostile_words_are_written_as_text(desk: Stage) -> None:
    text = '"""\n[[post]]\nkey = "otra"\n\\u0041 \\'
    assert added(desk, text=text).code == 0
    assert planned(desk) == {"untouched"}
    assert len(listed(desk)) == 2


def test_a_word_that_steers_a_terminal_is_refused_and_shown_harmlessly(desk: Stage) -> None:
    answer = added(desk, text="Hola \x1b[2J", at=WHEN)
    assert answer.code == 3
    assert "\x1b" not in answer.out + answer.err
    assert file(desk) == HEAD


def test_half_a_character_is_refused(desk: Stage) -> None:
    answer = added(desk, text="Hola \udc80")
    assert answer.code == 2
    assert file(desk) == HEAD


def test_a_post_moves_to_the_next_free_slot_of_each_channel(desk: Stage) -> None:
    assert added(desk).code == 0
    answer = desk.somos("queue", "move", f"{SLUG}/hola-vecina", "--at", "next slot")
    assert answer.code == 0
    dues = listed(desk)
    assert len(set(dues.values())) == 2
    assert all(due < "2061" for due in dues.values())
    assert answer.err.count("in America/Panama, which is") == 2
    assert planned(desk) == {"untouched"}
    before = dict(dues)
    # Its own slot is no other one.
    assert desk.somos("queue", "move", key("hola-vecina"), "--at", "next slot").code == 0
    after = listed(desk)
    assert after[key("hola-vecina")] > before[key("hola-vecina")]
    assert after[key("hola-vecina", FACEBOOK)] == before[key("hola-vecina", FACEBOOK)]
    assert planned(desk) == {"untouched"}


def test_a_time_of_the_hour_that_comes_twice_stands_in_the_file_as_it_was_written(
    desk: Stage,
) -> None:
    desk.write(f"campaigns/{SLUG}.toml", HEAD.replace("America/Panama", "America/Santiago"))
    refused = added(desk, at="2061-04-02 23:30")
    assert refused.code == 2
    assert "Write 2061-04-02T23:30:00-03:00 or 2061-04-02T23:30:00-04:00" in refused.err
    assert added(desk, at="2061-04-02T23:30:00-04:00").code == 0
    assert "due = 2061-04-02T23:30:00-04:00" in file(desk)
    assert set(listed(desk).values()) == {"2061-04-03T03:30:00Z"}
    moved = desk.somos("queue", "move", f"{SLUG}/hola-vecina", "--at", "2061-04-02T23:30:00-03:00")
    assert moved.code == 0
    assert set(listed(desk).values()) == {"2061-04-03T02:30:00Z"}
