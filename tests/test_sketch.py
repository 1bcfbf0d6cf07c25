"""Sketches: signatures are datasketch's, weights are scikit-learn's, both paths are one."""

import itertools
import json
import lzma
import subprocess
import sys

import numpy as np
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer

from benchmarks.data import DATA
from dedup import sketch as sketches
from dedup.sketch import (
    EMPTY,
    is_empty,
    resemblance,
    shingle_containment,
    shingle_hash,
    signatures,
    sketch,
    weights,
)
from dedup.text.words import split_words
from seeds import TEXTS

SEEDS = list(TEXTS.values())

LEDE = "North Korea has sent some four thousand additional troops to Russia, ZDF reported Friday."
CUT = "North Korea has sent some four thousand additional troops to Russia."


def evaluation_texts(name, field, most=60, every=1):
    """Texts of an evaluation set; skips where the data is not on this machine."""
    path = DATA / f"{name}.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        found = [
            json.loads(line)[field] for line in itertools.islice(lines, 0, most * every, every)
        ]
    return [text if isinstance(text, str) else "\n".join(text) for text in found]


def by_datasketch(text):
    """The signature that datasketch makes of a text's shingles."""
    forms = split_words(text).forms()
    made = MinHash(num_perm=128, seed=1, hashfunc=shingle_hash)
    runs = [forms[at : at + 5] for at in range(max(len(forms) - 4, min(len(forms), 1)))]
    made.update_batch([" ".join(run).encode("utf-8", "surrogatepass") for run in runs])
    return made.hashvalues


@pytest.mark.parametrize("compiled", [False, True], ids=["numpy", "kernels"])
def test_signatures_of_the_seeds_are_datasketchs(compiled):
    """Bit for bit `MinHash(num_perm=128, seed=1)` over the same shingle hash."""
    np.testing.assert_array_equal(
        signatures(SEEDS, compiled=compiled), [by_datasketch(text) for text in SEEDS]
    )


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "field", "every"),
    [("families", "text", 2), ("reuters21578", "body", 1), ("ntrex", "sentences", 9)],
)
def test_signatures_of_real_news_are_datasketchs(name, field, every):
    """So they are on news in many scripts, page furniture and all."""
    texts = evaluation_texts(name, field, every=every)
    assert min(len(split_words(text)) for text in texts if text) > 5
    np.testing.assert_array_equal(signatures(texts), [by_datasketch(text) for text in texts])


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_signatures_of_any_text_are_datasketchs(text):
    """Also where a text has fewer than five words, or none."""
    np.testing.assert_array_equal(signatures([text])[0], by_datasketch(text))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=40), max_size=8))
def test_both_paths_give_the_same_sketches(texts):
    """Signatures, weights and lengths do not depend on the path."""
    plain, compiled = sketch(texts, compiled=False), sketch(texts, compiled=True)
    np.testing.assert_array_equal(plain.signatures, compiled.signatures)
    np.testing.assert_array_equal(plain.words, compiled.words)
    for column in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(plain.terms, column), getattr(compiled.terms, column))


def test_many_blocks_give_the_sketches_of_one(monkeypatch):
    """Where the texts are cut into blocks leaves no trace."""
    whole = sketch([*SEEDS, "", LEDE])
    monkeypatch.setattr(sketches, "BLOCK", 100)
    monkeypatch.setattr(sketches, "KERNEL_BLOCK", 100)
    for compiled in (False, True):
        cut = sketch([*SEEDS, "", LEDE], compiled=compiled)
        np.testing.assert_array_equal(cut.signatures, whole.signatures)
        np.testing.assert_array_equal(cut.terms.data, whole.terms.data)


def test_a_long_text_is_signed_piece_by_piece(monkeypatch):
    """To the same bits, in memory that does not grow with it."""
    texts = [*SEEDS, "北京" * 40_000]
    expected = sketch(texts, compiled=True).signatures
    np.testing.assert_array_equal(sketch(texts, compiled=False).signatures, expected)
    monkeypatch.setattr("dedup.sketch.plain.MAX_SIGNED", 7)
    cut = sketch(texts[:-1], compiled=False).signatures
    np.testing.assert_array_equal(cut, expected[:-1])


def test_a_text_of_one_to_four_words_is_one_shingle():
    """Short texts resemble each other wholly or not at all."""
    signed = signatures(["Stocks fell sharply", "STOCKS fell, sharply!", "Stocks fell"])
    shares = resemblance(signed, np.array([[0, 1], [0, 2]]))
    assert shares[0] == 1
    assert shares[1] < 0.1


def test_a_text_without_words_has_the_empty_signature_and_resembles_nothing():
    """Two empty texts are equal, and still no near-duplicates."""
    signed = signatures(["", "— … !", LEDE])
    assert (signed[:2] == EMPTY).all()
    assert is_empty(signed).tolist() == [True, True, False]
    assert resemblance(signed, np.array([[0, 1], [0, 2], [2, 2]])).tolist() == [0, 0, 1]


def test_no_texts_have_no_sketches():
    """An empty collection gives empty columns, not an error."""
    found = sketch([])
    assert len(found) == 0
    assert found.signatures.shape == (0, 128)
    assert found.terms.shape == (0, 1 << sketches.TERM_BITS)


def test_word_order_tells_shingles_apart():
    """A shingle is a sequence, not a bag."""
    assert shingle_hash(b"russia sent korea troops home") != shingle_hash(
        b"korea sent russia troops home"
    )


def test_resemblance_estimates_the_jaccard_of_shingles():
    """Within three standard errors on the seeds, pair by pair."""
    signed = signatures([*SEEDS, SEEDS[0][:1500], SEEDS[0][700:]])
    sets = [
        set(sketches.shingles(split_words(text).hashes).tolist())
        for text in [*SEEDS, SEEDS[0][:1500], SEEDS[0][700:]]
    ]
    pairs = np.array([(a, b) for a in range(7) for b in range(a)])
    exact = [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in pairs]
    assert np.abs(resemblance(signed, pairs) - exact).max() < 3 * 0.0442


def test_containment_points_from_the_excerpt_to_the_whole():
    """All of the cut lede stands in the whole one, not the other way round."""
    cut_in_whole, whole_in_cut = shingle_containment(
        split_words(CUT).hashes, split_words(LEDE).hashes
    )
    assert cut_in_whole == 1
    assert whole_in_cut == pytest.approx(7 / 10)
    assert shingle_containment(split_words("").hashes, split_words(LEDE).hashes) == (0, 0)


def test_terms_are_tf_idf_rows_of_length_one():
    """Weights are scikit-learn's: a word of one article outweighs one that all have."""
    found = sketch([LEDE, CUT, "Russia denied it."])
    lengths = np.sqrt(found.terms.multiply(found.terms).sum(axis=1))
    np.testing.assert_allclose(lengths, 1, rtol=1e-6)
    column = {form: int(value) >> 42 for form, value in zip(
        split_words(LEDE).forms(), split_words(LEDE).hashes, strict=True)}  # fmt: skip
    assert found.terms[0, column["zdf"]] > found.terms[0, column["russia"]] > 0
    assert found.words.tolist() == [14, 11, 3]


def test_terms_are_weighed_as_scikit_learn_weighs_them():
    """To the last bit, also of no words, of one, and of one that is there a thousand times."""
    texts = [*SEEDS, "", "Kyiv", "Kyiv " * 1_000 + "again"]
    raw = sketches.raw_sketch(texts)
    weighted = sketch(texts).terms
    bounds = np.append(0, np.cumsum(raw.sizes))
    counted = csr_array((raw.counts, raw.terms, bounds), shape=weighted.shape)
    expected = TfidfTransformer(sublinear_tf=True).fit_transform(counted)
    assert expected.dtype == np.float32
    np.testing.assert_array_equal(weighted.data, expected.data)


def test_the_sketch_of_an_article_does_not_depend_on_its_place():
    """Signatures follow the texts when these are shuffled; weights too."""
    forward, backward = sketch(SEEDS), sketch(SEEDS[::-1])
    np.testing.assert_array_equal(forward.signatures, backward.signatures[::-1])
    assert (forward.terms != backward.terms[::-1]).nnz == 0
    for one, other in zip(runs_of(forward), runs_of(backward)[::-1], strict=True):
        assert one == other


def runs_of(found: sketches.Sketches) -> list[list[int]]:
    """The winnowed runs of each text."""
    return [row.tolist() for row in np.split(found.runs, np.cumsum(found.run_sizes)[:-1])]


@pytest.mark.parametrize("before", [0, 1, 7, 8, 30])
def test_nineteen_words_in_common_leave_a_run_in_common(before: int):
    """Wherever they stand, and whatever stands around them, also at the ends; a text of fewer
    than eight words has no run, and changes nothing for its neighbours."""
    common = " ".join(f"c{n}" for n in range(19))
    around = [" ".join(f"{side}{n}" for n in range(before)) for side in "abxy"]
    texts = [f"{around[0]} {common} {around[1]}", "too short", "", f"{around[2]} {common}",
             f"{common} {around[3]}"]  # fmt: skip
    one, *short, two, three = map(set, runs_of(sketch(texts)))
    assert one & two
    assert one & three
    assert short == [set(), set()]
    assert runs_of(sketch(texts[:1])) == runs_of(sketch(texts))[:1]


def test_a_small_collection_needs_no_compiler():
    """Importing the module loads no heavy package; five articles never load numba."""
    script = """
import sys
import dedup.sketch, dedup.candidates
heavy = {"numba", "scipy", "sklearn", "datasketch"}
print(sorted(heavy & set(sys.modules)))
dedup.sketch.sketch(["one two three four five six"] * 5)
print("numba" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split("\n")[:2] == ["[]", "False"]


def test_rows_that_are_replaced_are_as_if_sketched_at_once(monkeypatch):
    """Signatures, words and terms of a few texts are exchanged, those of the others stay; in any
    order and in blocks of any size."""
    expected = sketches.sketch([CUT, *SEEDS[1:], ""])
    fresh, rows = sketches.raw_sketch([CUT, ""]), [0, len(SEEDS)]
    for block in (1, 2, 1000):
        monkeypatch.setattr(weights, "BLOCK", block)
        for order in (range(len(SEEDS) + 1), [2, 5, 0, 1, 4, 3]):
            raw = sketches.raw_sketch([*SEEDS, LEDE])
            changed = weights.assemble(raw, order, rows, fresh)
            assert np.array_equal(changed.signatures, expected.signatures[list(order)])
            assert np.array_equal(changed.words, expected.words[list(order)])
            assert (changed.terms != expected.terms[list(order)]).nnz == 0


def test_korean_terms_are_words_without_their_particles():
    """다리의 and 다리는 are one term, as the two are one word to a reader; texts in other
    languages, in the same run too, keep theirs."""
    texts = [
        "시청이 다리의 통행을 전면 금지했다.",
        "다리는 시청에서 통행이 전면 금지됐다.",
        "학교가 강당의 난방을 복구했다.",
        "The town closed the bridge to all traffic.",
    ]
    terms = sketch(texts).terms
    alike = (terms @ terms.T).toarray()
    assert alike[0, 1] > 0.9
    assert alike[0, 2] == alike[0, 3] == 0
    assert sketch(texts[3:]).terms.indices.tolist() == terms[[3]].indices.tolist()
