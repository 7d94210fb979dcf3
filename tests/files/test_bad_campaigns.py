"""Every kind of mistake in a campaign file, and where the check says that it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from somos_social.files import read_campaigns
from tests.files.desk import HANDOFF, HEAD, POST, Desk, film, problems_of

AT = "post[historia-carmen]"


def _without(text: str, key: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(f"{key} ="))


def _with(text: str, line: str) -> str:
    """The text with its line for the same key replaced."""
    return f"{_without(text, line.partition(' =')[0]).rstrip()}\n{line}\n"


HEADS = {
    "a campaign has a name": (_without(HEAD, "name"), "name", "is missing"),
    "a name is text": (_with(HEAD, "name = 3"), "name", "must be text, but is a number"),
    "a name is one line": (_with(HEAD, 'name = "a\\nb"'), "name", "one line"),
    "a name is not empty": (_with(HEAD, 'name = ""'), "name", "is empty"),
    "a campaign has a time zone": (_without(HEAD, "timezone"), "timezone", "is missing"),
    "a time zone exists": (
        _with(HEAD, 'timezone = "America/Panma"'),
        "timezone",
        "Did you mean `America/Panama`?",
    ),
    "a time zone is not a path": (
        _with(HEAD, 'timezone = "/etc/passwd"'),
        "timezone",
        "is no time zone",
    ),
    "a city has a time zone of a longer name": (
        _with(HEAD, 'timezone = "lima"'),
        "timezone",
        "Did you mean `America/Lima`?",
    ),
    "a city is not yet a time zone": (
        _with(HEAD, 'timezone = "panama"'),
        "timezone",
        "Did you mean `America/Panama`?",
    ),
    "a campaign has channels": (_without(HEAD, "channels"), "channels", "is missing"),
    "channels are a list": (_with(HEAD, 'channels = "x:a"'), "channels", "must be a list"),
    "a channel is of a known network": (
        _with(HEAD, 'channels = ["facebok:a"]'),
        "channels[0]",
        "Did you mean `facebook`?",
    ),
    "a channel names an account": (
        _with(HEAD, 'channels = ["x:"]'),
        "channels[0]",
        "names no account",
    ),
    "a channel stands once, whatever its capitals": (
        _with(HEAD, 'channels = ["x:Somos", "x:somos"]'),
        "channels[1]",
        "stands twice",
    ),
    "a hashtag begins with its sign": (
        _with(HEAD, 'hashtag = "SomosLoMismo"'),
        "hashtag",
        "Write it as in #SomosLoMismo",
    ),
    "a hashtag is one": (_with(HEAD, 'hashtag = "#Somos LoMismo"'), "hashtag", "not one hashtag"),
    "an organisation stands once": (
        f'{HEAD}approvals = ["UNHCR", "unhcr"]',
        "approvals[1]",
        "stands twice",
    ),
    "an organisation has no colon": (
        f'{HEAD}approvals = ["UNHCR:Ana"]',
        "approvals[0]",
        "holds a colon",
    ),
    "a key is known": (f'{HEAD}hastag = "#a"', "hastag", "Did you mean `hashtag`?"),
    "posts stand in double brackets": (f"{HEAD}[post]\nkey = 1", "post", "Write [[post]]"),
}


@pytest.mark.parametrize(("content", "key", "words"), HEADS.values(), ids=HEADS)
def test_a_mistake_in_the_head_is_told(desk: Desk, content: str, key: str, words: str) -> None:
    problem = desk.only_problem(content)
    assert (problem.file, problem.key) == (str(desk.path), key)
    assert words in f"{problem.problem} {problem.hint}"


POSTS = {
    "a post has a key": (_without(POST, "key"), "post[#1].key", "is missing"),
    "a key has no capitals": (_with(POST, 'key = "Carmen"'), "post[#1].key", "as a key"),
    "a key has no slash": (_with(POST, 'key = "a/b"'), "post[#1].key", "as a key"),
    "a key has at most 64 letters": (_with(POST, f'key = "{65 * "a"}"'), "post[#1].key", "as a"),
    "a key is text": (_with(POST, "key = 5"), "post[#1].key", "must be text"),
    "a post has a due time": (_without(POST, "due"), f"{AT}.due", "is missing"),
    "a link of a thread is a table": (
        f'{POST}thread = ["Y así sigue."]',
        f"{AT}.thread[0]",
        "must be a table",
    ),
    "a key of a thread's link is known": (
        f'{POST}thread = [{{ txt = "Y así sigue." }}]',
        f"{AT}.thread[0].txt",
        "Did you mean `text`?",
    ),
    "where someone is to be seen is a number": (
        f'{POST}tags = [{{ user = "@ana", x = "left", y = 0.5 }}]',
        f"{AT}.tags[0].x",
        "must be a number",
    ),
    "a due time is not text": (
        _with(POST, 'due = "2026-12-01T09:00:00"'),
        f"{AT}.due",
        "without quotes",
    ),
    "a due time is more than a day": (
        _with(POST, "due = 2026-12-01"),
        f"{AT}.due",
        "no time of day",
    ),
    "a due time is of this century": (
        _with(POST, "due = 0026-12-01T09:00:00"),
        f"{AT}.due",
        "in the year 26. Write a year from 2000 to 2199.",
    ),
    "a due time comes before the end of the calendar": (
        _with(POST, "due = 2200-01-01T00:00:00"),
        f"{AT}.due",
        "in the year 2200",
    ),
    "a text is text": (_with(POST, "text = 5"), f"{AT}.text", "must be text, but is a number"),
    "a text holds no control character": (
        _with(POST, 'text = "a\\u0007b"'),
        f"{AT}.text",
        "U+0007, character 2",
    ),
    "a text does not turn the direction of reading": (
        _with(POST, 'text = "a\\u202Eb"'),
        f"{AT}.text",
        "direction of reading",
    ),
    "a text holds no code that is no character": (
        _with(POST, 'text = "a\\uFFFEb"'),
        f"{AT}.text",
        "is no character",
    ),
    "a grace is a length of time": (f'{POST}grace = "2 hours"', f"{AT}.grace", '"1h30m"'),
    "a grace has a unit": (f"{POST}grace = 2", f"{AT}.grace", "but is a number"),
    "a grace is not nothing": (f'{POST}grace = "0s"', f"{AT}.grace", "no time at all"),
    "a key gives the terminal no orders": (
        f'{POST}"a\\u001b[2J" = 1',
        f"{AT}.aU+001B[2J",
        "not a known key",
    ),
    "a grace ends within a year": (f'{POST}grace = "9999d"', f"{AT}.grace", "longer than a year"),
    "a link is an address of the web": (
        f'{POST}link = "www.somoslomismo.com"',
        f"{AT}.link",
        "not an address of the web",
    ),
    "a link holds no password": (
        f'{POST}link = "https://ana:clave@somos.org/"',
        f"{AT}.link",
        "a password",
    ),
    "a link has a port that exists": (
        f'{POST}link = "https://somos.org:99999/"',
        f"{AT}.link",
        "not an address of the web",
    ),
    "a link holds no space": (f'{POST}link = "https://a.org/a b"', f"{AT}.link", "holds a space"),
    "a format is known": (f'{POST}format = "reels"', f"{AT}.format", "Did you mean `reel`?"),
    "a channel of a post is one of the campaign": (
        f'{POST}channels = ["x:somoslomismo", "x:oim"]',
        f"{AT}.channels[1]",
        "is not a channel of this campaign. Add it to the campaign's channels.",
    ),
    "a channel of a post stands once": (
        f'{POST}channels = ["x:somoslomismo", "x:somoslomismo"]',
        f"{AT}.channels[1]",
        "stands twice",
    ),
    "a post goes somewhere": (f"{POST}channels = []", f"{AT}.channels", "is empty"),
    "a key of a post is known": (f'{POST}txet = "a"', f"{AT}.txet", "Did you mean `text`?"),
    "a variant is of a network or channel": (
        f'{POST}[post.variant.instagran]\ntext = "a"',
        f"{AT}.variant.instagran",
        "Did you mean `instagram`?",
    ),
    "a key of a variant is known": (
        f'{POST}[post.variant.x]\ntxt = "a"',
        f"{AT}.variant.x.txt",
        "Did you mean `text`?",
    ),
    "a variant is a table": (f"{POST}variant.x = 3", f"{AT}.variant.x", "must be a table"),
    "an asset is text": (_with(POST, "assets = [3]"), f"{AT}.assets[0]", "must be text"),
    "an asset exists": (
        _with(POST, 'assets = ["carmem.jpg"]'),
        f"{AT}.assets[0]",
        "Did you mean `carmen.jpg`?",
    ),
    "an asset lies in the media folder": (
        _with(POST, 'assets = ["../panama.toml"]'),
        f"{AT}.assets[0]",
        "out of the media folder",
    ),
    "an asset has no absolute path": (
        _with(POST, 'assets = ["/etc/passwd"]'),
        f"{AT}.assets[0]",
        "out of the media folder",
    ),
    "an asset is written with slashes": (
        _with(POST, "assets = ['fotos\\carmen.jpg']"),
        f"{AT}.assets[0]",
        "backslashes",
    ),
    "an asset is a file": (_with(POST, 'assets = ["."]'), f"{AT}.assets[0]", "not the name"),
    "a text fits on X, whose variant it is": (
        f'{POST}[post.variant.x]\ntext = "{281 * "a"}"',
        f"{AT}.variant.x.text",
        "has 281 characters",
    ),
    "a text fits on X, with the text of the post": (
        _with(POST, f'text = "{281 * "a"}"'),
        f"{AT}.text",
        "X takes 280",
    ),
    "a variant of a whole channel is named as written": (
        f'{POST}[post.variant."x:somoslomismo"]\nformat = "reel"',
        f'{AT}.variant."x:somoslomismo".format',
        "X has none",
    ),
    "a first comment fits too": (
        f'{POST}[post.variant.x]\nfirst_comment = "{281 * "a"}"',
        f"{AT}.variant.x.first_comment",
        "X takes 280",
    ),
    "Instagram shows no bare text": (
        f"{POST}[post.variant.instagram]\nassets = []",
        f"{AT}.variant.instagram.assets",
        "no post without a picture",
    ),
}


@pytest.mark.parametrize(("content", "key", "words"), POSTS.values(), ids=POSTS)
def test_a_mistake_in_a_post_is_told(desk: Desk, content: str, key: str, words: str) -> None:
    problem = desk.only_problem(HEAD + content)
    assert (problem.file, problem.key) == (str(desk.path), key)
    assert words in f"{problem.problem} {problem.hint}"


HANDOFFS = {
    "a hand-off has a key": (_without(HANDOFF, "key"), "handoff[#1].key", "is missing"),
    "a hand-off has an influencer": (
        _without(HANDOFF, "influencer"),
        "handoff[ana-reel].influencer",
        "is missing",
    ),
    "a hand-off has a time to be live": (
        _without(HANDOFF, "live_due"),
        "handoff[ana-reel].live_due",
        "is missing",
    ),
    "a draft comes first": (
        f"{HANDOFF}draft_due = 2026-12-06",
        "handoff[ana-reel].draft_due",
        "later than live_due",
    ),
    "a day is of this century": (
        f"{HANDOFF}draft_due = 1999-12-31",
        "handoff[ana-reel].draft_due",
        "in the year 1999",
    ),
    "a day is not text": (
        f'{HANDOFF}draft_due = "2026-12-03"',
        "handoff[ana-reel].draft_due",
        "without quotes",
    ),
    "a reference names a variable": (
        f'{HANDOFF}contact = "env:ANA EMAIL"',
        "handoff[ana-reel].contact",
        "no environment variable",
    ),
    "a review is true or false": (
        f'{HANDOFF}review = "yes"',
        "handoff[ana-reel].review",
        "must be true or false, but is text",
    ),
    "a hand-off stands once": (HANDOFF + HANDOFF, "handoff[ana-reel].key", "stands twice"),
    "a hand-off is a table": ("handoff = [3]", "handoff[#1]", "must be a table, but is a number"),
}


@pytest.mark.parametrize(("content", "key", "words"), HANDOFFS.values(), ids=HANDOFFS)
def test_a_mistake_in_a_hand_off_is_told(desk: Desk, content: str, key: str, words: str) -> None:
    problem = desk.problems(HEAD + content)[0]
    assert (problem.file, problem.key) == (str(desk.path), key)
    assert words in f"{problem.problem} {problem.hint}"


def test_two_posts_with_one_key_are_told(desk: Desk) -> None:
    problem = desk.only_problem(HEAD + POST + POST)
    assert (problem.key, problem.problem) == (f"{AT}.key", "stands twice.")


def test_a_channel_that_the_config_lacks_is_told_with_the_nearest(desk: Desk) -> None:
    channels = ["facebook:somoslomismo", "instagram:somoslomismopa", "x:somos_lo_mismo"]
    problem = desk.only_problem(HEAD + POST, channels=channels)
    assert (problem.key, problem.hint) == ("channels[2]", "Did you mean `x:somos_lo_mismo`?")


def test_a_channel_of_no_network_is_not_missed_in_the_config_too(desk: Desk) -> None:
    content = _with(HEAD, 'channels = ["twitter:somos"]')
    assert "no network" in desk.only_problem(content, channels=["x:somos"]).problem


def test_a_due_time_whose_grace_is_over_is_told(desk: Desk) -> None:
    problem = desk.only_problem(HEAD + POST, now=datetime(2026, 12, 1, 16, 0, 1, tzinfo=UTC))
    assert problem.key == f"{AT}.due"


def test_a_past_post_that_is_new_on_one_channel_is_told(desk: Desk) -> None:
    known = {"panama/historia-carmen@x:somoslomismo"}
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert desk.only_problem(HEAD + POST, now=now, known=known).key == f"{AT}.due"


def test_a_file_whose_name_is_no_key_is_told(desk: Desk) -> None:
    path = desk.write(HEAD + POST, "Panamá 2026.toml")
    [problem] = problems_of(lambda: read_campaigns([path], media_root=desk.media))
    assert (problem.file, problem.key) == (str(path), "")


def test_two_files_of_one_campaign_are_told(desk: Desk) -> None:
    (desk.folder / "copy").mkdir()
    paths = [desk.write(HEAD), desk.write(HEAD, "copy/panama.toml")]
    [problem] = problems_of(lambda: read_campaigns(paths, media_root=desk.media))
    assert (problem.file, problem.key) == (str(paths[1]), "")


def test_a_reel_asked_for_on_x_itself_is_told(desk: Desk, clip: Path) -> None:
    (desk.media / "clip.mp4").write_bytes(clip.read_bytes())
    body = _with(POST, 'assets = ["clip.mp4"]') + '[post.variant.x]\nformat = "reel"'
    assert desk.only_problem(HEAD + body).key == f"{AT}.variant.x.format"


def test_a_clip_that_two_networks_refuse_is_told_for_each(desk: Desk) -> None:
    film(desk.media / "corto.mp4", size=(320, 180), seconds=2)
    body = _with(POST, 'assets = ["corto.mp4"]') + 'format = "reel"'
    problems = desk.problems(HEAD + body)
    assert {problem.key for problem in problems} == {f"{AT}.assets[0]"}
    told = " ".join(problem.problem for problem in problems)
    assert "Facebook takes 3 to 90 s" in told
    assert "Instagram takes 3 to 900 s" in told


def test_all_problems_of_all_files_come_at_once(desk: Desk) -> None:
    (desk.media / "carmen.jpg.toml").write_text('alt = "a"\npeple = []')
    (desk.media / "rota.jpg").write_bytes(b"no es una foto")
    first = HEAD + POST + _with(POST, 'assets = ["rota.jpg"]').replace("carmen", "rota")
    second = _without(HEAD, "name") + f'{POST}txet = "a"\ngrace = 3'
    paths = [desk.write(first, "a.toml"), desk.write(second, "b.toml"), desk.folder / "c.toml"]
    problems = problems_of(lambda: read_campaigns(paths, media_root=desk.media))
    assert {(Path(problem.file).name, problem.key) for problem in problems} == {
        ("b.toml", "name"),
        ("b.toml", f"{AT}.txet"),
        ("b.toml", f"{AT}.grace"),
        ("c.toml", ""),
        ("rota.jpg", ""),
        ("carmen.jpg.toml", "peple"),
    }


def test_a_problem_of_an_asset_is_told_once_for_all_its_posts(desk: Desk) -> None:
    (desk.media / "carmen.jpg").write_bytes(b"no es una foto")
    again = POST.replace("historia-carmen", "otra-vez")
    problem = desk.only_problem(HEAD + POST + again)
    assert problem.file == str(desk.media / "carmen.jpg")


def test_a_missing_media_folder_is_told(desk: Desk) -> None:
    path = desk.write(HEAD + POST)
    nowhere = desk.folder / "nada"
    [problem] = problems_of(lambda: read_campaigns([path], media_root=nowhere))
    assert "does not exist" in problem.problem
