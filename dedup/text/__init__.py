"""The text of an article, taken apart without being changed.

Comes in: an `Article`. Goes out: a `Text`: its language, paragraphs with hard wraps undone,
sentences, words, anchors (names and numbers) and page furniture, each with exact offsets
into the article's text. Everything to the right of here reads a `Text`, never raw strings.
It judges nothing about other articles.
"""

from functools import cache

from dedup.article import Article
from dedup.text.anchors import find_anchors
from dedup.text.language import identify
from dedup.text.layout import lay_out
from dedup.text.model import Anchor, Block, Sentence, Text, Token, once_per_text, same_language
from dedup.text.sentences import split_sentences

__all__ = [
    "Anchor",
    "Block",
    "Sentence",
    "Text",
    "Token",
    "once_per_text",
    "prepare",
    "same_language",
]


def prepare(article: Article, identified: str | None = None) -> Text:
    """Take `article` apart: language, paragraphs, sentences, words, anchors, furniture."""
    language = _declared(article.language) or identified or identify(article.text)
    blocks = lay_out(article.text, article.title)
    sentences = split_sentences(article.text, blocks, language)
    return Text(article, language, blocks, find_anchors(article.text, sentences, language))


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
