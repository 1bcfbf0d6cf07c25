"""Sentences and their words.

Comes in: a text and its blocks. Goes out: the `Sentence`s of every block in order, each with
its words. Boundaries are found by sentencex, block by block, so that an unclosed quotation
can swallow no more than its own paragraph; headings, bullets' one-liners and furniture are
one sentence each. Every word of the text belongs to exactly one sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import regex

from dedup.article import Span
from dedup.text.anchors import Anchor
from dedup.text.layout import Block, Form
from dedup.text.words import words

# An opening quotation mark or bracket that was left at the end of the sentence before.
LEFT_BEHIND = regex.compile(r"\s[\"“„«‹‘'(\[¿¡]+\s*$")
# A full stop inside a word ends nothing: Caliber.Az, U.S.Army, 3.5.
GLUED = regex.compile(r"[.:?!](?=[\p{L}\p{N}])")
# No sentence is longer: an article of one endless line is cut at spaces.
LONGEST_SENTENCE = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Token:
    """One word: where it is, and its folded form (lower case, no accents)."""

    begin: int
    end: int
    form: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, bullet, heading, headline or piece of furniture.

    `begin` and `end` are its hull. `parts` are the stretches that really belong to it: more
    than one where furniture (a bare link, an advertisement) cuts it in two. `block` is the
    index of its block in `Text.blocks`.
    """

    begin: int
    end: int
    parts: tuple[Span, ...]
    form: Form
    block: int
    tokens: tuple[Token, ...]
    anchors: tuple[Anchor, ...] = ()


def split_sentences(text: str, blocks: tuple[Block, ...], language: str) -> tuple[Sentence, ...]:
    """The sentences of `blocks`, in the blocks' order, with their words."""
    found = words(text)
    tokens = list(map(Token, found.begins.tolist(), found.ends.tolist(), found.forms()))
    sentences = []
    for index, block in enumerate(blocks):
        for parts in _parts(text, block, language):
            own: list[Token] = []
            for part in parts:
                low, high = np.searchsorted(found.begins, (part.begin, part.end)).tolist()
                own += tokens[low:high]
            sentences.append(
                Sentence(parts[0].begin, parts[-1].end, parts, block.form, index, tuple(own))
            )
    return tuple(sentences)


def _parts(text: str, block: Block, language: str) -> Iterator[tuple[Span, ...]]:
    """The stretches of each sentence of a block."""
    if block.form not in ("prose", "bullet"):
        yield block.parts
        return
    # One character stands for one character, so positions in `joined` map back exactly.
    joined = "".join(text[part.begin : part.end] for part in block.parts)
    for begin, end in _boundaries(joined, language):
        parts, passed = [], 0
        for part in block.parts:
            length = part.end - part.begin
            low, high = max(begin - passed, 0), min(end - passed, length)
            if low < high:
                parts.append(Span(part.begin + low, part.begin + high))
            passed += length
        yield tuple(parts)


def _boundaries(block: str, language: str) -> Iterator[tuple[int, int]]:
    """Trimmed sentence spans of one block."""
    import sentencex

    # Within a block a line break is a space: sentencex takes two for the end of a paragraph.
    flat = regex.sub(r"\s", " ", block)
    begin = 0
    for boundary in sentencex.get_sentence_boundaries(language, flat):
        end = boundary["end_index"]
        if GLUED.match(flat, max(end - 1, 0)):
            continue
        if left := LEFT_BEHIND.search(flat, begin, end):
            end = left.start() + 1
        yield from _trimmed(flat, begin, end)
        begin = end
    yield from _trimmed(flat, begin, len(flat))


def _trimmed(flat: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The span without white space at its ends, cut at spaces where it is too long."""
    while begin < end:
        stop = end
        if end - begin > LONGEST_SENTENCE:
            stop = flat.rfind(" ", begin + 1, begin + LONGEST_SENTENCE) + 1 or (
                begin + LONGEST_SENTENCE
            )
        piece = flat[begin:stop]
        body = piece.strip()
        if body:
            low = begin + len(piece) - len(piece.lstrip())
            yield low, low + len(body)
        begin = stop
