"""How well what a peer found agrees with what was planted.

Peers answer in pairs, in groups, or by flagging articles as duplicates of earlier ones; each
planted article has one original (`corpus(most=1)`), so that the three can be compared.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.corpus import Corpus
from dedup.candidates.near import components

THRESHOLD = 0.7


@dataclass(frozen=True, slots=True)
class Quality:
    """recall: share of the planted pairs found, by least resemblance. precision: share of what
    was found that was planted. exact: share of what was found whose exact resemblance is .7 or
    more."""

    recall: dict[float, float]
    precision: float
    exact: float


def judge(
    kind: str, found: list[Any], known: Corpus, resemblance: npt.NDArray[np.float64], count: int
) -> Quality:
    """The quality of what was found among the first `count` articles."""
    within = known.pairs.max(axis=1, initial=0) < count
    pairs, exact = known.pairs[within], resemblance[within]
    hit, total = _hits(kind, found, pairs, count)
    recall = {
        floor: float(hit[exact >= floor].mean()) if np.any(exact >= floor) else float("nan")
        for floor in (THRESHOLD, 0.8)
    }
    total = max(total, 1)
    return Quality(recall, hit.sum() / total, hit[exact >= THRESHOLD].sum() / total)


def _hits(
    kind: str, found: list[Any], pairs: npt.NDArray[np.int64], count: int
) -> tuple[npt.NDArray[np.bool_], float]:
    """Which of the planted pairs are found, and how many pairs are found in all."""
    if kind == "kept":
        left_out = ~np.array(found, dtype=np.bool_)
        return left_out[pairs[:, 1]], left_out.sum()
    if kind == "matched":
        matched = np.array(found, dtype=np.bool_)
        return matched[pairs[:, 0]] & matched[pairs[:, 1]], matched.sum() / 2
    labels = _labels(kind, found, count)
    return labels[pairs[:, 0]] == labels[pairs[:, 1]], _pairs_within(labels)


def _labels(kind: str, found: list[Any], count: int) -> npt.NDArray[np.int64]:
    if kind == "groups":
        return np.array(found, dtype=np.int64)
    return components(np.array(found, dtype=np.int64).reshape(-1, 2), count)


def _pairs_within(labels: npt.NDArray[np.int64]) -> int:
    _, sizes = np.unique(labels, return_counts=True)
    return int((sizes * (sizes - 1) // 2).sum())
