"""Inherited credits: the outside source of a text that lost its credit line, found in a copy.

A text that shares its wording with one that credits AP comes from AP too, though the line was
cut. Wording is shared where runs of eight words are identical, by which Clough et al. (2002),
"METER: MEasuring TExt Reuse", separate agency copy from independent reporting; topic alone is
not enough. From which article a text was taken is not said: the credit is their common source's.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from dedup.attribution.outlets import is_agency
from dedup.attribution.places import Attribution
from dedup.attribution.sources import publisher_of
from dedup.text import Text, Token

RUN = 8  # words of a run; chance and stock phrases share shorter ones
# The share of a text's words that must stand in shared runs. On the open families every credit
# line inherited at half or more was right; an outlet that at least two relatives credit was
# right from a fifth on.
MIN_SHARED_WITH_CREDIT_LINE = 0.5
MIN_SHARED_WITH_TWO = 0.2
MIN_SHARED_REPRINT = 0.8  # … for a text to reprint the report, rather than to be made from it
LEDE = 1 / 3  # the part of a text in which an outlet that is named once counts as its source


@dataclass(frozen=True, slots=True)
class InheritedCredit:
    """Text `member` has `outlet` as its source, as text `source` says.

    `place` is where `source` says so; `share` the part of the member's words that stand in
    runs shared with the texts that credit the outlet; `begin` and `end` its longest such
    run. `confidence` allows for the member being the outlet's own text: at most one of those
    that lack the credit can be.
    """

    member: int
    source: int
    outlet: str
    place: Attribution
    share: float
    begin: int
    end: int
    confidence: float


def inherited_credits(
    texts: Sequence[Text], attributions: Sequence[Sequence[Attribution]]
) -> tuple[InheritedCredit, ...]:
    """The credits that texts of one cluster have lost and others kept, by member and outlet.

    Work grows with the words of the cluster times the outlets credited.
    """
    named = [outlets_named(own) for own in attributions]
    publishers = [publisher_of(*pair) for pair in zip(texts, attributions, strict=True)]
    creditors: dict[str, dict[int, Attribution]] = defaultdict(dict)
    for member, text in enumerate(texts):
        for outlet, places in named[member].items():
            line = next((place for place in places if place.form == "line"), None)
            # Named once and late, an outlet is the source of a detail, not of the report.
            if line or len(places) > 1 or places[0].begin < LEDE * len(text.article.text):
                creditors[outlet][member] = line or places[0]
    if not creditors or len(texts) < 2:
        return ()
    words = [prose_words(text) for text in texts]
    lines = [
        {a.outlet for a in own if a.form == "line" and a.role == "origin"} for own in attributions
    ]
    lost: dict[tuple[int, str], InheritedCredit] = {}
    for outlet, crediting in creditors.items():
        by_line = {m: place for m, place in crediting.items() if place.form == "line"}
        by_several = crediting if len(crediting) > 1 else {}
        for credits, min_share in (
            (by_line, MIN_SHARED_WITH_CREDIT_LINE),
            (by_several, MIN_SHARED_WITH_TWO),
        ):
            lacking = [
                m
                for m in range(len(texts))
                if outlet not in named[m]
                and publishers[m] != outlet
                and not lines[m] - {outlet}  # its own credit line says more
                and (m, outlet) not in lost
            ]
            for c in find_sharing(outlet, credits, lacking, words, min_share, texts):
                lost[c.member, outlet] = c
    return tuple(lost[key] for key in sorted(lost))


def reprinted_agencies(
    texts: Sequence[Text], lines: Sequence[Collection[str]], publishers: Sequence[str | None]
) -> tuple[frozenset[str], ...]:
    """For each text the agencies whose report it prints with no line that says so: most of its
    words stand in texts with the agency's line. `lines` are the outlets of each text's own
    credit lines; a text that has any prints what they say."""
    agencies = sorted({outlet for own in lines for outlet in own if is_agency(outlet)})
    reprinted: list[set[str]] = [set() for _ in texts]
    words = [prose_words(text) for text in texts] if agencies else []
    for agency in agencies:
        runs = {
            run for m, own in enumerate(lines) if agency in own for _, run in word_runs(words[m])
        }
        for m, own in enumerate(lines):
            if not own and publishers[m] != agency:
                shared = covered_by(i for i, run in word_runs(words[m]) if run in runs)
                if len(shared) >= MIN_SHARED_REPRINT * max(len(words[m]), 1):
                    reprinted[m].add(agency)
    return tuple(frozenset(own) for own in reprinted)


def outlets_named(found: Sequence[Attribution]) -> dict[str, list[Attribution]]:
    named: dict[str, list[Attribution]] = defaultdict(list)
    for a in found:
        if a.role == "origin" and a.form != "link" and not a.outlet.startswith("("):
            named[a.outlet].append(a)
    return named


def prose_words(text: Text) -> list[Token]:
    return [token for sentence in text.prose for token in sentence.tokens]


def word_runs(words: Sequence[Token]) -> Iterator[tuple[int, tuple[str, ...]]]:
    forms = [token.form for token in words]
    return ((i, tuple(forms[i : i + RUN])) for i in range(len(forms) - RUN + 1))


def covered_by(runs: Iterable[int]) -> set[int]:
    """The places of the words in runs that begin at these."""
    return {k for i in runs for k in range(i, i + RUN)}


def find_sharing(
    outlet: str,
    credits: dict[int, Attribution],
    lacking: list[int],
    words: Sequence[Sequence[Token]],
    min_share: float,
    texts: Sequence[Text],
) -> Iterator[InheritedCredit]:
    """The members of `lacking` whose words stand in those of `credits`."""
    if not credits or not lacking:
        return
    first: dict[tuple[str, ...], int] = {}
    for member in credits:
        for _, run in word_runs(words[member]):
            first.setdefault(run, member)
    shared: dict[int, tuple[float, int, int, int]] = {}
    for member in lacking:
        hits = [(i, first[run]) for i, run in word_runs(words[member]) if run in first]
        covered = sorted(covered_by(i for i, _ in hits))
        share = len(covered) / max(len(words[member]), 1)
        if covered and share >= min_share:
            stretches = groupby(enumerate(covered), lambda pair: pair[1] - pair[0])
            longest = max(([k for _, k in group] for _, group in stretches), key=len)
            begin, end = words[member][longest[0]].begin, words[member][longest[-1]].end
            source = Counter(member for _, member in hits).most_common(1)[0][0]
            shared[member] = share, source, begin, end
    articles = {member: texts[member].article for member in shared}
    unpublished = [m for m, article in articles.items() if not (article.publisher or article.url)]
    maybe_own = [] if is_agency(outlet) else unpublished
    for member, (share, source, begin, end) in shared.items():
        doubt = 1 / (len(maybe_own) + 1) if member in maybe_own else 0.0
        yield InheritedCredit(
            member, source, outlet, credits[source], share, begin, end, share * (1 - doubt)
        )
