"""Who copied from whom, judged by what `compare` prints and by nothing else.

Of real pages whose source is among them and sure (`families`, `-b`, `-c`): how often the two are
tied, which of the ties point the right way, which the wrong way, how sure was said; of those whose
sources are all outside, how often a member is named as the source. Of press releases (insciout)
how often an article that surely drew on one stands below it, and how often one is said to derive;
of wmt19's stories how often the paraphrase hangs on its original. Calibration is of all of them:
a tie is right where the gold has the two in one family.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.derivation.judged import error
from benchmarks.derivation.trials import insciout, wmt19
from benchmarks.families import COLLECTIONS, families
from dedup.derive import Derivation
from dedup.pipeline import Result, compare

INSIDE = ("derived", "revision", "sibling")


@dataclass
class Printed:
    """What was counted in one set; `ties` and `ways` are (said, right)."""

    counts: Counter[str] = field(default_factory=Counter)
    ties: list[tuple[float, bool]] = field(default_factory=list)
    ways: list[tuple[float, bool]] = field(default_factory=list)

    def share(self, one: str, of: str) -> float:
        return self.counts[one] / max(self.counts[of], 1)


def edges_between(result: Result) -> list[Derivation]:
    """Every derivation of a result from one article to another."""
    return [e for c in result.clusters for e in c.derivations if e.kind in INSIDE]


def judge_pages(name: str) -> Printed:
    """The ties and directions that `compare` gives for one set of real pages."""
    gold, found = families(name), Printed()
    edges = edges_between(compare(gold.articles))
    by_pair = {frozenset((e.source, e.derivative)): e for e in edges}
    counts, inside = found.counts, set[str]()
    for row in gold.derivations:
        source, derivative = row["source"], row["derivative"]
        if source.startswith("external:"):
            continue
        inside.add(derivative)
        if not row["sure"]:
            continue
        counts["sure"] += 1
        edge = by_pair.get(frozenset((source, derivative)))
        if edge is None:
            continue
        right = edge.source == source
        counts["tied"] += 1
        counts[f"{edge.direction} {'right' if right else 'turned'}"] += 1
        if edge.kind != "sibling":
            found.ways.append((edge.direction_probability, right))
    outside = {row["derivative"] for row in gold.derivations if row["sure"]} - inside
    counts["outside"] = len(outside)
    for edge in edges:
        if gold.counts(edge.source, edge.derivative):
            found.ties.append((edge.confidence, gold.same(edge.source, edge.derivative)))
        if edge.derivative in outside and edge.kind == "derived":
            counts[f"spurious {edge.direction}"] += 1
    return found


def judge_releases() -> Printed:
    """Whether articles that drew on a release stand below it, and releases above all."""
    found = Printed()
    trials = list(insciout())
    result = compare(article for trial in trials for article in trial.articles)
    sources: dict[str, set[str]] = {}
    for edge in edges_between(result):
        if edge.kind != "sibling":
            sources.setdefault(edge.derivative, set()).add(edge.source)
    for trial in trials:
        releases = {a.id for a, own in zip(trial.articles, trial.parents, strict=True) if not own}
        for article in trial.articles:
            if article.id in releases:
                found.counts["releases"] += 1
                found.counts["derives"] += bool(sources.get(article.id, set()) - releases)
            else:
                found.counts["articles"] += 1
                found.counts["below"] += bool(ancestors(article.id, sources) & releases)
    return found


def ancestors(id: str, sources: Mapping[str, set[str]]) -> set[str]:
    """Whatever an article comes from, by whatever path."""
    above: set[str] = set()
    waiting = [id]
    while waiting:
        new = sources.get(waiting.pop(), set()) - above
        above |= new
        waiting += new
    return above


def judge_paraphrases() -> Printed:
    """Whether the paraphrase of each story hangs on its original, among others."""
    found = Printed()
    for trial in wmt19():
        edges = edges_between(compare(trial.articles))
        pairs = {frozenset((e.source, e.derivative)) for e in edges}
        found.counts["stories"] += 1
        found.counts["tied"] += frozenset(("arp", "ar")) in pairs
    return found


def report(*, releases: bool = True) -> dict[str, float]:
    """Print every table, that of press releases, which takes minutes, if asked for; returns the
    figures by name."""
    figures: dict[str, float] = {}
    every: list[Printed] = []
    for name in COLLECTIONS:
        found = judge_pages(name)
        every.append(found)
        counts = found.counts
        known = {way: (counts[f"{way} right"], counts[f"{way} turned"])
                 for way in ("certain", "likely", "unknown")}  # fmt: skip
        signs = sum(sum(known[way]) for way in ("certain", "likely"))
        right = sum(known[way][0] for way in ("certain", "likely"))
        print(f"{name}: {counts['sure']} sure derivations inside, tied {counts['tied']}; "
              f"direction given {signs}, right {right}; right and turned "
              + ", ".join(f"{way} {r}:{t}" for way, (r, t) in known.items())
              + f"; outside only {counts['outside']}, given a member as source: "
              + ", ".join(f"{way} {counts[f'spurious {way}']}" for way in known))  # fmt: skip
        print(f"  calibration error: ties {_error(found.ties):.3f} of {len(found.ties)}, "
              f"directions {_error(found.ways):.3f} of {len(found.ways)}")  # fmt: skip
        figures |= {
            f"{name}.tied": found.share("tied", "sure"),
            f"{name}.right": right / max(signs, 1),
            f"{name}.turned": (signs - right) / max(counts["sure"], 1),
            f"{name}.certain_right": known["certain"][0] / max(sum(known["certain"]), 1),
        }
    figures["ties_error"] = _error(pair for one in every for pair in one.ties)
    figures["directions_error"] = _error(pair for one in every for pair in one.ways)
    stories = judge_paraphrases()
    print(f"wmt19: the paraphrase tied to its original in {stories.counts['tied']} of "
          f"{stories.counts['stories']} stories")  # fmt: skip
    figures["wmt19.tied"] = stories.share("tied", "stories")
    if releases:
        drawn = judge_releases()
        print(f"insciout: {drawn.counts['below']} of {drawn.counts['articles']} articles below "
              f"their release, {drawn.counts['derives']} of {drawn.counts['releases']} releases "
              f"said to derive from an article")  # fmt: skip
        figures["insciout.below"] = drawn.share("below", "articles")
        figures["insciout.derives"] = drawn.share("derives", "releases")
    return figures


def _error(said: Iterable[tuple[float, bool]]) -> float:
    pairs = list(said)
    if not pairs:
        return 0.0
    confidence, right = zip(*pairs, strict=True)
    return error(np.array(confidence), np.array(right))


if __name__ == "__main__":
    print(report())
