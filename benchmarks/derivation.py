"""Who took it from whom: `python -m benchmarks.derivation`.

The seeds' edges, by source, derivative and kind; and on the open real families how often the
sure parent inside the set, and the sure source outside it, is the one that dedup gives.
Beside them the baseline that takes the member with the greatest word containment as parent.
"""

import json
from collections.abc import Iterator

from benchmarks.attribution import names
from benchmarks.data import DATA, ROOT
from benchmarks.families import families
from dedup.derive import Derivation
from dedup.pipeline import Result, compare
from dedup.readers import read


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


def real_families() -> None:
    gold = families()
    result = compare(gold.articles)
    edges: dict[str, list[Derivation]] = {}
    for edge in edges_of(result):
        edges.setdefault(edge.derivative, []).append(edge)
    language = {article.id: result.languages[article.id] for article in gold.articles}
    inside = inside_right = decided = decided_right = outside = outside_right = 0
    for row in gold.derivations:
        if not row["sure"]:
            continue
        source, derivative = row["source"], row["derivative"]
        own = edges.get(derivative, [])
        if source.startswith("external:"):
            outside += 1
            wanted = names(source.removeprefix("external:"))
            outside_right += any(e.source.removeprefix("external:") in wanted for e in own)
        elif language[source] == language[derivative]:
            inside += 1
            parents = [e for e in own if e.kind in ("derived", "revision")]
            inside_right += any(e.source == source for e in parents)
            decided += any(e.direction == "decided" for e in parents)
            decided_right += any(e.source == source and e.direction == "decided" for e in parents)
    print(f"{'families, sure parents inside':<36}{inside_right} of {inside}; "
          f"decided: {decided_right} of {decided} right")  # fmt: skip
    print(f"{'families, sure sources outside':<36}{outside_right} of {outside} named")


if __name__ == "__main__":
    seeds()
    real_families()
