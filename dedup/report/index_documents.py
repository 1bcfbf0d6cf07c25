"""Index documents: what an index answers, as JSON and JSON lines.

Comes in: `Answer`s, families, sizes. Goes out: text that `data/index.schema.json` describes, in
which equal answers are equal bytes. JSON lines have one object a line, told apart by its first
key, "type": an `answer` each as soon as it is known, then a `problem` each. It decides nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dedup.align import KINDS
from dedup.derive import Derivation
from dedup.index import IndexCluster, IndexStats
from dedup.pipeline import Match, Verdict
from dedup.readers import Problem
from dedup.report.documents import described, number, written
from dedup.report.findings import role
from dedup.report.view import reason

CHECK_SCHEMA = "dedup/index-check/1"
CLUSTERS_SCHEMA = "dedup/index-clusters/1"
STATS_SCHEMA = "dedup/index-stats/1"

Standing = Literal["added", "known", "refused"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an index says of an article, and, where it was to be added, what became of it: it
    was `added`, it was there already (`known`), or its id stands for another text (`refused`)."""

    verdict: Verdict
    standing: Standing | None = None


def check_json(index: str, answers: Iterable[Answer], problems: Sequence[Problem]) -> str:
    """All answers as one document; `problems` are looked at when the answers are taken."""
    told = [_answer(answer) for answer in answers]
    document = {
        "schema": CHECK_SCHEMA,
        "index": index,
        "answers": told,
        "problems": [_problem(problem) for problem in problems],
    }
    return written(document, indent=1)


def answer_line(answer: Answer) -> str:
    """One answer as a line."""
    return written({"type": "answer", **_answer(answer)})


def problem_line(problem: Problem) -> str:
    """One problem as a line."""
    return written({"type": "problem", **_problem(problem)})


def clusters_json(index: str, families: Iterable[IndexCluster]) -> str:
    """The families, largest first, each with the link that holds it together most weakly."""
    found = [
        {
            "id": family.id,
            "members": list(family.members),
            "weakest_link": {
                "a": family.weakest_link.a,
                "b": family.weakest_link.b,
                "kind": family.weakest_link.kind,
                "probability": number(family.weakest_link.probability),
            },
        }
        for family in families
    ]
    return written({"schema": CLUSTERS_SCHEMA, "index": index, "clusters": found}, indent=1)


def stats_json(index: str, sizes: IndexStats) -> str:
    """How much there is of everything."""
    return written({"schema": STATS_SCHEMA, "index": index, **asdict(sizes)}, indent=1)


def _answer(answer: Answer) -> dict[str, Any]:
    verdict = answer.verdict
    return {
        **described(verdict.draft),
        "standing": answer.standing,
        "matches": [_match(match, verdict) for match in verdict.matches],
        "derivations": [_derivation(edge) for edge in verdict.derivations],
    }


def _match(match: Match, verdict: Verdict) -> dict[str, Any]:
    shares = match.alignment.shares
    return {
        **described(match.article),
        "kind": match.relation.kind,
        "probability": number(match.relation.probability),
        "resemblance": number(match.relation.resemblance),
        "role": role(match, verdict),
        "shares": {kind: number(shares.get(kind, 0)) for kind in KINDS},
    }


def _derivation(edge: Derivation) -> dict[str, Any]:
    return {
        "source": edge.source,
        "derivative": edge.derivative,
        "kind": edge.kind,
        "confidence": number(edge.confidence),
        "direction": edge.direction,
        "why": reason(edge) or None,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"path": problem.path, "what": problem.what}
