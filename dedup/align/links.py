"""Links: which sentences of the source a sentence of the derivative tells.

Comes in: a `Likeness`. Goes out: for every derivative sentence, the source sentences it is
linked to, with a probability. The evidence (`dedup.align.evidence`) is weighed by a
generalised additive model: each piece of it adds log-odds that are read off a curve of a few
points, so that every link can be explained piece by piece. One model looks at the words. A
second one, used `LOOKS` times, also looks at the links around; its curves bend with how far
the derivative keeps the source's order, since a piece that was translated line by line and
one that was told anew are to be read differently (varying-coefficient models: Hastie and
Tibshirani 1993). The curves are fitted by `benchmarks/fit_alignment.py` on open data and kept
as readable numbers in data/alignment.json: two models for texts in one language, two for those
that also have sentence vectors, two for texts in two languages with sentence vectors, two for
those with nothing but names and numbers.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from dedup.align.evidence import (
    FIRST,
    FIRST_MEANT,
    SECOND,
    SECOND_MEANT,
    context_features,
    keeps_order,
    local_features,
    word_evidence,
)
from dedup.align.likeness import Matrix, Similarity

ModelName = Literal["alike", "meant", "vectors", "names"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)

# Chosen on the fitting half, judged on the other: `python -m benchmarks.fit_alignment`
# prints both.
ACCEPT = 0.4  # probability from which on the likeliest source sentence is linked
FURTHER = 0.5  # … and any further one
# How often the links around are looked at.
LOOKS: Mapping[ModelName, int] = {"alike": 2, "meant": 2, "vectors": 1, "names": 1}
PHRASE = 3  # pairs of words; what is shorter anybody may say
WHOLE = 0.999  # share of a sentence's weight that stands in another word for word
NEAREST = 3  # sources and takers of each sentence that are looked at
MOST_SOURCES = 8  # of one sentence: what stands everywhere is not told from everywhere


@dataclass(frozen=True, slots=True)
class Curves:
    """An additive model: log-odds = intercept + Σ curve(evidence), for named evidence.

    A curve is straight between its points and flat beyond them: `at` float64[k, points],
    ascending, and the `odds` there, both in the order of the names. Where the derivative
    keeps the source's order, `in_order` (intercept, odds) is added, as far as it does.
    """

    intercept: float
    at: npt.NDArray[np.float64]
    odds: npt.NDArray[np.float64]
    in_order: tuple[float, npt.NDArray[np.float64]] | None = None

    def probability(self, evidence: Matrix, order: float = 0.0) -> Matrix:
        """The probability of each link: evidence[q, k] → float32[q]. `order` in [0, 1] says
        how far the derivative keeps the source's order."""
        intercept, odds = self.intercept, self.odds
        if self.in_order is not None:
            intercept, odds = intercept + order * self.in_order[0], odds + order * self.in_order[1]
        total = np.full(len(evidence), intercept)
        for column, at, curve in zip(evidence.T, self.at, odds, strict=True):
            total += np.interp(column, at, curve)
        probability: Matrix = _logistic(total).astype(np.float32)
        return probability


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one setting, of data/alignment.json: the first look and the second."""

    first: Curves
    second: Curves


@dataclass(frozen=True, slots=True)
class Links:
    """For each derivative sentence: its source sentences (best first) and the probability.

    `found` is, linked or not, the greatest share of each sentence's weight that one source
    sentence has.
    """

    sources: tuple[tuple[int, ...], ...]
    scores: tuple[float, ...]
    found: tuple[float, ...] = ()


@cache
def models(setting: ModelName) -> Models:
    """The models of a setting, from data/alignment.json."""
    text = resources.files("dedup").joinpath("data/alignment.json").read_text("utf-8")
    data = json.loads(text)[setting]
    first, second = evidence_names(setting)
    return Models(_curves(data["first"], first), _curves(data["second"], second))


def evidence_names(setting: ModelName) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the evidence that the two models of a setting read."""
    if setting in ("meant", "vectors"):
        return FIRST + FIRST_MEANT, SECOND + SECOND_MEANT
    return FIRST, SECOND


def _curves(data: Mapping[str, Any], names: tuple[str, ...]) -> Curves:
    curves = [data["curves"][name] for name in names]

    def column(name: str) -> npt.NDArray[np.float64]:
        return np.array([curve[name] for curve in curves], dtype=np.float64)

    in_order = None
    if "intercept_in_order" in data:
        in_order = float(data["intercept_in_order"]), column("log_odds_in_order")
    return Curves(float(data["intercept"]), column("at"), column("log_odds"), in_order)


def link(likeness: Similarity, setting: ModelName = "alike") -> Links:
    """Link each derivative sentence to the source sentences it tells."""
    known = models(setting)
    near = nearest(likeness)
    probability = np.zeros(near.shape, dtype=np.float32)
    words = word_evidence(likeness)
    probability[near] = known.first.probability(local_features(likeness, words, near))
    for _ in range(LOOKS[setting]):
        evidence = context_features(likeness, words, probability, near)
        probability[near] = known.second.probability(evidence, keeps_order(probability))
    probability[verbatim(likeness)] = 1
    return Links(
        tuple(map(chosen, probability)),
        tuple(probability.max(axis=1).astype(float).tolist()),
        tuple(likeness.in_source.max(axis=1).astype(float).tolist()),
    )


def verbatim(likeness: Similarity) -> npt.NDArray[np.bool_]:
    """Which derivative sentences stand in which source sentences, whole and word for word.

    A copy is a link whatever else the texts are, and however often it stands there. A sentence
    of a word or two counts where it is the whole of the other one too and stands between
    copies, or at an end of both texts.
    """
    whole = likeness.in_source > WHOLE
    told: npt.NDArray[np.bool_] = whole & (
        likeness.pairs >= np.maximum(likeness.pair_count[:, None], PHRASE)
    )
    equal = whole & (likeness.in_derivative > WHOLE)
    around = np.pad(told | equal, 1)
    around[0, 0] = around[-1, -1] = True
    told |= equal & around[:-2, :-2] & around[2:, 2:]
    return told


def nearest(likeness: Similarity) -> npt.NDArray[np.bool_]:
    """Which links are looked at: those to each sentence's few likeliest sources and takers.
    All others have probability 0."""
    likely = likelihood(likeness)
    n, m = (min(NEAREST, size) for size in likely.shape)
    near: npt.NDArray[np.bool_] = likely >= np.partition(likely, -m, axis=1)[:, -m, None]
    near |= likely >= np.partition(likely, -n, axis=0)[-n]
    return near


def likelihood(likeness: Similarity) -> Matrix:
    """How promising each link is before anything is weighed: float32[n, m]."""
    likely: Matrix = np.sqrt(likeness.in_source * likeness.in_derivative) + likeness.cosine
    return likely if likeness.meaning is None else likely + likeness.meaning


def chosen(probability: Matrix) -> tuple[int, ...]:
    """The source sentences that are linked, given the probability of each: best first."""
    order = np.argsort(-probability, kind="stable")[:MOST_SOURCES].tolist()
    if probability[order[0]] < ACCEPT:
        return ()
    return tuple(j for k, j in enumerate(order) if k == 0 or probability[j] >= FURTHER)


def _logistic(odds: Any) -> Any:
    return 1 / (1 + np.exp(-odds))
