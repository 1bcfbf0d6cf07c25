"""Prepared texts: those of articles by number, made when they are first asked for.

The last texts asked for are kept, so that each is prepared once while its pairs are related, and
a collection far larger than memory can pass.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from dedup.article import Article, Span
from dedup.attribution import Attribution
from dedup.derive import Member, make_member
from dedup.text import Text, prepare

MAX_TEXTS = 500  # prepared texts in memory, of about 150 KB each


class Record(NamedTuple):
    """An article, its language, and what in it is boilerplate by what other articles have."""

    article: Article
    language: str
    boilerplate: tuple[Span, ...]


class PreparedTexts:
    """The articles that `load` gives by number. `languages` and `attributions` have, by id, those
    of the articles that were looked at."""

    def __init__(self, load: Callable[[int], Record]) -> None:
        self.load = load
        self._texts: OrderedDict[int, Text] = OrderedDict()
        self.languages: dict[str, str] = {}
        self.attributions: dict[str, tuple[Attribution, ...]] = {}

    def text(self, i: int) -> Text:
        """The prepared text of an article; the last ones asked for are kept."""
        text = self._texts.get(i)
        if text is None:
            text = prepare(*self.load(i))
            self.languages[text.article.id] = text.language
            self._texts[i] = text
            if len(self._texts) > MAX_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(i)
        return text

    def id(self, i: int) -> str:
        """The id of an article."""
        known = self.prepared(i)
        return known.article.id if known else self.load(i).article.id

    def prepared(self, i: int) -> Text | None:
        """The prepared text of an article if it is in memory."""
        return self._texts.get(i)

    def member(self, i: int) -> Member:
        """An article with its publisher and the outlets that it names."""
        member = make_member(self.text(i))
        self.attributions[member.id] = member.attributions
        return member
