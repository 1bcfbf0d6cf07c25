"""Detect the format of a file by its first bytes and its name, and read it by that format.

Bytes that only one format begins with (a PDF, a Parquet file, a zip) win over the name, the
name over what the text looks like. Compressed files are decompressed on the way, a zip is read
member by member. Whatever a reader raises becomes a problem of its file, so that no file can
end the reading of the others.
"""

import re
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import BinaryIO, NamedTuple

from dedup.errors import InputError
from dedup.readers.archives import read_archive
from dedup.readers.columns import ARROW, ARROW_STREAM, PARQUET, read_columns
from dedup.readers.compression import ZIP, compression_of, decompress, seekable, zip_members
from dedup.readers.decode import marked_encoding
from dedup.readers.deferred import Unresolved
from dedup.readers.discover import ending, is_clutter, printable, skipped_files, stem
from dedup.readers.documents import read_pdf
from dedup.readers.feeds import read_feed
from dedup.readers.fields import plan_fields
from dedup.readers.json_records import looks_like_records, read_records
from dedup.readers.mail import ENVELOPE, read_mail, read_mailbox, read_mhtml
from dedup.readers.options import Options
from dedup.readers.problem import Problem, problem_from
from dedup.readers.rtf import MAGIC as RTF
from dedup.readers.rtf import read_rtf
from dedup.readers.saved import read_har, read_html
from dedup.readers.sgml import BEGIN as SGML_STORY
from dedup.readers.sgml import read_sgml
from dedup.readers.spreadsheets import read_spreadsheet
from dedup.readers.tables import DELIMITERS, read_table
from dedup.readers.text import read_text
from dedup.readers.wire import BEGIN as WIRE_MESSAGE
from dedup.readers.wire import read_wire
from dedup.readers.word import read_docx
from dedup.readers.xml import read_xml

MAX_HEAD = 4096  # bytes that show what a file is where its name does not

DOCX_PART = b"[Content_Types].xml"  # the first part of what Word and its like write
PAGE = re.compile(r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
XML_ROOT = re.compile(
    r"\s*<(?:\?xml|rss|feed|newsItem|newsMessage|nitf|NewsML|rdf:RDF|TEI|mediawiki|newsitem"
    r"|PPSResponse)\b"
)
HEADERS = re.compile(r"(?:[A-Za-z][\w-]{1,40}:(?:[ \t].*)?\r?\n(?:[ \t].*\r?\n)*){3}")
MAIL_HEADER = re.compile(r"^(?:From|Message-ID|MIME-Version|Received|Return-Path):", re.I | re.M)
WACZ = ".wacz"
SAVED_PAGE = re.compile(r"^Snapshot-Content-Location:|^From: <Saved by ", re.I | re.M)
NESTED = "a compressed file within another one; unpack it first"


class Format(NamedTuple):
    """A format: its name in messages, the endings and first bytes of its files, its reader.

    A file of `many` articles lends none of them its own name. What is plain (or has a process of
    its own, as columns have) can be read without fear: no package of compiled code takes it apart.
    """

    name: str
    read: Callable[[BufferedReader, str, str, Options], Iterator[Unresolved]]
    endings: str
    magic: tuple[bytes, ...] = ()
    many: bool = False
    is_plain: bool = False


def read_stream(
    stream: BufferedReader,
    path: str,
    name: str,
    options: Options,
    compressed: bool = False,
    isolate: Callable[[], Iterator[Unresolved]] | None = None,
) -> Iterator[Unresolved]:
    """What is in a stream: articles, problems and notes; a failure of its reader is a problem.

    Within a `compressed` file no other one is opened. `isolate` reads the same file by another
    process, where its format is not plain.
    """
    reader = "format"
    try:
        head = stream.peek(MAX_HEAD)
        kind = compression_of(head)
        if kind is not None:
            if compressed and ending(path) not in ARCHIVE.endings.split():
                raise InputError(NESTED)
            stream, compressed = decompress(stream, kind), True
            head = stream.peek(MAX_HEAD)
        format = detect_format(path, head)
        if compressed and (format is ZIPPED or compression_of(head)):
            raise InputError(NESTED)
        reader = format.name
        if isolate and not format.is_plain:
            yield from isolate()
        else:
            yield from format.read(stream, path, name, options)
    except Exception as error:
        yield problem_from(error, path, reader)


def detect_format(path: str, head: bytes) -> Format:
    """The format of a file called `path` that begins with `head`."""
    known = BY_ENDING.get(ending(path))
    if head.startswith(ZIPPED.magic):
        if known in (DOCX, XLSX):
            return known
        return ZIPPED if DOCX_PART not in head[:60] else XLSX if b"xl/" in head else DOCX
    known = next((f for f in FORMATS if f.magic and head.startswith(f.magic)), known)
    if WIRE_MESSAGE.match(head):
        return WIRE
    if known is not None:
        return known
    if looks_like_records(head):
        return JSON
    text = head.decode(marked_encoding(head) or "utf-8", "ignore")
    if PAGE.match(text):
        return HTML
    if XML_ROOT.match(text):
        return XML
    if SGML_STORY.match(text):
        return SGML
    if ENVELOPE.match(head):
        return MAILBOX
    if HEADERS.match(text) and MAIL_HEADER.search(text):
        return MHTML if SAVED_PAGE.search(text) else MAIL
    return TABLE if looks_like_table(text) else TEXT


def looks_like_table(text: str) -> bool:
    """Whether the first line holds names of columns, among them that of a text."""
    line = text.partition("\n")[0]
    names = line.strip().split(max(DELIMITERS, key=line.count))
    keys = tuple(name.strip("\"' ") for name in names)
    are_names = len(keys) > 1 and all(0 < len(key) < 40 for key in keys)
    return are_names and bool(plan_fields(keys)["text"])


def read_zip(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """What is in the members of a zip, those with a known ending or none.

    Of a web archive in a zip (WACZ) that is what was crawled, not the lists of it.
    """
    skipped: dict[str, list[str]] = {}
    is_empty = True
    for member, content in zip_members(seekable(stream, "a zip")):
        inner = f"{path}/{printable(member)}"
        if any(is_clutter(part) for part in member.split("/") if part.strip(".")):
            continue
        if ending(path) == WACZ and ending(member) not in ARCHIVE.endings.split():
            continue
        is_empty = False
        if ending(member) not in {"", *ENDINGS}:
            skipped.setdefault(ending(member), []).append(inner)
        elif isinstance(content, str):
            yield Problem(inner, content)
        else:
            yield from read_stream(content, inner, stem(member) or inner, options, compressed=True)
    yield from (skipped_files(paths) for _, paths in sorted(skipped.items()))
    if is_empty:
        yield Problem(path, "empty: no file in this zip")


TEXT = Format("text", read_text, ".txt .text .md .markdown", is_plain=True)
HTML = Format("HTML", read_html, ".html .htm .xhtml")
JSON = Format("JSON", read_records, ".json .jsonl .ndjson .jsonlines", many=True, is_plain=True)
TABLE = Format("CSV", read_table, ".csv .tsv .tab", many=True, is_plain=True)
XML = Format("XML", read_xml, ".xml .nitf .newsml .nml")
XLSX = Format("spreadsheet", read_spreadsheet, ".xlsx", many=True)
WIRE = Format("wire", read_wire, ".anpa .iptc", is_plain=True)
SGML = Format("SGML", read_sgml, ".sgm .sgml", many=True)
HAR = Format("HAR", read_har, ".har", many=True)
MAIL = Format("mail", read_mail, ".eml")
MAILBOX = Format("mailbox", read_mailbox, ".mbox .mbx", many=True)
MHTML = Format("MHTML", read_mhtml, ".mhtml .mht")
DOCX = Format("Word", read_docx, ".docx")
ARCHIVE = Format(
    "web archive", read_archive, ".warc .wet .arc", (b"WARC/", b"filedesc:"), many=True
)
ZIPPED = Format("zip", read_zip, f".zip {WACZ}", ZIP, many=True)
FORMATS = (
    *(
        TEXT,
        HTML,
        JSON,
        TABLE,
        XML,
        SGML,
        XLSX,
        WIRE,
        HAR,
        MAIL,
        MAILBOX,
        MHTML,
        DOCX,
        ARCHIVE,
        ZIPPED,
    ),
    Format("feed", read_feed, ".rss .atom .rdf", many=True),
    Format("RTF", read_rtf, ".rtf", (RTF,)),
    Format("PDF", read_pdf, ".pdf", (b"%PDF-",)),
    Format("Parquet", read_columns, ".parquet .pq", (PARQUET,), True, True),
    Format("Arrow", read_columns, ".arrow .feather .ipc", (ARROW, ARROW_STREAM), True, True),
)
BY_ENDING = {ending: format for format in FORMATS for ending in format.endings.split()}
ENDINGS = frozenset(BY_ENDING)
