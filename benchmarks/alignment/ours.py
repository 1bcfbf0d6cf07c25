"""The links of dedup, sentence by sentence."""

from dedup.align import Links, align_texts
from dedup.embed import Encoder
from dedup.text import Text


def dedup_links(
    derivative: Text, source: Text, found: Links | None = None, encoder: Encoder | None = None
) -> tuple[list[set[int]], list[str]]:
    """The links of `dedup.align`, by sentence number, and the kinds.

    `found` are the links of the derivative's sentences, if they are known already.
    """
    alignment = align_texts(source, derivative, found, encoder)
    place = {s.begin: j for j, s in enumerate(source.prose)}
    by_begin = {p.begin: p for p in alignment.passages if p.kind != "furniture"}
    passages = [by_begin.get(s.begin) for s in derivative.prose]
    links = [{place[span.begin] for span in p.sources} if p else set() for p in passages]
    return links, [p.kind if p else "added" for p in passages]
