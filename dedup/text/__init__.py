"""The text of an article, taken apart without being changed.

Comes in: an `Article`. Goes out: a `Text`: its language, paragraphs with hard wraps undone,
sentences, words, anchors (names and numbers) and page furniture, each with exact offsets
into the article's text. Everything to the right of here reads a `Text`, never raw strings.
It judges nothing about other articles.
"""

from dataclasses import dataclass
from functools import cache

from dedup.article import Article, Span
from dedup.text.anchors import Anchor, find_anchors
from dedup.text.language import UNKNOWN, identify
from dedup.text.layout import Block, lay_out
from dedup.text.sentences import Sentence, Token, split_sentences

__all__ = ["Anchor", "Block", "Sentence", "Text", "Token", "prepare", "same_language"]


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """One article taken apart. All offsets point into `article.text`.

    `blocks` are the paragraphs, headings, bullets and pieces of furniture in order of
    appearance; `sentences` the units that alignment works on, furniture included.
    """

    article: Article
    language: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]

    def __eq__(self, other: object) -> bool:
        """Whether the articles are equal: whatever else is here follows from them."""
        return isinstance(other, Text) and self.article == other.article

    def __hash__(self) -> int:
        """That of the article."""
        return hash(self.article)

    @property
    def prose(self) -> tuple[Sentence, ...]:
        """The sentences that are not page furniture."""
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


def prepare(article: Article) -> Text:
    """Take `article` apart: language, paragraphs, sentences, words, anchors, furniture."""
    language = _declared(article.language) or identify(article.text)
    blocks = lay_out(article.text, article.title)
    sentences = split_sentences(article.text, blocks, language)
    return Text(article, language, blocks, find_anchors(article.text, sentences, language))


def same_language(a: Text, b: Text) -> bool:
    """Whether two texts are in one language; a text without letters is in any."""
    return a.language == b.language or UNKNOWN in (a.language, b.language)


def _declared(language: str | None) -> str | None:
    """The shortest code of the language at the head of "en-US", "pt_BR", "deu"; else none."""
    code = (language or "").replace("_", "-").partition("-")[0].strip().lower()
    if not (code.isascii() and code.isalpha() and len(code) in (2, 3)):
        return None
    return _shortest(code)


@cache
def _shortest(code: str) -> str:
    """ISO 639-1 where it has the language: "de" for "deu" and "ger", "he" for the old "iw"."""
    from langcodes import standardize_tag  # 50 ms to import: only when a language is declared

    return str(standardize_tag(code))
