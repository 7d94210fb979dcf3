"""What a good campaign file becomes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from somos_social.core.model.handoff import Ask, Caption, Handoff
from somos_social.core.model.post import Format
from somos_social.errors import InvalidFiles
from somos_social.files import read_campaign, read_campaigns
from tests.files.desk import HANDOFF, HEAD, POST, Desk, draw

ROOT = Path(__file__).parents[2]
FACEBOOK, INSTAGRAM, X = (
    "facebook:somoslomismo",
    "instagram:somoslomismopa",
    "x:somoslomismo",
)


@pytest.mark.parametrize("path", sorted(ROOT.glob("campaigns/*.toml")), ids=lambda path: path.stem)
def test_the_campaigns_of_the_project_have_no_problem(path: Path) -> None:
    assert read_campaign(path, media_root=ROOT / "media").posts


def test_the_project_has_campaigns_to_check() -> None:
    assert len(list(ROOT.glob("campaigns/*.toml"))) >= 2


def test_a_campaign_is_named_by_its_file(desk: Desk) -> None:
    campaign = desk.read()
    assert (campaign.slug, campaign.name) == ("panama", "Somos Lo Mismo Panamá")


def test_a_campaign_without_posts_is_a_campaign(desk: Desk) -> None:
    assert desk.read(HEAD).posts == ()


def test_a_due_time_is_local_to_the_time_zone_of_the_campaign(desk: Desk) -> None:
    [post] = desk.read().posts
    assert post.due == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_a_post_goes_to_every_channel_of_its_campaign(desk: Desk) -> None:
    [post] = desk.read().posts
    assert list(post.variants) == [FACEBOOK, INSTAGRAM, X]


def test_a_post_may_go_to_some_channels_only(desk: Desk) -> None:
    [post] = desk.read(f'{HEAD}{POST}channels = ["{X}"]').posts
    assert list(post.variants) == [X]


def test_a_channel_takes_each_key_from_the_nearest_table_that_has_it(desk: Desk) -> None:
    variants = f"""
        [post.variant.x]
        text = "Para toda X."
        assets = []
        [post.variant."{X}"]
        text = "Para esta cuenta."
    """
    [post] = desk.read(HEAD + POST + variants).posts
    assert post.variants[X].text.startswith("Para esta cuenta.")
    assert post.variants[X].assets == ()
    assert post.variants[FACEBOOK].text.startswith("Carmen")


def test_an_empty_link_of_a_variant_takes_away_the_link_of_the_post(desk: Desk) -> None:
    link = 'link = "https://www.somoslomismo.com/"\n[post.variant.x]\nlink = ""'
    [post] = desk.read(HEAD + POST + link).posts
    assert "https" not in post.variants[X].text
    assert "https" in post.variants[INSTAGRAM].text


def test_a_first_comment_is_kept_beside_the_variant(desk: Desk) -> None:
    comment = '[post.variant.instagram]\nfirst_comment = "¿Y tú?"'
    [post] = desk.read(HEAD + POST + comment).posts
    assert {name: (each.format, each.text) for name, each in post.comments.items()} == {
        INSTAGRAM: (Format.COMMENT, "¿Y tú?")
    }


def test_a_reel_asked_for_in_general_is_a_feed_post_on_x(desk: Desk, clip: Path) -> None:
    (desk.media / "clip.mp4").write_bytes(clip.read_bytes())
    body = POST.replace("carmen.jpg", "clip.mp4") + 'format = "reel"'
    [post] = desk.read(HEAD + body).posts
    assert [variant.format for variant in post.variants.values()] == ["reel", "reel", "feed"]


def test_the_words_of_a_sidecar_come_with_the_asset(desk: Desk) -> None:
    (desk.media / "carmen.jpg.toml").write_text(
        'alt = "Carmen lee."\ncredit = "© ACNUR"\npeople = ["P-014"]\nshows = ["face"]'
    )
    [asset] = desk.read().posts[0].variants[FACEBOOK].assets
    words = (asset.alt, asset.credit, asset.people, asset.shows)
    assert words == ("Carmen lee.", "© ACNUR", ("P-014",), ("face",))


def test_a_text_is_read_in_composed_form_without_space_around_it(desk: Desk) -> None:
    body = POST.replace('"Carmen enseña a leer."', '"""\n  Carmen ensen\u0303a.\n"""')
    assert desk.read(HEAD + body).posts[0].variants[X].text == "Carmen enseña.\n#SomosLoMismo"


def test_a_file_of_windows_lines_with_a_byte_order_mark_is_read(desk: Desk) -> None:
    content = (HEAD + POST).replace("\n", "\r\n")
    assert desk.read("\ufeff" + content) == desk.read()


def test_a_hand_off_is_read_with_its_days_ending_at_midnight(desk: Desk) -> None:
    more = 'contact = "env:ANA_EMAIL"\ndraft_due = 2026-12-03\nbrief = "Cuenta tu historia."'
    assert desk.read(HEAD + HANDOFF + more).handoffs == (
        Handoff(
            key="ana-reel",
            campaign="panama",
            influencer="@ana",
            contact="env:ANA_EMAIL",
            draft_due=datetime(2026, 12, 4, 4, 59, 59, tzinfo=UTC),
            live_due=datetime(2026, 12, 5, 23, tzinfo=UTC),
            brief="Cuenta tu historia.",
            review=True,
            ask=Ask(
                campaign="Somos Lo Mismo Panamá",
                hashtag="#SomosLoMismo",
                desk="America/Panama",
                timezone="America/Panama",
                captions={"any": Caption(text="")},
            ),
        ),
    )


def test_a_draft_may_be_due_with_the_post(desk: Desk) -> None:
    [handoff] = desk.read(f"{HEAD}{HANDOFF}draft_due = 2026-12-05T18:00:00").handoffs
    assert handoff.draft_due == handoff.live_due


@pytest.mark.parametrize("year", [2000, 2199])
def test_a_due_time_lies_within_two_centuries(desk: Desk, year: int) -> None:
    [post] = desk.read(HEAD + POST.replace("2026", str(year))).posts
    assert post.due.year == year


def test_a_grace_is_a_length_of_time(desk: Desk) -> None:
    assert desk.read(f'{HEAD}{POST}grace = "1h30m"').posts[0].grace == timedelta(minutes=90)


def test_an_asset_is_measured_once_for_all_the_posts_that_show_it(desk: Desk) -> None:
    again = POST.replace("historia-carmen", "otra-vez")
    first, second = desk.read(HEAD + POST + again).posts
    assert first.variants[X].assets[0] is second.variants[FACEBOOK].assets[0]
    first, second = desk.read(HEAD + POST + again.replace("carmen.jpg", "./carmen.jpg")).posts
    assert first.variants[X].assets[0] is second.variants[FACEBOOK].assets[0]


def test_a_post_that_fell_due_this_minute_may_still_be_scheduled(desk: Desk) -> None:
    due = datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert desk.read(now=due + timedelta(minutes=4)).posts
    with pytest.raises(InvalidFiles, match="is past"):
        desk.read(now=due + timedelta(minutes=6))


def test_a_due_time_that_is_past_is_no_problem_for_deliveries_that_are_known(desk: Desk) -> None:
    known = {f"panama/historia-carmen@{channel}" for channel in (FACEBOOK, INSTAGRAM, X)}
    assert desk.read(now=datetime(2027, 1, 1, tzinfo=UTC), known=known).posts


def test_several_files_are_read_in_the_order_they_are_named(desk: Desk) -> None:
    paths = [desk.write(HEAD, "b.toml"), desk.write(HEAD, "a.toml")]
    campaigns = read_campaigns(paths, media_root=desk.media)
    assert [campaign.slug for campaign in campaigns] == ["b", "a"]


def test_a_card_on_facebook_is_a_line_of_the_text_elsewhere(desk: Desk) -> None:
    body = POST.replace('assets = ["carmen.jpg"]', 'link = "https://www.somoslomismo.com/"')
    draw(desk.media / "b.jpg")
    variants = '[post.variant.instagram]\nassets = ["b.jpg"]'
    [post] = desk.read(HEAD + body + variants).posts
    assert post.variants[FACEBOOK].link == "https://www.somoslomismo.com/"
    assert post.variants[X].link is None
    assert "https://www.somoslomismo.com/" in post.variants[X].text.splitlines()
