"""rehearse: a whole campaign in seconds, beside whatever else lies in the folder."""

import re
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import requests
from PIL import Image

from somos_social import rehearsal
from somos_social.core.model.delivery import Status
from somos_social.sandbox import PublicPost, Sandbox
from tests.cli.stage import FACEBOOK, FAR, SLUG, Stage, key
from tests.samples import standing


@pytest.fixture
def rehearsable(stage: Stage) -> Stage:
    """Three posts, of which one goes to all three networks with a picture and a first comment."""
    stage.campaign({"uno": FAR, "dos": FAR + timedelta(days=40)})
    path = stage.folder / "campaigns/prueba.toml"
    text = path.read_text(encoding="utf-8").replace("channels = [", 'channels = ["instagram:pa", ')
    text = text.replace("text =", 'assets = ["foto.jpg"]\nfirst_comment = "¿Y tú?"\ntext =')
    path.write_text(text, encoding="utf-8")
    (stage.folder / "media").mkdir()
    Image.new("RGB", (600, 600), "teal").save(stage.folder / "media" / "foto.jpg")
    return stage


def test_the_whole_campaign_goes_out_and_its_feeds_are_kept(rehearsable: Stage) -> None:
    answer = rehearsable.somos("rehearse", SLUG, "--out", "kept", "--json")
    assert answer.code == 0
    assert answer.json["public"] == {"facebook": 2, "instagram": 2, "x": 2}
    assert {it["status"] for it in answer.json["deliveries"]} == {"published"}
    assert len(answer.json["deliveries"]) == 12
    published = [it["at"] for it in answer.json["log"] if it["to"] == "published"]
    assert (published[0], len(published)) == ("2060-12-01T14:00:00Z", 12)
    assert answer.json["seconds"] > 0
    feeds = Path(unquote(urlsplit(answer.json["feeds"]).path))
    assert feeds == rehearsable.folder / "kept" / "feeds" / "index.html"
    assert "Somos lo mismo. dos" in (feeds.parent / "x-somoslomismo.html").read_text("utf-8")


def test_people_see_each_publication_and_the_sums(rehearsable: Stage) -> None:
    out = rehearsable.somos("rehearse", SLUG, "--out", "kept").out
    header, first, *_ = out.splitlines()
    assert header == "published (America/Panama)\tchannel\tpost\twhere"
    assert first.startswith(f"2060-12-01 09:00\t{FACEBOOK}\tuno\thttps://www.facebook.com/")
    assert f"\t{FACEBOOK}\tuno (first comment)\t" in out
    assert "12 deliveries of 12 published in " in out
    assert "Posts: 2 on facebook, 2 on instagram, 2 on x." in out
    assert f"Their feeds: file://{rehearsable.folder}/kept/feeds/index.html\n" in out


def test_a_rehearsal_in_the_folder_of_the_real_thing_leaves_it_alone(rehearsable: Stage) -> None:
    ours = {"config.toml": "# the real one\n", "somos.db": "the real one", ".env": "SECRET=1"}
    for name, text in ours.items():
        rehearsable.write(name, text)
    assert rehearsable.somos("rehearse", SLUG, "--out", ".").code == 0
    assert rehearsable.somos("rehearse", SLUG, "--out", ".").code == 0
    assert {name: (rehearsable.folder / name).read_text("utf-8") for name in ours} == ours


def test_without_a_folder_it_makes_a_private_one(rehearsable: Stage) -> None:
    answer = rehearsable.somos("rehearse", SLUG, "--json")
    folder = Path(unquote(urlsplit(answer.json["feeds"]).path)).parent.parent
    assert folder.stat().st_mode & 0o077 == 0


def test_a_campaign_with_problems_is_not_rehearsed(stage: Stage) -> None:
    stage.campaign({"uno": FAR}, head="nonsense = 1")
    answer = stage.somos("rehearse", SLUG, "--out", "kept", "--json")
    assert answer.code == 3
    assert not (stage.folder / "kept").exists()


def test_what_does_not_go_out_is_said_and_ends_with_6(
    rehearsable: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        from somos_social.core.events import Refused
        from somos_social.platforms import Unfulfilled

        raise Unfulfilled(Refused("No, says X."))

    monkeypatch.setattr("somos_social.platforms.x.X.publish", refused)
    answer = rehearsable.somos("rehearse", SLUG, "--out", "kept")
    assert answer.code == 6
    assert "NOT PUBLISHED:" in answer.out
    assert f"{key('uno')}\tfailed\tNo, says X." in answer.out
    assert "8 deliveries of 12 published" in answer.out


def test_faults_strike_the_same_way_for_the_same_seed_and_double_nothing(
    rehearsable: Stage,
) -> None:
    answers = [
        rehearsable.somos("rehearse", SLUG, "--faults", seed, "--json").json
        for seed in ("5", "5", "6")
    ]
    first, again, other = answers
    for told in answers:
        assert sum(told["faults"]["struck"].values()) > 0
        assert told["faults"]["differences"] == []
        assert len(told["deliveries"]) == 12
        del told["seconds"], told["feeds"]
    assert first["faults"]["seed"] == 5
    assert again == first
    assert other["log"] != first["log"]


def test_people_see_what_each_delivery_went_through(rehearsable: Stage) -> None:
    out = rehearsable.somos("rehearse", SLUG, "--faults", "5", "--out", "kept").out
    assert re.search(r"^\d+ faults? struck, with the seed 5: \d+ ", out, re.MULTILINE)
    assert re.search(r"^\d+ deliver.* went straight through. The others:$", out, re.MULTILINE)
    assert re.search(rf"^{SLUG}/(uno|dos)@\S+\t.*, then .*published$", out, re.MULTILINE)
    assert "What is public is what was recorded: nothing doubled, nothing forgotten.\n" in out


def test_without_faults_nothing_is_told_of_any(rehearsable: Stage) -> None:
    assert "faults" not in rehearsable.somos("rehearse", SLUG, "--json").json
    assert "struck" not in rehearsable.somos("rehearse", SLUG).out


def test_a_post_that_nobody_knows_of_is_told_and_ends_with_6(
    rehearsable: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Sandbox.posts

    def one_copy_more(box: Sandbox) -> list[PublicPost]:
        posts = real(box)
        return [*posts, replace(posts[0], id="404", url="https://x.com/somoslomismo/status/404")]

    monkeypatch.setattr(Sandbox, "posts", one_copy_more)
    answer = rehearsable.somos("rehearse", SLUG, "--faults", "5")
    assert answer.code == 6
    assert "WHAT IS PUBLIC IS NOT WHAT WAS RECORDED:\n" in answer.out
    assert "https://x.com/somoslomismo/status/404 is public, but is no delivery's" in answer.out


def test_what_counts_as_published_and_is_not_public_is_told() -> None:
    delivery = standing(Status.PUBLISHED)
    assert rehearsal.differences([delivery], []) == [
        f"{delivery.key} counts as published, but is not public."
    ]


def test_the_feeds_are_served_until_ctrl_c(rehearsable: Stage) -> None:
    running = rehearsable.start("rehearse", SLUG, "--out", "kept", "--serve")
    assert running.stderr
    line = running.stderr.readline()
    url = line.removeprefix("The feeds are at ").split()[0]
    assert "Somos lo mismo. dos" in requests.get(f"{url}/feeds/x/somoslomismo", timeout=10).text
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "12 deliveries of 12" in out
