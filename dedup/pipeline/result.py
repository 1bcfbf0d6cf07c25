"""What a comparison finds: clusters, articles in no cluster, articles on one topic.

Plain frozen data, which `compare` makes and `dedup.report` shows.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import chain
from typing import Any, overload

from dedup.align import Alignment
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.errors import InputError
from dedup.extras import require
from dedup.phrasing import pluralize, shorten
from dedup.pipeline.spool import Spool
from dedup.readers import Problem
from dedup.relate import Relation, RelationKind

MAX_SHOWN, MAX_MEMBERS, MAX_TITLE = 20, 5, 60  # clusters, members and characters in a notebook
# The columns of tables, and their types by the names of Arrow.
MEMBERS = {"cluster": "string", "place": "int32", "id": "string"} | dict.fromkeys(
    ("title", "url", "publisher", "published", "language"), "string"
)
PAIRS = {
    **dict.fromkeys(("cluster", "a", "b", "kind"), "string"),
    **dict.fromkeys(("probability", "resemblance", "cosine"), "float64"),
    "why": "string",
}
SHARES = ("copied", "paraphrased", "translated", "added")
EDGES = {
    **dict.fromkeys(("cluster", "source", "derivative", "kind"), "string"),
    "confidence": "float64", "direction": "string", "direction_probability": "float64",
    **dict.fromkeys(SHARES, "float64"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that share a source text.

    `id` is "c1", "c2" … by size. `members` are article ids, sources before derivatives.
    `weakest_link` is the least certain of the relations that hold the cluster together.
    `alignments` go from each derivation's source to its derivative.
    """

    id: str
    members: tuple[str, ...]
    relations: tuple[Relation, ...]
    derivations: tuple[Derivation, ...]
    alignments: tuple[Alignment, ...]
    weakest_link: Relation

    def __repr__(self) -> str:
        members = f"{', '.join(self.members[:3])}{', …' if len(self.members) > 3 else ''}"
        return f"<Cluster {self.id} of {pluralize(len(self.members), 'article')}: {members}>"


class ClusterTable(Sequence[Cluster]):
    """Clusters that are in a file: `load` gives the n-th, and only those asked for are read."""

    def __init__(self, count: int, load: Callable[[int], Cluster]) -> None:
        self._count, self._load = count, load

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Cluster: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Cluster]: ...

    def __getitem__(self, index: int | slice) -> Cluster | Sequence[Cluster]:
        numbers = range(self._count)[index]
        if isinstance(numbers, int):
            return self._load(numbers)
        return [self._load(n) for n in numbers]


@dataclass(frozen=True, slots=True)
class Singleton:
    """An article in no cluster, the outlets it names and the outside sources it derives from."""

    id: str
    attributions: tuple[Attribution, ...]
    derivations: tuple[Derivation, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Two articles that have something in common but are in no common cluster: what, and why;
    `taken_words` of a partial pair are those in the passages that both have."""

    a: str
    b: str
    kind: RelationKind
    probability: float
    why: str
    taken_words: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What `compare` finds.

    `attributions` and `languages` have, by id, those of the articles that were looked at.
    Of a large collection `clusters` are read from a file as they are asked for.
    `settings` and `counts` describe the run: what was asked for and how much work each stage
    had. Its tables are pyarrow's, which pandas and polars take (`.to_pandas()`).
    """

    articles: Sequence[Article]
    clusters: Sequence[Cluster]
    singletons: tuple[Singleton, ...]
    related: tuple[Related, ...]
    attributions: Mapping[str, tuple[Attribution, ...]]
    languages: Mapping[str, str]
    problems: tuple[Problem, ...]
    settings: Mapping[str, Any]
    counts: Mapping[str, int]

    def find_cluster(self, id: str) -> Cluster:
        """The cluster called `id` ("c2"); raises `InputError` if there is none."""
        for cluster in self.clusters:
            if cluster.id == id:
                return cluster
        if not self.clusters:
            raise InputError("no two of the articles share a source text: there is no cluster")
        known = ", ".join(cluster.id for cluster in self.clusters[:5])
        more = ", …" if len(self.clusters) > 5 else ""
        raise InputError(f"there is no cluster {id!r}; give one of {known}{more}")

    def find(self, ids: Collection[str]) -> dict[str, Article]:
        """The articles called `ids`, by id; only these are read back from disk."""
        articles = self.articles
        every = articles.ids if isinstance(articles, Spool) else [a.id for a in articles]
        return {id: articles[i] for i, id in enumerate(every) if id in ids}

    def clusters_table(self) -> Any:
        """A `pyarrow.Table` of the members of all clusters, sources before derivatives: `cluster`,
        `place` in it, `id`, `title`, `url`, `publisher`, `published` (ISO 8601), `language`."""
        rows = [(c.id, place, id) for c in self.clusters for place, id in enumerate(c.members)]
        articles = self.find({id for _, _, id in rows})
        return make_table(
            MEMBERS,
            (
                (*member_row(cluster, place, articles[id]), self.language_of(articles[id]))
                for cluster, place, id in rows
            ),
        )

    def language_of(self, article: Article) -> str | None:
        """The language that an article states, else that which its text is in."""
        return article.language or self.languages.get(article.id)

    def pairs_table(self) -> Any:
        """A `pyarrow.Table` of the pairs that were related: those of clusters, and then the
        related ones, whose `cluster` is null: `cluster`, `a`, `b`, `kind`, `probability`,
        `resemblance`, `cosine`, `why`."""
        within = (
            (c.id, r.a, r.b, r.kind, r.probability, r.resemblance, r.cosine, r.why)
            for c in self.clusters
            for r in c.relations
        )
        beside = ((None, r.a, r.b, r.kind, r.probability, None, None, r.why) for r in self.related)
        return make_table(PAIRS, chain(within, beside))

    def edges_table(self) -> Any:
        """A `pyarrow.Table` of who took it from whom: `cluster` (null for an article in none),
        `source` (an id or ``external:NAME``), `derivative`, `kind`, `confidence`, `direction`,
        `direction_probability`, and where the two were aligned the shares of the derivative that
        were `copied`, `paraphrased`, `translated` and `added`."""
        edges: list[tuple[str | None, Derivation]] = [
            (cluster.id, edge) for cluster in self.clusters for edge in cluster.derivations
        ]
        edges += [(None, edge) for single in self.singletons for edge in single.derivations]
        shares = {
            (alignment.source, alignment.derivative): alignment.shares
            for cluster in self.clusters
            for alignment in cluster.alignments
        }
        rows = []
        for cluster, e in edges:
            own: Mapping[Any, float] = shares.get((e.source, e.derivative), {})
            direction = (e.direction, e.direction_probability)
            edge_row = (cluster, e.source, e.derivative, e.kind, e.confidence, *direction)
            rows.append((*edge_row, *map(own.get, SHARES)))
        return make_table(EDGES, rows)

    def __repr__(self) -> str:
        parts = [pluralize(len(self.articles), "article"), pluralize(len(self.clusters), "cluster")]
        parts += [f"{len(self.related):,} related pairs"] if self.related else []
        parts += [pluralize(len(self.problems), "problem")] if self.problems else []
        return f"<Result of {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        """The largest clusters as a table, as notebooks show it."""
        shown = self.clusters[:MAX_SHOWN]
        articles = self.find({id for cluster in shown for id in cluster.members[:MAX_MEMBERS]})
        rows = []
        for cluster in shown:
            names = [name_of(articles[id]) for id in cluster.members[:MAX_MEMBERS]]
            names += ["…"] if len(cluster.members) > MAX_MEMBERS else []
            cells = (cluster.id, f"{len(cluster.members):,}", " · ".join(names))
            rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
        head = "<tr><th>cluster</th><th>articles</th><th>members, sources first</th></tr>"
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<p>{escape(repr(self)[1:-1])}</p><table>{head}{body}</table>"


def member_row(cluster: str, place: int, article: Article) -> tuple[Any, ...]:
    """The row of a member in the table of clusters, but for its language."""
    published = article.published.isoformat() if isinstance(article.published, date) else None
    where = (article.title, article.url, article.publisher)
    return (cluster, place, article.id, *where, published)


def name_of(article: Article) -> str:
    """An article in a few words: who, when, what."""
    day = str(article.published)[:10] if article.published else None
    parts = (article.publisher, day, shorten(article.title or article.id, MAX_TITLE))
    return " ".join(part for part in parts if part)


def make_table(columns: Mapping[str, str], rows: Iterable[tuple[Any, ...]]) -> Any:
    """A `pyarrow.Table` of rows, by the names and types of its columns."""
    pyarrow = require("pyarrow", "tables")
    schema = pyarrow.schema([(n, getattr(pyarrow, kind)()) for n, kind in columns.items()])
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pyarrow.table([list(column) for column in values], schema=schema)
