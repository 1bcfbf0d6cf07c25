"""Web archives → articles: the pages of a crawl, from WARC and WET.

Comes in: a WARC file, packed record by record by gzip, zstandard or lz4, or as it is. Goes
out: an article for each page that its server answered with (``response``, ``resource``) and
each text that was taken from one (``conversion``, as in WET), in the order of the file. What
is no page (pictures, redirections) is counted and told in one note. The time of the crawl is
in ``extra["crawled"]``: a page's date is what the page says. Every article has the byte at
which its record begins, packed as it is, so that it can be read again.

fastwarc takes the records apart; no record is in memory but the one under way, and of that
no more than a page may have.
"""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.extras import require
from dedup.readers.encoding import decode
from dedup.readers.later import Deferred
from dedup.readers.options import DEFAULT, Options
from dedup.readers.pages import MAX_BYTES, load, page_found
from dedup.readers.problem import Found, Note, Problem

ENDINGS = frozenset({".warc", ".wet"})
MAGIC = b"WARC/"

PAGES = ("text/html", "application/xhtml+xml")
TEXTS = ("text/plain",)
CHUNK = 1 << 18


def read_archive(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found | Deferred]:
    """The articles in a web archive and its problems; each is called by its address."""
    passed: Counter[str] = Counter()
    records = _records(stream)
    empty = True
    while True:
        try:
            record = next(records, None)
            if record is None:
                break
            empty = False
            found = _article(record, path, options)
        except (OSError, ValueError) as error:
            yield Problem(path, f"damaged or cut off, the rest is lost: {error!s:.200}")
            return
        if isinstance(found, str):
            passed[found] += 1
        else:
            yield found
    if passed:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in passed.most_common(5))
        yield Note(path, f"{passed.total():,} records are no pages and were passed over: {kinds}")
    if empty:
        yield Problem(path, "empty: there is no record in it")


def record_at(stream: BinaryIO, path: str, offset: int, options: Options) -> Article | None:
    """The article in the record that begins at byte `offset`; None if there is none."""
    stream.seek(offset)
    record = next(_records(stream), None)
    found = _article(record, path, options, offset) if record is not None else None
    article = found.now() if isinstance(found, Deferred) else found
    return article if isinstance(article, Article) else None


def _records(stream: BinaryIO) -> Iterator[Any]:
    warc = require("fastwarc.warc", "warc")
    kinds = warc.response | warc.resource | warc.conversion
    source: Any = stream if stream.seekable() else _Piped(stream)
    return iter(warc.ArchiveIterator(source, record_types=kinds, auto_decode="all"))


class _Piped:
    """A stream that only goes on, in the terms of one that can be asked where it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._place = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        target = offset + (self._place if whence == os.SEEK_CUR else 0)
        if whence == os.SEEK_END or target < self._place:
            raise OSError("a pipe cannot be read from its end")
        while self._place < target and self.read(min(target - self._place, CHUNK)):
            pass
        return self._place


def _article(
    record: Any, path: str, options: Options, offset: int | None = None
) -> Article | Problem | Deferred | str:
    """The article in a record, the problem with it, or the kind of thing that it is."""
    begin = record.stream_pos if offset is None else offset
    kind = (record.http_content_type or record.headers.get("Content-Type") or "no type").lower()
    kind = kind.partition(";")[0].strip()
    status = record.http_headers.status_code if record.http_headers is not None else None
    if status is not None and status != 200:
        return f"answers {status}"
    if kind not in PAGES and kind not in TEXTS:
        return kind[:60]
    url = record.headers.get("WARC-Target-URI")
    where = {"path": path, "offset": begin}
    if crawled := record.headers.get("WARC-Date"):
        where["crawled"] = crawled
    place = f": {url or 'a record'} (record at byte {begin:,})"
    name = url or f"{path}:{begin}"
    data = record.reader.read(MAX_BYTES + 1)
    if kind in PAGES:
        load(options)
        page = (data, name, where, options, path, place, url, record.http_charset)
        return Deferred(path, page_found, page)
    if len(data) > MAX_BYTES:
        return Problem(path, f"a text of more than {MAX_BYTES / 1e6:,.0f} MB{place}")
    text = decode(data, record.http_charset)[0].replace("\0", "\ufffd").strip("\r\n")
    if not text.strip():
        return Problem(path, f"no text{place}")
    language = (record.headers.get("WARC-Identified-Content-Language") or "").partition(",")[0]
    return Article(name, text, url=url, language=language or None, extra=where)
