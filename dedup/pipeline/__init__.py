"""The whole story: articles in, families with their derivations and alignments out.

`compare` walks one collection through the corridor: sketch → candidates → relate → cluster →
attribution → derive → align. `check` asks it of one draft against others. Millions of
articles pass as columns through the first two; only those that meet a candidate are taken
apart and aligned (`run`). It adds no judgement of its own.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from dedup.article import Article
from dedup.candidates import MAX_NEIGHBOURS, MIN_COSINE, MIN_RESEMBLANCE
from dedup.cluster import Group, Tie, cluster
from dedup.embed import DEFAULT_ENCODER, Encoder, works_within_languages
from dedup.embed import load_encoder as named_encoder
from dedup.errors import InputError, MissingExtra
from dedup.pipeline.result import Cluster, Related, Result, Singleton
from dedup.pipeline.run import Progress, Run, languages_of, silent
from dedup.pipeline.spool import MAX_TEXT_BYTES, Spool
from dedup.pipeline.verdict import Candidate, Match, Verdict
from dedup.readers import Problem
from dedup.sketch import resemblance, sketch
from dedup.text.language import identify

__all__ = [
    "Candidate",
    "Cluster",
    "Match",
    "Progress",
    "Related",
    "Result",
    "Singleton",
    "Verdict",
    "check",
    "compare",
    "estimate_memory",
]

Attributed = Literal["all", "families"]

# Attribution phrases of articles on their own are worked out in collections of up to this
# many: they cost as much as all the rest (7 ms an article, 2 minutes for 20,000).
ALL_ATTRIBUTED = 1_000
# Memory that a comparison takes: 1.8 GB for 315 MB of Reuters in 100,000 articles, .55 GB for 63
# MB in 20,000. Of that the texts are kept up to the spool's room; the rest are sketches.
MEMORY_AT_LEAST = 250_000_000
MEMORY_PER_BYTE = 4.2


def compare(
    articles: Iterable[Article],
    *,
    attributed: Attributed | None = None,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Which of `articles` are one report, who took it from whom, and what in each was taken.

    `articles` may be a stream: of what `read` finds in JSON lines only sketches stay in memory
    once the texts fill it, and a text is read back when it is needed. Attribution phrases are
    worked out for `all` articles or for those in `families` (by default all of up to 1,000).
    Articles in several languages are compared across them by sentence vectors where these cover
    both, else by names and numbers; where the package for them is missing, that is a problem
    of the result. `encoder` (or the one of that name, see `dedup.embed`) makes the vectors,
    also within a language; None: no vectors.
    `threads` is how many sketch (default: as many as there are processors).
    The result does not depend on the order of the articles, but for the order in which they
    are listed. `progress(stage, done, total)` is called as the work goes on. Raises
    `InputError` where two articles have one id.
    """
    spool = Spool()
    report = progress or silent
    heard: Counter[str] = Counter()
    texts = _counted(_heard(spool.fill(articles), heard), report)
    sketches = sketch(texts, threads=threads)
    spoken = languages_of(heard)
    model, missing = _model(encoder, spoken)
    run = Run(spool, sketches, report, spoken, model)
    _refuse_double_ids(spool.ids)
    described: list[tuple[Group, Cluster]] = []
    refused: list[Tie] = []
    with threadpool_limits(limits=1, user_api="blas"):  # the products are small: more threads spin
        for pairs in run.meetings():
            families, apart = cluster(*run.ties(pairs))
            described += [(family, run.describe(family)) for family in families]
            refused += apart
            run.forget()
    described.sort(key=lambda one: (-len(one[0].members), one[0].members))
    clusters = tuple(replace(one, id=f"c{n}") for n, (_, one) in enumerate(described, 1))
    attributed = attributed or ("all" if len(spool) <= ALL_ATTRIBUTED else "families")
    in_family = {i for family, _ in described for i in family.members}
    singletons = tuple(
        run.alone(i, attributed == "all") for i in range(len(spool)) if i not in in_family
    )
    return Result(
        spool,
        clusters,
        singletons,
        run.related([family for family, _ in described], refused),
        run.attributions,
        run.languages,
        (*getattr(articles, "problems", ()), *missing, *run.problems),
        {
            "attributed": attributed,
            "resembling": MIN_RESEMBLANCE,
            "neighbours": MAX_NEIGHBOURS,
            "cosine": MIN_COSINE,
            "encoder": model.name if model else None,
            "encoder_within_languages": model is not None and works_within_languages(model),
        },
        {
            "articles": len(spool),
            "candidates": run.candidates,
            "aligned": run.aligned,
            "clusters": len(clusters),
            "singletons": len(singletons),
        },
    )


def estimate_memory(size: int) -> int:
    """About how many bytes of memory `compare` takes for `size` bytes of articles."""
    return int(MEMORY_AT_LEAST + MEMORY_PER_BYTE * size + min(size, MAX_TEXT_BYTES))


def _heard(texts: Iterable[str], heard: Counter[str]) -> Iterator[str]:
    """The texts, while their languages are counted."""
    for text in texts:
        heard[identify(text)] += 1
        yield text


def _model(
    encoder: Encoder | str | None, spoken: Collection[str]
) -> tuple[Encoder | None, tuple[Problem, ...]]:
    """The encoder that a collection in these languages needs, and what there is to say."""
    if encoder is None or (encoder == DEFAULT_ENCODER and len(spoken) < 2):
        return None, ()
    listed = ", ".join(sorted(spoken))
    try:
        model = named_encoder(encoder) if isinstance(encoder, str) else encoder
    except MissingExtra as error:
        if encoder != DEFAULT_ENCODER:
            raise
        what = f"articles in {listed} are compared by names and numbers only; {error}"
        return None, (Problem("languages", what),)
    strange = sorted(set(spoken) - model.languages) if model.languages else []
    if not strange:
        return model, ()
    how = "names and numbers" if len(spoken) > 1 else "words"
    what = f"not among the languages of {model.name}, compared by {how} only"
    return model, (Problem("languages", f"{', '.join(strange)}: {what}"),)


def _counted(texts: Iterator[str], progress: Progress) -> Iterator[str]:
    for done, text in enumerate(texts):
        progress("read", done, 0)
        yield text


def check(
    draft: Article | str,
    against: Iterable[Article],
    *,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
) -> Verdict:
    """The articles of `against` that `draft` retells, in part or whole, the surest first.
    `encoder` as in `compare`.

    >>> wire = Article("wire", "The minister resigned on Friday over the missing millions.")
    >>> verdict = check("On Friday the minister resigned over the missing millions.", [wire])
    >>> [match.article.id for match in verdict.matches]
    ['wire']
    """
    if isinstance(draft, str):
        draft = Article("draft", draft)
    spool = Spool()
    others = (article for article in against if article.id != draft.id)
    heard: Counter[str] = Counter()
    sketches = sketch(_heard(spool.fill(chain((draft,), others)), heard))
    spoken = languages_of(heard)
    run = Run(spool, sketches, silent, spoken, _model(encoder, spoken)[0])
    own = run.place(draft.id)
    pairs = np.array(list(chain.from_iterable(run.meetings(only=own))), np.int64).reshape(-1, 2)
    found = [
        Candidate(run.id(a + b - own), float(share), partial(run.article, a + b - own))
        for (a, b), share in zip(
            pairs.tolist(), resemblance(run.sketches.signatures, pairs), strict=True
        )
    ]
    found.sort(key=lambda candidate: (-candidate.resemblance, candidate.id))
    return Verdict(draft, tuple(found), run.encoder)


def _refuse_double_ids(ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise InputError(f"two articles have the id {id!r}; give each its own")
        seen.add(id)
