"""Sources: find whatever in a text could be the source of something.

That is, in order and without overlaps: listed outlets, outlet-like names, descriptions ("the
German broadcaster"), unnamed media, role nouns ("Western officials") and names. Whether
anything is attributed to one of them is not decided here.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

import regex

from dedup.attribution.outlets import (
    STEM,
    Name,
    canonical_name,
    find_outlet,
    find_outlet_by_host,
    is_no_outlet,
    load_directory,
    names_beginning_with,
    outlet_key,
)
from dedup.attribution.phrases import CAPITALISED, MAX_CUE, Cues, load_dates
from dedup.attribution.places import RANK, Attribution, Source
from dedup.text import Text

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
# "the Palestinian Authority (PA)": what an acronym stands for in this text.
ACRONYM = regex.compile(
    r"((?:\p{Lu}[\p{L}’'-]{0,30}+ (?:(?:of|for|and|the|de|la|für|und) ){0,2}){1,6}+)"
    r"\((\p{Lu}{2,6})\)"
)
FIRST_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+|$")
STOPPED = ('."', ',"', ".”", ",”")  # where the full stop stands within the quotation
AFTER_NAME = regex.compile(r"\p{Lu}[\p{L}’'-]*\p{Ll} $")
CYRILLIC = regex.compile(r"\p{Cyrillic}\s*[\"«„“]?$")
# In the middle of a sentence: "says Michael Bloomberg", "Michael R. Bloomberg".
FIRST_NAME = regex.compile(
    r"(?:(?<=[\p{Ll},]\s)(?P<name>\p{Lu}\p{Ll}+)\s|\p{Lu}\p{Ll}+\s\p{Lu}\.\s|\p{Ll}{2}-)$"
)
FURTHER = regex.compile(r"[ \n](\p{Lu}\p{Ll}{2,})")
# German adjectives are inflected: "wie die Oberhessischen Nachrichten melden".
INFLECTED = regex.compile(r"^(\p{Lu}\p{L}*isch|Neu|Frei|Allgemein)en(?= )")
# American stations are called by four letters, whatever their programme: "KXQV Evening News".
CALL_SIGN = regex.compile(r"^([KW][A-Z]{3})\b.*\b(?:News|TV|Radio|FM|AM)$")
POSSESSIVES = ("'", "’", "'s", "’s")
POSSESSIVE = regex.compile(r"(?:['’]s?)?$")
NO_NAMES: list[Name] = []
MIN_INITIALS = 3  # by which an outlet is called: two stand for too much
MAX_ENDING = 3  # letters of a case ending: «Ведомостями»
Words = list["regex.Match[str]"]
# The words that may end or begin a phrase of the language's lists, with those lists' names.
Labelled = list[tuple["regex.Match[str]", tuple[str, ...]]]


def publisher_of(text: Text, attributions: Iterable[Attribution]) -> str | None:
    """The publisher of an article: as given, by its address, or as the article names itself."""
    own = (a.outlet for a in attributions if a.role == "self")
    return declared_publisher(text) or next(own, None)


def declared_publisher(text: Text) -> str | None:
    """The publisher that is given, or whose site has the article's address."""
    article = text.article
    if article.publisher:
        return canonical_name(article.publisher)
    outlet = find_outlet_by_host(article.url) if article.url else None
    return outlet.name if outlet else None


def find_sources(
    raw: str, words: Words, labelled: Labelled, cues: Cues, known: Collection[str] = ()
) -> list[Source]:
    """Everything that could be a source, in order, no two overlapping."""
    sources = [
        *find_listed(raw, words, cues),
        *find_described(raw, labelled, cues),
        *find_names(raw, labelled, cues, known),
    ]
    kept: list[Source] = []
    for source in sorted(sources, key=lambda s: (s.begin, RANK[s.rank], -s.end)):
        while kept and source.begin < kept[-1].end and RANK[source.rank] < RANK[kept[-1].rank]:
            kept.pop()
        if not kept or source.begin >= kept[-1].end:
            kept.append(source)
    return [*resolve_short_names(kept)]


def resolve_short_names(sources: list[Source]) -> Iterator[Source]:
    """The sources, those called by the last word of a name or by its initials by the outlet that
    has it: "the Times" behind "The New York Times", "NSPA" behind "North Sea Press Agency"."""
    full: dict[str, Source] = {}
    for source in sources:
        last = source.name.rpartition(" ")[2]
        longer = full.get(last)
        if source.rank == "name" and longer and source.name == initials_of(longer.name):
            yield replace(longer, begin=source.begin, end=source.end, name=source.name)
            continue
        if (
            source.rank == "listed"
            and longer
            and source.name.lower() in (last.lower(), f"the {last}".lower())
        ):
            yield replace(
                source, outlet=longer.outlet, kind=longer.kind, countries=longer.countries
            )
            continue
        if (
            source.is_outlet
            and source.rank != "media"
            and source.name.count(" ") > 1 - (source.rank == "named")
        ):
            full.setdefault(last, source)
            if len(initials := initials_of(source.name)) >= MIN_INITIALS:
                full.setdefault(initials, source)
        yield source


def initials_of(name: str) -> str:
    """The initials of the capitalised words of a name."""
    return "".join(word[0] for word in name.removeprefix("The ").split() if word[0].isupper())


def find_listed(raw: str, words: Words, cues: Cues) -> Iterator[Source]:
    """Listed outlets, by any of their names."""
    top, bottom = (0, PAGE_EDGE), (max(len(raw) - PAGE_EDGE, PAGE_EDGE), len(raw))
    for glued in (*GLUED.finditer(raw, *top), *GLUED.finditer(raw, *bottom)):
        if outlet := find_outlet(glued.group()):
            where = frozenset({outlet.country})
            begin, end = glued.span()
            yield Source(begin, end, glued.group(), outlet.name, "listed", outlet.kind, where)
    defined = set()  # acronyms that stand for something else here: "Palestinian Authority (PA)"
    for match in ACRONYM.finditer(raw):
        words_of = match[1].replace("-", " ").split()
        initials = "".join(word[0] for word in words_of if word[0].isupper())
        if initials.endswith(match[2]) and not find_outlet(match[1]):
            defined.add(match[2])
    names, stems = load_directory().names, load_directory().stems if cues.inflects else {}
    folded = [word.group().casefold() for word in words]
    end = 0
    for i, first in enumerate(folded):
        entries = stems.get(first[:STEM], NO_NAMES) if stems else NO_NAMES
        if first in names:
            by_second = names_beginning_with(first)
            second = by_second.get(folded[i + 1], NO_NAMES) if i + 1 < len(folded) else NO_NAMES
            entries = [*second, *entries, *by_second.get("", NO_NAMES)]
        if not entries or words[i].start() < end:
            continue
        for name in entries:
            last = match_name(raw, words, i, name)
            if last is None or (name.foreign and not cues.foreign):
                continue
            if name.outlet is None:
                end = last
                break
            outlet, begin = name.outlet, words[i].start()
            if name.words[0].casefold() == "the" and len(name.words) == 2:
                if goes_on(raw, last):
                    continue  # "the Times Higher Education", "the Standard Bank"
            elif len(name.words) == 1 and is_surname(raw, begin, last, cues):
                continue  # "de Bretton-Gordon", "Michael R. Bloomberg"
            source = extend_name(raw, begin, last, outlet.name, "listed", cues)
            before = raw[source.begin : begin]
            introduced = source.kind or before.endswith(("“", '"', "„", "«"))
            introduced = introduced or stands_alone_in_script(raw, begin, last)
            if not introduced and outlet.kind == "agency":
                introduced = raw[begin - 1 : begin] == "(" and raw[last : last + 1] == ")"
            if source.name not in defined and (
                introduced or (before if name.foreign else not name.ambiguous)
            ):
                end = last
                yield replace(source, kind=outlet.kind, countries=frozenset({outlet.country}))
                break


def stands_alone_in_script(raw: str, begin: int, end: int) -> bool:
    """Whether a name in Latin letters stands in Cyrillic text, where it is no ordinary word."""
    return raw[begin:end].isascii() and CYRILLIC.search(raw, max(begin - 3, 0), begin) is not None


def is_surname(raw: str, begin: int, end: int, cues: Cues) -> bool:
    """Whether a name of one word stands behind a first name, an initial or a hyphen."""
    if raw[begin:end].isupper():
        return False
    first = FIRST_NAME.search(raw, max(begin - MAX_CUE, 0), begin)
    if first is None or (cues.capitalises and first["name"]):
        return False
    word = first["name"] or ""
    nation = cues.source.countries.fullmatch(word)
    return not (nation or load_dates().fullmatch(word) or cues.labels(word))


def goes_on(raw: str, end: int) -> bool:
    """Whether a name goes on in a further capitalised word that is neither a day nor a month."""
    further = FURTHER.match(raw, end)
    return further is not None and load_dates().fullmatch(further[1]) is None


def match_name(raw: str, words: Words, i: int, name: Name) -> int | None:
    """Where the name that begins with word `i` ends, if it stands there."""
    if i + len(name.words) > len(words):
        return None
    for k, part in enumerate(name.words):
        word = words[i + k].group()
        if name.inflected and len(word) - len(part) <= MAX_ENDING:
            word = word[: len(part)]
        if word != part and (
            word.casefold() != part.casefold()
            or (part.isupper() and len(part) > 1)
            or (part[0].isupper() and not word[0].isupper() and part != "The")
        ):
            return None
        if k and not JOINT.fullmatch(raw, words[i + k - 1].end(), words[i + k].start()):
            return None
    return int(words[i + len(name.words) - 1].end())


def extend_name(raw: str, begin: int, end: int, outlet: str, rank: str, cues: Cues) -> Source:
    """The source with the article, description and quotation marks around its name."""
    left = cues.source.left.match(raw, max(begin - MAX_CUE, 0), begin)
    start = left.start() if left else begin
    described = left.group("kind") or "" if left else ""
    quoted = bool(left and left.group("quote"))
    right = cues.source.right.match(raw, end, end + MAX_CUE)
    stop = end
    if right and (not right.group("quote") or quoted):
        stop, described = right.end(), described or right.group("kind") or ""
    if quoted and stop == end and raw[end : end + 2] not in STOPPED:
        start = begin  # the name goes on: the quotation mark is not its own
    words = raw[start:begin] + raw[end:stop]
    if described:
        described = "weak" if cues.source.weak.fullmatch(described) else "described"
    countries = frozenset() if rank == "listed" else countries_in(words, cues)
    return Source(start, stop, raw[begin:end], outlet, rank, described, countries)


def countries_in(words: str, cues: Cues) -> frozenset[str]:
    """The countries whose demonyms stand among `words`."""
    return frozenset(str(m.lastgroup) for m in cues.source.countries.finditer(words))


def find_described(raw: str, labelled: Labelled, cues: Cues) -> Iterator[Source]:
    """Descriptions without a name, unnamed media, and role nouns."""
    for word, labels in labelled:
        for label in labels:
            noun = cues.source.nouns.get(label)
            match = noun.match(raw, max(word.start() - MAX_CUE, 0), word.end()) if noun else None
            if not match or (
                label != "role" and not cues.capitalises and is_in_name(raw, *match.span("noun"))
            ):
                continue
            behind = None if label == "role" else cues.source.trailing.match(raw, word.end())
            begin, end = match.start(), behind.end() if behind else word.end()
            begin = skip_openers(raw, begin, end, cues)
            phrase = raw[begin:end]
            if label == "media":
                yield Source(begin, end, phrase, "(unnamed media)", "media")
            elif label == "role":
                yield Source(begin, end, " ".join(phrase.split()), phrase, "role")
            elif begin < match.start("noun") or end > word.end():
                adjectives = raw[begin : match.start("noun")].split()[1:]
                indefinite = cues.source.indefinite.match(phrase)
                if indefinite and not adjectives and cues.source.weak.fullmatch(word.group()):
                    continue  # "a paper", "a site"
                countries = countries_in(phrase, cues)
                outlet = UNNAMED[label] if indefinite and not countries else ""
                yield Source(begin, end, phrase, outlet, "described", label, countries)


def is_in_name(raw: str, begin: int, end: int) -> bool:
    """Whether a noun is part of a name: "the North Sea Press Agency"."""
    return raw[begin].isupper() and AFTER_NAME.search(raw, max(begin - 30, 0), begin) is not None


def skip_openers(raw: str, begin: int, end: int, cues: Cues) -> int:
    while (
        cues.source.opens(FIRST_WORD.search(raw, begin, end).group())
        and (match := cues.source.openers.match(raw, begin, end))
        and match.end() < end
    ):
        begin = match.end()
    return begin


def find_names(
    raw: str, labelled: Labelled, cues: Cues, known: Collection[str]
) -> Iterator[Source]:
    """Names that are not listed: outlets by their shape or description, else people."""
    shapes, countries = load_directory().shape, cues.source.countries
    for match in QUOTED.finditer(raw):
        if match[1].count(" ") <= 3:
            begin, end = match.span(1)
            source = extend_name(raw, begin, end, canonical_name(match[1]), "named", cues)
            if source.kind == "described" or shapes.search(source.name):
                yield source
    for match in load_directory().site.finditer(raw):
        begin, end = match.span(1)
        if outlet := find_outlet_by_host(match[1]):
            source = extend_name(raw, begin, end, outlet.name, "listed", cues)
            yield replace(source, kind=outlet.kind, countries=frozenset({outlet.country}))
        else:
            yield extend_name(raw, begin, end, canonical_name(match[1]), "named", cues)
    nouns = [word.span() for word, _ in labelled]
    behind_noun = {end + k for _, end in nouns for k in (1, 2, 3)}
    before_noun = {begin - 1 for begin, _ in nouns}
    for match in NAME.finditer(raw):
        begin = skip_openers(raw, match.start(), match.end(), cues)
        end = match.end()
        if match.group().endswith(POSSESSIVES):
            end -= len(POSSESSIVE.search(match.group()).group())
        name = " ".join(raw[begin:end].split())
        opener = cues.source.opens(FIRST_WORD.search(name).group())
        if opener and cues.source.openers.fullmatch(f"{name} "):
            continue
        shaped = " " in name and shapes.search(name) and not is_no_outlet(name)
        beside_noun = begin in behind_noun or end in before_noun
        if (shaped or beside_noun) and not countries.fullmatch(name):
            adjective, _, rest = name.partition(" ")  # "the British Telegraph", "UK's Mirror"
            nation = countries.fullmatch(POSSESSIVE.sub("", adjective))
            listed = shaped and nation and find_outlet(rest)
            at = max(raw.find(rest, begin), begin) if listed else begin
            outlet_name = canonical_name(rest if listed else name)
            if cues.capitalises:
                outlet_name = INFLECTED.sub(r"\1e", outlet_name)
            if station := CALL_SIGN.match(outlet_name):
                outlet_name = station[1]
            source = extend_name(raw, at, end, outlet_name, "named", cues)
            if shaped or source.kind == "described":
                yield source
                continue
        if known and outlet_key(name) in known:
            yield Source(begin, end, name, canonical_name(name), "named")
        else:
            yield Source(begin, end, name, name, "name")
