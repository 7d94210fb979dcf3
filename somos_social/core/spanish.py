"""Times as people in Panama read them, and the Spanish words for what influencers are told."""

from datetime import datetime, tzinfo

_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


def moment(at: datetime, zone: tzinfo) -> str:
    """Such as "jueves 3 de diciembre de 2026, 23:59 (America/Panama, UTC−05:00)"."""
    there = at.astimezone(zone)
    offset = f"{there:%z}".replace("-", "−")
    return f"{day(at, zone)}, {there:%H:%M} ({zone}, UTC{offset[:3]}:{offset[3:5]})"


def day(at: datetime, zone: tzinfo) -> str:
    """Such as "jueves 3 de diciembre de 2026"."""
    there = at.astimezone(zone)
    return f"{_DAYS[there.weekday()]} {there.day} de {_MONTHS[there.month - 1]} de {there.year}"


def listed(words: list[str]) -> str:
    """Such as "rostro, voz y nombre"."""
    return " y ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
