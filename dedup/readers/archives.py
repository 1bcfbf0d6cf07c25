"""Web archives → articles: the pages of a crawl, from WARC (ISO 28500), its texts (WET) and ARC.

An article for each page that its server answered with (``response``, ``resource``) and each
text that was taken from one (``conversion``, as in WET); the rest (pictures, redirections, the
crawler's own logs) is counted in one note. The time of the crawl is in ``extra["crawled"]``: a
page's date is what the page says. Only one record is in memory, and of that no more than a page
may have.

A record says how long it is. That is compared with what follows: a record that is cut off, or
that would swallow those behind it, is a problem of its own, and reading goes on where the next
one begins.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import NamedTuple
from urllib.parse import urlsplit

from dedup.article import Article
from dedup.phrasing import pluralize
from dedup.readers.compression import CHUNK, Unpacked
from dedup.readers.crawled import (
    MAX_HEAD,
    Answer,
    bare_kind,
    parse_answer,
    parse_headers,
    unpack_body,
)
from dedup.readers.decode import decode
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.html import MAX_BYTES, load_extractor, parse_page
from dedup.readers.options import Options
from dedup.readers.problem import Note, Problem

ARC = b"filedesc:"  # how an ARC file begins
PAGES = ("text/html", "application/xhtml+xml")
READ = frozenset({"response", "resource", "conversion"})
QUIET = frozenset({"warcinfo", "request", "metadata"})  # every crawl has them
MAX_KINDS = 5  # of other records that the note lists
MAX_REREAD = 300_000_000  # bytes read again because a record had swallowed the next

MAX_CONTENT = MAX_BYTES + MAX_HEAD  # bytes of a record that are looked at
MAX_NEXT = 4_000  # bytes that show that a record begins

BLANK = re.compile(rb"[\r\n]+")
WARC_HEAD = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n(?:[^\r\n]+\r?\n)*\r?\n")
WARC_NEXT = re.compile(rb"(?<![^\r\n])WARC/\d\.\d{1,2}[ \t]*\r?\n[A-Za-z-]{3,40}:")
# Address, host, moment, type, in version 2 status and more, length.
ARC_HEAD = re.compile(
    rb"([a-z][a-z0-9+.-]{1,20}:\S*) [\w.:-]+ (\d{8,14}) (\S+)(?: \S+){0,6}? (\d{1,18})\r?\n"
)
ARC_NEXT = re.compile(rb"(?<![^\r\n])" + ARC_HEAD.pattern)
WRONG_LENGTH = "damaged: the record is not as long as it says"
CRAWLED_SCHEMES = frozenset({"", "http", "https", "ftp", "file"})  # a log is "metadata:"


class Record(NamedTuple):
    """A record of an archive: its begin, its headers in small letters, its content.

    `fault` says that it has not the length that it says; then its content is not whole.
    """

    begin: int
    headers: Mapping[str, str]
    content: bytes
    fault: str = ""


def read_archive(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Unresolved]:
    """The articles in a web archive and its problems; the id of each is its address."""
    skipped: Counter[str] = Counter()
    is_empty = True
    try:
        for record in split_records(stream):
            is_empty = False
            for outcome in read_record(record, path, options):
                if isinstance(outcome, str):
                    skipped[outcome] += 1
                else:
                    yield outcome
    except (OSError, ValueError) as error:
        yield Problem(path, f"damaged or cut off, the rest is skipped: {error!s:.200}")
    if skipped:
        common = ", ".join(f"{count:,} {kind}" for kind, count in skipped.most_common(MAX_KINDS))
        records = pluralize(skipped.total(), "record")
        yield Note(path, f"skipped {records} without a page: {common}")
    if is_empty:
        yield Problem(path, "empty: there is no record in it")


def read_record(record: Record, path: str, options: Options) -> Iterator[Unresolved | str]:
    """The article in a record and the problems with it; what it is, if it is no page."""
    kind, url = record.headers.get("warc-type", ""), record.headers.get("warc-target-uri")
    url = url.strip("<>") if url else None  # as wget writes it
    place = f": {url or 'a record'} (record at byte {record.begin:,})"
    if record.fault and not (record.fault == WRONG_LENGTH and kind in QUIET):
        yield Problem(path, record.fault + place)
        return
    if kind not in READ:
        if kind not in QUIET:
            yield kind or "without a type"
        return
    if urlsplit_scheme(url) not in CRAWLED_SCHEMES:
        yield f"{urlsplit_scheme(url)}: of the crawler"
        return
    answer = parse_answer(record.content) if kind == "response" else None
    if answer is not None and answer.status != 200:
        yield f"HTTP {answer.status}"
        return
    content_type = answer.kind if answer else bare_kind(record.headers.get("content-type"))
    if content_type not in (*PAGES, "text/plain"):
        yield content_type[:60] or "of no type"
        return
    if content_type == "text/plain" and (url or "").endswith("/robots.txt"):
        yield "robots.txt"
        return
    try:
        data = unpack_body(answer, MAX_BYTES + 1) if answer else record.content
    except ValueError as error:
        yield Problem(path, f"{error}{place}")
        return
    where = {"path": path, "offset": record.begin}
    if crawled := record.headers.get("warc-date"):
        where["crawled"] = crawled
    if cut := find_cut(record, answer):
        yield Problem(path, cut + place)
        where["partial"] = True
    name, charset = url or f"{path}:{record.begin}", answer.charset if answer else None
    if content_type in PAGES:
        load_extractor(options)
        yield Deferred(path, "HTML", parse_page, (data, name, where, options, url, charset), place)
        return
    if len(data) > MAX_BYTES:
        yield Problem(path, f"larger than {MAX_BYTES / 1e6:,.0f} MB, the limit for a text{place}")
        return
    text = decode(data, charset)[0].replace("\0", "\ufffd").strip("\r\n")
    if not text.strip():
        yield Problem(path, f"no text{place}")
        return
    language = record.headers.get("warc-identified-content-language", "").partition(",")[0]
    yield Article(name, text, url=url, language=language or None, extra=where)


def find_cut(record: Record, answer: Answer | None) -> str:
    """That a record has not the whole page, by what its crawler says or its server announced."""
    if reason := record.headers.get("warc-truncated"):
        return f"the crawler has cut the page ({reason:.40})"
    if answer is not None and answer.is_short:
        return "the page is shorter than its server announced"
    return ""


def urlsplit_scheme(url: str | None) -> str:
    """The scheme of an address in small letters; "" where there is none."""
    try:
        return urlsplit(url or "").scheme
    except ValueError:
        return ""


def split_records(stream: BufferedReader) -> Iterator[Record]:
    """The records of an archive. After one that has not the length it says, the next whole one.

    Raises `OSError` where the file is packed and damaged between records, `ValueError` where
    records have wrong lengths again and again.
    """
    source = Source(stream)
    reread = 0
    while source.skip_blank():
        begin, head = source.place, source.read_head()
        headers = parse_head(head) if head else {}
        length = headers.get("content-length", "")
        size = int(length[:18]) if length.isascii() and length.isdecimal() else -1
        content = source.peek(min(max(size, 0), MAX_CONTENT))
        fault = ""
        if head is None:
            fault = "damaged: no record begins here"
            source.skip(1)
            reread += MAX_HEAD
        elif size < 0:
            fault = "damaged: the record does not say how long it is"
        elif size > len(content) < MAX_CONTENT:
            reason = source.take_fault() or f"only {len(content):,} bytes of it follow"
            fault = f"the record is cut off: {reason}"
        elif size > MAX_CONTENT:
            fault = WRONG_LENGTH if source.find_record(size) else ""
            yield Record(begin, headers, content, fault)
            continue
        elif source.ends_record(size):
            source.skip(size)
        else:
            fault = WRONG_LENGTH
        if fault:
            source.find_record()
            reread += len(content)
        yield Record(begin, headers, content, fault)
        if reread > MAX_REREAD:
            raise ValueError("its records are not as long as they say, again and again")
    if fault := source.take_fault():
        raise OSError(fault)


def parse_head(head: re.Match[bytes]) -> dict[str, str]:
    """The headers of a record; those of ARC by the names that WARC has for them."""
    if head.re is WARC_HEAD:
        return parse_headers(head[0])
    url, date, kind, length = (part.decode("utf-8", "replace") for part in head.groups())
    return {
        "warc-type": "warcinfo" if url.startswith("filedesc:") else "response",
        "warc-target-uri": url,
        "warc-date": date,
        "content-type": kind,
        "content-length": length,
    }


class Source:
    """The bytes of an archive in one buffer, from the place that is reached on."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self._buffer, self._at, self._begin = b"", 0, 0
        self._fault, self._is_over = "", False
        is_arc = self.peek(len(ARC)) == ARC
        self._head, self._next = (ARC_HEAD, ARC_NEXT) if is_arc else (WARC_HEAD, WARC_NEXT)

    @property
    def place(self) -> int:
        """Where the next byte stands; in a file packed record by record, where its pack does."""
        place = self._begin + self._at
        return self._stream.packed_place(place) if isinstance(self._stream, Unpacked) else place

    def take_fault(self) -> str:
        """Why the bytes end before the file does; "" the next time."""
        fault, self._fault = self._fault, ""
        return fault

    def available(self, size: int) -> int:
        """How many of the next `size` bytes there are."""
        parts = [self._buffer[self._at :]]
        have = len(parts[0])
        while have < size and not self._is_over:
            try:
                data = self._stream.read1(CHUNK)
            except OSError as error:
                self._fault, data = str(error), b""
            self._is_over = not data
            parts.append(data)
            have += len(data)
        if len(parts) > 1:
            self._buffer = b"".join(parts)
            self._begin, self._at = self._begin + self._at, 0
        return min(size, have)

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, as far as there are any."""
        count = self.available(size)
        return self._buffer[self._at : self._at + count]

    def skip(self, size: int) -> None:
        """Go past bytes that are available."""
        self._at += size

    def skip_blank(self) -> bool:
        """Go past line ends; whether anything follows them."""
        while self.available(1):
            blank = BLANK.match(self._buffer, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._buffer):
                return True
        return False

    def read_head(self) -> re.Match[bytes] | None:
        """The head of the record that begins here; None if none does."""
        ahead = self.available(MAX_HEAD)  # first: it may begin the buffer anew
        match = self._head.match(self._buffer, self._at, self._at + ahead)
        self._at = match.end() if match else self._at
        return match

    def ends_record(self, size: int) -> bool:
        """Whether behind `size` bytes another record begins, or nothing follows."""
        ahead = self.available(size + MAX_NEXT)
        at, end = self._at + size, self._at + ahead
        blank = BLANK.match(self._buffer, at, end)
        at = blank.end() if blank else at
        return at == end or self._next.match(self._buffer, at, end) is not None

    def find_record(self, size: int | None = None) -> bool:
        """Go to where the next record begins, or where `size` bytes or all of them are over.

        Says whether there is one.
        """
        while True:
            ahead = self.available(CHUNK if size is None else min(size, CHUNK))
            end = self._at + ahead
            if match := self._next.search(self._buffer, self._at, end):
                self._at = match.start()
                return True
            if ahead < CHUNK:
                self._at = end
                return False
            self._at = end - MAX_NEXT  # which may be the first part of one
            size = None if size is None else size - ahead + MAX_NEXT
