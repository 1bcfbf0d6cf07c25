"""Passages: shares as bars, source and derivative side by side, one alignment as a page.

Comes in: an `Alignment` and its two articles. Goes out: things that rich can print. Colour
is never the only sign: each kind has its own character and is written out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from dedup.align import KINDS, Alignment, Drift, Kind, Passage
from dedup.article import Article, Span
from dedup.phrasing import characters, percent, pluralize, shorten
from dedup.report.view import ALL_KINDS, TAKEN, describe_counting, describe_shares

GLYPHS: Mapping[Kind, str] = {
    "copied": "█", "paraphrased": "▓", "translated": "╱", "added": "░", "furniture": "·",
}  # fmt: skip
STYLES: Mapping[Kind, str] = {
    "copied": "red", "paraphrased": "yellow", "translated": "magenta", "added": "green",
    "furniture": "dim",
}  # fmt: skip

BAR = 28  # characters in a bar of shares
QUOTE = 320  # characters of a passage in an overview; a long sentence of news has 300
PAGE_QUOTE = 1200  # and where one alignment has the page to itself
NAME = 60


def bar(shares: Mapping[Kind, float], width: int = BAR) -> Text:
    """The shares as a bar of `width` (4 or more) characters; what occurs at all has one."""
    total = sum(shares.get(kind, 0) for kind in ALL_KINDS)
    drawn = Text()
    if total <= 0:
        return drawn
    exact = {kind: shares[kind] / total * width for kind in ALL_KINDS if shares.get(kind, 0) > 0}
    cells = {kind: max(int(part), 1) for kind, part in exact.items()}
    while (missing := width - sum(cells.values())) != 0:
        step = 1 if missing > 0 else -1
        free = [kind for kind in cells if cells[kind] + step > 0]
        cells[max(free, key=lambda kind: step * (exact[kind] - cells[kind]))] += step
    for kind in ALL_KINDS:
        drawn.append(GLYPHS[kind] * cells.get(kind, 0), STYLES[kind])
    return drawn


def legend(furniture: bool = False) -> Text:
    """What the characters of a bar mean."""
    explained = Text()
    for kind in ALL_KINDS if furniture else KINDS:
        explained.append(GLYPHS[kind], STYLES[kind])
        explained.append(f" {kind}   ", "dim")
    explained.rstrip()
    return explained


def strongest(alignment: Alignment, most: int) -> list[Passage]:
    """The passages that show most plainly what was taken, in the derivative's order.

    Copied before retold, sure before unsure, long before short; among them, one whose
    meaning moved, if there is any: that is what an editor must see.
    """

    def plainness(passage: Passage) -> tuple[bool, float, int, int]:
        length = passage.end - passage.begin
        return passage.kind != "copied", -round(passage.score, 1), -length, passage.begin

    ranked = sorted((p for p in alignment.passages if p.kind in TAKEN), key=plainness)
    chosen = ranked[:most]
    if chosen and not any(passage.drift for passage in chosen):
        chosen[-1:] = [p for p in ranked[most:] if p.drift][:1] or chosen[-1:]
    return sorted(chosen, key=lambda passage: (passage.begin, passage.end))


def side_by_side(
    passages: Iterable[Passage],
    source: Article,
    derivative: Article,
    headings: tuple[str, str],
    length: int = QUOTE,
) -> Table:
    """A table: kind and score, the source's words, the derivative's words, and what moved."""
    table = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("", width=max(len(kind) for kind in GLYPHS) + 2, no_wrap=True)
    for heading in headings:
        table.add_column(Text(heading, "bold", no_wrap=True, overflow="ellipsis"), ratio=1)
    for passage in passages:
        kind = Text(f"{GLYPHS[passage.kind]} {passage.kind}", STYLES[passage.kind])
        if passage.kind in TAKEN:
            kind.append(f"\n  {percent(passage.score)}", "dim")
        if passage.drift:
            kind.append("\n⚠ changed", "bold")
        there = [Span(run.source_begin, run.source_end) for run in passage.runs]
        here = [Span(run.begin, run.end) for run in passage.runs]
        told = quote(derivative.text, passage.parts, here, length)
        if passage.kind == "furniture":
            told.stylize("dim")
        for drift in passage.drift:
            told.append(f"\n⚠ {_moved(drift, length)}", "bold")
        origin = quote(source.text, passage.sources, there, length)
        if passage.kind == "added" and not origin:
            origin = Text("—", "dim")
        table.add_row(kind, origin, told)
    return table


def quote(text: str, spans: Sequence[Span], marks: Sequence[Span], length: int) -> Text:
    """The words of `spans`, joined by "…", cut after `length`; `marks` stand out."""
    quoted = Text()
    for number, span in enumerate(spans):
        if number:
            quoted.append(" … ", "dim")
        for marked, stretch in groupby(_shown(text, span, length), lambda at: _in(at[1], marks)):
            quoted.append("".join(shown for shown, _ in stretch), "underline" if marked else None)
    quoted.truncate(length, overflow="ellipsis")
    return quoted


def alignment_page(
    alignment: Alignment, source: Article, derivative: Article, names: tuple[str, str]
) -> RenderableType:
    """One alignment as a page: shares, every passage beside its source, what was dropped."""
    told, origin = (shorten(name, NAME) for name in reversed(names))
    linked = sum(passage.kind in TAKEN for passage in alignment.passages)
    scored = sum(passage.kind != "furniture" for passage in alignment.passages)
    moved = sum(bool(passage.drift) for passage in alignment.passages)
    parts: list[RenderableType] = [
        Text.assemble((told, "bold"), " against ", (origin, "bold")),
        Text(
            f"{linked} of {pluralize(scored, 'passage')} found in the source"
            + (f", the meaning moved in {moved}" if moved else ""),
        ),
        Text(),
        Text.assemble(bar(alignment.shares), "  ", describe_shares(alignment.shares)),
        legend(alignment.counting.boilerplate),
        Text(),
    ]
    if told_apart := describe_counting(alignment.counting):
        parts.insert(-1, Text(f"Shares are counted {told_apart}.", "dim"))
    if alignment.passages:
        heads = (f"Source: {origin}", f"Derivative: {told}")
        parts.append(side_by_side(alignment.passages, source, derivative, heads, PAGE_QUOTE))
    else:
        parts.append(Text("There is nothing to compare: the derivative has no sentences."))
    if alignment.dropped:
        parts += [Text(), Text(f"Only in the source ({len(alignment.dropped)})", "bold")]
        dropped = Table.grid(padding=(0, 1, 0, 0))
        for span in alignment.dropped:
            words = quote(source.text, [span], (), PAGE_QUOTE)
            dropped.add_row(Text("–", "dim"), Text(words.plain, "dim"))
        parts.append(dropped)
    return Group(*parts)


def _moved(drift: Drift, length: int) -> str:
    detail = shorten(drift.detail, length)
    return detail if detail.lower().startswith(drift.kind) else f"{drift.kind}: {detail}"


def _shown(text: str, span: Span, length: int) -> Iterator[tuple[str, int]]:
    return characters(text, span.begin, min(span.end, span.begin + 4 * length))


def _in(offset: int, marks: Sequence[Span]) -> bool:
    return any(mark.begin <= offset < mark.end for mark in marks)
