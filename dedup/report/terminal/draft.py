"""The page of a checked draft: where its sentences come from, and whether that is credited.

The sentence for an editor comes first, then the shares, each source with how much of the draft it
has, and the clearest passages beside the first source.
"""

from collections.abc import Iterator

from rich.console import Group, RenderableType, group
from rich.padding import Padding
from rich.text import Text

from dedup.phrasing import percent, shorten
from dedup.pipeline.findings import Findings
from dedup.report.names import article_names
from dedup.report.terminal.passages import bar, counting_lines, side_by_side, strongest_passages
from dedup.report.terminal.report import more_line, section_title
from dedup.report.view import describe_shares, summarize_findings, summarize_source

MAX_SOURCES = 10
MAX_PASSAGES = 8
MAX_NAME = 60
MAX_SUMMARY = 600


@group()
def draft_page(findings: Findings) -> Iterator[RenderableType]:
    """The findings as a page."""
    sources = findings.sources
    names = article_names((findings.draft, *(source.match.article for source in sources)))
    yield Text(shorten(summarize_findings(findings), MAX_SUMMARY), "bold")
    if findings.too_short:
        return
    yield Text()
    yield Text.assemble(bar(findings.shares), "  ", describe_shares(findings.shares))
    yield from counting_lines(findings.counting)
    for source in sources[:MAX_SOURCES]:
        relation, shares = source.match.relation, source.alignment.shares
        name = shorten(names[source.match.article.id], MAX_NAME)
        sure = f" · {relation.kind}"
        if not source.match.is_partial:  # how sure it is that the two are one report
            sure += f", {percent(relation.probability)} sure"
        yield Text()
        yield Text.assemble((name, "bold"), (sure, "dim"))
        lines = (
            Text.assemble(bar(shares), "  ", describe_shares(shares)),
            Text(shorten(summarize_source(source, findings), MAX_SUMMARY)),
        )
        yield Padding(Group(*lines), (0, 0, 0, 2))
    yield from more_line(len(sources) - MAX_SOURCES, "source")
    if sources:
        yield from section_title("The clearest passages")
        passages = strongest_passages(sources[0].alignment, MAX_PASSAGES)
        yield side_by_side(passages, sources[0].match.article, findings.draft, names)
