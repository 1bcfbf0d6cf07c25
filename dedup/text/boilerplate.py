"""Boilerplate inside paragraphs: what a publisher says about itself or asks of its readers.

Author's notes, paywall and consent text, disclaimers, newsletter boxes, appeals for money and
notes that an article was amended stand in paragraphs like those of the story, often in the same
one. They are recognised sentence by sentence, by the wording of `data/boilerplate.toml` or
because the collection has shown them to stand in unrelated articles (`dedup.pipeline.boilerplate`).
Whole lines that a page puts around its story are found in `dedup.text.layout`.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby, pairwise
from typing import Any, Literal

import regex

from dedup.article import Span
from dedup.text.model import Block, Sentence
from dedup.text.words import split_words

# Sentences between two recognised ones of a paragraph that belong to them: "Sign in. It is quick.
# Cancel any time."
MAX_BETWEEN = 2
# A paragraph of more sentences than that is a whole text on one line.
MAX_SENTENCES = 12
MAX_HEADING = 5  # words; "About the author"
# Of the words of a sentence that stand in known boilerplate: the rest is a word that was cut off.
MIN_COVERED = 0.8
GAP = r"(?: [^ ]+){0,5}?"  # what "…" stands for
MARK_AFTER = regex.compile(r"[\"'”’»)\]]*\s*(?:[:.–—|-]|[\r\n]|$)")

Grade = Literal["paragraphs", "openings", "sentences", "weak"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Wording of boilerplate: a pattern for folded words, each with a space after it; `marked`
    where a punctuation mark or the end of the line must follow."""

    grade: Grade
    pattern: regex.Pattern[str]
    marked: bool


@cache
def boilerplate_cues() -> Mapping[str, Sequence[Cue]]:
    """The cues of `data/boilerplate.toml` by the first of their words."""
    data = resources.files("dedup").joinpath("data/boilerplate.toml").read_text("utf-8")
    cues: defaultdict[str, list[Cue]] = defaultdict(list)
    for language in tomllib.loads(data).values():
        for grade, phrases in language.items():
            for phrase in phrases:
                for first, cue in read_cue(phrase, grade):
                    cues[first].append(cue)
    return dict(cues)


def read_cue(phrase: str, grade: Any) -> Iterator[tuple[str, Cue]]:
    """The cue of a phrase, with each word that it may begin with."""
    choices = [
        [" ".join(split_words(choice).forms()) for choice in element.split("/")]
        for element in phrase.removesuffix(":").split()
    ]
    pattern = ""
    for forms in choices:
        words = "|".join(map(regex.escape, forms))
        pattern += GAP if forms == [""] else f"{' ' if pattern else ''}(?:{words})"
    cue = Cue(grade, regex.compile(pattern + r"(?= |$)"), phrase.endswith(":"))
    for first in sorted({forms.partition(" ")[0] for forms in choices[0]}):
        yield first, cue


def mark_boilerplate(
    text: str, sentences: Sequence[Sentence], known: Sequence[Span] = ()
) -> tuple[Sentence, ...]:
    """The sentences of `text`, those of boilerplate marked as such.

    `known` are stretches that are boilerplate, ascending, as the collection has shown.
    """
    marked: list[Sentence] = []
    headed = False  # whether the line above is a heading of boilerplate: "About the author"
    for _, group in groupby(sentences, key=lambda sentence: sentence.block):
        paragraph = list(group)
        found = find_boilerplate(text, paragraph, headed)
        headed = found == [True] and len(paragraph[0].tokens) <= MAX_HEADING
        for sentence, by_cue in zip(paragraph, found, strict=True):
            boilerplate = by_cue or (bool(known) and is_covered(sentence, known))
            marked.append(replace(sentence, form="furniture") if boilerplate else sentence)
    return tuple(marked)


def mark_blocks(blocks: Sequence[Block], sentences: Sequence[Sentence]) -> tuple[Block, ...]:
    """The blocks, those of nothing but boilerplate marked as such."""
    story = {s.block for s in sentences if s.form != "furniture"}
    return tuple(
        block if n in story or block.form == "furniture" else replace(block, form="furniture")
        for n, block in enumerate(blocks)
    )


def find_boilerplate(text: str, paragraph: Sequence[Sentence], headed: bool = False) -> list[bool]:
    """Which sentences of a paragraph are boilerplate by their wording; `headed` if the heading
    above it is."""
    grades = [grade_sentence(text, sentence) for sentence in paragraph]
    if (headed or "paragraphs" in grades[0]) and len(paragraph) <= MAX_SENTENCES:
        return [True] * len(paragraph)
    strong = [bool(found - {"weak"}) for found in grades]
    if not any(strong):
        return strong
    marked = [is_strong or bool(found) for is_strong, found in zip(strong, grades, strict=True)]
    places = [n for n, is_marked in enumerate(marked) if is_marked]
    for n, following in pairwise(places):
        if following - n <= MAX_BETWEEN + 1:
            marked[n:following] = [True] * (following - n)
    return marked


def grade_sentence(text: str, sentence: Sentence) -> set[Grade]:
    """The grades of the cues in a sentence."""
    cues, found = boilerplate_cues(), set[Grade]()
    forms = [token.form for token in sentence.tokens]
    joined, place = "", 0
    for n, form in enumerate(forms):
        for cue in cues.get(form, ()):
            joined = joined or " ".join(forms)
            if cue.grade in found or (n and cue.grade in ("paragraphs", "openings")):
                continue
            match = cue.pattern.match(joined, place)
            if match and (not cue.marked or is_marked_after(text, sentence, match.end(), joined)):
                found.add(cue.grade)
        place += len(form) + 1
    return found


def is_marked_after(text: str, sentence: Sentence, end: int, joined: str) -> bool:
    """Whether a mark or the line's end follows the word that ends at `end` of `joined`."""
    last = sentence.tokens[joined.count(" ", 0, end)]
    return MARK_AFTER.match(text, last.end) is not None


def is_covered(sentence: Sentence, known: Sequence[Span]) -> bool:
    """Whether the words of a sentence stand in known boilerplate."""
    covered = sum(
        any(span.begin <= token.begin < span.end for span in known) for token in sentence.tokens
    )
    return covered > 0 and covered >= MIN_COVERED * len(sentence.tokens)
