"""Boilerplate inside paragraphs: what a publisher says about itself or asks of its readers.

Author's notes, paywall and consent text, disclaimers, newsletter boxes, appeals for money and
notes that an article was amended stand in paragraphs like those of the story, often in the same
one. They are recognised sentence by sentence, by the wording of `data/boilerplate.toml` or
because the collection has shown them to stand in unrelated articles (`dedup.pipeline.boilerplate`).
Whole lines that a page puts around its story are found in `dedup.text.layout`.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby, pairwise
from typing import Literal

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
MAX_GAP = 5  # words that "…" may stand for
MARK_AFTER = regex.compile(r"[\"'”’»)\]]*\s*(?:[:.–—|-]|[\r\n]|$)")

Grade = Literal["paragraphs", "openings", "sentences", "weak"]


@dataclass(frozen=True, slots=True)
class Cue:
    """Wording of boilerplate: for each word the folded choices, none where a gap is; `marked`
    where a punctuation mark or the end of the line must follow."""

    grade: Grade
    words: tuple[frozenset[str], ...]
    marked: bool

    def find_end(self, forms: Sequence[str], place: int, number: int = 0) -> int | None:
        """Where the words from `number` on end in `forms` if they begin at `place`."""
        for n in range(number, len(self.words)):
            if not self.words[n]:
                ends = (self.find_end(forms, place + gap, n + 1) for gap in range(MAX_GAP + 1))
                return next((end for end in ends if end is not None), None)
            if place >= len(forms) or forms[place] not in self.words[n]:
                return None
            place += 1
        return place


@cache
def boilerplate_cues() -> Mapping[str, Mapping[str, Sequence[Cue]]]:
    """The cues of `data/boilerplate.toml` by the first of their words and the second, which is
    empty where they have none or a gap."""
    data = resources.files("dedup").joinpath("data/boilerplate.toml").read_text("utf-8")
    listed = [
        (grade, phrase.removesuffix(":").split(), phrase.endswith(":"))
        for language in tomllib.loads(data).values()
        for grade, phrases in language.items()
        for phrase in phrases
    ]
    choices = [choice for _, words, _ in listed for word in words for choice in word.split("/")]
    letters = [choice for choice in choices if choice != "…"]
    folded = dict(zip(letters, split_words(" ".join(letters)).forms(), strict=True))
    cues: defaultdict[str, defaultdict[str, list[Cue]]] = defaultdict(lambda: defaultdict(list))
    for grade, words, marked in listed:
        found = tuple(
            frozenset(folded[choice] for choice in word.split("/") if choice != "…")
            for word in words
        )
        for first in sorted(found[0]):
            for second in sorted(found[1] if found[1:] else ()) or [""]:
                cues[first][second].append(Cue(grade, found, marked))
    return {first: dict(by_second) for first, by_second in cues.items()}


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
    for n, form in enumerate(forms):
        by_second = cues.get(form)
        if by_second is None:
            continue
        following = forms[n + 1] if n + 1 < len(forms) else ""
        for cue in (*by_second.get("", ()), *(by_second.get(following, ()) if following else ())):
            if cue.grade in found or (n and cue.grade in ("paragraphs", "openings")):
                continue
            end = cue.find_end(forms, n)
            if end and (not cue.marked or MARK_AFTER.match(text, sentence.tokens[end - 1].end)):
                found.add(cue.grade)
    return found


def is_covered(sentence: Sentence, known: Sequence[Span]) -> bool:
    """Whether the words of a sentence stand in known boilerplate."""
    covered = sum(
        any(span.begin <= token.begin < span.end for span in known) for token in sentence.tokens
    )
    return covered > 0 and covered >= MIN_COVERED * len(sentence.tokens)
