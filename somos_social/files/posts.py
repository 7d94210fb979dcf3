"""Reads one post: what each channel will show of it, and everything that speaks against that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from somos_social.core.composition import composed
from somos_social.core.desk.looking import Shown
from somos_social.core.extras import DISCLOSURES, said, taken, takes
from somos_social.core.fitting import Source, fitted_cover, still_of
from somos_social.core.fitting import fitted as made_fit
from somos_social.core.limits import LIMITS
from somos_social.core.links import Utm, with_tags
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.post import Extras, Format, Post, Replies, Tag, Variant
from somos_social.core.rules import problems_of, shown_as
from somos_social.document import Report, Unfit, fitted, near, reasons, whole
from somos_social.errors import InvalidFiles
from somos_social.files.desk import Acceptances
from somos_social.files.shapes import LinkShape, PostShape, TagShape, VariantShape, checked_key
from somos_social.files.surroundings import Surroundings
from somos_social.files.times import Times, Turn
from somos_social.files.views import Layer, View, view_of


def place_of(kind: str, place: int, raw: object) -> str:
    """How problems name a table of a list: by its key, or by its number where it has none."""
    key = raw.get("key") if isinstance(raw, dict) else None
    try:
        return f"{kind}[{checked_key(key)}]" if isinstance(key, str) else f"{kind}[#{place + 1}]"
    except Unfit:
        return f"{kind}[#{place + 1}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReader:
    """Reads the posts of one campaign, whose `channels` are known to be well written.

    `accepted` is what the campaign as a whole accepts of what the desk finds. With `utm`, links are
    marked for web statistics.
    """

    slug: str
    hashtag: str
    channels: tuple[str, ...]
    zone: ZoneInfo | None
    around: Surroundings
    report: Report
    accepted: Acceptances
    utm: Utm | None = None

    def read(self, place: int, raw: object) -> list[Post]:
        """A post as wanted, once for each of its times where it repeats.

        Where the report holds a problem, it is not to be used.
        """
        at = place_of("post", place, raw)
        before = len(self.report.problems)
        shape = fitted(PostShape, raw, self.report, at)
        if not shape.key:
            self.report.missing(f"{at}.key", 'Write it as in key = "historia-carmen".')
        channels = self._channels(at, shape)
        layers = self._layers(at, shape)
        is_broken = any(key.startswith(f"{at}.repeat") for key in self._refused(before))
        times = Times(
            at=at,
            slug=self.slug,
            post=shape,
            channels=channels,
            layers=layers,
            zone=self.zone,
            around=self.around,
            report=self.report,
            is_broken=is_broken,
        )
        turns = [*times.turns()]
        refused = self._refused(before)
        if is_broken:
            # What it says stands there: nothing is to be missed elsewhere.
            refused |= {f"{at}.text"}
        accepted = (self._accepted(at, shape), self.accepted)
        posts = [self._post(turn, shape, refused, accepted) for turn in turns]
        times.check_texts(turns, posts)
        return posts

    def _refused(self, before: int) -> frozenset[str]:
        """The keys of which the report tells since it had so many problems."""
        return frozenset(whole(problem.key) for problem in self.report.problems[before:])

    def _post(
        self,
        turn: Turn,
        shape: PostShape,
        refused: frozenset[str],
        accepted: tuple[Acceptances, Acceptances],
    ) -> Post:
        variants: dict[str, Variant] = {}
        comments: dict[str, Variant] = {}
        threads: dict[str, tuple[Variant, ...]] = {}
        notices: dict[str, tuple[str, ...]] = {}
        for channel in turn.channels:
            view = view_of(turn.layers, channel, refused)
            platform = channel.partition(":")[0]
            tags = self._tags(channel, turn.key)
            variants[channel] = self._variant(view, platform, tags)
            if comment := self._comment(view, platform, tags):
                comments[channel] = comment
            if thread := self._thread(view, platform, tags):
                threads[channel] = thread
            shown = self._shown(platform, variants[channel], comments.get(channel), thread)
            self.around.desk.look(shown, self.report, view.key, accepted)
            if told := tuple(_notices(view, variants[channel], platform)):
                notices[channel] = told
        return Post(
            key=turn.key,
            due=turn.due,
            goal=shape.goal,
            grace=shape.grace,
            variants=variants,
            comments=comments,
            threads=threads,
            notices=notices,
            dues=turn.dues,
        )

    def _accepted(self, at: str, shape: PostShape) -> Acceptances:
        at = f"{at}.accept"
        given = reasons(shape.accept, self.report, at)
        return self.around.desk.table(self.report.file, at, given)

    def _shown(
        self, platform: str, variant: Variant, comment: Variant | None, thread: tuple[Variant, ...]
    ) -> Shown:
        """What a channel shows of the post, as the desk looks at it; each file once."""
        files = (asset.path for each in (variant, *thread) for asset in each.files)
        return Shown(
            platform=platform,
            hashtag=self.hashtag,
            variant=variant,
            comment=comment,
            thread=thread,
            files=tuple(self.around.media.source(path) for path in dict.fromkeys(files)),
        )

    def _tags(self, channel: str, post: str) -> Mapping[str, str]:
        """What is added to the links of a post on a channel."""
        return self.utm.of(channel=channel, campaign=self.slug, post=post) if self.utm else {}

    def _channels(self, at: str, shape: PostShape) -> tuple[str, ...]:
        """Where the post goes: the campaign's channels, or those of them that it names."""
        if "channels" not in shape.model_fields_set:
            return self.channels
        if not shape.channels:
            self.report.add(f"{at}.channels", "is empty.", "Name a channel, or leave the key out.")
        for place, channel in enumerate(shape.channels):
            if channel not in self.channels:
                hint = near(channel, self.channels) or "Add it to the campaign's channels."
                problem = "is not a channel of this campaign."
                self.report.add(f"{at}.channels[{place}]", problem, hint)
            elif channel in shape.channels[:place]:
                self.report.add(f"{at}.channels[{place}]", "stands twice.", "Delete one.")
        return tuple(dict.fromkeys(each for each in shape.channels if each in self.channels))

    def _layers(self, at: str, shape: PostShape) -> dict[str, Layer]:
        """The post's variants by the channel or platform they speak for, and itself under ""."""
        layers = {"": Layer(at, shape)}
        for name, raw in shape.variant.items():
            place = f'{at}.variant."{name}"' if ":" in name else f"{at}.variant.{name}"
            if name not in LIMITS and name not in self.channels:
                hint = near(name, (*LIMITS, *self.channels))
                self.report.add(place, "is neither a network nor a channel of this campaign.", hint)
            layers[name] = Layer(place, fitted(VariantShape, raw, self.report, place))
        return layers

    def _variant(self, view: View, platform: str, tags: Mapping[str, str]) -> Variant:
        paths = view.of("assets").shape.assets
        sources = tuple(self._sources(paths, view))
        delivered = Variant(
            format=view.format_for(platform), assets=tuple(source.asset for source in sources)
        )
        assets = made_fit(delivered, sources, platform).assets
        variant = composed(
            platform=platform,
            text=view.of("text").shape.text,
            link=view.of("link").shape.link,
            assets=assets,
            format=delivered.format,
            hashtag=self.hashtag,
            extras=self._extras(view, platform, delivered.format, assets),
        )
        variant = with_tags(variant, platform, tags)
        if variant.format is Format.STORY:
            self._must_be_silent(view)
        for breach in problems_of(variant, platform):
            # What is missing cannot be held against the network's rules.
            if len(assets) == len(paths) or (breach.part == "text" and variant.text):
                self._add(breach.part, breach.problem, breach.hint, view)
        return variant

    def _must_be_silent(self, view: View) -> None:
        """A story shows no words: those that are said to it are a problem."""
        for name in ("text", "link"):
            if not getattr(view.of(name).shape, name):
                continue
            if view.is_general(name):
                view.unshown.append(name)
            else:
                hint = f"Put the words into the picture, or write the {name} for another network."
                self._add(name, "is not shown by a story.", hint, view)

    def _extras(
        self, view: View, platform: str, format: Format, assets: tuple[Asset, ...]
    ) -> Extras:
        """What the network takes of what is said in general; what is said to it, it must take.

        So must it take what readers are owed, unless the post says otherwise to it.
        """
        wanted = Extras(
            location=view.of("location").shape.location,
            collaborators=tuple(view.of("collaborators").shape.collaborators),
            tags=tuple(_tag(shape) for shape in view.of("tags").shape.tags),
            cover=self._cover(view, platform),
            share_to_feed=view.of("share_to_feed").shape.share_to_feed,
            replies=_replies(view.of("replies").shape.replies),
            paid_partnership=view.of("paid_partnership").shape.paid_partnership,
            made_with_ai=view.of("made_with_ai").shape.made_with_ai,
        )
        shown = shown_as(format, assets, platform)
        names = takes(platform, shown, assets)
        extras = taken(wanted, names)
        moves = any(asset.kind is Kind.VIDEO for asset in assets)
        what = f"a {shown} post{' with a video' if moves else ''} of {LIMITS[platform].name}"
        for name in said(wanted):
            if getattr(wanted, name) == getattr(extras, name):
                continue
            if not view.is_general(name):
                self._add(name, f"is not taken by {what}.", "Delete it here.", view)
            elif name in DISCLOSURES:
                hint = f"If it is to go out without, write {name} = false for {platform}."
                self._add(name, f"cannot be told by {what}.", hint, view)
            else:
                view.unshown.append(name)
        if "cover" in names and not extras.cover:
            return replace(extras, cover=still_of(assets, platform))
        return extras

    def _cover(self, view: View, platform: str) -> Asset | None:
        path = view.of("cover").shape.cover
        found = self._sources([path] if path else [], view, "cover")
        return next((fitted_cover(source, platform) for source in found), None)

    def _thread(self, view: View, platform: str, tags: Mapping[str, str]) -> tuple[Variant, ...]:
        links = view.of("thread").shape.thread
        if links and not LIMITS[platform].threads:
            hint = "Write it under [post.variant.x], or give the post to X alone."
            self._add("thread", f"is not taken by {LIMITS[platform].name}.", hint, view)
            return ()
        made = (self._link(view, platform, *each) for each in enumerate(links))
        return tuple(with_tags(link, platform, tags) for link in made)

    def _link(self, view: View, platform: str, place: int, shape: LinkShape) -> Variant:
        at = f"thread[{place}]"
        sources = tuple(self._sources(shape.assets, view, at))
        assets = tuple(source.asset for source in sources)
        extras = self._disclosures(view) if assets else Extras()
        link = made_fit(Variant(text=shape.text, assets=assets, extras=extras), sources, platform)
        for breach in problems_of(link, platform):
            if len(sources) == len(shape.assets) or breach.part == "text":
                self._add(at, breach.problem, breach.hint, view)
        return link

    def _disclosures(self, view: View) -> Extras:
        """What the post discloses, for a link that shows something of its own."""
        told = {name: getattr(view.of(name).shape, name) for name in DISCLOSURES}
        return Extras(**told)

    def _comment(self, view: View, platform: str, tags: Mapping[str, str]) -> Variant | None:
        text = view.of("first_comment").shape.first_comment
        if text and view.format_for(platform) is Format.STORY:
            if view.is_general("first_comment"):
                view.unshown.append("first_comment")
            else:
                self._add("first_comment", "is not taken by a story.", "Delete it here.", view)
            return None
        if not text:
            return None
        comment = with_tags(Variant(format=Format.COMMENT, text=text), platform, tags)
        for breach in problems_of(comment, platform):
            self._add("first_comment", breach.problem, breach.hint, view)
        return comment

    def _sources(self, paths: list[str], view: View, at: str = "") -> Iterator[Source]:
        """The assets that can be measured; the others are told of, at `at` where it is given."""
        for place, path in enumerate(paths):
            try:
                yield self.around.media.source(path)
            except Unfit as unfit:
                self._add(at or f"assets[{place}]", unfit.problem, unfit.hint, view)
            except InvalidFiles as invalid:
                self.around.of_media.extend(invalid.problems)

    def _add(self, part: str, problem: str, hint: str, view: View) -> None:
        if not view.was_refused(part):
            self.report.add(view.key(part), problem, hint)


def _notices(view: View, variant: Variant, platform: str) -> Iterator[str]:
    """What a channel shows otherwise than it is written, and is no problem."""
    name, wanted = LIMITS[platform].name, Format(view.of("format").shape.format)
    shown = shown_as(variant.format, variant.assets, platform)
    if shown is not wanted and shown is Format.REEL:
        yield f"goes out as a reel: {name} takes an upright video so."
    elif shown is not wanted:
        yield f"goes out as a {shown} post: {name} has no {wanted}."
    if view.unshown:
        yield f"does not show {', '.join(view.unshown)}."
    ratios = {round(asset.width / asset.height, 2) for asset in variant.assets}
    if LIMITS[platform].one_ratio and len(ratios) > 1:
        yield "shows all its pictures and videos with the ratio of the first."


def _tag(shape: TagShape) -> Tag:
    return Tag(user=shape.user, x=shape.x, y=shape.y, place=shape.asset - 1)


def _replies(wanted: str | None) -> Replies | None:
    return None if wanted is None else Replies(wanted)
