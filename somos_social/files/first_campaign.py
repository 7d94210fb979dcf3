"""The campaign that a new folder begins with: examples in Spanish, all of them still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from somos_social.files.new_post import Said, block, item

PICTURE = "ejemplos/igual.jpg"
OTHER_PICTURE = "ejemplos/igual-2.jpg"

IGNORED = """\
# What is made here, and what is nobody else's business.
/config.toml
/secrets/
/somos.db*
.fitted/
/kit-*/
/kit-*.zip
/preview-*.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What five questions are answered with."""

    name: str
    timezone: str
    channels: Sequence[str]
    approvals: Sequence[str]
    day: date


def campaign(first: First) -> str:
    """The text of the campaign file."""
    head = [
        "# Los textos son ejemplos: cámbielos, o bórrelos. `somos check` dice qué falta.",
        f"name      = {_toml(first.name)}",
        'hashtag   = "#SomosLoMismo"',
        f"timezone  = {_toml(first.timezone)}",
        f"channels  = {_toml(list(first.channels))}",
    ]
    if first.approvals:
        head += [
            "# Nada sale sin el sí de cada una a exactamente lo que se verá.",
            f"approvals = {_toml(list(first.approvals))}",
        ]
    return "\n".join([*head, "", *(block(post) for post in posts(first))])


def posts(first: First) -> list[Said]:
    """Two or three, each for where it can be shown: Instagram takes none without media."""
    with_words = [it for it in first.channels if not it.startswith("instagram:")]
    begin = Said(
        key="bienvenida",
        due=_at(first.day, 0, 9),
        goal="empathy",
        text="Llegamos de lugares distintos y queremos lo mismo: un trabajo, una escuela, una "
        "vecina que saluda.\n\n¿Qué te hizo sentir en casa la primera vez?",
        assets=[PICTURE],
    )
    if not with_words:
        again = Said(
            key="gracias",
            due=_at(first.day, 2, 18),
            goal="empathy",
            text="Gracias por cada saludo de esta semana. Mañana seguimos.",
            assets=[OTHER_PICTURE],
        )
        return [begin, again]
    only = with_words if len(with_words) < len(first.channels) else ()
    question = Said(
        key="una-pregunta",
        due=_at(first.day, 2, 18),
        goal="empathy",
        channels=only,
        text="¿Cuál palabra aprendiste de alguien que llegó de otro país?",
    )
    rumour = Said(
        key="antes-de-compartir",
        due=_at(first.day, 4, 12),
        goal="empathy",
        channels=only,
        text="Antes de compartir un rumor, una pregunta: ¿quién lo dice, y cómo lo sabe?",
    )
    return [begin, question, rumour]


def sidecar(alt: str) -> str:
    """The file beside a picture that shows nobody."""
    return f'alt    = {_toml(alt)}\ncredit = "Ilustración de ejemplo"\npeople = []\nshows  = []\n'


def _at(day: date, later: int, hour: int) -> datetime:
    return datetime.combine(day + timedelta(days=later), time(hour))


def _toml(value: object) -> str:
    return str(item(value).as_string())
