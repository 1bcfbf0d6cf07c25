"""Compare the articles of a collection: clusters, derivations, alignments.

`compare` walks through the corridor: sketch, candidates, relate, cluster, derive, align. Millions
of articles pass as columns through the first two; only those that meet a candidate are prepared
and aligned, group by group (`dedup.pipeline.groups`), on all processors. A `Comparison` is the
same under way: it gives its clusters one by one, as soon as no later one can come before them.
"""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from dedup.article import Article, expect_articles
from dedup.candidates import MAX_NEIGHBOURS, MIN_COSINE, MIN_RESEMBLANCE
from dedup.candidates.tables import number_pairs
from dedup.embed import DEFAULT_ENCODER, Encoder, resolve_encoder, works_within_languages
from dedup.embed.keep import keep_vectors
from dedup.errors import InputError, MissingExtra
from dedup.pipeline.collection import Collection, Progress, silent
from dedup.pipeline.encoding import Asked, find_asked
from dedup.pipeline.gathering import Gathering
from dedup.pipeline.groups import STEPS, CandidateGroup, GroupFindings, Step
from dedup.pipeline.pairs import batch_pairs, candidate_groups, pairs_by_passages, select_pairs
from dedup.pipeline.result import Cluster, Result, Singleton
from dedup.pipeline.spool import MAX_TEXT_BYTES, Spool
from dedup.pipeline.storage import ANEW, Journal, Storage, WorkFolder
from dedup.pipeline.tasks import CAN_SHARE, GroupTask, Setup, start_workers, with_vectors
from dedup.pipeline.texts import RARE_COLLECTIONS, PreparedTexts
from dedup.processes.workers import Workers, can_send, naming
from dedup.readers import Problem
from dedup.sketch import usable_threads

Attributed = Literal["all", "clusters"]

# Up to this many articles, attributions are also found in those that are in no cluster: they
# cost as much as all the rest (7 ms an article, 2 minutes for 20,000).
MAX_ALL_ATTRIBUTED = 1_000
# Pairs from which on processes share the work: one takes 2 s of CPU to start, a pair 30 ms.
MIN_FOR_WORKERS = 400
# Articles to be encoded from which on they do: one takes 30 or 500 ms, by the encoder.
MIN_ENCODED_BY_WORKERS = 50
# What is found among more articles than this is kept in a file and not in memory.
MAX_KEPT = 3_000
# Memory that a comparison takes: 4,000 articles with 12.6 MB of text 787 MB in one process, 20,000
# with 63 MB 858 MB and each of two workers 422. It hardly falls below what models and prepared
# texts take.
MIN_MEMORY = 650_000_000
MEMORY_PER_BYTE = 4.2
MEMORY_PER_WORKER = 400_000_000


def compare(
    articles: Iterable[Article],
    *,
    attributed: Attributed | None = None,
    pairs: Any = None,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
    threads: int | None = None,
    work: str | Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find which of `articles` share a source text, which derives from which, and what was reused.

    `articles` may be a stream: once 400 MB of text are in memory, only sketches of the others
    stay there, and their texts go to a temporary file (see `Spool`). Attributions are found in
    `all` articles or in those of `clusters` (by default in all of up to 1,000).
    `pairs` of ids are related instead of those that are found here: a table with columns `a` and
    `b`, as `dedup.pairs` makes it, or two ids at a time; then no other passages are looked for.
    Articles in several languages are compared across them by sentence vectors where these cover
    both, else by names and numbers; where the package for them is missing, that is a problem
    of the result. `encoder` (or the one of that name, see `dedup.embed`) makes the vectors,
    also within a language; None: no vectors.
    `threads` is how many processors work (default: all): a small collection has threads, a large
    one processes. `work` names a folder that keeps what is worked out, so that a run that was
    killed, called again with the same articles and settings, goes on from there.
    The result depends neither on these two nor on the order of the articles, but for the order in
    which they are listed. `progress(stage, done, total)` is called as the work goes on. Raises
    `InputError` where two articles have one id, or the folder cannot be used.
    """
    with Comparison(
        articles,
        attributed=attributed,
        pairs=pairs,
        encoder=encoder,
        threads=threads,
        work=work,
        progress=progress,
    ) as comparison:
        return comparison.run()


class Comparison:
    """A comparison under way: to iterate over it does the work, and gives the clusters in the
    order of their ids; `run` returns what `compare` does. Arguments as for `compare`.

    >>> texts = ["The minister resigned on Friday after a row over pensions."] * 2
    >>> articles = [Article(f"a{n}", text) for n, text in enumerate(texts)]
    >>> with Comparison(articles) as comparison:
    ...     [cluster.members for cluster in comparison]
    [('a0', 'a1')]
    """

    def __init__(
        self,
        articles: Iterable[Article],
        *,
        attributed: Attributed | None = None,
        pairs: Any = None,
        encoder: Encoder | str | None = DEFAULT_ENCODER,
        threads: int | None = None,
        work: str | Path | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._articles, self._attributed, self._encoder = articles, attributed, encoder
        self._pairs = pairs
        self._given: str | None = None  # a digest of them
        self._progress = progress or silent
        self._threads = usable_threads(threads)
        self._several = self._threads > 1 and CAN_SHARE
        self._workers: Workers | None = None
        self._result: Result | None = None
        settings = {"attributed": attributed, "encoder": name_encoder(encoder)}
        self._storage = Storage() if work is None else WorkFolder(Path(work), settings)

    def __enter__(self) -> Self:
        RARE_COLLECTIONS.begin()
        return self

    def __exit__(self, *error: object) -> None:
        RARE_COLLECTIONS.end()
        if self._workers is not None:
            self._workers.close()
        self._storage.release()

    def __iter__(self) -> Iterator[Cluster]:
        collection = self.collect()
        for id, following in pairwise(map(collection.id, range(len(collection)))):
            if id == following:
                raise InputError(f"two articles have the id {id!r}; give each its own")
        model, missing = choose_encoder(self._encoder, collection.languages)
        attributed = self._attributed or (
            "all" if len(collection) <= MAX_ALL_ATTRIBUTED else "clusters"
        )
        # The products are small: more threads would only wait for each other.
        with threadpool_limits(limits=1, user_api="blas"):
            pairs, proposed = self._select_pairs(collection, model)
            alone = attributed == "all"
            groups = candidate_groups(pairs, collection.sketches.signatures, alone=alone)
            gathering = Gathering(groups, self._journal(collection, model, len(groups)))
            steps = self._work_out(
                "attributed" if alone else "groups", groups, gathering, collection, model
            )
            for known, findings in steps:
                yield from gathering.add(findings, known=known)
            sharing = (
                []
                if self._pairs is not None
                else pairs_by_passages(collection, gathering.members, pairs).tolist()
            )
            batches = batch_pairs([*map(tuple, sharing), *gathering.refused])
            for known, findings in self._work_out(
                "passages", batches, gathering, collection, model
            ):
                gathering.add_passages(findings, known=known)
        clusters = gathering.clusters
        clustered = {i for members in gathering.members for i in members}
        others = [collection.id(i) for i in range(len(collection)) if i not in clustered]
        singletons = tuple(gathering.singletons.get(id) or Singleton(id, (), ()) for id in others)
        self._result = Result(
            collection.spool,
            clusters,
            singletons,
            gathering.related,
            gathering.attributions,
            collection.texts.languages | gathering.languages,
            (*getattr(self._articles, "problems", ()), *missing, *gathering.problems),
            {
                "attributed": attributed,
                "min_resemblance": MIN_RESEMBLANCE,
                "max_neighbours": MAX_NEIGHBOURS,
                "min_cosine": MIN_COSINE,
                "encoder": model.name if model else None,
                "encoder_within_languages": model is not None and works_within_languages(model),
                **({} if self._given is None else {"pairs": "given"}),
            },
            {
                "articles": len(collection),
                "candidates": proposed,
                "aligned": len(pairs),
                "clusters": len(clusters),
                "singletons": len(singletons),
            },
        )

    def collect(self) -> Collection:
        """Read the articles."""
        return Collection(
            expect_articles(self._articles),
            threads=self._threads,
            progress=self._progress,
            storage=self._storage,
            workers=self._start if self._several else None,
        )

    def run(self) -> Result:
        """What is found, after doing all that is left to do."""
        if self._result is None:
            for _ in self:
                pass
        assert self._result is not None
        return self._result

    def name_model(self, model: Encoder | None) -> Encoder | str | None:
        """The encoder as another process gets it: by its name, if that was given."""
        return self._encoder if isinstance(self._encoder, str) and model else model

    def _select_pairs(
        self, collection: Collection, model: Encoder | None
    ) -> tuple[npt.NDArray[np.int64], int]:
        """The pairs to align, and how many candidates there were in all."""
        if self._pairs is None:
            return select_pairs(collection, model, progress=self._progress)
        given = number_pairs(self._pairs, [*map(collection.id, range(len(collection)))])
        self._given = blake2b(given.tobytes(), digest_size=16).hexdigest()
        return given, len(given)

    def _start(self, spool: Spool) -> Workers:
        """The worker processes, started once."""
        self._workers = self._workers or start_workers(self._threads, spool.fileno())
        return self._workers

    def _journal(
        self, collection: Collection, model: Encoder | None, groups: int
    ) -> Journal | None:
        """Where findings are kept: in memory if they are few and the run has no work folder."""
        if self._storage.folder is None and len(collection) <= MAX_KEPT:
            return None
        journal = Journal(self._storage, "findings")
        subject = (collection.digest, self._given, groups, model.name if model else None)
        if not len(journal):
            journal.append(subject)
        elif journal[0] != subject:
            raise InputError(f"{self._storage.folder}: holds the work on other articles; {ANEW}")
        return journal

    def _work_out(
        self,
        step: Step,
        groups: Sequence[CandidateGroup],
        gathering: Gathering,
        collection: Collection,
        model: Encoder | None,
    ) -> Iterator[tuple[bool, GroupFindings]]:
        """The findings of each group in order, and whether an earlier run had them."""
        stage = "passages" if step == "passages" else "relate"
        total, done, known = sum(len(group.pairs) for group in groups), 0, 0
        while known < len(groups) and (findings := gathering.recall()) is not None:
            done += len(groups[known].pairs)
            known += 1
            yield True, findings
        rest = groups[known:]
        for group, found in zip(
            rest, self.find_in_groups(step, rest, collection, model), strict=True
        ):
            self._progress(stage, done, total)
            done += len(group.pairs)
            yield False, found

    def _encode(self, asked: Asked, collection: Collection, workers: Workers) -> None:
        """Have articles encoded, all but those that cannot leave this process."""
        tasks = (collection.encode_task(i, names) for i, names in asked.items())
        vectors = workers.map(tasks, lambda _: {})
        for done, (i, own) in enumerate(zip(asked, vectors, strict=True)):
            self._progress("vectors", done, len(asked))
            if own:
                collection.vectors[i] = collection.spool.write(pickle.dumps(own))

    def find_in_groups(
        self,
        step: Step,
        groups: Sequence[CandidateGroup],
        collection: Collection,
        model: Encoder | None,
    ) -> Iterator[GroupFindings]:
        """The findings of each group in order, by as many processes as it takes."""
        named, folder = self.name_model(model), self._storage.folder
        if model is not None and folder is not None:
            model = keep_vectors(model, folder)
        shares = self._several and can_send(named)
        asked: Asked = {}
        if shares and model is not None and step != "passages":
            asked = find_asked(groups, collection.language, model)
        pairs = sum(len(group.pairs) for group in groups)
        if shares and (pairs >= MIN_FOR_WORKERS or len(asked) >= MIN_ENCODED_BY_WORKERS):
            workers = self._start(collection.spool)
            workers.setup = Setup(named, folder)
            self._encode(asked, collection, workers)

            def here(task: GroupTask) -> GroupFindings:
                encoder = with_vectors(model, task, collection.spool.fileno())
                return STEPS[step](task.group, PreparedTexts(collection.record), encoder)

            yield from workers.map((collection.task(group, step) for group in groups), here)
            return
        for group in groups:
            with naming(partial(map, collection.id, group.articles)):
                findings = STEPS[step](group, collection.texts, model)
            yield findings


def estimate_memory(size: int, threads: int | None = None) -> int:
    """About how many bytes of memory `compare` takes for `size` bytes of articles, with all the
    processes that work for it; `threads` as there."""
    count = usable_threads(threads)
    workers = MEMORY_PER_WORKER * count if count > 1 and CAN_SHARE else 0
    return int(MIN_MEMORY + MEMORY_PER_BYTE * size + min(size, MAX_TEXT_BYTES) + workers)


def name_encoder(encoder: Encoder | str | None) -> str | None:
    """What a work folder remembers of an encoder."""
    if encoder is not None and not isinstance(encoder, str) and not hasattr(encoder, "encode"):
        raise InputError(f"encoder is {encoder!r:.80}, which has no `encode`; give a name or None")
    return encoder if isinstance(encoder, str) or encoder is None else encoder.name


def choose_encoder(
    encoder: Encoder | str | None, languages: frozenset[str]
) -> tuple[Encoder | None, tuple[Problem, ...]]:
    """The encoder that a collection in these languages needs, and what it will not cover."""
    if encoder is None or (encoder == DEFAULT_ENCODER and len(languages) < 2):
        return None, ()
    try:
        model = resolve_encoder(encoder)
    except MissingExtra as error:
        if encoder != DEFAULT_ENCODER:
            raise
        listed = ", ".join(sorted(languages))
        what = f"articles in {listed} are compared by names and numbers only; {error}"
        return None, (Problem("languages", what),)
    strange = sorted(languages - model.languages) if model.languages else []
    if not strange:
        return model, ()
    how = "names and numbers" if len(languages) > 1 else "words"
    what = f"not among the languages of {model.name}, compared by {how} only"
    if reason := getattr(model, "missing", ""):
        what += f"; {reason}"
    return model, (Problem("languages", f"{', '.join(strange)}: {what}"),)
