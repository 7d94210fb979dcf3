"""The config file: what it becomes, and every kind of mistake in it."""

import os
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from somos_social.core.alerts import Audience, Kind, Language, Wanted
from somos_social.core.model.delivery import Policy
from somos_social.errors import InvalidFiles, Problem
from somos_social.settings import Settings, load, locate
from tests.files.desk import problems_of

ROOT = Path(__file__).parents[2]

CHANNELS = """
[[channel]]
name = "facebook:somos"
page_id = "1"
token = "env:FACEBOOK_TOKEN"
[[channel]]
name = "x:somos"
api_key = "env:A"
api_secret = "env:B"
access_token = "env:C"
access_token_secret = "env:D"
"""


def _load(folder: Path, content: str, environ: Mapping[str, str] | None = None) -> Settings:
    path = folder / "config.toml"
    path.write_text(content)
    return load(path, environ or {})


def _problems(folder: Path, content: str) -> list[Problem]:
    return problems_of(lambda: _load(folder, content))


def test_the_example_loads_and_shows_the_values_that_hold_without_it(tmp_path: Path) -> None:
    example = load(ROOT / "config.example.toml", {})
    bare = _load(tmp_path, "")
    assert example.policy == bare.policy == Policy()
    assert (example.tick, example.workers, example.cron) == (bare.tick, bare.workers, bare.cron)
    assert sorted(channel.platform for channel in example.channels.values()) == [
        "facebook",
        "instagram",
        "x",
    ]


def test_relative_paths_start_from_the_folder_of_the_config(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[store]\nurl = "sqlite:///var/somos.db"\n[media]\nroot = "fotos"')
    assert settings.store_url == f"sqlite:///{tmp_path}/var/somos.db"
    assert settings.media_root == tmp_path / "fotos"


def test_absolute_paths_stay_as_they_are(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[store]\nurl = "sqlite:////srv/a.db"\n[media]\nroot = "/srv/m"')
    assert (settings.store_url, settings.media_root) == ("sqlite:////srv/a.db", Path("/srv/m"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_a_postgresql_store_is_reached_by_psycopg(tmp_path: Path, scheme: str) -> None:
    settings = _load(tmp_path, f'[store]\nurl = "{scheme}://ana:clave@host/somos"')
    assert settings.store_url == "postgresql+psycopg://ana:clave@host/somos"


def test_the_password_of_a_store_is_never_shown(tmp_path: Path) -> None:
    assert "clave" not in repr(_load(tmp_path, '[store]\nurl = "postgresql://a:clave@h/s"'))
    [problem] = _problems(tmp_path, '[store]\nurl = "mysql://a:clave@h/s"')
    assert problem.key == "store.url"
    assert "clave" not in str(problem)


@pytest.mark.parametrize(
    "server",
    [
        "ana:geheim@2026@127.0.0.9/db",
        "ana:la@geheim/da@host/db",
        "ana:la?geheim@da@host/db",
        "ana:geheim@host:54x/db",
        "ana:geheim@host:543210/db",
        "ana:geheim@[host/db",
        "ana:geheim/db",
        "ana:geheim",
        "a/na:geheim@host/db",
        "host/db?password=geheim@2026",
        "ana:geheim@host:²/db",
    ],
)
def test_a_store_whose_parts_cannot_be_told_apart_is_refused_without_a_word_of_it(
    tmp_path: Path, server: str
) -> None:
    [problem] = _problems(tmp_path, f'[store]\nurl = "postgresql://{server}"')
    assert problem.key == "store.url"
    assert "%40" in problem.hint
    told = str(problem)
    assert not any(word in told for word in ("geheim", "2026", "ana", "54", "host/db"))


@pytest.mark.parametrize(
    "server",
    [
        "host/db",
        "127.0.0.1:5432/db",
        "ana@host/db",
        "ana:c%40l:a/v?e@host:5432/db?sslmode=require",
        "ana:clave@[::1]:5432/db",
        "/db?host=/var/run/postgresql",
        "ana@/db",
    ],
)
def test_a_server_is_reached_as_its_address_says(tmp_path: Path, server: str) -> None:
    written = f"postgresql+psycopg://{server}"
    settings = _load(tmp_path, f'[store]\nurl = "{written}"')
    assert settings.store_url == written
    assert make_url(written).database == "db"


def test_a_public_url_ends_in_a_slash(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[media]\npublic_url = "https://media.example.org/panama"')
    assert settings.public_url == "https://media.example.org/panama/"


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("15s", timedelta(seconds=15)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("1h30m", timedelta(minutes=90)),
    ],
)
def test_a_length_of_time_has_units(tmp_path: Path, written: str, length: timedelta) -> None:
    assert _load(tmp_path, f'[daemon]\ntick = "{written}"').tick == length


def test_a_tick_may_be_a_second_and_uploads_twenty_hours_early(tmp_path: Path) -> None:
    settings = _load(tmp_path, '[daemon]\ntick = "1s"\n[policy]\nahead = "20h"')
    assert settings.tick == timedelta(seconds=1)
    assert settings.policy.ahead == timedelta(hours=20)


def test_channels_are_found_by_name_with_the_number_of_their_account(tmp_path: Path) -> None:
    channels = _load(tmp_path, CHANNELS).channels
    facebook, x = channels["facebook:somos"], channels["x:somos"]
    assert (facebook.platform, facebook.handle, facebook.remote_id) == ("facebook", "somos", "1")
    assert (x.remote_id, list(x.secrets)) == (
        "",
        ["api_key", "api_secret", "access_token", "access_token_secret"],
    )


def test_cron_expressions_are_kept_with_their_time_zone(tmp_path: Path) -> None:
    content = '[daemon]\ncron = ["*/15 8-20 * * mon-fri"]\ntimezone = "America/Panama"'
    settings = _load(tmp_path, content)
    assert settings.cron == ("*/15 8-20 * * mon-fri",)
    assert settings.metrics is None
    daily = _load(tmp_path, '[daemon]\nmetrics = "5 6 * * *"')
    assert daily.metrics == "5 6 * * *"
    assert settings.timezone == "America/Panama"


def test_an_origin_is_rebased_without_slashes_at_the_end(tmp_path: Path) -> None:
    content = '[rebase]\n"https://api.x.com/" = "http://127.0.0.1:8899/x/"'
    assert _load(tmp_path, content).rebase == {"https://api.x.com": "http://127.0.0.1:8899/x"}


MISTAKES = {
    "an unknown table": ("[stroe]", "stroe", "Did you mean `store`?"),
    "an unknown key": ("[policy]\natempts = 3", "policy.atempts", "Did you mean `attempts`?"),
    "a table that is a value": ("store = 3", "store", "must be a table"),
    "a store in the memory": (
        '[store]\nurl = "sqlite:///:memory:"',
        "store.url",
        "nothing would be remembered",
    ),
    "a store without a file": ('[store]\nurl = "sqlite://"', "store.url", "names no file"),
    "a store with options": ('[store]\nurl = "sqlite:///a.db?mode=ro"', "store.url", "holds a ?"),
    "a store of another kind": ('[store]\nurl = "somos.db"', "store.url", "neither an SQLite"),
    "a public url without a scheme": (
        '[media]\npublic_url = "media.example.org"',
        "media.public_url",
        "not an address",
    ),
    "a public url with a query": (
        '[media]\npublic_url = "https://a.org/?a=1"',
        "media.public_url",
        "holds a ?",
    ),
    "a tick under a second": ('[daemon]\ntick = "0s"', "daemon.tick", "shorter than a second"),
    "a tick without a unit": ("[daemon]\ntick = 15", "daemon.tick", "but is a number"),
    "no workers": ("[daemon]\nworkers = 0", "daemon.workers", "at least 1"),
    "half a worker": ("[daemon]\nworkers = 0.5", "daemon.workers", "whole number"),
    "true workers": ("[daemon]\nworkers = true", "daemon.workers", "but is true or false"),
    "no cron for metrics": (
        '[daemon]\nmetrics = "cada día"',
        "daemon.metrics",
        "no cron expression",
    ),
    "no cron": ('[daemon]\ncron = ["cada hora"]', "daemon.cron[0]", "no cron expression"),
    "a day by number": (
        '[daemon]\ncron = ["0 9 * * 1-5"]',
        "daemon.cron[0]",
        "mon, tue, wed",
    ),
    "no time zone": ('[daemon]\ntimezone = "Panama"', "daemon.timezone", "`America/Panama`"),
    "no attempts": ("[policy]\nattempts = 0", "policy.attempts", "at least 1"),
    "no backoff": ('[policy]\nbackoff = "0s"', "policy.backoff", "no time at all"),
    "a lease as short as a call": (
        '[policy]\ntimeout = "30s"\nlease = "30s"\ngrace = "1h"',
        "policy.lease",
        'more than "30s"',
    ),
    "a grace as short as the lease": (
        '[policy]\ngrace = "5m"',
        "policy.grace",
        "longer than the lease",
    ),
    "a look as early as the timeout": (
        '[policy]\nlook_after = "30s"',
        "policy.look_after",
        "longer than the timeout",
    ),
    "uploads that expire": ('[policy]\nahead = "21h"', "policy.ahead", "after a day"),
    "a channel without a name": ("[[channel]]", "channel[#1].name", "is missing"),
    "a channel of no network": (
        '[[channel]]\nname = "facebok:a"',
        "channel[#1].name",
        "Did you mean `facebook`?",
    ),
    "a channel without its secrets": (
        '[[channel]]\nname = "facebook:a"\npage_id = "1"',
        "channel[facebook:a].token",
        "env:SOMOS_FACEBOOK_TOKEN",
    ),
    "a channel without its number": (
        '[[channel]]\nname = "instagram:a"\ntoken = "env:A"',
        "channel[instagram:a].user_id",
        "is missing",
    ),
    "a channel with a key of another": (
        '[[channel]]\nname = "facebook:a"\npage_id = "1"\ntoken = "env:A"\nuser_id = "2"',
        "channel[facebook:a].user_id",
        "not a known key",
    ),
    "an account by a number without quotes": (
        '[[channel]]\nname = "facebook:a"\npage_id = 1\ntoken = "env:A"',
        "channel[facebook:a].page_id",
        "in quotes",
    ),
    "an account that is a path": (
        '[[channel]]\nname = "facebook:a"\npage_id = "1/feed"\ntoken = "env:A"',
        "channel[facebook:a].page_id",
        "number of an account",
    ),
    "a channel twice": (CHANNELS + CHANNELS, "channel[facebook:somos]", "would go out twice"),
    "a channel twice in other letters": (
        CHANNELS
        + CHANNELS.replace(":somos", ":Somos").replace('"1"', '"2"').replace("env:C", "env:E"),
        "channel[facebook:Somos]",
        "would go out twice",
    ),
    "a Page under two names": (
        CHANNELS + CHANNELS.replace(":somos", ":otra").replace("env:C", "env:E"),
        "channel[facebook:otra]",
        "same account as facebook:somos",
    ),
    "an account of X under two names": (
        CHANNELS + CHANNELS.replace(":somos", ":otra").replace('"1"', '"2"'),
        "channel[x:otra]",
        "same account as x:somos",
    ),
    "an origin with a path": (
        '[rebase]\n"https://a.org/v1" = "http://127.0.0.1/"',
        'rebase."https://a.org/v1"',
        "more than an origin",
    ),
    "an origin with a query": (
        '[rebase]\n"https://a.org?a=1" = "http://127.0.0.1/"',
        'rebase."https://a.org?a=1"',
        "more than an origin",
    ),
    "an origin led to a query": (
        '[rebase]\n"https://a.org" = "http://127.0.0.1/?a=1"',
        'rebase."https://a.org"',
        "address with a ?",
    ),
    "a secret's file with a NUL byte": (
        '[[channel]]\nname = "facebook:a"\npage_id = "1"\ntoken = "file:a\\u0000"',
        "channel[facebook:a].token",
        "no reference",
    ),
    "an origin led nowhere": (
        '[rebase]\n"https://a.org" = "127.0.0.1"',
        'rebase."https://a.org"',
        "not an address",
    ),
    "no TOML": ("[store\n", "", "at line 1"),
}


@pytest.mark.parametrize(("content", "key", "words"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_the_config_is_told(
    tmp_path: Path, content: str, key: str, words: str
) -> None:
    problem = _problems(tmp_path, content)[0]
    assert (problem.file, problem.key) == (str(tmp_path / "config.toml"), key)
    assert words in f"{problem.problem} {problem.hint}"


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    content = '[daemon]\nworkers = 0\n[policy]\natempts = 3\ngrace = "1m"\n[[channel]]'
    assert {problem.key for problem in _problems(tmp_path, content)} == {
        "daemon.workers",
        "policy.atempts",
        "policy.grace",
        "channel[#1].name",
    }


def test_a_refused_value_is_not_held_against_others(tmp_path: Path) -> None:
    content = '[policy]\nlease = "un rato"\ngrace = "1m"'
    assert [problem.key for problem in _problems(tmp_path, content)] == ["policy.lease"]


def test_a_secret_in_the_config_is_refused_and_not_repeated(tmp_path: Path) -> None:
    content = CHANNELS.replace("env:FACEBOOK_TOKEN", "EAABsecreto").replace("env:A", "env:no.va")
    problems = _problems(tmp_path, content)
    assert [problem.key for problem in problems] == [
        "channel[facebook:somos].token",
        "channel[x:somos].api_key",
    ]
    assert "never the secret itself" in problems[0].hint
    assert "secreto" not in str(InvalidFiles(problems))
    assert "no.va" not in str(InvalidFiles(problems))


def test_a_config_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: load(tmp_path / "config.toml", {}))
    assert problem.file == str(tmp_path / "config.toml")
    assert "Copy config.example.toml" in problem.hint


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, and a person's own configuration folder below it, both empty."""
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA", "LOCALAPPDATA"):
        if name in os.environ or name in ("HOME", "XDG_CONFIG_HOME"):
            monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_config_asked_for_comes_first(empty_home: Path) -> None:
    (empty_home / "config.toml").write_text("")
    asked = empty_home / "otra.toml"
    assert locate(asked, {"SOMOS_CONFIG": "/nada"}) == asked


def test_the_config_of_the_environment_comes_second_even_if_missing(empty_home: Path) -> None:
    (empty_home / "config.toml").write_text("")
    assert locate(None, {"SOMOS_CONFIG": "nada.toml"}) == Path("nada.toml")


def test_the_config_of_the_current_folder_comes_third(empty_home: Path) -> None:
    assert locate(None, {}) is None
    (empty_home / "config.toml").write_text("")
    assert locate(None, {}) == Path("config.toml")


def test_without_any_config_the_problem_says_what_to_do(empty_home: Path) -> None:
    [problem] = problems_of(lambda: load(None, {}))
    assert (problem.file, problem.key) == ("config.toml", "")
    assert "config.example.toml" in problem.hint


APP = 'app_id = "7001"\napp_secret = "env:APP_SECRET"\n'
PAGE = '[[channel]]\nname = "facebook:somos"\npage_id = "1"\ntoken = "env:T"\n'


def test_a_channel_may_name_the_app_behind_its_token(tmp_path: Path) -> None:
    named = _load(tmp_path, PAGE + APP, {"APP_SECRET": "secreto"}).channels["facebook:somos"]
    assert (named.app_id, named.app_secret) == ("7001", "secreto")
    assert "secreto" not in repr(named)
    bare = _load(tmp_path, PAGE).channels["facebook:somos"]
    assert (bare.app_id, bare.app_secret) == ("", None)


@pytest.mark.parametrize(("line", "missing"), [(0, "app_secret"), (1, "app_id")])
def test_half_of_an_app_is_of_no_use(tmp_path: Path, line: int, missing: str) -> None:
    [problem] = _problems(tmp_path, PAGE + APP.splitlines()[line])
    assert problem.key == f"channel[facebook:somos].{missing}"
    assert "leave out" in problem.hint


def test_who_is_told_stands_in_the_config_by_reference(tmp_path: Path) -> None:
    more = '[notify]\nurls = ["env:DESK", "file:hook"]\nmail = "env:MAIL"\n'
    found = _load(tmp_path, more, {"DESK": "json://desk", "ANA": "ana@example.org"})
    assert [str(secret) for secret in found.notify.urls] == ["env:DESK", "file:hook"]
    assert found.notify.urls[0].reveal() == "json://desk"
    assert str(found.notify.mail) == "env:MAIL"
    assert found.notify.contact("env:ANA") == "ana@example.org"
    assert found.notify.contact("eva@example.org") == "eva@example.org"
    assert "ana@example.org" not in repr(found)


def test_an_address_that_holds_a_secret_is_refused_and_not_repeated(tmp_path: Path) -> None:
    more = '[notify]\nurls = ["tgram://123456:hidden-token/chat"]\nmail = "mailto://a:hidden@b"\n'
    found = _problems(tmp_path, more)
    assert [it.key for it in found] == ["notify.urls[0]", "notify.mail"]
    assert "hidden" not in " ".join(map(str, found))


def test_nobody_is_told_where_nothing_is_said(tmp_path: Path) -> None:
    found = _load(tmp_path, "").notify
    assert (found.urls, found.mail) == ((), None)


def test_the_desk_says_what_it_is_told_when_and_in_which_language(tmp_path: Path) -> None:
    found = _load(tmp_path, "").notify
    assert (found.desk, found.wanted) == (Audience(), Wanted())
    more = (
        '[notify]\nurls = ["env:DESK"]\nlanguage = "en"\nexcept = ["pause"]\ndigest = "7:30"\n'
        'approval_before = "3d"\nheartbeat = "env:BEAT"\n'
    )
    found = _load(tmp_path, more, {"BEAT": "https://hc.example.org/hidden"}).notify
    kinds = frozenset(Kind) - {Kind.PAUSE}
    assert found.desk == Audience(language=Language.EN, kinds=kinds)
    assert found.wanted == Wanted(approval_before=timedelta(days=3), digest=time(7, 30))
    assert str(found.heartbeat) == "env:BEAT"
    assert "hidden" not in repr(found)


def test_who_speaks_for_an_organisation_hears_of_its_own_alone(tmp_path: Path) -> None:
    more = (
        '[notify]\nlanguage = "en"\nonly = ["failed"]\n'
        '[[notify.to]]\nurl = "env:OIM"\norganisation = "OIM"\nlanguage = "es"\n'
        '[[notify.to]]\nurl = "env:NIGHT"\nkinds = ["failed", "missed"]\n'
    )
    found = _load(tmp_path, more).notify
    assert found.desk.kinds == {Kind.FAILED}
    assert [str(secret) for _, secret in found.to] == ["env:OIM", "env:NIGHT"]
    oim, night = (audience for audience, _ in found.to)
    assert oim.hears(Kind.APPROVAL_WANTED, "OIM")
    assert not oim.hears(Kind.APPROVAL_WANTED, "ACNUR")
    assert not oim.hears(Kind.FAILED)
    assert (oim.language, night.language) == (Language.ES, Language.EN)
    assert [kind for kind in Kind if night.hears(kind)] == [Kind.FAILED, Kind.MISSED]


@pytest.mark.parametrize(
    ("written", "key", "hint"),
    [
        ('only = ["faild"]', "notify.only[0]", "Did you mean `failed`?"),
        ('only = ["failed"]\nexcept = ["digest"]', "notify.except", "`only`"),
        ('digest = "half past seven"', "notify.digest", '"07:30"'),
        ('digest = "07:30"', "notify.digest", "`urls`"),
        ('urls = ["env:A"]\nexcept = ["digest"]\ndigest = "07:30"', "notify.digest", "`urls`"),
        ('digest = "24:00"', "notify.digest", '"off"'),
        ('language = "fr"', "notify.language", "es or en"),
        ('approval_before = "0h"', "notify.approval_before", "longer"),
        ('heartbeat = "https://hc.example.org/hidden"', "notify.heartbeat", "env:NAME"),
        ('[[notify.to]]\nkinds = ["failed"]', "notify.to[0].url", "env:"),
        ('[[notify.to]]\nurl = "tgram://hidden"', "notify.to[0].url", "env:NAME"),
        ('[[notify.to]]\nurl = "env:A"\nkinds = ["all"]', "notify.to[0].kinds[0]", "Known are"),
    ],
)
def test_what_is_wrong_with_who_is_told_is_said(
    tmp_path: Path, written: str, key: str, hint: str
) -> None:
    [problem] = _problems(tmp_path, f"[notify]\n{written}\n")
    assert problem.key == key
    assert hint in problem.hint
    assert "hidden" not in str(problem)
