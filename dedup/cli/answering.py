"""Answering: what an index says of articles, told as it becomes known.

Comes in: an index and articles that are read. Goes out: `Answer`s one by one, and lines of them.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.cli.adding import blocks, refusal
from dedup.cli.output import deliver, to_file
from dedup.errors import InputError

if TYPE_CHECKING:
    from dedup.index import Index
    from dedup.readers import Reading
    from dedup.report.index_documents import Answer

CHECKED_AT_ONCE = 100  # articles between two commits, after which their verdicts are told


def answers(
    index: "Index",
    reading: "Reading",
    adds: bool,
    window: dict[str, Any],
    refused: list[str],
) -> Iterator["Answer"]:
    """What the index says of each article; of one that is then added, once it is kept."""
    from dedup.report.index_documents import Answer

    if not adds:
        yield from (Answer(index.check(article, **window)) for article in reading)
        return

    for block in blocks(reading, CHECKED_AT_ONCE):
        told = []
        with index.batch():
            for article in block:
                known = article.id in index
                try:
                    verdict = index.check_and_add(article, **window)
                except InputError as error:
                    refused.append(refusal(article, error, index))
                    told.append(Answer(index.check(article, **window), "refused"))
                else:
                    told.append(Answer(verdict, "known" if known else "added"))
        yield from told


class Counted(Iterator["Answer"]):
    """The answers, counted as they are taken."""

    def __init__(self, answers: Iterator["Answer"], bar: Callable[[int], None]) -> None:
        self.done = self.matched = 0
        self._answers, self._bar = answers, bar

    def __next__(self) -> "Answer":
        answer = next(self._answers)
        self.done += 1
        self.matched += bool(answer.verdict.matches)
        self._bar(self.done)
        return answer


def lines(answers: Iterable["Answer"], reading: "Reading") -> Iterator[str]:
    from dedup.report.index_documents import answer_line, problem_line

    yield from map(answer_line, answers)
    yield from map(problem_line, reading.problems)


def stream(told: Iterable[str], output: Path | None) -> None:
    """Write each line as soon as it is there."""
    if output is None or not to_file(output):
        for line in told:
            deliver(line, None, False)
        return
    try:
        with output.open("w", encoding="utf-8", newline="\n", buffering=1) as file:
            file.writelines(told)
    except OSError as error:
        raise InputError(f"{output}: {error.strerror or error}") from None
