"""The text of an article, split into its parts without being changed.

A `Text` has the language, paragraphs with hard wraps undone, sentences, words, anchors (names and
numbers) and boilerplate, each with exact offsets into the article's text. All later steps
read a `Text`, never raw strings. Articles are not compared here.
"""

from dedup.article import Article
from dedup.text.anchors import find_anchors
from dedup.text.language import identify, shortest_code
from dedup.text.layout import lay_out
from dedup.text.model import Anchor, Sentence, Text, Token, same_language
from dedup.text.sentences import split_sentences

__all__ = ["Anchor", "Sentence", "Text", "Token", "prepare", "same_language"]


def prepare(article: Article, identified: str | None = None) -> Text:
    """Split `article` into paragraphs, sentences, words and anchors.

    The language is the declared one, else the one `identified` earlier, else it is identified.
    """
    language = shortest_code(article.language) or identified or identify(article.text)
    blocks = lay_out(article.text, article.title)
    sentences = split_sentences(article.text, blocks, language)
    return Text(article, language, blocks, find_anchors(article.text, sentences, language))
