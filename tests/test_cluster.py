"""Clusters: the same in any order, never chained through an article that tells two stories."""

import random
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from patience import bounded_time

from dedup.cluster import Tie, cluster


def tie(a, b, probability=0.9, *, at_a=range(10), at_b=range(10), weight=1.0):
    """A tie of two articles that rests on the given sentences of each."""
    return Tie(a, b, probability, weight, frozenset(at_a), frozenset(at_b))


FOOTPRINTS = st.frozensets(st.integers(0, 8), min_size=1, max_size=5)
# Few distinct probabilities, so that ties of equal strength are frequent.
TIES = st.lists(
    st.builds(
        lambda pair, probability, a, b: Tie(min(pair), max(pair), probability, 1.0, a, b),
        st.sets(st.integers(0, 9), min_size=2, max_size=2),
        st.sampled_from([0.5, 0.6, 0.9, 0.99]),
        FOOTPRINTS,
        FOOTPRINTS,
    ),
    max_size=25,
    unique_by=lambda t: (t.a, t.b),
)


def members(clusters):
    return [group.members for group in clusters]


def components(pairs, count):
    """Which articles hang together, naively."""
    group = list(range(count))
    for a, b in pairs:
        group = [group[a] if g == group[b] else g for g in group]
    return group


@settings(deadline=None)
@given(TIES, st.randoms(use_true_random=False))
def test_the_order_of_the_ties_does_not_matter(ties, chance):
    """Clusters, what holds them and what was refused are the same, in the same order."""
    shuffled = list(ties)
    chance.shuffle(shuffled)
    assert cluster(shuffled) == cluster(ties)


@settings(deadline=None)
@given(TIES)
def test_clusters_are_disjoint_trees_within_what_is_tied(ties):
    """Each is held together by one tie fewer than it has members, and largest come first."""
    clusters, refused = cluster(ties)
    everyone = [article for group in clusters for article in group.members]
    assert len(everyone) == len(set(everyone))
    assert set(everyone) <= {article for t in ties for article in (t.a, t.b)}
    sizes = [len(group.members) for group in clusters]
    assert sizes == sorted(sizes, reverse=True)
    for group in clusters:
        assert len(group.ties) == len(group.members) - 1
        part = components([(t.a, t.b) for t in group.ties], 10)
        assert len({part[article] for article in group.members}) == 1
        assert list(group.members) == sorted(group.members)
        assert set(group.ties) <= set(ties)
        assert not set(group.ties) & set(refused)


@settings(deadline=None)
@given(TIES)
def test_the_weakest_link_is_the_least_of_those_that_hold_the_cluster(ties):
    """No kept tie is less sure, and without it the cluster is in two parts."""
    for group in cluster(ties)[0]:
        weakest = group.weakest
        assert weakest.probability == min(t.probability for t in group.ties)
        rest = [(t.a, t.b) for t in group.ties if t is not weakest]
        part = components(rest, 10)
        assert len({part[article] for article in group.members}) == 2


@settings(deadline=None)
@given(TIES)
def test_refused_ties_are_between_different_clusters(ties):
    """A tie within a cluster is no bridge, even where it rests on other passages."""
    clusters, refused = cluster(ties)
    group = {article: i for i, f in enumerate(clusters) for article in f.members}
    for t in refused:
        assert group.get(t.a) != group.get(t.b) or t.a not in group
        assert t in ties


@settings(deadline=None)
@given(TIES)
def test_on_one_and_the_same_ground_clusters_are_components(ties):
    """Where every tie is sure and rests on the same passages, nothing is refused."""
    ties = [tie(t.a, t.b, 0.99) for t in ties]
    clusters, refused = cluster(ties)
    part = components([(t.a, t.b) for t in ties], 10)
    label = {article: f.members for f in clusters for article in f.members}
    assert refused == ()
    for a, b in combinations(range(10), 2):
        together = a in label and label[a] == label.get(b)
        assert together == (part[a] == part[b])


def test_a_digest_of_two_stories_does_not_join_them():
    """Article 4 quotes {0, 1} in its first half and {2, 3} in its second."""
    ties = [
        tie(0, 1, 0.99),
        tie(2, 3, 0.99),
        tie(0, 4, 0.9, at_b=range(5)),
        tie(2, 4, 0.8, at_b=range(5, 10)),
        tie(3, 4, 0.8, at_b=range(5, 10)),
    ]
    clusters, refused = cluster(ties)
    assert members(clusters) == [(0, 1, 4), (2, 3)]
    assert refused == tuple(ties[3:])


def test_a_digest_goes_where_its_evidence_is_strongest():
    """The other way round, when the other story's tie is surer."""
    ties = [
        tie(0, 1, 0.99),
        tie(2, 3, 0.99),
        tie(0, 4, 0.85, at_b=range(5)),
        tie(2, 4, 0.9, at_b=range(5, 10)),
    ]
    assert members(cluster(ties)[0]) == [(2, 3, 4), (0, 1)]


def test_a_small_overlap_of_the_grounds_is_no_common_ground():
    """A shared opening sentence, out of five, is less than a quarter."""
    ties = [tie(0, 2, at_b=range(5)), tie(1, 2, 0.85, at_b=range(4, 9))]
    assert members(cluster(ties)[0]) == [(0, 2)]
    ties = [tie(0, 2, at_b=range(5)), tie(1, 2, 0.85, at_b=range(3, 8))]
    assert members(cluster(ties)[0]) == [(0, 1, 2)]


def test_a_second_edition_of_a_digest_speaks_for_neither_story():
    """4 and 5 share the stories of {0, 1} and {2, 3}; both go to one of them, with a tie of
    each to either story on other sentences."""
    ties = [tie(0, 1, 0.99), tie(2, 3, 0.99), tie(4, 5, 0.999)]
    for digest in (4, 5):
        ties += [tie(n, digest, 0.95, at_b=range(5)) for n in (0, 1)]
        ties += [tie(n, digest, 0.9, at_b=range(5, 10)) for n in (2, 3)]
    clusters, refused = cluster(ties)
    assert members(clusters) == [(0, 1, 4, 5), (2, 3)]
    assert {(t.a, t.b) for t in refused} == {(2, 4), (3, 4), (2, 5), (3, 5)}


def test_two_digests_that_share_two_stories_do_not_tie_what_they_are_filed_under():
    """Digest 4 is with {0, 1}, digest 5 with {2, 3}; what they share of either cluster stands in
    other places of the other digest."""
    links = tuple((n,) for n in range(10))
    both = Tie(4, 5, 0.8, 1.0, frozenset(range(10)), frozenset(range(10)), links)
    ties = [tie(0, 1), tie(2, 3), tie(0, 4, at_b=range(5)), tie(2, 5, at_b=range(5, 10)), both]
    clusters, refused = cluster(ties)
    assert members(clusters) == [(0, 1, 4), (2, 3, 5)]
    assert refused == (both,)
    crossed = tuple((9 - n,) for n in range(10))
    ties[-1] = Tie(4, 5, 0.8, 1.0, frozenset(range(10)), frozenset(range(10)), crossed)
    assert members(cluster(ties)[0]) == [(0, 1, 2, 3, 4, 5)]


STORIES = st.lists(st.frozensets(st.integers(0, 4), min_size=2, max_size=3), min_size=1, max_size=3)


@settings(deadline=None)
@given(STORIES, st.randoms(use_true_random=False))
def test_no_set_of_digests_chains_stories(digests, chance):
    """Five stories of two articles each, ten sentences long; each digest has the whole of some
    of them, one after the other, and is tied to them and to what shares a story with it."""
    ties = [tie(2 * s, 2 * s + 1, chance.choice([0.9, 0.99])) for s in range(5)]
    place = [{story: 10 * n for n, story in enumerate(sorted(d))} for d in digests]
    for n, digest in enumerate(digests, 10):
        for story in digest:
            at = range(place[n - 10][story], place[n - 10][story] + 10)
            for article in (2 * story, 2 * story + 1):
                ties.append(tie(article, n, chance.choice([0.8, 0.9, 0.999]), at_b=at))
        for m, other in enumerate(digests[n - 9 :], n + 1):
            shared = sorted(digest & other)
            if shared:
                linked = {
                    place[n - 10][s] + k: place[m - 10][s] + k for s in shared for k in range(10)
                }
                rows = tuple((linked[k],) if k in linked else () for k in range(30))
                ties.append(Tie(n, m, chance.choice([0.7, 0.95, 1.0]), 1.0,
                                frozenset(linked), frozenset(linked.values()), rows))  # fmt: skip
    for group in cluster(ties)[0]:
        assert len({article // 2 for article in group.members if article < 10}) <= 1


def test_rewrites_of_one_source_are_one_cluster():
    """A star: each rewrite tells another part, all of them overlap with the fullest."""
    ties = [tie(0, 1, 0.99)] + [
        tie(0, n, 0.9 - n / 1000, at_a=range(n, n + 5), at_b=range(5)) for n in range(2, 6)
    ]
    clusters, refused = cluster(ties)
    assert members(clusters) == [(0, 1, 2, 3, 4, 5)]
    assert refused == ()
    assert clusters[0].weakest == ties[-1]


def test_equal_probabilities_are_decided_by_weight():
    """Of two ties as sure as each other the one that covers more goes first."""
    ties = [
        tie(0, 2, 0.9, at_b=range(5), weight=1.0),
        tie(1, 2, 0.9, at_b=range(5, 10), weight=1.5),
    ]
    clusters, refused = cluster(ties)
    assert members(clusters) == [(1, 2)]
    assert refused == (ties[0],)


def test_nothing_makes_no_cluster():
    """No ties, no clusters."""
    assert cluster([]) == ((), ())


def test_twenty_thousand_copies_are_one_cluster_in_seconds():
    """As a chain and as a star, in any order."""
    for ties in (
        [tie(n, n + 1, 0.99) for n in range(20_000)],
        [tie(0, n, 0.99) for n in range(1, 20_001)],
    ):
        random.Random(1).shuffle(ties)
        with bounded_time():
            clusters, refused = cluster(ties)
        assert members(clusters) == [tuple(range(20_001))]
        assert refused == ()


def test_a_hub_that_refuses_thousands_takes_seconds():
    """A page of boilerplate is tied to everything, on two grounds."""
    ties = [tie(0, n, 0.99, at_a=range(5)) for n in range(1, 10_001)]
    ties += [tie(0, n, 0.9, at_a=range(5, 10)) for n in range(10_001, 20_001)]
    with bounded_time():
        clusters, refused = cluster(ties)
    assert len(clusters[0].members) == 10_001
    assert len(refused) == 10_000


def test_what_speaks_against_is_weighed_with_what_speaks_for():
    """One doubtful tie does not join two clusters whose other pairs are unlike, nor an article
    with a cluster that it is unlike; a sure one does, and so do pairs of which nothing is known."""
    one = [tie(0, 1, 0.99), tie(1, 2, 0.99)]
    other = [tie(3, 4, 0.99), tie(4, 5, 0.99)]
    between = [(a, b, 0.3) for a in range(3) for b in range(3, 6) if (a, b) != (2, 3)]
    clusters, refused = cluster([*one, *other, tie(2, 3, 0.6)], between)
    assert members(clusters) == [(0, 1, 2), (3, 4, 5)]
    assert [(t.a, t.b) for t in refused] == [(2, 3)]
    assert members(cluster([*one, *other, tie(2, 3, 0.6)])[0]) == [tuple(range(6))]
    alone = [(0, 3, 0.4), (1, 3, 0.4)]
    assert members(cluster([*one, tie(2, 3, 0.6)], alone)[0]) == [(0, 1, 2)]
    assert members(cluster([*one, tie(2, 3, 0.9)], alone)[0]) == [(0, 1, 2, 3)]


def test_no_pair_overrules_everybody():
    """However unlike two articles are, they are one pair of nine; and what is like one article
    alone is none of what stands with it."""
    one = [tie(0, 1, 0.99), tie(1, 2, 0.99), tie(0, 2, 0.99)]
    other = [tie(a + 3, b + 3, 0.99) for a, b in ((0, 1), (1, 2), (0, 2))]
    between = [(a, b) for a in range(3) for b in range(3, 6)]
    ties = [tie(a, b, 0.8) for a, b in between[1:]]
    assert len(cluster([*one, *other, *ties], [(0, 3, 1e-9)])[0]) == 1
    unlike = [(a, b, 0.2) for a, b in between[1:]]
    assert len(cluster([*one, *other, tie(0, 3, 0.9)], unlike)[0]) == 2


def test_articles_on_one_release_may_be_unlike_each_other():
    """Thirty that drew on it, each in its own way: what holds them together is the release."""
    ties = [tie(0, n, 0.8) for n in range(1, 31)]
    unlike = [(a, b, 0.05) for a, b in combinations(range(1, 31), 2)]
    for ordered in (ties, ties[::-1]):
        clusters, refused = cluster(ordered, unlike)
        assert members(clusters) == [tuple(range(31))]
        assert refused == ()
