"""What `compare` costs: `python -m benchmarks.comparison [-n 5000 20000] [--against TREE]`.

Articles of about 490 words, one in ten made from another one, in a file; each run is a process of
its own that reads and compares them. Printed are CPU seconds of all its processes and milliseconds
an article, wall seconds, the peak of the first process and of the largest that works for it, what
is forecast for all of them; of several numbers of articles how much more one of the last costs than
one of the first; with `--against`, a checkout of another commit, the same for that, one run after
the other, and the ratio.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import SHORT_SPAN, corpus, write
from benchmarks.data import ROOT
from dedup.pipeline import estimate_memory

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
    "peak": own.ru_maxrss / 1000,
    "worker": below.ru_maxrss / 1000,
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
    parser.add_argument("-n", type=int, nargs="+", default=[5_000, 20_000], help="articles")
    parser.add_argument("--threads", type=int, default=None, help="processors; default: all")
    parser.add_argument("--against", type=Path, help="a checkout of another commit")
    asked = parser.parse_args(argv)
    trees = [ROOT, *([asked.against] if asked.against else [])]
    costs = []
    with tempfile.TemporaryDirectory() as folder:
        for count in asked.n:
            articles = Path(folder) / "articles.jsonl"
            write(corpus(count, derived=DERIVED, span=SHORT_SPAN).texts, articles)
            forecast = estimate_memory(articles.stat().st_size, asked.threads) / 1e6
            for tree in trees:
                costs.append(cost := measure(tree, articles, asked.threads))
                print(f"{count:,} by {tree}: {cost['cpu']:.1f} s of CPU "
                      f"({cost['cpu'] / count * 1000:.2f} ms each), {cost['wall']:.1f} s, "
                      f"{cost['peak']:,.0f} MB and a worker {cost['worker']:,.0f} MB, "
                      f"{forecast:,.0f} MB forecast; {cost['clusters']:,} clusters, "
                      f"{cost['aligned']:,} pairs aligned", flush=True)  # fmt: skip
            if len(trees) > 1:
                print(f"ratio of CPU: {costs[-2]['cpu'] / costs[-1]['cpu']:.2f}", flush=True)
    if len(asked.n) > 1:
        first, last = costs[0]["cpu"] / asked.n[0], costs[-len(trees)]["cpu"] / asked.n[-1]
        print(f"an article of {asked.n[-1]:,} costs {last / first:.2f} times one of {asked.n[0]:,}")
    return costs


if __name__ == "__main__":
    main(sys.argv[1:])
