"""What the processes of a comparison do: read articles, and work out groups of them.

The texts a process reads itself from the spool's file, which it inherits.
"""

import os
import sys
from typing import Any, NamedTuple

from dedup.article import Span
from dedup.embed import Encoder, resolve_encoder
from dedup.pipeline.groups import STEPS, CandidateGroup, Step
from dedup.pipeline.reading import read_chunk
from dedup.pipeline.spool import Place, read_article
from dedup.pipeline.texts import RARE_COLLECTIONS, PreparedTexts, Record
from dedup.processes.workers import Workers, serve

# Whether processes can share a file that has no name.
CAN_SHARE = hasattr(os, "pread")

START = "from dedup.pipeline.tasks import work; work()"


class ReadTask(NamedTuple):
    """Read these articles; `compiled` as for `dedup.sketch.sketch`."""

    ids: tuple[str, ...]
    places: tuple[Place | None, ...]
    compiled: bool | None

    @property
    def stays(self) -> bool:
        """Whether one of the articles is in no file."""
        return None in self.places


class GroupTask(NamedTuple):
    """Do a step with a group, whose articles are at these places, and have these languages and
    this boilerplate."""

    ids: tuple[str, ...]
    places: tuple[Place | None, ...]
    group: CandidateGroup
    languages: tuple[str, ...]
    boilerplate: tuple[tuple[Span, ...], ...]
    step: Step

    @property
    def stays(self) -> bool:
        """Whether one of the articles is in no file."""
        return None in self.places


class Setup(NamedTuple):
    """What a process needs before it compares texts."""

    encoder: str | Encoder | None


def start_workers(count: int, spool: int) -> Workers:
    """`count` processes that read articles from the file with the descriptor `spool`."""
    return Workers(count, START, [str(spool)], [spool])


def work() -> None:
    """Do the tasks that come from standard input until it ends."""
    spool, encoder = int(sys.argv[1]), None
    RARE_COLLECTIONS.begin()

    def answer(task: ReadTask | GroupTask | Setup) -> Any:
        nonlocal encoder
        if isinstance(task, Setup):
            encoder = resolve_encoder(task.encoder)
            return None
        return do(task, encoder, spool)

    serve(answer)


def do(task: ReadTask | GroupTask, encoder: Encoder | None, spool: int) -> Any:
    """The answer to a task."""
    places = [place for place in task.places if place is not None]  # those without stay at home
    if isinstance(task, ReadTask):
        texts = [read_article(spool, place).text for place in places]
        return read_chunk(texts, compiled=task.compiled, threads=1)
    known = zip(places, task.languages, task.boilerplate, strict=True)
    records = dict(zip(task.group.articles, known, strict=True))

    def load(i: int) -> Record:
        place, language, boilerplate = records[i]
        return Record(read_article(spool, place), language, boilerplate)

    return STEPS[task.step](task.group, PreparedTexts(load), encoder)
