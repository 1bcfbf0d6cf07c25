"""A source and a derivative side by side, with every match numbered.

Matches are numbered in the derivative's order, and the same number stands in both texts.
Kinds, scores, runs and changes of meaning are the alignment's.
"""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from dedup.align import TAKEN, Alignment, Passage
from dedup.article import Article, Span
from dedup.phrasing import percent
from dedup.report.html.heads import Head
from dedup.report.html.page import render_template
from dedup.report.html.reasons import Reasons
from dedup.report.html.sides import Layer, What, layers_of, mark
from dedup.report.view import summarize_alignment
from dedup.text.model import Block

MAX_ROWS = 1_000  # passages in the table; a long read has 200 sentences

Trail = Sequence[tuple[str, str]]  # places and names, from the first view to this one


def comparison(
    id: str,
    alignment: Alignment,
    articles: Mapping[str, Article],
    blocks: Mapping[str, Sequence[Block]],
    heads: Mapping[str, Head],
    trail: Trail,
    others: Sequence[tuple[str, Alignment]] = (),
    credit: str = "",
    verdict: str = "",
) -> Markup:
    """The view of one alignment; `id` begins the names of its places.

    `blocks` are the paragraphs of both texts; `others` all that was taken by the derivative,
    each with its place; `credit` says whether the source is credited, `verdict` all in a line.
    """
    source, derivative = articles[alignment.source], articles[alignment.derivative]
    numbers = number_matches(alignment.passages)
    heads_ = heads[source.id], heads[derivative.id]
    reasons = Reasons(source, derivative, *(head.language for head in heads_))
    here, there = _layers(id, alignment, numbers)
    boilerplate = [b for b in blocks[source.id] if b.form == "furniture"]
    there += layers_of("furniture", (part for block in boilerplate for part in block.parts))
    rows = [
        (number, passage, reasons.of(passage))
        for number, passage in zip(numbers[:MAX_ROWS], alignment.passages, strict=False)
    ]
    return render_template(
        "comparison.html",
        id=id,
        alignment=alignment,
        source=source,
        derivative=derivative,
        heads=heads,
        matches=max(numbers, default=0),
        summary=summarize_alignment(alignment),
        there=mark(source, blocks[source.id], there),
        here=mark(derivative, blocks[derivative.id], here),
        rows=rows,
        left_out=len(numbers) - len(rows),
        max_rows=MAX_ROWS,
        trail=trail,
        others=others if len(others) > 1 else (),
        credit=credit,
        verdict=verdict,
    )


def number_matches(passages: Iterable[Passage]) -> list[int]:
    """The number of each passage that is a match; 0 for the others."""
    numbers, last = [], 0
    for passage in passages:
        matched = passage.kind in TAKEN and bool(passage.sources)
        last += matched
        numbers.append(last if matched else 0)
    return numbers


def _layers(
    id: str, alignment: Alignment, numbers: Sequence[int]
) -> tuple[list[Layer], list[Layer]]:
    """What is marked in the derivative, and what in the source."""
    here = layers_of("quoted", alignment.quotations)
    there = layers_of("dropped", alignment.dropped)
    total = max(numbers, default=0)
    for passage, number in zip(alignment.passages, numbers, strict=True):
        if not number:
            here += layers_of("furniture" if passage.kind == "furniture" else "added",
                              passage.parts)  # fmt: skip
            continue
        label = f"Match {number} of {total}, {passage.kind}, {percent(passage.score)} sure"
        own, other = f"{id}.d{number}", f"{id}.s{number}"
        here += _matches(passage.parts, passage, number, f"{label}: to the source", own, other)
        there += _matches(passage.sources, passage, number, f"{label}: to the article", other, own)
        for run in passage.runs:
            here.append(Layer(run.begin, run.end, "run"))
            there.append(Layer(run.source_begin, run.source_end, "run"))
        here += layers_of("change", (change.span for change in passage.changes))
        there += layers_of("change", (change.source for change in passage.changes))
        for drift in passage.drift:
            what: What = "drift" if drift.severity == "meaning" else "nuance"
            here += layers_of(what, [drift.span])
            there += layers_of(what, [drift.source])
    return here, there


def _matches(
    spans: Iterable[Span], passage: Passage, number: int, label: str, anchor: str, goes: str
) -> list[Layer]:
    return [
        Layer(span.begin, span.end, "match", number, passage.kind, label, anchor, goes)
        for span in spans
    ]
