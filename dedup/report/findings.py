"""Findings: a verdict on a draft added up for whoever has to decide.

Comes in: a `Verdict`. Goes out: `Findings`: each sentence of the draft with the kind that weighs
most among all its sources, the shares that follow, the sources by how much of the draft they
have, whether each is credited, and a sentence that says so. Every report of a draft tells these.
It compares nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dedup.align import (
    COUNT_EVERYTHING,
    Alignment,
    Counting,
    Kind,
    Passage,
    align_texts,
    compute_shares,
    recount,
)
from dedup.article import Article
from dedup.derive import Derivation, Member
from dedup.derive.credited import ARTICLE, Credit, find_credit
from dedup.phrasing import pluralize as number_of
from dedup.phrasing import shorten
from dedup.pipeline import Match, Verdict
from dedup.report.view import TAKEN, opening
from dedup.text import prepare

WEIGHT: dict[Kind, int] = {"copied": 3, "paraphrased": 2, "translated": 2, "added": 1}
NAME = 80
SAID = 120

Role = Literal["source", "derivative", "undecided", "unknown"]


@dataclass(frozen=True, slots=True)
class Source:
    """An article that the draft retells: what of it, and whether it is credited.

    `sentences` is how many of the draft's come from it, `copied` how many of those word for
    word; `role` what the article is to the draft: where it seems to be the derivative, a credit
    is not asked for. `what` says the figures in words, `told` all of it in a sentence.
    """

    match: Match
    alignment: Alignment
    share: float
    sentences: int
    copied: int
    credit: Credit
    role: Role
    what: str
    told: str


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of the draft, and the source that has most of it: its place in `sources`."""

    passage: Passage
    source: int | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to say of a draft. `shares` count what `counting` says; `sources` come by
    share, `derivations` say who has it from whom; `sentences` is how many the draft has, page
    furniture apart, `taken` how many of them come from any source.
    """

    draft: Article
    shares: dict[Kind, float]
    counting: Counting
    sources: tuple[Source, ...]
    derivations: tuple[Derivation, ...]
    passages: tuple[Told, ...]
    sentences: int
    taken: int
    told: str


def findings(verdict: Verdict, counting: Counting = COUNT_EVERYTHING) -> Findings:
    """The verdict added up."""
    draft = verdict.member if verdict.matches else None
    found = []
    if draft:
        found = [_source(match, role(match, verdict), draft, counting) for match in verdict.matches]
    found.sort(key=lambda source: (-source.share, source.match.article.id))
    found = _each_outlet_once(found)
    laid = [source.alignment for source in found] or [
        align_texts(prepare(Article("source", "")), verdict.text)
    ]
    passages = _weightiest([alignment.passages for alignment in laid])
    sentences = sum(told.passage.kind != "furniture" for told in passages)
    taken = sum(told.passage.kind in TAKEN for told in passages)
    return Findings(
        verdict.draft,
        compute_shares([told.passage for told in passages], counting),
        counting,
        tuple(found),
        verdict.derivations,
        passages,
        sentences,
        taken,
        _headline(found, sentences, taken),
    )


def piece(source: Article, publisher: str | None) -> str:
    """What to call a source in a sentence: "the Moscow Times piece", else how it begins."""
    if publisher:
        return f"the {shorten(ARTICLE.sub('', publisher), NAME)} piece"
    begins = shorten(opening(source), NAME)
    return f"“{begins}”" if begins else shorten(source.id, NAME)


def role(match: Match, verdict: Verdict) -> Role:
    """What the article of a match is to the draft: its source, its derivative, or nobody knows."""
    ends = {match.article.id, verdict.draft.id}
    for edge in verdict.derivations:
        if {edge.source, edge.derivative} == ends:
            if edge.direction == "undecided":
                return "undecided"
            return "source" if edge.source == match.article.id else "derivative"
    return "unknown"


def _source(match: Match, role: Role, draft: Member, counting: Counting) -> Source:
    alignment = recount(match.alignment, counting)
    origin = match.member
    given = find_credit(origin, draft)
    sentences = sum(p.kind in TAKEN for p in alignment.passages)
    scored = sum(p.kind != "furniture" for p in alignment.passages)
    copied = sum(p.kind == "copied" for p in alignment.passages)
    verb = "retells" if sentences == 1 else "retell"
    what = f"{sentences} of {number_of(scored, 'sentence')} {verb} "
    what += piece(match.article, origin.publisher)
    if copied:
        what += ", word for word" if copied == sentences else f", {copied} of them word for word"
    share = sum(alignment.shares.get(kind, 0.0) for kind in TAKEN)
    told = f"{what}; {said(given, draft.text.article)}."
    if role == "derivative":
        told = f"{what}; that article seems to have it from this draft."
    return Source(match, alignment, share, sentences, copied, given, role, what, told)


def _each_outlet_once(found: Sequence[Source]) -> list[Source]:
    """An outlet that the draft credits can be only one of the articles whose publisher is
    unknown: the one that has most of the draft."""
    taken: set[str | None] = set()
    kept = []
    for source in found:
        given = source.credit
        if source.role == "derivative":
            pass
        elif given.standing == "likely" and given.publisher in taken:
            others = tuple(sorted({*given.others, *filter(None, (given.publisher,))}))
            given = Credit("unknown", None, others=others)
            told = f"{source.what}; {said(given, source.match.article)}."
            source = replace(source, credit=given, told=told)
        elif given.standing == "likely":
            taken.add(given.publisher)
        kept.append(source)
    return kept


def said(given: Credit, draft: Article) -> str:
    """Whether the source is credited, in words, with those of the draft where there are any."""
    words = [shorten(draft.text[mark.begin : mark.end], SAID) for mark in given.spans[:1]]
    quote = f": “{words[0]}”" if words else ""
    besides = f"; the draft credits {_listed(given.others)}" if given.others else ""
    instead = f"{besides} instead" if besides else ""
    match given.standing:
        case "credited":
            return f"it is credited{quote or f': {given.how}'}"
        case "likely":
            return f"it may be {given.publisher}, which the draft credits{quote}"
        case "named":
            return f"{given.publisher} is named, but not as the source{quote}{instead}"
        case "own":
            return f"both are by {given.publisher}"
        case "unknown":
            unknown = "its publisher is unknown, so whether it is credited cannot be told"
            return unknown + (besides or "; the draft credits no outlet")
    return f"it is not credited{instead}"


def _listed(names: Sequence[str]) -> str:
    *few, last = [shorten(name, NAME) for name in names[:3]]
    if len(names) > 3:
        few, last = [*few, last], f"{len(names) - 3} more"
    return f"{', '.join(few)} and {last}" if few else last


def _headline(found: Sequence[Source], sentences: int, taken: int) -> str:
    if not found:
        return "Nothing that this draft was checked against tells what it tells."
    if len(found) == 1:
        return found[0].told
    total = number_of(sentences, "sentence")
    if taken == found[0].sentences:
        return f"{found[0].told} {_also(len(found) - 1)} the same."
    return f"{taken} of {total} come from {len(found)} articles. {found[0].told}"


def _also(others: int) -> str:
    return "Another article tells part of" if others == 1 else f"{others:,} others tell part of"


def _weightiest(found: Sequence[Sequence[Passage]]) -> tuple[Told, ...]:
    """For each sentence the passage that weighs most: copied before retold before added, sure
    before unsure. All alignments have the draft's sentences in the draft's order."""
    told = []
    for passages in zip(*found, strict=True):
        best = max(
            range(len(passages)),
            key=lambda n: (WEIGHT.get(passages[n].kind, 0), passages[n].score, -n),
        )
        linked = passages[best].kind in TAKEN
        told.append(Told(passages[best], best if linked else None))
    return tuple(told)
