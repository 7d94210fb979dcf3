"""Secrets are read when they are needed, and never shown."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from somos_social.errors import InvalidFiles
from somos_social.settings import Secret
from tests.files.desk import problems_of


def _secret(folder: Path, reference: str, **environ: str) -> Secret:
    return Secret(
        reference=reference,
        file="config.toml",
        key="channel[x:somos].api_key",
        folder=folder,
        environ=environ,
    )


def _words(secret: Secret) -> str:
    """What is said of a secret that cannot be read; never the secret."""
    [problem] = problems_of(secret.reveal)
    assert (problem.file, problem.key) == ("config.toml", "channel[x:somos].api_key")
    assert secret.reference in problem.problem
    assert "secreto" not in f"{problem.problem} {problem.hint}".replace("secreto.txt", "")
    return f"{problem.problem} {problem.hint}"


def _lay(folder: Path, content: bytes, mode: int = 0o600) -> None:
    (folder / "secreto.txt").write_bytes(content)
    (folder / "secreto.txt").chmod(mode)


def test_a_secret_of_the_environment_is_stripped(tmp_path: Path) -> None:
    assert _secret(tmp_path, "env:A", A=" secreto\n").reveal() == "secreto"


def test_a_secret_of_a_file_is_found_beside_the_config(tmp_path: Path) -> None:
    _lay(tmp_path, b"secreto\r\n")
    assert _secret(tmp_path, "file:secreto.txt").reveal() == "secreto"
    assert _secret(Path("/"), f"file:{tmp_path}/secreto.txt").reveal() == "secreto"


def test_a_secret_is_shown_neither_by_repr_nor_by_str(tmp_path: Path) -> None:
    secret = _secret(tmp_path, "env:A", A="secreto")
    assert "secreto" not in repr(secret)
    assert f"{secret}" == "env:A"


def test_a_variable_that_is_not_set_is_told(tmp_path: Path) -> None:
    assert "Set the environment variable A" in _words(_secret(tmp_path, "env:A"))


@pytest.mark.parametrize("value", ["", "  \n"])
def test_an_empty_secret_is_told(tmp_path: Path, value: str) -> None:
    assert "is empty" in _words(_secret(tmp_path, "env:A", A=value))


@pytest.mark.parametrize("value", ["secreto\nsecreto", "secreto\0", "sec\x1breto"])
def test_a_secret_of_more_than_a_line_is_told(tmp_path: Path, value: str) -> None:
    assert "control character" in _words(_secret(tmp_path, "env:A", A=value))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_secret_that_others_can_read_is_told(tmp_path: Path, mode: int) -> None:
    _lay(tmp_path, b"secreto", mode)
    assert "chmod 600" in _words(_secret(tmp_path, "file:secreto.txt"))


def test_a_credential_of_systemd_is_read_although_its_mode_shows_a_group(tmp_path: Path) -> None:
    _lay(tmp_path, b"secreto", 0o440)
    given = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert _secret(Path("/"), f"file:{tmp_path}/secreto.txt", **given).reveal() == "secreto"


@pytest.mark.parametrize(("folder", "mode"), [("", 0o444), ("other", 0o440)])
def test_a_credential_that_all_can_read_and_a_file_elsewhere_are_told(
    tmp_path: Path, folder: str, mode: int
) -> None:
    _lay(tmp_path, b"secreto", mode)
    given = {"CREDENTIALS_DIRECTORY": str(tmp_path / folder)}
    assert "chmod 600" in _words(_secret(tmp_path, "file:secreto.txt", **given))


def test_a_secret_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "is not a file" in _words(_secret(tmp_path, "file:secreto.txt"))


def test_a_refusal_of_the_system_is_told(tmp_path: Path) -> None:
    assert "File name too long" in _words(_secret(tmp_path, f"file:{300 * 'a'}"))


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    assert "is not a file" in _words(_secret(tmp_path, "file:."))


def test_a_secret_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    _lay(tmp_path, b"secreto\xff")
    assert "is not text" in _words(_secret(tmp_path, "file:secreto.txt"))


def test_a_secret_file_that_is_a_picture_by_its_size_is_told(tmp_path: Path) -> None:
    _lay(tmp_path, 70_000 * b"a")
    assert "too large" in _words(_secret(tmp_path, "file:secreto.txt"))


class _Ring(keyring.backend.KeyringBackend):
    """A key store of one entry, and one that is locked."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise keyring.errors.KeyringLocked("secreto")
        return "secreto" if (service, username) == ("somos", "x/key") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(_Ring())  # type: ignore[no-untyped-call]  # keyring's own gap
    yield
    keyring.set_keyring(before)


def test_a_secret_of_the_keyring_is_found_by_service_and_name(tmp_path: Path, ring: None) -> None:
    assert _secret(tmp_path, "keyring:somos/x/key").reveal() == "secreto"


def test_a_secret_that_the_keyring_lacks_is_told(tmp_path: Path, ring: None) -> None:
    words = _words(_secret(tmp_path, "keyring:somos/facebook"))
    assert "keyring set somos facebook" in words


def test_a_locked_keyring_is_told(tmp_path: Path, ring: None) -> None:
    assert "KeyringLocked" in _words(_secret(tmp_path, "keyring:locked/a"))


def test_a_failed_reveal_leaves_no_trace_of_the_secret(tmp_path: Path) -> None:
    with pytest.raises(InvalidFiles) as caught:
        _secret(tmp_path, "env:A", A="secreto\nsecreto").reveal()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_secret_that_is_kept_is_found_again_and_read_by_nobody_else(tmp_path: Path) -> None:
    for before in (None, b"viejo"):
        if before:
            _lay(tmp_path, before)
        secret = _secret(tmp_path, "file:secreto.txt")
        secret.keep(" nuevo\n")
        assert secret.reveal() == "nuevo"
        assert (tmp_path / "secreto.txt").stat().st_mode & 0o777 == 0o600
        assert [path.name for path in tmp_path.iterdir()] == ["secreto.txt"]


def test_a_secret_is_kept_where_a_link_leads(tmp_path: Path) -> None:
    (tmp_path / "enlace").symlink_to(tmp_path / "secreto.txt")
    _secret(tmp_path, "file:enlace").keep("nuevo")
    assert (tmp_path / "enlace").is_symlink()
    assert (tmp_path / "secreto.txt").read_text() == "nuevo\n"


@pytest.mark.parametrize("value", ["", " \n", "secreto\nsecreto", "secreto\u2026"])
def test_what_can_be_no_secret_replaces_none(tmp_path: Path, value: str) -> None:
    _lay(tmp_path, b"viejo")
    [problem] = problems_of(lambda: _secret(tmp_path, "file:secreto.txt").keep(value))
    assert "secreto\n" not in str(problem)
    assert (tmp_path / "secreto.txt").read_bytes() == b"viejo"


def test_a_variable_of_the_environment_keeps_no_secret(tmp_path: Path) -> None:
    [problem] = problems_of(lambda: _secret(tmp_path, "env:A").keep("secreto"))
    assert "no program can set" in problem.problem
    assert 'api_key = "file:PATH"' in problem.hint


def test_a_key_store_that_takes_nothing_is_told(tmp_path: Path, ring: None) -> None:
    [problem] = problems_of(lambda: _secret(tmp_path, "keyring:somos/x").keep("secreto"))
    assert "the keyring says NotImplementedError" in problem.problem
    assert "secreto" not in str(problem)
