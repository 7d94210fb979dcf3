"""Complaints of pictures and videos that did not arrive or ate the memory: not here."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from somos_social.core.model.delivery import Status
from somos_social.errors import InvalidFiles
from somos_social.flows import attention
from tests.complaints.whole import CHANNELS, FACEBOOK, INSTAGRAM, Whole, X
from tests.platforms.servers import Asked, Reply, answering, reply
from tests.platforms.stage import film

MIB = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


def test_a_picture_that_was_not_fetched_at_first_is_published(whole: Whole) -> None:
    """9004/2207052, "media could not be fetched", ended posts of all workspaces.

    https://github.com/inovector/mixpost/issues/197
    """
    whole.fail("POST /graph/*/media", "not-fetched", times=2)
    whole.schedule(channels=(INSTAGRAM,))
    whole.go_on()
    assert whole.stands(INSTAGRAM).status is Status.PUBLISHED
    assert len(whole.public(INSTAGRAM)) == 1


def test_pictures_that_instagram_cannot_reach_are_told_before_anything_is_scheduled(
    whole: Whole,
) -> None:
    """Media on a local machine failed only at the hour of the post: "Media fetch failed".

    https://github.com/gitroomhq/postiz-app/issues/1004
    """
    whole.apps.append(replace(whole.app, pictures_are_public=False))
    with pytest.raises(InvalidFiles) as caught:
        whole.schedule()
    assert ["public_url" in problem.hint for problem in caught.value.problems] == [True]
    assert whole.app.store.listed() == []


def test_one_slow_picture_of_six_does_not_end_a_carousel(whole: Whole) -> None:
    """One slow item of a carousel of six failed the whole post for good.

    https://github.com/gitroomhq/postiz-app/pull/1900
    """
    names = [f"{number}.jpg" for number in range(6)]
    for number, name in enumerate(names):
        color = (number * 40, 100, 200)
        Image.new("RGB", (600, 600), color).save(whole.folder / "media" / name)
    whole.fail("POST /graph/*/media", "container-slow", polls=30)
    whole.schedule(channels=(INSTAGRAM,), more=f"assets = {names}")
    whole.go_on()
    (post,) = whole.public(INSTAGRAM)
    assert len(post.media) == 6
    assert whole.stands(INSTAGRAM).status is Status.PUBLISHED


@pytest.mark.parametrize("subcode", [2207082, 2207085])
def test_what_instagram_could_not_process_is_told_with_what_to_do(
    whole: Whole, subcode: int
) -> None:
    """Bare numbers, 2207082 and 2207085, were all that was shown of a failed video.

    https://github.com/gitroomhq/postiz-app/pull/1992
    https://github.com/gitroomhq/postiz-app/pull/2033
    """
    whole.fail("POST /graph/*/media", "container-error", times=1000, subcode=subcode)
    whole.schedule(channels=(INSTAGRAM,))
    whole.go_on()
    [failed] = attention.needs_a_person(whole.app)
    assert failed.status is Status.FAILED
    assert "Export it again: a picture as JPEG, a video as MP4" in (failed.reason or "")
    assert str(subcode) in (failed.reason or "")
    assert whole.public(INSTAGRAM) == []


def test_a_video_without_sound_is_sent_with_nothing_attached_to_it(whole: Whole) -> None:
    """2207082 came from attaching sound to a video that has no stream of sound.

    https://github.com/gitroomhq/postiz-app/pull/1992
    """
    film(whole.folder / "media" / "corto.mp4", noisy=False)
    whole.schedule(channels=(INSTAGRAM,), more='assets = ["corto.mp4"]')
    whole.go_on()
    (made,) = whole.calls("/media")
    assert set(made["form"]) == {
        "access_token",
        "caption",
        "media_type",
        "share_to_feed",
        "upload_type",
    }
    assert whole.stands(INSTAGRAM).status is Status.PUBLISHED


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_file_that_is_no_video_is_told_before_it_is_scheduled(whole: Whole, channel: str) -> None:
    """What a network cannot process came back as a bare number, long after the hour.

    https://github.com/gitroomhq/postiz-app/pull/2033
    """
    (whole.folder / "media" / "corto.mp4").write_bytes(b"no video at all" * 1000)
    with pytest.raises(InvalidFiles) as caught:
        whole.schedule(channels=(channel,), more='assets = ["corto.mp4"]')
    [problem] = caught.value.problems
    assert "corto.mp4" in problem.file + problem.problem
    assert problem.hint


def test_a_reel_is_published_as_a_reel_and_waits_for_nobody(whole: Whole) -> None:
    """Reels sent to the edge of videos became drafts that a person had to publish by hand.

    https://github.com/gitroomhq/postiz-app/pull/1740
    """
    film(whole.folder / "media" / "corto.mp4", noisy=False)
    whole.schedule(channels=(FACEBOOK, INSTAGRAM), more='assets = ["corto.mp4"]\nformat = "reel"')
    whole.go_on()
    begun, finished = whole.calls("/video_reels")
    assert begun["form"]["upload_phase"] == "start"
    assert finished["form"]["video_state"] == "PUBLISHED"
    assert whole.calls("/videos") == []
    for channel in (FACEBOOK, INSTAGRAM):
        (post,) = whole.public(channel)
        assert post.format == "reel"
        assert whole.stands(channel).status is Status.PUBLISHED


SIZE = 160 * MIB
ROOM = 40 * MIB
PREPARE = """
import resource, sys
from datetime import datetime, timedelta, UTC
from pathlib import Path
from somos_social import media, settings, wiring
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery
from somos_social.core.model.post import Format, Variant

config, channel, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
loaded = settings.load(Path(config), {"TOKEN": "secret"})
video = Asset(
    path="grande.mp4", sha256="0" * 64, kind=Kind.VIDEO, mime="video/mp4", size=size,
    width=540, height=960,
)
now = datetime(2026, 12, 1, 14, tzinfo=UTC)
delivery = Delivery(
    key="k", campaign="c", post="p", channel=channel, due_at=now, run_at=now, expires_at=now,
    grace=timedelta(0),
    variant=Variant(text="Somos lo mismo.", format=Format(sys.argv[4]), assets=(video,)),
)
platform = wiring.Platforms(loaded, now=lambda: now)(channel)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
media.fingerprint(loaded.media_root, video.path)
platform.prepare(delivery, None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def network(asked: Asked) -> Reply:
    """Meta and X, as far as an upload goes: all that comes is taken."""
    begun = {"id": "7", "video_id": "7", "upload_session_id": "8", "success": True}
    sent = str(SIZE) if int(asked.headers.get("content-length", 0)) > SIZE else "0"
    offsets = {"start_offset": sent, "end_offset": str(SIZE)}
    return reply({**begun, **offsets, "status_code": "FINISHED", "data": {"id": "7"}})


@pytest.mark.parametrize(
    ("channel", "format"),
    [(FACEBOOK, "feed"), (FACEBOOK, "reel"), (INSTAGRAM, "reel"), (X, "feed")],
)
def test_a_large_video_does_not_fill_the_memory(tmp_path: Path, channel: str, format: str) -> None:
    """A video of 300 MB for X cost a worker 918 MB of memory; others capped the size instead.

    https://github.com/gitroomhq/postiz-app/pull/1796
    https://github.com/gitroomhq/postiz-app/issues/1431
    """
    (tmp_path / "media").mkdir()
    with (tmp_path / "media" / "grande.mp4").open("wb") as file:
        file.truncate(SIZE)
    script = tmp_path / "prepare.py"
    script.write_text(PREPARE, encoding="utf-8")
    names = {"x": ["api_key", "api_secret", "access_token", "access_token_secret"]}
    platform = channel.partition(":")[0]
    ids = {"facebook": 'page_id = "1"', "instagram": 'user_id = "1"'}
    lines = [f'{name} = "env:TOKEN"' for name in names.get(platform, ["token"])]
    with answering(network, keeping=MIB // 4) as server:
        rebase = [f'"{origin}" = "{url}"' for origin, url in server.rebase.items()]
        channels = ["[[channel]]", f'name = "{channel}"', ids.get(platform, ""), *lines]
        config = tmp_path / "config.toml"
        config.write_text("\n".join(["[rebase]", *rebase, *channels]) + "\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, script, config, channel, str(SIZE), format],
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        received = sum(int(asked.headers.get("content-length", 0)) for asked in server.asked)
    assert done.returncode == 0, done.stderr
    assert received > SIZE
    assert int(done.stdout) < ROOM
