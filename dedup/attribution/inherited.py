"""Carried credits: the outside source of a text that lost its credit line, found in a relative.

Comes in: the texts of one family and their attributions. Goes out: `Carried` credits, and the
agencies whose report a text prints (`reprinted`). A text that shares its wording with one that
credits AP has it from AP too, though the line was cut. Wording is shared where runs of eight
words are the same; a paraphrase shares few, so nothing is carried by topic. Clough et al. (2002),
"METER: MEasuring TExt Reuse", tell wire copy from own work by the same long runs.

It does not say from which member a text was taken: the credit holds for their common source.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from dedup.attribution.attribution import Attribution, publisher_of
from dedup.attribution.outlets import is_listed
from dedup.text import Text, Token

RUN = 8  # words of a run; chance and stock phrases share shorter ones
# Parts of a text's words that must stand in shared runs. On the open families every credit
# line carried at half or more was right; a source that at least two relatives name was right
# from a fifth on.
MOST = 0.5
SOME = 0.2
REPRINT = 0.8  # … for a text to be a print of the report, rather than made from it
LEDE = 1 / 3  # a source named once is the report's if it stands before this part of the text


@dataclass(frozen=True, slots=True)
class Carried:
    """Member `member` has outlet `outlet` as its source, as member `source` says.

    `place` is where `source` says so; `share` the part of the member's words that stand in
    runs shared with the members that credit the outlet; `begin` and `end` its longest such
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
    texts: Sequence[Text], found: Sequence[Sequence[Attribution]]
) -> tuple[Carried, ...]:
    """The credits that texts of one family have lost and their relatives kept.

    By member and outlet. Work grows with the words of the family times the outlets credited.
    """
    named = [_named(attributions) for attributions in found]
    publishers = [publisher_of(*pair) for pair in zip(texts, found, strict=True)]
    creditors: dict[str, dict[int, Attribution]] = defaultdict(dict)
    for member, text in enumerate(texts):
        for outlet, places in named[member].items():
            if place := _principal(places, text):
                creditors[outlet][member] = place
    if not creditors or len(texts) < 2:
        return ()
    words = [_words(text) for text in texts]
    own = [{a.outlet for a in attributions if a.role == "credits"} for attributions in found]
    lost: dict[tuple[int, str], Carried] = {}
    for outlet, crediting in creditors.items():
        lines = {m: place for m, place in crediting.items() if place.role == "credits"}
        several = crediting if len(crediting) > 1 else {}
        for credits, least in ((lines, MOST), (several, SOME)):
            lacking = [
                m
                for m in range(len(texts))
                if outlet not in named[m]
                and publishers[m] != outlet
                and not own[m] - {outlet}  # its own credit line says more
                and (m, outlet) not in lost
            ]
            for c in _sharing(outlet, credits, lacking, words, least, texts):
                lost[c.member, outlet] = c
    return tuple(lost[key] for key in sorted(lost))


def reprinted_agencies(
    texts: Sequence[Text], lines: Sequence[Collection[str]], publishers: Sequence[str | None]
) -> tuple[frozenset[str], ...]:
    """For each text the agencies whose report it prints with no line that says so: most of its
    words stand in texts with the agency's line. `lines` are the outlets of each text's own
    credit lines; a text that has any prints what they say."""
    agencies = sorted({outlet for own in lines for outlet in own if _is_agency(outlet)})
    found: list[set[str]] = [set() for _ in texts]
    words = [_words(text) for text in texts] if agencies else []
    for agency in agencies:
        runs = {run for m, own in enumerate(lines) if agency in own for _, run in _runs(words[m])}
        for m, own in enumerate(lines):
            if not own and publishers[m] != agency:
                shared = _stretch(i for i, run in _runs(words[m]) if run in runs)
                if len(shared) >= REPRINT * max(len(words[m]), 1):
                    found[m].add(agency)
    return tuple(frozenset(own) for own in found)


def _named(found: Sequence[Attribution]) -> dict[str, list[Attribution]]:
    named: dict[str, list[Attribution]] = defaultdict(list)
    for a in found:
        if a.kind == "outlet" and a.role not in ("self", "links") and not a.outlet.startswith("("):
            named[a.outlet].append(a)
    return named


def _principal(places: Sequence[Attribution], text: Text) -> Attribution | None:
    """Where the outlet is made the source of the report, not of a detail."""
    line = next((a for a in places if a.role == "credits"), None)
    if line or len(places) > 1 or places[0].begin < LEDE * len(text.article.text):
        return line or places[0]
    return None


def _words(text: Text) -> list[Token]:
    return [token for sentence in text.prose for token in sentence.tokens]


def _runs(words: Sequence[Token]) -> Iterator[tuple[int, tuple[str, ...]]]:
    forms = [token.form for token in words]
    return ((i, tuple(forms[i : i + RUN])) for i in range(len(forms) - RUN + 1))


def _stretch(runs: Iterable[int]) -> set[int]:
    """The places of the words in runs that begin at these."""
    return {k for i in runs for k in range(i, i + RUN)}


def _is_agency(outlet: str) -> bool:
    known = is_listed(outlet)
    return known is not None and known.kind == "agency"


def _sharing(
    outlet: str,
    credits: dict[int, Attribution],
    lacking: list[int],
    words: Sequence[Sequence[Token]],
    least: float,
    texts: Sequence[Text],
) -> Iterator[Carried]:
    """The members of `lacking` whose words stand in those of `credits`."""
    if not credits or not lacking:
        return
    first: dict[tuple[str, ...], int] = {}
    for member in credits:
        for _, run in _runs(words[member]):
            first.setdefault(run, member)
    shared: dict[int, tuple[float, int, int, int]] = {}
    for member in lacking:
        hits = [(i, first[run]) for i, run in _runs(words[member]) if run in first]
        covered = sorted(_stretch(i for i, _ in hits))
        share = len(covered) / max(len(words[member]), 1)
        if covered and share >= least:
            stretches = [
                [k for _, k in group]
                for _, group in groupby(enumerate(covered), lambda pair: pair[1] - pair[0])
            ]
            longest = max(stretches, key=len)
            begin, end = words[member][longest[0]].begin, words[member][longest[-1]].end
            source = Counter(member for _, member in hits).most_common(1)[0][0]
            shared[member] = share, source, begin, end
    agency = _is_agency(outlet)
    maybe_own = [m for m in shared if not agency and _unpublished(texts[m])]
    for member, (share, source, begin, end) in shared.items():
        doubt = 1 / (len(maybe_own) + 1) if member in maybe_own else 0.0
        yield Carried(
            member, source, outlet, credits[source], share, begin, end, share * (1 - doubt)
        )


def _unpublished(text: Text) -> bool:
    """Whether nobody knows who published it: it may be the outlet's own."""
    return not text.article.publisher and not text.article.url
