"""Evidence: what speaks for a link between two sentences, as columns with names.

Comes in: a `Likeness`, and, for the second look, how probable each link was at the first.
Goes out: float32[q, k] for the q links asked for, one column for each name in `FIRST` or
`SECOND`, and in `FIRST_MEANT` or `SECOND_MEANT` where sentences have vectors. The first look
is at the words of the two sentences and their nearest rivals. The second adds what the links
around say: a sentence between two that come from one place of the source likely comes from
there too, and one whose words are all told better elsewhere likely does not (relaxation
labelling: Rosenfeld, Hummel and Zucker 1976). Order is evidence, never a rule, so passages
that were moved are found.
It weighs nothing: see `dedup.align.links`.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from dedup.align.likeness import TINY, Matrix, Similarity

Chosen = npt.NDArray[np.bool_]

FIRST = (
    "in_source",  # share of the derivative sentence's weight found in the source sentence
    "in_derivative",  # and the other way round
    "both",  # their geometric mean
    "shared",  # log of the shared weight: one rare word proves less than five
    "mass",  # log of the derivative sentence's weight
    "lead",  # mean share over that of the next-best source sentence
    "taker_lead",  # … over that of the next-best derivative sentence for the same source
    "neighbours",  # mean share of the sentences around, in order
    "cosine",  # of character trigrams
    "cosine_lead",  # over the next-best source sentence, as above
    "cosine_taker_lead",
    "cosine_neighbours",
    "figures",  # numbers in common
    "clash",  # numbers that both could have and do not
    "pairs",  # Dice of pairs of neighbouring words
    "contained",  # share of the derivative sentence's pairs that the source sentence has
    "length",  # log of the derivative sentence's words over the source sentence's
)
SECOND = (
    "first",  # log-odds at the look before
    "in_source",
    "in_derivative",
    "both",
    "shared",
    "mass",
    "cosine",
    "figures",
    "clash",
    "pairs",
    "contained",
    "length",
    "step_before",  # probability that the sentence before is told by the source's before
    "step_after",
    "near_before",  # … by any of the source's nearest four on either side
    "near_after",
    "far_before",  # … the sentence before that
    "far_after",
    "merge",  # probability that a source neighbour is told too
    "split",  # … that a neighbour of the derivative sentence tells the same
    "rival",  # probability of the best other source
    "rival_taker",  # … of the best other derivative sentence for this source
    "expected",  # it lies between the sources of the surest links around, and is free: a part
    "alone",  # share of the derivative sentence that no better source explains
    "alone_back",  # share of the source sentence that no better taker explains
    "best_alone",  # the same, where it is the best source
    "taker_alone",  # … the best taker
    "told",  # share of the derivative that is probably linked
    "telling",  # share of the source
)
# Besides these, where sentences have vectors:
FIRST_MEANT = (
    "meaning",  # cosine of the two sentences' vectors
    "meaning_lead",
    "meaning_taker_lead",
    "meaning_neighbours",
)
SECOND_MEANT = FIRST_MEANT[:3]

SURE = 0.6  # probability from which on a link says where its neighbours are to be expected
REACH = 4  # source sentences on either side that are near
LOOSE, STRICT = 0.5, 0.9  # parts of the steps onward of a free and of a faithful telling
LEAST, MOST = 1e-4, 1 - 1e-4  # probabilities are kept off 0 and 1, where log-odds end


def local_features(likeness: Similarity, words: Mapping[str, Matrix], near: Chosen) -> Matrix:
    """The evidence of the words, and of what sentences mean: float32[q, 17] or [q, 21], in the
    order of `FIRST` and `FIRST_MEANT`, for the links where `near` bool[n, m]."""
    mean = (likeness.in_source + likeness.in_derivative) / 2
    cosine = likeness.cosine
    return _stacked(
        FIRST if likeness.meaning is None else FIRST + FIRST_MEANT,
        near,
        {
            **words,
            **_meant(likeness),
            "lead": mean - _other(mean),
            "taker_lead": mean - _other(mean.T).T,
            "neighbours": _neighbours(mean),
            "cosine_lead": cosine - _other(cosine),
            "cosine_taker_lead": cosine - _other(cosine.T).T,
            "cosine_neighbours": _neighbours(cosine),
        },
    )


def context_features(
    likeness: Similarity, words: Mapping[str, Matrix], probability: Matrix, near: Chosen
) -> Matrix:
    """The evidence of the words, the meaning and the links around: float32[q, 29] or [q, 32], in
    the order of `SECOND` and `SECOND_MEANT`, for the links where `near` bool[n, m].
    `probability` float32[n, m] is that of each link at the look before."""
    rival, rival_taker = _other(probability), _other(probability.T).T
    alone = _alone(likeness, probability)
    alone_back = _alone(likeness.reversed(), probability.T).T
    told = likeness.length @ probability.max(axis=1) / likeness.length.sum()
    telling = likeness.source_length @ probability.max(axis=0) / likeness.source_length.sum()
    at = _Around(probability)
    return _stacked(
        SECOND if likeness.meaning is None else SECOND + SECOND_MEANT,
        near,
        {
            **words,
            **_meant(likeness),
            "first": log_odds(probability),
            "step_before": at(-1, -1),
            "step_after": at(1, 1),
            "near_before": at(-1, -REACH, REACH),
            "near_after": at(1, -REACH, REACH),
            "far_before": at(-2, -REACH, 1),
            "far_after": at(2, -1, REACH),
            "merge": np.maximum(at(0, -1), at(0, 1)),
            "split": np.maximum(at(-1, 0), at(1, 0)),
            "rival": rival,
            "rival_taker": rival_taker,
            "expected": _expected(probability) * (1 - rival_taker),
            "alone": alone,
            "alone_back": alone_back,
            "best_alone": alone * (probability >= rival),
            "taker_alone": alone_back * (probability >= rival_taker),
            "told": np.full_like(probability, told),
            "telling": np.full_like(probability, telling),
        },
    )


def keeps_order(probability: Matrix) -> float:
    """How far the derivative keeps the source's order, in [0, 1]: of the sure links that
    follow one another, the part that leads a few sentences onward (Laplace's rule), 0 if no
    more than half do, 1 from nine in ten on."""
    rows = np.flatnonzero(probability.max(axis=1) > SURE)
    steps = np.diff(probability.argmax(axis=1)[rows])
    onward = int(((steps >= 0) & (steps <= REACH * np.diff(rows))).sum())
    return float(np.clip(((onward + 1) / (len(steps) + 2) - LOOSE) / (STRICT - LOOSE), 0, 1))


def log_odds(probability: Matrix) -> Matrix:
    """The log-odds of probabilities, which are kept off 0 and 1."""
    kept = np.clip(probability, LEAST, MOST)
    odds: Matrix = np.log(kept / (1 - kept))
    return odds


def _stacked(names: tuple[str, ...], near: Chosen, columns: Mapping[str, Matrix]) -> Matrix:
    at = np.flatnonzero(near)
    return np.stack([columns[name].ravel()[at] for name in names], axis=-1, dtype=np.float32)


def word_evidence(likeness: Similarity) -> dict[str, Matrix]:
    """What the words of two sentences say by themselves."""
    ours, theirs = likeness.in_source, likeness.in_derivative
    pairs, own, other = likeness.pairs, likeness.pair_count, likeness.source_pair_count
    length = np.log(likeness.length + 2)[:, None] - np.log(likeness.source_length + 2)[None, :]
    return {
        "in_source": ours,
        "in_derivative": theirs,
        "both": np.sqrt(ours * theirs),
        "shared": np.log1p(likeness.shared),
        "mass": np.broadcast_to(np.log1p(likeness.mass)[:, None], ours.shape),
        "cosine": likeness.cosine,
        "figures": likeness.figures,
        "clash": likeness.clash,
        "pairs": 2 * pairs / np.maximum(own[:, None] + other[None, :], 1),
        "contained": pairs / np.maximum(own, 1)[:, None],
        "length": length,
    }


def _meant(likeness: Similarity) -> dict[str, Matrix]:
    """The evidence of the sentences' vectors, where there are any."""
    meaning = likeness.meaning
    if meaning is None:
        return {}
    return {
        "meaning": meaning,
        "meaning_lead": meaning - _other(meaning),
        "meaning_taker_lead": meaning - _other(meaning.T).T,
        "meaning_neighbours": _neighbours(meaning),
    }


def _other(matrix: Matrix) -> Matrix:
    """For each entry the best other one of its row; 0 where there is none."""
    if matrix.shape[1] == 1:
        return np.zeros_like(matrix)
    ordered = np.partition(matrix, -2, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.where(matrix >= best, second, best)


def _neighbours(matrix: Matrix) -> Matrix:
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


def _expected(probability: Matrix) -> Matrix:
    """For each derivative sentence, one part each for the source sentences between those of
    the surest links before and after it; nothing where these are not in order."""
    n, m = probability.shape
    best, sure = probability.argmax(axis=1), probability.max(axis=1) > SURE
    rows = np.arange(n)
    before = np.maximum.accumulate(np.where(sure, rows, -1))
    after = np.minimum.accumulate(np.where(sure, rows, n)[::-1])[::-1]
    before, after = np.append(-1, before[:-1]), np.append(after[1:], n)
    low = np.where(before >= 0, best[before], -1)[:, None]
    high = np.where(after < n, best[after.clip(max=n - 1)], m)[:, None]
    columns = np.arange(m)
    between = (low < columns) & (columns < high)
    return np.where(between, 1 / np.maximum(high - low - 1, 1), 0).astype(np.float32)


def _alone(likeness: Similarity, probability: Matrix) -> Matrix:
    """The share of each derivative sentence that a source explains beyond the likeliest one,
    or, for the likeliest, beyond the second."""
    cover = likeness.cover
    sentence = cover.sentence_of_row()
    rows = np.arange(len(probability))
    best = probability.argmax(axis=1)
    others = probability.copy()
    others[rows, best] = -1
    second = others.argmax(axis=1)
    every = np.arange(len(sentence))
    has = cover.matches[every, best[sentence]]
    alone = cover.explained(beyond=has)
    if probability.shape[1] > 1:
        has = np.maximum(has - cover.matches[every, second[sentence]], 0)
    alone[rows, best] = np.add.reduceat(cover.weights * has, cover.starts)
    share: Matrix = alone / np.maximum(likeness.mass, TINY)[:, None]
    return share
