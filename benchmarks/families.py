"""Families: which articles are one report. `python -m benchmarks.families`.

The open real families (../shared/data/families): same-language pairs, judged on the half of
the stories that no model was fitted on, and over all of them; pairwise precision, recall and
F1 of the clusters that `dedup.compare` finds, hard negatives joined, and in the same run
single-link TF-IDF and single-link word-5 Jaccard at the threshold that is best for them on
the very data they are judged on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from benchmarks.data import load
from dedup.article import Article

Pair = frozenset[str]


@dataclass(frozen=True)
class Gold:
    """The families and which pairs count neither way."""

    articles: list[Article]
    topic: dict[str, str]
    family: dict[str, str]
    hard: list[Pair]
    free: set[Pair]
    derivations: list[dict[str, Any]]

    def same(self, a: str, b: str) -> bool:
        return a in self.family and self.family[a] == self.family.get(b)

    def counts(self, a: str, b: str) -> bool:
        return frozenset((a, b)) not in self.free


def families() -> Gold:
    """The open families and their gold."""
    rows, gold = load("families"), load("families-gold")[0]
    family = {id: name for name, ids in gold["families"].items() for id in ids}
    free = {frozenset(pair[:2]) for pair in gold["uncertain_pairs"]}
    for entry in gold["do_not_use_as_negatives"]:
        for one, other in combinations(entry["groups"], 2):
            free |= {
                frozenset((a, b)) for a in gold["families"][one] for b in gold["families"][other]
            }
    articles = [
        Article(
            row["id"], row["text"], row["title"], row["url"], row.get("domain"),
            row["published"], row["language"],
        )
        for row in rows
    ]  # fmt: skip
    return Gold(
        articles,
        {row["id"]: row["story_topic"] for row in rows},
        family,
        [frozenset(pair[:2]) for pair in gold["hard_negatives"]],
        free,
        gold["derivations"],
    )


def pairwise(gold: Gold, groups: Iterable[Sequence[str]], ids: Sequence[str]) -> tuple[float, ...]:
    """Precision, recall and F1 over pairs of `ids`, and hard negatives joined."""
    label = {id: i for i, group in enumerate(groups) for id in group}
    right = wrong = missed = 0
    language = {article.id: article.language for article in gold.articles}
    for a, b in combinations(ids, 2):
        if not gold.counts(a, b) or language[a] != language[b]:
            continue
        joined = a in label and label[a] == label.get(b)
        right += joined and gold.same(a, b)
        wrong += joined and not gold.same(a, b)
        missed += not joined and gold.same(a, b)
    hard = sum(len({label.get(id, id) for id in pair}) == 1 for pair in gold.hard)
    precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
    return precision, recall, 2 * right / max(2 * right + wrong + missed, 1), hard


def single_link(scores: np.ndarray[Any, Any], threshold: float) -> list[int]:
    """Connected components over pairs that score at least `threshold`."""
    from scipy.sparse.csgraph import connected_components

    return list(connected_components(scores >= threshold, directed=False)[1])


def tfidf(texts: Sequence[str]) -> np.ndarray[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    return np.asarray((matrix @ matrix.T).toarray())


def jaccard(texts: Sequence[str], width: int = 5) -> np.ndarray[Any, Any]:
    shingles = []
    for text in texts:
        tokens = text.lower().split()
        shingles.append({tuple(tokens[i : i + width]) for i in range(len(tokens) - width + 1)})
    scores = np.zeros((len(texts), len(texts)))
    for i, j in combinations(range(len(texts)), 2):
        union = len(shingles[i] | shingles[j])
        scores[i, j] = scores[j, i] = len(shingles[i] & shingles[j]) / union if union else 0
    return scores


def report(name: str, figures: tuple[float, ...]) -> None:
    print(f"{name:<34}{figures[0]:.3f}  {figures[1]:.3f}  {figures[2]:.3f}  {figures[3]:.0f}")


def baseline(gold: Gold, name: str, score: Callable[[Sequence[str]], np.ndarray[Any, Any]]) -> None:
    scores = score([article.text for article in gold.articles])
    ids = [article.id for article in gold.articles]
    best: tuple[float, ...] = (0, 0, 0, 0)
    for threshold in np.arange(0.05, 1, 0.05):
        labels = single_link(scores, float(threshold))
        groups: dict[int, list[str]] = {}
        for id, label in zip(ids, labels, strict=True):
            groups.setdefault(label, []).append(id)
        best = max(best, pairwise(gold, groups.values(), ids), key=lambda figures: figures[2])
    report(name, best)


def judge() -> dict[str, float]:
    """Print the table; returns the figures of dedup over all same-language pairs."""
    from benchmarks.data import fitted_on
    from dedup.pipeline import compare

    gold = families()
    result = compare(gold.articles)
    groups = [cluster.members for cluster in result.clusters]
    ids = [article.id for article in gold.articles]
    held = [id for id in ids if not fitted_on(gold.topic[id])]
    print(f"{'families, same language':<34}prec   rec    F1     hard negatives joined")
    figures = pairwise(gold, groups, ids)
    report("dedup", figures)
    report("dedup, judged half of the stories", pairwise(gold, groups, held))
    baseline(gold, "single-link TF-IDF, best threshold", tfidf)
    baseline(gold, "word-5 Jaccard, best threshold", jaccard)
    return {"pair_f1": figures[2], "hard_negatives_joined": figures[3]}


if __name__ == "__main__":
    judge()
