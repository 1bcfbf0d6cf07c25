"""Windows: long texts are compared in part and linked as a whole."""

import importlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.align import link_sentences
from dedup.align.features import extract_features, select_sentences
from dedup.align.links import Links, link
from dedup.align.similarity import compute_similarity
from dedup.align.windows import (
    AROUND,
    MAX_PLACES,
    MAX_PLACES_WORDS,
    MAX_WINDOW,
    MAX_WINDOW_WORDS,
    find_places,
    find_windows,
    link_windows,
)
from dedup.article import Article
from dedup.text import prepare
from seeds import TEXTS as SEEDS

windows = importlib.import_module("dedup.align.windows")

NAMES = "Kim", "Putin", "Scholz", "Macron", "Meloni", "Sánchez", "Tusk", "Orbán", "Rutte"


def sentences(count, first=0):
    """That many sentences, no two of them equal, all much alike."""
    return [
        f"{NAMES[i % 9]} told {NAMES[i // 9 % 9]} that depot {i} near {NAMES[i // 81 % 9]}ville "
        f"had lost {i * 37 % 1009} shells."
        for i in range(first, first + count)
    ]


def worded(text):
    """The features of an English text."""
    return extract_features(prepare(Article("x", text, language="en")))


def units(features, i):
    """The units of sentence i."""
    return set(features.units_in(i))


WHOLE = worded("\n\n".join(SEEDS.values()))


@settings(deadline=None, max_examples=30)
@given(st.sets(st.integers(0, len(WHOLE.sentences) - 1), min_size=1))
def test_a_part_says_what_the_whole_says_in_those_sentences(chosen):
    """The same sentences, units, rarities and trigrams, and nothing else."""
    rows = np.array(sorted(chosen))
    some = select_sentences(WHOLE, rows)
    assert some.sentences == tuple(WHOLE.sentences[i] for i in rows)
    assert [units(some, i) for i in range(len(rows))] == [units(WHOLE, i) for i in rows]
    assert some.units == tuple(sorted(set().union(*(units(WHOLE, i) for i in rows))))
    rarities = dict(zip(WHOLE.units, WHOLE.rarity.tolist(), strict=True))
    assert some.rarity.tolist() == [rarities[unit] for unit in some.units]
    grams = np.split(some.grams, np.cumsum(some.gram_counts)[:-1])
    whole = dict(
        zip(WHOLE.units, np.split(WHOLE.grams, np.cumsum(WHOLE.gram_counts)[:-1]), strict=True)
    )
    assert all((g == whole[u]).all() for u, g in zip(some.units, grams, strict=True))


def test_all_of_a_text_is_itself():
    """Nothing is lost, and the similarity is the same."""
    every = select_sentences(WHOLE, np.arange(len(WHOLE.sentences)))
    other = worded(SEEDS["002"])
    assert link(compute_similarity(every, other)) == link(compute_similarity(WHOLE, other))


def test_what_stands_in_the_other_text_is_its_own_likeliest_place():
    """Among a thousand sentences that are much alike, in any order."""
    ours, theirs = sentences(1_000), sentences(1_000)[::-1]
    places, _ = find_places(worded("\n".join(ours)), worded("\n".join(theirs)))
    first = places.places[places.starts[:-1]]
    assert (first == np.arange(1_000)[::-1]).mean() > 0.99
    assert places.resemblance[places.starts[:-1]].min() > 0.7
    assert places.promising().all()


def test_texts_with_nothing_in_common_have_no_places():
    """And no links either."""
    ours, theirs = worded("\n".join(sentences(400))), worded("Heavy snow closed Alpine passes.")
    assert not find_places(ours, theirs)[0].promising().any()
    there, back = link_windows(ours, theirs)
    assert set(there.sources) == set(back.sources) == {()}
    assert set(there.scores) == {0.0}


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=300))
def test_windows_follow_each_other_and_are_never_too_large(words):
    """All sentences, each once; more words than wanted only where one sentence has them."""
    bounds = find_windows(np.array(words))
    assert bounds[0] == 0
    assert bounds[-1] == len(words)
    for begin, end in pairwise(bounds):
        assert 1 <= end - begin <= MAX_WINDOW
        assert sum(words[begin:end]) <= MAX_WINDOW_WORDS or end - begin == 1


@pytest.mark.parametrize("same", [True, False])
def test_no_window_is_compared_with_much_whatever_the_length(monkeypatch, same):
    """A bound for each window is a bound in proportion to the length, whether all sentences
    differ or all are equal."""
    calls = []

    def count(ours, theirs):
        calls.append((len(ours.unit_ids), len(theirs.unit_ids)))
        return len(ours.sentences)

    monkeypatch.setattr(windows, "compute_similarity", count)
    monkeypatch.setattr(windows, "link", lambda n, _: Links(((),) * n, (0.0,) * n, (0.0,) * n))
    listed = sentences(1) * 3_000 if same else sentences(3_000)
    list(link_windows(worded("\n".join(listed)), worded("\n".join(listed[::-1]))))
    assert 0 < len(calls) <= 2 * (3_000 / MAX_WINDOW + 1)
    assert max(rows for rows, _ in calls) <= MAX_WINDOW_WORDS + MAX_PLACES_WORDS
    assert max(columns for _, columns in calls) <= (2 * AROUND + 1) * MAX_PLACES_WORDS


def test_places_are_few_however_often_a_thing_is_said():
    """A sentence that stands there a thousand times has no thousand places."""
    same = worded("\n".join(sentences(1) * 1_000))
    places, _ = find_places(same, same)
    assert np.diff(places.starts).max() == MAX_PLACES


def test_windows_and_the_whole_agree_where_both_can_be_had():
    """Two of the seeds against the wire story: what the whole is sure of, windows find."""
    ours, theirs = worded(SEEDS["000"] + "\n\n" + SEEDS["001"]), worded(SEEDS["002"])
    whole, (there, back) = link(compute_similarity(ours, theirs)), link_windows(ours, theirs)
    sure = [i for i, score in enumerate(whole.scores) if score >= 0.8]
    assert sure
    assert np.mean([whole.sources[i][0] in there.sources[i] for i in sure]) >= 0.8
    assert len(back.sources) == len(theirs.sentences)


def test_a_long_text_is_linked_to_itself_and_both_ways_alike():
    """Beyond the size where everything is compared, `link_sentences` goes by windows."""
    text = prepare(Article("x", "\n".join(sentences(400)), language="en"))
    turned = prepare(Article("y", "\n".join(sentences(400)[::-1]), language="en"))
    there, back = link_sentences(text, turned)
    assert (back, there) == link_sentences(turned, text)
    right = [bool(s) and s[0] == 399 - i for i, s in enumerate(there.sources)]
    assert np.mean(right) >= 0.99
