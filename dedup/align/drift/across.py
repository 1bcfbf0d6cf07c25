"""Stance across languages: a hedge, an attribution or a negation that a translation lacks or adds.

Comes in: a `Pair` in two languages that both have cues (data/drift.toml). Goes out: drifts. No
word has a partner here, so that nothing can be said of the place: a cue on one side is answered
by any cue of its kind, or any word that may stand for one, anywhere in the other sentence. That
misses what a long sentence hides, and it asks for sentences of about one length, for half a
sentence lacks what the other half says.

Measured (benchmarks/drift.py) on news that people translated, judged sentence by sentence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dedup.align.drift.cues import Cue, Cues, cues, find_cues
from dedup.align.drift.drifted import Drift, DriftKind, excerpt
from dedup.align.drift.pairing import Pair, hull
from dedup.article import Span
from dedup.text import Sentence, Text

QUALIFYING: tuple[Literal["hedge", "negation"], ...] = ("hedge", "negation")
COMPARABLE = 0.6  # words of the side that lacks a cue, as a part of the other side's
KNOWN = 3.0  # Zipf frequency from which on what follows "un" is a word, and "un" its opposite


@dataclass(frozen=True, slots=True)
class Side:
    """One sentence: the words, the cues in it, the language's cues."""

    text: Text
    sentence: Sentence
    found: Sequence[Cue]
    known: Cues

    def cue(self, kind: str) -> Span | None:
        """Where the first cue of a kind stands."""
        for first, after, kinds in self.found:
            if kind in kinds:
                return hull(self.sentence.tokens, first, after - 1)
        return None

    def answers(self, kind: str, other: "Side") -> bool:
        """Whether something here may stand for the other side's cue, or the sentence is too
        short to say."""
        if len(self.sentence.tokens) < COMPARABLE * len(other.sentence.tokens):
            return True
        forms = [token.form for token in self.sentence.tokens]
        if self.cue(kind) or self.known.answers[kind].among(forms):
            return True
        if kind == "hedge":
            return self.cue("attribution") is not None and other.cue("attribution") is None
        return kind == "negation" and _has_opposite(forms, self.known, self.text.language)


def stance_drifts_across(pair: Pair) -> Iterator[Drift]:
    """Hedges and negations on one side only, attributions dropped."""
    own, other = cues(pair.derivative.language), cues(pair.source.language)
    if own is None or other is None or len(pair.sources) > 1:
        return
    (origin,) = pair.sources
    told = Side(pair.derivative, pair.passage, find_cues((pair.passage,), pair.derivative), own)
    source = Side(pair.source, origin, find_cues((origin,), pair.source), other)
    for kind in QUALIFYING:
        if (cue := source.cue(kind)) and not told.answers(kind, source):
            yield _drift(pair, kind, "dropped", _whole(pair.passage), cue)
        elif (cue := told.cue(kind)) and not source.answers(kind, told):
            yield _drift(pair, kind, "added", cue, _whole(origin))
    cue = source.cue("attribution")
    if cue and not (told.answers("attribution", source) or told.cue("hedge")):
        yield _drift(pair, "attribution", "dropped", _whole(pair.passage), cue)


def _has_opposite(forms: Sequence[str], known: Cues, language: str) -> bool:
    """Whether a word begins with what makes a word its opposite: "unclear"."""
    from wordfreq import zipf_frequency

    return any(
        form.startswith(prefix) and zipf_frequency(form[len(prefix) :], language) >= KNOWN
        for (prefix,) in known.lists["prefixes"]
        for form in forms
        if len(form) > len(prefix) + 3
    )


def _whole(sentence: Sentence) -> Span:
    return Span(sentence.begin, sentence.end)


def _drift(pair: Pair, kind: DriftKind, what: str, here: Span, there: Span) -> Drift:
    said, was = excerpt(pair.derivative, here), excerpt(pair.source, there)
    return Drift(kind, f"{kind} {what}: “{was}” → “{said}”", here, there)
