"""Write a result as CSV, one row a pair of articles, for a spreadsheet.

An article has a row for each source that it derives from or credits and for its closest version,
then a row for each article that it is related to outside a cluster; one without any of these has
a row to itself, so that none is missing. `link` says what the pair is: `derived`, `revision`,
`sibling`, `attributed`, `attributed-via` (see `Derivation`) or `related`; `relation` and
`probability` how the two texts are related. `confidence` is how sure the tie is, `direction`
which of the two came first, as far as that is known. The shares are the parts of the article's
words by kind against the other; `changes` are the changes of meaning. Evidence and passages are
not here: JSON has them.

Every cell is quoted, and what a spreadsheet would take for a formula gets an apostrophe in front
(OWASP, "CSV Injection"), also behind a semicolon, where half the world's spreadsheets begin a cell.
Control characters are left out: articles are other people's text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dedup.align import KINDS, Alignment
from dedup.article import Article
from dedup.derive import Derivation
from dedup.phrasing import shorten
from dedup.pipeline import Related, Result
from dedup.relate import Relation
from dedup.report.names import article_names, opening, publisher_name
from dedup.report.verdicts import article_verdicts, credited, describe_verdict
from dedup.report.view import (
    derivations_by_article,
    describe_drift,
    is_external,
    iso_date,
    rank_drifts,
    source_name,
)

ABOUT = ("outlet", "headline", "url", "published")
COLUMNS = (
    "cluster", "article", *ABOUT, "path", "link", "other", *(f"other_{name}" for name in ABOUT),
    "relation", "probability", "confidence", "direction", "direction_probability", "credited",
    *KINDS, "changes", "why", "verdict",
)  # fmt: skip

FORMULA = re.compile(r"(\A(?=[\t\r\n])|(?:\A|;|(?!\A)[\t\r\n])(?=\s*[=+\-@＝＋－＠]))")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MAX_CHANGES = 5  # that a cell lists
MAX_CHANGE = 200  # characters


@dataclass(frozen=True, slots=True)
class Pair:
    """A row: what links an article to another one or to an outlet, as far as that is known."""

    other: str = ""
    edge: Derivation | None = None
    relation: Relation | Related | None = None
    alignment: Alignment | None = None


def report_table(result: Result) -> Iterator[str]:
    """The result as CSV, line by line: the names of the columns, then the articles in their
    order, each with its pairs."""
    pairs = _pairs(result)
    others = {pair.other for own in pairs.values() for pair in own} - {""}
    about = {id: _describe(article) for id, article in result.find(others).items()}
    clusters = {member: cluster.id for cluster in result.clusters for member in cluster.members}
    names = article_names(result.articles)
    verdicts = {verdict.id: verdict for verdict in article_verdicts(result, names)}
    yield _line(COLUMNS)
    for article in result.articles:
        path = article.extra.get("path")
        verdict = verdicts.get(article.id)
        first = {
            "cluster": clusters.get(article.id, ""),
            "article": article.id,
            "path": "" if path is None else str(path),
            "verdict": describe_verdict(verdict, names) if verdict else "",
            **_describe(article),
        }
        for pair in pairs.get(article.id) or [Pair()]:
            row = first | _fill(pair, about)
            yield _line(row.get(column, "") for column in COLUMNS)


def _pairs(result: Result) -> dict[str, list[Pair]]:
    """The pairs of each article that has any, the best answer first."""
    pairs: dict[str, list[Pair]] = {}
    for cluster in result.clusters:
        relations = {frozenset((r.a, r.b)): r for r in cluster.relations}
        aligned = {(a.source, a.derivative): a for a in cluster.alignments}
        for member, edges in derivations_by_article(cluster.derivations).items():
            pairs[member] = [
                Pair(e.source, e, relations.get(frozenset((e.source, member))),
                     aligned.get((e.source, member)))
                for e in edges
            ]  # fmt: skip
    for singleton in result.singletons:
        for edge in singleton.derivations:
            pairs.setdefault(singleton.id, []).append(Pair(edge.source, edge))
    for related in result.related:
        pairs.setdefault(related.a, []).append(Pair(related.b, None, related))
    return pairs


def _fill(pair: Pair, about: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The cells of a pair."""
    row: dict[str, str] = {}
    if pair.other:
        row = {"other": pair.other, "link": pair.edge.kind if pair.edge else "related"}
        row |= {f"other_{name}": cell for name, cell in about.get(pair.other, {}).items()}
    if is_external(pair.other):
        row["other_outlet"] = source_name(pair.other, {}).strip("()")
    if pair.relation:
        row["relation"] = pair.relation.kind
        row["probability"] = f"{pair.relation.probability:.4f}"
    if isinstance(pair.relation, Related):
        row["why"] = pair.relation.why
    if pair.edge:
        row["confidence"] = f"{pair.edge.confidence:.4f}"
        row["direction"] = pair.edge.direction
        row["direction_probability"] = f"{pair.edge.direction_probability:.4f}"
        row["credited"] = credited(pair.edge)
    if pair.alignment:
        row |= {kind: f"{pair.alignment.shares.get(kind, 0):.4f}" for kind in KINDS}
        row["changes"] = _describe_changes(pair.alignment)
    return row


def _describe(article: Article) -> dict[str, str]:
    return {
        "outlet": publisher_name(article),
        "headline": opening(article),
        "url": article.url or "",
        "published": iso_date(article.published) or "",
    }


def _describe_changes(alignment: Alignment) -> str:
    drifts = (drift for passage in alignment.passages for drift in rank_drifts(passage.drift))
    changed = [shorten(describe_drift(d), MAX_CHANGE) for d in drifts if d.severity == "meaning"]
    more = [f"and {len(changed) - MAX_CHANGES} more"] if len(changed) > MAX_CHANGES else []
    return "; ".join(changed[:MAX_CHANGES] + more)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([guard(cell) for cell in cells])
    return buffer.getvalue()


def guard(cell: str) -> str:
    """The cell as text that no spreadsheet runs and UTF-8 can spell."""
    spelled = CONTROL.sub("", cell).encode("utf-8", "backslashreplace").decode()
    return FORMULA.sub(r"\1'", spelled)
