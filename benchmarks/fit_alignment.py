"""Fit the alignment models: `python -m benchmarks.fit_alignment [--write]`.

Four pairs of models: for texts in one language, by words and with sentence vectors too; for
texts in two, with sentence vectors and by names, numbers and cognates alone. They learn from
remix, PorSimples, wmt19's paraphrases, pairs made from the versions of WMT's news as remix is,
and, as counter-examples, basil's independent reports, or the story before. They see each
sentence's few likeliest sources and takers. The second look is fitted on what the first says of
stories it was not fitted on (stacking: Wolpert 1992), since on its own stories it is surer than
it will be.

All are fitted on half of the stories; `python -m benchmarks.alignment` and `…languages` judge
on the other half and on the seeds, which nothing was fitted on. Here the fitting half is
judged across its folds, which is where `ACCEPT`, `FURTHER` and `LOOKS` come from. With
--write, dedup/data/alignment.json is replaced.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from benchmarks.alignment import Tally, tally_units
from benchmarks.data import ROOT, fitted_on
from benchmarks.pairs import (
    GoldPair,
    basil,
    link_table,
    porsimples,
    remix,
    remix_across,
    versions,
    versions_across,
    wmt19,
)
from benchmarks.pairs import nearest as unit_of
from dedup.align import compare_sentences
from dedup.align.evidence import context_features, keeps_order, local_features, word_evidence
from dedup.align.likeness import Similarity
from dedup.align.links import (
    LOOKS,
    MODEL_NAMES,
    Curves,
    ModelName,
    chosen,
    evidence_names,
    likelihood,
    nearest,
)
from dedup.align.wording import extract_features
from dedup.embed import USEM3, load_encoder

TARGET = ROOT / "dedup" / "data" / "alignment.json"
# Far paraphrases (wmt19) and sentences split in several (PorSimples) are few, versions many;
# what is retold freely from another language is beyond most of the evidence.
WEIGHT = {"wmt19-arp": 3.0, "porsimples-ORI-NAT": 3.0} | dict.fromkeys(
    ("versions-en", "versions-de", "versions-fr"), 0.6
)
RETOLD_ACROSS = 0.3
POINTS = 6  # of a curve, at quantiles of the evidence
STRENGTH = 1.0  # C of the logistic regression: how far the curves may leave 0
FOLDS = 4

Matrix = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Example:
    """A pair, compared: `gold` bool[n, m] links, `near` bool[n, m] what is learned from."""

    pair: GoldPair
    likeness: Similarity
    gold: npt.NDArray[np.bool_]
    near: npt.NDArray[np.bool_]
    units: list[int]
    source_units: list[int]

    @property
    def fold(self) -> int:
        return sha256(self.pair.story.encode()).digest()[1] % FOLDS


def gold_pairs(setting: ModelName) -> Iterator[GoldPair]:
    """The pairs of the fitting half that the models of a setting learn from."""
    pairs = chain(remix_across(), versions_across())
    if setting in ("alike", "meant"):
        pairs = chain(remix(), porsimples(), wmt19(), versions(), basil())
    return (pair for pair in pairs if fitted_on(pair.story))


def examples(setting: ModelName) -> list[Example]:
    model = load_encoder(USEM3) if setting in ("meant", "vectors") else None
    found = []
    for pair in gold_pairs(setting):
        texts = pair.texts()
        ours, theirs = map(extract_features, texts)
        if not ours.sentences or not theirs.sentences:
            continue
        likeness, case = compare_sentences(*texts, model)
        if case != setting:  # a language that the encoder was not made for
            continue
        units = [unit_of(s, pair.units) for s in ours.sentences]
        gold = link_table(pair, ours.sentences, theirs.sentences)
        _share_out(gold, likelihood(likeness), units)
        source_units = [unit_of(s, pair.source_units) for s in theirs.sentences]
        found.append(Example(pair, likeness, gold, nearest(likeness), units, source_units))
    return found


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
class Look:
    """What is seen of every example: `evidence` float32[q, k] and how far order is kept."""

    evidence: Sequence[Matrix]
    order: Sequence[float] | None = None

    def of(self, numbers: Sequence[int]) -> "Look":
        """The same of some of the examples."""
        order = None if self.order is None else [self.order[i] for i in numbers]
        return Look([self.evidence[i] for i in numbers], order)


def fit(found: Sequence[Example], looks: Sequence[Look]) -> Curves:
    """Curves fitted to the evidence of one or more looks at each example."""
    sizes = [int(example.near.sum()) for example in found]
    features = np.concatenate([evidence for look in looks for evidence in look.evidence])
    labels = np.concatenate([example.gold[example.near] for example in found])
    weights = np.repeat([weight(example.pair) for example in found], sizes)
    levels = np.linspace(0, 1, POINTS)
    at = np.round([np.quantile(x, levels) for x in features.T.astype(np.float64)], 4)
    hats = [_hats(x, points) for x, points in zip(features.T, at, strict=True)]
    basis = np.concatenate(hats, axis=1)
    ordered = looks[0].order is not None
    if ordered:
        order = np.concatenate([np.repeat(look.order or (), sizes) for look in looks])[:, None]
        basis = np.concatenate((basis, basis * order, order), axis=1)
    model = LogisticRegression(C=STRENGTH, max_iter=1500, tol=3e-4)
    model.fit(basis, np.tile(labels, len(looks)), sample_weight=np.tile(weights, len(looks)))
    odds = np.round(model.coef_[0], 3)
    intercept = round(float(model.intercept_[0]), 3)
    if not ordered:
        return Curves(intercept, at, odds.reshape(at.shape))
    plain, bent = odds[: at.size].reshape(at.shape), odds[at.size : -1].reshape(at.shape)
    return Curves(intercept, at, plain, (float(odds[-1]), bent))


def _hats(values: Matrix, points: Matrix) -> Matrix:
    """How far each value is each point: the basis in which a curve is its values there."""
    hats = [np.interp(values, points, row) for row in np.eye(POINTS)]
    return np.stack(hats, axis=1, dtype=np.float32)


Probabilities = list[Matrix]


def across_folds(found: Sequence[Example], looks: Sequence[Look]) -> tuple[Curves, Probabilities]:
    """Curves fitted to all, and what curves fitted to the other folds say of the last look."""
    own: list[Curves] = []
    for fold in range(FOLDS):
        others = [i for i, example in enumerate(found) if example.fold != fold]
        own.append(fit([found[i] for i in others], [look.of(others) for look in looks]))
    probabilities = []
    for i, example in enumerate(found):
        probability = np.zeros(example.near.shape, dtype=np.float32)
        order = 0.0 if looks[-1].order is None else looks[-1].order[i]
        evidence = looks[-1].evidence[i]
        probability[example.near] = own[example.fold].probability(evidence, order)
        probabilities.append(probability)
    return fit(found, looks), probabilities


def judged(found: Sequence[Example], probabilities: Probabilities, label: str) -> None:
    """Print link and added F1 of the fitting half, across its folds."""
    tallies: dict[str, Tally] = {}
    for example, probability in zip(found, probabilities, strict=True):
        links = [set(chosen(row)) for row in probability]
        tally = tallies.setdefault(example.pair.set, Tally())
        tally_units(example.pair, example.units, example.source_units, links, tally)
    print(label)
    for name, tally in tallies.items():
        print(f"  {name:<20}{tally.row()}")


def fit_setting(setting: ModelName) -> dict[str, object]:
    """Both models of a setting, as data; prints how they do."""
    found = examples(setting)
    words = Look([local_features(e.likeness, word_evidence(e.likeness), e.near) for e in found])
    first, probabilities = across_folds(found, [words])
    judged(found, probabilities, f"{setting}, first look")
    looks: list[Look] = []
    for number in range(LOOKS[setting]):
        evidence = [
            context_features(e.likeness, word_evidence(e.likeness), probability, e.near)
            for e, probability in zip(found, probabilities, strict=True)
        ]
        looks.append(Look(evidence, list(map(keeps_order, probabilities))))
        second, probabilities = across_folds(found, looks)
        judged(found, probabilities, f"{setting}, second look, {number + 1} times")
    names, names_around = evidence_names(setting)
    return {"first": described(first, names), "second": described(second, names_around)}


def main(argv: Sequence[str]) -> None:
    about = (
        "Fitted by benchmarks/fit_alignment.py. Log-odds of a link = intercept + what each "
        "curve says of its evidence (dedup.align.evidence, dedup.align.links)."
    )
    models = {"about": about} | {setting: fit_setting(setting) for setting in MODEL_NAMES}
    if "--write" in argv:
        TARGET.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")


def described(curves: Curves, names: Sequence[str]) -> dict[str, object]:
    """Curves as data."""
    points = {
        name: {"at": at.tolist(), "log_odds": odds.tolist()}
        for name, at, odds in zip(names, curves.at, curves.odds, strict=True)
    }
    if curves.in_order is None:
        return {"intercept": curves.intercept, "curves": points}
    for name, odds in zip(names, curves.in_order[1], strict=True):
        points[name]["log_odds_in_order"] = odds.tolist()
    return {
        "intercept": curves.intercept,
        "intercept_in_order": curves.in_order[0],
        "curves": points,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
