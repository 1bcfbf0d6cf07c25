"""Families of any size and shape, made for pictures and graphs: headlines are real, derivations
are drawn by lot from a seed."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dedup.article import Article
from dedup.derive import Derivation, Evidence
from dedup.pipeline import Cluster, Result, Singleton
from dedup.relate import Relation

HEADLINES = (
    "North Korea sends artillery to Ukraine as Pyongyang’s troops withdraw from front line",
    "Russia bolsters Crimean front with North Korean artillery",
    "Russland verlegt nordkoreanische Artillerie auf die Krim",
    "كوريا الشمالية ترسل مدفعية بعيدة المدى إلى روسيا",
    "北朝鮮の長距離砲、クリミアに配備か 独テレビ報道",
    "תותחים צפון קוריאניים הועברו לקרים, כך דווח בגרמניה",
    "Росія перекидає північнокорейські гармати до Криму",
)
OUTLETS = (
    "The Moscow Times", "Reuters", "Al Jazeera الجزيرة", "NHK 日本放送協会", "Ukrainska Pravda",
    "Frankfurter Allgemeine Zeitung für Deutschland",
)  # fmt: skip
OUTSIDE = ("ZDF", "dpa", "(unnamed media)")
BEGIN = datetime(2025, 3, 28, 6, tzinfo=UTC)


def made(
    members: int, seed: int = 1, *, copies: int = 0, deep: float = 0.3, **more: Any
) -> tuple[Cluster, dict[str, Article]]:
    """A family: `copies` of its articles are word for word the second one, and of the others a
    part, `deep`, was taken from the one before it."""
    lot = random.Random(seed)
    ids = [f"a{number:03}" for number in range(members)]
    articles = {}
    for number, id in enumerate(ids):
        moment = BEGIN + timedelta(minutes=7 * number + lot.randrange(600))
        when = lot.choice((moment, moment.date(), None))
        articles[id] = Article(
            id, "", title=lot.choice(HEADLINES), publisher=lot.choice(OUTLETS), published=when
        )
    edges = [credit(OUTSIDE[0], ids[0], 0.97)]
    same = []
    for number, id in enumerate(ids[1:], 1):
        copied = number >= members - copies
        source = ids[1] if copied else ids[number - 1] if lot.random() < deep else ids[0]
        source = lot.choice(ids[:number]) if not copied and lot.random() < 0.2 else source
        if copied:
            same.append(relation(source, id, "duplicate"))
        elif lot.random() < 0.05:
            continue
        revised = articles[source].publisher == articles[id].publisher
        sure = lot.uniform(0.3, 1)
        edges.append(taken(source, id, sure, "revision" if revised else "derived"))
        if lot.random() < 0.2:
            edges.append(credit(lot.choice(OUTSIDE), id, lot.uniform(0.5, 1), at_second_hand=True))
        if number > 3 and lot.random() < 0.1:
            other = lot.choice(ids[:number])
            if other != source:
                edges.append(taken(other, id, sure / 3))
    weakest = relation(ids[0], ids[1])
    cluster = Cluster("c1", tuple(ids), (weakest, *same), tuple(edges), (), weakest)
    return replace(cluster, **more), articles


def taken(source: str, derivative: str, sure: float, kind: Any = "derived") -> Derivation:
    """An edge between articles; below one half its direction is unknown."""
    why = (
        Evidence(
            "clock", "Publication dates", 1.3, f"{derivative} appeared 3 hours after {source}"
        ),
    )
    known: Any = ("certain", 0.98) if sure >= 0.5 else ("unknown", 0.5)
    return Derivation(source, derivative, kind, sure, *known, why)


def credit(
    outlet: str, derivative: str, sure: float, *, at_second_hand: bool = False
) -> Derivation:
    """An edge from an outside source."""
    kind: Any = "attributed-via" if at_second_hand else "attributed"
    why = (Evidence("credit", "Credits the source", 2.0, f"“{outlet} reported”"),)
    return Derivation(f"external:{outlet}", derivative, kind, sure, "certain", 1.0, why)


def relation(a: str, b: str, kind: Any = "rewrite") -> Relation:
    """Two articles that tell one report."""
    return Relation(a, b, kind, 0.9, 0.1, (0.2, 0.1), 0.4, 0.5, (0.8, 0.7))


def result(*families: tuple[Cluster, dict[str, Article]], alone: tuple[Any, ...] = ()) -> Result:
    """A result of families, and of articles alone with their derivations."""
    articles = [article for _, known in families for article in known.values()]
    articles += [article for article, _ in alone]
    singletons = tuple(Singleton(article.id, (), edges) for article, edges in alone)
    clusters = tuple(cluster for cluster, _ in families)
    return Result(articles, clusters, singletons, (), {}, {}, (), {}, {})
