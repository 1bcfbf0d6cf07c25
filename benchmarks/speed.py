"""How long a user waits: `python -m benchmarks.speed`.

Wall seconds of whole processes, best of a few: `dedup --help`; `dedup report seeds/` the
first time after an installation and afterwards; 500 Reuters and basil articles. Beside them,
in the same run, what importing the libraries it stands on costs alone, and datasketch's own
MinHash and LSH over the same 500 articles.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.data import ROOT, load

LIBRARIES = "import numpy, scipy.sparse, sklearn.feature_extraction.text, datasketch"
DATASKETCH = """
import json, sys
from datasketch import MinHash, MinHashLSH
lsh = MinHashLSH(threshold=0.5, num_perm=128)
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    words = row["text"].lower().split()
    m = MinHash(num_perm=128)
    m.update_batch([" ".join(words[i:i+5]).encode() for i in range(max(len(words) - 4, 1))])
    lsh.query(m)
    lsh.insert(row["id"], m)
"""


def crowd(count: int) -> Iterator[dict[str, str]]:
    """Articles of basil and Reuters, the longer ones, as records."""
    for row in load("basil"):
        text = "\n".join(line for paragraph in row["body-paragraphs"] for line in paragraph)
        yield {"id": row["id"], "title": row["title"], "text": text}
    long = (row for row in load("reuters21578") if len(row["body"] or "") > 800)
    for row in list(long)[: max(count - 117, 0)]:
        yield {"id": f"reuters-{row['id']}", "title": row["title"], "text": row["body"]}


def wall(command: Sequence[str], times: int = 3, **env: str) -> float:
    """The least wall seconds of a command over a few runs."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **env})
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    dedup = [sys.executable, "-m", "dedup"]
    seeds = [*dedup, "report", str(ROOT / "seeds")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        rows = list(crowd(500))
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        # As after an installation: the libraries are compiled to bytecode, dedup is not yet.
        fresh = Path(folder) / "fresh"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "dedup", fresh / "dedup", ignore=ignored)
        seconds = {
            "dedup --help": wall([*dedup, "--help"]),
            "dedup report seeds/, the first time": wall(seeds, 1, PYTHONPATH=str(fresh)),
            "dedup report seeds/": wall(seeds),
            "  importing its libraries alone": wall([sys.executable, "-c", LIBRARIES]),
            f"dedup report, {len(rows)} articles": wall([*dedup, "report", str(file)], 1),
            "  datasketch MinHash and LSH over the same": wall(
                [sys.executable, "-c", DATASKETCH, str(file)], 1
            ),
        }
        print(f"{'':<44}wall seconds")
        for name, waited in seconds.items():
            print(f"{name:<44}{waited:.2f}")


if __name__ == "__main__":
    main()
