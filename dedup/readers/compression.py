"""Compressed files → the bytes in them, as a stream with a limit.

For files compressed by gzip, bzip2, xz or zstandard, and for the members of a zip. Bytes are
decompressed as they are read. A file that expands to far more than any news does is stopped in
time (a zip bomb); what comes before a cut or a damage is read. A file may be several compressed
streams one after the other; one that is damaged is reported, where the standard library takes it
for padding. Nothing is written to disk, so a member's name can lead nowhere.
"""

import bz2
import io
import lzma
import sys
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from dedup.errors import InputError
from dedup.extras import require

ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the first bytes of a zip, and of an empty one
ZIP_FAULTS = (BadZipFile, ValueError, EOFError, NotImplementedError, zlib.error)
MAGIC = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstandard",
}  # fmt: skip

# Articles as JSON lines expand to 3 to 10 times their size, one text a thousand times over to
# 100 times. Up to MIN_BOMB nothing is counted: small files of one letter are no attack.
MAX_RATIO = 200
MIN_BOMB = 32_000_000
MAX_PIPED = 2_000_000_000  # bytes of a file that is piped in and has to be in memory as a whole
CHUNK = 1 << 18
MAX_DICTIONARY = 500_000_000  # bytes of memory for xz, whose best level takes 65 MB
MAX_BEGINS = 10_000  # places of streams that are kept: a buffer of 256 KB holds fewer


class CountedStream:
    """A stream that is only read forward, with what was taken from it and what that became."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.taken = 0
        self.read_all = False
        self._expanded = 0

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; all where it is negative."""
        data = self._stream.read(size)
        self.taken += len(data)
        self.read_all = not data
        return data

    def tell(self) -> int:
        """How many bytes were taken."""
        return self.taken

    def expand(self, size: int) -> None:
        """Count bytes that came out of those taken; `OSError` if they are too many."""
        self._expanded += size
        if self._expanded > max(MIN_BOMB, MAX_RATIO * self.taken):
            raise OSError(
                f"expands to more than {MAX_RATIO} times its size, which looks like a zip bomb; "
                "the rest is not read"
            )


def compression_of(head: bytes) -> str | None:
    """How a file that begins like this is compressed; None if it is not."""
    return next((name for magic, name in MAGIC.items() if head.startswith(magic)), None)


class Unpacked(io.BufferedReader):
    """The bytes in a compressed file."""

    def __init__(self, raw: io.RawIOBase, streams: "PackedStreams") -> None:
        super().__init__(raw, CHUNK)
        self.packed_place = streams.packed_place


def decompress(stream: BinaryIO, kind: str) -> Unpacked:
    """The bytes in a stream that is compressed as `kind` says.

    Reading them raises `OSError` where the stream is cut off, damaged or a bomb.
    """
    source = CountedStream(stream)
    streams = PackedStreams(source, kind)
    return Unpacked(BoundedStream(streams, kind, source), streams)


def zip_members(stream: BinaryIO) -> Iterator[tuple[str, io.BufferedReader | str]]:
    """The files in a zip, by name: each with its bytes, or why it cannot be read.

    Raises `InputError` if the stream is no zip.
    """
    try:
        archive = ZipFile(stream)
    except ZIP_FAULTS as error:
        raise InputError(f"not a zip that can be read: {error}") from None
    counter = CountedStream(stream)  # for all files together
    with archive:
        for info in sorted(archive.infolist(), key=lambda info: info.filename):
            if info.filename.endswith("/"):
                continue
            if info.flag_bits & 1:
                yield info.filename, "protected by a password; unpack it first"
                continue
            counter.taken += info.compress_size
            try:
                member = BoundedStream(archive.open(info), "zip", counter)
            except (*ZIP_FAULTS, RuntimeError, OSError) as error:
                yield info.filename, f"cannot be unpacked: {error}"
            else:
                yield info.filename, io.BufferedReader(member, CHUNK)


def read_whole(stream: BinaryIO, limit: int, what: str) -> io.BytesIO:
    """All of a stream, for formats that need all of it; `InputError` if it is longer."""
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise InputError(f"larger than {limit / 1e6:,.0f} MB, the limit for {what}")
    return io.BytesIO(data)


def seekable(stream: BinaryIO, what: str) -> BinaryIO:
    """The stream, or all of it where it is piped in and cannot be read from its end."""
    return stream if stream.seekable() else read_whole(stream, MAX_PIPED, what)


def new_decompressor(kind: str) -> Callable[[], Any]:
    """What makes a decompressor of one stream that is compressed as `kind` says."""
    if kind == "zstandard":
        new = sys.version_info >= (3, 14)
        module = require("compression.zstd" if new else "backports.zstd", "zst")
        return lambda: module.ZstdDecompressor()
    return {
        "gzip": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),
        "bzip2": bz2.BZ2Decompressor,
        "xz": lambda: lzma.LZMADecompressor(memlimit=MAX_DICTIONARY),
    }[kind]


class PackedStreams:
    """The bytes in compressed streams that follow each other, and where each of them begins."""

    def __init__(self, source: CountedStream, kind: str) -> None:
        self._source = source
        self._new = new_decompressor(kind)
        self._open: Any = None  # the decompressor of the stream under way
        self._rest = b""  # bytes taken from the source, not yet decompressed
        self._size = 0  # of what came out
        # Place in what came out and place in the file of each stream.
        self._begins: deque[tuple[int, int]] = deque(maxlen=MAX_BEGINS)

    def packed_place(self, place: int) -> int:
        """Where in the file the stream begins that came out at `place`; `place` if none did.

        Places have to be asked for in their order.
        """
        while self._begins and self._begins[0][0] < place:
            self._begins.popleft()
        return self._begins[0][1] if self._begins and self._begins[0][0] == place else place

    def read1(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end. Raises whatever the decompressor raises."""
        while True:
            hungry = getattr(self._open, "needs_input", True)
            if hungry and not self._rest:
                self._rest = self._source.read(CHUNK)
            if self._open is None:
                # Tapes and tools fill up with zeros between streams and behind the last.
                self._rest = self._rest.lstrip(b"\0")
                if not self._rest:
                    if self._source.read_all:
                        return b""
                    continue
                self._open = self._new()
                self._begins.append((self._size, self._source.taken - len(self._rest)))
            elif hungry and not self._rest:
                raise EOFError
            given, self._rest = self._rest, b""
            data: bytes = self._open.decompress(given, size)
            if self._open.eof:
                self._rest = self._open.unused_data
                self._open = None
            else:
                self._rest = getattr(self._open, "unconsumed_tail", b"")  # zlib has no buffer
            if data:
                self._size += len(data)
                return data


class BoundedStream(io.RawIOBase):
    """A stream being decompressed, that stops at a fault and at the limit of its source."""

    def __init__(self, inner: Any, kind: str, source: CountedStream) -> None:
        self._inner = inner
        self._kind = kind
        self._source = source
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data: bytes = self._inner.read1(len(buffer))
        except Exception as error:  # each package has its own kinds
            fault = "cut off" if isinstance(error, EOFError) else "damaged"
            reason = "" if isinstance(error, EOFError) else f" ({error})"
            place = f"after {self._size:,} bytes of content"
            raise OSError(f"{self._kind}: {fault} {place}{reason}") from None
        self._size += len(data)
        self._source.expand(len(data))
        buffer[: len(data)] = data
        return len(data)
