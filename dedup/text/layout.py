"""The lines of a text gathered into paragraphs, headings, bullets and boilerplate.

Hard wraps are undone: lines belong together where the next word would not have fitted, or where
a line breaks off in mid-sentence and the next continues in lower case, even after boilerplate
between them (a bare link, an advertisement). What a page puts around its story is recognised by
the patterns of `data/furniture.toml`; a line that matches none of them is part of the story.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import regex

from dedup.article import Span
from dedup.text.headlines import find_headline
from dedup.text.model import Block, Form
from dedup.text.spelling import HYPHENS

LINE_BREAK = regex.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# "###", "***", "* * *", "---" between spaces: an ornament that separates like an empty line.
ORNAMENT = regex.compile(r"(?:(?<=\s)|^)(?:([#*=_~–—-])\1{2,}|(?:\* ){2,}\*)(?=\s|$)")
BULLET = regex.compile(r"[•‣▪●◦∙·*►▸–—-]\s+(?=\S)")
DASHES = "-–—"
URL_LINE = regex.compile(r"(?:https?://|www\.)\S+")
STOPS, CLOSERS = frozenset(".!?…:;。！？؟।॥"), "\"'”’»)]"
# A word that is broken at the end of the line, and the rest of it.
BROKEN_OFF = regex.compile(rf"[\p{{L}}\p{{M}}][{HYPHENS}]$")
GOES_ON = regex.compile(r"[\p{Ll}\p{Lo}]")
WORDS = regex.compile(r"[\p{L}\p{N}]")
# Scripts without spaces, whose lines are broken after any letter.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
NAME = r"(?:\p{Lu}[\p{L}’'.-]*(?: |$)?){2,5}"
NAME_LINE = regex.compile(r"(?:\p{Lu}[\p{L}’'-]+\.?(?: (?=\p{L})|$)){2,4}")

# Widths of lines that may be hard-wrapped, and only where most lines that could be full are.
MIN_WRAP, MAX_WRAP = 30, 132
TOLERANCE = 0.9  # of the width: proportional type and print-outs wrap unevenly
MIN_FULL = 0.6  # share of the lines
MAX_LONGER = 0.25  # share of the lines, of those that nobody has wrapped
MAX_CLOSED = 0.5  # share of the full lines, of those that happen to end where a sentence does
MAX_FURNITURE = 240  # characters; also bounds the patterns' work on hostile lines
MAX_FURNITURE_LINES = 3  # that one piece of boilerplate may be wrapped over
MAX_FURNITURE_BETWEEN = 3  # pieces of boilerplate that may cut one sentence
MAX_PARTS = 8  # of one sentence; a poem in lower case is no sentence
MAX_HEADING = 20  # words; headlines of news agencies stay below


@dataclass(frozen=True, slots=True)
class Line:
    """A trimmed line: how far it is indented, whether an empty line (`gap`) stands before it, and
    whether its words alone make it boilerplate."""

    begin: int
    end: int
    text: str
    indent: int
    gap: bool
    furniture: bool


@cache
def furniture_patterns() -> dict[str, Any]:
    """The patterns of `data/furniture.toml` by category, each one compiled alternation."""
    data = resources.files("dedup").joinpath("data/furniture.toml").read_text("utf-8")
    return {
        category: regex.compile(
            "|".join(f"(?:{pattern.replace('{name}', NAME)})" for pattern in patterns),
            # A name is recognised by its capitals, so the case of a byline counts.
            flags=0 if category == "byline" else regex.IGNORECASE,
        )
        for category, patterns in tomllib.loads(data).items()
    }


def lay_out(text: str, title: str | None = None) -> tuple[Block, ...]:
    """The blocks of `text` in order of appearance; every word of the text is in one of them."""
    blocks = [make_block(group) for group in group_lines(list(split_lines(text)))]
    blocks = rejoin_blocks(text, mark_bylines(text, blocks))
    if sum(block.form != "furniture" for block in blocks) == 1:
        blocks = [part for block in blocks for part in split_headline(text, block)]
    return tuple(mark_headings(text, blocks, title))


def split_lines(text: str) -> Iterator[Line]:
    """The non-empty lines; an ornament within a line ends it."""
    gap, begin = False, 0
    breaks = [(*match.span(), False) for match in LINE_BREAK.finditer(text)]
    breaks += [(*match.span(), True) for match in ORNAMENT.finditer(text)]
    for stop, resume, ornament in [*sorted(breaks), (len(text), len(text), False)]:
        if stop < begin:
            continue
        raw = text[begin:stop]
        if body := raw.strip():
            indent = len(raw) - len(raw.lstrip())
            begin += indent
            yield Line(begin, begin + len(body), body, indent, gap, is_furniture(body))
        gap, begin = ornament or not body, resume


def group_lines(lines: list[Line]) -> list[list[Line]]:
    """Lines gathered into blocks: hard wraps undone."""
    width = find_wrap_width(lines)
    groups: list[list[Line]] = []
    for line in lines:
        if groups and continues_paragraph(groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def find_wrap_width(lines: list[Line]) -> int | None:
    """The width at which the text is hard-wrapped, if it is: few lines are longer, most are full,
    and most of these break off in mid-sentence, as sentences and paragraphs do not."""
    followed = [(line, following) for line, following in pairwise(lines) if not following.gap]
    lengths = sorted(len(line.text) for line, _ in followed if len(line.text) <= MAX_WRAP)
    if not lengths:
        return None
    width = lengths[int(0.9 * (len(lengths) - 1))]
    longer = sum(TOLERANCE * len(line.text) > width for line in lines)
    full = [a for a, b in followed if len(a.text) + 1 + _first_word(b.text) > width]
    closed = sum(is_closed(line.text) for line in full)
    wrapped = (
        width >= MIN_WRAP
        and longer <= MAX_LONGER * len(lines)
        and len(full) >= MIN_FULL * len(followed)
        and closed <= MAX_CLOSED * len(full)
    )
    return width if wrapped else None


def continues_paragraph(line: Line, following: Line, width: int | None) -> bool:
    """Whether `following` is the rest of the paragraph that `line` belongs to."""
    if not following.gap and BROKEN_OFF.match(line.text[-2:]) and GOES_ON.match(following.text):
        return True
    if following.gap or URL_LINE.match(following.text) or URL_LINE.fullmatch(line.text):
        return False
    goes_on = not is_closed(line.text)
    if BULLET.match(following.text):
        # A dash that the wrapping put at the head of a line opens no list.
        wrapped = following.text[0] in DASHES and line.text[0] not in DASHES
        return bool(width and goes_on and wrapped and _full(line, following, width))
    if width and goes_on and (following.text[0].islower() or _full(line, following, width)):
        return True  # a wrapped line that happens to read like boilerplate: "copyright on its"
    if following.furniture or (line.furniture and not line.text[-1].isalpha()):
        return False
    if goes_on and following.text[0].islower():
        return True
    if width is None or (following.indent > line.indent and not BULLET.match(line.text)):
        return False  # no hard wraps, or an indented line that begins a new paragraph
    return _full(line, following, width)


def is_closed(line: str) -> bool:
    """Whether a line ends a sentence."""
    return line.rstrip(CLOSERS)[-1:] in STOPS


def _full(line: Line, following: Line, width: int) -> bool:
    """Whether the next word would not have fitted on the line."""
    return len(line.text) + 1 + _first_word(following.text) > TOLERANCE * width


def _first_word(text: str) -> int:
    """The length of what could have stood on the line before: a word, or one unspaced letter."""
    word: str = text.split(None, 1)[0]
    letter = None if word.isascii() else UNSPACED.search(word)
    return int(letter.end()) if letter else len(word)


def make_block(group: list[Line]) -> Block:
    begin, end = group[0].begin, group[-1].end
    form: Form = "prose"
    furniture = group[0].furniture
    if len(group) > 1:
        joined = " ".join(line.text for line in group)
        furniture = len(group) <= MAX_FURNITURE_LINES and is_furniture(joined)
    if furniture:
        form = "furniture"
    elif bullet := BULLET.match(group[0].text):
        begin, form = begin + bullet.end(), "bullet"
    return Block(begin, end, (Span(begin, end),), form)


def is_furniture(line: str) -> bool:
    """Whether a line is boilerplate: by its words, or because it has none."""
    if not WORDS.search(line) or URL_LINE.fullmatch(line):
        return True
    if len(line) > MAX_FURNITURE:
        return False
    line = " ".join(line.split())
    return any(pattern.fullmatch(line) for pattern in furniture_patterns().values())


def mark_bylines(text: str, blocks: list[Block]) -> list[Block]:
    """A line of nothing but a name, beside boilerplate, is a byline or a photographer."""
    marked = list(blocks)
    for i, block in enumerate(marked):
        beside = any(other.form == "furniture" for other in marked[max(i - 1, 0) : i + 2])
        short = block.form == "prose" and block.end - block.begin <= MAX_FURNITURE
        if beside and short and NAME_LINE.fullmatch(text, block.begin, block.end):
            marked[i] = replace(block, form="furniture")
    return marked


def rejoin_blocks(text: str, blocks: list[Block]) -> list[Block]:
    """Join a block that breaks off in mid-sentence with the one that goes on in lower case.

    Boilerplate between the two stays a block of its own, after the joined one.
    """
    joined: list[Block] = []
    place = 0  # of the last block that is not boilerplate
    for block in blocks:
        before = joined[place] if joined else None
        if (
            before
            and before.form != "furniture"
            and len(joined) - place <= 1 + MAX_FURNITURE_BETWEEN
            and block.form == "prose"
            and text[block.begin].islower()
            and len(before.parts) < MAX_PARTS
            and not is_closed(text[max(before.end - 9, 0) : before.end])
        ):
            joined[place] = replace(before, end=block.end, parts=before.parts + block.parts)
            continue
        if block.form != "furniture":
            place = len(joined)
        joined.append(block)
    return joined


def split_headline(text: str, block: Block) -> Iterator[Block]:
    """A text of nothing but a headline, apart from what its site hangs on it."""
    line = text[block.begin : block.end]
    single = block.form == "prose" and len(block.parts) == 1 and not LINE_BREAK.search(line)
    if single and not is_closed(line) and len(line.split()) <= MAX_HEADING:
        headline = find_headline(line)
        cuts = [0, headline.begin, headline.end, len(line)]
        for n, (begin, end) in enumerate(pairwise(cuts)):
            if body := line[begin:end].strip():
                low = block.begin + line.index(body, begin)
                part = Span(low, low + len(body))
                yield Block(part.begin, part.end, (part,), "prose" if n == 1 else "furniture")
    else:
        yield block


def mark_headings(text: str, blocks: list[Block], title: str | None) -> Iterator[Block]:
    """The blocks, with headlines, headings and captions marked as such.

    A headline that is repeated at once, or right under boilerplate, is boilerplate.
    """
    headline = None
    story_begun = False
    several = sum(block.form != "furniture" for block in blocks) > 1
    lines = [" ".join(text[block.begin : block.end].split()) for block in blocks]
    for i, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        head = several and block.form == "prose" and len(block.parts) == 1
        if head and line != title:
            open_end = line.endswith("?") or not is_closed(line)
            head = open_end and len(line.split()) <= MAX_HEADING
        if not head:
            story_begun = story_begun or block.form != "furniture"
            yield block
        elif story_begun:
            credited = (
                i + 1 < len(blocks)
                and blocks[i + 1].form == "furniture"
                and furniture_patterns()["credit"].fullmatch(lines[i + 1])
            )
            yield replace(block, form="caption" if credited else "heading")
        elif line == headline:
            yield replace(block, form="furniture")
        else:
            headline = line
            yield replace(block, form="headline")
