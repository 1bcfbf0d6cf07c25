"""The words that a passage and its source have in common, one after the other.

Words are folded, so case, accents, punctuation, line breaks and typographic quotes do not count.
Within a run the order is exact; runs may be moved. A short passage is looked up in its source
directly, a long one in a suffix automaton of the source (Blumer et al. 1985), so that the time
grows with the sum of the two lengths, whatever they repeat. What runs make of a passage is
decided in `dedup.align.passages`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dedup.text import Token

MIN_RUN = 3  # words; a shorter passage is a run only as a whole

# Words are numbered as code points from here on, past the surrogates.
FIRST_CHARACTER = 0xE000
# Up to this product of the lengths looking up directly is quicker than making an automaton
# (25 words in 40: 6 µs against 20 µs), and what repeats itself takes 0.1 ms at most.
MAX_DIRECT = 20_000


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
    own, other = encode_as_characters(ours, theirs)
    least = min(MIN_RUN, len(own))
    if len(own) * len(other) <= MAX_DIRECT:
        longest: Callable[[int], tuple[int, int]] = partial(find_longest, own, other, least)
    else:
        longest = partial(Automaton(other).longest, own)
    runs, i = [], 0
    while least and i + least <= len(own):
        length, place = longest(i)
        if length >= least:
            runs.append((i, place, length))
            i += length
        else:
            i += 1
    return runs


def encode_as_characters(ours: Sequence[Token], theirs: Sequence[Token]) -> tuple[str, str]:
    """Both lists of words with one character for each word, so that a run is a substring.

    What only `theirs` has is one character that no word of `ours` has.
    """
    characters: dict[str, str] = {}
    own = "".join(
        [characters.setdefault(t.form, chr(FIRST_CHARACTER + len(characters))) for t in ours]
    )
    return own, "".join([characters.get(t.form, "\0") for t in theirs])


def find_longest(own: str, other: str, least: int, i: int) -> tuple[int, int]:
    """The longest substring of `other` that `own` has at `i`: (length, first place).

    The length is 0 where it would be less than `least`.
    """
    length, place = 0, other.find(own[i : i + least])
    start = place
    while start >= 0:
        reach = max(length + 1, least)
        while own[i + reach : i + reach + 1] == other[start + reach : start + reach + 1] != "":
            reach += 1
        length, place = reach, start
        if i + length == len(own):
            break
        start = other.find(own[i : i + length + 1], start + 1)
    return length, place


class Automaton:
    """The suffix automaton of a string: every substring is a path from its first state."""

    def __init__(self, text: str) -> None:
        self.steps: list[dict[str, int]] = [{}]  # of each state: character → next state
        self.ends = [0]  # where the substrings of each state end for the first time
        lengths, links = [0], [-1]  # the longest substring of each state, its longest suffix
        last = 0
        for end, character in enumerate(text, start=1):
            before, last = last, len(self.steps)
            self.steps.append({})
            self.ends.append(end)
            lengths.append(end)
            while before >= 0 and character not in self.steps[before]:
                self.steps[before][character] = last
                before = links[before]
            if before < 0:
                links.append(0)
                continue
            split = self.steps[before][character]
            if lengths[before] + 1 < lengths[split]:
                # Its shorter substrings have one more place from now on: a state of their own.
                copy = len(self.steps)
                self.steps.append(dict(self.steps[split]))
                self.ends.append(self.ends[split])
                lengths.append(lengths[before] + 1)
                links += [copy, links[split]]  # of `last`, of `copy`
                links[split] = copy
                while before >= 0 and self.steps[before].get(character) == split:
                    self.steps[before][character] = copy
                    before = links[before]
            else:
                links.append(split)

    def longest(self, own: str, i: int) -> tuple[int, int]:
        """The longest substring that `own` has at `i`: (length, first place)."""
        state, length = 0, 0
        while i + length < len(own) and (step := self.steps[state].get(own[i + length])):
            state, length = step, length + 1
        return length, self.ends[state] - length


def locate_runs(
    runs: Sequence[tuple[int, int, int]], ours: Sequence[Token], theirs: Sequence[Token]
) -> tuple[Run, ...]:
    """Runs as spans of both texts."""
    return tuple(
        Run(ours[i].begin, ours[i + n - 1].end, theirs[j].begin, theirs[j + n - 1].end)
        for i, j, n in runs
    )


def count_words_in_runs(ours: str, theirs: str) -> int:
    """How many words of `ours`, one character each, are inside runs, disjoint or not."""
    width = min(MIN_RUN, len(ours))
    runs = {theirs[j : j + width] for j in range(len(theirs) - width + 1)}
    count = reach = 0
    for i in range(len(ours) - width + 1):
        if ours[i : i + width] in runs:
            count += i + width - max(i, reach)
            reach = i + width
    return count


def common_subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence of two lists of words (Hyyrö 2004).

    For each word of `theirs`, one addition of integers with a bit for each word of `ours`.

    >>> common_subsequence("a b c d".split(), "a x c d".split())
    3
    """
    masks: dict[str, int] = {}
    for i, word in enumerate(ours):
        masks[word] = masks.get(word, 0) | 1 << i
    every = (1 << len(ours)) - 1
    state = every
    for word in theirs:
        matches = state & masks.get(word, 0)
        if matches:
            state = ((state + matches) | (state - matches)) & every
    return len(ours) - state.bit_count()
