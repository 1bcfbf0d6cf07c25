"""Drift: where a link stands and the meaning moved.

Comes in: a linked passage and its source sentences. Goes out: `Drift`s, each with the words on
both sides: a figure, a unit or a date changed (`figures`, `calendar`); a hedge, an attribution or
a negation that one side lacks (`stance`); names that changed places or gave way to others
(`names`); quotations that the source lacks or has otherwise (`speech`). Cue words are data
(data/drift.toml, five languages); figures, names and quotations need none. Words are matched
first (`pairing`), and a difference counts only where what stands around it is shared, so that an
honest paraphrase raises few alarms. It points and does not judge: an editor decides whether the
meaning really moved. It knows no synonyms and does not read between the sentences. Between
languages figures count, and stance sentence by sentence (`across`).
"""

from collections.abc import Sequence

from dedup.align.drift.across import stance_drifts_across
from dedup.align.drift.calendar import day_drifts
from dedup.align.drift.cues import cues
from dedup.align.drift.drifted import Drift
from dedup.align.drift.figures import figure_drifts
from dedup.align.drift.names import name_drifts
from dedup.align.drift.pairing import Pair
from dedup.align.drift.speech import quotation_drifts
from dedup.align.drift.stance import stance_drifts
from dedup.text import Sentence, Text, same_language
from dedup.text.quotations import quotations_within

__all__ = ["Drift", "cues", "find_drift"]


def find_drift(
    passage: Sentence, sources: Sequence[Sentence], derivative: Text, source: Text
) -> tuple[Drift, ...]:
    """The drifts of `passage` against the source sentences it is linked to, of which there is
    at least one; in the order of their places in the derivative."""
    pair = Pair(passage, tuple(sources), derivative, source)
    comparable = same_language(derivative, source)
    quotes = comparable and quotations_within(passage, derivative)
    found = list(quotation_drifts(pair)) if quotes and not pair.verbatim else []
    if not pair.word_for_word:
        found += figure_drifts(pair)
        if comparable:
            found += day_drifts(pair)
            found += stance_drifts(pair)
            found += name_drifts(pair)
        else:
            found += stance_drifts_across(pair)
    return tuple(sorted(found, key=lambda drift: (drift.span, drift.source, drift.kind)))
