"""Negations, hedges and attributions that an edit of a copy drops or adds.

Where the words around an edit are the same, a cue in it needs no claim to be found for it, as
between free retellings (`dedup.align.drift.stance`); what counts is that the other side has fewer
of its kind, so that none was only moved, and nothing that answers it.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from dedup.align.drift.cues import Cues, load_cues
from dedup.align.drift.edited import Edited
from dedup.align.drift.pairing import (
    REACH,
    Drift,
    Pair,
    Severity,
    find_words,
    is_content,
    is_same_word,
    span_words,
)
from dedup.align.drift.stance import CLAUSE_END, find_opposites, has_claim, is_said_beside
from dedup.align.drift.words import Edit, Word
from dedup.text import Token
from dedup.text.quotations import count_quoted_words

WITHIN = 2  # words around an edit in which something may answer a cue
MIN_LEFT_OUT = 2  # content words that an edit replaces besides a cue: another statement
CLAIM = 5  # words beside a dropped attribution that are shown


class Qualifiers:
    """The negations, hedges and attributions of an edit. Sides are numbered: ours, theirs."""

    def __init__(self, edited: Edited, edit: Edit) -> None:
        self.edited, self.pair = edited, edited.pair
        self.tokens = (self.pair.ours, self.pair.theirs)
        self.ranges = (
            _token_range(edited.ours, self.pair.ours, edit.first, edit.after),
            _token_range(edited.theirs, self.pair.theirs, edit.source_first, edit.source_after),
        )
        self.forms = tuple(
            [token.form for token in side[low:high]]
            for side, (low, high) in zip(self.tokens, self.ranges, strict=True)
        )
        self.cues = tuple(
            [cue for cue in cues if cue[0] < high and cue[1] > low]
            for cues, (low, high) in zip(edited.cues, self.ranges, strict=True)
        )
        self.known = load_cues(self.pair.source.language)

    def has(self, kind: str, side: int) -> bool:
        """Whether a cue of that kind stands in the edit on that side."""
        return any(kind in cue[2] for cue in self.cues[side])

    @property
    def denied(self) -> bool:
        """Whether one side of the edit denies."""
        return self.has("negation", 0) != self.has("negation", 1)

    def outnumbers(self, kind: str, have: int) -> bool:
        """Whether one side of the passage has more cues of a kind: none was but moved."""
        return self.has(kind, have) and self.count(kind, have) > self.count(kind, 1 - have)

    def count(self, kind: str, side: int) -> int:
        """How many cues of a kind a side of the passage has."""
        return sum(kind in kinds for *_, kinds in self.edited.cues[side])

    def own_words(self, side: int) -> list[str]:
        """The words of a side that the other side does not have."""
        shared = {token.form for token in self.tokens[1 - side]}
        return [token.form for token in self.tokens[side] if token.form not in shared]

    def grade_qualifiers(self) -> Iterator[Drift]:
        """A negation or a hedge that only one side has."""
        if self.known is None:
            return
        for have, what in ((1, "dropped"), (0, "added")):
            own = self.own_words(1 - have)
            if (
                self.outnumbers("negation", have)
                and self.keeps_claim("negation", have)
                and not self.is_negated(have, own, self.known)
            ):
                yield self.drift("negation", what, have)
            said = self.count("attribution", 1 - have) > self.count("attribution", have)
            answered = said or self.known.answers["hedge"].match(own)
            kept = self.outnumbers("hedge", have) and self.keeps_claim("hedge", have)
            if kept and not answered:
                yield self.drift("hedge", what, have)

    def keeps_claim(self, kind: str, have: int) -> bool:
        """Whether what a cue of the edit qualifies is on the other side, too, and was not left out
        with it: "…, but nothing worked"."""
        pair, own = self.pair, self.tokens[have]
        text = (pair.derivative, pair.source)[have]
        there = [token.form for token in self.tokens[1 - have]]

        def is_lost(i: int) -> bool:
            form = own[i].form
            return is_content(form, pair.source.language) and not any(
                is_same_word(form, other) for other in there
            )

        cues = [cue for cue in self.cues[have] if kind in cue[2]]
        in_cues = {i for first, after, _ in cues for i in range(first, after)}
        (low, high), lacking = self.ranges[have], self.ranges[1 - have]
        lost = sum(is_lost(i) for i in range(low, high) if i not in in_cues)
        if lost >= (MIN_LEFT_OUT if lacking[0] < lacking[1] else 1):
            return False
        for _, after, _ in cues:
            behind = range(after, min(after + REACH, len(own)))
            claim = next((i for i in behind if is_content(own[i].form, text.language)), None)
            if claim is None or not is_lost(claim):
                return True
            if CLAUSE_END.search(text.article.text, own[after - 1].end, own[claim].begin):
                return True
        return not cues

    def is_negated(self, have: int, own: Sequence[str], known: Cues) -> bool:
        """Whether the other side denies it in another way: "unable", "failed to"."""
        low, high = self.ranges[have]
        around = [t.form for t in self.tokens[have][max(low - WITHIN, 0) : high + WITHIN]]
        words = (word for _, word in find_opposites(own, known))
        return known.answers["negation"].match(own) or any(
            is_same_word(word, form) for word in words for form in around
        )

    def grade_attribution(self) -> Iterator[Drift]:
        """An attribution that only one side has: neither moved, nor said in the sentence
        beside, and with a speaker."""
        if self.known is None:
            return
        for have, what in ((1, "dropped"), (0, "added")):
            own = self.own_words(1 - have)
            if not self.edited.is_near_copy and (not have or self.pair.passage.form != "prose"):
                continue  # a headline of its own says less than the sentence that it rests on
            if is_quoted(self.pair):
                continue  # what is a quotation has a speaker, here or in the sentence beside
            if have and not any(
                has_claim(self.pair, first, after)
                for first, after, kinds in self.cues[have]
                if "attribution" in kinds
            ):
                continue
            if self.has("hedge", 1 - have) or not self.outnumbers("attribution", have):
                continue
            if self.known.answers["attribution"].match(own):
                continue
            cue_words = {
                self.tokens[have][i].form
                for first, after, kinds in self.cues[have]
                if "attribution" in kinds
                for i in range(first, after)
            }
            elsewhere = {token.form for token in self.tokens[1 - have]} | cue_words
            speaker = [
                form
                for form in self.forms[have]
                if form not in elsewhere and is_content(form, self.pair.source.language)
            ]
            if speaker and not is_said_beside(self.pair, speaker, self.known, in_source=not have):
                yield self.drift("attribution", what, have)

    def drift(
        self, kind: Literal["negation", "hedge", "attribution"], what: str, have: int
    ) -> Drift:
        """A drift that shows the cue, and on the other side the place where it would stand."""
        first, after, _ = next(cue for cue in self.cues[have] if kind in cue[2])
        cue = span_words(self.tokens[have], first, after - 1)
        low, high = self.ranges[1 - have]
        lacking = self.tokens[1 - have]
        reach = CLAIM if kind == "attribution" else 1
        place = span_words(lacking, max(low - reach, 0), min(high + reach, len(lacking)) - 1)
        here, there = (place, cue) if have else (cue, place)
        severity: Severity = "meaning" if have or kind == "negation" else "detail"
        return self.pair.drift(kind, f"{kind} {what}", here, there, severity=severity)


def is_quoted(pair: Pair) -> bool:
    """Whether most of a passage is a quotation."""
    return 2 * count_quoted_words(pair.passage, pair.derivative) > len(pair.ours)


def _token_range(
    words: Sequence[Word], tokens: Sequence[Token], first: int, after: int
) -> tuple[int, int]:
    """The words of the text in which an edit lies."""
    if first < after:
        return find_words(tokens, words[first].begin, words[after - 1].end)
    at = words[first].begin if first < len(words) else words[-1].end
    return find_words(tokens, at, at)
