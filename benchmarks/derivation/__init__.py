"""Who copied from whom: `python -m benchmarks.derivation [--quick]`.

The seeds' edges, by source, derivative and kind. On the open real families how often the sure
source inside the set, and the sure source outside it, is the one that dedup gives; pairs in
two languages are counted apart. On the judged half of the other open sets and of simulated
phylogenies, regime by regime and beside baselines: directed edges, PorSimples' whole chains,
the closest relatives of wmt19's paraphrases, calibration, the abstain curve. Then the time it
takes.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from benchmarks.attribution import names
from benchmarks.data import DATA, ROOT, fitted_on
from benchmarks.families import families, jaccard
from dedup.derive import Derivation
from dedup.pipeline import Result, compare
from dedup.readers import read

QUICK, WHOLE = 6, 40  # simulated families of each shape


def seeds() -> float:
    """The share of the seeds' gold edges that are found, less those found and not in it."""
    gold = json.loads((DATA / "seeds" / "derivation.json").read_text("utf-8"))
    wanted = {(edge["source"], edge["target"], edge["kind"]) for edge in gold["edges"]}
    result = compare(read(ROOT / "seeds"))
    found = {(edge.source, edge.derivative, edge.kind) for edge in edges_of(result)}
    share = len(wanted & found) / len(wanted | found)
    print(f"{'seeds, edges':<36}{len(wanted & found)} of {len(wanted)} right, "
          f"{len(found - wanted)} too many")  # fmt: skip
    return share


def edges_of(result: Result) -> Iterator[Derivation]:
    """Every derivation of a result."""
    for cluster in result.clusters:
        yield from cluster.derivations
    for singleton in result.singletons:
        yield from singleton.derivations


def real_families() -> dict[str, float]:
    """Print and return how many of the families' sure derivations are found, from articles to
    edges."""
    gold = families()
    result = compare(gold.articles)
    edges: dict[str, list[Derivation]] = {}
    for edge in edges_of(result):
        edges.setdefault(edge.derivative, []).append(edge)
    language = {article.id: result.languages[article.id] for article in gold.articles}
    counts: Counter[str] = Counter()
    inside_gold = {row["derivative"] for row in gold.derivations
                   if not row["source"].startswith("external:")}  # fmt: skip
    outside_only = {row["derivative"] for row in gold.derivations if row["sure"]} - inside_gold
    for row in gold.derivations:
        if not row["sure"]:
            continue
        source, derivative = row["source"], row["derivative"]
        own = edges.get(derivative, [])
        parents = [e for e in own if e.kind in ("derived", "revision")]
        right = any(e.source == source for e in parents)
        if source.startswith("external:"):
            wanted = names(source.removeprefix("external:"))
            counts["outside"] += 1
            counts["outside right"] += any(
                e.source.removeprefix("external:") in wanted for e in own
            )
        elif language[source] == language[derivative]:
            for half in ("", " judged") if not fitted_on(gold.topic[derivative]) else ("",):
                counts["inside" + half] += 1
                counts["inside right" + half] += right
            decided = [e for e in parents if e.direction == "decided"]
            counts["decided"] += bool(decided)
            counts["decided right"] += any(e.source == source for e in decided)
        else:
            counts["across"] += 1
            counts["across right"] += right
    spurious = [e for id in outside_only for e in edges.get(id, ()) if e.kind == "derived"]
    print(f"{'families, sure parents inside':<36}{counts['inside right']} of {counts['inside']}; "
          f"judged half {counts['inside right judged']} of {counts['inside judged']}; "
          f"decided: {counts['decided right']} of {counts['decided']} right")  # fmt: skip
    print(f"{'families, in another language':<36}{counts['across right']} of {counts['across']}")
    print(f"{'families, sure sources outside':<36}{counts['outside right']} of "
          f"{counts['outside']} named")  # fmt: skip
    print(f"{'families, all sources outside':<36}{len(outside_only)} articles; given a member as "
          f"parent: {len(spurious)}, decided: "
          f"{sum(e.direction == 'decided' for e in spurious)}")  # fmt: skip
    return {
        "inside": counts["inside right"] / counts["inside"],
        "across": counts["across right"] / counts["across"],
        "outside": counts["outside right"] / counts["outside"],
        "spurious": len(spurious) / len(outside_only),
        "decided_right": counts["decided right"] / max(counts["decided"], 1),
    }


def known_trees(per_shape: int = WHOLE) -> dict[str, float]:
    """Print and return the figures on the judged half of what has known derivations."""
    from benchmarks.derivation import trials
    from benchmarks.derivation.judged import character_tfidf, judge, report
    from benchmarks.phylogenies import simulated

    real = chain(
        trials.wmt19(), trials.porsimples(), trials.remix(), trials.real_families(),
        trials.ntrex(), trials.newstest(),
    )  # fmt: skip
    judged = (trial for trial in real if not fitted_on(trial.story))
    examined = trials.examine(chain(judged, simulated(per_shape, fitting=False)))
    resemblances = {"character TF-IDF": character_tfidf, "word-3 shingles": shingles}
    return report(judge(examined, resemblances))


def shingles(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Jaccard resemblance of word-3-shingles."""
    return jaccard(texts, 3)
