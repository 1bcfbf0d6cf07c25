"""Stance: hedges, attributions and negations that only one side has.

Comes in: a `Pair`. Goes out: drifts. A cue counts where the words beside it, the claim that it
qualifies, stand on the other side too and nothing there answers it: a "might" is answered by
"possible", a "not" by "unable" or by the opposite word, an attribution by another verb of saying.
What the other side shows is the stretch between the partners of those neighbours: where the
cue would stand. An attribution added is no drift, and a hedge answers for a dropped one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import regex

from dedup.align.drift.cues import Cue, Cues, cues, find_cues
from dedup.align.drift.drifted import Drift, DriftKind, excerpt
from dedup.align.drift.pairing import REACH, SHORTEST_SOFT, Pair, alike, hull, is_content
from dedup.article import Span
from dedup.text import Text, Token

QUALIFYING: tuple[Literal["hedge", "negation"], ...] = ("hedge", "negation")
# Of the content words within reach of a cue, this many must have a partner …
LEAST_BESIDE = 2
# … and of all content words of the shorter side this part: below, the link itself is in doubt.
LEAST_SHARED = 0.4
LEAST_CLAIMED = 0.5  # the same for what an attribution speaks of, which stands further off
CLAIM = 3  # matched words nearest to a dropped attribution: what the passage shows
SPEAKER = 4  # words to either side of an attribution in which the speaker is named
CLAUSE_END = regex.compile(r"[,;:.!?()\[\]–—“”„«»\"]")
VERB_BEFORE = frozenset({"fr"})  # "ne mange pas": what is negated stands before the cue
NEAR = 6  # words around that place in which something may answer the cue
WIDEST = 14  # words between the partners of a cue's neighbours; further apart, all was turned


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: its words, which of them say something, where their partners are."""

    text: Text
    tokens: tuple[Token, ...]
    content: Sequence[int]
    partners: dict[int, int]
    found: Sequence[Cue]

    def has(self, kind: str) -> bool:
        return any(kind in kinds for _, _, kinds in self.found)


def stance_drifts(pair: Pair) -> Iterator[Drift]:
    """Hedges dropped or added, attributions dropped, negations on one side only."""
    known = cues(pair.source.language)
    if known is None:
        return
    found = find_cues((pair.passage,), pair.derivative)
    others = find_cues(pair.sources, pair.source)
    if not _differ(found, others) or pair.shared() < LEAST_SHARED:
        return
    ours = Side(pair.derivative, pair.ours, pair.content[0], pair.partners[0], found)
    theirs = Side(pair.source, pair.theirs, pair.content[1], pair.partners[1], others)
    for kind in QUALIFYING:
        if at := _unanswered(kind, theirs, ours, known):
            cue, place = at
            yield _drift(pair, kind, "dropped", place, cue)
        elif at := _unanswered(kind, ours, theirs, known):
            cue, place = at
            yield _drift(pair, kind, "added", cue, place)
    if at := _unattributed(pair, theirs, ours, known):
        cue, place = at
        yield _drift(pair, "attribution", "dropped", place, cue)


def _drift(pair: Pair, kind: DriftKind, what: str, here: Span, there: Span) -> Drift:
    said, was = excerpt(pair.derivative, here), excerpt(pair.source, there)
    return Drift(kind, f"{kind} {what}: “{was}” → “{said}”", here, there)


def _differ(found: Sequence[Cue], others: Sequence[Cue]) -> bool:
    """Whether one side has more cues of some kind than the other."""
    ours, theirs = (
        Counter(kind for *_, kinds in side for kind in kinds) for side in (found, others)
    )
    return ours != theirs


def _unanswered(kind: str, have: Side, lack: Side, known: Cues) -> tuple[Span, Span] | None:
    """The first cue of `kind` that the other side does not answer, and where it would stand."""
    if kind == "hedge" and lack.has("attribution") and not have.has("attribution"):
        return None  # "reportedly" is answered by whoever reported it
    for first, after, kinds in have.found:
        if kind not in kinds:
            continue
        place = _where(first, after, have, lack)
        if place is None:
            continue
        low, high = place
        begin, end = max(low - NEAR, 0), high + NEAR + 1
        if any(begin <= other < end and kind in of for other, _, of in lack.found):
            continue
        near = _own(lack, have, begin, end)
        if known.answers[kind].among(near):
            continue
        if kind == "negation" and _opposite(first, after, have, near, known):
            continue
        return hull(have.tokens, first, after - 1), hull(lack.tokens, low, high)
    return None


def _unattributed(pair: Pair, theirs: Side, ours: Side, known: Cues) -> tuple[Span, Span] | None:
    """The first attribution of the sources that the passage lacks, and where it would stand.

    The passage tells what was said, and neither names the speaker nor has a verb of saying; nor
    do the sentences beside it, where one may have been parted from the other.
    """
    if ours.has("attribution") or (ours.has("hedge") and not theirs.has("hedge")):
        return None
    own = _own(ours, theirs, 0, len(ours.tokens))
    if pair.shared() < LEAST_CLAIMED or known.answers["attribution"].among(own):
        return None
    forms = {token.form for token in ours.tokens}
    for first, after, kinds in theirs.found:
        if "attribution" not in kinds:
            continue
        beside = (
            theirs.tokens[max(first - SPEAKER, 0) : first]
            + (theirs.tokens[after : after + SPEAKER])
        )
        speaker = [
            form
            for form in dict.fromkeys(token.form for token in beside)
            if form not in forms
            and (len(form) >= SHORTEST_SOFT or is_content(form, pair.source.language))
        ]
        nearest = sorted(theirs.partners, key=lambda i: (min(abs(i - first), abs(i - after)), i))
        if not speaker or not nearest or _said_beside(pair, speaker, known):
            continue
        at = theirs.partners[nearest[0]]
        claim = [theirs.partners[i] for i in nearest[:CLAIM]]
        claim = [i for i in claim if abs(i - at) <= WIDEST]
        return hull(theirs.tokens, first, after - 1), hull(ours.tokens, min(claim), max(claim))
    return None


def _said_beside(pair: Pair, speaker: Sequence[str], known: Cues) -> bool:
    """Whether the sentence before or behind the passage names the speaker and has a verb of
    saying."""
    every = pair.derivative.sentences
    place = bisect_left(every, pair.passage.begin, key=lambda sentence: sentence.begin)
    for sentence in every[max(place - 1, 0) : place] + every[place + 1 : place + 2]:
        forms = [token.form for token in sentence.tokens]
        if any(alike(form, word) for form in forms for word in speaker) and (
            known.answers["attribution"].among(forms)
            or any("attribution" in cue[2] for cue in find_cues([sentence], pair.derivative))
        ):
            return True
    return False


def _own(side: Side, other: Side, begin: int, end: int) -> list[str]:
    """The words of a stretch that the other side does not have: what both have answers nothing."""
    shared = {token.form for token in other.tokens}
    return [token.form for token in side.tokens[begin:end] if token.form not in shared]


def _where(first: int, after: int, have: Side, lack: Side) -> tuple[int, int] | None:
    """Between which words on the other side a cue would stand, if the claim that it qualifies
    is there."""
    before = [i for i in have.content if first - REACH <= i < first][-2:]
    behind = [i for i in have.content if after <= i < after + REACH][:2]
    claim = behind[:1] if behind and _one_clause(have, after, behind[0]) else before[-1:]
    if have.text.language in VERB_BEFORE:
        claim = [*before[-1:], *behind[:1]]
    if not any(i in have.partners for i in claim):
        return None
    matched = [i for i in (*before, *behind) if i in have.partners]
    if len(matched) < min(LEAST_BESIDE, len(before) + len(behind)):
        return None
    left = [have.partners[i] for i in matched if i < first][-1:]
    right = [have.partners[i] for i in matched if i >= after][:1]
    places = sorted(left + right)
    if places[-1] - places[0] > WIDEST:
        places = right or left
    return places[0], places[-1]


def _one_clause(side: Side, first: int, last: int) -> bool:
    """Whether nothing but spaces stands between the words from `first` to `last`."""
    text = side.text.article.text
    return not CLAUSE_END.search(text, side.tokens[first - 1].end, side.tokens[last].begin)


def _opposite(first: int, after: int, have: Side, forms: Sequence[str], known: Cues) -> bool:
    """Whether the other side has the opposite of a word that a negation stands beside."""
    beside = [have.tokens[i].form for i in have.content if first - REACH <= i < after + REACH]
    return any(
        form.startswith(prefix) and any(alike(form[len(prefix) :], word) for word in beside)
        for (prefix,) in known.lists["prefixes"]
        for form in forms
        if len(form) > len(prefix) + 2 and form not in beside
    )
