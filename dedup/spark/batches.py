"""What executors do: functions from batches of Arrow to batches of Arrow.

Each is a loop around what one machine calls, and none knows Spark. Whatever is wrong with a row is
an `InputError` that names it.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from dedup.article import Article
from dedup.candidates.near import WINDOW, band_contents, contents_of, window_pairs
from dedup.candidates.tables import NUMBERS, band_keys, in_order, unpack_signatures
from dedup.embed import Encoder, resolve_encoder
from dedup.errors import InputError
from dedup.extras import require
from dedup.pipeline.collection import silent
from dedup.pipeline.reading import read_chunk, split_runs
from dedup.pipeline.spool import pack
from dedup.pipeline.tasks import GroupTask, do
from dedup.sketch import is_empty, resemblance, signatures

Batches = Iterable[Any]  # of pyarrow.RecordBatch

SIGNED = "id string, content bigint, signature binary"
BANDS = "key bigint, following int, content bigint"
PAIRS = "a bigint, b bigint"
COMPARED = "a bigint, b bigint, resemblance float"
BLOBS = "number int, data binary"

LOCAL = -1  # the descriptor of no file: what a task needs comes with it


def sign_batches(batches: Batches) -> Iterator[Any]:
    """From (id, text) to `SIGNED`: texts of one content have the same words; without words null."""
    arrow = require("pyarrow", "tables")
    for batch in batches:
        ids, texts = (batch.column(n).to_pylist() for n in (0, 1))
        for id, text in zip(ids, texts, strict=True):
            check_row(id, text)
        signed = signatures(texts, threads=1)
        contents = arrow.array(in_order(contents_of(signed)), mask=is_empty(signed))
        yield make_batch(SIGNED, ids, contents, [row.tobytes() for row in signed.astype(NUMBERS)])


def band_batches(batches: Batches) -> Iterator[Any]:
    """From (content, signature) to `BANDS`: for each band its key, and the order by the one that
    follows it."""
    for batch in batches:
        contents = batch.column(0).to_numpy(zero_copy_only=False)
        signed = unpack_signatures(batch.column(1).to_pylist())
        keys = band_keys(signed)
        upper = (band_contents(signed) >> np.uint64(32)).astype(np.uint32)
        following = np.roll(upper ^ np.uint32(1 << 31), -1, axis=1).view(np.int32)
        yield make_batch(BANDS, keys.ravel(), following.ravel(), np.repeat(contents, keys.shape[1]))


def pair_batches(batches: Batches) -> Iterator[Any]:
    """From `BANDS`, sorted by all columns, to `PAIRS`: each content with those that follow it in
    its bucket; many pairs come several times."""
    keys, contents = np.empty(0, np.int64), np.empty(0, np.int64)
    for batch in batches:
        # The last ones of the batch before may have partners in this one.
        keys = np.append(keys[-WINDOW:], batch.column(0).to_numpy())
        contents = np.append(contents[-WINDOW:], batch.column(2).to_numpy())
        fresh = np.append(True, (keys[1:] != keys[:-1]) | (contents[1:] != contents[:-1]))
        keys, contents = keys[fresh[: len(keys)]], contents[fresh[: len(keys)]]
        pairs = np.unique(np.sort(window_pairs(keys, contents), axis=1), axis=0)
        yield make_batch(PAIRS, pairs[:, 0], pairs[:, 1])


def compare_batches(batches: Batches) -> Iterator[Any]:
    """From pairs with both signatures to `COMPARED`."""
    for batch in batches:
        left, right = (unpack_signatures(batch.column(n).to_pylist()) for n in (2, 3))
        count = len(left)
        pairs = np.stack((np.arange(count), np.arange(count, 2 * count)), axis=1)
        shares = resemblance(np.concatenate((left, right)), pairs)
        yield make_batch(COMPARED, batch.column(0), batch.column(1), shares)


def read_batches(batches: Batches) -> Iterator[Any]:
    """From rows with the fields of an article to `BLOBS`: of some articles at a time what stays of
    them (`dedup.pipeline.reading.Chunk`), their ids, and themselves, packed."""
    for batch in batches:
        rows = batch.to_pylist()
        for row in rows:
            check_row(row["id"], row["text"])
        articles = [Article(**row) for row in rows]
        for run, texts in split_runs((a.text for a in articles), silent):
            own = articles[run.start : run.stop]
            chunk = read_chunk(texts, threads=1)
            blob = pickle.dumps(([a.id for a in own], [*map(pack, own)], chunk))
            yield make_batch(BLOBS, np.zeros(1, np.int32), [blob])


def work_out_batches(encoder: Encoder | str | None) -> Callable[[Batches], Iterator[Any]]:
    """From `BLOBS` of tasks to `BLOBS` of what is found in their groups."""

    def work_out(batches: Batches) -> Iterator[Any]:
        model = resolve_encoder(encoder)
        for batch in batches:
            for number, data in zip(*(column.to_pylist() for column in batch), strict=True):
                tasks: list[GroupTask] = pickle.loads(data)
                with threadpool_limits(limits=1, user_api="blas"):
                    found = [do(task, model, LOCAL) for task in tasks]
                yield make_batch(BLOBS, np.array([number], np.int32), [pickle.dumps(found)])

    return work_out


def check_row(id: Any, text: Any) -> None:
    """Raise `InputError` where a row is no article."""
    if not isinstance(id, str) or not id:
        raise InputError(f"a row has the id {id!r:.80}; each needs a string of its own")
    if not isinstance(text, str):
        raise InputError(f"the text of {id!r:.80} is {text!r:.40}, and no string; leave it out")


def make_batch(schema: str, *columns: Any) -> Any:
    """A batch of these columns, in the order of a schema as Spark writes it."""
    arrow = require("pyarrow", "tables")
    names = [part.split()[0] for part in schema.split(", ")]
    return arrow.RecordBatch.from_arrays(
        [column if isinstance(column, arrow.Array) else arrow.array(column) for column in columns],
        names,
    )
