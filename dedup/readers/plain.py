"""A text file → one article, its text exactly as it stands in the file.

Markdown may begin with front matter, whose fields are the article's; the text is what follows.

Line ends, white space, combining marks and stray code points are left as they are, so every
offset into `Article.text` is an offset into the decoded file. A byte-order mark is part of
the encoding, not of the text: it says how to decode (UTF-8, UTF-16 or UTF-32, whatever
encoding was asked for) and is left out, as Python's ``utf-8-sig`` does.

It does not guess encodings, find headlines or strip markup: a file that does not decode is
a problem that names the byte, never a text with holes.
"""

import codecs
import os
import re
from collections.abc import Iterator
from io import UnsupportedOperation
from typing import BinaryIO

from dedup.article import Article
from dedup.readers.encoding import mark_of
from dedup.readers.fields import article_of
from dedup.readers.files import ending
from dedup.readers.matter import front_matter
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem

MARKDOWN = frozenset({".md", ".markdown"})
ENDINGS = MARKDOWN | {".txt", ".text"}

# The longest pieces of journalism stay under 1 MB; a larger file is a dump or a mistake.
MAX_BYTES = 10_000_000
# Text has no control characters but white space, and strays from old wire systems (␂, ␃, ␚
# around a take) come to a few in a thousand; programs, images and archives have 1 in 10.
MAX_CONTROLS = 0.02

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def read_plain(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found]:
    """The article in `stream`, called `name`, or the problem with it."""
    size = _size(stream)
    data = b"" if size > MAX_BYTES else stream.read(MAX_BYTES + 1)
    if max(size, len(data)) > MAX_BYTES:
        yield Problem(path, _too_large(size))
        return
    encoding = mark_of(data) or options.encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        # Looked at as Latin-1, which takes every byte, a binary file shows its controls.
        not_text = _not_text(data.decode("latin-1"))
        yield Problem(path, not_text or _undecodable(data[error.start], error.start, encoding))
        return
    if not text.strip():
        yield Problem(path, "empty: there is no text in it" if data else "empty: 0 bytes")
    elif not_text := _not_text(text):
        yield Problem(path, not_text)
    elif ending(path) in MARKDOWN:
        yield from _markdown(text, path, name)
    else:
        yield Article(name, text, extra={"path": path})


def _markdown(text: str, path: str, name: str) -> Iterator[Found]:
    record, body = front_matter(text)
    if not record:
        yield Article(name, text, extra={"path": path})
    elif not body.strip():
        yield Problem(path, "empty: there is no text below its front matter")
    else:
        article, note = article_of(record | {"text": body}, name, {"path": path})
        if note:
            yield Problem(path, note)
        yield article


def bad_byte(byte: int, offset: int) -> str:
    """A byte and where it stands in its file, for a message."""
    return f"byte {offset:,} is 0x{byte:02X}"


def _undecodable(byte: int, offset: int, encoding: str) -> str:
    name = codecs.lookup(encoding).name.removesuffix("-sig")
    other = "windows-1252" if name == "utf-8" else "utf-8"
    advice = f"if it is in another encoding, name it: --encoding {other}"
    if name.startswith(("utf-16", "utf-32")):
        advice = "is the file cut off?"
    return f"not valid {name.upper()}: {bad_byte(byte, offset)}; {advice}"


def _size(stream: BinaryIO) -> int:
    """The size of the file behind `stream`; 0 where that is not known."""
    try:
        return os.fstat(stream.fileno()).st_size
    except (UnsupportedOperation, OSError):
        return 0


def _too_large(size: int) -> str:
    much = f"{size / 1e6:,.0f} MB" if size > MAX_BYTES else "longer"
    return (
        f"{much}, and one article may have {MAX_BYTES / 1e6:,.0f} MB; "
        "split it into one file per article, or give one JSON record per line (.jsonl)"
    )


def _not_text(text: str) -> str | None:
    """What shows that this is no text, or None."""
    nul = text.find("\0")
    if nul >= 0:
        return (
            f"a binary file: character {nul:,} is NUL; "
            "if it is UTF-16 without a byte-order mark, pass --encoding utf-16-le"
        )
    controls = len(CONTROLS.findall(text))
    if controls > MAX_CONTROLS * len(text):
        return f"a binary file: {controls:,} of its {len(text):,} characters are control codes"
    return None
