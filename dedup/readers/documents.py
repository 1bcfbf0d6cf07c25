"""PDF → articles: press releases, and what else is printed.

The text comes page by page from pypdf. Title, author and date are those of the file, so the date
only implies a publication. Pictures are not read: a scan is a problem that says so, as is a
document with a password. What is longer than any article is cut, and a problem says so.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.compression import read_whole
from dedup.readers.dates import first_date
from dedup.readers.exports import find_export
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem
from dedup.readers.provenance import Provenance, one_line

MAX_BYTES = 100_000_000  # with pictures
MAX_PAGES = 500
MAX_TEXT = 10_000_000  # characters
# Bytes of commands that draw the pages, of which pypdf reads 0.9 MB a second: a page of text has
# some KB, and a file of 7 KB can have 500 pages with a few MB each.
MAX_DRAWN = 5_000_000
END = b"%%EOF"
# The length of a file that is made to be shown while it loads, in its first object.
LENGTH = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s{1,9}(\d{1,12})\b")
MAX_FIRST = 2_000  # bytes in which that stands


def read_pdf(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a .pdf. Raises `InputError` if it has no text."""
    pypdf = require("pypdf", "documents")
    data = read_whole(stream, MAX_BYTES, "a PDF")
    try:
        yield from read_pages(pypdf, data, path, name)
    except pypdf.errors.PyPdfError as error:
        raise InputError(f"damaged or cut off: {error!s:.200}; does it open elsewhere?") from None


def read_pages(pypdf: Any, data: BytesIO, path: str, name: str) -> Iterator[Outcome]:
    """What `read_pdf` gives. A page that cannot be read costs no other."""
    # pypdf looks for the objects of a file without a table of them, but not without an end.
    whole = data if END in data.getvalue() else BytesIO(data.getvalue() + b"\nstartxref\n0\n" + END)
    reader = pypdf.PdfReader(whole, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("protected by a password; save it without one")
    pages: list[str] = []
    faults: list[str] = []
    size = drawn = 0
    count = len(reader.pages)
    while len(pages) < min(count, MAX_PAGES) and size <= MAX_TEXT:
        try:
            page = reader.pages[len(pages)]
            contents = page.get_contents()
            drawn += len(contents.get_data()) if contents is not None else 0
            if drawn > MAX_DRAWN:
                break
            pages.append(page.extract_text().strip())
        except Exception as error:  # whatever a damaged page makes of pypdf
            faults.append(f"page {len(pages) + 1:,} cannot be read: {error!s:.100}")
            pages.append("")
        size += len(pages[-1])
    text = "\n\n".join(page for page in pages if page).replace("\0", "\ufffd")
    if faults and not text.strip():
        raise InputError(f"damaged: {faults[0]}")
    if not text.strip():
        raise InputError("no text in this PDF: its pages may be pictures, which OCR can read")
    if export := find_export(text):
        raise InputError(
            f"an export of {export.archive} as PDF, whose stories cannot be separated; "
            "export it again as Word, RTF, HTML or text"
        )
    if len(pages) < count:
        faults.append(f"cut: only the first {len(pages):,} of its {count:,} pages are read")
    if fault := find_cut(data.getvalue()):
        faults.append(fault)
    yield from (Problem(path, fault) for fault in faults)
    metadata = reader.metadata or {}
    known = {
        "title": metadata.get("/Title"),
        "author": metadata.get("/Author"),
        "created": property_of(metadata, "creation_date"),
        "modified": property_of(metadata, "modification_date"),
    }
    article = make_article(text, known, (), path, name)
    cut = {"partial": True} if faults else {}
    yield replace(article, extra=dict(article.extra) | cut)


def find_cut(data: bytes) -> str:
    """That a PDF ends before it should: it has no end mark, or is not as long as it says."""
    length = LENGTH.search(data, 0, MAX_FIRST)
    if length and int(length.group(1)) > len(data):
        return f"cut off: it has {len(data):,} of {int(length.group(1)):,} bytes"
    return "" if END in data else "cut off: it has no end; pages may be missing"


def make_article(
    text: str, known: Mapping[str, Any], links: tuple[str, ...], path: str, name: str
) -> Article:
    """The article in a document, by the properties of its file."""
    published, dated_by, dated = first_date(
        (key, value, "implied") for key, value in known.items() if key in ("created", "modified")
    )
    return Article(
        name,
        text,
        title=one_line(known.get("title")),
        published=published,
        language=one_line(known.get("language")),
        byline=one_line(known.get("author")),
        extra=Provenance(dated_by=dated_by, dated=dated, links=links).extra() | {"path": path},
    )


def property_of(known: Any, name: str) -> Any:
    """A property of a document; None where it is missing or a date that cannot be read."""
    try:
        return getattr(known, name, None)
    except (ValueError, TypeError):
        return None
