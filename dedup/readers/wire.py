"""Wire messages → articles: IPTC 7901 and ANPA 1312, as agencies send them to old systems.

A message stands between SOH and EOT, its text between STX and ETX; before it come number, priority,
category and keywords, behind it the moment of sending. A file has one message or thousands.
"""

import re
from collections.abc import Iterator
from io import BufferedReader

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.dates import first_date
from dedup.readers.decode import decode
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem
from dedup.readers.values import without_by

BEGIN = re.compile(rb"[\x00\x16\r\n]{0,20}\x01[^\x02\x03\x04]{1,400}\x02")  # of a file
MESSAGE = re.compile(
    rb"\x01([^\x01-\x04]{0,1000})\x02([^\x01\x03\x04]*+)(?:\x03([^\x01\x04]{0,100}))?"
)
MAX_BYTES = 30_000_000
FIELD_MARKS = re.compile(r"[\x12-\x14\x1c-\x1f]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BREAK = re.compile(r"[\r\n]+(?:[ \t]{2,}|\t)|[\r\n]+[ \t]*[\r\n]+")
# Of ANPA: ^ ends a line of a headline or a byline, < of a paragraph.
TYPESETTING = re.compile(r"[\^<]+[ ]*(?=[\r\n]|\Z)|^\^", re.MULTILINE)
BYLINE = re.compile(r"(?:by|von|par|por)\s+\S", re.IGNORECASE)
SENT = re.compile(  # 051030 mar 24
    r"(\d{2})(\d{2})(\d{2})?\s*(?:[A-Z]{3}\s+)?([A-Za-z]{3})\s*(\d{2,4})"
)
SENT_US = re.compile(r"(\d{2})-(\d{2})-(\d{2,4})\s+(\d{2})(\d{2})")  # 03-05-24 1030EST
MAX_TITLE = 200  # characters
MAX_BYLINE = 100


def read_wire(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in a file of messages and its problems."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES / 1e6:,.0f} MB, the limit for wire messages")
    number = 0
    for number, match in enumerate(MESSAGE.finditer(data), 1):
        head, body, tail = (decode(part or b"")[0] for part in match.groups())
        own_name = name if number == 1 else f"{name}:{number}"
        article = make_article(head, body, tail, path, own_name, match.start())
        yield article or Problem(f"{path}:{number}", "no text in this message")
    if not number:
        raise InputError("no message in this file")


def make_article(
    head: str, body: str, tail: str, path: str, name: str, offset: int
) -> Article | None:
    """The article in a message; None where it has no text."""
    blocks = [
        " ".join(CONTROLS.sub("", TYPESETTING.sub("", block)).split())
        for block in BREAK.split(f"\n{FIELD_MARKS.sub(' ', body)}")
    ]
    blocks = [block for block in blocks if block]
    title = blocks.pop(0) if len(blocks) > 1 and len(blocks[0]) < MAX_TITLE else None
    byline = None
    if len(blocks) > 1 and BYLINE.match(blocks[0]) and len(blocks[0]) < MAX_BYLINE:
        byline = without_by(blocks.pop(0)).strip(" ,=")
    if not blocks:
        return None
    published, dated_by, dated = first_date([("sent", sent_at(tail), "stated")])
    keywords = " ".join(CONTROLS.sub(" ", head).split())
    extra = {"path": path, "offset": offset, "header": keywords}
    extra |= {"dated_by": dated_by, "dated": dated} if dated_by else {}
    return Article(
        name, "\n\n".join(blocks), title=title, byline=byline, published=published, extra=extra
    )


def sent_at(tail: str) -> str | None:
    """When a message was sent, as a date is written elsewhere; the zone is the agency's own."""
    if match := SENT.search(tail):
        day, hour, minute, month, year = match.groups()
        time = f" {hour}:{minute}" if minute else ""
        return f"{day} {month} {year if len(year) == 4 else '20' + year}{time}"
    if match := SENT_US.search(tail):
        month, day, year, hour, minute = match.groups()
        return f"{year if len(year) == 4 else '20' + year}-{month}-{day} {hour}:{minute}"
    return None
