"""Anchors: the names and numbers of a text, on which two articles about one event must agree.

A name is a run of capitalised words. A word that opens a sentence, a quotation or what follows a
colon counts where the text capitalises it elsewhere too, or where it is rare in the language. In
German, which capitalises every noun, only rare words are names. Scripts without capitals have
numbers only.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dedup.text.model import Anchor, Sentence, Token
from dedup.text.numbers import find_numbers
from dedup.text.rarity import word_rarity

NOUN_CAPITALS = frozenset({"de", "lb"})
# A capitalised word this rare (one in 300,000, Zipf 3.5) is a name even where every word in
# its place would have a capital: at the head of a sentence, or any noun in German.
MIN_NAME_RARITY = 3.5
NAME_GAP = re.compile(r"[\s‐‑-]")  # between the words of one name
OPENING = re.compile(r"[“„«‹\"‘:]")  # between two words: the second has a capital in any case
MIN_CAPITALS = 0.6  # from this share of capitals on, a heading's capitals say nothing


def find_anchors(text: str, sentences: Sequence[Sentence], language: str) -> tuple[Sentence, ...]:
    """`sentences` with their anchors filled in; boilerplate has none."""
    known = {
        token.form
        for s in sentences
        if s.form != "furniture" and not is_title_case(text, s)
        for before, token in pairwise(s.tokens)
        if text[token.begin].isupper() and not OPENING.search(text, before.end, token.begin)
    }
    anchored = []
    for s in sentences:
        if s.form != "furniture":
            numbers = list(find_numbers(text, s.tokens, language))
            names = [
                name
                for name in find_names(text, s, known, language)
                if not any(n.begin < name.end and name.begin < n.end for n in numbers)
            ]
            anchors = sorted([*numbers, *names], key=lambda anchor: anchor.begin)
            s = replace(s, anchors=tuple(anchors))
        anchored.append(s)
    return tuple(anchored)


def find_names(text: str, sentence: Sentence, known: set[str], language: str) -> list[Anchor]:
    """Runs of capitalised words with nothing but a space or a hyphen between them."""
    titled = is_title_case(text, sentence)
    runs: list[list[Token]] = []
    before: Token | None = None
    following = sentence.begin
    for i, token in enumerate(sentence.tokens):
        end, following = following, token.end
        if not text[token.begin].isupper():
            before = None
            continue
        opener = i == 0 or titled or OPENING.search(text, end, token.begin) is not None
        if not is_name(token, opener, known, language):
            before = None
            continue
        if before and NAME_GAP.fullmatch(text, before.end, token.begin):
            runs[-1].append(token)
        else:
            runs.append([token])
        before = token
    return [
        Anchor(run[0].begin, run[-1].end, "name", " ".join(token.form for token in run))
        for run in runs
    ]


def is_name(token: Token, opener: bool, known: set[str], language: str) -> bool:
    """Whether a word with a capital is (part of) a name; an `opener` would have one in any case."""
    rare = word_rarity(token.form, language)
    if language in NOUN_CAPITALS:
        return rare >= MIN_NAME_RARITY
    return not opener or token.form in known or rare >= MIN_NAME_RARITY


def is_title_case(text: str, sentence: Sentence) -> bool:
    """Whether a heading capitalises most of its words, so that a capital marks no name."""
    if sentence.form not in ("headline", "heading") or not sentence.tokens:
        return False
    capitals = sum(text[token.begin].isupper() for token in sentence.tokens)
    return capitals >= MIN_CAPITALS * len(sentence.tokens)
