"""Drift: where a link stands and the meaning moved.

Comes in: a linked passage and its source sentences. Goes out: `Drift`s, each with the words
on both sides. Five kinds, by cue words kept as data (data/drift.toml, five languages so far)
and by the anchors: a figure changed, a hedge dropped or added, an attribution dropped, a
quotation that the source lacks, a negation on one side only. It points and does not judge:
an editor decides whether the meaning really moved.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

import regex

from dedup.article import Span
from dedup.text import Anchor, Sentence, Text, Token
from dedup.text.words import words

QUOTED = regex.compile(r"“([^“”]{3,400})”|„([^„“”]{3,400})[“”]|«([^«»]{3,400})»|\"([^\"]{3,400})\"")
FULL_DATE = regex.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the link stands and the meaning moved.

    kind: `number` (a figure changed), `hedge` (a hedge dropped or added), `attribution`
    (who said it was dropped), `quotation` (words in quotation marks that the source lacks),
    `negation`. `span` lies in the derivative, `source` in the source; one may be missing.
    """

    kind: Literal["number", "hedge", "attribution", "quotation", "negation"]
    detail: str
    span: Span | None
    source: Span | None


Cues = dict[str, dict[str, list[list[str]]]]  # kind → first word → phrases


@cache
def cues(language: str) -> Cues:
    """The cue phrases of `language` as folded words; none for a language without."""
    text = resources.files("dedup").joinpath("data/drift.toml").read_text("utf-8")
    found: Cues = {}
    for kind, phrases in tomllib.loads(text).get(language, {}).items():
        by_first = found.setdefault(kind, {})
        for phrase in map(str.split, phrases):
            by_first.setdefault(phrase[0], []).append(phrase)
    return found


def find_drift(
    passage: Sentence, sources: Sequence[Sentence], derivative: Text, source: Text
) -> tuple[Drift, ...]:
    """The drifts of `passage` against the source sentences it is linked to."""
    if [t.form for t in passage.tokens] == [t.form for s in sources for t in s.tokens]:
        return ()  # word for word
    found = list(_numbers(passage, sources, source))
    if derivative.language == source.language:
        found += _cued(passage, sources, derivative, source)
        found += _quotations(passage, derivative, source)
    return tuple(found)


def _numbers(passage: Sentence, sources: Sequence[Sentence], source: Text) -> Iterator[Drift]:
    """A figure that the source nowhere has, where a figure of that unit went missing."""
    ours = [anchor for anchor in passage.anchors if anchor.kind == "number"]
    theirs = [anchor for s in sources for anchor in s.anchors if anchor.kind == "number"]
    if not ours or not theirs:
        return
    everywhere = _figures(source.anchors)
    kept = _figures(ours)
    missing = [anchor for anchor in theirs if not _figures((anchor,)) & kept]
    for anchor in ours:
        if _figures((anchor,)) & everywhere:
            continue
        same = next((other for other in missing if _unit(other) == _unit(anchor)), None)
        if same is not None:
            detail = f"number changed: {same.value} → {anchor.value}"
            yield Drift("number", detail, _span(anchor), _span(same))


def _figures(anchors: Iterable[Anchor]) -> set[str]:
    """The figures without their units; a date with its year also as one without."""
    figures = {anchor.value.partition(" ")[0] for anchor in anchors if anchor.kind == "number"}
    return figures | {figure[5:] for figure in figures if FULL_DATE.fullmatch(figure)}


def _unit(anchor: Anchor) -> str:
    shape = "date" if "-" in anchor.value else ""
    return anchor.value.partition(" ")[2] or shape


def _span(item: Anchor) -> Span:
    return Span(item.begin, item.end)


def _cued(
    passage: Sentence, sources: Sequence[Sentence], derivative: Text, source: Text
) -> Iterator[Drift]:
    """A hedge, an attribution or a negation that only one side has."""
    phrases = cues(source.language)
    if not phrases:
        return
    own = list(_plain(passage))
    tokens = [token for s in sources for token in _plain(s)]
    ours = {kind: _find(own, phrases, kind) for kind in phrases}
    theirs = {kind: _find(tokens, phrases, kind) for kind in phrases}
    if theirs["hedge"] and not ours["hedge"] and not ours["attribution"]:
        span = theirs["hedge"]
        yield Drift("hedge", f"hedge dropped: “{_flat(source, span)}”", None, span)
    elif ours["hedge"] and not theirs["hedge"] and not theirs["attribution"]:
        span = ours["hedge"]
        yield Drift("hedge", f"hedge added: “{_flat(derivative, span)}”", span, None)
    if theirs["attribution"] and not ours["attribution"]:
        span = theirs["attribution"]
        yield Drift("attribution", f"attribution dropped: “{_flat(source, span)}”", None, span)
    if theirs["negation"] and not ours["negation"]:
        span = theirs["negation"]
        yield Drift("negation", f"negation dropped: “{_flat(source, span)}”", None, span)
    elif ours["negation"] and not theirs["negation"]:
        span = ours["negation"]
        yield Drift("negation", f"negation added: “{_flat(derivative, span)}”", span, None)


def _plain(sentence: Sentence) -> Iterator[Token]:
    """The words that may be cues: a month or a Mrs May is no hedge."""
    for i, token in enumerate(sentence.tokens):
        named = any(
            anchor.begin <= token.begin < anchor.end
            and (anchor.kind == "name" or "-" in anchor.value)
            for anchor in sentence.anchors
        )
        if i == 0 or not named:
            yield token


def _find(tokens: Sequence[Token], phrases: Cues, kind: str) -> Span | None:
    """The first cue of `kind` among the words."""
    forms = [token.form for token in tokens]
    exceptions = phrases["not_negation"] if kind == "negation" else {}

    def stands(i: int, phrase: list[str]) -> bool:
        return forms[i : i + len(phrase)] == phrase

    for i, form in enumerate(forms):
        for cue in phrases[kind].get(form, ()):
            if stands(i, cue) and not any(stands(i, other) for other in exceptions.get(form, ())):
                return Span(tokens[i].begin, tokens[i + len(cue) - 1].end)
    return None


def _quotations(passage: Sentence, derivative: Text, source: Text) -> Iterator[Drift]:
    """Words in quotation marks that the source does not have."""
    for part in passage.parts:
        for match in QUOTED.finditer(derivative.article.text, part.begin, part.end):
            group = match.lastindex or 0
            quoted = words(match.group(group)).forms()
            if len(quoted) < 2 or _is_title(match.group(group)):
                continue
            if f" {' '.join(quoted)} " not in _spoken(source.article.text):
                detail = f"quotation that the source does not have: “{_short(match.group(group))}”"
                yield Drift("quotation", detail, Span(*match.span()), None)


@lru_cache(maxsize=2)
def _spoken(text: str) -> str:
    """The folded words of a text, a space around each; kept for the passages that follow."""
    return f" {' '.join(words(text).forms())} "


def _is_title(quoted: str) -> bool:
    """Whether quotation marks hold a name rather than speech: “Moscow Times”."""
    return all(
        word[0].isupper() or word[0].isdigit() for word in quoted.split() if word[0].isalnum()
    )


def _flat(text: Text, span: Span) -> str:
    return _short(span.of(text.article.text))


def _short(words_: str) -> str:
    flat = " ".join(words_.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
