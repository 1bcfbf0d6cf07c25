"""An index in one file: SQLite in WAL mode.

One writer, many readers, also from several processes. A commit is on the disk when it returns.
Postings stand in tables without row ids, sorted by key, so that those of one key lie side by
side: 25 lookups take 40 µs with five million rows in the file. Those of the last articles wait in
one row each (`dedup.index.merging`).

A file of another format, with other settings, damaged, or not an index at all is an error,
and stays as it is: nothing here deletes, repairs or overwrites what it cannot read. Nor is a file
trusted that somebody else made: one whose tables are not exactly ours (a view, a trigger) is
refused before anything of it runs.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from dedup.errors import StoreError
from dedup.index.database import COUNTERS, read_schema
from dedup.index.merging import MergingStore
from dedup.index.postings import MAX_NUMBER, Blobs
from dedup.index.records import ENTRY, MAX_FIELDS, Entry, damaged, expect_numbers, read_entry
from dedup.index.settings import check_settings, choose_settings, is_former

APPLICATION = 0x64647570  # "ddup", in the header of the file
MEMORY = ":memory:"
SETTINGS_TABLE = "table", "settings"
# https://www.sqlite.org/fileformat.html#the_database_header
MAGIC = b"SQLite format 3\x00"
APPLICATION_AT = slice(68, 72)  # where in the header of 100 bytes it stands
# Bytes of pages at most, beside 40 MB for postings that wait; a small file takes little of it.
CACHE = 450_000_000
# Pages of 8,192 bytes make the file 6 % smaller. But when each key of an article was still written
# at once, twice as much was written with them, which took a tenth more CPU.
PAGE = 4096
# Pages of the log from which on a commit puts it into the file, 64 MB of them: some were changed
# by many articles, and are put there once. Who asks just then waits, so that a server has a thread
# that comes before it (`checkpoint`).
LOGGED = 16_000
# Bytes of a value: postings of a term that few articles have, a text, the fields of an article.
MAX_VALUE = 10 * MAX_FIELDS
MAX_REMOVALS = 2**31  # that are counted in the header of the file, then from 0 again
MAX_DAMAGES = 100  # of the file's pages that are listed
PATIENCE = 60.0  # seconds that a writer waits for another one
ADVICE = {
    sqlite3.SQLITE_BUSY: f"; another process has written for {PATIENCE:.0f} seconds, try again",
    sqlite3.SQLITE_FULL: "; make room on the disk, then go on: nothing that was kept is lost",
    sqlite3.SQLITE_NOTADB: "; it is not an index, or it is damaged; it was left as it is",
    sqlite3.SQLITE_CORRUPT: "; it is damaged and was left as it is; go back to a copy of it",
    sqlite3.SQLITE_READONLY: "; it may only be read here: open it with readonly=True",
    sqlite3.SQLITE_CANTOPEN: "; may this process read and write the file and its folder?",
}


def is_index(path: str) -> bool:
    """Whether the file `path` is an index, as far as its first bytes tell."""
    try:
        with open(path, "rb") as file:
            head = file.read(100)
    except (OSError, ValueError):  # a NUL is in no path
        return False
    application = int.from_bytes(head[APPLICATION_AT], "big")
    return head.startswith(MAGIC) and application == APPLICATION


class SQLiteStore(MergingStore):
    """An index in the file `path`; made where there is none, unless it is only read: one that
    keeps the runs by which passages are found, if `passages`."""

    _schema = "index-sqlite.sql"

    def __init__(self, path: str | Path, *, readonly: bool = False, passages: bool = True) -> None:
        super().__init__(str(path), readonly)
        with self.translate_errors():
            self._sql: sqlite3.Connection = sqlite3.connect(
                self._uri(), uri=True, timeout=PATIENCE, isolation_level=None,
                check_same_thread=False, cached_statements=256,
            )  # fmt: skip
            try:
                self._open(passages)
            except BaseException:
                self._sql.close()
                raise

    def _uri(self) -> str:
        """The address under which SQLite opens the file, or makes it unless it is only read."""
        if self.place == MEMORY:
            return f"file:{MEMORY}"
        file = Path(self.place).absolute()
        if self.readonly and not file.exists():
            raise StoreError(f"{self.place}: there is no such index")
        if file.is_dir() or not file.parent.is_dir():
            raise StoreError(f"{self.place}: is no file, nor a place for one; name a file")
        if not self.readonly:
            return f"{file.as_uri()}?mode=rwc"
        # Even to read, SQLite makes a file beside this one, which it cannot in a folder that may
        # only be read. Where no writer has made that file there, nobody is writing.
        alone = not os.access(file.parent, os.W_OK) and not Path(f"{file}-wal").exists()
        return f"{file.as_uri()}?mode=ro{'&immutable=1' if alone else ''}"

    def _open(self, passages: bool) -> None:
        """Look at the file before anything is written to it."""
        self._sql.execute("PRAGMA trusted_schema=OFF")
        self._sql.execute("PRAGMA cell_size_check=ON")
        self._sql.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        ((application,),) = self._rows("PRAGMA application_id")
        if not application and not self._has_tables() and not self.readonly:
            self._make(passages)
        elif not application and not self._has_tables():  # whoever makes it has just begun
            raise StoreError(f"{self.place}: is empty: no index has been made there yet")
        elif application != APPLICATION:
            raise StoreError(f"{self.place}: is a database, but not an index of dedup's")
        elif not self._has_our_tables():
            raise StoreError(
                f"{self.place}: its tables are not those of an index: somebody has changed it; "
                "take the articles from where they came from"
            )
        self.settings = self._check_settings()
        if not self.readonly:
            self._sql.execute("PRAGMA journal_mode=WAL")  # a copy comes without
            self._sql.execute("PRAGMA synchronous=FULL")
            self._sql.execute(f"PRAGMA wal_autocheckpoint={LOGGED}")
        self._sql.execute(f"PRAGMA cache_size=-{CACHE // 1024}")
        self._sql.execute("PRAGMA temp_store=MEMORY")
        self._file = self._find_file()

    def _find_file(self) -> tuple[int, int] | None:
        """Which file is at the place of this index now; None where there is none."""
        try:
            found = os.stat(self.place)
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _has_our_tables(self) -> bool:
        """Whether there is nothing else than the tables of an index; another version's says so."""
        tables = tables_of(self._sql)
        if tables == our_tables():
            return True
        if SETTINGS_TABLE not in {table[:2] for table in tables & our_tables()}:
            return False
        return is_former(self._check_settings()) and tables in former_tables()

    def _check_settings(self) -> dict[str, str]:
        """The settings of the index, if it can be used."""
        kept = dict(self._rows("SELECT name, value FROM settings"))
        return check_settings(self.place, kept, self.readonly)

    def _has_tables(self) -> bool:
        return bool(self._count("sqlite_master"))

    def _make(self, passages: bool) -> None:
        """Make the tables, unless another process has just made them."""
        self._sql.execute(f"PRAGMA page_size={PAGE}")
        self._sql.execute("PRAGMA journal_mode=WAL")
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            if not self._has_tables():
                make_tables(self._sql)
                settings = choose_settings(passages).items()
                self._sql.executemany("INSERT INTO settings VALUES (?, ?)", settings)
                self._sql.execute(f"PRAGMA application_id={APPLICATION}")
            self._sql.execute("COMMIT")
        except BaseException:
            self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("PRAGMA wal_checkpoint")  # so that the file itself says what it is

    @contextmanager
    def translate_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            advice = ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, "")
            raise StoreError(f"{self.place}: {error}{advice}") from error

    def _begin(self, writes: bool) -> tuple[int, int, int]:
        self._is_current = False
        self._sql.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        rows: list[tuple[int, int, int]] = self._rows(COUNTERS)
        if len(expect_numbers(rows)) != 1:
            raise damaged("its counters are missing")
        if not 0 <= min(rows[0][:2]) <= max(rows[0][:2]) <= MAX_NUMBER:
            raise damaged(f"its counters are {rows[0]}")
        return rows[0]

    @contextmanager
    def _until_commit(self) -> Iterator[None]:
        yield
        self._save_counters()
        # What is written to a file without a name is gone when the last who has it open ends.
        if self.place != MEMORY and self._find_file() != self._file:
            raise StoreError(f"{self.place}: was deleted or replaced; nothing more is kept there")
        self._sql.execute("COMMIT")

    def _roll_back(self) -> None:
        if self._sql.in_transaction:  # a full disk has rolled it back already
            self._sql.execute("ROLLBACK")

    def find_numbers(self, ids: Sequence[str]) -> dict[str, int]:
        return dict(self._rows("SELECT id, number FROM articles WHERE id IN LIST", ids))

    def read_copies(self, numbers: Sequence[int], limit: int) -> list[Entry]:
        query = f"SELECT {ENTRY} FROM articles WHERE original IN LIST ORDER BY number LIMIT ?"
        return [read_entry(row) for row in self._rows(query, numbers, limit)]

    def _read_bands(self, bands: Sequence[int], limit: int) -> list[tuple[int, int]]:
        last = "SELECT key, number FROM bands WHERE key = ? ORDER BY number DESC LIMIT ?"
        query = " UNION ALL ".join([f"SELECT * FROM ({last})"] * len(bands))
        values = [value for key in bands for value in (key, limit)]
        return self._rows(query, *values) if bands else []

    def _read_runs(self, runs: Sequence[int]) -> list[tuple[int, int]]:
        join = "json_each(?) AS asked CROSS JOIN runs ON runs.key = asked.value"
        return self._rows(f"SELECT runs.key, number FROM {join}", runs)

    def _removals(self) -> int:
        return int(self._rows("PRAGMA user_version")[0][0])

    def _count_removal(self) -> None:
        self._write(f"PRAGMA user_version={(self._removals() + 1) % MAX_REMOVALS}")

    def find_damage(self) -> list[str]:
        rows = self._rows(f"PRAGMA integrity_check({MAX_DAMAGES})")
        faults = [row for (row,) in rows if row != "ok"]
        for table in ("contents", "openings", "recent", "clusters", "unsettled"):
            if alone := self._count(f"{table} WHERE number NOT IN (SELECT number FROM articles)"):
                faults.append(f"{alone:,} rows of {table} belong to no article")
        return faults

    def compact(self) -> None:
        self.merge_recent()
        with self._lock, self.translate_errors():
            self._sql.execute("VACUUM")
            self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def checkpoint(self) -> None:
        """Put what the log holds into the file, while other connections read and write."""
        with self._lock, self.translate_errors():
            self._sql.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def back_up(self, path: Path) -> None:
        with self._lock, self.translate_errors():
            copy = sqlite3.connect(path)
            try:
                self._sql.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # all of it is in this one file
            finally:
                copy.close()

    def _execute(self, query: str, values: Sequence[Any]) -> sqlite3.Cursor:
        encoded = [encode(v) if isinstance(v, list | tuple) else v for v in values]
        return self._sql.execute(spell(query), encoded)

    def _insert_numbers(self, table: str, rows: Sequence[tuple[int, ...]]) -> None:
        if rows:
            self._changed = True
            places = ", ".join("?" * len(rows[0]))
            query = f"INSERT INTO {table} VALUES ({places}) ON CONFLICT DO NOTHING"
            self._sql.executemany(query, rows)

    def _add_terms(self, number: int, terms: Sequence[int]) -> None:
        self.post_terms(np.array(terms, np.int64), np.full(len(terms), number, np.int64))

    def _put_terms(self, rows: Blobs) -> None:
        self._changed = True
        self._sql.executemany("INSERT OR REPLACE INTO terms VALUES (?, ?)", rows)

    def _read_terms(self, terms: Sequence[int]) -> list[tuple[int, bytes]]:
        return self._rows(
            "SELECT terms.term, terms.numbers FROM json_each(?) AS asked "
            "CROSS JOIN terms ON terms.term = asked.value",
            terms,
        )

    def _size(self) -> int:
        ((pages,),), ((size,),) = self._rows("PRAGMA page_count"), self._rows("PRAGMA page_size")
        return int(pages * size)


def make_tables(sql: sqlite3.Connection) -> None:
    """Make the tables of an index, in the transaction that is open."""
    for statement in read_schema(SQLiteStore._schema):
        sql.execute(statement)


@cache
def our_tables() -> frozenset[tuple[str, ...]]:
    """The tables of an index, as SQLite describes them."""
    with closing(sqlite3.connect(MEMORY)) as sql:
        make_tables(sql)
        return tables_of(sql)


def former_tables() -> list[frozenset[tuple[str, ...]]]:
    """The tables of the formats 5, 4 and 3: without recent postings, with a list of common terms
    in the older ones, and without runs in the oldest."""
    name = "common"
    common = ("table", name, name, "CREATE TABLE common (term INTEGER PRIMARY KEY) WITHOUT ROWID")
    format_5 = frozenset(table for table in our_tables() if table[1] != "recent")
    format_4 = format_5 | {common}
    return [format_5, format_4, frozenset(table for table in format_4 if table[1] != "runs")]


def tables_of(sql: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Everything that a database has by name, as it was made, but for what SQLite makes itself."""
    rows = sql.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return frozenset(
        tuple(" ".join(str(value).split()) for value in row)
        for row in rows
        if not str(row[1]).startswith(("sqlite_autoindex_", "sqlite_stat"))
    )


def encode(values: Sequence[Any]) -> str:
    """A list as SQLite takes it: as JSON."""
    try:
        return orjson.dumps(values).decode()
    except TypeError:  # half a surrogate pair in an id
        return json.dumps(values)


@cache
def spell(query: str) -> str:
    """The query as SQLite has it."""
    return query.replace("IN LIST", "IN (SELECT value FROM json_each(?))")
