"""Quotations: the parts of a text that are given as somebody's exact words.

All styles are read: “ ”, „ “, „ ”, « », » «, ‹ ›, ‘ ’, ‚ ‘, " ", ' ', 「 」, 『 』 and the dashes
of a Spanish or Portuguese dialogue. The characters beside a mark and the marks that are open decide
what it does (the pairs of Unicode 15, chapter 6.2, "Language-Based Usage of Quotation Marks").
A quotation inside a quotation belongs to it. One that is left open runs to the end of its
paragraph where the next paragraph opens it again, otherwise to the end of its sentence. The
speaker is not identified; irony and titles count as speech.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest

import regex

from dedup.article import Span
from dedup.text.model import Block, Sentence, Text, once_per_text
from dedup.text.words import split_words

# What closes each opening mark. German „x“ closes with the mark that opens in English; where copies
# were pasted together, "x” and “x'' are common.
CLOSED_BY = {
    "“": ("”", "“", '"', "''"), "„": "“”\"", "”": "”\"", "«": "»", "»": "«", "‹": "›", "›": "‹",
    '"': ('"', "”", "''"),
    "‘": "’", "‚": "‘’", "'": "'", "「": "」", "『": "』", "``": "''", ",,": ("''", "”", "“", '"'),
}  # fmt: skip
MARK = regex.compile(r"``|''|,,(?=\w)|[“”„‟\"«»‹›‘’‚'「」『』]")
SINGLE = frozenset("‘‚'")  # what closes these may be an apostrophe
CORNERS = frozenset("「」『』")
TURNED = frozenset("»›”")  # open only where a word follows at once: a French » has space there
BEFORE_SPEECH = regex.compile(r"[\s(\[{\-–—:/“„«»‹›‘‚\"'’]")
POSSESSIVE = regex.compile(r"(?<=[sxz])['’](?=\s\p{Ll})")
MAX_DEPTH = 4  # of quotations in quotations; more is no news
MIN_SINGLE = 2  # characters between single marks
MAX_MARKS_AHEAD = 24  # among which the end of a quotation in single marks is looked for
DASHES = ("—", "―", "–")
DIALOGUE_DASH = regex.compile(r"(?<!\S)[—―–]|[—―–](?=[\s.,;:!?]|$)")
MAX_VERB = 40  # characters


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks, and `said`: what stands between them."""

    begin: int
    end: int
    said: Span


@once_per_text
def find_quotations(text: Text) -> tuple[Quotation, ...]:
    """The quotations of `text`, in order and without overlap; boilerplate is left out.

    >>> from dedup.article import Article
    >>> from dedup.text import prepare
    >>> text = prepare(Article("x", "He called it “a ‘total’ lie” and the players' union agreed."))
    >>> [text.article.text[q.begin : q.end] for q in find_quotations(text)]
    ['“a ‘total’ lie”']
    """
    content = text.article.text
    blocks = [block for block in text.blocks if block.form != "furniture"]
    ends = [(s.begin, s.end) for s in text.sentences]
    quotations: list[Quotation] = []
    for block, following in zip_longest(blocks, blocks[1:]):
        spans = find_dialogue(content, block, text.language) or find_marked(
            content, block, following, ends
        )
        for begin, end, low, high in spans:
            said = content[low:high]
            if any(map(str.isalnum, said)):
                low += len(said) - len(said.lstrip())
                quotations.append(Quotation(begin, end, Span(low, low + len(said.strip()))))
    return tuple(sorted(quotations, key=lambda quotation: quotation.begin))


def count_quoted_words(sentence: Sentence, text: Text) -> int:
    """How many words of a sentence of `text` stand in quotations."""
    return sum(
        quoted.begin <= token.begin < quoted.end
        for quoted in quotations_within(sentence, text)
        for token in sentence.tokens
    )


def quotations_within(sentence: Sentence, text: Text) -> tuple[Quotation, ...]:
    """The quotations of `text` that overlap a sentence."""
    quotations = find_quotations(text)
    first = bisect_right(quotations, sentence.begin, key=lambda quotation: quotation.end)
    last = bisect_left(quotations, sentence.end, key=lambda quotation: quotation.begin)
    return quotations[first:last]


Stretch = tuple[int, int, int, int]  # the quotation with its marks, and without


@dataclass(frozen=True, slots=True)
class Opener:
    """A mark that opened a quotation; for one that apostrophes resemble, where it closes."""

    mark: str
    begin: int
    end: int
    closes_at: int | None = None


def find_marked(
    text: str, block: Block, following: Block | None, sentences: Sequence[tuple[int, int]]
) -> Iterator[Stretch]:
    """The outermost quotations of a block that quotation marks enclose."""
    marks = [match for part in block.parts for match in MARK.finditer(text, part.begin, part.end)]
    stack: list[Opener] = []
    for number, match in enumerate(marks, 1):
        before, after = _around(text, match, block)
        depth = find_closed(stack, match, before, after)
        if depth is not None:
            if depth == 0:
                yield stack[0].begin, match.end(), stack[0].end, match.start()
            del stack[depth:]
            continue
        if not can_open(match[0], before, after):
            continue
        closes_at = None
        if match[0] in SINGLE:
            ahead = marks[number : number + MAX_MARKS_AHEAD]
            closes_at = find_single_end(text, match, ahead, block)
            if closes_at is None and not _reopened(text, match[0], following):
                continue
        if stack and stack[-1].mark == match[0]:
            yield from close_at_sentence(stack[0], match.start(), sentences)
            stack = []
        if len(stack) < MAX_DEPTH:
            stack.append(Opener(match[0], match.start(), match.end(), closes_at))
    if stack and _reopened(text, stack[0].mark, following):
        yield stack[0].begin, block.end, stack[0].end, block.end
    elif stack:
        yield from close_at_sentence(stack[0], block.end, sentences)


def find_closed(
    stack: Sequence[Opener], match: "regex.Match[str]", before: str, after: str
) -> int | None:
    """How deep in the stack is what a mark closes; None if it closes nothing."""
    for depth, opener in reversed(list(enumerate(stack))):
        if opener.mark in SINGLE:
            closed = opener.closes_at == match.start()
        else:
            closed = match.start() > opener.end and can_close(opener.mark, match[0], before, after)
        if closed:
            return depth
    return None


def _reopened(text: str, mark: str, following: Block | None) -> bool:
    """Whether the next paragraph begins with the mark that this one has left open."""
    return following is not None and text.startswith(mark, following.begin)


def close_at_sentence(
    opener: Opener, limit: int, sentences: Sequence[tuple[int, int]]
) -> Iterator[Stretch]:
    """A quotation that nothing closes, as far as its sentence; an apostrophe is none."""
    place = bisect_right(sentences, (opener.begin, limit)) - 1
    end = min(sentences[place][1], limit) if place >= 0 else limit
    if opener.mark not in SINGLE and end > opener.end:
        yield opener.begin, end, opener.end, end


def _around(text: str, match: "regex.Match[str]", block: Block) -> tuple[str, str]:
    """The characters beside a mark; none at the ends of its block."""
    before = text[match.start() - 1] if match.start() > block.begin else ""
    after = text[match.end()] if match.end() < block.end else ""
    return before, after


def can_open(mark: str, before: str, after: str) -> bool:
    """Whether a mark can open a quotation, by what stands on its two sides."""
    if mark not in CLOSED_BY or not after:
        return False
    if mark in CORNERS:
        return True
    # Some scripts put no space before a quotation; Hangul does.
    unspaced = before >= "\u3000" and not "\uac00" <= before <= "\ud7a3"
    if before and not unspaced and not BEFORE_SPEECH.match(before):
        return False
    if mark in TURNED or mark in SINGLE:
        return after.isalnum() or (mark in SINGLE and after in '“"„«¿¡…[(')
    return mark == "«" or not (after.isspace() or after in ",;:)]")


def can_close(opener: str, mark: str, before: str, after: str) -> bool:
    """Whether a mark closes what the mark `opener` opened."""
    # A mark that could as well open, with space before it and a word after it, opens.
    may_open = before.isspace() and after.isalnum() and mark not in "»›」』"
    return mark in CLOSED_BY[opener] and not may_open


def find_single_end(
    text: str, opener: "regex.Match[str]", ahead: Sequence["regex.Match[str]"], block: Block
) -> int | None:
    """Where what a single mark opens is closed; None where it is an apostrophe.

    In ‘The players’ union is angry,’ the first mark may be a possessive: a later one that is
    none, before another quotation opens, is taken instead.
    """
    possessive = None
    for match in ahead:
        at: int = match.start()
        if at - opener.end() < MIN_SINGLE:
            continue  # rock 'n' roll
        before, after = _around(text, match, block)
        if match[0] in CLOSED_BY[opener[0]] and not before.isspace() and not after.isalnum():
            if not POSSESSIVE.match(text, at):
                return at
            possessive = at if possessive is None else possessive
        elif match[0] == opener[0] and can_open(match[0], before, after):
            break
    return possessive


def find_dialogue(text: str, block: Block, language: str) -> list[Stretch]:
    """The speech of a paragraph that begins with a dash, where a verb of saying follows a later
    dash; nothing where that is uncertain."""
    says = verbs_of_saying().get(language)
    low = block.begin
    as_bullet = block.form == "bullet" and text[max(low - 3, 0) : low].rstrip().endswith(DASHES)
    opens = text.startswith(DASHES, low)
    if says is None or not (opens or as_bullet):
        return []
    low += opens
    spans: list[Stretch] = []
    speaking = True
    for match in DIALOGUE_DASH.finditer(text, low, block.end):
        verb = split_words(text[match.end() : match.end() + MAX_VERB]).forms()[:1]
        if not speaking:
            low, speaking = match.end(), True
        elif verb and verb[0] in says:
            spans.append((low, match.start(), low, match.start()))
            speaking = False
    if speaking and spans:
        spans.append((low, block.end, low, block.end))
    return spans


@cache
def verbs_of_saying() -> dict[str, frozenset[str]]:
    """The folded verbs of each language that may stand behind a dash of dialogue."""
    data = resources.files("dedup").joinpath("data/quotations.toml").read_text("utf-8")
    return {language: frozenset(entry["says"]) for language, entry in tomllib.loads(data).items()}
