"""What the desk finds stands where a person mends it, and is accepted where a person says why."""

from pathlib import Path
from typing import Any

import pytest

from somos_social.core.people import Consent
from somos_social.errors import Finding, InvalidFiles
from somos_social.files import Reading, read
from tests.files.desk import HEAD, POST, Desk, draw
from tests.samples import NOW

CLEAN = 'alt = "Carmen lee."\ncredit = "© ACNUR"\n'
MIXED = POST.replace("Carmen enseña a leer.", "Ayuda a migrantes refugiados.")
AVOIDED = POST.replace("Carmen enseña a leer.", "Ayuda a inmigrantes ilegales.")


def beside(desk: Desk, words: str, name: str = "carmen.jpg") -> None:
    (desk.media / f"{name}.toml").write_text(words, encoding="utf-8")


def looked(desk: Desk, content: str = HEAD + POST, **against: Any) -> Reading:
    return read([desk.write(content)], media_root=desk.media, **against)


def refused(desk: Desk, content: str = HEAD + POST, **against: Any) -> InvalidFiles:
    with pytest.raises(InvalidFiles) as told:
        looked(desk, content, **against)
    return told.value


def names(found: list[Finding]) -> list[str]:
    return [each.rule for each in found]


@pytest.fixture
def clean(desk: Desk) -> Desk:
    """With nothing that the desk would speak against."""
    beside(desk, CLEAN)
    assert looked(desk).warnings == []
    return desk


def test_a_plain_campaign_without_sidecars_is_read_with_warnings_alone(desk: Desk) -> None:
    found = looked(desk)
    assert [campaign.slug for campaign in found.campaigns] == ["panama"]
    assert names(found.warnings) == ["no-alt", "no-credit"]
    sidecar = str(desk.media / "carmen.jpg.toml")
    assert [(each.file, each.key) for each in found.warnings] == [
        (sidecar, "alt"),
        (sidecar, "credit"),
    ]
    assert all(each.source.endswith(")") for each in found.warnings)


def test_a_file_is_spoken_of_once_however_many_posts_and_channels_show_it(desk: Desk) -> None:
    again = POST.replace("historia-carmen", "otra").replace('"carmen.jpg"', '"./carmen.jpg"')
    assert names(looked(desk, HEAD + POST + again).warnings) == ["no-alt", "no-credit"]


def test_the_same_picture_under_another_name_says_whom_it_shows(clean: Desk) -> None:
    beside(clean, f'{CLEAN}people = ["P-014"]\nshows = ["face"]\n')
    (clean.media / "copia.jpg").write_bytes((clean.media / "carmen.jpg").read_bytes())
    beside(clean, CLEAN + 'accept = { no-alt = "No." }\n', "copia.jpg")
    copy = POST.replace('"carmen.jpg"', '"copia.jpg"')
    warnings = looked(clean, HEAD + copy).warnings
    [found] = [it for it in warnings if it.rule == "same-picture-other-name"]
    assert found.file == str(clean.media / "copia.jpg.toml")
    assert "P-014" in found.problem
    beside(clean, f'{CLEAN}people = ["P-014"]\nshows = ["face"]\n', "copia.jpg")
    assert looked(clean, HEAD + copy).warnings == []
    assert looked(clean).warnings == []
    beside(clean, f'{CLEAN}people = ["P-015"]\nshows = ["face"]\n', "copia.jpg")
    assert looked(clean, HEAD + copy).warnings == []


def test_a_database_knows_whom_the_bytes_show(clean: Desk) -> None:
    found = refused(clean, pictured=lambda _: frozenset({"P-014"})).problems
    assert [it.rule for it in found if isinstance(it, Finding)] == ["withdrawn-person"]


def test_nobody_can_accept_that_people_are_hidden(clean: Desk) -> None:
    beside(clean, f'{CLEAN}[accept]\nwithdrawn-person = "No importa."\n')
    told = refused(clean, pictured=lambda _: frozenset({"P-014"}))
    assert any("accept" in it.key for it in told.problems)


def test_what_a_text_says_is_told_where_it_is_written(clean: Desk) -> None:
    variants = """
    first_comment = "¿Y los migrantes refugiados?"
    [post.variant.x]
    text = "Los refugiados económicos"
    thread = [{ text = "Hola." }, { text = "Son 10,000 personas." }]
    """
    found = looked(clean, HEAD + MIXED + variants)
    at = "post[historia-carmen]"
    assert [(each.rule, each.key) for each in found.warnings] == [
        ("refugee-migrant-mixed", f"{at}.text"),
        ("refugee-migrant-mixed", f"{at}.first_comment"),
        ("refugee-migrant-mixed", f"{at}.variant.x.text"),
        ("unsourced-figure", f"{at}.variant.x.thread[1]"),
    ]
    assert {each.file for each in found.warnings} == {str(clean.path)}


def test_what_keeps_a_post_back_is_a_problem_beside_all_others(clean: Desk) -> None:
    beside(clean, 'shows = ["face"]\n' + CLEAN)
    told = refused(clean, HEAD + AVOIDED + 'linc = "x"\n' + MIXED.replace("carmen", "otra"))
    at = "post[historia-carmen]"
    known = [(each.key, getattr(each, "rule", None)) for each in told.problems]
    assert (f"{at}.linc", None) in known
    assert (f"{at}.text", "avoided-term") in known
    assert ("people", "unnamed-person") in known
    assert names(list(told.warnings)) == ["refugee-migrant-mixed"]


def test_a_text_that_is_the_posts_own_is_told_of_once_for_all_its_channels(clean: Desk) -> None:
    assert len(refused(clean, HEAD + AVOIDED).problems) == 1


def test_a_term_in_a_description_is_told_in_the_file_beside_the_picture(desk: Desk) -> None:
    beside(desk, CLEAN.replace("Carmen lee.", "Migrantes ilegales en fila."))
    [problem] = refused(desk).problems
    assert (problem.file, problem.key) == (str(desk.media / "carmen.jpg.toml"), "alt")


def test_a_position_is_told_of_the_picture_itself(desk: Desk) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x8825] = {1: "N", 2: (8.0, 58.0, 0.0)}
    draw(desk.media / "carmen.jpg", exif=exif)
    beside(desk, CLEAN)
    [found] = looked(desk).warnings
    assert (found.rule, found.file, found.key) == (
        "location-data",
        str(desk.media / "carmen.jpg"),
        "",
    )
    assert "GPS" in found.problem


def test_covers_of_reels_and_pictures_of_threads_are_looked_at_too(clean: Desk, clip: Path) -> None:
    (clean.media / "clip.mp4").write_bytes(clip.read_bytes())
    beside(clean, CLEAN + 'captions = "burned in"\n', "clip.mp4")
    for name in ("cover.jpg", "link.jpg"):
        draw(clean.media / name, (540, 960))
        beside(clean, CLEAN.replace("credit", "#"), name)
    variants = """
    [post.variant.instagram]
    cover = "cover.jpg"
    [post.variant.x]
    thread = [{ text = "Hola.", assets = ["link.jpg"] }]
    """
    found = looked(clean, HEAD + POST.replace("carmen.jpg", "clip.mp4") + variants).warnings
    assert [Path(each.file).name for each in found] == ["cover.jpg.toml", "link.jpg.toml"]


ROOT = Path(__file__).parents[2]


def test_the_campaigns_of_this_repository_are_clean_or_honestly_accepted() -> None:
    found = read(sorted((ROOT / "campaigns").glob("*.toml")), media_root=ROOT / "media")
    assert found.warnings == []
    assert {each.rule for each in found.accepted} == {"no-captions"}


# Consents.

CONSENT = Consent(
    person="P-014",
    form="6f" * 32,
    scope=("face",),
    channels=("all",),
    until=None,
    guardian=False,
    granted_at=NOW,
    granted_by="ana",
)


def test_a_minor_without_a_guardian_is_a_problem_where_consents_are_known(desk: Desk) -> None:
    beside(desk, CLEAN + 'people = ["P-014"]\nminors = ["P-014"]\n')
    assert looked(desk).warnings == []
    assert looked(desk, consents={}).warnings == []
    [problem] = refused(desk, consents={"P-014": CONSENT}).problems
    assert isinstance(problem, Finding)
    assert (problem.rule, problem.key) == ("minor-without-guardian", "minors[0]")


# Captions.

SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\nHola.\n"


@pytest.fixture
def filmed(desk: Desk, clip: Path) -> Desk:
    (desk.media / "clip.mp4").write_bytes(clip.read_bytes())
    beside(desk, CLEAN, "clip.mp4")
    return desk


FILMED = HEAD + POST.replace("carmen.jpg", "clip.mp4")


def test_a_video_that_sounds_without_captions_is_told_of(filmed: Desk) -> None:
    [found] = looked(filmed, FILMED).warnings
    assert (found.rule, found.key) == ("no-captions", "captions")


@pytest.mark.parametrize("name", ["clip.srt", "clip.mp4.srt", "clip.es.vtt", "clip.es_PA.SRT"])
def test_captions_beside_a_video_are_found_by_its_name(filmed: Desk, name: str) -> None:
    (filmed.media / name).write_text(SUBTITLES, encoding="utf-8")
    assert looked(filmed, FILMED).warnings == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_captions_may_lie_elsewhere_in_the_media_folder(filmed: Desk, encoding: str) -> None:
    (filmed.media / "subs").mkdir()
    (filmed.media / "subs/carmen.srt").write_text(SUBTITLES, encoding=encoding)
    beside(filmed, CLEAN + 'captions = "subs/carmen.srt"\n', "clip.mp4")
    assert looked(filmed, FILMED).warnings == []


@pytest.mark.parametrize("words", ["burned in", "Burned In"])
def test_captions_may_be_part_of_the_picture(filmed: Desk, words: str) -> None:
    beside(filmed, CLEAN + f'captions = "{words}"\n', "clip.mp4")
    assert looked(filmed, FILMED).warnings == []


def _link(desk: Desk, name: str) -> None:
    outside = desk.folder / "outside.srt"
    outside.write_text(SUBTITLES, encoding="utf-8")
    (desk.media / name).symlink_to(outside)


def test_what_lies_beside_a_video_and_is_no_captions_of_ours_does_not_count(filmed: Desk) -> None:
    (filmed.media / "clip.srt").write_text("", encoding="utf-8")
    (filmed.media / "clip.es.srt").write_text("Hola.", encoding="utf-8")
    (filmed.media / "other.srt").write_text(SUBTITLES, encoding="utf-8")
    (filmed.media / "clip.txt").write_text(SUBTITLES, encoding="utf-8")
    (filmed.media / "clip.a.vtt").mkdir()
    _link(filmed, "clip.b.vtt")
    assert names(looked(filmed, FILMED).warnings) == ["no-captions"]


WRONG_CAPTIONS = {
    "none needed": "no-captions",
    "carmen.jpg": "neither a .srt nor a .vtt",
    "missing.srt": "is not in the media folder",
    "../out.srt": "leads out of the media folder",
    "/etc/x.srt": "leads out of the media folder",
    "linked.srt": "link that leads out",
    "empty.srt": "holds no captions",
    "folder.vtt": "is not a regular file",
}


@pytest.mark.parametrize("words", WRONG_CAPTIONS)
def test_captions_that_are_none_are_a_problem(filmed: Desk, words: str) -> None:
    (filmed.media / "empty.srt").write_text("", encoding="utf-8")
    (filmed.media / "folder.vtt").mkdir()
    _link(filmed, "linked.srt")
    beside(filmed, CLEAN + f'captions = "{words}"\n', "clip.mp4")
    [problem] = refused(filmed, FILMED).problems
    assert problem.key == "captions"
    assert WRONG_CAPTIONS[words] in f"{problem.problem} {problem.hint}"


# Accepting.

ACCEPTED = {
    "in the post": HEAD + MIXED + '[post.accept]\nrefugee-migrant-mixed = "Cita de 1951."\n',
    "in the campaign": HEAD + '[accept]\nrefugee-migrant-mixed = "Cita de 1951."\n' + MIXED,
    "after the posts": HEAD + MIXED + '[accept]\nrefugee-migrant-mixed = "Cita de 1951."\n',
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED)
def test_a_finding_is_accepted_by_its_rule_and_a_reason(clean: Desk, content: str) -> None:
    found = looked(clean, content)
    assert found.warnings == []
    [accepted] = found.accepted
    assert (accepted.rule, accepted.reason) == ("refugee-migrant-mixed", "Cita de 1951.")


def test_what_keeps_a_post_back_may_be_accepted_too(clean: Desk) -> None:
    accept = '[post.accept]\navoided-term = "Citamos el titular para responderle."\n'
    assert names(looked(clean, HEAD + AVOIDED + accept).accepted) == ["avoided-term"]


def test_what_is_accepted_in_one_post_is_told_of_another(clean: Desk) -> None:
    accept = '[post.accept]\nrefugee-migrant-mixed = "Cita de 1951."\n'
    content = HEAD + MIXED + accept + MIXED.replace("historia-carmen", "otra")
    found = looked(clean, content)
    assert [each.key for each in found.warnings] == ["post[otra].text"]
    assert [each.key for each in found.accepted] == ["post[historia-carmen].text"]


def test_what_speaks_against_a_file_is_accepted_beside_it_or_in_a_post_that_shows_it(
    desk: Desk,
) -> None:
    beside(desk, CLEAN.replace("credit", "#") + '[accept]\nno-credit = "Dominio público."\n')
    found = looked(desk)
    assert (found.warnings, names(found.accepted)) == ([], ["no-credit"])
    beside(desk, CLEAN.replace("credit", "#"))
    content = HEAD + POST + '[post.accept]\nno-credit = "Dominio público."\n'
    found = looked(desk, content)
    assert (found.warnings, names(found.accepted)) == ([], ["no-credit"])
    # Another post shows it as well, and nobody says why it may.
    found = looked(desk, content + POST.replace("historia-carmen", "otra"))
    assert (names(found.warnings), found.accepted) == (["no-credit"], [])


def test_a_changed_name_may_be_accepted_beside_the_file_and_in_the_post(desk: Desk) -> None:
    words = CLEAN + 'people = ["P-014"]\nshows = ["changed name"]\n'
    beside(desk, words)
    [problem] = refused(desk).problems
    assert problem.key == "post[historia-carmen].text"
    reason = 'undeclared-changed-name = "El video lo dice al final."\n'
    assert names(looked(desk, f"{HEAD}{POST}[post.accept]\n{reason}").accepted)
    beside(desk, f"{words}[accept]\n{reason}")
    assert names(looked(desk).accepted) == ["undeclared-changed-name"]


def test_the_nearest_acceptance_counts_and_the_others_are_not_needed(desk: Desk) -> None:
    beside(desk, 'alt = "Carmen lee."\n[accept]\nno-credit = "Beside."\n')
    head = f'{HEAD}[accept]\nno-credit = "Head."\n'
    found = looked(desk, f'{head}{POST}[post.accept]\nno-credit = "Post."\n')
    assert [each.reason for each in found.accepted] == ["Beside."]
    assert [(each.rule, each.key) for each in found.warnings] == [
        ("unused-acceptance", "accept.no-credit"),
        ("unused-acceptance", "post[historia-carmen].accept.no-credit"),
    ]


UNUSED = {
    "in the post": (HEAD + POST + '[post.accept]\nno-captions = "Sin voz."\n', ""),
    "in the campaign": (HEAD + '[accept]\nno-captions = "Sin voz."\n' + POST, ""),
    "beside the file": (HEAD + POST, '[accept]\nno-captions = "Sin voz."\n'),
}


@pytest.mark.parametrize("case", UNUSED)
def test_an_acceptance_of_nothing_is_told_of(desk: Desk, case: str) -> None:
    content, words = UNUSED[case]
    beside(desk, CLEAN + words)
    found = looked(desk, content)
    [unused] = found.warnings
    assert (unused.rule, found.accepted) == ("unused-acceptance", [])
    assert unused.key.endswith("accept.no-captions")
    assert unused.file == str(desk.media / "carmen.jpg.toml" if words else desk.path)


def test_an_acceptance_is_called_unused_only_where_everything_was_looked_at(desk: Desk) -> None:
    beside(desk, CLEAN)
    accept = '[post.accept]\nno-captions = "Sin voz."\nminor-without-guardian = "En trámite."\n'
    assert [each.key for each in looked(desk, HEAD + POST + accept).warnings] == [
        "post[historia-carmen].accept.no-captions"
    ]
    assert len(looked(desk, HEAD + POST + accept, consents={}).warnings) == 2
    told = refused(desk, HEAD + POST.replace("carmen.jpg", "falta.mp4") + accept)
    assert told.warnings == ()


WRONG = {
    "an unknown rule": ('no-captoins = "Sin voz."', "no-captoins", "`no-captions`"),
    "an empty reason": ('no-captions = ""', "no-captions", "gives no reason"),
    "a blank reason": ('no-captions = "  "', "no-captions", "gives no reason"),
    "no text": ("no-captions = true", "no-captions", "must be text, but is true or false"),
    "what is deleted instead": ('unused-acceptance = "x"', "unused-acceptance", "no rule"),
    "a hostile rule": ('"\\u001b[2J" = "x"', "U+001B[2J", "no rule"),
    "a hostile reason": ('no-alt = "a\\u202eb"', "no-alt", "direction of reading"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("where", ["post", "head", "sidecar"])
def test_a_wrong_acceptance_is_told_of_and_what_it_meant_is_not(
    desk: Desk, where: str, case: str
) -> None:
    line, key, told = WRONG[case]
    table = "[post.accept]" if where == "post" else "[accept]"
    accept = f"{table}\n{line}\n"
    beside(desk, CLEAN + (accept if where == "sidecar" else ""))
    [problem] = refused(desk, HEAD + POST + (accept if where != "sidecar" else "")).problems
    assert problem.key.endswith(f"accept.{key}")
    assert told in f"{problem.problem} {problem.hint}"


def test_an_acceptance_is_a_table(desk: Desk) -> None:
    [problem] = refused(desk, HEAD + 'accept = "all"\n' + POST).problems
    assert (problem.key, problem.problem) == ("accept", "must be a table, but is text.")


def test_a_reason_that_is_missing_still_silences_what_it_is_for(clean: Desk) -> None:
    content = HEAD + AVOIDED + '[post.accept]\navoided-term = ""\n'
    [problem] = refused(clean, content).problems
    assert problem.problem == "gives no reason."
