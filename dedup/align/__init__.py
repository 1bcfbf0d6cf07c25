"""Alignment: what in one article comes from another, passage by passage.

Comes in: a source and a derivative. Goes out: an `Alignment`: each sentence of the derivative
is copied, paraphrased, translated, added or furniture, with the source sentences it tells,
the runs of identical words and the places where the meaning drifted. Words are matched softly
(`likeness`), links are chosen many-to-many by two small fitted models and greedy cover
(`links`), kinds follow from identical runs (`runs`). It does not say who took it from whom:
the caller names the source.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dedup.align.drift import Drift, find_drift
from dedup.align.likeness import liken, wording
from dedup.align.links import Links, link
from dedup.align.runs import Run, identical_runs, is_copied, located
from dedup.article import Article, Span
from dedup.errors import InputError
from dedup.text import Sentence, Text, Token, prepare

__all__ = [
    "Alignment",
    "BlockPair",
    "Drift",
    "Kind",
    "Links",
    "Passage",
    "Run",
    "align",
    "align_texts",
    "match",
    "told",
]

Kind = Literal["copied", "paraphrased", "translated", "added", "furniture"]
KINDS: tuple[Kind, ...] = ("copied", "paraphrased", "translated", "added")

# Matrices grow with the product of the sentences: 2,000 by 2,000 take 4 s and 0.9 GB.
MOST_SENTENCE_PAIRS = 4_000_000
NO_LINKS = Links((), (), 0.0)
# Stands between source sentences that are no neighbours: equal to no word, so that no run of
# identical words leaps over what lies between them.
GAP = Token(0, 0, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of the derivative: its kind and what in the source it tells.

    `parts` has several spans where furniture cuts the sentence. `score` is the probability
    that the passage tells what the source tells (0 for furniture).
    """

    kind: Kind
    begin: int
    end: int
    parts: tuple[Span, ...]
    score: float
    sources: tuple[Span, ...]
    runs: tuple[Run, ...]
    drift: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class BlockPair:
    """Adjacent linked passages merged: one contiguous span on both sides."""

    begin: int
    end: int
    source_begin: int
    source_end: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """What in the derivative comes from the source. Offsets into the two articles' texts.

    `source` and `derivative` are article ids. `shares` gives the part of the derivative's
    words (furniture left out) by kind; `dropped` the source sentences with no counterpart.
    """

    source: str
    derivative: str
    passages: tuple[Passage, ...]
    dropped: tuple[Span, ...]
    blocks: tuple[BlockPair, ...]
    shares: Mapping[Kind, float]


def align(source: Article | str, derivative: Article | str) -> Alignment:
    """Say of each passage of `derivative` whether and how it comes from `source`.

    Raises `InputError` where the two have more sentences than can be compared.

    >>> alignment = align("The minister resigned on Friday.", "On Friday the minister resigned.")
    >>> [passage.kind for passage in alignment.passages]
    ['paraphrased']
    """
    if isinstance(source, str):
        source = Article("source", source)
    if isinstance(derivative, str):
        derivative = Article("derivative", derivative)
    return align_texts(prepare(source), prepare(derivative))


def match(a: Text, b: Text) -> tuple[Links, Links]:
    """The links of `a`'s sentences into `b`, and of `b`'s into `a`, from one comparison.

    Sentences are those of `told`. Raises `InputError` where there are too many.
    """
    ours, theirs = wording(a), wording(b)
    sizes = len(ours.sentences), len(theirs.sentences)
    if sizes[0] * sizes[1] > MOST_SENTENCE_PAIRS:
        raise InputError(
            f"{a.article.id} ({sizes[0]} sentences) and {b.article.id} "
            f"({sizes[1]}) are too long to align; split them into articles"
        )
    if not all(sizes):
        return NO_LINKS, NO_LINKS
    likeness = liken(ours, theirs)
    return link(likeness), link(likeness.reversed())


def align_texts(source: Text, derivative: Text, links: Links | None = None) -> Alignment:
    """`align` for texts that are taken apart already, and perhaps linked (by `match`)."""
    theirs = told(source)
    if links is None:
        links = match(derivative, source)[0]
    linked = iter(zip(links.sources, links.scores, strict=True))
    passages: list[Passage] = []
    used: set[int] = set()
    for sentence in derivative.sentences:
        if sentence.form == "furniture" or not sentence.tokens:
            passages.append(_passage("furniture", sentence))
            continue
        sources, score = next(linked, ((), 0.0))
        used.update(sources)
        own = [theirs[j] for j in sorted(sources)]
        passages.append(_judge(sentence, own, score, derivative, source))
    dropped = tuple(Span(s.begin, s.end) for j, s in enumerate(theirs) if j not in used)
    return Alignment(
        source.article.id,
        derivative.article.id,
        tuple(passages),
        dropped,
        tuple(_blocks(passages, theirs)),
        _shares(derivative, passages),
    )


def told(text: Text) -> tuple[Sentence, ...]:
    """The sentences that tell something: no furniture, at least one word."""
    return wording(text).sentences


def _judge(
    sentence: Sentence, sources: Sequence[Sentence], score: float, derivative: Text, source: Text
) -> Passage:
    """The kind of a sentence, given the source sentences it is linked to."""
    if not sources:
        return _passage("added", sentence, score)
    theirs = _joined(sources, source)
    runs = located(identical_runs(sentence.tokens, theirs), sentence.tokens, theirs)
    kind: Kind = "paraphrased"
    if derivative.language != source.language:
        kind = "translated"
    elif is_copied(sentence.tokens, theirs):
        kind = "copied"
    drift = find_drift(sentence, sources, derivative, source)
    spans = tuple(Span(s.begin, s.end) for s in sources)
    return _passage(kind, sentence, score, spans, runs, drift)


def _joined(sentences: Sequence[Sentence], text: Text) -> list[Token]:
    """The words of the sentences, with a gap where there are words in between."""
    tokens: list[Token] = []
    for sentence in sentences:
        if tokens and any(map(str.isalnum, text.article.text[tokens[-1].end : sentence.begin])):
            tokens.append(GAP)
        tokens += sentence.tokens
    return tokens


def _passage(
    kind: Kind,
    sentence: Sentence,
    score: float = 0.0,
    sources: tuple[Span, ...] = (),
    runs: tuple[Run, ...] = (),
    drift: tuple[Drift, ...] = (),
) -> Passage:
    return Passage(kind, sentence.begin, sentence.end, sentence.parts, score, sources, runs, drift)


def _shares(derivative: Text, passages: Sequence[Passage]) -> dict[Kind, float]:
    """The part of the derivative's words by kind; all 0 where it has none."""
    counts = dict.fromkeys(KINDS, 0)
    for sentence, passage in zip(derivative.sentences, passages, strict=True):
        if passage.kind != "furniture":
            counts[passage.kind] += len(sentence.tokens)
    total = sum(counts.values())
    return {kind: count / total if total else 0.0 for kind, count in counts.items()}


def _blocks(passages: Sequence[Passage], theirs: Sequence[Sentence]) -> Iterator[BlockPair]:
    """Merge linked passages that are neighbours on both sides; one sentence may lie between."""
    place = {s.begin: j for j, s in enumerate(theirs)}
    block: BlockPair | None = None
    last, gap = (0, 0), 0
    for passage in passages:
        if passage.kind == "furniture":
            continue
        if not passage.sources:
            gap += 1
            continue
        reach = (place[passage.sources[0].begin], place[passage.sources[-1].begin])
        near = reach[0] <= last[1] + 2 and reach[1] >= last[0] - 2
        low, high = passage.sources[0].begin, passage.sources[-1].end
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
