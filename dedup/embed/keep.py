"""Vectors of texts that are kept, so that no text is encoded twice.

They are found by a hash of the encoder's name and of the sentences of a text, all together: the
last digits of a vector may depend on what is encoded beside it, and so they do not. In a folder
they are in one file of SQLite, `vectors.db`, which several processes may use at once, and which may
be deleted at any time.

>>> encoder = keep_vectors(load_encoder(), "vectors/")    # doctest: +SKIP
>>> dedup.compare(articles, encoder=encoder)              # doctest: +SKIP
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np

from dedup.embed import Choice, Encoder, Matrix
from dedup.errors import InputError

FILE = "vectors.db"
TIMEOUT = 60.0  # seconds that another process may write


class Vectors(Protocol):
    """Where the vectors of texts are kept, by hash: a `dict`, say, or a `VectorFile`."""

    def get(self, key: bytes, /) -> bytes | None: ...

    def __setitem__(self, key: bytes, vectors: bytes, /) -> None: ...


def keep_vectors(encoder: Encoder, kept: str | Path | Vectors) -> Encoder:
    """The same encoder, which looks first in a folder, or in what else has vectors, and keeps there
    what it encodes."""
    if isinstance(kept, str | Path):
        kept = VectorFile(kept)
    if isinstance(encoder, Choice):
        return replace(encoder, encoders=tuple(keep_vectors(one, kept) for one in encoder.encoders))
    return KeepingEncoder(encoder, kept)


class KeepingEncoder:
    """An encoder with the vectors that it has made."""

    def __init__(self, encoder: Encoder, kept: Vectors) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self.languages = encoder.languages
        self.across_only = getattr(encoder, "across_only", False)
        self.kept = kept

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        hashed = blake2b(digest_size=16)
        for part in (self.name, *sentences):
            data = part.encode()
            hashed.update(len(data).to_bytes(8, "little") + data)
        known = self.kept.get(key := hashed.digest())
        if known is not None:
            return np.frombuffer(known, dtype=np.float32).reshape(len(sentences), -1)
        made = np.asarray(self.encoder.encode(sentences), dtype=np.float32)
        self.kept[key] = made.tobytes()
        return made


class VectorFile:
    """The file of vectors in a folder, which is made where it is missing."""

    def __init__(self, folder: str | Path) -> None:
        Path(folder).mkdir(parents=True, exist_ok=True)
        self.path = Path(folder) / FILE

    def get(self, key: bytes) -> bytes | None:
        """The vectors of that text."""
        with self._open() as connection:
            row = connection.execute("SELECT vectors FROM texts WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def __setitem__(self, key: bytes, vectors: bytes) -> None:
        with self._open() as connection:
            connection.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (key, vectors))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, for one transaction; `InputError` where it cannot be used."""
        try:
            with closing(sqlite3.connect(self.path, timeout=TIMEOUT)) as connection, connection:
                connection.execute("PRAGMA synchronous = OFF")  # what is lost is made again
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS texts (key BLOB PRIMARY KEY, vectors BLOB)"
                )
                yield connection
        except sqlite3.Error as error:
            raise InputError(
                f"{self.path}: vectors cannot be kept there: {error}; delete the file, or make room"
            ) from None
