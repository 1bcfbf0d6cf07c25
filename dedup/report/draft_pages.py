"""Draft pages: what was found for a draft, as one reads it on a screen.

Comes in: `Findings`. Goes out: a page that rich can print: the sentence for the editor, the
shares, each source with how much of the draft it has and whether it is credited, and the
plainest passages beside the first source. JSON and HTML have every passage.
"""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from dedup.phrasing import percent, pluralize, shorten
from dedup.report.findings import Findings, Source
from dedup.report.passages import bar, legend, side_by_side, strongest
from dedup.report.view import article_names, describe_counting, describe_shares

SOURCES = 10
PASSAGES = 8
NAME = 60
TOLD = 600


def draft_page(found: Findings) -> RenderableType:
    """The findings as a page."""
    return Group(*_sections(found))


def _sections(found: Findings) -> Iterator[RenderableType]:
    articles = [source.match.article for source in found.sources]
    called = article_names((found.draft, *articles))
    yield Text(shorten(found.told, TOLD), "bold")
    yield Text()
    yield Text.assemble(bar(found.shares), "  ", describe_shares(found.shares))
    yield legend(found.counting.boilerplate)
    if told_apart := describe_counting(found.counting):
        yield Text(f"Shares are counted {told_apart}.", "dim")
    for source in found.sources[:SOURCES]:
        yield Text()
        yield from _source(source, called[source.match.article.id])
    if len(found.sources) > SOURCES:
        more = pluralize(len(found.sources) - SOURCES, "source")
        yield Text(f"… and {more} more; --format json has all.", "dim")
    if found.sources:
        yield Text()
        yield Rule(Text("The plainest passages", "bold"), align="left", style="dim")
        first = found.sources[0]
        passages = strongest(first.alignment, PASSAGES)
        heads = (
            f"{shorten(called[first.match.article.id], NAME)} →",
            f"→ {shorten(called[found.draft.id], NAME)}",
        )
        yield side_by_side(passages, first.match.article, found.draft, heads)


def _source(source: Source, name: str) -> Iterator[RenderableType]:
    relation = source.match.relation
    sure = f"{relation.kind}, {percent(relation.probability)} one report"
    yield Text.assemble((shorten(name, NAME), "bold"), (f" · {sure}", "dim"))
    lines = [
        Text.assemble(bar(source.alignment.shares), "  ", describe_shares(source.alignment.shares)),
        Text(shorten(source.told, TOLD)),
    ]
    yield Padding(Group(*lines), (0, 0, 0, 2))
