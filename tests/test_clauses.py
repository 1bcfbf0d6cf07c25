"""Clauses: each part of a joined sentence goes to the source that tells it."""

from itertools import combinations, pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align.clauses import LENGTH_COST, MAX_WORDS, cut_clauses, find_best_cut
from dedup.article import Article
from dedup.text import prepare

RESIGNED = "The finance minister resigned on Friday after auditors found 40 million euros missing."
SEARCHED = "Prosecutors searched her house in Lyon on Thursday and seized two computers."
DENIED = "The prime minister said he had known nothing of the losses in the pension fund."
SOURCE = prepare(Article("source", f"{RESIGNED} {SEARCHED} {DENIED}"))


def cut(text, sources=SOURCE.sentences):
    """What each part of the one sentence of `text` is, and the source it comes from."""
    derivative = prepare(Article("derivative", text))
    (sentence,) = derivative.sentences
    found = cut_clauses(sentence, sources, derivative)
    return [(text[c.begin : c.end], c.source.of(SOURCE.article.text)) for c in found]


def test_a_joined_sentence_is_cut_where_its_source_changes():
    """At the mark, in whatever order the sources come."""
    first, second = (
        "Investigators seized two computers at her Lyon house",
        "the minister quit Friday",
    )
    assert cut(f"{first}, and {second}.", SOURCE.sentences[:2]) == [
        (first, SEARCHED),
        (f"and {second}.", RESIGNED),
    ]


def test_a_sentence_of_one_source_is_not_cut():
    """Neither where one source is linked nor where a second one adds nothing."""
    assert cut(RESIGNED, SOURCE.sentences[:1]) == []
    assert cut(RESIGNED, SOURCE.sentences) == []


def test_what_is_too_long_or_has_too_many_sources_is_left_whole():
    """A bound on the work, not on the text."""
    assert cut("euros " * (MAX_WORDS + 1), SOURCE.sentences) == []
    assert cut(RESIGNED, SOURCE.sentences * 2) == []


WORDS = st.sampled_from([*(RESIGNED + " " + SEARCHED).replace(".", "").split(), "snow,", "–"])


@settings(deadline=None, max_examples=60)
@given(st.lists(WORDS, min_size=2, max_size=12).map(" ".join))
def test_clauses_are_the_sentence_end_to_end(text):
    """Each source has at most one, and marks between them belong to neither."""
    derivative = prepare(Article("derivative", text))
    for sentence in derivative.sentences:
        found = cut_clauses(sentence, SOURCE.sentences, derivative)
        if found:
            assert (found[0].begin, found[-1].end) == (sentence.begin, sentence.end)
            assert len({clause.source for clause in found}) == len(found) >= 2
            for one, other in pairwise(found):
                assert one.end <= other.begin
                assert not any(map(str.isalnum, text[one.end : other.begin]))


@pytest.mark.parametrize("seed", range(20))
def test_the_cut_is_the_best_of_all(seed):
    """Beside every order of every set of sources, cut in every way."""
    chance = np.random.default_rng(seed)
    sources, words = int(chance.integers(2, 4)), int(chance.integers(2, 7))
    gains, costs = chance.random((sources, words)) * 4, chance.random(words - 1) * 2
    lengths = chance.integers(1, 6, sources).tolist()

    def worth(stretches):
        return sum(
            gains[s, begin:end].sum()
            - (costs[begin - 1] if begin else 0)
            - LENGTH_COST * abs(np.log((end - begin) / lengths[s]))
            for begin, end, s in stretches
        )

    ways = [
        list(zip((0, *cuts), (*cuts, words), order, strict=True))
        for size in range(1, sources + 1)
        for order, cuts in product(
            permutations(range(sources), size), combinations(range(1, words), size - 1)
        )
    ]
    assert worth(find_best_cut(gains, costs, lengths)) == pytest.approx(max(map(worth, ways)))
