"""Who copied from whom: `python -m benchmarks.derivation [--quick]`.

The seeds' edges, by source, derivative and kind. On real pages, press releases and paraphrases
what `compare` prints (`printed`). On the judged half of the other open sets and of simulated
phylogenies, regime by regime and beside baselines: directed edges, PorSimples' whole chains,
calibration, the abstain curve. Then the time it takes.
"""

import json
from collections.abc import Iterator
from itertools import chain, islice

from benchmarks.data import DATA, ROOT, fitted_on
from dedup.derive import Derivation
from dedup.pipeline import Result, compare
from dedup.readers import read

QUICK, WHOLE = 6, 40  # simulated families of each shape
# Where it must be quick: the sets of real pages (most of the time goes into the vectors of their
# rarer languages), and which nth story of remix, ntrex and newstest, and study of insciout.
PAGES = ("families-b", "families-c")
EVERY = 3


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


def known_trees(
    per_shape: int = WHOLE, every: int = 1, *, baselines: bool = True
) -> dict[str, float]:
    """Print and return the figures on the judged half of what has known derivations; of the sets
    of many small stories every nth."""
    from benchmarks.derivation import trials
    from benchmarks.derivation.baselines import BASELINES
    from benchmarks.derivation.judged import judge, report
    from benchmarks.phylogenies import simulated

    few = (trials.porsimples(), trials.real_families())
    many = (trials.remix(), trials.ntrex(), trials.newstest())
    real = [
        *(trial for own in few for trial in own if not fitted_on(trial.story)),
        *chain.from_iterable(
            islice((trial for trial in own if not fitted_on(trial.story)), 0, None, every)
            for own in many
        ),
    ]
    examined = trials.examine(chain(real, simulated(per_shape, fitting=False)))
    return report(judge(examined, BASELINES if baselines else {}))
