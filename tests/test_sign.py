"""Signatures and pairs as tables: what several machines sign is what one machine finds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dedup
from benchmarks.data import ROOT
from dedup import Article, Index, InputError, near_duplicates, pairs, sign
from dedup.candidates.near import BANDS, window_pairs
from dedup.candidates.tables import FORMAT, MAX_ROWS, read_signatures
from dedup.sketch import signatures

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

WIRE = (
    "The harbour master of Lindesnes closed the northern quay on Tuesday after divers found that "
    "two of its piles had been eaten through by shipworms. Ferries will moor at the fish market "
    "until the spring, he said, and the repair will cost four million crowns."
)
COPY = WIRE.replace("Tuesday", "Wednesday")
OTHER = "A choir of retired miners from Kiruna won the singing contest in Umeå for the third time."
TEXTS = {"c-copy": COPY, "a-wire": WIRE, "d-other": OTHER, "b-again": WIRE.upper(), "e-empty": "…"}


def signed(*ids: str) -> Any:
    return sign(ids, [TEXTS[id] for id in ids])


def test_a_table_has_a_row_for_each_text() -> None:
    """With its signature, a number for each band, and how many words it has; a text without words
    has no bands, so that it meets nothing."""
    table = signed(*TEXTS)
    assert table.column_names == ["format", "id", "signature", "bands", "words"]
    assert set(table.column("format").to_pylist()) == {FORMAT} == {"dedup/signatures/1"}
    ids, rows = read_signatures(table)
    assert ids == list(TEXTS)
    assert np.array_equal(rows, signatures(TEXTS.values()))
    assert table.column("words").to_pylist()[-3:] == [17, 45, 0]
    assert [len(bands) for bands in table.column("bands").to_pylist()] == [25, 25, 25, 25, 0]


def test_equal_bands_have_equal_numbers() -> None:
    """All 25 where the words are the same, some where most are, none where none are."""
    bands = dict(zip(TEXTS, signed(*TEXTS).column("bands").to_pylist(), strict=True))
    shared = {id: len({*bands["a-wire"]} & {*bands[id]}) for id in bands}
    assert shared["b-again"] == 25
    assert 0 < shared["c-copy"] < 25
    assert shared["d-other"] == shared["e-empty"] == 0


def test_of_many_texts_the_table_has_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same rows of the same types, whether the last chunk is full or not."""
    whole = signed(*TEXTS)
    for size in (1, 2, 5):
        monkeypatch.setattr("dedup.candidates.tables.MAX_ROWS", size)
        table = signed(*TEXTS)
        assert table.column("signature").num_chunks == -(-len(TEXTS) // size)
        assert table.schema == whole.schema
        assert table.to_pylist() == whole.to_pylist()
        assert pairs(table).equals(pairs(whole))
    assert sign([], []).schema == whole.schema


def test_no_chunk_has_more_signatures_than_can_be_counted() -> None:
    """Places in a column of bytes, and of the numbers of bands, have 32 bits."""
    width = signed("a-wire").column("signature").to_pylist()[0]
    assert MAX_ROWS * max(len(width), BANDS) < 2**31


@pytest.mark.seeds
def test_both_paths_sign_alike() -> None:
    """Numpy and the kernels, to the last bit."""
    texts = [article.text for article in dedup.read(str(ROOT / "seeds"))]
    ids = [str(n) for n in range(len(texts))]
    assert sign(ids, texts, compiled=False).equals(sign(ids, texts, compiled=True))


def test_pairs_of_tables_are_those_of_texts(tmp_path: Path) -> None:
    """Signed in parts, through Parquet, in another order: the pairs of `near_duplicates`."""
    for name, part in (("2", ["d-other", "c-copy"]), ("1", ["b-again", "e-empty", "a-wire"])):
        pq.write_table(signed(*part), tmp_path / f"{name}.parquet")
    found = pairs(pq.read_table(tmp_path), threshold=0.6)
    names = sorted(TEXTS)
    known = near_duplicates([TEXTS[id] for id in names], threshold=0.6)
    expected = [(names[i], names[j]) for i, j in known.pairs.tolist()]
    assert [(row["a"], row["b"]) for row in found.to_pylist()] == expected
    assert expected == [("a-wire", "b-again"), ("a-wire", "c-copy")]
    assert found.column("resemblance").to_pylist() == known.similarity.tolist()


def test_pairs_that_are_given_are_related_and_no_others() -> None:
    """`compare` takes the table, or ids two at a time, and looks for no others."""
    articles = [Article(id, text) for id, text in TEXTS.items()]
    by_table = dedup.compare(articles, pairs=pairs(signed(*TEXTS)))
    assert [sorted(c.members) for c in by_table.clusters] == [["a-wire", "b-again", "c-copy"]]
    by_ids = dedup.compare(articles, pairs=[("c-copy", "a-wire"), ("a-wire", "c-copy")])
    assert [sorted(cluster.members) for cluster in by_ids.clusters] == [["a-wire", "c-copy"]]
    assert by_ids.settings["pairs"] == "given"
    assert by_ids.counts["aligned"] == by_ids.counts["candidates"] == 1
    assert not dedup.compare(articles, pairs=[]).clusters


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([("a-wire", "nobody")], "'nobody', and there is no such article"),
        (["ab"], "'ab' is no pair of ids"),
        ([("a-wire", "b-again", "c-copy")], "is no pair of ids"),
        ([3], "3 is no pair of ids"),
        (3, "3 is no collection of pairs"),
        ([(["a-wire"], "a-wire")], r"a pair has \['a-wire'\], and there is no such article"),
        ([(None, "a-wire")], "a pair has None"),
        (pa.table({"a": ["a-wire"], "c": ["b-again"]}), "no column 'b'"),
    ],
)
def test_pairs_that_cannot_be_used_are_named(given: Any, reason: str) -> None:
    """With the id, or the column that is missing."""
    with pytest.raises(InputError, match=reason):
        dedup.compare([Article(id, text) for id, text in TEXTS.items()], pairs=given)


def test_a_work_folder_knows_the_pairs_it_was_for(tmp_path: Path) -> None:
    """Other pairs of the same articles are refused there; the same go on."""
    articles = [Article(id, text) for id, text in TEXTS.items()]
    given = [("a-wire", "c-copy")]
    first = dedup.compare(articles, pairs=given, work=tmp_path / "work")
    again = dedup.compare(articles, pairs=given, work=tmp_path / "work")
    assert [*again.clusters] == [*first.clusters]
    with pytest.raises(InputError, match="other articles"):
        dedup.compare(articles, pairs=[("a-wire", "b-again")], work=tmp_path / "work")


def test_an_index_takes_signatures_from_a_table() -> None:
    """They are candidates from then on, each once; without a text they are no matches."""
    with Index(":memory:") as index:
        assert index.add_signatures(signed("a-wire", "d-other")) == 2
        assert index.add_signatures(signed("d-other", "c-copy")) == 1
        verdict = index.check(Article("draft", WIRE))
        assert [candidate.id for candidate in verdict.candidates] == ["a-wire", "c-copy"]
        assert verdict.candidates[0].resemblance == 1
        assert not verdict.matches


def change(name: str, value: Any, type: Any = None) -> Any:
    """A table of one article with another value in a column, of its own type or of another."""
    table = signed("a-wire")
    place = table.column_names.index(name)
    return table.set_column(place, name, pa.array([value], type or table.schema.field(name).type))


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (change("format", "dedup/signatures/0"), "the format 'dedup/signatures/0'.*sign the texts"),
        (change("signature", b"short"), "of 'a-wire' has 5 bytes instead of 512"),
        (change("signature", None), "of 'a-wire' has None"),
        (change("signature", "s" * 512, pa.string()), "of 'a-wire' has 'sss"),
        (change("id", None), "a row has the id None"),
        (change("id", 7, pa.int64()), "a row has the id 7"),
        (signed("a-wire").drop_columns("format"), "no column 'format'"),
        (["a-wire"], "list is no table"),
    ],
)
def test_tables_of_another_format_are_refused(table: Any, reason: str) -> None:
    """Before anything is compared, and with what is wrong."""
    with pytest.raises(InputError, match=reason):
        pairs(table)


def test_ids_and_texts_belong_together() -> None:
    """As many of the one as of the other, all of them strings, and no id twice."""
    with pytest.raises(InputError, match="2 ids and 1 texts"):
        sign(["a", "b"], [WIRE])
    with pytest.raises(InputError, match="the id 7 is no string"):
        sign([7], [WIRE])  # type: ignore[list-item]
    with pytest.raises(InputError, match="no string; leave it out"):
        sign(["a"], [None])  # type: ignore[list-item]
    with pytest.raises(InputError, match="two rows have the id 'a'"):
        pairs(sign(["a", "a"], [WIRE, OTHER]))
    assert len(sign([], [])) == len(pairs(sign([], []))) == 0


def test_each_of_a_crowd_meets_those_that_follow() -> None:
    """In a bucket of twelve each has eight partners at most, in two buckets only its own."""
    buckets, items = np.array([1] * 12 + [2] * 2), np.arange(14)
    found = window_pairs(buckets, items)
    assert {(i, j) for i, j in found.tolist() if j < 12} == {
        (i, j) for i in range(12) for j in range(i + 1, min(i + 9, 12))
    }
    assert [pair for pair in found.tolist() if pair[1] >= 12] == [[12, 13]]
