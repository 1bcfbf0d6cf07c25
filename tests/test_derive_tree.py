"""The tree: probabilities are those of all forests, the best tree is the heaviest."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from patience import bounded_time

from dedup.derive.tree import MAX_REDUCED, NO_EDGE, best_parents, edge_probabilities


@st.composite
def weighted(draw, most=4, reach=60.0):
    """Edges between up to `most` articles, some of them impossible, and unseen parents."""
    count = draw(st.integers(1, most))
    weights = st.floats(-reach, reach, width=32)
    edges = draw(arrays(np.float64, (count, count), elements=weights | st.just(NO_EDGE)))
    return edges, draw(arrays(np.float64, (count,), elements=weights))


def forests(edges, unseen):
    """Every forest and its log-weight, by brute force: parents with -1 for the unseen."""
    count = len(unseen)
    for parents in itertools.product(range(-1, count), repeat=count):
        if all(reaches_root(v, parents) for v in range(count)):
            yield parents, sum(unseen[v] if u < 0 else edges[u, v] for v, u in enumerate(parents))


def reaches_root(v, parents):
    for _ in parents:
        v = parents[v] if v >= 0 else v
    return v < 0


@settings(deadline=None)
@given(weighted())
@example((np.array([[0.0, 60], [60, 0]]), np.array([-60.0, -60])))
@example((np.array([[0.0, 60], [60, 0]]), np.array([-59.0, -60])))
def test_probabilities_are_those_of_all_forests(case):
    """The matrix-tree theorem against enumeration, with weights 120 apart."""
    edges, unseen = case
    listed = list(forests(edges, unseen))
    shares = np.exp([weight - max(w for _, w in listed) for _, weight in listed])
    expected = np.zeros((len(unseen) + 1, len(unseen)))
    for (parents, _), share in zip(listed, shares / shares.sum(), strict=True):
        expected[list(parents), range(len(parents))] += share
    found = np.vstack(edge_probabilities(edges, unseen))
    np.testing.assert_allclose(found, expected, atol=1e-9)


@settings(deadline=None)
@given(weighted())
def test_the_best_tree_is_the_heaviest_forest(case):
    """Acyclic, and no other has more weight."""
    edges, unseen = case
    parents = tuple(-1 if u is None else u for u in best_parents(edges, unseen))
    weights = dict(forests(edges, unseen))
    assert weights[parents] == pytest.approx(max(weights.values()), abs=1e-6)


@settings(deadline=None)
@given(weighted(most=12))
def test_every_column_of_probabilities_sums_to_one(case):
    """Each article has one parent, seen or unseen, and nobody is their own."""
    edges, unseen = case
    likely, alone = edge_probabilities(edges, unseen)
    assert np.isfinite(likely).all()
    np.testing.assert_allclose(likely.sum(axis=0) + alone, 1, atol=1e-9)
    assert (np.diag(likely) == 0).all()
    assert (likely[~np.isfinite(edges)] == 0).all()


def test_one_article_has_an_unseen_parent():
    """Whatever its weight."""
    assert best_parents(np.zeros((1, 1)), np.array([-60.0])) == [None]
    likely, alone = edge_probabilities(np.zeros((1, 1)), np.array([-60.0]))
    assert (likely.tolist(), alone.tolist()) == ([[0]], [1])


def test_of_two_even_articles_either_may_be_the_parent():
    """Three forests of equal weight: a third each."""
    likely, alone = edge_probabilities(np.zeros((2, 2)), np.zeros(2))
    np.testing.assert_allclose(likely[[0, 1], [1, 0]], 1 / 3)
    np.testing.assert_allclose(alone, 2 / 3)


@pytest.mark.parametrize("count", [MAX_REDUCED, MAX_REDUCED + 1])
def test_a_family_of_hundreds_takes_seconds(count):
    """By both methods: in the reduced and in the inverted size."""
    chance = np.random.default_rng(0)
    edges, unseen = chance.uniform(-5, 8, (count, count)), np.zeros(count)
    with bounded_time():
        parents = best_parents(edges, unseen)
        likely, alone = edge_probabilities(edges, unseen)
    assert len(parents) == count
    np.testing.assert_allclose(likely.sum(axis=0) + alone, 1, atol=1e-6)
