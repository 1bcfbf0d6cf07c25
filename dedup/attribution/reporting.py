"""Reporting: find phrases such as "ZDF reported on Friday, citing Le Monde".

A phrase is made of a source (or several: "ZDF and AFP") and the cue words directly before or
behind it. "Confirmed to the broadcaster ZDF" makes one as well; "said a spokesman for ZDF" does
not, because there the outlet is the news and not its source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from dedup.attribution.phrases import MAX_CUE, Cues, load_dates
from dedup.attribution.places import Form, Source, overlaps_any
from dedup.attribution.sources import UNNAMED

BY = ("by", "of", "von", "par", "por", "da", "door", "przez", "per")  # before people, too
LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}]+")
NEXT_WORD = regex.compile(r"\s+([\p{L}\p{M}\p{N}]+)")


@dataclass(frozen=True, slots=True)
class ReportingPhrase:
    """A reporting phrase: "ZDF and AFP report, citing Le Monde" has Le Monde `behind`. `cue`
    names the list of cues that makes it one."""

    begin: int
    end: int
    sources: list[Source]
    behind: list[Source]
    cue: str
    led_in: bool  # by "according to" or the like: nobody says so of himself


def find_phrases(
    raw: str, sources: list[Source], cues: Cues, barred: list[tuple[int, int]]
) -> Iterator[ReportingPhrase]:
    """The reporting phrases of a text; none begins in a `barred` span."""
    groups = group_sources(raw, sources, cues)
    beginning_at = {group[0].begin: i for i, group in enumerate(groups)}
    done: set[int] = set()
    # "courtesy of Lee", where Ann Lee is named.
    surnames = {s.name.rpartition(" ")[2] for s in sources if s.rank == "name" and " " in s.name}
    for i, group in enumerate(groups):
        span = None if i in done else find_phrase_span(raw, group, cues)
        if not span:
            continue
        begin, end, cue = span
        if cue == "published":  # whatever an article was first published in is an outlet
            led = raw[begin : group[0].begin].split()
            if led and led[-1].lower() in BY and not group[0].is_outlet:
                continue  # "first reported by Ann Lee"
            group = [s if s.is_outlet else replace(s, rank="named") for s in group]
            if any(s.name in surnames or load_dates().fullmatch(s.name) for s in group):
                continue
        elif overlaps_any(group[0].begin, group[0].begin + 1, barred):
            continue
        led_in = cue == "before"
        link = cues.phrase.link.match(raw, end, end + MAX_CUE)
        second = beginning_at.get(link.end()) if link else None
        behind: list[Source] = []
        if link and second is not None and second > i and group[0].is_outlet:
            done.add(second)
            behind = groups[second]
            cue = str(link.lastgroup)
            tail = cues.phrase.tail.match(raw, behind[-1].end)
            end = tail.end() if tail else behind[-1].end
        yield ReportingPhrase(begin, end, group, behind, cue, led_in)


def form_of(raw: str, phrase: ReportingPhrase, cues: Cues) -> Form:
    """How a phrase names its source: as the place of an interview, or with its report."""
    if phrase.cue == "published":
        return "republished"
    led = raw[phrase.begin : phrase.sources[0].end]
    return "interview" if phrase.cue == "told" or cues.interview.search(led) else "report"


def group_sources(raw: str, sources: list[Source], cues: Cues) -> list[list[Source]]:
    """Outlets named in one breath ("Reuters and AFP") share their cue."""
    groups: list[list[Source]] = []
    for source in sources:
        if groups and source.is_outlet and groups[-1][-1].is_outlet:
            joint = cues.phrase.joined.fullmatch(raw, groups[-1][-1].end, source.begin)
            if joint and source.rank == "described" and joint.group().strip() == ",":
                groups[-1][-1] = replace(groups[-1][-1], end=source.end)
                continue
            if joint:
                groups[-1].append(source)
                continue
        groups.append([source])
    return groups


def find_phrase_span(raw: str, group: list[Source], cues: Cues) -> tuple[int, int, str] | None:
    """Where the phrase around a group of sources begins and ends, and what makes it one."""
    begin, end, outlet = group[0].begin, group[-1].end, group[0].is_outlet
    begins = max(begin - MAX_CUE, 0)
    word = LAST_WORD.search(raw, begins, begin)
    phrases = cues.phrase.before(word.group(), outlet) if word else None
    before = phrases.match(raw, begins, begin) if phrases else None
    cue = before.lastgroup if before else None
    after, word = None, NEXT_WORD.match(raw, end)
    if cue in (None, "as", "inverted") and (not word or cues.phrase.follows(word[1])):
        after = cues.phrase.after.match(raw, end, end + MAX_CUE)
    if after and outlet and is_about_itself(raw, group[0], after, cues):
        after = None
    if after and (outlet or not (after.group("reporter") or after.group("outlets"))):
        return before.start(cue) if before and cue == "as" else begin, after.end(), "after"
    if before and cue and cue != "as" and (outlet or cue in ("before", "inverted", "published")):
        tail = cues.phrase.tail.match(raw, end, end + MAX_CUE)
        return before.start(cue), tail.end() if tail else end, cue
    begins_at = find_telling(raw, group[0], cues) if outlet else None
    return None if begins_at is None else (begins_at, end, "told")


def is_about_itself(raw: str, source: Source, after: "regex.Match[str]", cues: Cues) -> bool:
    """ "A spokesman for the BBC said", "Telecinco announced": it is the news, not its source."""
    if source.kind != "agency" and cues.phrase.announces.search(after.group()):
        return True
    end, begins = source.begin, max(source.begin - MAX_CUE, 0)
    first = NEXT_WORD.match(f" {raw[source.begin : source.end]}")
    of = cues.inflects or bool(first and cues.phrase.of(first[1]))
    while (last := LAST_WORD.search(raw, begins, end)) and not raw[last.end() : end].strip(" '’\n"):
        if not cues.phrase.of(last.group()):
            return of and "role" in cues.labels(last.group())
        end, of = last.start(), True
    return False


def find_telling(raw: str, source: Source, cues: Cues) -> int | None:
    """Where "said" begins in "said the minister on Monday to the agency Reuters"."""
    end = source.begin
    if not cues.phrase.addressed.match(raw, source.begin, source.end):
        to = cues.phrase.to.match(raw, max(end - MAX_CUE, 0), end)
        if not to:
            return None
        end = to.start()
    elif source.kind == "broadcaster":
        behind = len(raw[:end].rstrip())
        if cues.source.nouns["role"].match(raw, max(end - MAX_CUE, 0), behind):
            return None  # "sagte ein Sprecher der BBC": of the BBC, not to it
    telling = cues.phrase.telling.match(raw, max(end - MAX_CUE, 0), end)
    return int(telling.start()) if telling else None


def resolve_description(source: Source, outlets: list[Source]) -> str:
    """The outlet behind a description: the nearest named one that fits it, earlier ones first."""
    if source.outlet or not source.is_outlet:
        return source.outlet
    fitting = [
        o
        for o in outlets
        if o.rank in ("listed", "named")
        and (o.kind == source.kind or source.kind == "outlet")
        and (not source.countries or source.countries & o.countries)
    ]
    earlier = [o for o in fitting if o.begin < source.begin]
    if fitting:
        return (earlier[-1] if earlier else fitting[0]).outlet
    vague = source.kind in ("agency", "outlet") and not source.countries
    return "" if vague else UNNAMED[source.kind]
