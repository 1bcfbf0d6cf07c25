"""Features: rows meet where they have the same code; initials are the words they stand for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array

from dedup.align.features import (
    MAX_INITIALS,
    MIN_INITIALS,
    extract_features,
    find_acronyms,
    find_long_forms,
    make_postings,
    merge_join,
)
from dedup.align.similarity import compute_similarity, cover, match_units, number_grams
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
    i, j = merge_join(np.array(ours, dtype=np.int64), np.array(theirs, dtype=np.int64))
    pairs = [(a, b) for a, x in enumerate(ours) for b, y in enumerate(theirs) if x == y]
    assert list(zip(i.tolist(), j.tolist(), strict=True)) == pairs


@given(ROWS)
def test_postings_have_each_row_and_code_once_by_code(pairs):
    """Whatever the order they come in, and however often."""
    found = make_postings(*arrays(pairs))
    once = sorted({(code, row) for row, code in pairs})
    assert list(zip(found.codes.tolist(), found.rows.tolist(), strict=True)) == once
    assert found.count(4).tolist() == [sum(row == n for _, row in once) for n in range(4)]


@given(ROWS, ROWS)
def test_rows_have_in_common_the_codes_of_both(ours, theirs):
    """A matrix of how many they are, none counted twice."""
    common = make_postings(*arrays(ours)).count_common(make_postings(*arrays(theirs)), (4, 4))
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
    matches = match_units(ours, theirs, number_grams(ours, theirs))
    assert matches.nnz > 100
    crowded = cover(matches, ours, theirs).matches
    sparse = np.zeros_like(crowded)
    for row, column, degree in zip(matches.row, matches.col, matches.data, strict=True):
        one = coo_array(([degree], ([row], [column])), shape=matches.shape)
        sparse = np.maximum(sparse, cover(one, ours, theirs).matches)
    assert (crowded == sparse).all()


# -- Initials -----------------------------------------------------------------------------------


def of(text):
    """The acronyms and the long forms of a text."""
    taken = prepare(Article("a", text))
    return find_acronyms(taken.sentences, taken), find_long_forms(taken.sentences, taken)


@pytest.mark.parametrize(
    ("initials", "name"),
    [
        ("iaea", "The International Atomic Energy Agency"),
        ("fda", "the U.S. Food and Drug Administration"),
        ("osce", "the Organization for Security and Co-operation in Europe"),
        ("bdi", "Der Bundesverband der Deutschen Industrie"),
    ],
)
def test_initials_of_a_name_are_found(initials, name):
    """With small words left out, and what stands before the name."""
    known = of(f"On Monday, {name} said so.")[1]
    assert known[initials] <= {word.lower() for word in name.replace("-", " ").split()}


def test_capitals_are_an_acronym_in_a_text_that_is_not_shouted():
    """A headline in capitals has no acronyms."""
    assert of("Inspectors of the IAEA came on Monday to the plant.")[0] == {"iaea"}
    assert of("IAEA INSPECTORS COME TO PLANT")[0] == frozenset()


def test_an_acronym_is_matched_where_its_long_form_stands_whole():
    """And each word of the long form where the acronym stands; nothing where a word of it does."""
    long = "The International Atomic Energy Agency found uranium in Natanz."
    other = "International airlines found fewer passengers in Frankfurt."
    ours, theirs = (
        extract_features(prepare(Article(text, text, language="en")))
        for text in ("Inspectors of the IAEA came.", f"{long} {other}")
    )
    similarity = compute_similarity(ours, theirs)
    assert similarity.in_source[0, 0] > 0.3 > similarity.in_source[0, 1]
    assert similarity.in_derivative[0, 0] > 0.3 > similarity.in_derivative[0, 1]
    assert np.array_equal(compute_similarity(theirs, ours).in_source, similarity.in_derivative.T)


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="ABabé .-'\n1", max_size=60))
def test_whatever_is_written_initials_have_words(text):
    """Bounded length, and as many words as the text has."""
    found, known = of(text)
    assert all(MIN_INITIALS <= len(word) <= MAX_INITIALS for word in found)
    for initials, words in known.items():
        assert MIN_INITIALS <= len(initials) <= MAX_INITIALS
        assert words
