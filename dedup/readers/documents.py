"""Office documents → articles: drafts in .docx, press releases in .pdf.

The text comes paragraph by paragraph from python-docx, or page by page from pypdf. Title, author
and date are those of the file, so the date only implies a publication. Pictures are not read: a
scan is a problem that says so, as is a document with a password or one that expands to more than
any text does.
"""

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.compression import read_whole
from dedup.readers.dates import first_date
from dedup.readers.options import Options
from dedup.readers.problem import Outcome
from dedup.readers.provenance import Provenance, one_line, web_addresses

MAX_BYTES = 100_000_000  # with pictures
MAX_EXPANDED = 300_000_000  # bytes of all parts of a .docx
MAX_XML = 50_000_000  # bytes of its text with markup
MAX_PAGES = 500
MAX_TEXT = 10_000_000  # characters
OLD_DOC = b"\xd0\xcf\x11\xe0"  # the first bytes of a .doc, and of a .docx with a password


def read_docx(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a .docx. Raises `InputError` if it has no text."""
    data = read_whole(stream, MAX_BYTES, "a Word document")
    refuse_bombs(data)
    document = require("docx", "documents").Document(data)
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    text = "\n\n".join(line for line in lines if line.strip())[:MAX_TEXT]
    if not text:
        raise InputError("no text in this document")
    names = ("title", "author", "language", "modified", "created")  # this text, then its file
    known = {key: property_of(document.core_properties, key) for key in names}
    targets = (r.target_ref for r in document.part.rels.values() if r.is_external)
    yield make_article(text, known, web_addresses(targets), path, name)


def read_pdf(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a .pdf. Raises `InputError` if it has no text."""
    pypdf = require("pypdf", "documents")
    reader = pypdf.PdfReader(read_whole(stream, MAX_BYTES, "a PDF"), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError("protected by a password; save it without one")
    pages: list[str] = []
    for page in reader.pages[:MAX_PAGES]:
        pages.append(page.extract_text().strip())
        if sum(map(len, pages)) > MAX_TEXT:
            break
    text = "\n\n".join(page for page in pages if page).replace("\0", "\ufffd")
    if not text.strip():
        raise InputError("no text in this PDF: its pages may be pictures, which OCR can read")
    metadata = reader.metadata or {}
    known = {
        "title": metadata.get("/Title"),
        "author": metadata.get("/Author"),
        "created": property_of(metadata, "creation_date"),
        "modified": property_of(metadata, "modification_date"),
    }
    yield make_article(text, known, (), path, name)


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


def refuse_bombs(data: BytesIO) -> None:
    """Raise `InputError` if this is no .docx, or one that expands to more than any text does."""
    try:
        with zipfile.ZipFile(data) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        if data.getvalue().startswith(OLD_DOC):
            what = "protected by a password, or an old .doc; save it as .docx without a password"
        else:
            what = "not a .docx file (no zip of XML); is it cut off?"
        raise InputError(what) from None
    xml = max((part.file_size for part in parts if part.filename.endswith(".xml")), default=0)
    if sum(part.file_size for part in parts) > MAX_EXPANDED or xml > MAX_XML:
        raise InputError(f"expands to more than {MAX_EXPANDED / 1e6:,.0f} MB; is it a zip bomb?")
    data.seek(0)
