"""Acronyms: which words a name of initials stands for.

Comes in: the sentences of a text. Goes out: its acronyms, and the long forms that could have
one ("International Atomic Energy Agency" for "IAEA"). Whether two texts' belong together is
for who compares them: `dedup.align.likeness`.
"""

import re
from collections.abc import Iterator, Sequence

from dedup.text import Sentence, Text, Token

SHORTEST, LONGEST = 3, 7  # letters
# Small words that a long form may have inside and its initials may leave out.
SMALL = 4  # letters
MOST_SMALL = 2  # in a row
BETWEEN = re.compile(r"[\s\-–‐'’]*")  # two words of a name


def acronyms(sentences: Sequence[Sentence], text: Text) -> frozenset[str]:
    """The words written in capitals only, in a text that is not, folded."""
    found, shouted = set(), 0
    for token in (token for sentence in sentences for token in sentence.tokens):
        word = text.slice(token)
        shouted += word.isupper()
        if SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isupper():
            found.add(token.form)
    words = sum(len(sentence.tokens) for sentence in sentences)
    return frozenset(found) if 2 * shouted < words else frozenset()


def long_forms(sentences: Sequence[Sentence], text: Text) -> dict[str, frozenset[str]]:
    """Initials, and the words that they may stand for; of several the first in the text."""
    found: dict[str, frozenset[str]] = {}
    for name in _names(sentences, text):
        great = [text.slice(token)[0].isupper() for token in name]
        for first in range(len(name)):
            if great[first]:
                rest = name[first:]
                telling = [t for t, large in zip(rest, great[first:], strict=True) if large]
                for words in (telling, rest):
                    initials = "".join(token.form[0] for token in words)
                    if SHORTEST <= len(initials) <= LONGEST:
                        found.setdefault(initials, frozenset(t.form for t in telling))
    return found


def _names(sentences: Sequence[Sentence], text: Text) -> Iterator[list[Token]]:
    """Words in a row that begin with a capital letter, with the small words between them; of
    a hyphened word ("Co-operation") the first part."""
    for sentence in sentences:
        name: list[Token] = []
        small: list[Token] = []
        end = sentence.begin
        for token in sentence.tokens:
            word, gap = text.slice(token), text.article.text[end : token.begin]
            end = token.end
            if not BETWEEN.fullmatch(gap):
                yield name
                name, small = [], []
            if word[0].isupper() and not word.isupper():
                name, small = [*name, *small, token], []
            elif name and word[0].islower() and gap and not gap.isspace():
                continue
            elif name and word[0].islower() and len(word) <= SMALL and len(small) < MOST_SMALL:
                small.append(token)
            else:
                yield name
                name, small = [], []
        yield name
