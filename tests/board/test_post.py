"""A yes on the board is a yes to what was seen there, by someone who may give it; and no more."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image

from somos_social.core.clearance import missing
from somos_social.core.delivery import decide
from somos_social.core.events import Amended
from somos_social.core.guests import Guest
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Variant
from somos_social.errors import NotAllowed
from somos_social.flows import approval, invitations
from tests.board.conftest import HEAD, POST, SLUG, Desk
from tests.fuzz.cases import HOSTILE
from tests.samples import FACEBOOK, INSTAGRAM, POLICY, X, an_asset

PAGE = f"/post/{SLUG}/carmen"
EDITED = POST.replace("Carmen llegó con una receta.", "Carmen llegó con dos recetas.")


def whose(desk: Desk, channel: str = X) -> list[str]:
    """Whose word the delivery of the post on this channel still lacks."""
    found = [it for it in desk.app.store.pages.of_post(SLUG, "carmen") if it.channel == channel]
    said = desk.app.store.said_of(found)
    return missing(found[0], said, desk.clock())


# A yes.


def test_a_yes_stands_there_exactly_as_one_from_the_command_line(scheduled: Desk) -> None:
    found = scheduled.app.store.pages.of_post(SLUG, "carmen")
    ana = scheduled.visitor()
    answer = ana.say("approve")
    assert "Su visto bueno quedó registrado" in answer.text
    on_the_board = _words(scheduled)
    kept = scheduled.app.store.approvals.given([it.key for it in found])
    approval.approve(scheduled.app, invitations.speaks(scheduled.app, _ana(scheduled)), found)
    on_the_command_line = _words(scheduled)[len(on_the_board) :]
    assert on_the_board == [{**entry, "from": None} for entry in on_the_command_line]
    assert kept == scheduled.app.store.approvals.given([it.key for it in found])
    assert len(kept) == len(found) == 6
    assert scheduled.app.store.broken_links() == []


def _ana(desk: Desk) -> Guest:
    guest = desk.app.store.guests.named("Ana")
    assert guest is not None
    return guest


def _words(desk: Desk) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in entry.items() if name not in ("id", "hash")}
        for entry in desk.app.store.log(channel="desk:approvals")
        if entry["event"] == "approved"
    ]


def test_once_both_have_said_yes_nothing_is_missing(scheduled: Desk) -> None:
    ana, eva = scheduled.visitor(), scheduled.visitor("IOM:Eva")
    ana.say("approve")
    assert whose(scheduled) == ["IOM has not approved it"]
    assert "Falta el visto bueno de <bdi>IOM</bdi></p>" in ana.get(PAGE).text
    eva.say("approve")
    assert whose(scheduled) == []
    assert "Falta el visto bueno" not in ana.get(PAGE).text


def test_a_yes_may_be_one_to_some_channels(scheduled: Desk) -> None:
    scheduled.visitor().say("approve", channel=[X])
    assert whose(scheduled, X) == ["IOM has not approved it"]
    assert len(whose(scheduled, FACEBOOK)) == len(whose(scheduled, INSTAGRAM)) == 2


@pytest.mark.parametrize("verb", ["approve", "changes"])
def test_a_reader_may_look_and_say_nothing(scheduled: Desk, verb: str) -> None:
    luz, ana = scheduled.reader(), scheduled.visitor()
    page = luz.get(PAGE).text
    assert "Carmen llegó con una receta." in page
    assert "Dar el visto bueno" not in page
    before = scheduled.events
    seen = re.findall(r'name="seen" value="([^"]+)"', ana.get(PAGE).text)
    answer = luz.post(
        f"{PAGE}/{verb}", on="/queue", seen=seen, channel=[X], comment="No.", reason="x"
    )
    assert answer.status_code == 403
    assert "Usted puede mirar" in answer.text
    assert scheduled.events == before


def test_an_approver_who_was_removed_says_nothing_any_more(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    token, seen = ana.token(PAGE), re.findall(r'name="seen" value="([^"]+)"', ana.get(PAGE).text)
    approval.remove(scheduled.app, "UNHCR:Ana")
    answer = ana.http.post(f"{PAGE}/approve", data={"token": token, "seen": seen, "channel": X})
    assert answer.status_code == 403
    assert "Dar el visto bueno</button>" not in ana.get(PAGE).text
    assert len(whose(scheduled)) == 2


def test_an_organisation_that_is_not_asked_says_nothing(scheduled: Desk) -> None:
    eva = scheduled.visitor("UNICEF:Eva")
    assert "Dar el visto bueno</button>" not in eva.get(PAGE).text
    answer = eva.post(f"{PAGE}/approve", on="/queue", channel=[X], seen=["x"])
    assert answer.status_code == 409
    assert len(whose(scheduled)) == 2


def test_nobody_acts_for_two_organisations(scheduled: Desk) -> None:
    scheduled.visitor("UNHCR:Ana").say("approve")
    with pytest.raises(NotAllowed):
        scheduled.link("IOM:Ana")
    assert whose(scheduled) == ["IOM has not approved it"]


@pytest.mark.parametrize("verb", ["approve", "changes"])
def test_what_was_edited_while_it_was_looked_at_is_not_what_was_seen(
    scheduled: Desk, verb: str
) -> None:
    ana = scheduled.visitor()
    page = ana.get(PAGE).text
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    scheduled.campaign(EDITED)
    answer = ana.say(verb, seen=seen, comment="Otra foto.")
    assert answer.status_code == 409
    assert "cambió desde que usted la abrió" in answer.text
    assert len(whose(scheduled)) == 2
    assert scheduled.app.store.approvals.change_requests([f"{SLUG}/carmen@{X}"]) == []


def test_what_was_added_while_it_was_looked_at_was_not_seen_either(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    seen = re.findall(r'name="seen" value="([^"]+)"', ana.get(PAGE).text)
    without = [it for it in seen if "#comment" not in it]
    assert ana.say("approve", seen=without).status_code == 409
    assert len(whose(scheduled)) == 2


def test_an_edit_after_the_yes_voids_it_and_both_are_shown_side_by_side(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    ana.say("approve")
    scheduled.campaign(EDITED)
    assert whose(scheduled)[1] == "UNHCR has not approved it since it was changed"
    page = ana.get(PAGE).text
    assert "Lo aprobado por <bdi>UNHCR</bdi>" in page
    assert "Carmen llegó con una receta." in page
    assert "Carmen llegó con dos recetas." in page
    assert re.search(r"<del>.*?una receta\.</del>", page)
    assert re.search(r"<ins>.*?dos recetas\.</ins>", page)
    assert "(cambió después)" in page
    ana.say("approve")
    assert "Lo aprobado por" not in ana.get(PAGE).text


def test_whoever_did_not_approve_before_sees_what_others_approved(scheduled: Desk) -> None:
    scheduled.visitor().say("approve")
    scheduled.campaign(EDITED)
    for visitor in (scheduled.visitor("IOM:Eva"), scheduled.reader()):
        assert "Lo aprobado por <bdi>UNHCR</bdi>" in visitor.get(PAGE).text


def test_what_is_public_or_cancelled_is_asked_of_nobody(scheduled: Desk) -> None:
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET status = 'cancelled'")
    ana = scheduled.visitor()
    assert "Dar el visto bueno</button>" not in ana.get(PAGE).text
    assert ana.say("approve", channel=[X], seen=["x"]).status_code == 409


# A wish for changes.


def test_a_wish_for_changes_stands_in_the_log_and_voids_the_yes(scheduled: Desk) -> None:
    ana, eva = scheduled.visitor(), scheduled.visitor("IOM:Eva")
    ana.say("approve")
    eva.say("approve")
    answer = ana.say("changes", comment="  Falta Elvia.\r\n¿La ponemos?  ")
    assert "Su petición quedó registrada" in answer.text
    assert whose(scheduled) == ["UNHCR has not approved it"]
    last = scheduled.app.store.log(channel="desk:approvals")[-1]
    assert (last["event"], last["actor"], last["reason"]) == (
        "changes-requested",
        "UNHCR:Ana",
        "Falta Elvia.\n¿La ponemos?",
    )
    for visitor in (eva, scheduled.reader(), ana):
        assert "Falta Elvia." in visitor.get(PAGE).text
    assert scheduled.app.store.broken_links() == []
    ana.say("approve")
    assert whose(scheduled) == []
    assert "Se piden cambios" not in ana.get(PAGE).text


def test_what_the_wish_was_about_is_shown_beside_what_was_made_of_it(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    ana.say("changes", comment="Son dos recetas.")
    scheduled.campaign(EDITED)
    page = ana.get(PAGE).text
    assert "Lo comentado por <bdi>UNHCR</bdi>" in page
    assert re.search(r"<ins>.*?dos recetas\.</ins>", page)


@pytest.mark.parametrize("comment", ["", "   \n ", "a" * 2001, "x\x1b[2Jy", "a\x00b"])
def test_a_wish_without_words_or_with_more_than_words_is_asked_for_again(
    scheduled: Desk, comment: str
) -> None:
    ana = scheduled.visitor()
    ana.say("approve")
    answer = ana.say("changes", comment=comment)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "Escriba qué debe cambiar" in answer.text
    assert whose(scheduled) == ["IOM has not approved it"]


# What is seen.


def test_each_network_shows_it_in_its_own_way(scheduled: Desk) -> None:
    page = scheduled.reader().get(PAGE).text
    for look in ("look facebook feed", "look instagram feed", "look x feed"):
        assert look in page
    assert "¿Cuál es la tuya?" in page
    assert "Carmen amasa." in page
    assert "© ACNUR" in page
    assert '<b class="hashtag">#SomosLoMismo</b>' in page
    assert "mié 2 dic 2026, 09:00" in page
    assert "America/Panama" in page


def test_a_published_post_leads_to_where_it_can_be_seen(scheduled: Desk) -> None:
    with scheduled.app.store._write() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET status = 'published', remote_id = '1', url = 'https://x.com/1' "
            "WHERE channel LIKE 'x:%'"
        )
        connection.exec_driver_sql(
            "UPDATE deliveries SET status = 'published', remote_id = '2', url = 'javascript:x' "
            "WHERE channel LIKE 'facebook:%'"
        )
    page = scheduled.reader().get(f"{PAGE}/state").text
    assert 'href="https://x.com/1" rel="noopener noreferrer external"' in page
    assert "javascript" not in page
    assert "publicada" in page


def _put(desk: Desk, delivery: Delivery, variant: Variant) -> None:
    """As a database would hold it that somebody else wrote; no campaign file lets it pass."""
    move = decide(delivery, Amended(variant, delivery.due_at, delivery.grace), desk.clock(), POLICY)
    desk.app.store.schedule((), [move], (), now=desk.clock(), actor="luz")


@pytest.mark.parametrize("text", ["\n".join(HOSTILE), *HOSTILE[:2]], ids=["all", "one", "two"])
def test_no_caption_acts_hides_or_turns_around(scheduled: Desk, text: str) -> None:
    found = scheduled.app.store.pages.of_post(SLUG, "carmen")
    asset = found[0].variant.assets[0]
    for each in found:
        described = {"alt": text, "credit": text}
        hostile = Variant(
            format=each.variant.format,
            text=text,
            assets=(an_asset(**{**_facts(asset), **described}),) if each.variant.assets else (),
        )
        _put(scheduled, each, hostile)
    ana = scheduled.visitor()
    for path in (PAGE, "/queue", "/log", "/calendar?day=2026-12-02"):
        _harmless(ana.get(path).text)
    if "{{7*7}}" in text:
        assert "{{7*7}}" in ana.get(PAGE).text
    ana.say("approve")
    if text.strip() and all(line.isprintable() for line in text.strip().split("\n")):
        ana.say("changes", comment=text[:2000])
        _harmless(ana.get(PAGE).text)


def _facts(asset: Any) -> Mapping[str, Any]:
    names = ("path", "sha256", "kind", "mime", "size", "width", "height")
    return {name: getattr(asset, name) for name in names}


def _harmless(page: str) -> None:
    assert page.count("<script") == 1
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page)
    assert not re.search("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]", page)
    assert "<script>alert" not in page


# Pictures.


def sources(page: str) -> list[str]:
    return re.findall(r'(?:src|poster)="(/media/[^"]+)"', page)


def test_pictures_come_from_the_media_folder_drawn_anew(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    found = set(sources(ana.get(PAGE).text))
    assert found
    for path in found:
        answer = ana.get(path)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["cache-control"].startswith("private")
        assert answer.content[:2] == b"\xff\xd8"


def test_what_no_delivery_of_the_post_names_is_not_there(scheduled: Desk) -> None:
    secret = scheduled.app.media_root / "geheim.jpg"
    Image.new("RGB", (10, 10)).save(secret)
    ana = scheduled.visitor()
    [path, *_] = sources(ana.get(PAGE).text)
    name = path.rpartition("/")[2]
    for other in (
        "geheim.jpg",
        "carmen.jpg",
        "..%2f..%2fsomos.db",
        "..%2fmedia%2fcarmen.jpg",
        "%2fetc%2fpasswd",
        name.replace(".jpg", ".film"),
        name.replace(".jpg", ".toml"),
        name.replace(".jpg", ""),
        f"{'0' * 32}.jpg",
    ):
        assert ana.get(f"/media/{SLUG}/carmen/{other}").status_code == 404, other
    assert ana.get(f"/media/otra/carmen/{name}").status_code == 404


def test_a_file_that_changed_since_is_not_shown_as_what_was_scheduled(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    [path, *_] = sources(ana.get(PAGE).text)
    Image.new("RGB", (400, 500), "red").save(scheduled.app.media_root / "carmen.jpg")
    assert ana.get(path).status_code == 404
    page = ana.get(PAGE).text
    assert sources(page) == []
    assert "La imagen no se puede mostrar" in page


def test_a_link_out_of_the_media_folder_is_not_followed(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    [path, *_] = sources(ana.get(PAGE).text)
    file = scheduled.app.media_root / "carmen.jpg"
    file.rename(scheduled.folder / "fuera.jpg")
    file.symlink_to(scheduled.folder / "fuera.jpg")
    assert ana.get(path).status_code == 404


def test_what_was_approved_with_another_picture_is_still_seen_where_it_lies(
    scheduled: Desk,
) -> None:
    ana = scheduled.visitor()
    ana.say("approve")
    [before, *_] = sources(ana.get(PAGE).text)
    media = scheduled.app.media_root
    Image.new("RGB", (400, 500), "red").save(media / "otra.jpg")
    (media / "otra.jpg.toml").write_text('alt = "Otra."\n')
    scheduled.campaign(POST.replace('["carmen.jpg"]', '["otra.jpg"]', 1))
    page = ana.get(PAGE).text
    assert before in sources(page)
    assert len(set(sources(page))) == 2
    assert ana.get(before).status_code == 200
    assert "Las imágenes o videos" in page


def test_a_picture_of_a_post_is_for_those_who_have_come_in(scheduled: Desk) -> None:
    ana = scheduled.visitor()
    [path, *_] = sources(ana.get(PAGE).text)
    ana.post("/leave")
    assert ana.get(path).status_code == 401


def test_a_post_that_is_not_there_is_told(scheduled: Desk) -> None:
    answer = scheduled.visitor().get("/post/prueba/nada")
    assert answer.status_code == 404
    assert "Eso no está aquí" in answer.text


def test_a_post_whose_campaign_asks_for_nobody_says_so(desk: Desk) -> None:
    desk.campaign(head=HEAD.replace('approvals = ["UNHCR", "IOM"]', ""))
    page = desk.visitor().get(PAGE).text
    assert "no pide el visto bueno de nadie" in page
    assert "Dar el visto bueno</button>" not in page


def test_another_hour_is_another_thing_to_say_yes_to_where_the_yes_binds_it(
    scheduled: Desk,
) -> None:
    scheduled.app.store.binds_time = True
    ana = scheduled.visitor()
    ana.say("approve")
    scheduled.campaign(POST.replace("2026-12-02T09:00", "2026-12-02T10:00"))
    assert whose(scheduled)[1] == "UNHCR has not approved it since it was changed"
    page = ana.get(PAGE).text
    assert "<dt>La hora</dt>" in page
