"""What `near_duplicates` costs as articles become many.

    python -m benchmarks.scale [--stop 1000000]

Prints time and memory an article from 10,000 articles on, up to `--stop` (default 100,000; the
steps are 10k, 30k, 100k, 300k, 1M), and whether 20,000 identical texts among 200,000 cost more
than none. Each size has a process of its own; CPU time is that of all its threads, memory is
the peak above what the process holds with the texts loaded and the kernels ready. 1M articles
of 490 words are 3 GB of text, and take about two minutes to make.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import data
from benchmarks.corpus import corpus
from benchmarks.peers.adapters import dedup as adapter
from benchmarks.peers.child import cpu_seconds, forget_peak, memory
from dedup import near_duplicates

STEPS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
CROWD, IDENTICAL = 200_000, 20_000
ROUNDS = 3  # the least of them counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables, or measure one size in this process."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--stop", type=int, default=100_000, help="articles at most")
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--identical", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    if options.measure is not None:
        print(json.dumps(measured(options.measure, options.identical)))
        return 0
    print(f"{'articles':>10}{'MB text':>9}{'CPU s':>8}{'CPU µs each':>13}{'wall µs each':>14}"
          f"{'MB':>7}{'bytes each':>12}{'pairs':>9}")  # fmt: skip
    for articles in (step for step in STEPS if step <= options.stop):
        found = _elsewhere(articles)
        print(
            f"{articles:>10,}{found['characters'] / 1e6:>9.0f}{found['cpu']:>8.2f}"
            f"{found['cpu'] / articles * 1e6:>13.1f}{found['wall'] / articles * 1e6:>14.1f}"
            f"{found['memory'] / 1e6:>7.0f}{found['memory'] / articles:>12.0f}"
            f"{found['pairs']:>9,}",
            flush=True,
        )
    none, many = _elsewhere(CROWD), _elsewhere(CROWD, IDENTICAL)
    print(f"\n{CROWD:,} articles, none identical: {none['cpu']:.2f} s of CPU; {IDENTICAL:,} of "
          f"them identical: {many['cpu']:.2f} s, × {many['cpu'] / none['cpu']:.2f}; "
          f"memory × {many['memory'] / none['memory']:.2f}; pairs {none['pairs']:,} and "
          f"{many['pairs']:,}")  # fmt: skip
    return 0


def measured(articles: int, identical: int) -> dict[str, float]:
    """Seconds of CPU and wall and bytes of memory for one size, in this process."""
    made = corpus(articles, identical=identical)
    texts = made.texts
    del made
    adapter.ready(texts[:20], data.DATA)
    best = {"cpu": float("inf"), "wall": float("inf")}
    for _ in range(ROUNDS):
        forget_peak()
        held, cpu, wall = memory("VmRSS"), cpu_seconds(), time.perf_counter()
        found = near_duplicates(texts)
        best["cpu"] = min(best["cpu"], cpu_seconds() - cpu)
        best["wall"] = min(best["wall"], time.perf_counter() - wall)
        best.setdefault("memory", memory("VmHWM") - held)
    return {**best, "pairs": len(found.pairs), "characters": sum(map(len, texts))}


def _elsewhere(articles: int, identical: int = 0) -> dict[str, Any]:
    """What `measured` says in a process of its own."""
    options = ["--measure", str(articles), "--identical", str(identical)]
    command = [sys.executable, "-m", "benchmarks.scale", *options]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=data.ROOT)
    report: dict[str, Any] = json.loads(said.stdout)
    return report


if __name__ == "__main__":
    sys.exit(main())
