"""Adding articles to an index block by block, and checking them on the way.

An article whose id stands for another text, or that has no usable id, is refused with the place
it was read from; the rest goes on.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError, InputError

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.index import Index
    from dedup.readers import Reading
    from dedup.report.view import Answer

CHECK_BLOCK = 100  # articles between two commits, after which their verdicts are printed
MAX_ID = 200  # characters of an id in a message


class Added:
    """What has become of the articles that were to be added, as far as it is committed."""

    def __init__(self) -> None:
        self.done = self.fresh = self.replaced = 0
        self.refused: list[str] = []

    def add(self, index: "Index", block: list["Article"], update: bool) -> None:
        """Add a block in one go; where there is something to decide, one by one."""
        new = [article for article in block if not has_other_name(index, article)]
        fresh, replaced, refused = None, 0, list[str]()
        if not update:
            with suppress(InputError):
                fresh = index.add_many(new, commit_every=len(block))
        if fresh is None:
            fresh, replaced, refused = add_one_by_one(index, new, update)
        self.done += len(block)
        self.fresh += fresh
        self.replaced += replaced
        self.refused += refused

    def summary(self, place: str) -> str:
        """What was done, in a line."""
        from dedup.phrasing import pluralize

        known = self.done - self.fresh - self.replaced - len(self.refused)
        counts = {"replaced": self.replaced, "already there": known, "not added": len(self.refused)}
        others = [f"{number:,} {what}" for what, number in counts.items() if number]
        return ", ".join([f"{pluralize(self.fresh, 'article')} added to {place}", *others])


def read_blocks(reading: "Reading", size: int) -> Iterator[list["Article"]]:
    """The articles in blocks; what was read before an error stops the reading is a block too."""
    while True:
        block: list[Article] = []
        try:
            for article in islice(reading, size):
                block.append(article)
        except DedupError:
            if block:
                yield block
            raise
        if not block:
            return
        yield block


def check_all(
    index: "Index", reading: "Reading", adds: bool, window: dict[str, Any], refused: list[str]
) -> Iterator["Answer"]:
    """Check each article; if it is then added, its answer comes once that is committed."""
    from dedup.report.view import Answer

    if not adds:
        yield from (Answer(index.check(article, **window)) for article in reading)
        return
    for block in read_blocks(reading, CHECK_BLOCK):
        answers = []
        with index.batch():
            for article in block:
                known = article.id in index
                try:
                    verdict = index.check_and_add(article, **window)
                except InputError as error:
                    refused.append(explain_refusal(article, error, index))
                    answers.append(Answer(index.check(article, **window), "refused"))
                else:
                    answers.append(Answer(verdict, "known" if known else "added"))
        yield from answers


def has_other_name(index: "Index", article: "Article") -> bool:
    """Whether the article of a file is in the index under the other name that it may have.

    A file goes by its stem or, where two files have one stem, by its path. That depends on what
    else is read, so that a folder which has grown may name its files differently from yesterday.
    """
    from dedup.readers.discover import stem

    path = article.extra.get("path")
    if not isinstance(path, str):
        return False
    short = stem(path)
    for name, other in ((path, short), (short, path)):
        if article.id.startswith(name):
            known = index.get(other + article.id.removeprefix(name))
            if known is None or known.extra.get("path") != path:
                return False
            return known.text == article.text
    return False


def add_one_by_one(
    index: "Index", block: list["Article"], update: bool
) -> tuple[int, int, list[str]]:
    """How many articles were new, how many replaced another, and why others were refused."""
    fresh, replaced, refused = 0, 0, []
    with index.batch():
        for article in block:
            try:
                known = index.get(article.id) if update else None
                if known and replace(known, extra=article.extra) != article:
                    index.update(article)
                    replaced += 1
                else:
                    fresh += index.add(article)
            except InputError as error:
                refused.append(explain_refusal(article, error, index))
    return fresh, replaced, refused


def explain_refusal(article: "Article", error: InputError, index: "Index") -> str:
    """Why an article was not added, with the place that it was read from."""
    from dedup.phrasing import shorten

    extra = article.extra
    where = ":".join(str(extra[key]) for key in ("path", "line") if key in extra) or article.id
    if article.id in index:
        name = shorten(article.id, MAX_ID)
        return f"{where}: {name!r} is in {index.place} with another text; --update replaces it"
    return f"{where}: {error}"
