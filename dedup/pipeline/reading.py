"""Read a collection: what stays of each article when it goes by, in columns, chunk by chunk.

A chunk is as many articles as it takes for the kernels to pay. Its columns are a function of its
texts alone, so chunks can be read in any process. In a work folder the columns of each chunk are
kept with a digest of its articles: a run that goes on reads its input again, which costs little,
and finds what it has worked out of it before; articles that are not the same are an error.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from operator import itemgetter
from sys import intern
from typing import Any, NamedTuple

import numpy as np

from dedup.article import Article
from dedup.errors import InputError
from dedup.pipeline.pieces import Pieces, hash_pieces
from dedup.pipeline.storage import ANEW, Storage
from dedup.sketch import MIN_FOR_KERNELS, PERMUTATIONS, TEXT, RawSketches, raw_sketch
from dedup.text.language import identify
from dedup.text.words import Hashes, Integers

LOG = "chunks.jsonl"
FIELDS = ("id", "text", "title", "url", "publisher", "published", "language", "byline")
# File, type and width of each column of a chunk, in the order of `columns_of`.
COLUMNS = (
    ("signatures", np.uint32, PERMUTATIONS),
    ("words", np.int64, 1),
    ("terms", np.int32, 1),
    ("counts", np.float32, 1),
    ("sizes", np.int64, 1),
    ("runs", np.uint64, 1),
    ("run_sizes", np.int64, 1),
    ("pieces", np.uint64, 1),
    ("piece_counts", np.int64, 1),
)


class Chunk(NamedTuple):
    """What stays of some articles: the language of each, the hashes of its lines and sentences
    (all end to end, and how many each has), and sketches whose terms are not weighted yet."""

    languages: list[str]
    raw: RawSketches
    pieces: Hashes
    piece_counts: Integers
    in_files: bool = False

    def columns(self) -> tuple[Any, ...]:
        """The arrays in the order of `COLUMNS`."""
        return (*self.raw, self.pieces, self.piece_counts)

    def shared_pieces(self) -> Pieces:
        """The pieces as `find_shared_boilerplate` wants them."""
        return Pieces(self.pieces, np.append(0, np.cumsum(self.piece_counts)))


def read_chunk(
    texts: Sequence[str], *, compiled: bool | None = None, threads: int | None = None
) -> Chunk:
    """What stays of these texts. `compiled` and `threads` as for `dedup.sketch.sketch`."""
    pieces = hash_pieces(texts)
    return Chunk(
        [identify(text) for text in texts],
        raw_sketch(texts, compiled=compiled, threads=threads),
        pieces.hashes,
        np.diff(pieces.starts),
    )


class Chunks:
    """The chunks of a collection, in order.

    Where there is only one and no work folder, it stays in memory; else the columns are in files.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._log: list[dict[str, Any]] = self._recall() if storage.folder else []
        self._only: Chunk | None = None
        self._count = 0  # of the chunks of this run
        self.languages: list[str] = []

    def recall(self, digest: str) -> bool:
        """Whether an earlier run has read the next chunk; it is passed over then. Raises
        `InputError` where that run had other articles."""
        if self._count >= len(self._log):
            return False
        entry = self._log[self._count]
        if entry["digest"] != digest:
            raise InputError(f"{self._storage.folder}: holds the work on other articles; {ANEW}")
        self.languages += entry["languages"]
        self._count += 1
        return True

    def append(self, digest: str, chunk: Chunk) -> None:
        """Keep the next chunk."""
        self.languages += chunk.languages
        self._count += 1
        if self._storage.folder is None and self._count == 1:
            self._only = chunk
            return
        if self._only is not None:
            self._write("", self._only)
            self._only = None
        self._write(digest, chunk)

    def finish(self) -> Chunk:
        """All chunks as one. Raises `InputError` where an earlier run had more of them."""
        if self._count < len(self._log):
            raise InputError(f"{self._storage.folder}: holds the work on other articles; {ANEW}")
        if self._only is not None:
            return self._only
        if not self._log:
            return read_chunk([])
        ends = self._log[-1]["ends"]
        tables = [
            self._storage.table(name, dtype, (ends[name], width) if width > 1 else (ends[name],))
            for name, dtype, width in COLUMNS
        ]
        return Chunk(self.languages, RawSketches(*tables[:7]), tables[7], tables[8], in_files=True)

    def _write(self, digest: str, chunk: Chunk) -> None:
        before = self._log[-1]["ends"] if self._log else {name: 0 for name, _, _ in COLUMNS}
        ends = {}
        for (name, dtype, _), column in zip(COLUMNS, chunk.columns(), strict=True):
            self._storage.append(name, np.ascontiguousarray(column, dtype).tobytes())
            ends[name] = before[name] + len(column)
        entry = {"digest": digest, "ends": ends, "languages": chunk.languages}
        self._log.append(entry)
        if self._storage.folder:
            self._storage.append(LOG, json.dumps(entry).encode() + b"\n")

    def _recall(self) -> list[dict[str, Any]]:
        """The chunks of an earlier run that are complete; what is cut short is dropped."""
        file, log, end = self._storage.open(LOG), list[dict[str, Any]](), 0
        file.seek(0)
        for line in file.readlines():
            if not line.endswith(b"\n"):
                break
            entry = json.loads(line)
            log.append({**entry, "languages": [*map(intern, entry["languages"])]})
            end += len(line)
        self._storage.truncate(LOG, end)
        for name, dtype, width in COLUMNS:
            rows = log[-1]["ends"][name] if log else 0
            self._storage.truncate(name, rows * width * np.dtype(dtype).itemsize)
        return log


class Digests:
    """Digests of what passes by: of each chunk, and of all articles."""

    def __init__(self) -> None:
        self._all, self._chunk = blake2b(digest_size=16), blake2b(digest_size=16)

    def watch(self, articles: Iterable[Article]) -> Iterator[Article]:
        """The same articles."""
        for article in articles:
            extra = sorted(article.extra.items(), key=itemgetter(0))
            for value in (*(getattr(article, name) for name in FIELDS), extra):
                written = ("" if value is None else str(value)).encode("utf-8", "surrogatepass")
                self._chunk.update(b"%d " % len(written) + written)
            yield article

    def take(self) -> str:
        """The digest of what passed since the last one was taken."""
        digest = self._chunk.hexdigest()
        self._all.update(self._chunk.digest())
        self._chunk = blake2b(digest_size=16)
        return digest

    def all(self) -> str:
        """The digest of all that was taken."""
        return self._all.hexdigest()


def split_runs(
    texts: Iterable[str], progress: Callable[[str, int, int], None]
) -> Iterator[tuple[range, list[str]]]:
    """The numbers and texts of one chunk after the other."""
    run, size, done = list[str](), 0, 0
    for text in texts:
        progress("read", done, 0)
        run.append(text)
        size += len(text) + TEXT
        done += 1
        if size >= MIN_FOR_KERNELS:
            yield range(done - len(run), done), run
            run, size = [], 0
    if run:
        yield range(done - len(run), done), run
