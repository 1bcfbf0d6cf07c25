"""A minimum or a maximum that a figure lost or gained: "at least eleven weeks", "eleven weeks".

Both sides must have the same figure, each once, and nothing else may qualify it on the side that
lacks the words: "about", "nearly", "already". "More than 30 kilograms" and "30 kilograms", "up to
25 degrees" and "reaching 25", German "über" are no cues but qualify: two people who translate one
report part there often, and mean the same. Of 7,800 sentences that people translated or reworded
two have such a drift (`benchmarks.drift`), and both say something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from dedup.align.drift.cues import Answers, load_drift_data, read_answers
from dedup.align.drift.figures import Figure, read_figures
from dedup.align.drift.pairing import Drift, Pair, Severity, find_words, span_words
from dedup.article import Span
from dedup.text import Sentence, Text, Token
from dedup.text.words import split_words

KINDS = ("minimum", "maximum")
MAX_BETWEEN = 1  # words between a bound and its figure: "at least another eleven"
MAX_BEHIND = 3  # words from a figure to a bound that follows it: "eleven weeks or more"
QUALIFIED = 4  # words to either side in which something may qualify a figure


@dataclass(frozen=True, slots=True)
class Bounds:
    """The words of a language: phrases, longest first, with the kind of each; what qualifies a
    figure in another way."""

    phrases: tuple[tuple[tuple[str, ...], str], ...]
    qualifiers: Answers


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure of a sentence, the kind of its bound or "", where both stand, and whether it is
    qualified at all."""

    figure: Figure
    kind: str
    span: Span
    is_qualified: bool


@cache
def load_bounds(language: str) -> Bounds | None:
    """The words of a language; None where there are none."""
    data = load_drift_data().get(language, {})
    if "minimum" not in data:
        return None
    phrases = [(tuple(split_words(said).forms()), kind) for kind in KINDS for said in data[kind]]
    phrases.sort(key=lambda phrase: -len(phrase[0]))
    words = [*data["minimum"], *data["maximum"], *data["qualifier"]]
    return Bounds(tuple(phrases), read_answers(words))


def compare_bounds(pair: Pair) -> Iterator[Drift]:
    """Minimums and maximums dropped or added, of a pair in one language."""
    known = load_bounds(pair.source.language)
    if known is None:
        return
    ours = list(read_bounds(pair.passage, pair.derivative, known))
    theirs = [bounded for s in pair.sources for bounded in read_bounds(s, pair.source, known)]
    for own in ours:
        same = [other for other in theirs if is_same(own.figure, other.figure)]
        if len(same) != 1 or sum(is_same(own.figure, other.figure) for other in ours) != 1:
            continue
        (other,) = same
        severity: Severity = "meaning"
        if other.kind and not own.is_qualified:
            what = f"{other.kind} dropped"
        elif own.kind and not other.is_qualified:
            what, severity = f"{own.kind} added", "detail"
        else:
            continue
        yield pair.drift("number", what, own.span, other.span, severity=severity)


def is_same(a: Figure, b: Figure) -> bool:
    """Whether two figures are one number of the same things."""
    return a.value == b.value and (a.unit == b.unit or not a.unit or not b.unit)


def read_bounds(sentence: Sentence, text: Text, known: Bounds) -> Iterator[Bounded]:
    """The numbers of a sentence with their bounds."""
    tokens = sentence.tokens
    figures = [figure for figure in read_figures(sentence, text) if figure.shape == "number"]
    places = [find_words(tokens, figure.anchor.begin, figure.anchor.end) for figure in figures]
    bounds = find_bounds(tokens, places, known)
    for n, (figure, (first, after)) in enumerate(zip(figures, places, strict=True)):
        kind, low, high = bounds.get(n, ("", first, after))
        near = (*tokens[max(first - QUALIFIED, 0) : first], *tokens[after : after + QUALIFIED])
        span = figure.span
        if kind:
            words = span_words(tokens, min(low, first), max(high, after) - 1)
            span = Span(min(words.begin, span.begin), max(words.end, span.end))
        is_qualified = bool(kind) or known.qualifiers.match([token.form for token in near])
        yield Bounded(figure, kind, span, is_qualified)


def find_bounds(
    tokens: Sequence[Token], places: Sequence[tuple[int, int]], known: Bounds
) -> dict[int, tuple[str, int, int]]:
    """The bounds among words, by the number of the figure that each belongs to: its kind, and which
    words it is. The figure behind it, else the one before it."""
    found: dict[int, tuple[str, int, int]] = {}
    forms, at = [token.form for token in tokens], 0
    while at < len(forms):
        for phrase, kind in known.phrases:
            if forms[at] == phrase[0] and tuple(forms[at : at + len(phrase)]) == phrase:
                after = at + len(phrase)
                behind = (n for n, (f, _) in enumerate(places) if 0 <= f - after <= MAX_BETWEEN)
                before = (n for n, (_, a) in enumerate(places) if 0 <= at - a < MAX_BEHIND)
                owner = next(behind, next(before, None))
                if owner is not None:
                    found.setdefault(owner, (kind, at, after))
                at = after - 1
                break
        at += 1
    return found
