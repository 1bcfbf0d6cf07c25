"""The documents of the interface as the library's types, and articles as they are sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from dedup.align import Alignment, Kind
from dedup.article import Article, Span
from dedup.derive import Derivation
from dedup.derive.credited import Credit
from dedup.pipeline import Cluster, Related, Result, Singleton
from dedup.pipeline.findings import Role
from dedup.readers import Problem
from dedup.relate import Relation

FIELDS = ("title", "url", "publisher", "language", "byline")


@dataclass(frozen=True, slots=True)
class Source:
    """An article that a draft has something from. `article` has no text."""

    article: Article
    summary: str
    sentences: int
    copied: int
    role: Role
    credit: Credit
    relation: Relation
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to say of a draft: a sentence or two, the shares of its words by kind, and its
    sources, those that have most of it first. While files that the server watches have still to be
    read for the first time, `still_reading`: a source may be missing."""

    summary: str
    sentences: int
    taken: int
    shares: Mapping[Kind, float]
    sources: tuple[Source, ...]
    derivations: tuple[Derivation, ...]
    still_reading: bool = False


def article_json(article: Article) -> dict[str, Any]:
    """An article as it is sent."""
    extra = json.loads(json.dumps(dict(article.extra), default=str))
    return {**draft_json(article), "extra": extra}


def draft_json(article: Article) -> dict[str, Any]:
    """The same without what no check looks at."""
    published = article.published
    when = published if isinstance(published, str | None) else published.isoformat()
    known = {name: value for name in FIELDS if (value := getattr(article, name)) is not None}
    return {
        "id": article.id,
        "text": article.text,
        **known,
        **({"published": when} if when else {}),
    }


def read_article(document: Mapping[str, Any]) -> Article:
    """An article as the interface has it; its text is empty where only its head was sent."""
    known = {name: document.get(name) for name in (*FIELDS, "published")}
    return Article(
        document["id"], document.get("text", ""), extra=document.get("extra", {}), **known
    )


def read_report(document: Mapping[str, Any]) -> Report:
    """The document of `dedup check` as the library's types."""
    draft = document["draft"]["id"]
    sources = tuple(
        Source(
            read_article(one["article"]),
            one["summary"],
            one["sentences"],
            one["copied"],
            one["role"],
            read(Credit, one["credit"], draft),
            read(Relation, one["relation"]),
            read_alignment(one["alignment"]),
        )
        for one in document["sources"]
    )
    derivations = tuple(read_derivation(edge) for edge in document["derivations"])
    return Report(
        document["summary"],
        document["sentences"],
        document["taken"],
        document["shares"],
        sources,
        derivations,
        document.get("still_reading", False),
    )


def read_result(document: Mapping[str, Any], articles: Sequence[Article]) -> Result:
    """The document of `dedup report` as the library has it; `attributions` are those of articles in
    no cluster."""
    singletons = tuple(
        Singleton(
            one["id"],
            read(Singleton, one, one["id"]).attributions,
            tuple(map(read_derivation, one.get("derivations", ()))),
        )
        for one in document["singletons"]
    )
    return Result(
        articles,
        tuple(map(read_cluster, document["clusters"])),
        singletons,
        tuple(read(Related, one) for one in document["related"]),
        {one.id: one.attributions for one in singletons},
        {one["id"]: one["language"] for one in document["articles"] if one["language"]},
        tuple(read(Problem, one) for one in document["problems"]),
        document["run"]["settings"],
        document["run"]["counts"],
    )


def read_cluster(document: Mapping[str, Any]) -> Cluster:
    """A cluster of a report."""
    relations = tuple(read(Relation, one) for one in document["relations"])
    weakest = {document["weakest_link"][end] for end in "ab"}
    return Cluster(
        document["id"],
        tuple(document["members"]),
        relations,
        tuple(map(read_derivation, document["derivations"])),
        tuple(map(read_alignment, document["alignments"])),
        next(one for one in relations if {one.a, one.b} == weakest),
    )


def read_derivation(document: Mapping[str, Any]) -> Derivation:
    """A derivation; the places of a credit are in the derivative."""
    edge: Derivation = read(Derivation, document, document["derivative"])
    return edge


def read_alignment(document: Mapping[str, Any]) -> Alignment:
    """An alignment; a passage of one part is that part."""
    made: Alignment = read(Alignment, document)
    passages = (
        one if one.parts else replace(one, parts=(Span(one.begin, one.end),))
        for one in made.passages
    )
    return replace(made, passages=tuple(passages))


def read(kind: Any, value: Any, article: str = "") -> Any:
    """A value of the library's type `kind` from JSON; `article` is whose places stand there, where
    the document does not say."""
    origin, arguments = get_origin(kind), get_args(kind)
    if value is None:
        return None
    if isinstance(kind, type) and is_dataclass(kind):
        known = {}
        for name, own, default in fields_of(kind):
            if name in value:
                known[name] = read(own, value[name], article)
            elif name == "article":
                known[name] = article
            elif default:
                known[name] = () if get_origin(own) is tuple else None
        return kind(**known)
    if origin is tuple:
        kinds = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(read(one, item, article) for one, item in zip(kinds, value, strict=True))
    if origin in (Union, UnionType):
        return read(next(one for one in arguments if one is not type(None)), value, article)
    return float(value) if kind is float else value


@cache
def fields_of(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a type: name, type, and whether each has to be given."""
    hints = get_type_hints(kind)
    return tuple(
        (f.name, hints[f.name], f.default is MISSING and f.default_factory is MISSING)
        for f in fields(kind)
    )
