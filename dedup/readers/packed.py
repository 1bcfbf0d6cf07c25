"""Packed files → the bytes in them, as a stream with a limit.

Comes in: a stream packed by gzip, bzip2, xz or zstandard, or a zip. Goes out: a stream of what
is in it, or of each of its members in the order of their names, unpacked as it is read. A
file that unpacks to far more than any news does is stopped in time (a zip bomb); what stands
before a cut or a damage is read. Nothing is written to disk, so a member's name can lead
nowhere; packed files within a zip are named and left.
"""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from dedup.errors import InputError
from dedup.extras import require

ENDINGS = frozenset({".gz", ".bz2", ".xz", ".zst"})
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MAGIC = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstandard",
}  # fmt: skip

# Articles as JSON lines unpack to 3 to 10 times their size, one text a thousand times over to
# 100 times. Below FREE nothing is counted: small files of one letter are no attack.
MOST_TIMES = 200
FREE = 32_000_000
MOST_PIPED = 2_000_000_000  # bytes of a zip that is piped in, and so must be in memory
CHUNK = 1 << 18


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked: bytes that went in, bytes that came out."""

    taken: int = 0
    given: int = 0

    def spend(self, size: int) -> None:
        self.given += size
        if self.given > max(FREE, MOST_TIMES * self.taken):
            raise OSError(
                f"unpacks to more than {MOST_TIMES} times its size, as no news does; "
                "the rest of it is not read"
            )


class Member(NamedTuple):
    """A file in a zip: its name, and its bytes or why it cannot be read."""

    name: str
    stream: io.BufferedReader | None
    fault: str | None = None


def packing(head: bytes) -> str | None:
    """How a file that begins like this is packed; None if it is not."""
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)


def unpacked(stream: BinaryIO, kind: str) -> io.BufferedReader:
    """The bytes in a stream that is packed as `kind` says.

    Reading it raises `OSError` where the stream is cut off, damaged or a bomb. Raises
    `MissingExtra` for zstandard without its package.
    """
    budget = Budget()
    source: Any = _Counted(stream, budget)
    inner: Any
    if kind == "gzip":
        inner = gzip.GzipFile(fileobj=source)
    elif kind == "bzip2":
        inner = bz2.BZ2File(source)
    elif kind == "xz":
        inner = lzma.LZMAFile(source)  # noqa: SIM115 (closed with the stream around it)
    else:
        new = sys.version_info >= (3, 14)
        inner = require("compression.zstd" if new else "backports.zstd", "zst").ZstdFile(source)
    return io.BufferedReader(_Bounded(inner, kind, budget), CHUNK)


def members(stream: BinaryIO) -> Iterator[Member]:
    """The files in a zip, by name. Raises `OSError` if it is none."""
    try:
        archive = ZipFile(stream)
    except (BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise OSError(f"no zip that can be read: {error}") from None
    budget = Budget()
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            if not info.is_dir():
                yield _member(archive, info, budget)


def whole(stream: BinaryIO, limit: int, what: str) -> io.BytesIO:
    """All of a stream, for formats that are read from their end; `InputError` if it is long."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"{what} of more than {limit / 1e6:,.0f} MB")
    return io.BytesIO(data)


def _member(archive: ZipFile, info: ZipInfo, budget: Budget) -> Member:
    if info.flag_bits & 1:
        return Member(info.filename, None, "protected by a password; unpack it first")
    budget.taken += info.compress_size
    try:
        opened = archive.open(info)
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        return Member(info.filename, None, f"cannot be unpacked: {error}")
    return Member(info.filename, io.BufferedReader(_Bounded(opened, "zip", budget), CHUNK))


class _Counted(io.RawIOBase):
    """A stream whose bytes are counted as they are taken."""

    def __init__(self, stream: BinaryIO, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._budget.taken += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


class _Bounded(io.RawIOBase):
    """A stream being unpacked, that stops at a fault and at the end of its budget."""

    def __init__(self, inner: Any, kind: str, budget: Budget) -> None:
        self._inner = inner
        self._kind = kind
        self._budget = budget
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            data: bytes = self._inner.read1(len(view))
        except EOFError:
            raise OSError(f"{self._kind}: cut off after {self._given:,} bytes of content") from None
        except Exception as error:  # each package has its own kinds
            raise OSError(
                f"{self._kind}: damaged after {self._given:,} bytes of content ({error})"
            ) from None
        self._given += len(data)
        self._budget.spend(len(data))
        view[: len(data)] = data
        return len(data)
