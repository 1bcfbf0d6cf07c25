"""What an index in PostgreSQL takes: `.ci/with-postgres python -m benchmarks.postgres [6000]`.

Reuters dispatches go into an index on the server that .ci/with-postgres starts, and into one in a
file. Printed are the kilobytes an article beside its text, in all and table by table with its
indexes, and milliseconds of CPU an article, of this process and of the server's beside it, for
adding in batches and for asking.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from benchmarks.data import load
from benchmarks.processes import TICKS, read_usage
from dedup import Article, Index
from dedup.index.postgres.connection import connect, parse_address

BATCH, ASKED = 1_000, 500


def main(arguments: list[str]) -> int:
    """Print the figures."""
    address = os.environ.get("DEDUP_TEST_POSTGRES")
    if not address:
        print("no server: .ci/with-postgres python -m benchmarks.postgres")
        return 1
    count = int(arguments[0]) if arguments else 6_000
    rows = (row for row in load("reuters21578") if row["body"])
    articles = [Article(str(row["id"]), row["body"]) for row in islice(rows, count)]
    with tempfile.TemporaryDirectory() as folder, Index(Path(folder) / "news.dedup") as file:
        file.add_many(articles, commit_every=BATCH)
        file.compact()
        in_file = file.stats()
    with Index(address) as index, connect(parse_address(address)) as sql:
        others = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ((server,),) = sql.execute(f"SELECT pid FROM pg_stat_activity WHERE {others}").fetchall()
        adding = spent(lambda: index.add_many(articles, commit_every=BATCH), server, count)
        asking = spent(lambda: [index.check(a) for a in articles[:ASKED]], server, ASKED)
        index.compact()
        stats = index.stats()
        tables = sql.execute(
            "SELECT relname, pg_total_relation_size(c.oid) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname = 'dedup' ORDER BY 2 DESC LIMIT 6"
        ).fetchall()
    print(f"{count:,} dispatches, {stats.text_bytes / count:.0f} bytes of text each")
    for name, own in (("in PostgreSQL", stats), ("in a file", in_file)):
        print(f"{name:<20}{(own.bytes - own.text_bytes) / count / 1000:.2f} KB each beside it")
    for name, size in tables:
        print(f"  {name:<18}{size / count / 1000:.2f}")
    print(f"adding: {adding[0]:.2f} ms of CPU each, the server {adding[1]:.2f}")
    print(f"asking: {asking[0]:.2f} ms of CPU each, the server {asking[1]:.2f}")
    return 0


def spent(work: Callable[[], object], server: int, count: int) -> tuple[float, float]:
    """Milliseconds of CPU a piece, of this process and of the server's that serves it."""
    begun, before = time.process_time(), read_usage(server).own
    work()
    both = time.process_time() - begun, (read_usage(server).own - before) / TICKS
    return both[0] / count * 1000, both[1] / count * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
