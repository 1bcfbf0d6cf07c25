"""A spool: many articles, of which only as much is in memory as there is room for.

Comes in: articles as they are read. Goes out: a sequence of them. Up to `room` bytes of text
the articles themselves are kept. Beyond that an article that can be read again by its place
(all of a file, a line of JSON, a row of a table, a record of a web archive) is kept as its id
and that place; whatever has none (a member of a zip, an entry of a feed) stays in memory. A
file that changed in between is an error, never a wrong article.
"""

import os
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import overload
from zlib import crc32

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.formats import WHOLE, place_of, read_again
from dedup.readers.options import DEFAULT, Options

MAX_TEXT_BYTES = 400_000_000  # bytes of text that an ordinary computer has to spare


class Spool(Sequence[Article]):
    """The articles that were put on it, in order, by index.

    >>> spool = Spool()
    >>> texts = list(spool.fill([Article("wire", "The minister resigned.")]))
    >>> spool[0].id, len(spool)
    ('wire', 1)
    """

    def __init__(self, room: int = MAX_TEXT_BYTES) -> None:
        self._room = room
        self._kept: dict[int, Article] = {}
        self.ids: list[str] = []
        self._files: list[str] = []
        self._numbers: dict[str, int | None] = {}  # of the files; None: cannot be read again
        self._file = array("l")
        self._place = array("q")
        self._check = array("L")
        self._options: Options | None = None  # those of the reading that fills it

    def fill(self, articles: Iterable[Article]) -> Iterator[str]:
        """Put `articles` on the spool, handing their texts on one by one."""
        self._options = getattr(articles, "options", None)
        for article in articles:
            self._add(article)
            yield article.text

    def _add(self, article: Article) -> None:
        size = sys.getsizeof(article.text)
        file = self._number(article) if size > self._room else None
        if file is None:
            self._room -= size
            self._kept[len(self.ids)] = article
        self.ids.append(article.id)
        self._file.append(-1 if file is None else file)
        self._place.append(-1 if file is None else place_of(article.extra) or 0)
        self._check.append(_check(article.text))

    def _number(self, article: Article) -> int | None:
        """The number of the article's file, if the article can be read from it again."""
        path, place = article.extra.get("path"), place_of(article.extra)
        if not isinstance(path, str) or place is None:
            return None
        if path not in self._numbers:
            if place == WHOLE:
                same = self._options is not None and os.path.isfile(path)
            else:
                again = read_again(path, place, self._options or DEFAULT)
                same = again is not None and again.text == article.text
            self._numbers[path] = len(self._files) if same else None
            self._files += [path] if same else []
        return self._numbers[path]

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
        kept = self._kept.get(index)
        return kept if kept is not None else self._again(index)

    def _again(self, index: int) -> Article:
        path = self._files[self._file[index]]
        article = read_again(path, self._place[index], self._options or DEFAULT)
        if article is None or _check(article.text) != self._check[index]:
            raise InputError(
                f"{path}: changed while it was being read (at {self._place[index]:,}); "
                "compare a file that nothing writes to"
            )
        return replace(article, id=self.ids[index])


def _check(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))
