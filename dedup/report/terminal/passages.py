"""Shares as bars, passages side by side with their source, and the page of one alignment.

Colour is never the only sign: each kind has its own character and is written out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType, group
from rich.table import Table
from rich.text import Text

from dedup.align import COUNT_EVERYTHING, KINDS, TAKEN, Alignment, Counting, Kind, Passage
from dedup.article import Article, Span
from dedup.phrasing import characters, percent, shorten
from dedup.report.names import article_names
from dedup.report.view import (
    ALL_KINDS,
    KIND_NAMES,
    describe_counting,
    describe_drift,
    describe_shares,
    is_meaning_changed,
    rank_drifts,
    summarize_alignment,
)

GLYPHS: Mapping[Kind, str] = {
    "copied": "█", "paraphrased": "▓", "translated": "╱", "added": "░", "furniture": "·",
}  # fmt: skip
STYLES: Mapping[Kind, str] = {
    "copied": "red", "paraphrased": "yellow", "translated": "magenta", "added": "green",
    "furniture": "dim",
}  # fmt: skip

BAR = 28  # characters in a bar of shares
MAX_QUOTE = 320  # characters of a passage in an overview; a long sentence of news has 300
MAX_PAGE_QUOTE = 1200  # and where one alignment has the page to itself
MAX_NAME = 60


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


def legend(counting: Counting = COUNT_EVERYTHING) -> Text:
    """What the characters of a bar mean."""
    explained = Text()
    for kind in ALL_KINDS if counting.boilerplate else KINDS:
        explained.append(GLYPHS[kind], STYLES[kind])
        explained.append(f" {KIND_NAMES[kind]}   ", "dim")
    explained.rstrip()
    return explained


def counting_lines(counting: Counting) -> Iterator[Text]:
    """What the characters of a bar mean, and what the shares count where that is not all."""
    yield legend(counting)
    if exceptions := describe_counting(counting):
        yield Text(f"Shares are counted {exceptions}.", "dim")


def strongest_passages(alignment: Alignment, number: int) -> list[Passage]:
    """The passages that show most clearly what was taken, in the derivative's order.

    Copied before reworded, sure before unsure, long before short; among them one whose meaning
    changed, if there is any: that is what an editor must see.
    """

    def clearness(passage: Passage) -> tuple[bool, float, int, int]:
        length = passage.end - passage.begin
        return passage.kind != "copied", -round(passage.score, 1), -length, passage.begin

    ranked = sorted((p for p in alignment.passages if p.kind in TAKEN), key=clearness)
    chosen = ranked[:number]
    if chosen and not any(map(is_meaning_changed, chosen)):
        chosen[-1:] = [p for p in ranked[number:] if is_meaning_changed(p)][:1] or chosen[-1:]
    return sorted(chosen, key=lambda passage: (passage.begin, passage.end))


def side_by_side(
    passages: Iterable[Passage],
    source: Article,
    derivative: Article,
    names: Mapping[str, str],
    length: int = MAX_QUOTE,
) -> Table:
    """A table: kind and score, the source's words, the derivative's words, and what changed."""
    table = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column("", width=max(map(len, KIND_NAMES.values())) + 2, no_wrap=True)
    for role, article in (("Source", source), ("Derivative", derivative)):
        heading = f"{role}: {shorten(names.get(article.id, article.id), MAX_NAME)}"
        table.add_column(Text(heading, "bold", no_wrap=True, overflow="ellipsis"), ratio=1)
    for passage in passages:
        kind = Text(f"{GLYPHS[passage.kind]} {KIND_NAMES[passage.kind]}", STYLES[passage.kind])
        if passage.kind in TAKEN:
            kind.append(f"\n  {percent(passage.score)}", "dim")
        if passage.drift:
            what = "meaning\n  changed" if is_meaning_changed(passage) else "detail\n  changed"
            kind.append(f"\n⚠ {what}", "bold")
        origin_runs = [Span(run.source_begin, run.source_end) for run in passage.runs]
        runs = [Span(run.begin, run.end) for run in passage.runs]
        words = quote(derivative.text, passage.parts, runs, length)
        if passage.kind == "furniture":
            words.stylize("dim")
        for drift in rank_drifts(passage.drift):
            words.append(f"\n⚠ {shorten(describe_drift(drift), length)}", "bold")
        origin = quote(source.text, passage.sources, origin_runs, length)
        if passage.kind == "added" and not origin:
            origin = Text("—", "dim")
        table.add_row(kind, origin, words)
    return table


def quote(text: str, spans: Sequence[Span], marks: Sequence[Span], length: int) -> Text:
    """The words of `spans`, joined by "…", cut after `length`; `marks` stand out."""

    def is_marked(character: tuple[str, int]) -> bool:
        return any(mark.begin <= character[1] < mark.end for mark in marks)

    quoted = Text()
    for number, span in enumerate(spans):
        if number:
            quoted.append(" … ", "dim")
        end = min(span.end, span.begin + 4 * length)
        for marked, stretch in groupby(characters(text, span.begin, end), is_marked):
            quoted.append("".join(letter for letter, _ in stretch), "underline" if marked else None)
    quoted.truncate(length, overflow="ellipsis")
    return quoted


@group()
def alignment_page(
    alignment: Alignment, source: Article, derivative: Article
) -> Iterator[RenderableType]:
    """One alignment as a page: shares, every passage beside its source, what was dropped."""
    names = article_names((source, derivative))
    name, origin = (shorten(names[article.id], MAX_NAME) for article in (derivative, source))
    yield Text.assemble((name, "bold"), " against ", (origin, "bold"))
    yield Text(summarize_alignment(alignment))
    yield Text()
    if not alignment.too_short:
        yield Text.assemble(bar(alignment.shares), "  ", describe_shares(alignment.shares))
        yield from counting_lines(alignment.counting)
        yield Text()
    if alignment.passages:
        yield side_by_side(alignment.passages, source, derivative, names, MAX_PAGE_QUOTE)
    else:
        yield Text("There is nothing to compare: the derivative has no sentences.")
    if alignment.dropped:
        yield Text()
        yield Text(f"Only in the source ({len(alignment.dropped)})", "bold")
        table = Table.grid(padding=(0, 1, 0, 0))
        for span in alignment.dropped:
            words = quote(source.text, [span], (), MAX_PAGE_QUOTE)
            table.add_row(Text("–", "dim"), Text(words.plain, "dim"))
        yield table
