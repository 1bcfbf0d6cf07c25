"""A text file → one article, its text exactly as it stands in the file; an export → its stories.

Line ends, white space and stray code points are left as they are, so that every offset into
`Article.text` is one into the decoded file. Only a byte-order mark, which says how to decode, is
left out, and the front matter of Markdown, whose fields are the article's. No encoding is
guessed: a file that does not decode is a problem that names the byte, never a text with holes.
"""

import codecs
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from io import BufferedReader
from typing import BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.decode import marked_encoding
from dedup.readers.discover import ending
from dedup.readers.exports import MAX_BYTES as MAX_EXPORT
from dedup.readers.exports import find_export, may_be_export, read_export
from dedup.readers.fields import make_article, read_record
from dedup.readers.front_matter import split_front_matter
from dedup.readers.json_values import explain_repeated
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem

# The longest pieces of journalism stay under 1 MB; a larger file is a dump or a mistake.
MAX_BYTES = 10_000_000
# Text has no control characters but white space, and strays from old wire systems (␂, ␃, ␚
# around a take) come to a few in a thousand; programs, images and archives have 1 in 10.
MAX_CONTROLS = 0.02

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def read_text(stream: BufferedReader, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The article in `stream`, called `name`. Raises `InputError` if it is no text."""
    limit = MAX_EXPORT if may_be_export(stream.peek()) else MAX_BYTES
    text = decode_text(stream, options.encoding, limit)
    if export := find_export(text):
        yield from read_export(export, path, name)
        return
    refuse_too_large(len(text))
    is_markdown = ending(path) in (".md", ".markdown")
    record, body, repeated = split_front_matter(text) if is_markdown else ({}, text, [])
    if repeated:
        yield Problem(path, f"its front matter {explain_repeated(repeated)}")
    if not record:
        yield Article(name, text, extra={"path": path})
    elif not body.strip():
        yield Problem(path, "empty: there is no text below its front matter")
    else:
        make = partial(make_article, record | {"text": body}, name, {"path": path}, {})
        yield from read_record(make, path)


def refuse_too_large(size: int, limit: int = MAX_BYTES) -> None:
    """Raise `InputError` if a text of so many bytes is longer than any article."""
    if size > limit:
        raise InputError(
            f"{size / 1e6:,.0f} MB is too large for one article, which may have "
            f"{MAX_BYTES / 1e6:,.0f} MB; "
            "split it into one file per article, or give one JSON record per line (.jsonl)"
        )


def decode_text(stream: BinaryIO, encoding: str, limit: int) -> str:
    """The text in `stream`; `InputError` if it is empty, too large, binary or not decodable."""
    with suppress(OSError):  # of a stream that is no file the size is not known
        refuse_too_large(os.fstat(stream.fileno()).st_size, limit)
    data = stream.read(limit + 1)
    refuse_too_large(len(data), limit)
    encoding = marked_encoding(data) or encoding
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        refuse_binary(data.decode("latin-1"))  # which takes every byte, and so shows controls
        name = codecs.lookup(encoding).name.removesuffix("-sig")
        other = "windows-1252" if name == "utf-8" else "utf-8"
        advice = f"if it is in another encoding, name it: --encoding {other}"
        if name.startswith(("utf-16", "utf-32")):
            advice = "is the file cut off?"
        bad_byte = f"byte {error.start:,} is 0x{data[error.start]:02X}"
        raise InputError(f"not valid {name.upper()}: {bad_byte}; {advice}") from None
    if not text.strip():
        raise InputError("empty: there is no text in it" if data else "empty: 0 bytes")
    refuse_binary(text)
    return text


def refuse_binary(text: str) -> None:
    """Raise `InputError` if this is no text but the content of a binary file."""
    nul = text.find("\0")
    if nul >= 0:
        raise InputError(
            f"a binary file: character {nul:,} is NUL; "
            "if it is UTF-16 without a byte-order mark, pass --encoding utf-16-le"
        )
    controls = len(CONTROLS.findall(text))
    if controls > MAX_CONTROLS * len(text):
        raise InputError(
            f"a binary file: {controls:,} of its {len(text):,} characters are control codes"
        )
