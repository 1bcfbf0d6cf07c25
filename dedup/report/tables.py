"""Tables: a result as CSV, one row an article, for a spreadsheet.

Comes in: a `Result`. Goes out: CSV with a header. `source` is the best derivation's: an
article's id, or `external:NAME`; the shares are the parts of the article's words by kind
against that source, and empty where the source is outside or unknown. Evidence, passages
and second sources are not here: JSON has them.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, "CSV
Injection"): articles are other people's text.
"""

import csv
import io

from dedup.article import Article
from dedup.derive import Derivation
from dedup.pipeline import Cluster, Result
from dedup.report.view import best_derivations, find_alignment, iso_date

COLUMNS = (
    "id", "path", "title", "publisher", "published", "cluster", "source", "kind", "confidence",
    "direction", "copied", "paraphrased", "translated", "added",
)  # fmt: skip

FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def report_table(result: Result) -> str:
    """The result as CSV: the articles in their order, one row each."""
    clusters = {member: cluster for cluster in result.clusters for member in cluster.members}
    best = best_derivations(result)
    buffer = io.StringIO()
    table = csv.writer(buffer, lineterminator="\n")
    table.writerow(COLUMNS)
    for article in result.articles:
        table.writerow(_row(article, clusters.get(article.id), best.get(article.id)))
    return buffer.getvalue()


def _row(article: Article, cluster: Cluster | None, edge: Derivation | None) -> list[str]:
    path = article.extra.get("path")
    cells = [
        article.id,
        "" if path is None else str(path),
        article.title or "",
        article.publisher or "",
        iso_date(article) or "",
        cluster.id if cluster else "",
    ]
    if edge:
        cells += [edge.source, edge.kind, _decimal(edge.confidence), edge.direction]
    alignment = find_alignment(edge, cluster) if edge and cluster else None
    if alignment:
        shares = alignment.shares
        cells += [
            _decimal(shares.get("copied", 0)),
            _decimal(shares.get("paraphrased", 0)),
            _decimal(shares.get("translated", 0)),
            _decimal(shares.get("added", 0)),
        ]
    cells += [""] * (len(COLUMNS) - len(cells))
    return [_guard(cell) for cell in cells]


def _decimal(value: float) -> str:
    return f"{value:.4f}"


def _guard(cell: str) -> str:
    """The cell as text that no spreadsheet runs and UTF-8 can spell."""
    spelled = cell.replace("\0", "").encode("utf-8", "backslashreplace").decode()
    return "'" + spelled if spelled.startswith(FORMULA) else spelled
