"""Attribution: whom an article says it has something from.

Comes in: a `Text`. Goes out: its `Attribution`s in order of appearance: outlets and agencies
in reporting phrases, credit lines, datelines and links; the people and institutions that the
story quotes, marked as informants. Sources are found first (listed outlets, outlet-like
names, descriptions such as "the German broadcaster", role nouns, names); then what stands
directly before and behind each is matched with the cue phrases of its language. So work is
bounded by the number of names, and all that is particular to a language or an outlet is data
(data/cues, data/outlets.toml). Pareti (2015), "Attribution: a computational approach", calls
the parts source, cue and content; content is not marked here.

It does not know who is right, and it does not follow links.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

import regex

from dedup.attribution.attribution import Attribution, Kind, Role, declared, publisher_of
from dedup.attribution.credits import LONGEST_CREDIT, credit_spans, link_spans
from dedup.attribution.inherited import Carried, inherited_credits, reprinted_agencies
from dedup.attribution.outlets import WORD, canonical_name, is_listed
from dedup.attribution.phrases import LONGEST_CUE, Cues, load_cues
from dedup.attribution.sources import UNNAMED, Labelled, Source, find_sources
from dedup.text import Text

__all__ = [
    "Attribution", "Carried", "attributions", "canonical_name", "inherited_credits", "publisher_of",
    "reprinted_agencies",
]  # fmt: skip

LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}]+")
NEXT_WORD = regex.compile(r"\s+([\p{L}\p{M}\p{N}]+)")


def attributions(text: Text) -> tuple[Attribution, ...]:
    """Whom the article says it has something from, in order of appearance."""
    cues, raw = load_cues(text.language), text.article.text
    words = list(WORD.finditer(raw))
    labelled = [(word, labels) for word in words if (labels := cues.labels(word.group()))]
    sources = find_sources(raw, words, labelled, cues)
    credits = list(credit_spans(raw, sources))
    credited = _merged((s.begin, s.end) for s in credits)
    barred = [(part.begin, part.end) for s in text.furniture for part in s.parts]
    barred = _merged([*barred, *(match.span() for match in cues.related.finditer(raw))])
    publisher = declared(text)
    found = [_attribution(s.begin, s.end, s, s.outlet, "credits") for s in credits]
    found += [_attribution(s.begin, s.end, s, s.outlet, "links") for s in link_spans(raw)]
    uncredited = [s for s in sources if not _inside(s, credited)]
    found += _cued(raw, uncredited, cues, publisher, barred)
    found += _published(raw, labelled, cues)
    found += _headline_tag(text, sources)
    found += _hedged(raw, labelled, cues, barred)
    found = [replace(a, role="self") if a.outlet == publisher else a for a in found]
    phrases = {(a.begin, a.end) for a in found if a.kind == "outlet"}
    taken = _merged(phrases)
    found = [
        a
        for a in found
        if a.kind == "outlet" or (a.begin, a.end) in phrases or not _overlaps(a, taken)
    ]
    return tuple(sorted(set(found), key=lambda a: (a.begin, a.end, a.role, a.outlet, a.name)))


def _cued(
    raw: str,
    sources: list[Source],
    cues: Cues,
    publisher: str | None,
    barred: list[tuple[int, int]],
) -> Iterator[Attribution]:
    """The sources that a reporting phrase goes with."""
    groups = _groups(raw, sources, cues)
    at = {group[0].begin: i for i, group in enumerate(groups)}
    outlets = [s for s in sources if s.is_outlet and s.outlet]
    done: set[int] = set()
    phrases: list[tuple[int, int, list[Source], list[Source], str, bool]] = []
    for i, group in enumerate(groups):
        span = None if i in done else _phrase_span(raw, group, cues)
        if not span:
            continue
        begin, end, cue = span
        if cue != "published" and _inside(group[0], barred):
            continue
        if cue == "published":  # whatever an article was first published in is an outlet
            group = [s if s.is_outlet else replace(s, rank="named") for s in group]
        another = cue == "before"  # "Об этом сообщает …": nobody says so of himself
        link = cues.link.match(raw, end, end + LONGEST_CUE)
        second = at.get(link.end()) if link else None
        behind: list[Source] = []
        if link and second is not None and second > i and group[0].is_outlet:
            done.add(second)
            behind = groups[second]
            cue = str(link.lastgroup)
            tail = cues.tail.match(raw, behind[-1].end)
            end = tail.end() if tail else behind[-1].end
        phrases.append((begin, end, group, behind, cue, another))
    sole: dict[str, int] = defaultdict(int)
    for _, _, group, behind, *_ in phrases:
        for source in (*group, *behind):
            sole[_resolve(source, outlets)] += 1
    for begin, end, group, behind, cue, another in phrases:
        own = False
        for source in group:
            name = _resolve(source, outlets)
            own = (
                cue == "citing"
                and not another
                and any(s.is_outlet for s in behind)
                and source.kind != "agency"
                and (name == publisher if publisher else sole[name] == 1)
            )
            told: Role = "credits" if cue == "published" and _own_line(raw, begin) else "attributes"
            yield _attribution(begin, end, source, name, "self" if own else told)
        for source in behind:
            role: Role = "attributes" if own or not source.is_outlet else "attributes-via"
            yield _attribution(begin, end, source, _resolve(source, outlets), role)


def _own_line(raw: str, at: int) -> bool:
    """Whether a line is short enough for a credit: "This article first appeared in …"."""
    begin = raw.rfind("\n", max(at - LONGEST_CREDIT, 0), at)
    end = raw.find("\n", at, at + LONGEST_CREDIT)
    if begin < 0 and at > LONGEST_CREDIT:
        return False
    return (end if end >= 0 else len(raw)) - begin <= LONGEST_CREDIT


def _attribution(begin: int, end: int, source: Source, name: str, role: Role) -> Attribution:
    kind: Kind = "outlet" if source.is_outlet and name else "informant"
    return Attribution(begin, end, source.name, name or source.name, kind, role)


def _groups(raw: str, sources: list[Source], cues: Cues) -> list[list[Source]]:
    """Outlets named in one breath ("Reuters and AFP") share their cue."""
    groups: list[list[Source]] = []
    for source in sources:
        if groups and source.is_outlet and groups[-1][-1].is_outlet:
            joint = cues.joined.fullmatch(raw, groups[-1][-1].end, source.begin)
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
    begins = max(begin - LONGEST_CUE, 0)
    word = LAST_WORD.search(raw, begins, begin)
    phrases = cues.before(word.group(), outlet) if word else None
    before = phrases.match(raw, begins, begin) if phrases else None
    cue = before.lastgroup if before else None
    after, word = None, NEXT_WORD.match(raw, end)
    if cue in (None, "as", "inverted") and (not word or cues.follows(word[1])):
        after = cues.after.match(raw, end, end + LONGEST_CUE)
    if after and outlet and _about_itself(raw, group[0], after, cues):
        after = None
    if after and (outlet or not after.group("reporter")):
        return before.start(cue) if before and cue == "as" else begin, after.end(), "after"
    if before and cue and cue != "as" and (outlet or cue in ("before", "inverted", "published")):
        tail = cues.tail.match(raw, end, end + LONGEST_CUE)
        return before.start(cue), tail.end() if tail else end, cue
    told = _told_afar(raw, group[0], cues) if outlet else None
    return None if told is None else (told, end, "told")


def _about_itself(raw: str, source: Source, after: "regex.Match[str]", cues: Cues) -> bool:
    """ "A spokesman for the BBC said", "Telecinco announced": it is the news, not its source."""
    if source.kind != "agency" and cues.announces.search(after.group()):
        return True
    end, begins = source.begin, max(source.begin - LONGEST_CUE, 0)
    first = NEXT_WORD.match(f" {raw[source.begin : source.end]}")
    of = cues.inflects or bool(first and cues.of(first[1]))
    while (last := LAST_WORD.search(raw, begins, end)) and not raw[last.end() : end].strip(" '’\n"):
        if not cues.of(last.group()):
            return of and "role" in cues.labels(last.group())
        end, of = last.start(), True
    return False


def _told_afar(raw: str, source: Source, cues: Cues) -> int | None:
    """Where "said" begins in "said the minister on Monday to the agency Reuters"."""
    end = source.begin
    if not cues.addressed.match(raw, source.begin, source.end):
        to = cues.to.match(raw, max(end - LONGEST_CUE, 0), end)
        if not to:
            return None
        end = to.start()
    elif source.kind == "broadcaster":
        behind = len(raw[:end].rstrip())
        if cues.nouns["role"].match(raw, max(end - LONGEST_CUE, 0), behind):
            return None  # "sagte ein Sprecher der BBC": of the BBC, not to it
    telling = cues.telling.match(raw, max(end - LONGEST_CUE, 0), end)
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
        match = cues.hedges.match(raw, word.start()) if "hedge" in labels else None
        if match:
            source = Source(match.start(), match.end(), "(unnamed)", "(unnamed)", "name")
            if not _inside(source, barred):
                yield _attribution(source.begin, source.end, source, source.outlet, "attributes")


def _published(raw: str, labelled: Labelled, cues: Cues) -> Iterator[Attribution]:
    """Listed names without capitals: "first published in world news daily report"."""
    for word, labels in labelled:
        match = cues.published.match(raw, word.start()) if "published" in labels else None
        outlet = is_listed(" ".join(match.group("name").split())) if match else None
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
