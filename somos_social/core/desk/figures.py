"""Figures that a reader will want the source of: percentages, thousands and millions of people.

What is no such figure is left alone: years, dates, hours, ages, prices, distances, telephone
numbers, and what is only a way of speaking. Every pattern is tried on a text as `plain` makes it.
"""

import re
from collections.abc import Iterator

_PEOPLE = (
    "(?:personas|familias|hogares|migrantes|inmigrantes|refugiad[oa]s|solicitantes|solicitudes"
    "|desplazad[oa]s|apatridas|ninas|ninos|mujeres|hombres|jovenes|menores|adolescentes|estudiantes"
    "|venezolan[oa]s|haitian[oa]s|colombian[oa]s|cuban[oa]s|nicaraguenses|ecuatorian[oa]s"
    "|extranjer[oa]s|habitantes|trabajador[ea]s|victimas|casos|people|refugees|migrants|children"
    "|families)"
)
_NUMBER_WORDS = (
    "(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|cuarenta"
    "|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|doscient[oa]s|trescient[oa]s"
    "|cuatrocient[oa]s|quinient[oa]s|medio|un)"
)
# Looked at only where there is a digit, which is quick to find.
_FIRST = r"\d(?<![\w.,:/+$€#@-]\d)"
_NOT_GOING_ON = r"(?!\w|[.,:/-]\d)"

_PERCENTAGE = re.compile(rf"({_FIRST}\d{{0,2}}(?:[.,]\d{{1,2}})?) ?(?:%|por ?ciento\b|percent\b)")
_GROUPED = re.compile(
    rf"{_FIRST}\d{{0,2}}([., ])\d{{3}}(?:\1\d{{3}}){{0,3}}{_NOT_GOING_ON}(?! \d{{3}}\b)"
)
_COUNTED = re.compile(rf"{_FIRST}\d{{3,8}}{_NOT_GOING_ON}(?= (?:de )?{_PEOPLE}\b)")
_SHORT = re.compile(
    rf"{_FIRST}\d{{0,3}}(?:[.,]\d{{1,3}})? ?(?:mil(?:lon(?:es)?)?|millions?|thousand)\b"
)
_SPELT = re.compile(
    rf"\b{_NUMBER_WORDS} (?:mil|millon(?:es)?(?: y medio)?) (?:de )?{_PEOPLE}\b"
    rf"|\b(?:mas de|casi|unas|unos|cerca de) mil {_PEOPLE}\b"
)

_OF_SOMETHING_ELSE = re.compile(
    r" ?(?:de )?(?:km|kms|kilometros?|metros?|mts?|m|m2|msnm|pies|millas|pasos|horas?|minutos?"
    r"|segundos?|dias|noches|veces|anos|dolares|balboas|pesos|euros|usd|b/|seguidores|followers"
    r"|likes|me gusta|gracias|abrazos|besos|corazones|saludos|razones|kilos?|kg|libras|litros"
    r"|gramos|calorias|hectareas|ha|grados|descuento|off|dto)\b"
)
_AS_PRICE_OR_CODE = re.compile(
    r"(?:[$€]|\bb/\.|\busd|\b(?:tel|telefonos?|cel|celular|llam\w{0,6}|linea|whatsapp|wsp|marca"
    r"|marque|numero|no|nro|ext|codigo|ley|decreto|resolucion|expediente|cedula|ruc|cuenta|oficina|apartado"
    r"|km|calle|avenida|ano|anos)\b)[ .:]{0,3}(?:(?:al|a|la|el|de|n\.?o?) ){0,2}$"
)
_BEFORE = 30

_SOURCE = re.compile(
    r"\b(?:segun|fuentes?|de acuerdo (?:con|a)|datos? (?:de|del|citado)|cifras? (?:de|del|oficial)"
    r"|estima(?:n|cion|ciones|do|da)?|informes?|censo|encuestas?|estudios?|registr(?:o|a|an|aron|os)"
    r"|report(?:e|es|a|an|o|aron)|naciones unidas|banco mundial|servicio nacional de migracion"
    r"|ministerio|contraloria|defensoria|cruz roja|acnur|oim|unhcr|iom|inec|onu|unicef|r4v|cepal"
    r"|snm|pnud|undp|oms|oit|according to|source|sources|data from|report)\b"
)
_YEAR = re.compile(r"(?<![\w.,])(?:19|20)\d\d(?![\w]|[.,]\d)")


def figures(plain: str) -> list[str]:
    """The figures of a plain text, each once, in the order in which they stand."""
    return list(dict.fromkeys(plain[start:end] for start, end in sorted(_spans(plain))))


def is_sourced(plain: str) -> bool:
    """Whether a plain text names a source, and a year."""
    # "2000 personas" is no year.
    rest = _COUNTED.sub(" ", plain)
    return bool(_SOURCE.search(rest) and _YEAR.search(rest))


_DIGIT = re.compile(r"\d")


def _spans(plain: str) -> Iterator[tuple[int, int]]:
    if _DIGIT.search(plain):
        yield from _in_digits(plain)
    if "mil" in plain:
        yield from (match.span() for match in _SPELT.finditer(plain))


def _in_digits(plain: str) -> Iterator[tuple[int, int]]:
    for match in _PERCENTAGE.finditer(plain):
        # "100 % panameño" and "0 % prejuicios" are ways of speaking.
        whole = float(match[1].replace(",", "."))
        if 0 < whole < 100 and not _OF_SOMETHING_ELSE.match(plain, match.end()):
            yield match.span()
    for pattern in (_GROUPED, _COUNTED, _SHORT):
        for match in pattern.finditer(plain):
            before = plain[max(0, match.start() - _BEFORE) : match.start()]
            if _OF_SOMETHING_ELSE.match(plain, match.end()) or _AS_PRICE_OR_CODE.search(before):
                continue
            yield match.span()
