"""Exports of news archives → articles: LexisNexis, Nexis Uni, Factiva, Europresse, ProQuest.

One file has tens or hundreds of stories. Whatever it came as (text, Word, RTF, a page, a mail),
its lines show by marks of their own which archive it is from; `nexis`, `factiva` and `proquest`
take lines apart, `europresse` a page. The labels are data (`labels`). A file that has the marks
and is not understood is refused by name: it is never one article.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from dedup.errors import InputError
from dedup.phrasing import pluralize
from dedup.readers.exports.europresse import SIGN, is_europresse, split_europresse, split_nothing
from dedup.readers.exports.factiva import is_factiva, split_factiva
from dedup.readers.exports.labels import language_code
from dedup.readers.exports.nexis import announced_documents, is_nexis, split_nexis
from dedup.readers.exports.proquest import is_proquest, split_proquest
from dedup.readers.fields import make_article, read_record
from dedup.readers.markup import html_to_text
from dedup.readers.problem import Note, Outcome, Problem

MAX_BYTES = 100_000_000  # of an export: 500 long stories as HTML have 10 MB
# What a page has that comes from an archive; only then is it looked at line by line.
SIGNS = (b"DOCUMENT", b"okument", b"ocument", b"ProQuest", SIGN, b"CEDROM")

PAGE_WORDS = (
    b"DOCUMENT",
    b"Document",
    b"Dokument",
    b"du document",
    b"del documento",
    b"ProQuest",
    SIGN,
)
PAGE_SIGN = re.compile(
    rb"\d(?: |&nbsp;)(?:DOCUMENT|DOKUMENT)|DocPublicationName|ProQuest"
    rb"|(?:Dokument|Documento?)(?: |&nbsp;)\d{1,5}(?: |&nbsp;)(?:von|de|of)\b"
    rb"|End of Document|Ende des Dokument|Fin du document|Fin del documento|Fine del documento"
    rb"|(?:Document|Dokument|Documento) [A-Z0-9]{6,14}(?:19|20)\d{6}"
)


class Export(NamedTuple):
    """An export: the name of its archive, and its stories, None for one not understood."""

    archive: str
    stories: Iterator[Mapping[str, str] | None]
    announced: int | None = None


LINES: tuple[tuple[str, Callable[[Sequence[str]], bool], Callable[..., Any]], ...] = (
    ("ProQuest", is_proquest, split_proquest),
    ("Factiva", is_factiva, split_factiva),
    ("LexisNexis", is_nexis, split_nexis),
    ("Europresse", is_europresse, split_nothing),
)


def may_be_export(head: bytes) -> bool:
    """Whether a file that begins like this may be an export, by words that all have."""
    return any(sign in head.replace(b"\0", b"") for sign in SIGNS)


def may_be_exported_page(data: bytes) -> bool:
    """Whether a page may be an export: by words of a mark, then by the mark itself.

    Most pages have "document" in their scripts, and to look at their lines takes 15 ms.
    """
    return any(word in data for word in PAGE_WORDS) and PAGE_SIGN.search(data) is not None


def find_export(text: str) -> Export | None:
    """The export that a text is; None if it is none."""
    if not any(sign.decode() in text for sign in SIGNS):
        return None
    lines = text.splitlines()
    for archive, matches, split in LINES:
        if matches(lines):
            announced = announced_documents(lines) if split is split_nexis else None
            return Export(archive, split(lines), announced)
    return None


def find_exported_page(source: str) -> Export | None:
    """The export that a page is; None if it is none."""
    if SIGN.decode() in source:
        return Export("Europresse", split_europresse(source))
    if "enArticle" in source or "articleParagraph" in source:
        # The one thing that only the page's markup says apart.
        source = source.replace('class="author">', 'class="author">By ')
    return find_export(html_to_text(source)[0])


def read_export(export: Export, path: str, name: str) -> Iterator[Outcome]:
    """The articles in an export and its problems; without an id called ``name:number``.

    Raises `InputError` if none of it is understood.
    """
    number = read = 0
    for story in export.stories:
        number += 1
        place = f"{path}:{number}"
        if story is None:
            what = f"no text: document {number} of this {export.archive} export is not understood"
            yield Problem(place, what)
            continue
        read += 1
        record: dict[str, Any] = dict(story)
        if language := language_code(record.get("language")):
            record["language"] = language
        where = {"path": path, "document": number, "archive": export.archive}
        yield from read_record(partial(make_article, record, f"{name}:{number}", where, {}), place)
    if not number:
        raise InputError(f"an export of {export.archive} in a form that is not understood")
    if export.announced and export.announced > number:
        what = f"its cover page announces {export.announced:,} documents, and {number:,} are in it"
        yield Problem(path, what)
    if read:
        documents = pluralize(number, "document")
        yield Note(path, f"an export of {export.archive}: {documents}, {read:,} read")
