"""Write a result as CSV, one row an article, for a spreadsheet.

`source` is the best derivation's: an article's id, or `external:NAME`; `confidence` is how sure
the tie is, `direction` which of the two came first, as far as that is known. The shares are the
parts of the article's words by kind against the article that it is `compared_with`: its source,
or where that is outside or unknown its closest version. Evidence, passages and further sources
are not here: JSON has them.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, "CSV
Injection"): articles are other people's text.
"""

import csv
import io

from dedup.align import KINDS
from dedup.pipeline import Cluster, Result, Singleton
from dedup.report.view import derivations_by_article, iso_date

COLUMNS = (
    "id", "path", "title", "publisher", "published", "cluster", "source", "kind", "confidence",
    "direction", "direction_probability", "compared_with", *KINDS,
)  # fmt: skip

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def report_table(result: Result) -> str:
    """The result as CSV: the articles in their order, one row each."""
    clusters = {member: cluster.id for cluster in result.clusters for member in cluster.members}
    parts: tuple[Cluster | Singleton, ...] = (*result.clusters, *result.singletons)
    edges = derivations_by_article(edge for part in parts for edge in part.derivations)
    aligned = {(a.source, a.derivative): a for c in result.clusters for a in c.alignments}
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(COLUMNS)
    for article in result.articles:
        path = article.extra.get("path")
        cells = [
            article.id,
            "" if path is None else str(path),
            article.title or "",
            article.publisher or "",
            iso_date(article.published) or "",
            clusters.get(article.id, ""),
        ]
        own = edges.get(article.id, ())
        for edge in own[:1]:
            cells += [edge.source, edge.kind, f"{edge.confidence:.4f}", edge.direction]
            cells += [f"{edge.direction_probability:.4f}"]
        for alignment in [a for e in own if (a := aligned.get((e.source, e.derivative)))][:1]:
            cells += [alignment.source]
            cells += [f"{alignment.shares.get(kind, 0):.4f}" for kind in KINDS]
        cells += [""] * (len(COLUMNS) - len(cells))
        table.writerow([guard(cell) for cell in cells])
    return buffer.getvalue()


def guard(cell: str) -> str:
    """The cell as text that no spreadsheet runs and UTF-8 can spell."""
    spelled = cell.replace("\0", "").encode("utf-8", "backslashreplace").decode()
    return "'" + spelled if spelled.startswith(FORMULA) else spelled
