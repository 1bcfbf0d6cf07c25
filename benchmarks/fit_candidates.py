"""Fit the promise of candidates: `python -m benchmarks.fit_candidates [--write]`.

True pairs: the open families and WMT's versions, same language, among Reuters and basil;
false: every other candidate that the search proposes there. Fitted on half of the stories;
the cut keeps 997 of 1,000 of its true pairs. Judged on the other half: true pairs kept, and
the part of the false ones that is left to align.
"""

import json
import sys
from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.data import ROOT, fitted_on, load
from benchmarks.families import families
from benchmarks.speed import crowd
from dedup.candidates import candidates
from dedup.candidates.prefilter import EVIDENCE, evidence
from dedup.sketch import sketch

TARGET = ROOT / "dedup" / "data" / "candidates.json"
KEPT = 0.997
VERSIONS = 2  # of each WMT story


def collection() -> tuple[list[str], list[str | None], list[bool]]:
    """Texts, which group of one report each belongs to, and whether it is in the fitted half."""
    gold = families()
    texts = [article.text for article in gold.articles]
    groups: list[str | None] = [gold.family.get(article.id) for article in gold.articles]
    halves = [fitted_on(gold.topic[article.id]) for article in gold.articles]
    for row in load("wmt-news-versions"):
        names = [name for name in sorted(row["versions"]) if name != "src"]
        for name in names[:: max(len(names) // VERSIONS, 1)][:VERSIONS]:
            texts.append("\n".join(row["versions"][name]))
            groups.append(f"{row['set']}/{row['pair']}/{row['doc_id']}")
            halves.append(fitted_on(row["doc_id"]))
    for row in crowd(6000):
        texts.append(row["text"])
        groups.append(None)
        halves.append(fitted_on(row["id"]))
    return texts, groups, halves


def main(argv: Sequence[str]) -> None:
    texts, groups, halves = collection()
    sketches = sketch(texts)
    pairs = candidates(sketches).pairs
    labels = np.array([groups[i] is not None and groups[i] == groups[j] for i, j in pairs])
    half = np.array([halves[i] for i, _ in pairs])
    x = evidence(sketches, pairs)
    weights = np.where(labels, (~labels).sum() / labels.sum(), 1.0)
    mean, scale = x[half].mean(axis=0), x[half].std(axis=0)
    model = LogisticRegression(max_iter=2000)
    model.fit((x[half] - mean) / scale, labels[half], sample_weight=weights[half])
    own = np.round(model.coef_[0] / scale, 4)
    intercept = round(float(model.intercept_[0] - own @ mean), 4)
    odds = x @ own + intercept
    cut = float(np.quantile(odds[half & labels], 1 - KEPT))
    for name, mask in (("fitted", half), ("judged", ~half)):
        true, false = odds[mask & labels], odds[mask & ~labels]
        print(
            f"{name}: {len(true)} true pairs, {np.mean(true >= cut):.4f} kept; "
            f"{len(false)} false, {np.mean(false >= cut):.4f} left"
        )
    document = {
        "about": "Fitted by benchmarks/fit_candidates.py; log-odds = intercept + sum of "
        "weight x evidence (dedup.candidates.prefilter); pairs below the cut are not aligned.",
        "intercept": intercept,
        "weights": dict(zip(EVIDENCE, own.tolist(), strict=True)),
        "cut": round(cut, 4),
    }
    print(json.dumps(document, indent=1))
    if "--write" in argv:
        TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
