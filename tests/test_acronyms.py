"""Acronyms: a name of initials is the words that it stands for, and no others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align.acronyms import LONGEST, SHORTEST, acronyms, long_forms
from dedup.align.likeness import compute_similarity
from dedup.align.wording import extract_features
from dedup.article import Article
from dedup.text import prepare


def of(text):
    """The acronyms and the long forms of a text."""
    taken = prepare(Article("a", text))
    return acronyms(taken.sentences, taken), long_forms(taken.sentences, taken)


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
    likeness = compute_similarity(ours, theirs)
    assert likeness.in_source[0, 0] > 0.3 > likeness.in_source[0, 1]
    assert likeness.in_derivative[0, 0] > 0.3 > likeness.in_derivative[0, 1]
    assert np.array_equal(compute_similarity(theirs, ours).in_source, likeness.in_derivative.T)


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="ABabé .-'\n1", max_size=60))
def test_whatever_is_written_initials_have_words(text):
    """Bounded length, and as many words as the text has."""
    found, known = of(text)
    assert all(SHORTEST <= len(word) <= LONGEST for word in found)
    for initials, words in known.items():
        assert SHORTEST <= len(initials) <= LONGEST
        assert words
