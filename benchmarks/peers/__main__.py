"""dedup next to its peers, over the same articles in one run.

    python -m benchmarks.peers [-n 10000] [--only rensa,gaoya] [--rounds 5]

Prints one table: CPU and wall time an article and their ratio to dedup's, peak memory, and how
much of what was planted (`benchmarks.corpus`) is found. Each peer runs in a process of its own,
which loads the articles, imports the library and uses it once on a few; what counts is user and
system time from there on, of the process, its threads and its children. The least of some
rounds counts; in each round all peers take their turn.

As a check, `outside` is the CPU time of the whole process, seen from outside, less that of one
that stops where the other begins to count. It is off by up to 50 ms a run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import data
from benchmarks.corpus import WORDS, corpus, resemblances, write
from benchmarks.peers import environments
from benchmarks.peers.catalogue import DEDUP, Peer, chosen
from benchmarks.peers.environments import Unavailable
from benchmarks.peers.quality import judge
from benchmarks.peers.table import Row, printed

PATIENCE = 1800  # seconds that one run may take
SLOW = 30  # CPU seconds of a run from which on one round is enough
# What a library would fetch or report over the network while it is timed.
OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "DO_NOT_TRACK": "1"}


@dataclass(slots=True)
class Taken:
    """The least seconds that one peer took, and what it said last.

    cpu, wall: as the process saw it. ready, whole: CPU as seen from outside.
    """

    cpu: float = float("inf")
    wall: float = float("inf")
    ready: float = float("inf")
    whole: float = float("inf")
    report: dict[str, Any] = field(default_factory=dict)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the peers and print the table."""
    options = _options(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    known = corpus(options.n)
    exact = resemblances(known)
    peers = [DEDUP, *chosen(options.only.split(",") if options.only else [])]
    with tempfile.TemporaryDirectory() as name:
        files = {}
        for count in {min(peer.most, options.n) for peer in peers}:
            files[count] = Path(name) / f"{count}.jsonl"
            write(known.texts[:count], files[count])
        taken, missing = _rounds(peers, files, options.n, options.rounds)
    rows = []
    for peer in peers:
        if peer.name not in taken:
            continue
        run, count = taken[peer.name], min(peer.most, options.n)
        quality = judge(run.report["kind"], run.report["found"], known, exact, count)
        title = f"{peer.name} {environments.version(peer)}"
        outside = run.whole - run.ready
        peak = run.report["peak"]
        rows.append(Row(title, peer.note, count, run.cpu, outside, run.wall, peak, quality))
    print(printed(rows, missing, int((exact >= 0.7).sum()), options.n, WORDS))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("-n", type=int, default=10_000, help="articles (default: 10000)")
    parser.add_argument("--only", default="", help="names of peers or packages, with commas")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default: 5)")
    return parser.parse_args(arguments)


def _rounds(
    peers: Sequence[Peer], files: dict[int, Path], articles: int, rounds: int
) -> tuple[dict[str, Taken], dict[str, str]]:
    """What each peer took, and why the others could not run."""
    taken: dict[str, Taken] = {}
    missing: dict[str, str] = {}
    _run(DEDUP, files[articles])  # compiles, if the kernels were not compiled yet
    for number in range(rounds):
        for peer in peers:
            run = taken.get(peer.name, Taken())
            if peer.name in missing or (number and run.cpu > SLOW):
                continue
            print(f"round {number + 1}: {peer.name}", file=sys.stderr)
            try:
                path = files[min(peer.most, articles)]
                _, ready = _run(peer, path, "--ready")
                report, whole = _run(peer, path)
            except Unavailable as error:
                missing[peer.name] = str(error)
                taken.pop(peer.name, None)
                continue
            run.ready, run.whole = min(run.ready, ready), min(run.whole, whole)
            run.cpu, run.wall = min(run.cpu, report["cpu"]), min(run.wall, report["wall"])
            run.report = report
            taken[peer.name] = run
    return taken, missing


def _run(peer: Peer, path: Path, *more: str) -> tuple[dict[str, Any], float]:
    """What one process said, and the CPU seconds it took from start to end."""
    # -P keeps the folder of the caller off the search path.
    child = [environments.python(peer), "-P", "-m", "benchmarks.peers.child", peer.adapter]
    environment = {**os.environ, **OFFLINE, "PYTHONPATH": str(data.ROOT)}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "said").open("w+") as said:
        out = Path(folder) / "out.json"
        process = subprocess.Popen(
            [*child, str(path), str(out), *more], stdout=said, stderr=said, env=environment
        )
        with _killed_after(process, PATIENCE):
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise Unavailable(f"cannot run: {environments.reason(said.read())}")
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report, usage.ru_utime + usage.ru_stime


@contextmanager
def _killed_after(process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
    """End the process if the block takes longer."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


if __name__ == "__main__":
    sys.exit(main())
