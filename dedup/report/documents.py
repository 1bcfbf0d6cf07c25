"""Documents: a result as JSON, an alignment as JSON, a result as JSON lines.

Comes in: a `Result` or an `Alignment`. Goes out: text that `data/report.schema.json`
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

from dedup import __version__
from dedup.align import Alignment, Drift, Passage
from dedup.article import Article, Span
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.pipeline import Cluster, Result
from dedup.relate import Relation
from dedup.report.lineage import published
from dedup.text.words import words

REPORT_SCHEMA = "dedup/report/1"
ALIGNMENT_SCHEMA = "dedup/alignment/1"

DECIMALS = 4

# What JSON permits in a string, but UTF-8 cannot spell (lone surrogates), a terminal might
# obey (C1 controls), or a reader of lines takes for a line's end.
AWKWARD = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def report_json(result: Result) -> str:
    """The whole result as one JSON document, indented by one space."""
    return _dump(report_document(result), indent=1) + "\n"


def alignment_json(alignment: Alignment) -> str:
    """One alignment as a JSON document of its own."""
    document = {"schema": ALIGNMENT_SCHEMA, **_alignment(alignment)}
    return _dump(document, indent=1) + "\n"


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
    lines = [_dump({"type": kind, **item}) for kind, items in kinds.items() for item in items]
    return "\n".join(lines) + "\n"


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
            {"a": pair.a, "b": pair.b, "probability": _number(pair.probability), "why": pair.why}
            for pair in result.related
        ],
        "problems": [{"path": problem.path, "what": problem.what} for problem in result.problems],
        "run": {
            "version": __version__,
            "settings": _plain(result.settings),
            "counts": {name: int(count) for name, count in result.counts.items()},
        },
    }


def _article(article: Article, languages: Mapping[str, str]) -> dict[str, Any]:
    path = article.extra.get("path")
    return {
        "id": article.id,
        "path": None if path is None else str(path),
        "title": article.title,
        "url": article.url,
        "publisher": article.publisher,
        "published": published(article),
        "language": languages.get(article.id, article.language),
        "words": len(words(article.text)),
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    weakest = cluster.weakest_link
    return {
        "id": cluster.id,
        "members": list(cluster.members),
        "weakest_link": {
            "a": weakest.a,
            "b": weakest.b,
            "probability": _number(weakest.probability),
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
        "probability": _number(relation.probability),
        "resemblance": _number(relation.resemblance),
        "containment": [_number(part) for part in relation.containment],
        "cosine": _number(relation.cosine),
        "anchors": _number(relation.anchors),
        "coverage": [_number(part) for part in relation.coverage],
    }


def _derivation(edge: Derivation) -> dict[str, Any]:
    return {
        "source": edge.source,
        "derivative": edge.derivative,
        "kind": edge.kind,
        "confidence": _number(edge.confidence),
        "direction": edge.direction,
        "evidence": [
            {
                "signal": evidence.signal,
                "log_odds": _number(evidence.log_odds),
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
    shares = alignment.shares
    return {
        "source": alignment.source,
        "derivative": alignment.derivative,
        "shares": {
            "copied": _number(shares.get("copied", 0)),
            "paraphrased": _number(shares.get("paraphrased", 0)),
            "translated": _number(shares.get("translated", 0)),
            "added": _number(shares.get("added", 0)),
        },
        "passages": [_passage(passage) for passage in alignment.passages],
        "dropped": _spans(alignment.dropped),
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


def _passage(passage: Passage) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": passage.kind,
        "begin": int(passage.begin),
        "end": int(passage.end),
    }
    if len(passage.parts) > 1:
        document["parts"] = _spans(passage.parts)
    document["score"] = _number(passage.score)
    document["sources"] = _spans(passage.sources)
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
        "span": _span(drift.span) if drift.span else None,
        "source": _span(drift.source) if drift.source else None,
    }


def _span(span: Span) -> dict[str, int]:
    return {"begin": int(span.begin), "end": int(span.end)}


def _spans(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [_span(span) for span in spans]


def _number(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0  # no negative zero


def _plain(value: Any) -> Any:
    """A setting as JSON has it; what JSON does not know is told by its `str`."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return _number(value) if isinstance(value, float) else str(value)


def _dump(document: Mapping[str, Any], indent: int | None = None) -> str:
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    return AWKWARD.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
