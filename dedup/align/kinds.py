"""Kinds: what a passage is, by one definition.

Comes in: the words of a passage and those of the source sentences that are its home. Goes
out: its kind. `kind_of` is the only place where a kind is decided, and it knows nothing but
words: which sentences are a passage's home is settled before (`dedup.align.links`), by
whether at least half of its content is there. Case, accents, punctuation, line breaks and
typographic quotes do not count, since words are folded. The words in order are counted by
bit-parallel longest common subsequence (Hyyrö 2004). It weighs no meaning: a copy in which
one word was changed is a copy, and what that word did to it is drift.
"""

from collections.abc import Sequence
from typing import Literal

from dedup.align.runs import SHORTEST_RUN, encode_as_characters
from dedup.text import Token

Kind = Literal["copied", "paraphrased", "translated", "added", "furniture"]

# The definition of `copied`, in tenths of the passage's words: those that stand in the
# source's order, and those inside runs of at least three identical words.
IN_ORDER = 9
IN_RUNS = 8


def kind_of(
    own: Sequence[Token],
    home: Sequence[Token],
    *,
    translated: bool = False,
    furniture: bool = False,
) -> Kind:
    """The kind of a passage with the words `own`.

    `home`: the words of the source sentences where at least half of its content is told, in
    the source's order; none where there are no such sentences. `translated`: the source is
    in another language. `furniture`: it is part of the page and not of the story.
    """
    if furniture or not own:
        return "furniture"
    if not home:
        return "added"
    if translated:
        return "translated"
    return "copied" if is_copied(own, home) else "paraphrased"


def is_copied(own: Sequence[Token], home: Sequence[Token]) -> bool:
    """Whether a passage stands in its source.

    At least nine in ten of its words are there in the same order, and at least eight in ten
    inside runs of three or more identical words, which may overlap and may be moved. A
    passage of one or two words must stand there whole.
    """
    ours, theirs = encode_as_characters(own, home)
    if ours in theirs:
        return len(ours) > 0
    in_runs = 10 * words_in_runs(ours, theirs) >= IN_RUNS * len(ours)
    return in_runs and 10 * common_subsequence(ours, theirs) >= IN_ORDER * len(ours)


def words_in_runs(ours: str, theirs: str) -> int:
    """How many words of `ours`, one letter each, are inside runs, disjoint or not."""
    width = min(SHORTEST_RUN, len(ours))
    runs = {theirs[j : j + width] for j in range(len(theirs) - width + 1)}
    count = reach = 0
    for i in range(len(ours) - width + 1):
        if ours[i : i + width] in runs:
            count += i + width - max(i, reach)
            reach = i + width
    return count


def common_subsequence(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common subsequence of two lists of words.

    One addition of integers with a bit for each word of `ours` per word of `theirs`.

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
        if met:
            state = ((state + met) | (state - met)) & every
    return len(ours) - state.bit_count()
