"""The articles of one comparison, by number, and what is known of each.

Sketches of all articles stay in memory, prepared texts come and go, so that a collection far
larger than memory can pass. Articles are numbered in the order of their ids: so nothing depends
on the order in which they were read. What is known of pairs is in `relations`.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Member, make_member
from dedup.pipeline.boilerplate import Pieces, find_shared_boilerplate, without
from dedup.pipeline.spool import Spool
from dedup.sketch import Sketches, raw_sketch, replace_rows, weigh
from dedup.sketch.plain import hash_texts
from dedup.text import Text, prepare
from dedup.text.language import identify
from dedup.text.model import UNKNOWN
from dedup.text.words import Hashes

# Called as the work goes on, with the stage, how much of it is done, and how much there is (0
# where nobody knows).
Progress = Callable[[str, int, int], None]

MAX_TEXTS = 500  # prepared texts in memory, of about 150 KB each
# A language counts where this share of a collection is in it: of a thousand articles in one
# language a few are taken for another, and comparing across costs 10 ms for every article.
MIN_LANGUAGE_SHARE = 0.002


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


class Collection:
    """The articles of one comparison by number, in the order of their ids.

    `languages` are those of the collection. `attributions` and `text_languages` have, by id,
    those of the articles that were looked at.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        *,
        threads: int | None = None,
        progress: Progress = silent,
    ) -> None:
        self.spool = Spool()
        self._identified: list[str] = []  # the language of each article as it was read
        pieces = Pieces()
        texts = self.identify(self.spool.fill(articles), progress, pieces)
        raw = raw_sketch(texts, threads=threads)
        self.order = sorted(range(len(self.spool)), key=self.spool.ids.__getitem__)
        self._boilerplate = find_shared_boilerplate(
            pieces, self.order, lambda n: (self.spool[n], self._identified[n])
        )
        stories = (without(self.spool[n].text, spans) for n, spans in self._boilerplate.items())
        raw = replace_rows(raw, list(self._boilerplate), raw_sketch(stories, threads=threads))
        self.sketches = Sketches(
            raw.signatures, weigh(raw), raw.words, raw.runs, raw.run_sizes
        ).reordered(np.array(self.order, dtype=np.int64))
        counts = Counter(self._identified)
        enough = max(1.0, MIN_LANGUAGE_SHARE * counts.total())
        self.languages = frozenset(
            language for language, n in counts.items() if language != UNKNOWN and n >= enough
        )
        self._texts: OrderedDict[int, Text] = OrderedDict()
        self.text_languages: dict[str, str] = {}
        self.attributions: dict[str, tuple[Attribution, ...]] = {}

    def identify(self, texts: Iterable[str], progress: Progress, pieces: Pieces) -> Iterator[str]:
        """The texts again, once their languages and pieces are known."""
        for done, text in enumerate(texts):
            progress("read", done, 0)
            self._identified.append(identify(text))
            pieces.add(text)
            yield text

    def __len__(self) -> int:
        return len(self.order)

    def id(self, i: int) -> str:
        return self.spool.ids[self.order[i]]

    def article(self, i: int) -> Article:
        return self.spool[self.order[i]]

    def words(self, i: int) -> Hashes:
        """The hashes of an article's words, boilerplate apart, as they were sketched."""
        n = self.order[i]
        return hash_texts([without(self.spool[n].text, self._boilerplate.get(n, ()))])[0]

    def text(self, i: int) -> Text:
        """The prepared text of an article; the last ones asked for are kept."""
        text = self._texts.get(i)
        if text is None:
            n = self.order[i]
            text = prepare(self.spool[n], self._identified[n], self._boilerplate.get(n, ()))
            self.text_languages[text.article.id] = text.language
            self._texts[i] = text
            if len(self._texts) > MAX_TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(i)
        return text

    def prepared(self, i: int) -> Text | None:
        """The prepared text of an article if it is in memory."""
        return self._texts.get(i)

    def member(self, i: int) -> Member:
        """An article with its publisher and the outlets that it names."""
        member = make_member(self.text(i))
        self.attributions[member.id] = member.attributions
        return member
