"""Anchors: the names and numbers of a text, what two tellings of one report must agree on.

Comes in: a text and its sentences. Goes out: the sentences with their anchors. A name is a
run of capitalised words; a word that opens a sentence counts where the text capitalises it
elsewhere too, or where the language hardly knows it. In German, which capitalises every
noun, only words rare in the language at large are names. Scripts without capitals yield
numbers only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dedup.text.model import Anchor, Sentence, Token
from dedup.text.numbers import find_numbers
from dedup.text.rarity import word_rarity

NOUN_CAPITALS = frozenset({"de", "lb"})
# A capitalised word this rare (one in 300,000, Zipf 3.5) is a name even where every word in
# its place would have a capital: at the head of a sentence, or any noun in German.
RARE_NAME = 3.5
TITLE_CASE = 0.6  # from this share of capitals on, a heading's capitals say nothing


def find_anchors(text: str, sentences: Sequence[Sentence], language: str) -> tuple[Sentence, ...]:
    """`sentences` with their anchors filled in; furniture has none."""
    prose = [s for s in sentences if s.form != "furniture"]
    known = {
        token.form
        for s in prose
        if not _title_case(text, s)
        for token in s.tokens[1:]
        if text[token.begin].isupper()
    }
    found = []
    for s in sentences:
        if s.form == "furniture":
            found.append(s)
            continue
        numbers = [
            Anchor(begin, end, "number", value)
            for begin, end, value in find_numbers(text, s.tokens, language)
        ]
        names = [
            name
            for name in _names(text, s, known, language)
            if not any(n.begin < name.end and name.begin < n.end for n in numbers)
        ]
        anchors = sorted([*numbers, *names], key=lambda anchor: anchor.begin)
        found.append(replace(s, anchors=tuple(anchors)))
    return tuple(found)


def _names(text: str, sentence: Sentence, known: set[str], language: str) -> Iterator[Anchor]:
    """Runs of capitalised words that nothing but spaces and hyphens parts."""
    titled = _title_case(text, sentence)
    run: list[Token] = []
    for i, token in enumerate(sentence.tokens):
        if run and not _adjacent(text, run[-1], token):
            yield _name(run)
            run = []
        if _is_name(text, token, i == 0 or titled, known, language):
            run.append(token)
        elif run:
            yield _name(run)
            run = []
    if run:
        yield _name(run)


def _is_name(text: str, token: Token, opener: bool, known: set[str], language: str) -> bool:
    if not text[token.begin].isupper():
        return False
    rare = word_rarity(token.form, language)
    if language in NOUN_CAPITALS:
        return rare >= RARE_NAME
    return not opener or token.form in known or rare >= RARE_NAME


def _adjacent(text: str, before: Token, after: Token) -> bool:
    between = text[before.end : after.begin]
    return len(between) == 1 and (between.isspace() or between in "-‐‑")


def _name(run: list[Token]) -> Anchor:
    return Anchor(run[0].begin, run[-1].end, "name", " ".join(token.form for token in run))


def _title_case(text: str, sentence: Sentence) -> bool:
    if sentence.form not in ("headline", "heading") or not sentence.tokens:
        return False
    capitals = sum(text[token.begin].isupper() for token in sentence.tokens)
    return capitals >= TITLE_CASE * len(sentence.tokens)
