"""The terms that the agencies avoid, in Spanish and English, each with what to write instead.

Every pattern is tried on a text as `plain` makes it, and holds no repetition without a bound. Those
that are often tried begin with letters, which are quick to find.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from somos_social.core.desk.rules import IOM_GLOSSARY, WORD_CHOICES, Words

_TRATA = (
    "IOM, Tráfico de migrantes, trata de personas, trata de blancas (https://rosanjose.iom.int/site/"
    "es/blog/trafico-de-migrantes-trata-de-personas-trata-de-blancas-cual-es-la-diferencia)"
)
_IN_GLOSSARY = (
    "IOM, on its Glossary on Migration (https://iom.int/es/news/la-oim-lanza-glosario-sobre-"
    "migracion-para-promover-el-uso-correcto-de-la-terminologia-migratoria)"
)

_GAP = "[ \n]?"
"""Between two words: a space, the end of a line, or nothing, as in a hashtag."""

_PEOPLE = (
    "(?:migrantes?|solicitantes? de (?:asilo|refugio)|refugiad[oa]s?|indocumentad[oa]s?|personas?"
    "|trabajador(?:as?|es)?|nin[oa]s?|mujer(?:es)?|joven(?:es)?|familias?)"
)
_SOME = (
    "(?:los|las|un|una|unos|unas|estos|estas|esos|esas|aquellos|aquellas|muchos|muchas|tantos"
    "|tantas|otros|otras|de)"
)
# Of goods, too: "ron cubano ilegal". Of people only where an article stands before them.
_FROM_ELSEWHERE = (
    "(?:extranjer[oa]|venezolan[oa]|haitian[oa]|colombian[oa]|cuban[oa]|nicaraguense|ecuatorian[oa]"
    "|african[oa]|asiatic[oa]|ciudadan[oa])s?"
)
# An adjective before its noun, as in "los ilegales desalojos", speaks of no people.
_NO_NOUN_FOLLOWS = (
    "(?:(?! ?\\w)|(?= (?:que|se|son|nos|les|en|de|del|y|o|a|al|no|ya|por|sin|con|como|para|vienen"
    "|llegan|llegaron|entran|entraron|cruzan|trabajan|viven|roban|quitan|han|tienen|deben|pueden"
    "|quieren|estan|fueron|tambien|siguen|mas)\\b))"
)
_EN_PEOPLE = "(?:immigrants?|migrants?|aliens?|refugees?|asylum[ -]seekers?)"

_AS_THE_SAME = (
    "(?:[ -]| ?/ ?| ?\\((?:o )?|, (?:es decir|o sea|tambien llamad[oa]s|mejor dicho),?"
    " (?:l[oa]s )?)"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A way of speaking; `stem` stands in every text that holds it, and is quick to look for.

    `example` is one of the texts that `pattern` finds.
    """

    example: str
    stem: str
    pattern: str
    instead: Words
    source: str

    def found_in(self, plain: str) -> Iterator[str]:
        """Each place where a plain text speaks so, unless it quotes or denies the term."""
        for match in _compiled(self.pattern).finditer(plain):
            if not _is_quoted(plain, match) and not _is_denied(plain, match):
                yield " ".join(match[0].split())


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Once, and only where a text gives reason to: most give none."""
    return re.compile(pattern)


_IRREGULAR = Words(
    es="«persona migrante en situación irregular»", en="“migrant in an irregular situation”"
)
_IRREGULARLY = Words(es="«migración irregular»", en="“irregular migration”")
_REFUGEE = Words(
    es="«persona refugiada» o «persona solicitante de asilo»", en="“refugee” or “asylum seeker”"
)
_DISPLACED = Words(
    es="«personas desplazadas en el contexto del cambio climático»",
    en="“people displaced in the context of climate change”",
)
_BOTH = Words(
    es="«personas refugiadas y migrantes», o la que corresponda",
    en="“refugees and migrants”, or which of them it is",
)
_MIGRANTS = Words(es="«personas migrantes»", en="“migrants”")

AVOIDED: tuple[Term, ...] = (
    Term(
        "migrantes ilegales",
        "ilegal",
        f"(?!refugiad|solicitant)(?:in|e)?{_PEOPLE}{_GAP}ilegal(?:es)?\\b",
        _IRREGULAR,
        IOM_GLOSSARY,
    ),
    Term(
        "refugiados ilegales",
        "ilegal",
        f"(?:solicitantes? de (?:asilo|refugio)|refugiad[oa]s?){_GAP}ilegal(?:es)?\\b",
        _REFUGEE,
        WORD_CHOICES,
    ),
    Term(
        "los extranjeros ilegales",
        "ilegal",
        f"\\b{_SOME} {_FROM_ELSEWHERE} ilegal(?:es)?\\b",
        _IRREGULAR,
        IOM_GLOSSARY,
    ),
    Term(
        "los ilegales",
        "ilegal",
        "(?<!legales y )(?<!legales o )(?<!legales ni )(?<!legal y )(?<!legal o )"
        "\\b(?:(?:los|las|unos|unas|estos|estas|esos|esas|muchos|muchas|tantos|tantas) ilegales"
        f"|(?:un|una) ilegal)\\b{_NO_NOUN_FOLLOWS}",
        _IRREGULAR,
        IOM_GLOSSARY,
    ),
    Term(
        "inmigración ilegal",
        "ilegal",
        f"(?:in|e)?migraci(?:on|ones){_GAP}ilegal(?:es)?\\b",
        _IRREGULARLY,
        IOM_GLOSSARY,
    ),
    Term(
        "situación migratoria ilegal",
        "ilegal",
        "\\b(?:situacion|estatus|status|condicion|estado) migratori[oa] ilegal\\b",
        Words(es="«situación migratoria irregular»", en="“irregular situation”"),
        IOM_GLOSSARY,
    ),
    Term(
        "illegal immigrants",
        "illegal",
        f"\\billegal {_EN_PEOPLE}\\b|\\b(?:the|these|those|many) illegals\\b",
        _IRREGULAR,
        IOM_GLOSSARY,
    ),
    Term(
        "illegal immigration",
        "illegal",
        "\\billegal (?:im)?migration\\b",
        _IRREGULARLY,
        IOM_GLOSSARY,
    ),
    Term(
        "trata de blancas",
        "blanca",
        f"(?<!se )trata{_GAP}de{_GAP}blancas\\b",
        Words(es="«trata de personas»", en="“trafficking in persons”"),
        _TRATA,
    ),
    Term(
        "refugiados climáticos",
        "refugiad",
        f"refugiad[oa]s?{_GAP}(?:climatic[oa]s?|ambientales|ambiental|medioambientales)\\b",
        _DISPLACED,
        _IN_GLOSSARY,
    ),
    Term("climate refugees", "climate refugee", "climate refugees?\\b", _DISPLACED, _IN_GLOSSARY),
)
"""They keep a post back."""

MIXED: tuple[Term, ...] = (
    Term(
        "migrantes refugiados",
        "refugiad",
        f"migrantes?{_AS_THE_SAME}(?:personas? )?refugiad[oa]s?\\b",
        _BOTH,
        WORD_CHOICES,
    ),
    Term(
        "refugiados/migrantes",
        "migrante",
        f"refugiad[oa]s?{_AS_THE_SAME}(?:personas? )?(?:in|e)?migrantes?\\b",
        _BOTH,
        WORD_CHOICES,
    ),
    Term("migrant refugees", "refugee", "migrants?(?: | ?/ ?)refugees?\\b", _BOTH, WORD_CHOICES),
    Term("refugees/migrants", "refugee", "refugees?(?: | ?/ ?)migrants?\\b", _BOTH, WORD_CHOICES),
    Term(
        "refugiados económicos",
        "economic",
        f"refugiad[oa]s?{_GAP}economic[oa]s?\\b",
        _MIGRANTS,
        WORD_CHOICES,
    ),
    Term("economic refugees", "economic", "economic refugees?\\b", _MIGRANTS, WORD_CHOICES),
)
"""They are told of."""

_OPENING, _CLOSING = "«“‘\"'", "»”’\"'"


def _is_quoted(plain: str, match: re.Match[str]) -> bool:
    """Whether the very term stands in quotes: then the text speaks of the word, not with it."""
    before, after = plain[: match.start()][-1:], plain[match.end() : match.end() + 1]
    return bool(before and before in _OPENING and after and after in _CLOSING)


_BEFORE = 60
_DENIED = re.compile(
    r"(?:\b(?:no (?:hay|existen?|son|somos|eres|es|soy|digas?|digan|decimos|digamos|usamos|use[ns]?"
    r"|usemos|hable[ns]? de|hablemos de|llame[ns]?|escriba[ns]?|se dice)|nadie (?:es|nace)"
    r"|en (?:vez|lugar) de|evit(?:a|e|ar|en|emos) (?:decir|usar|hablar de)"
    r"|de(?:ja|je|jar|jen|jemos) de (?:decir|usar|hablar de)"
    r"|don['’]t say|do not say|instead of|not)"
    r"|\b(?:terminos?|palabras?|expresion(?:es)?|etiquetas?))"
    r"(?: (?:decir|a|la|las|los|el|un|una|unos|unas|que|como|de|termino|palabra|expresion)){0,3}"
    r"[ :,«“‘\"']{0,3}$"
)
"""What is said to be nobody, or to be no way of speaking."""


def _is_denied(plain: str, match: re.Match[str]) -> bool:
    start = match.start()
    return _DENIED.search(plain[max(0, start - _BEFORE) : start]) is not None
