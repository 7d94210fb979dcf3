"""What must be said of a compensated post, and whether a text says it.

A label is derived from what was given, and only plain words count: the FTC's "Disclosures 101 for
Social Media Influencers" names money, gifts and employment alike, and calls vague or shortened
words ("collab", "thanks") no disclosure.
"""

import re
import unicodedata
from collections.abc import Mapping

from somos_social.core.model.handoff import Compensation
from somos_social.core.tweet_text import hashtags

_TAGS = frozenset({"publicidad", "anuncio", "patrocinado", "patrocinada", "ad", "sponsored"})
_PHRASES = (
    "colaboracion pagada",
    "colaboracion remunerada",
    "contenido patrocinado",
    "alianza pagada",
    "asociacion pagada",
    "paid partnership",
)
_OF_EMPLOYMENT = ("trabajo para", "trabajo en", "trabajo con", "soy parte del equipo de")

_LABELS: Mapping[Compensation, str] = {
    Compensation.IN_KIND: "#Publicidad: recibí algo a cambio de {whom}.",
    Compensation.PAID: "#Publicidad. Colaboración pagada con {whom}.",
    Compensation.EMPLOYMENT: "#Publicidad: trabajo para {whom}.",
}


def label(compensation: Compensation, whom: str) -> str | None:
    """The words that say it in Spanish; None where there is nothing to be said."""
    words = _LABELS.get(compensation)
    return None if words is None else words.format(whom=whom)


def discloses(text: str, compensation: Compensation) -> bool:
    """Whether the text says in plain words what was given; for nothing, any text does."""
    if compensation is Compensation.NONE:
        return True
    if any(_folded(tag.lstrip("#＃")) in _TAGS for tag in hashtags(text)):
        return True
    is_employment = compensation is Compensation.EMPLOYMENT
    phrases = [*_PHRASES, *(_OF_EMPLOYMENT if is_employment else ())]
    folded = re.sub(r"\s+", " ", _folded(text))
    return any(re.search(rf"\b{phrase}\b", folded) for phrase in phrases)


def names(text: str, hashtag: str) -> bool:
    """Whether the text holds the hashtag itself, not merely a longer or misspelt one."""
    wanted = hashtag.lstrip("#＃").casefold()
    if wanted not in text.casefold():
        return False  # Most texts need no search.
    return any(tag.lstrip("#＃").casefold() == wanted for tag in hashtags(text))


def _folded(text: str) -> str:
    """Without accents and capitals."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))
