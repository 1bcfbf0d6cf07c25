"""The first view of a checked draft: what was found, and the draft with its sources marked.

Every sentence that comes from a source leads to the place it was taken from. Nothing is added
up here: that is done by the findings.
"""

from collections.abc import Sequence
from string import ascii_uppercase

from markupsafe import Markup

from dedup.phrasing import percent
from dedup.pipeline.findings import Findings
from dedup.report.html.comparisons import number_matches
from dedup.report.html.sides import Layer, layers_of, mark
from dedup.text.model import Block


def place(source: int) -> str:
    """Where the comparison with a source stands."""
    return f"m{source + 1}"


def letter(source: int) -> str:
    """What stands before the numbers of a source's matches: A, B … Z, then A1, B1 …

    >>> letter(0), letter(27)
    ('A', 'B1')
    """
    round_, at = divmod(source, len(ascii_uppercase))
    return ascii_uppercase[at] + (str(round_) if round_ else "")


def mark_draft(findings: Findings, blocks: Sequence[Block]) -> Markup:
    """The draft with every sentence marked by its weightiest kind, leading to its source."""
    numbers = [number_matches(source.alignment.passages) for source in findings.sources]
    layers: list[Layer] = []
    for i, sentence in enumerate(findings.passages):
        passage, source = sentence.passage, sentence.source
        if source is None:
            layers += layers_of("furniture" if passage.kind == "furniture" else "added",
                                passage.parts)  # fmt: skip
            continue
        number = numbers[source][i]
        sign = f"{letter(source)}{number}"
        label = f"{sign}, {passage.kind}, {percent(passage.score)} sure: to its source"
        layers += [
            Layer(part.begin, part.end, "match", i + 1, passage.kind, label, f"t.d{i + 1}",
                  f"{place(source)}.d{number}", sign)
            for part in passage.parts
        ]  # fmt: skip
        layers += [Layer(run.begin, run.end, "run") for run in passage.runs]
        layers += layers_of("change", (change.span for change in passage.changes))
        layers += layers_of("drift", (drift.span for drift in passage.drift))
    if findings.sources:
        layers += layers_of("quoted", findings.sources[0].alignment.quotations)
    return mark(findings.draft, blocks, layers)
