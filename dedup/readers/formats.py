"""Formats: which reader a stream is for, by its first bytes, its name, and what it begins with.

Comes in: a stream and the path that it is called by. Goes out: what its reader finds. Bytes
that only one format begins with (a PDF, a Parquet file, packed data) win over the name, the
name over the look of the text. Packed files are unpacked on the way, a zip member by member.
Also the way back: the article that was read from a place in a file.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError, MissingExtra
from dedup.readers import (
    archives,
    columns,
    documents,
    feeds,
    mail,
    markup,
    packed,
    pages,
    plain,
    records,
    tables,
)
from dedup.readers.encoding import mark_of
from dedup.readers.fields import guessed
from dedup.readers.files import ending, is_clutter, passed_over, shown, stem
from dedup.readers.later import Deferred, resolve_in_order
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem

Reader = Callable[[BufferedReader, str, str, Options], Iterator[Found | Deferred]]

HEAD = 4096  # bytes that tell what a file is where its name does not
WHOLE = -1  # the place of an article that is all of its file

READERS: tuple[tuple[frozenset[str], Reader], ...] = (
    (plain.ENDINGS, plain.read_plain),
    (pages.ENDINGS, pages.read_page),
    (records.ENDINGS, records.read_records),
    (tables.ENDINGS, tables.read_table),
    (columns.ENDINGS, columns.read_columns),
    (feeds.ENDINGS, feeds.read_feed),
    (archives.ENDINGS, archives.read_archive),
    (markup.ENDINGS, markup.read_xml),
    (mail.ENDINGS, mail.read_mail),
    (frozenset({documents.DOCX}), documents.read_docx),
    (frozenset({documents.PDF}), documents.read_pdf),
)
BY_ENDING = {one: reader for endings, reader in READERS for one in endings}
ZIPS = frozenset({".zip"})
ENDINGS = frozenset(BY_ENDING) | ZIPS
# A file in one of these has many articles, so its own name is no article's.
COLLECTIONS = (
    records.ENDINGS | tables.ENDINGS | columns.ENDINGS | feeds.ENDINGS | archives.ENDINGS | ZIPS
)
MAGIC: tuple[tuple[bytes, Reader], ...] = (
    (b"%PDF-", documents.read_pdf),
    (columns.PARQUET, columns.read_columns),
    (columns.ARROW, columns.read_columns),
    (columns.STREAM, columns.read_columns),
    (archives.MAGIC, archives.read_archive),
)
DOCX_HEAD = b"[Content_Types].xml"  # the first part of what Word and its like write

PAGE = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
XML = re.compile(r"\s*<(?:\?xml|rss|feed|newsItem|newsMessage|nitf|NewsML|rdf:RDF)\b")
MAIL = re.compile(r"(?:[A-Za-z][\w-]{1,40}:[ \t].*\r?\n(?:[ \t].*\r?\n)*){3}")
OF_MAIL = re.compile(r"^(?:From|Message-ID|MIME-Version|Received|Return-Path):", re.I | re.M)


def read_stream(
    stream: BufferedReader, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found | Deferred]:
    """What is in a stream: articles, problems and notes.

    Faults of the disk, and of packed data under way, are `OSError`; a missing package is
    `MissingExtra`.
    """
    head = stream.peek(HEAD)
    if head.startswith((packed.ZIP, packed.EMPTY_ZIP)):
        word = ending(path) == documents.DOCX or DOCX_HEAD in head[:60]
        yield from (
            documents.read_docx(stream, path, name, options)
            if word
            else _zip(stream, path, options)
        )
        return
    kind = packed.packing(head)
    if kind is not None and ending(path) not in archives.ENDINGS:
        stream = packed.unpacked(stream, kind)
        head = stream.peek(HEAD)
        if packed.packing(head) or head.startswith(packed.ZIP):
            yield Problem(path, "a packed file in a packed file; unpack it first")
            return
    yield from reader_of(path, head)(stream, path, name, options)


def reader_of(path: str, head: bytes) -> Reader:
    """The reader for a file called `path` that begins with `head`."""
    found = next((reader for magic, reader in MAGIC if head.startswith(magic)), None)
    found = found or BY_ENDING.get(ending(path))
    if found is not None:
        return found
    if records.looks_like_records(head):
        return records.read_records
    text = head.decode(mark_of(head) or "utf-8", "ignore")
    if PAGE.match(text):
        return pages.read_page
    if XML.match(text):
        return markup.read_xml
    if MAIL.match(text) and OF_MAIL.search(text):
        return mail.read_mail
    return tables.read_table if _looks_like_a_table(text) else plain.read_plain


def place_of(extra: Mapping[str, Any]) -> int | None:
    """Where in its file an article stands; None where it cannot be read again by that."""
    numbered = "row" in extra and "line" not in extra  # else it is a field of the record
    place = extra["row"] if numbered else extra.get("offset")
    if place is None and not extra.keys() & {"line", "item", "entry"}:
        return WHOLE
    return place if isinstance(place, int) else None


def read_again(path: str, place: int, options: Options = DEFAULT) -> Article | None:
    """The article that was read from a place in a file; None if there is none now."""
    try:
        with open(path, "rb") as stream:
            head = stream.peek(HEAD)
            if place == WHOLE:
                whole = ((None, one) for one in read_stream(stream, path, stem(path), options))
                found = (one for _, one in resolve_in_order(whole, 1))
                return next((one for one in found if isinstance(one, Article)), None)
            return _at(reader_of(path, head))(stream, path, place, options)
    except (OSError, InputError, MissingExtra, ValueError):
        return None


def _at(reader: Reader) -> Callable[[BufferedReader, str, int, Options], Article | None]:
    """How to read one article of a collection again."""
    ways: dict[Reader, Callable[[BufferedReader, str, int, Options], Article | None]] = {
        records.read_records: records.line_at,
        tables.read_table: tables.row_at,
        columns.read_columns: columns.row_at,
        archives.read_archive: archives.record_at,
    }
    return ways.get(reader, lambda *_: None)


def _zip(stream: BinaryIO, path: str, options: Options) -> Iterator[Found | Deferred]:
    """What is in the members of a zip, those with a known ending or none."""
    if not stream.seekable():
        stream = packed.whole(stream, packed.MOST_PIPED, "a zip")
    skipped: dict[str, list[str]] = {}
    empty = True
    for member in packed.members(stream):
        inner = f"{path}/{shown(member.name)}"
        if any(is_clutter(part) for part in member.name.split("/") if part.strip(".")):
            continue
        empty = False
        known = ending(member.name)
        if known and known not in ENDINGS:
            skipped.setdefault(known, []).append(inner)
        elif member.stream is None:
            yield Problem(inner, str(member.fault))
        else:
            try:
                yield from _member(member.stream, inner, stem(member.name), options)
            except OSError as error:
                yield Problem(inner, f"cannot be unpacked: {error}")
    yield from (passed_over(paths) for _, paths in sorted(skipped.items()))
    if empty:
        yield Problem(path, "empty: there is no file in this zip")


def _member(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Found | Deferred]:
    head = stream.peek(HEAD)
    word = ending(path) == documents.DOCX
    if packed.packing(head) or (head.startswith(packed.ZIP) and not word):
        yield Problem(path, "a packed file in a packed file; unpack it first")
    elif word:
        yield from documents.read_docx(stream, path, name, options)
    else:
        yield from reader_of(path, head)(stream, path, name, options)


def _looks_like_a_table(text: str) -> bool:
    """Whether the first line holds names of columns, among them that of a text."""
    line = text.partition("\n")[0]
    names = line.strip().split(max(tables.DELIMITERS, key=line.count))
    keys = tuple(name.strip("\"' ") for name in names)
    return len(keys) > 1 and all(0 < len(key) < 40 for key in keys) and bool(guessed(keys, "text"))
