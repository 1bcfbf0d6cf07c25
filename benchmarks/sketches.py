"""Sketches: how fast texts become signatures, next to datasketch, in one run.

Prints the time per article of each path, of datasketch over the same shingles (with its own
hash, so that it is not slowed by ours), and the ratio; then how well `near_duplicates` finds
what a comparison of all pairs finds. Data: Reuters-21578 from $DEDUP_DATA or
../shared/data.

    python benchmarks/sketches.py [articles]
"""

import json
import lzma
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dedup.candidates import candidates, near_duplicates
from dedup.sketch import PERMUTATIONS, SEED, SHINGLE, shingles, signatures, sketch
from dedup.text.words import split_words

DATA = Path(os.environ.get("DEDUP_DATA", Path(__file__).parents[2] / "shared" / "data"))
WORDS = 490  # of an article: wire stories are joined until they have as many
ROUNDS = 3


def main() -> None:
    """Print the tables."""
    path = DATA / "reuters21578.jsonl.xz"
    if not path.exists():
        print(f"skipped: no evaluation data at {path}; set DEDUP_DATA to where it lies")
        return
    stories = read_stories(path)
    print_speed(join(stories)[: int(sys.argv[1]) if len(sys.argv) > 1 else 4000])
    print_recall(stories[:6000])


def read_stories(path: Path) -> list[str]:
    """Wire stories of at least 40 words, headline first."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = map(json.loads, lines)
        texts = [f"{row['title'] or ''}\n{row['body'] or ''}" for row in rows]
    return [text for text in texts if len(text.split()) >= 40]


def join(stories: list[str]) -> list[str]:
    """Articles of about `WORDS` words."""
    joined, parts, size = [], [], 0
    for story in stories:
        parts.append(story)
        size += len(story.split())
        if size >= WORDS:
            joined.append("\n".join(parts))
            parts, size = [], 0
    return joined


def datasketch_signatures(texts: list[str]) -> Any:
    """What a user of datasketch writes: a set of word shingles per text, one bulk call."""
    from datasketch import MinHash

    def encoded(text: str) -> list[bytes]:
        forms = text.lower().split()
        return [" ".join(forms[at : at + SHINGLE]).encode() for at in range(len(forms) - 4)]

    return MinHash.bulk(map(encoded, texts), num_perm=PERMUTATIONS, seed=SEED)


def print_speed(texts: list[str]) -> None:
    """Time per article, the least of interleaved rounds."""
    paths: dict[str, Callable[[], object]] = {
        "datasketch, shingles to signatures": lambda: datasketch_signatures(texts),
        "numpy, text to signatures": lambda: signatures(texts, compiled=False),
        "kernels, text to signatures": lambda: signatures(texts, compiled=True),
        "kernels, text to signatures and terms": lambda: sketch(texts, compiled=True),
        "near_duplicates, text to groups": lambda: near_duplicates(texts),
    }
    signatures(texts[:1], compiled=True)  # load or compile the kernels
    taken = dict.fromkeys(paths, float("inf"))
    for _ in range(ROUNDS):
        for name, run in paths.items():
            before = time.process_time()
            run()
            taken[name] = min(taken[name], time.process_time() - before)
    slowest = taken["datasketch, shingles to signatures"]
    print(f"{len(texts)} articles of about {WORDS} words, CPU time, best of {ROUNDS}\n")
    for name, seconds in taken.items():
        each = seconds / len(texts) * 1e6
        print(f"{name:40}{each:10.1f} µs an article{slowest / seconds:9.1f} ×")


def print_recall(texts: list[str]) -> None:
    """What the bands find of the pairs that an exact comparison of all finds."""
    from scipy.sparse import csr_array

    sets = [np.unique(shingles(split_words(text).hashes)) for text in texts]
    sizes = np.array([len(found) for found in sets])
    _, column = np.unique(np.concatenate(sets), return_inverse=True)
    rows = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    table = csr_array((np.ones(len(column), np.float32), column, rows))
    shared = (table @ table.T).tocoo()
    exact = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    upper = shared.row < shared.col
    print(f"\n{len(texts)} wire stories, against the exact resemblance of all pairs\n")
    for threshold in (0.5, 0.7, 0.8):
        kept = upper & (exact >= threshold)
        true = set(zip(shared.row[kept].tolist(), shared.col[kept].tolist(), strict=True))
        found = near_duplicates(texts, threshold)
        hits = len(true & set(map(tuple, found.pairs.tolist())))
        joined = sum(found.labels[a] == found.labels[b] for a, b in true)
        print(
            f"threshold {threshold}: {len(true):5} true pairs, found {hits / len(true):.3f}, "
            f"in one group {joined / len(true):.3f}, precision {hits / len(found.pairs):.3f}"
        )
    proposed = len(candidates(sketch(texts)))
    print(f"candidates of an article: {2 * proposed / len(texts):.1f}")


if __name__ == "__main__":
    main()
