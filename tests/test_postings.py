"""Postings: rows meet where they have the same code, as often as they do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.likeness import Matches, _cover, _dice, _numbered
from dedup.align.postings import join, postings
from dedup.align.wording import extract_features
from dedup.article import Article
from dedup.text import prepare

CODES = st.lists(st.integers(0, 5), max_size=12)
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=20)


def arrays(pairs):
    """Rows and codes of some pairs."""
    return np.array([pairs], dtype=np.int64).reshape(-1, 2).T


@given(CODES, CODES)
def test_a_join_has_all_pairs_of_equal_codes(ours, theirs):
    """Each once, in the order of our places; what only one side has is in none."""
    theirs = sorted(theirs)
    i, j = join(np.array(ours, dtype=np.int64), np.array(theirs, dtype=np.int64))
    pairs = [(a, b) for a, x in enumerate(ours) for b, y in enumerate(theirs) if x == y]
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == pairs


@given(ROWS)
def test_postings_have_each_row_and_code_once_by_code(pairs):
    """Whatever the order they come in, and however often."""
    found = postings(*arrays(pairs))
    once = sorted({(code, row) for row, code in pairs})
    assert list(zip(found.codes.tolist(), found.rows.tolist(), strict=True)) == once
    assert found.sizes(4).tolist() == [sum(row == n for _, row in once) for n in range(4)]


@given(ROWS, ROWS)
def test_rows_have_in_common_the_codes_of_both(ours, theirs):
    """A matrix of how many they are, none counted twice."""
    common = postings(*arrays(ours)).common(postings(*arrays(theirs)), (4, 4))
    codes = [[{c for row, c in side if row == n} for n in range(4)] for side in (ours, theirs)]
    assert common.tolist() == [[len(a & b) for b in codes[1]] for a in codes[0]]
    assert common.dtype == np.float32


def test_many_matches_are_covered_as_few_are():
    """Whether the matches of words stand in a list or a full matrix, sentences get the same."""
    ours, theirs = (
        extract_features(
            prepare(Article("x", "\n".join(f"entry{i} entry{i + 1}." for i in numbers)))
        )
        for numbers in (range(20), range(90, 120))
    )
    matches = _dice(ours, theirs, _numbered(ours, theirs))
    assert len(matches.degree) > 100
    crowded = _cover(matches, ours, theirs).matches
    sparse = np.zeros_like(crowded)
    for n in range(len(matches.degree)):
        one = Matches(matches.ours[n : n + 1], matches.theirs[n : n + 1], matches.degree[n : n + 1])
        sparse = np.maximum(sparse, _cover(one, ours, theirs).matches)
    assert (crowded == sparse).all()
