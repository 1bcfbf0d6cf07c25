"""Runs: the words that a passage and its source sentences have in common, one after the other.

Comes in: the words of a passage and of its source sentences. Goes out: the maximal runs of
identical words that both have. Words are folded, so case, accents, punctuation, line breaks
and typographic quotes do not count. Order within a run is exact; runs may be moved. A short
passage is looked up in its source directly, a long one in a suffix automaton of the source
(Blumer et al. 1985), so that the time grows with the sum of the two lengths, whatever they
repeat. What runs make of a passage is for `dedup.align.kinds`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dedup.text import Token

SHORTEST_RUN = 3  # words; a shorter passage is a run only as a whole

# Words are numbered as code points from here on, past the surrogates.
FIRST_LETTER = 0xE000
# Up to this product of the lengths looking up directly is quicker than making an automaton
# (25 words in 40: 6 µs against 20 µs), and what repeats itself takes 0.1 ms at most.
DIRECT = 20_000


@dataclass(frozen=True, slots=True)
class Run:
    """A run of identical words: where it is in the derivative and in the source."""

    begin: int
    end: int
    source_begin: int
    source_end: int


def identical_runs(ours: Sequence[Token], theirs: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Maximal runs of at least three identical words, left to right, longest first at each
    word: (index in ours, index in theirs, length). No word of `ours` is in two runs; of equal
    runs in `theirs` the first counts.

    A passage of fewer than three words has one run if it stands whole in the source.
    """
    own, other = encode_as_characters(ours, theirs)
    shortest = min(SHORTEST_RUN, len(own))
    if len(own) * len(other) <= DIRECT:
        longest: Callable[[int], tuple[int, int]] = partial(_longest, own, other, shortest)
    else:
        longest = partial(Automaton(other).longest, own)
    runs, i = [], 0
    while shortest and i + shortest <= len(own):
        length, place = longest(i)
        if length >= shortest:
            runs.append((i, place, length))
            i += length
        else:
            i += 1
    return runs


def encode_as_characters(ours: Sequence[Token], theirs: Sequence[Token]) -> tuple[str, str]:
    """Both lists of words with one letter for each word, so that a run is a substring.

    What only `theirs` has is one letter, that no word of `ours` has.
    """
    letters: dict[str, str] = {}
    own = "".join([letters.setdefault(t.form, chr(FIRST_LETTER + len(letters))) for t in ours])
    return own, "".join([letters.get(t.form, "\0") for t in theirs])


def _longest(own: str, other: str, shortest: int, i: int) -> tuple[int, int]:
    """The longest substring of `other` that `own` has at `i`: (length, first place).

    The length is 0 where it would be less than `shortest`.
    """
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


class Automaton:
    """The suffix automaton of a string: every substring is a path from its first state."""

    def __init__(self, text: str) -> None:
        self.steps: list[dict[str, int]] = [{}]  # of each state: letter → next state
        self.ends = [0]  # where the substrings of each state end for the first time
        lengths, links = [0], [-1]  # the longest substring of each state, its longest suffix
        last = 0
        for end, letter in enumerate(text, start=1):
            before, last = last, len(self.steps)
            self.steps.append({})
            self.ends.append(end)
            lengths.append(end)
            while before >= 0 and letter not in self.steps[before]:
                self.steps[before][letter] = last
                before = links[before]
            if before < 0:
                links.append(0)
                continue
            split = self.steps[before][letter]
            if lengths[before] + 1 < lengths[split]:
                # Its shorter substrings have one more place from now on: a state of their own.
                copy = len(self.steps)
                self.steps.append(dict(self.steps[split]))
                self.ends.append(self.ends[split])
                lengths.append(lengths[before] + 1)
                links += [copy, links[split]]  # of `last`, of `copy`
                links[split] = copy
                while before >= 0 and self.steps[before].get(letter) == split:
                    self.steps[before][letter] = copy
                    before = links[before]
            else:
                links.append(split)

    def longest(self, own: str, i: int) -> tuple[int, int]:
        """The longest substring that `own` has at `i`: (length, first place)."""
        state, length = 0, 0
        while i + length < len(own) and (step := self.steps[state].get(own[i + length])):
            state, length = step, length + 1
        return length, self.ends[state] - length


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
