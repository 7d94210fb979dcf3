"""channel login: from the address that a person opens to a token that lasts, shown to nobody."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import keyring
import keyring.backend
import pytest
from typer.testing import CliRunner

from somos_social import settings
from somos_social.cli import app as program
from somos_social.core import permissions
from somos_social.sandbox import Account, Fault, Grant, MetaApp, Sandbox
from tests.cli.stage import FACEBOOK, FAR, Stage, X

INSTAGRAM = "instagram:somoslomismo"
APP_SECRET = "app-secret-0123456789"
EVERYTHING = (*permissions.asked_for("facebook"), *permissions.asked_for("instagram"))
APP = MetaApp(
    id="7001",
    secret=APP_SECRET,
    requires_proof=True,
    codes={"all": EVERYTHING, "little": ("pages_show_list",)},
)
TOKEN = "EAApage-token-0123456789"
GRANT = Grant(app=APP.id)


def account(channel: str, number: str, grant: Grant = GRANT) -> Account:
    platform, _, handle = channel.partition(":")
    return Account(
        platform=platform,  # type: ignore[arg-type]  # the tests' own names
        handle=handle,
        id=number,
        name="Somos Lo Mismo",
        secrets={"token": TOKEN},
        grant=grant,
    )


def config(box: Sandbox, *, page: str = "1000001", where: str = "file:page.token") -> str:
    app = f'app_id = "{APP.id}"\napp_secret = "env:SOMOS_APP_SECRET"\n'
    origins = "".join(f'"{origin}" = "{there}"\n' for origin, there in box.origins.items())
    keys = "".join(f'{name} = "env:X"\n' for name in settings.SECRETS["x"])
    return (
        f'[[channel]]\nname = "{FACEBOOK}"\npage_id = "{page}"\ntoken = "{where}"\n{app}'
        f'[[channel]]\nname = "{INSTAGRAM}"\nuser_id = "17841"\ntoken = "file:ig.token"\n{app}'
        f'[[channel]]\nname = "{X}"\n{keys}'
        f"[rebase]\n{origins}"
    )


@pytest.fixture
def box() -> Iterator[Sandbox]:
    accounts = [account(FACEBOOK, "1000001"), account(INSTAGRAM, "17841")]
    with Sandbox(accounts=accounts, apps=[APP]) as box:
        yield box


@pytest.fixture
def desk(stage: Stage, box: Sandbox) -> Stage:
    """A person with an app, two channels and no token yet."""
    stage.environ |= {"SOMOS_APP_SECRET": APP_SECRET}
    stage.write("config.toml", config(box))
    (stage.folder / "media").mkdir()
    return stage


def opened(desk: Stage, channel: str = FACEBOOK) -> str:
    """The address that a person is to open."""
    answer = desk.somos("channel", "login", channel, "--json")
    assert answer.code == 0
    return str(answer.json["open"])


def landed(address: str, code: str = "all", **changed: str) -> str:
    """Where the browser is sent once all is allowed."""
    query = parse_qs(urlsplit(address).query)
    state = changed.get("state", query["state"][0])
    return f"{query['redirect_uri'][0]}?code={code}&state={state}#_=_"


def kept(desk: Stage, name: str = "page.token") -> str | None:
    path = desk.folder / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def test_the_address_to_open_asks_for_all_that_publishing_needs(desk: Stage) -> None:
    address = urlsplit(opened(desk))
    assert f"{address.scheme}://{address.netloc}" == "https://www.facebook.com"
    assert address.path == "/v26.0/dialog/oauth"
    query = parse_qs(address.query)
    assert query["client_id"] == [APP.id]
    assert query["scope"][0].split(",") == list(permissions.asked_for("facebook"))
    assert APP_SECRET not in address.query
    more = desk.somos("channel", "login", FACEBOOK, "--also", "business_management", "--json")
    assert parse_qs(more.json["open"])["scope"][0].endswith(",business_management")


@pytest.mark.parametrize(("channel", "file"), [(FACEBOOK, "page.token"), (INSTAGRAM, "ig.token")])
def test_a_login_ends_with_a_token_in_a_file_for_its_owner_only(
    desk: Stage, channel: str, file: str
) -> None:
    answer = desk.somos("channel", "login", channel, "--code", landed(opened(desk, channel)))
    assert answer.code == 0, answer.err
    assert kept(desk, file) == TOKEN
    assert stat.S_IMODE((desk.folder / file).stat().st_mode) == 0o600
    assert [it.name for it in desk.folder.iterdir() if it.name.startswith(f".{file}")] == []
    assert f"file:{file}" in answer.err
    assert f"{channel}\tok" in answer.out
    assert TOKEN not in answer.out + answer.err


def test_whoever_gives_no_code_is_asked_for_it(desk: Stage) -> None:
    address = opened(desk)
    before = os.getcwd()  # noqa: PTH109  # what chdir takes back
    os.chdir(desk.folder)
    try:
        words = ["channel", "login", FACEBOOK]
        ended = CliRunner().invoke(program, words, input=f"{landed(address)}\n", env=desk.environ)
    finally:
        os.chdir(before)
    assert ended.exit_code == 0
    assert address in ended.stdout.splitlines()
    assert kept(desk) == TOKEN


def test_the_code_alone_will_do(desk: Stage) -> None:
    assert desk.somos("channel", "login", FACEBOOK, "--code", "all#_=_", "--json").json[0]["ok"]
    assert kept(desk) == TOKEN


@pytest.mark.parametrize(
    ("pasted", "code", "words"),
    [
        ("https://localhost/?code=all&state=of-somebody-else", 2, "not the address at which"),
        ("https://localhost/?code=all", 2, "not the address at which"),
        ("https://[", 2, "not the address at which"),
        ("a b", 2, "no code"),
        ("", 2, "no code"),
        ("wrong", 5, "authorization code"),
        ("https://localhost/?error=access_denied&error_description=Not+now", 5, "Not now"),
    ],
)
def test_what_is_no_code_of_this_login_leaves_all_as_it_was(
    desk: Stage, pasted: str, code: int, words: str
) -> None:
    desk.write("page.token", "EAAbefore")
    answer = desk.somos("channel", "login", FACEBOOK, "--code", pasted)
    assert answer.code == code
    assert words in answer.err
    assert kept(desk) == "EAAbefore"


def test_a_login_of_another_channel_is_not_taken(desk: Stage) -> None:
    other = landed(opened(desk, INSTAGRAM))
    assert desk.somos("channel", "login", FACEBOOK, "--code", other).code == 2


def test_a_login_that_allows_too_little_replaces_no_token(desk: Stage) -> None:
    desk.write("page.token", "EAAbefore")
    answer = desk.somos("channel", "login", FACEBOOK, "--code", "little")
    assert answer.code == 5
    assert "does not allow pages_manage_posts and pages_read_engagement" in answer.err
    assert kept(desk) == "EAAbefore"


def test_a_page_that_the_login_does_not_open_is_told_with_those_that_it_opens(
    desk: Stage, box: Sandbox
) -> None:
    desk.write("config.toml", config(box, page="404"))
    answer = desk.somos("channel", "login", FACEBOOK, "--code", "all")
    assert answer.code == 5
    assert "no Page 404" in answer.err
    assert "Somos Lo Mismo (1000001)" in answer.err
    assert TOKEN not in answer.err


def test_a_person_who_may_not_publish_on_the_page_is_told(desk: Stage) -> None:
    reader = account(FACEBOOK, "1000001", Grant(app=APP.id, tasks=("ANALYZE",)))
    with Sandbox(accounts=[reader], apps=[APP]) as box:
        desk.write("config.toml", config(box))
        answer = desk.somos("channel", "login", FACEBOOK, "--code", "all")
    assert answer.code == 5
    assert "may not publish on the Page Somos Lo Mismo (1000001)" in answer.err
    assert kept(desk) is None


def test_a_token_of_the_environment_is_not_asked_for_in_vain(desk: Stage, box: Sandbox) -> None:
    desk.write("config.toml", config(box, where="env:SOMOS_TOKEN"))
    answer = desk.somos("channel", "login", FACEBOOK, "--json")
    assert answer.code == 3
    [problem] = answer.json["problems"]
    assert problem["key"] == f"channel[{FACEBOOK}].token"
    assert "no program can set" in problem["problem"]
    assert 'token = "file:PATH" or "keyring:SERVICE/NAME"' in problem["hint"]


def test_a_channel_without_an_app_is_told_what_to_do(connected: Stage) -> None:
    text = (connected.folder / "config.toml").read_text(encoding="utf-8")
    [name] = [it for it in connected.environ if it.endswith("SOMOSLOMISMO_TOKEN")]
    connected.write("config.toml", text.replace(f"env:{name}", "file:page.token"))
    answer = connected.somos("channel", "login", FACEBOOK)
    assert answer.code == 3
    assert "app_id" in answer.err


class Ring(keyring.backend.KeyringBackend):
    """A key store in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own gap
        self.known: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.known.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.known[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.known[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_a_token_goes_into_the_keyring_where_the_config_says_so(
    desk: Stage, box: Sandbox, ring: Ring
) -> None:
    desk.write("config.toml", config(box, where="keyring:somos/page"))
    assert desk.somos("channel", "login", FACEBOOK, "--code", "all").code == 0
    assert ring.known == {("somos", "page"): TOKEN}


def test_a_folder_that_is_not_there_is_told_and_nothing_is_lost(desk: Stage, box: Sandbox) -> None:
    desk.write("config.toml", config(box, where="file:nowhere/page.token"))
    answer = desk.somos("channel", "login", FACEBOOK, "--code", "all")
    assert answer.code == 3
    assert "cannot be written: No such file" in answer.err
    assert TOKEN not in answer.err


FAULTS: list[Any] = ["500", "html-502", "close", "truncated", "190", "invalid-json"]


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("path", ["oauth/access_token", "me/accounts", "me/permissions"])
def test_a_network_that_fails_half_way_leaves_the_token_and_shows_none(
    desk: Stage, box: Sandbox, kind: Any, path: str
) -> None:
    desk.write("page.token", "EAAbefore")
    box.faults.add(Fault(match=f"GET */{path}", kind=kind))
    answer = desk.somos("channel", "login", FACEBOOK, "--code", "all", "--debug")
    assert answer.code == 5
    assert kept(desk) == "EAAbefore"
    for secret in (TOKEN, APP_SECRET, "EAAbrief", "EAAlasting"):
        assert secret not in answer.out + answer.err


def test_x_needs_no_login_but_keys(desk: Stage) -> None:
    answer = desk.somos("channel", "login", X)
    assert answer.code == 0
    assert "Read and write" in answer.out
    assert desk.somos("channel", "login", X, "--json").json["how"]


def test_a_channel_that_nobody_named_is_none(desk: Stage) -> None:
    answer = desk.somos("channel", "login", "facebook:nobody")
    assert answer.code == 2
    assert FACEBOOK in answer.err


def test_posts_that_a_token_will_not_live_to_see_are_told_by_verify_and_by_status(
    desk: Stage,
) -> None:
    brief = account(FACEBOOK, "1000001", Grant(app=APP.id, expires_at=FAR))
    posts = {"uno": FAR - timedelta(hours=1), "dos": FAR + timedelta(days=1)}
    desk.write("page.token", TOKEN).chmod(0o600)
    with Sandbox(accounts=[brief], apps=[APP]) as box:
        desk.write("config.toml", config(box))
        desk.campaign(posts)
        assert desk.somos("schedule", "prueba").code == 0
        assert "Before it is too late" not in desk.somos("status").out
        verified = desk.somos("channel", "verify", FACEBOOK, "--json")
        assert verified.code == 0
        assert desk.somos("channel", "verify", FACEBOOK, "--strict").code == 6
    [warning] = verified.json[0]["warnings"]
    assert (warning["channel"], warning["about"]) == (FACEBOOK, "expiry")
    assert warning["at"] == verified.json[0]["expires_at"]
    assert f"prueba/dos@{FACEBOOK}" in warning["message"]
    # The networks are gone: what they said is known all the same.
    status = desk.somos("status", "--json")
    assert (status.code, status.json["warnings"]) == (0, [warning])
    assert desk.somos("status", "--strict").code == 6
    told = desk.somos("status").out
    assert f"  {FACEBOOK}: {warning['message']}" in told.splitlines()
    late = f"prueba/dos@{FACEBOOK}"
    assert desk.somos("queue", "cancel", late, "--reason", "too late").code == 0
    assert "warnings" not in desk.somos("status", "--json").json
    assert desk.somos("status", "--strict").code == 0


def test_a_new_login_ends_the_warnings_of_the_old_token(desk: Stage, box: Sandbox) -> None:
    lacking = Grant(app=APP.id, scopes=("pages_read_engagement",))
    desk.write("page.token", TOKEN).chmod(0o600)
    with Sandbox(accounts=[account(FACEBOOK, "1000001", lacking)], apps=[APP]) as poor:
        desk.write("config.toml", config(poor))
        assert desk.somos("channel", "verify", FACEBOOK, "--strict").code == 6
    [warning] = desk.somos("status", "--json").json["warnings"]
    assert warning["about"] == "permission"
    desk.write("config.toml", config(box))
    # Even where nobody can ask what the new one may do.
    box.faults.add(Fault(match="GET */1000001", kind="500"))
    assert desk.somos("channel", "login", FACEBOOK, "--code", "all").code == 5
    assert kept(desk) == TOKEN
    assert "warnings" not in desk.somos("status", "--json").json
