"""A connection to the database of an index: transactions, and queries that two databases share.

A subclass adds how its database connects, begins, commits and takes lists. A connection belongs to
the process that opened it, and its threads take turns.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from threading import RLock
from typing import Any

from dedup.errors import StoreError

COUNTERS = "SELECT articles, clusters, changes FROM counters"


class Database(ABC):
    """A connection. All calls stand within `reading` or `writing`; both nest.

    Queries are written with `?` for a value and `IN LIST` for a list of numbers.
    """

    _sql: Any  # the connection

    def __init__(self, place: str, readonly: bool) -> None:
        self.place, self.readonly = place, readonly
        self._lock, self._closed = RLock(), False
        self._process = os.getpid()  # a connection does not survive a fork
        self._inside = self._writes = False  # a transaction, one that may write
        self._changed = False  # whether it has written
        self._own_changes = 0  # transactions here that wrote
        self.undone = 0  # those that failed: numbers given in them are given again
        self._articles = self._clusters = self._changes = 0  # the counters, as they are seen now
        self._oldest: int | None = None  # the first number, once it is asked for

    # Transactions

    def reading(self) -> AbstractContextManager[None]:
        """All that is read inside is of one moment, even if another process writes meanwhile."""
        return self._transaction(writes=False)

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer; all changes are committed at the end, none after an error."""
        return self._transaction(writes=True)

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[None]:
        with self._lock:
            if self._process != os.getpid():
                raise StoreError(
                    f"{self.place}: the index was opened in another process; open it in this one"
                )
            if self._closed:
                raise StoreError(f"{self.place}: the index is closed")
            if writes and self.readonly:
                raise StoreError(f"{self.place}: the index was opened for reading only")
            if self._inside:
                if writes and not self._writes:
                    raise StoreError(f"{self.place}: nothing can be written while it is read")
                yield
                return
            with self.translate_errors():
                try:
                    self._articles, self._clusters, self._changes = self._begin(writes)
                    self._oldest = None
                    self._inside, self._writes = True, writes
                    with self._until_commit():
                        yield
                    self._own_changes += self._changed
                except BaseException:
                    self.undone += 1
                    self._roll_back()
                    raise
                finally:
                    self._inside = self._writes = self._changed = False

    def changes(self) -> int:
        """A number that differs after others have written, or a transaction here was undone."""
        return self._changes - self._own_changes + self.undone

    def close(self) -> None:
        """Close the connection. Closing twice does nothing."""
        with self._lock, self.translate_errors():
            self._closed = True
            self._sql.close()

    # What each database does in its own way

    @abstractmethod
    def translate_errors(self) -> AbstractContextManager[None]:
        """The database's errors as ours: with the place, and what to do."""

    @abstractmethod
    def _begin(self, writes: bool) -> tuple[int, int, int]:
        """Begin a transaction; the counters as it sees them."""

    @abstractmethod
    def _until_commit(self) -> AbstractContextManager[None]:
        """What stands inside is committed at its end."""

    @abstractmethod
    def _roll_back(self) -> None:
        """End the transaction, if there is one, with nothing of it kept."""

    @abstractmethod
    def _execute(self, query: str, values: Sequence[Any]) -> Any:
        """Run a query, in the database's own spelling; gives a cursor."""

    @abstractmethod
    def _insert_numbers(self, table: str, rows: Sequence[tuple[int, ...]]) -> None:
        """Insert rows of numbers into "table (columns)"; those that are there stay."""

    def _rows(self, query: str, *values: Any) -> list[Any]:
        rows: list[Any] = self._execute(query, values).fetchall()
        return rows

    def _write(self, query: str, *values: Any) -> None:
        self._changed = True
        self._execute(query, values)

    def _save_counters(self) -> None:
        if self._changed:
            query = "UPDATE counters SET articles = ?, clusters = ?, changes = changes + 1"
            self._write(query, self._articles, self._clusters)

    def _count(self, rows: str) -> int:
        return int(self._rows(f"SELECT count(*) FROM {rows}")[0][0])


def read_schema(name: str) -> list[str]:
    """The statements that make the tables of an index, from the file `name` of dedup's data,
    whose comments have no semicolon."""
    schema = resources.files("dedup").joinpath(f"data/{name}").read_text("utf-8")
    return [statement for statement in schema.split(";") if statement.strip()]
