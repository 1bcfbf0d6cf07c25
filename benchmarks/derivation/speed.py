"""How long derivations take, in CPU seconds: 20,000 relations over 5,000 articles to families
and graphs (clustering and deriving; texts taken apart and related beforehand), and a family
of 400 copies, each a word or two from the next, every pair of them examined or a tenth.
"""

import time
from collections.abc import Iterator
from itertools import combinations
from random import Random

from benchmarks.corpus import corpus
from dedup.align import Links
from dedup.article import Article
from dedup.cluster import Tie, cluster
from dedup.derive import Member, derive, make_member
from dedup.relate import Relation, relate
from dedup.text import prepare

ARTICLES, RELATIONS, FAMILY = 5_000, 20_000, 9
COPIES = 400
WORDS = 300

Known = dict[tuple[int, int], tuple[Relation, tuple[Links, Links]]]


def measure_speed() -> dict[str, float]:
    """Print and return the CPU seconds of both."""
    figures = {"family_and_graph_seconds": many_families(), "copies_seconds": one_family()}
    print(f"{RELATIONS:,} relations over {ARTICLES:,} articles: "
          f"{figures['family_and_graph_seconds']:.1f} s of CPU")  # fmt: skip
    print(f"a family of {COPIES} copies, all pairs: {figures['copies_seconds']:.1f} s of CPU")
    return figures


def many_families() -> float:
    """Families of nine, four relations for each article, until there are 20,000 relations."""
    families = RELATIONS // (FAMILY * (FAMILY - 1) // 2)
    texts = corpus(60 * FAMILY, WORDS, derived=0.8, most=FAMILY - 1)
    groups: dict[int, list[str]] = {}
    for text, group in zip(texts.texts, texts.groups.tolist(), strict=True):
        groups.setdefault(group, []).append(text)
    whole = [group for group in groups.values() if len(group) == FAMILY]
    prepared = [_members(group, f"{n:04d}") for n, group in enumerate(whole)]
    known = [_related(members) for members in prepared]
    done = spent = 0.0
    number = 0
    while done < RELATIONS and number < 50 * families:
        members, relations = prepared[number % len(whole)], known[number % len(whole)]
        start = time.process_time()
        cluster(_ties(relations))
        derive(members, {p: r for p, (r, _) in relations.items()}, _links(relations))
        spent += time.process_time() - start
        done += len(relations)
        number += 1
    return spent * RELATIONS / done


def one_family() -> float:
    """Copies of one text with a word or two put in elsewhere, every pair related."""
    chance = Random(1)
    text = corpus(1, WORDS, derived=0.0).texts[0].split()
    texts = []
    for n in range(COPIES):
        words = list(text)
        words.insert(chance.randrange(len(words)), f"edition {n}")
        texts.append(" ".join(words))
    members = _members(texts, "c")
    relation, links = relate(members[0].text, members[1].text)
    pairs = list(combinations(range(COPIES), 2))
    start = time.process_time()
    derive(
        members, dict.fromkeys(pairs, relation),
        {pair: links[way] for u, v in pairs for way, pair in enumerate(((u, v), (v, u)))},
    )  # fmt: skip
    return time.process_time() - start


def _members(texts: list[str], prefix: str) -> list[Member]:
    return [
        make_member(prepare(Article(f"{prefix}-{n:03d}", text, language="en")))
        for n, text in enumerate(texts)
    ]


def _related(members: list[Member]) -> Known:
    return {
        (i, j): relate(members[i].text, members[j].text)
        for i, j in combinations(range(len(members)), 2)
    }


def _links(known: Known) -> dict[tuple[int, int], Links]:
    made = {}
    for (u, v), (_, (there, back)) in known.items():
        made[u, v], made[v, u] = there, back
    return made


def _ties(known: Known) -> Iterator[Tie]:
    for (u, v), (relation, links) in known.items():
        prints = [frozenset(i for i, s in enumerate(own.sources) if s) for own in links]
        yield Tie(u, v, relation.probability, sum(relation.coverage), prints[0], prints[1])
