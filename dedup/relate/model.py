"""The relation model: what each piece of evidence adds to the log-odds of a common source text.

Logistic: the log-odds are the sum of weight × value over the evidence (Good 1985, "Weight of
evidence"). The weights are fitted on open data (`benchmarks/fit_relation.py`,
`benchmarks/fit_relation_across.py`) and kept in data/relation.json. What the evidence is stands
in `lexical` and `crosslingual`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import exp, log

INTERCEPT = "intercept"
MAX_LOG_ODDS = 7.0  # p = .999: what "certain" is
MIN_DOUBT = 1e-6


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: its value, what it adds to the log-odds of a common source text,
    and the `label` that an editor reads."""

    signal: str
    label: str
    value: float
    log_odds: float


@cache
def load_model(setting: str) -> tuple[float, dict[str, float]]:
    """One of the fitted models: its intercept and the weight of each signal."""
    text = resources.files("dedup").joinpath("data/relation.json").read_text("utf-8")
    data = json.loads(text)[setting]
    return data["intercept"], data["weights"]


def explain(
    values: Mapping[str, float], labels: Mapping[str, str], setting: str
) -> tuple[Evidence, ...]:
    """What each signal adds to the log-odds."""
    intercept, weights = load_model(setting)
    return (
        Evidence(INTERCEPT, "Prior", 1.0, intercept),
        *(Evidence(s, labels[s], values[s], weights[s] * values[s]) for s in weights),
    )


def log_odds(evidence: tuple[Evidence, ...]) -> float:
    """What the pieces add up to."""
    return sum(piece.log_odds for piece in evidence)


def logistic(odds: float) -> float:
    """The probability of log-odds; beyond ±30 they say no more."""
    return 1 / (1 + exp(-max(-30.0, min(odds, 30.0))))


def logit(probability: float) -> float:
    """The log-odds of a probability, which is kept off 0 and 1."""
    bounded = min(max(probability, MIN_DOUBT), 1 - MIN_DOUBT)
    return log(bounded / (1 - bounded))
