"""Write results, alignments, findings and answers of an index as JSON or JSON lines.

Dataclasses become objects whose keys are their fields, so that a new field needs no code here;
only what JSON says otherwise than the dataclass has a shape of its own below. The schemas are
`data/report.schema.json` and `data/index.schema.json`. Equal input gives equal bytes: keys stand
in one order, numbers are rounded, and there is no clock. Offsets are Unicode code points of the
article's text as it was read.

JSON lines have one object a line, and "type" as its first key: a `cluster` each, as soon as its
number is known, then an `article` each, `singleton`, `related`, `problem`, and one `run` at the
end; for answers of an index an `answer` each as soon as it is known, then a `problem` each.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache, singledispatch
from numbers import Integral, Real
from typing import Any

from dedup._version import __version__
from dedup.align import KINDS, Alignment, Counting, Kind, Passage
from dedup.article import Article
from dedup.derive.credited import Credit
from dedup.index import IndexCluster, IndexStats
from dedup.index.survey import IndexSurvey
from dedup.pipeline import Cluster, Result
from dedup.pipeline.findings import Findings, find_role
from dedup.readers import Problem
from dedup.report.names import article_names
from dedup.report.verdicts import article_verdicts, describe_verdict
from dedup.report.view import (
    ALL_KINDS,
    Answer,
    iso_date,
    reason,
    summarize_findings,
    summarize_source,
)
from dedup.text.words import split_words

REPORT_SCHEMA = "dedup/report/1"
ALIGNMENT_SCHEMA = "dedup/alignment/1"
CHECK_SCHEMA = "dedup/check/1"
INDEX_CHECK_SCHEMA = "dedup/index-check/1"
INDEX_CLUSTERS_SCHEMA = "dedup/index-clusters/1"
INDEX_STATS_SCHEMA = "dedup/index-stats/1"

DECIMALS = 4

# What JSON permits in a string, but UTF-8 cannot spell (lone surrogates), a terminal might
# obey (C1 controls), or a reader of lines takes for a line's end.
AWKWARD = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@singledispatch
def to_json(value: Any) -> Any:
    """`value` as JSON has it: a dataclass becomes an object of its public fields."""
    if value is None or isinstance(value, str | bool):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in field_names(type(value))}
    if isinstance(value, Mapping):
        return {str(name): to_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, Integral):
        return int(value)
    return round(float(value), DECIMALS) + 0.0 if isinstance(value, Real) else str(value)


@cache
def field_names(type: type) -> tuple[str, ...]:
    """The names of a dataclass' public fields."""
    return tuple(field.name for field in fields(type) if not field.name.startswith("_"))


def pick(value: Any, *names: str) -> dict[str, Any]:
    """Some attributes of `value` as JSON has them."""
    return {name: to_json(getattr(value, name)) for name in names}


@to_json.register
def article_to_json(article: Article) -> dict[str, Any]:
    """What an article is called, where it is from and when, without its text."""
    path = article.extra.get("path")
    return {
        "id": article.id,
        "path": None if path is None else str(path),
        **pick(article, "title", "url", "publisher"),
        "published": iso_date(article.published),
    }


@to_json.register
def problem_to_json(problem: Problem) -> dict[str, Any]:
    """A problem without its trace, which is for whoever debugs a reader."""
    return pick(problem, "path", "what")


@to_json.register
def cluster_to_json(cluster: Cluster) -> dict[str, Any]:
    """A cluster; its weakest link stands with its evidence among the relations."""
    return {
        **pick(cluster, "id", "members"),
        "weakest_link": pick(cluster.weakest_link, "a", "b", "probability"),
        **pick(cluster, "relations", "derivations", "alignments"),
    }


@to_json.register
def alignment_to_json(alignment: Alignment) -> dict[str, Any]:
    """An alignment with the share of every kind, also of those that do not occur."""
    return {
        **pick(alignment, "source", "derivative"),
        "shares": shares_to_json(alignment.shares, alignment.counting),
        **pick(alignment, "counting", "passages", "dropped", "quotations", "blocks"),
        **(pick(alignment, "too_short") if alignment.too_short else {}),
    }


@to_json.register
def passage_to_json(passage: Passage) -> dict[str, Any]:
    """A passage; parts and clauses only where there are several, changes only in a copy."""
    return {
        **pick(passage, "kind", "begin", "end"),
        **(pick(passage, "parts") if len(passage.parts) > 1 else {}),
        **pick(passage, "words", "quoted", "score", "sources"),
        **(pick(passage, "clauses") if passage.clauses else {}),
        **pick(passage, "runs", "drift"),
        **(pick(passage, "changes") if passage.changes else {}),
    }


@to_json.register
def credit_to_json(credit: Credit) -> dict[str, Any]:
    """A credit; its spans are all in the derivative."""
    return {
        **pick(credit, "standing", "publisher"),
        "spans": [pick(mark, "begin", "end") for mark in credit.spans],
        **pick(credit, "also_credits"),
    }


def shares_to_json(shares: Mapping[Kind, float], counting: Counting) -> dict[str, Any]:
    kinds: tuple[Kind, ...] = ALL_KINDS if counting.boilerplate else KINDS
    return {kind: to_json(shares.get(kind, 0)) for kind in kinds}


def describe_article(article: Article, languages: Mapping[str, str]) -> dict[str, Any]:
    """An article with its language and its number of words."""
    return {
        **to_json(article),
        "language": languages.get(article.id, article.language),
        "words": len(split_words(article.text)),
    }


def report_json(result: Result) -> Iterator[str]:
    """The whole result as one JSON document, indented by one space, in parts: of a large result
    one cluster is in memory at a time."""
    yield f'{{\n "schema": {json.dumps(REPORT_SCHEMA)},\n'
    for name, items in describe_report(result):
        yield f' "{name}": ['
        separator = "\n"
        for item in items:
            yield separator + textwrap.indent(dump(item, indent=1).rstrip("\n"), "  ", bool)
            separator = ",\n"
        yield "],\n" if separator == "\n" else "\n ],\n"
    yield f' "run": {textwrap.indent(dump(describe_run(result), indent=1), " ", bool).lstrip()}}}\n'


def report_lines(result: Result) -> Iterator[str]:
    """The result as JSON lines: what can be read, cut and counted line by line."""
    yield from map(cluster_line, result.clusters)
    yield from rest_lines(result)


def cluster_line(cluster: Cluster) -> str:
    """One cluster as a line."""
    return dump({"type": "cluster", **to_json(cluster)})


def rest_lines(result: Result) -> Iterator[str]:
    """All lines of a result that come behind the clusters."""
    for name, items in describe_report(result):
        if name != "clusters":
            type = name.removesuffix("s")
            yield from (dump({"type": type, **item}) for item in items)
    yield dump({"type": "run", **describe_run(result)})


def describe_report(result: Result) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """What a report lists, by name, each item as JSON has it."""
    names = article_names(result.articles)
    verdicts = {v.id: describe_verdict(v, names) for v in article_verdicts(result, names)}
    yield (
        "articles",
        (
            {**describe_article(article, result.languages), "verdict": verdicts[article.id]}
            for article in result.articles
        ),
    )
    yield "clusters", map(to_json, result.clusters)
    yield "singletons", map(to_json, result.singletons)
    yield "related", map(to_json, result.related)
    yield "problems", map(to_json, result.problems)


def describe_run(result: Result) -> dict[str, Any]:
    """What a report says of the run."""
    return {"version": __version__, **pick(result, "settings", "counts")}


def alignment_json(alignment: Alignment) -> str:
    """One alignment as a JSON document of its own."""
    return dump({"schema": ALIGNMENT_SCHEMA, **to_json(alignment)}, indent=1)


def findings_json(findings: Findings) -> str:
    """The findings on a draft as a JSON document of its own."""
    ids = [source.match.article.id for source in findings.sources]
    document = {
        "schema": CHECK_SCHEMA,
        "draft": describe_article(findings.draft, {}),
        "summary": summarize_findings(findings),
        **pick(findings, "too_short", "sentences", "taken"),
        "shares": shares_to_json(findings.shares, findings.counting),
        **pick(findings, "counting"),
        "sources": [
            {
                "article": describe_article(source.match.article, {}),
                "summary": summarize_source(source, findings),
                **pick(source, "sentences", "copied", "role", "credit"),
                **pick(source.match, "relation"),
                **pick(source, "alignment"),
            }
            for source in findings.sources
        ],
        "passages": [
            {
                **pick(linked.passage, "kind", "begin", "end", "score"),
                "source": None if linked.source is None else ids[linked.source],
            }
            for linked in findings.passages
        ],
        **pick(findings, "derivations"),
        "run": {"version": __version__},
    }
    return dump(document, indent=1)


def index_check_json(index: str, answers: Iterable[Answer], problems: Sequence[Problem]) -> str:
    """All answers as one document; `problems` are looked at when the answers are taken."""
    document = {
        "schema": INDEX_CHECK_SCHEMA,
        "index": index,
        "answers": [answer_to_json(answer) for answer in answers],
        "problems": to_json(tuple(problems)),
    }
    return dump(document, indent=1)


def index_clusters_json(index: str, clusters: Iterable[IndexCluster]) -> str:
    """The clusters of an index, largest first, each with the weakest of its links."""
    listed = [
        {
            **pick(cluster, "id", "members"),
            "weakest_link": pick(cluster.weakest_link, "a", "b", "kind", "probability"),
        }
        for cluster in clusters
    ]
    return dump({"schema": INDEX_CLUSTERS_SCHEMA, "index": index, "clusters": listed}, indent=1)


def index_stats_json(index: str, stats: IndexStats, surveyed: IndexSurvey) -> str:
    """How much an index holds, and what its last articles are like."""
    counts = {**to_json(stats), **to_json(surveyed)}
    return dump({"schema": INDEX_STATS_SCHEMA, "index": index, **counts}, indent=1)


def answer_line(answer: Answer) -> str:
    """One answer of an index as a line."""
    return dump({"type": "answer", **answer_to_json(answer)})


def problem_line(problem: Problem) -> str:
    """One problem as a line."""
    return dump({"type": "problem", **to_json(problem)})


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """An answer with every match and derivation in brief."""
    verdict = answer.verdict
    return {
        **to_json(verdict.draft),
        "standing": answer.standing,
        "too_short": verdict.is_too_short,
        "matches": [
            {
                **to_json(match.article),
                **pick(match.relation, "kind", "probability", "resemblance"),
                **(pick(match, "taken_words") if match.is_partial else {}),
                "role": find_role(match, verdict),
                "shares": shares_to_json(match.alignment.shares, match.alignment.counting),
            }
            for match in verdict.matches
        ],
        "derivations": [
            {
                **pick(edge, "source", "derivative", "kind", "confidence"),
                **pick(edge, "direction", "direction_probability"),
                "why": reason(edge) or None,
            }
            for edge in verdict.derivations
        ],
    }


def dump(document: Mapping[str, Any], indent: int | None = None) -> str:
    """A document as JSON, ending in a newline."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    return AWKWARD.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
