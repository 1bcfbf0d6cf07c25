"""Quotations that the source has otherwise, or not at all.

A quotation of the passage (`dedup.text.quotations`) is looked up word for word in all of the
source. If it stands there between quotation marks, it is faithful; outside of them, indirect
speech has become direct; if it does not stand there, it was altered or is new, by how much of it
stands in the linked sentences. An ellipsis or brackets part it into pieces that are looked up
one by one. Names in quotation marks (a film, a newspaper) and single words are left alone.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import regex

from dedup.align.drift.pairing import Drift, Pair, excerpt, span_words
from dedup.align.drift.words import list_words
from dedup.align.features import MIN_SOFT_LETTERS
from dedup.article import Span
from dedup.text import Sentence, Text, Token
from dedup.text.layout import UNSPACED
from dedup.text.model import once_per_text
from dedup.text.quotations import MARK, find_quotations, quotations_within

MIN_WORDS = 2  # a single word in quotation marks is irony or a term
# From this many words on, what the source says without quotation marks has become speech: two or
# three are as often a name or a term that one style sets between marks and another does not.
MIN_SPEECH_WORDS = 4
# Of a quotation's content words that a quotation of the source has, from here on it is that one
# in other words.
MIN_ALTERED = 0.25
DOUBLED = regex.compile(r"(\p{L})\1+")  # al-Shabab, al-Shabaab; but not in figures
CUT = regex.compile(r"\[[^\[\]]{0,80}\]|\([^()]{0,80}\)|\.{3,}|…")
MAX_TITLE_WORDS = 8
MAX_PRONOUN = 2  # letters of a first word that a quotation inside a sentence leaves out
MIN_SAME_SPEECH = 0.7  # of the content words: these are the source's own words, if not marked so
BRITISH = (
    ("our", "or"), ("is", "iz"), ("ys", "yz"), ("tre", "ter"), ("ll", "l"), ("ogue", "og"),
    ("ae", "e"), ("oe", "e"), ("ence", "ense"), ("mme", "m"),
)  # fmt: skip


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
    """The words of `text`, boilerplate included, as quotations are looked up in them."""
    tokens = tuple(token for s in text.sentences for token in s.tokens)
    starts = accumulate((len(token.form) + 1 for token in tokens), initial=1)
    quoted = [False] * len(tokens)
    begins = [token.begin for token in tokens]
    for quotation in find_quotations(text):
        first, after = (bisect_right(begins, end) for end in (quotation.begin, quotation.end))
        quoted[first:after] = [True] * (after - first)
    joined = f" {' '.join(t.form for t in tokens)} "
    return QuotationIndex(tokens, joined, tuple(starts), tuple(quoted))


def compare_quotations(pair: Pair) -> Iterator[Drift]:
    """The quotations of the passage that the source lacks or has otherwise."""
    passage = pair.passage
    for quotation in quotations_within(passage, pair.derivative):
        said = quotation.said
        inside = [i for i, token in enumerate(pair.ours) if said.begin <= token.begin < said.end]
        if len(inside) < MIN_WORDS or is_title(pair, inside):
            continue
        span = Span(max(quotation.begin, passage.begin), min(quotation.end, passage.end))
        indirect: Span | None = None
        for piece in split_at_cuts(pair, inside):
            if len(piece) < MIN_WORDS and len(inside) > len(piece):
                continue
            place, quoted = find_piece(pair, piece)
            if place is None and (is_spelled_otherwise(pair, piece) or is_cut_off(pair, piece)):
                continue
            if place is None:
                yield describe_altered(pair, piece, span)
                break
            indirect = indirect or (None if quoted else place)
        else:
            if (
                indirect is not None
                and count_words(pair, inside) >= MIN_SPEECH_WORDS
                and not has_stray_mark(pair.source, indirect)
            ):
                words = excerpt(pair.derivative, span_words(pair.ours, inside[0], inside[-1]))
                detail = f"not a quotation in the source: “{words}”"
                yield Drift("quotation", detail, span, indirect, "detail")


def count_words(pair: Pair, inside: Sequence[int]) -> int:
    """How many words a quotation has; letters of scripts without spaces are a third of one."""
    text = pair.derivative
    letters = sum(bool(UNSPACED.fullmatch(text.slice(pair.ours[i]))) for i in inside)
    return len(inside) - letters + letters // 3


def has_stray_mark(text: Text, place: Span) -> bool:
    """Whether a quotation may have begun or ended around a place, and a mark of it is lacking:
    the paragraph there, or one beside it, has an odd number of marks."""
    blocks = text.blocks
    at = bisect_right(blocks, place.begin, key=lambda block: block.begin) - 1
    near = blocks[max(at - 1, 0) : at + 2]
    return any(len(MARK.findall(text.slice(block))) % 2 for block in near)


def is_title(pair: Pair, inside: Sequence[int]) -> bool:
    """Whether quotation marks hold a name rather than speech: “Moscow Times”."""
    text = pair.derivative.article.text
    initials = [text[pair.ours[i].begin] for i in inside]
    return len(inside) <= MAX_TITLE_WORDS and all(c.isupper() or c.isdecimal() for c in initials)


def split_at_cuts(pair: Pair, inside: Sequence[int]) -> Iterator[list[int]]:
    """The words of a quotation, split where it leaves something out or puts something in."""
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


def find_piece(pair: Pair, piece: Sequence[int]) -> tuple[Span | None, bool]:
    """Where the source has the words, and whether it quotes them there."""
    source = index_quotations(pair.source)
    place: Span | None = None
    forms = [pair.ours[i].form for i in piece]
    # “I did not see it”: in the source she says that she “did not see it”.
    shorter = [forms[1:]] if len(forms) > MIN_SPEECH_WORDS and len(forms[0]) <= MAX_PRONOUN else []
    for words in (forms, *shorter):
        for first, last in source.find(words):
            if all(source.quoted[first : last + 1]):
                return span_words(source.tokens, first, last), True
            if words is forms:
                place = place or span_words(source.tokens, first, last)
    return place, False


def is_cut_off(pair: Pair, piece: Sequence[int]) -> bool:
    """Whether the source breaks off within the words, as the teaser of a page does."""
    forms = [pair.ours[i].form for i in piece]

    def breaks_off(sentence: Sentence) -> bool:
        own = [token.form for token in sentence.tokens]
        cut = pair.source.slice(sentence).rstrip(' "”»)]').endswith(("…", "..."))
        return cut and len(own) >= MIN_WORDS and forms[: len(own)] == own

    return any(map(breaks_off, pair.sources))


def is_spelled_otherwise(pair: Pair, piece: Sequence[int]) -> bool:
    """Whether the source has the words in another spelling: U.S., US; rumours, rumors."""
    begin, end = pair.ours[piece[0]].begin, pair.ours[piece[-1]].end
    own = [w.key for w in list_words(pair.passage, pair.derivative) if begin <= w.begin < end]
    theirs = [w.key for s in pair.sources for w in list_words(s, pair.source)]
    if f" {' '.join(own)} " in f" {' '.join(theirs)} ":  # "80 percent", "80%"
        return True
    words = DOUBLED.sub(r"\1", "".join(pair.ours[i].form for i in piece))
    return americanize(words, pair.source.language) in index_spelling(pair.source)


@once_per_text
def index_spelling(text: Text) -> str:
    """The letters of a text, spelled plainly."""
    words = "".join(token.form for s in text.sentences for token in s.tokens)
    return americanize(DOUBLED.sub(r"\1", words), text.language)


def americanize(letters: str, language: str) -> str:
    """Letters without what differs between British and American English."""
    for british, american in BRITISH if language == "en" else ():
        letters = letters.replace(british, american)
    return letters


def describe_altered(pair: Pair, piece: Sequence[int], span: Span) -> Drift:
    """A quotation that the source does not have in these words."""
    said = span_words(pair.ours, piece[0], piece[-1])
    lacking = f"quotation not in the source: “{excerpt(pair.derivative, said)}”"
    partners = {i: j for i in piece if (j := pair.partners[0].get(i)) is not None}
    partners = partners or _equal_words(pair, piece)
    if not partners:
        return Drift("quotation", lacking, span, Span(pair.sources[0].begin, pair.sources[-1].end))
    there = span_words(pair.theirs, *find_nearest_words(piece, partners, len(pair.theirs)))
    quotations = [q for s in pair.sources for q in quotations_within(s, pair.source)]
    begins = [pair.theirs[j].begin for j in partners.values()]
    in_quotes = sum(any(q.begin <= begin < q.end for q in quotations) for begin in begins)
    content = sum(i in pair.content[0] for i in piece)
    if in_quotes >= max(MIN_ALTERED * content, 1) or len(partners) >= MIN_SAME_SPEECH * len(piece):
        return pair.drift("quotation", "quotation altered", span, there, said)
    return Drift("quotation", f"{lacking}; closest: “{excerpt(pair.source, there)}”", span, there)


def _equal_words(pair: Pair, piece: Sequence[int]) -> dict[int, int]:
    """The first equal word of the sources for each longer word, however common it is."""
    places = {token.form: j for j, token in reversed([*enumerate(pair.theirs)])}
    longer = {i: pair.ours[i].form for i in piece if len(pair.ours[i].form) >= MIN_SOFT_LETTERS}
    return {i: places[form] for i, form in longer.items() if form in places}


def find_nearest_words(
    piece: Sequence[int], partners: dict[int, int], words: int
) -> tuple[int, int]:
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
