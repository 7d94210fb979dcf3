"""TOML as nobody should write it: sound files with wrong values in them, and broken ones."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.cases import texts


class Raw(str):
    """Stands in a file as it is, without quotes."""

    __slots__ = ()


def toml(table: Mapping[str, Any]) -> str:
    """A file with these keys, whatever they hold."""
    return "".join(f"{_key(name)} = {_value(table[name])}\n" for name in table)


def _key(name: str) -> str:
    return name if isinstance(name, Raw) else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case Raw():
            return str(value)
        case bool():
            return str(value).lower()
        case str():
            return _quoted(value)
        case datetime() | date() | time():
            return value.isoformat()
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            parts = (f"{_key(name)} = {_value(value[name])}" for name in value)
            return f"{{{', '.join(parts)}}}"
    return repr(value)


_BROKEN = st.sampled_from(
    (
        *(Raw("9" * 5000), Raw("0x" + "f" * 5000), Raw(""), Raw("[" * 5000), Raw("{a=" * 200)),
        *(Raw("2026-02-30T25:61:00"), Raw("24:00:00"), Raw('"\x7f"')),
        *(Raw('"""'), Raw("'''\n"), Raw('"\\ud800"'), Raw("a.b"), Raw("true true")),
    )
)
_ODD = st.sampled_from(
    (
        *(Raw("1e999"), Raw("-inf"), Raw("nan")),
        *(datetime.min, datetime.max, date.min, date.max, time.max),  # noqa: DTZ901
        datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=23, minutes=59))),
        datetime(2000, 1, 1, tzinfo=timezone(-timedelta(hours=23, minutes=59))),
        *(0, -1, 2**31, 2**63, 2**64, 10**400, 0.5, -0.0, True, False),
        *("0s", "999999999d", "1d1h1m1s", "-1h", "1 h"),
    )
)

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(_ODD, texts(), st.integers(), st.floats(), st.datetimes(), st.dates(), st.times()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(texts(), inner, max_size=3)
    ),
    max_leaves=8,
)
"""Anything that TOML can hold."""


def one(of: Any) -> st.SearchStrategy[Any]:
    """Mostly the value that belongs there, else anything."""
    sound = of if isinstance(of, st.SearchStrategy) else st.just(of)
    return st.one_of(*[sound] * 12, VALUES)


def table(**keys: Any) -> st.SearchStrategy[dict[str, Any]]:
    """These keys, some missing, some with values of any kind, and some that nobody knows."""
    whole = st.fixed_dictionaries({name: one(of) for name, of in keys.items()})
    some = st.fixed_dictionaries({}, optional={name: one(of) for name, of in keys.items()})
    unknown = st.dictionaries(texts(), VALUES, max_size=1)
    return st.one_of(
        *[whole] * 4, some, st.builds(lambda known, more: {**more, **known}, some, unknown)
    )


def files(of: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[str]:
    """These tables as a file, now and then with a value that TOML does not know."""
    broken = st.builds("{}\nodd = {}\n".format, of.map(toml), _BROKEN)
    return st.one_of(*[of.map(toml)] * 9, broken)


PATHS = st.one_of(
    st.sampled_from(
        (
            *("carmen.jpg", "clip.mp4", "broken.jpg", "carmen.jpg.toml", "sub/otra.png", "sub"),
            *("out.jpg", "outside/secret.jpg", "outside/nothing.jpg", "loop", "fifo", "zero"),
            *("nowhere", "linked.jpg", "./carmen.jpg", "carmen.jpg/", "carmen.jpg/..", "sub/../x"),
            *(
                "../secret.jpg",
                "/etc/passwd",
                "//etc/passwd",
                "~/x",
                "a\0b",
                "é.jpg",
                "e\u0301.jpg",
            ),
            *("ñ" * 127, "a" * 251 + ".jpg", "a" * 255, "a/" * 3000, "C:\\x.jpg", "file:///x.jpg"),
        )
    ),
    texts(),
)
"""Paths of assets: those of a real media folder, its traps, and any others."""

CAPTIONS = st.one_of(
    st.sampled_from(
        ("burned in", "none needed", "out.srt", "outside/secret.srt", "../secret.srt", "loop.vtt")
    ),
    PATHS,
    PATHS.map("{}.srt".format),
)
"""Where captions lie, likewise."""

_MOMENTS = st.one_of(
    st.integers(-400, 365 * 201).map(lambda days: datetime(2000, 1, 1) + timedelta(days, 9)),  # noqa: DTZ001
    st.dates(),
    st.datetimes(),
)
_NAMES = ("facebook:somos", "instagram:somos", "x:somos")
_SPAN = st.sampled_from(("15s", "1h30m", "2h", "1d", "0s", "366d", "367d", "9" * 9 + "d", "1w"))

_SPOKEN = st.sampled_from(
    (
        *("migrantes ilegales", "Nadie es ilegal.", "refugiados/migrantes", "Son 10,000 personas."),
        *("#SomosLosMismos", "# Somos Lo Mismo", "*Nombre cambiado", "37 % (ACNUR, 2018)"),
    )
)
"""What the desk speaks against, or does not."""

_ACCEPT = st.dictionaries(
    st.one_of(
        st.sampled_from(
            (
                *("no-alt", "no-credit", "no-captions", "avoided-term", "unsourced-figure"),
                *("minor-without-guardian", "unused-acceptance", "no-captoins"),
            )
        ),
        texts(),
    ),
    one(st.one_of(st.just("El video no tiene voz."), texts())),
    max_size=3,
)

_RULES = st.one_of(
    st.sampled_from(
        (
            *("FREQ=WEEKLY;COUNT=2", "FREQ=DAILY;UNTIL=20300101", "RRULE:FREQ=MONTHLY;COUNT=1"),
            *("FREQ=DAILY", "FREQ=SECONDLY;COUNT=9999999", "FREQ=DAILY;COUNT=999999"),
            *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1", "FREQ=DAILY;BYDAY=MO;COUNT=0"),
            *("FREQ=MONTHLY;BYDAY=+99MO;COUNT=2", "FREQ=MONTHLY;BYSETPOS=-400;COUNT=2"),
            *("DTSTART:20200101;FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=99991231T235959Z"),
            *("FREQ=WEEKLY;BYMONTH=99;COUNT=2", "FREQ=WEEKLY;BYMONTH=,;COUNT=2", ";;;", "=;="),
            *("FREQ=MONTHLY;BYMONTHDAY=--1;COUNT=1", "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=1"),
        )
    ),
    texts(),
)

_DAYS = st.one_of(
    st.sampled_from(("2026-12-08", "2026-12-08@x:somos", "@", "2026-12-08@")), texts()
)

_REPEAT: dict[str, Any] = {
    "rule": _RULES,
    "texts": st.lists(texts(), max_size=3),
    "moved": st.dictionaries(_DAYS, st.datetimes(), max_size=2),
    "without": st.lists(_DAYS, max_size=2),
}

_VARIANT: dict[str, Any] = {
    "text": st.one_of(texts(), st.builds("{}{}".format, _SPOKEN, texts())),
    "link": st.one_of(st.just("https://www.somoslomismo.com/"), texts()),
    "assets": st.lists(PATHS, max_size=4),
    "format": st.sampled_from(("feed", "reel", "story", "comment")),
    "first_comment": texts(),
    "thread": st.lists(one(table(text=texts(), assets=st.lists(PATHS, max_size=2))), max_size=2),
    "tags": st.lists(one(table(user=texts(), x=st.floats(0, 1), y=0.5, asset=1)), max_size=2),
}

_VARIANTS = st.one_of(table(**_VARIANT), table(**_VARIANT, repeat=table(**_REPEAT)))

_KEYS: dict[str, Any] = {
    **_VARIANT,
    "key": st.one_of(st.sampled_from(("historia", "a" * 64, "a" * 65)), texts()),
    "due": _MOMENTS,
    "goal": texts(),
    "grace": _SPAN,
    "channels": st.lists(st.sampled_from(_NAMES), max_size=3),
    "variant": st.dictionaries(
        st.one_of(st.sampled_from(("x", "facebook", *_NAMES)), texts()), _VARIANTS, max_size=2
    ),
    "accept": _ACCEPT,
}
_POST = st.one_of(table(**_KEYS), table(**_KEYS, repeat=table(**_REPEAT)))

_HANDOFF = table(
    key="ana-reel",
    influencer=st.one_of(st.just("@ana"), texts()),
    contact=st.sampled_from(("env:ANA_EMAIL", "env:../x", "ana@example.org")),
    draft_due=_MOMENTS,
    live_due=_MOMENTS,
    brief=texts(),
    review=True,
    timezone=st.one_of(st.just("America/Bogota"), texts()),
    networks=st.lists(
        st.one_of(st.sampled_from(("instagram", "x", "tiktok")), texts()), max_size=3
    ),
    format=st.sampled_from(("feed", "reel", "story", "song")),
    compensation=st.sampled_from(("none", "paid", "beer")),
    assets=st.lists(PATHS, max_size=2),
    text=texts(),
    verbatim=st.booleans(),
    caption=st.dictionaries(
        st.one_of(st.just("x"), texts()), table(text=texts(), verbatim=True), max_size=2
    ),
    rights=texts(),
    rights_until=_MOMENTS,
)

CAMPAIGNS = files(
    table(
        name=st.one_of(st.just("Somos Lo Mismo"), texts()),
        hashtag=st.one_of(st.just("#SomosLoMismo"), texts()),
        timezone=st.one_of(
            st.sampled_from(
                (
                    "America/Panama",
                    "America/Santiago",
                    "Africa",
                    "../../etc/passwd",
                    "/etc/localtime",
                )
            ),
            texts(),
        ),
        channels=st.one_of(st.just(list(_NAMES)), st.lists(st.one_of(st.just("x:a"), texts()))),
        approvals=st.lists(st.one_of(st.just("UNHCR"), texts()), max_size=2),
        accept=_ACCEPT,
        post=st.lists(_POST, max_size=3),
        handoff=st.lists(_HANDOFF, max_size=2),
        slots=st.dictionaries(
            st.one_of(st.sampled_from(("all", "x", *_NAMES)), texts()),
            one(
                st.lists(
                    st.one_of(st.sampled_from(("mon 09:00", "lun 9:00", "mon 99:99")), texts()),
                    max_size=3,
                )
            ),
            max_size=2,
        ),
        links=one(
            st.fixed_dictionaries(
                {
                    "utm": st.one_of(
                        st.booleans(),
                        table(
                            source=st.one_of(st.sampled_from(("{network}", "{0}", "{")), texts()),
                            medium="social",
                            campaign=texts(),
                            content="{post}",
                        ),
                    )
                }
            )
        ),
    )
)
"""Campaign files with the right shape, but for some of their parts."""

SIDECARS = files(
    table(
        alt=st.one_of(texts(), _SPOKEN),
        credit=texts(),
        people=st.lists(st.one_of(st.sampled_from(("P-014", "Carmen Díaz")), texts())),
        shows=st.lists(
            st.one_of(
                st.sampled_from(("face", "full name", "exact place", "changed name", "voice")),
                texts(),
            )
        ),
        minors=st.lists(st.one_of(st.just("P-014"), texts()), max_size=2),
        captions=CAPTIONS,
        accept=_ACCEPT,
    )
)
"""The words beside a picture, likewise."""

REFERENCES = st.one_of(
    st.sampled_from(
        (
            *("env:SOMOS_TOKEN", "env:SOMOS_ODD", "env:NOT_SET", "env:", "file:token", "file:open"),
            *("file:../../../etc/shadow", "file:/dev/zero", "file:/dev/stdin", "file:fifo"),
            *("file:.", "file:" + "a" * 5000, "file:a\0b", "EAAplain-secret-in-the-config"),
        )
    ),
    texts(),
    texts().map("file:{}".format),
    texts().map("env:{}".format),
)
"""References to secrets, and what somebody may take for one."""

_SECRETS = {
    "token": REFERENCES,
    "api_key": REFERENCES,
    "api_secret": REFERENCES,
    "access_token": REFERENCES,
    "access_token_secret": REFERENCES,
}
_FIELDS = st.sampled_from(
    (
        "*",
        "*/0",
        "*/99999999999",
        "0",
        "60",
        "5-1",
        "1-2/3",
        "mon",
        "last",
        "2nd fri",
        "L",
        "١",
        "-",
    )
)
_URLS = st.one_of(
    st.sampled_from(
        (
            *("https://graph.facebook.com", "http://127.0.0.1:8899/graph", "https://a:b@c/", "//x"),
            *(
                "http://[::1",
                "http://x:99999",
                "file:///etc/passwd",
                "https://x/?a#b",
                "HTTPS://X/",
            ),
        )
    ),
    texts(),
)

CONFIGS = files(
    table(
        store=table(
            url=st.one_of(
                st.sampled_from(
                    (
                        *("sqlite:///somos.db", "sqlite://", "sqlite:////dev/zero", "sqlite:///?x"),
                        *(
                            "postgresql://u:hidden-password@h/d",
                            "postgresql://",
                            "mysql://x/y",
                            "://",
                        ),
                    )
                ),
                texts(),
            )
        ),
        media=table(
            root=PATHS,
            public_url=_URLS,
            bucket=st.one_of(
                st.sampled_from(("s3://somos-media/a", "s3://", "s3://../a")), texts()
            ),
            bucket_endpoint=_URLS,
            bucket_region=texts(),
            bucket_key=texts(),
            page_photos=texts(),
        ),
        daemon=table(
            tick=_SPAN,
            workers=st.integers(-1, 3),
            cron=st.lists(
                st.one_of(st.lists(_FIELDS, min_size=4, max_size=6).map(" ".join), texts()),
                max_size=3,
            ),
            timezone=st.one_of(st.just("America/Panama"), texts()),
        ),
        policy=table(
            **dict.fromkeys(("backoff", "lease", "grace", "timeout", "look_after", "ahead"), _SPAN),
            attempts=st.integers(-1, 3),
        ),
        channel=st.lists(
            table(
                name=st.one_of(st.sampled_from(_NAMES), texts()),
                page_id="1",
                user_id="2",
                **_SECRETS,
            ),
            max_size=3,
        ),
        rebase=st.dictionaries(_URLS, one(_URLS), max_size=3),
    )
)
"""Configs with the right shape, but for some of their parts."""
