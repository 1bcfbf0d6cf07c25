"""A store in one file: SQLite in WAL mode.

One writer, many readers, also from several processes. A commit is on the disk when it
returns (`synchronous=FULL`). Postings stand in tables without row ids, sorted by key, so that
those of one key lie side by side: 25 lookups take 40 µs, and 25 more rows 55 µs, with five
million rows in the file. What SQLite keeps of the file in memory is the fast tier; it is
given `CACHE` bytes, which hold the inner pages of the tables of many millions of articles.

A file of another format, with other settings, damaged, or not an index at all is an error,
and stays as it is: nothing here deletes, repairs or overwrites what it cannot read.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from dedup.errors import StoreError
from dedup.index.file import APPLICATION, address
from dedup.index.store import (
    SETTINGS,
    WRITTEN_BY,
    Content,
    Entry,
    IndexStats,
    Pair,
    Postings,
    check_settings,
)

NUMBER = np.dtype("<u4")  # of an article, in postings: 4 billion are enough for one file
CACHE = 512_000_000  # bytes at most; a small file takes little of it
# Texts take 1.4 KB, of which two fit in SQLite's usual 4,096 bytes: 280 bytes an article lie idle
# there, 90 with 16,384, where each commit writes more.
PAGE = 8192
PATIENCE = 60.0  # seconds that a writer waits for another one

SCHEMA = """
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    published REAL,
    original INTEGER,
    posted INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX copies ON articles (original) WHERE original IS NOT NULL;
CREATE TABLE contents (number INTEGER PRIMARY KEY, fields TEXT NOT NULL, text BLOB);
CREATE TABLE bands (
    key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE terms (term INTEGER PRIMARY KEY, numbers BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE common (term INTEGER PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE pairs (
    a INTEGER NOT NULL, b INTEGER NOT NULL, relation TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE INDEX pairs_of_b ON pairs (b, a);
CREATE INDEX pairs_pending ON pairs (a, b) WHERE relation IS NULL;
CREATE TABLE unsettled (number INTEGER PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE families (number INTEGER PRIMARY KEY, family INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX members ON families (family, number);
"""

ENTRY = "number, id, published, original, posted, signature"
LISTED = "(SELECT value FROM json_each(?))"


class SQLiteStore:
    """An index in the file `path`; made where there is none, unless it is only `read`."""

    def __init__(self, path: str | Path, *, readonly: bool = False) -> None:
        self.place = str(path)
        self.readonly = readonly
        self._lock = RLock()
        self._depth = 0
        self._writes = False
        self._closed = False
        with self._told():
            self._sql = sqlite3.connect(
                address(self.place, readonly), uri=True, timeout=PATIENCE,
                isolation_level=None, check_same_thread=False, cached_statements=256,
            )  # fmt: skip
            try:
                self._open()
            except BaseException:
                self._sql.close()
                raise

    def _open(self) -> None:
        """Look at the file before anything is written to it."""
        (application,) = self._one("PRAGMA application_id")
        (tables,) = self._one("SELECT count(*) FROM sqlite_master")
        if not application and not tables and not self.readonly:
            self._make()
        elif application != APPLICATION:
            raise StoreError(f"{self.place}: is a database, but not an index of dedup's")
        check_settings(self.place, dict(self._sql.execute("SELECT name, value FROM settings")))
        if not self.readonly:
            self._sql.execute("PRAGMA synchronous=FULL")
        self._sql.execute(f"PRAGMA cache_size=-{CACHE // 1024}")
        self._sql.execute("PRAGMA temp_store=MEMORY")

    def _make(self) -> None:
        """Make the tables, unless another process has just made them."""
        self._sql.execute(f"PRAGMA page_size={PAGE}")
        self._sql.execute("PRAGMA journal_mode=WAL")
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            if not self._one("SELECT count(*) FROM sqlite_master")[0]:
                for statement in SCHEMA.split(";"):
                    self._sql.execute(statement)
                settings = {**SETTINGS, "written by": WRITTEN_BY, "families": "0"}
                self._sql.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
                self._sql.execute(f"PRAGMA application_id={APPLICATION}")
            self._sql.execute("COMMIT")
        except BaseException:
            self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("PRAGMA wal_checkpoint")  # so that the file itself says what it is

    @contextmanager
    def _told(self) -> Iterator[None]:
        """SQLite's errors as ours: with the file, and what to do."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            advice = ADVICE.get(code, "")
            raise StoreError(f"{self.place}: {error}{advice}") from error

    def reading(self) -> Any:
        return self._transaction("BEGIN")

    def writing(self) -> Any:
        return self._transaction("BEGIN IMMEDIATE", writes=True)

    @contextmanager
    def _transaction(self, begin: str, writes: bool = False) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise StoreError(f"{self.place}: the index is closed")
            if writes and self.readonly:
                raise StoreError(f"{self.place}: the index was opened for reading only")
            if self._depth:
                if writes and not self._writes:
                    raise StoreError(f"{self.place}: nothing can be written while it is read")
                yield
                return
            with self._told():
                self._sql.execute(begin)
                self._depth, self._writes = 1, writes
                try:
                    yield
                    self._sql.execute("COMMIT")
                except BaseException:
                    if self._sql.in_transaction:  # a full disk has rolled it back already
                        self._sql.execute("ROLLBACK")
                    raise
                finally:
                    self._depth, self._writes = 0, False

    def changes(self) -> int:
        return int(self._one("PRAGMA data_version")[0])

    def close(self) -> None:
        with self._lock, self._told():
            if not self._closed:
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
        number = self._sql.execute(
            "INSERT INTO articles (id, published, original, posted, signature) "
            "VALUES (?, ?, ?, ?, ?)",
            (id, published, original, posted, signature),
        ).lastrowid
        assert number is not None  # of an INSERT there is one
        self._sql.execute(
            "INSERT INTO contents VALUES (?, ?, ?)", (number, content.fields, content.text)
        )
        return number

    def change(self, number: int, original: int | None, posted: bool) -> None:
        self._sql.execute(
            "UPDATE articles SET original = ?, posted = ? WHERE number = ?",
            (original, posted, number),
        )

    def delete(self, number: int) -> None:
        for table in ("articles", "contents", "families", "unsettled"):
            self._sql.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
        self._sql.execute("DELETE FROM pairs WHERE a = ?", (number,))
        self._sql.execute("DELETE FROM pairs WHERE b = ?", (number,))

    def numbers(self, ids: Sequence[str]) -> dict[str, int]:
        return dict(self._listed("SELECT id, number FROM articles WHERE id IN", ids))

    def entries(self, numbers: Sequence[int]) -> list[Entry]:
        query = f"SELECT {ENTRY} FROM articles WHERE number IN"
        return [_entry(row) for row in self._listed(query, numbers, "ORDER BY number")]

    def copies(self, numbers: Sequence[int], most: int) -> list[Entry]:
        query = f"SELECT {ENTRY} FROM articles WHERE original IN"
        order = f"ORDER BY number LIMIT {int(most)}"
        return [_entry(row) for row in self._listed(query, numbers, order)]

    def contents(self, numbers: Sequence[int]) -> dict[int, Content]:
        query = "SELECT number, fields, text FROM contents WHERE number IN"
        return {row[0]: Content(row[1], row[2]) for row in self._listed(query, numbers)}

    def walk(self, after: int, most: int) -> list[tuple[Entry, Content]]:
        rows = self._sql.execute(
            f"SELECT {ENTRY}, fields, text FROM articles JOIN contents USING (number) "
            "WHERE number > ? ORDER BY number LIMIT ?",
            (after, most),
        )
        return [(_entry(row[:6]), Content(row[6], row[7])) for row in rows]

    def count(self) -> int:
        return int(self._one("SELECT count(*) FROM articles")[0])

    def given(self) -> int:
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'articles'")
        return int(row[0]) if row else 0

    def post(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        self._sql.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", [(key, number) for key in bands]
        )
        own = np.array([number], NUMBER).tobytes()
        self._sql.executemany(
            "INSERT INTO terms VALUES (?, ?) ON CONFLICT (term) DO UPDATE "
            "SET numbers = CAST(numbers || excluded.numbers AS BLOB)",
            [(term, own) for term in terms],
        )

    def withdraw(self, number: int, bands: Sequence[int], terms: Sequence[int]) -> None:
        self._sql.executemany(
            "DELETE FROM bands WHERE key = ? AND number = ?", [(key, number) for key in bands]
        )
        for term, blob in self._postings(terms):
            kept = np.frombuffer(blob, NUMBER)
            kept = kept[kept != number]
            if len(kept):
                self._sql.execute(
                    "UPDATE terms SET numbers = ? WHERE term = ?", (kept.tobytes(), term)
                )
            else:
                self._sql.execute("DELETE FROM terms WHERE term = ?", (term,))

    def meet(self, bands: Sequence[int], most: int) -> list[int]:
        last = "SELECT number FROM bands WHERE key = ? ORDER BY number DESC LIMIT ?"
        query = " UNION ALL ".join([f"SELECT * FROM ({last})"] * len(bands))
        values = [value for key in bands for value in (key, most)]
        return sorted({number for (number,) in self._sql.execute(query, values)}) if bands else []

    def share(self, terms: Sequence[int]) -> Postings:
        rows = self._postings(terms)
        sizes = np.array([len(blob) // NUMBER.itemsize for _, blob in rows], np.int64)
        numbers = np.frombuffer(b"".join(blob for _, blob in rows), NUMBER).astype(np.int64)
        return Postings(np.array([term for term, _ in rows], np.int64), sizes, numbers)

    def _postings(self, terms: Sequence[int]) -> list[tuple[int, bytes]]:
        return list(
            self._sql.execute(
                "SELECT terms.term, terms.numbers FROM json_each(?) AS asked "
                "CROSS JOIN terms ON terms.term = asked.value",
                (json.dumps(terms),),
            )
        )

    def common(self) -> list[int]:
        return [term for (term,) in self._sql.execute("SELECT term FROM common")]

    def make_common(self, terms: Sequence[int]) -> None:
        rows = [(term,) for term in terms]
        self._sql.executemany("INSERT OR IGNORE INTO common VALUES (?)", rows)
        self._sql.executemany("DELETE FROM terms WHERE term = ?", rows)

    def pair(self, pairs: Sequence[tuple[int, int]]) -> None:
        self._sql.executemany("INSERT OR IGNORE INTO pairs VALUES (?, ?, NULL)", pairs)

    def pending(self, most: int) -> list[tuple[int, int]]:
        query = "SELECT a, b FROM pairs WHERE relation IS NULL ORDER BY a, b LIMIT ?"
        return list(self._sql.execute(query, (most,)))

    def settle(self, pairs: Sequence[Pair]) -> None:
        self._sql.executemany(
            "UPDATE pairs SET relation = ? WHERE a = ? AND b = ?",
            [(pair.relation, pair.a, pair.b) for pair in pairs],
        )
        self.unsettle([number for pair in pairs for number in (pair.a, pair.b)])

    def pairs(self, numbers: Sequence[int]) -> list[Pair]:
        found = {
            row
            for end in ("a", "b")
            for row in self._listed(
                f"SELECT a, b, relation FROM pairs WHERE relation IS NOT NULL AND {end} IN",
                numbers,
            )
        }
        return [Pair(*row) for row in sorted(found)]

    def partners(self, number: int) -> list[int]:
        query = "SELECT b FROM pairs WHERE a = ? UNION SELECT a FROM pairs WHERE b = ? ORDER BY 1"
        return [other for (other,) in self._sql.execute(query, (number, number))]

    def unsettled(self, most: int) -> list[int]:
        query = "SELECT number FROM unsettled ORDER BY number LIMIT ?"
        return [number for (number,) in self._sql.execute(query, (most,))]

    def unsettle(self, numbers: Sequence[int]) -> None:
        rows = [(number,) for number in numbers]
        self._sql.executemany("INSERT OR IGNORE INTO unsettled VALUES (?)", rows)

    def families(self, numbers: Sequence[int] | None = None) -> list[tuple[int, int]]:
        query, order = "SELECT family, number FROM families", "ORDER BY family, number"
        if numbers is None:
            return list(self._sql.execute(f"{query} {order}"))
        return list(self._listed(f"{query} WHERE number IN", numbers, order))

    def members(self, family: int) -> list[int]:
        query = "SELECT number FROM families WHERE family = ? ORDER BY number"
        return [number for (number,) in self._sql.execute(query, (family,))]

    def regroup(self, numbers: Sequence[int], families: Sequence[tuple[int, int]]) -> None:
        rows = [(number,) for number in numbers]
        self._sql.executemany("DELETE FROM families WHERE number = ?", rows)
        self._sql.executemany("DELETE FROM unsettled WHERE number = ?", rows)
        self._sql.executemany("INSERT INTO families (family, number) VALUES (?, ?)", families)

    def next_family(self) -> int:
        (given,) = self._one("SELECT value FROM settings WHERE name = 'families'")
        number = int(given) + 1
        self._sql.execute("UPDATE settings SET value = ? WHERE name = 'families'", (str(number),))
        return number

    def sizes(self) -> IndexStats:
        def count(table: str) -> int:
            return int(self._one(f"SELECT count(*) FROM {table}")[0])

        (pages,) = self._one("PRAGMA page_count")
        (size,) = self._one("PRAGMA page_size")
        (texts,) = self._one("SELECT coalesce(sum(length(text)), 0) FROM contents")
        return IndexStats(
            articles=count("articles"),
            bands=count("bands"),
            terms=int(self._one("SELECT coalesce(sum(length(numbers)), 0) FROM terms")[0]) // 4,
            common=count("common"),
            pending=count("pairs WHERE relation IS NULL"),
            ties=count("pairs WHERE relation <> ''"),
            families=int(self._one("SELECT count(DISTINCT family) FROM families")[0]),
            text_bytes=int(texts),
            bytes=int(pages * size),
        )

    def compact(self) -> None:
        with self._lock, self._told():
            self._sql.execute("VACUUM")
            self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _one(self, query: str, values: Sequence[Any] = ()) -> Any:
        return self._sql.execute(query, values).fetchone()

    def _listed(self, query: str, items: Iterable[Any], order: str = "") -> Iterator[Any]:
        """The rows of a query that ends in IN, whose list is passed as one value."""
        return self._sql.execute(f"{query} {LISTED} {order}", (json.dumps(list(items)),))


ADVICE = {
    sqlite3.SQLITE_BUSY: f"; another process has written for {PATIENCE:.0f} seconds, try again",
    sqlite3.SQLITE_FULL: "; make room on the disk, then go on: nothing that was kept is lost",
    sqlite3.SQLITE_NOTADB: "; it is not an index, or it is damaged; it was left as it is",
    sqlite3.SQLITE_CORRUPT: "; it is damaged and was left as it is; go back to a copy of it",
    sqlite3.SQLITE_READONLY: "; it may only be read here: open it with readonly=True",
    sqlite3.SQLITE_CANTOPEN: "; may this process read and write the file and its folder?",
}


def _entry(row: Sequence[Any]) -> Entry:
    number, id, published, original, posted, signature = row
    return Entry(number, id, published, original, bool(posted), signature)
