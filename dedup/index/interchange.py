"""Exchange with others: signatures with datasketch and tables of `dedup.sign`, articles with files
that `dedup.read` reads.

A signature says nothing of the shingles it was made of: that both sides make them alike is up to
who brings them together (`dedup.sketch.shingle_hash`).
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dedup.article import Article
from dedup.candidates.near import BANDS, ROWS
from dedup.candidates.tables import read_signatures
from dedup.errors import InputError
from dedup.extras import require
from dedup.index.records import spell_fields
from dedup.readers.exact import SCHEMA
from dedup.sketch import EMPTY, PERMUTATIONS, SEED, shingle_hash

if TYPE_CHECKING:
    from datasketch import MinHash, MinHashLSH

SCHEME = "affine32"
SURROGATE = re.compile("[\ud800-\udfff]")
LINES, TABLE = (".jsonl", ".ndjson"), ".parquet"
GROUP_ROWS = 10_000  # articles of a Parquet row group: some tens of megabytes


def minhash(signature: npt.NDArray[np.uint32]) -> "MinHash":
    """A signature as datasketch has it, to be looked up in its indexes."""
    from datasketch import MinHash

    return MinHash(
        num_perm=PERMUTATIONS, seed=SEED, hashvalues=signature, hashfunc=shingle_hash, scheme=SCHEME
    )


def signatures_of(signed: Any) -> tuple[list[str], npt.NDArray[np.uint32]]:
    """The ids of a table that `dedup.sign` made, or the keys of a datasketch index, as strings, and
    their signatures: uint32[n, 128].

    A datasketch index keeps the positions that stand in its bands; what it does not keep (3 of 128
    with 25 bands of 5) is `EMPTY`. Raises `InputError` where its bands are too few for ours, are
    hashed, or were made by another scheme.
    """
    if not hasattr(signed, "hashtables"):
        return read_signatures(signed)
    lsh: MinHashLSH = signed
    scheme = getattr(lsh, "_minhash_scheme", None)
    if scheme not in (None, SCHEME) or lsh.h != PERMUTATIONS:
        raise InputError(
            f"the datasketch index has scheme {scheme!r} and {lsh.h} permutations; "
            f"only {SCHEME!r} with {PERMUTATIONS} can be read"
        )
    if lsh.b * lsh.r < BANDS * ROWS or lsh.hashfunc is not None:
        raise InputError(
            f"the datasketch index keeps {lsh.b} bands of {lsh.r}"
            f"{' as hashes' if lsh.hashfunc else ''}; {BANDS * ROWS} positions are needed as they "
            f"are: make it with params=({BANDS}, {ROWS})"
        )
    keys = list(lsh.keys)
    signatures = np.full((len(keys), PERMUTATIONS), EMPTY)
    for row, key in enumerate(keys):
        kept = b"".join(lsh.keys[key])
        # They stand there as big-endian numbers of 64 bits, or of the signature's own type.
        width = len(kept) // (lsh.b * lsh.r)
        signatures[row, : lsh.b * lsh.r] = np.frombuffer(kept, f">u{width}").astype(np.uint32)
    return [str(key) for key in keys], signatures


def write(articles: Iterable[Article], path: Path) -> int:
    """Write articles to `path`, by its suffix, and say how many: all of them, or the file stays
    as it was."""
    suffix = path.suffix.lower()
    if suffix not in (*LINES, TABLE):
        raise InputError(f"{path}: in which format? End its name in .jsonl or .parquet")
    part = path.with_name(f"{path.name}.part")
    try:
        if suffix == TABLE:
            count = write_table(articles, part)
        else:
            with part.open("w", encoding="utf-8", newline="\n") as file:
                count = sum(file.write(line) > 0 for line in records(articles))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return count


def records(articles: Iterable[Article]) -> Iterator[str]:
    """Articles as lines of JSON, which `dedup.read` reads back."""
    for article in articles:
        fields = json.loads(spell_fields(article))
        record = {"schema": SCHEMA, "id": article.id, **fields, "text": article.text}
        line = json.dumps(record, ensure_ascii=False)
        # A lone surrogate is no UTF-8; JSON spells it.
        yield (json.dumps(record) if SURROGATE.search(line) else line) + "\n"


def write_table(articles: Iterable[Article], path: Path) -> int:
    """Write a Parquet file, and say how many articles it has."""
    arrow, parquet = require("pyarrow", "tables"), require("pyarrow.parquet", "tables")
    names = ("id", "title", "url", "publisher", "published", "language", "byline", "text")
    schema = arrow.schema([(name, arrow.string()) for name in (*names, "schema", "extra", "exact")])
    count = 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as file:
        rest = map(table_row, articles)
        while rows := list(islice(rest, GROUP_ROWS)):
            file.write_table(arrow.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def table_row(article: Article) -> dict[str, Any]:
    """An article as a row of a table, with its extra fields as JSON."""
    fields = json.loads(spell_fields(article))
    extra = fields.pop("extra", None)
    row = {"id": article.id, **fields, "text": article.text}
    # A lone surrogate is no Unicode text, which is all that a table can hold; JSON spells it.
    odd = {name: value for name, value in row.items() if SURROGATE.search(value)}
    plain = {name: value.encode("utf-8", "replace").decode() for name, value in odd.items()}
    exact = json.dumps(odd) if odd else None
    return row | plain | {"schema": SCHEMA, "extra": extra and json.dumps(extra), "exact": exact}
