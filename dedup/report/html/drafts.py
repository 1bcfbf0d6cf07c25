"""Drafts: what a page shows of a check.

Comes in: `Findings` on a draft. Goes out: what the template prints first: the sentence for the
editor, the shares, the sources, and the draft's text in which every sentence leads to the place
it was taken from. It adds up nothing: that is done by `report.findings`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup

from dedup.phrasing import percent
from dedup.report.findings import Findings
from dedup.report.html.comparisons import numbers
from dedup.report.html.heads import Head
from dedup.report.html.panels import Panel, panel
from dedup.report.html.sides import Layer, marked, spans_as


@dataclass(frozen=True, slots=True)
class DraftSource:
    """A source of a draft; `letter` stands before the numbers of its matches."""

    letter: str
    source: Head
    panel: Panel
    kind: str
    sure: str
    told: str
    shows: str


def sources(found: Findings, heads: Sequence[Head]) -> tuple[DraftSource, ...]:
    """The sources by share; `heads` are in the same order."""
    return tuple(
        DraftSource(
            letter(n),
            head,
            panel(source.alignment.shares, source.alignment.counting, ()),
            source.match.relation.kind,
            percent(source.match.relation.probability),
            source.told,
            place(n),
        )
        for n, (source, head) in enumerate(zip(found.sources, heads, strict=True))
    )


def place(source: int) -> str:
    """Where the comparison with a source stands."""
    return f"m{source + 1}"


def letter(source: int) -> str:
    """A, B … Z, then A1, B1 …

    >>> letter(0), letter(27)
    ('A', 'B1')
    """
    round_, place = divmod(source, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(round_) if round_ else "")


def text(found: Findings) -> Markup:
    """The draft with every sentence marked by its weightiest kind, leading to its source."""
    numbered = [numbers(source.alignment.passages) for source in found.sources]
    layers: list[Layer] = []
    for i, told in enumerate(found.passages):
        passage, source = told.passage, told.source
        if source is None:
            what = spans_as("furniture" if passage.kind == "furniture" else "added", passage.parts)
            layers += what
            continue
        number = numbered[source][i]
        sign = f"{letter(source)}{number}"
        label = f"{sign}, {passage.kind}, {percent(passage.score)} sure: to its source"
        layers += [
            Layer(part.begin, part.end, "match", i + 1, passage.kind, label, f"t.d{i + 1}",
                  f"{place(source)}.d{number}", sign)
            for part in passage.parts
        ]  # fmt: skip
        layers += [Layer(run.begin, run.end, "run") for run in passage.runs]
        layers += [Layer(d.span.begin, d.span.end, "drift") for d in passage.drift]
    for source_ in found.sources[:1]:
        layers += spans_as("quoted", source_.alignment.quotations)
    return marked(found.draft, layers)
