"""Who copied from whom, judged by what `compare` prints and by nothing else.

Of real pages whose source is among them and sure (`families`, `-b`, `-c`): how often the two are
tied, which of the ties point the right way, which the wrong way, how sure was said; of those whose
sources are all outside, how often a member is named as the source. Of press releases (insciout)
how often an article that surely drew on one stands below it, and how often one is said to derive;
of wmt19's stories how often the paraphrase hangs on its original. Calibration is of all of them:
a tie is right where the gold has the two in one family. Beside them stand baselines on the same
clusters (`baselines.WITHIN`), and for wmt19 the nearest text by two measures.
Run: python -m benchmarks.derivation.printed
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from benchmarks.derivation.baselines import WITHIN
from benchmarks.derivation.judged import character_tfidf, error
from benchmarks.derivation.trials import insciout, wmt19
from benchmarks.families import COLLECTIONS, families, jaccard
from dedup.article import Article
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


def judge_pages(name: str, *, baselines: bool = True) -> Printed:
    """The ties and directions that `compare` gives for one set of real pages; prints those of
    the baselines on the same clusters."""
    gold, found = families(name), Printed()
    result = compare(gold.articles)
    edges = edges_between(result)
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
    if baselines:
        sure = {(row["source"], row["derivative"]) for row in gold.derivations if row["sure"]}
        judge_baselines(result, gold.articles, sure)
    return found


def judge_baselines(
    result: Result, articles: Sequence[Article], sure: set[tuple[str, str]]
) -> None:
    """Print how many of the sure derivations each baseline ties, and which way they point."""
    by_id = {article.id: article for article in articles}
    for name, baseline in WITHIN.items():
        given = set[tuple[str, str]]()
        for cluster in result.clusters:
            edges = baseline([by_id[id] for id in cluster.members])
            given |= {(cluster.members[u], cluster.members[v]) for u, v in edges}
        right, turned = len(given & sure), len({(v, u) for u, v in given} & sure)
        print(f"  {name:<16}{len(given)} ties; of the sure ones right {right}, turned {turned}")


def judge_releases(every: int = 1) -> Printed:
    """Whether articles that drew on a release stand below it, and releases above all; of every
    nth study."""
    found = Printed()
    trials = list(islice(insciout(), 0, None, every))
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
    """Whether the paraphrase of each story hangs on its original, among others; and whether that
    is the nearest text, character by character and in runs of three words."""
    found = Printed()
    for trial in wmt19():
        texts = [article.text for article in trial.articles]
        for name, alike in (("cosine", character_tfidf(texts)), ("shingles", jaccard(texts, 3))):
            found.counts[name] += trial.articles[1 + int(alike[0, 1:].argmax())].id == "ar"
        edges = edges_between(compare(trial.articles))
        pairs = {frozenset((e.source, e.derivative)) for e in edges}
        found.counts["stories"] += 1
        found.counts["tied"] += frozenset(("arp", "ar")) in pairs
    return found


def report(
    names: Sequence[str] = COLLECTIONS, studies: int = 1, *, baselines: bool = True
) -> dict[str, float]:
    """Print every table, for these sets of real pages and press releases of every nth of the
    studies; returns the figures by name."""
    figures: dict[str, float] = {}
    pages: list[Printed] = []
    for name in names:
        found = judge_pages(name, baselines=baselines)
        pages.append(found)
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
    figures["ties_error"] = _error(pair for one in pages for pair in one.ties)
    figures["directions_error"] = _error(pair for one in pages for pair in one.ways)
    stories = judge_paraphrases()
    print(f"wmt19: the paraphrase tied to its original in {stories.counts['tied']} of "
          f"{stories.counts['stories']} stories; it is the nearest text by character TF-IDF in "
          f"{stories.counts['cosine']}, by shingles in {stories.counts['shingles']}")  # fmt: skip
    figures["wmt19.tied"] = stories.share("tied", "stories")
    drawn = judge_releases(studies)
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
