"""Fit the relation models of one language: `python -m benchmarks.fit_relation [--write]`.

Two models (`dedup.relate.lexical`), fitted apart. `STORY`, on real news: families, families-b
and -c; basil's triplets (one event, three newsrooms) and its neighbouring events; press releases
and the articles that have a tenth or more of their shingles from one (insciout), other studies;
pairs that SemEval's readers judged to tell different things; versions of WMT's stories by
different translators, free retellings made of them, PorSimples' and wmt19's retellings; and, made,
the next day's story with the background of the last. `FACTS`, on the true pairs of all these
against the same wording with other names and figures: Reuters' form reports of other weeks, its
dispatches of one day, made ones (`templates`), and forms of twenty kinds in as many languages,
written for it, among briefs told twice (`kinds`). Reuters' are given without headlines and dates,
by which alone they could be told apart.

Whole sets are left out in turn: fitted on all others, judged on the one that was not seen; that
is printed, with the reliability of what was said. With --write, the models fitted on all sets
replace those in dedup/data/relation.json, and those of every set left out are kept in
benchmarks/left_out.json, by which `benchmarks.families` judges clusters.
"""

import json
import random
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score

from benchmarks import pairs, templates
from benchmarks.calibration import print_reliability
from benchmarks.data import ROOT, load, sent_on
from benchmarks.families import families
from dedup.align import link_sentences
from dedup.article import Article
from dedup.relate.lexical import FACTS, FALLING, FIXED, STORY, collect_facts, collect_story
from dedup.relate.profile import compute_cosine, profile
from dedup.sketch import shingle_containment
from dedup.text import Text, prepare, same_language

TARGET = ROOT / "dedup" / "data" / "relation.json"
LEFT_OUT = ROOT / "benchmarks" / "left_out.json"
# How much a set counts in each model; real news at its full weight, what is made or easy less.
STORY_SETS = {
    "families": 1.0, "families-b": 1.0, "families-c": 1.0, "basil": 0.5, "insciout": 0.3,
    "semeval22": 0.3, "versions": 0.1, "retold": 0.2, "porsimples": 0.1, "wmt19": 0.2,
    "later": 0.1,
}  # fmt: skip
FACTS_SETS = {
    "families": 1.0, "families-b": 1.0, "families-c": 1.0, "insciout": 0.5, "versions": 0.3,
    "retold": 0.5, "porsimples": 0.3, "wmt19": 0.3, "templates": 2.0, "forms": 2.0, "reuters": 0.5,
    "kinds": 3.0,
}  # fmt: skip
MADE_FORMS = ("templates", "forms", "reuters", "kinds")  # whose false pairs have other facts
TRUE, FALSE = 33.0, 67.0  # what a set's true and false pairs weigh: at 50 : 50 too much is joined
RIDGE = 1.0
# Reuters has real updates, unlabelled: pairs with this much wording and as many names and
# numbers in common are left out. With the wording alone they are form reports.
REUSED = 0.15
AGREED = 0.4
NEARBY = 40  # dispatches
FORMS, FORMS_APART, FORMS_ALIKE = 300, 5, 0.3  # pairs, days, tf-idf cosine
BLOCK = 500
# Fixed weights that are added to what was fitted without them, since one set alone has releases.
ADDED = frozenset({"taken"})
LEAST_LIKE = 0.12  # cosine below which no pair reaches the model; an easy negative teaches little
DRAWN_FROM = 0.1  # the share of word-5 shingles from which on an article drew on a release
STUDIES, OTHER_STUDIES = 70, 0.05  # of insciout; share of the pairs of two studies
DIFFERENT = 2.7  # SemEval's overall judgement, from 1 (the same) to 4, from which two are different
# Of the many pairs of one making, this share, drawn by a fixed chance.
SAMPLED = {"templates": 0.5, "later": 0.5, "retold": 0.25, "porsimples": 0.5, "versions": 0.15,
           "reuters": 0.05}  # fmt: skip

Example = tuple[str, Text, Text, bool]  # set, texts, one source text


def family_pairs(name: str) -> Iterator[Example]:
    gold = families(name)
    texts = {article.id: prepare(article) for article in gold.articles}
    for a, b in combinations(texts, 2):
        if gold.counts(a, b):
            yield name, texts[a], texts[b], gold.same(a, b)


def basil_pairs() -> Iterator[Example]:
    """One event in three newsrooms, and neighbouring events."""
    texts = [
        prepare(
            Article(r["id"], "\n".join(x for p in r["body-paragraphs"] for x in p), language="en")
        )
        for r in load("basil")
    ]
    for i, j in combinations(range(len(texts)), 2):
        if j - i <= 12:
            yield "basil", texts[i], texts[j], False


def release_pairs() -> Iterator[Example]:
    """Releases and the articles that drew on them; articles and releases of two studies."""
    rows = load("insciout")
    chance = random.Random(2)
    studies = set(chance.sample(sorted({row["family"] for row in rows}), STUDIES))
    texts = [(row, prepare(Article(row["id"], row["text"]))) for row in rows
             if row["family"] in studies]  # fmt: skip
    for (one, a), (other, b) in combinations(texts, 2):
        if one["family"] != other["family"]:
            if chance.random() < OTHER_STUDIES:
                yield "insciout", a, b, False
        elif "release" in (one["role"], other["role"]):
            shares = shingle_containment(profile(a).hashes, profile(b).hashes)
            if max(shares) >= DRAWN_FROM:
                yield "insciout", a, b, True


def different_pairs() -> Iterator[Example]:
    """Pairs that SemEval's readers found to tell different things."""
    for row in load("semeval22"):
        if row["lang1"] == row["lang2"] and float(row["Overall"]) >= DIFFERENT:
            a, b = (prepare(Article(f"{row['pair_id']}{n}", row[f"text{n}"])) for n in (1, 2))
            yield "semeval22", a, b, False


def version_pairs() -> Iterator[Example]:
    """Two translations of one story (and of neighbouring stories), into one language."""
    before: list[Text] = []
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
        for a, b in combinations(texts, 2):
            yield "versions", a, b, True
        for text in before[-6:]:
            if texts and text.language == texts[0].language:
                yield "versions", texts[0], text, False
        before += texts[:1]


def dispatch_pairs() -> Iterator[Example]:
    """Reuters dispatches near each other in the file, by a fixed walk."""
    rows = [row for row in load("reuters21578") if len(row["body"] or "") > 60][:6000]
    texts = [prepare(Article(str(row["id"]), row["body"], language="en")) for row in rows[::2]]
    for i, a in enumerate(texts[:-NEARBY]):
        for step in (1, 2, 3, 7, NEARBY):
            b = texts[i + step]
            if not _may_be_an_update(a, b):
                yield "reuters", a, b, False


def form_pairs(name: str = "forms") -> Iterator[Example]:
    """Of each Reuters dispatch the likest one of another week: no update of it, but its form."""
    rows = [row for row in load("reuters21578") if len(row["body"] or "") > 60][:6000]
    days = np.array([sent_on(row["date"]).toordinal() for row in rows])
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform([row["body"] for row in rows])
    found = set()
    for at in range(0, len(rows), BLOCK):
        likeness = (vectors[at : at + BLOCK] @ vectors.T).toarray()
        likeness[np.abs(days[at : at + BLOCK, None] - days) < FORMS_APART] = 0
        for i, j in enumerate(likeness.argmax(axis=1).tolist(), at):
            if likeness[i - at, j] > FORMS_ALIKE:
                found.add((min(i, j), max(i, j)))
    for pair in sorted(random.Random(1).sample(sorted(found), FORMS)):
        texts = [Article(str(rows[n]["id"]), rows[n]["body"], language="en") for n in pair]
        if "dated" in name:
            texts = [replace(text, title=rows[n]["title"], published=sent_on(rows[n]["date"]))
                     for n, text in zip(pair, texts, strict=True)]  # fmt: skip
        a, b = map(prepare, texts)
        yield name, a, b, False


def retold_pairs() -> Iterator[Example]:
    """Retellings by line: made of WMT's versions, PorSimples' and wmt19's by people."""
    retold = (pair for pair in pairs.versions(1) if pair.set.startswith("retold"))
    for name, gold in (
        ("retold", retold), ("porsimples", pairs.porsimples()), ("wmt19", pairs.wmt19())
    ):  # fmt: skip
        for pair in gold:
            derivative, source = pair.texts()
            yield name, derivative, source, True


def made_pairs() -> Iterator[Example]:
    """The same wording of another case, and the next day's story with the same background."""
    for name, made in (("templates", templates.cases()), ("later", templates.later_reports())):
        for _, one, other in made:
            a, b = (Article(id, text, language="en") for id, text in (("a", one), ("b", other)))
            yield name, prepare(a), prepare(b), False


def kind_pairs() -> Iterator[Example]:
    """Forms filled twice, and briefs told twice, of many kinds and in many languages."""
    with (ROOT / "benchmarks" / "forms.toml").open("rb") as file:
        cases = tomllib.load(file)["case"]
    for case in cases:
        a, b = (
            prepare(Article(id, case[id], case.get(f"title_{id}"), language=case["language"]))
            for id in ("a", "b")
        )
        yield "kinds", a, b, case["joined"]


def examples() -> Iterator[Example]:
    for name in ("families", "families-b", "families-c"):
        yield from family_pairs(name)
    yield from basil_pairs()
    yield from release_pairs()
    yield from different_pairs()
    yield from made_pairs()
    yield from kind_pairs()
    yield from retold_pairs()
    yield from version_pairs()
    yield from dispatch_pairs()
    yield from form_pairs()


def _may_be_an_update(a: Text, b: Text) -> bool:
    """Whether two dispatches share wording, and as many names and numbers."""
    one, other = profile(a), profile(b)
    fewer = min(len(one.anchors), len(other.anchors))
    agreement = len(one.anchors & other.anchors) / fewer if fewer else 1.0
    reused = max(shingle_containment(one.hashes, other.hashes))
    return reused * agreement >= REUSED * AGREED


@dataclass(frozen=True)
class Examples:
    """Pairs in columns: the evidence float64[n, k] of both models, whether they share a source
    text, and the set of each."""

    story: npt.NDArray[np.float64]
    facts: npt.NDArray[np.float64]
    one_source: npt.NDArray[np.bool_]
    sets: npt.NDArray[np.str_]


def weighed() -> Examples:
    """The evidence of the examples, of those made in great number a sample."""
    story, facts, labels, sets = [], [], [], []
    chance = random.Random(1)
    for name, a, b, same in examples():
        if name in SAMPLED and chance.random() >= SAMPLED[name]:
            continue
        if not same_language(a, b) or compute_cosine(a, b) < LEAST_LIKE:
            continue
        links = link_sentences(a, b)
        story.append(list(collect_story(a, b, links).values()))
        facts.append(list(collect_facts(a, b, links).values()))
        labels.append(same)
        sets.append(name)
    return Examples(np.array(story), np.array(facts), np.array(labels), np.array(sets))


Model = tuple[float, npt.NDArray[np.float64]]


def fit_upward(
    features: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    falling: Sequence[bool] = (),
    fixed: Mapping[int, float] = MappingProxyType({}),
) -> Model:
    """A logistic model in which no evidence of likeness may speak against a common source, nor
    that which is `falling` for it: its intercept and weights, of which some are `fixed`.

    Evidence overlaps, so a free fit gives some of it a weight of the wrong sign that explains
    nothing to an editor.
    """
    mean = np.average(features, axis=0, weights=weights)
    scale = np.sqrt(np.average((features - mean) ** 2, axis=0, weights=weights)) + 1e-9
    x = np.column_stack((np.ones(len(features)), (features - mean) / scale))
    sign = np.where(labels, 1.0, -1.0)

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = sign * (x @ w)
        miss = weights * sign / (1 + np.exp(margin))
        ridge = RIDGE * np.append(0.0, w[1:])
        total = (weights * np.logaddexp(0, -margin)).sum() + ridge @ w / 2
        return float(total), ridge - x.T @ miss

    down = falling or [False] * features.shape[1]
    bounds = [(None, None), *((None, 0) if falls else (0, None) for falls in down)]
    for column, weight in fixed.items():
        bounds[column + 1] = (weight * scale[column],) * 2
    best = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    own = best[1:] / scale
    return float(best[0] - own @ mean), own


def named_weights(names: Iterable[str], weights: npt.NDArray[np.float64]) -> dict[str, float]:
    """The weights as the model keeps them; evidence that the fit gives none is not read."""
    rounded = ((name, round(float(w), 4)) for name, w in zip(names, weights, strict=True))
    return {name: weight for name, weight in rounded if weight}


def probabilities(model: Model, evidence: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    said: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(model[0] + evidence @ model[1])))
    return said


def fit_both(data: Examples, left_out: str | None = None) -> tuple[Model, Model]:
    """The models of the story and of the facts, fitted on all sets but one."""
    models = []
    for evidence, signals, scale in (
        (data.story, STORY, STORY_SETS), (data.facts, FACTS, FACTS_SETS)
    ):  # fmt: skip
        weights = np.zeros(len(data.sets))
        for name, counts in scale.items():
            rows = data.sets == name
            if name == left_out:
                continue
            for label, share in ((True, TRUE), (False, FALSE)):
                own = rows & (data.one_source == label)
                if scale is FACTS_SETS and name == "kinds":
                    share = (TRUE + FALSE) / 2
                elif scale is FACTS_SETS:  # either all true or all false, and weighed alike
                    share = (TRUE + FALSE) * (label == (name not in MADE_FORMS))
                if own.any():
                    weights[own] = counts * share / own.sum()
        used = weights > 0
        kept = evidence * [signal not in ADDED for signal in signals]
        falling = [signal in FALLING for signal in signals]
        fixed = {n: FIXED[signal] for n, signal in enumerate(signals) if signal in FIXED}
        models.append(fit_upward(kept[used], data.one_source[used], weights[used], falling, fixed))
    return models[0], models[1]


def judge(data: Examples, models: tuple[Model, Model]) -> npt.NDArray[np.float64]:
    """What the two models say together: the lesser probability."""
    return np.minimum(probabilities(models[0], data.story), probabilities(models[1], data.facts))


def print_sets(title: str, data: Examples, said: npt.NDArray[np.float64]) -> None:
    """How well each set is told apart."""
    for name in dict.fromkeys(data.sets.tolist()):
        own = data.sets == name
        p, true = said[own], data.one_source[own]
        missed, false = (p[true] < 0.5).sum(), (p[~true] >= 0.5).sum()
        line = f"{title:<9}{name:<11}{true.sum():5d} of {len(true):5d} true"
        line += f"  missed {missed:3d}  false {false:3d}"
        if true.any() and not true.all():
            line += (
                f"  F1 {f1_score(true, p >= 0.5):.3f}  AP {average_precision_score(true, p):.3f}"
            )
        print(line)


def document(models: tuple[Model, Model]) -> dict[str, dict[str, object]]:
    """The models as data/relation.json has them."""
    return {
        name: {
            "intercept": round(model[0], 4), "weights": named_weights(signals, model[1])
        }
        for name, signals, model in zip(
            ("story", "facts"), (STORY, FACTS), models, strict=True
        )
    }  # fmt: skip


def main(argv: Sequence[str]) -> None:
    data = weighed()
    models = fit_both(data)
    print_sets("fitted", data, judge(data, models))
    unseen = np.zeros(len(data.sets))
    left_out = json.loads(LEFT_OUT.read_text("utf-8"))  # with the models of two languages
    for name in dict.fromkeys(data.sets.tolist()):
        own = data.sets == name
        without = fit_both(data, name)
        unseen[own] = judge(data, without)[own]
        left_out[name] = left_out.get(name, {}) | document(without)
    print_sets("left out", data, unseen)
    print(json.dumps(document(models), indent=1))
    print_reliability("reliability, every set left out in turn", unseen, data.one_source)
    real = np.isin(data.sets, ["families", "families-b", "families-c", "basil"])
    print_reliability("… families, -b, -c and basil", unseen[real], data.one_source[real])
    if "--write" in argv:
        kept = json.loads(TARGET.read_text("utf-8"))
        about = "Fitted by benchmarks/fit_relation.py and benchmarks/fit_relation_across.py; "
        about += "log-odds = intercept + sum of weight x evidence (dedup.relate)."
        across = {name: kept[name] for name in ("crosslingual", "anchors")}
        written = {"about": about, **document(models), **across}
        TARGET.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        LEFT_OUT.write_text(json.dumps(left_out, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
