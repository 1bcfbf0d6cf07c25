"""The evidence for a link between two sentences, as columns with names.

There are two stages. Local features look at the words of two sentences, what they mean where an
encoder made vectors, and their nearest rivals. Context features add what the links around say,
given a first probability of each: a sentence between two that come from one place of the source
likely comes from there too, and one whose words all stand better elsewhere likely does not
(relaxation labelling: Rosenfeld, Hummel and Zucker 1976). Order is evidence, never a rule, so
passages that were moved are found.

Nothing is weighed here: see `dedup.align.links`.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from dedup.align.similarity import TINY, Coverage, Matrix, Similarity

Mask = npt.NDArray[np.bool_]

LOCAL_FEATURES = (
    "in_source",  # share of the derivative sentence that stands in the source sentence
    "in_derivative",  # and the other way round
    "both",  # their geometric mean
    "shared",  # log of the shared weight: one rare word proves less than five
    "mass",  # log of the derivative sentence's weight
    "lead",  # mean share over that of the next-best source sentence
    "source_lead",  # … over that of the next-best derivative sentence for the same source
    "neighbours",  # mean share of the sentences around, in order
    "cosine",  # of character trigrams
    "cosine_lead",  # over the next-best, as above
    "cosine_source_lead",
    "cosine_neighbours",
    "numbers",  # in common
    "numbers_missing",  # that both could have and do not
    "bigrams",  # Dice of pairs of neighbouring words
    "bigrams_in_source",  # share of the derivative sentence's pairs that the source sentence has
    "length",  # log of the derivative sentence's words over the source sentence's
)
CONTEXT_FEATURES = (
    "before",  # log-odds of the link before this round
    "in_source",
    "in_derivative",
    "both",
    "shared",
    "mass",
    "cosine",
    "numbers",
    "numbers_missing",
    "bigrams",
    "bigrams_in_source",
    "length",
    "step_before",  # probability that the sentence before comes from the source's before
    "step_after",
    "near_before",  # … from any of the source's nearest four on either side
    "near_after",
    "far_before",  # … the sentence before that
    "far_after",
    "merge",  # probability that a neighbour in the source is a source too
    "split",  # … that a neighbour in the derivative has the same source
    "rival",  # probability of the best other source
    "source_rival",  # … of the best other derivative sentence for this source
    "expected",  # it lies between the sources of the surest links around, and is free: a part
    "alone",  # share of the derivative sentence that no better source explains
    "source_alone",  # share of the source sentence that no better derivative sentence explains
    "alone_if_best",  # `alone`, where it is the best source
    "source_alone_if_best",
    "linked",  # share of the derivative that is probably linked
    "source_linked",  # share of the source
)
# Besides these, where sentences have vectors:
LOCAL_SEMANTIC = (
    "meaning",  # cosine of the two sentences' vectors
    "meaning_lead",
    "meaning_source_lead",
    "meaning_neighbours",
)
CONTEXT_SEMANTIC = LOCAL_SEMANTIC[:3]

MIN_SURE = 0.6  # probability from which on a link says where its neighbours are to be expected
REACH = 4  # source sentences on either side that are near
# Parts of the steps onward in a free retelling and in a faithful one.
ONWARD_FREE, ONWARD_FAITHFUL = 0.5, 0.9
# Probabilities are kept off 0 and 1, where log-odds end.
MIN_PROBABILITY, MAX_PROBABILITY = 1e-4, 1 - 1e-4


def word_features(similarity: Similarity) -> dict[str, Matrix]:
    """What the words of two sentences say by themselves; part of both stages."""
    own, other, common = similarity.derivative, similarity.source, similarity.bigrams
    length = np.log(own.words + 2)[:, None] - np.log(other.words + 2)[None, :]
    return {
        "in_source": similarity.in_source,
        "in_derivative": similarity.in_derivative,
        "both": np.sqrt(similarity.in_source * similarity.in_derivative),
        "shared": np.log1p(own.shared),
        "mass": np.broadcast_to(np.log1p(own.mass)[:, None], length.shape),
        "cosine": similarity.cosine,
        "numbers": similarity.numbers,
        "numbers_missing": similarity.numbers_missing,
        "bigrams": 2 * common / np.maximum(own.bigrams[:, None] + other.bigrams[None, :], 1),
        "bigrams_in_source": common / np.maximum(own.bigrams, 1)[:, None],
        "length": length,
    }


def local_features(similarity: Similarity, words: Mapping[str, Matrix], links: Mask) -> Matrix:
    """The features of two sentences by themselves: float32[q, 17], or [q, 21] with vectors.

    `words` are their `word_features`; `links` bool[n, m] are the links asked for. The columns
    are those of `LOCAL_FEATURES`, and of `LOCAL_SEMANTIC`.
    """
    mean = (similarity.in_source + similarity.in_derivative) / 2
    cosine = similarity.cosine
    columns = {
        **words,
        **_semantic_features(similarity),
        "lead": mean - find_best_other(mean),
        "source_lead": mean - find_best_other(mean.T).T,
        "neighbours": average_neighbours(mean),
        "cosine_lead": cosine - find_best_other(cosine),
        "cosine_source_lead": cosine - find_best_other(cosine.T).T,
        "cosine_neighbours": average_neighbours(cosine),
    }
    names = LOCAL_FEATURES if similarity.meaning is None else LOCAL_FEATURES + LOCAL_SEMANTIC
    return _stack(names, columns, links)


def context_features(
    similarity: Similarity, words: Mapping[str, Matrix], probability: Matrix, links: Mask
) -> Matrix:
    """The features of two sentences among the others: float32[q, 29], or [q, 32] with vectors.

    As `local_features`, with the columns of `CONTEXT_FEATURES` and `CONTEXT_SEMANTIC`.
    `probability` float32[n, m] is that of each link before.
    """
    own, source = similarity.derivative, similarity.source
    rival, source_rival = find_best_other(probability), find_best_other(probability.T).T
    alone = measure_alone(own, probability)
    source_alone = measure_alone(source, probability.T).T
    linked = own.words @ probability.max(axis=1) / own.words.sum()
    source_linked = source.words @ probability.max(axis=0) / source.words.sum()
    at = _Around(probability)
    columns = {
        **words,
        **_semantic_features(similarity),
        "before": log_odds(probability),
        "step_before": at(-1, -1),
        "step_after": at(1, 1),
        "near_before": at(-1, -REACH, REACH),
        "near_after": at(1, -REACH, REACH),
        "far_before": at(-2, -REACH, 1),
        "far_after": at(2, -1, REACH),
        "merge": np.maximum(at(0, -1), at(0, 1)),
        "split": np.maximum(at(-1, 0), at(1, 0)),
        "rival": rival,
        "source_rival": source_rival,
        "expected": expect_sources(probability) * (1 - source_rival),
        "alone": alone,
        "source_alone": source_alone,
        "alone_if_best": alone * (probability >= rival),
        "source_alone_if_best": source_alone * (probability >= source_rival),
        "linked": np.full_like(probability, linked),
        "source_linked": np.full_like(probability, source_linked),
    }
    names = CONTEXT_FEATURES if similarity.meaning is None else CONTEXT_FEATURES + CONTEXT_SEMANTIC
    return _stack(names, columns, links)


def measure_order(probability: Matrix) -> float:
    """How far the derivative keeps the source's order, in [0, 1]: of the sure links that
    follow one another, the part that leads a few sentences onward (Laplace's rule), 0 if no
    more than half do, 1 from nine in ten on."""
    rows = np.flatnonzero(probability.max(axis=1) > MIN_SURE)
    steps = np.diff(probability.argmax(axis=1)[rows])
    onward = int(((steps >= 0) & (steps <= REACH * np.diff(rows))).sum())
    part = (onward + 1) / (len(steps) + 2)
    return float(np.clip((part - ONWARD_FREE) / (ONWARD_FAITHFUL - ONWARD_FREE), 0, 1))


def log_odds(probability: Matrix) -> Matrix:
    """The log-odds of probabilities, which are kept off 0 and 1."""
    kept = np.clip(probability, MIN_PROBABILITY, MAX_PROBABILITY)
    odds: Matrix = np.log(kept / (1 - kept))
    return odds


def _stack(names: tuple[str, ...], columns: Mapping[str, Matrix], links: Mask) -> Matrix:
    at = np.flatnonzero(links)
    return np.stack([columns[name].ravel()[at] for name in names], axis=-1, dtype=np.float32)


def _semantic_features(similarity: Similarity) -> dict[str, Matrix]:
    """What the sentences' vectors say, where there are any."""
    meaning = similarity.meaning
    if meaning is None:
        return {}
    return {
        "meaning": meaning,
        "meaning_lead": meaning - find_best_other(meaning),
        "meaning_source_lead": meaning - find_best_other(meaning.T).T,
        "meaning_neighbours": average_neighbours(meaning),
    }


def find_best_other(matrix: Matrix) -> Matrix:
    """For each entry the best other one of its row; 0 where there is none."""
    if matrix.shape[1] == 1:
        return np.zeros_like(matrix)
    ordered = np.partition(matrix, -2, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.where(matrix >= best, second, best)


def average_neighbours(matrix: Matrix) -> Matrix:
    """Mean of the best entries just before and just after, within two source sentences."""
    at = _Around(matrix)
    mean: Matrix = (at(-1, -2, 0) + at(1, 0, 2)) / 2
    return mean


class _Around:
    """Looks up a matrix around each of its entries; 0 beyond its edges.

    `at(rows, first, last)`: the best entry so many rows further, in the columns from `first`
    to `last` further on.
    """

    def __init__(self, matrix: Matrix) -> None:
        self.shape = matrix.shape
        self.padded = np.pad(matrix, REACH)

    def __call__(self, rows: int, first: int, last: int | None = None) -> Matrix:
        n, m = self.shape
        strip = self.padded[REACH + rows : REACH + rows + n]
        columns = range(first, (first if last is None else last) + 1)
        best: Matrix = np.maximum.reduce([strip[:, REACH + c : REACH + c + m] for c in columns])
        return best


def expect_sources(probability: Matrix) -> Matrix:
    """For each derivative sentence, one part each for the source sentences between those of
    the surest links before and after it; nothing where these are not in order."""
    n, m = probability.shape
    best, sure = probability.argmax(axis=1), probability.max(axis=1) > MIN_SURE
    rows = np.arange(n)
    before = np.maximum.accumulate(np.where(sure, rows, -1))
    after = np.minimum.accumulate(np.where(sure, rows, n)[::-1])[::-1]
    before, after = np.append(-1, before[:-1]), np.append(after[1:], n)
    low = np.where(before >= 0, best[before], -1)[:, None]
    high = np.where(after < n, best[after.clip(max=n - 1)], m)[:, None]
    columns = np.arange(m)
    between = (low < columns) & (columns < high)
    return np.where(between, 1 / np.maximum(high - low - 1, 1), 0).astype(np.float32)


def measure_alone(coverage: Coverage, probability: Matrix) -> Matrix:
    """The share of each sentence that one of the other text explains beyond the likeliest one,
    or, for the likeliest, beyond the second."""
    matches, weights = coverage.matches, coverage.weights
    rows, every = np.arange(len(probability)), np.arange(len(matches))
    best = probability.argmax(axis=1)
    others = probability.copy()
    others[rows, best] = -1
    second = others.argmax(axis=1)
    has = matches[every, best[coverage.sentence_ids]]
    beyond = np.maximum(matches - has[:, None], 0)
    alone = np.add.reduceat(weights[:, None] * beyond, coverage.starts)
    if probability.shape[1] > 1:
        has = np.maximum(has - matches[every, second[coverage.sentence_ids]], 0)
    alone[rows, best] = np.add.reduceat(weights * has, coverage.starts)
    share: Matrix = alone / np.maximum(coverage.mass, TINY)[:, None]
    return share
