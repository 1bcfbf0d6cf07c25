"""Ways to group articles: what dedup finds, and what is usual."""

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from dedup import near_duplicates
from dedup.article import Article
from dedup.cluster import Tie, cluster
from dedup.embed import Encoder
from dedup.pipeline.collection import Collection
from dedup.pipeline.pairs import candidate_groups, select_pairs
from dedup.pipeline.relations import Relations

Groups = list[tuple[str, ...]]
Ties = tuple[list[Tie], list[tuple[int, int, float]]]
Scores = np.ndarray[Any, Any]
THRESHOLDS = np.arange(0.05, 1, 0.05)
MINHASH = (0.5, 0.7, 0.8)  # resemblances that MinHash is usually asked for


def grouped(articles: Iterable[Article], model: Encoder | None = None) -> Groups:
    """The clusters that dedup finds, as `dedup.compare` does, but not described."""
    collection, groups = tied(articles, model)
    return [
        tuple(collection.id(i) for i in group.members)
        for ties in groups
        for group in cluster(*ties)[0]
    ]


def tied(
    articles: Iterable[Article], model: Encoder | None = None
) -> tuple[Collection, list[Ties]]:
    """The ties that dedup finds and the pairs that are none, what hangs together in one."""
    collection = Collection(articles)
    pairs, _ = select_pairs(collection, model)
    groups = candidate_groups(pairs, collection.sketches.signatures)
    return collection, [
        Relations(collection.texts, model).find_ties(group.pairs) for group in groups
    ]


def labelled(ids: Sequence[str], labels: Iterable[Any]) -> Groups:
    """Groups of `ids` by label."""
    groups: dict[Any, list[str]] = {}
    for id, label in zip(ids, labels, strict=True):
        groups.setdefault(label, []).append(id)
    return [tuple(group) for group in groups.values()]


def single_link(scores: Scores, threshold: float) -> list[int]:
    """Connected components over pairs that score at least `threshold`."""
    from scipy.sparse.csgraph import connected_components

    return list(connected_components(scores >= threshold, directed=False)[1])


def minhash(articles: Sequence[Article], threshold: float) -> Groups:
    """Connected components over pairs whose signatures agree in `threshold` of 128 places."""
    found = near_duplicates([article.text for article in articles], threshold=threshold)
    return labelled([article.id for article in articles], found.labels.tolist())


def best_single_link(
    articles: Sequence[Article],
    score: Callable[[Sequence[str]], Scores],
    judge: Callable[[Groups], float],
) -> Groups:
    """Single link at the threshold that `judge` likes best, on the very data it is judged on."""
    scores = score([article.text for article in articles])
    ids = [article.id for article in articles]
    every = (labelled(ids, single_link(scores, float(t))) for t in THRESHOLDS)
    return max(every, key=judge)


def tfidf(texts: Sequence[str]) -> Scores:
    from sklearn.feature_extraction.text import TfidfVectorizer

    matrix = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    return np.asarray((matrix @ matrix.T).toarray())


def jaccard(texts: Sequence[str], width: int = 5) -> Scores:
    shingles = []
    for text in texts:
        tokens = text.lower().split()
        shingles.append({tuple(tokens[i : i + width]) for i in range(len(tokens) - width + 1)})
    scores = np.zeros((len(texts), len(texts)))
    for i, j in combinations(range(len(texts)), 2):
        union = len(shingles[i] | shingles[j])
        scores[i, j] = scores[j, i] = len(shingles[i] & shingles[j]) / union if union else 0
    return scores
