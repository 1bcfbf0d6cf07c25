"""A group of articles whose candidate pairs hang together: what is found in it.

Groups are independent of one another, so they can be worked out in any process, or on any
machine, in any order: `work_out` reads nothing but the group's own articles, and what it gives is
plain data. What is known of pairs is in `relations`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Literal, NamedTuple

from dedup.align import align_texts
from dedup.attribution import Attribution
from dedup.cluster import Group, cluster
from dedup.derive import Derivation, derive, derive_outside
from dedup.embed import Encoder, works_within_languages
from dedup.pipeline.relations import MAX_ALL_RELATED, Relations
from dedup.pipeline.result import Cluster, Related, Singleton
from dedup.pipeline.texts import PreparedTexts
from dedup.relate import Relation, relate_passage

# Derivations are worked out among this many members of a cluster, the best connected: the work
# grows with the cube, and nothing distinguishes a thousand copies of one text.
MAX_DERIVED = 400
SIDE_PASSAGE = "They share only a side passage"  # said of a tie that was refused


class CandidateGroup(NamedTuple):
    """Articles, ascending by number, and the pairs to align that hold them together, in the order
    in which they are related; without pairs, articles that met no candidate."""

    articles: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]


class Apart(NamedTuple):
    """Two articles, by number, that have something in common and are in no common cluster; how
    close they are (words taken, probability, cosine); and what is said of them."""

    pair: tuple[int, int]
    closeness: tuple[int, float, float]
    related: Related


@dataclass(frozen=True, slots=True)
class GroupFindings:
    """What is found in a group: its clusters, each with its members by number and without its
    id; articles in none, if those are looked at; pairs that are no ties, and ties that were
    refused; and the languages and attributions of the articles that were looked at, by id."""

    clusters: tuple[tuple[tuple[int, ...], Cluster], ...]
    singletons: tuple[Singleton, ...]
    apart: tuple[Apart, ...]
    refused: tuple[Apart, ...]
    languages: dict[str, str]
    attributions: dict[str, tuple[Attribution, ...]]


def work_out(
    group: CandidateGroup, texts: PreparedTexts, encoder: Encoder | None, *, attribute: bool = False
) -> GroupFindings:
    """Relate the pairs of a group and describe its clusters; if `attribute`, also say what the
    articles in no cluster are attributed to."""
    relations = Relations(texts, encoder)
    groups, refused = cluster(*relations.find_ties(group.pairs))
    clusters = [(found.members, describe_cluster(found, relations)) for found in groups]
    clustered = {i for members, _ in clusters for i in members}
    others = [i for i in group.articles if i not in clustered] if attribute else []
    alone = [texts.member(i) for i in others]
    singletons = [Singleton(m.id, m.attributions, derive_outside(m)) for m in alone]
    known = relations.by_pair
    ids = [texts.id(i) for i in group.articles if i in clustered or group.pairs or attribute]
    return GroupFindings(
        tuple(clusters),
        tuple(singletons),
        tuple(set_apart(pair, known[pair]) for pair in sorted(relations.apart)),
        tuple(set_apart((tie.a, tie.b), known[tie.a, tie.b], SIDE_PASSAGE) for tie in refused),
        {id: language for id in ids if (language := texts.languages.get(id)) is not None},
        {id: named for id in ids if (named := texts.attributions.get(id)) is not None},
    )


def describe_cluster(group: Group, relations: Relations) -> Cluster:
    """A cluster with all that is known of it, except its id."""
    texts, links = relations.texts, relations.links
    if len(group.members) <= MAX_ALL_RELATED:
        for i, j in combinations(group.members, 2):
            relations.relate(i, j, keep=True)
    own = group.members
    if len(own) > MAX_DERIVED:
        own = tuple(sorted(sorted(own, key=lambda i: (-len(links[i]), i))[:MAX_DERIVED]))
    place = {i: n for n, i in enumerate(own)}
    pairs = [(i, j) for i in own for j in sorted(links[i]) if j > i and j in place]
    derivations = derive(
        [texts.member(i) for i in own],
        {(place[i], place[j]): relations.by_pair[i, j] for i, j in pairs},
        {(place[u], place[v]): links[u][v] for i, j in pairs for u, v in ((i, j), (j, i))},
        relations.encoder,
    )
    # In a collection words are looked up only by an encoder that was named: one takes a second to
    # load, and what is said of a pair must not hang on the languages of the others.
    encoder = relations.encoder
    within = encoder if encoder is not None and works_within_languages(encoder) else None
    number = {texts.id(i): i for i in own}
    ends = [(number[d.source], number[d.derivative]) for d in derivations if d.source in number]
    return Cluster(
        "",
        sort_sources_first([texts.id(i) for i in group.members], derivations),
        tuple(relations.by_pair[pair] for pair in pairs),
        derivations,
        tuple(
            align_texts(texts.text(source), texts.text(taker), links[taker][source], within)
            for source, taker in ends
        ),
        relations.by_pair[group.weakest.a, group.weakest.b],
    )


def sort_sources_first(ids: Sequence[str], derivations: Sequence[Derivation]) -> tuple[str, ...]:
    """The members, each after its main source or closest version; otherwise by id."""
    parent: dict[str, str] = {}
    for edge in derivations:
        if edge.source in ids:
            parent.setdefault(edge.derivative, edge.source)

    def path(id: str) -> tuple[str, ...]:
        return (*path(parent[id]), id) if id in parent else (id,)

    return tuple(sorted(ids, key=path))


def find_passages(
    group: CandidateGroup, texts: PreparedTexts, encoder: Encoder | None
) -> GroupFindings:
    """Relate pairs that seem to have a passage in common and are in no common cluster: those
    where the passage was taken, and is no form, quotation or background."""
    apart = []
    for i, j in group.pairs:
        found = relate_passage(texts.text(i), texts.text(j), encoder)
        if found is not None and found.kind == "partial":
            apart.append(set_apart((i, j), found))
    languages = {id: texts.languages[id] for id in map(texts.id, group.articles)}
    return GroupFindings((), (), tuple(apart), (), dict(sorted(languages.items())), {})


def set_apart(pair: tuple[int, int], relation: Relation, why: str | None = None) -> Apart:
    """What is kept of the relation of two articles that are in no common cluster."""
    taken, probability = relation.taken_words, relation.probability
    said = relation.why if why is None else why
    return Apart(
        pair,
        (taken, round(probability, 2), relation.cosine),
        Related(relation.a, relation.b, relation.kind, probability, said, taken),
    )


def find_related(
    apart: Mapping[tuple[int, int], Apart],
    refused: Mapping[tuple[int, int], Apart],
    cluster_of: Mapping[int, int],
) -> Iterator[Related]:
    """Articles in no common cluster that have something in common: between any two clusters (or
    articles in none) the closest pair; and every tie that was refused. Those that share a passage
    come first, by the words taken. `cluster_of` has a number for each article in a cluster."""
    closest: dict[tuple[int, ...], tuple[int, int]] = {}
    for pair in sorted(apart):
        between = tuple(sorted(-1 - cluster_of[i] if i in cluster_of else i for i in pair))
        best = closest.setdefault(between, pair)
        if apart[pair].closeness > apart[best].closeness:
            closest[between] = pair
    shown = dict(refused)
    shown |= {pair: apart[pair] for (a, b), pair in closest.items() if a != b}
    for pair in sorted(shown, key=lambda p: (*(-value for value in shown[p].closeness), *p)):
        yield shown[pair].related


# What is done with a group.
Step = Literal["groups", "attributed", "passages"]
STEPS: dict[Step, Callable[[CandidateGroup, PreparedTexts, Encoder | None], GroupFindings]] = {
    "groups": work_out,
    "attributed": partial(work_out, attribute=True),
    "passages": find_passages,
}
