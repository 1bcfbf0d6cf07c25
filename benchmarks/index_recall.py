"""Whether an index still finds rewrites when it has grown.

    python -m benchmarks.index_recall [--stop 100000] [--blocks 1 3] [--removed]

The dispatches of Reuters-21578 are cut into five blocks of one time each. What of a block is a
rewrite of something in it (as `dedup.compare` has it, with less than a third of its phrases in
common, so that words alone find it) is looked for by indexes that get the block one by one: one
that has nothing else, and larger ones, which have older dispatches in front: those of the other
blocks, and before these made ones, each of sentences of three of them.

Prints how many of the rewrites are among the candidates of the later article when it is added, what
part that is of those that the small index finds, candidates an article, and CPU milliseconds
for adding an older one and, in the median, for `check_and_add`. With `--removed` all that is older
is removed from the largest at last: how many articles of the block then have the matches that the
small index has for them.

The constants of `dedup.index.search` were chosen on the blocks 0, 2 and 4; 1 and 3 judge.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from benchmarks import data
from dedup import Article, Index, compare

BLOCKS = 5
MIN_WORDS = 60
MAX_RESEMBLANCE = 0.3
STEPS = (0, 4_000, 10_000, 100_000, 1_000_000)
SENTENCES = 12  # of a made story
CHECKED = 50  # articles whose matches are compared
LONG_AGO, NEVER = "1986-01-01", "1987-01-01"
Pair = tuple[str, str]


@dataclass
class Row:
    """What indexes of one size find, of all blocks."""

    rewrites: set[Pair] = field(default_factory=set)
    found: set[Pair] = field(default_factory=set)
    candidates: list[int] = field(default_factory=list)
    adding: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)

    def print(self, name: str, small: set[Pair]) -> None:
        kept = len(self.found & small) / max(len(small), 1)
        print(f"{name:>9}{len(self.rewrites):>10}{len(self.found):>8}{kept:>12.3f}"
              f"{np.mean(self.candidates):>12.1f}{np.mean(self.adding):>11.2f}"
              f"{np.median(self.asking):>19.2f}", flush=True)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.index_recall")
    parser.add_argument("--stop", type=int, default=10_000, help="older dispatches at most")
    parser.add_argument("--blocks", type=int, nargs="+", default=[1, 3], help="0 to 4")
    parser.add_argument("--removed", action="store_true", help="remove what is older at last")
    options = parser.parse_args(arguments)
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    dispatches = load_dispatches()
    size = len(dispatches) // BLOCKS
    rewrites = {n: find_rewrites(dispatches[n * size : (n + 1) * size]) for n in options.blocks}
    print(f"{'older':>9}{'rewrites':>10}{'found':>8}{'of small':>12}{'candidates':>12}"
          f"{'ms to add':>11}{'ms to ask and add':>19}")  # fmt: skip
    steps = [step for step in STEPS if step <= options.stop]
    small: set[Pair] = set()
    for step in steps:
        row = Row()
        for n, pairs in rewrites.items():
            block = dispatches[n * size : (n + 1) * size]
            older = dispatches[(n + 1) * size :] + dispatches[: n * size]
            with Index(":memory:") as index:
                before = [dated(article, LONG_AGO) for article in in_front(older, step)]
                begin = time.process_time()
                index.add_many(before)
                row.adding.append((time.process_time() - begin) / max(step, 1) * 1000)
                stream(index, block, pairs, row)
                if options.removed and step == steps[-1]:
                    removed(index, block)
        if not step:
            small = row.found
        row.print(f"{step:,}", small)
    return 0


def load_dispatches() -> list[Article]:
    """Those of some length, in the order in which they are kept."""
    return [
        Article(f"s{n}", row["body"], row["title"], published=data.sent_on(row["date"]))
        for n, row in enumerate(data.load("reuters21578"))
        if len((row["body"] or "").split()) >= MIN_WORDS
    ]


def dated(article: Article, day: str) -> Article:
    """The article with this date."""
    return Article(article.id, article.text, article.title, published=day)


def find_rewrites(block: Sequence[Article]) -> set[Pair]:
    """Pairs of rewrites by id, the earlier article first."""
    place = {article.id: n for n, article in enumerate(block)}
    result = compare(block, encoder=None)
    relations = chain.from_iterable(cluster.relations for cluster in result.clusters)
    far = ((r.a, r.b) for r in relations
           if r.kind == "rewrite" and r.resemblance < MAX_RESEMBLANCE)  # fmt: skip
    return {(a, b) if place[a] < place[b] else (b, a) for a, b in far}


def in_front(older: Sequence[Article], count: int) -> Iterator[Article]:
    """The last `count` of the older dispatches, and before these as many made as it takes."""
    chance = random.Random(1)
    sentences = [article.text.split(". ") for article in older]
    for n in range(count - len(older)):
        parts = chain.from_iterable(chance.choice(sentences) for _ in range(3))
        chosen = list(parts)
        chance.shuffle(chosen)
        yield Article(f"made{n}", ". ".join(chosen[:SENTENCES]))
    yield from older[max(0, len(older) - count) :]


def stream(index: Index, block: Sequence[Article], rewrites: set[Pair], row: Row) -> None:
    """Give an index a block, and keep what it finds for each article."""
    with index.batch():
        for article in block:
            begin = time.thread_time()
            verdict = index.check_and_add(article)
            row.asking.append((time.thread_time() - begin) * 1000)
            ids = [c.id for c in verdict.candidates if not c._by_passage]
            row.candidates.append(len(ids))
            row.found |= rewrites & {(id, article.id) for id in ids}
    row.rewrites |= rewrites


def removed(index: Index, block: Sequence[Article]) -> None:
    """Remove what is older, and print how many articles have the matches of a small index."""
    begin = time.process_time()
    count = index.remove_before(NEVER)
    cost = time.process_time() - begin
    asked = block[-CHECKED:]
    with Index(":memory:") as fresh:
        fresh.add_many(block)
        same = sum(find_matches(index, a) == find_matches(fresh, a) for a in asked)
    print(f"{count:,} removed in {cost:.0f} s of CPU; then {same} of {len(asked)} articles have "
          "the matches of a fresh index")  # fmt: skip


def find_matches(index: Index, draft: Article) -> list[str]:
    """The articles that match a draft, each with how."""
    return [f"{match.article.id} {match.relation}" for match in index.check(draft).matches]


if __name__ == "__main__":
    sys.exit(main())
