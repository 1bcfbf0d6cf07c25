"""Which word of a passage is which word of its sources, and what a drift between them is.

Content words (rare enough in the language) match that are equal or forms of one word; of
several candidates the one at the likeliest place. Function words are not matched. A `Pair`
matches words when it is first asked: most linked sentences have nothing that could have
drifted, and are never matched at all.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from itertools import chain
from typing import Literal, TypeVar

import regex

from dedup.align.features import MIN_SOFT_LETTERS
from dedup.align.similarity import MIN_DICE
from dedup.article import Span
from dedup.embed import Encoder
from dedup.text import Anchor, Sentence, Text, Token
from dedup.text.model import once_per_text
from dedup.text.quotations import MARK
from dedup.text.rarity import word_rarity

DriftKind = Literal["number", "name", "direction", "negation", "hedge", "attribution", "quotation"]
Severity = Literal["meaning", "detail", "style"]

MAX_EXCERPT = 80  # characters of each side that a detail shows
LEAD = 3  # words shown before the first that differs, where the beginning is left out
# Words commoner than one in 3,000 (Zipf 5.5) are function words, or as empty.
MIN_CONTENT_RARITY = 1.5
MAX_FORMS = 100_000  # whose trigrams are kept
REACH = 5  # words to either side in which a neighbour is looked for
BESIDE = 4  # words to either side of a number that say what it counts

# What is no word and yet makes another figure: decimal marks, signs, currencies.
SIGNS = regex.compile(r"(?<=\d)[.,:/](?=\d)|[-−–](?=[$€£¥]?\d)|[$€£¥%‰°]")

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Drift:
    """A place where the passage comes from the source and the meaning changed.

    kind: `number` (a figure, date or unit changed; "at least" or "at most" dropped or added),
    `name` (names or nouns swapped or replaced: somebody or something else), `direction` (a word
    for its opposite, as "fell" for "rose"), `negation` (on one side only), `hedge` (dropped or
    added), `attribution` (who said it was dropped, added or replaced), `quotation` (words in
    quotation marks that the source lacks or has otherwise). severity: `meaning` where something
    else is said, `detail` where less or more is,
    `style` where it is worded or marked otherwise. `span` lies in the derivative, `source` in the
    source; where one side lacks something, its span is where that would stand.
    """

    kind: DriftKind
    detail: str
    span: Span
    source: Span
    severity: Severity = "meaning"


@dataclass(frozen=True)
class Pair:
    """A passage, the source sentences it is linked to, and the texts they stand in."""

    passage: Sentence
    sources: tuple[Sentence, ...]
    derivative: Text
    source: Text
    encoder: Encoder | None = None  # by which words are known that no list has

    @cached_property
    def ours(self) -> tuple[Token, ...]:
        """The passage's words."""
        return self.passage.tokens

    @cached_property
    def theirs(self) -> tuple[Token, ...]:
        """The words of the source sentences, end to end."""
        return tuple(token for s in self.sources for token in s.tokens)

    @cached_property
    def word_for_word(self) -> bool:
        """Whether the passage is one of the source sentences, or all of them."""
        own, *others = ([t.form for t in s.tokens] for s in (self.passage, *self.sources))
        return own in others or own == list(chain.from_iterable(others))

    @cached_property
    def same_signs(self) -> bool:
        """Whether the passage is one of the source sentences, or all of them, also by the signs
        that are no words: "$", "%", a minus."""
        if not self.word_for_word:
            return False
        own, *others = (
            SIGNS.findall(text.slice(s))
            for s, text in (
                (self.passage, self.derivative), *((s, self.source) for s in self.sources)
            )
        )  # fmt: skip
        return own in others or own == list(chain.from_iterable(others))

    @cached_property
    def is_alike(self) -> bool:
        """Whether enough words are the same, in any order, for the two to be aligned word by word:
        half of the passage's."""
        theirs = {token.form for token in self.theirs}
        return 2 * sum(token.form in theirs for token in self.ours) >= len(self.ours)

    @cached_property
    def verbatim(self) -> bool:
        """Whether it is, with as many quotation marks."""
        if not self.word_for_word:
            return False
        marks = len(MARK.findall(self.derivative.slice(self.passage)))
        counts = [(s, len(MARK.findall(self.source.slice(s)))) for s in self.sources]
        return marks == sum(count for _, count in counts) or any(
            marks == count for s, count in counts if len(s.tokens) == len(self.ours)
        )

    @cached_property
    def partners(self) -> tuple[dict[int, int], dict[int, int]]:
        """Our word → their word, by index, and back."""
        there = match_words(self.ours, self.theirs, self.source.language)
        return there, {j: i for i, j in there.items()}

    @cached_property
    def content(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The content words of the passage and of the sources, by index."""
        language = self.source.language
        return _content(self.ours, language), _content(self.theirs, language)

    def matched(self) -> float:
        """The part of the content words of the shorter side that have a partner."""
        fewer = min(map(len, self.content))
        return min(len(self.partners[0]) / fewer, 1.0) if fewer else 0.0

    def drift(
        self,
        kind: DriftKind,
        what: str,
        here: Span,
        there: Span,
        words: Span | None = None,
        severity: Severity = "meaning",
    ) -> Drift:
        """A drift that shows the words of both sides; here those of `words`, if they are given."""
        was, now = self.source.slice(there).split(), self.derivative.slice(words or here).split()
        # Two long quotations may begin alike, and would be cut before they differ.
        differs = (n for n, (a, b) in enumerate(zip(was, now, strict=False)) if a != b)
        alike = next(differs, 0)
        skipped = max(alike - LEAD, 0) if len(" ".join(now[:alike])) > MAX_EXCERPT // 2 else 0
        detail = f"{what}: “{_join(was, skipped)}” → “{_join(now, skipped)}”"
        return Drift(kind, detail, here, there, severity)


def once_per_sentence(function: Callable[[Sentence, Text], R]) -> Callable[[Sentence, Text], R]:
    """Make `function` compute its result once for each sentence of a text, which keeps it."""

    @once_per_text
    def by_begin(_: Text) -> dict[int, R]:
        return {}

    @wraps(function)
    def remembered(sentence: Sentence, text: Text) -> R:
        results = by_begin(text)
        if sentence.begin not in results:
            results[sentence.begin] = function(sentence, text)
        return results[sentence.begin]

    return remembered


def excerpt(text: Text, span: Span | Anchor) -> str:
    """The words of a span on one line, cut where they are many."""
    return _join(text.slice(span).split())


def _join(words: Sequence[str], skipped: int = 0) -> str:
    line = " ".join(["…", *words[skipped:]] if skipped else words)
    return line if len(line) <= MAX_EXCERPT else line[: MAX_EXCERPT - 1] + "…"


def is_same_word(a: str, b: str) -> bool:
    """Whether two folded words are equal or forms of one word."""
    if a == b:
        return True
    if min(len(a), len(b)) < MIN_SOFT_LETTERS:
        return False
    grams, others = _grams(a), _grams(b)
    return 2 * len(grams & others) >= MIN_DICE * (len(grams) + len(others))


@lru_cache(maxsize=MAX_FORMS)
def _grams(form: str) -> frozenset[str]:
    """The character trigrams of a word with its edges; its beginning counts once more."""
    edged = f"<{form}>"
    return frozenset(edged[i : i + 3] for i in range(len(edged) - 2)) | {"^" + form[:4]}


def is_content(form: str, language: str) -> bool:
    """Whether a word says something by itself."""
    return word_rarity(form, language) >= MIN_CONTENT_RARITY


def _content(tokens: Sequence[Token], language: str) -> tuple[int, ...]:
    return tuple(i for i, token in enumerate(tokens) if is_content(token.form, language))


def match_words(ours: Sequence[Token], theirs: Sequence[Token], language: str) -> dict[int, int]:
    """Equal content words first, the k-th with the k-th; then forms of one word."""
    places: dict[str, list[int]] = {}
    for j in _content(theirs, language):
        places.setdefault(theirs[j].form, []).append(j)
    partners: dict[int, int] = {}
    left: list[int] = []
    for i in _content(ours, language):
        same = places.get(ours[i].form)
        if same:
            partners[i] = same.pop(0)
        else:
            left.append(i)
    free = sorted(j for same in places.values() for j in same)
    scale = len(theirs) / max(len(ours), 1)
    for i in left:
        similar = [j for j in free if is_same_word(ours[i].form, theirs[j].form)]
        if similar:
            nearest = min(similar, key=lambda j: abs(j - i * scale))
            partners[i] = nearest
            free.remove(nearest)
    return partners


def span_words(tokens: Sequence[Token], first: int, last: int) -> Span:
    """The span from word `first` to word `last`."""
    return Span(tokens[first].begin, tokens[last].end)


def find_words(tokens: Sequence[Token], begin: int, end: int) -> tuple[int, int]:
    """The words that begin between two offsets, as a half-open range."""
    first = bisect_left(tokens, begin, key=lambda token: token.begin)
    return first, bisect_left(tokens, end, first, key=lambda token: token.begin)


def count_shared_beside(pair: Pair, here: Span, there: Span) -> int:
    """How many of the content words beside a place in the passage stand beside one in the
    sources."""
    ours = _content_beside(pair.ours, here, pair.source.language)
    theirs = _content_beside(pair.theirs, there, pair.source.language)
    return sum(any(is_same_word(a, b) for b in theirs) for a in ours)


def _content_beside(tokens: Sequence[Token], span: Span, language: str) -> list[str]:
    first, after = find_words(tokens, span.begin, span.end)
    near = (*tokens[max(first - BESIDE, 0) : first], *tokens[after : after + BESIDE])
    return [token.form for token in near if is_content(token.form, language)]
