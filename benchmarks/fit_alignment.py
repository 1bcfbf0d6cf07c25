"""Fit the alignment models: `python -m benchmarks.fit_alignment [--write]`.

The link model learns from derived pairs only (remix, PorSimples, wmt19's paraphrases), and
from each derivative sentence's best source sentence, so that its probability is that of the
decision actually taken. The gate learns derived pairs against basil's independent reports.
Both are fitted on half of the stories; the judged figures come from the other half and from
the seeds, which nothing was fitted on. With --write, dedup/data/alignment.json is replaced.
"""

import json
import sys
from collections.abc import Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.data import ROOT, fitted_on
from benchmarks.pairs import GoldPair, basil, link_table, porsimples, remix, wmt19
from dedup.align.likeness import liken, wording
from dedup.align.links import EVIDENCE, GATE, gate_evidence, link_evidence

TARGET = ROOT / "dedup" / "data" / "alignment.json"
# wmt19's 58 stories are the only far paraphrases: each counts as three.
WEIGHT = {"wmt19-arp": 3.0}


def fit(
    features: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64], names: Sequence[str], strength: float,
) -> dict[str, object]:  # fmt: skip
    """A logistic model on standardised features, written back in the features' own units."""
    mean, scale = features.mean(axis=0), features.std(axis=0)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit((features - mean) / scale, labels, sample_weight=weights)
    own = model.coef_[0] / scale
    return {
        "intercept": round(float(model.intercept_[0] - own @ mean), 4),
        "weights": {name: round(float(w), 4) for name, w in zip(names, own, strict=True)},
    }


def main(argv: Sequence[str]) -> None:
    links, labels, link_weights = [], [], []
    gates, derived = [], []
    pairs: list[GoldPair] = [
        pair for pair in chain(remix(), porsimples(), wmt19(), basil()) if fitted_on(pair.story)
    ]
    for pair in pairs:
        derivative, source = pair.texts()
        likeness = liken(wording(derivative), wording(source))
        gates.append(gate_evidence(likeness))
        derived.append(pair.derived)
        if not pair.derived:
            continue
        evidence = link_evidence(likeness)
        best = (likeness.in_source + likeness.in_derivative).argmax(axis=1)
        rows = np.arange(len(best))
        links.append(evidence[rows, best])
        labels.append(
            link_table(pair, wording(derivative).sentences, wording(source).sentences)[rows, best]
        )
        link_weights.append(np.full(len(best), WEIGHT.get(pair.set, 1.0)))
    is_derived = np.array(derived)
    balance = np.where(is_derived, 1.0, is_derived.sum() / (~is_derived).sum())
    models = {
        "about": "Fitted by benchmarks/fit_alignment.py; log-odds = intercept + sum of "
        "weight x evidence (dedup.align.links).",
        "link": fit(
            np.concatenate(links).astype(np.float64), np.concatenate(labels),
            np.concatenate(link_weights), EVIDENCE, 1.0,
        ),
        "gate": fit(np.array(gates), is_derived, balance, GATE, 10.0),
    }  # fmt: skip
    text = json.dumps(models, indent=1) + "\n"
    print(text)
    if "--write" in argv:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
