"""Clusters of real news: `python -m benchmarks.families [--mixed] [--reuters]`.

The open real families in three collections, pairs in one language: pairwise precision, recall
and F1 of the clusters that dedup finds, hard negatives joined, once by the model that is shipped
and once by one fitted on all sets but this ("unseen", the figure to quote), and in the same run
single-link TF-IDF and word-5 Jaccard at the threshold that is best for them on the very data they
are judged on, and components over MinHash at usual settings. Then pairs that share no source text
(`hard`), press releases and the articles that drew on them (`releases`), whether articles with
several stories chain them, and calibration. With --mixed: the versions of 509 WMT stories among
basil's triplets; with --reuters: the same among 21,578 Reuters dispatches.
"""

from collections.abc import Sequence

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
from benchmarks.left_out import without

__all__ = ["Gold", "families", "jaccard", "judge", "pairwise", "tfidf"]

COLLECTIONS = ("families", "families-b", "families-c")


def judge(
    names: Sequence[str] = COLLECTIONS, *, others: bool = True
) -> dict[str, dict[str, float]]:
    """Print a table for each collection; returns, for each, dedup's figures by models that have
    not seen it. Without `others` neither the shipped models nor the baselines are judged."""
    figures: dict[str, dict[str, float]] = {}
    for name in names:
        gold = families(name)
        ids = [article.id for article in gold.articles]
        heading = f"{name}, same language"
        print(f"{heading:<46}prec   rec    F1     of {len(gold.hard)} hard negatives joined")
        with without(name):
            groups = grouped(gold.articles)
        score = pairwise(gold, groups, ids)
        score.print("dedup, unseen")
        if others:
            pairwise(gold, grouped(gold.articles), ids).print("dedup, as shipped")
            for baseline, found in _baselines(gold, ids):
                pairwise(gold, found, ids).print(baseline)
        across = pairwise(gold, groups, ids, across=True)
        across.print("pairs of two languages: dedup")
        figures[name] = {
            "pair_f1": score.f1, "hard_negatives_joined": score.hard, "across_f1": across.f1
        }  # fmt: skip
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
