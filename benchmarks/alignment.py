"""How well passages are linked: `python -m benchmarks.alignment`.

Links between sentences (precision, recall, F1), `added` (F1), kinds given the link, and time
per pair, on the judged halves of the open sets and on the seeds; beside it, in the same run,
the baseline that links each sentence to the source sentence with the highest cosine of
character 2- to 4-gram TF-IDF, at the threshold that is best on the judged data itself.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np

from benchmarks.data import DATA, ROOT, fitted_on
from benchmarks.pairs import GoldPair, Unit, basil, nearest, porsimples, remix, wmt19
from dedup.align import align_texts
from dedup.article import Article
from dedup.text import Text, prepare

THRESHOLDS = np.arange(0.05, 0.9, 0.05)


@dataclass
class Tally:
    """Counts of links and of `added` sentences, right and wrong."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    added_right: int = 0
    added_wrong: int = 0
    added_missed: int = 0
    kinds: list[bool] = field(default_factory=list)

    def count(self, got: set[int], gold: set[int], free: frozenset[int] = frozenset()) -> None:
        """Count one sentence; links in `free` count neither way."""
        self.right += len(got & gold)
        self.wrong += len(got - gold - free)
        self.missed += len(gold - got)
        self.added_right += not gold and not got - free
        self.added_wrong += bool(gold) and not got
        self.added_missed += not gold and bool(got - free)

    @property
    def link_f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    @property
    def added_f1(self) -> float:
        right = 2 * self.added_right
        return right / max(right + self.added_wrong + self.added_missed, 1)

    def row(self) -> str:
        precision = self.right / max(self.right + self.wrong, 1)
        recall = self.right / max(self.right + self.missed, 1)
        kinds = f"{np.mean(self.kinds):.3f}" if self.kinds else "  –  "
        return (
            f"{self.link_f1:.3f}  {precision:.3f}  {recall:.3f}  {self.added_f1:.3f}"
            f"  {self.added_missed:4d}  {kinds}"
        )


def tally(
    pair: GoldPair, derivative: Text, source: Text, links: list[set[int]], into: Tally
) -> None:
    theirs = [nearest(s, pair.source_units) for s in source.prose]
    for sentence, linked in zip(derivative.prose, links, strict=True):
        unit = pair.units[nearest(sentence, pair.units)]
        into.count({theirs[j] for j in linked}, set(unit.sources))


def dedup_links(derivative: Text, source: Text) -> tuple[list[set[int]], list[str]]:
    """The links of `dedup.align`, by sentence number, and the kinds."""
    alignment = align_texts(source, derivative)
    place = {s.begin: j for j, s in enumerate(source.prose)}
    by_begin = {p.begin: p for p in alignment.passages if p.kind != "furniture"}
    found = [by_begin.get(s.begin) for s in derivative.prose]
    links = [{place[span.begin] for span in p.sources} if p else set() for p in found]
    return links, [p.kind if p else "added" for p in found]


def tfidf_scores(derivative: Text, source: Text) -> np.ndarray[Any, Any]:
    """Cosines of character TF-IDF: float[n, m]."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    ours = [derivative.slice(s) for s in derivative.prose]
    theirs = [source.slice(s) for s in source.prose]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    matrix = vectors.fit_transform(ours + theirs)
    scores: np.ndarray[Any, Any] = (matrix[: len(ours)] @ matrix[len(ours) :].T).toarray()
    return scores


def argmax_links(scores: np.ndarray[Any, Any], threshold: float) -> list[set[int]]:
    best = scores.argmax(axis=1)
    return [{int(j)} if scores[i, j] >= threshold else set() for i, j in enumerate(best)]


def judge(pairs: Sequence[GoldPair]) -> dict[str, dict[str, float]]:
    """Print the table for one set after another; returns the figures by set."""
    figures: dict[str, dict[str, float]] = {}
    print(f"{'set':<22}{'method':<20}link F1  prec   rec    added  false kinds  ms/pair")
    for name in dict.fromkeys(pair.set for pair in pairs):
        ours, seconds = Tally(), 0.0
        baselines = [Tally() for _ in THRESHOLDS]
        chosen = [pair for pair in pairs if pair.set == name]
        for pair in chosen:
            derivative, source = pair.texts()
            start = time.perf_counter()
            links, kinds = dedup_links(derivative, source)
            seconds += time.perf_counter() - start
            tally(pair, derivative, source, links, ours)
            for sentence, kind, linked in zip(derivative.prose, kinds, links, strict=True):
                unit = pair.units[nearest(sentence, pair.units)]
                if linked and unit.kind in ("copied", "paraphrased"):
                    ours.kinds.append(kind == unit.kind)
            scores = tfidf_scores(derivative, source)
            for threshold, baseline in zip(THRESHOLDS, baselines, strict=True):
                tally(pair, derivative, source, argmax_links(scores, threshold), baseline)
        best = max(baselines, key=lambda b: b.link_f1 + b.added_f1)
        print(f"{name:<22}{'dedup':<20}{ours.row()}  {1000 * seconds / len(chosen):6.1f}")
        print(f"{'':<22}{'char TF-IDF argmax':<20}{best.row()}")
        figures[name] = {"link_f1": ours.link_f1, "added_f1": ours.added_f1}
        if name == "basil":
            figures[name] = {"false_links": ours.added_missed / max(len(chosen), 1)}
    return figures


def seeds(verbose: bool = False) -> dict[str, float]:
    """Link F1 on the seeds' gold, false links of the look-alikes, seeds called copied."""
    gold = json.loads((DATA / "seeds" / "alignment.json").read_text("utf-8"))
    texts = {
        path.stem: prepare(Article(path.stem, path.read_bytes().decode("utf-8")))
        for path in sorted((ROOT / "seeds").glob("*.txt"))
    }
    source = texts[gold["source"]["id"]]
    source_units = [Unit(s["begin"], s["end"], s["id"]) for s in gold["source"]["sentences"]]
    names = [source_units[nearest(s, source_units)].kind for s in source.prose]
    family, false, copied = Tally(), 0, 0
    for pair in gold["pairs"]:
        derivative = texts[pair["derivative"]]
        segments = [Unit(s["begin"], s["end"]) for s in pair["segments"]]
        links, kinds = dedup_links(derivative, source)
        copied += kinds.count("copied")
        for sentence, linked in zip(derivative.prose, links, strict=True):
            segment = pair["segments"][nearest(sentence, segments)]
            got = {names[j] for j in linked}
            if not pair["derived"]:
                false += bool(got)
                continue
            sources = set(segment["sources"])
            if not got and "added" in segment.get("also", ()):
                sources = set()
            numbered = {name: i for i, name in enumerate(names)}
            family.count(
                {numbered[n] for n in got},
                {numbered[n] for n in sources},
                frozenset(numbered[n] for n in segment.get("weak", ())),
            )
            if verbose and got != sources:
                print(
                    segment["id"], sorted(got), "gold", sorted(sources), derivative.slice(sentence)
                )
    print(f"{'seeds':<22}{'dedup':<20}{family.row()}")
    print(f"{'seeds, look-alikes':<22}sentences linked: {false}; called copied in all: {copied}")
    return {"link_f1": family.link_f1, "false_links": float(false), "copied": float(copied)}


def sets() -> Iterator[GoldPair]:
    return (p for p in chain(remix(), porsimples(), wmt19(), basil()) if not fitted_on(p.story))


def main(argv: Sequence[str]) -> None:
    judge(list(sets()))
    seeds(verbose="-v" in argv)


if __name__ == "__main__":
    main(sys.argv[1:])
