"""The whole story: articles in, families with their derivations and alignments out.

`compare` walks one collection through the corridor: sketch → candidates → relate → cluster →
attribution → derive → align. `check` asks it of one draft against others. Millions of
articles pass as columns through the first two; only those that meet a candidate are taken
apart and aligned. It adds no judgement of its own.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations
from typing import Any, Literal

import numpy as np

from dedup.align import Alignment, Links, align_texts
from dedup.article import Article
from dedup.attribution import Attribution, attributions, publisher_of
from dedup.candidates import COSINE, NEIGHBOURS, RESEMBLING, candidates
from dedup.cluster import Family, Tie, cluster
from dedup.derive import Derivation, Member, derive, outside_sources
from dedup.errors import InputError
from dedup.readers import Problem, Shelf
from dedup.relate import ONE_REPORT, Relation, relate
from dedup.sketch import Sketches, sketch
from dedup.text import Text, prepare

Progress = Callable[[str, int, int], None]
Attributed = Literal["all", "families"]

# Derivations are worked out among this many members of a family, the best connected: the work
# grows with the cube, and among a thousand copies of one text nothing tells them apart.
DERIVED_AMONG = 400
# In a family of up to this many, pairs that were no candidates are examined too: content that
# a third article corroborates is the best witness of direction.
EXAMINED_WHOLE = 12
# Attribution phrases of articles on their own are worked out in collections of up to this
# many: they cost as much as all the rest (7 ms an article, 2 minutes for 20,000).
ALL_ATTRIBUTED = 1_000
TEXTS_KEPT = 1_000  # articles taken apart, of about 150 KB each
# Two articles are on one story from here on: 95 % of basil's pairs on one event reach both
# figures, fewer than 1 % of its pairs on different events and of Reuters' either of them.
STORY_COSINE = 0.25
STORY_ANCHORS = 0.14


@dataclass(frozen=True, slots=True)
class Cluster:
    """A family: articles that tell one report.

    `id` is "c1", "c2" … by size. `members` are article ids, sources before derivatives.
    `weakest_link` is the relation without which the family falls apart at the least loss.
    `alignments` go from each derivation's source to its derivative.
    """

    id: str
    members: tuple[str, ...]
    relations: tuple[Relation, ...]
    derivations: tuple[Derivation, ...]
    alignments: tuple[Alignment, ...]
    weakest_link: Relation


@dataclass(frozen=True, slots=True)
class Singleton:
    """An article of no family, whom it names and the outside sources it was taken from."""

    id: str
    attributions: tuple[Attribution, ...]
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Two articles on one story that are each their own work, and why they are kept apart."""

    a: str
    b: str
    probability: float
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What `compare` finds.

    `attributions` has the attribution phrases of every article by id, `languages` the
    language. `settings` and `counts` describe the run: what was asked for and how much work
    each stage had.
    """

    articles: Sequence[Article]
    clusters: tuple[Cluster, ...]
    singletons: tuple[Singleton, ...]
    related: tuple[Related, ...]
    attributions: Mapping[str, tuple[Attribution, ...]]
    languages: Mapping[str, str]
    problems: tuple[Problem, ...]
    settings: Mapping[str, Any]
    counts: Mapping[str, int]

    def find(self, ids: Collection[str]) -> dict[str, Article]:
        """The articles called `ids`, by id; those on disk are read back, the others not."""
        shelf = self.articles
        every = shelf.ids if isinstance(shelf, Shelf) else [article.id for article in shelf]
        return {id: shelf[i] for i, id in enumerate(every) if id in ids}


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a draft has to do with: how, and what in the draft comes from it."""

    article: Article
    relation: Relation
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `check` finds: the articles that the draft retells, the surest first."""

    draft: Article
    matches: tuple[Match, ...]


def compare(
    articles: Iterable[Article],
    *,
    attributed: Attributed | None = None,
    progress: Progress | None = None,
) -> Result:
    """Which of `articles` are one report, who took it from whom, and what in each was taken.

    `articles` may be a stream: of what `read` finds in JSON lines only sketches stay in memory
    once the texts fill it, and a text is read back when it is needed. Attribution phrases are
    worked out for `all` articles or for those in `families` (by default all of up to 1,000).
    The result does not depend on the order of the articles, but for the order in which they
    are listed. `progress(stage, done, total)` is called as the work goes on. Raises
    `InputError` where two articles have one id.
    """
    shelf = Shelf()
    report = progress or _silent
    sketches = sketch(list(_counted(shelf.fill(articles), report)))
    _refuse_double_ids(shelf.ids)
    run = _Run(shelf, sketches, report)
    families, refused = cluster(run.relate_candidates())
    clusters = tuple(run.describe(i, family) for i, family in enumerate(families, 1))
    attributed = attributed or ("all" if len(shelf) <= ALL_ATTRIBUTED else "families")
    in_family = {i for family in families for i in family.members}
    singletons = tuple(
        run.alone(i, attributed == "all") for i in range(len(shelf)) if i not in in_family
    )
    return Result(
        shelf,
        clusters,
        singletons,
        run.related(families, refused),
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
            "clusters": len(clusters),
            "singletons": len(singletons),
        },
    )


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
    sketches = sketch(list(shelf.fill(chain((draft,), others))))
    run = _Run(shelf, sketches, _silent)
    own = run.place(draft.id)
    matches = []
    for tie in run.relate_candidates(only=own):
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


def _silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


class _Run:
    """One comparison under way: the articles by number, in the order of their ids, and what
    is known of them so far. Sketches and relations stay; articles taken apart come and go."""

    def __init__(self, shelf: Shelf, sketches: Sketches, progress: Progress) -> None:
        self.shelf = shelf
        self.order = sorted(range(len(shelf)), key=shelf.ids.__getitem__)
        rows = np.array(self.order, dtype=np.int64)
        self.sketches = Sketches(
            sketches.signatures[rows], sketches.terms[rows], sketches.words[rows]
        )
        self.progress = progress
        self.relations: dict[tuple[int, int], Relation] = {}
        self.links: dict[tuple[int, int], Links] = {}
        self.partners: dict[int, set[int]] = {}
        self.attributions: dict[str, tuple[Attribution, ...]] = {}
        self.languages: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.candidates = 0
        self.text = lru_cache(maxsize=TEXTS_KEPT)(self._take_apart)

    def place(self, id: str) -> int:
        """The number of the article called `id`."""
        return bisect_left(self.order, id, key=self.shelf.ids.__getitem__)

    def article(self, i: int) -> Article:
        return self.shelf[self.order[i]]

    def _take_apart(self, i: int) -> Text:
        text = prepare(self.article(i))
        self.languages[text.article.id] = text.language
        return text

    def member(self, i: int) -> Member:
        text = self.text(i)
        found = self.attributions.get(text.article.id)
        if found is None:
            found = self.attributions[text.article.id] = attributions(text)
        return Member(text, publisher_of(text, found), found)

    def relate_candidates(self, only: int | None = None) -> list[Tie]:
        """Relate the candidate pairs (those of one article if `only`); the ties among them."""
        self.progress("candidates", 0, 0)
        pairs = candidates(self.sketches).pairs
        if only is not None:
            pairs = pairs[(pairs == only).any(axis=1)]
        self.candidates = len(pairs)
        ties = []
        for done, (i, j) in enumerate(pairs.tolist()):
            self.progress("relate", done, len(pairs))
            relation = self.relate(i, j)
            if relation is not None and relation.probability >= ONE_REPORT:
                ties.append(self.tie(i, j, relation))
        return ties

    def relate(self, i: int, j: int) -> Relation | None:
        """The relation of a pair; None, and a problem, where it cannot be made out."""
        if (i, j) not in self.relations:
            try:
                relation, links = relate(self.text(i), self.text(j))
            except InputError as error:
                article = self.article(i)
                self.problems.append(
                    Problem(str(article.extra.get("path", article.id)), str(error))
                )
                return None
            self.relations[i, j] = relation
            self.links[i, j], self.links[j, i] = links
            self.partners.setdefault(i, set()).add(j)
            self.partners.setdefault(j, set()).add(i)
        return self.relations[i, j]

    def tie(self, i: int, j: int, relation: Relation) -> Tie:
        footprints = (
            frozenset(n for n, sources in enumerate(self.links[pair].sources) if sources)
            for pair in ((i, j), (j, i))
        )
        return Tie(i, j, relation.probability, sum(relation.coverage), *footprints)

    def describe(self, number: int, family: Family) -> Cluster:
        """A family with everything that is known of it."""
        if len(family.members) <= EXAMINED_WHOLE:
            for i, j in combinations(family.members, 2):
                self.relate(i, j)
        own = self.best_connected(family, number)
        place = {article: n for n, article in enumerate(own)}
        pairs = [(i, j) for i, j in self.relations_within(own) if j in place]
        derivations = derive(
            [self.member(i) for i in own],
            {(place[i], place[j]): self.relations[i, j] for i, j in pairs},
            {
                (place[i], place[j]): self.links[i, j]
                for one, other in pairs
                for i, j in ((one, other), (other, one))
            },
        )
        index = {self.text(i).article.id: i for i in own}
        alignments = tuple(
            self.align(index[d.source], index[d.derivative])
            for d in derivations
            if d.source in index
        )
        return Cluster(
            f"c{number}",
            _sources_first([self.id(i) for i in family.members], derivations),
            tuple(self.relations[pair] for pair in sorted(pairs)),
            derivations,
            alignments,
            self.relations[family.weakest.a, family.weakest.b],
        )

    def id(self, i: int) -> str:
        return self.shelf.ids[self.order[i]]

    def relations_within(self, members: Collection[int]) -> Iterator[tuple[int, int]]:
        """The examined pairs among `members`, ascending."""
        for i in members:
            for j in sorted(self.partners.get(i, ())):
                if j > i:
                    yield i, j

    def best_connected(self, family: Family, number: int) -> tuple[int, ...]:
        """The members among whom derivations are worked out: all, unless there are too many."""
        if len(family.members) <= DERIVED_AMONG:
            return family.members
        what = (
            f"has {len(family.members):,} members; derivations are worked out among the "
            f"{DERIVED_AMONG} that have most relations"
        )
        self.problems.append(Problem(f"family c{number}", what))
        connected = sorted(family.members, key=lambda i: (-len(self.partners.get(i, ())), i))
        return tuple(sorted(connected[:DERIVED_AMONG]))

    def align(self, source: int, derivative: int) -> Alignment:
        links = self.links[derivative, source]
        return align_texts(self.text(source), self.text(derivative), links)

    def alone(self, i: int, attributed: bool) -> Singleton:
        if not attributed:
            return Singleton(self.id(i), (), ())
        member = self.member(i)
        return Singleton(member.id, member.attributions, outside_sources(member))

    def related(self, families: Sequence[Family], refused: Sequence[Tie]) -> tuple[Related, ...]:
        """Articles of one story that were kept apart: of each two families (or articles on
        their own) the pair that is closest; every tie that was refused."""
        group = {i: -1 - n for n, family in enumerate(families) for i in family.members}
        bridges = {(tie.a, tie.b) for tie in refused}
        closest: dict[tuple[int, ...], tuple[int, int]] = {pair: pair for pair in bridges}
        for pair, relation in self.relations.items():
            one, other = sorted(group.get(i, i) for i in pair)
            if one == other or pair in bridges or not _one_story(relation):
                continue
            best = closest.setdefault((one, other), pair)
            if _closeness(relation) > _closeness(self.relations[best]):
                closest[one, other] = pair
        found = [
            Related(r.a, r.b, r.probability, self.why_apart(*pair, r, pair in bridges))
            for pair in closest.values()
            for r in (self.relations[pair],)
        ]
        return tuple(sorted(found, key=lambda pair: (-pair.probability, pair.a, pair.b)))

    def why_apart(self, i: int, j: int, relation: Relation, bridge: bool) -> str:
        if bridge:
            return "rests on other passages than the family's: one of the two tells two stories"
        linked = [sum(map(bool, self.links[pair].sources)) for pair in ((i, j), (j, i))]
        total = [len(self.links[pair].sources) for pair in ((i, j), (j, i))]
        lesser = 0 if linked[0] * total[1] >= linked[1] * total[0] else 1
        return (
            f"one story in names and words (cosine {relation.cosine:.2f}, anchors "
            f"{relation.anchors:.2f}), but {linked[lesser] or 'none'} of {total[lesser]} "
            "sentences of one have a counterpart in the other"
        )


def _one_story(relation: Relation) -> bool:
    return relation.cosine >= STORY_COSINE and relation.anchors >= STORY_ANCHORS


def _closeness(relation: Relation) -> tuple[float, float, str, str]:
    return round(relation.probability, 2), relation.cosine, relation.a, relation.b


def _sources_first(ids: Sequence[str], derivations: Sequence[Derivation]) -> tuple[str, ...]:
    """The members so that each comes after its parent; otherwise by id."""
    parent = {d.derivative: d.source for d in derivations if d.source in ids}

    def line(id: str) -> tuple[str, ...]:
        return (*line(parent[id]), id) if id in parent else (id,)

    return tuple(sorted(ids, key=line))
