"""Anchors: the names and numbers of a text, on which two articles about one event must agree.

A name is a run of capitalised words. A word that opens a sentence counts where the text
capitalises it elsewhere too, or where it is rare in the language. In German, which capitalises
every noun, only rare words are names. Scripts without capitals have numbers only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dedup.text.model import Anchor, Sentence, Token
from dedup.text.numbers import find_numbers
from dedup.text.rarity import word_rarity

NOUN_CAPITALS = frozenset({"de", "lb"})
# A capitalised word this rare (one in 300,000, Zipf 3.5) is a name even where every word in
# its place would have a capital: at the head of a sentence, or any noun in German.
MIN_NAME_RARITY = 3.5
MIN_CAPITALS = 0.6  # from this share of capitals on, a heading's capitals say nothing


def find_anchors(text: str, sentences: Sequence[Sentence], language: str) -> tuple[Sentence, ...]:
    """`sentences` with their anchors filled in; furniture has none."""
    prose = [s for s in sentences if s.form != "furniture"]
    known = {
        token.form
        for s in prose
        if not is_title_case(text, s)
        for token in s.tokens[1:]
        if text[token.begin].isupper()
    }
    anchored = []
    for s in sentences:
        if s.form == "furniture":
            anchored.append(s)
            continue
        numbers = [
            Anchor(begin, end, "number", value)
            for begin, end, value in find_numbers(text, s.tokens, language)
        ]
        names = [
            name
            for name in find_names(text, s, known, language)
            if not any(n.begin < name.end and name.begin < n.end for n in numbers)
        ]
        anchors = sorted([*numbers, *names], key=lambda anchor: anchor.begin)
        anchored.append(replace(s, anchors=tuple(anchors)))
    return tuple(anchored)


def find_names(text: str, sentence: Sentence, known: set[str], language: str) -> Iterator[Anchor]:
    """Runs of capitalised words with nothing but a space or a hyphen between them."""
    titled = is_title_case(text, sentence)
    run: list[Token] = []
    for i, token in enumerate(sentence.tokens):
        named = is_name(text, token, i == 0 or titled, known, language)
        if run and not (named and _adjacent(text, run[-1], token)):
            yield _name(run)
            run = []
        if named:
            run.append(token)
    if run:
        yield _name(run)


def is_name(text: str, token: Token, opener: bool, known: set[str], language: str) -> bool:
    """Whether a word is (part of) a name; an `opener` would have a capital in any case."""
    if not text[token.begin].isupper():
        return False
    rare = word_rarity(token.form, language)
    if language in NOUN_CAPITALS:
        return rare >= MIN_NAME_RARITY
    return not opener or token.form in known or rare >= MIN_NAME_RARITY


def _adjacent(text: str, before: Token, after: Token) -> bool:
    between = text[before.end : after.begin]
    return len(between) == 1 and (between.isspace() or between in "-‐‑")


def _name(run: list[Token]) -> Anchor:
    return Anchor(run[0].begin, run[-1].end, "name", " ".join(token.form for token in run))


def is_title_case(text: str, sentence: Sentence) -> bool:
    """Whether a heading capitalises most of its words, so that a capital marks no name."""
    if sentence.form not in ("headline", "heading") or not sentence.tokens:
        return False
    capitals = sum(text[token.begin].isupper() for token in sentence.tokens)
    return capitals >= MIN_CAPITALS * len(sentence.tokens)
