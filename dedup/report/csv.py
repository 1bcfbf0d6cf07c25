"""Write a result as CSV, one row an article, for a spreadsheet.

`source` is the best derivation's: an article's id, or `external:NAME`; the shares are the parts
of the article's words by kind against that source, and empty where the source is outside or
unknown. Evidence, passages and further sources are not here: JSON has them.

A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, "CSV
Injection"): articles are other people's text.
"""

import csv
import io

from dedup.align import KINDS
from dedup.pipeline import Result
from dedup.report.view import best_derivations, find_alignment, iso_date

COLUMNS = (
    "id", "path", "title", "publisher", "published", "cluster", "source", "kind", "confidence",
    "direction", *KINDS,
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
        path, cluster = article.extra.get("path"), clusters.get(article.id)
        cells = [
            article.id,
            "" if path is None else str(path),
            article.title or "",
            article.publisher or "",
            iso_date(article) or "",
            cluster.id if cluster else "",
        ]
        if edge := best.get(article.id):
            cells += [edge.source, edge.kind, f"{edge.confidence:.4f}", edge.direction]
            if cluster and (alignment := find_alignment(edge, cluster)):
                cells += [f"{alignment.shares.get(kind, 0):.4f}" for kind in KINDS]
        cells += [""] * (len(COLUMNS) - len(cells))
        table.writerow([guard(cell) for cell in cells])
    return buffer.getvalue()


def guard(cell: str) -> str:
    """The cell as text that no spreadsheet runs and UTF-8 can spell."""
    spelled = cell.replace("\0", "").encode("utf-8", "backslashreplace").decode()
    return "'" + spelled if spelled.startswith(FORMULA) else spelled
