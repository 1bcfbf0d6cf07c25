"""Quotations: the stretches of a text that somebody else is made to say, word for word.

Comes in: a `Text`. Goes out: its `Quotation`s, in order and apart from each other, of whatever
style: “ ”, „ “, „ ”, « », » «, ‹ ›, ‘ ’, ‚ ‘, " ", ' ', 「 」, 『 』 and the dashes of a Spanish or
Portuguese dialogue. A mark opens or closes by what stands on its two sides and by what is open
(the pairs of Unicode 15, chapter 6.2, "Language-Based Usage of Quotation Marks"); an apostrophe
is none. What is quoted inside a quotation belongs to it. A paragraph that leaves its quotation
open while the next one opens it again is quoted to its end; any other unclosed quotation ends
with its sentence. It does not say who speaks, nor tell irony and titles from speech.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import regex

from dedup.article import Span
from dedup.text.model import Block, Sentence, Text, once_per_text
from dedup.text.words import split_words

# What closes each opening mark. German „x“ closes with the mark that opens in English.
CLOSED_BY = {
    "“": "”“\"", "„": "“”\"", "”": "”\"", "«": "»", "»": "«", "‹": "›", "›": "‹", '"': '"',
    "‘": "’", "‚": "‘’", "'": "'", "「": "」", "『": "』", "``": "''", ",,": ("''", "”", "“", '"'),
}  # fmt: skip
MARK = regex.compile(r"``|''|,,(?=\w)|[“”„‟\"«»‹›‘’‚'「」『』]")
SINGLE = frozenset("‘‚'")  # what closes these may be an apostrophe
CORNERS = frozenset("「」『』")
TURNED = frozenset("»›”")  # open only where a word follows at once: a French » has space there
BEFORE_SPEECH = regex.compile(r"[\s(\[{\-–—:/“„«»‹›‘‚\"'’]")
POSSESSIVE = regex.compile(r"(?<=[sxz])['’](?=\s\p{Ll})")
DEEPEST = 4  # quotations in quotations; more is no news
LEAST_SINGLE = 2  # characters between single marks
MARKS_AHEAD = 24  # among which the end of a quotation in single marks is looked for
DASHES = "—―–"
DIALOGUE_DASH = regex.compile(r"(?<!\S)[—―–]|[—―–](?=[\s.,;:!?]|$)")
LONGEST_VERB = 40  # characters


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks, and `said`: what stands between them."""

    begin: int
    end: int
    said: Span


@once_per_text
def find_quotations(text: Text) -> tuple[Quotation, ...]:
    """The quotations of `text`, disjoint and in order; furniture is not looked at.

    >>> from dedup.article import Article
    >>> from dedup.text import prepare
    >>> text = prepare(Article("x", "He called it “a ‘total’ lie” and the players' union agreed."))
    >>> [text.article.text[q.begin : q.end] for q in find_quotations(text)]
    ['“a ‘total’ lie”']
    """
    content = text.article.text
    blocks = [block for block in text.blocks if block.form != "furniture"]
    ends = [(s.begin, s.end) for s in text.sentences]
    found: list[Quotation] = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        spans = _dialogue(content, block, text.language) or _marked(content, block, following, ends)
        for begin, end, low, high in spans:
            said = content[low:high]
            low += len(said) - len(said.lstrip())
            high = max(low, high - (len(said) - len(said.rstrip())))
            if any(map(str.isalnum, content[low:high])):
                found.append(Quotation(begin, end, Span(low, high)))
    return tuple(sorted(found, key=lambda quotation: quotation.begin))


def count_quoted_words(sentence: Sentence, text: Text) -> int:
    """How many words of a sentence of `text` stand in quotations."""
    return sum(
        quoted.begin <= token.begin < quoted.end
        for quoted in quotations_within(sentence, text)
        for token in sentence.tokens
    )


def quotations_within(sentence: Sentence, text: Text) -> tuple[Quotation, ...]:
    """The quotations of `text` that a sentence has a part of."""
    every = find_quotations(text)
    first = bisect_right(every, sentence.begin, key=lambda quotation: quotation.end)
    last = bisect_left(every, sentence.end, key=lambda quotation: quotation.begin)
    return every[first:last]


Stretch = tuple[int, int, int, int]  # the quotation with its marks, and without


@dataclass(frozen=True, slots=True)
class Opener:
    """A mark that opened a quotation; for one that apostrophes resemble, where it closes."""

    mark: str
    begin: int
    end: int
    closes_at: int | None = None


def _marked(
    text: str, block: Block, following: Block | None, sentences: Sequence[tuple[int, int]]
) -> Iterator[Stretch]:
    """The outermost quotations of a block that quotation marks enclose."""
    marks = [match for part in block.parts for match in MARK.finditer(text, part.begin, part.end)]
    stack: list[Opener] = []
    for number, match in enumerate(marks):
        before, after = _around(text, match, block)
        depth = _closed(stack, match, before, after)
        if depth is not None:
            if depth == 0:
                yield stack[0].begin, match.end(), stack[0].end, match.start()
            del stack[depth:]
            continue
        if not _opens(match[0], before, after):
            continue
        closes_at = None
        if match[0] in SINGLE:
            closes_at = _single_end(
                text, match, marks[number + 1 : number + 1 + MARKS_AHEAD], block
            )
            if closes_at is None and not _reopened(text, match[0], following):
                continue
        if stack and stack[-1].mark == match[0]:
            yield from _unclosed(stack[0], match.start(), sentences)
            stack = []
        if len(stack) < DEEPEST:
            stack.append(Opener(match[0], match.start(), match.end(), closes_at))
    if stack and _reopened(text, stack[0].mark, following):
        yield stack[0].begin, block.end, stack[0].end, block.end
    elif stack:
        yield from _unclosed(stack[0], block.end, sentences)


def _closed(
    stack: Sequence[Opener], match: "regex.Match[str]", before: str, after: str
) -> int | None:
    """How deep in the stack is what a mark closes; None if it closes nothing."""
    for depth in range(len(stack) - 1, -1, -1):
        opener = stack[depth]
        if opener.mark in SINGLE:
            if opener.closes_at == match.start():
                return depth
        elif match.start() > opener.end and _closes(opener.mark, match[0], before, after):
            return depth
    return None


def _reopened(text: str, mark: str, following: Block | None) -> bool:
    """Whether the next paragraph begins with the mark that this one has left open."""
    return following is not None and text.startswith(mark, following.begin)


def _unclosed(
    opener: Opener, limit: int, sentences: Sequence[tuple[int, int]]
) -> Iterator[Stretch]:
    """A quotation that nothing closes, as far as its sentence; an apostrophe is none."""
    if opener.mark in SINGLE:
        return
    place = bisect_right(sentences, (opener.begin, limit)) - 1
    end = min(sentences[place][1], limit) if place >= 0 else limit
    if end > opener.end:
        yield opener.begin, end, opener.end, end


def _around(text: str, match: "regex.Match[str]", block: Block) -> tuple[str, str]:
    """The characters beside a mark; none at the ends of its block."""
    before = text[match.start() - 1] if match.start() > block.begin else ""
    after = text[match.end()] if match.end() < block.end else ""
    return before, after


def _opens(mark: str, before: str, after: str) -> bool:
    """Whether a mark can open a quotation, by what stands on its two sides."""
    if mark not in CLOSED_BY or not after:
        return False
    if mark in CORNERS:
        return True
    if before and not BEFORE_SPEECH.match(before) and not _unspaced(before):
        return False
    if mark in TURNED:
        return after.isalnum()
    if mark in SINGLE:
        return after.isalnum() or after in '“"„«¿¡…[('
    return mark == "«" or not (after.isspace() or after in ",;:)]")


def _closes(opener: str, mark: str, before: str, after: str) -> bool:
    """Whether a mark closes what the mark `opener` opened."""
    if mark not in CLOSED_BY[opener]:
        return False
    # A mark that could as well open, with space before it and a word behind it, does.
    return mark in "»›」』" or not (before.isspace() and after.isalnum())


def _single_end(
    text: str, opener: "regex.Match[str]", ahead: Sequence["regex.Match[str]"], block: Block
) -> int | None:
    """Where what a single mark opens is closed; None where it is an apostrophe.

    In ‘The players’ union is angry,’ the first mark may be a possessive: a later one that is
    none, before another quotation opens, is taken instead.
    """
    possessive = None
    for match in ahead:
        if match.start() - opener.end() < LEAST_SINGLE:
            continue  # rock 'n' roll
        before, after = _around(text, match, block)
        if match[0] in CLOSED_BY[opener[0]] and not before.isspace() and not after.isalnum():
            at: int = match.start()
            if not POSSESSIVE.match(text, at):
                return at
            possessive = at if possessive is None else possessive
        elif match[0] == opener[0] and _opens(match[0], before, after):
            break
    return possessive


def _unspaced(character: str) -> bool:
    """Whether a character is of a script that puts no space before a quotation."""
    return character >= "\u3000" and not "\uac00" <= character <= "\ud7a3"


def _dialogue(text: str, block: Block, language: str) -> list[Stretch]:
    """The speech of a paragraph that begins with a dash, where a verb of saying stands behind
    a dash; nothing where that is uncertain."""
    says = _verbs().get(language)
    low = _behind_dash(text, block)
    if says is None or low is None:
        return []
    spans: list[Stretch] = []
    speaking = True
    for match in DIALOGUE_DASH.finditer(text, low, block.end):
        behind = split_words(text[match.end() : match.end() + LONGEST_VERB]).forms()[:1]
        if speaking and behind and behind[0] in says:
            spans.append((low, match.start(), low, match.start()))
            speaking = False
        elif not speaking:
            low, speaking = match.end(), True
    if speaking and spans:
        spans.append((low, block.end, low, block.end))
    return spans


def _behind_dash(text: str, block: Block) -> int | None:
    """Where the words of a paragraph begin that opens with a dash; it may count as a bullet."""
    if text[block.begin] in DASHES:
        return block.begin + 1
    before = text[max(block.begin - 3, 0) : block.begin].rstrip()
    return block.begin if block.form == "bullet" and before[-1:] in tuple(DASHES) else None


@cache
def _verbs() -> dict[str, frozenset[str]]:
    data = resources.files("dedup").joinpath("data/quotations.toml").read_text("utf-8")
    return {language: frozenset(entry["says"]) for language, entry in tomllib.loads(data).items()}
