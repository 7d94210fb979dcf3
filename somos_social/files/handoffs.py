"""Reads one hand-off: what an influencer is to get, and everything that speaks against it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from somos_social.core.disclosure import discloses, label, names
from somos_social.core.fitting import Source, fit_for
from somos_social.core.limits import LIMITS, FileLimits
from somos_social.core.model.asset import Asset, Kind
from somos_social.core.model.handoff import Ask, Caption, Compensation, Handoff
from somos_social.core.model.post import Format, Variant
from somos_social.core.networks import ANY, NETWORKS
from somos_social.core.rules import file_limits, fits, problems_of
from somos_social.document import Report, Unfit, fitted, near
from somos_social.errors import InvalidFiles
from somos_social.files import clock
from somos_social.files.posts import place_of
from somos_social.files.shapes import CampaignShape, CaptionShape, HandoffShape
from somos_social.files.surroundings import Surroundings

_NO_LIMITS = FileLimits(source="own")
"""Of a network of which we know none: what is private is taken out all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffReader:
    """Reads the hand-offs of one campaign, whose `head` was fitted."""

    slug: str
    head: CampaignShape
    zone: ZoneInfo | None
    around: Surroundings
    report: Report

    def read(self, place: int, raw: object) -> Handoff:
        """A hand-off as wanted; where the report holds a problem, it is not to be used."""
        at = place_of("handoff", place, raw)
        shape = fitted(HandoffShape, raw, self.report, at)
        self._check_whole(at, shape)
        draft_due = clock.deadline(f"{at}.draft_due", shape.draft_due, self.zone, self.report)
        live_due = clock.deadline(f"{at}.live_due", shape.live_due, self.zone, self.report)
        if draft_due and live_due and draft_due > live_due:
            hint = "Ask for the draft before the post is to be live."
            self.report.add(f"{at}.draft_due", "is later than live_due.", hint)
        return Handoff(
            key=shape.key,
            campaign=self.slug,
            influencer=shape.influencer,
            contact=shape.contact,
            draft_due=draft_due,
            live_due=live_due or clock.NEVER,
            brief=shape.brief,
            review=shape.review,
            ask=self._ask(at, shape, live_due),
        )

    def _check_whole(self, at: str, shape: HandoffShape) -> None:
        if not shape.key:
            self.report.missing(f"{at}.key", 'Write it as in key = "ana-reel".')
        if not shape.influencer:
            self.report.missing(f"{at}.influencer", 'Write it as in influencer = "@ana".')
        if shape.live_due is None:
            self.report.missing(f"{at}.live_due", "Write it as in live_due = 2026-12-05T18:00:00.")

    def _ask(self, at: str, shape: HandoffShape, live_due: datetime | None) -> Ask:
        networks = self._networks(at, shape)
        sources = tuple(self._sources(at, shape))
        until = clock.deadline(f"{at}.rights_until", shape.rights_until, self.zone, self.report)
        if until and live_due and until < live_due:
            hint = "Write a later day: the rights begin with the post."
            self.report.add(f"{at}.rights_until", "is before live_due.", hint)
        if until and not shape.rights:
            hint = "Say in `rights` what may be done until then."
            self.report.add(f"{at}.rights_until", "is the end of rights that are not named.", hint)
        desk = self.zone.key if self.zone else "UTC"
        format = Format(shape.format)
        return Ask(
            campaign=self.head.name,
            hashtag=self.head.hashtag,
            stop=self.head.contact,
            desk=desk,
            timezone=shape.timezone or desk,
            format=format,
            compensation=Compensation(shape.compensation),
            captions=self._captions(at, shape, networks),
            media={
                network: tuple(
                    self._asset(at, each, network, format) for each in enumerate(sources)
                )
                for network in networks
                if sources
            },
            rights=shape.rights,
            rights_until=until,
        )

    def _networks(self, at: str, shape: HandoffShape) -> tuple[str, ...]:
        for place, name in enumerate(shape.networks):
            if name not in NETWORKS:
                hint = near(name, NETWORKS) or f"Known are {', '.join(NETWORKS)}."
                self.report.add(f"{at}.networks[{place}]", "is no network that is known.", hint)
            elif name in shape.networks[:place]:
                self.report.add(f"{at}.networks[{place}]", "stands twice.", "Delete one.")
        known = dict.fromkeys(name for name in shape.networks if name in NETWORKS)
        return tuple(known) or (ANY,)

    def _captions(
        self, at: str, shape: HandoffShape, networks: tuple[str, ...]
    ) -> dict[str, Caption]:
        """Each network's own words, or those for all of them."""
        own: dict[str, tuple[str, CaptionShape]] = {}
        for name, raw in shape.caption.items():
            place = f"{at}.caption.{name}"
            if name not in networks:
                hint = near(name, networks) or "Add it to `networks`, or delete the caption."
                self.report.add(place, "is for a network that is not asked for.", hint)
            own[name] = (place, fitted(CaptionShape, raw, self.report, place))
        return {
            network: self._caption(*own.get(network, (at, shape)), network, shape.compensation)
            for network in networks
        }

    def _caption(self, at: str, shape: CaptionShape, network: str, compensation: str) -> Caption:
        """The words with the hashtag; nothing else is added to those that are not to be changed."""
        text, hashtag, limits = shape.text, self.head.hashtag, LIMITS.get(network)
        if shape.verbatim and not text:
            hint = "Write the text that is to be taken word for word."
            self.report.add(f"{at}.verbatim", "speaks of a text that is not there.", hint)
        if text and hashtag and not names(text, hashtag):
            tagged = f"{text}\n\n{hashtag}"
            if limits is None or fits(tagged, limits.text):
                text = tagged
            elif fits(text, limits.text):
                hint = "Shorten it, or put the hashtag into it."
                self.report.add(f"{at}.text", f"leaves no room for {hashtag}.", hint)
        if shape.verbatim and text and not discloses(text, Compensation(compensation)):
            hint = f'Put "{label(Compensation(compensation), self.head.name)}" into it.'
            self.report.add(f"{at}.text", "does not disclose what they get for it.", hint)
        if text and limits:
            for breach in problems_of(Variant(format=Format.COMMENT, text=text), network):
                self.report.add(f"{at}.text", breach.problem, breach.hint)
        return Caption(text=text, verbatim=shape.verbatim)

    def _asset(self, at: str, each: tuple[int, Source], network: str, format: Format) -> Asset:
        """One asset as made fit for a network, alone: how many are posted, the influencer says."""
        place, source = each
        asset = source.asset
        limits = LIMITS.get(network)
        if limits is None:
            fit = fit_for(source, _NO_LIMITS)
            return replace(asset, fit=fit) if fit else asset
        shown = format_of(asset, format, network)
        fit = fit_for(source, file_limits(asset, shown, limits, 1))
        made = replace(asset, fit=fit) if fit else asset
        for breach in problems_of(Variant(format=shown, assets=(made,)), network):
            self.report.add(f"{at}.assets[{place}]", breach.problem, breach.hint)
        return made

    def _sources(self, at: str, shape: HandoffShape) -> Iterator[Source]:
        for place, path in enumerate(shape.assets):
            try:
                if path in shape.assets[:place]:
                    raise Unfit("stands twice.", "Delete one.")
                source = self.around.media.source(path)
                self.around.desk.compare(source)
                yield source
            except Unfit as unfit:
                self.report.add(f"{at}.assets[{place}]", unfit.problem, unfit.hint)
            except InvalidFiles as invalid:
                self.around.of_media.extend(invalid.problems)


def format_of(asset: Asset, format: Format, network: str) -> Format:
    """The format in which an asset can be shown where another is asked for in general."""
    limits = LIMITS[network]
    is_no_reel = format is Format.REEL and (limits.reel is None or asset.kind is not Kind.VIDEO)
    is_no_story = format is Format.STORY and limits.story is None
    return Format.FEED if is_no_reel or is_no_story else format
