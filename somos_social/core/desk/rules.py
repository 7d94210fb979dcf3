"""The rules of the desk: what each looks for, whether it keeps a post back, and whose rule it is.

Sources are those of the two agencies, of others who protect the people shown, and of the campaign.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Whether a finding keeps a post from being scheduled, or is only told."""

    PROBLEM = "problem"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The same in Spanish and in English; what stands in braces is filled with what was found."""

    es: str
    en: str

    def __str__(self) -> str:
        return f"{self.es} / {self.en}"

    def filled(self, values: Mapping[str, str]) -> "Words":
        return Words(es=self.es.format_map(values), en=self.en.format_map(values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule by the name that people accept it by; `looks_for` explains it, in English."""

    name: str
    level: Level
    looks_for: str
    problem: Words
    hint: Words
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What one rule says: of which part of a post, or of which key of a sidecar, and what to do."""

    rule: Rule
    part: str
    problem: str
    hint: str
    source: str


def remark(rule: Rule, part: str, *, source: str = "", **values: str) -> Remark:
    """The rule's words with these values; `source` is that of a single term, where it has one."""
    return Remark(
        rule=rule,
        part=part,
        problem=str(rule.problem.filled(values)),
        hint=str(rule.hint.filled(values)),
        source=source or rule.source,
    )


CARE = "CARE, the three pillars of risk (https://www.careemergencytoolkit.org/)"
ICRC = (
    "ICRC, Ethical content gathering, 2024 "
    "(https://info-today.eu/2024/09/ethical-content-gathering-for-public-communications)"
)
IOM_CONSENT = (
    "IOM, no photo without a filed consent form "
    "(https://weblog.iom.int/introducing-community-response-app)"
)
UNICEF = (
    "UNICEF, Ethical reporting on children "
    "(https://www.unicef.org/albania/press-centre/ethical-reporting-children)"
)
NAMES = f"{CARE}, in metadata, too; Panama, Law 81 of 2019 on personal data"
CREDIT = (
    "UNHCR, media terms (https://webarchive.archive.unhcr.org/20190720173137mp_/"
    "https://media.unhcr.org/terms)"
)
WORD_CHOICES = (
    "UNHCR, Refugees or migrants? How word choices affect rights and lives (https://www.unhcr.org/"
    "news/stories/refugees-or-migrants-how-word-choices-affect-rights-and-lives)"
)
IOM_GLOSSARY = (
    "IOM, Glossary on Migration, 2019, foreword "
    "(https://publications.iom.int/system/files/pdf/iml_34_glossary.pdf)"
)
ACCESSIBLE = "W3C, WCAG 2.2, 1.1.1 (https://www.w3.org/TR/WCAG22/#non-text-content)"
CAPTIONED = "W3C, WCAG 2.2, 1.2.2 (https://www.w3.org/TR/WCAG22/#captions-prerecorded)"
FIGURES = (
    "UNHCR, Ethical Communications Guidelines, accountability "
    "(https://unhcr.org/publications/unhcr-ethical-communications-guidelines); reports "
    "on this very campaign differ, with 10,000 and 16,000 people "
    "(https://tvn-2.com/nacionales/onu-lanza-panama-campana-promueve-empatia-migrantes_1_1275398"
    ".html)"
)
CAMPAIGN = (
    "The campaign goes by its hashtag (https://reliefweb.int/report/panama/se-lanza-en-panam-somos-"
    "lo-mismo-campa-de-solidaridad-destinada-refugiados-y-migrantes)"
)
OURS = "The desk itself"

EXPOSED_PERSON = Rule(
    name="exposed-person",
    level=Level.PROBLEM,
    looks_for="A face, a full name and an exact place in the same file (`shows`).",
    problem=Words(
        es="Muestra a la vez el rostro, el nombre completo y el lugar exacto de una persona.",
        en="It shows the face, the full name and the exact place of a person at once.",
    ),
    hint=Words(es="Quite por lo menos uno de los tres.", en="Take away at least one of the three."),
    source=CARE,
)
UNNAMED_PERSON = Rule(
    name="unnamed-person",
    level=Level.PROBLEM,
    looks_for="A face, a voice or a name (`shows`), while `people` names nobody who consented.",
    problem=Words(
        es="Muestra a alguien ({shown}), y `people` no nombra ningún consentimiento.",
        en="It shows somebody ({shown}), and `people` names no consent.",
    ),
    hint=Words(
        es='Escriba el código de cada persona, como en people = ["P-014"].',
        en='Write the code of each person, as in people = ["P-014"].',
    ),
    source=IOM_CONSENT,
)
MINOR_WITHOUT_GUARDIAN = Rule(
    name="minor-without-guardian",
    level=Level.PROBLEM,
    looks_for="One of the `minors` whose consent, as the database knows it, no guardian signed.",
    problem=Words(
        es="{person} es menor de edad, y nadie firmó como su tutor.",
        en="{person} is a minor, and no guardian has signed.",
    ),
    hint=Words(
        es="Pida la firma y anótela: somos consent grant {person} --guardian.",
        en="Ask for the signature and record it: somos consent grant {person} --guardian.",
    ),
    source=UNICEF,
)
UNDECLARED_CHANGED_NAME = Rule(
    name="undeclared-changed-name",
    level=Level.PROBLEM,
    looks_for="A changed name (`shows`) that no text, first comment or description declares.",
    problem=Words(
        es="{path} lleva un nombre cambiado, y nada lo dice.",
        en="{path} comes with a changed name, and nothing says so.",
    ),
    hint=Words(
        es="Agregue: *Nombre cambiado para proteger su identidad.",
        en="Add: *Name changed to protect their identity.",
    ),
    source=CARE,
)
AVOIDED_TERM = Rule(
    name="avoided-term",
    level=Level.PROBLEM,
    looks_for="A term that the agencies avoid, unless it is quoted or denied.",
    problem=Words(es="Dice «{found}».", en="It says “{found}”."),
    hint=Words(es="Escriba {instead}.", en="Write {instead_en}."),
    source=f"{WORD_CHOICES}; {IOM_GLOSSARY}",
)
PERSON_BY_NAME = Rule(
    name="person-by-name",
    level=Level.WARNING,
    looks_for="A name among the `people`, where a code belongs that only the desk can resolve.",
    # The name is not repeated: what is said here is kept in logs.
    problem=Words(
        es="Parece un nombre; aquí va un código.",
        en="It looks like a name; a code belongs here.",
    ),
    hint=Words(
        es="Escriba un código como P-014, y guarde el nombre aparte.",
        en="Write a code such as P-014, and keep the name elsewhere.",
    ),
    source=NAMES,
)
WITHDRAWN_PERSON = Rule(
    name="withdrawn-person",
    level=Level.PROBLEM,
    looks_for="A file with the very bytes of one that showed somebody who has withdrawn consent "
    "since, while its own words name them no more. Nobody can accept it.",
    problem=Words(
        es="Muestra a {people}, que retiró su consentimiento, y aquí no lo dice.",
        en="It shows {people}, who has withdrawn consent, and does not say so here.",
    ),
    hint=Words(
        es="Quite este archivo de la publicación.",
        en="Take this file out of the post.",
    ),
    source=CARE,
)
SAME_PICTURE = Rule(
    name="same-picture-other-name",
    level=Level.WARNING,
    looks_for="A file with the very bytes of another that shows people, while it says of nobody "
    "that they are shown, so that their consent is not asked for.",
    problem=Words(
        es="Es el mismo archivo que muestra a {people}, y aquí no lo dice.",
        en="It is the very file that shows {people}, and does not say so here.",
    ),
    hint=Words(
        es="Escriba `people` como junto al otro, o quite esta copia.",
        en="Write `people` as beside the other, or take this copy out.",
    ),
    source=CARE,
)
LOCATION_DATA = Rule(
    name="location-data",
    level=Level.WARNING,
    looks_for="A file that tells where, or with which device, it was taken (GPS, EXIF).",
    problem=Words(es="El archivo guarda {found}.", en="The file holds {found_en}."),
    hint=Words(
        es="Se publica sin eso; no le pase el original a nadie.",
        en="It goes out without that; do not pass the original on.",
    ),
    source=f"{CARE}; {ICRC}",
)
UNSOURCED_FIGURE = Rule(
    name="unsourced-figure",
    level=Level.WARNING,
    looks_for="A percentage, or thousands or millions of people, without a source and a year in "
    "the same text; the links of a thread are one text.",
    problem=Words(
        es="«{found}» va sin fuente o sin año.",
        en="“{found}” has no source or no year.",
    ),
    hint=Words(es="Agregue los dos, como en (ACNUR, 2026).", en="Add both, as in (UNHCR, 2026)."),
    source=FIGURES,
)
REFUGEE_MIGRANT_MIXED = Rule(
    name="refugee-migrant-mixed",
    level=Level.WARNING,
    looks_for="Refugees and migrants taken for the same; “refugiados y migrantes” is right.",
    problem=Words(
        es="«{found}» confunde a personas refugiadas con migrantes.",
        en="“{found}” mixes up refugees and migrants.",
    ),
    hint=Words(es="Escriba {instead}.", en="Write {instead_en}."),
    source=WORD_CHOICES,
)
NO_CREDIT = Rule(
    name="no-credit",
    level=Level.WARNING,
    looks_for="A file without a `credit`.",
    problem=Words(es="Falta el crédito.", en="The credit is missing."),
    hint=Words(
        es='Escríbalo, como en credit = "© ACNUR/Nombre".',
        en='Write it, as in credit = "© UNHCR/Name".',
    ),
    source=CREDIT,
)
NO_ALT = Rule(
    name="no-alt",
    level=Level.WARNING,
    looks_for="A file without a description (`alt`).",
    problem=Words(es="Falta la descripción.", en="The description is missing."),
    hint=Words(
        es="Diga en alt lo que se ve, para quien no lo ve.",
        en="Say in alt what is to be seen, for those who do not see it.",
    ),
    source=ACCESSIBLE,
)
NO_CAPTIONS = Rule(
    name="no-captions",
    level=Level.WARNING,
    looks_for="A video with sound, no `captions`, and no .srt or .vtt file beside it.",
    problem=Words(
        es="El video suena y no tiene subtítulos.", en="The video has sound and no captions."
    ),
    hint=Words(
        es='Ponga un .srt o .vtt al lado, o captions = "burned in" si están en la imagen.',
        en='Put an .srt or .vtt beside it, or captions = "burned in" if the picture has them.',
    ),
    source=CAPTIONED,
)
MISSPELT_HASHTAG = Rule(
    name="misspelt-hashtag",
    level=Level.WARNING,
    looks_for="A hashtag that is nearly the campaign's, such as #SomosLosMismos.",
    problem=Words(es="Dice {found}, no {hashtag}.", en="It says {found}, not {hashtag}."),
    hint=Words(es="Escriba {hashtag}.", en="Write {hashtag}."),
    source=CAMPAIGN,
)
HASHTAG_MISSING = Rule(
    name="hashtag-missing",
    level=Level.WARNING,
    looks_for="A text without the campaign's hashtag, in which there is no room for it.",
    problem=Words(es="Falta {hashtag}, y ya no cabe.", en="{hashtag} is missing; it does not fit."),
    hint=Words(es="Acorte el texto.", en="Shorten the text."),
    source=CAMPAIGN,
)
UNUSED_ACCEPTANCE = Rule(
    name="unused-acceptance",
    level=Level.WARNING,
    looks_for="An acceptance that accepts nothing: what it spoke of is mended, or never was.",
    problem=Words(es="No acepta nada.", en="It accepts nothing."),
    hint=Words(es="Bórrelo.", en="Delete it."),
    source=OURS,
)

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        EXPOSED_PERSON,
        UNNAMED_PERSON,
        MINOR_WITHOUT_GUARDIAN,
        UNDECLARED_CHANGED_NAME,
        AVOIDED_TERM,
        WITHDRAWN_PERSON,
        SAME_PICTURE,
        PERSON_BY_NAME,
        LOCATION_DATA,
        UNSOURCED_FIGURE,
        REFUGEE_MIGRANT_MIXED,
        NO_CREDIT,
        NO_ALT,
        NO_CAPTIONS,
        MISSPELT_HASHTAG,
        HASHTAG_MISSING,
        UNUSED_ACCEPTANCE,
    )
}
"""Every rule by its name, those that keep a post back first."""

ACCEPTABLE: Mapping[str, Rule] = {
    name: rule for name, rule in RULES.items() if rule not in (UNUSED_ACCEPTANCE, WITHDRAWN_PERSON)
}
"""Those that a person may accept by name; an acceptance of nothing is not accepted, but deleted."""
