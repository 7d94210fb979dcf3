"""`somos media` and `somos channel limits`: what a file is, what each network gets and takes."""

from pathlib import Path

import pytest
from PIL import Image

from somos_social.core.figures import as_page
from somos_social.core.limits import LIMITS
from tests.cli.stage import FACEBOOK, ROOT, Stage, X
from tests.files.desk import film

CONFIG = f"""
[media]
public_url = "http://127.0.0.1:9/"
[[channel]]
name = "{FACEBOOK}"
page_id = "1"
token = "env:ANY"
[[channel]]
name = "instagram:somoslomismopa"
user_id = "2"
token = "env:ANY"
[[channel]]
name = "{X}"
api_key = "env:ANY"
api_secret = "env:ANY"
access_token = "env:ANY"
access_token_secret = "env:ANY"
"""
CAMPAIGN = f"""
name = "Una prueba"
timezone = "America/Panama"
channels = ["{FACEBOOK}", "instagram:somoslomismopa", "{X}"]
[[post]]
key = "uno"
due = 2060-12-01T09:00:00
text = "Somos lo mismo."
assets = ["carmen.jpg"]
"""


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """With a picture that is too wide for Instagram and says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (8.0, 59.0, 1.0)})
    (stage.folder / "media").mkdir()
    picture = Image.new("RGB", (2100, 900), "teal")
    picture.save(stage.folder / "media" / "carmen.jpg", exif=exif)
    stage.write("media/carmen.jpg.toml", 'alt = "Carmen."\nbackground = "#102030"')
    stage.write("campaigns/prueba.toml", CAMPAIGN)
    return stage


def _made(stage: Stage) -> list[Path]:
    return sorted((stage.folder / "media" / ".fitted").glob("*"))


def test_what_a_file_is_and_tells_is_shown_with_what_each_network_gets(desk: Stage) -> None:
    answer = desk.somos("media", "show", "carmen.jpg")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].split() == ["carmen.jpg", "image/jpeg"]
    assert "2100 x 900 pixels, 2.33:1" in answer.out
    assert "tells:     GPS position, EXIF data; no network gets it" in answer.out
    assert "facebook\tfeed\twithout its GPS position and EXIF data" in lines
    assert (
        "instagram\tfeed\tas JPEG 2100 x 1099, padded with #102030, "
        "without its GPS position and EXIF data"
    ) in lines
    assert _made(desk) == []


def test_what_a_file_is_is_one_document_as_json(desk: Stage) -> None:
    shown = desk.somos("media", "show", "media/carmen.jpg", "--json").json
    assert (shown["path"], shown["kind"], shown["alt"]) == ("carmen.jpg", "image", "Carmen.")
    assert shown["holds"] == ["exif", "gps"]
    outcomes = {(it["network"], it["format"]): it for it in shown["networks"]}
    assert outcomes["instagram", "feed"]["fit"]["background"] == "#102030"
    assert outcomes["x", "feed"]["fit"]["keeps_picture"] is True
    assert ("x", "reel") not in outcomes
    assert ("x", "story") not in outcomes


def test_why_a_network_gets_nothing_is_said(desk: Stage) -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "lime", "blue")]
    path = desk.folder / "media" / "hola.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    answer = desk.somos("media", "show", "hola.gif")
    assert "instagram\tfeed\tnothing; `hola.gif` is GIF; Instagram takes JPEG for a GIF." in (
        answer.out.splitlines()
    )


@pytest.mark.parametrize("name", ["nadie.jpg", "carmen.jpg.toml", "."])
def test_a_file_that_is_no_picture_ends_with_3(desk: Stage, name: str) -> None:
    answer = desk.somos("media", "show", name)
    assert answer.code == 3
    assert name in answer.err


def test_check_and_plan_say_what_is_made_but_not_as_a_problem(desk: Stage) -> None:
    checked = desk.somos("check", "prueba")
    assert checked.code == 0
    assert (
        "  carmen.jpg: for instagram, as JPEG 2100 x 1099, padded with #102030, "
        "without its GPS position and EXIF data"
    ) in checked.out.splitlines()
    assert (
        "  carmen.jpg: for facebook and x, without its GPS position and EXIF data"
    ) in checked.out.splitlines()
    assert desk.somos("check", "prueba", "--json").json["problems"] == []
    assert _made(desk) == []


def test_check_and_plan_say_what_is_shown_otherwise_than_it_is_written(desk: Stage) -> None:
    film(desk.folder / "media" / "ancho.mp4", size=(540, 960))
    upright = CAMPAIGN.replace("carmen.jpg", "ancho.mp4") + 'tags = [{ user = "@ana" }]'
    desk.write("campaigns/prueba.toml", upright)
    lines = [
        "What is shown otherwise than it is written:",
        f"  uno on {FACEBOOK}: goes out as a reel: Facebook takes an upright video so.",
        f"  uno on {FACEBOOK}: does not show tags.",
        f"  uno on {X}: does not show tags.",
    ]
    assert set(lines) <= set(desk.somos("check", "prueba").out.splitlines())
    told = desk.somos("check", "prueba", "--json")
    assert told.json["problems"] == []
    assert told.err.splitlines() == lines
    desk.write("config.toml", CONFIG)
    assert set(lines) <= set(desk.somos("plan", "prueba").out.splitlines())
    shown = desk.somos("media", "show", "ancho.mp4")
    row = next(it for it in shown.out.splitlines() if it.startswith("facebook\tfeed"))
    assert row.endswith(", and shows it as a reel")


def test_what_a_campaign_needs_is_made_once(desk: Stage) -> None:
    made = desk.somos("media", "fit", "--json").json["renditions"]
    assert [(it["asset"], it["made"]) for it in made] == [("carmen.jpg", True)] * 2
    assert sorted(Path(it["rendition"]).name for it in made) == [file.name for file in _made(desk)]
    again = desk.somos("media", "fit", "prueba")
    assert again.out.splitlines()[-1] == "0 renditions made, 2 there already."
    assert {line.split("\t")[2] for line in again.out.splitlines()[1:-1]} == {"there"}


def test_what_any_network_gets_of_a_file_is_made(desk: Stage) -> None:
    # The same is made for feeds and stories where both take the same.
    assert desk.somos("media", "fit", "media/carmen.jpg").code == 0
    shown = desk.somos("media", "show", "carmen.jpg", "--json").json
    fits = {str(it["fit"]) for it in shown["networks"] if it["fit"]}
    assert len(_made(desk)) == len(fits)


def test_what_is_wrong_with_one_file_keeps_no_other_from_being_made(desk: Stage) -> None:
    (desk.folder / "media" / "rota.jpg").write_bytes(b"no picture")
    desk.write("campaigns/otra.toml", 'name = ""')
    answer = desk.somos("media", "fit", "rota.jpg", "otra", "prueba", "media/nadie.jpg")
    assert answer.code == 3
    assert answer.out.splitlines()[-1] == "2 renditions made, 0 there already."
    assert len(_made(desk)) == 2
    assert [name in answer.err for name in ("rota.jpg", "otra.toml", "nadie.jpg")] == [True] * 3
    assert answer.err.splitlines()[-1] == "5 problems in 3 files. Nothing is made of these."
    told = desk.somos("media", "fit", "rota.jpg", "prueba", "--json")
    assert [Path(it["file"]).name for it in told.json["problems"]] == ["rota.jpg"]


def test_what_is_in_the_way_of_all_renditions_of_a_file_is_told_once(desk: Stage) -> None:
    (desk.folder / "media" / ".fitted").write_bytes(b"")
    answer = desk.somos("media", "fit", "prueba")
    assert answer.code == 3
    assert answer.err.count("cannot be made fit") == 1


def test_a_file_outside_of_the_media_folder_is_made_fit_beside_itself(desk: Stage) -> None:
    Image.new("CMYK", (200, 200)).save(desk.folder / "suelta.jpg")
    assert desk.somos("media", "fit", "suelta.jpg").code == 0
    assert list((desk.folder / ".fitted").glob("*.jpg"))


def test_a_campaign_with_problems_is_told_and_nothing_of_it_is_made(desk: Stage) -> None:
    desk.write("campaigns/mala.toml", CAMPAIGN.replace('carmen.jpg"', 'carmen.jpg", "nadie.jpg"'))
    answer = desk.somos("media", "fit", "mala")
    assert answer.code == 3
    assert "nadie.jpg" in answer.err
    assert _made(desk) == []


def test_nothing_to_make_is_a_wrong_call(stage: Stage) -> None:
    assert stage.somos("media", "fit").code == 2


def test_the_limits_of_a_network_are_listed_with_their_sources(stage: Stage) -> None:
    listed = stage.somos("channel", "limits", "x").out.splitlines()
    assert listed[0].split("\t") == ["network", "kind", "what", "taken", "source"]
    rows = [line.split("\t") for line in listed[1:]]
    assert {row[0] for row in rows} == {"x"}
    assert ["x", "picture", "size", "at most 5 MB"] in [row[:4] for row in rows]
    assert all(row[4] for row in rows)
    everything = stage.somos("channel", "limits", "--json").json
    assert {it["network"] for it in everything} == set(LIMITS)
    assert stage.somos("channel", "limits", "myspace").code == 2


def test_the_page_of_limits_is_what_check_reads() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    assert page == as_page(), "Run `python scripts/write_limits.py`."
