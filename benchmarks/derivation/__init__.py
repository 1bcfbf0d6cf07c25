"""Who copied from whom: `python -m benchmarks.derivation [--quick]`.

The seeds' edges, by source, derivative and kind. On real pages, press releases and paraphrases
what `compare` prints (`printed`). On the judged half of the other open sets and of simulated
phylogenies, regime by regime and beside baselines: directed edges, PorSimples' whole chains,
the closest relatives of wmt19's paraphrases, calibration, the abstain curve. Then the time it
takes.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from benchmarks.data import DATA, ROOT, fitted_on
from benchmarks.families import jaccard
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
