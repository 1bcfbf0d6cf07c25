"""Press releases and the articles that drew on them, by a model that has seen none of them."""

from collections import defaultdict

from benchmarks.data import load
from benchmarks.families.grouping import grouped
from benchmarks.fit_relation import DRAWN_FROM
from benchmarks.left_out import without
from dedup.article import Article
from dedup.sketch import shingle_containment
from dedup.text.words import split_words


def judge_releases() -> dict[str, float]:
    """Print how many of the articles with a tenth or more of their shingles from a release are in
    its cluster, and how many clusters join two studies."""
    rows = load("insciout")
    study = {row["id"]: row["family"] for row in rows}
    hashes = {row["id"]: split_words(row["text"]).hashes for row in rows}
    releases = defaultdict(list)
    for row in rows:
        if row["role"] == "release":
            releases[row["family"]].append(row["id"])
    drawn = {
        row["id"]: sources
        for row in rows
        if row["role"] != "release"
        and (sources := [release for release in releases[row["family"]]
                         if shingle_containment(hashes[row["id"]], hashes[release])[0]
                         >= DRAWN_FROM])
    }  # fmt: skip
    with without("insciout"):
        groups = grouped(Article(row["id"], row["text"]) for row in rows)
    group = {id: n for n, ids in enumerate(groups) for id in ids}
    home = sum(
        any(group.get(id, id) == group.get(source, source) for source in sources)
        for id, sources in drawn.items()
    )
    mixed = sum(len({study[id] for id in ids}) > 1 for ids in groups)
    print(
        f"\npress releases: {home} of {len(drawn)} articles that drew on one in its cluster "
        f"({home / len(drawn):.3f}); {mixed} of {len(groups)} clusters join two studies"
    )
    return {"found": home / len(drawn), "studies_joined": mixed}
