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
from contextlib import contextmanager
from threading import Lock
from typing import Any, overload

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
        self._file: Any = None
        self._lock = Lock()  # threads share the file's position
        self._ends = array("q", [0])  # of the file, before the first article and after each

    def fill(self, articles: Iterable[Article]) -> Iterator[str]:
        """Put `articles` on the spool, handing their texts on one by one.

        Raises `InputError` where the temporary file cannot be written.
        """
        for article in articles:
            self._room -= sys.getsizeof(article.text)
            record = pack(article) if self._room < 0 else b""
            if record:
                self._append(record)
            else:
                self._in_memory[len(self.ids)] = article
            self.ids.append(article.id)
            self._ends.append(self._ends[-1] + len(record))
            yield article.text

    def _append(self, record: bytes) -> None:
        rest = memoryview(record)
        with self._lock, explain_faults():
            self._file = self._file or tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            self._file.seek(0, os.SEEK_END)
            while rest:
                rest = rest[self._file.write(rest) :]

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
        begin, end = self._ends[index : index + 2]
        with self._lock, explain_faults():
            self._file.seek(begin)
            record = self._file.read(end - begin)
        article: Article = pickle.loads(zlib.decompress(record))  # which only we have written
        return article


def pack(article: Article) -> bytes:
    """The article as bytes; none where its `extra` holds what cannot be written."""
    try:
        return zlib.compress(pickle.dumps(article, pickle.HIGHEST_PROTOCOL), 1)
    except Exception:  # whatever the objects in it raise
        return b""


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
