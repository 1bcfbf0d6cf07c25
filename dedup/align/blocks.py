"""The contiguous stretches of a derivative that come from contiguous stretches of a source.

There is one `BlockPair` for each case of reuse, as text reuse detection wants them (Potthast et
al. 2010). Sentences are too coarse for that, since a copy may begin within one, and too small,
since words move between them; so blocks are found in the words (`dedup.align.local`). Linked
sentences that no such block touches are merged with their neighbours into blocks of their own;
texts in two languages have only these. A lone short sentence is no block and remains a passage.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dedup.align.features import extract_features
from dedup.align.local import MIN_WORDS, list_words, local_alignments
from dedup.article import Span
from dedup.text import Text, same_language

LinkedSpan = tuple[Span, tuple[Span, ...]]  # a passage and its sources, in order


@dataclass(frozen=True, slots=True)
class BlockPair:
    """What comes from one place: one contiguous span on both sides."""

    begin: int
    end: int
    source_begin: int
    source_end: int


def find_blocks(
    source: Text, derivative: Text, passages: Iterable[LinkedSpan]
) -> tuple[BlockPair, ...]:
    """The blocks of `derivative`, disjoint and in order; `passages` are its sentences with their
    sources."""
    ours, theirs = list_words(derivative), list_words(source)
    blocks: list[BlockPair] = []
    if same_language(source, derivative) and min(len(ours.stems), len(theirs.stems)) > 1:
        for local in local_alignments(ours, theirs):
            (low, high), (source_low, source_high) = local.own, local.source
            span = ours.begins[low], ours.ends[high - 1]
            blocks.append(BlockPair(*span, theirs.begins[source_low], theirs.ends[source_high - 1]))
    blocks.sort(key=lambda block: block.begin)
    # As long as any block must be, or as a text that is shorter.
    least = min(MIN_WORDS, len(ours.begins), len(theirs.begins))
    for block in list(merge_passages(passages, source, blocks)):
        own = bisect_left(ours.begins, block.end) - bisect_left(ours.begins, block.begin)
        first = bisect_left(theirs.begins, block.source_begin)
        if min(own, bisect_left(theirs.begins, block.source_end) - first) >= least:
            blocks.append(block)
    return tuple(sorted(blocks, key=lambda block: block.begin))


def merge_passages(
    passages: Iterable[LinkedSpan], source: Text, blocks: Sequence[BlockPair]
) -> Iterator[BlockPair]:
    """Linked passages that none of `blocks` touches, merged where they are neighbours on both
    sides; one sentence may lie between."""
    place = {sentence.begin: j for j, sentence in enumerate(extract_features(source).sentences)}
    block: BlockPair | None = None
    last, gap, ahead = (0, 0), 0, 0
    for passage, sources in passages:
        while ahead < len(blocks) and blocks[ahead].end <= passage.begin:
            ahead += 1
        taken = ahead < len(blocks) and blocks[ahead].begin < passage.end
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
