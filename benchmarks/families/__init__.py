"""Clusters of the open families: `python -m benchmarks.families [--mixed] [--reuters]`.

The open real families, same-language pairs first and pairs of two languages apart, on all of
them and on the half of the stories that no model was fitted on: pairwise precision, recall and
F1 of the clusters that dedup finds, hard negatives joined, and in the same run single-link
TF-IDF and word-5 Jaccard at the threshold that is best for them on the very data they are
judged on, and components over MinHash at usual settings. Then whether articles with several
stories chain them, and calibration. With --mixed: the versions of 509 WMT stories among
basil's triplets; with --reuters: the same among 21,578 Reuters dispatches. With --unseen: the
same table on two collections of real pages that no model was fitted on.
"""

from collections.abc import Sequence

from benchmarks.data import fitted_on
from benchmarks.families.gold import Gold, families, pairwise
from benchmarks.families.grouping import (
    MINHASH,
    Groups,
    best_single_link,
    grouped,
    jaccard,
    minhash,
    tfidf,
)

__all__ = ["Gold", "families", "jaccard", "judge", "judge_unseen", "pairwise", "tfidf"]

UNSEEN = ("families-b", "families-c")


def judge() -> dict[str, float]:
    """Print the table; returns the figures of dedup over all same-language pairs."""
    gold = families()
    ids = [article.id for article in gold.articles]
    judged = [id for id in ids if not fitted_on(gold.topic[id])]
    fitted = [id for id in ids if fitted_on(gold.topic[id])]
    groups = grouped(gold.articles)
    print(f"{'families, same language':<46}prec   rec    F1     hard negatives joined")
    whole = pairwise(gold, groups, ids)
    whole.print("dedup")
    pairwise(gold, groups, fitted).print("dedup, half of the stories that models know")
    pairwise(gold, groups, judged).print("dedup, judged half of the stories")
    for name, found in _baselines(gold, ids):
        pairwise(gold, found, ids).print(name)
    pairwise(gold, groups, ids, across=True).print("pairs of two languages: dedup")
    return {"pair_f1": whole.f1, "hard_negatives_joined": whole.hard}


def judge_unseen() -> dict[str, float]:
    """Print a table for each collection that no model has seen; returns dedup's figures."""
    figures: dict[str, float] = {}
    for name in UNSEEN:
        gold = families(name)
        ids = [article.id for article in gold.articles]
        heading = f"{name} (unseen), same language"
        print(f"{heading:<46}prec   rec    F1     of {len(gold.hard)} hard negatives joined")
        score = pairwise(gold, grouped(gold.articles), ids)
        score.print("dedup")
        for baseline, groups in _baselines(gold, ids):
            pairwise(gold, groups, ids).print(baseline)
        figures |= {f"{name}.pair_f1": score.f1, f"{name}.hard_negatives_joined": score.hard}
    return figures


def _baselines(gold: Gold, ids: Sequence[str]) -> list[tuple[str, Groups]]:
    def f1(groups: Groups) -> float:
        return pairwise(gold, groups, ids).f1

    usual = [(f"MinHash components, ≥ {t}", minhash(gold.articles, t)) for t in MINHASH]
    return [
        ("single-link TF-IDF, best threshold", best_single_link(gold.articles, tfidf, f1)),
        ("word-5 Jaccard, best threshold", best_single_link(gold.articles, jaccard, f1)),
        *usual,
    ]
