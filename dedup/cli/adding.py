"""Adding: articles that are read, put into an index block by block.

Comes in: an index and articles. Goes out: counts, and a line for each article that was refused,
because its id stands for another text or can be none. The rest goes on.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from dedup.errors import DedupError, InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.index import Index
    from dedup.readers import Reading

ID_SHOWN = 200


class Added:
    """What has become of the articles that were to be added, as far as it is kept for good."""

    def __init__(self) -> None:
        self.done = self.fresh = self.known = self.replaced = 0
        self.refused: list[str] = []

    def add(self, index: "Index", block: list["Article"], update: bool) -> None:
        """Add a block in one go; where there is something to decide, one by one."""
        size = len(block)
        block = [article for article in block if not _otherwise_named(index, article)]
        replaced, refused = 0, list[str]()
        try:
            if update:
                fresh, replaced, refused = _one_by_one(index, block, update)
            else:
                fresh = index.add_many(block, commit_every=size)
        except InputError:
            fresh, replaced, refused = _one_by_one(index, block, update)
        self.done += size
        self.fresh += fresh
        self.replaced += replaced
        self.known += size - fresh - replaced - len(refused)
        self.refused += refused


def blocks(reading: "Reading", most: int) -> Iterator[list["Article"]]:
    """The articles in blocks; what was read before an error stops the reading is a block too."""
    while True:
        block: list[Article] = []
        try:
            for article in islice(reading, most):
                block.append(article)
        except DedupError:
            if block:
                yield block
            raise
        if not block:
            return
        yield block


def _otherwise_named(index: "Index", article: "Article") -> bool:
    """Whether the article of a file is there under the other name that it may have: a file goes
    by its stem or, where two have one stem, by its path. That depends on what else is read, so
    that a folder which has grown may call its files otherwise than yesterday."""
    from dedup.readers.files import stem

    path = article.extra.get("path")
    if not isinstance(path, str):
        return False
    short = stem(path)
    for name, other in ((path, short), (short, path)):
        if article.id.startswith(name):
            there = index.get(other + article.id.removeprefix(name))
            if there is None or there.extra.get("path") != path:
                return False
            return there.text == article.text
    return False


def _one_by_one(index: "Index", block: list["Article"], update: bool) -> tuple[int, int, list[str]]:
    """How many articles were new, how many replaced another, and why others were refused."""
    fresh, replaced, refused = 0, 0, []
    with index.batch():
        for article in block:
            try:
                there = index.get(article.id) if update else None
                if there and _differ(there, article):
                    index.update(article)
                    replaced += 1
                else:
                    fresh += index.add(article)
            except InputError as error:
                refused.append(refusal(article, error, index))
    return fresh, replaced, refused


def _differ(there: "Article", article: "Article") -> bool:
    """Whether two articles of one id differ in more than the place that they were read from."""
    names = ("text", "title", "url", "publisher", "published", "language", "byline")
    return any(getattr(there, name) != getattr(article, name) for name in names)


def refusal(article: "Article", error: InputError, index: "Index") -> str:
    """Why an article was not added, with the place that it was read from."""
    from dedup.phrasing import shorten

    extra = article.extra
    where = ":".join(str(extra[key]) for key in ("path", "line") if key in extra) or article.id
    if article.id in index:
        name = shorten(article.id, ID_SHOWN)
        return f"{where}: {name!r} is in {index.place} with another text; --update replaces it"
    return f"{where}: {error}"
