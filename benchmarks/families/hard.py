"""Hard negatives: how many pairs that share no source text are taken for one, and calibration.

On the half of the stories that no model was fitted on: basil's triplets, Reuters' forms of
different weeks, real texts with other names and figures, the next day's story with the
background of the last. Pair by pair, before clusters are made of them.
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np

from benchmarks.calibration import calibration_error, print_reliability
from benchmarks.data import fitted_on
from benchmarks.families.gold import families
from benchmarks.fit_relation import LEAST_LIKE, Example, basil_pairs, form_pairs, made_pairs
from dedup.relate import MIN_PROBABILITY, relate
from dedup.relate.profile import compute_cosine
from dedup.text import prepare


def judge_hard() -> dict[str, float]:
    """Print how many hard negatives of each kind are taken for one report."""
    print("\nhard negatives, judged half      pairs  taken for one report")
    joined: dict[str, list[bool]] = {}
    for pairs in (same_event(), form_pairs(), made_pairs()):
        for name, one, other, a, b, _ in pairs:
            if not fitted_on(one) and not fitted_on(other):
                taken = relate(a, b)[0].probability >= MIN_PROBABILITY
                joined.setdefault(name, []).append(taken)
    for name, found in joined.items():
        print(f"{name:<32}{len(found):6d}  {sum(found):5d}  {sum(found) / len(found):.3f}")
    return {name: sum(found) / len(found) for name, found in joined.items()}


def same_event() -> Iterable[Example]:
    """Basil's pairs on one event."""
    return (pair for pair in basil_pairs() if pair[1] == pair[2])


def judge_calibration() -> dict[str, float]:
    """Print the reliability of the probabilities on the families' judged half."""
    gold = families()
    texts = [prepare(a) for a in gold.articles if not fitted_on(gold.topic[a.id])]
    said, true = [], []
    for a, b in combinations(texts, 2):
        one, other = a.article.id, b.article.id
        if (
            a.language == b.language
            and gold.counts(one, other)
            and compute_cosine(a, b) >= LEAST_LIKE
        ):
            said.append(relate(a, b)[0].probability)
            true.append(gold.same(one, other))
    print()
    print_reliability("families, judged half", np.array(said), np.array(true))
    return {"calibration_error": calibration_error(np.array(said), np.array(true))}
