"""Speech: quotations that the source lacks or has otherwise.

Comes in: a `Pair`. Goes out: drifts. A quotation of the passage (`dedup.text.quotations`) is
looked for word for word in all of the source. Found between quotation marks, it is faithful;
found outside of them, indirect speech has become direct; not found, it is worded otherwise or
new, by how much of it stands in the linked sentences. Case, accents and punctuation do not
count, and an ellipsis or brackets part it into pieces that are looked for one by one. Names in
quotation marks (a film, a newspaper) and single words are let be.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from dedup.align.drift.drifted import Drift, excerpt
from dedup.align.drift.pairing import SHORTEST_SOFT, Pair, hull
from dedup.article import Span
from dedup.text import Text, Token
from dedup.text.model import once_per_text
from dedup.text.quotations import Quotation, find_quotations, quotations_within

LEAST_WORDS = 2  # a single word in quotation marks is irony or a term
# From this many words on, what the source says without quotation marks has become speech: two or
# three are as often a name or a term that one style sets between marks and another does not.
LEAST_SPEECH = 4
# Of a quotation's content words that a quotation of the source has, from here on it is that one
# in other words.
REWORDED = 0.25
CUT = regex.compile(r"\[[^\[\]]{0,80}\]|\([^()]{0,80}\)|\.{3,}|…")
LONGEST_TITLE = 8  # words


@dataclass(frozen=True, slots=True)
class QuotationIndex:
    """All words of a text, end to end, and which of them are quoted."""

    tokens: tuple[Token, ...]
    joined: str
    starts: tuple[int, ...]
    quoted: tuple[bool, ...]

    def find(self, forms: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where the words stand in that order: (first, last)."""
        wanted = f" {' '.join(forms)} "
        at = self.joined.find(wanted)
        while at >= 0:
            first = bisect_right(self.starts, at + 1) - 1
            yield first, first + len(forms) - 1
            at = self.joined.find(wanted, at + len(wanted) - 1)


@once_per_text
def index_quotations(text: Text) -> QuotationIndex:
    """The words of `text`, furniture included, as quotations are looked up in them."""
    tokens = tuple(token for s in text.sentences for token in s.tokens)
    starts, at = [], 1
    for token in tokens:
        starts.append(at)
        at += len(token.form) + 1
    quoted = [False] * len(tokens)
    begins = [token.begin for token in tokens]
    for quotation in find_quotations(text):
        first = bisect_right(begins, quotation.begin)
        for place in range(first, bisect_right(begins, quotation.end)):
            quoted[place] = True
    return QuotationIndex(
        tokens, f" {' '.join(t.form for t in tokens)} ", tuple(starts), tuple(quoted)
    )


def quotation_drifts(pair: Pair) -> Iterator[Drift]:
    """The quotations of the passage that the source lacks or has otherwise."""
    for quotation in quotations_within(pair.passage, pair.derivative):
        inside = [
            i
            for i, token in enumerate(pair.ours)
            if quotation.said.begin <= token.begin < quotation.said.end
        ]
        if len(inside) < LEAST_WORDS or _is_title(pair, inside):
            continue
        span = _visible(quotation, pair)
        outside: Span | None = None
        for piece in _pieces(pair, inside):
            if len(piece) < LEAST_WORDS and len(inside) > len(piece):
                continue
            found = _found(pair, piece)
            if found is None:
                yield _otherwise(pair, piece, span)
                break
            place, quoted = found
            outside = outside or (None if quoted else place)
        else:
            if outside is not None and len(inside) >= LEAST_SPEECH:
                detail = f"quotation that is no quotation in the source: “{_flat(pair, inside)}”"
                yield Drift("quotation", detail, span, outside)


def _visible(quotation: Quotation, pair: Pair) -> Span:
    """The part of a quotation that stands in the passage."""
    begin = max(quotation.begin, pair.passage.begin)
    return Span(begin, min(quotation.end, pair.passage.end))


def _is_title(pair: Pair, inside: Sequence[int]) -> bool:
    """Whether quotation marks hold a name rather than speech: “Moscow Times”."""
    text = pair.derivative.article.text
    return len(inside) <= LONGEST_TITLE and all(
        text[pair.ours[i].begin].isupper() or text[pair.ours[i].begin].isdecimal() for i in inside
    )


def _pieces(pair: Pair, inside: Sequence[int]) -> Iterator[list[int]]:
    """The words of a quotation, parted where it leaves something out or puts something in."""
    text = pair.derivative.article.text
    first, last = pair.ours[inside[0]], pair.ours[inside[-1]]
    cuts = [match.span() for match in CUT.finditer(text, first.begin - 1, last.end + 1)]
    piece: list[int] = []
    for i in inside:
        token = pair.ours[i]
        if any(low <= token.begin < high for low, high in cuts):
            continue  # what an editor put in
        if piece and any(pair.ours[piece[-1]].end <= low < token.begin for low, _ in cuts):
            yield piece
            piece = []
        piece.append(i)
    if piece:
        yield piece


def _found(pair: Pair, piece: Sequence[int]) -> tuple[Span, bool] | None:
    """Where the source has the words, and whether it quotes them there."""
    source = index_quotations(pair.source)
    forms = [pair.ours[i].form for i in piece]
    place: Span | None = None
    for first, last in source.find(forms):
        if all(source.quoted[first : last + 1]):
            return hull(source.tokens, first, last), True
        place = place or hull(source.tokens, first, last)
    return None if place is None else (place, False)


def _otherwise(pair: Pair, piece: Sequence[int], span: Span) -> Drift:
    """A quotation that the source does not have in these words."""
    said = _flat(pair, piece)
    lacking = f"quotation that the source does not have: “{said}”"
    partners = {i: j for i in piece if (j := pair.partners[0].get(i)) is not None}
    partners = partners or _equal(pair, piece)
    if not partners:
        whole = Span(pair.sources[0].begin, pair.sources[-1].end)
        return Drift("quotation", lacking, span, whole)
    first, last = _stretch(piece, partners, len(pair.theirs))
    there = hull(pair.theirs, first, last)
    said_there = [q for s in pair.sources for q in quotations_within(s, pair.source)]
    in_quotes = sum(
        any(q.begin <= pair.theirs[j].begin < q.end for q in said_there) for j in partners.values()
    )
    content = sum(i in pair.content[0] for i in piece)
    if in_quotes >= max(REWORDED * content, 1):
        detail = f"quotation worded otherwise: “{excerpt(pair.source, there)}” → “{said}”"
        return Drift("quotation", detail, span, there)
    detail = f"{lacking}, nearest: “{excerpt(pair.source, there)}”"
    return Drift("quotation", detail, span, there)


def _equal(pair: Pair, piece: Sequence[int]) -> dict[int, int]:
    """The first equal word of the sources for each longer word, however common it is."""
    places: dict[str, int] = {}
    for j, token in enumerate(pair.theirs):
        if len(token.form) >= SHORTEST_SOFT:
            places.setdefault(token.form, j)
    return {i: places[form] for i in piece if (form := pair.ours[i].form) in places}


def _stretch(piece: Sequence[int], partners: dict[int, int], words: int) -> tuple[int, int]:
    """The words of the sources that the quotation comes nearest to, as many as it has or a few
    more: around the partners of most of its words."""
    length = len(piece)
    place = {i: n for n, i in enumerate(piece)}
    offsets = sorted(j - place[i] for i, j in partners.items())
    begin = max(offsets[len(offsets) // 2], 0)
    near = [j for j in partners.values() if begin - length <= j < begin + 2 * length]
    first = min(begin, *near)
    last = max(begin + length - 1, *near)
    return min(first, words - 1), min(last, words - 1)


def _flat(pair: Pair, inside: Sequence[int]) -> str:
    return excerpt(pair.derivative, hull(pair.ours, inside[0], inside[-1]))
