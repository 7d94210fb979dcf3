"""Who changes one post of a file changes nothing else of it, not by a single byte."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from somos_social.errors import InvalidFiles
from somos_social.files.blocks import posts
from somos_social.files.new_post import Said, block
from somos_social.files.rewriting import CampaignFile, rewriting

ROOT = Path(__file__).parents[2]
X, FACEBOOK = "x:somoslomismo", "facebook:somoslomismo"
HEAD = f"""\
# Nuestra campaña.
name     = "Somos Lo Mismo"   # así se llama
timezone = "America/Panama"
channels = ["{FACEBOOK}", "{X}"]
"""
POST = """
# La primera.
[[post]]
key    = "uno"
due    = 2026-12-01T09:00:00   # un martes
text   = \"\"\"
Hola.
# no es un comentario
[[post]]
due = 2026-01-01T00:00:00
\"\"\"
# assets = ["carmen.jpg"]
"""
NEW = '[[post]]\nkey = "nueva"\ndue = 2026-12-05T18:00:00\ntext = "Hola."\n'
DUE = datetime(2026, 12, 5, 15, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "panama.toml"


def opened(path: Path, text: str) -> CampaignFile:
    path.write_bytes(text.encode())
    return CampaignFile(path)


def tables(text: str) -> dict[str, Any]:
    return tomllib.loads(text.removeprefix("\ufeff"))


def post(text: str, key: str) -> dict[str, Any]:
    [found] = [it for it in tables(text)["post"] if it["key"] == key]
    return dict(found)


def refusal(doing: Callable[[], object]) -> str:
    with pytest.raises(InvalidFiles) as refused:
        doing()
    [problem] = refused.value.problems
    return f"{problem.problem} {problem.hint}"


# Where a new post goes.


def test_a_post_is_added_behind_the_last_one_and_before_what_follows(path: Path) -> None:
    after = '\n# --- Otras personas ---\n\n[[handoff]]\nkey = "ana"\n'
    file = opened(path, HEAD + POST + after)
    file.add(NEW)
    assert file.text == HEAD + POST + "\n" + NEW + after
    file.save()
    assert path.read_text(encoding="utf-8") == file.text


@pytest.mark.parametrize("end", ["", "\n", "\n\n# fin\n", "\n\n\n"])
def test_a_file_without_posts_gets_its_first_at_its_end(path: Path, end: str) -> None:
    before = HEAD.strip() + end
    file = opened(path, before)
    file.add(NEW)
    assert file.text.startswith(before)
    assert file.text.endswith(f"\n\n{NEW}")
    assert file.keys == ["nueva"]


@pytest.mark.parametrize("last", ['text = """a\n\n# b"""\n', 'text = """\na\n\n"""\n'])
def test_the_end_of_a_text_is_no_comment(path: Path, last: str) -> None:
    before = f'{HEAD}\n[[post]]\nkey = "uno"\n{last}'
    file = opened(path, before + "\n# fin\n")
    file.add(NEW)
    assert file.text == f"{before}\n{NEW}\n# fin\n"


def test_what_a_post_says_of_one_network_stays_with_it(path: Path) -> None:
    variant = '[post.variant.x]\ntext = "Corto."\n'
    file = opened(path, HEAD + POST + variant)
    file.add(NEW)
    assert "variant" in post(file.text, "uno")
    assert "variant" not in post(file.text, "nueva")


def test_the_ends_of_lines_are_those_of_the_file(path: Path) -> None:
    before = (HEAD + POST).replace("\n", "\r\n")
    file = opened(path, before)
    file.add(block(Said(key="nueva", text="Hola.\nVecina.")))
    file.narrow("uno", [X])
    file.save()
    written = path.read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    assert post(file.text, "nueva")["text"] == "Hola.\nVecina."


# How single words change.


def test_a_time_changes_alone_and_its_remark_stays(path: Path) -> None:
    file = opened(path, HEAD + POST)
    file.give_time("uno", DUE)
    old, new = "2026-12-01T09:00:00   # un martes", "2026-12-05T10:00:00   # un martes"
    assert file.text == HEAD + POST.replace(old, new)


def test_one_channel_gets_a_time_of_its_own_until_all_get_one(path: Path) -> None:
    file = opened(path, HEAD + POST)
    file.give_time("uno", DUE, X)
    assert post(file.text, "uno")["variant"] == {X: {"due": datetime(2026, 12, 5, 10)}}  # noqa: DTZ001
    file.give_time("uno", DUE)
    assert "variant" not in post(file.text, "uno")


def test_channels_are_narrowed_where_people_would_write_it(path: Path) -> None:
    file = opened(path, HEAD + POST)
    file.narrow("uno", [X])
    assert f'# un martes\nchannels = ["{X}"]\ntext' in file.text
    file.narrow("uno", [FACEBOOK])
    assert file.text == HEAD + POST.replace(
        "# un martes\n", f'# un martes\nchannels = ["{FACEBOOK}"]\n'
    )


def test_a_line_of_a_text_that_looks_like_a_time_is_none(path: Path) -> None:
    odd = '\n[[post]]\nkey = "uno"\ntext = """\ndue = 2026-12-01T09:00:00\n"""\n'
    odd += "due = 2026-12-02T09:00:00\n"
    file = opened(path, HEAD + odd)
    file.narrow("uno", [X])
    assert post(file.text, "uno")["channels"] == [X]
    assert post(file.text, "uno")["text"] == "due = 2026-12-01T09:00:00\n"


def test_days_of_a_post_that_repeats_are_moved_and_left_out(path: Path) -> None:
    repeat = 'repeat = { rule = "FREQ=WEEKLY;COUNT=3", texts = ["a", "b", "c"] }  # tres veces\n'
    file = opened(path, HEAD + POST + repeat)
    assert file.days("uno") == ["2026-12-01", "2026-12-08", "2026-12-15"]
    file.give_time("uno~2026-12-08", DUE, X)
    file.give_time("uno~2026-12-08", DUE)
    file.leave_out("uno", [f"2026-12-15@{X}", "2026-12-01"])
    found = post(file.text, "uno")["repeat"]
    assert found["moved"] == {"2026-12-08": datetime(2026, 12, 5, 10)}  # noqa: DTZ001
    assert found["without"] == ["2026-12-01", f"2026-12-15@{X}"]
    assert "# tres veces" in file.text


def test_what_follows_a_post_is_silenced_on_one_channel(path: Path) -> None:
    thread = 'first_comment = "Lee más."\nthread = [{ text = "dos" }, { text = "tres" }]\n'
    file = opened(path, HEAD + POST + thread)
    file.silence("uno", FACEBOOK)
    file.silence("uno", X, links=1)
    found = post(file.text, "uno")
    assert found["variant"] == {FACEBOOK: {"first_comment": ""}, X: {"thread": [{"text": "dos"}]}}
    assert found["first_comment"] == "Lee más."


def test_a_post_is_taken_out_and_the_words_above_the_next_stay(path: Path) -> None:
    after = '\n# La segunda.\n[[post]]\nkey = "dos"\ndue = 2026-12-02T09:00:00\n'
    file = opened(path, HEAD + POST + after)
    file.take_out("uno")
    assert file.text == HEAD + "\n# La primera.\n" + after


def test_words_between_two_posts_are_those_of_the_second(path: Path) -> None:
    first, second = '[[post]]\nkey = "uno"\n', '# La segunda.\n[[post]]\nkey = "dos"\n'
    file = opened(path, f"{HEAD}\n{first}{second}")
    file.take_out("uno")
    assert file.text == f"{HEAD}{second}"


# What cannot be changed.


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEAD, "has no post named uno"),
        (f'{HEAD}post = [{{ key = "uno" }}]\n', "has uno in a list"),
        (f'{HEAD}{POST}[a]\n[post.variant.x]\ntext = "a"\n', "in several places"),
    ],
)
def test_what_only_people_can_change_is_refused_and_stays(path: Path, text: str, why: str) -> None:
    file = opened(path, text)
    for doing in (
        lambda: file.take_out("uno"),
        lambda: file.narrow("uno", [X]),
        lambda: file.give_time("uno", DUE),
    ):
        assert why in refusal(doing)
    assert file.text == text


def test_what_is_no_toml_or_no_text_is_told(path: Path) -> None:
    assert "is not valid TOML" in refusal(lambda: opened(path, "a = "))
    path.write_bytes(b'a = "\xe9"')
    assert "UTF-8" in refusal(lambda: CampaignFile(path))
    path.unlink()
    assert "cannot be read" in refusal(lambda: CampaignFile(path))


def test_what_someone_else_wrote_meanwhile_is_not_overwritten(path: Path) -> None:
    path.write_text(HEAD + POST, encoding="utf-8")

    def change() -> None:
        with rewriting(path) as file:
            file.add(NEW)
            path.write_text(HEAD, encoding="utf-8")

    assert "at this very moment" in refusal(change)
    assert path.read_text(encoding="utf-8") == HEAD


def test_the_rights_of_a_file_and_the_link_to_it_stay(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text(HEAD + POST, encoding="utf-8")
    real.chmod(0o640)
    path.symlink_to(real)
    with rewriting(path) as file:
        file.add(NEW)
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "nueva" in real.read_text(encoding="utf-8")


# Whatever a file looks like.

REMARKS = st.sampled_from(
    (
        "",
        "\n",
        "\n\n",
        "# una nota\n",
        "\n# --- diciembre ---\n\n",
        "  \n",
        "\t# x\n",
        "#[[post]]\n",
    )
)
ASIDES = st.sampled_from(
    (
        '[[handoff]]\nkey = "ana"\ninfluencer = "@ana"\n',
        '[[blackout]]\nfrom = 2027-05-02\nreason = "[[post]]"\n',
        '[slots]\nall = [\n  "mon 09:00",\n  # [[post]]\n]\n',
        "[ links ]\nutm = true\n",
    )
)
TEXTS = st.sampled_from(
    (
        'text = "Hola"\n',
        'text = """\nHola\n[[post]]\n# x\n\n"""\n',
        "text = '''\n[[post]]\nkey = 1'''\n",
        'text = """a\n# b"""   # c\n',
        'assets = [\n  "a.jpg", # una\n  "b.jpg",\n]\n',
        "",
    )
)
VARIANTS = st.sampled_from(
    ("", '[post.variant.x]\ntext = "x"\n', '\n  [post . variant . "x:a"]\n  text = "x"\n  # y\n\n')
)
HEADERS = st.sampled_from(("[[post]]", "[[ post ]]", '[["post"]]', "  [[post]]  # una"))


@st.composite
def files(draw: st.DrawFn) -> str:
    """A campaign as people may write it, with posts named p0, p1, ..."""
    parts = [HEAD, draw(REMARKS)]
    for number in range(draw(st.integers(0, 4))):
        key, due = f'key = "p{number}"\n', "due = 2026-12-01T09:00:00\n"
        lines = draw(st.permutations([key, due, draw(TEXTS)]))
        parts += [draw(HEADERS), "\n", *lines, draw(VARIANTS), draw(REMARKS)]
        if draw(st.integers(0, 4)) == 0:
            aside = draw(ASIDES)
            assume("".join(parts).count(aside) == 0 or aside.startswith("[["))
            parts += [aside, draw(REMARKS)]
    text = "".join(parts)
    text = text if draw(st.booleans()) else text.rstrip("\n")
    text = text.replace("\n", "\r\n") if draw(st.booleans()) else text
    return draw(st.sampled_from(("", "\ufeff"))) + text


@given(files(), st.text(max_size=40))
@example(HEAD + POST, 'a"""\\\n#b')
def test_any_file_survives_the_coming_and_going_of_a_post(
    tmp_path_factory: pytest.TempPathFactory, text: str, words: str
) -> None:
    path = tmp_path_factory.mktemp("files") / "panama.toml"
    file = opened(path, text)
    file.add(block(Said(key="nueva", text=words.replace("\r", ""), channels=[X])))
    size = len(file.text) - len(text)
    cut = next(n for n in range(len(text) + 1) if file.text[:n] + file.text[n + size :] == text)
    assert file.text[cut : cut + size].strip()
    known = tables(text)
    assert tables(file.text) == {
        **known,
        "post": [*known.get("post", []), post(file.text, "nueva")],
    }
    file.take_out("nueva")
    ending = "" if text.endswith("\n") else "\r\n" if "\r\n" in text else "\n"
    assert file.text in (text, text + ending)


@given(files(), st.data())
def test_no_change_of_one_post_is_seen_outside_of_it(
    tmp_path_factory: pytest.TempPathFactory, text: str, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("files") / "panama.toml"
    file = opened(path, text)
    assume(file.keys)
    key = data.draw(st.sampled_from(file.keys))
    others = [it for it in file.keys if it != key]
    changes: list[Callable[[], None]] = [
        lambda: file.give_time(key, DUE),
        lambda: file.give_time(key, DUE, X),
        lambda: file.narrow(key, [X]),
        lambda: file.silence(key, X),
        lambda: file.take_out(key),
    ]
    data.draw(st.sampled_from(changes))()
    for other in others:
        assert post(file.text, other) == post(text, other)
    before, after = tables(text), tables(file.text)
    assert {**before, "post": None} == {**after, "post": None}
    [block_of_it] = [it for it in posts(text) if it.table["key"] == key]
    above, below = text[: block_of_it.start], text[block_of_it.end :]
    assert file.text.endswith(below)
    assert file.text.startswith(above.rstrip())
    assert key in file.keys or f"{above.rstrip()}\n{below}".split() == file.text.split()
