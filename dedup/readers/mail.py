"""Mails → articles: newsletters, tips and press releases as .eml.

One message (RFC 5322, MIME) is one article. Its text is the plain part, or where that is
missing or a stub the HTML part as running text; what it answers (``In-Reply-To``) is an earlier
message. Attachments are not read, and nothing that it refers to is opened.
"""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from itertools import islice
from typing import BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.compression import read_whole
from dedup.readers.dates import first_date
from dedup.readers.decode import decode
from dedup.readers.exports import find_export, read_export
from dedup.readers.markup import html_to_text
from dedup.readers.options import Options
from dedup.readers.problem import Outcome
from dedup.readers.provenance import Provenance, clean_list, one_line, web_addresses

MAX_BYTES = 30_000_000  # with attachments
MAX_PARTS = 1_000
MAX_STUB = 0.3  # a plain part this much shorter than the HTML part only says "open in a browser"


def read_mail(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in a message. Raises `InputError` if it has no text."""
    data = read_whole(stream, MAX_BYTES, "a mail").getvalue()
    message = BytesParser(policy=policy.default).parsebytes(data)
    text, links = mail_text(message)
    if not text.strip():
        raise InputError("no text in this mail: it has neither a plain nor an HTML part")
    if export := find_export(text):
        yield from read_export(export, path, name)
        return
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
        extra=provenance.extra() | {"path": path},
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
    value = message.get(name)
    return None if value is None else one_line(str(value).strip(strip or None))
