"""What executors do, without Spark: the same functions over batches, wherever their borders are."""

from typing import Any

import numpy as np
import pytest

from dedup import InputError
from dedup.candidates.near import resembling_pairs
from dedup.candidates.tables import unpack_signatures
from dedup.pipeline.groups import CandidateGroup
from dedup.pipeline.tasks import GroupTask
from dedup.sketch import signatures
from dedup.spark import comparison
from dedup.spark.batches import (
    band_batches,
    check_row,
    compare_batches,
    make_batch,
    pair_batches,
    sign_batches,
)
from dedup.spark.comparison import split_waves

pa = pytest.importorskip("pyarrow")

WORDS = ["ferry", "quay", "choir", "miners", "harbour", "divers", "piles", "crowns", "market"]
# Fifteen texts that differ in their last words, more than a bucket compares with each other, one
# of them twice, and one without words.
TEXTS = [" ".join((*WORDS * 3, f"and {n} more")) for n in range(14)]
TEXTS += [TEXTS[0].upper(), "…"]


def batch(**columns: Any) -> Any:
    return pa.RecordBatch.from_pydict(columns)


def sorted_bands() -> Any:
    """The bands of all texts, as Spark sorts them."""
    (signed,) = sign_batches([batch(id=[f"t{n:02}" for n in range(len(TEXTS))], text=TEXTS)])
    worded = pa.table(signed).filter(pa.compute.is_valid(pa.table(signed)["content"]))
    rows = worded.select(["content", "signature"]).to_batches()
    (bands,) = band_batches(rows)
    return pa.table(bands).sort_by([(name, "ascending") for name in bands.schema.names])


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pairs_are_those_of_one_machine_whatever_the_batches(size: int) -> None:
    """A bucket that ends in the next batch has the pairs that it has in one."""
    table = sorted_bands()
    found: set[tuple[int, ...]] = set()
    for pairs in pair_batches(table.to_batches(max_chunksize=size)):
        found |= set(zip(*(column.to_pylist() for column in pairs.columns), strict=True))
    (signed,) = sign_batches([batch(id=["a"] * len(TEXTS), text=TEXTS)])
    contents = signed.column(1).to_pylist()
    pairs, _ = resembling_pairs(signatures(TEXTS), 1e-9, compiled=False)
    expected = {tuple(sorted((contents[i], contents[j]))) for i, j in pairs.tolist()}
    assert found == {pair for pair in expected if pair[0] != pair[1]}
    assert len(found) > 14


def test_texts_of_one_content_have_one_name_and_no_words_have_none() -> None:
    """So that identical texts stand for one another, and empty ones for nothing."""
    (signed,) = sign_batches([batch(id=["a"] * len(TEXTS), text=TEXTS)])
    contents = signed.column(1).to_pylist()
    assert contents[0] == contents[14]
    assert contents[15] is None
    assert len(set(contents)) == 15
    assert np.array_equal(unpack_signatures(signed.column(2).to_pylist()), signatures(TEXTS))


def test_a_pair_is_compared_as_on_one_machine() -> None:
    """By the share of positions in which both signatures agree."""
    rows = [row.tobytes() for row in signatures(TEXTS[:2])]
    both = batch(a=[1], b=[2], left=rows[:1], right=rows[1:])
    (compared,) = compare_batches([both])
    _, shares = resembling_pairs(signatures(TEXTS[:2]), 0.1)
    assert compared.column(2).to_pylist() == shares.tolist()


@pytest.mark.parametrize(
    ("id", "text", "reason"),
    [("a", None, "text of 'a' is None"), ("a", b"x", "text of 'a' is b'x'"), ("", "x", "id ''"),
     (None, "x", "id None"), (7, "x", "id 7")],
)  # fmt: skip
def test_a_row_that_is_no_article_is_named(id: Any, text: Any, reason: str) -> None:
    """With what it has instead."""
    with pytest.raises(InputError, match=reason):
        check_row(id, text)


def test_groups_are_sent_in_waves_that_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wave ends with the group that fills it, by bytes or by pairs."""
    monkeypatch.setattr(comparison, "MAX_WAVE_BYTES", 100)
    monkeypatch.setattr(comparison, "MAX_WAVE_PAIRS", 3)
    tasks = [
        GroupTask(
            (f"{n}",), ((0, size),), CandidateGroup((n,), ((n, n + 1),) * pairs), (), (), "groups"
        )
        for n, (size, pairs) in enumerate([(60, 1), (60, 0), (10, 3), (10, 1), (10, 1)])
    ]
    waves = [[task.ids[0] for task in wave] for wave in split_waves(tasks)]
    assert waves == [["0", "1"], ["2"], ["3", "4"]]


def test_a_batch_has_the_names_of_its_schema() -> None:
    """As Spark spells it, types and all."""
    made = make_batch("a bigint, b bigint", np.array([1]), [2])
    assert made.to_pydict() == {"a": [1], "b": [2]}
