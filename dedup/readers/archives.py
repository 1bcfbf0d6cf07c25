"""Web archives → articles: the pages of a crawl, from WARC and WET.

An article for each page that its server answered with (``response``, ``resource``) and each
text that was taken from one (``conversion``, as in WET); the rest (pictures, redirections) is
counted in one note. The time of the crawl is in ``extra["crawled"]``: a page's date is what the
page says. Only one record is in memory, and of that no more than a page may have.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.extras import require
from dedup.phrasing import pluralize
from dedup.readers.compression import CountedStream
from dedup.readers.decode import decode
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.html import MAX_BYTES, load_extractor, parse_page
from dedup.readers.options import Options
from dedup.readers.problem import Note, Problem

PAGES = ("text/html", "application/xhtml+xml")
MAX_KINDS = 5  # of other records that the note lists


def read_archive(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The articles in a web archive and its problems; the id of each is its address."""
    warc = require("fastwarc.warc", "warc")
    kinds = warc.response | warc.resource | warc.conversion
    source = stream if stream.seekable() else CountedStream(stream)
    skipped: Counter[str] = Counter()
    is_empty = True
    try:
        for record in warc.ArchiveIterator(source, record_types=kinds, auto_decode="all"):
            is_empty = False
            outcome = read_record(record, path, options)
            if isinstance(outcome, str):
                skipped[outcome] += 1
            else:
                yield outcome
    except (OSError, ValueError) as error:
        yield Problem(path, f"damaged or cut off, the rest is skipped: {error!s:.200}")
        return
    if skipped:
        common = ", ".join(f"{count:,} {kind}" for kind, count in skipped.most_common(MAX_KINDS))
        records = pluralize(skipped.total(), "record")
        yield Note(path, f"skipped {records} without a page: {common}")
    if is_empty:
        yield Problem(path, "empty: there is no record in it")


def read_record(record: Any, path: str, options: Options) -> Unresolved | str:
    """The article in a record, the problem with it, or what it is if it is no page."""
    kind = (record.http_content_type or record.headers.get("Content-Type") or "no type").lower()
    kind = kind.partition(";")[0].strip()
    status = record.http_headers.status_code if record.http_headers is not None else None
    if status is not None and status != 200:
        return f"HTTP {status}"
    if kind not in (*PAGES, "text/plain"):
        return kind[:60]
    begin, url = record.stream_pos, record.headers.get("WARC-Target-URI")
    where = {"path": path, "offset": begin}
    if crawled := record.headers.get("WARC-Date"):
        where["crawled"] = crawled
    place = f": {url or 'a record'} (record at byte {begin:,})"
    name = url or f"{path}:{begin}"
    data = record.reader.read(MAX_BYTES + 1)
    if kind in PAGES:
        load_extractor(options)
        page = (data, name, where, options, url, record.http_charset)
        return Deferred(path, "HTML", parse_page, page, place)
    if len(data) > MAX_BYTES:
        return Problem(path, f"larger than {MAX_BYTES / 1e6:,.0f} MB, the limit for a text{place}")
    text = decode(data, record.http_charset)[0].replace("\0", "\ufffd").strip("\r\n")
    if not text.strip():
        return Problem(path, f"no text{place}")
    language = (record.headers.get("WARC-Identified-Content-Language") or "").partition(",")[0]
    return Article(name, text, url=url, language=language or None, extra=where)
