"""Word documents → articles: drafts, press releases and exports of archives as .docx.

The text is what the document shows: tracked insertions but not deletions, content controls, text
boxes, tables row by row; in the usual and in the strict form of Office Open XML (ISO/IEC 29500).
The part of a document that holds its text is read as a stream. Headers, footers, notes, comments
and pictures are left out. Title, author and date are those of the file, so the date only implies a
publication.
"""

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any, BinaryIO

from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.compression import ZIP_FAULTS, read_whole
from dedup.readers.documents import make_article
from dedup.readers.exports import find_export, read_export
from dedup.readers.options import Options
from dedup.readers.problem import Outcome
from dedup.readers.provenance import web_addresses
from dedup.readers.xml.safe import SAFE

MAX_BYTES = 100_000_000  # with pictures
MAX_PART = 50_000_000  # bytes of a part with its markup
MAX_TEXT = 10_000_000  # characters
OLD_DOC = b"\xd0\xcf\x11\xe0"  # the first bytes of a .doc, and of a .docx with a password

# Deleted text, and what only programs see that do not understand the choice before it.
HIDDEN = frozenset({"del", "moveFrom", "Fallback", "rPr", "pPr", "sdtPr", "delText", "instrText"})
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
TEMPLATE_AUTHOR = "python-docx"  # of every document that it makes; `dates` knows its dates


def read_docx(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a .docx, or those in an export. Raises `InputError` if it has no text."""
    data = read_whole(stream, MAX_BYTES, "a Word document")
    try:
        package = zipfile.ZipFile(data)
    except ZIP_FAULTS:
        what = "not a .docx file (no zip of XML); is it cut off?"
        if data.getvalue().startswith(OLD_DOC):
            what = "protected by a password, or an old .doc; save it as .docx without a password"
        raise InputError(what) from None
    parts = dict(read_relations(package, ""))
    main = parts.get("officeDocument", "word/document.xml")
    paragraphs: list[str] = []
    size = 0
    for paragraph in read_paragraphs(read_part(package, main)):
        paragraphs.append(paragraph)
        size += len(paragraph)
        if size > MAX_TEXT:
            raise InputError(f"more than {MAX_TEXT / 1e6:,.0f} MB of text; split it")
    if not paragraphs:
        raise InputError("no text in this document")
    if export := find_export("\n".join(paragraphs)):
        yield from read_export(export, path, name)
        return
    links = (link for kind, link in read_relations(package, main) if kind == "hyperlink")
    yield make_article(
        "\n\n".join(paragraphs),
        read_properties(package, parts.get("core-properties")),
        web_addresses(links),
        path,
        name,
    )


def read_part(package: zipfile.ZipFile, name: str) -> BytesIO:
    """A part of the document; `InputError` if there is none of that name or it is too large."""
    try:
        with package.open(name) as part:
            data = part.read(MAX_PART + 1)
    except (KeyError, RuntimeError, OSError, *ZIP_FAULTS) as error:
        raise InputError(f"its part {name:.60} cannot be read: {error!s:.200}") from None
    if len(data) > MAX_PART:
        raise InputError(f"expands to more than {MAX_PART / 1e6:,.0f} MB; is it a zip bomb?")
    return BytesIO(data)


def read_relations(package: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    """The kinds and targets of what a part refers to; "" is the document as a whole."""
    folder, _, file = part.rpartition("/")
    name = join(folder, "_rels", f"{file}.rels")
    if name not in package.NameToInfo:
        return
    for node in parse(read_part(package, name)):
        kind, target = node.get("Type", "").rpartition("/")[2], node.get("Target", "")
        outside = node.get("TargetMode") == "External"
        yield kind, target if outside else normpath(join(dirname(part), target)).lstrip("/")


def read_properties(package: zipfile.ZipFile, part: str | None) -> Mapping[str, Any]:
    """Title, author, language and dates of the file, as far as it has them."""
    if part is None or part not in package.NameToInfo:
        return {}
    known = {
        n.tag.rpartition("}")[2]: (n.text or "").strip() for n in parse(read_part(package, part))
    }
    author = known.get("creator")
    return {
        "title": known.get("title"),
        "author": None if author == TEMPLATE_AUTHOR else author,
        "language": known.get("language"),
        "modified": known.get("modified"),
        "created": known.get("created"),
    }


def parse(part: BytesIO) -> Any:
    """The root element of a small part."""
    etree = require("lxml.etree", "documents")
    try:
        return etree.fromstring(part.getvalue(), etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise InputError(f"its XML is damaged: {error}") from None


def read_paragraphs(part: BytesIO) -> Iterator[str]:
    """The paragraphs of a document, those of a row of a table in one."""
    etree = require("lxml.etree", "documents")
    hidden = 0
    runs: list[list[str]] = [[]]  # of the paragraphs under way: one in a text box in another
    holders: list[list[str]] = [[]]  # the finished ones of the document, a row, a cell
    try:
        for event, node in etree.iterparse(part, events=("start", "end"), **SAFE):
            tag = node.tag.rpartition("}")[2]
            if tag in HIDDEN:
                hidden += 1 if event == "start" else -1
            elif not hidden and event == "start":
                if tag == "p":
                    runs.append([])
                elif tag in ("tr", "tc"):
                    holders.append([])
            elif not hidden and tag == "t":
                runs[-1].append(node.text or "")
            elif not hidden and tag in CHARACTERS:
                runs[-1].append(CHARACTERS[tag])
            elif not hidden and tag == "p":
                if text := "".join(runs.pop()).strip():
                    holders[-1].append(text)
            elif not hidden and tag in ("tr", "tc"):
                joined = (" | " if tag == "tr" else "\n").join(holders.pop())
                holders[-1] += [joined] if joined else []
            if event == "end":
                node.clear()  # so that a part takes no more memory than its text
                while node.getprevious() is not None:
                    del node.getparent()[0]
                if len(runs) == len(holders) == 1:
                    yield from holders[0]
                    holders[0].clear()
    except etree.XMLSyntaxError as error:
        raise InputError(f"its XML is damaged: {error!s:.200}") from None
    yield from holders[0]
