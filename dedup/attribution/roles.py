"""Roles: tell the sources that an article has its report from, from those that it only cites.

An outlet is the *origin* where a credit line names it, where a report of its is retold at the
start or again and again, or where the article says that it had the story first. It is only
*cited* where one sentence further down goes back to it, where somebody merely spoke to it, where
it took a poll, or where its report is denied. It is the *subject* where it speaks of itself ("the
BBC said it would cut 500 jobs"). What is decided for an outlet holds for every place that names
it, since an article has one relation to a source. Whether the report is true, or was really taken
from there, is not judged here.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dedup.attribution.phrases import MAX_CUE, Cues
from dedup.attribution.places import Attribution, Role, Source, merge_spans, overlaps_any
from dedup.attribution.statements import find_stated
from dedup.text import Text

# A report retold in this part of an article's sentences, or in its first ones, is its origin. On
# half of the articles whose credits were read by hand a tenth to .4 give the same 35 of 36 origins
# and 2 wrong ones, .6 gives 5 wrong ones. Five first sentences in place of three give 3 origins
# more on all of them and no wrong one.
LEDE = 0.25
MIN_LEDE = 5
# Reports further down make an origin where there is more than one for this many sentences: what a
# long article has twice is a detail.
AGAIN = 16
# An interview in these first sentences, or a report of unnamed media, is the story itself: 2
# sentences lose one origin there, 8 win none.
OPENING = 4
MAX_BEFORE, MAX_BEHIND = 30, 8  # characters around a phrase where "this was" and "this" stand


def assign_roles(
    text: Text,
    found: Sequence[Attribution],
    sources: Sequence[Source],
    cues: Cues,
    publisher: str | None,
) -> list[Attribution]:
    """The attributions with their roles. `sources` are all the outlets that the text names."""
    raw = text.article.text
    begins = [sentence.begin for sentence in text.prose]
    statements = set(find_stated(text, found, cues))
    assigned, by_outlet = [], defaultdict(list)
    for place in found:
        if place.kind == "informant" and place in statements:
            assigned.append(replace(place, kind="statement", role="statement"))
        elif place.kind != "outlet" or place.role in ("self", "photo"):
            assigned.append(place)
        elif place.outlet == publisher:
            assigned.append(replace(place, role="self"))
        else:
            by_outlet[place.outlet].append(place)
    lined = {place.outlet for place in found if place.form == "line" and place.role == "origin"}
    acting = find_acting(raw, text, found, sources, cues)
    roles: dict[str, Role] = {}
    for outlet, places in by_outlet.items():
        places.sort(key=lambda place: (place.begin, place.end))
        role = role_of(raw, places, begins, cues, bool(lined - {outlet}))
        in_words = all(place.in_words for place in places)
        roles[outlet] = "subject" if role == "origin" and in_words and outlet in acting else role
    named = any(r == "origin" and not outlet.startswith("(") for outlet, r in roles.items())
    named = named or any(place.kind == "statement" for place in assigned)
    for outlet, places in by_outlet.items():
        # Who names his source does not have it from unnamed media.
        role = "cites" if named and outlet.startswith("(") else roles[outlet]
        assigned += [replace(place, role=role) for place in places]
    return assigned


def find_acting(
    raw: str, text: Text, found: Sequence[Attribution], sources: Sequence[Source], cues: Cues
) -> set[str]:
    """The outlets that the first sentence says something about, rather than by: "Bloomberg has
    changed the headline of a report"."""
    first = text.prose[0].end if text.prose else 0
    spans = merge_spans((place.begin, place.end) for place in found)
    return {
        source.outlet
        for source in sources
        if source.rank == "listed"
        and source.end <= first
        and not overlaps_any(source.begin, source.end, spans)
        and not cues.phrase.tail.match(raw, source.end, source.end + MAX_CUE)
    }


def role_of(
    raw: str, places: list[Attribution], begins: list[int], cues: Cues, lined: bool
) -> Role:
    """The role of an outlet that is named in these places, in order; `lined` says whether a
    credit line names another one, whose report may go back to this one here and there."""
    if any(place.form in ("line", "republished") for place in places):
        return "origin"
    if all(place.form == "link" for place in places):
        return "origin" if any(place.role == "origin" for place in places) else "cites"
    if any(place.form == "report" and speaks_of_itself(raw, place, cues) for place in places[:2]):
        return "subject"
    if is_doubted(raw, places[0], cues):  # whatever else is said of a report that is denied
        return "cites"
    unnamed = places[0].outlet.startswith("(")
    reports = [
        place
        for place in places
        if place.form in ("report", "second-hand")
        and not is_doubted(raw, place, cues)
        and not cues.judges.search(raw, place.begin, place.end)
    ]
    lede = max(LEDE * len(begins), MIN_LEDE)
    earliest = min((bisect_right(begins, place.begin) for place in reports), default=None)
    if unnamed:
        return "origin" if earliest is not None and earliest <= OPENING else "cites"
    if earliest is not None and (
        earliest <= lede
        or (len(reports) > max(len(begins) / AGAIN, 1) and not lined)
        or any(covers_all(raw, p, cues) for p in reports)
    ):
        return "origin"
    if places[0].form == "interview":
        first = bisect_right(begins, places[0].begin)
        if first <= OPENING or (first <= lede and len(places) > 1):
            return "origin"
    return "cites"


def speaks_of_itself(raw: str, place: Attribution, cues: Cues) -> bool:
    """Whether an outlet speaks of itself: "the BBC said on Monday it would cut 500 jobs"."""
    return cues.itself.match(raw, place.end, place.end + MAX_CUE) is not None


def covers_all(raw: str, place: Attribution, cues: Cues) -> bool:
    """Whether the phrase speaks of all that the article reports: "this was reported by X"."""
    begin = max(place.begin - MAX_BEFORE, 0)
    return any(
        match.end() > place.begin
        for match in cues.whole.finditer(raw, begin, place.end + MAX_BEHIND)
    )


def is_doubted(raw: str, place: Attribution, cues: Cues) -> bool:
    """Whether what an outlet reported is denied, or a poll of its: "denied reports in X"."""
    before = raw[max(place.begin - MAX_CUE, 0) : place.begin]
    behind = place.end, place.end + MAX_CUE
    return bool(
        cues.denies.search(before)
        or cues.refuted.match(raw, *behind)
        or cues.polls.match(raw, *behind)
    )
