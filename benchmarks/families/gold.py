"""The open real families and their gold, and how a grouping is judged by them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from benchmarks.data import load
from dedup.article import Article
from dedup.readers.dates import read_date

Pair = frozenset[str]


@dataclass(frozen=True)
class Gold:
    """The families and which pairs count neither way."""

    articles: list[Article]
    topic: dict[str, str]
    family: dict[str, str]
    hard: list[Pair]
    free: set[Pair]
    derivations: list[dict[str, Any]]

    def same(self, a: str, b: str) -> bool:
        return a in self.family and self.family[a] == self.family.get(b)

    def counts(self, a: str, b: str) -> bool:
        return frozenset((a, b)) not in self.free


@dataclass(frozen=True)
class Score:
    """Pairs that are rightly joined, wrongly joined and missed; hard negatives joined."""

    right: int
    wrong: int
    missed: int
    hard: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    def print(self, name: str) -> None:
        print(f"{name:<46}{self.precision:.3f}  {self.recall:.3f}  {self.f1:.3f}  {self.hard:4d}")


def families(name: str = "families") -> Gold:
    """A collection of real pages and its gold: `families`, `families-b` or `families-c`. The
    relation models are fitted on all three; `benchmarks.left_out` has those without one."""
    rows, gold = load(name), load(f"{name}-gold")[0]
    family = {id: name for name, ids in gold["families"].items() for id in ids}
    free = {frozenset(pair[:2]) for pair in gold["uncertain_pairs"]}
    for entry in gold["do_not_use_as_negatives"]:
        for one, other in combinations(entry["groups"], 2):
            free |= {
                frozenset((a, b)) for a in gold["families"][one] for b in gold["families"][other]
            }
    articles = [
        Article(
            row["id"], row["text"], row["title"], row["url"], row.get("domain"),
            published(row["published"]), row["language"],
        )
        for row in rows
    ]  # fmt: skip
    return Gold(
        articles,
        {row["id"]: row.get("story_topic", "") for row in rows},
        family,
        [frozenset(pair[:2]) for pair in gold["hard_negatives"]],
        free,
        gold["derivations"],
    )


def published(value: str | None) -> date | None:
    """The date of a page, as readers read it."""
    return read_date(value) if value else None


def pairwise(
    gold: Gold, groups: Iterable[Sequence[str]], ids: Sequence[str], *, across: bool = False
) -> Score:
    """Pairs of `ids` in one language (in two, if `across`) that are joined as they should be,
    and hard negatives joined, whatever the `ids`."""
    label = {id: i for i, group in enumerate(groups) for id in group}
    right = wrong = missed = 0
    language = {article.id: article.language for article in gold.articles}
    for a, b in combinations(ids, 2):
        if not gold.counts(a, b) or (language[a] != language[b]) != across:
            continue
        joined = a in label and label[a] == label.get(b)
        right += joined and gold.same(a, b)
        wrong += joined and not gold.same(a, b)
        missed += not joined and gold.same(a, b)
    hard = sum(len({label.get(id, id) for id in pair}) == 1 for pair in gold.hard)
    return Score(right, wrong, missed, hard)
