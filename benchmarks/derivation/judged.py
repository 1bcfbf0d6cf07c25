"""Derivations on known trees: directed edges, chains, calibration.

The figures are of the trials of the judged half, by set and regime, beside baselines in the
same run; how often a direction is right that has this probability (reliability, expected
calibration error over ten bins: Naeini et al. 2015), how often a certain one is, and what
remains as the bar is raised (the abstain curve).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from benchmarks.derivation.baselines import BASELINES
from benchmarks.derivation.trials import Examined
from dedup.article import Article
from dedup.derive import derive
from dedup.embed import load_encoder

Edges = set[tuple[int, int]]
Baseline = Callable[[Sequence[Article]], Edges]
BINS = 10
BARS = (0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass
class Tally:
    """Edges right, too many and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def count(self, found: Edges, gold: Edges) -> None:
        self.right += len(found & gold)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


@dataclass(frozen=True)
class Said:
    """An edge that derive gave between two articles that the truth has one way or the other, the
    probability of its direction, and whether that is right."""

    set: str
    probability: float
    certain: bool
    right: bool


@dataclass
class Judged:
    """Every figure of one run: `tallies[set, regime][method]`."""

    tallies: dict[tuple[str, str], dict[str, Tally]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    chains: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))


def judge(trials: Iterable[Examined], baselines: Mapping[str, Baseline] = BASELINES) -> Judged:
    """Derive every trial and compare with its truth."""
    figures = Judged()
    for examined in trials:
        trial = examined.trial
        place = {member.id: v for v, member in enumerate(examined.members)}
        found: Edges = set()
        gold = trial.edges()
        known = {v for v, own in enumerate(trial.parents) if own is not None}
        for edge in derive(examined.members, examined.relations, examined.links, load_encoder()):
            if edge.source not in place or place[edge.derivative] not in known:
                continue
            pair = place[edge.source], place[edge.derivative]
            if edge.kind != "sibling":
                found.add(pair)
            if edge.kind != "sibling" and (pair in gold or pair[::-1] in gold):
                certain, way = edge.direction == "certain", edge.direction_probability
                figures.said.append(Said(trial.set, way, certain, pair in gold))
        row = figures.tallies.setdefault((trial.set, trial.regime), defaultdict(Tally))
        row["dedup"].count(found, gold)
        for name, baseline in baselines.items():
            row[name].count({e for e in baseline(trial.articles) if e[1] in known}, gold)
        if trial.set == "porsimples":
            figures.chains[trial.regime].append(found == gold)
    return figures


def report(figures: Judged) -> dict[str, float]:
    """Print every table; returns the figures of dedup by name."""
    told: dict[str, float] = {}
    tallies = list(figures.tallies.values())
    methods = [name for name in ("dedup", *BASELINES) if any(name in row for row in tallies)]
    print(f"{'directed-edge F1':<34}" + "".join(f"{name:>15}" for name in methods))
    for (name, regime), row in sorted(figures.tallies.items()):
        line = "".join(f"{row[method].f1:>15.3f}" for method in methods)
        print(f"{f'{name}: {regime}':<34}{line}")
    for clock in ("clean", "noisy", "none"):
        rows = [r for (_, regime), r in figures.tallies.items() if regime.endswith(f", {clock}")]
        means = {m: float(np.mean([row[m].f1 for row in rows])) for m in methods}
        line = "".join(f"{means[method]:>15.3f}" for method in methods)
        print(f"{f'simulated: mean, {clock}':<34}{line}")
        told[f"simulated, {clock}"] = float(means["dedup"])
    for regime, right in figures.chains.items():
        print(f"{f'porsimples, whole chain, {regime}':<34}{np.mean(right):>15.3f}")
        told[f"porsimples, {regime}"] = float(np.mean(right))
    for name in ("newstest", "ntrex"):
        told[name] = figures.tallies[name, "source seen"]["dedup"].f1
    return told | calibration(figures.said)


def calibration(said: Sequence[Said]) -> dict[str, float]:
    """Print reliability, calibration error and the abstain curve of directions; returns the
    error, and how many of the certain ones are right."""
    probability = np.array([s.probability for s in said])
    right = np.array([s.right for s in said])
    bins = np.clip((probability * BINS).astype(int), 0, BINS - 1)
    print("directions: said, right, edges")
    for tenth in np.unique(bins):
        inside = bins == tenth
        print(f"  {probability[inside].mean():.2f}  {right[inside].mean():.2f}  {inside.sum()}")
    print(f"{'':<12}calibration error  edges  right  certain  right")
    for name in (*sorted({s.set for s in said}), "all"):
        own = np.array([name in (s.set, "all") for s in said])
        sure = [s.right for s in said if s.certain and name in (s.set, "all")]
        print(f"{name:<12}{error(probability[own], right[own]):>17.3f}  {own.sum():5d}  "
              f"{right[own].mean():.3f}  {len(sure):7d}  {_share(sure)}")  # fmt: skip
    print("abstain curve: bar, share of the directions that reach it, right")
    for bar in BARS:
        kept = [s for s in said if s.probability >= bar]
        share = len(kept) / max(len(said), 1)
        print(f"  {bar:.2f}  {share:.2f}  {np.mean([s.right for s in kept] or [False]):.3f}")
    return {
        "directions_error": error(probability, right),
        "certain_right": float(np.mean([s.right for s in said if s.certain])),
    }


def _share(right: Sequence[bool]) -> str:
    return f"{np.mean(right):.3f}" if right else "  –"


def error(confidence: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    gaps = [
        (bins == b).mean() * abs(confidence[bins == b].mean() - right[bins == b].mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def character_tfidf(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Cosines of character 2- to 4-gram TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    matrix = vectors.fit_transform(texts)
    return np.asarray((matrix @ matrix.T).toarray())
