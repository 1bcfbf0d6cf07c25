"""What `compare` costs: `python -m benchmarks.comparison [-n 20000] [--against TREE]`.

Articles of about 490 words, one in ten made from another one, in a file; each run is a process of
its own that reads and compares them. Printed are CPU seconds of all its processes, wall seconds and
the peak of the largest; with `--against`, a checkout of another commit, the same for that, one run
after the other, and the ratio. The made articles share whole sentences, so that more passages are
looked at than among real ones.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import corpus
from benchmarks.data import ROOT

DERIVED = 0.1  # part of the articles that are made from another one
RUN = """
import json, resource, sys, time
import dedup
begin = time.perf_counter()
result = dedup.compare(dedup.read([sys.argv[1]]), encoder=None, threads=json.loads(sys.argv[2]))
wall = time.perf_counter() - begin
own, below = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "cpu": own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime,
    "wall": wall,
    "peak": max(own.ru_maxrss, below.ru_maxrss) / 1000,
    "clusters": len(result.clusters),
    "aligned": result.counts["aligned"],
}))
"""


def measure(tree: Path, articles: Path, threads: int | None) -> dict[str, float]:
    """One comparison by the code of a checkout."""
    command = [sys.executable, "-c", RUN, str(articles), json.dumps(threads)]
    env = {**os.environ, "PYTHONPATH": str(tree.resolve())}
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(argv: Sequence[str]) -> list[dict[str, float]]:
    """Print and return what each comparison cost."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.comparison")
    parser.add_argument("-n", type=int, default=20_000, help="articles")
    parser.add_argument("--threads", type=int, default=None, help="processors; default: all")
    parser.add_argument("--against", type=Path, help="a checkout of another commit")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles.jsonl"
        lines = (
            {"id": f"a{n}", "text": t} for n, t in enumerate(corpus(asked.n, derived=DERIVED).texts)
        )
        articles.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        trees = [ROOT, *([asked.against] if asked.against else [])]
        costs = [measure(tree, articles, asked.threads) for tree in trees]
    for tree, cost in zip(trees, costs, strict=True):
        print(f"{tree}: {cost['cpu']:.1f} s of CPU, {cost['wall']:.1f} s, {cost['peak']:,.0f} MB; "
              f"{cost['clusters']:,} clusters, {cost['aligned']:,} pairs related")  # fmt: skip
    if len(costs) > 1:
        print(f"ratio of CPU: {costs[0]['cpu'] / costs[1]['cpu']:.2f}")
    return costs


if __name__ == "__main__":
    main(sys.argv[1:])
