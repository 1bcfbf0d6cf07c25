"""From a file to groups of near-duplicates: `python -m benchmarks.stream [-n 100000]`.

Writes a corpus as JSON lines, then in a process of its own reads it as a stream and groups it:
CPU seconds of everything from the first import on, and the peak of memory. 500,000 articles of
490 words are 1.6 GB; making them takes some minutes.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import data
from benchmarks.corpus import corpus, write

CHILD = """
import resource, sys
import dedup
found = dedup.near_duplicates(article.text for article in dedup.read(sys.argv[1]))
usage = resource.getrusage(resource.RUSAGE_SELF)
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if "VmHWM" in line)
print(f"{len(found.labels):,} articles, {len(set(found.labels.tolist())):,} groups: "
      f"{usage.ru_utime + usage.ru_stime:.1f} s of CPU, "
      f"{peak / 1024:.0f} MB at the peak")
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream")
    parser.add_argument("-n", type=int, default=100_000, help="articles")
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "news.jsonl"
        write(corpus(options.n, derived=0.1).texts, file)
        print(f"{file.stat().st_size / 1e6:,.0f} MB of JSON lines", flush=True)
        subprocess.run([sys.executable, "-c", CHILD, str(file)], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
