"""Dates as people write them in Spanish and in English."""

from datetime import date, datetime, tzinfo

MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "en": "January February March April May June July August September October November December",
}
DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}


def month(day: date, language: str) -> str:
    """ "diciembre de 2026", "December 2026"."""
    name = MONTHS[language].split()[day.month - 1]
    return f"{name} de {day.year}" if language == "es" else f"{name} {day.year}"


def weekday(day: date, language: str) -> str:
    """ "martes", "Tuesday"."""
    return DAYS[language].split()[day.weekday()]


def day(moment: date, language: str) -> str:
    """ "martes 1 de diciembre de 2026", "Tuesday 1 December 2026"."""
    of = " de " if language == "es" else " "
    name = MONTHS[language].split()[moment.month - 1]
    return f"{weekday(moment, language)} {moment.day}{of}{name}{of}{moment.year}"


def short(day: date, language: str) -> str:
    """ "1 dic 2026", "1 Dec 2026"."""
    return f"{day.day} {MONTHS[language].split()[day.month - 1][:3]} {day.year}"


def moment(at: datetime, zone: tzinfo, language: str, *, seconds: bool = False) -> str:
    """ "mar 1 dic 2026, 09:00", "Tue 1 Dec 2026, 09:00": the time there."""
    there = at.astimezone(zone)
    name = MONTHS[language].split()[there.month - 1][:3]
    clock = f"{there:%H:%M:%S}" if seconds else f"{there:%H:%M}"
    return f"{weekday(there, language)[:3]} {there.day} {name} {there.year}, {clock}"
