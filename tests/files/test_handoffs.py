"""What an influencer is to get is read with its words and media fit for each network."""

from datetime import UTC, datetime

import pytest

from somos_social.core.model.asset import Kind
from somos_social.core.model.handoff import Ask, Caption, Compensation, Handoff
from somos_social.core.model.post import Format
from tests.files.desk import HANDOFF, HEAD, Desk, draw, film

MORE = """
timezone = "America/Bogota"
networks = ["instagram", "tiktok", "x"]
format = "reel"
compensation = "paid"
text = "Somos iguales."
rights = "Canales propios."
rights_until = 2027-12-31
[handoff.caption.x]
text = "Iguales. #SomosLoMismo #Publicidad"
verbatim = true
"""


def read(desk: Desk, more: str = MORE, head: str = HEAD) -> Handoff:
    [handoff] = desk.read(f"{head}{HANDOFF}{more}").handoffs
    return handoff


def test_all_that_a_kit_is_made_of_is_read(desk: Desk) -> None:
    head = f'{HEAD}contact = "mesa@example.org"\n'
    assert read(desk, head=head).ask == Ask(
        campaign="Somos Lo Mismo Panamá",
        hashtag="#SomosLoMismo",
        stop="mesa@example.org",
        desk="America/Panama",
        timezone="America/Bogota",
        format=Format.REEL,
        compensation=Compensation.PAID,
        captions={
            "instagram": Caption(text="Somos iguales.\n\n#SomosLoMismo"),
            "tiktok": Caption(text="Somos iguales.\n\n#SomosLoMismo"),
            "x": Caption(text="Iguales. #SomosLoMismo #Publicidad", verbatim=True),
        },
        rights="Canales propios.",
        rights_until=datetime(2028, 1, 1, 4, 59, 59, tzinfo=UTC),
    )


def test_due_times_stay_those_of_the_campaign(desk: Desk) -> None:
    """The desk writes them all alike; the influencer reads them in their own zone."""
    assert read(desk).live_due == read(desk, "").live_due


def test_each_network_gets_the_media_made_fit_for_it(desk: Desk) -> None:
    draw(desk.media / "alta.jpg", (400, 1200))
    media = read(desk, 'networks = ["instagram", "x", "web"]\nassets = ["alta.jpg"]').ask.media
    [on_instagram], [on_x], [on_the_web] = media["instagram"], media["x"], media["web"]
    assert on_instagram.fit is not None
    assert on_instagram.fit.width / on_instagram.fit.height == pytest.approx(0.8, abs=0.01)
    assert (on_x.fit, on_the_web.fit) == (None, None)


def test_what_is_private_is_taken_out_for_networks_of_which_nothing_is_known(desk: Desk) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x9286] = "aquí vive Carmen"
    draw(desk.media / "nota.jpg", exif=exif)
    [asset] = read(desk, 'networks = ["tiktok"]\nassets = ["nota.jpg"]').ask.media["tiktok"]
    assert asset.fit is not None
    assert asset.fit.without


def test_pictures_and_videos_may_be_given_for_a_reel_of_their_own_making(desk: Desk) -> None:
    film(desk.media / "clip.mp4")
    more = 'networks = ["instagram"]\nformat = "reel"\nassets = ["carmen.jpg", "clip.mp4"]'
    kinds = [asset.kind for asset in read(desk, more).ask.media["instagram"]]
    assert kinds == [Kind.IMAGE, Kind.VIDEO]


def test_who_is_seen_is_known_from_the_words_beside_the_file(desk: Desk) -> None:
    desk.write('people = ["P-014"]\nshows = ["face"]\n', "media/carmen.jpg.toml")
    assert read(desk, 'assets = ["carmen.jpg"]').ask.people == {"P-014"}


PROBLEMS = {
    "a zone is one": ('timezone = "Bogotá"', "handoff[ana-reel].timezone", "no time zone"),
    "a network is known": ('networks = ["myspace"]', "handoff[ana-reel].networks[0]", "no network"),
    "a network stands once": (
        'networks = ["x", "x"]',
        "handoff[ana-reel].networks[1]",
        "stands twice",
    ),
    "a format is known": ('format = "song"', "handoff[ana-reel].format", "not a known format"),
    "a compensation is known": (
        'compensation = "beer"',
        "handoff[ana-reel].compensation",
        "no known compensation",
    ),
    "a caption is for a network that is asked for": (
        'networks = ["x"]\n[handoff.caption.tiktok]\ntext = "Hola"',
        "handoff[ana-reel].caption.tiktok",
        "not asked for",
    ),
    "a caption has known keys": (
        'networks = ["x"]\n[handoff.caption.x]\nwords = "Hola"',
        "handoff[ana-reel].caption.x.words",
        "not a known key",
    ),
    "verbatim speaks of a text": (
        "verbatim = true",
        "handoff[ana-reel].verbatim",
        "not there",
    ),
    "a text fits its network": (
        f'networks = ["x"]\ntext = "{"a" * 300}"',
        "handoff[ana-reel].text",
        "X takes 280",
    ),
    "a text leaves room for the hashtag": (
        f'networks = ["x"]\ntext = "{"a" * 275}"',
        "handoff[ana-reel].text",
        "no room for #SomosLoMismo",
    ),
    "a verbatim text discloses": (
        'compensation = "paid"\ntext = "Hola #SomosLoMismo"\nverbatim = true',
        "handoff[ana-reel].text",
        "does not disclose",
    ),
    "rights end after they began": (
        'rights = "Todo."\nrights_until = 2026-12-01',
        "handoff[ana-reel].rights_until",
        "before live_due",
    ),
    "rights that end are named": (
        "rights_until = 2027-12-01",
        "handoff[ana-reel].rights_until",
        "not named",
    ),
    "rights end on a day": (
        'rights = "Todo."\nrights_until = 2027-12-01T09:00:00',
        "handoff[ana-reel].rights_until",
        "must be a day",
    ),
    "an asset is there": (
        'assets = ["nada.jpg"]',
        "handoff[ana-reel].assets[0]",
        "not in the media folder",
    ),
    "an asset stands once": (
        'assets = ["carmen.jpg", "carmen.jpg"]',
        "handoff[ana-reel].assets[1]",
        "stands twice",
    ),
    "an asset stays inside": (
        'assets = ["../panama.toml"]',
        "handoff[ana-reel].assets[0]",
        "leads out",
    ),
}


@pytest.mark.parametrize("what", PROBLEMS)
def test_each_rule_is_told_with_its_place(desk: Desk, what: str) -> None:
    more, key, words = PROBLEMS[what]
    problem = desk.only_problem(f"{HEAD}{HANDOFF}{more}\n")
    assert problem.key == key
    assert words in problem.problem
    assert problem.hint


def test_a_video_that_cannot_be_made_fit_is_a_problem_for_the_network(desk: Desk) -> None:
    film(desk.media / "corto.mp4", seconds=2)
    more = 'networks = ["instagram", "tiktok"]\nformat = "reel"\nassets = ["corto.mp4"]'
    problem = desk.only_problem(f"{HEAD}{HANDOFF}{more}")
    assert problem.key == "handoff[ana-reel].assets[0]"
    assert "lasts 2.0 s; Instagram takes 3 to 900 s" in problem.problem
