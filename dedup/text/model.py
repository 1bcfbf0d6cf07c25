"""The parts of a text: blocks, sentences, tokens and anchors, and the `Text` that holds them.

Every span is a pair of half-open code-point offsets into the article's text as given. This is
plain data; the modules beside this one find the parts.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Literal, NamedTuple, ParamSpec, TypeVar

from dedup.article import Article, Span

UNKNOWN = "und"  # the language of a text without letters, or with too few words to identify it

# One language to a reader, and to an identifier a matter of chance.
SERBO_CROATIAN = frozenset({"bs", "cnr", "hr", "sh", "sr"})

MIN_JUDGED = 5  # words: fewer make no shingle, and stand in many articles by chance

Form = Literal["prose", "headline", "heading", "bullet", "caption", "furniture"]


class Token(NamedTuple):
    """One word: where it is, and its folded form (lower case, no accents)."""

    begin: int
    end: int
    form: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name or a number, on which two articles about one event must agree.

    `value` is the normal form: folded words of a name joined by a space ("kim jong un"),
    a number as its value and unit ("11000", "60 km", "03-26", "2025-03-26").
    """

    begin: int
    end: int
    kind: Literal["name", "number"]
    value: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, bullet or piece of boilerplate: lines that belong together.

    `parts` has more than one span where boilerplate interrupts a sentence that goes on after it.
    """

    begin: int
    end: int
    parts: tuple[Span, ...]
    form: Form


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, bullet, heading, headline or piece of boilerplate.

    `begin` and `end` enclose all of it. `parts` are the stretches that really belong to it: more
    than one where boilerplate (a bare link, an advertisement) interrupts it. `block` is the
    index of its block in `Text.blocks`.
    """

    begin: int
    end: int
    parts: tuple[Span, ...]
    form: Form
    block: int
    tokens: tuple[Token, ...]
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One article split into its parts. All offsets point into `article.text`.

    `blocks` are the paragraphs, headings, bullets and pieces of boilerplate in order of
    appearance; `sentences` the units that alignment works on, boilerplate included.
    """

    article: Article
    language: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    _memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __eq__(self, other: object) -> bool:
        """Whether the articles are equal: whatever else is here follows from them."""
        return isinstance(other, Text) and self.article == other.article

    def __hash__(self) -> int:
        """That of the article."""
        return hash(self.article)

    @property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences that are not boilerplate."""
        return tuple(s for s in self.sentences if s.form != "furniture")

    @property
    def furniture(self) -> tuple[Sentence, ...]:
        """Navigation, bylines, captions' credits, "read more", forms."""
        return tuple(s for s in self.sentences if s.form == "furniture")

    @property
    def anchors(self) -> tuple[Anchor, ...]:
        """The names and numbers of the prose, in order of appearance."""
        return tuple(anchor for s in self.prose for anchor in s.anchors)

    def slice(self, span: Span | Sentence | Token | Anchor | Block) -> str:
        """The words that `span` covers, exactly as the article has them."""
        return self.article.text[span.begin : span.end]


P = ParamSpec("P")
R = TypeVar("R")


def once_per_text(function: Callable[Concatenate[Text, P], R]) -> Callable[Concatenate[Text, P], R]:
    """Make `function` compute its result once for each text, which keeps it as long as it lives.

    Further arguments are part of the key, so they must be hashable.
    """

    @wraps(function)
    def remembered(text: Text, /, *arguments: P.args, **named: P.kwargs) -> R:
        key = (function, arguments, *sorted(named.items()))
        if key not in text._memo:
            text._memo[key] = function(text, *arguments, **named)
        result: R = text._memo[key]
        return result

    return remembered


def same_language(a: Text, b: Text) -> bool:
    """Whether two texts are in one language; a text in an unknown language is in any."""
    return are_one_language({a.language, b.language})


def are_one_language(languages: Set[str]) -> bool:
    """Whether these are names of one language."""
    return len(languages) == 1 or UNKNOWN in languages or languages <= SERBO_CROATIAN


def is_too_short(text: Text) -> bool:
    """Whether a text has too few words, boilerplate apart, for anybody to say where it is from."""
    return sum(len(sentence.tokens) for sentence in text.prose) < MIN_JUDGED
