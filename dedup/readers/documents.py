"""Office documents → articles: drafts in .docx, press releases in .pdf.

Comes in: one document. Goes out: its text, paragraph by paragraph as python-docx has them, or
page by page as pypdf finds it, with the title, author and date that the file's properties
have; such a date is that of the file and only implies a publication. Pictures are not read, so
a scan is a problem that says so. A document that needs a password, or unpacks to more than
any text does, is one too.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError, MissingExtra
from dedup.extras import require
from dedup.readers.fields import moment
from dedup.readers.options import DEFAULT, Options
from dedup.readers.packed import whole
from dedup.readers.problem import Found, Problem
from dedup.readers.provenance import Provenance, addresses, line

DOCX, PDF = ".docx", ".pdf"
ENDINGS = frozenset({DOCX, PDF})

MAX_BYTES = 100_000_000  # with pictures
UNPACKED = 300_000_000  # bytes of all parts of a .docx
XML = 50_000_000  # bytes of its text with markup
MOST_PAGES = 500
MOST_TEXT = 10_000_000  # characters


def read_docx(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The article in a .docx, or the problem with it."""
    yield from _read(stream, path, name, _docx, "a Word document")


def read_pdf(stream: BinaryIO, path: str, name: str, options: Options = DEFAULT) -> Iterator[Found]:
    """The article in a .pdf, or the problem with it."""
    yield from _read(stream, path, name, _pdf, "a PDF")


def _read(stream: BinaryIO, path: str, name: str, read: Any, what: str) -> Iterator[Found]:
    try:
        text, properties, links = read(whole(stream, MAX_BYTES, what))
    except (InputError, MissingExtra) as error:
        yield Problem(path, str(error))
    except RecursionError:
        yield Problem(path, f"{what} that is nested too deeply")
    except Exception as error:  # both packages meet broken files with errors of every kind
        yield Problem(path, f"{what} that cannot be read: {type(error).__name__}: {error!s:.200}")
    else:
        yield _article(text, properties, links, path, name)


def _article(
    text: str, properties: dict[str, Any], links: tuple[str, ...], path: str, name: str
) -> Article:
    dates = ((key, moment(properties[key])) for key in properties if key in ("created", "modified"))
    dated_by, published = next((d for d in dates if d[1]), (None, None))
    provenance = Provenance(dated_by=dated_by, dated="implied" if dated_by else None, links=links)
    return Article(
        name,
        text,
        title=line(properties.get("title")),
        published=published,
        language=line(properties.get("language")),
        byline=line(properties.get("author")),
        extra=provenance.extra() | {"path": path},
    )


def _docx(stream: BytesIO) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    _refuse_bombs(stream)
    document = require("docx", "documents").Document(stream)
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    text = "\n\n".join(told for told in lines if told.strip())[:MOST_TEXT]
    if not text:
        raise InputError("no text in this document")
    known = document.core_properties
    targets = (r.target_ref for r in document.part.rels.values() if r.is_external)
    names = ("title", "author", "language", "modified", "created")  # this text, then its file
    return text, {key: _property(known, key) for key in names}, addresses(targets)


def _property(known: Any, name: str) -> Any:
    try:
        return getattr(known, name)
    except ValueError:  # a date that is none
        return None


def _refuse_bombs(stream: BytesIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        head = stream.getvalue()[:8]
        stream.seek(0)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise InputError(
                "protected by a password, or an old .doc; save it as .docx without one"
            ) from None
        raise InputError("no .docx: it is not a zip of XML; is it cut off?") from None
    xml = max((part.file_size for part in parts if part.filename.endswith(".xml")), default=0)
    if sum(part.file_size for part in parts) > UNPACKED or xml > XML:
        raise InputError(f"unpacks to more than {UNPACKED / 1e6:,.0f} MB, as no document does")
    stream.seek(0)


def _pdf(stream: BytesIO) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    pypdf = require("pypdf", "documents")
    reader = pypdf.PdfReader(stream, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("protected by a password; save it without one")
    pages: list[str] = []
    for page in reader.pages[:MOST_PAGES]:
        pages.append(page.extract_text().strip())
        if sum(map(len, pages)) > MOST_TEXT:
            break
    text = "\n\n".join(told for told in pages if told).replace("\0", "\ufffd")
    if not text.strip():
        raise InputError("no text in this PDF: its pages may be pictures, which OCR can read")
    known = reader.metadata or {}
    properties = {
        "title": known.get("/Title"),
        "author": known.get("/Author"),
        "created": _pdf_date(known, "creation_date"),
        "modified": _pdf_date(known, "modification_date"),
    }
    return text, properties, ()


def _pdf_date(known: Any, name: str) -> date | None:
    try:
        value = getattr(known, name, None)
    except (ValueError, TypeError):
        return None
    return value if isinstance(value, datetime) else None
