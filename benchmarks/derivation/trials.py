"""Trials: clusters of the open sets whose derivations are known.

The sets are wmt19-paraphrases, PorSimples, remix, ntrex, newstest and the real families. What
dedup needs of a trial is its members, and the relations and links of every pair. Nothing is
judged here.
"""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from benchmarks.data import load
from benchmarks.families import families
from benchmarks.phylogenies import Trial
from dedup.align import Links
from dedup.article import Article
from dedup.attribution import attributions, publisher_of
from dedup.derive import Member
from dedup.embed import load_encoder
from dedup.relate import Relation, relate
from dedup.sketch import shingle_containment
from dedup.text import Text, prepare
from dedup.text.words import split_words

INDEPENDENT = ("ar", "ntrex_deu", "wmtp")  # German versions made from the English by themselves
TRANSLATIONS = 4  # of each story, at most
UNSEEN = 5
STORIES, LEAST_LINES = 160, 5  # of newstest
MIN_TAKEN = 0.1  # of an article's 5-word shingles in a release: it surely drew on it
HOURS = ("2025-03-28T08:00:00+00:00", "2025-03-28T11:00:00+00:00", "2025-03-28T20:00:00+00:00")


@dataclass(frozen=True)
class Examined:
    """A trial as `derive` gets it: every pair related."""

    trial: Trial
    members: tuple[Member, ...]
    relations: dict[tuple[int, int], Relation]
    links: dict[tuple[int, int], Links]


def wmt19() -> Iterator[Trial]:
    """A human paraphrase among its source and two independent versions."""
    for row in load("wmt19-paraphrases"):
        articles = tuple(
            Article(name, "\n".join(row["versions"][name]), language="de")
            for name in ("arp", *INDEPENDENT)
        )
        yield Trial("wmt19", row["doc_id"], "paraphrase", articles, ((1,), (), (), ()))


def porsimples() -> Iterator[Trial]:
    """Original → natural → strong simplification, without time stamps and with."""
    stories: dict[str, dict[str, str]] = {}
    for row in load("porsimples-docs"):
        paragraphs: dict[int, list[str]] = {}
        for sentence in row["sentences"]:
            paragraphs.setdefault(sentence["par"], []).append(sentence["text"])
        text = "\n\n".join(" ".join(lines) for lines in paragraphs.values())
        stories.setdefault(row["production_id"], {})[row["level"]] = text
    for id, levels in stories.items():
        if set(levels) != {"ORI", "NAT", "STR"}:
            continue
        # The ids say nothing: NAT stands first, so that no order of theirs is the chain's.
        for regime, times in (("no clocks", (None,) * 3), ("clocks", HOURS)):
            articles = tuple(
                Article(name, levels[level], language="pt", published=times[place])
                for name, level, place in (("a", "NAT", 1), ("b", "STR", 2), ("c", "ORI", 0))
            )
            yield Trial("porsimples", f"porsimples/{id}", regime, articles, ((2,), (0,), ()))


def remix() -> Iterator[Trial]:
    for row in load("remix"):
        story = row["id"].rsplit("/", 1)[0].split("/")[-1]
        texts = {"a": row["derivative"], "b": row["source"]}
        articles = tuple(Article(id, text, language=row["language"]) for id, text in texts.items())
        yield Trial("remix", story, f"no clocks, {row['style']}", articles, ((1,), ()))


def ntrex() -> Iterator[Trial]:
    """Translations of an English story into some languages, made by themselves."""
    stories: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    for row in load("ntrex"):
        if row["version"] != "ref-2":
            stories[row["doc_id"]][row["lang"]] = row["sentences"]
    for id, versions in stories.items():
        yield _translated("ntrex", id, versions, "eng")


def newstest() -> Iterator[Trial]:
    """Stories of newspapers in seven languages, and their translations into the others."""
    stories: dict[str, dict[str, Sequence[str]]] = defaultdict(dict)
    origin: dict[str, str] = {}
    for row in load("newstest"):
        id = f"{row['set']}:{row['doc_id']}"
        if row["origlang"] and len(row["sentences"]) >= LEAST_LINES:
            stories[id][row["lang"]] = row["sentences"]
            origin[id] = {"cz": "cs"}.get(row["origlang"], row["origlang"])
    told = [id for id in sorted(stories) if origin[id] in stories[id] and len(stories[id]) > 2]
    for id in random.Random(0).sample(told, STORIES):
        yield _translated("newstest", id, stories[id], origin[id])


def _translated(set: str, id: str, versions: Mapping[str, Sequence[str]], source: str) -> Trial:
    """A story and some of its translations; one in `UNSEEN` is without the story. Of the real
    families' translations every one has its source beside it."""
    chance = random.Random(id)
    others = sorted(versions.keys() - {source})
    chosen = chance.sample(others, min(chance.randint(1, TRANSLATIONS), len(others)))
    seen = len(chosen) < 2 or chance.randrange(UNSEEN) > 0
    languages = chance.sample([source, *chosen], len(chosen) + 1) if seen else chosen
    articles = tuple(Article(lang, "\n\n".join(versions[lang])) for lang in languages)
    parents = tuple(
        (languages.index(source),) if seen and lang != source else () for lang in languages
    )
    return Trial(set, id, "source seen" if seen else "source unseen", articles, parents)


def real_families(name: str = "families") -> Iterator[Trial]:
    """The families of a set of real pages. A parent is known where the gold is sure of it: a
    member, or, where only outside sources are given, none of the members."""
    gold = families(name)
    articles = {article.id: article for article in gold.articles}
    sources: dict[str, list[tuple[str, bool]]] = {}
    for row in gold.derivations:
        sources.setdefault(row["derivative"], []).append((row["source"], row["sure"]))
    by_family: dict[str, list[str]] = {}
    for id, family in gold.family.items():
        by_family.setdefault(family, []).append(id)
    for ids in by_family.values():
        if len(ids) < 2:
            continue
        place = {id: n for n, id in enumerate(sorted(ids))}
        parents: list[tuple[int, ...] | None] = []
        for id in place:
            own = sources.get(id, [])
            inside = tuple(place[s] for s, sure in own if sure and s in place)
            outside = all(sure and s.startswith("external:") for s, sure in own) and own
            parents.append(inside or (() if outside else None))
        members = tuple(articles[id] for id in place)
        yield Trial(name, gold.topic[ids[0]], "real", members, tuple(parents))


def insciout() -> Iterator[Trial]:
    """Press releases and the articles that surely drew on them: those that have a tenth of
    their 5-word shingles from there."""
    studies: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in load("insciout"):
        studies[row["family"]].append(row)
    for id, rows in studies.items():
        releases = [row for row in rows if row["role"] == "release"]
        if not releases:
            continue
        given = [split_words(row["text"]).hashes for row in releases]
        taken = [
            row
            for row in rows
            if row["role"] != "release"
            and max(shingle_containment(split_words(row["text"]).hashes, one)[0] for one in given)
            >= MIN_TAKEN
        ]
        if taken:
            both = sorted((*releases, *taken), key=lambda row: row["id"])
            first = [n for n, row in enumerate(both) if row["role"] == "release"]
            articles = tuple(Article(row["id"], row["text"], language="en") for row in both)
            parents = tuple(() if n in first else tuple(first) for n in range(len(both)))
            yield Trial("insciout", id, "releases", articles, parents)


def examine(trials: Iterable[Trial]) -> Iterator[Examined]:
    """Take every trial's articles apart and relate every pair; trials that differ in their
    clocks alone share the work."""
    before: tuple[object, ...] = ()
    texts: list[Text] = []
    for trial in trials:
        key = (trial.set, trial.story, tuple((a.id, a.text, a.publisher) for a in trial.articles))
        if key != before:
            before = key
            texts = [prepare(article) for article in trial.articles]
            relations, links = {}, {}
            for i, j in combinations(range(len(texts)), 2):
                related = relate(texts[i], texts[j], load_encoder())
                relations[i, j], (links[i, j], links[j, i]) = related
            found = [attributions(text) for text in texts]
        members = tuple(
            Member(replace(text, article=article), publisher_of(text, own), own)
            for text, article, own in zip(texts, trial.articles, found, strict=True)
        )
        yield Examined(trial, members, relations, links)
