"""What one more article costs a table of bands that has many.

    python -m benchmarks.incremental [--stop 1000000]

Fills a `dedup.bands.BandTable` with the signatures of Reuters-21578, and beyond them with random
ones of which 1 in 5 is a copy of an earlier one with up to 40 in 100 positions changed. At 10k,
100k and 1M articles it prints CPU microseconds an article for asking and adding (in one call for
many, and in a call for each), bytes an article, and recall against a search through all: how
many of the articles that agree with a new one in 90 or more positions (.7) are found, and how
many of those in 103 or more (.8). Beside it, in the same run, datasketch's MinHashLSH with the
same bands in RAM, which verifies nothing, its MinHash objects made beforehand.

Then the crowds: 20,000 identical articles, and 20,000 fillings of one form and edits of them,
of which each edit should find the one it is most like. The latter is how `BUCKET` was set.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks import data
from dedup.bands import BandTable
from dedup.bands.columns import BANDS, ROWS
from dedup.sketch import PERMUTATIONS, SEED, signatures, wordless

STEPS = (10_000, 100_000, 1_000_000)
DERIVED, MOST_CHANGED = 0.2, 0.4
MEASURED = 1_000  # articles of a round; the table grows by them
ROUNDS = 9  # the median of them counts: other programs share the caches
ASKED = 200  # articles whose matches are searched for among all
CROWD, SMALL_CROWD = 20_000, 200

Signatures = npt.NDArray[np.uint32]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.incremental")
    parser.add_argument("--stop", type=int, default=STEPS[-1], help="articles at most")
    stop = parser.parse_args(arguments).stop
    if not data.available():
        print(f"no evaluation data in {data.DATA}; set DEDUP_DATA to the folder that has it")
        return 1
    steps = [step for step in STEPS if step <= stop]
    chance = np.random.default_rng(1)
    articles = corpus(steps[-1] + 2 * ROUNDS * MEASURED, chance)
    print(f"{'articles':>10}{'µs, many':>10}{'µs, single':>12}{'bytes each':>12}"
          f"{'recall .7':>11}{'recall .8':>11}{'datasketch µs':>15}")  # fmt: skip
    table, theirs = BandTable(), peer(articles[: steps[0]])
    for step in steps:
        table.add_many(articles[len(table) : step])
        memory = table.memory / len(table)
        found = recall(table, articles[:step], chance)
        rounds = iter(np.split(articles[step : step + 2 * ROUNDS * MEASURED], 2 * ROUNDS))
        many, single = (cpu(call, rounds) for call in (table.query_and_add_many, one_by_one(table)))
        print(f"{step:>10,}{many:>10.1f}{single:>12.1f}{memory:>12.0f}{found[0]:>11.4f}"
              f"{found[1]:>11.4f}{f'{theirs:.0f}' if step == steps[0] else '':>15}",
              flush=True)  # fmt: skip
    crowds(articles[0], chance)
    return 0


def corpus(count: int, chance: np.random.Generator) -> Signatures:
    """Signatures uint32[count, 128]: those of the news first, then made ones."""
    made = np.empty((count, PERMUTATIONS), np.uint32)
    news = signatures([row["body"] or "" for row in data.load("reuters21578")])
    news = news[~wordless(news)][:count]
    made[: len(news)] = news
    for at in range(len(news), count, 10_000):
        block = made[at : at + 10_000]
        block[:] = chance.integers(0, 2**32, block.shape, dtype=np.uint32)
        copies = chance.random(len(block)) < DERIVED
        earlier = made[chance.integers(0, at, copies.sum())]
        block[copies] = changed(earlier, chance.uniform(0, MOST_CHANGED, len(earlier)), chance)
    return made


def changed(
    made: Signatures, shares: npt.NDArray[np.float64], chance: np.random.Generator
) -> Signatures:
    """Copies with a share of their positions drawn anew."""
    drawn = chance.integers(0, 2**32, made.shape, dtype=np.uint32)
    return np.where(chance.random(made.shape) < shares[:, np.newaxis], drawn, made)


def one_by_one(table: BandTable) -> Callable[[Signatures], None]:
    """A call for each signature."""

    def calls(block: Signatures) -> None:
        for signature in block:
            table.query_and_add(signature)

    return calls


def cpu(call: Callable[[Signatures], object], rounds: Iterator[Signatures]) -> float:
    """CPU microseconds an article, the median of `ROUNDS` rounds."""
    spent = []
    for _ in range(ROUNDS):
        block = next(rounds)
        begin = time.thread_time()
        call(block)
        spent.append((time.thread_time() - begin) / len(block) * 1e6)
    return float(np.median(spent))


def recall(
    table: BandTable, articles: Signatures, chance: np.random.Generator
) -> tuple[float, float]:
    """The share of all that agree in .7, and in .8, of their positions with a new article."""
    chosen = articles[chance.choice(len(articles), ASKED, replace=False)]
    asked = changed(chosen, chance.uniform(0, 0.35, ASKED), chance)
    starts, rows, _ = table.query_many(asked, limit=len(articles))
    expected, met = np.zeros(2), np.zeros(2)
    for number, signature in enumerate(asked):
        equal = np.concatenate([
            (articles[at : at + 65_536] == signature).sum(axis=1)
            for at in range(0, len(articles), 65_536)
        ])  # fmt: skip
        found = np.zeros(len(articles), np.bool_)
        found[rows[starts[number] : starts[number + 1]]] = True
        for place, least in enumerate((90, 103)):
            expected[place] += (equal >= least).sum()
            met[place] += (found & (equal >= least)).sum()
    return float(met[0] / expected[0]), float(met[1] / expected[1])


def peer(articles: Signatures) -> float:
    """CPU microseconds that datasketch takes to ask and insert, an article."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    made = [
        MinHash(num_perm=PERMUTATIONS, seed=SEED, hashvalues=row, scheme="affine32")
        for row in articles
    ]
    begin = time.thread_time()
    for number, minhash in enumerate(made):
        lsh.query(minhash)
        lsh.insert(number, minhash, check_duplication=False)
    return (time.thread_time() - begin) / len(made) * 1e6


def crowds(base: Signatures, chance: np.random.Generator) -> None:
    """What many alike cost, and what a smaller bucket would lose of them."""
    same = np.repeat(base[np.newaxis], CROWD, axis=0)
    # One form filled in anew, and every second time a light edit of an earlier one.
    variants = changed(same, chance.uniform(0.05, 0.3, CROWD), chance)
    for at in range(1, CROWD, 2):
        earlier = variants[chance.integers(0, at)][np.newaxis]
        variants[at] = changed(earlier, chance.uniform(0, 0.1, 1), chance)[0]
    print(f"\n{CROWD:,} alike{'bucket':>14}{'µs each':>10}{'most like found':>18}"
          f"{f'recall .7 in {SMALL_CROWD}':>20}")  # fmt: skip
    for name, made in (("identical", same), ("variants", variants)):
        for bucket in (8, 16, 32, 64, 128) if name == "variants" else (64,):
            table = BandTable(bucket=bucket)
            begin = time.thread_time()
            _, starts, _, similarity = table.query_and_add_many(made, limit=1)
            spent = (time.thread_time() - begin) / CROWD * 1e6
            best = np.zeros(CROWD, np.float32)
            best[np.diff(starts) > 0] = similarity
            asked = range(101, CROWD, 200)  # all of them edits
            equal = [int((made[:at] == made[at]).sum(axis=1).max()) for at in asked]
            found = (best[101::200] * PERMUTATIONS >= equal).mean()
            table = BandTable(bucket=bucket)
            table.add_many(made[:SMALL_CROWD])
            small = recall(table, made[:SMALL_CROWD], chance)[0]
            print(f"{name:<12}{bucket:>14}{spent:>10.1f}{found:>18.3f}{small:>20.3f}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
