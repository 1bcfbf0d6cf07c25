"""Fit the relation model: `python -m benchmarks.fit_relation [--write]`.

Positives: pairs of one family (../shared/data/families, same language), versions of one WMT
story by different translators, free retellings made of them, PorSimples' simplifications and
wmt19's human paraphrases. Negatives: pairs of one topic but different families, hard
negatives, basil's triplets (one event, three newsrooms), different stories of one WMT set,
Reuters dispatches of one day that share no wording (short texts, formulas, one desk), the
nearest to each other of those that lie five days or more apart (forms), and two made ones
(`templates`): real texts with other names and figures, and the next day's story with the
background of the last.
Fitted on half of the stories, judged on the other half. What was chosen (evidence, ridge,
weights of the sets) was chosen by cross-validation by story within the fitting half, which is
printed first. With --write, the model of one language in
dedup/data/relation.json is replaced (of two: `fit_relation_across`).
"""

import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score

from benchmarks import pairs, templates
from benchmarks.calibration import print_reliability
from benchmarks.data import ROOT, fitted_on, load
from benchmarks.families import families
from dedup.align import link_sentences
from dedup.article import Article
from dedup.relate.lexical import SIGNALS, collect_evidence
from dedup.relate.profile import compute_cosine, profile
from dedup.sketch import shingle_containment
from dedup.text import Text, prepare

TARGET = ROOT / "dedup" / "data" / "relation.json"
# Few, real and various: the families count three times; what is made or many and easy, less.
WEIGHT = {
    "families": 3.0, "later": 0.4, "templates": 0.5, "forms": 0.5, "reuters": 0.3,
    "retold": 0.8, "porsimples": 0.3, "wmt19": 0.3, "versions": 0.2,
}  # fmt: skip
FAMILY_WEIGHT = 2.0  # again for the families' positives: a missed copy costs as a false join does
RIDGE = 5.0
FOLDS = 5
# Reuters has real updates, unlabelled: pairs with this much wording and as many names and
# numbers in common are left out. With the wording alone they are form reports.
REUSED = 0.15
AGREED = 0.4
NEARBY = 40  # dispatches
FORMS, FORMS_APART, FORMS_ALIKE = 1_500, 5, 0.3  # pairs, days, tf-idf cosine
BLOCK = 500
LEAST_LIKE = 0.12  # cosine below which no pair reaches the model; an easy negative teaches little

Rows = npt.NDArray[np.bool_]
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


def form_pairs() -> Iterator[Example]:
    """Of each Reuters dispatch the likest one of another week: no update of it, but its form."""
    rows = [row for row in load("reuters21578") if len(row["body"] or "") > 60][:6000]
    days = np.array([datetime.strptime(row["date"].strip()[:11].strip(), "%d-%b-%Y").toordinal()
                     for row in rows])  # fmt: skip
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform([row["body"] for row in rows])
    found = set()
    for at in range(0, len(rows), BLOCK):
        likeness = (vectors[at : at + BLOCK] @ vectors.T).toarray()
        likeness[np.abs(days[at : at + BLOCK, None] - days) < FORMS_APART] = 0
        for i, j in enumerate(likeness.argmax(axis=1).tolist(), at):
            if likeness[i - at, j] > FORMS_ALIKE:
                found.add((min(i, j), max(i, j)))
    for i, j in sorted(random.Random(1).sample(sorted(found), FORMS)):
        one, other = (str(rows[n]["id"]) for n in (i, j))
        a, b = (prepare(Article(str(rows[n]["id"]), rows[n]["body"], language="en"))
                for n in (i, j))  # fmt: skip
        yield "forms", one, other, a, b, False


def retold_pairs() -> Iterator[Example]:
    """Retellings by line: made of WMT's versions, PorSimples' and wmt19's by people."""
    retold = (pair for pair in pairs.versions(1) if pair.set.startswith("retold"))
    for name, gold in (
        ("retold", retold), ("porsimples", pairs.porsimples()), ("wmt19", pairs.wmt19())
    ):  # fmt: skip
        for pair in gold:
            story = pair.story.rpartition("/")[2] if name == "retold" else pair.story
            derivative, source = pair.texts()
            yield name, story, story, derivative, source, True


def made_pairs() -> Iterator[Example]:
    """The same wording of another case, and the next day's story with the same background."""
    for name, made in (("templates", templates.cases()), ("later", templates.later_reports())):
        for story, one, other in made:
            a, b = (Article(id, text, language="en") for id, text in (("a", one), ("b", other)))
            yield name, story, story, prepare(a), prepare(b), False


def examples() -> Iterator[Example]:
    yield from family_pairs()
    yield from basil_pairs()
    yield from made_pairs()
    yield from retold_pairs()
    yield from version_pairs()
    yield from dispatch_pairs()
    yield from form_pairs()


@dataclass(frozen=True)
class Examples:
    """Pairs in columns: evidence float64[n, k], whether they are one report, the set and the
    two stories of each, whether they are for fitting, and how much they count."""

    evidence: npt.NDArray[np.float64]
    one_report: npt.NDArray[np.bool_]
    sets: npt.NDArray[np.str_]
    stories: npt.NDArray[np.str_]
    fitting: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]


def weighed() -> Examples:
    """The evidence of every example whose stories are of one half."""
    rows, labels, sets, stories = [], [], [], []
    for name, one, other, a, b, same in examples():
        if fitted_on(one) != fitted_on(other) or compute_cosine(a, b) < LEAST_LIKE:
            continue
        evidence = collect_evidence(a, b, link_sentences(a, b))
        if name == "reuters" and _may_be_an_update(a, b):
            continue
        rows.append([evidence[key] for key in SIGNALS])
        labels.append(same)
        sets.append(name)
        stories.append((one, other))
    labelled, kinds = np.array(labels), np.array(sets)
    weights = np.array([WEIGHT.get(name, 1.0) for name in sets])
    weights[labelled & (kinds == "families")] *= FAMILY_WEIGHT
    fitting = np.array([fitted_on(one) for one, _ in stories])
    return Examples(np.array(rows), labelled, kinds, np.array(stories), fitting, weights)


def _may_be_an_update(a: Text, b: Text) -> bool:
    """Whether two dispatches share wording, and as many names and numbers."""
    one, other = profile(a), profile(b)
    fewer = min(len(one.anchors), len(other.anchors))
    agreement = len(one.anchors & other.anchors) / fewer if fewer else 1.0
    reused = max(shingle_containment(one.hashes, other.hashes))
    return reused * agreement >= REUSED * AGREED


def fit_upward(
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
) -> tuple[float, npt.NDArray[np.float64]]:
    """A logistic model in which no evidence of likeness may speak against one report: its
    intercept and weights.

    Evidence overlaps, so a free fit gives some of it a negative weight that explains nothing
    to an editor.
    """
    mean, scale = features.mean(axis=0), features.std(axis=0)
    x = np.column_stack((np.ones(len(features)), (features - mean) / scale))
    sign = np.where(labels, 1.0, -1.0)

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = sign * (x @ w)
        miss = weights * sign / (1 + np.exp(margin))
        ridge = RIDGE * np.append(0.0, w[1:])
        total = (weights * np.logaddexp(0, -margin)).sum() + ridge @ w / 2
        return float(total), ridge - x.T @ miss

    bounds = [(None, None), *((0, None) for _ in range(features.shape[1]))]
    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    own = best[1:] / scale
    return float(best[0] - own @ mean), own


def named_weights(names: Iterable[str], weights: npt.NDArray[np.float64]) -> dict[str, float]:
    """The weights as the model keeps them; evidence that the fit gives none is not read."""
    rounded = ((name, round(float(w), 4)) for name, w in zip(names, weights, strict=True))
    return {name: weight for name, weight in rounded if weight}


def probabilities(
    model: tuple[float, npt.NDArray[np.float64]], evidence: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    said: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(model[0] + evidence @ model[1])))
    return said


def cross_validated(data: Examples) -> npt.NDArray[np.float64]:
    """What the fitting half is told by models that have not seen its stories; nan elsewhere."""
    said = np.full(len(data.sets), np.nan)
    fold = np.array([[hashlib.sha256(story.encode()).digest()[1] % FOLDS for story in both]
                     for both in data.stories])  # fmt: skip
    for k in range(FOLDS):
        left_out = data.fitting & (fold == k).any(axis=1)
        rest = data.fitting & ~left_out
        model = fit_upward(data.evidence[rest], data.one_report[rest], data.weights[rest])
        said[left_out] = probabilities(model, data.evidence[left_out])
    return said


def print_sets(half: str, data: Examples, said: npt.NDArray[np.float64], rows: Rows) -> None:
    """How well each set is told, and how well single pieces of evidence tell it."""
    for name in dict.fromkeys(data.sets.tolist()):
        own = rows & (data.sets == name)
        p, true = said[own], data.one_report[own]
        missed, false = (p[true] < 0.5).sum(), (p[~true] >= 0.5).sum()
        line = f"{half:<8}{name:<11}{true.sum():5d} of {len(true):5d} true"
        line += f"  missed {missed:3d}  false {false:3d}"
        if true.any() and not true.all():
            line += (
                f"  F1 {f1_score(true, p >= 0.5):.3f}  AP {average_precision_score(true, p):.3f}"
            )
            for column, key in enumerate(SIGNALS):
                score = average_precision_score(true, data.evidence[own, column])
                line += f"  {key} {score:.3f}"
        print(line)


def main(argv: Sequence[str]) -> None:
    data = weighed()
    fitting, judging = data.fitting, ~data.fitting
    print_sets("crossed", data, cross_validated(data), fitting)
    intercept, weights = fit_upward(
        data.evidence[fitting], data.one_report[fitting], data.weights[fitting]
    )
    model = {
        "intercept": round(intercept, 4),
        "weights": named_weights(SIGNALS, weights),
    }
    print(json.dumps(model, indent=1))
    said = probabilities((intercept, weights), data.evidence)
    print_sets("fitted", data, said, fitting)
    print_sets("judged", data, said, judging)
    print_reliability("reliability, judged half", said[judging], data.one_report[judging])
    real = judging & np.isin(data.sets, ["families", "basil"])
    print_reliability("… families and basil", said[real], data.one_report[real])
    if "--write" in argv:
        about = (
            "Fitted by benchmarks/fit_relation.py; log-odds = intercept + sum of "
            "weight x evidence (dedup.relate)."
        )
        document = json.loads(TARGET.read_text("utf-8")) | {"about": about, "lexical": model}
        TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
