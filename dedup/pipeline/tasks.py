"""What the processes of a comparison do: read articles, encode them, and work out groups of them.

The texts a process reads itself from the spool's file, which it inherits.
"""

import os
import pickle
import sys
from pathlib import Path
from typing import Any, NamedTuple

from dedup.article import Span
from dedup.embed import Encoder, resolve_encoder
from dedup.embed.keep import keep_vectors
from dedup.pipeline.encoding import encode
from dedup.pipeline.groups import STEPS, CandidateGroup, Step
from dedup.pipeline.reading import read_chunk
from dedup.pipeline.spool import Place, read_all, read_article
from dedup.pipeline.texts import RARE_COLLECTIONS, PreparedTexts, Record
from dedup.processes.workers import Workers, serve
from dedup.text import prepare

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


class EncodeTask(NamedTuple):
    """Encode an article, which is at this place, by the encoders of these names."""

    ids: tuple[str]
    place: Place | None
    identified: str
    boilerplate: tuple[Span, ...]
    encoders: tuple[str, ...]

    @property
    def stays(self) -> bool:
        """Whether the article is in no file."""
        return self.place is None


class GroupTask(NamedTuple):
    """Do a step with a group, whose articles are at these places, and have these languages and
    this boilerplate; at the places in `vectors` are those of some of them."""

    ids: tuple[str, ...]
    places: tuple[Place | None, ...]
    group: CandidateGroup
    languages: tuple[str, ...]
    boilerplate: tuple[tuple[Span, ...], ...]
    step: Step
    vectors: tuple[tuple[int, int], ...] = ()

    @property
    def stays(self) -> bool:
        """Whether one of the articles is in no file."""
        return None in self.places


class Setup(NamedTuple):
    """What a process needs before it compares texts: the encoder, and the folder in which its
    vectors are kept."""

    encoder: str | Encoder | None
    folder: Path | None = None


def start_workers(count: int, spool: int) -> Workers:
    """`count` processes that read articles from the file with the descriptor `spool`."""
    return Workers(count, START, [str(spool)], [spool])


def work() -> None:
    """Do the tasks that come from standard input until it ends."""
    spool, encoder = int(sys.argv[1]), None
    RARE_COLLECTIONS.begin()

    def answer(task: ReadTask | EncodeTask | GroupTask | Setup) -> Any:
        nonlocal encoder
        if isinstance(task, Setup):
            encoder = resolve_encoder(task.encoder)
            if encoder is not None and task.folder is not None:
                encoder = keep_vectors(encoder, task.folder)
            return None
        return do(task, encoder, spool)

    serve(answer)


def do(task: ReadTask | EncodeTask | GroupTask, encoder: Encoder | None, spool: int) -> Any:
    """The answer to a task."""
    if isinstance(task, EncodeTask):
        assert encoder is not None
        assert task.place is not None
        text = prepare(read_article(spool, task.place), task.identified, task.boilerplate)
        return encode(text, task.encoders, encoder)
    places = [place for place in task.places if place is not None]  # those without stay at home
    if isinstance(task, ReadTask):
        texts = [read_article(spool, place).text for place in places]
        return read_chunk(texts, compiled=task.compiled, threads=1)
    known = zip(places, task.languages, task.boilerplate, strict=True)
    records = dict(zip(task.group.articles, known, strict=True))

    def load(i: int) -> Record:
        place, language, boilerplate = records[i]
        return Record(read_article(spool, place), language, boilerplate)

    return STEPS[task.step](task.group, PreparedTexts(load), with_vectors(encoder, task, spool))


def with_vectors(encoder: Encoder | None, task: GroupTask, spool: int) -> Encoder | None:
    """The encoder, which has the vectors that were made for a task."""
    if encoder is None or not task.vectors:
        return encoder
    parts = (pickle.loads(read_all(spool, *place)) for place in task.vectors)
    return keep_vectors(encoder, {key: own for part in parts for key, own in part.items()})
