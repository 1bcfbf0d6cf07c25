"""A spool: many articles, of which only as many are in memory as there is room for.

The first articles are kept as they are, up to `room` bytes of text. Those beyond go, compressed
one by one, to a temporary file, and of each only its id and its place in that file stay in
memory. So every source is handled alike (a feed, a member of a zip, standard input), and files
may change or vanish once they are read. The file is deleted with the spool, also after an
error; where the system allows it, it has no name from the start.
"""

import os
import pickle
import sys
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import overload

from dedup.article import Article
from dedup.errors import InputError

MAX_TEXT_BYTES = 400_000_000  # bytes of text that an ordinary computer has to spare


class Spool(Sequence[Article]):
    """The articles that were put on it, in order, by index.

    >>> spool = Spool()
    >>> texts = list(spool.fill([Article("wire", "The minister resigned.")]))
    >>> spool[0].id, len(spool)
    ('wire', 1)
    """

    def __init__(self, room: int = MAX_TEXT_BYTES) -> None:
        self.ids: list[str] = []
        self._room = room
        self._in_memory: dict[int, Article] = {}
        self._file: RecordFile | None = None
        self._ends = array("q", [0])  # of the file, before the first article and after each

    def fill(self, articles: Iterable[Article]) -> Iterator[str]:
        """Put `articles` on the spool, handing their texts on one by one.

        Raises `InputError` where the temporary file cannot be written.
        """
        for article in articles:
            self._room -= sys.getsizeof(article.text)
            record = pack(article) if self._room < 0 else b""
            if record:
                self._file = self._file or RecordFile()
                self._file.append(record)
            else:
                self._in_memory[len(self.ids)] = article
            self.ids.append(article.id)
            self._ends.append(self._ends[-1] + len(record))
            yield article.text

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
        if self._file is None or index in self._in_memory:
            return self._in_memory[index]
        return unpack(self._file.read(self._ends[index], self._ends[index + 1]))


class RecordFile:
    """Bytes written one after the other to a temporary file, and read back by their place."""

    def __init__(self) -> None:
        self._lock = Lock()  # threads share the file's position
        with explain_faults():
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (lives with us)

    def append(self, data: bytes) -> None:
        """Write all of `data` at the end."""
        rest = memoryview(data)
        with self._lock, explain_faults():
            self._file.seek(0, os.SEEK_END)
            while rest:
                rest = rest[self._file.write(rest) :]

    def read(self, begin: int, end: int) -> bytes:
        """The bytes between two places."""
        with self._lock, explain_faults():
            self._file.seek(begin)
            return self._file.read(end - begin)


@contextmanager
def explain_faults() -> Iterator[None]:
    """Say of an error of the disk which folder it is about and what to do."""
    try:
        yield
    except OSError as error:
        folder = tempfile.tempdir or "(there is none)"
        raise InputError(
            "the articles do not fit in memory, and the rest cannot be kept in the temporary "
            f"folder {folder}: {error.strerror or error}; make room there, or set TMPDIR to "
            "another folder"
        ) from None


def pack(article: Article) -> bytes:
    """The article as bytes; none where its `extra` holds what cannot be written."""
    try:
        return zlib.compress(pickle.dumps(article, pickle.HIGHEST_PROTOCOL), 1)
    except Exception:  # whatever the objects in it raise
        return b""


def unpack(record: bytes) -> Article:
    """The article that `pack` made these bytes of. Only this process has ever written them."""
    article: Article = pickle.loads(zlib.decompress(record))
    return article
