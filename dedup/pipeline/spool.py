"""A spool: many articles, of which only as many are in memory as there is room for.

The first articles are kept as they are, up to `room` bytes of text. Those beyond go, compressed
one by one, to a temporary file; only their ids and places in it stay in memory. So files may
change or vanish once they are read, and standard input is read once. The temporary file is
deleted with the spool, also after an error; where the system allows it, it never has a name.
"""

import os
import pickle
import sys
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path
from threading import Lock
from typing import Any, overload

from dedup.article import Article
from dedup.pipeline.storage import explain_faults

MAX_TEXT_BYTES = 400_000_000  # bytes of text that an ordinary computer has to spare

# Where an article is for another process: from one byte of the spool's file to another, or packed.
Place = tuple[int, int] | bytes


class Spool(Sequence[Article]):
    """The articles that were put on it, in order, by index.

    >>> spool = Spool()
    >>> texts = list(spool.fill([Article("wire", "The minister resigned.")]))
    >>> spool[0].id, len(spool)
    ('wire', 1)
    """

    def __init__(self, room: int = MAX_TEXT_BYTES, folder: Path | None = None) -> None:
        self.ids: list[str] = []
        self._room, self._folder = room, folder
        self._in_memory: dict[int, Article] = {}
        self._file: Any = None
        self._lock = Lock()  # threads share the file's position
        self._begins, self._ends = array("q"), array("q")  # of each article in the file

    def fill(self, articles: Iterable[Article]) -> Iterator[str]:
        """Put `articles` on the spool, handing their texts on one by one.

        Raises `InputError` where the temporary file cannot be written.
        """
        for article in articles:
            self._room -= sys.getsizeof(article.text)
            record = pack(article) if self._room < 0 else b""
            if not record:
                self._in_memory[len(self.ids)] = article
            self.append(article.id, record)
            yield article.text

    def append(self, id: str, record: bytes) -> None:
        """Put an article on the spool as `pack` has packed it."""
        begin, end = self.write(record)
        self.ids.append(id)
        self._begins.append(begin)
        self._ends.append(end)

    def write(self, record: bytes) -> tuple[int, int]:
        """Put a record at the end of the file, where there is one; its place."""
        rest, begin = memoryview(record), 0
        with self._lock, explain_faults(self._folder):
            if rest:
                file = self._open()
                begin = file.seek(0, os.SEEK_END)  # behind the last, whatever their order here
            while rest:
                rest = rest[file.write(rest) :]
        return begin, begin + len(record)

    def sort(self) -> "Spool":
        """The same articles in the order of their ids."""
        order = sorted(range(len(self)), key=self.ids.__getitem__)
        other = copy(self)  # with the same file
        other.ids = [self.ids[n] for n in order]
        other._begins = array("q", [self._begins[n] for n in order])
        other._ends = array("q", [self._ends[n] for n in order])
        other._in_memory = {
            n: self._in_memory[own] for n, own in enumerate(order) if own in self._in_memory
        }
        return other

    def _open(self) -> Any:
        if self._file is None:
            where: dict[str, Any] = {} if self._folder is None else {"dir": self._folder}
            self._file = tempfile.TemporaryFile(buffering=0, **where)  # noqa: SIM115
        return self._file

    def fileno(self) -> int:
        """The descriptor of the file, which worker processes inherit."""
        with explain_faults(self._folder):
            return int(self._open().fileno())

    def place(self, index: int) -> Place | None:
        """Where `read_article` finds an article; None where it cannot leave this process."""
        if index in self._in_memory:
            return pack(self._in_memory[index]) or None
        return self._begins[index], self._ends[index]

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> Article: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Article]: ...

    def __getitem__(self, index: int | slice) -> Article | Sequence[Article]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        index = range(len(self))[index]
        if index in self._in_memory:
            return self._in_memory[index]
        begin, end = self._begins[index], self._ends[index]
        with self._lock, explain_faults(self._folder):
            self._file.seek(begin)
            record = self._file.read(end - begin)
        return unpack(record)


def read_article(file: int, place: Place) -> Article:
    """The article at a place, from the descriptor of a spool's file; nobody's position in the
    file moves."""
    return unpack(place if isinstance(place, bytes) else read_all(file, *place))


def read_all(file: int, begin: int, end: int) -> bytes:
    """These bytes of a file."""
    parts = []
    while begin < end and (part := os.pread(file, end - begin, begin)):
        parts.append(part)
        begin += len(part)
    return b"".join(parts)


def unpack(record: bytes) -> Article:
    """The article that `pack` has packed; nobody else has written it."""
    article: Article = pickle.loads(zlib.decompress(record))
    return article


def pack(article: Article) -> bytes:
    """The article as bytes; none where its `extra` holds what cannot be written."""
    try:
        return zlib.compress(pickle.dumps(article, pickle.HIGHEST_PROTOCOL), 1)
    except Exception:  # whatever the objects in it raise
        return b""
