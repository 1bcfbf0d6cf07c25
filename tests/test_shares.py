"""Shares: what an editor does not hold against a writer can be left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align import COUNT_EVERYTHING, Counting, Passage, align, recount
from dedup.align.shares import KINDS, compute_shares
from dedup.article import Span

KIND = st.sampled_from([*KINDS, "furniture"])


def passage(kind: str, words: int, quoted: int = 0) -> Passage:
    """A passage of which only the kind and the counts matter."""
    linked = kind in ("copied", "paraphrased", "translated")
    sources = (Span(0, 9),) if linked else ()
    return Passage(kind, 0, 9, (Span(0, 9),), 0.9, sources, (), (), words, min(quoted, words))  # type: ignore[arg-type]


PASSAGES = st.lists(st.builds(passage, KIND, st.integers(1, 40), st.integers(0, 40)), max_size=8)
COUNTED = st.builds(Counting, st.booleans(), st.booleans(), st.integers(0, 30))


@given(PASSAGES, COUNTED)
def test_shares_are_parts_of_one_whole(passages: list[Passage], counting: Counting) -> None:
    """They add up to 1, or are all 0 where nothing is counted."""
    found = compute_shares(passages, counting)
    assert set(found) == {*KINDS, *(["furniture"] if counting.boilerplate else [])}
    assert all(0 <= part <= 1 for part in found.values())
    assert sum(found.values()) == pytest.approx(1) or not any(found.values())


def test_quotations_count_neither_in_a_part_nor_in_the_whole() -> None:
    """Ten words copied, of which six are quoted, beside four of one's own: half and half."""
    passages = [passage("copied", 10, 6), passage("added", 4)]
    assert compute_shares(passages)["copied"] == pytest.approx(10 / 14)
    assert compute_shares(passages, Counting(quotations=False))["copied"] == 0.5


def test_matches_of_few_words_count_nowhere_and_own_sentences_always() -> None:
    """A short sentence of one's own is no match."""
    passages = [passage("copied", 5), passage("paraphrased", 15), passage("added", 5)]
    found = compute_shares(passages, Counting(min_words=8))
    assert (found["copied"], found["paraphrased"], found["added"]) == (0, 0.75, 0.25)


def test_furniture_is_a_kind_only_if_it_is_asked_for() -> None:
    """As grey as it is, it may be most of the page."""
    passages = [passage("furniture", 30), passage("added", 10)]
    assert compute_shares(passages) == {"copied": 0, "paraphrased": 0, "translated": 0, "added": 1}
    assert compute_shares(passages, Counting(boilerplate=True))["furniture"] == 0.75


SOURCE = (
    "The minister resigned on Friday after auditors found the losses. “I have done nothing wrong "
    "and I shall prove it in court,” she told reporters in Lyon."
)
COPY = f"{SOURCE} Nobody in the capital had expected such a sudden end of her career."


def test_an_alignment_carries_what_a_recount_needs() -> None:
    """Words and quoted words of each passage, and where the quotation stands."""
    alignment = align(SOURCE, COPY)
    assert alignment.counting == COUNT_EVERYTHING
    assert [COPY[q.begin : q.end] for q in alignment.quotations] == [
        "“I have done nothing wrong and I shall prove it in court,”"
    ]
    assert [(p.words, p.quoted) for p in alignment.passages] == [(10, 0), (17, 12), (13, 0)]
    less = recount(alignment, Counting(quotations=False))
    assert less.shares["copied"] == pytest.approx(15 / 28)
    assert (less.passages, less.counting.quotations) == (alignment.passages, False)
    assert recount(less, COUNT_EVERYTHING) == alignment
