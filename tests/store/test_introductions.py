"""What the networks said of the secrets is kept as it was said, and what waits is told in short."""

from collections.abc import Callable
from dataclasses import replace

from somos_social.core.model.channel import Identity, Introduction, Quota
from somos_social.core.model.delivery import Status, Waiting
from somos_social.store import Store
from tests.samples import FACEBOOK, HOUR, NOW, X, a_comment, a_delivery, standing

FULL = Introduction(
    channel=FACEBOOK,
    checked_at=NOW,
    identity=Identity(
        remote_id="1000001",
        name="Somos Lo Mismo — Panamá",
        expires_at=NOW + HOUR,
        data_access_ends_at=NOW + 2 * HOUR,
        granted=("pages_manage_posts",),
        quota=Quota(total=100, used=7),
        untold=("Nadie dijo más.",),
    ),
)
BARE = Introduction(channel=X, checked_at=NOW, identity=Identity(remote_id="2", name="Somos"))


def test_an_introduction_is_kept_as_it_was(store: Store) -> None:
    store.introduce(FULL)
    store.introduce(BARE)
    assert store.introductions() == {FACEBOOK: FULL, X: BARE}


def test_a_later_introduction_takes_the_place_of_the_one_before(store: Store) -> None:
    store.introduce(FULL)
    later = replace(BARE, channel=FACEBOOK, checked_at=NOW + HOUR)
    store.introduce(later)
    assert store.introductions() == {FACEBOOK: later}


def test_a_channel_with_another_secret_is_not_introduced_any_more(store: Store) -> None:
    store.introduce(FULL)
    store.introduce(BARE)
    store.forget_introduction(FACEBOOK)
    assert store.introductions() == {X: BARE}


def test_what_waits_is_told_with_whether_it_follows_another(
    store: Store, put: Callable[..., None]
) -> None:
    post = a_delivery()
    put(post, a_comment(post), standing(Status.CLAIMED, "dos"), standing(Status.FAILED, "tres"))
    told = {each.key: each for each in store.waiting()}
    assert told[post.key] == Waiting(key=post.key, channel=X, due_at=NOW, follows=False)
    assert told[f"{post.key}#comment"].follows
    assert len(told) == 3


def test_posts_that_became_public_since_then_are_told_without_their_comments(
    store: Store, put: Callable[..., None]
) -> None:
    post = standing(Status.PUBLISHED)
    early = standing(Status.PUBLISHED, "dos", asked_at=NOW - HOUR)
    put(post, early, replace(a_comment(post), status=Status.PUBLISHED, asked_at=NOW))
    assert store.published_since(NOW - HOUR) == [(X, NOW)]
