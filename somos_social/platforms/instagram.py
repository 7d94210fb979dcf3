"""An Instagram account: posts, reels, stories and comments, each public by one call."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from somos_social.core.events import Blocked, Kept, Removed, Throttled, Unknowable, Unread
from somos_social.core.metrics import Measured
from somos_social.core.model.asset import Kind
from somos_social.core.model.channel import Identity
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.core.model.post import Format, Variant
from somos_social.platforms import (
    Claimed,
    Failure,
    Progress,
    Saved,
    Unfulfilled,
    unclaimed,
    unsaved,
)
from somos_social.platforms.answers import Answer, address, inner, tellable, text
from somos_social.platforms.evidence import (
    after_a_comment,
    after_a_no,
    asked_before,
    has_passed,
    is_as_young,
    moment,
    must_know_all,
    plain,
    since,
    the_only,
)
from somos_social.platforms.graph import Graph, GraphError, told
from somos_social.platforms.graph_app import MetaApp
from somos_social.platforms.graph_errors import (
    Meaning,
    meaning_of,
    on_introduction,
    on_look,
    on_scaffolding,
    on_visible_call,
)
from somos_social.platforms.graph_removal import take_down
from somos_social.platforms.graph_standing import with_quota, with_standing
from somos_social.platforms.instagram_containers import POST, Containers
from somos_social.platforms.instagram_figures import InstagramFigures
from somos_social.platforms.pictures import Pictures
from somos_social.platforms.scaffold import Scaffold
from somos_social.platforms.transport import NoAnswer

NETWORK = "Instagram"

_BUILDER_PAUSE = timedelta(minutes=1)
"""Meta: try again 30 seconds to 2 minutes after "the media builder does not exist" (24/2207008)."""


class Instagram:
    """The contract of `somos_social.platforms` for one account and its token.

    Instagram takes videos as bytes but fetches pictures itself, from where `pictures` shows them.
    """

    def __init__(
        self,
        *,
        user_id: str,
        token: str,
        timeout: timedelta,
        rebase: Mapping[str, str],
        media_root: Path,
        pictures: Pictures,
        now: Callable[[], datetime],
        progress: Progress,
        claimed: Claimed = unclaimed,
        saved: Saved = unsaved,
        app: MetaApp | None = None,
    ) -> None:
        self._user = user_id
        self._claimed = claimed
        self._saved = saved
        self._now = now
        self._graph = Graph(network=NETWORK, token=token, timeout=timeout, rebase=rebase, app=app)
        self._containers = Containers(
            self._graph,
            user_id=user_id,
            media_root=media_root,
            pictures=pictures,
            now=now,
            progress=progress,
        )
        self._figures = InstagramFigures(self._graph, now)

    def prepare(self, delivery: Delivery, upload: Upload | None) -> Upload:
        scaffold = Scaffold(upload, self._now(), partial(self._saved, delivery))
        event: Failure
        try:
            self._containers.build(delivery.variant, scaffold)
        except Unfulfilled as stop:
            event = stop.event
        except (GraphError, NoAnswer) as error:
            event = on_scaffolding(error, NETWORK, self._now())
        else:
            return scaffold.upload
        raise Unfulfilled(scaffold.left_by(event))

    def publish(self, delivery: Delivery, upload: Upload) -> Receipt:
        try:
            if delivery.variant.format is Format.COMMENT:
                return self._comment(delivery)
            answer = self._graph.post(f"{self._user}/media_publish", creation_id=upload.parts[POST])
            media = told(answer, "id")
        except (GraphError, NoAnswer) as error:
            event = self._after_asking(error, delivery, upload)
        else:
            return Receipt(remote_id=media, url=self._permalink(media))
        return after_a_no(event, delivery, self._now(), lambda: self.find(delivery, upload))

    def find(self, delivery: Delivery, upload: Upload | None) -> Receipt | None:
        try:
            if delivery.variant.format is Format.COMMENT:
                return self._look_for_comment(delivery)
            return self._look_for_media(delivery, upload.parts.get(POST) if upload else None)
        except (GraphError, NoAnswer) as error:
            event = on_look(error, NETWORK, self._now())
        raise Unfulfilled(event)

    def recognise(self, delivery: Delivery, seen: str) -> Receipt | None:
        """By the listing: only there stands the id that goes with the code of an address."""
        wanted = _code(seen)
        try:
            for media in self._listed_since(delivery, fields="id,permalink,timestamp", limit=100):
                url = address(media.get("permalink"))
                if wanted and url and _code(url) == wanted:
                    return Receipt(remote_id=told(media, "id"), url=url)
        except (GraphError, NoAnswer) as error:
            event = on_look(error, NETWORK, self._now())
        else:
            return None
        raise Unfulfilled(event)

    def remove(self, delivery: Delivery) -> Removed | Kept:
        remote_id = delivery.receipt.remote_id if delivery.receipt else ""
        return take_down(
            self._graph,
            remote_id,
            is_listed=lambda: self._is_listed(delivery, remote_id),
            now=self._now(),
        )

    def _is_listed(self, delivery: Delivery, remote_id: str) -> bool:
        if delivery.variant.format is Format.COMMENT:
            listing = self._graph.pages(f"{delivery.parent_id}/comments", fields="id")
            return any(each.get("id") == remote_id for page in listing for each in page)
        recent = self._listed_since(delivery, fields="id,timestamp", limit=100)
        return any(media.get("id") == remote_id for media in recent)

    def _listed_since(self, delivery: Delivery, *, fields: str, limit: int) -> Iterator[Answer]:
        """All that is listed back to when it was asked for, the newest first, and some before.

        A story is listed nowhere else but among the stories.
        """
        is_story = delivery.variant.format is Format.STORY
        edge = f"{self._user}/{'stories' if is_story else 'media'}"
        for page in self._graph.pages(edge, fields=fields, limit=limit):
            yield from page
            oldest = moment(page[-1].get("timestamp")) if page else None
            if oldest is not None and oldest < since(delivery):
                return

    def measure(self, deliveries: Sequence[Delivery]) -> Measured:
        return self._figures.measure(deliveries)

    def whoami(self) -> Identity:
        try:
            user = self._graph.get(self._user, fields="id,username")
            speaks_for = told(user, "id")
        except (GraphError, NoAnswer) as error:
            event: Failure = on_introduction(error, NETWORK, self._now())
        else:
            if speaks_for == self._user:
                name = tellable(text(user, "username")) or speaks_for
                who = Identity(remote_id=speaks_for, name=name)
                who = with_standing(self._graph, who, permissions="instagram_")
                return with_quota(self._graph, who)
            event = Blocked(f"The token speaks for the account {speaks_for}, not {self._user}.")
        raise Unfulfilled(event)

    def _comment(self, delivery: Delivery) -> Receipt:
        answer = self._graph.post(f"{delivery.parent_id}/comments", message=delivery.variant.text)
        return Receipt(remote_id=told(answer, "id"), url=None)

    def _permalink(self, media: str) -> str | None:
        """The post is public already: that its address cannot be read now changes nothing."""
        try:
            return address(self._graph.get(media, fields="permalink").get("permalink"))
        except (GraphError, NoAnswer):
            return None

    def _after_asking(
        self, error: GraphError | NoAnswer, delivery: Delivery, upload: Upload
    ) -> Failure:
        now = self._now()
        event: Failure = on_visible_call(error, NETWORK, now)
        if isinstance(error, NoAnswer):
            return event
        meaning = meaning_of(error)
        if delivery.variant.format is Format.COMMENT:
            return after_a_comment(event)
        if (error.code, error.subcode) == (24, 2207008) and not asked_before(delivery, now):
            reason = f"Instagram does not find what it was given: {error.message}"
            return Throttled(now + _BUILDER_PAUSE, reason, upload)
        if isinstance(event, Throttled) and meaning is Meaning.NOT_READY:
            return replace(event, upload=upload)
        return event

    def _look_for_comment(self, delivery: Delivery) -> Receipt | None:
        wanted = plain(delivery.variant.text)
        # Its id stands there in another form than everywhere else.
        own = text(self._graph.get(self._user, fields="username"), "username")
        found: list[Receipt] = []
        listing = self._graph.pages(
            f"{delivery.parent_id}/comments", fields="id,text,timestamp,from"
        )
        for page in listing:
            for comment in page:
                made = moment(comment.get("timestamp"))
                in_time = made is None or made >= since(delivery)
                if not in_time or plain(text(comment, "text")) != wanted:
                    continue
                if text(inner(comment, "from"), "username") not in ("", own):
                    continue
                if not self._claimed(delivery, told(comment, "id")):
                    found.append(Receipt(remote_id=told(comment, "id"), url=None))
        return the_only(found)

    def _look_for_media(self, delivery: Delivery, container: str | None) -> Receipt | None:
        """By the container's word, and by caption and time.

        Of what is suspect, the container may have been built anew since.
        """
        if delivery.suspect:
            container = None
        is_public = None if container is None else self._containers.is_public(container)
        found, strangers = self._that_may_be_it(delivery)
        is_story = delivery.variant.format is Format.STORY
        if is_story and is_public is not False and not found and has_passed(delivery, self._now()):
            raise Unfulfilled(Unknowable("Instagram lists a story for a day, and that is over."))
        if is_public and not found:
            raise Unfulfilled(Unread("Instagram says it is public, but does not list it yet."))
        if is_public is False and found and delivery.variant.text:
            reason = "Instagram says it is not public, but lists a post with its caption."
            raise Unfulfilled(Unread(reason))
        if is_public is None and found and not delivery.variant.text:
            raise Unfulfilled(Unread("There is a post without caption, which may be this one."))
        if not found:
            must_know_all(delivery, strangers)
        return None if is_public is False else the_only(found)

    def _that_may_be_it(self, delivery: Delivery) -> tuple[list[Receipt], list[str]]:
        """All posts since it was asked for that have its caption and are no other delivery's.

        A story has none: of stories, all that are not surely of another kind. Where only its time
        tells a post, one from before the call is none. Second, where the others are.
        """
        wanted = plain(delivery.variant.text)
        other = _other_kind(delivery.variant)
        found: list[Receipt] = []
        strangers: list[str] = []
        fields = "id,caption,timestamp,permalink,media_type"
        for media in self._listed_since(delivery, fields=fields, limit=25):
            made = moment(media.get("timestamp"))
            if made is not None and made < since(delivery):
                continue
            receipt = Receipt(remote_id=told(media, "id"), url=address(media.get("permalink")))
            if self._claimed(delivery, receipt.remote_id):
                continue
            is_young = is_as_young(made, delivery)
            is_like = plain(text(media, "caption")) == wanted and (wanted or is_young)
            if is_like and (other is None or media.get("media_type") != other):
                found.append(receipt)
            elif is_young:
                strangers.append(receipt.url or receipt.remote_id)
        return found, strangers


def _code(permalink: str) -> str:
    """The part of an address that names a post, such as C0dE in /p/C0dE/."""
    found = re.search(r"/(?:p|reels?|tv)/([\w-]+)", urlsplit(permalink).path)
    return found[1] if found else ""


def _other_kind(variant: Variant) -> str | None:
    """What a story of this variant surely is not, in Instagram's words; None for all else."""
    if variant.format is not Format.STORY:
        return None
    return "IMAGE" if variant.assets[0].kind is Kind.VIDEO else "VIDEO"
