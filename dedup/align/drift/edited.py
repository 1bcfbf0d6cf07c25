"""A passage and its sources with the words of both and where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dedup.align.drift.contrasts import Found, find_terms, load_articles
from dedup.align.drift.cues import Cue, find_cues
from dedup.align.drift.pairing import Pair
from dedup.align.drift.words import Change, ChangeKind, Edit, Word, align_words, list_words
from dedup.article import Span

# A passage of which so many tenths stand in the source in order, figures and names apart, is a
# copy: what differs in it was changed, and all that was changed is among its edits.
MIN_NEAR_COPY = 8


@dataclass(frozen=True)
class Edited:
    """A pair with the words of both sides and where they differ."""

    pair: Pair

    @cached_property
    def ours(self) -> tuple[Word, ...]:
        return list_words(self.pair.passage, self.pair.derivative)

    @cached_property
    def theirs(self) -> tuple[Word, ...]:
        pair = self.pair
        return tuple(word for s in pair.sources for word in list_words(s, pair.source))

    @cached_property
    def edits(self) -> list[Edit]:
        """The edits, left to right."""
        return align_words(self.ours, self.theirs, load_articles(self.pair.source.language))

    @cached_property
    def is_near_copy(self) -> bool:
        """Whether nearly all words of the passage stand in the sources, in order."""
        changed = sum(
            max(e.after - e.first - (e.source_after - e.source_first), 0)
            if e.swapped or self.is_named(e) else e.after - e.first
            for e in self.edits
        )  # fmt: skip
        return 10 * (len(self.ours) - changed) >= MIN_NEAR_COPY * len(self.ours)

    def is_named(self, edit: Edit) -> bool:
        """Whether an edit has but names and figures."""
        words = self.ours[edit.first : edit.after]
        return all(word.place in ("@", "#") for word in words)

    def span(self, edit: Edit) -> Span:
        """Where an edit is in the derivative; where nothing stands, the words around it."""
        return _span(self.ours, edit.first, edit.after)

    def source_span(self, edit: Edit) -> Span:
        """Where an edit is in the source."""
        return _span(self.theirs, edit.source_first, edit.source_after)

    @cached_property
    def terms(self) -> tuple[list[Found], list[Found]]:
        """The terms of contrasts on both sides, by the numbers of their words."""
        pair, theirs, before = self.pair, list[Found](), 0
        for sentence in pair.sources:
            found = find_terms(sentence, pair.source)
            theirs += [(a + before, b + before, group, side) for a, b, group, side in found]
            before += len(sentence.tokens)
        return list(find_terms(pair.passage, pair.derivative)), theirs

    @cached_property
    def cues(self) -> tuple[list[Cue], list[Cue]]:
        """The cues of stance on both sides."""
        pair = self.pair
        own = find_cues((pair.passage,), pair.derivative)
        return own, find_cues(pair.sources, pair.source)


def list_changes(edited: Edited) -> tuple[Change, ...]:
    """Every word of a copy that differs from its source, left to right; none where the passage
    was retold, and nearly all differ."""
    if not edited.is_near_copy:
        return ()
    changes = []
    for edit in edited.edits:
        here = _exact_span(edited.ours, edit.first, edit.after)
        there = _exact_span(edited.theirs, edit.source_first, edit.source_after)
        if here.begin == here.end:
            kind: ChangeKind = "deleted"
        else:
            kind = "inserted" if there.begin == there.end else "replaced"
        changes.append(Change(kind, here, there))
    return tuple(changes)


def _exact_span(words: Sequence[Word], first: int, after: int) -> Span:
    """The span of the words; an empty one behind the word before where there are none."""
    if first < after:
        return Span(words[first].begin, words[after - 1].end)
    at = words[first - 1].end if first else words[0].begin
    return Span(at, at)


def _span(words: Sequence[Word], first: int, after: int) -> Span:
    if first < after:
        return Span(words[first].begin, words[after - 1].end)
    return Span(words[max(first - 1, 0)].begin, words[min(after, len(words) - 1)].end)
