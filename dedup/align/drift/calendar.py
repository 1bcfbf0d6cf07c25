"""Calendar: a day of the week or a month for another.

Comes in: a `Pair`. Goes out: drifts. Days and months are compared by name, where they are no
part of a date in figures (`figures` compares those) and no other word: a verb ("may", "march"), a
Portuguese ordinal ("segunda"). "Yesterday" and "on Friday" may be one day and are not compared.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from dedup.align.drift.cues import cues
from dedup.align.drift.drifted import Drift, excerpt
from dedup.align.drift.pairing import Pair, beside
from dedup.article import Span
from dedup.text import Sentence, Text, Token
from dedup.text.lexicon import load_lexicon
from dedup.text.model import once_per_text

MONTH = 7  # months are numbered from here on, behind the days
CAPITALS = frozenset({"en", "de"})  # where a day and a month have one
SHORTEST_MONTH = 4  # letters: "mar", "dec" and "set" are other words
HYPHENS = "-‑‐"
UNHYPHENATED = frozenset({"sabado", "domingo"})


def day_drifts(pair: Pair) -> Iterator[Drift]:
    """A day or a month for another, of which the same is told."""
    named = _calendar(pair.derivative).get(pair.passage.begin)
    if not named:
        return
    theirs = _days(pair.sources, pair.source)
    for months in (False, True):
        ours = {day: span for day, span in named if (day >= MONTH) == months}
        extra = [span for day, span in ours.items() if day not in theirs]
        missing = [
            span for day, span in theirs.items() if (day >= MONTH) == months and day not in ours
        ]
        if len(extra) != 1 or not missing:
            continue
        near = [beside(pair, extra[0], span) for span in missing]
        if max(near) == 0 and len(missing) > 1:
            continue
        here, there = extra[0], missing[near.index(max(near))]
        detail = f"date changed: {excerpt(pair.source, there)} → {excerpt(pair.derivative, here)}"
        yield Drift("number", detail, here, there)


def _days(sentences: Sequence[Sentence], text: Text) -> dict[int, Span]:
    """The days and months that the sentences name, each where it stands first."""
    every = _calendar(text)
    found: dict[int, Span] = {}
    for sentence in sentences:
        for day, span in every.get(sentence.begin, ()):
            found.setdefault(day, span)
    return found


@once_per_text
def _calendar(text: Text) -> dict[int, tuple[tuple[int, Span], ...]]:
    """The days and months of each sentence of a text that names any, by where it begins."""
    named = _names(text.language)
    found = {}
    for sentence in text.prose:
        days = tuple(
            (named[token.form], Span(token.begin, token.end))
            for token in sentence.tokens
            if token.form in named and _is_day(sentence, token, text)
        )
        if days:
            found[sentence.begin] = days
    return found


@cache
def _names(language: str) -> dict[str, int]:
    """Folded names of days and months, numbered."""
    known = cues(language)
    if known is None:
        return {}
    days = {forms[0]: number for number, forms in enumerate(known.lists["weekdays"])}
    months = load_lexicon(language).months.items()
    return days | {name: MONTH + n for name, n in months if len(name) >= SHORTEST_MONTH}


def _is_day(sentence: Sentence, token: Token, text: Text) -> bool:
    """Whether a word is a day or a month, outside of any date."""
    content = text.article.text
    if text.language in CAPITALS and not content[token.begin].isupper():
        return False
    if (
        text.language == "pt"
        and _names("pt")[token.form] < MONTH
        and token.form not in UNHYPHENATED
        and content[token.end : token.end + 1] not in tuple(HYPHENS)
    ):
        return False
    return not any(
        anchor.kind == "number" and anchor.begin <= token.begin < anchor.end
        for anchor in sentence.anchors
    )
