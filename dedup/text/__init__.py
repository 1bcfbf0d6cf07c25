"""The text of an article, split into its parts without being changed.

A `Text` has the language, paragraphs with hard wraps undone, sentences, words, anchors (names and
numbers) and boilerplate, each with exact offsets into the article's text. All later steps
read a `Text`, never raw strings. Articles are not compared here.
"""

from collections.abc import Sequence

from dedup.article import Article, Span
from dedup.text.anchors import find_anchors
from dedup.text.boilerplate import mark_blocks, mark_boilerplate
from dedup.text.language import identify, shortest_code
from dedup.text.layout import lay_out
from dedup.text.model import Anchor, Sentence, Text, Token, is_too_short, same_language
from dedup.text.sentences import split_sentences

__all__ = [
    "Anchor",
    "Sentence",
    "Text",
    "Token",
    "find_language",
    "is_too_short",
    "prepare",
    "same_language",
]


def find_language(article: Article, identified: str | None = None) -> str:
    """The language that an article declares, else the one `identified` earlier, else the one that
    is identified now."""
    return shortest_code(article.language) or identified or identify(article.text)


def prepare(
    article: Article, identified: str | None = None, boilerplate: Sequence[Span] = ()
) -> Text:
    """Split `article` into paragraphs, sentences, words and anchors.

    `identified` is its language if it was identified earlier.
    `boilerplate` are stretches that the article shares with unrelated ones, in order.
    """
    language = find_language(article, identified)
    blocks = lay_out(article.text, article.title)
    sentences = split_sentences(article.text, blocks, language)
    sentences = mark_boilerplate(article.text, sentences, boilerplate)
    blocks = mark_blocks(blocks, sentences)
    return Text(article, language, blocks, find_anchors(article.text, sentences, language))
