"""Mails → articles: newsletters, tips and press releases as .eml, mailboxes as .mbox.

One message (RFC 5322, MIME) is one article. Its text is the plain part, or where that is
missing or a stub the HTML part as running text; what it answers (``In-Reply-To``) is an earlier
message. Attachments are not read, and nothing that it refers to is opened. A page that a browser
saved as MHTML is a mail as well, and is read as the page that it is. A mailbox is read message by
message.
"""

import re
from collections.abc import Iterator, Sequence
from email import policy
from email.errors import CloseBoundaryNotFoundDefect
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from io import BufferedReader
from itertools import islice
from typing import Any, BinaryIO, cast

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.compression import read_whole
from dedup.readers.dates import first_date
from dedup.readers.decode import decode
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.exports import find_export, read_export
from dedup.readers.html import load_extractor, parse_page
from dedup.readers.markup import html_to_text
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem, problem_from
from dedup.readers.provenance import Provenance, clean_list, one_line, web_addresses

MAX_BYTES = 30_000_000  # with attachments
MAX_PARTS = 1_000
PAGES = ("text/html", "application/xhtml+xml")
MAX_HEADER = 2_000  # characters: the time of the standard library grows with the square of it
MAX_STUB = 0.3  # a plain part this much shorter than the HTML part only says "open in a browser"


class Bounded(policy.EmailPolicy):
    """How mails are parsed: as usual, but no header is longer than `MAX_HEADER`."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Name and value of a header."""
        name, value = super().header_source_parse(list(sourcelines))
        return name, value[:MAX_HEADER]


POLICY = Bounded()
ENVELOPE = re.compile(rb"From \S+ .{0,80}\d{4}\s*\r?\n")  # begins a message in a mailbox


def parse_message(data: bytes) -> EmailMessage:
    """The message in these bytes, its headers not longer than `MAX_HEADER`."""
    return cast(EmailMessage, BytesParser(policy=POLICY).parsebytes(data))


def read_mail(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a message. Raises `InputError` if it has no text."""
    yield from parse_mail(read_whole(stream, MAX_BYTES, "a mail").getvalue(), path, name, {})


def read_mailbox(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Outcome]:
    """The articles in a mailbox (mboxrd), and its problems."""
    number = size = 0
    lines: list[bytes] = []
    while True:
        line = stream.readline(MAX_BYTES)
        if not line or (ENVELOPE.match(line) and (not lines or not lines[-1].strip())):
            if lines:
                number += 1
                yield from read_message(lines, size, f"{path}:{number}", f"{name}:{number}", path)
            if not line:
                break
            lines, size = [], 0
            continue
        size += len(line)
        if size <= MAX_BYTES:
            lines.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
    if not number:
        yield Problem(path, "empty: there is no message in it")


def read_message(
    lines: list[bytes], size: int, place: str, name: str, path: str
) -> Iterator[Outcome]:
    """The article in a message of a mailbox, or the problem with it."""
    if size > MAX_BYTES:
        yield Problem(place, f"larger than {MAX_BYTES / 1e6:,.0f} MB, the limit for a mail")
        return
    try:
        yield from parse_mail(b"".join(lines), path, name, {"place": place})
    except Exception as error:  # of a message, which costs no other
        yield problem_from(error, place, "mail")


def read_mhtml(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The article in a page that was saved with all its parts. Raises `InputError` without one."""
    load_extractor(options)
    data = read_whole(stream, MAX_BYTES, "a saved page").getvalue()
    message = parse_message(data)
    for part in islice(message.walk(), MAX_PARTS):
        payload = part.get_payload(decode=True)
        if part.get_content_type() in PAGES and isinstance(payload, bytes):
            places = (message["Snapshot-Content-Location"], part["Content-Location"])
            url = next((place for place in map(one_line, map(str, filter(None, places)))), None)
            label = part.get_content_charset()
            page = (payload, name, {"path": path}, options, url, label)
            yield Deferred(path, "HTML", parse_page, page)
            return
    raise InputError("no page in this file")


def parse_mail(data: bytes, path: str, name: str, where: dict[str, Any]) -> Iterator[Outcome]:
    """The article in a message, or those in an export that was sent as one."""
    message = parse_message(data)
    text, links = mail_text(message)
    parts = sum(1 for _ in islice(message.walk(), MAX_PARTS + 1))
    if not text.strip():
        raise InputError("no text in this mail: it has neither a plain nor an HTML part")
    if export := find_export(text):
        yield from read_export(export, path, name)
        return
    if is_cut(message):
        yield Problem(path, "cut off: the last part of this mail does not end")
        where = where | {"partial": True}
    if parts > MAX_PARTS:
        yield Problem(path, f"cut: only the first {MAX_PARTS:,} parts of this mail are read")
        where = where | {"partial": True}
    sender, address = parseaddr(header(message, "From") or "")
    published, dated_by, dated = first_date([("Date", header(message, "Date"), "stated")])
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        canonical=next(iter(web_addresses([header(message, "Archived-At", "<> ")])), None),
        earlier=clean_list([header(message, "In-Reply-To", "<> ")]),
        provider=one_line(address),
        links=links,
    )
    yield Article(
        header(message, "Message-ID", "<> ") or name,
        text,
        title=header(message, "Subject"),
        publisher=one_line(sender) or one_line(address),
        published=published,
        language=header(message, "Content-Language"),
        extra=provenance.extra() | {"path": path} | where,
    )


def is_cut(message: EmailMessage) -> bool:
    """Whether a message of several parts ends before the line that should end them."""
    return any(
        isinstance(defect, CloseBoundaryNotFoundDefect)
        for part in islice(message.walk(), MAX_PARTS)
        for defect in part.defects
    )


def mail_text(message: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """The text of the plain part or the HTML part, and the addresses in it."""
    plain: list[str] = []
    pages: list[str] = []
    for part in islice(message.walk(), MAX_PARTS):
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html") or part.get_filename():
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            (pages if kind == "text/html" else plain).append(
                decode(payload, part.get_content_charset())[0].replace("\0", "\ufffd")
            )
    written, (page, links) = "\n\n".join(plain), html_to_text("\n".join(pages))
    if len(written.strip()) <= MAX_STUB * len(page):
        return page, links
    return written.replace("\r\n", "\n").strip("\n"), links


def header(message: EmailMessage, name: str, strip: str = "") -> str | None:
    """A header on one line; None if the message has none of that name."""
    try:
        value = message.get(name)
    except (
        AttributeError,
        ArithmeticError,
        IndexError,
        ValueError,
    ):  # faults of the standard library's parser
        pairs = message.raw_items()
        value = next((raw for key, raw in pairs if key.lower() == name.lower()), None)
    return None if value is None else one_line(str(value).strip(strip or None))
