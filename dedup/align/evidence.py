"""The evidence for a link between two sentences, as columns with names.

Local features are what the two sentences and their nearest rivals say. Context features add
what the links around say, given a first probability of each: a sentence between two that come
from one place of the source likely comes from there too, and one whose words all stand better
elsewhere likely does not (relaxation labelling: Rosenfeld, Hummel and Zucker 1976). Order is
evidence and no rule, so passages that were moved are found too. Nothing is weighed here: see
`dedup.align.links`.
"""

from collections.abc import Callable, Mapping

import numpy as np

from dedup.align.similarity import TINY, Coverage, Matrix, Similarity

MIN_SURE = 0.6  # probability from which on a link says where its neighbours are to be expected
REACH = 4  # source sentences on either side that are near
# Parts of the steps onward in a free retelling and in a faithful one.
ONWARD_FREE, ONWARD_FAITHFUL = 0.5, 0.9
# Probabilities are kept off 0 and 1, where log-odds end.
MIN_PROBABILITY, MAX_PROBABILITY = 1e-4, 1 - 1e-4


def word_features(similarity: Similarity) -> dict[str, Matrix]:
    """What the words of two sentences say by themselves, part of both stages: float32[n, m]."""
    ours, theirs = similarity.derivative.features, similarity.source.features
    common = similarity.bigrams
    length = np.log(ours.words + 2)[:, None] - np.log(theirs.words + 2)[None, :]
    bigrams = ours.bigram_counts[:, None]
    return {
        # Shares of the derivative sentence and of the source sentence, and their geometric mean.
        "in_source": similarity.in_source,
        "in_derivative": similarity.in_derivative,
        "both": np.sqrt(similarity.in_source * similarity.in_derivative),
        # Logs of weights: one rare word proves less than five.
        "shared": np.log1p(similarity.derivative.shared),
        "mass": np.broadcast_to(np.log1p(similarity.derivative.mass)[:, None], length.shape),
        "cosine": similarity.cosine,  # of character trigrams
        "numbers": similarity.numbers,
        "numbers_missing": similarity.numbers_missing,
        # Pairs of neighbouring words: Dice, and the share of the derivative sentence's pairs.
        "bigrams": 2 * common / np.maximum(bigrams + theirs.bigram_counts[None, :], 1),
        "bigrams_in_source": common / np.maximum(bigrams, 1),
        "length": length,
    }


def local_features(similarity: Similarity, words: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """The features of two sentences by themselves, among them `words`, their `word_features`.

    Leads are over the best other source sentence, and over the best other derivative sentence
    for the same source; neighbours are the sentences around, in order.
    """
    mean, cosine = (similarity.in_source + similarity.in_derivative) / 2, similarity.cosine
    columns = {
        **words,
        "lead": mean - find_best_other(mean),
        "source_lead": mean - find_best_other(mean.T).T,
        "neighbours": average_neighbours(mean),
        "cosine_lead": cosine - find_best_other(cosine),
        "cosine_source_lead": cosine - find_best_other(cosine.T).T,
        "cosine_neighbours": average_neighbours(cosine),
    }
    if similarity.meaning is None:
        return columns
    neighbours = {"meaning_neighbours": average_neighbours(similarity.meaning)}
    return columns | vector_features(similarity.meaning) | neighbours


def vector_features(meaning: Matrix) -> dict[str, Matrix]:
    """What the cosine of the sentences' vectors says, part of both stages."""
    return {
        "meaning": meaning,
        "meaning_lead": meaning - find_best_other(meaning),
        "meaning_source_lead": meaning - find_best_other(meaning.T).T,
    }


def context_features(
    similarity: Similarity, words: Mapping[str, Matrix], probability: Matrix
) -> dict[str, Matrix]:
    """The features of two sentences among the others, given the `probability` of each link so
    far: float32[n, m]."""
    ours, theirs = similarity.derivative.features.words, similarity.source.features.words
    rival, source_rival = find_best_other(probability), find_best_other(probability.T).T
    alone = measure_alone(similarity.derivative, probability)
    source_alone = measure_alone(similarity.source, probability.T).T
    linked = ours @ probability.max(axis=1) / ours.sum()
    source_linked = theirs @ probability.max(axis=0) / theirs.sum()
    kept = np.clip(probability, MIN_PROBABILITY, MAX_PROBABILITY)
    at = look_around(probability)
    columns = {
        **words,
        "before": np.log(kept / (1 - kept)),  # log-odds of the link
        # Whether the sentences around come from where this link leads one to expect.
        "step_before": at(-1, -1),
        "step_after": at(1, 1),
        "near_before": at(-1, -REACH, REACH),
        "near_after": at(1, -REACH, REACH),
        "far_before": at(-2, -REACH, 1),
        "far_after": at(2, -1, REACH),
        # Whether a neighbour in the source is a source too; one in the derivative has this source.
        "merge": np.maximum(at(0, -1), at(0, 1)),
        "split": np.maximum(at(-1, 0), at(1, 0)),
        # The best other source sentence, and the best other derivative sentence for this source.
        "rival": rival,
        "source_rival": source_rival,
        "expected": expect_sources(probability) * (1 - source_rival),
        # Shares of the two sentences that no better one explains; once more if this is the best.
        "alone": alone,
        "source_alone": source_alone,
        "alone_if_best": alone * (probability >= rival),
        "source_alone_if_best": source_alone * (probability >= source_rival),
        # Shares of the two texts that are probably linked.
        "linked": np.full_like(probability, linked),
        "source_linked": np.full_like(probability, source_linked),
    }
    return columns if similarity.meaning is None else columns | vector_features(similarity.meaning)


def measure_order(probability: Matrix) -> float:
    """How far the derivative keeps the source's order, in [0, 1]: of the sure links that
    follow one another, the part that leads a few sentences onward (Laplace's rule), 0 if no
    more than half do, 1 from nine in ten on."""
    rows = np.flatnonzero(probability.max(axis=1) > MIN_SURE)
    steps = np.diff(probability.argmax(axis=1)[rows])
    onward = int(((steps >= 0) & (steps <= REACH * np.diff(rows))).sum())
    part = (onward + 1) / (len(steps) + 2)
    return float(np.clip((part - ONWARD_FREE) / (ONWARD_FAITHFUL - ONWARD_FREE), 0, 1))


def find_best_other(matrix: Matrix) -> Matrix:
    """For each entry the best other one of its row; 0 where there is none."""
    if matrix.shape[1] == 1:
        return np.zeros_like(matrix)
    ordered = np.partition(matrix, -2, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.where(matrix >= best, second, best)


def average_neighbours(matrix: Matrix) -> Matrix:
    """Mean of the best entries just before and just after, within two source sentences."""
    at = look_around(matrix)
    mean: Matrix = (at(-1, -2, 0) + at(1, 0, 2)) / 2
    return mean


def look_around(matrix: Matrix) -> Callable[..., Matrix]:
    """A function `at(rows, first, last)`: for each entry the best one so many rows further, in
    the columns from `first` to `last` further on; 0 beyond the edges."""
    n, m = matrix.shape
    padded = np.pad(matrix, REACH)

    def at(rows: int, first: int, last: int | None = None) -> Matrix:
        strip = padded[REACH + rows : REACH + rows + n]
        columns = range(first, (first if last is None else last) + 1)
        best: Matrix = np.maximum.reduce([strip[:, REACH + c : REACH + c + m] for c in columns])
        return best

    return at


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
    sentence_ids, starts = coverage.features.sentence_ids, coverage.features.starts
    rows, every = np.arange(len(probability)), np.arange(len(matches))
    best = probability.argmax(axis=1)
    others = probability.copy()
    others[rows, best] = -1
    has = matches[every, best[sentence_ids]]
    beyond = np.maximum(matches - has[:, None], 0)
    alone = np.add.reduceat(weights[:, None] * beyond, starts)
    if probability.shape[1] > 1:
        second = others.argmax(axis=1)
        has = np.maximum(has - matches[every, second[sentence_ids]], 0)
    alone[rows, best] = np.add.reduceat(weights * has, starts)
    share: Matrix = alone / np.maximum(coverage.mass, TINY)[:, None]
    return share
