"""Prepared texts: those of articles by number, made when they are first asked for.

The last texts asked for are kept, so that each is prepared once while its pairs are related, and
a collection far larger than memory can pass.
"""

import gc
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import NamedTuple

from dedup.article import Article, Span
from dedup.attribution import Attribution
from dedup.derive import Member, make_member
from dedup.text import Text, prepare

MAX_TEXTS = 500  # prepared texts in memory, of about 150 KB each
# How many times Python looks for garbage among younger objects before it does among all.
MIN_YOUNGER = 1_000


class Record(NamedTuple):
    """An article, its language, and what in it is boilerplate by what other articles have."""

    article: Article
    language: str
    boilerplate: tuple[Span, ...]


class RareCollections:
    """From a `begin` to its `end`, Python seldom looks through all objects for garbage.

    Prepared texts are half a million small objects and no garbage: of 4,000 articles that were
    compared in 38 s, looking through them again and again took 4.2.
    """

    def __init__(self) -> None:
        self._lock, self._begun, self._before = Lock(), 0, gc.get_threshold()

    def begin(self) -> None:
        """Let garbage be, until all who have begun have ended."""
        with self._lock:
            if not self._begun:
                self._before = young, middle, old = gc.get_threshold()
                gc.set_threshold(young, middle, max(old, MIN_YOUNGER))
            self._begun += 1

    def end(self) -> None:
        """Collect as before, unless others have begun too."""
        with self._lock:
            self._begun -= 1
            if not self._begun:
                gc.set_threshold(*self._before)


RARE_COLLECTIONS = RareCollections()  # one for the process, as its collector is


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
