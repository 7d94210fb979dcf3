"""The libraries that people really use work against the stand-ins as they are."""

import json
from datetime import timedelta

import facebook
import pytest
import requests
import tweepy
from requests.adapters import HTTPAdapter

from somos_social.sandbox import Sandbox

from .networks import IG_USER, PAGE, Clock, Picture, X


class Rebase(HTTPAdapter):
    """Answers the Graph API's public origin from the stand-in."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__()
        self.box = box

    def send(
        self, request: requests.PreparedRequest, *args: object, **kwargs: object
    ) -> requests.Response:
        origin = "https://graph.facebook.com"
        request.url = (request.url or "").replace(origin, self.box.origins[origin])
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]


def graph_api(box: Sandbox, token: str) -> facebook.GraphAPI:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://graph.facebook.com/", Rebase(box))
    api = facebook.GraphAPI(token, session=session, timeout=5)
    api.version = "v26.0"
    return api


def test_facebook_sdk_posts_an_album(box: Sandbox, picture: Picture) -> None:
    api = graph_api(box, "facebook-token")
    assert api.get_version() == "26.0"
    photos = []
    for name in ("a.jpg", "b.jpg"):
        with picture(name).open("rb") as file:
            made = api.put_photo(file, album_path=f"{PAGE}/photos", published="false")
        photos.append({"media_fbid": made["id"]})
    post = api.put_object(PAGE, "feed", message="dos", attached_media=json.dumps(photos))
    assert api.get_object(post["id"], fields="message")["message"] == "dos"
    api.put_comment(post["id"], message="y más")
    assert len(box.posts()) == 2
    assert api.delete_object(post["id"]) == {"success": True}


def test_facebook_sdk_sends_lists_and_booleans_that_are_refused(box: Sandbox) -> None:
    api = graph_api(box, "facebook-token")
    with pytest.raises(facebook.GraphAPIError) as caught:
        api.put_object(PAGE, "feed", message="x", attached_media=[{"media_fbid": "1"}])
    assert caught.value.code == 100
    with pytest.raises(facebook.GraphAPIError):
        api.put_object(PAGE, "feed", message="x", published=True)


def test_facebook_sdk_of_its_own_version_is_refused(box: Sandbox) -> None:
    api = graph_api(box, "facebook-token")
    api.version = "v2.8"
    with pytest.raises(facebook.GraphAPIError) as caught:
        api.get_object("me")
    assert caught.value.code == 2635


def test_facebook_sdk_publishes_on_instagram(box: Sandbox, picture: Picture, clock: Clock) -> None:
    picture()
    api = graph_api(box, "instagram-token")
    made = api.put_object(IG_USER, "media", image_url=f"{box.media_url}foto.jpg", caption="x")
    clock.pass_(seconds=2)
    assert api.get_object(made["id"], fields="status_code")["status_code"] == "FINISHED"
    media = api.put_object(IG_USER, "media_publish", creation_id=made["id"])
    assert api.get_connections(IG_USER, "media")["data"] == [{"id": media["id"]}]


def test_tweepy_posts_and_finds_its_post_again(
    box: Sandbox, x: X, picture: Picture, clock: Clock
) -> None:
    media = x.image(picture())
    sent = x.client.create_tweet(text="Hola", media_ids=[media])
    found = x.client.get_users_tweets(
        x.client.get_me().data.id,
        user_auth=True,
        start_time=clock.now - timedelta(seconds=1),
        max_results=5,
        tweet_fields=["created_at", "attachments"],
        expansions=["attachments.media_keys"],
        media_fields=["alt_text"],
    )
    [post] = found.data
    assert str(post.id) == sent.data["id"]
    assert post.created_at == clock.now
    assert found.includes["media"][0].media_key == f"3_{media}"
    assert x.client.delete_tweet(post.id).data == {"deleted": True}
    assert x.client.get_tweet(post.id, user_auth=True).data is None


def test_tweepy_raises_what_it_should(x: X) -> None:
    x.client.create_tweet(text="Hola")
    with pytest.raises(tweepy.Forbidden, match="duplicate"):
        x.client.create_tweet(text="Hola")
    with pytest.raises(tweepy.BadRequest, match="too long"):
        x.client.create_tweet(text="x" * 300)
    with pytest.raises(tweepy.NotFound):
        x.client.delete_tweet("1")
    x.client.access_token_secret = "wrong"
    with pytest.raises(tweepy.Unauthorized):
        x.client.get_me()


def test_tweepy_with_an_oauth2_user_token(x: X) -> None:
    assert x.client.get_me(user_auth=False).data.username == "somoslomismo"
