"""The main job on many machines: what shares a source text, who has it from whom, what was reused.

As `dedup.compare`, whose result this is, to the last bit, of the articles in the order of their
ids: `SparkComparison` is a `Comparison` that has the two steps that work on texts one by one
done by executors, which are handed plain data. They read the texts, and they relate and derive
group by group. Between the two the driver decides which pairs are worth it, for that needs all
articles at once; it keeps what that takes, and the texts, packed, in temporary files.
"""

import pickle
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dedup.embed import DEFAULT_ENCODER, Encoder
from dedup.errors import InputError
from dedup.extras import require
from dedup.pipeline.collection import Collection, Progress
from dedup.pipeline.compare import Attributed, Comparison
from dedup.pipeline.groups import CandidateGroup, GroupFindings, Step
from dedup.pipeline.reading import FIELDS, Chunk, Chunks, Digests
from dedup.pipeline.result import Result
from dedup.pipeline.spool import Spool, read_all
from dedup.pipeline.storage import Storage
from dedup.pipeline.tasks import GroupTask
from dedup.processes.workers import can_send
from dedup.spark.batches import BLOBS, make_batch, read_batches, work_out_batches
from dedup.spark.frames import choose_columns, expect_frame, explain_faults, storage_level

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

STRINGS = tuple(name for name in FIELDS if name != "published")
# Groups that are sent at once: so many bytes of packed texts, or pairs, which take 40 ms each. Two
# such waves are under way, so that no executor waits for the last group of one.
MAX_WAVE_BYTES, MAX_WAVE_PAIRS = 64_000_000, 50_000
WAVES = 2
CORES = 64  # where nobody knows: more parts than cores cost little
PARTS = 4  # of a wave, for each core: large groups are dealt out first


@dataclass(frozen=True)
class SparkResult:
    """What `compare` finds, as frames: `clusters`, a row for each member of each; `relations`, one
    for each pair that was related; `edges`, who took it from whom. Their columns are those of the
    tables of `result`, which is what `dedup.compare` returns."""

    clusters: "DataFrame"
    relations: "DataFrame"
    edges: "DataFrame"
    result: Result


def compare(
    df: "DataFrame",
    *,
    pairs: "DataFrame | None" = None,
    attributed: Attributed | None = None,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
    progress: Progress | None = None,
    **columns: str,
) -> SparkResult:
    """Find which articles share a source text, which derives from which, and what was reused.

    `df` has a row for each article: `id` and `text`, strings, and as far as there are such columns
    `title`, `url`, `publisher`, `published` (a date, a timestamp or a string), `language` and
    `byline`; `text="body"` says what a column is called. The other arguments are those of
    `dedup.compare`; `pairs` is a frame with columns `a` and `b`. Raises `InputError` where a row
    is no article, or two have one id.
    """
    with SparkComparison(
        df, columns, pairs=pairs, attributed=attributed, encoder=encoder, progress=progress
    ) as comparison:
        result = comparison.run()
    make = df.sparkSession.createDataFrame
    tables = (result.clusters_table(), result.pairs_table(), result.edges_table())
    clusters, relations, edges = map(make, tables)
    return SparkResult(clusters, relations, edges, result)


class SparkComparison(Comparison):
    """A comparison under way (see `Comparison`) of the rows of a frame, whose columns for some
    fields of an article are called `columns`."""

    def __init__(
        self,
        df: "DataFrame",
        columns: dict[str, str],
        *,
        pairs: "DataFrame | None",
        attributed: Attributed | None,
        encoder: Encoder | str | None,
        progress: Progress | None,
    ) -> None:
        if strange := sorted(set(columns) - set(FIELDS)):
            raise InputError(f"an article has no {strange[0]!r}; it has {', '.join(FIELDS)}")
        there = {"id", "text", *expect_frame(df).columns}
        known = {name: name for name in FIELDS if name in there}
        self.rows = choose_columns(df, known | columns, STRINGS)
        given = None
        if pairs is not None:
            ends = choose_columns(pairs, {"a": "a", "b": "b"}, ("a", "b"))
            given = ends.toArrow()
        super().__init__(
            (), pairs=given, attributed=attributed, encoder=encoder, threads=1, progress=progress
        )

    def collect(self) -> Collection:
        """Have the articles read."""
        with explain_faults():
            return SparkCollection(self.rows, progress=self._progress, storage=self._storage)

    def run(self) -> Result:
        """What is found: the articles are listed in the order of their ids."""
        result = super().run()
        articles = result.articles
        return replace(
            result, articles=articles.sort() if isinstance(articles, Spool) else articles
        )

    def find_in_groups(
        self,
        step: Step,
        groups: Sequence[CandidateGroup],
        collection: Collection,
        model: Encoder | None,
    ) -> Iterator[GroupFindings]:
        """The findings of each group in order, by the executors."""
        named = self.name_model(model)
        if not can_send(named):
            raise InputError(f"the encoder {named!r:.80} cannot be sent to executors; name it")
        spark = self.rows.sparkSession
        parts = PARTS * count_cores(spark)

        def ask(wave: Sequence[GroupTask]) -> list[GroupFindings]:
            """The findings of some groups."""
            arrow = require("pyarrow", "spark")
            dealt = [wave[n::parts] for n in range(min(parts, len(wave)))]
            rows = [make_batch(BLOBS, arrow.array([n], arrow.int32()), [pickle.dumps(part)])
                    for n, part in enumerate(dealt)]  # fmt: skip
            tasks = spark.createDataFrame(arrow.Table.from_batches(rows), BLOBS)
            found: dict[int, bytes] = dict(
                tasks.mapInArrow(work_out_batches(named), BLOBS).collect()
            )
            answers = [pickle.loads(found[n]) for n in range(len(dealt))]
            return [answers[n % parts][n // parts] for n in range(len(wave))]

        with explain_faults(), ThreadPoolExecutor(WAVES) as pool:
            waiting: deque[Future[list[GroupFindings]]] = deque()
            for wave in split_waves(collection.task(group, step) for group in groups):
                waiting.append(pool.submit(ask, pack_texts(wave, collection.spool)))
                if len(waiting) > WAVES:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()


class SparkCollection(Collection):
    """The articles of a frame (as `choose_columns` makes it), read by executors."""

    def read(self, articles: Any, *, progress: Progress, storage: Storage, **_: Any) -> Chunk:
        """Have all rows read, and put the articles on the spool; what stays of each."""
        blobs = articles.mapInArrow(read_batches, BLOBS).persist(storage_level())
        chunks = Chunks(storage)
        try:
            blobs.count()  # on all executors at once; what follows takes one part after the other
            for row in blobs.toLocalIterator():
                ids, records, chunk = pickle.loads(row.data)
                progress("read", len(self.spool), 0)
                for id, record in zip(ids, records, strict=True):
                    self.spool.append(id, record)
                chunks.append("", chunk)
        finally:
            blobs.unpersist()
        self.digest = Digests().all()
        return chunks.finish()


def split_waves(tasks: Iterable[GroupTask]) -> Iterator[list[GroupTask]]:
    """The tasks in order, in lists that are sent at once."""
    wave, size, pairs = list[GroupTask](), 0, 0
    for task in tasks:
        wave.append(task)
        size += sum(place[1] - place[0] for place in task.places if isinstance(place, tuple))
        pairs += len(task.group.pairs)
        if size >= MAX_WAVE_BYTES or pairs >= MAX_WAVE_PAIRS:
            yield wave
            wave, size, pairs = [], 0, 0
    if wave:
        yield wave


def pack_texts(tasks: Iterable[GroupTask], spool: Spool) -> list[GroupTask]:
    """The tasks with the texts themselves instead of where they are in the file of the spool."""
    file = spool.fileno()
    return [
        task._replace(
            places=tuple(
                read_all(file, *place) if isinstance(place, tuple) else place
                for place in task.places
            )
        )
        for task in tasks
    ]


def count_cores(spark: Any) -> int:
    """How many tasks the executors work on at once, as far as Spark says."""
    said = spark.conf.get("spark.sql.leafNodeDefaultParallelism", None)
    if said is None and hasattr(spark, "_sc"):  # no Spark Connect
        said = spark.sparkContext.defaultParallelism
    return max(1, int(said or CORES))
