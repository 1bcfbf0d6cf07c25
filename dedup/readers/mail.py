"""Mails → articles: newsletters, tips and press releases as .eml.

Comes in: one message (RFC 5322, MIME). Goes out: its text, which is the plain part, or where
that is missing or a stub the HTML part as running text. Subject, sender, date and message id
are the article's; what it answers (``In-Reply-To``) is an earlier message. Attachments are not
read, and nothing that it refers to is opened.
"""

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from typing import BinaryIO

from dedup.article import Article
from dedup.readers.encoding import decode
from dedup.readers.fields import moment
from dedup.readers.flow import fragment
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem
from dedup.readers.provenance import Provenance, addresses, line, several

ENDINGS = frozenset({".eml"})

MAX_BYTES = 30_000_000  # with attachments
MOST_PARTS = 1_000
STUB = 0.3  # a plain part this much shorter than the HTML part only says "open in a browser"


def read_mail(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The article in a message, or the problem with it."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Problem(path, f"a mail of more than {MAX_BYTES / 1e6:,.0f} MB")
        return
    try:
        message = BytesParser(policy=policy.default).parsebytes(data)
        yield _article(message, path, name)
    except RecursionError:
        yield Problem(path, "a mail whose parts are nested too deeply")
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        # The standard library's header parser falls over what senders make up.
        yield Problem(path, f"no mail that can be read: {error!r:.200}")


def _article(message: EmailMessage, path: str, name: str) -> Article | Problem:
    text, links = _text(message)
    if not text.strip():
        return Problem(path, "no text in this mail: it has neither a plain nor an HTML part")
    sender, address = parseaddr(_header(message, "From") or "")
    published = moment(_header(message, "Date"))
    provenance = Provenance(
        dated_by="Date" if published else None,
        dated="stated" if published else None,
        canonical=next(iter(addresses([_header(message, "Archived-At", "<> ")])), None),
        earlier=several([_header(message, "In-Reply-To", "<> ")]),
        provider=line(address),
        links=links,
    )
    return Article(
        _header(message, "Message-ID", "<> ") or name,
        text,
        title=_header(message, "Subject"),
        publisher=line(sender) or line(address),
        published=published,
        language=_header(message, "Content-Language"),
        extra=provenance.extra() | {"path": path},
    )


def _text(message: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """The text and the addresses in it, of the plain part or the HTML part."""
    plain: list[str] = []
    pages: list[str] = []
    for number, part in enumerate(message.walk()):
        kind = part.get_content_type()
        if number >= MOST_PARTS:
            break
        if kind not in ("text/plain", "text/html") or part.get_filename():
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            (pages if kind == "text/html" else plain).append(
                decode(payload, part.get_content_charset())[0].replace("\0", "\ufffd")
            )
    written, (shown, links) = "\n\n".join(plain), fragment("\n".join(pages))
    if len(written.strip()) <= STUB * len(shown):
        return shown, links
    return written.replace("\r\n", "\n").strip("\n"), links


def _header(message: EmailMessage, name: str, strip: str = "") -> str | None:
    value = message.get(name)
    return line(str(value).strip(strip) if strip else str(value)) if value is not None else None
