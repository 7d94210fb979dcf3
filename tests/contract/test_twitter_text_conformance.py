"""Holds our reading of a post's text against twitter-text's own conformance suite.

The suite's `autolink`, `hit_highlighting`, `lists` and `replies` speak of what we do not do.
"""

import json
import os
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from somos_social.core import tweet_text
from somos_social.core.tweet_text import V2, V3, Config

ROOT = Path(__file__).parents[2]
CONTRACTS = Path(os.environ.get("SOMOS_CONTRACTS", ROOT.parent / "shared" / "contracts"))
SUITE = CONTRACTS / "x" / "twitter-text"

if not SUITE.is_dir():
    pytest.skip(
        f"twitter-text's conformance suite is not at {SUITE}; SOMOS_CONTRACTS names its place.",
        allow_module_level=True,
    )

NOT_OURS = {
    "tweets": {
        "Invalid Tweet: 141 characters": "a post may have 280 now",
        "Invalid Tweet: 141 characters (due to newline)": "a post may have 280 now",
    },
    "urls": {  # The suite holds these against `isValidUrl`, which a text's length does not follow.
        "Valid url: port and userinfo": "X makes no link of a host behind user information",
        "Valid url: ipv4": "X makes no link of an address in figures",
        "Valid url: ipv6": "X makes no link of an address in figures",
        "Valid url: sub delims and question marks": "X leaves the last + out of the link",
    },
}
"""Official cases of `validate.yml` that we answer the other way, and why that is right."""


@cache
def _tests(file: str) -> Any:
    return yaml.load((SUITE / file).read_text("utf-8"), Loader=yaml.CSafeLoader)["tests"]


def _cases(file: str, section: str) -> list[Any]:
    return [pytest.param(case, id=case["description"]) for case in _tests(file)[section]]


def _validate_cases(section: str) -> list[Any]:
    exceptions = NOT_OURS.get(section, {})
    return [
        pytest.param(
            *case.values,
            id=case.id,
            marks=[pytest.mark.xfail(reason=exceptions[case.id])] if case.id in exceptions else [],
        )
        for case in _cases("validate.yml", section)
    ]


def _spans(case: dict[str, Any]) -> list[tuple[str, list[int]]]:
    return [(entity["url"], entity["indices"]) for entity in case["expected"]]


@pytest.mark.parametrize("case", _cases("validate.yml", "WeightedTweetsCounterTest"))
def test_a_text_weighs_what_edition_2_says(case: dict[str, Any]) -> None:
    assert tweet_text.weighted_length(case["text"], V2) == case["expected"]["weightedLength"]
    assert tweet_text.is_valid(case["text"], V2) == case["expected"]["valid"]


@pytest.mark.parametrize(
    "case",
    _cases("validate.yml", "WeightedTweetsWithDiscountedEmojiCounterTest")
    + _cases("validate.yml", "UnicodeDirectionalMarkerCounterTest"),
)
def test_a_text_weighs_what_the_edition_in_force_says(case: dict[str, Any]) -> None:
    assert tweet_text.weighted_length(case["text"]) == case["expected"]["weightedLength"]
    assert tweet_text.is_valid(case["text"]) == case["expected"]["valid"]


@pytest.mark.parametrize("case", _validate_cases("tweets"))
def test_a_text_is_valid_where_the_suite_says_so(case: dict[str, Any]) -> None:
    assert tweet_text.is_valid(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", _validate_cases("urls") + _validate_cases("urls_without_protocol"))
def test_a_valid_url_is_one_link_and_an_invalid_one_is_not(case: dict[str, Any]) -> None:
    assert (_urls(case["text"]) == [case["text"]]) == case["expected"]


@pytest.mark.parametrize("case", _validate_cases("hashtags"))
def test_a_valid_hashtag_is_one_tag(case: dict[str, Any]) -> None:
    assert (tweet_text.hashtags(case["text"]) == [case["text"][1:]]) == case["expected"]


@pytest.mark.parametrize("case", _validate_cases("usernames"))
def test_a_valid_name_is_one_mention(case: dict[str, Any]) -> None:
    assert (tweet_text.mentions(case["text"]) == [case["text"][1:]]) == case["expected"]


@pytest.mark.parametrize(
    "case", _cases("extract.yml", "urls") + _cases("extract.yml", "tco_urls_with_params")
)
def test_the_links_of_a_text_are_found(case: dict[str, Any]) -> None:
    assert _urls(case["text"]) == case["expected"]


@pytest.mark.parametrize(
    "case",
    _cases("extract.yml", "urls_with_indices")
    + _cases("extract.yml", "urls_with_directional_markers"),
)
def test_the_links_of_a_text_are_found_in_their_places(case: dict[str, Any]) -> None:
    found = [(span.url, [span.start, span.end]) for span in tweet_text.urls(case["text"])]
    assert found == _spans(case)


@pytest.mark.parametrize(
    "case", _cases("extract.yml", "hashtags") + _cases("extract.yml", "hashtags_from_astral")
)
def test_the_hashtags_of_a_text_are_found(case: dict[str, Any]) -> None:
    assert tweet_text.hashtags(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", _cases("extract.yml", "mentions"))
def test_the_mentions_of_a_text_are_found(case: dict[str, Any]) -> None:
    assert tweet_text.mentions(case["text"]) == case["expected"]


@pytest.mark.parametrize("case", _cases("extract.yml", "cashtags"))
def test_the_cashtags_of_a_text_are_found(case: dict[str, Any]) -> None:
    assert tweet_text.cashtags(case["text"]) == case["expected"]


@pytest.mark.parametrize("kind", ["country", "generic"])
def test_every_top_level_domain_of_the_suite_makes_a_link(kind: str) -> None:
    cases = [case.values[0] for case in _cases("tlds.yml", kind)]
    assert [case["text"] for case in cases if _urls(case["text"]) != case["expected"]] == []


@pytest.mark.parametrize(("config", "edition"), [(V2, "v2"), (V3, "v3")], ids=["v2", "v3"])
def test_our_figures_are_those_of_the_official_configuration(config: Config, edition: str) -> None:
    official = json.loads((SUITE / f"{edition}.json").read_text("utf-8"))
    scale = official["scale"]
    assert {r["weight"] for r in official["ranges"]} == {scale}
    assert asdict(config) == {
        "emoji_parsing": official.get("emojiParsingEnabled", False),
        "max_weighted_length": official["maxWeightedTweetLength"],
        "url_length": official["transformedURLLength"],
        "default_weight": official["defaultWeight"] / scale,
        "light": tuple((r["start"], r["end"]) for r in official["ranges"]),
    }


def _urls(text: str) -> list[str]:
    return [span.url for span in tweet_text.urls(text)]
