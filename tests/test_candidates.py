"""Candidates: true clusters are proposed, copies cost linear work, and order does not matter."""

import itertools
import json
import lzma
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from benchmarks.data import DATA
from dedup.candidates import MAX_NEIGHBOURS, candidates, cosines, near_duplicates, spanning_pairs
from dedup.candidates.near import BANDS, WINDOW, components, resembling_pairs
from dedup.candidates.prefilter import prefilter
from dedup.errors import InputError
from dedup.sketch import signatures, sketch
from seeds import TEXTS

SEEDS = list(TEXTS.values())
FAMILY = [(0, 1), (0, 2), (1, 2)]

# The words of real news, to make texts of for the properties.
WORDS = SEEDS[2].split()
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), min_size=1, max_size=12
)


def evaluation_rows(name):
    """The rows of an evaluation set; skips where the data is not on this machine."""
    path = DATA / f"{name}.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def reuters(most):
    """Wire stories of 1987 with their headlines."""
    return [f"{row['title']}\n{row['body']}" for row in evaluation_rows("reuters21578")[:most]]


def edited(text, rate, seed):
    """`text` with a share of its words replaced by words of other news."""
    chance, others = random.Random(seed), SEEDS[4].split()
    return " ".join(chance.choice(others) if chance.random() < rate else w for w in text.split())


def linked(pairs, groups, count):
    """The share of the links that hold `groups` together which `pairs` supply."""
    member = {article: number for number, group in enumerate(groups) for article in group}
    group = np.array([member.get(article, -1 - article) for article in range(count)])
    true = pairs[group[pairs[:, 0]] == group[pairs[:, 1]]]
    links = count - len(np.unique(components(true, count)))
    return links / sum(len(group) - 1 for group in groups)


def test_the_family_is_proposed_among_five_articles():
    """Where in-collection rarity says nothing, the true pairs are still among the candidates."""
    found = candidates(sketch(SEEDS))
    assert set(FAMILY) <= set(map(tuple, found.pairs.tolist()))
    cosine = dict(zip(map(tuple, found.pairs.tolist()), found.cosine.tolist(), strict=True))
    assert min(cosine[pair] for pair in FAMILY) > max(
        value for pair, value in cosine.items() if pair not in FAMILY
    )


@pytest.mark.data
def test_the_family_is_proposed_among_hundreds_of_articles():
    """So they are in a folder of other news."""
    basil = [
        "\n".join(" ".join(paragraph) for paragraph in row["body-paragraphs"])
        for row in evaluation_rows("basil")
    ]
    found = candidates(sketch([*SEEDS, *reuters(500), *basil]))
    assert set(FAMILY) <= set(map(tuple, found.pairs.tolist()))


@pytest.mark.data
@pytest.mark.parametrize("others", [0, 2000])
def test_real_families_stay_connected(others):
    """Every cluster of one language is held together by its candidates, alone or among others."""
    rows = evaluation_rows("families")
    (gold,) = evaluation_rows("families-gold")
    place = {row["id"]: number for number, row in enumerate(rows)}
    groups = []
    for members in gold["families"].values():
        tongues = sorted(members, key=lambda member: rows[place[member]]["language"])
        for _, group in itertools.groupby(tongues, lambda m: rows[place[m]]["language"]):
            groups.append([place[member] for member in group])
    texts = [f"{row['title']}\n{row['text']}" for row in rows] + (reuters(others) if others else [])
    found = candidates(sketch(texts))
    assert linked(found.pairs, groups, len(texts)) >= 0.97
    true = {tuple(sorted(pair)) for group in groups for pair in itertools.combinations(group, 2)}
    assert len(true & set(map(tuple, found.pairs.tolist()))) / len(true) >= 0.95


@pytest.mark.data
def test_retold_stories_are_proposed():
    """Two translations of one story share few shingles and are still each other's candidates."""
    texts, groups = [], []
    for row in evaluation_rows("wmt-news-versions")[:200]:
        versions = sorted(name for name in row["versions"] if name != "src")[:3]
        groups.append(range(len(texts), len(texts) + len(versions)))
        texts += ["\n".join(row["versions"][name]) for name in versions]
    assert linked(candidates(sketch(texts)).pairs, groups, len(texts)) >= 0.97


@pytest.mark.data
def test_plain_news_meets_few_candidates():
    """On wire stories an article has at most six candidates on average."""
    found = candidates(sketch(reuters(2000)))
    assert 2 * len(found) / 2000 <= 6


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_candidates_are_sorted_distinct_and_never_of_one_article(texts):
    """Pairs ascend, i < j, and each has its exact resemblance and cosine."""
    sketches = sketch(texts)
    found = candidates(sketches)
    pairs = found.pairs.tolist()
    assert pairs == sorted(map(list, set(map(tuple, pairs))))
    assert all(left < right < len(texts) for left, right in pairs)
    assert len(found) == len(found.resemblance) == len(found.cosine)
    np.testing.assert_array_equal(found.cosine, cosines(sketches.terms, found.pairs))


@settings(max_examples=50, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_the_texts(texts, chance):
    """Shuffled texts fall into the same groups, each named by its smallest index."""
    order = list(range(len(texts)))
    chance.shuffle(order)
    labels = near_duplicates(texts, 0.5).labels
    shuffled = near_duplicates([texts[place] for place in order], 0.5).labels
    groups = {frozenset(np.flatnonzero(labels == label).tolist()) for label in labels}
    moved = {
        frozenset(order[place] for place in np.flatnonzero(shuffled == label)) for label in shuffled
    }
    assert groups == moved
    assert all(labels[label] == label <= place for place, label in enumerate(labels.tolist()))


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.sampled_from((0.2, 0.5, 0.7)))
def test_both_paths_and_any_number_of_threads_find_the_same(texts, threshold):
    """Pairs, similarities and labels do not depend on how they are computed."""
    plain = near_duplicates(texts, threshold, compiled=False)
    for threads in (1, 3):
        found = near_duplicates(iter(texts), threshold, compiled=True, threads=threads)
        np.testing.assert_array_equal(found.pairs, plain.pairs)
        np.testing.assert_array_equal(found.similarity, plain.similarity)
        np.testing.assert_array_equal(found.labels, plain.labels)


@pytest.mark.parametrize("values", [1, 2, 3, 5])
def test_crowded_buckets_are_joined_alike_by_both_paths(values):
    """So they are where whole crowds share a bucket and many signatures are equal."""
    chance = np.random.default_rng(values)
    signed = chance.integers(0, values, (300, 128), dtype=np.uint32)
    signed[:, ::3] = 7
    signed = signed[chance.integers(0, 300, 1500)]
    signed[:20] = 0xFFFFFFFF
    plain = resembling_pairs(signed, 0.5, compiled=False)
    for threads in (1, 2):
        found = resembling_pairs(signed, 0.5, compiled=True, threads=threads)
        np.testing.assert_array_equal(found[0], plain[0])
        np.testing.assert_array_equal(found[1], plain[1])


def test_one_string_is_no_collection():
    """A string would be read as a text per letter; the message says what to give."""
    with pytest.raises(InputError, match="texts is one string, 'Kim'…; give a list of texts"):
        near_duplicates("Kim")


@pytest.mark.parametrize("threads", [0, -2])
def test_fewer_threads_than_one_are_refused(threads):
    """The message shows the value."""
    with pytest.raises(InputError, match=f"threads is {threads}; give a whole number from 1 on"):
        near_duplicates(SEEDS, threads=threads)


def test_candidates_do_not_depend_on_the_order_of_the_articles():
    """The same pairs of articles are proposed when the collection is reversed."""
    texts = [*SEEDS, *(edited(SEEDS[0], rate, seed=1) for rate in (0.02, 0.1, 0.3))]
    forward = candidates(sketch(texts)).pairs
    backward = len(texts) - 1 - candidates(sketch(texts[::-1])).pairs
    assert {tuple(p) for p in forward.tolist()} == {tuple(sorted(p)) for p in backward.tolist()}


@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_the_type_of_an_index_changes_no_candidate(index):
    """Terms with indices of 32 and of 64 bits give the same candidates."""
    sketches = sketch([*SEEDS, *(edited(SEEDS[0], rate, 1) for rate in (0.02, 0.05, 0.1))])
    terms = csr_array(sketches.terms)
    terms.indices, terms.indptr = terms.indices.astype(index), terms.indptr.astype(index)
    expected, result = candidates(sketches), candidates(replace(sketches, terms=terms))
    assert len(expected)
    assert np.array_equal(result.pairs, expected.pairs)
    assert np.array_equal(result.cosine, expected.cosine)
    assert prefilter(replace(sketches, terms=terms), expected.pairs).all()


@pytest.mark.parametrize("index", [np.int32, np.int64])
def test_spanning_pairs_are_the_most_alike_that_hold_a_group_together(index):
    """Of a triangle the weakest side goes, whichever integers number the articles."""
    pairs = np.array([[0, 1], [0, 2], [1, 2], [3, 4]], dtype=index)
    shares = np.array([0.9, 0.5, 0.8, 0.4], dtype=np.float32)
    assert spanning_pairs(pairs, shares).tolist() == [True, False, True, True]
    assert components(pairs, 5).tolist() == [0, 0, 0, 3, 3]


def test_identical_texts_cost_one_pair_each():
    """Each is linked to the first, however many stand in one bucket."""
    found = near_duplicates([SEEDS[0]] * 2000 + [SEEDS[1]])
    assert found.pairs.tolist() == [[0, other] for other in range(1, 2000)]
    assert (found.similarity == 1).all()
    assert found.labels.tolist() == [0] * 2000 + [2000]


def test_a_large_bucket_costs_linear_work_and_stays_one_group():
    """Light edits of one story are one group; four times as many cost four times the pairs."""
    texts = [edited(SEEDS[0], 0.01, seed) for seed in range(1200)]
    few, many = near_duplicates(texts[:300], 0.6), near_duplicates(texts, 0.6)
    assert np.mean(many.labels == 0) > 0.98
    assert len(many.pairs) / 1200 < 1.5 * len(few.pairs) / 300 < 1.5 * BANDS * WINDOW


def test_a_rewrite_is_found_however_many_sites_carry_the_story():
    """Copies neither wear out the rare words of a story nor crowd its rewrite out."""
    copies = [edited(SEEDS[2], 0.005, seed) for seed in range(120)]
    found = candidates(sketch([SEEDS[0], *copies, SEEDS[3], SEEDS[4]]))
    partners = found.pairs[found.pairs[:, 0] == 0, 1]
    assert np.isin(partners, np.arange(1, 121)).any()


def test_every_near_duplicate_reaches_the_threshold():
    """Similarity is the verified share of equal signature positions."""
    texts = [edited(SEEDS[0], rate, seed=2) for rate in (0, 0.005, 0.02, 0.04, 0.08, 0.2)]
    for threshold in (0.3, 0.5, 0.7, 0.9):
        assert (near_duplicates(texts, threshold).similarity >= threshold).all()
    pairs, shares = resembling_pairs(signatures(texts), 0.5)
    np.testing.assert_array_equal(shares, near_duplicates(texts, 0.5).similarity)
    assert len(pairs) > len(near_duplicates(texts, 0.9).pairs) > 0


def test_a_text_without_words_matches_nothing():
    """Empty texts are neither candidates nor near-duplicates, of each other either."""
    texts = ["", "…", "", SEEDS[0], SEEDS[0]]
    assert near_duplicates(texts).labels.tolist() == [0, 1, 2, 3, 3]
    assert candidates(sketch(texts)).pairs.tolist() == [[3, 4]]


@pytest.mark.parametrize("texts", [[], [""], [SEEDS[0]]], ids=["none", "empty", "one"])
def test_fewer_than_two_texts_have_no_candidates(texts):
    """Small inputs give an empty answer, not an error."""
    assert len(candidates(sketch(texts))) == 0
    assert near_duplicates(texts).labels.tolist() == list(range(len(texts)))


@pytest.mark.parametrize("threshold", [0, -1, 1.5, float("nan")])
def test_a_threshold_that_is_no_share_is_refused(threshold):
    """The message shows the value and says what to give."""
    with pytest.raises(InputError, match=r"threshold is .*; give a share above 0 and up to 1"):
        near_duplicates(SEEDS, threshold)


def test_no_article_brings_more_than_its_neighbours():
    """Beyond copies, each article proposes at most `NEIGHBOURS` others."""
    texts = [edited(SEEDS[0], 0.5, seed) for seed in range(40)]
    found = candidates(sketch(texts))
    assert 40 < np.count_nonzero(found.resemblance < 0.4) <= 40 * MAX_NEIGHBOURS
