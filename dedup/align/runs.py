"""The words that a passage and its source have in common, one after the other.

Words are folded, so case, accents, punctuation, line breaks and typographic quotes do not count.
All places of a word stand in one integer, a bit for each (Baeza-Yates and Gonnet 1992, Hyyrö
2004), so that words that repeat themselves cost no more than others. What runs make of a
passage is decided in `dedup.align.passages`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from dedup.text import Token

MIN_RUN = 3  # words; a shorter passage is a run only as a whole


@dataclass(frozen=True, slots=True)
class Run:
    """A run of identical words: where it is in the derivative and in the source."""

    begin: int
    end: int
    source_begin: int
    source_end: int


def find_runs(ours: Sequence[Token], theirs: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Maximal runs of at least three identical words, left to right, longest first at each
    word: (index in ours, index in theirs, length). No word of `ours` is in two runs; of equal
    runs in `theirs` the first counts.

    A passage of fewer than three words has one run if it stands whole in the source.
    """
    places = _mark_places(token.form for token in theirs)
    runs, i, least = [], 0, min(MIN_RUN, len(ours))
    while i < len(ours):
        ends, longer, length = 0, places.get(ours[i].form, 0), 0
        while longer:  # has a bit for each place where a run of one word more ends
            ends, length = longer, length + 1
            following = ours[i + length].form if i + length < len(ours) else None
            longer = ends << 1 & places.get(following, 0)
        if length >= least:
            first_end = (ends & -ends).bit_length()
            runs.append((i, first_end - length, length))
        i += length if length >= least else 1
    return runs


def _mark_places(words: Iterable[str]) -> dict[str | None, int]:
    """For each word, an integer with a bit for each place where it stands."""
    places: dict[str | None, int] = {}
    for j, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << j
    return places


def locate_runs(
    runs: Sequence[tuple[int, int, int]], ours: Sequence[Token], theirs: Sequence[Token]
) -> tuple[Run, ...]:
    """Runs as spans of both texts."""
    return tuple(
        Run(ours[i].begin, ours[i + n - 1].end, theirs[j].begin, theirs[j + n - 1].end)
        for i, j, n in runs
    )


def count_words_in_runs(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many words of `ours` are inside runs, disjoint or not."""
    width = min(MIN_RUN, len(ours))
    own, other = (zip(*(words[k:] for k in range(width)), strict=False) for words in (ours, theirs))
    runs = set(other)
    inside = (range(i, i + width) for i, words in enumerate(own) if words in runs)
    return len(set(chain.from_iterable(inside)))


def common_subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence of two lists of words (Hyyrö 2004).

    For each word of `theirs`, one addition of integers with a bit for each word of `ours`.

    >>> common_subsequence("a b c d".split(), "a x c d".split())
    3
    """
    places = _mark_places(ours)
    every = (1 << len(ours)) - 1
    state = every
    for word in theirs:
        matches = state & places.get(word, 0)
        if matches:
            state = ((state + matches) | (state - matches)) & every
    return len(ours) - state.bit_count()
