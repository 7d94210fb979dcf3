"""The rules of the desk as a page of the documentation, in English with the Spanish messages."""

from collections.abc import Iterator

from somos_social.core.desk import looking
from somos_social.core.desk.rules import RULES, Level, Rule
from somos_social.core.desk.terms import AVOIDED, MIXED, Term

_INTRODUCTION = """\
# What the desk looks for

Written by `python scripts/write_desk.py` from the rules that `somos check` reads; \
`somos check --rules` lists them, too.

A post about people who fled, or who came to begin anew, can harm them. So `somos check`, `plan` and
`schedule` look at what is said and shown as the communication desk of a humanitarian agency does.
They cannot see what a picture shows: they go by what its small file says of it (`shows`, `people`,
`minors`), and by the texts, which may be Spanish or English.

A **problem** keeps the campaign from being scheduled. A **warning** is told and keeps nothing back;
with `somos check --strict` it ends in 3, as a problem does. With `--json`, both name their `rule`
and its `source`.

## To accept a finding

Rules know no context. What is right all the same is accepted by the name of the rule, with a
reason that others can read: in a post, for that post; in the small file beside a picture or video,
wherever that is shown; at the head of a campaign file, for all of it.

```toml
[accept]                       # in media/historias/carmen.mp4.toml, or in a campaign file
no-captions = "El video no tiene voz."

[post.accept]                  # below a [[post]]
avoided-term = "Citamos el titular para responderle."
```

The nearest of them counts: the file's, then the post's, then the campaign's. An empty reason and a
rule that does not exist are problems. What is accepted is listed by `somos check -v`, and by
`--json` under `accepted`. What accepts nothing any more is a warning.
"""

_KNOWN = {
    "a face": looking.FACE,
    "a voice": looking.VOICE,
    "a full name": looking.FULL_NAME,
    "a first name": looking.FIRST_NAME,
    "an exact place": looking.EXACT_PLACE,
    "a changed name": looking.CHANGED_NAME,
}

_LEVELS = {
    Level.PROBLEM: "## Problems: they keep a post back",
    Level.WARNING: "## Warnings: they are told",
}

_TERMS = """\
## The terms, and what to write instead

Each is found in any of its forms, with capitals, without accents and as a hashtag; not where it
stands in quotes by itself («ilegales»), and not where it is denied («no hay personas ilegales», «en
vez de»). “Ningún ser humano es ilegal”, “pesca ilegal” and “refugiados y migrantes” are right.

| term | rule | write instead | source |
|---|---|---|---|"""


def as_page() -> str:
    """All rules with their words and sources, in Markdown."""
    lines = [_INTRODUCTION, "## What `shows` may say", ""]
    lines += [
        "Consents are held against these words, too (`--scope`), so write those in English.",
        "",
        *(
            f"- {what}: {', '.join(f'`{word}`' for word in sorted(words))}"
            for what, words in _KNOWN.items()
        ),
        "",
    ]
    for level, heading in _LEVELS.items():
        lines += [heading, ""]
        for rule in RULES.values():
            if rule.level is level:
                lines += _of_rule(rule)
    lines += [_TERMS, *_of_terms("avoided-term", AVOIDED)]
    lines += _of_terms("refugee-migrant-mixed", MIXED)
    return "\n".join(lines) + "\n"


def _of_rule(rule: Rule) -> Iterator[str]:
    yield f"### `{rule.name}`"
    yield ""
    yield rule.looks_for
    yield ""
    yield f"- {rule.problem.es} {rule.hint.es}"
    yield f"- {rule.problem.en} {rule.hint.en}"
    yield f"- Source: {rule.source}"
    yield ""


def _of_terms(name: str, terms: tuple[Term, ...]) -> Iterator[str]:
    for term in terms:
        yield f"| {term.example} | `{name}` | {term.instead} | {term.source} |"
