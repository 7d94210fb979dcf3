"""The config that a new folder begins with: whole and valid, and without any secret."""

from collections.abc import Iterable, Iterator

from somos_social.settings.model import ID_KEYS, SECRETS

SECRETS_FOLDER = "secrets"
"""In the folder of the config, for its owner only."""

EXAMPLE_IDS = {"page_id": "100000000000001", "user_id": "17841400000000001"}
"""They stand for numbers that only the owner of a channel knows; nobody's token fits them."""

EXAMPLE_BUCKET = "s3://name-of-your-bucket/instagram"

_HEAD = """\
# Where somos_social finds your channels. No secret stands here, only where each one lies.
# Every key that there is: config.example.toml of the project. `somos doctor` says what is missing.

[store]
url = "sqlite:///somos.db"

[media]
root = "media"
"""

_BUCKET = f"""\
# Instagram fetches pictures itself. Name a bucket that speaks S3; or delete these three lines, and
# write public_url = "https://..." where this folder can be reached from the internet.
bucket = "{EXAMPLE_BUCKET}"
bucket_key = "file:{SECRETS_FOLDER}/bucket-key"
bucket_secret = "file:{SECRETS_FOLDER}/bucket-secret"
"""

_ID_TOLD = {
    "page_id": "the number of your Page: its settings, Page transparency",
    "user_id": "the number of your Instagram account",
}


def config(channels: Iterable[str], timezone: str) -> str:
    """The text of a config with these channels, whose names are sound."""
    names = list(channels)
    lines = [_HEAD.rstrip("\n")]
    if any(name.startswith("instagram:") for name in names):
        lines.append(_BUCKET.rstrip("\n"))
    lines += ["", "[daemon]", f'timezone = "{timezone}"']
    for name in names:
        lines += ["", *_channel(name)]
    return "\n".join(lines) + "\n"


def _channel(name: str) -> Iterator[str]:
    platform, _, handle = name.partition(":")
    yield "[[channel]]"
    yield f'name = "{name}"'
    if key := ID_KEYS.get(platform):
        yield f'{key} = "{EXAMPLE_IDS[key]}"  # {_ID_TOLD[key]}'
    for secret in SECRETS[platform]:
        file = f"{SECRETS_FOLDER}/{platform}-{handle}-{secret.replace('_', '-')}"
        yield f'{secret} = "file:{file}"'
