"""What every report says in the same words: names, openings, dates, sources and reasons.

Terminal, HTML, pictures, tables and graphs all take these from here, so that two reports of one
result cannot disagree. Texts of articles come out safe to show on one line. No output format is
known here, and nothing is decided that `derive` has not decided.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

import regex

from dedup.align import KINDS, Alignment, Counting, Kind
from dedup.article import Article
from dedup.attribution import Attribution, canonical_name
from dedup.attribution.outlets import find_outlet_by_host, host_of
from dedup.derive import Derivation
from dedup.phrasing import percent, pluralize, shorten
from dedup.pipeline import Cluster, Result, Singleton
from dedup.text.layout import lay_out
from dedup.text.words import split_words

EXTERNAL = "external:"  # begins a source that is not among the articles
TAKEN: tuple[Kind, ...] = ("copied", "paraphrased", "translated")
ALL_KINDS: tuple[Kind, ...] = (*KINDS, "furniture")  # which has a share only if it is counted
KIND_NAMES: Mapping[Kind, str] = {kind: kind for kind in KINDS} | {"furniture": "boilerplate"}

MAX_NAME = 80  # characters
MAX_OPENING = 180
OPENING_WITHIN = 2_000  # characters in which an article's first news is looked for
MIN_OPENING_WORDS = 6  # a shorter line is more likely navigation than news
# A capital behind another word: a name. "Tap here to get the news sent to you" has none.
NAMES_SOMETHING = regex.compile(r"\p{L}[^\p{L}.!?]+\p{Lu}")
NO_NAMES: Mapping[str, str] = {}
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip

# An article of the collection is a better answer than a name in the text.
RANK = {"derived": 0, "revision": 0, "attributed": 1, "attributed-via": 2}
EDGE_PHRASES = {  # what stands before the source's name, and what after it
    "derived": ("from ", ""),
    "revision": ("a later version of ", ""),
    "attributed": ("credits ", ""),
    "attributed-via": ("credits ", " at second hand"),
}


def opening(article: Article) -> str:
    """The title; without one the first paragraph that reads like news rather than navigation."""
    if article.title and article.title.strip():
        return shorten(article.title, MAX_OPENING)
    text = article.text[:OPENING_WITHIN]
    blocks = [text[b.begin : b.end] for b in lay_out(text) if b.form != "furniture"]
    news = [words for words in blocks if len(split_words(words)) >= MIN_OPENING_WORDS]
    naming = (words for words in news if NAMES_SOMETHING.search(words))
    return shorten(next(naming, next(iter(news or blocks), "")), MAX_OPENING)


def publisher_name(article: Article) -> str:
    """The publisher as given or as the address has it; empty where neither is known."""
    name = article.publisher or (host_of(article.url) if article.url else "")
    return shorten(canonical_name(name), MAX_NAME)


def article_name(article: Article) -> str:
    """What to call an article: its publisher, its title or its id."""
    outlet = find_outlet_by_host(article.url) if article.url and not article.publisher else None
    publisher = outlet.name if outlet else canonical_name(article.publisher or "")
    return shorten(publisher or article.title or "", MAX_NAME) or article.id


def article_names(articles: Iterable[Article]) -> dict[str, str]:
    """What to call each of the articles of one page, by id."""
    return disambiguate({article.id: article_name(article) for article in articles})


def disambiguate(names: Mapping[str, str]) -> dict[str, str]:
    """Names of articles by id; where two would have one name, the id stands behind it."""
    uses = Counter(names.values())
    return {
        id: name if uses[name] == 1 or name == id else f"{name} ({id})"
        for id, name in names.items()
    }


def is_external(source: str) -> bool:
    """Whether the source of a derivation is an outlet outside the collection."""
    return source.startswith(EXTERNAL)


def source_name(source: str, names: Mapping[str, str]) -> str:
    """What to call the source of a derivation: an article's name, or the outlet's."""
    return names.get(source, source.removeprefix(EXTERNAL))


def derivations_of(derivative: str, derivations: Iterable[Derivation]) -> list[Derivation]:
    """The derivations of one article, the best answer first."""
    return sorted((edge for edge in derivations if edge.derivative == derivative), key=_rank)


def best_derivations(result: Result) -> dict[str, Derivation]:
    """Each article's best derivation, for the articles that have one."""
    edges = [edge for cluster in result.clusters for edge in cluster.derivations]
    edges += [edge for singleton in result.singletons for edge in singleton.derivations]
    best: dict[str, Derivation] = {}
    for edge in sorted(edges, key=_rank):
        best.setdefault(edge.derivative, edge)
    return best


def _rank(edge: Derivation) -> tuple[int, float, str]:
    return RANK[edge.kind], -edge.confidence, edge.source


def find_alignment(edge: Derivation, cluster: Cluster) -> Alignment | None:
    """The alignment of a derivation's two articles; None where the source is outside."""
    ends = (edge.source, edge.derivative)
    return next((a for a in cluster.alignments if (a.source, a.derivative) == ends), None)


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
    """The outlets that an article names without being derived from them, each with the place
    that names it first."""
    credited = {source_name(edge.source, {}) for edge in singleton.derivations}
    mentions: dict[str, Attribution] = {}
    for phrase in singleton.attributions:
        if phrase.kind == "outlet" and phrase.role != "self" and phrase.outlet not in credited:
            mentions.setdefault(phrase.outlet, phrase)
    return mentions


def iso_date(article: Article) -> str | None:
    """When the article appeared, as ISO 8601 has it: a day, or a moment."""
    published = article.published
    return published.isoformat() if isinstance(published, date) else published


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


def taken_share(shares: Mapping[Kind, float]) -> float:
    """The part of an article that comes from its source, in whatever words."""
    return sum(shares.get(kind, 0.0) for kind in TAKEN)


def describe_shares(shares: Mapping[Kind, float]) -> str:
    """The shares in words: "81% paraphrased, 19% added"."""
    parts = [
        f"{percent(shares[kind])} {KIND_NAMES[kind]}"
        for kind in ALL_KINDS
        if shares.get(kind, 0) > 0
    ]
    return ", ".join(parts) or "no words of its own to compare"


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
