"""Baselines for who copied from whom: what one would do without dedup.

Each gives directed edges (source, derivative) within a cluster and uses the dates where there
are any. They are the tree of greatest TF-IDF cosine, rooted in the oldest article (the longest
without dates); the star around that article; for each article the most similar older one; and
the maximum spanning arborescence (Edmonds) over word-3 containment. `WITHIN` are simpler still,
for clusters of real pages of which some have a date: everything from the earliest page that has
one; everything from the page with most text; each page tied to the one with the greatest cosine,
the longer being the source where no dates say otherwise; whatever a page credits, and no more.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt

from benchmarks.families import tfidf
from dedup.article import Article
from dedup.derive import make_member
from dedup.derive.credited import find_credit
from dedup.derive.tree import best_parents
from dedup.text import prepare

Edges = set[tuple[int, int]]
LAST = 99.0  # log-weight of an unseen parent, so that one article alone has it
WIDTH = 3  # words of a shingle


def single_link_tree(articles: Sequence[Article]) -> Edges:
    """The spanning tree of greatest cosine, its edges pointing away from the root."""
    cosine = tfidf([article.text for article in articles])
    inside = {_first(articles)}
    edges: Edges = set()
    while len(inside) < len(articles):
        outside = [v for v in range(len(articles)) if v not in inside]
        u, v = max(((u, v) for u in sorted(inside) for v in outside), key=lambda e: cosine[e])
        edges.add((u, v))
        inside.add(v)
    return edges


def star(articles: Sequence[Article]) -> Edges:
    """Everything from the earliest."""
    root = _first(articles)
    return {(root, v) for v in range(len(articles)) if v != root}


def closest_older(articles: Sequence[Article]) -> Edges:
    """Each article from the older one with the greatest cosine; without clocks as the tree."""
    if any(article.published is None for article in articles):
        return single_link_tree(articles)
    cosine = tfidf([article.text for article in articles])
    edges: Edges = set()
    for v, article in enumerate(articles):
        older = [u for u, other in enumerate(articles) if _moment(other) < _moment(article)]
        if older:
            edges.add((max(older, key=lambda u: cosine[u, v]), v))
    return edges


def containment_tree(articles: Sequence[Article]) -> Edges:
    """The arborescence that maximises how much of each article stands in its parent."""
    shingles = [_shingles(article.text) for article in articles]
    count = len(articles)
    weights = np.zeros((count, count), dtype=np.float64)
    for u in range(count):
        for v in range(count):
            weights[u, v] = len(shingles[u] & shingles[v]) / max(len(shingles[v]), 1)
    parents = best_parents(weights, _one_root(count))
    return {(u, v) for v, u in enumerate(parents) if u is not None}


BASELINES: dict[str, Callable[[Sequence[Article]], Edges]] = {
    "TF-IDF tree": single_link_tree,
    "earliest star": star,
    "closest older": closest_older,
    "containment": containment_tree,
}


def from_earliest(articles: Sequence[Article]) -> Edges:
    """Every dated article from the earliest of them."""
    dated = [v for v, article in enumerate(articles) if article.published is not None]
    root = min(dated, key=lambda v: _moment(articles[v]), default=0)
    return {(root, v) for v in dated if v != root}


def from_fullest(articles: Sequence[Article]) -> Edges:
    """Every article from the one with most text."""
    root = max(range(len(articles)), key=lambda v: len(articles[v].text))
    return {(root, v) for v in range(len(articles)) if v != root}


def nearest(articles: Sequence[Article]) -> Edges:
    """Each article and the one with the greatest cosine, from the earlier or else the longer."""
    cosine = tfidf([article.text for article in articles])
    np.fill_diagonal(cosine, -1.0)
    pairs = {(min(u, v), max(u, v)) for v, u in enumerate(cosine.argmax(axis=0).tolist())}
    return {(u, v) if _is_first(articles[u], articles[v]) else (v, u) for u, v in pairs}


def by_credit(articles: Sequence[Article]) -> Edges:
    """Each article from those that it credits by name or links to."""
    members = [make_member(prepare(article)) for article in articles]
    return {
        (u, v)
        for v, derivative in enumerate(members)
        for u, source in enumerate(members)
        if u != v and find_credit(source, derivative).standing == "credited"
    }


WITHIN: dict[str, Callable[[Sequence[Article]], Edges]] = {
    "earliest date": from_earliest,
    "most text": from_fullest,
    "nearest cosine": nearest,
    "credit only": by_credit,
}


def _is_first(one: Article, other: Article) -> bool:
    if one.published is not None and other.published is not None:
        moments = _moment(one), _moment(other)
        if moments[0] != moments[1]:
            return moments[0] < moments[1]
    return len(one.text) >= len(other.text)


def _one_root(count: int) -> npt.NDArray[np.float64]:
    return np.full(count, -LAST)


def _first(articles: Sequence[Article]) -> int:
    """The oldest; without clocks the longest."""
    if any(article.published is None for article in articles):
        return max(range(len(articles)), key=lambda v: len(articles[v].text))
    return min(range(len(articles)), key=lambda v: _moment(articles[v]))


def _moment(article: Article) -> str:
    published = article.published
    assert isinstance(published, date)
    return published.isoformat() if isinstance(published, datetime) else f"{published}T00:00"


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[i : i + WIDTH]) for i in range(len(words) - WIDTH + 1)}
