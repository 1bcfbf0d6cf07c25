"""The benchmark of alignment: what counts as right, and how others' spans become links."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.alignment import msrp, spans, tallies
from benchmarks.alignment.methods import Compared, Run, run_all, word_ratio
from benchmarks.alignment.msrp import best_threshold
from benchmarks.alignment.spans import found_in
from benchmarks.alignment.tallies import Tally, argmax_links, tally_units
from benchmarks.pairs import GoldPair, Unit
from benchmarks.peers.environments import Unavailable

SOURCE = "The minister resigned. Auditors found 40 million euros missing. Snow fell in Tyrol."
SOURCES = [(0, 22), (23, 63), (64, 83)]
DERIVATIVE = "Auditors found 40 million euros missing. Her party is silent."
SENTENCES = [(0, 40), (41, 61)]


def places() -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, 90), st.integers(1, 30)).map(lambda x: (x[0], x[0] + x[1]))


def test_a_copied_sentence_is_found_where_it_stands():
    """The whole of it, in that sentence of the source and in no other."""
    table = found_in([(0, 40, 23, 63, 1.0)], SENTENCES, SOURCES)
    assert SOURCE[23:63] == DERIVATIVE[0:40]
    assert table.tolist() == [[0, 1, 0], [0, 0, 0]]
    assert argmax_links(table, 0.9) == [{1}, set()]


def test_a_span_over_two_sentences_is_parted_where_its_source_is():
    """Each character stands where it lies if the span is stretched to the source's length."""
    table = found_in([(0, 100, 0, 50, 1.0)], [(0, 60), (60, 100)], [(0, 30), (30, 50)])
    assert table.tolist() == [[1, 0], [0, 1]]


def test_a_character_found_twice_in_a_sentence_counts_once():
    """Fingerprints overlap; the heaviest counts."""
    found = [(0, 20, 23, 43, 0.5), (10, 30, 33, 53, 1.0)]
    assert found_in(found, [(0, 40)], SOURCES)[0, 1] == pytest.approx((10 * 0.5 + 20) / 40)


def test_characters_between_sentences_are_found_nowhere():
    """Furniture, and the space after a full stop."""
    assert not found_in([(40, 41, 30, 31, 1.0), (0, 1, 22, 23, 1.0)], SENTENCES, SOURCES).any()


@given(
    st.lists(st.tuples(places(), places(), st.floats(0, 1)), max_size=8),
    st.lists(places(), max_size=4),
)
def test_no_more_of_a_sentence_is_found_than_there_is(found, sentences):
    """Whatever spans a tool reports, even beyond the texts."""
    reported = [(*own, *theirs, weight) for own, theirs, weight in found]
    table = found_in(reported, sentences, SOURCES)
    assert table.shape == (len(sentences), len(SOURCES))
    assert np.all((table >= 0) & (table <= 1))


def test_the_best_source_is_linked_only_if_it_is_good_enough():
    """A sentence whose best source stays below the threshold is added."""
    scores = np.array([[0.2, 0.6], [0.3, 0.1]])
    assert argmax_links(scores, 0.3) == [{1}, {0}]
    assert argmax_links(scores, 0.5) == [{1}, set()]
    assert argmax_links(np.zeros((2, 0)), 0.0) == [set(), set()]


def test_links_are_counted_by_gold_unit():
    """A unit that is cut in two sentences is one, linked to what either of them is."""
    pair = GoldPair(
        "set", "story", "en", SOURCE, DERIVATIVE,
        [Unit(*span) for span in SOURCES],
        [Unit(0, 40, "copied", frozenset({1})), Unit(41, 61, "added")],
    )  # fmt: skip
    tally = Tally()
    tally_units(pair, [0, 0, 1], [0, 1, 2], [{1}, set(), {2}], tally)
    assert (tally.right, tally.wrong, tally.missed) == (1, 1, 0)
    assert (tally.added_right, tally.added_wrong, tally.added_missed) == (0, 0, 1)
    assert tally.link_f1 == pytest.approx(2 / 3)


def test_a_link_that_the_gold_leaves_open_counts_neither_way():
    """Neither as wrong, nor against `added`."""
    tally = Tally()
    tally.count({4}, set(), free=frozenset({4}))
    assert (tally.wrong, tally.added_right) == (0, 1)


def test_tallies_add_up():
    """What is counted apart and added is what is counted together."""
    cases = [({1}, {1}), ({2}, {1}), (set(), set()), ({3}, set())]
    together, apart = Tally(), Tally()
    for got, gold in cases:
        together.count(got, gold)
        one = Tally()
        one.count(got, gold)
        apart.add(one)
    assert apart == together


def test_the_threshold_is_the_lowest_of_the_most_accurate():
    """Chosen among the scores themselves."""
    scores, gold = np.array([0.1, 0.5, 0.6, 0.9]), np.array([False, True, False, True])
    assert best_threshold(scores, gold) == (0.75, 0.5)


def test_the_best_word_ratio_is_exact_though_others_may_be_left_out():
    """What cannot be a sentence's best source is not compared to the end."""
    pair = Compared(DERIVATIVE, SOURCE, tuple(SENTENCES), tuple(SOURCES))
    scores = word_ratio(pair)
    assert scores[0].tolist() == [0, 1, 0]
    assert scores[1].max() < 0.5


def test_a_tool_that_cannot_be_had_is_named_and_left_out(capsys):
    """The others run all the same."""

    def missing(pairs):
        raise Unavailable("cannot be installed: no such package")

    def present(pairs):
        return [Run("", [np.ones((1, 1)) for _ in pairs], [0.0 for _ in pairs])]

    pair = Compared(DERIVATIVE, SOURCE, tuple(SENTENCES), tuple(SOURCES))
    runs = run_all({"absent": missing, "there": present}, [pair])
    assert list(runs) == ["there"]
    assert capsys.readouterr().out == (
        "absent: not available: cannot be installed: no such package\n"
    )


@pytest.mark.parametrize("module", [msrp, spans, tallies])
def test_examples_in_docstrings_are_true(module):
    """Every doctest gives what it says."""
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed
