"""What a report says, in Spanish and in English, for people who are no engineers."""

from collections.abc import Mapping
from datetime import timedelta

from somos_social.preview.words import LANGUAGES

WORDS: Mapping[str, tuple[str, str]] = {
    "report": ("Informe de la campaña", "Campaign report"),
    "period": ("Periodo", "Period"),
    "whole-period": ("toda la campaña", "the whole campaign"),
    "from": ("desde el", "from"),
    "to": ("antes del", "before"),
    "made-at": ("Hecho el", "Made on"),
    "times-in": ("Horas de", "Times in"),
    # At a glance.
    "glance": ("En pocas cifras", "At a glance"),
    "out": ("Publicaciones que salieron", "Posts that went out"),
    "out-told": (
        "Cada publicación se cuenta una vez por red. Debajo salieron además {0} comentarios o "
        "partes de hilos.",
        "Each post is counted once for each network. Below them, {0} comments or parts of threads "
        "went out, too.",
    ),
    "in-a-minute": ("Salieron a menos de un minuto de su hora", "Within a minute of their time"),
    "typical": ("Retraso típico (la mediana)", "Typical delay (the median)"),
    "of-95": ("Retraso máximo de 95 de cada 100", "Longest delay of 95 in 100"),
    "longest": ("El mayor retraso", "The longest delay"),
    "to-come": ("Todavía por salir", "Still to go out"),
    "amiss-number": ("No salieron como estaba previsto", "Did not go out as promised"),
    "log-state": ("Registro de lo publicado", "Record of what was published"),
    "whole": ("íntegro", "intact"),
    "broken": ("con alteraciones", "altered"),
    # How punctual.
    "punctual": ("Puntualidad", "Punctuality"),
    "punctual-told": (
        "Cuánto después de la hora prometida quedó pública cada publicación. La mediana es el "
        "caso típico; 95 de cada 100 salieron con el retraso de la columna «95 %» o menos.",
        "How long after its promised time each post was public. The median is the typical case; "
        "95 of 100 went out as late as the column “95 %” says, or less.",
    ),
    "network": ("Red", "Network"),
    "all-networks": ("Todas", "All"),
    "posts": ("Publicaciones", "Posts"),
    "median": ("Mediana", "Median"),
    "p95": ("95 %", "95 %"),
    "worst": ("Peor caso", "Worst"),
    "minute": ("En un minuto", "Within a minute"),
    "how-late": ("Cuánto tarde salieron", "How late they went out"),
    "late": ("Retraso", "Delay"),
    "late-10": ("hasta 10 segundos", "up to 10 seconds"),
    "late-60": ("hasta 1 minuto", "up to 1 minute"),
    "late-300": ("hasta 5 minutos", "up to 5 minutes"),
    "late-3600": ("hasta 1 hora", "up to 1 hour"),
    "late-more": ("más de 1 hora", "more than 1 hour"),
    "none-out": ("Nada ha salido todavía.", "Nothing has gone out yet."),
    # When and what for.
    "when": ("Cuándo salieron", "When they went out"),
    "week-of": ("Semana del", "Week of"),
    "month": ("Mes", "Month"),
    "goals": ("Para qué", "What for"),
    "goals-told": (
        "Publicaciones que salieron, por el objetivo que la campaña les dio.",
        "Posts that went out, by the goal that the campaign gave them.",
    ),
    "goals-unknown": (
        "No se pudo leer el archivo de la campaña: los objetivos no se conocen.",
        "The campaign file could not be read: the goals are not known.",
    ),
    "goal": ("Objetivo", "Goal"),
    "no-goal": ("sin objetivo declarado", "no goal given"),
    # How they were received.
    "received": ("Cómo se recibieron", "How they were received"),
    "received-told": (
        "Cifras que cada red contó, leídas por última vez el {0}. Se comparan solo dentro de una "
        "misma red, por la mediana de cada publicación. El alcance no se suma entre redes: una "
        "misma persona puede contar en todas. X no dice a cuántas personas llegó; de X se dan las "
        "veces que se mostró. Lo publicado hace poco ha tenido menos tiempo.",
        "Figures that each network counted, last read on {0}. They are compared within one network "
        "only, by the median of each post. Reach is not added up across networks: one person may "
        "count on all of them. X does not tell how many people it reached; of X, the times it was "
        "shown are given. What was published lately has had less time.",
    ),
    "not-measured": (
        "No se han leído cifras de alcance ni de reacciones.",
        "No figures of reach or reactions were read.",
    ),
    "by-kind": ("Por tipo de publicación", "By kind of post"),
    "by-goal": ("Por objetivo", "By goal"),
    "kind": ("Tipo", "Kind"),
    "seen": ("Alcance, mediana", "Reach, median"),
    "seen-on-x": ("Veces mostrada, mediana", "Times shown, median"),
    "seen-or-shown": ("Alcance (en X: veces mostrada), mediana", "Reach (X: times shown), median"),
    "acted": ("Interacciones, mediana", "Interactions, median"),
    "of-posts": ("de {0}", "of {0}"),
    "verdict": ("Comparación", "Comparison"),
    "best": ("el mejor de esta red", "best on this network"),
    "too-few": ("muy pocas para decir algo", "too few to tell"),
    "nothing-to-say": ("", ""),
    # Everything.
    "list": ("Lo que salió", "What went out"),
    "picture": ("Imagen", "Picture"),
    "promised": ("Hora prometida", "Promised for"),
    "post": ("Publicación", "Post"),
    "where": ("Dónde y cuándo salió", "Where and when it went out"),
    "see": ("ver", "see"),
    "unnamed": ("(publicación que ya no se muestra)", "(a post that is no longer shown)"),
    "left-out": (
        "Las imágenes de las primeras publicaciones se omiten por el tamaño de este informe.",
        "The pictures of the first posts are left out for the size of this report.",
    ),
    "no-alt": ("Imagen sin descripción", "A picture without a description"),
    "text": ("texto", "text"),
    "link": ("enlace", "link"),
    "picture-kind": ("imagen", "picture"),
    "carousel": ("carrusel", "carousel"),
    "gif": ("GIF", "GIF"),
    "video": ("video", "video"),
    "reel": ("reel", "reel"),
    "story": ("historia", "story"),
    # What went wrong.
    "amiss": ("Lo que no salió como estaba previsto", "What did not go out as promised"),
    "all-well": ("Todo salió como estaba previsto.", "Everything went out as promised."),
    "happened": ("Qué pasó", "What happened"),
    "why": ("Por qué", "Why"),
    "below": ("comentario o hilo", "comment or thread"),
    "scheduled": ("programada", "scheduled"),
    "claimed": ("en preparación", "being prepared"),
    "publishing": ("saliendo", "going out"),
    "published": ("publicada", "published"),
    "unconfirmed": ("sin confirmar", "unconfirmed"),
    "failed": ("no se pudo publicar", "could not be published"),
    "missed": ("perdió su hora", "missed its time"),
    "cancelled": ("cancelada antes de salir", "cancelled before it went out"),
    "removed": ("retirada después de salir", "taken down after it went out"),
    "refused": (
        "La red no aceptó la publicación.",
        "The network did not accept the post.",
    ),
    "token": (
        "La red no reconocía el permiso de la cuenta, que había que renovar.",
        "The network did not accept the account's permission, which had to be renewed.",
    ),
    "unreached": (
        "No se pudo llegar a la red, tampoco en los intentos siguientes.",
        "The network could not be reached, nor at the tries that followed.",
    ),
    "not-there": (
        "La red no respondió con claridad; se comprobó que no quedó publicada.",
        "The network gave no clear answer; a check showed that it was not published.",
    ),
    "unattended": (
        "A su hora el programa no estaba en marcha. Nada sale tarde por sí solo.",
        "The program was not running at its time. Nothing goes out late by itself.",
    ),
    "held-back": (
        "A su hora faltaba un visto bueno o un permiso, o había una pausa.",
        "At its time an approval or a permission was missing, or there was a pause.",
    ),
    "called-off": (
        "El equipo de la campaña decidió que no saliera.",
        "The campaign team decided that it was not to go out.",
    ),
    "taken-down": (
        "El equipo de la campaña decidió retirarla.",
        "The campaign team decided to take it down.",
    ),
    "unclear": (
        "La red no respondió con claridad. Puede estar publicada: se comprueba antes de repetirla, "
        "para que nada salga dos veces.",
        "The network gave no clear answer. It may be public: that is checked before it is tried "
        "again, so that nothing goes out twice.",
    ),
    # Hand-offs.
    "handoffs": ("Publicaciones de influencers", "Posts of influencers"),
    "no-handoffs": ("No se pidió ninguna.", "None were asked for."),
    "influencer": ("Influencer", "Influencer"),
    "asked-for": ("Encargo", "Hand-off"),
    "live-due": ("Prometida para", "Promised for"),
    "state": ("Estado", "State"),
    "proof": ("Prueba", "Proof"),
    "offered": ("ofrecida", "offered"),
    "accepted": ("aceptada", "accepted"),
    "declined": ("no aceptada", "declined"),
    "submitted": ("borrador recibido", "draft received"),
    "changes_requested": ("con cambios pedidos", "changes asked for"),
    "approved": ("borrador aprobado", "draft approved"),
    "live": ("publicada", "live"),
    "confirmed": ("publicada y comprobada", "live and confirmed"),
    "is-late": ("tarde", "late"),
    "no-proof": ("todavía sin prueba", "no proof yet"),
    "proof-look": ("vista en su página el {0}", "seen on its page on {0}"),
    "proof-screenshot": (
        "captura de pantalla del {0}, huella {1}",
        "screenshot of {0}, fingerprint {1}",
    ),
    "hashtag": ("con el hashtag", "with the hashtag"),
    "disclosure": ("con el aviso de colaboración", "with the disclosure"),
    # What people held back.
    "care": ("Cuidado de las personas", "Care for people"),
    "care-told": (
        "Solo cantidades: de quién se trata no consta en ningún informe. Los retiros son los de "
        "todas las campañas.",
        "Numbers only: no report says who it was. Withdrawals are those of all campaigns.",
    ),
    "pauses": ("Pausas que alguien ordenó", "Pauses that somebody ordered"),
    "blackouts": ("Silencios previstos", "Planned silences"),
    "withdrawals": ("Consentimientos retirados", "Consents withdrawn"),
    # The log.
    "proof-of-log": ("Comprobación del registro", "Verification of the record"),
    "log-told": (
        "Cada paso queda anotado en cadenas en las que cada anotación cubre la anterior: si una se "
        "cambia, se borra o se mueve, se nota. Guarde este informe: los finales de las cadenas que "
        "siguen permiten comprobar más adelante que nada se cambió.",
        "Every step is written down in chains in which each entry covers the one before: if one is "
        "changed, removed or moved, it shows. Keep this report: the ends of the chains below allow "
        "a later check that nothing was changed.",
    ),
    "result": ("Resultado", "Result"),
    "result-whole": (
        "El registro está íntegro: es lo que se escribió.",
        "The record is intact: it is what was written.",
    ),
    "result-broken": (
        "El registro NO es lo que se escribió, en {0} lugares. Los nombra `somos log verify`.",
        "The record is NOT what was written, in {0} places. `somos log verify` names them.",
    ),
    "entries": ("Anotaciones", "Entries"),
    "chains": ("Finales de las cadenas", "Ends of the chains"),
    "chain": ("Cadena", "Chain"),
    "head": ("Huella de la última anotación", "Fingerprint of the last entry"),
    "elsewhere": (
        "Este PDF no tiene letras para todos los signos de los textos: los emojis van con su "
        "nombre entre corchetes.",
        "This PDF does not have letters for all signs of the texts: emojis stand there by their "
        "names, in brackets.",
    ),
}
"""By key: Spanish, then English."""

_SPACE = "\N{NO-BREAK SPACE}"


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._place = LANGUAGES.index(language)

    def __call__(self, key: str, *values: object) -> str:
        return WORDS[key][self._place].format(*values)

    def number(self, value: float) -> str:
        """Thousands apart by a space, which no language takes for a decimal point."""
        rounded = round(value, 1)
        text = f"{int(rounded):,}" if rounded == int(rounded) else f"{rounded:,.1f}"
        return text.replace(",", _SPACE).replace(".", "," if self.language == "es" else ".")

    def span(self, span: timedelta) -> str:
        """Its two largest units: "4 s", "1 min 5 s", "3 h 20 min"; none is left for less."""
        seconds = round(span.total_seconds())
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3600)
        minutes, left = divmod(rest, 60)
        units = [(days, "d"), (hours, "h"), (minutes, "min"), (left, "s")]
        first = next((at for at, (number, _) in enumerate(units) if number), len(units) - 1)
        kept = [it for it in units[first : first + 2] if it[0]] or [(0, "s")]
        return " ".join(f"{number}{_SPACE}{unit}" for number, unit in kept)
