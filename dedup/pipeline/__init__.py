"""The whole story: articles in, families with their derivations and alignments out.

`compare` walks one collection through the corridor: sketch → candidates → relate → cluster →
attribution → derive → align. `check` asks it of one draft against others. Millions of
articles pass as columns through the first two; only those that meet a candidate are taken
apart and aligned (`run`). It adds no judgement of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Literal

from dedup.align import align_texts
from dedup.article import Article
from dedup.candidates import COSINE, NEIGHBOURS, RESEMBLING
from dedup.cluster import Family, Tie, cluster
from dedup.errors import InputError
from dedup.pipeline.result import Cluster, Match, Related, Result, Singleton, Verdict
from dedup.pipeline.run import Progress, Run, silent
from dedup.readers import ROOM, Shelf
from dedup.sketch import sketch

__all__ = [
    "Cluster",
    "Match",
    "Progress",
    "Related",
    "Result",
    "Singleton",
    "Verdict",
    "check",
    "compare",
    "memory_needed",
]

Attributed = Literal["all", "families"]

# Attribution phrases of articles on their own are worked out in collections of up to this
# many: they cost as much as all the rest (7 ms an article, 2 minutes for 20,000).
ALL_ATTRIBUTED = 1_000
# Memory that a comparison takes: 1.8 GB for 315 MB of Reuters in 100,000 articles, .55 GB for 63
# MB in 20,000. Of that the texts are kept up to the shelf's room; the rest are sketches.
MEMORY_AT_LEAST = 250_000_000
MEMORY_PER_BYTE = 4.2


def compare(
    articles: Iterable[Article],
    *,
    attributed: Attributed | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Which of `articles` are one report, who took it from whom, and what in each was taken.

    `articles` may be a stream: of what `read` finds in JSON lines only sketches stay in memory
    once the texts fill it, and a text is read back when it is needed. Attribution phrases are
    worked out for `all` articles or for those in `families` (by default all of up to 1,000).
    `threads` is how many sketch (default: as many as there are processors).
    The result does not depend on the order of the articles, but for the order in which they
    are listed. `progress(stage, done, total)` is called as the work goes on. Raises
    `InputError` where two articles have one id.
    """
    shelf = Shelf()
    report = progress or silent
    run = Run(shelf, sketch(_counted(shelf.fill(articles), report), threads=threads), report)
    _refuse_double_ids(shelf.ids)
    described: list[tuple[Family, Cluster]] = []
    refused: list[Tie] = []
    for pairs in run.meetings():
        families, apart = cluster(run.ties(pairs))
        described += [(family, run.describe(family)) for family in families]
        refused += apart
        run.forget()
    described.sort(key=lambda one: (-len(one[0].members), one[0].members))
    clusters = tuple(replace(one, id=f"c{n}") for n, (_, one) in enumerate(described, 1))
    attributed = attributed or ("all" if len(shelf) <= ALL_ATTRIBUTED else "families")
    in_family = {i for family, _ in described for i in family.members}
    singletons = tuple(
        run.alone(i, attributed == "all") for i in range(len(shelf)) if i not in in_family
    )
    return Result(
        shelf,
        clusters,
        singletons,
        run.related([family for family, _ in described], refused),
        run.attributions,
        run.languages,
        (*getattr(articles, "problems", ()), *run.problems),
        {
            "attributed": attributed,
            "resembling": RESEMBLING,
            "neighbours": NEIGHBOURS,
            "cosine": COSINE,
        },
        {
            "articles": len(shelf),
            "candidates": run.candidates,
            "aligned": run.aligned,
            "clusters": len(clusters),
            "singletons": len(singletons),
        },
    )


def memory_needed(size: int) -> int:
    """About how many bytes of memory `compare` takes for `size` bytes of articles."""
    return int(MEMORY_AT_LEAST + MEMORY_PER_BYTE * size + min(size, ROOM))


def _counted(texts: Iterator[str], progress: Progress) -> Iterator[str]:
    for done, text in enumerate(texts):
        progress("read", done, 0)
        yield text


def check(draft: Article | str, against: Iterable[Article]) -> Verdict:
    """The articles of `against` that `draft` retells, in part or whole, the surest first.

    >>> wire = Article("wire", "The minister resigned on Friday over the missing millions.")
    >>> verdict = check("On Friday the minister resigned over the missing millions.", [wire])
    >>> [match.article.id for match in verdict.matches]
    ['wire']
    """
    if isinstance(draft, str):
        draft = Article("draft", draft)
    shelf = Shelf()
    others = (article for article in against if article.id != draft.id)
    run = Run(shelf, sketch(shelf.fill(chain((draft,), others))), silent)
    own = run.place(draft.id)
    matches = []
    for tie in run.ties(chain.from_iterable(run.meetings(only=own))):
        other = tie.b if tie.a == own else tie.a
        alignment = align_texts(run.text(other), run.text(own), run.links[own, other])
        matches.append(Match(run.article(other), run.relations[tie.a, tie.b], alignment))
    matches.sort(key=lambda match: (-match.relation.probability, match.article.id))
    return Verdict(draft, tuple(matches))


def _refuse_double_ids(ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for id in ids:
        if id in seen:
            raise InputError(f"two articles have the id {id!r}; give each its own")
        seen.add(id)
