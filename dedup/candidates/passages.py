"""Articles that have a passage in common, found by runs of words that few others have.

Two articles that share a paragraph and nothing else resemble each other in no other way: what finds
them are the winnowed hashes of eight words in a row of their sketches (`dedup.sketch.winnow`). A
run that many different stories have is a set phrase, a disclaimer or the background that an agency
repeats, and finds nothing; the versions of one story count once. The work is linear in the runs,
and every pair is checked by the words themselves before anything costly looks at it.
"""

import numpy as np
import numpy.typing as npt

from dedup.candidates.near import keyed_pairs, pair_keys, repeated
from dedup.sketch import Sketches, shingles
from dedup.sketch.winnow import RUN
from dedup.text.words import Hashes, Integers

# Different stories that may have a run: what more have is background. Among 20,000 Reuters
# dispatches 8 propose .4 pairs an article, 2 propose .15.
MAX_STORIES_OF_RUN = 8
# Articles that are looked at for one draft, those with most runs in common.
MAX_FOR_ONE = 32
NONE = np.empty(0, dtype=np.uint64)


def passage_pairs(sketches: Sketches, stories: Integers) -> tuple[Integers, Hashes]:
    """The pairs of articles of different stories that share runs which few stories have: int64[m,
    2], i < j, ascending; of any two stories the pair that shares most runs. And the runs that too
    many stories have.

    `stories` are numbers, int64[n], equal for articles that share a source text.
    """
    count = len(sketches)
    places = repeated(sketches.runs)
    runs = sketches.runs[places]
    owners = np.searchsorted(np.cumsum(sketches.run_sizes), places, side="right")
    order = np.lexsort((owners, stories[owners], runs))
    runs, owners = runs[order], owners[order]
    once = np.ones(len(runs), dtype=np.bool_)  # of a story the first article that has the run
    once[1:] = (runs[1:] != runs[:-1]) | (stories[owners[1:]] != stories[owners[:-1]])
    runs, owners = runs[once], owners[once]
    firsts = np.flatnonzero(np.append(True, runs[1:] != runs[:-1])[: len(runs)])
    sizes = np.diff(np.append(firsts, len(runs)))
    crowded = runs[firsts[sizes > MAX_STORIES_OF_RUN]]
    few = np.repeat((sizes > 1) & (sizes <= MAX_STORIES_OF_RUN), sizes)
    runs, owners = runs[few], owners[few]
    keys = [np.empty(0, dtype=np.int64)]
    for step in range(1, MAX_STORIES_OF_RUN):
        together = runs[step:] == runs[:-step]
        ends = np.stack((owners[:-step][together], owners[step:][together]), axis=1)
        keys.append(pair_keys(ends, count))
    shared, runs_shared = np.unique(np.concatenate(keys), return_counts=True)
    pairs = keyed_pairs(shared, count)
    between = pair_keys(stories[pairs], count)
    order = np.lexsort((shared, -runs_shared, between))
    _, best = np.unique(between[order], return_index=True)
    return pairs[np.sort(order[best])], crowded


def passage_pairs_of(sketches: Sketches, own: int) -> Integers:
    """The pairs of one article with those that share most of its runs, however many have these."""
    owners = np.repeat(np.arange(len(sketches)), sketches.run_sizes)
    shared = owners[np.isin(sketches.runs, sketches.runs[owners == own])]
    counts = np.bincount(shared, minlength=len(sketches))
    counts[own] = 0
    best = np.argsort(-counts, kind="stable")[:MAX_FOR_ONE]
    others = np.sort(best[counts[best] > 0])
    return np.sort(np.stack((others, np.full_like(others, own)), axis=1), axis=1)


def have_passage(one: Hashes, other: Hashes, least: int, crowded: Hashes = NONE) -> bool:
    """Whether so many words of a text stand in runs of eight that the other text has, too, and in
    none that is crowded; `one` and `other` are the word hashes of both.

    At either end of what many have, windows reach into what each has of its own: a few of them keep
    a run there that the others do not.
    """
    if min(len(one), len(other)) < max(least, RUN):
        return False
    runs = shingles(one, RUN)
    shared = cover(np.isin(runs, shingles(other, RUN)))
    return int((shared & ~cover(np.isin(runs, crowded))).sum()) >= least


def cover(runs: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The words that stand in any of the runs that are marked: bool[words]."""
    ends = np.zeros(len(runs) + RUN, dtype=np.int64)
    ends[: len(runs)] += runs
    ends[RUN:] -= runs
    return np.asarray(np.cumsum(ends)[: len(runs) + RUN - 1] > 0)
