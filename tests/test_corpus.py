"""The corpus of the benchmarks: planted duplicates are what they are said to be."""

import json
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from benchmarks.corpus import KINDS, corpus, jaccard, resemblances, write
from dedup import near_duplicates
from dedup.text.words import split_words

pytestmark = [pytest.mark.data, pytest.mark.slow]
STORIES = 200  # enough for about 60 articles of 490 words; beyond that, spans are recombined


@pytest.fixture(scope="module")
def made():
    """150 articles, 90 of them beyond the stories, 50 derived from others."""
    return corpus(150, derived=1 / 3, stories=STORIES)


def shares(texts):
    """The resemblance of every pair of texts, by plain sets of strings."""
    forms = [split_words(text).forms() for text in texts]
    sets = [{tuple(form[at : at + 5]) for at in range(len(form) - 4)} for form in forms]
    return {
        (a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b])
        for a, b in combinations(range(len(texts)), 2)
    }


def test_the_same_arguments_make_the_same_corpus(made):
    """Texts, kinds and groups are equal; another seed makes others."""
    again = corpus(150, derived=1 / 3, stories=STORIES)
    assert again.texts == made.texts
    assert again.kinds == made.kinds
    assert again.groups.tolist() == made.groups.tolist()
    assert corpus(150, derived=1 / 3, stories=STORIES, seed=2).texts != made.texts


def test_articles_are_about_as_long_as_asked(made):
    """The mean is within a tenth, and no original is far from it."""
    lengths = [len(split_words(text)) for text in made.texts]
    assert len(lengths) == 150
    assert np.mean(lengths) == pytest.approx(490, rel=0.1)
    originals = [
        length for length, kind in zip(lengths, made.kinds, strict=True) if kind == "original"
    ]
    assert min(originals) > 200
    assert max(originals) < 900
    short = corpus(60, 120, stories=STORIES).texts
    assert np.mean([len(split_words(text)) for text in short]) == pytest.approx(120, rel=0.2)


def test_planted_resemblances_are_exact(made):
    """They are what sets of strings give."""
    exact = shares(made.texts)
    planted = [exact[tuple(pair)] for pair in made.pairs.tolist()]
    assert resemblances(made).tolist() == pytest.approx(planted)


def test_what_was_not_planted_is_unrelated(made):
    """No two articles of different groups resemble each other by a fifth."""
    groups = made.groups
    assert (
        max(share for (a, b), share in shares(made.texts).items() if groups[a] != groups[b]) < 0.2
    )


def test_each_kind_changes_what_it_says(made):
    """Copies and typesetting keep every word; a truncation is a beginning; edits are graded."""
    assert set(made.kinds) == {"original", *KINDS}
    found = {kind: [] for kind in KINDS}
    for (a, b), share in zip(made.pairs.tolist(), resemblances(made), strict=True):
        kinds = made.kinds[a], made.kinds[b]
        assert kinds.count("original") == 1
        original, other = (a, b) if kinds[0] == "original" else (b, a)
        found[made.kinds[other]].append((share, made.texts[original], made.texts[other]))
    assert all(before == after for _, before, after in found["copy"])
    assert all(share == 1 and before != after for share, before, after in found["typeset"])
    assert all(before.startswith(after) for _, before, after in found["truncated"])
    assert all(len(after) > len(before) for _, before, after in found["expanded"])
    assert min(share for share, *_ in found["light"]) > 0.75
    assert max(share for share, *_ in found["heavy"]) < 0.85


def test_families_have_every_pair():
    """With up to three derived from one, all pairs of a group are known."""
    made = corpus(80, 150, derived=0.5, most=3, stories=STORIES)
    sizes = Counter(made.groups.tolist())
    assert max(sizes.values()) == 4
    assert len(made.pairs) == sum(size * (size - 1) // 2 for size in sizes.values())
    assert all(made.groups[a] == made.groups[b] for a, b in made.pairs)
    assert all(made.groups[label] == label for label in sizes)


def test_identical_texts_are_one_group():
    """They are found as one, and their pairs are not listed."""
    made = corpus(90, 150, identical=40, stories=STORIES)
    same = [text for text, kind in zip(made.texts, made.kinds, strict=True) if kind == "identical"]
    assert len(same) == 40
    assert len(set(same)) == 1
    assert max(Counter(made.groups.tolist()).values()) == 40
    assert len(made.pairs) == 10
    assert max(Counter(near_duplicates(made.texts).labels.tolist()).values()) == 40


def test_a_corpus_is_written_as_json_lines(made, tmp_path):
    """One article a line, numbered, the text unchanged."""
    write(made.texts, tmp_path / "corpus.jsonl")
    lines = (tmp_path / "corpus.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    rows = [json.loads(line) for line in lines]
    assert [row["text"] for row in rows] == made.texts
    assert [row["id"] for row in rows] == [str(number) for number in range(150)]


def test_resemblance_counts_distinct_shingles():
    """Six words share two shingles of five with themselves, one with a text that ends earlier."""
    assert jaccard("one two three four five six", "One, two: three four “five” six") == 1
    assert jaccard("one two three four five six", "one two three four five") == 0.5
    assert jaccard("one two three four five", "six seven eight nine ten") == 0
