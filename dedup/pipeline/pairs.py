"""Which pairs of a collection are worth aligning, and which of them belong in one group.

To align a pair takes some milliseconds, so of the candidates of a large collection only the
promising ones are. Pairs that hang together make one group, for then the articles of a cluster
are in memory at the same time. Whether two articles are related is not decided here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.candidates import MIN_COPY_RESEMBLANCE, MIN_RESEMBLANCE, candidates, spanning_pairs
from dedup.candidates.crosslingual import crosslingual_pairs
from dedup.candidates.near import components, pair_keys
from dedup.candidates.passages import NONE, have_passage, passage_pairs, passage_pairs_of
from dedup.candidates.prefilter import prefilter
from dedup.embed import Encoder, centre_openings, min_opening_cosine, opening_vector
from dedup.pipeline.collection import Collection, Progress, silent
from dedup.pipeline.groups import CandidateGroup
from dedup.pipeline.relations import MAX_ALL_RELATED
from dedup.relate import MIN_PASSAGE
from dedup.sketch import resemblance
from dedup.sketch.plain import Signatures
from dedup.text.romanize import names_and_numbers
from dedup.text.words import Hashes

Pairs = npt.NDArray[np.int64]

# Up to this many articles every candidate is aligned, in half a minute at most; among more, the
# promising ones: most candidates of a large collection only share a topic.
MAX_ALL_ALIGNED = 3_000
BATCH = 8  # pairs that are looked at together for passages
MAX_CACHED = 2_000  # articles whose words are kept while passages are looked for: 10 MB


def select_pairs(
    collection: Collection,
    encoder: Encoder | None,
    *,
    only: int | None = None,
    progress: Progress = silent,
) -> tuple[Pairs, int]:
    """The pairs to align (those of one article if `only`), int64[m, 2] with i < j, each once and
    sorted; and how many candidates there were in all."""
    progress("candidates", 0, 0)
    pairs, proposed = pairs_by_words(collection, only)
    if len(collection.languages) > 1:
        across = pairs_across_languages(collection, encoder, progress)
        proposed += len(across)
        pairs = np.unique(np.concatenate((pairs, pairs_of(only, across))), axis=0)
    return pairs, proposed


def candidate_groups(
    pairs: Pairs, signatures: Signatures, *, alone: bool = False
) -> list[CandidateGroup]:
    """The pairs of articles with these signatures in groups that hang together, the largest first,
    then by their first article; if `alone`, each other article is a group of its own."""
    count = len(signatures)
    component = components(pairs, count)
    order = np.argsort(component[pairs[:, 0]], kind="stable")
    bounds = np.flatnonzero(np.diff(component[pairs[order, 0]])) + 1
    groups = []
    for group in np.split(pairs[order], bounds) if len(pairs) else ():
        articles, ordered = np.unique(group), order_pairs(group, signatures)
        groups.append(CandidateGroup(tuple(articles.tolist()), tuple(map(tuple, ordered.tolist()))))
    groups.sort(key=lambda group: (-len(group.articles), group.articles))
    if alone:
        others = np.setdiff1d(np.arange(count), pairs)
        groups += [CandidateGroup((i,), ()) for i in others.tolist()]
    return groups


def order_pairs(pairs: Pairs, signatures: Signatures) -> Pairs:
    """Pairs that hang together in the order in which they are related: copies first, which may
    spare the others, and each article near its partners, so that their texts are at hand (by
    breadth from the article that has most pairs: of 1,213 articles that hang together in 2,313
    pairs each is prepared once, and in the order of their numbers 560 twice)."""
    articles, places = np.unique(pairs, return_inverse=True)
    ends = places.reshape(pairs.shape)
    if len(articles) <= MAX_ALL_RELATED:
        return pairs
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order

    shape = (len(articles), len(articles))
    table = coo_array((np.ones(len(ends), np.int8), ends.T.astype(np.int32)), shape=shape)
    start = int(np.bincount(ends.ravel()).argmax())
    visited = breadth_first_order(table.tocsr(), start, directed=False, return_predecessors=False)
    turn = np.empty(len(articles), dtype=np.int64)
    turn[visited] = np.arange(len(articles))
    turns = np.sort(turn[ends], axis=1)
    others = resemblance(signatures, pairs) < MIN_COPY_RESEMBLANCE
    return pairs[np.lexsort((turns[:, 0], turns[:, 1], others))]


def batch_pairs(pairs: Sequence[tuple[int, int]]) -> list[CandidateGroup]:
    """The pairs, sorted, some in a group, so that the articles of neighbours are at hand."""
    ordered = sorted(pairs)
    runs = [ordered[at : at + BATCH] for at in range(0, len(ordered), BATCH)]
    return [CandidateGroup(tuple(sorted({i for p in run for i in p})), tuple(run)) for run in runs]


def pairs_by_words(collection: Collection, only: int | None) -> tuple[Pairs, int]:
    """Among copies the pairs that hold them together; of other candidates all, in a large
    collection the promising ones."""
    proposed = candidates(collection.sketches)
    if only is not None:
        sharing = keep_sharing(collection, passage_pairs_of(collection.sketches, only), NONE)
        pairs = np.concatenate((pairs_of(only, proposed.pairs), sharing))
        return np.unique(pairs, axis=0), len(proposed)
    keep = spanning_pairs(proposed.pairs, proposed.resemblance) | (
        proposed.resemblance < MIN_COPY_RESEMBLANCE
    )
    if len(collection) > MAX_ALL_ALIGNED:
        far = np.flatnonzero(proposed.resemblance < MIN_RESEMBLANCE)
        keep[far] &= prefilter(collection.sketches, proposed.pairs[far])
    return proposed.pairs[keep], len(proposed)


def pairs_by_passages(
    collection: Collection, clusters: Iterable[Sequence[int]], known: Pairs
) -> Pairs:
    """The pairs that are in no common cluster and have a passage in common, without those that
    are `known`; between any two clusters the pair that has most in common."""
    count = len(collection)
    stories = np.arange(count)
    for members in clusters:
        stories[list(members)] = members[0]
    pairs, crowded = passage_pairs(collection.sketches, stories)
    fresh = ~np.isin(pair_keys(pairs, count), pair_keys(known, count))
    return keep_sharing(collection, pairs[fresh], crowded)


def keep_sharing(collection: Collection, pairs: Pairs, crowded: Hashes) -> Pairs:
    """Those of the pairs that have the words of a passage in common, by the words themselves, apart
    from runs that are `crowded`."""

    @lru_cache(MAX_CACHED)
    def words_of(i: int) -> Hashes:
        return collection.words(i)

    sharing = [
        have_passage(words_of(i), words_of(j), MIN_PASSAGE, crowded) for i, j in pairs.tolist()
    ]
    return pairs[np.array(sharing, dtype=np.bool_)]


def pairs_across_languages(
    collection: Collection, encoder: Encoder | None, progress: Progress = silent
) -> Pairs:
    """Pairs of articles in two languages whose openings, or names and numbers, are alike."""
    languages: list[str] = []
    names: list[Counter[str]] = []
    openings: dict[int, npt.NDArray[np.floating[Any]]] = {}
    for i in range(len(collection)):
        progress("languages", i, len(collection))
        text = collection.texts.text(i)
        languages.append(text.language)
        names.append(names_and_numbers(text.anchors))
        if encoder is not None:
            openings[i] = opening_vector(text, encoder)
    size = max(map(len, openings.values()), default=0)
    rows = np.zeros((len(names), size), dtype=np.float32)
    for i, vector in openings.items():
        rows[i, : len(vector)] = vector
    if encoder is None:
        return crosslingual_pairs(languages, rows, names)
    rows = centre_openings(rows, languages, encoder)
    return crosslingual_pairs(languages, rows, names, min_opening_cosine(encoder))


def pairs_of(article: int | None, pairs: Pairs) -> Pairs:
    """Those of the pairs that one article is in; all if None."""
    return pairs if article is None else pairs[(pairs == article).any(axis=1)]
