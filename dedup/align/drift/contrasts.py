"""Words that exclude one another: "rose" and "fell", "Monday" and "Tuesday", "bus" and "train".

They are data: data/contrasts.toml and data/nouns.toml for fourteen languages, and
data/antonyms.txt, the antonyms of WordNet (Fellbaum 1998), for English. A word alone says nothing:
`dedup.align.drift.edits` asks for those of which one stands in the place of the other.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any, Literal

import regex

from dedup.align.drift.cues import load_cues
from dedup.align.drift.pairing import once_per_sentence
from dedup.text import Sentence, Text
from dedup.text.words import split_words

About = Literal["direction", "unit", "date", "number", "whole", "noun"]
ABOUT: tuple[About, ...] = ("whole", "number", "unit", "date", "direction")
ANY_ENDING = 99  # letters by which a stem with "*" may go on; in data/nouns.toml few
HAN = regex.compile(r"\p{Han}")
SUFFIXES = ("", "s", "d", "ed", "ing", "ly")  # of an antonym: "raise", "raised"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase on one side of a group; the last word may go on by `ending` letters."""

    forms: tuple[str, ...]
    ending: int
    group: int
    side: int


@dataclass(frozen=True, slots=True)
class Contrasts:
    """The groups of one language: what each is about, and its terms by their first word or
    stem."""

    about: tuple[About, ...]
    terms: Mapping[str, Sequence[Term]]


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of a language, and those that show by their case who does what to whom."""

    forms: frozenset[str]
    cases: frozenset[str]


NO_ARTICLES = Articles(frozenset(), frozenset())

Found = tuple[int, int, int, int]  # first word, after the last, group, side


@cache
def load_contrasts(language: str) -> Contrasts | None:
    """The groups of `language`; None for a language without."""
    data = _load("contrasts.toml").get(language)
    if data is None:
        return None
    about: list[About] = []
    terms: list[Term] = []
    for subject in ABOUT:
        for group in data.get(subject, ()):
            terms += read_group(group, len(about), data.get("prefixes", [""]))
            about.append(subject)
    if cues := load_cues(language):
        days = enumerate(cues.lists["weekdays"])
        terms += [Term(forms, ANY_ENDING, len(about), day) for day, forms in days]
        about.append("date")
    terms += read_nouns(language, len(about))
    about.append("noun")
    if language == "en":
        for line in _read("antonyms.txt").splitlines():
            if line[0] != "#":
                pair = line.split()
                for side, word in enumerate(pair):
                    terms += [Term((word + s,), 0, len(about), side) for s in SUFFIXES]
                about.append("direction")
    by_first: dict[str, list[Term]] = {}
    for term in terms:
        by_first.setdefault(term.forms[0], []).append(term)
    return Contrasts(tuple(about), by_first)


def read_group(group: str, number: int, prefixes: Sequence[str]) -> Iterator[Term]:
    """The terms of a line of data/contrasts.toml."""
    for side, words in enumerate(group.split("/")):
        for prefix, word in product(prefixes, words.split()):
            ending = ANY_ENDING if word.endswith("*") else 0
            yield Term(fold_words(prefix + word), ending, number, side)


def read_nouns(language: str, number: int) -> Iterator[Term]:
    """The nouns of a language in data/nouns.toml: one group, a side for each thing."""
    data = _load("nouns.toml").get(language)
    if data is None:
        return
    sides = [side.split() for side in data["things"].replace("\n", "/").split("/")]
    prefixes, suffixes = (
        [fold_words(part)[0] if part else "" for part in data[name]]
        for name in ("prefixes", "suffixes")
    )
    known = {fold_words(word) for side in sides for word in side}
    for side, own in enumerate(sides):
        for word in own:
            forms, ending = fold_words(word), data["ending"] if word.endswith("*") else 0
            for suffix in [""] if word.endswith("*") else suffixes:
                inflected = (*forms[:-1], forms[-1] + suffix)
                # German "Bürger" is a citizen, and no form of "Burg".
                if not suffix or inflected not in known:
                    for prefix in prefixes:
                        yield Term((prefix + inflected[0], *inflected[1:]), ending, number, side)


def fold_words(word: str) -> tuple[str, ...]:
    """The words of a term as it is spelled in the data, with "*" and "_", folded."""
    return tuple(split_words(word.rstrip("*").replace("_", " ")).forms())


@cache
def load_articles(language: str) -> Articles:
    """The articles of `language`; none where it has none, or they are not known."""
    data = _load("nouns.toml").get(language, {})
    forms = frozenset(split_words(data.get("articles", "")).forms())
    return Articles(forms, frozenset(split_words(data.get("cases", "")).forms()))


@once_per_sentence
def find_terms(sentence: Sentence, text: Text) -> list[Found]:
    """Every term among the words of a sentence, by its words' numbers."""
    known = load_contrasts(text.language)
    if known is None:
        return []
    forms = [token.form for token in sentence.tokens]
    found = []
    for i in range(len(forms)):
        nouns: list[Found] = []
        for term in terms_at(i, forms, known):
            place = i, i + len(term.forms), term.group, term.side
            if known.about[term.group] == "noun":
                nouns = [*(other for other in nouns if other[1] > place[1]), place]
            else:
                found.append(place)
        found += nouns  # the longest stem: a schoolchild is no school, "школьник" no "школ"
    return [term for term in found if not is_part(term, found, sentence, text, known)]


def terms_of_word(form: str, language: str) -> list[tuple[int, int]]:
    """The groups and sides of the terms that a word alone is."""
    known = load_contrasts(language)
    terms = terms_at(0, (form,), known) if known is not None else ()
    return [(term.group, term.side) for term in terms]


def is_part(
    term: Found, found: Sequence[Found], sentence: Sentence, text: Text, known: Contrasts
) -> bool:
    """Whether a term is but a part of a word: a noun in a longer one ("police car"), or a single
    Chinese character in a Japanese compound."""
    first, after, group, _ = term
    about = known.about[group]
    if about == "noun" and any(
        known.about[other[2]] == "noun"
        and other[0] <= first
        and after <= other[1]
        and other[1] - other[0] > after - first
        for other in found
    ):
        return True
    tokens = sentence.tokens
    begin, end = tokens[first].begin, tokens[after - 1].end
    if text.language != "ja" or about not in ("noun", "direction") or end - begin > 1:
        return False
    content = text.article.text
    beside = (content[max(begin - 1, 0) : begin], content[end : end + 1])
    return any(HAN.match(letter) for letter in beside)


def terms_at(i: int, forms: Sequence[str], known: Contrasts) -> Iterator[Term]:
    """The terms that words are from place `i` on, those with fewer letters in the first one
    first."""
    for letters in range(1, len(forms[i]) + 1):
        for term in known.terms.get(forms[i][:letters], ()):
            if stands_at(term, forms, i):
                yield term


def stands_at(term: Term, forms: Sequence[str], i: int) -> bool:
    """Whether the words from `i` on are those of the term."""
    own = forms[i : i + len(term.forms)]
    if len(own) < len(term.forms) or tuple(own[:-1]) != term.forms[:-1]:
        return False
    last = term.forms[-1]
    return own[-1].startswith(last) and len(own[-1]) - len(last) <= term.ending


def find_common_sides(ours: Sequence[Found], theirs: Sequence[Found]) -> set[tuple[int, int]]:
    """The groups and sides that terms of both are of: what they say alike."""
    return {term[2:] for term in ours} & {term[2:] for term in theirs}


def find_contrast(
    ours: Sequence[Found], theirs: Sequence[Found], language: str
) -> tuple[About, Found, Found] | None:
    """A term of ours and one of theirs that exclude one another, unless another term of the two
    says the same."""
    known = load_contrasts(language)
    if known is None:
        return None
    alike = find_common_sides(ours, theirs)
    agreed = {place[:2] for place in ours if place[2:] in alike}
    for own in ours:
        if own[:2] in agreed or known.about[own[2]] == "noun":
            continue
        for other in theirs:
            if own[2] == other[2] and own[3] != other[3]:
                sides = {b[3] for b in theirs if b[2] == own[2]}
                if own[3] not in sides:
                    return known.about[own[2]], own, other
    return None


def find_other_noun(
    ours: Sequence[Found], theirs: Sequence[Found], language: str
) -> tuple[Found, Found] | None:
    """A noun of ours that stands for one of theirs: on either side one is left that the other
    lacks."""
    known = load_contrasts(language)
    if known is None:
        return None
    sides = [{term[3] for term in terms if known.about[term[2]] == "noun"}
             for terms in (ours, theirs)]  # fmt: skip
    own, other = (
        [term for term in terms if known.about[term[2]] == "noun" and term[3] not in sides[n]]
        for n, terms in ((1, ours), (0, theirs))
    )
    if len({term[:2] for term in own}) == len({term[:2] for term in other}) == 1:
        return own[0], other[0]
    return None


def has_term(terms: Sequence[Found], about: About, language: str) -> bool:
    """Whether one of the terms is about that."""
    known = load_contrasts(language)
    return known is not None and any(known.about[term[2]] == about for term in terms)


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(_read(name))


def _read(name: str) -> str:
    return resources.files("dedup").joinpath("data", name).read_text("utf-8")
