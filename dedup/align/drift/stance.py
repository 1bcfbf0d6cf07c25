"""Hedges, attributions and negations that only one side has.

A cue counts where the words beside it, the claim that it qualifies, stand on the other side too
and nothing there answers it: a "might" is answered by "possible", a "not" by "unable" or by the
opposite word, an attribution by another verb of saying. The other side shows the stretch where
the cue would stand. An attribution added is no drift, and a hedge answers for a dropped one.

Between two languages no word has a partner, so a cue is answered by any cue of its kind, or any
word that may stand for one, anywhere in a sentence of about the same length. That misses what a
long sentence hides. Measured (benchmarks/drift.py) on news that people translated.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import regex

from dedup.align.drift.cues import Cue, Cues, find_cues, load_cues
from dedup.align.drift.pairing import (
    REACH,
    Drift,
    Pair,
    is_content,
    is_same_word,
    span_words,
)
from dedup.align.features import MIN_SOFT_LETTERS
from dedup.article import Span
from dedup.text import Sentence, Text, Token

QUALIFYING: tuple[Literal["hedge", "negation"], ...] = ("hedge", "negation")
# Of the content words within reach of a cue, this many must have a partner …
MIN_MATCHED_BESIDE = 2
# … and of all content words of the shorter side this part: below, the link itself is in doubt.
MIN_MATCHED = 0.4
# The same for what an attribution speaks of, which stands further off.
MIN_MATCHED_CLAIM = 0.5
CLAIM = 3  # matched words nearest to a dropped attribution: what the passage shows
MAX_CLAIM = 4  # content words of what an attribution speaks of, the nearest
SPEAKER = 4  # words to either side of an attribution in which the speaker is named
CLAUSE_END = regex.compile(r"[,;:.!?()\[\]–—“”„«»\"]")
VERB_BEFORE = frozenset({"fr"})  # "ne mange pas": what is negated stands before the cue
NEAR = 6  # words around that place in which something may answer the cue
MAX_GAP = 14  # words between the partners of a cue's neighbours; further apart, all was turned
# Between languages: words of the side that lacks a cue, as a part of the other side's.
MIN_LENGTH_RATIO = 0.6
# A sentence that is longer denies something somewhere, which the other says without a "not".
MAX_DENIED = 18
# Zipf frequency from which on what follows "un" is a word, and "un" makes its opposite.
MIN_ZIPF = 3.0


@dataclass(frozen=True, slots=True)
class CueSide:
    """One side of a pair in one language: its words, its cues, which words say something, where
    their partners are."""

    text: Text
    tokens: tuple[Token, ...]
    content: Sequence[int]
    partners: dict[int, int]
    cues: Sequence[Cue]

    def has(self, kind: str) -> bool:
        return any(kind in kinds for _, _, kinds in self.cues)

    def has_word(self, form: str) -> bool:
        return any(is_same_word(form, token.form) for token in self.tokens)


def compare_stance(pair: Pair) -> Iterator[Drift]:
    """Hedges dropped or added, attributions dropped, negations on one side only."""
    known = load_cues(pair.source.language)
    if known is None or known.copies_only:
        return
    own = find_cues((pair.passage,), pair.derivative)
    other = find_cues(pair.sources, pair.source)
    counts = [Counter(kind for *_, kinds in side for kind in kinds) for side in (own, other)]
    if counts[0] == counts[1] or pair.matched() < MIN_MATCHED:
        return
    ours = CueSide(pair.derivative, pair.ours, pair.content[0], pair.partners[0], own)
    theirs = CueSide(pair.source, pair.theirs, pair.content[1], pair.partners[1], other)
    for kind in QUALIFYING:
        if places := find_unanswered(kind, theirs, ours, known):
            cue, place = places
            yield pair.drift(kind, f"{kind} dropped", place, cue)
        elif places := find_unanswered(kind, ours, theirs, known):
            cue, place = places
            yield pair.drift(kind, f"{kind} added", cue, place)
    if places := find_unattributed(pair, theirs, ours, known):
        cue, place = places
        yield pair.drift("attribution", "attribution dropped", place, cue)


def find_unanswered(
    kind: str, have: CueSide, lack: CueSide, known: Cues
) -> tuple[Span, Span] | None:
    """The first cue of `kind` that the other side does not answer, and where it would stand."""
    if kind == "hedge" and lack.has("attribution") and not have.has("attribution"):
        return None  # "reportedly" is answered by whoever reported it
    for first, after, kinds in have.cues:
        place = find_place(first, after, have, lack) if kind in kinds else None
        if place is None:
            continue
        low, high = place
        begin, end = max(low - NEAR, 0), high + NEAR + 1
        if any(begin <= other < end and kind in of for other, _, of in lack.cues):
            continue
        near = _own_words(lack, have, begin, end)
        if known.answers[kind].match(near):
            continue
        if kind == "negation":
            denied = [token.form for token in have.tokens[after : after + 1]]
            behind = have.text.language not in VERB_BEFORE
            if behind and any(
                len(form) >= MIN_SOFT_LETTERS and not lack.has_word(form) for form in denied
            ):
                continue  # what is denied is another thing
            claim = {
                have.tokens[i].form for i in have.content if first - REACH <= i < after + REACH
            }
            words = (word for form, word in find_opposites(near, known) if form not in claim)
            if any(is_same_word(word, form) for word, form in product(words, claim)):
                continue
        return span_words(have.tokens, first, after - 1), span_words(lack.tokens, low, high)
    return None


def find_unattributed(
    pair: Pair, theirs: CueSide, ours: CueSide, known: Cues
) -> tuple[Span, Span] | None:
    """The first attribution of the sources that the passage lacks, and where it would stand.

    The passage repeats what was said, and neither names the speaker nor has a verb of saying;
    nor do the sentences beside it, where one may have been parted from the other.
    """
    if pair.passage.form != "prose":
        return None  # a headline says less than the sentence that it rests on
    if ours.has("attribution") or (ours.has("hedge") and not theirs.has("hedge")):
        return None
    own = _own_words(ours, theirs, 0, len(ours.tokens))
    if pair.matched() < MIN_MATCHED_CLAIM or known.answers["attribution"].match(own):
        return None
    forms = {token.form for token in ours.tokens}
    for first, after, kinds in theirs.cues:
        if "attribution" not in kinds or not has_claim(pair, first, after):
            continue
        before = theirs.tokens[max(first - SPEAKER, 0) : first]
        beside = before + theirs.tokens[after : after + SPEAKER]
        speaker = [
            form
            for form in dict.fromkeys(token.form for token in beside)
            if form not in forms
            and (len(form) >= MIN_SOFT_LETTERS or is_content(form, pair.source.language))
        ]
        nearest = sorted(theirs.partners, key=lambda i: (min(abs(i - first), abs(i - after)), i))
        if not speaker or not nearest or is_said_beside(pair, speaker, known):
            continue
        at = theirs.partners[nearest[0]]
        claim = [theirs.partners[i] for i in nearest[:CLAIM]]
        claim = [i for i in claim if abs(i - at) <= MAX_GAP]
        place = span_words(ours.tokens, min(claim), max(claim))
        return span_words(theirs.tokens, first, after - 1), place
    return None


def has_claim(pair: Pair, first: int, after: int) -> bool:
    """Whether the passage has what an attribution of the sources speaks of: half of the content
    words of the clause behind it, or before it where nothing that both have follows."""
    content, partners = pair.content[1], pair.partners[1]
    before = [i for i in content if i < first]
    while before and before[-1] not in partners:
        before.pop()  # who said it
    behind = [i for i in content if i >= after]
    if any(i in partners for i in behind):
        claim = behind[:1]
        for i in behind[1:MAX_CLAIM]:
            between = pair.theirs[claim[-1]].end, pair.theirs[i].begin
            if len(claim) > 1 and CLAUSE_END.search(pair.source.article.text, *between):
                break
            claim.append(i)
    else:
        claim = before[-MAX_CLAIM:]
    return 2 * sum(i in partners for i in claim) >= len(claim)


def is_said_beside(
    pair: Pair, speaker: Sequence[str], known: Cues, *, in_source: bool = False
) -> bool:
    """Whether the sentence before or behind the passage (or its sources) names the speaker and
    has a verb of saying."""
    text = pair.source if in_source else pair.derivative
    own = pair.sources if in_source else (pair.passage,)
    every = text.sentences
    first, last = (
        bisect_left(every, sentence.begin, key=lambda other: other.begin)
        for sentence in (own[0], own[-1])
    )
    for sentence in every[max(first - 1, 0) : first] + every[last + 1 : last + 2]:
        forms = [token.form for token in sentence.tokens]
        if any(is_same_word(form, word) for form in forms for word in speaker) and (
            known.answers["attribution"].match(forms)
            or any("attribution" in cue[2] for cue in find_cues([sentence], text))
        ):
            return True
    return False


def _own_words(side: CueSide, other: CueSide, begin: int, end: int) -> list[str]:
    """The words of a stretch that the other side does not have: what both have answers nothing."""
    shared = {token.form for token in other.tokens}
    return [token.form for token in side.tokens[begin:end] if token.form not in shared]


def find_place(first: int, after: int, have: CueSide, lack: CueSide) -> tuple[int, int] | None:
    """Between which words on the other side a cue would stand, if the claim that it qualifies
    is there."""
    before = [i for i in have.content if first - REACH <= i < first][-2:]
    behind = [i for i in have.content if after <= i < after + REACH][:2]
    claim = before[-1:]
    if behind:
        between = have.tokens[after - 1].end, have.tokens[behind[0]].begin
        if not CLAUSE_END.search(have.text.article.text, *between):
            claim = behind[:1]
    if have.text.language in VERB_BEFORE:
        claim = [*before[-1:], *behind[:1]]
    if not any(i in have.partners for i in claim):
        return None
    matched = [i for i in (*before, *behind) if i in have.partners]
    if len(matched) < min(MIN_MATCHED_BESIDE, len(before) + len(behind)):
        return None
    left = [have.partners[i] for i in matched if i < first][-1:]
    right = [have.partners[i] for i in matched if i >= after][:1]
    places = sorted(left + right)
    if places[-1] - places[0] > MAX_GAP:
        places = right or left
    return places[0], places[-1]


def find_opposites(forms: Sequence[str], known: Cues) -> Iterator[tuple[str, str]]:
    """Words that begin with what makes an opposite, and what it is made of: "unclear", "clear"."""
    for (prefix,), form in product(known.lists["prefixes"], forms):
        if form.startswith(prefix) and len(form) > len(prefix) + 2:
            yield form, form.removeprefix(prefix)


# -- Between two languages -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SentenceCues:
    """One sentence with its cues, and the cues of its language."""

    text: Text
    sentence: Sentence
    cues: Sequence[Cue]
    known: Cues

    def find(self, kind: str) -> Span | None:
        """Where the first cue of a kind stands."""
        for first, after, kinds in self.cues:
            if kind in kinds:
                return span_words(self.sentence.tokens, first, after - 1)
        return None

    def is_denied_beside(self) -> bool:
        """Whether a sentence beside this one denies something."""
        prose = self.text.prose
        at = bisect_left(prose, self.sentence.begin, key=lambda other: other.begin)
        beside = (*prose[max(at - 1, 0) : at], *prose[at + 1 : at + 2])
        return any("negation" in cue[2] for s in beside for cue in find_cues([s], self.text))

    def answers(self, kind: str, other: "SentenceCues") -> bool:
        """Whether something here may stand for the other side's cue, or the sentence is too
        short to say."""
        from wordfreq import zipf_frequency

        if len(self.sentence.tokens) < MIN_LENGTH_RATIO * len(other.sentence.tokens):
            return True
        if kind == "negation" and len(other.sentence.tokens) > MAX_DENIED:
            return True
        forms = [token.form for token in self.sentence.tokens]
        if self.find(kind) or self.known.answers[kind].match(forms):
            return True
        if kind == "hedge":
            return self.find("attribution") is not None and other.find("attribution") is None
        return kind == "negation" and any(
            len(word) > 3 and zipf_frequency(word, self.text.language) >= MIN_ZIPF
            for _, word in find_opposites(forms, self.known)
        )


def compare_stance_across(pair: Pair) -> Iterator[Drift]:
    """Hedges and negations on one side only, attributions dropped, between two languages."""
    own, other = load_cues(pair.derivative.language), load_cues(pair.source.language)
    if own is None or other is None or len(pair.sources) > 1:
        return
    if own.copies_only or other.copies_only:
        return
    passage, (origin,) = pair.passage, pair.sources
    ours = SentenceCues(pair.derivative, passage, find_cues((passage,), pair.derivative), own)
    theirs = SentenceCues(pair.source, origin, find_cues((origin,), pair.source), other)
    here, there = Span(passage.begin, passage.end), Span(origin.begin, origin.end)
    for kind in QUALIFYING:
        if kind == "negation" and (ours.is_denied_beside() or theirs.is_denied_beside()):
            continue  # one of two sentences in a row, and another one here than there
        if (cue := theirs.find(kind)) and not ours.answers(kind, theirs):
            yield pair.drift(kind, f"{kind} dropped", here, cue)
        elif kind == "hedge":
            continue  # of those added, three in four only worded what was there (families)
        elif (cue := ours.find(kind)) and not theirs.answers(kind, ours):
            yield pair.drift(kind, f"{kind} added", cue, there)
    cue = theirs.find("attribution")
    if cue and not (ours.answers("attribution", theirs) or ours.find("hedge")):
        yield pair.drift("attribution", "attribution dropped", here, cue)
