"""An adapter before a stand-in network, with the clock and the media in the test's hand."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from somos_social.core.events import Accepted, NotReady
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.delivery import Delivery, Receipt, Upload
from somos_social.core.model.post import Extras, Format, Replies, Tag, Variant
from somos_social.hosting.web_folder import WebFolder
from somos_social.platforms import Platform, Unfulfilled
from somos_social.platforms.facebook import Facebook
from somos_social.platforms.instagram import Instagram
from somos_social.platforms.x import X
from somos_social.sandbox import PublicPost, Sandbox

PAGE, IG_USER, X_USER = "1000001", "17841400000000001", "2000001"
SECRETS = {
    "facebook": {"token": "EAAfacebook+token/with=odd&signs-0123456789"},
    "instagram": {"token": "EAAinstagram+token/with=odd&signs-0123456789"},
    "x": {
        "api_key": "x-api-key-0123456789",
        "api_secret": "x-api-secret-0123456789",
        "access_token": "2000001-x-access-token-0123456789",
        "access_token_secret": "x-access-token-secret-0123456789",
    },
}
TEXT = "Carmen cruzó el Darién & llegó a Panamá. #SomosLoMismo https://www.somoslomismo.com/carmen/"


@dataclass
class Clock:
    now: datetime = datetime(2026, 12, 1, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Stage:
    """One network, an adapter that speaks to it, and how a delivery goes out there."""

    platform: str
    box: Sandbox
    clock: Clock
    media_root: Path
    progress: list[tuple[str, int, int]] = field(default_factory=list)

    def adapter(
        self,
        *,
        rebase: Mapping[str, str] | None = None,
        timeout: timedelta = timedelta(seconds=10),
        public_url: str | None = None,
        **changed: Any,
    ) -> Platform:
        common: dict[str, Any] = {
            "timeout": timeout,
            "rebase": self.box.origins if rebase is None else rebase,
            "media_root": self.media_root,
            "now": self.clock,
            "progress": lambda *step: self.progress.append(step),
        }
        secrets = SECRETS[self.platform]
        match self.platform:
            case "facebook":
                return Facebook(**{"page_id": PAGE, **secrets, **common, **changed})
            case "instagram":
                where = {"pictures": self.web_folder(public_url or self.box.media_url)}
                return Instagram(**{"user_id": IG_USER, **secrets, **common, **where, **changed})
        return X(**{"handle": "somoslomismo", **secrets, **common, **changed})

    def web_folder(self, public_url: str) -> WebFolder:
        return WebFolder(
            public_url,
            media_root=self.media_root,
            timeout=timedelta(seconds=10),
            rebase={},
            file="config.toml",
        )

    def delivery(self, variant: Variant, *, parent_id: str | None = None) -> Delivery:
        now = self.clock()
        return Delivery(
            key="somos/historia@somewhere",
            campaign="somos",
            post="historia",
            channel=f"{self.platform}:somoslomismo",
            variant=variant,
            due_at=now,
            grace=timedelta(hours=2),
            run_at=now,
            expires_at=now + timedelta(hours=2),
            asked_at=now,
            parent_id=parent_id,
        )

    def prepared(
        self, adapter: Platform, delivery: Delivery, upload: Upload | None = None
    ) -> Upload:
        """Prepare as the flow does: again at the time that the network names."""
        for _ in range(20):
            try:
                return adapter.prepare(delivery, upload)
            except Unfulfilled as stop:
                event = stop.event
            assert isinstance(event, NotReady), event
            self.clock.now, upload = event.until, event.upload
        raise AssertionError("never ready")

    def asked(self, delivery: Delivery) -> Delivery:
        return replace(delivery, asked_at=self.clock())

    def published(self, adapter: Platform, delivery: Delivery) -> tuple[Receipt, Upload, Delivery]:
        upload = self.prepared(adapter, delivery)
        asked = self.asked(delivery)
        return self.goes_out(adapter, asked, upload), upload, asked

    def goes_out(self, adapter: Platform, delivery: Delivery, upload: Upload) -> Receipt:
        """What Facebook must process first is waited for."""
        try:
            return adapter.publish(delivery, upload)
        except Unfulfilled as stop:
            accepted = stop.event
        assert isinstance(accepted, Accepted)
        self.clock.passes(seconds=10)
        return accepted.receipt

    def parent(self, kind: str = "comment") -> str:
        """A post that a comment can follow."""
        adapter = self.adapter()
        variant = self.variant("picture" if self.platform == "instagram" else "text")
        receipt, _, _ = self.published(
            adapter, self.delivery(replace(variant, text=f"Antes: {kind}."))
        )
        return receipt.remote_id

    def of_kind(self, kind: str) -> Delivery:
        parent = self.parent(kind) if kind in ("comment", "link of a thread") else None
        return self.delivery(self.variant(kind), parent_id=parent)

    def variant(self, kind: str) -> Variant:
        """A variant of the kind, as this network would show it."""
        match kind:
            case "link":
                return Variant(text="Lee más.", link="https://www.somoslomismo.com/carmen")
            case "comment":
                return Variant(
                    format=Format.COMMENT, text="Más historias: todos los días & siempre."
                )
            case "disclosed":
                extras = Extras(replies=Replies.MENTIONED, paid_partnership=True, made_with_ai=True)
                return Variant(text=TEXT, extras=extras)
            case "link of a thread":
                return Variant(text="Y así sigue.", assets=(self.asset(SHOWN["picture"][0]),))
            case "photo story" | "video story" | "disclosed story":
                # A story has no words, and Instagram takes no description of one.
                asset = replace(self.asset(SHOWN[kind][0]), alt="")
                return Variant(format=Format.STORY, assets=(asset,), extras=self.extras(kind))
        assets = tuple(self.asset(path) for path in SHOWN[kind])
        if kind == "upright video":
            assets = (replace(assets[0], seconds=4, fps=25, video_codec="h264"),)
        return Variant(
            format=Format.REEL if "reel" in kind else Format.FEED,
            text=TEXT,
            assets=assets,
            extras=self.extras(kind),
        )

    def extras(self, kind: str) -> Extras:
        """What a post of this kind says beside its text."""
        match kind:
            case "post with a place":
                return Extras(location="110774245616525")
            case "reel with everything" if self.platform == "facebook":
                return Extras(
                    location="110774245616525",
                    made_with_ai=True,
                    cover=self.asset("foto.jpg"),
                )
            case "reel with everything":
                return Extras(
                    location="110774245616525",
                    collaborators=("acnur",),
                    tags=(Tag(user="carmen", x=0.5, y=0.5),),
                    cover=self.asset("foto.jpg"),
                    share_to_feed=False,
                    paid_partnership=True,
                    made_with_ai=True,
                )
            case "disclosed story":
                return Extras(made_with_ai=True, paid_partnership=self.platform == "instagram")
            case "tagged picture":
                return Extras(tags=(Tag(user="carmen", x=0.5, y=0.25),))
            case "carousel with everything":
                first = Tag(user="carmen", x=0.5, y=0.25)
                others = (Tag(user="luz", place=1), Tag(user="ana", x=0.1, y=0.2, place=2))
                return Extras(
                    location="110774245616525",
                    collaborators=("acnur", "oim"),
                    tags=(first, *others),
                    made_with_ai=True,
                )
        return Extras()

    def asset(self, path: str) -> Asset:
        data = (self.media_root / path).read_bytes()
        kinds = {
            "jpg": (Kind.IMAGE, "image/jpeg"),
            "gif": (Kind.GIF, "image/gif"),
            "mp4": (Kind.VIDEO, "video/mp4"),
        }
        kind, mime = kinds[path[-3:]]
        return Asset(
            path=path,
            sha256=sha256(data).hexdigest(),
            kind=kind,
            mime=mime,
            size=len(data),
            width=540,
            height=960,
            alt=f"Una imagen de {path}.",
        )

    def public(self) -> list[PublicPost]:
        return [post for post in self.box.posts() if post.platform == self.platform]


SHOWN = {
    "text": (),
    "picture": ("foto.jpg",),
    "pictures": ("foto.jpg", "otra.jpg"),
    "gif": ("ola.gif",),
    "video": ("corto.mp4",),
    "reel": ("corto.mp4",),
    "large video": ("ruido.mp4",),
    "large reel": ("ruido.mp4",),
    "carousel": ("foto.jpg", "corto.mp4", "otra.jpg"),
    "photo story": ("foto.jpg",),
    "video story": ("corto.mp4",),
    "disclosed story": ("corto.mp4",),
    "upright video": ("corto.mp4",),
    "post with a place": ("foto.jpg",),
    "tagged picture": ("foto.jpg",),
    "reel with everything": ("corto.mp4",),
    "carousel with everything": ("foto.jpg", "corto.mp4", "otra.jpg"),
}
"""The media that each kind of post shows."""

VISIBLE_CALL = {
    "facebook": "POST /graph/*/feed",
    "instagram": "POST /graph/*/media_publish",
    "x": "POST /x/2/tweets",
}
VISIBLE_EDGE = {
    "video": "videos",
    "large video": "videos",
    "reel": "video_reels",
    "large reel": "video_reels",
    "reel with everything": "video_reels",
    "upright video": "video_reels",
    "photo story": "photo_stories",
    "video story": "video_stories",
    "disclosed story": "video_stories",
    "comment": "comments",
}
"""The edges of a Page whose call makes a kind public; all others go to its feed."""

PLAIN_KIND = {"facebook": "pictures", "instagram": "picture", "x": "pictures"}


def film(path: Path, *, noisy: bool) -> None:
    """Four seconds of 540x960 at 25 frames a second; noise does not compress."""
    dice = random.Random(7)  # noqa: S311  # noise that is the same each time
    muxing = {"movflags": "+faststart", "use_editlist": "0"}
    with av.open(str(path), "w", options=muxing) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 540, 960, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "35" if noisy else "28"}
        for _ in range(100):
            size = (135, 240)
            grain = dice.randbytes(135 * 240 * 3) if noisy else bytes(135 * 240 * 3)
            image = Image.frombytes("RGB", size, grain).resize((540, 960))
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def event_of(call: Callable[..., object], *args: object) -> Any:
    """The event that the call ends in instead of a result."""
    with pytest.raises(Unfulfilled) as caught:
        call(*args)
    return caught.value.event
