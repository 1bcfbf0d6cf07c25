"""Words that exclude one another: "rose" and "fell", "Monday" and "Tuesday", "years" and "months".

They are data: data/contrasts.toml for eleven languages, and data/antonyms.txt, the antonyms of
WordNet (Fellbaum 1998), for English. A word alone says nothing: `dedup.align.drift.edits` asks for
those of which one stands in the place of the other.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from dedup.align.drift.cues import load_cues
from dedup.align.drift.pairing import once_per_sentence
from dedup.text import Sentence, Text
from dedup.text.words import split_words

About = Literal["direction", "unit", "date", "number"]
ABOUT: tuple[About, ...] = ("number", "unit", "date", "direction")
SUFFIXES = ("", "s", "d", "ed", "ing", "ly")  # of an antonym: "raise", "raised"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase on one side of a group; `stem` says that the last word may go on."""

    forms: tuple[str, ...]
    stem: bool
    group: int
    side: int


@dataclass(frozen=True, slots=True)
class Contrasts:
    """The groups of one language: what each is about, and its terms by their first word or
    stem."""

    about: tuple[About, ...]
    terms: Mapping[str, Sequence[Term]]


Found = tuple[int, int, int, int]  # first word, after the last, group, side


@cache
def load_contrasts(language: str) -> Contrasts | None:
    """The groups of `language`; None for a language without."""
    data = tomllib.loads(_read("contrasts.toml")).get(language)
    if data is None:
        return None
    about: list[About] = []
    terms: list[Term] = []
    for subject in ABOUT:
        for group in data[subject]:
            terms += read_group(group, len(about))
            about.append(subject)
    if cues := load_cues(language):
        days = enumerate(cues.lists["weekdays"])
        terms += [Term(forms, True, len(about), day) for day, forms in days]
        about.append("date")
    if language == "en":
        for line in _read("antonyms.txt").splitlines():
            if line[0] != "#":
                pair = line.split()
                for side, word in enumerate(pair):
                    terms += [Term((word + s,), False, len(about), side) for s in SUFFIXES]
                about.append("direction")
    by_first: dict[str, list[Term]] = {}
    for term in terms:
        by_first.setdefault(term.forms[0], []).append(term)
    return Contrasts(tuple(about), by_first)


def read_group(group: str, number: int) -> Iterator[Term]:
    """The terms of a line of data/contrasts.toml."""
    for side, words in enumerate(group.split("/")):
        for word in words.split():
            forms = tuple(split_words(word.rstrip("*").replace("_", " ")).forms())
            yield Term(forms, word.endswith("*"), number, side)


@once_per_sentence
def find_terms(sentence: Sentence, text: Text) -> list[Found]:
    """Every term among the words of a sentence, by its words' numbers."""
    known = load_contrasts(text.language)
    if known is None:
        return []
    forms = [token.form for token in sentence.tokens]
    found = []
    for i, form in enumerate(forms):
        for letters in range(1, len(form) + 1):
            for term in known.terms.get(form[:letters], ()):
                if stands_at(term, forms, i):
                    found.append((i, i + len(term.forms), term.group, term.side))
    return found


def stands_at(term: Term, forms: Sequence[str], i: int) -> bool:
    """Whether the words from `i` on are those of the term."""
    own = forms[i : i + len(term.forms)]
    if len(own) < len(term.forms) or tuple(own[:-1]) != term.forms[:-1]:
        return False
    last = term.forms[-1]
    return own[-1] == last or (term.stem and own[-1].startswith(last))


def find_contrast(
    ours: Sequence[Found], theirs: Sequence[Found], language: str
) -> tuple[About, Found, Found] | None:
    """A term of ours and one of theirs that exclude one another, unless another term of the two
    says the same."""
    known = load_contrasts(language)
    if known is None:
        return None
    alike = {(a[2], a[3]) for a in ours} & {(b[2], b[3]) for b in theirs}
    agreed = {place[:2] for place in ours if (place[2], place[3]) in alike}
    for own in ours:
        if own[:2] in agreed:
            continue
        for other in theirs:
            if own[2] == other[2] and own[3] != other[3]:
                sides = {b[3] for b in theirs if b[2] == own[2]}
                if own[3] not in sides:
                    return known.about[own[2]], own, other
    return None


def _read(name: str) -> str:
    return resources.files("dedup").joinpath("data", name).read_text("utf-8")
