"""The seeds' gold, made by hand: the family, and the look-alikes that share nothing with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.alignment.judged import encoders
from benchmarks.alignment.methods import Compared, Method, run_all
from benchmarks.alignment.ours import dedup_links
from benchmarks.alignment.tallies import THRESHOLDS, Tally, argmax_links
from benchmarks.data import DATA, ROOT
from benchmarks.pairs import Unit, nearest
from dedup.article import Article
from dedup.text import Text, prepare


@dataclass(frozen=True, slots=True)
class SeedPair:
    """A derivative (or look-alike) and the wire story; its gold segment by segment.

    `places[j]` is the gold number of source sentence j.
    """

    derived: bool
    derivative: Text
    source: Text
    segments: Sequence[Mapping[str, Any]]
    places: Sequence[int]
    numbers: Mapping[str, int]

    def count(self, links: Sequence[set[int]], into: Tally, verbose: bool = False) -> int:
        """Count the links; returns how many sentences are linked that must not be.

        Links that the gold calls weak count neither way; where it allows `added` as well as
        a link, both are right.
        """
        if not self.derived:
            return sum(map(bool, links))
        units = [Unit(segment["begin"], segment["end"]) for segment in self.segments]
        for sentence, linked in zip(self.derivative.prose, links, strict=True):
            segment = self.segments[nearest(sentence, units)]
            got = {self.places[j] for j in linked}
            told = () if not got and "added" in segment.get("also", ()) else segment["sources"]
            gold = {self.numbers[name] for name in told}
            weak = frozenset(self.numbers[name] for name in segment.get("weak", ()))
            into.count(got, gold, weak)
            if verbose and got != gold:
                print(segment["id"], sorted(got), "gold", sorted(gold),
                      self.derivative.slice(sentence))  # fmt: skip
        return 0


def seed_pairs() -> list[SeedPair]:
    """The pairs of the gold."""
    gold = json.loads((DATA / "seeds" / "alignment.json").read_text("utf-8"))
    texts = {
        path.stem: prepare(Article(path.stem, path.read_bytes().decode("utf-8")))
        for path in sorted((ROOT / "seeds").glob("*.txt"))
    }
    source = texts[gold["source"]["id"]]
    units = [Unit(s["begin"], s["end"]) for s in gold["source"]["sentences"]]
    numbers = {s["id"]: number for number, s in enumerate(gold["source"]["sentences"])}
    places = [nearest(s, units) for s in source.prose]
    return [
        SeedPair(
            pair["derived"], texts[pair["derivative"]], source, pair["segments"], places, numbers
        )
        for pair in gold["pairs"]
    ]


def seeds(
    methods: Mapping[str, Method] | None = None, verbose: bool = False
) -> dict[str, dict[str, float]]:
    """Link F1 on the seeds' gold, false links of the look-alikes, seeds called copied: of
    "seeds", and of "seeds, vectors".

    `methods` are judged beside dedup, at the threshold with the best F1.
    """
    pairs = seed_pairs()
    figures: dict[str, dict[str, float]] = {}
    for label, model in encoders().items():
        family, false, copied = Tally(), 0, 0
        for pair in pairs:
            links, kinds = dedup_links(pair.derivative, pair.source, encoder=model)
            copied += kinds.count("copied")
            false += pair.count(links, family, verbose)
        print(f"{'' if label else 'seeds':<22}{'dedup' + label:<26}{family.row()}  "
              f"look-alikes: {false}; called copied in all: {copied}")  # fmt: skip
        figures["seeds" + label] = {
            "link_f1": family.link_f1, "false_links": float(false), "copied": float(copied)
        }  # fmt: skip
    compared = [Compared.of(pair.derivative, pair.source) for pair in pairs]
    for name, runs in run_all(methods or {}, compared).items():
        rows = []
        for run in runs:
            for threshold in THRESHOLDS:
                tally = Tally()
                wrong = sum(
                    pair.count(argmax_links(scores, threshold), tally)
                    for pair, scores in zip(pairs, run.scores, strict=True)
                )
                rows.append((tally, wrong, f"{run.setting} ≥ {threshold:.2f}".strip()))
        tally, wrong, setting = max(rows, key=lambda row: row[0].link_f1)
        print(f"{'':<22}{name:<26}{tally.row()}  look-alikes: {wrong}; {setting}")
    return figures
