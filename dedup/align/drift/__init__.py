"""Where a sentence comes from the source and its meaning changed.

A copy is aligned with its source word by word (`words`, `edited`); every word that differs is a
change, and what it does is graded (`edits`, `contrasts`, `qualifiers`; with an encoder also a word
that no list has, by `concepts`). Where a sentence was retold, compared are numbers, units and days
(`figures`); hedges, attributions and negations (`stance`); `names`; and in both `quotations` and
the `bounds` of figures. There words are matched first (`pairing`), and a difference counts only
where what stands around it is shared, so that an honest paraphrase raises few alarms. Words are
data (data/drift.toml, contrasts.toml, nouns.toml, things.txt).
Between two languages only numbers and stance are compared. A drift is a hint: an editor decides.
Synonyms are not known: a word of which nothing shows that it means another thing is no drift.
"""

from collections.abc import Sequence
from itertools import chain

import regex

from dedup.align.drift.bounds import compare_bounds
from dedup.align.drift.cues import load_cues
from dedup.align.drift.edited import Edited, list_changes
from dedup.align.drift.edits import grade_edits
from dedup.align.drift.figures import compare_days, compare_figures
from dedup.align.drift.names import compare_names
from dedup.align.drift.pairing import Drift, Pair
from dedup.align.drift.quotations import compare_quotations
from dedup.align.drift.stance import compare_stance, compare_stance_across
from dedup.align.drift.words import Change
from dedup.article import Span
from dedup.embed import Encoder
from dedup.text import Sentence, Text, same_language
from dedup.text.quotations import quotations_within

# A script that stands in a page: its strings are no quotations.
CODE = regex.compile(r"[{}]\s*;|\|\||=>|\{\s*\w+\s*:|\bfunction\s*\(")

__all__ = ["Change", "Drift", "compare_words", "find_drift", "load_cues"]


def find_drift(
    passage: Sentence,
    sources: Sequence[Sentence],
    derivative: Text,
    source: Text,
    encoder: Encoder | None = None,
) -> tuple[Drift, ...]:
    """The drifts of `passage` against the source sentences it is linked to, of which there is
    at least one; in the order of their places in the derivative. By `encoder` words are compared
    that no list has."""
    return compare_words(passage, sources, derivative, source, encoder)[0]


def compare_words(
    passage: Sentence,
    sources: Sequence[Sentence],
    derivative: Text,
    source: Text,
    encoder: Encoder | None = None,
) -> tuple[tuple[Drift, ...], tuple[Change, ...]]:
    """The drifts of a passage, and if it is a copy every word that differs."""
    pair = Pair(passage, tuple(sources), derivative, source, encoder)
    comparable = same_language(derivative, source)
    if CODE.search(derivative.slice(passage)):
        return (), ()
    drifts: list[Drift] = []
    changes: tuple[Change, ...] = ()
    if comparable and quotations_within(passage, derivative) and not pair.verbatim:
        drifts += compare_quotations(pair)
    if not comparable:
        drifts += chain(compare_figures(pair), compare_stance_across(pair))
    elif not pair.same_signs:
        edited = Edited(pair)
        if pair.is_alike:
            changes = list_changes(edited)
            drifts += grade_edits(edited)
        compared = [compare_bounds]
        if not pair.is_alike or not edited.is_near_copy:
            compared += [compare_figures, compare_days, compare_stance, compare_names]
        places = [(drift.span, drift.source) for drift in drifts]
        for drift in chain.from_iterable(compare(pair) for compare in compared):
            if not any(_overlap(drift.span, a) or _overlap(drift.source, b) for a, b in places):
                drifts.append(drift)
    drifts.sort(key=lambda drift: (drift.span, drift.source, drift.kind))
    return tuple(drifts), changes


def _overlap(a: Span, b: Span) -> bool:
    return a.begin < b.end and b.begin < a.end
