"""Documents: a result as JSON, an alignment, the findings on a draft, a result as JSON lines.

Comes in: a `Result`, an `Alignment` or `Findings`. Goes out: text that `data/report.schema.json`
describes. Equal input gives equal bytes: keys stand in one order, numbers are rounded, and
there is no clock. Offsets are Unicode code points of the article's text as it was read.

JSON lines have one object a line, told apart by its first key, "type": an `article` each, a
`cluster` each, then `singleton`, `related`, `problem`, and one `run` at the end. The other
keys are those that the same thing has in the JSON document.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from dedup._version import __version__
from dedup.align import KINDS, Alignment, Counting, Drift, Kind, Passage
from dedup.article import Article, Span
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.pipeline import Cluster, Result
from dedup.relate import Relation
from dedup.report.findings import Findings, Source
from dedup.report.view import iso_date
from dedup.text.words import split_words

REPORT_SCHEMA = "dedup/report/1"
ALIGNMENT_SCHEMA = "dedup/alignment/1"
CHECK_SCHEMA = "dedup/check/1"

DECIMALS = 4

# What JSON permits in a string, but UTF-8 cannot spell (lone surrogates), a terminal might
# obey (C1 controls), or a reader of lines takes for a line's end.
AWKWARD = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def report_json(result: Result) -> str:
    """The whole result as one JSON document, indented by one space."""
    return written(report_document(result), indent=1)


def alignment_json(alignment: Alignment) -> str:
    """One alignment as a JSON document of its own."""
    document = {"schema": ALIGNMENT_SCHEMA, **_alignment(alignment)}
    return written(document, indent=1)


def findings_json(found: Findings) -> str:
    """The findings on a draft as a JSON document of its own."""
    ids = [source.match.article.id for source in found.sources]
    document = {
        "schema": CHECK_SCHEMA,
        "draft": _article(found.draft, {}),
        "told": found.told,
        "sentences": found.sentences,
        "taken": found.taken,
        "shares": _shares(found.shares, found.counting),
        "counting": _counting(found.counting),
        "sources": [_source(source) for source in found.sources],
        "passages": [
            {
                "kind": told.passage.kind,
                "begin": int(told.passage.begin),
                "end": int(told.passage.end),
                "score": number(told.passage.score),
                "source": None if told.source is None else ids[told.source],
            }
            for told in found.passages
        ],
        "derivations": [_derivation(edge) for edge in found.derivations],
        "run": {"version": __version__},
    }
    return written(document, indent=1)


def report_lines(result: Result) -> str:
    """The result as JSON lines: what can be read, cut and counted line by line."""
    document = report_document(result)
    kinds = {
        "article": document["articles"],
        "cluster": document["clusters"],
        "singleton": document["singletons"],
        "related": document["related"],
        "problem": document["problems"],
        "run": [document["run"]],
    }
    return "".join(
        written({"type": kind, **item}) for kind, items in kinds.items() for item in items
    )


def report_document(result: Result) -> dict[str, Any]:
    """The result in the shape of the JSON document."""
    return {
        "schema": REPORT_SCHEMA,
        "articles": [_article(article, result.languages) for article in result.articles],
        "clusters": [_cluster(cluster) for cluster in result.clusters],
        "singletons": [
            {
                "id": singleton.id,
                "attributions": [_attribution(phrase) for phrase in singleton.attributions],
                "derivations": [_derivation(edge) for edge in singleton.derivations],
            }
            for singleton in result.singletons
        ],
        "related": [
            {"a": pair.a, "b": pair.b, "probability": number(pair.probability), "why": pair.why}
            for pair in result.related
        ],
        "problems": [{"path": problem.path, "what": problem.what} for problem in result.problems],
        "run": {
            "version": __version__,
            "settings": _plain(result.settings),
            "counts": {name: int(count) for name, count in result.counts.items()},
        },
    }


def described(article: Article) -> dict[str, Any]:
    """What an article is called, where it is from and when, without its text."""
    path = article.extra.get("path")
    return {
        "id": article.id,
        "path": None if path is None else str(path),
        "title": article.title,
        "url": article.url,
        "publisher": article.publisher,
        "published": iso_date(article),
    }


def _article(article: Article, languages: Mapping[str, str]) -> dict[str, Any]:
    return {
        **described(article),
        "language": languages.get(article.id, article.language),
        "words": len(split_words(article.text)),
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    weakest = cluster.weakest_link
    return {
        "id": cluster.id,
        "members": list(cluster.members),
        "weakest_link": {
            "a": weakest.a,
            "b": weakest.b,
            "probability": number(weakest.probability),
        },
        "relations": [_relation(relation) for relation in cluster.relations],
        "derivations": [_derivation(edge) for edge in cluster.derivations],
        "alignments": [_alignment(alignment) for alignment in cluster.alignments],
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "a": relation.a,
        "b": relation.b,
        "kind": relation.kind,
        "probability": number(relation.probability),
        "resemblance": number(relation.resemblance),
        "containment": [number(part) for part in relation.containment],
        "cosine": number(relation.cosine),
        "anchors": number(relation.anchors),
        "coverage": [number(part) for part in relation.coverage],
        "evidence": [
            {
                "signal": piece.signal,
                "label": piece.label,
                "value": number(piece.value),
                "log_odds": number(piece.log_odds),
            }
            for piece in relation.evidence
        ],
    }


def _derivation(edge: Derivation) -> dict[str, Any]:
    return {
        "source": edge.source,
        "derivative": edge.derivative,
        "kind": edge.kind,
        "confidence": number(edge.confidence),
        "direction": edge.direction,
        "evidence": [
            {
                "signal": evidence.signal,
                "label": evidence.label,
                "log_odds": number(evidence.log_odds),
                "detail": evidence.detail,
                "spans": [
                    {"article": mark.article, "begin": int(mark.begin), "end": int(mark.end)}
                    for mark in evidence.spans
                ],
            }
            for evidence in edge.evidence
        ],
    }


def _attribution(phrase: Attribution) -> dict[str, Any]:
    return {
        "begin": int(phrase.begin),
        "end": int(phrase.end),
        "name": phrase.name,
        "outlet": phrase.outlet,
        "kind": phrase.kind,
        "role": phrase.role,
    }


def _alignment(alignment: Alignment) -> dict[str, Any]:
    return {
        "source": alignment.source,
        "derivative": alignment.derivative,
        "shares": _shares(alignment.shares, alignment.counting),
        "counting": _counting(alignment.counting),
        "passages": [_passage(passage) for passage in alignment.passages],
        "dropped": _spans(alignment.dropped),
        "quotations": _spans(alignment.quotations),
        "blocks": [
            {
                "begin": int(block.begin),
                "end": int(block.end),
                "source_begin": int(block.source_begin),
                "source_end": int(block.source_end),
            }
            for block in alignment.blocks
        ],
    }


def _source(source: Source) -> dict[str, Any]:
    given = source.credit
    return {
        "article": _article(source.match.article, {}),
        "told": source.told,
        "sentences": source.sentences,
        "copied": source.copied,
        "role": source.role,
        "credit": {
            "standing": given.standing,
            "publisher": given.publisher,
            "spans": [{"begin": int(mark.begin), "end": int(mark.end)} for mark in given.spans],
            "others": list(given.others),
        },
        "relation": _relation(source.match.relation),
        "alignment": _alignment(source.alignment),
    }


def _shares(shares: Mapping[Kind, float], counting: Counting) -> dict[str, float]:
    kinds: tuple[Kind, ...] = (*KINDS, "furniture") if counting.boilerplate else KINDS
    return {kind: number(shares.get(kind, 0)) for kind in kinds}


def _counting(counting: Counting) -> dict[str, Any]:
    return {
        "quotations": counting.quotations,
        "boilerplate": counting.boilerplate,
        "min_words": int(counting.min_words),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": passage.kind,
        "begin": int(passage.begin),
        "end": int(passage.end),
    }
    if len(passage.parts) > 1:
        document["parts"] = _spans(passage.parts)
    document["words"] = int(passage.words)
    document["quoted"] = int(passage.quoted)
    document["score"] = number(passage.score)
    document["sources"] = _spans(passage.sources)
    if passage.clauses:
        document["clauses"] = [
            {
                "begin": int(clause.begin),
                "end": int(clause.end),
                "source": _span(clause.source),
            }
            for clause in passage.clauses
        ]
    document["runs"] = [
        {
            "begin": int(run.begin),
            "end": int(run.end),
            "source_begin": int(run.source_begin),
            "source_end": int(run.source_end),
        }
        for run in passage.runs
    ]
    document["drift"] = [_drift(drift) for drift in passage.drift]
    return document


def _drift(drift: Drift) -> dict[str, Any]:
    return {
        "kind": drift.kind,
        "detail": drift.detail,
        "span": _span(drift.span),
        "source": _span(drift.source),
    }


def _span(span: Span) -> dict[str, int]:
    return {"begin": int(span.begin), "end": int(span.end)}


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [_span(span) for span in spans]


def number(value: float) -> float:
    """A figure as JSON has it."""
    return round(float(value), DECIMALS) + 0.0  # no negative zero


def _plain(value: Any) -> Any:
    """A setting as JSON has it; what JSON does not know is told by its `str`."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return number(value) if isinstance(value, float) else str(value)


def written(document: Mapping[str, Any], indent: int | None = None) -> str:
    """A document as JSON, with a line's end."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    return AWKWARD.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"
