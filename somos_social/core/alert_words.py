"""The words of what a desk must hear of, short enough for a phone, in Spanish and in English.

They hold keys, names of channels and organisations, numbers and times; no text that anybody wrote,
and nothing of those who are seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from somos_social.core.alerts import Alert, Kind, Language, covered
from somos_social.core.messages import Message
from somos_social.core.people import Pause

MOST_LINES = 10
"""Of one message; of the rest it is told how many there are."""

_DAYS = {
    Language.ES: ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
    Language.EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_MONTHS = {
    Language.ES: (
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic",
    ),
    Language.EN: (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ),
}  # fmt: skip


def moment(at: datetime, language: Language) -> str:
    """Such as "jue 3 dic 18:00 (Panama)", by the zone that the time is in."""
    place = str(at.tzinfo).rpartition("/")[2].replace("_", " ")
    return f"{day(at, language)} {at:%H:%M} ({place})"


def day(at: datetime, language: Language) -> str:
    """Such as "jue 3 dic"."""
    return f"{_DAYS[language][at.weekday()]} {at.day} {_MONTHS[language][at.month - 1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The title for one and for several, a line for each, and the command that helps."""

    one: str
    many: str
    line: str
    help: str
    help_one: str = ""


_STUCK = {
    Language.ES: ("{n} publicaciones necesitan a alguien", "Qué pasó y cómo seguir: somos status"),
    Language.EN: ("{n} deliveries need someone", "What happened, and what to do: somos status"),
}
"""Where several stand still, each in its own way."""

_Case = tuple[Kind, str]

_ES: Mapping[_Case, _Words] = {
    (Kind.FAILED, ""): _Words(
        one="No salió: {key}",
        many="",
        line="{key}: no salió. Era para {due}.",
        help="",
        help_one="Por qué, y cómo seguir: somos queue show {key}",
    ),
    (Kind.MISSED, ""): _Words(
        one="Pasó su hora: {key}",
        many="",
        line="{key}: pasó su hora y no salió. Era para {due}.",
        help="",
        help_one="Por qué, y cómo darle otra hora: somos queue show {key}",
    ),
    (Kind.UNCONFIRMED, ""): _Words(
        one="Sin confirmar: {key}",
        many="",
        line="{key}: puede estar publicada y no se sabe. Era para {due}.",
        help="",
        help_one="No la publiquen a mano antes de mirar: somos queue show {key}",
    ),
    (Kind.CHANNEL_STOPPED, ""): _Words(
        one="Canal detenido: {channel}",
        many="{n} canales detenidos",
        line="{channel}: la red ya no acepta su acceso. No sale nada desde {since}.",
        help="Con un acceso nuevo, prueben: somos channel verify",
        help_one="Con un acceso nuevo, prueben: somos channel verify {channel}",
    ),
    (Kind.TOKEN_ENDS, "token"): _Words(
        one="Termina el token de {channel}",
        many="Terminan {n} tokens",
        line="{channel}: su token termina {end}. Después no sale nada.",
        help="Antes hagan otro: somos channel login CANAL",
        help_one="Antes hagan otro: somos channel login {channel}",
    ),
    (Kind.TOKEN_ENDS, "login"): _Words(
        one="Termina el acceso a datos de {channel}",
        many="Termina el acceso a datos de {n} canales",
        line="{channel}: el acceso a datos de su token termina {end}. Después no sale nada.",
        help="Antes entren de nuevo: somos channel login CANAL",
        help_one="Antes entren de nuevo: somos channel login {channel}",
    ),
    (Kind.QUOTA, ""): _Words(
        one="Cupo corto: {channel}",
        many="Cupo corto en {n} canales",
        line="{channel}: en 24 horas hay más publicaciones de las que la red acepta.",
        help="Cuántas, y qué hacer: somos status",
    ),
    (Kind.APPROVAL_WANTED, ""): _Words(
        one="{organisation}: falta su aprobación",
        many="{organisation}: faltan {n} aprobaciones",
        line="{post}: {due}, en {channels}",
        help="En el tablero, o con: somos approve {campaign} --as {organisation}:NOMBRE",
    ),
    (Kind.PAUSE, "begun"): _Words(
        one="En pausa: {of}",
        many="{n} pausas nuevas",
        line="{of}: en pausa desde {at}. La puso {by}.",
        help="Por qué: somos status. Para seguir: somos resume",
    ),
    (Kind.PAUSE, "over"): _Words(
        one="Terminó la pausa: {of}",
        many="Terminaron {n} pausas",
        line="{of}: sin pausa desde {at}.",
        help="Lo que pasó su hora mientras tanto espera a alguien: somos status",
    ),
    (Kind.WITHDRAWAL, ""): _Words(
        one="Se cumplió un retiro de consentimiento",
        many="Se cumplieron {n} retiros de consentimiento",
        line="Lo que esperaba se canceló y lo publicado se borró. No falta nada.",
        help="Quién y qué, solo para la mesa: somos consent list",
    ),
    (Kind.WITHDRAWAL, "left"): _Words(
        one="Retiro de consentimiento: falta una mano",
        many="{n} retiros de consentimiento: falta una mano",
        line="Lo que esperaba se canceló. Por borrar a mano: {left}.",
        help="Háganlo hoy: somos consent requests",
    ),
}

_EN: Mapping[_Case, _Words] = {
    (Kind.FAILED, ""): _Words(
        one="Did not go out: {key}",
        many="",
        line="{key}: did not go out. It was due {due}.",
        help="",
        help_one="Why, and what to do: somos queue show {key}",
    ),
    (Kind.MISSED, ""): _Words(
        one="Its hour passed: {key}",
        many="",
        line="{key}: its hour passed and it did not go out. It was due {due}.",
        help="",
        help_one="Why, and how to give it another: somos queue show {key}",
    ),
    (Kind.UNCONFIRMED, ""): _Words(
        one="Unconfirmed: {key}",
        many="",
        line="{key}: may be public, and nobody knows. It was due {due}.",
        help="",
        help_one="Do not post it by hand before looking: somos queue show {key}",
    ),
    (Kind.CHANNEL_STOPPED, ""): _Words(
        one="Channel stopped: {channel}",
        many="{n} channels stopped",
        line="{channel}: the network refuses its token. Nothing has gone out since {since}.",
        help="With a new one, try: somos channel verify",
        help_one="With a new one, try: somos channel verify {channel}",
    ),
    (Kind.TOKEN_ENDS, "token"): _Words(
        one="The token of {channel} ends",
        many="{n} tokens end",
        line="{channel}: its token ends {end}. After that nothing goes out.",
        help="Before then, make another: somos channel login CHANNEL",
        help_one="Before then, make another: somos channel login {channel}",
    ),
    (Kind.TOKEN_ENDS, "login"): _Words(
        one="The data access of {channel} ends",
        many="The data access of {n} channels ends",
        line="{channel}: the data access of its token ends {end}. After that nothing goes out.",
        help="Before then, log in again: somos channel login CHANNEL",
        help_one="Before then, log in again: somos channel login {channel}",
    ),
    (Kind.QUOTA, ""): _Words(
        one="Quota short: {channel}",
        many="Quota short on {n} channels",
        line="{channel}: more posts are due in 24 hours than the network takes.",
        help="How many, and what to do: somos status",
    ),
    (Kind.APPROVAL_WANTED, ""): _Words(
        one="{organisation}: your approval is wanted",
        many="{organisation}: {n} approvals are wanted",
        line="{post}: {due}, on {channels}",
        help="On the board, or with: somos approve {campaign} --as {organisation}:NAME",
    ),
    (Kind.PAUSE, "begun"): _Words(
        one="Paused: {of}",
        many="{n} new pauses",
        line="{of}: paused since {at} by {by}.",
        help="Why: somos status. To go on: somos resume",
    ),
    (Kind.PAUSE, "over"): _Words(
        one="The pause is over: {of}",
        many="{n} pauses are over",
        line="{of}: not paused since {at}.",
        help="What fell due meanwhile waits for someone: somos status",
    ),
    (Kind.WITHDRAWAL, ""): _Words(
        one="A withdrawal of consent was carried out",
        many="{n} withdrawals of consent were carried out",
        line="What waited is cancelled, what was public is taken down. Nothing is left to do.",
        help="Who and what, for the desk alone: somos consent list",
    ),
    (Kind.WITHDRAWAL, "left"): _Words(
        one="Withdrawal of consent: a hand is needed",
        many="{n} withdrawals of consent: a hand is needed",
        line="What waited is cancelled. To be taken down by hand: {left}.",
        help="Do it today: somos consent requests",
    ),
}

_WORDS = {Language.ES: _ES, Language.EN: _EN}

_OF = {
    Language.ES: ("la campaña {}", "lo que muestra a una persona", "todo"),
    Language.EN: ("the campaign {}", "what shows a person", "everything"),
}

_MORE = {Language.ES: "… y {n} más.", Language.EN: "… and {n} more."}


def of_alerts(group: Sequence[Alert], language: Language) -> Message:
    """One message on things of one group; see `alerts.grouped`."""
    words = [_WORDS[language][alert.kind, alert.variety] for alert in group]
    facts = [_spelled(alert, language) for alert in group]
    lines = [each.line.format_map(of) for each, of in zip(words, facts, strict=True)]
    if len(group) == 1:
        [only], [of] = words, facts
        helps = (only.help_one or only.help).format_map(of)
        return Message(only.one.format_map(of), f"{lines[0]}\n{helps}")
    stuck_title, stuck_help = _STUCK[language]
    title, helps = words[0].many or stuck_title, words[0].help or stuck_help
    # Of several campaigns no command names one alone.
    shared = {name: it for name, it in facts[0].items() if all(of[name] == it for of in facts)}
    told = _Given(shared | {"n": str(len(group))}, campaign=_ANY[language])
    return Message(
        title.format_map(told), "\n".join([*shortened(lines, language), helps.format_map(told)])
    )


_ANY = {Language.ES: "CAMPAÑA", Language.EN: "CAMPAIGN"}


class _Given(dict[str, str]):
    """Facts, and what stands for the campaign where they are of several."""

    def __init__(self, facts: Mapping[str, str], *, campaign: str) -> None:
        super().__init__({"campaign": campaign} | dict(facts))


def shortened(lines: Sequence[str], language: Language) -> list[str]:
    """The first of them, and how many more there are."""
    more = len(lines) - MOST_LINES
    if more <= 0:
        return list(lines)
    return [*lines[:MOST_LINES], _MORE[language].format(n=more)]


def _spelled(alert: Alert, language: Language) -> dict[str, str]:
    facts = {
        name: moment(fact, language) if isinstance(fact, datetime) else " ".join(str(fact).split())
        for name, fact in alert.facts.items()
    }
    if alert.kind is Kind.PAUSE:
        facts["of"] = _covers(facts, language)
    return facts


def _covers(facts: Mapping[str, str], language: Language) -> str:
    campaign, person, everything = _OF[language]
    parts = [
        campaign.format(facts["campaign"]) if facts["campaign"] else "",
        facts["channel"],
        person if facts["person"] else "",
    ]
    return ", ".join(filter(None, parts)) or everything


HARMLESS = {
    Language.ES: Message("Prueba de somos_social", "Es solo una prueba: no hay nada que hacer."),
    Language.EN: Message("A test of somos_social", "This is only a test: nothing is to be done."),
}
"""By which an address is tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What a day brings in one campaign: keys, each with its time, and what stands still."""

    name: str
    at: datetime
    due: Sequence[tuple[str, datetime]] = ()
    stuck: Sequence[str] = ()
    went_out: Sequence[str] = ()
    pauses: Sequence[Pause] = ()
    late: Sequence[str] = ()


_DIGEST = {
    Language.ES: (
        "{name}: hoy, {day}",
        "Hoy no sale nada.",
        "Hoy ({n}):",
        "Necesitan a alguien ({n}): somos status",
        "Colaboraciones atrasadas ({n}): somos handoff list",
        "En pausa: {of}",
        "Ayer salieron ({n}):",
    ),
    Language.EN: (
        "{name}: today, {day}",
        "Nothing goes out today.",
        "Today ({n}):",
        "Need someone ({n}): somos status",
        "Late hand-offs ({n}): somos handoff list",
        "Paused: {of}",
        "Went out yesterday ({n}):",
    ),
}


def of_day(today: Today, language: Language) -> Message:
    """The digest: what goes out, what stands still, what is late, what went out, the pauses."""
    title, nothing, due, stuck, late, paused, before = _DIGEST[language]
    lines = [due.format(n=len(today.due)) if today.due else nothing]
    lines += shortened([f"{at:%H:%M} {key}" for key, at in today.due], language)
    for words, keys in ((stuck, today.stuck), (late, today.late), (before, today.went_out)):
        if keys:
            lines += ["", words.format(n=len(keys)), *shortened(keys, language)]
    pauses = [paused.format(of=_covers(covered(it), language)) for it in today.pauses]
    lines += ["", *shortened(pauses, language)] if pauses else []
    name = " ".join(today.name.split())
    return Message(title.format(name=name, day=day(today.at, language)), "\n".join(lines))
