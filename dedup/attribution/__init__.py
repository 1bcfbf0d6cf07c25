"""Attribution: find the sources that an article names.

`attributions` gives them in order of appearance: outlets and agencies in reporting phrases,
credit lines, datelines and links, and the people and institutions that the story quotes, marked
as informants. What could be a source is found first (`sources`): listed outlets, outlet-like
names, descriptions such as "the German broadcaster", role nouns, names. Only what stands
directly before and behind each is then matched with the cue phrases of its language
(`phrases`), so work is bounded by the number of names, and all that is particular to a language
or an outlet is data. Pareti (2015), "Attribution: a computational approach", calls the parts
source, cue and content; content is not marked here. `inherited` finds credits that a copy of an
article has lost.

It does not judge who is right, and follows no links.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import regex

from dedup.attribution.credits import MAX_CREDIT, find_credit_lines, find_links
from dedup.attribution.inherited import InheritedCredit, inherited_credits, reprinted_agencies
from dedup.attribution.outlets import WORD, canonical_name, find_outlet
from dedup.attribution.phrases import MAX_CUE, Cues, load_cues
from dedup.attribution.sources import (
    UNNAMED,
    Attribution,
    Labelled,
    Role,
    Source,
    declared_publisher,
    find_sources,
    publisher_of,
)
from dedup.text import Text

__all__ = [
    "Attribution", "InheritedCredit", "attributions", "canonical_name", "inherited_credits",
    "publisher_of", "reprinted_agencies",
]  # fmt: skip

LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}]+")
NEXT_WORD = regex.compile(r"\s+([\p{L}\p{M}\p{N}]+)")


def attributions(text: Text) -> tuple[Attribution, ...]:
    """The sources that an article names, in order of appearance."""
    cues, raw = load_cues(text.language), text.article.text
    words = list(WORD.finditer(raw))
    labelled = [(word, labels) for word in words if (labels := cues.labels(word.group()))]
    sources = find_sources(raw, words, labelled, cues)
    lines = list(find_credit_lines(raw, sources))
    in_lines = _merged((s.begin, s.end) for s in lines)
    barred = [(part.begin, part.end) for s in text.furniture for part in s.parts]
    barred = _merged([*barred, *(m.span() for m in cues.page.related.finditer(raw))])
    publisher = declared_publisher(text)
    found = [_attribution(s.begin, s.end, s, s.outlet, "credits") for s in lines]
    found += [_attribution(s.begin, s.end, s, s.outlet, "links") for s in find_links(raw)]
    elsewhere = [s for s in sources if not _inside(s, in_lines)]
    found += _in_phrases(raw, elsewhere, cues, publisher, barred)
    found += _published(raw, labelled, cues)
    found += _headline_tag(text, sources)
    found += _hedged(raw, labelled, cues, barred)
    found = [replace(a, role="self") if a.outlet == publisher else a for a in found]
    # An informant within an outlet's phrase belongs to it.
    phrases = {(a.begin, a.end) for a in found if a.kind == "outlet"}
    taken = _merged(phrases)
    found = [
        a
        for a in found
        if a.kind == "outlet" or (a.begin, a.end) in phrases or not _overlaps(a, taken)
    ]
    return tuple(sorted(set(found), key=lambda a: (a.begin, a.end, a.role, a.outlet, a.name)))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A reporting phrase: "ZDF and AFP report, citing Le Monde" has Le Monde `behind`. `cue`
    names the list that the words between belong to."""

    begin: int
    end: int
    sources: list[Source]
    behind: list[Source]
    cue: str
    led_in: bool  # by "according to" or the like: nobody says so of himself


def _in_phrases(
    raw: str,
    sources: list[Source],
    cues: Cues,
    publisher: str | None,
    barred: list[tuple[int, int]],
) -> Iterator[Attribution]:
    """The sources that a reporting phrase goes with."""
    phrases = list(_phrases(raw, sources, cues, barred))
    outlets = [s for s in sources if s.is_outlet and s.outlet]
    mentions = Counter(_resolve(s, outlets) for p in phrases for s in (*p.sources, *p.behind))
    for phrase in phrases:
        itself = False
        for source in phrase.sources:
            name = _resolve(source, outlets)
            itself = (
                phrase.cue == "citing"
                and not phrase.led_in
                and any(s.is_outlet for s in phrase.behind)
                and source.kind != "agency"
                and (name == publisher if publisher else mentions[name] == 1)
            )
            role: Role = "self" if itself else "attributes"
            if not itself and phrase.cue == "published" and _own_line(raw, phrase.begin):
                role = "credits"
            yield _attribution(phrase.begin, phrase.end, source, name, role)
        for source in phrase.behind:
            role = "attributes" if itself or not source.is_outlet else "attributes-via"
            name = _resolve(source, outlets)
            yield _attribution(phrase.begin, phrase.end, source, name, role)


def _phrases(
    raw: str, sources: list[Source], cues: Cues, barred: list[tuple[int, int]]
) -> Iterator[_Phrase]:
    groups = _groups(raw, sources, cues)
    beginning_at = {group[0].begin: i for i, group in enumerate(groups)}
    done: set[int] = set()
    for i, group in enumerate(groups):
        span = None if i in done else _phrase_span(raw, group, cues)
        if not span:
            continue
        begin, end, cue = span
        if cue != "published" and _inside(group[0], barred):
            continue
        if cue == "published":  # whatever an article was first published in is an outlet
            group = [s if s.is_outlet else replace(s, rank="named") for s in group]
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
        yield _Phrase(begin, end, group, behind, cue, led_in)


def _own_line(raw: str, at: int) -> bool:
    """Whether a line is short enough for a credit: "This article first appeared in …"."""
    begin = raw.rfind("\n", max(at - MAX_CREDIT, 0), at)
    end = raw.find("\n", at, at + MAX_CREDIT)
    if begin < 0 and at > MAX_CREDIT:
        return False
    return (end if end >= 0 else len(raw)) - begin <= MAX_CREDIT


def _attribution(begin: int, end: int, source: Source, name: str, role: Role) -> Attribution:
    return Attribution(
        begin, end, source.name, name or source.name,
        "outlet" if source.is_outlet and name else "informant", role,
    )  # fmt: skip


def _groups(raw: str, sources: list[Source], cues: Cues) -> list[list[Source]]:
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


def _phrase_span(raw: str, group: list[Source], cues: Cues) -> tuple[int, int, str] | None:
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
    if after and outlet and _about_itself(raw, group[0], after, cues):
        after = None
    if after and (outlet or not after.group("reporter")):
        return before.start(cue) if before and cue == "as" else begin, after.end(), "after"
    if before and cue and cue != "as" and (outlet or cue in ("before", "inverted", "published")):
        tail = cues.phrase.tail.match(raw, end, end + MAX_CUE)
        return before.start(cue), tail.end() if tail else end, cue
    begins_at = _find_telling(raw, group[0], cues) if outlet else None
    return None if begins_at is None else (begins_at, end, "told")


def _about_itself(raw: str, source: Source, after: "regex.Match[str]", cues: Cues) -> bool:
    """ "A spokesman for the BBC said", "Telecinco announced": it is the news, not its source."""
    if source.kind != "agency" and cues.speech.announces.search(after.group()):
        return True
    end, begins = source.begin, max(source.begin - MAX_CUE, 0)
    first = NEXT_WORD.match(f" {raw[source.begin : source.end]}")
    of = cues.inflects or bool(first and cues.speech.of(first[1]))
    while (last := LAST_WORD.search(raw, begins, end)) and not raw[last.end() : end].strip(" '’\n"):
        if not cues.speech.of(last.group()):
            return of and "role" in cues.labels(last.group())
        end, of = last.start(), True
    return False


def _find_telling(raw: str, source: Source, cues: Cues) -> int | None:
    """Where "said" begins in "said the minister on Monday to the agency Reuters"."""
    end = source.begin
    if not cues.speech.addressed.match(raw, source.begin, source.end):
        to = cues.speech.to.match(raw, max(end - MAX_CUE, 0), end)
        if not to:
            return None
        end = to.start()
    elif source.kind == "broadcaster":
        behind = len(raw[:end].rstrip())
        if cues.source.nouns["role"].match(raw, max(end - MAX_CUE, 0), behind):
            return None  # "sagte ein Sprecher der BBC": of the BBC, not to it
    telling = cues.speech.telling.match(raw, max(end - MAX_CUE, 0), end)
    return int(telling.start()) if telling else None


def _resolve(source: Source, outlets: list[Source]) -> str:
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


def _headline_tag(text: Text, sources: list[Source]) -> Iterator[Attribution]:
    """The source behind a headline's last dash: "More Aid Expected – Seoul"."""
    raw, last = text.article.text, {source.end: source for source in sources}
    for sentence in text.sentences:
        source = last.get(sentence.end) if sentence.form == "headline" else None
        if not source or not (source.kind == "agency" or not source.is_outlet):
            continue
        before = raw[sentence.begin : source.begin].rstrip()
        if before.endswith(("–", "—")):
            begin = sentence.begin + len(before) - 1
            yield _attribution(begin, source.end, source, source.outlet, "attributes")


def _hedged(
    raw: str, labelled: Labelled, cues: Cues, barred: list[tuple[int, int]]
) -> Iterator[Attribution]:
    for word, labels in labelled:
        match = cues.page.hedges.match(raw, word.start()) if "hedge" in labels else None
        if match:
            source = Source(match.start(), match.end(), "(unnamed)", "(unnamed)", "name")
            if not _inside(source, barred):
                yield _attribution(source.begin, source.end, source, source.outlet, "attributes")


def _published(raw: str, labelled: Labelled, cues: Cues) -> Iterator[Attribution]:
    """Listed names without capitals: "first published in world news daily report"."""
    for word, labels in labelled:
        match = cues.page.published.match(raw, word.start()) if "published" in labels else None
        outlet = find_outlet(" ".join(match.group("name").split())) if match else None
        if match and outlet and match.group("name").islower():
            yield Attribution(
                match.start(),
                match.end(),
                match.group("name"),
                outlet.name,
                "outlet",
                "credits",
            )


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, overlapping ones made one."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if merged and begin < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _inside(source: Source, spans: list[tuple[int, int]]) -> bool:
    """Whether it begins in one of `spans`, which are merged."""
    i = bisect_right(spans, source.begin, key=lambda span: span[0])
    return i > 0 and source.begin < spans[i - 1][1]


def _overlaps(found: Attribution, spans: list[tuple[int, int]]) -> bool:
    i = bisect_right(spans, found.begin, key=lambda span: span[1])
    return i < len(spans) and spans[i][0] < found.end
