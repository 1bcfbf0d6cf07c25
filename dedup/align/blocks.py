"""Blocks: the contiguous stretches of a derivative that come from contiguous stretches of a source.

Comes in: two texts and the links of their sentences. Goes out: `BlockPair`s, disjoint in the
derivative and in its order, one for each case of reuse, as text alignment wants them (Potthast
et al. 2010). Sentences are too coarse for that, since a copy may begin within one, and too
small, since words move between them; so blocks are found in the words (`stretches`). Linked
sentences that no such block touches are merged with their neighbours into blocks of their
own; texts in two languages have only these. A lone short sentence is no block and remains
a passage. It does not say how a block was reworded.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dedup.align.stretches import SHORTEST, columns, local_alignments
from dedup.align.wording import extract_features
from dedup.article import Span
from dedup.text import Text, same_language

Linked = tuple[Span, tuple[Span, ...]]  # a passage and its sources, in order


@dataclass(frozen=True, slots=True)
class BlockPair:
    """What comes from one place: one contiguous span on both sides."""

    begin: int
    end: int
    source_begin: int
    source_end: int


def blocks(source: Text, derivative: Text, passages: Iterable[Linked]) -> tuple[BlockPair, ...]:
    """The blocks of `derivative`, in order; `passages` are its sentences with their sources."""
    ours, theirs = columns(derivative), columns(source)
    found = []
    if same_language(source, derivative) and min(len(ours.stems), len(theirs.stems)) > 1:
        found = [
            BlockPair(
                ours.begins[stretch.own[0]],
                ours.ends[stretch.own[1] - 1],
                theirs.begins[stretch.source[0]],
                theirs.ends[stretch.source[1] - 1],
            )
            for stretch in local_alignments(ours, theirs)
        ]
    found.sort(key=lambda block: block.begin)
    # As long as any block must be, or as a text that is shorter.
    least = min(SHORTEST, len(ours.begins), len(theirs.begins))
    for block in list(_merged(passages, source, found)):
        sizes = (
            bisect_left(side.begins, end) - bisect_left(side.begins, begin)
            for side, begin, end in (
                (ours, block.begin, block.end),
                (theirs, block.source_begin, block.source_end),
            )
        )
        if min(sizes) >= least:
            found.append(block)
    return tuple(sorted(found, key=lambda block: block.begin))


def _merged(
    passages: Iterable[Linked], source: Text, found: Sequence[BlockPair]
) -> Iterator[BlockPair]:
    """Linked passages that no block of `found` touches, merged where they are neighbours on
    both sides; one sentence may lie between."""
    place = {sentence.begin: j for j, sentence in enumerate(extract_features(source).sentences)}
    block: BlockPair | None = None
    last, gap, ahead = (0, 0), 0, 0
    for passage, sources in passages:
        while ahead < len(found) and found[ahead].end <= passage.begin:
            ahead += 1
        taken = ahead < len(found) and found[ahead].begin < passage.end
        if taken or not sources:
            gap += 2 if taken else 1
            continue
        reach = (place[sources[0].begin], place[sources[-1].begin])
        low, high = sources[0].begin, sources[-1].end
        near = reach[0] <= last[1] + 2 and reach[1] >= last[0] - 2
        if block is not None and gap <= 1 and near:
            low, high = min(block.source_begin, low), max(block.source_end, high)
            block = BlockPair(block.begin, passage.end, low, high)
            last = (min(last[0], reach[0]), max(last[1], reach[1]))
        else:
            if block is not None:
                yield block
            block, last = BlockPair(passage.begin, passage.end, low, high), reach
        gap = 0
    if block is not None:
        yield block
