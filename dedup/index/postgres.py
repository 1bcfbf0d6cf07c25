"""A store in PostgreSQL, for crawlers on many hosts.

One writer at a time, whoever it is: a transaction that writes first locks the table `settings`,
and waits for another one at most `PATIENCE` seconds. Who reads waits for nobody, and sees the
state of one moment. A commit is on the server's disk when it returns. What a transaction writes
is sent without waiting for the answer, which comes with the next that is read, or with the
commit, and the postings of terms are kept back until then: adding an article takes a handful of
round trips.

`dedup.index.tables` has the tables. Numbers come from a counter that a transaction takes back
with all else, not from a sequence: so this store and `dedup.index.sqlite` give the same ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

import numpy as np
import psycopg

from dedup.errors import StoreError
from dedup.index.connection import address, connect, told
from dedup.index.store import Content, Entry, IndexStats, Pair, Postings
from dedup.index.tables import look

NUMBER = np.dtype("<u4")  # of an article, in postings
# Terms whose new postings are kept back until the commit, some tens of megabytes: of a thousand
# articles many share a term, and a row that is written twice in a transaction takes room twice.
KEPT_BACK = 200_000
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"
LOCK = "LOCK TABLE settings IN EXCLUSIVE MODE"  # before anything is seen: it waits
COUNTERS = "SELECT articles, families, changes FROM counters"
ENTRY = "number, id, published, original, posted, signature"


class PostgresStore:
    """An index at `place`, "postgresql://user:password@host/database?dedup_schema=news"; made
    where there is none, unless it is only read."""

    def __init__(self, place: str, *, readonly: bool = False) -> None:
        self._address = address(place)
        self.place = self._address.shown
        self.readonly = readonly
        self._lock = RLock()
        self._inside = False
        self._writes = False
        self._changed = False  # whether anything was written in this transaction
        self._articles = self._families = self._changes = 0  # the counters, as it sees them
        self._fresh: dict[int, bytes] = {}  # postings of terms that are not sent yet
        self._own = 0  # transactions in which we have written
        self._closed = False
        with told(self._address):
            self._sql = connect(self._address)
            try:
                look(self._sql, self._address, readonly)
            except BaseException:
                self._sql.close()
                raise

    def reading(self) -> Any:
        return self._transaction(writes=False)

    def writing(self) -> Any:
        return self._transaction(writes=True)

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.place}: the index is closed")
            if writes and self.readonly:
                raise StoreError(f"{self.place}: the index was opened for reading only")
            if self._inside:
                if writes and not self._writes:
                    raise StoreError(f"{self.place}: nothing can be written while it is read")
                yield
                return
            with told(self._address):
                self._begin(writes)
                try:
                    with self._sql.pipeline():
                        yield
                        ended = self._commit()
                    if ended.statusmessage != "COMMIT":
                        raise StoreError(f"{self.place}: nothing was kept, for a part of it failed")
                    self._own += self._changed
                except BaseException:
                    self._undo()
                    raise
                finally:
                    self._inside = self._writes = self._changed = False
                    self._fresh.clear()

    def _begin(self, writes: bool) -> None:
        """Begin; where the connection was lost since the last call, on a new one."""
        lost = self._sql.closed
        while True:
            if lost:
                self._sql = connect(self._address)
            statements = [BEGIN, LOCK, COUNTERS] if writes else [BEGIN, COUNTERS]
            try:
                cursor = self._sql.execute("; ".join(statements))
                break
            except BaseException as error:
                self._undo()
                if lost or not self._sql.closed or not isinstance(error, psycopg.Error):
                    raise
                lost = True
        while cursor.nextset():
            pass
        self._articles, self._families, self._changes = cursor.fetchall()[0]
        self._inside, self._writes = True, writes

    def _commit(self) -> "psycopg.Cursor[Any]":
        if self._changed:
            self._send_fresh()
            self._write(
                "UPDATE counters SET articles = %s, families = %s, changes = changes + 1",
                self._articles,
                self._families,
            )
        return self._sql.execute("COMMIT")

    def _undo(self) -> None:
        """End the transaction with nothing of it kept, whatever state the connection is in."""
        try:
            if not self._sql.closed:
                self._sql.execute("ROLLBACK")
        except psycopg.Error:
            self._sql.close()  # the server takes it back by itself

    def changes(self) -> int:
        return self._changes - self._own

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._sql.close()

    def insert(
        self,
        id: str,
        published: float | None,
        original: int | None,
        posted: bool,
        signature: bytes,
        content: Content,
    ) -> int:
        self._articles += 1
        self._write(
            f"INSERT INTO articles ({ENTRY}) VALUES (%s, %s, %s, %s, %s, %b)",
            self._articles, id, published, original, posted, signature,
        )  # fmt: skip
        self._write(
            "INSERT INTO contents VALUES (%s, %s, %b)",
            self._articles, content.fields, content.text,
        )  # fmt: skip
        return self._articles

    def change(self, number: int, original: int | None, posted: bool) -> None:
        query = "UPDATE articles SET original = %s, posted = %s WHERE number = %s"
        self._write(query, original, posted, number)

    def delete(self, number: int) -> None:
        for table in ("articles", "contents", "families", "unsettled"):
            self._write(f"DELETE FROM {table} WHERE number = %s", number)
        self._write("DELETE FROM pairs WHERE a = %s", number)
        self._write("DELETE FROM pairs WHERE b = %s", number)

    def numbers(self, ids: Sequence[str]) -> dict[str, int]:
        query = "SELECT id, number FROM articles WHERE id = ANY(%s::text[])"
        return dict(self._rows(query, [id for id in ids if _kept_as_it_is(id)]))

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        if not numbers:
            return []
        query = f"SELECT {ENTRY} FROM articles WHERE number = ANY(%s::int[]) ORDER BY number"
        return [Entry(*row) for row in self._rows(query, _array(numbers))]

    def copies(self, numbers: Sequence[int], most: int) -> list[Entry]:
        first = "SELECT number FROM articles WHERE original = asked ORDER BY number LIMIT %s"
        query = f"SELECT number FROM unnest(%s::int[]) AS asked CROSS JOIN LATERAL ({first}) AS own"
        found = sorted({number for (number,) in self._rows(query, _array(numbers), most)})
        return self.entries(found[:most])

    def contents(self, numbers: Sequence[int]) -> dict[int, Content]:
        if not numbers:
            return {}
        query = "SELECT number, fields, text FROM contents WHERE number = ANY(%s::int[])"
        return {row[0]: Content(row[1], row[2]) for row in self._rows(query, _array(numbers))}

    def walk(self, after: int, most: int) -> list[tuple[Entry, Content]]:
        rows = self._rows(
            f"SELECT {ENTRY}, fields, text FROM articles JOIN contents USING (number) "
            "WHERE number > %s ORDER BY number LIMIT %s",
            after, most,
        )  # fmt: skip
        return [(Entry(*row[:6]), Content(row[6], row[7])) for row in rows]

    def count(self) -> int:
        return self._count("articles")

    def given(self) -> int:
        return self._articles

    def post(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        self._write(
            "INSERT INTO bands SELECT unnest(%s::int[]), %s ON CONFLICT DO NOTHING",
            _array(bands), number,
        )  # fmt: skip
        own = NUMBER.type(number).tobytes()
        for term in terms:
            self._fresh[term] = self._fresh.get(term, b"") + own
        if len(self._fresh) > KEPT_BACK:
            self._send_fresh()

    def _send_fresh(self) -> None:
        if self._fresh:
            self._write(
                "INSERT INTO terms SELECT unnest(%s::int[]), unnest(%b::bytea[]) "
                "ON CONFLICT (term) DO UPDATE SET numbers = terms.numbers || excluded.numbers",
                _array(self._fresh), list(self._fresh.values()),
            )  # fmt: skip
            self._fresh.clear()

    def withdraw(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        self._write(
            "DELETE FROM bands WHERE key = ANY(%s::int[]) AND number = %s", _array(bands), number
        )
        self._send_fresh()
        for term, blob in self._postings(terms):
            numbers = np.frombuffer(blob, NUMBER)
            kept = numbers[numbers != number].tobytes()
            if kept:
                self._write("UPDATE terms SET numbers = %b WHERE term = %s", kept, term)
            else:
                self._write("DELETE FROM terms WHERE term = %s", term)

    def meet(self, bands: Sequence[int], most: int) -> list[int]:
        last = "SELECT number FROM bands WHERE key = asked ORDER BY number DESC LIMIT %s"
        query = f"SELECT number FROM unnest(%s::int[]) AS asked CROSS JOIN LATERAL ({last}) AS own"
        return sorted({number for (number,) in self._rows(query, _array(bands), most)})

    def share(self, terms: Sequence[int]) -> Postings:
        rows = self._postings(terms)
        sizes = np.array([len(blob) // NUMBER.itemsize for _, blob in rows], np.int64)
        numbers = np.frombuffer(b"".join(blob for _, blob in rows), NUMBER).astype(np.int64)
        return Postings(np.array([term for term, _ in rows], np.int64), sizes, numbers)

    def _postings(self, terms: Sequence[int]) -> list[tuple[int, bytes]]:
        query = "SELECT term, numbers FROM terms WHERE term = ANY(%s::int[])"
        found: dict[int, bytes] = dict(self._rows(query, _array(terms)))
        for term in terms if self._fresh else ():
            if own := self._fresh.get(term):
                found[term] = found.get(term, b"") + own
        return sorted(found.items())

    def common(self) -> list[int]:
        return [term for (term,) in self._rows("SELECT term FROM common")]

    def make_common(self, terms: Sequence[int]) -> None:
        for term in terms:
            self._fresh.pop(term, None)
        asked = _array(terms)
        self._write("INSERT INTO common SELECT unnest(%s::int[]) ON CONFLICT DO NOTHING", asked)
        self._write("DELETE FROM terms WHERE term = ANY(%s::int[])", asked)

    def pair(self, pairs: Sequence[tuple[int, int]]) -> None:
        if pairs:
            self._write(
                "INSERT INTO pairs SELECT unnest(%s::int[]), unnest(%s::int[]), NULL "
                "ON CONFLICT DO NOTHING",
                _array(a for a, _ in pairs), _array(b for _, b in pairs),
            )  # fmt: skip

    def pending(self, most: int) -> list[tuple[int, int]]:
        query = "SELECT a, b FROM pairs WHERE relation IS NULL ORDER BY a, b LIMIT %s"
        return self._rows(query, most)

    def settle(self, pairs: Sequence[Pair]) -> None:
        self._write(
            "UPDATE pairs SET relation = found.relation "
            "FROM unnest(%s::int[], %s::int[], %s::text[]) AS found(a, b, relation) "
            "WHERE pairs.a = found.a AND pairs.b = found.b",
            _array(pair.a for pair in pairs),
            _array(pair.b for pair in pairs),
            [pair.relation for pair in pairs],
        )
        self.unsettle([number for pair in pairs for number in (pair.a, pair.b)])

    def pairs(self, numbers: Sequence[int]) -> list[Pair]:
        query = (
            "SELECT a, b, relation FROM pairs WHERE relation IS NOT NULL "
            "AND (a = ANY(%s::int[]) OR b = ANY(%s::int[]))"
        )
        return [Pair(*row) for row in sorted(self._rows(query, *[_array(numbers)] * 2))]

    def partners(self, number: int) -> list[int]:
        query = "SELECT b FROM pairs WHERE a = %s UNION SELECT a FROM pairs WHERE b = %s ORDER BY 1"
        return [other for (other,) in self._rows(query, number, number)]

    def unsettled(self, most: int) -> list[int]:
        query = "SELECT number FROM unsettled ORDER BY number LIMIT %s"
        return [number for (number,) in self._rows(query, most)]

    def unsettle(self, numbers: Sequence[int]) -> None:
        query = "INSERT INTO unsettled SELECT unnest(%s::int[]) ON CONFLICT DO NOTHING"
        self._write(query, _array(numbers))

    def families(self, numbers: Sequence[int] | None = None) -> list[tuple[int, int]]:
        query = "SELECT family, number FROM families"
        if numbers is None:
            return self._rows(f"{query} ORDER BY family, number")
        return sorted(self._rows(f"{query} WHERE number = ANY(%s::int[])", _array(numbers)))

    def members(self, family: int) -> list[int]:
        query = "SELECT number FROM families WHERE family = %s ORDER BY number"
        return [number for (number,) in self._rows(query, family)]

    def regroup(self, numbers: Sequence[int], families: Sequence[tuple[int, int]]) -> None:
        for table in ("families", "unsettled"):
            self._write(f"DELETE FROM {table} WHERE number = ANY(%s::int[])", _array(numbers))
        self._write(
            "INSERT INTO families (family, number) SELECT unnest(%s::int[]), unnest(%s::int[])",
            _array(family for family, _ in families), _array(number for _, number in families),
        )  # fmt: skip

    def next_family(self) -> int:
        self._changed = True
        self._families += 1
        return self._families

    def sizes(self) -> IndexStats:
        self._send_fresh()
        ((postings, texts, taken),) = self._rows(
            "SELECT (SELECT coalesce(sum(length(numbers)), 0)::bigint FROM terms), "
            "(SELECT coalesce(sum(length(text)), 0)::bigint FROM contents), "
            "(SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class "
            "WHERE relkind = 'r' AND relnamespace = to_regnamespace(%s))",
            self._address.schema,
        )
        return IndexStats(
            articles=self._count("articles"),
            bands=self._count("bands"),
            terms=postings // NUMBER.itemsize,
            common=self._count("common"),
            pending=self._count("pairs WHERE relation IS NULL"),
            ties=self._count("pairs WHERE relation <> ''"),
            families=len({family for family, _ in self.families()}),
            text_bytes=texts,
            bytes=taken,
        )

    def compact(self) -> None:
        with self._lock, told(self._address):
            if self._inside or self.readonly or self._closed:
                raise StoreError(f"{self.place}: can be compacted only by itself, open for writing")
            with self.reading():
                tables = [
                    name
                    for (name,) in self._rows(
                        "SELECT tablename FROM pg_tables WHERE schemaname = %s",
                        self._address.schema,
                    )
                ]
            for table in tables:
                self._sql.execute(f"VACUUM (FULL, ANALYZE) {table}")

    def _rows(self, query: str, *values: Any) -> list[Any]:
        cursor = self._sql.cursor(binary=True)
        return cursor.execute(query, values, prepare=True).fetchall()

    def _count(self, rows: str) -> int:
        return int(self._rows(f"SELECT count(*) FROM {rows}")[0][0])

    def _write(self, query: str, *values: Any) -> None:
        self._changed = True
        self._sql.execute(query, values, prepare=True)


def _array(numbers: Iterable[int]) -> str:
    """Numbers as PostgreSQL reads an array of them, whatever its type."""
    return f"{{{','.join(map(str, numbers))}}}"


def _kept_as_it_is(id: str) -> bool:
    """Whether an article could have this id: PostgreSQL knows no NUL and no half a sign."""
    return "\x00" not in id and not any("\ud800" <= sign <= "\udfff" for sign in id)
