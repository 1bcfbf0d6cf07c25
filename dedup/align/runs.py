"""Runs of identical words, and what they make of a passage: copied or not.

Comes in: the words of a passage and of its source sentences. Goes out: the maximal runs that
both have, and the kind. Case, accents, punctuation, line breaks and typographic quotes do not
count, since words are folded. Order within a run is exact; runs may be moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dedup.text import Token

# The definition of `copied`: words in the same order, words inside runs, shortest run.
IN_ORDER = 0.9
IN_RUNS = 0.8
SHORTEST_RUN = 3

# Words are numbered as code points from here on, past the surrogates.
FIRST_LETTER = 0xE000


@dataclass(frozen=True, slots=True)
class Run:
    """A run of identical words: where it is in the derivative and in the source."""

    begin: int
    end: int
    source_begin: int
    source_end: int


def identical_runs(ours: Sequence[Token], theirs: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Maximal runs of at least three identical words, left to right, longest first at each
    word: (index in ours, index in theirs, length). No word of `ours` is in two runs.

    A passage of fewer than three words has one run if it stands whole in the source.
    """
    own, other = _lettered(ours, theirs)
    shortest = min(SHORTEST_RUN, len(own))
    runs, i = [], 0
    while shortest and i + shortest <= len(own):
        length, place = _longest(own, i, other, shortest)
        if length:
            runs.append((i, place, length))
        i += max(length, 1)
    return runs


def _lettered(ours: Sequence[Token], theirs: Sequence[Token]) -> tuple[str, str]:
    """Both lists of words with one letter for each word, so that a run is a substring."""
    letters: dict[str, str] = {}
    own, other = (
        "".join([letters.setdefault(t.form, chr(FIRST_LETTER + len(letters))) for t in side])
        for side in (ours, theirs)
    )
    return own, other


def _longest(own: str, i: int, other: str, shortest: int) -> tuple[int, int]:
    """The longest substring of `other` that `own` has at `i`: (length, first place), or 0."""
    length, place = 0, other.find(own[i : i + shortest])
    found = place
    while found >= 0:
        reach = max(length + 1, shortest)
        while own[i + reach : i + reach + 1] == other[found + reach : found + reach + 1] != "":
            reach += 1
        length, place = reach, found
        if i + length == len(own):
            break
        found = other.find(own[i : i + length + 1], found + 1)
    return length, place


def common_subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence of two lists of words.

    Bit-parallel (Hyyrö 2004): one addition of long integers per word of `theirs`.

    >>> common_subsequence("a b c d".split(), "a x c d".split())
    3
    """
    masks: dict[str, int] = {}
    for i, word in enumerate(ours):
        masks[word] = masks.get(word, 0) | 1 << i
    every = (1 << len(ours)) - 1
    state = every
    for word in theirs:
        met = state & masks.get(word, 0)
        state = ((state + met) | (state - met)) & every
    return len(ours) - state.bit_count()


def is_copied(ours: Sequence[Token], theirs: Sequence[Token]) -> bool:
    """Whether a passage stands in its source, by the definition of `copied`.

    At least nine in ten of its words are in the source's order, and at least eight in ten
    inside runs of three or more identical words, which may overlap.
    """
    if not ours:
        return False
    if _words_in_runs(ours, theirs) < IN_RUNS * len(ours):
        return False
    in_order = common_subsequence([t.form for t in ours], [t.form for t in theirs])
    return in_order >= IN_ORDER * len(ours)


def _words_in_runs(ours: Sequence[Token], theirs: Sequence[Token]) -> int:
    """How many words of a passage are inside runs, disjoint or not."""
    own, other = _lettered(ours, theirs)
    shortest = min(SHORTEST_RUN, len(own))
    begins = {i for i in range(len(own) - shortest + 1) if own[i : i + shortest] in other}
    return sum(any(i - k in begins for k in range(shortest)) for i in range(len(own)))


def located(
    runs: Sequence[tuple[int, int, int]], ours: Sequence[Token], theirs: Sequence[Token]
) -> tuple[Run, ...]:
    """Runs as spans of both texts."""
    return tuple(
        Run(
            ours[i].begin,
            ours[i + length - 1].end,
            theirs[j].begin,
            theirs[j + length - 1].end,
        )
        for i, j, length in runs
    )
