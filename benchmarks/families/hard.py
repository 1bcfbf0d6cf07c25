"""Pairs that share no source text: how many are taken for one, and calibration.

Pair by pair, before clusters are made of them, each set by a model that was fitted without it:
basil's triplets, pairs that SemEval's readers found different, Reuters' forms of different weeks,
real texts with other names and figures, the next day's story with the background of the last.
Reuters' forms once as the fit has them, and once with headline and date.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from benchmarks.calibration import calibration_error, print_reliability
from benchmarks.data import load
from benchmarks.families import COLLECTIONS
from benchmarks.families.gold import families
from benchmarks.fit_relation import (
    LEAST_LIKE,
    Example,
    basil_pairs,
    different_pairs,
    form_pairs,
    made_pairs,
)
from benchmarks.left_out import without
from dedup.relate import MIN_PROBABILITY, relate
from dedup.relate.profile import compute_cosine
from dedup.text import prepare, same_language

REAL = (basil_pairs, different_pairs)
HARD = (*REAL, form_pairs, partial(form_pairs, "forms, dated"), made_pairs)


def judge_hard(makers: Sequence[Callable[[], Iterator[Example]]] = HARD) -> dict[str, float]:
    """Print how many pairs of each kind are taken for one source text; the shares."""
    print("\npairs without a common source    pairs  joined")
    triplet = {row["id"]: row["triplet"] for row in load("basil")}
    joined: dict[str, list[bool]] = {}
    for make in makers:
        for name, a, b, _ in make():
            if name == "basil" and triplet[a.article.id] != triplet[b.article.id]:
                continue
            with without(name.partition(",")[0]):
                taken = relate(a, b)[0].probability >= MIN_PROBABILITY
            joined.setdefault(name, []).append(taken)
    for name, found in joined.items():
        print(f"{name:<32}{len(found):6d}  {sum(found):5d}  {sum(found) / len(found):.3f}")
    return {name: sum(found) / len(found) for name, found in joined.items()}


def judge_calibration() -> dict[str, float]:
    """Print the reliability of the probabilities on each collection, unseen."""
    said, true = [], []
    for name in COLLECTIONS:
        gold = families(name)
        texts = [prepare(article) for article in gold.articles]
        for a, b in combinations(texts, 2):
            one, other = a.article.id, b.article.id
            if (
                same_language(a, b)
                and gold.counts(one, other)
                and compute_cosine(a, b) >= LEAST_LIKE
            ):
                with without(name):
                    said.append(relate(a, b)[0].probability)
                true.append(gold.same(one, other))
    print()
    print_reliability("families, -b and -c, unseen", np.array(said), np.array(true))
    return {"calibration_error": calibration_error(np.array(said), np.array(true))}
