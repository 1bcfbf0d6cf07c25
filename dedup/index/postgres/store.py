"""A store in PostgreSQL.

One writer at a time, whoever it is: a transaction that writes first locks the table `settings`,
and waits for another one at most `PATIENCE` seconds. Who reads waits for nobody, and sees the
state of one moment. A commit is on the server's disk when it returns. What a transaction writes
is sent without waiting for the answer, which comes with the next that is read, or with the
commit, and the postings of terms are kept back until then: adding an article takes a handful of
round trips.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from dedup.errors import StoreError
from dedup.index.database import COUNTERS
from dedup.index.postgres.connection import connect, parse_address, translate_errors
from dedup.index.postgres.tables import SCHEMA, open_schema
from dedup.index.postings import NUMBER, POSTED_BYTES, Blobs, Numbers
from dedup.index.records import Entry, IndexStats, is_storable
from dedup.index.store import Keys, Store

# Terms whose new postings are kept back until the commit, some tens of megabytes: of a thousand
# articles many share a term, and a row that is written twice in a transaction takes room twice.
MAX_UNSENT = 200_000
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"
LOCK = "LOCK TABLE settings IN EXCLUSIVE MODE"  # before anything is seen: it waits


class PostgresStore(Store):
    """An index at `place`, "postgresql://user:password@host/database?dedup_schema=news"; made
    where there is none, unless it is only read."""

    _schema = SCHEMA

    def __init__(self, place: str, *, readonly: bool = False, passages: bool = True) -> None:
        self._address = parse_address(place)
        super().__init__(self._address.display, readonly)
        self._unsent: dict[int, bytes] = {}  # postings of terms, until they are sent
        with self.translate_errors():
            self._sql: psycopg.Connection[Any] = connect(self._address)
            try:
                self.settings = open_schema(self._sql, self._address, readonly, passages)
            except BaseException:
                self._sql.close()
                raise

    def translate_errors(self) -> AbstractContextManager[None]:
        return translate_errors(self._address)

    def _begin(self, writes: bool) -> tuple[int, int, int]:
        """Begin; where the connection was lost since the last call, on a new one."""
        statements = "; ".join([BEGIN, LOCK, COUNTERS] if writes else [BEGIN, COUNTERS])
        reconnect = self._sql.closed
        while True:
            if reconnect:
                self._sql = connect(self._address)
            try:
                cursor = self._sql.execute(statements)
                break
            except psycopg.Error:
                self._roll_back()
                if reconnect or not self._sql.closed:
                    raise
                reconnect = True
        while cursor.nextset():
            pass
        counters: tuple[int, int, int] = cursor.fetchall()[0]
        return counters

    @contextmanager
    def _until_commit(self) -> Iterator[None]:
        with self._sql.pipeline():
            yield
            self._send_terms()
            self._save_counters()
            ended = self._sql.execute("COMMIT")
        if ended.statusmessage != "COMMIT":
            raise StoreError(f"{self.place}: nothing was kept, for a part of it failed")

    def _roll_back(self) -> None:
        """End the transaction, whatever state the connection is in."""
        self._unsent.clear()
        try:
            if not self._sql.closed:
                self._sql.execute("ROLLBACK")
        except psycopg.Error:
            self._sql.close()  # the server takes it back by itself

    def find_numbers(self, ids: Sequence[str]) -> dict[str, int]:
        query = "SELECT id, number FROM articles WHERE id = ANY(%s::text[])"
        storable = [id for id in ids if is_storable(id)]
        return dict(self._sql.cursor(binary=True).execute(query, [storable]).fetchall())

    def read_copies(self, numbers: Sequence[int], limit: int) -> list[Entry]:
        first = "SELECT number FROM articles WHERE original = asked ORDER BY number LIMIT ?"
        query = f"SELECT number FROM unnest(?::int[]) AS asked CROSS JOIN LATERAL ({first}) AS own"
        copies = sorted({number for (number,) in self._rows(query, numbers, limit)})
        return self.read_entries(copies[:limit])

    def lookup_bands(self, bands: Sequence[int], limit: int) -> list[int]:
        last = "SELECT number FROM bands WHERE key = asked ORDER BY number DESC LIMIT ?"
        query = f"SELECT number FROM unnest(?::int[]) AS asked CROSS JOIN LATERAL ({last}) AS own"
        return sorted({number for (number,) in self._rows(query, bands, limit)})

    def post_terms(self, terms: Numbers, numbers: Numbers) -> None:
        self._send_terms()
        super().post_terms(terms, numbers)

    def delete_postings(self, number: int, bands: Keys, terms: Keys, runs: Keys = ()) -> None:
        self._send_terms()
        super().delete_postings(number, bands, terms, runs)

    def stats(self) -> IndexStats:
        self._send_terms()
        return super().stats()

    def compact(self) -> None:
        with self._lock, self.translate_errors():
            if self._inside or self.readonly or self._closed:
                raise StoreError(f"{self.place}: can be compacted only by itself, open for writing")
            with self.reading():
                query = "SELECT tablename FROM pg_tables WHERE schemaname = ?"
                tables = self._rows(query, self._address.schema)
            for (table,) in tables:
                self._sql.execute(f"VACUUM (FULL, ANALYZE) {table}")

    def back_up(self, path: Path) -> None:
        raise StoreError(f"{self.place}: is a database; `pg_dump` makes a copy of it")

    def _execute(self, query: str, values: Sequence[Any]) -> "psycopg.Cursor[Any]":
        encoded = [as_array(v) if isinstance(v, list | tuple) else v for v in values]
        return self._sql.cursor(binary=True).execute(spell(query), encoded)

    def _insert_numbers(self, table: str, rows: Sequence[tuple[int, ...]]) -> None:
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            lists = ", ".join(["unnest(?::int[])"] * len(columns))
            self._write(f"INSERT INTO {table} SELECT {lists} ON CONFLICT DO NOTHING", *columns)

    def _add_terms(self, number: int, terms: Sequence[int]) -> None:
        own = number.to_bytes(NUMBER.itemsize, "little")
        for term in terms:
            self._unsent[term] = (self._unsent.get(term, b"") + own)[-POSTED_BYTES:]
        if len(self._unsent) > MAX_UNSENT:
            self._send_terms()

    def _send_terms(self) -> None:
        if self._unsent:
            self._changed = True
            self._sql.execute(
                "INSERT INTO terms SELECT unnest(%s::int[]), unnest(%b::bytea[]) "
                "ON CONFLICT (term) DO UPDATE SET numbers = substr(terms.numbers || "
                "excluded.numbers, greatest(1, length(terms.numbers) + "
                f"length(excluded.numbers) - {POSTED_BYTES - 1}))",
                (as_array(list(self._unsent)), list(self._unsent.values())),
            )
            self._unsent.clear()

    def _put_terms(self, rows: Blobs) -> None:
        if rows:
            self._changed = True
            terms, numbers = zip(*rows, strict=True)
            self._sql.execute(
                "INSERT INTO terms SELECT unnest(%s::int[]), unnest(%b::bytea[]) "
                "ON CONFLICT (term) DO UPDATE SET numbers = excluded.numbers",
                (as_array(terms), list(numbers)),
            )

    def _read_terms(self, terms: Sequence[int]) -> list[tuple[int, bytes]]:
        query = "SELECT term, numbers FROM terms WHERE term IN LIST"
        postings: dict[int, bytes] = dict(self._rows(query, terms))
        for term in terms if self._unsent else ():
            if own := self._unsent.get(term):
                postings[term] = (postings.get(term, b"") + own)[-POSTED_BYTES:]
        return sorted(postings.items())

    def _size(self) -> int:
        query = (
            "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = to_regnamespace(?)"
        )
        return int(self._rows(query, self._address.schema)[0][0])


@cache
def spell(query: str) -> str:
    """The query as PostgreSQL has it."""
    return query.replace("IN LIST", "= ANY(?::int[])").replace("?", "%s")


def as_array(numbers: Sequence[int]) -> str:
    """Numbers as PostgreSQL reads an array of them, whatever its type."""
    return f"{{{','.join(map(str, numbers))}}}"
