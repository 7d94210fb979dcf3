"""Finds what speaks against a file of the media folder, and against what one channel says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from somos_social.core.desk import rules
from somos_social.core.desk.figures import figures, is_sourced
from somos_social.core.desk.hashtags import misspelt, stands
from somos_social.core.desk.plain import plain
from somos_social.core.desk.rules import Remark, remark
from somos_social.core.desk.terms import AVOIDED, MIXED
from somos_social.core.fitting import Source
from somos_social.core.limits import LIMITS
from somos_social.core.model.asset import Kind, Trait
from somos_social.core.model.post import Format, Variant
from somos_social.core.people import Consent
from somos_social.core.rules import fits

FACE = frozenset({"face", "rostro", "cara"})
VOICE = frozenset({"voice", "voz"})
FULL_NAME = frozenset(
    {"name", "full name", "surname", "last name", "nombre", "nombre completo", "apellido"}
)
FIRST_NAME = frozenset({"first name", "nombre de pila"})
EXACT_PLACE = frozenset(
    {"exact place", "exact location", "address", "home", "lugar exacto", "ubicacion exacta",
     "direccion", "domicilio"}
)  # fmt: skip
CHANGED_NAME = frozenset({"changed name", "nombre cambiado"})
"""The words of `shows` that the rules know, as `plain` makes them."""

_TELLING: Mapping[Trait, tuple[str, str]] = {
    Trait.GPS: ("la posición GPS", "a GPS position"),
    Trait.EXIF: ("datos de la cámara (EXIF)", "data of the camera (EXIF)"),
    Trait.NOTES: ("datos de quien grabó", "data of who recorded it"),
}
"""The traits that tell where, with what or by whom a file was made, in Spanish and English."""


def of_file(source: Source, consents: Mapping[str, Consent] | None) -> Iterator[Remark]:
    """What the rules say of a file and the words beside it, under the keys of its sidecar.

    Whether guardians have signed is said only where the `consents` are known.
    """
    asset = source.asset
    yield from _of_people(source, consents or {})
    if told := _telling(source):
        found, found_en = (" y ".join(es for es, _ in told), " and ".join(en for _, en in told))
        yield remark(rules.LOCATION_DATA, "", found=found, found_en=found_en)
    if not asset.alt:
        yield remark(rules.NO_ALT, "alt")
    if not asset.credit:
        yield remark(rules.NO_CREDIT, "credit")
    if asset.kind is Kind.VIDEO and asset.audio_codec and not source.captions:
        yield remark(rules.NO_CAPTIONS, "captions")
    yield from _of_terms("alt", plain(asset.alt))


def _of_people(source: Source, consents: Mapping[str, Consent]) -> Iterator[Remark]:
    asset, shown = source.asset, _words_of(source)
    if shown & FACE and shown & FULL_NAME and shown & EXACT_PLACE:
        yield remark(rules.EXPOSED_PERSON, "shows")
    recognised = shown & (FACE | VOICE | FULL_NAME | FIRST_NAME)
    if recognised and not asset.people:
        yield remark(rules.UNNAMED_PERSON, "people", shown=", ".join(sorted(recognised)))
    for place, person in enumerate(asset.people):
        if is_name(person):
            yield remark(rules.PERSON_BY_NAME, f"people[{place}]")
    for place, person in enumerate(asset.minors):
        consent = consents.get(person)
        if consent and consent.withdrawn_at is None and not consent.guardian:
            yield remark(rules.MINOR_WITHOUT_GUARDIAN, f"minors[{place}]", person=person)


def _words_of(source: Source) -> frozenset[str]:
    return frozenset(plain(what) for what in source.asset.shows)


def _telling(source: Source) -> list[tuple[str, str]]:
    # Notes in a picture are mostly those of a program; in a video, those of a telephone.
    moves = source.asset.kind is Kind.VIDEO
    return [
        words
        for trait, words in _TELLING.items()
        if trait in source.traits and (trait is not Trait.NOTES or moves)
    ]


_NAME = re.compile(r"[^\W\d_]{3,}")
_TWO_NAMES = re.compile(r"[^\W\d_]{3,}[ .][^\W\d_]{3,}")


def is_name(person: str) -> bool:
    """Whether what should be a code looks like a name: words, and no number to tell them apart."""
    has_number = any(character.isdigit() for character in person)
    return (_TWO_NAMES if has_number else _NAME).search(person) is not None


_COMMENT = "first_comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one channel shows of a post: the variant, what goes below it, and all their files."""

    platform: str
    hashtag: str
    variant: Variant
    comment: Variant | None = None
    thread: tuple[Variant, ...] = ()
    files: tuple[Source, ...] = ()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Each text with the key under which it stands in the post."""
        below = [(f"thread[{place}]", link.text) for place, link in enumerate(self.thread)]
        comment = [(_COMMENT, self.comment.text)] if self.comment else []
        return [("text", self.variant.text), *comment, *below]


def of_post(shown: Shown) -> Iterator[tuple[Remark, Source | None]]:
    """What the rules say of a post on a channel, and of which of its files, where it is of one."""
    read = {part: plain(text) for part, text in shown.texts}
    for part, text in read.items():
        for found in _of_terms(part, text):
            yield found, None
    for found in (*_of_figures(read), *_of_hashtag(shown, read)):
        yield found, None
    yield from _of_changed_names(shown, read)


def of_words(text: str, hashtag: str) -> Iterator[Remark]:
    """What the rules say of words that others post, under the key "text"."""
    read = {"text": plain(text)}
    yield from _of_terms("text", read["text"])
    yield from _of_figures(read)
    for found in misspelt(text, read["text"], hashtag) if hashtag else ():
        yield remark(rules.MISSPELT_HASHTAG, "text", found=found, hashtag=hashtag)


def _of_terms(part: str, text: str) -> Iterator[Remark]:
    for rule, terms in ((rules.AVOIDED_TERM, AVOIDED), (rules.REFUGEE_MIGRANT_MIXED, MIXED)):
        for term in terms:
            if term.stem not in text:
                continue
            for found in dict.fromkeys(term.found_in(text)):
                yield remark(
                    rule,
                    part,
                    source=term.source,
                    found=found,
                    instead=term.instead.es,
                    instead_en=term.instead.en,
                )


def _of_figures(read: Mapping[str, str]) -> Iterator[Remark]:
    found = {part: in_text for part, text in read.items() if (in_text := figures(text))}
    if not found:
        return
    # The first comment stands elsewhere; a thread is read in one.
    thread = "\n".join(text for part, text in read.items() if part != _COMMENT)
    thread_is_sourced = is_sourced(thread)
    for part, in_text in found.items():
        if not (is_sourced(read[part]) if part == _COMMENT else thread_is_sourced):
            yield remark(rules.UNSOURCED_FIGURE, part, found=", ".join(in_text[:3]))


def _of_hashtag(shown: Shown, read: Mapping[str, str]) -> Iterator[Remark]:
    hashtag, variant = shown.hashtag, shown.variant
    if not hashtag:
        return
    slips = [
        (part, found) for part, text in shown.texts for found in misspelt(text, read[part], hashtag)
    ]
    for part, found in dict.fromkeys(slips):
        yield remark(rules.MISSPELT_HASHTAG, part, found=found, hashtag=hashtag)
    has_text = bool(variant.text or variant.link or variant.assets)
    if slips or variant.format is Format.STORY or not has_text:
        return
    if any(stands(text, hashtag) for _, text in shown.texts):
        return
    if fits(variant.text, LIMITS[shown.platform].text):
        yield remark(rules.HASHTAG_MISSING, "text", hashtag=hashtag)


_CHANGED = (
    "(?:cambi(?:ad|o|aron)|modific(?:ad|o|aron)|alter(?:ad|o|aron)|fictici|inventad|sustituid"
    "|reemplazad|protegid|reservad|supuesto)"
)
_DECLARED = re.compile(
    r"\bnombres?(?: (?:reales|real|propios?|de (?:l[ao]s? )?\w{1,20}(?: y (?:de )?\w{1,20})?))?"
    rf"(?: (?:ha|han|fue|fueron|es|son|esta|estan|se))?(?: sido)? {_CHANGED}"
    r"|\b(?:cambi|modific|alter|reserv|proteg|sustitu|reemplaz)\w{1,8}"
    r"(?: (?:el|los|su|sus|todos|algunos|verdaderos?)){1,3} nombres?\b"
    r"|\bproteger (?:su|la|sus|las) identidad(?:es)?\b"
    r"|\bidentidad(?:es)? (?:protegida|reservada|resguardada)s?\b"
    r"|\bno es su (?:verdadero nombre|nombre (?:real|verdadero))\b"
    r"|\bno son sus (?:verdaderos nombres|nombres (?:reales|verdaderos))\b"
    r"|\bp?seudonimos?\b|\bllamaremos\b"
    r"|\bnames? (?:ha(?:s|ve) been |was |were )?changed\b|\bchanged (?:\w{1,12} ){0,2}names?\b"
    r"|\bnot (?:his|her|their) real names?\b|\bprotect (?:his|her|their) identit(?:y|ies)\b"
)
"""How a text says that a name in it is not the real one."""


def _of_changed_names(
    shown: Shown, read: Mapping[str, str]
) -> Iterator[tuple[Remark, Source | None]]:
    changed = [source for source in shown.files if _words_of(source) & CHANGED_NAME]
    if not changed or any(_DECLARED.search(text) for text in read.values()):
        return
    # A story shows no text: its picture has to say it.
    part = "assets" if shown.variant.format is Format.STORY else "text"
    for source in changed:
        if not _DECLARED.search(plain(source.asset.alt)):
            yield remark(rules.UNDECLARED_CHANGED_NAME, part, path=source.asset.path), source
