"""The articles of one comparison, by number, and what is known of each.

Sketches stay, in memory or in files, and prepared texts come and go, so that a collection far
larger than memory can pass. Articles are numbered in the order of their ids: so nothing depends
on the order in which they were read. What is known of pairs is in `relations`.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from dedup.article import Article
from dedup.pipeline.boilerplate import find_shared_boilerplate, without
from dedup.pipeline.groups import CandidateGroup, Step
from dedup.pipeline.reading import Chunk, Chunks, Digests, read_chunk, split_runs
from dedup.pipeline.spool import Spool
from dedup.pipeline.storage import Storage
from dedup.pipeline.tasks import EncodeTask, GroupTask, ReadTask
from dedup.pipeline.texts import PreparedTexts, Record
from dedup.processes.workers import Workers
from dedup.sketch import raw_sketch
from dedup.sketch.plain import hash_texts
from dedup.sketch.weights import assemble, make_in_memory
from dedup.text import find_language
from dedup.text.model import UNKNOWN
from dedup.text.words import Hashes

# Called as the work goes on, with the stage, how much of it is done, and how much there is (0
# where nobody knows).
Progress = Callable[[str, int, int], None]

# A language counts where this share of a collection is in it: of a thousand articles in one
# language a few are taken for another, and comparing across costs 10 ms for every article.
MIN_LANGUAGE_SHARE = 0.002


def silent(stage: str, done: int, total: int) -> None:
    """Show no progress."""


class Collection:
    """The articles of one comparison by number, in the order of their ids.

    `languages` are those of the collection, `texts` has the texts, `digest` is one of all
    articles in the order in which they were read; `vectors` says where in the spool's file those of
    articles are that were encoded.
    """

    def __init__(
        self,
        articles: Iterable[Article],
        *,
        threads: int | None = None,
        progress: Progress = silent,
        storage: Storage | None = None,
        workers: Callable[[Spool], Workers] | None = None,
    ) -> None:
        storage = storage or Storage()
        self.spool = Spool(folder=storage.folder)
        chunk = self.read(
            articles, threads=threads, progress=progress, storage=storage, workers=workers
        )
        self._languages = chunk.languages  # of each article as it was read
        self.order = sorted(range(len(self.spool)), key=self.spool.ids.__getitem__)
        progress("boilerplate", 0, 0)
        self._boilerplate = find_shared_boilerplate(
            chunk.shared_pieces(), self.order, lambda n: (self.spool[n], self._languages[n])
        )
        stories = (without(self.spool[n].text, spans) for n, spans in self._boilerplate.items())
        fresh = raw_sketch(stories, threads=threads)
        make = storage.make if chunk.in_files else make_in_memory
        self.sketches = assemble(chunk.raw, self.order, list(self._boilerplate), fresh, make)
        counts = Counter(self._languages)
        enough = max(1.0, MIN_LANGUAGE_SHARE * counts.total())
        self.languages = frozenset(
            language for language, n in counts.items() if language != UNKNOWN and n >= enough
        )
        self.texts = PreparedTexts(self.record)
        self.vectors: dict[int, tuple[int, int]] = {}

    def read(
        self,
        articles: Iterable[Article],
        *,
        threads: int | None,
        progress: Progress,
        storage: Storage,
        workers: Callable[[Spool], Workers] | None,
    ) -> Chunk:
        """Put all articles on the spool; what stays of each."""
        chunks, digests = Chunks(storage), Digests()
        watched = digests.watch(articles) if storage.folder else articles

        def fresh() -> Iterator[tuple[str, bool | None, range, list[str]]]:
            """The runs of articles that no earlier run of this work folder has read."""
            compiled = None  # the first is as long as it takes for the kernels, or all there is
            for run, texts in split_runs(self.spool.fill(watched), progress):
                if not chunks.recall(digest := digests.take()):
                    yield digest, compiled, run, texts
                compiled = True

        runs = fresh()
        ahead = list(islice(runs, 2))
        runs = chain(ahead, runs)
        if workers and len(ahead) > 1:
            waiting: deque[str] = deque()

            def tasks() -> Iterator[ReadTask]:
                for digest, compiled, run, _ in runs:
                    waiting.append(digest)
                    ids = tuple(self.spool.ids[run.start : run.stop])
                    yield ReadTask(ids, tuple(map(self.spool.place, run)), compiled)

            def here(task: ReadTask) -> Chunk:
                begin = self.spool.ids.index(task.ids[0])
                texts = [article.text for article in self.spool[begin : begin + len(task.ids)]]
                return read_chunk(texts, compiled=task.compiled, threads=1)

            for chunk in workers(self.spool).map(tasks(), here):
                chunks.append(waiting.popleft(), chunk)
        else:
            for digest, compiled, _, texts in runs:
                chunks.append(digest, read_chunk(texts, compiled=compiled, threads=threads))
        self.digest = digests.all()
        return chunks.finish()

    def __len__(self) -> int:
        return len(self.order)

    def id(self, i: int) -> str:
        return self.spool.ids[self.order[i]]

    def words(self, i: int) -> Hashes:
        """The hashes of an article's words, boilerplate apart, as they were sketched."""
        n = self.order[i]
        return hash_texts([without(self.spool[n].text, self._boilerplate.get(n, ()))])[0]

    def record(self, i: int) -> Record:
        """An article with what is known of it."""
        n = self.order[i]
        return Record(self.spool[n], self._languages[n], self._boilerplate.get(n, ()))

    def task(self, group: CandidateGroup, step: Step) -> GroupTask:
        """A group as a worker process wants it."""
        rows = [self.order[i] for i in group.articles]
        return GroupTask(
            tuple(self.spool.ids[n] for n in rows),
            tuple(map(self.spool.place, rows)),
            group,
            tuple(self._languages[n] for n in rows),
            tuple(self._boilerplate.get(n, ()) for n in rows),
            step,
            tuple(self.vectors[i] for i in group.articles if i in self.vectors),
        )

    def encode_task(self, i: int, encoders: tuple[str, ...]) -> EncodeTask:
        """An article to be encoded by the encoders of these names, as a worker process wants it."""
        n = self.order[i]
        place, boilerplate = self.spool.place(n), self._boilerplate.get(n, ())
        return EncodeTask((self.id(i),), place, self._languages[n], boilerplate, encoders)

    def language(self, i: int) -> str:
        """The language of an article."""
        n = self.order[i]
        return find_language(self.spool[n], self._languages[n])
