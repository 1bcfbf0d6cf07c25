"""Articles with several stories, made of the real families: do they chain them?

- `ledes`: the day in brief, the first paragraphs of five articles of five stories;
- `pages`: three whole articles one after the other, as a scraped section page has them;
- `editions`: such a page twice, the second with another last story;
- `quoting`: a piece of one's own (basil) that quotes a third of each of two stories;
- `boilerplate`: one site's ten paragraphs of its own around articles of five stories.

All are made of English families with at least three members, so that each story has its own
wire copies in the collection, and drawn by a fixed chance.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.data import load
from benchmarks.families.gold import Gold, families
from benchmarks.families.grouping import Groups, grouped, labelled, tied
from dedup.article import Article
from dedup.candidates.near import components
from dedup.cluster import cluster
from dedup.text import prepare

KINDS = ("ledes", "pages", "editions", "quoting", "boilerplate")
LEDE = 90  # words
LONGEST = 800  # words of an article that stands on a page with others
PARAGRAPHS = 10  # of boilerplate


@dataclass(frozen=True)
class Digest:
    """An article and the families that it has something of."""

    article: Article
    families: frozenset[str]


def digests(gold: Gold, kind: str, count: int, seed: int = 1) -> Iterator[Digest]:
    """`count` articles of a kind."""
    chance = random.Random(f"{kind}/{seed}")
    stories = _stories(gold)
    own = [[" ".join(lines) for lines in row["body-paragraphs"]] for row in load("basil")]
    for n in range(count):
        names = _apart(stories, gold, 5, chance)
        pieces = [chance.choice(stories[name]) for name in names]
        if kind == "ledes":
            yield _digest(f"{kind}-{n}", map(_lede, pieces), names)
        elif kind in ("pages", "editions"):
            yield _digest(f"{kind}-{n}", map(_body, pieces[:3]), names[:3])
            if kind == "editions":
                later = [*pieces[:2], pieces[3]]
                yield _digest(f"{kind}-{n}-later", map(_body, later), [*names[:2], names[3]])
        elif kind == "quoting":
            ours = chance.choice(own)
            parts = [_third(piece, chance) for piece in pieces[:2]]
            half = len(ours) // 2
            text = [*ours[:half], parts[0], *ours[half:], parts[1]]
            yield _digest(f"{kind}-{n}", text, names[:2])
        elif kind == "boilerplate":
            site = chance.choice(own)[:PARAGRAPHS]
            for m, (piece, name) in enumerate(zip(pieces, names, strict=True)):
                yield _digest(f"{kind}-{n}-{m}", (*site[:3], _body(piece), *site[3:]), [name])


def _stories(gold: Gold) -> dict[str, list[Article]]:
    """The English families of three and more, without what is too long for a page."""
    found: dict[str, list[Article]] = {}
    for article in gold.articles:
        if article.language == "en" and article.id in gold.family:
            found.setdefault(gold.family[article.id], []).append(article)
    short = {
        name: [article for article in articles if len(article.text.split()) <= LONGEST]
        for name, articles in found.items()
        if len(articles) >= 3
    }
    return {name: articles for name, articles in short.items() if articles}


def _apart(
    stories: dict[str, list[Article]], gold: Gold, count: int, chance: random.Random
) -> list[str]:
    """The names of `count` stories of different topics."""
    names: list[str] = []
    subjects: set[str] = set()
    for name in chance.sample(sorted(stories), len(stories)):
        subject = (
            name.split("_")[0] if not name.startswith("fnc") else "_".join(name.split("_")[:2])
        )
        if subject not in subjects:
            names.append(name)
            subjects.add(subject)
    return names[:count]


def _digest(id: str, parts: Iterable[str], names: Sequence[str]) -> Digest:
    return Digest(Article(id, "\n\n".join(parts), language="en"), frozenset(names))


def _sentences(article: Article) -> list[str]:
    return [article.text[s.begin : s.end] for s in prepare(article).prose if s.tokens]


def _lede(article: Article) -> str:
    taken: list[str] = []
    for sentence in _sentences(article):
        if taken and len(" ".join(taken).split()) >= LEDE:
            break
        taken.append(sentence)
    return " ".join(taken)


def _body(article: Article) -> str:
    return "\n".join(_sentences(article))


def _third(article: Article, chance: random.Random) -> str:
    sentences = _sentences(article)
    size = max(len(sentences) // 3, 2)
    begin = chance.randrange(max(len(sentences) - size, 1))
    return " ".join(sentences[begin : begin + size])


def judge_digests(count: int = 12) -> dict[str, float]:
    """Print, for each kind, how many of the digests tie stories together that are apart without
    them, and how many of them went to one of their stories: dedup, and single link."""
    gold = families()
    apart = _joined(gold, grouped(gold.articles))
    print(f"\n{'articles of several stories':<24}made  chain  chain by single link  found a story")
    chained = 0
    for kind in KINDS:
        made = list(digests(gold, kind, count))
        collection, groups = tied([*gold.articles, *(digest.article for digest in made)])
        found = [
            tuple(collection.id(i) for i in family.members)
            for ties, separate in groups
            for family in cluster(ties, separate)[0]
        ]
        places = sorted({i for ties, _ in groups for tie in ties for i in (tie.a, tie.b)})
        index = {i: n for n, i in enumerate(places)}
        pairs = np.array([(index[t.a], index[t.b]) for ties, _ in groups for t in ties])
        ids = [collection.id(i) for i in places]
        linked = labelled(ids, components(pairs, len(places)).tolist())
        chains = _joined(gold, found) - apart
        chained += len(chains)
        at_home = sum(
            any(
                gold.family.get(id) in digest.families
                for group in found
                if digest.article.id in group
                for id in group
            )
            for digest in made
        )
        print(f"{kind:<24}{len(made):4d}  {len(chains):5d}  "
              f"{len(_joined(gold, linked) - apart):20d}  {at_home:4d}")  # fmt: skip
    return {"families_chained": chained}


def _joined(gold: Gold, groups: Groups) -> set[frozenset[str]]:
    """The pairs of families, of those that must not be joined, that some group joins."""
    found = set()
    for group in groups:
        members = [id for id in group if id in gold.family]
        found |= {
            frozenset((gold.family[a], gold.family[b]))
            for a, b in combinations(members, 2)
            if gold.counts(a, b) and not gold.same(a, b)
        }
    return found
