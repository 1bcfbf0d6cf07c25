"""Comparisons: a source and a derivative side by side, with every match numbered.

Comes in: an `Alignment` and its two articles. Goes out: a `Comparison` for the templates: two
texts with marks, the shares, and a row for each passage with the reasons for its kind. Matches
are numbered in the derivative's order. It judges nothing: kinds, scores, runs and drift are the
alignment's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dedup.align import Alignment, Drift, Passage
from dedup.article import Article, Span
from dedup.phrasing import percent, pluralize
from dedup.report.html.heads import Head
from dedup.report.html.panels import Panel, panel
from dedup.report.html.reasons import Reason, Reasons
from dedup.report.html.safe import brief
from dedup.report.html.sides import Layer, blocks, marked, spans_as
from dedup.report.view import TAKEN

QUOTE = 400  # characters of a passage in the table; a long sentence of news has 300
MOST_ROWS = 1_000  # passages in the table; a long read has 200 sentences


@dataclass(frozen=True, slots=True)
class Moved:
    """A place where the meaning moved, in words and with both spans."""

    told: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Row:
    """A passage: its number (0 for what is no match), its words, the source's, and why."""

    number: int
    kind: str
    sure: str
    here: str
    there: tuple[str, ...]
    moved: tuple[Moved, ...]
    reasons: tuple[Reason, ...]
    words: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that a page shows of one alignment. `id` begins the names of its places."""

    id: str
    source: Head
    derivative: Head
    panel: Panel
    sentence: str
    there: Markup
    here: Markup
    rows: tuple[Row, ...]
    left_out: int
    matches: int
    dropped: int
    dropped_words: tuple[str, ...]


def comparison(
    id: str, alignment: Alignment, source: Article, derivative: Article, heads: Sequence[Head]
) -> Comparison:
    """One alignment as a page shows it; `heads` are those of source and derivative."""
    numbered = numbers(alignment.passages)
    reasons = Reasons(source, derivative, *(head.language for head in heads))
    rows = [
        _row(passage, numbered[i], source.text, derivative.text, reasons)
        for i, passage in enumerate(alignment.passages[:MOST_ROWS])
    ]
    here, there = _layers(id, alignment, numbered)
    furniture = [
        part for block in blocks(source.text, source.title) if block.form == "furniture"
        for part in block.parts
    ]  # fmt: skip
    there += spans_as("furniture", furniture)
    return Comparison(
        id,
        heads[0],
        heads[1],
        panel(alignment.shares, alignment.counting, alignment.passages),
        sentence(alignment.passages),
        marked(source, there),
        marked(derivative, here),
        tuple(rows),
        max(len(alignment.passages) - MOST_ROWS, 0),
        sum(number > 0 for number in numbered),
        len(alignment.dropped),
        tuple(brief(span.of(source.text), QUOTE) for span in alignment.dropped[:MOST_ROWS]),
    )


def numbers(passages: Iterable[Passage]) -> list[int]:
    """The number of each passage that is a match; 0 for the others."""
    found, last = [], 0
    for passage in passages:
        matched = passage.kind in TAKEN and bool(passage.sources)
        last += matched
        found.append(last if matched else 0)
    return found


def sentence(passages: Sequence[Passage]) -> str:
    """How many passages come from the source, and in how many the meaning moved."""
    scored = sum(passage.kind != "furniture" for passage in passages)
    linked = sum(passage.kind in TAKEN for passage in passages)
    moved = sum(bool(passage.drift) for passage in passages)
    told = f"{linked} of {pluralize(scored, 'sentence')} come from the source"
    return f"{told}; in {moved} of them the meaning moved" if moved else told


def _layers(
    id: str, alignment: Alignment, numbered: Sequence[int]
) -> tuple[list[Layer], list[Layer]]:
    """What is marked in the derivative, and what in the source."""
    here = spans_as("quoted", alignment.quotations)
    there = spans_as("dropped", alignment.dropped)
    total = max(numbered, default=0)
    for passage, number in zip(alignment.passages, numbered, strict=True):
        if not number:
            what = "furniture" if passage.kind == "furniture" else "added"
            here += spans_as("furniture" if what == "furniture" else "added", passage.parts)
            continue
        label = f"Match {number} of {total}, {passage.kind}, {percent(passage.score)} sure"
        own, other = f"{id}.d{number}", f"{id}.s{number}"
        here += _matches(passage.parts, passage, number, f"{label}: to the source", own, other)
        there += _matches(passage.sources, passage, number, f"{label}: to the article", other, own)
        for run in passage.runs:
            here.append(Layer(run.begin, run.end, "run"))
            there.append(Layer(run.source_begin, run.source_end, "run"))
        for drift in passage.drift:
            here.append(Layer(drift.span.begin, drift.span.end, "drift"))
            there.append(Layer(drift.source.begin, drift.source.end, "drift"))
    return here, there


def _matches(
    spans: Iterable[Span], passage: Passage, number: int, label: str, anchor: str, goes: str
) -> list[Layer]:
    return [
        Layer(span.begin, span.end, "match", number, passage.kind, label, anchor, goes)
        for span in spans
    ]


def _row(passage: Passage, number: int, source: str, derivative: str, reasons: Reasons) -> Row:
    here = " … ".join(brief(part.of(derivative), QUOTE) for part in passage.parts)
    return Row(
        number,
        passage.kind,
        percent(passage.score) if number else "",
        brief(here, QUOTE),
        tuple(brief(span.of(source), QUOTE) for span in passage.sources),
        tuple(moved(drift, source, derivative) for drift in passage.drift),
        reasons.of(passage),
        passage.words,
    )


def moved(drift: Drift, source: str, derivative: str) -> Moved:
    """A drift in words: what it is, and what stands on either side."""
    detail = brief(drift.detail, QUOTE)
    told = detail if detail.lower().startswith(drift.kind) else f"{drift.kind}: {detail}"
    return Moved(
        told, brief(drift.span.of(derivative), QUOTE), brief(drift.source.of(source), QUOTE)
    )
