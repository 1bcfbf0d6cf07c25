"""The sentences of a text and their words.

sentencex finds the boundaries block by block, so that an unclosed quotation can swallow no more
than its own paragraph. Headings, bullets of one line and boilerplate are one sentence each. Every
word of the text belongs to exactly one sentence.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import partial

import regex

from dedup.article import Span
from dedup.text.model import Block, Sentence, Token
from dedup.text.spelling import BROKEN_WORD
from dedup.text.words import split_words

# An opening quotation mark or bracket that was left at the end of the sentence before.
LEFT_BEHIND = regex.compile(r"[\s。！？](?:[\"“„«‹‘‚'(\[¿¡]+\s?|[”’»]+(?=\p{L}))")
# All that `\s` matches; a table takes a tenth of the time.
SPACES = str.maketrans(dict.fromkeys(
    "\t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000", " "
))  # fmt: skip
SURROGATE = regex.compile(r"[\ud800-\udfff]")  # half a character: sentencex reads UTF-8
# sentencex takes what stands between quotation marks or brackets for one piece, and all that
# follows an unclosed one. Hidden from it, they do no harm: F1 of its boundaries against the
# lines of ntrex and WMT news rises from .80-.92 to .93-.99 (20 languages).
ENCLOSING = regex.compile(r"""["“”„«»‹›‚()\[\]{}<>•‣▪●○◦∙]|(?<!\p{L})['‘’`]|['‘’`](?!\p{L})""")
# What follows shows that the sentence continues after a quotation or an abbreviation: lower
# case (but not iPhone, nor Georgian, which has no other), or a Korean or Japanese particle.
GOES_ON = regex.compile(
    r"[^\p{L}\p{N}]{0,4}(?!\p{Georgian})\p{Ll}(?!\p{Lu})|(?:[」』”’\"']+|(?<=\S[」』”’\"']))、?[とっ\uac00-\ud7a3]"
)
# A point that ends no sentence: of an ordinal ("1. Weltkrieg", "26. března"), of a title.
ORDINAL = regex.compile(r"(?<![\p{L}\p{N}.,:-])\d{1,2}\.\s*$")
ORDINAL_LANGUAGES = "cs da de et fi hr hu is lv nb no sk sl"
NO_END = dict.fromkeys(ORDINAL_LANGUAGES.split(), ORDINAL) | {
    "fr": regex.compile(r"(?<!\p{L})MM?\.\s*$"),
    "pl": regex.compile(r"(?<!\p{L})św\.\s*$|" + ORDINAL.pattern),
}
# sentencex ends no sentence before a digit, nor inside 「」; but one does end after a plain word,
# and after 。！？ where no particle follows.
# Nor does it know the full stops of Khmer and Tibetan, or that Georgian has no capitals.
MISSED = regex.compile(
    r" (?:(?<=[។៕།༎] )(?=[\p{Khmer}\p{Tibetan}])"
    r"|(?<=\p{Georgian}{3}[.!?][\"”’)]{0,2} )(?=[„“\"]?\p{Georgian})"
    r"|(?<=\p{Ll}{4}[.!?][\"”’)]{0,2} )(?=\p{N}))"
)
UNSPACED_STOP = regex.compile(r"[។៕།༎。！？]")
MISSED_UNSPACED = regex.compile(
    r"(?<=[។៕།༎])(?=[\p{Khmer}\p{Tibetan}])"
    r"|(?<=[。！？])(?=[\p{Han}\p{Hiragana}\p{Katakana}\p{N}“「『（])"
    r"|(?<=[。！？][”’」』）])(?![とっ])(?=[\p{Han}\p{Hiragana}\p{Katakana}\p{N}“「『])"
)
# Kurmanji ends many sentences in a word of one letter, its "is", which elsewhere is an initial.
COPULA = {"ku": regex.compile(r"(?<=\p{L} [ea][.!?]) (?=[\"“]?\p{Lu}\p{Ll})")}
# A full stop inside a word ends nothing: Caliber.Az, U.S.Army, 3.5.
GLUED = regex.compile(r"[.:?!](?=[\p{L}\p{N}])")
NO_WORD = regex.compile(r"[^\p{L}\p{M}\p{N}]")
INSIDE_WORD = regex.compile(r"(?<=[\p{L}\p{M}\p{N}])[\p{L}\p{M}\p{N}]")
# No sentence is longer: an article of one endless line is cut at spaces.
MAX_SENTENCE = 2_000  # characters
PIECE = 8_000  # characters that sentencex is given at once: no paragraph of news is longer


def split_sentences(text: str, blocks: tuple[Block, ...], language: str) -> tuple[Sentence, ...]:
    """The sentences of `blocks`, in the blocks' order, with their words."""
    words = split_words(text)
    begins = words.begins.tolist()
    columns = zip(begins, words.ends.tolist(), words.forms(), strict=True)
    tokens = list(map(partial(tuple.__new__, Token), columns))  # `_make` takes four times as long
    sentences = []
    for index, block in enumerate(blocks):
        for parts in split_block(text, block, language):
            own: list[Token] = []
            for part in parts:
                low = bisect_left(begins, part.begin)
                own += tokens[low : bisect_left(begins, part.end, low)]
            sentences.append(
                Sentence(parts[0].begin, parts[-1].end, parts, block.form, index, tuple(own))
            )
    return tuple(sentences)


def split_block(text: str, block: Block, language: str) -> Iterator[tuple[Span, ...]]:
    """The stretches of each sentence of a block."""
    split = block.form in ("prose", "bullet")
    # One character stands for one character, so positions in `joined` map back exactly.
    joined = "".join(text[part.begin : part.end] for part in block.parts)
    # No sentence ends in a broken word: any letters will do.
    joined = BROKEN_WORD.sub(lambda match: match[1] + "e" * len(match[2]), joined)
    spans = find_sentences(joined, language) if split else trim(joined, 0, len(joined))
    for begin, end in spans:
        parts, passed = [], 0
        for part in block.parts:
            length = part.end - part.begin
            low, high = max(begin - passed, 0), min(end - passed, length)
            if low < high:
                parts.append(Span(part.begin + low, part.begin + high))
            passed += length
        yield tuple(parts)


def find_sentences(block: str, language: str) -> Iterator[tuple[int, int]]:
    """Trimmed sentence spans of one block."""
    # Within a block a line break is a space: sentencex takes two for the end of a paragraph.
    flat = SURROGATE.sub("\ufffd", block.translate(SPACES))
    begin = 0
    for end in find_ends(ENCLOSING.sub(" ", flat), language):
        glued = GLUED.match(flat, max(end - 1, 0)) or INSIDE_WORD.match(flat, end)
        no_end = language in NO_END and NO_END[language].search(flat, max(end - 8, 0), end)
        if not (glued or no_end or GOES_ON.match(flat, end)):
            end = without_opening_mark(flat, begin, end)
            yield from split_missed(flat, begin, end, language)
            begin = end
    yield from split_missed(flat, begin, len(flat), language)


def find_ends(flat: str, language: str) -> Iterator[int]:
    """Where sentencex ends sentences.

    Its time grows with the square of what it is given at once, so a long block is given to it
    piece by piece. Its last two ends in a piece may change when it sees what follows, so the
    next piece begins before them.
    """
    import sentencex

    begin, size = 0, PIECE
    while begin < len(flat):
        piece = flat[begin : begin + size]
        ends = [b["end_index"] for b in sentencex.get_sentence_boundaries(language, piece)]
        if begin + size < len(flat):
            ends = ends[:-2]
        elif not ends:
            return
        if not ends:  # one endless sentence
            size *= 2
            continue
        yield from (begin + end for end in ends)
        begin, size = begin + ends[-1], PIECE


def without_opening_mark(flat: str, begin: int, end: int) -> int:
    """The end of a sentence without the opening mark of the next."""
    for start in range(max(begin, end - 4), end):
        left = LEFT_BEHIND.match(flat, start)
        if left and left.end() >= end:
            return start + 1
    return end


def split_missed(flat: str, begin: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """The span, cut where sentencex misses a boundary."""
    cuts = {match.end() for match in MISSED.finditer(flat, begin, end)}
    if UNSPACED_STOP.search(flat, begin, end):
        cuts |= {match.end() for match in MISSED_UNSPACED.finditer(flat, begin, end)}
    if language in COPULA:
        cuts |= {match.end() for match in COPULA[language].finditer(flat, begin, end)}
    for cut in sorted(cuts):
        yield from trim(flat, begin, cut)
        begin = cut
    yield from trim(flat, begin, end)


def trim(flat: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space at its ends, cut between words where it is too long."""
    while begin < end:
        stop = end if end - begin <= MAX_SENTENCE else min(find_cut(flat, begin), end)
        piece = flat[begin:stop]
        body = piece.strip()
        if body:
            low = begin + len(piece) - len(piece.lstrip())
            yield low, low + len(body)
        begin = stop


def find_cut(flat: str, begin: int) -> int:
    """Where to cut what begins at `begin`: at a space if there is one, never in a word."""
    stop = begin + MAX_SENTENCE
    if (space := flat.rfind(" ", begin + 1, stop)) > 0:
        return space + 1
    last_word = max(split_words(flat[begin:stop]).begins, default=0)
    if last_word > 0:
        return begin + int(last_word)
    after = NO_WORD.search(flat, stop)
    return after.start() if after else len(flat)
