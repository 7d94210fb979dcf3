"""Where Instagram fetches pictures, as the config says it: in one way, and whole."""

from pathlib import Path

import pytest

from somos_social.errors import InvalidFiles
from somos_social.settings import Settings, load

KEYS = 'bucket_key = "env:K"\nbucket_secret = "env:S"\n'
PAGE = '[[channel]]\nname = "facebook:somos"\npage_id = "1"\ntoken = "env:T"\n'


def _load(folder: Path, content: str) -> Settings:
    config = folder / "config.toml"
    config.write_text(content, encoding="utf-8")
    return load(config, {"K": "AKIA-clave", "S": "secreto"})


def test_a_bucket_has_a_folder_of_ours_and_keys_that_are_read_when_needed(tmp_path: Path) -> None:
    settings = _load(tmp_path, f'[media]\nbucket = "s3://somos-media"\n{KEYS}')
    assert settings.bucket is not None
    assert (settings.bucket.name, settings.bucket.folder) == ("somos-media", "somos_social")
    assert (settings.bucket.endpoint, settings.bucket.region) == (None, "us-east-1")
    assert settings.bucket.keys() == ("AKIA-clave", "secreto")
    assert "clave" not in repr(settings)
    assert "secreto" not in repr(settings)
    assert settings.shows_pictures


def test_a_bucket_may_be_anywhere_that_speaks_s3(tmp_path: Path) -> None:
    more = 'bucket_endpoint = "https://s3.example.org/"\nbucket_region = "auto"\n'
    settings = _load(tmp_path, f'[media]\nbucket = "s3://somos/insta/gram/"\n{KEYS}{more}')
    assert settings.bucket is not None
    assert settings.bucket.folder == "insta/gram"
    assert settings.bucket.endpoint == "https://s3.example.org"
    assert settings.bucket.region == "auto"


def test_a_page_may_lend_its_photos_and_does_not_unless_asked_to(tmp_path: Path) -> None:
    settings = _load(tmp_path, f'[media]\npage_photos = "facebook:somos"\n{PAGE}')
    assert settings.page_photos == "facebook:somos"
    assert not _load(tmp_path, PAGE).shows_pictures


MISTAKES = {
    "two ways": (
        f'public_url = "https://a.org"\nbucket = "s3://somos"\n{KEYS}',
        ["media.bucket"],
        "second time",
    ),
    "no bucket": (f'bucket = "somos"\n{KEYS}', ["media.bucket"], "s3://name/folder"),
    "a folder above": (f'bucket = "s3://somos/../a"\n{KEYS}', ["media.bucket"], "no bucket"),
    "no keys": ('bucket = "s3://somos"', ["media.bucket_key", "media.bucket_secret"], "missing"),
    "a key as such": (
        'bucket = "s3://somos"\nbucket_key = "AKIA-clave"\nbucket_secret = "env:S"',
        ["media.bucket_key"],
        "no reference",
    ),
    "keys without a bucket": (
        KEYS,
        ["media.bucket_key", "media.bucket_secret"],
        "no use without bucket",
    ),
    "an endpoint that all can read along": (
        f'bucket = "s3://somos"\nbucket_endpoint = "http://s3.example.org"\n{KEYS}',
        ["media.bucket_endpoint"],
        "https",
    ),
    "a page that is none": ('page_photos = "instagram:somos"', ["media.page_photos"], "no Page"),
    "a page of nobody": ('page_photos = "facebook:otra"', ["media.page_photos"], "no channel"),
}


@pytest.mark.parametrize(("content", "keys", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_key_and_what_to_do(
    tmp_path: Path, content: str, keys: list[str], words: str
) -> None:
    with pytest.raises(InvalidFiles) as caught:
        _load(tmp_path, f"[media]\n{content}")
    assert [problem.key for problem in caught.value.problems] == keys
    assert words in str(caught.value)
    assert "clave" not in str(caught.value)
