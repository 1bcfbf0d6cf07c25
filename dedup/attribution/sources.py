"""Sources: whatever in a text could be the source of something.

Comes in: a text and the cues of its language. Goes out: `Source`s in order, no two overlapping:
listed outlets, outlet-like names, descriptions ("the German broadcaster"), unnamed media, role
nouns ("Western officials") and names. Whether anything is attributed to one of them is not
decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import regex

from dedup.attribution.outlets import Outlet, canonical, directory, listed
from dedup.attribution.phrases import CAPITALISED, LONGEST_CUE, Cues

NAME = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}.]){CAPITALISED}"
    rf"(?:[ \n](?:(?:of|de|da|do|di|du|del|della|la|van|von|der|al|bin|and|&)[ ])?"
    rf"{CAPITALISED}){{0,5}}"
)
QUOTED = regex.compile(r"[\"“„«](\p{Lu}[^\"“”„«»\n]{1,40})[\"”“»]")
JOINT = regex.compile(r"[\s.'’&/«»-]{0,3}")  # between two words of one name
# A byline whose parts have run together: "Jan M. OlsenAssociated Press".
GLUED = regex.compile(r"(?<=\p{Ll}{2})(?:The )?\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+){1,2}")
PAGE_EDGE = 4_000  # characters at both ends where bylines stand
UNNAMED = {
    kind: f"(unnamed {kind})"
    for kind in ("broadcaster", "newspaper", "agency", "magazine", "site", "outlet")
}
POSSESSIVE = regex.compile(r"(?:['’]s?)?$")
NOWHERE: frozenset[str] = frozenset()
Words = list["regex.Match[str]"]
# The words that may end or begin a phrase of the language's lists, with those lists' names.
Labelled = list[tuple["regex.Match[str]", tuple[str, ...]]]
RANK = {"listed": 0, "media": 1, "described": 2, "named": 3, "role": 4, "name": 5}


@dataclass(frozen=True, slots=True)
class Source:
    """A stretch of text that could be the source of something, with its description."""

    begin: int
    end: int
    name: str
    outlet: str
    rank: str
    kind: str = ""
    countries: frozenset[str] = frozenset()

    @property
    def is_outlet(self) -> bool:
        return RANK[self.rank] <= RANK["named"]


def find_sources(raw: str, words: Words, labelled: Labelled, cues: Cues) -> list[Source]:
    """Everything that could be a source, in order, no two overlapping."""
    found = [
        *_listed_sources(raw, words, cues),
        *_described(raw, labelled, cues),
        *_names(raw, labelled, cues),
    ]
    found.sort(key=lambda s: (s.begin, RANK[s.rank], -s.end))
    kept: list[Source] = []
    for source in found:
        while kept and source.begin < kept[-1].end and RANK[source.rank] < RANK[kept[-1].rank]:
            kept.pop()
        if not kept or source.begin >= kept[-1].end:
            kept.append(source)
    return kept


def _listed_sources(raw: str, words: Words, cues: Cues) -> Iterator[Source]:
    by_words = directory().by_words
    for glued in chain(
        GLUED.finditer(raw, 0, PAGE_EDGE), GLUED.finditer(raw, max(len(raw) - PAGE_EDGE, PAGE_EDGE))
    ):
        if outlet := listed(glued.group()):
            where = frozenset({outlet.country})
            begin, end = glued.span()
            yield Source(begin, end, glued.group(), outlet.name, "listed", outlet.kind, where)
    folded = [word.group().casefold() for word in words]
    end = 0
    for i, word in enumerate(words):
        entries = [*by_words.get(tuple(folded[i : i + 2]), ()), *by_words.get((folded[i],), ())]
        for parts, outlet, shy in entries if word.start() >= end else ():
            last = _match_name(raw, words, i, parts)
            if last is None:
                continue
            source = _extend(raw, word.start(), last, outlet.name, "listed", cues, outlet)
            quoted = raw[source.begin : word.start()].endswith(("“", '"', "„", "«"))
            if not shy or quoted or source.countries or source.kind == "described":
                end = last
                yield replace(source, kind=outlet.kind, countries=frozenset({outlet.country}))
                break


def _match_name(raw: str, words: Words, i: int, parts: tuple[str, ...]) -> int | None:
    """Where the name `parts` that begins with word `i` ends, if it stands there."""
    if i + len(parts) > len(words):
        return None
    for k, part in enumerate(parts):
        word = words[i + k].group()
        if word != part and (
            word.casefold() != part.casefold()
            or (part.isupper() and len(part) > 1)
            or (part[0].isupper() and not word[0].isupper())
        ):
            return None
        if k and not JOINT.fullmatch(raw, words[i + k - 1].end(), words[i + k].start()):
            return None
    return int(words[i + len(parts) - 1].end())


def _extend(
    raw: str, begin: int, end: int, outlet: str, rank: str, cues: Cues, listed: Outlet | None = None
) -> Source:
    """The source with the article, description and quotation marks around its name."""
    left = cues.left.match(raw, max(begin - LONGEST_CUE, 0), begin)
    start = left.start() if left else begin
    described = left.group("kind") or "" if left else ""
    quoted = bool(left and left.group("quote"))
    right = cues.right.match(raw, end, end + LONGEST_CUE)
    stop = end
    if right and (not right.group("quote") or quoted):
        stop, described = right.end(), described or right.group("kind") or ""
    if quoted and stop == end:  # the name goes on: the quotation mark is not its own
        start = begin
    words = raw[start:begin] + raw[end:stop]
    kind = "described" if described else ""
    countries = frozenset() if listed and not described else _countries(words, cues)
    return Source(start, stop, raw[begin:end], outlet, rank, kind, countries)


def _countries(words: str, cues: Cues) -> frozenset[str]:
    return frozenset(str(m.lastgroup) for m in cues.countries.finditer(words)) if words else NOWHERE


def _described(raw: str, labelled: Labelled, cues: Cues) -> Iterator[Source]:
    """Descriptions without a name, unnamed media, and role nouns."""
    for word, labels in labelled:
        for label in labels:
            if label not in cues.nouns:
                continue
            match = cues.nouns[label].match(raw, max(word.start() - LONGEST_CUE, 0), word.end())
            if not match:
                continue
            behind = None if label == "role" else cues.trailing.match(raw, word.end())
            begin, end = match.start(), behind.end() if behind else word.end()
            begin = _without_openers(raw, begin, end, cues)
            phrase = raw[begin:end]
            if label == "media":
                yield Source(begin, end, phrase, "(unnamed media)", "media")
            elif label == "role":
                yield Source(begin, end, " ".join(phrase.split()), phrase, "role")
            elif begin < match.start("noun") or end > word.end():
                countries = _countries(phrase, cues)
                known = "" if countries or not cues.indefinite.match(phrase) else UNNAMED[label]
                yield Source(begin, end, phrase, known, "described", label, countries)


def _without_openers(raw: str, begin: int, end: int, cues: Cues) -> int:
    while (match := cues.openers.match(raw, begin, end)) and match.end() < end:
        begin = match.end()
    return begin


def _names(raw: str, labelled: Labelled, cues: Cues) -> Iterator[Source]:
    """Names that are not listed: outlets by their shape or description, else people."""
    shapes, sites = directory().shape, directory().site
    for match in (*QUOTED.finditer(raw), *sites.finditer(raw)):
        begin, end = match.span(1)
        if match.re is QUOTED and match.group(1).count(" ") > 3:
            continue
        source = _extend(raw, begin, end, canonical(match.group(1)), "named", cues)
        if match.re is not QUOTED or source.kind or shapes.search(source.name):
            yield source
    nouns = [word.span() for word, _ in labelled]
    beside = {end + k for _, end in nouns for k in (1, 2, 3)}, {begin - 1 for begin, _ in nouns}
    for match in NAME.finditer(raw):
        begin = _without_openers(raw, match.start(), match.end(), cues)
        end = match.end() - len(POSSESSIVE.search(match.group()).group())
        name = " ".join(raw[begin:end].split())
        if not name or cues.openers.fullmatch(f"{name} "):
            continue
        shaped = " " in name and shapes.search(name)
        if (shaped or begin in beside[0] or end in beside[1]) and not cues.countries.fullmatch(
            name
        ):
            source = _extend(raw, begin, end, canonical(name), "named", cues)
            if shaped or source.kind:
                yield source
                continue
        yield Source(begin, end, name, name, "name")
