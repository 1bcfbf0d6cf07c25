"""The answer of a web server → the page in it: status, headers, encodings.

As web archives store it, as bytes (RFC 9112). Servers and crawlers mislabel: what is called
chunked or gzip and is neither is taken as it stands.
"""

import re
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from dedup.extras import require

STATUS = re.compile(rb"HTTP/[\d.]{1,5}[ \t]+(\d{3})\b|ICY (\d{3})\b")
END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
HEADER = re.compile(rb"^([^\s:]{1,100}):[ \t]*([^\r\n]*)", re.MULTILINE)
CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
MAX_HEAD = 64_000  # bytes of a record's or an answer's headers
GZIP = b"\x1f\x8b"


class Answer(NamedTuple):
    """An answer of a server: its status, its headers in small letters, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The type of its content without parameters, in small letters."""
        return bare_kind(self.headers.get("content-type"))

    @property
    def charset(self) -> str | None:
        """The encoding of text that it names."""
        match = CHARSET.search(self.headers.get("content-type", ""))
        return match.group(1) if match else None

    @property
    def is_short(self) -> bool:
        """Whether its body is shorter than it says."""
        size = self.headers.get("content-length", "")
        packed = self.headers.keys() & {"content-encoding", "transfer-encoding"}
        return not packed and size.isdecimal() and len(self.body) < int(size[:18])


def bare_kind(value: str | None) -> str:
    """A content type without its parameters, in small letters.

    >>> bare_kind("Text/HTML; charset=utf-8")
    'text/html'
    """
    return (value or "").partition(";")[0].strip().lower()


def parse_headers(head: bytes) -> dict[str, str]:
    """Headers by their names in small letters; of several of one name the first."""
    headers: dict[str, str] = {}
    for name, value in HEADER.findall(head):
        headers.setdefault(name.decode("latin-1").lower(), value.decode("utf-8", "replace").strip())
    return headers


def parse_answer(data: bytes) -> Answer | None:
    """The answer in these bytes, its body not yet unpacked; None if they are none."""
    status = STATUS.match(data)
    if status is None:
        return None
    end = END_OF_HEAD.search(data, 0, MAX_HEAD)
    head, body = (data[: end.start()], data[end.end() :]) if end else (data[:MAX_HEAD], b"")
    return Answer(int(status.group(1) or status.group(2)), parse_headers(head), body)


def unpack_body(answer: Answer, limit: int) -> bytes:
    """The body as it is shown, up to `limit` bytes.

    Raises `ValueError` if it is compressed and damaged, or in a way that nobody here knows.
    """
    body = answer.body
    if "chunked" in answer.headers.get("transfer-encoding", "").lower():
        body = join_chunks(body)
    for coding in reversed(answer.headers.get("content-encoding", "").lower().split(",")):
        body = decompress_body(body, coding.strip(), limit)
    return body[:limit]


def join_chunks(body: bytes) -> bytes:
    """A body that was sent in chunks; as it stands where it was not, up to where they end."""
    parts: list[bytes] = []
    at = 0
    while match := CHUNK_SIZE.match(body, at):
        size = int(match.group(1), 16)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
        if not size:
            break
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return b"".join(parts) if parts else body


def decompress_body(body: bytes, coding: str, limit: int) -> bytes:
    """A body without one of its encodings; as it stands where it is not encoded so."""
    if coding in ("gzip", "x-gzip"):
        if not body.startswith(GZIP):  # unpacked by the crawler, which kept the header
            return body
        return inflate(body, zlib.MAX_WBITS | 16, limit)
    if coding == "deflate":
        try:
            return inflate(body, zlib.MAX_WBITS, limit)
        except ValueError:
            return inflate(body, -zlib.MAX_WBITS, limit)
    if coding in ("", "identity", "none", "utf-8") or body.lstrip()[:1] == b"<":
        return body
    if coding == "br":
        return unbrotli(body, limit)
    raise ValueError(f"encoded as {coding:.40}, which is not read")


def inflate(body: bytes, bits: int, limit: int) -> bytes:
    """What zlib makes of a body. What a server cut off is read up to there."""
    try:
        return zlib.decompressobj(bits).decompress(body, limit)
    except zlib.error as error:
        raise ValueError(f"its compressed content is damaged ({error})") from None


def unbrotli(body: bytes, limit: int) -> bytes:
    """The same for brotli."""
    brotli = require("brotli", "warc")
    unpacker, parts, size = brotli.Decompressor(), [], 0
    try:
        while size < limit and (part := unpacker.process(body, output_buffer_limit=limit)):
            parts.append(part)
            size, body = size + len(part), b""
    except brotli.error as error:
        raise ValueError(f"its compressed content is damaged ({error})") from None
    return b"".join(parts)
