"""Fit the relation model: `python -m benchmarks.fit_relation [--write]`.

Positives: pairs of one family (../shared/data/families, same language), and versions of one
WMT story by different translators. Negatives: pairs of one topic but different families, hard
negatives, basil's triplets (one event, three newsrooms), different stories of one WMT set, and
Reuters dispatches of one day that share no wording (short texts, formulas, one desk).
Fitted on half of the stories, judged on the other half; with --write, the coefficients in
dedup/data/relation.json are replaced.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.metrics import average_precision_score, f1_score

from benchmarks.data import ROOT, fitted_on, load
from benchmarks.families import families
from dedup.article import Article
from dedup.relate import EVIDENCE, weigh
from dedup.text import Text, prepare

TARGET = ROOT / "dedup" / "data" / "relation.json"
# Few, real and various: the families count three times; the versions are many and easy.
WEIGHT = {"families": 3.0, "versions": 0.2}
FAMILY_WEIGHT = 3.0  # again for the families' positives: a missed copy costs as a false join does
# Reuters has real updates, unlabelled: pairs with this much wording and as many names and
# numbers in common are left out. With the wording alone they are form reports.
REUSED = 0.15
AGREED = 0.4
NEARBY = 40  # dispatches
LEAST_LIKE = 0.12  # cosine below which no pair reaches the model; an easy negative teaches little

Example = tuple[str, str, str, Text, Text, bool]  # set, story, story, texts, one report


def family_pairs() -> Iterator[Example]:
    gold = families()
    texts = {article.id: prepare(article) for article in gold.articles}
    for a, b in combinations(texts, 2):
        if texts[a].language == texts[b].language and gold.counts(a, b):
            yield "families", gold.topic[a], gold.topic[b], texts[a], texts[b], gold.same(a, b)


def basil_pairs() -> Iterator[Example]:
    """One event in three newsrooms, and neighbouring events."""
    rows = load("basil")
    texts = [
        prepare(
            Article(r["id"], "\n".join(x for p in r["body-paragraphs"] for x in p), language="en")
        )
        for r in rows
    ]
    for i, j in combinations(range(len(rows)), 2):
        if j - i <= 12:
            a, b = rows[i]["triplet"], rows[j]["triplet"]
            yield "basil", a, b, texts[i], texts[j], False


def version_pairs() -> Iterator[Example]:
    """Two translations of one story (and of neighbouring stories), into one language."""
    before: list[tuple[str, Text]] = []
    for row in load("wmt-news-versions"):
        language = row["pair"].rpartition("-")[2]
        names = [name for name in sorted(row["versions"]) if name != "src"][
            :: max(len(row["versions"]) // 3, 1)
        ]
        texts = [
            prepare(
                Article(
                    f"{row['doc_id']}/{name}", "\n".join(row["versions"][name]), language=language
                )
            )
            for name in names[:3]
        ]
        story = row["doc_id"]
        for a, b in combinations(texts, 2):
            yield "versions", story, story, a, b, True
        for other, text in before[-6:]:
            if texts and text.language == texts[0].language:
                yield "versions", story, other, texts[0], text, False
        before += [(story, text) for text in texts[:1]]


def dispatch_pairs() -> Iterator[Example]:
    """Reuters dispatches near each other in the file, by a fixed walk."""
    rows = [row for row in load("reuters21578") if len(row["body"] or "") > 60][:6000]
    texts = [prepare(Article(str(row["id"]), row["body"], language="en")) for row in rows[::2]]
    for i, a in enumerate(texts[:-NEARBY]):
        for step in (1, 2, 3, 7, NEARBY):
            b = texts[i + step]
            yield "reuters", a.article.id, a.article.id, a, b, False


def examples() -> Iterator[Example]:
    yield from family_pairs()
    yield from basil_pairs()
    yield from version_pairs()
    yield from dispatch_pairs()


def fit_upward(
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
) -> dict[str, object]:
    """A logistic model in which no evidence of likeness may speak against one report.

    Evidence overlaps, so a free fit gives some of it a negative weight that explains nothing
    to an editor.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0)
    x = np.column_stack((np.ones(len(features)), (features - mean) / scale))
    sign = np.where(labels, 1.0, -1.0)

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = sign * (x @ w)
        miss = weights * sign / (1 + np.exp(margin))
        ridge = np.append(0.0, w[1:])
        total = (weights * np.logaddexp(0, -margin)).sum() + (ridge**2).sum() / 2
        return float(total), ridge - x.T @ miss

    bounds = [(None, None), *((0, None) for _ in EVIDENCE)]
    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    own = best[1:] / scale
    return {
        "intercept": round(float(best[0] - own @ mean), 4),
        "weights": {name: round(float(w), 4) for name, w in zip(EVIDENCE, own, strict=True)},
    }


def main(argv: Sequence[str]) -> None:
    rows, labels, sets, fitting = [], [], [], []
    for name, one, other, a, b, same in examples():
        if fitted_on(one) != fitted_on(other):
            continue
        evidence = weigh(a, b)
        unlabelled = name == "reuters" and evidence["wording"] >= (REUSED * AGREED) ** 0.5
        if evidence["cosine"] < LEAST_LIKE or unlabelled:
            continue
        rows.append([evidence[key] for key in EVIDENCE])
        labels.append(same)
        sets.append(name)
        fitting.append(fitted_on(one))
    x, y, chosen, kind = np.array(rows), np.array(labels), np.array(fitting), np.array(sets)
    weights = np.array([WEIGHT.get(name, 1.0) for name in sets])
    weights[y & (kind == "families")] *= FAMILY_WEIGHT
    model = fit_upward(x[chosen], y[chosen], weights[chosen])
    odds = x @ np.array(list(model["weights"].values())) + model["intercept"]  # type: ignore[attr-defined]
    probability = 1 / (1 + np.exp(-odds))
    print(json.dumps(model, indent=1))
    for half, mask in (("fitted", chosen), ("judged", ~chosen)):
        for name in dict.fromkeys(sets):
            rows_ = mask & (kind == name)
            p, t = probability[rows_], y[rows_]
            line = f"{half:<8}{name:<10}{t.sum():5d} of {len(t):5d} true"
            if t.any():
                line += f"  F1 {f1_score(t, p >= 0.5):.3f}  AP {average_precision_score(t, p):.3f}"
                for column, key in enumerate(EVIDENCE):
                    line += f"  {key} {average_precision_score(t, x[rows_, column]):.3f}"
            print(line, f" false {int((p[~t] >= 0.5).sum())}")
    bins = np.clip((probability[~chosen] * 10).astype(int), 0, 9)
    print("reliability on the judged half: said, true, pairs")
    for tenth in range(10):
        inside = bins == tenth
        if inside.any():
            said, true = probability[~chosen][inside].mean(), y[~chosen][inside].mean()
            print(f"  {said:.2f}  {true:.2f}  {inside.sum()}")
    if "--write" in argv:
        about = (
            "Fitted by benchmarks/fit_relation.py; log-odds = intercept + sum of "
            "weight x evidence (dedup.relate)."
        )
        TARGET.write_text(json.dumps({"about": about, **model}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
