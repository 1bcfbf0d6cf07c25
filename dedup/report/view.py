"""What every report says in the same words: dates, sources, reasons and sums.

Terminal, HTML, pictures, tables and graphs all take these from here, so that two reports of one
result cannot disagree. Texts of articles come out safe to show on one line. No output format is
known here, and nothing is decided that `derive` has not decided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import regex

from dedup.align import KINDS, TAKEN, Alignment, Change, Counting, Drift, Kind, Passage
from dedup.article import Article
from dedup.attribution import Attribution
from dedup.derive import Derivation
from dedup.derive.credited import ARTICLE, Credit
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Related, Result, Singleton, Verdict
from dedup.pipeline.findings import Findings, Source
from dedup.report.names import MAX_NAME, opening
from dedup.text.model import MIN_JUDGED

EXTERNAL = "external:"  # begins a source that is not among the articles
ALL_KINDS: tuple[Kind, ...] = (*KINDS, "furniture")  # which has a share only if it is counted
KIND_NAMES: Mapping[Kind, str] = {kind: kind for kind in KINDS} | {"furniture": "boilerplate"}

Standing = Literal["added", "known", "refused"]

MAX_QUOTE = 120
MAX_CREDITED = 3  # outlets that a sentence lists
SEVERITIES = ("meaning", "detail", "style")  # of a drift, what an editor must see first
NO_NAMES: Mapping[str, str] = {}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip

# An article of the collection is a better answer than a name in the text, and that a better one
# than a version beside it.
RANK = {"derived": 0, "revision": 0, "attributed": 1, "attributed-via": 2, "sibling": 3}
EDGE_PHRASES = {
    "derived": ("derived from ", ""),
    "revision": ("a later version of ", ""),
    "sibling": ("from the same source as ", ""),
    "attributed": ("credits ", ""),
    "attributed-via": ("credits ", " at second hand"),
    "uncredited": ("comes from ", " without a credit"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an index says of an article, and, where it was to be added, what became of it: it
    was `added`, it was there already (`known`), or its id stands for another text (`refused`)."""

    verdict: Verdict
    standing: Standing | None = None


def is_external(source: str) -> bool:
    """Whether the source of a derivation is an outlet outside the collection."""
    return source.startswith(EXTERNAL)


def source_name(source: str, names: Mapping[str, str]) -> str:
    """What to call the source of a derivation: an article's name, or the outlet's."""
    return names.get(source, source.removeprefix(EXTERNAL))


def derivations_by_article(derivations: Iterable[Derivation]) -> dict[str, list[Derivation]]:
    """The derivations of each article that has any, the best answer first. An outside source
    that is likely to be a member stands for no other box than that member's."""
    edges: dict[str, list[Derivation]] = {}
    for edge in sorted(derivations, key=lambda e: (RANK[e.kind], -e.confidence, e.source)):
        if edge.resolves_to is None:
            edges.setdefault(edge.derivative, []).append(edge)
    return edges


def edge_certainty(edge: Derivation) -> str:
    """How sure a derivation is, and of two articles apart from that its direction, in words:
    "97% sure, direction likely (83%)"."""
    sure = f"{percent(edge.confidence)} sure"
    if is_external(edge.source) or edge.kind == "sibling":
        return sure
    return f"{sure}, direction {edge_direction(edge)}"


def edge_direction(edge: Derivation) -> str:
    """How sure the direction of a derivation is, in words; empty where there are not two
    articles of which one came first."""
    if is_external(edge.source) or edge.kind == "sibling":
        return ""
    likely = edge.direction == "likely"
    return f"likely ({percent(edge.direction_probability)})" if likely else edge.direction


def edge_phrase(edge: Derivation) -> tuple[str, str]:
    """What stands before the source's name, and what after it."""
    lost = any(piece.signal == "carried" for piece in edge.evidence)
    return EDGE_PHRASES["uncredited" if lost else edge.kind]


def reason(edge: Derivation, names: Mapping[str, str] = NO_NAMES) -> str:
    """The strongest evidence for a derivation, in words; empty if it has none at all.

    That the two are close ("tie") says little of the direction, so it explains only where
    nothing else speaks for the derivation.
    """
    if not edge.evidence:
        return ""
    strongest = max(
        edge.evidence,
        key=lambda evidence: (
            evidence.signal != "tie" and evidence.log_odds > 0,
            evidence.log_odds,
        ),
    )
    return replace_ids(strongest.detail or strongest.label, names)


def replace_ids(detail: str, names: Mapping[str, str]) -> str:
    """What a piece of evidence says, with articles called by their names instead of their ids.

    An id of letters alone is left, since it may be a word of the sentence.
    """
    for id, name in names.items():
        if id != name and len(id) > 1 and not id.isalpha() and id in detail:
            whole = rf"(?<![\w-]){regex.escape(id)}(?![\w-])"
            detail = regex.sub(whole, name.replace("\\", r"\\"), detail)
    return detail


def uncredited_mentions(singleton: Singleton) -> dict[str, Attribution]:
    """The outlets that an article cites without having its report from them, each with the place
    that names it first."""
    credited = {source_name(edge.source, {}) for edge in singleton.derivations}
    mentions: dict[str, Attribution] = {}
    for phrase in singleton.attributions:
        if (
            phrase.role in ("origin", "cites", "statement")
            and phrase.kind != "informant"
            and phrase.outlet not in credited
        ):
            mentions.setdefault(phrase.outlet, phrase)
    return mentions


def iso_date(when: date | str | None) -> str | None:
    """A day or a moment as ISO 8601 has it."""
    return when.isoformat() if isinstance(when, date) else when


def spell_day(when: date | str | None) -> str:
    """A day in words: "28 March 2025"; empty where it is unknown."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if isinstance(when, date) else ""


def spell_date(when: date | str | None) -> str:
    """A day or a moment in words: "28 March 2025, 14:05 UTC"; empty where it is unknown."""
    if not isinstance(when, datetime):
        return spell_day(when)
    offset = when.strftime("%z")
    zone = f" {offset[:3]}:{offset[3:5]}" if offset and offset != "+0000" else ""
    return f"{spell_day(when)}, {when:%H:%M}{zone or (' UTC' if offset else '')}"


def spell_span(dates: Iterable[date | str | None]) -> str:
    """From when to when: "27 March 2025 to 28 March 2025"; empty where no date is known."""
    known = [(second, when) for when in dates if (second := seconds(when)) is not None]
    if not known:
        return ""
    first = min(known, key=lambda pair: pair[0])[1]
    last = max(reversed(known), key=lambda pair: pair[0])[1]
    if spell_date(first) == spell_date(last):
        return spell_date(first)
    return " to ".join(dict.fromkeys((spell_day(first), spell_day(last))))


def seconds(when: date | str | None) -> float | None:
    """A date as seconds since 1970, a day as its midnight in UTC; None where it is unknown."""
    if not isinstance(when, date):
        return None
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    try:
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):  # the year 1 behind Greenwich
        return None


def describe_shares(shares: Mapping[Kind, float]) -> str:
    """The shares in words: "81% paraphrased, 19% added"."""
    parts = [
        f"{percent(shares[kind])} {KIND_NAMES[kind]}"
        for kind in ALL_KINDS
        if shares.get(kind, 0) > 0
    ]
    return ", ".join(parts) or "no words of its own to compare"


def describe_too_short(sides: Sequence[str]) -> str:
    """That one or both of two texts are too short to judge, and what to do about it."""
    which = f"{' and the '.join(sides)} {'are' if len(sides) > 1 else 'is'}"
    return f"The {which} too short to judge: give at least {MIN_JUDGED} words of running text."


def summarize_alignment(alignment: Alignment) -> str:
    """How much of the derivative comes from the source, in a sentence."""
    if alignment.too_short:
        return describe_too_short(alignment.too_short)
    return f"{describe_passages(alignment.passages)}."


def describe_passages(passages: Sequence[Passage]) -> str:
    """How many sentences come from the source, and in how many the meaning changed."""
    scored = sum(passage.kind != "furniture" for passage in passages)
    taken = sum(passage.kind in TAKEN for passage in passages)
    changed = sum(is_meaning_changed(passage) for passage in passages)
    words = f"{taken} of {pluralize(scored, 'sentence')} come from the source"
    return f"{words}; in {changed} of them the meaning changed" if changed else words


def is_meaning_changed(passage: Passage) -> bool:
    """Whether a passage says something else than its source."""
    return any(drift.severity == "meaning" for drift in passage.drift)


def rank_drifts(drifts: Sequence[Drift]) -> list[Drift]:
    """What changed the meaning first, then what left out or added, then what was reworded."""
    return sorted(drifts, key=lambda drift: SEVERITIES.index(drift.severity))


def describe_changes(changes: Sequence[Change]) -> str:
    """How many places of a copy differ from its source: "3 places worded otherwise"."""
    return f"{pluralize(len(changes), 'place')} worded otherwise"


def describe_drift(drift: Drift) -> str:
    """A change of meaning: its kind, unless the words begin with that, and the words."""
    detail = drift.detail
    return detail if detail.lower().startswith(drift.kind) else f"{drift.kind}: {detail}"


def describe_counting(counting: Counting) -> str:
    """What the shares leave out or count besides, in words; empty where that is as usual."""
    parts = []
    if not counting.quotations:
        parts.append("without quotations")
    if counting.min_words > 1:
        parts.append(f"without matches under {counting.min_words} words")
    if counting.boilerplate:
        parts.append("with boilerplate")
    return ", ".join(parts)


def summary(result: Result) -> str:
    """The result in a line: "5 articles: 1 cluster of 3, 2 in no cluster"."""
    articles = len(result.articles)
    problems = f"; {pluralize(len(result.problems), 'problem')}" if result.problems else ""
    if articles == 0:
        return f"No articles found in the input{problems}."
    if articles == 1:
        return f"1 article, and nothing to compare it with{problems}."
    sizes = sorted(len(cluster.members) for cluster in result.clusters)
    if not sizes:
        clusters = "no two of them share a source text"
    elif len(sizes) == 1:
        clusters = f"1 cluster of {sizes[0]:,}"
    else:
        span = f"{sizes[0]:,} to {sizes[-1]:,}" if sizes[0] < sizes[-1] else f"{sizes[0]:,}"
        clusters = f"{len(sizes):,} clusters of {span}"
    alone = f", {len(result.singletons):,} in no cluster" if result.singletons else ""
    return f"{pluralize(articles, 'article')}: {clusters}{alone}{problems}"


def describe_related(pair: Related) -> str:
    """What two related articles have in common: its kind, and how much or how surely."""
    if pair.kind == "partial":
        return f"partial reuse, {pluralize(pair.taken_words, 'word')} taken"
    return f"{pair.kind.replace('-', ' ')}, {percent(pair.probability)}"


def summarize_findings(findings: Findings) -> str:
    """What was found for a draft, in a sentence or two for an editor."""
    sources = findings.sources
    if findings.too_short:
        return describe_too_short(("draft",))
    if not sources:
        return "No matching source found among the articles that it was checked against."
    first = summarize_source(sources[0], findings)
    if len(sources) == 1:
        return first
    if findings.taken == sources[0].sentences:
        others = len(sources) - 1
        more = "Another article has" if others == 1 else f"{others:,} others have"
        return f"{first} {more} part of the same."
    total = pluralize(findings.sentences, "sentence")
    return f"{findings.taken} of {total} come from {len(sources)} articles. {first}"


def summarize_source(source: Source, findings: Findings) -> str:
    """How much of a draft comes from a source, how, and whether the source is credited."""
    count, copied = source.sentences, source.copied
    if source.match.is_partial:
        words = pluralize(source.match.taken_words, "word")
        summary = f"{words} are taken from {_piece(source)}, otherwise another report"
        credit = describe_credit(source.credit, findings.draft, source="it", name="the draft")
        return f"{summary}; {credit}."
    summary = f"{count} of {pluralize(findings.sentences, 'sentence')} "
    summary += f"{'retells' if count == 1 else 'retell'} {_piece(source)}"
    if copied:
        summary += ", word for word" if copied == count else f", {copied} of them word for word"
    if source.role == "derivative":
        return f"{summary}; that article seems to derive from this draft."
    credit = describe_credit(source.credit, findings.draft, source="it", name="the draft")
    return f"{summary}; {credit}."


def _piece(source: Source) -> str:
    """What to call a source in a sentence: "the Moscow Times piece", else how it begins."""
    if publisher := source.match.member.publisher:
        return f"the {shorten(ARTICLE.sub('', publisher), MAX_NAME)} piece"
    begins = shorten(opening(source.match.article), MAX_NAME)
    return f"“{begins}”" if begins else shorten(source.match.article.id, MAX_NAME)


def describe_credit(
    credit: Credit, derivative: Article, *, source: str = "the source", name: str = "this article"
) -> str:
    """Whether `source` is credited by the derivative called `name`, whose words are quoted."""
    words = [derivative.text[mark.begin : mark.end] for mark in credit.spans]
    quote = f": “{shorten(words[0], MAX_QUOTE)}”" if words else ""
    also = f"; {name} credits {_list(credit.also_credits)}" if credit.also_credits else ""
    instead = f"{also} instead" if also else ""
    match credit.standing:
        case "credited":
            return f"{source} is credited{quote or f': {credit.how}'}"
        case "likely":
            return f"{source} may be {credit.publisher}, which {name} credits{quote}"
        case "named":
            return f"{credit.publisher} is named, but not as the source{quote}{instead}"
        case "own":
            return f"both are by {credit.publisher}"
        case "unknown":
            whose = "its" if source == "it" else f"{source}'s"
            unknown = f"{whose} publisher is unknown, so whether it is credited cannot be checked"
            return unknown + (also or f"; {name} credits no outlet")
    return f"{source} is not credited{instead}"


def _list(names: Sequence[str]) -> str:
    *first, last = [shorten(name, MAX_NAME) for name in names[:MAX_CREDITED]]
    if len(names) > MAX_CREDITED:
        first, last = [*first, last], f"{len(names) - MAX_CREDITED} more"
    return f"{', '.join(first)} and {last}" if first else last
