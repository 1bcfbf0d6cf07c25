"""Pairing: which word of a passage is which word of its sources.

Comes in: a linked passage and its source sentences. Goes out: a `Pair`, which matches their
words when it is first asked: names and numbers aside, content words (rare enough in the language
at large) that are equal or whose character trigrams agree (Dice, as in `dedup.align.similarity`);
of several candidates the one at the likeliest place. Function words are not matched. Most linked
sentences have nothing that could have drifted, and are never matched at all.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from dedup.article import Span
from dedup.text import Sentence, Text, Token
from dedup.text.quotations import MARK
from dedup.text.rarity import word_rarity

# Words commoner than one in 3,000 (Zipf 5.5) are function words, or as empty.
CONTENT = 1.5
# As in `dedup.align.similarity`: Dice of two words' trigrams from which on they are forms of one
# word, and the letters below which words are equal or not.
ALIKE = 0.5
SHORTEST_SOFT = 4
FORMS_KEPT = 100_000
REACH = 5  # words to either side in which a neighbour is looked for
BESIDE = 4  # words to either side of a figure that say what it counts


@dataclass(frozen=True)
class Pair:
    """A passage, the source sentences it is linked to, and the texts they stand in."""

    passage: Sentence
    sources: tuple[Sentence, ...]
    derivative: Text
    source: Text

    @cached_property
    def ours(self) -> tuple[Token, ...]:
        """The passage's words."""
        return self.passage.tokens

    @cached_property
    def theirs(self) -> tuple[Token, ...]:
        """The words of the source sentences, end to end."""
        if len(self.sources) == 1:
            return self.sources[0].tokens
        return tuple(token for s in self.sources for token in s.tokens)

    @cached_property
    def word_for_word(self) -> bool:
        """Whether the passage is one of the source sentences, or all of them."""
        own = [token.form for token in self.ours]
        return any(own == [t.form for t in s.tokens] for s in self.sources) or (
            len(self.sources) > 1 and own == [t.form for t in self.theirs]
        )

    @cached_property
    def verbatim(self) -> bool:
        """Whether it is, with as many quotation marks."""
        if not self.word_for_word:
            return False
        marks = len(MARK.findall(self.derivative.slice(self.passage)))
        return marks == sum(len(MARK.findall(self.source.slice(s))) for s in self.sources) or any(
            marks == len(MARK.findall(self.source.slice(s)))
            for s in self.sources
            if len(s.tokens) == len(self.ours)
        )

    @cached_property
    def partners(self) -> tuple[dict[int, int], dict[int, int]]:
        """Our word → their word, by index, and back."""
        there = _match(self.ours, self.theirs, self.source.language)
        return there, {j: i for i, j in there.items()}

    @cached_property
    def content(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The content words of the passage and of the sources, by index."""
        language = self.source.language
        return _content(self.ours, language), _content(self.theirs, language)

    def shared(self) -> float:
        """The part of the content words of the shorter side that have a partner."""
        least = min(map(len, self.content))
        return min(len(self.partners[0]) / least, 1.0) if least else 0.0


def alike(a: str, b: str) -> bool:
    """Whether two folded words are forms of one word."""
    if a == b:
        return True
    if min(len(a), len(b)) < SHORTEST_SOFT:
        return False
    grams, others = _grams(a), _grams(b)
    return 2 * len(grams & others) >= ALIKE * (len(grams) + len(others))


@lru_cache(maxsize=FORMS_KEPT)
def _grams(form: str) -> frozenset[str]:
    """The character trigrams of a word with its edges; its beginning counts once more."""
    edged = f"<{form}>"
    return frozenset(edged[i : i + 3] for i in range(len(edged) - 2)) | {"^" + form[:4]}


def is_content(form: str, language: str) -> bool:
    """Whether a word says something by itself."""
    return word_rarity(form, language) >= CONTENT


def _content(tokens: Sequence[Token], language: str) -> tuple[int, ...]:
    return tuple(i for i, token in enumerate(tokens) if is_content(token.form, language))


def _match(ours: Sequence[Token], theirs: Sequence[Token], language: str) -> dict[int, int]:
    """Equal content words first, the k-th with the k-th; then forms of one word."""
    places: dict[str, list[int]] = {}
    for j in _content(theirs, language):
        places.setdefault(theirs[j].form, []).append(j)
    found: dict[int, int] = {}
    left: list[int] = []
    for i in _content(ours, language):
        same = places.get(ours[i].form)
        if same:
            found[i] = same.pop(0)
        else:
            left.append(i)
    free = sorted(j for same in places.values() for j in same)
    scale = len(theirs) / max(len(ours), 1)
    for i in left:
        similar = [j for j in free if alike(ours[i].form, theirs[j].form)]
        if similar:
            nearest = min(similar, key=lambda j: abs(j - i * scale))
            found[i] = nearest
            free.remove(nearest)
    return found


def hull(tokens: Sequence[Token], first: int, last: int) -> Span:
    """The stretch from word `first` to word `last`."""
    return Span(tokens[first].begin, tokens[last].end)


def beside(pair: Pair, here: Span, there: Span) -> int:
    """How many of the content words beside a place in the passage stand beside one in the
    sources."""
    ours = _around(pair.ours, here, pair.source.language)
    theirs = _around(pair.theirs, there, pair.source.language)
    return sum(any(alike(a, b) for b in theirs) for a in ours)


def _around(tokens: Sequence[Token], span: Span, language: str) -> list[str]:
    first = bisect_left(tokens, span.begin, key=lambda token: token.begin)
    after = bisect_left(tokens, span.end, first, key=lambda token: token.begin)
    near = (*tokens[max(first - BESIDE, 0) : first], *tokens[after : after + BESIDE])
    return [token.form for token in near if is_content(token.form, language)]
