"""Compare the articles of a collection: clusters, derivations, alignments.

`compare` walks through the corridor: sketch, candidates, relate, cluster, derive, align. Millions
of articles pass as columns through the first two; only those that meet a candidate are prepared
and aligned. The stages that need more than a line follow below it, in the order of the walk.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Literal

from threadpoolctl import threadpool_limits

from dedup.align import align_texts
from dedup.article import Article, expect_articles
from dedup.candidates import MAX_NEIGHBOURS, MIN_COSINE, MIN_RESEMBLANCE
from dedup.cluster import Group, Tie, cluster
from dedup.derive import Derivation, derive, derive_outside
from dedup.embed import DEFAULT_ENCODER, Encoder, load_encoder, works_within_languages
from dedup.errors import InputError, MissingExtra
from dedup.pipeline.collection import Collection, Progress, silent
from dedup.pipeline.pairs import candidate_groups, pairs_by_passages, select_pairs
from dedup.pipeline.relations import Relations
from dedup.pipeline.result import Cluster, Related, Result, Singleton
from dedup.pipeline.spool import MAX_TEXT_BYTES
from dedup.readers import Problem

Attributed = Literal["all", "clusters"]

# Up to this many articles, attributions are also found in those that are in no cluster: they
# cost as much as all the rest (7 ms an article, 2 minutes for 20,000).
MAX_ALL_ATTRIBUTED = 1_000
# Derivations are worked out among this many members of a cluster, the best connected: the work
# grows with the cube, and nothing distinguishes a thousand copies of one text.
MAX_DERIVED = 400
# In a cluster of up to this many, pairs that were no candidates are related too: what a third
# article corroborates is the best evidence of direction.
MAX_ALL_RELATED = 12
# Memory that a comparison takes: 1.8 GB for 315 MB of Reuters in 100,000 articles, .55 GB for 63
# MB in 20,000. Of that the texts are kept up to the spool's room; the rest are sketches.
MIN_MEMORY = 250_000_000
MEMORY_PER_BYTE = 4.2


def compare(
    articles: Iterable[Article],
    *,
    attributed: Attributed | None = None,
    encoder: Encoder | str | None = DEFAULT_ENCODER,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find which of `articles` share a source text, which derives from which, and what was reused.

    `articles` may be a stream: once 400 MB of text are in memory, only sketches of the others
    stay there, and their texts go to a temporary file (see `Spool`). Attributions are found in
    `all` articles or in those of `clusters` (by default in all of up to 1,000).
    Articles in several languages are compared across them by sentence vectors where these cover
    both, else by names and numbers; where the package for them is missing, that is a problem
    of the result. `encoder` (or the one of that name, see `dedup.embed`) makes the vectors,
    also within a language; None: no vectors.
    `threads` is how many sketch (default: as many as there are processors).
    The result does not depend on the order of the articles, but for the order in which they
    are listed. `progress(stage, done, total)` is called as the work goes on. Raises
    `InputError` where two articles have one id.
    """
    progress = progress or silent
    collection = Collection(expect_articles(articles), threads=threads, progress=progress)
    for id, following in pairwise(map(collection.id, range(len(collection)))):
        if id == following:
            raise InputError(f"two articles have the id {id!r}; give each its own")
    model, missing = choose_encoder(encoder, collection.languages)
    relations = Relations(collection, model)
    described: list[tuple[Group, Cluster]] = []
    refused: list[Tie] = []
    # The products are small: more threads would only wait for each other.
    with threadpool_limits(limits=1, user_api="blas"):
        pairs, proposed = select_pairs(collection, model, progress=progress)
        for group_of_pairs in candidate_groups(pairs, len(collection), progress):
            groups, not_joined = cluster(*relations.find_ties(group_of_pairs))
            described += [(group, describe_cluster(group, relations)) for group in groups]
            refused += not_joined
            relations.links.clear()  # which are large
        sharing = pairs_by_passages(collection, (group.members for group, _ in described), pairs)
        progress("passages", 0, len(sharing) + len(refused))
        relations.find_partial((*sharing.tolist(), *((tie.a, tie.b) for tie in refused)))
    large = [
        Problem(
            collection.id(group.members[0]),
            f"is in a cluster of {len(group.members):,} articles; derivations are worked out "
            f"among the {MAX_DERIVED} that have most relations",
        )
        for group, _ in described
        if len(group.members) > MAX_DERIVED
    ]
    described.sort(key=lambda item: (-len(item[0].members), item[0].members))
    clusters = tuple(replace(named, id=f"c{n}") for n, (_, named) in enumerate(described, 1))
    attributed = attributed or ("all" if len(collection) <= MAX_ALL_ATTRIBUTED else "clusters")
    clustered = {i for group, _ in described for i in group.members}
    others = [i for i in range(len(collection)) if i not in clustered]
    if attributed == "all":
        alone = map(collection.member, others)
        singletons = tuple(Singleton(m.id, m.attributions, derive_outside(m)) for m in alone)
    else:
        singletons = tuple(Singleton(collection.id(i), (), ()) for i in others)
    return Result(
        collection.spool,
        clusters,
        singletons,
        find_related([group for group, _ in described], refused, relations),
        collection.attributions,
        collection.text_languages,
        (*getattr(articles, "problems", ()), *missing, *large),
        {
            "attributed": attributed,
            "min_resemblance": MIN_RESEMBLANCE,
            "max_neighbours": MAX_NEIGHBOURS,
            "min_cosine": MIN_COSINE,
            "encoder": model.name if model else None,
            "encoder_within_languages": model is not None and works_within_languages(model),
        },
        {
            "articles": len(collection),
            "candidates": proposed,
            "aligned": len(pairs),
            "clusters": len(clusters),
            "singletons": len(singletons),
        },
    )


def estimate_memory(size: int) -> int:
    """About how many bytes of memory `compare` takes for `size` bytes of articles."""
    return int(MIN_MEMORY + MEMORY_PER_BYTE * size + min(size, MAX_TEXT_BYTES))


def choose_encoder(
    encoder: Encoder | str | None, languages: frozenset[str]
) -> tuple[Encoder | None, tuple[Problem, ...]]:
    """The encoder that a collection in these languages needs, and what it will not cover."""
    if encoder is None or (encoder == DEFAULT_ENCODER and len(languages) < 2):
        return None, ()
    try:
        model = load_encoder(encoder) if isinstance(encoder, str) else encoder
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


def describe_cluster(group: Group, relations: Relations) -> Cluster:
    """A cluster with all that is known of it, except its id."""
    collection, links = relations.collection, relations.links
    if len(group.members) <= MAX_ALL_RELATED:
        for i, j in combinations(group.members, 2):
            relations.relate(i, j, keep=True)
    own = group.members
    if len(own) > MAX_DERIVED:
        own = tuple(sorted(sorted(own, key=lambda i: (-len(links[i]), i))[:MAX_DERIVED]))
    place = {i: n for n, i in enumerate(own)}
    pairs = [(i, j) for i in own for j in sorted(links[i]) if j > i and j in place]
    derivations = derive(
        [collection.member(i) for i in own],
        {(place[i], place[j]): relations.by_pair[i, j] for i, j in pairs},
        {(place[u], place[v]): links[u][v] for i, j in pairs for u, v in ((i, j), (j, i))},
        relations.encoder,
    )
    number = {collection.id(i): i for i in own}
    ends = [(number[d.source], number[d.derivative]) for d in derivations if d.source in number]
    return Cluster(
        "",
        sort_sources_first([collection.id(i) for i in group.members], derivations),
        tuple(relations.by_pair[pair] for pair in pairs),
        derivations,
        tuple(
            align_texts(collection.text(source), collection.text(taker), links[taker][source])
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


def find_related(
    groups: Sequence[Group], refused: Sequence[Tie], relations: Relations
) -> tuple[Related, ...]:
    """Articles in no common cluster that have something in common: between any two clusters (or
    articles in none) the closest pair; and every tie that was refused. Those that share a passage
    come first, by the words taken."""
    group_of = {i: -1 - n for n, group in enumerate(groups) for i in group.members}

    def closeness(pair: tuple[int, int]) -> tuple[int, float, float]:
        relation = relations.by_pair[pair]
        return relation.taken_words, round(relation.probability, 2), relation.cosine

    closest: dict[tuple[int, ...], tuple[int, int]] = {}
    for pair in sorted(relations.apart):
        between = tuple(sorted(group_of.get(i, i) for i in pair))
        if closeness(pair) > closeness(closest.setdefault(between, pair)):
            closest[between] = pair
    why = {(tie.a, tie.b): "They share only a side passage" for tie in refused}
    why |= {pair: relations.by_pair[pair].why for (a, b), pair in closest.items() if a != b}
    ranked = sorted(why, key=lambda pair: (*(-value for value in closeness(pair)), *pair))
    related = [(relations.by_pair[pair], why[pair]) for pair in ranked]
    return tuple(
        Related(r.a, r.b, r.kind, r.probability, reason, r.taken_words) for r, reason in related
    )
