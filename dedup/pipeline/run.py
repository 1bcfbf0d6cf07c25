"""One comparison under way.

Comes in: a spool of articles and their sketches. Goes out, piece by piece: relations, ties,
families described in full, stories kept apart. Sketches and relations stay in memory;
articles taken apart come and go, so that a collection far larger than memory can pass.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.align import Alignment, Links, align_texts
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.candidates import (
    MIN_COPY_RESEMBLANCE,
    MIN_RESEMBLANCE,
    Candidates,
    candidates,
    components,
    prefilter,
    spanning_pairs,
)
from dedup.candidates.crosslingual import crosslingual_pairs
from dedup.cluster import Group, Tie
from dedup.derive import Derivation, Member, derive, derive_outside, make_member
from dedup.embed import Encoder, covers, opening_vector
from dedup.pipeline.result import Cluster, Related, Singleton
from dedup.pipeline.spool import Spool
from dedup.readers import Problem
from dedup.relate import MIN_PROBABILITY, Relation, relate
from dedup.sketch import Sketches
from dedup.text import Text, prepare
from dedup.text.model import UNKNOWN
from dedup.text.romanize import names_and_numbers

Progress = Callable[[str, int, int], None]

# Up to this many articles every candidate is aligned, in half a minute at most; among more, those
# that promise to be one report. The rest of a large collection's candidates share a topic.
ALIGNED_FREELY = 3_000
# Derivations are worked out among this many members of a family, the best connected: the work
# grows with the cube, and among a thousand copies of one text nothing tells them apart.
DERIVED_AMONG = 400
# In a family of up to this many, pairs that were no candidates are examined too: content that
# a third article corroborates is the best witness of direction.
EXAMINED_WHOLE = 12
TEXTS_KEPT = 500  # articles taken apart, of about 150 KB each
# Two articles are on one story from here on: 95 % of basil's pairs on one event reach both
# figures, fewer than 1 % of its pairs on different events and of Reuters' either of them.
STORY_COSINE = 0.25
STORY_ANCHORS = 0.14
# A language counts where this share of a collection is in it: of a thousand articles in one
# language a few are taken for another, and comparing across costs 10 ms for every article.
SPOKEN = 0.002
TWO_STORIES = "rests on other passages than the family's: one of the two tells two stories"


def silent(stage: str, done: int, total: int) -> None:
    """No progress is shown."""


class Run:
    """One comparison under way: the articles by number, in the order of their ids, and what
    is known of them so far. Sketches and relations stay; articles taken apart come and go.
    `spoken` are the languages of the collection; where there are several, articles are
    compared across them too, by the vectors of `encoder` where it covers them."""

    def __init__(
        self,
        spool: Spool,
        sketches: Sketches,
        progress: Progress,
        spoken: Collection[str] = (),
        encoder: Encoder | None = None,
    ) -> None:
        self.spool = spool
        self.order = sorted(range(len(spool)), key=spool.ids.__getitem__)
        rows = np.array(self.order, dtype=np.int64)
        if (np.diff(rows) != 1).any():  # else they are in order, and need no copy
            sketches = Sketches(
                sketches.signatures[rows], sketches.terms[rows], sketches.words[rows]
            )
        self.sketches = sketches
        self.progress = progress
        self.spoken = spoken
        self.encoder = encoder
        self.relations: dict[tuple[int, int], Relation] = {}
        self.links: dict[tuple[int, int], Links] = {}
        self.partners: dict[int, set[int]] = {}
        self.apart: dict[tuple[int, int], str] = {}
        self.attributions: dict[str, tuple[Attribution, ...]] = {}
        self.languages: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.candidates = self.aligned = 0
        self.text = lru_cache(maxsize=TEXTS_KEPT)(self._take_apart)

    def place(self, id: str) -> int:
        """The number of the article called `id`."""
        return bisect_left(self.order, id, key=self.spool.ids.__getitem__)

    def article(self, i: int) -> Article:
        return self.spool[self.order[i]]

    def _take_apart(self, i: int) -> Text:
        text = prepare(self.article(i))
        self.languages[text.article.id] = text.language
        return text

    def member(self, i: int) -> Member:
        member = make_member(self.text(i))
        self.attributions[member.id] = member.attributions
        return member

    def meetings(self, only: int | None = None) -> Iterator[list[tuple[int, int]]]:
        """The pairs to relate (those of one article if `only`), those that hang together in
        one list, so that a family's articles are in memory while it is worked on."""
        self.progress("candidates", 0, 0)
        pairs = self.worth_aligning(candidates(self.sketches), only)
        if len(self.spoken) > 1:
            pairs = np.unique(np.concatenate((pairs, self.across(only))), axis=0)
        meeting = components(pairs, len(self.order))[pairs[:, 0]]
        order = np.argsort(meeting, kind="stable")
        bounds = np.flatnonzero(np.diff(meeting[order])) + 1
        done = 0
        for group in np.split(pairs[order], bounds) if len(pairs) else ():
            self.progress("relate", done, len(pairs))
            done += len(group)
            yield [(int(i), int(j)) for i, j in group]

    def ties(self, pairs: Iterable[tuple[int, int]]) -> tuple[list[Tie], list[tuple[int, int]]]:
        """Relate pairs; the ties among them, and those that are none."""
        found, apart = [], []
        for i, j in pairs:
            relation = self.relate(i, j)
            if relation.probability >= MIN_PROBABILITY:
                found.append(self.tie(i, j, relation))
            else:
                apart.append((i, j))
        return found, apart

    def forget(self) -> None:
        """Let go of the sentence links: what hangs together is described."""
        self.links.clear()
        self.partners.clear()

    def worth_aligning(self, found: Candidates, only: int | None) -> npt.NDArray[np.int64]:
        """The candidates to align: among copies those that hold them together, in a large
        collection besides them the promising ones."""
        self.candidates = len(found)
        if only is not None:
            keep = (found.pairs == only).any(axis=1)
        else:
            keep = spanning_pairs(found.pairs, found.resemblance) | (
                found.resemblance < MIN_COPY_RESEMBLANCE
            )
        if only is None and len(self.order) > ALIGNED_FREELY:
            far = np.flatnonzero(found.resemblance < MIN_RESEMBLANCE)
            keep[far] &= prefilter(self.sketches, found.pairs[far])
        self.aligned = int(keep.sum())
        return np.asarray(found.pairs[keep], dtype=np.int64)

    def across(self, only: int | None) -> npt.NDArray[np.int64]:
        """Candidates in two languages (those of one article if `only`)."""
        names: list[Counter[str]] = []
        openings: dict[int, npt.NDArray[np.floating[Any]]] = {}
        for i in range(len(self.order)):
            self.progress("languages", i, len(self.order))
            text = self.text(i)
            names.append(names_and_numbers(text.anchors))
            if self.encoder is not None and covers(self.encoder, text) and text.prose:
                openings[i] = opening_vector(text, self.encoder)
        size = max(map(len, openings.values()), default=0)
        rows = np.zeros((len(names), size), dtype=np.float32)
        for i, vector in openings.items():
            rows[i, : len(vector)] = vector
        pairs = crosslingual_pairs(
            [self.languages[self.id(i)] for i in range(len(names))], rows, names
        )
        self.candidates += len(pairs)
        pairs = pairs if only is None else pairs[(pairs == only).any(axis=1)]
        self.aligned += len(pairs)
        return pairs

    def relate(self, i: int, j: int, *, kin: bool = False) -> Relation:
        """The relation of a pair.

        Links are kept of what is one report, and of `kin`, members of one family; of two
        articles on one story it is kept why they are apart; of anything else, nothing.
        """
        if (i, j) in self.links:
            return self.relations[i, j]
        relation, links = relate(self.text(i), self.text(j), self.encoder)
        if kin or relation.probability >= MIN_PROBABILITY:
            self.relations[i, j] = relation
            self.links[i, j], self.links[j, i] = links
            self.partners.setdefault(i, set()).add(j)
            self.partners.setdefault(j, set()).add(i)
        elif _one_story(relation):
            self.relations[i, j] = relation
            self.apart[i, j] = _why_apart(relation, links)
        return relation

    def tie(self, i: int, j: int, relation: Relation) -> Tie:
        links = self.links[i, j].sources
        a, b = (
            frozenset(n for n, sources in enumerate(known) if sources)
            for known in (links, self.links[j, i].sources)
        )
        return Tie(i, j, relation.probability, sum(relation.coverage), a, b, links)

    def describe(self, family: Group) -> Cluster:
        """A family with everything that is known of it; it is given its id at the end."""
        if len(family.members) <= EXAMINED_WHOLE:
            for i, j in combinations(family.members, 2):
                self.relate(i, j, kin=True)
        own = self.best_connected(family)
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
            self.encoder,
        )
        index = {self.text(i).article.id: i for i in own}
        alignments = tuple(
            self.align(index[d.source], index[d.derivative])
            for d in derivations
            if d.source in index
        )
        return Cluster(
            "",
            _sources_first([self.id(i) for i in family.members], derivations),
            tuple(self.relations[pair] for pair in sorted(pairs)),
            derivations,
            alignments,
            self.relations[family.weakest.a, family.weakest.b],
        )

    def id(self, i: int) -> str:
        return self.spool.ids[self.order[i]]

    def relations_within(self, members: Collection[int]) -> Iterator[tuple[int, int]]:
        """The examined pairs among `members`, ascending."""
        for i in members:
            for j in sorted(self.partners.get(i, ())):
                if j > i:
                    yield i, j

    def best_connected(self, family: Group) -> tuple[int, ...]:
        """The members among whom derivations are worked out: all, unless there are too many."""
        if len(family.members) <= DERIVED_AMONG:
            return family.members
        what = (
            f"is in a family of {len(family.members):,}; derivations are worked out among the "
            f"{DERIVED_AMONG} that have most relations"
        )
        self.problems.append(Problem(self.id(family.members[0]), what))
        connected = sorted(family.members, key=lambda i: (-len(self.partners.get(i, ())), i))
        return tuple(sorted(connected[:DERIVED_AMONG]))

    def align(self, source: int, derivative: int) -> Alignment:
        links = self.links[derivative, source]
        return align_texts(self.text(source), self.text(derivative), links)

    def alone(self, i: int, attributed: bool) -> Singleton:
        if not attributed:
            return Singleton(self.id(i), (), ())
        member = self.member(i)
        return Singleton(member.id, member.attributions, derive_outside(member))

    def related(self, families: Sequence[Group], refused: Sequence[Tie]) -> tuple[Related, ...]:
        """Articles of one story that were kept apart: of each two families (or articles on
        their own) the pair that is closest; every tie that was refused."""
        group = {i: -1 - n for n, family in enumerate(families) for i in family.members}
        found = {(tie.a, tie.b): TWO_STORIES for tie in refused}
        closest: dict[tuple[int, ...], tuple[int, int]] = {}
        for pair in self.apart:
            groups = tuple(sorted(group.get(i, i) for i in pair))
            best = closest.setdefault(groups, pair)
            if self.closeness(pair) > self.closeness(best):
                closest[groups] = pair
        found |= {pair: self.apart[pair] for (a, b), pair in closest.items() if a != b}
        return tuple(
            Related(relation.a, relation.b, relation.probability, why)
            for pair, why in sorted(found.items(), key=self.by_closeness)
            for relation in (self.relations[pair],)
        )

    def by_closeness(self, item: tuple[tuple[int, int], str]) -> tuple[float, ...]:
        probability, cosine = self.closeness(item[0])
        return -probability, -cosine, *item[0]

    def closeness(self, pair: tuple[int, int]) -> tuple[float, float]:
        relation = self.relations[pair]
        return round(relation.probability, 2), relation.cosine


def languages_of(heard: Mapping[str, int]) -> frozenset[str]:
    """The languages of a collection, given how many articles seem to be in each; without those
    that a few articles were mistaken for."""
    least = max(1.0, SPOKEN * sum(heard.values()))
    return frozenset(name for name, count in heard.items() if name != UNKNOWN and count >= least)


def _why_apart(relation: Relation, links: tuple[Links, Links]) -> str:
    linked, total = max(
        ((sum(map(bool, own.sources)), len(own.sources)) for own in links),
        key=lambda counts: counts[0] / max(counts[1], 1),
    )
    return (
        f"one story in names and words (cosine {relation.cosine:.2f}, anchors "
        f"{relation.anchors:.2f}), but {linked or 'none'} of {total} sentences of one have a "
        "counterpart in the other"
    )


def _one_story(relation: Relation) -> bool:
    return relation.cosine >= STORY_COSINE and relation.anchors >= STORY_ANCHORS


def _sources_first(ids: Sequence[str], derivations: Sequence[Derivation]) -> tuple[str, ...]:
    """The members so that each comes after its parent; otherwise by id."""
    parent = {d.derivative: d.source for d in derivations if d.source in ids}

    def line(id: str) -> tuple[str, ...]:
        return (*line(parent[id]), id) if id in parent else (id,)

    return tuple(sorted(ids, key=line))
