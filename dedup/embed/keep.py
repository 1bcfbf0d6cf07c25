"""Vectors of sentences that are kept in a folder, so that no sentence is encoded twice.

One file of SQLite, `vectors.db`, has them by a hash of the encoder's name and the sentence.
Several processes may use it at once; it may be deleted at any time.

>>> encoder = keep_vectors(load_encoder(), "vectors/")    # doctest: +SKIP
>>> dedup.compare(articles, encoder=encoder)              # doctest: +SKIP
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np

from dedup.embed import Choice, Encoder, Matrix

FILE = "vectors.db"
MAX_ASKED = 500  # keys in one query
TIMEOUT = 60.0  # seconds that another process may write


def keep_vectors(encoder: Encoder, folder: str | Path) -> Encoder:
    """The same encoder, which looks in the folder first, and keeps there what it encodes."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    if isinstance(encoder, Choice):
        return replace(
            encoder, encoders=tuple(keep_vectors(one, folder) for one in encoder.encoders)
        )
    return KeepingEncoder(encoder, Path(folder) / FILE)


class KeepingEncoder:
    """An encoder with a file of the vectors that it has made."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.encoder = encoder
        self.name = encoder.name
        self.languages = encoder.languages
        self.across_only = getattr(encoder, "across_only", False)
        self.path = path

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        keys = [
            blake2b(f"{self.name}\0{sentence}".encode(), digest_size=16).digest()
            for sentence in sentences
        ]
        connection = sqlite3.connect(self.path, timeout=TIMEOUT)
        try:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)"
                " WITHOUT ROWID"
            )
            kept = self._find(connection, keys)
            unknown = {
                key: sentence
                for key, sentence in zip(keys, sentences, strict=True)
                if key not in kept
            }
            if unknown:
                made = self.encoder.encode([*unknown.values()])
                new = {key: row.tobytes() for key, row in zip(unknown, made, strict=True)}
                with connection:
                    connection.executemany(
                        "INSERT OR IGNORE INTO vectors VALUES (?, ?)", [*new.items()]
                    )
                kept |= new
        finally:
            connection.close()
        if not keys:
            return np.zeros((0, 0), dtype=np.float32)
        return np.stack([np.frombuffer(kept[key], dtype=np.float32) for key in keys])

    def _find(self, connection: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The vectors that are kept, by key."""
        kept: dict[bytes, bytes] = {}
        for at in range(0, len(keys), MAX_ASKED):
            asked = keys[at : at + MAX_ASKED]
            marks = ", ".join("?" * len(asked))
            kept.update(connection.execute(f"SELECT * FROM vectors WHERE key IN ({marks})", asked))
        return kept
