"""The rules of the desk, each with what it must find and what it must leave alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from somos_social.core.desk import rules
from somos_social.core.desk.looking import Shown, is_name, of_file, of_post
from somos_social.core.desk.rules import RULES, Level, Remark
from somos_social.core.desk.terms import AVOIDED, MIXED, Term
from somos_social.core.fitting import Source
from somos_social.core.model.asset import Asset, Kind, Trait
from somos_social.core.model.post import Format, Variant
from somos_social.core.people import Consent
from tests.samples import NOW, an_asset

HASHTAG = "#SomosLoMismo"
CLIP: dict[str, Any] = {
    "kind": Kind.VIDEO,
    "mime": "video/mp4",
    "seconds": 12.0,
    "video_codec": "h264",
    "audio_codec": "aac",
}


def said_of(text: str, **more: Any) -> dict[str, list[Remark]]:
    """What the rules say of a text on X, by the name of the rule."""
    shown = Shown(platform="x", hashtag="", variant=Variant(text=text), **more)
    return by_rule([found for found, _ in of_post(shown)])


def said_of_file(
    consents: Mapping[str, Consent] | None = None,
    traits: frozenset[Trait] = frozenset(),
    captions: str = "",
    **changes: Any,
) -> dict[str, list[Remark]]:
    """Likewise of a picture that nothing is said against but for these `changes`."""
    source = Source(asset=an_asset(**changes), traits=traits, captions=captions)
    return by_rule(list(of_file(source, consents)))


def by_rule(found: list[Remark]) -> dict[str, list[Remark]]:
    names = dict.fromkeys(each.rule.name for each in found)
    return {name: [each for each in found if each.rule.name == name] for name in names}


# Words.

AVOIDED_TERMS = (
    "Los migrantes ilegales llegan a diario.",
    "LOS MIGRANTES ILEGALES LLEGAN",
    "Hay inmigrantes ilegales 😡 en todas partes",
    "migrantes\nilegales",
    "𝗺𝗶𝗴𝗿𝗮𝗻𝘁𝗲𝘀 𝗶𝗹𝗲𝗴𝗮𝗹𝗲𝘀",
    "un migrante ile\u00adgal",
    "migrantes\u00a0ilegales",
    "Únete: #MigrantesIlegales",
    "#InmigraciónIlegal",
    "La inmigración ilegal crece.",
    "LA MIGRACIÓN ILEGAL",
    "Hay que parar la inmigracion ilegal",
    "para evitar la migración ilegal",
    "Nos invaden los ilegales.",
    "los ilegales que cruzan el Darién",
    "Otra vez los ilegales 🚫",
    "Es un ilegal",
    "Ni un ilegal más",
    "No más inmigrantes ilegales",
    "los venezolanos ilegales trabajan sin contrato",
    "personas ilegales en el país",
    "una trabajadora ilegal",
    "Llegaron refugiados ilegales",
    "solicitantes de asilo ilegales",
    "su situación migratoria ilegal",
    "«Los migrantes ilegales nos quitan el trabajo», dicen.",
    "No hay que dejar entrar inmigrantes ilegales",
    "Víctimas de trata de blancas",
    "los refugiados climáticos del Pacífico",
    "illegal immigrants",
    "They call them the illegals",
    "stop illegal immigration",
)
RIGHT_TERMS = (
    "Ningún ser humano es ilegal.",
    "NINGÚN SER HUMANO\nES ILEGAL ✊",
    "Nadie es ilegal 💙",
    "#NingúnSerHumanoEsIlegal",
    "Ninguna persona es ilegal",
    "Ningún migrante\nes ilegal",
    "No digas «migrantes ilegales»: di personas en situación irregular.",
    'En vez de "inmigrantes ilegales", diga personas migrantes.',
    "Evitemos decir inmigrantes ilegales.",
    "Términos como «inmigrantes ilegales» hieren.",
    "No hay personas ilegales",
    "No existen los migrantes ilegales.",
    "No somos migrantes ilegales",
    "No son ilegales, son personas.",
    "La palabra «ilegales» no describe a nadie.",
    "Los «ilegales» de los que habla la prensa tienen nombre.",
    "«Migrantes ilegales» es una etiqueta, no una persona.",
    "“Illegal immigrants” is a label.",
    "Nos llaman ilegales, y somos vecinas.",
    "Es ilegal negar la matrícula a un niño.",
    "la pesca ilegal, la tala ilegal y la minería ilegal",
    "tráfico ilegal de migrantes",
    "los ilegales desalojos de marzo",
    "desalojos ilegales de familias",
    "los comercios legales y los ilegales.",
    "grupos armados ilegales",
    "ron cubano ilegal y oro venezolano ilegal",
    "migrantes ilegalmente detenidos",
    "Buscan migrantes. Ilegales son los muros.",
    "Somos migrantes\n\nIlegal es el odio",
    "https://ejemplo.org/migrantes-ilegales",
    "Se trata de blancas flores de caña",
    "víctimas de trata de personas",
    "no human being is illegal",
    "personas migrantes en situación irregular",
)


@pytest.mark.parametrize("text", AVOIDED_TERMS)
def test_a_term_that_the_agencies_avoid_keeps_a_post_back(text: str) -> None:
    [found, *_] = said_of(text)["avoided-term"]
    assert found.rule.level is Level.PROBLEM
    assert found.part == "text"
    assert "Escriba «" in found.hint
    assert "Write “" in found.hint
    assert "https://" in found.source


@pytest.mark.parametrize("text", RIGHT_TERMS)
def test_what_is_quoted_denied_or_said_of_things_is_no_avoided_term(text: str) -> None:
    assert "avoided-term" not in said_of(text)


MIXED_UP = (
    "Ayuda a los migrantes refugiados",
    "REFUGIADOS MIGRANTES",
    "personas migrantes refugiadas",
    "refugiados/migrantes",
    "inmigrantes / refugiados",
    "un refugiado-migrante",
    "los refugiados (migrantes)",
    "personas refugiadas, es decir, migrantes",
    "los refugiados económicos",
    "refugiado economico",
    "economic refugees",
    "refugees/migrants",
)
TOLD_APART = (
    "personas refugiadas y migrantes",
    "Refugiados y migrantes 🤝 en Panamá",
    "migrantes, refugiadas y apátridas",
    "¿Refugiados o migrantes? No es lo mismo.",
    "Migrantes\nRefugiados\nVecinos",
    "migrantes (y refugiados)",
    "No digas «refugiados económicos».",
    "personas refugiadas con un proyecto económico",
    "ACNUR/OIM",
)


@pytest.mark.parametrize("text", MIXED_UP)
def test_refugees_and_migrants_taken_for_the_same_are_told_of(text: str) -> None:
    [found] = said_of(text)["refugee-migrant-mixed"]
    assert found.rule.level is Level.WARNING


@pytest.mark.parametrize("text", TOLD_APART)
def test_refugees_and_migrants_side_by_side_are_right(text: str) -> None:
    assert said_of(text) == {}


@pytest.mark.parametrize("term", [*AVOIDED, *MIXED], ids=lambda term: term.example)
def test_the_example_of_each_term_is_found_by_its_own_pattern(term: Term) -> None:
    rule = "avoided-term" if term in AVOIDED else "refugee-migrant-mixed"
    [found] = said_of(f"Dicen: {term.example}.")[rule]
    assert found.source == term.source
    assert term.instead.es in found.hint
    assert term.instead.en in found.hint


def test_a_term_is_found_in_a_first_comment_in_a_thread_and_in_a_description() -> None:
    term = Variant(text="inmigrantes ilegales")
    found = said_of("Hola.", comment=term, thread=(Variant(text="Hola."), term))["avoided-term"]
    assert [each.part for each in found] == ["first_comment", "thread[1]"]
    assert said_of_file(alt=term.text)["avoided-term"][0].part == "alt"


# Figures.

UNSOURCED = (
    "Más de 10,000 personas refugiadas viven aquí.",
    "Acogemos a 422.000 extranjeros 🇵🇦",
    "16 000 solicitantes",
    "16\u202f000 solicitantes",
    "1.234.567 personas",
    "el 37 % de las mujeres",
    "Un 12.5% trabaja",
    "37 por ciento de la población",
    "3 millones de venezolanos",
    "1,5 millones",
    "20 mil familias",
    "dos millones de personas",
    "medio millón de personas",
    "más de mil personas",
    "diez mil niños",
    "4500 familias",
    "Llegaron 2000 personas",
    "Según ACNUR, son 10,000 personas",
    "Según la OIM, llegaron 2000 personas",
    "En 2018 vivían aquí 10,000 personas",
)
NO_FIGURES = (
    "Más de 10,000 personas, según ACNUR (2018)",
    "El 37 % de las mujeres (INEC, 2023)",
    "En 2018, Panamá acogía a más de 10,000 personas (ACNUR, 2018).",
    "El 8 de diciembre de 2018 empezamos.",
    "16 de diciembre",
    "2018 – 2026",
    "entre 2018 y 2024",
    "Propósitos 2027",
    "A las 10:30, de 18:00 a 20:00",
    "Tengo 45 años y 3 hijos.",
    "300 personas vinieron al festival",
    "miles de personas, millones de historias",
    "Llama al 6612-3456",
    "Tel. 800 100 200",
    "+507 6000 0000",
    "Menú: sancocho 4.50, arroz con guandú 3.75",
    "Cuesta $10,000 o B/. 1,500",
    "1,500 balboas",
    "100 % panameño, 0 % prejuicios",
    "50 % de descuento",
    "un millón de gracias y mil abrazos",
    "mil y una historias",
    "caminó 5,000 kilómetros",
    "¡Ya somos 10,000 seguidores!",
    "Ley 81 de 2019 y Decreto 285 de 2021",
    "artículo 20",
    "un video de 30 a 60 segundos",
    "código 12345",
    "https://x.org/?a=50%25&b=10,000",
    "#100Historias",
)


@pytest.mark.parametrize("text", UNSOURCED)
def test_a_figure_without_source_or_year_is_told_of(text: str) -> None:
    [found] = said_of(text)["unsourced-figure"]
    assert found.rule.level is Level.WARNING


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_is_sourced_or_no_figure_about_people_is_left_alone(text: str) -> None:
    assert said_of(text) == {}


def test_a_thread_may_name_the_source_of_a_figure_further_down_and_a_comment_may_not() -> None:
    figure, source = "Son 10,000 personas.", Variant(text="Fuente: ACNUR, 2018.")
    assert said_of(figure, thread=(source,)) == {}
    assert "unsourced-figure" in said_of(figure, comment=source)
    [found] = said_of(source.text, comment=Variant(text=figure))["unsourced-figure"]
    assert found.part == "first_comment"


# Hashtags.

MISSPELT = (
    "#SomosLosMismos",
    "#SomoLoMismo",
    "#somoslomismos 🧡",
    "#SomosLoMísmo",
    "#SomosMismo",
    "#Somos Lo Mismo",
    "# SomosLoMismo",
    "Panamá\n#SomosUnoMismo",
)
WELL_SPELT = (
    "#SomosLoMismo",
    "#SOMOSLOMISMO 🧡",
    "#SomosLoMismo #SomosEncuentro",
    "#SomosLoMismo #SomosLoMismoPanamá #SomosLoMismoPTY #SomosLoMismo2027",
    "Somos lo mismo. #SomosLoMismo",
    "#Somos todos #SomosLoMismo",
)


def of_hashtag(text: str, platform: str = "x", **more: Any) -> dict[str, list[Remark]]:
    more = {"variant": Variant(text=text)} | more
    found = of_post(Shown(platform=platform, hashtag=HASHTAG, **more))
    return by_rule([each for each, _ in found])


@pytest.mark.parametrize("text", MISSPELT)
def test_a_hashtag_that_is_nearly_the_campaigns_is_told_of(text: str) -> None:
    [found] = of_hashtag(f"{text}\n{HASHTAG}")["misspelt-hashtag"]
    assert found.rule.level is Level.WARNING
    assert HASHTAG in found.hint


@pytest.mark.parametrize("text", WELL_SPELT)
def test_the_campaigns_hashtag_and_others_are_left_alone(text: str) -> None:
    assert of_hashtag(text) == {}


def test_a_hashtag_that_neither_stands_nor_fits_is_told_of() -> None:
    text = "a" * 275
    assert list(of_hashtag(text)) == ["hashtag-missing"]
    assert of_hashtag(text, comment=Variant(text=HASHTAG)) == {}
    assert of_hashtag(text, thread=(Variant(text=HASHTAG),)) == {}
    assert of_hashtag("", variant=Variant(format=Format.STORY)) == {}
    # Who mends the slip has it.
    assert list(of_hashtag("a" * 255 + " #SomosLosMismos")) == ["misspelt-hashtag"]


def test_of_a_text_that_is_too_long_by_itself_its_length_is_enough_to_say() -> None:
    assert of_hashtag("a" * 281) == {}


# People.

SHOWS: dict[str, tuple[tuple[str, ...], bool]] = {
    "all three": (("face", "full name", "exact place"), True),
    "a name of any kind": (("face", "name", "address"), True),
    "in Spanish, with accents": (("rostro", "nombre completo", "ubicación exacta"), True),
    "with the voice beside": (("voice", "face", "full name", "home"), True),
    "no place": (("face", "full name"), False),
    "no face": (("voice", "full name", "exact place"), False),
    "a first name alone": (("face", "first name", "exact place"), False),
    "a changed name": (("face", "changed name", "exact place"), False),
    "the country alone": (("face", "full name", "country"), False),
}


@pytest.mark.parametrize("case", SHOWS)
def test_face_full_name_and_exact_place_are_never_shown_together(case: str) -> None:
    shows, exposed = SHOWS[case]
    found = said_of_file(shows=shows)
    assert ("exposed-person" in found) is exposed
    if exposed:
        assert found["exposed-person"][0].rule.level is Level.PROBLEM


@pytest.mark.parametrize("shows", ["face", "voice", "first name", "full name", "rostro"])
def test_who_is_seen_or_heard_is_named_by_a_consent(shows: str) -> None:
    [found] = said_of_file(shows=(shows,), people=())["unnamed-person"]
    assert found.rule.level is Level.PROBLEM
    assert shows in found.problem
    assert said_of_file(shows=(shows,)) == {}


@pytest.mark.parametrize("shows", [(), ("changed name",), ("clothes",)])
def test_what_shows_nobody_needs_nobody_named(shows: tuple[str, ...]) -> None:
    assert "unnamed-person" not in said_of_file(shows=shows, people=())


NAMES = ("Carmen", "carmen", "Carmen Díaz", "María José", "Carmen Díaz 1987", "ÁNGEL", "Иван")
CODES = ("P-014", "014", "PA-2026-03", "p14", "persona-3", "P.014", "A", "niña 1", "c0ffee-12")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_among_the_people_is_told_of_and_never_repeated(name: str) -> None:
    assert is_name(name)
    [found] = said_of_file(people=("P-014", name))["person-by-name"]
    assert found.part == "people[1]"
    assert found.rule.level is Level.WARNING
    assert name not in found.problem + found.hint


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_no_name(code: str) -> None:
    assert said_of_file(people=(code,)) == {}


CONSENT = Consent(
    person="P-014",
    form="6f" * 32,
    scope=("face", "first name"),
    channels=("all",),
    until=None,
    guardian=False,
    granted_at=NOW,
    granted_by="ana",
)


def test_a_minor_needs_a_guardian_as_far_as_is_known() -> None:
    def told(consent: Consent | None, minors: tuple[str, ...] = ("P-014",)) -> list[Remark]:
        consents = {consent.person: consent} if consent else None
        return said_of_file(consents, minors=minors).get("minor-without-guardian", [])

    [found] = told(CONSENT)
    assert (found.part, found.rule.level) == ("minors[0]", Level.PROBLEM)
    assert "P-014" in found.problem
    assert told(None) == []
    assert told(replace(CONSENT, guardian=True)) == []
    assert told(replace(CONSENT, person="P-015")) == []
    assert told(CONSENT, minors=()) == []
    # That it was taken back is said where it is held against deliveries.
    assert told(replace(CONSENT, withdrawn_at=NOW + timedelta(days=1))) == []


DECLARED = (
    "*Nombre cambiado para proteger su identidad",
    "*NOMBRE CAMBIADO",
    "Los nombres fueron cambiados.",
    "El nombre de Carmen ha sido cambiado.",
    "Hemos cambiado su nombre 🧡",
    "Se cambiaron los nombres",
    "Carmen (nombre ficticio)",
    "No es su nombre real",
    "La llamaremos Ana.",
    "*Name has been changed to protect identity",
)
UNDECLARED = (
    "Carmen llegó en 2019.",
    "Su nombre es Carmen y su vida cambió.",
    "Por supuesto, su nombre es Carmen.",
    "Carmen es una persona protegida.",
    "Cambió de nombre la calle.",
    "Mi nombre es Ana. Cambié de ciudad.",
)


def of_changed_name(
    text: str, *, alt: str = "Carmen lee.", format: Format = Format.FEED, comment: str = ""
) -> list[tuple[Remark, Source | None]]:
    asset = an_asset(shows=("face", "changed name"), alt=alt)
    shown = Shown(
        platform="facebook",
        hashtag="",
        variant=Variant(text=text, assets=(asset,), format=format),
        comment=Variant(text=comment) if comment else None,
        files=(Source(asset=asset), Source(asset=an_asset(path="otra.jpg"))),
    )
    return list(of_post(shown))


@pytest.mark.parametrize("words", DECLARED)
def test_a_changed_name_may_be_declared_in_text_comment_or_description(words: str) -> None:
    assert of_changed_name(f"Carmen llegó. {words}") == []
    assert of_changed_name("Carmen llegó.", comment=words) == []
    assert of_changed_name("Carmen llegó.", alt=words) == []


@pytest.mark.parametrize("text", UNDECLARED)
def test_a_changed_name_that_nothing_declares_keeps_a_post_back(text: str) -> None:
    [(found, source)] = of_changed_name(text, comment="¿Y tú?")
    assert found.rule is rules.UNDECLARED_CHANGED_NAME
    assert (found.part, found.rule.level) == ("text", Level.PROBLEM)
    assert source
    assert source.asset.path in found.problem
    [(found, _)] = of_changed_name("", format=Format.STORY)
    assert found.part == "assets"


# Files.


def test_a_picture_with_all_its_words_is_left_alone() -> None:
    assert said_of_file() == {}


def test_a_missing_description_and_a_missing_credit_are_told_of() -> None:
    found = said_of_file(alt="", credit="")
    assert [each.part for each in (*found["no-alt"], *found["no-credit"])] == ["alt", "credit"]
    assert {each[0].rule.level for each in found.values()} == {Level.WARNING}


@pytest.mark.parametrize(
    ("traits", "clip", "told"),
    [
        ({Trait.GPS}, False, ("la posición GPS", "a GPS position")),
        ({Trait.EXIF}, False, ("EXIF", "camera")),
        ({Trait.GPS, Trait.EXIF}, False, ("GPS y datos", "position and data")),
        ({Trait.NOTES}, True, ("quien grabó", "who recorded")),
        ({Trait.NOTES}, False, ()),
        ({Trait.PROFILE, Trait.TURNED, Trait.XMP}, False, ()),
    ],
)
def test_what_tells_where_or_with_what_a_file_was_made_is_told_of(
    traits: set[Trait], clip: bool, told: tuple[str, ...]
) -> None:
    more = CLIP if clip else {}
    found = said_of_file(traits=frozenset(traits), captions="burned in", **more)
    said = "".join(each.problem for each in found.get("location-data", []))
    assert all(words in said for words in told)
    assert bool(said) is bool(told)


def test_a_video_that_sounds_needs_captions() -> None:
    [found] = said_of_file(**CLIP)["no-captions"]
    assert (found.part, found.rule.level) == ("captions", Level.WARNING)
    assert said_of_file(captions="carmen.srt", **CLIP) == {}
    assert said_of_file(**CLIP | {"audio_codec": ""}) == {}


# All of them.


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_is_named_explained_and_sourced_in_both_languages(rule: rules.Rule) -> None:
    assert RULES[rule.name] is rule
    assert rule.name == rule.name.lower().replace("_", "-")
    for words in (rule.problem, rule.hint):
        for language in (words.es, words.en):
            assert language.strip()
            assert language[-1] in '."'
    assert "https://" in rule.source or rule is rules.UNUSED_ACCEPTANCE


def test_only_what_may_harm_people_keeps_a_post_back() -> None:
    assert {name for name, rule in RULES.items() if rule.level is Level.PROBLEM} == {
        "exposed-person",
        "unnamed-person",
        "minor-without-guardian",
        "undeclared-changed-name",
        "avoided-term",
        "withdrawn-person",
    }


PIECES = (
    *("migrantes ", "los ilegales ", "refugiados, es decir, ", "refugiados (o ", "trata de "),
    *(
        "no hay la ",
        "«",
        "nombre de la a y de ",
        "cambiaron el su ",
        "nombres reales ",
        "proteger ",
    ),
    *("1,", "1,000,", "10 ", "9", "1.000 ", "37 %", "dos mil ", "mil ", "2026", "llam", "b/. "),
    *("# s o m o s", "#somoslomism ", "#SomosLoMismoS", "#", "ＳｏｍｏｓＬｏ", "www.", "https://"),
    *(" ", "\n ", "\t", "á", "e\u0301", "\u200d", "👩🏽\u200d🚀", "ﷺ", "𝗺", "\u00ad", "a"),
)


@settings(max_examples=40, deadline=None)
@given(
    pieces=st.lists(
        st.tuples(st.sampled_from(PIECES), st.integers(1, 20_000)), min_size=1, max_size=6
    )
)
def test_a_long_hostile_text_takes_no_longer_than_a_long_one(
    pieces: list[tuple[str, int]],
) -> None:
    """A pattern that tries the same again and again would not come to an end here."""
    text = "".join(piece * number for piece, number in pieces)[:100_000]
    asset: Asset = an_asset(alt=text, shows=("face", "changed name"))
    link = Variant(text=text[:1000])
    shown = Shown(
        platform="facebook",
        hashtag=HASHTAG,
        variant=Variant(text=text),
        comment=Variant(text=text[::-1]),
        thread=(link,) * 20,
        files=(Source(asset=asset),),
    )
    for found in (*(each for each, _ in of_post(shown)), *of_file(shown.files[0], {})):
        assert len(found.problem) < 1000
