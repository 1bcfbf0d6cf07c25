"""Credits: find credit lines and links, with which a page names its source outside its sentences.

These are datelines ("MOSCOW (AP) —"), bylines with an outlet, copyright lines, contributions
("Reuters contributed to this report"), phrases that only one outlet prints ("(Reporting by"), and
links to an article elsewhere. They stand in boilerplate, so that is searched too. Photo credits
are left out.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import regex

from dedup.attribution.outlets import (
    Outlet,
    canonical_name,
    find_outlet,
    find_outlet_by_host,
    host_of,
    load_directory,
    load_toml,
)
from dedup.attribution.phrases import CAPITALISED, compiled, pattern
from dedup.attribution.places import Source, merge_spans, overlaps_any

URL = regex.compile(
    r"(?:(?P<scheme>https?://|www\.)|(?<![\w@./-])(?:[a-z0-9-]{2,40}\.){1,3}[a-z]{2,6}/)"
    r"[^\s<>\"')\]}]{3,500}",
    regex.IGNORECASE,
)
LINE_END = regex.compile(r"[\r\n\u2028\u2029]+|\s#{3,}(?:\s|$)")
# Behind the end of a sentence, or at the beginning of the text.
BRACKET = regex.compile(
    r"(?:(?<=[.!?…»”\"]\s{0,3})[(\[]|^\()([^()\[\]\n]{2,60})[)\]](?=\W*(?:\p{Lu}|\n|$))"
)
SEPARATOR = regex.compile(r"[,/;|–—]|\s-\s|\s(?:via|and|und|et|y|e|и|і)\s", regex.IGNORECASE)
SIGNED = regex.compile(r"[.!?…»”\"]\s{0,3}([-–—/]{1,2}\s?)$")  # "… the protests. – AFP"
PERSON = regex.compile(r"(?:\p{Lu}[\p{L}\p{M}.'’-]*\s?){2,4}")
PICTURE = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".css", ".js")
MAX_CREDIT = 180  # characters of a credit line
MAX_LED = 18  # characters that may stand before its first word: "This article was "
MAX_WORDS = 4  # of an outlet that no list has
MAX_LIST = 80  # … that has nothing but outlets
FRONT, BACK = 15, 8  # lines at the top and the bottom where an outlet alone is a credit


def find_credit_lines(raw: str, sources: list[Source]) -> Iterator[Source]:
    """The listed outlets that stand in a credit line, with its extent."""
    credit, signatures, _ = load_credit_lines()
    breaks = [match.span() for match in LINE_END.finditer(raw)]
    ends = [begin for begin, _ in breaks]
    grouped = [*find_brackets(raw), *find_lists(raw, breaks)]
    yield from grouped
    taken = merge_spans((source.begin, source.end) for source in grouped)
    for source in sources:
        if not source.is_outlet or overlaps_any(source.begin, source.begin + 1, taken):
            continue
        line = bisect_right(ends, source.begin)
        begin = breaks[line - 1][1] if line else 0
        end = breaks[line][0] if line < len(breaks) else len(raw)
        edge = line < FRONT or line > len(breaks) - BACK
        at = raw.find(source.name, source.begin)
        behind = at + len(source.name)
        if min(at - begin, end - behind) > MAX_CREDIT:
            continue  # in the middle of a paragraph
        left = raw[max(begin, at - MAX_CREDIT - 1) : at]
        right = raw[behind : min(max(behind, end), behind + MAX_CREDIT + 1)]
        next_part = ""
        if edge:  # "By: Press Trust of India | New Delhi | Posted …"
            right, _, next_part = right.partition(" | ")
        if source.rank == "listed":
            span = find_credit_span(left, right, source.kind == "agency", edge)
        elif source.rank == "named" and credit["led"].fullmatch(left):
            span = len(left.lstrip()), 0
        else:
            continue
        photo = credit["photo"].search(left) or credit["photo"].match(right)
        if not credit["led"].fullmatch(left):  # "Jane Doe | TASS | Getty Images"
            photo = photo or credit["photo"].match(next_part)
        if "(" in left[-MAX_LIST:] and ")" in right:
            photo = photo or credit["photo"].search(right.partition(")")[0])
        if span:
            rank = "photo" if photo else source.rank
            yield replace(source, begin=at - span[0], end=behind + span[1], rank=rank)
    for outlet, signs in signatures.items():
        for sign in signs:
            if (at := raw.find(sign)) >= 0:
                yield Source(at, at + len(sign), outlet, outlet, "listed")


def find_brackets(raw: str) -> Iterator[Source]:
    """The outlets in brackets of their own, behind a sentence or before the first: "… this year.
    (El Mundo, via Mail)", "(Mit Material von dts)"."""
    credit = load_credit_lines()[0]
    for match in BRACKET.finditer(raw):
        _, parts = split_credit(match[1])
        listed = [(part, outlet) for part, outlet in parts if outlet]
        if listed and listed[0] in (parts[0], parts[-1]):
            photo = PERSON.fullmatch(parts[0][0]) and not parts[0][1]
            rank = "photo" if photo or credit["photo"].search(match[1]) else "listed"
            for part, outlet in listed:
                yield Source(match.start(), match.end(), part, outlet.name, rank, outlet.kind)


def find_lists(raw: str, breaks: list[tuple[int, int]]) -> Iterator[Source]:
    """Several outlets on a line of their own at the top or the bottom: "By Jane Doe, CBS/AP"."""
    begins, ends = [0, *(end for _, end in breaks)], [*(begin for begin, _ in breaks), len(raw)]
    for line, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        if not (line < FRONT or line > len(breaks) - BACK) or not 4 <= end - begin <= MAX_LIST:
            continue
        led, parts = split_credit(raw[begin:end])
        if led and len(parts) > 2 and not parts[0][1]:
            parts = parts[1:]  # the author
        listed = [outlet is not None for _, outlet in parts]
        thanked = led and any(listed) and load_credit_lines()[0]["thanks"].match(raw, begin)
        if len(parts) > 1 and (all(listed) or thanked):
            rank = "photo" if load_credit_lines()[0]["photo"].search(raw, begin, end) else "listed"
            for part, outlet in parts:
                if outlet:
                    yield Source(begin, end, part, outlet.name, rank, outlet.kind)
                elif part[0].isupper() and part.count(" ") < MAX_WORDS:
                    yield Source(begin, end, part, canonical_name(part), "named")


def split_credit(line: str) -> tuple[bool, list[tuple[str, Outlet | None]]]:
    """The parts of a credit with the outlet that each is, and whether a word such as "by" or
    "source" leads them."""
    leading = load_credit_lines()[0]["leading"].match(line)
    parts = (part.strip() for part in SEPARATOR.split(line[leading.end() :]))
    return bool(leading.group().strip()), [(part, find_outlet(part)) for part in parts if part]


def find_credit_span(left: str, right: str, agency: bool, edge: bool) -> tuple[int, int] | None:
    """How far the credit reaches to the left and right of an outlet, if it is one."""
    credit = load_credit_lines()[0]
    bracket = regex.match(r"(?:[,/][^()\n]{1,30})?[)/\]]", right)
    opened = regex.search(r"[(/\[](?:[\p{L} .-]{2,30}[,/]\s?){0,3}$", left)
    head = left[: opened.start()] if opened else left
    if opened and bracket:
        behind = right[bracket.end() :]
        dash = regex.match(r"[\s.]{0,3}[-–—]", behind)
        begun = head.strip() and behind.strip() and not behind.lstrip()[0].islower()
        in_dateline = (begun or dash) and credit["place"].fullmatch(head)
        if in_dateline or (agency and not behind.strip(" .\u00a0")):
            return len(left) - opened.start(), bracket.end()
    before, short = len(left.lstrip()), len(right) <= MAX_CREDIT
    signed = SIGNED.search(left)
    if agency and signed and not right.strip(" ./\u00a0"):
        return len(left) - signed.start(1), 0
    if agency and credit["dated"].fullmatch(left) and regex.match(r"\s?[.:–—-]\s", right):
        return before, 0
    if credit["copyright"].fullmatch(left):
        return before, 0
    if short and credit["rest"].fullmatch(right):
        alone = credit["alone"].fullmatch(left)
        if credit["byline"].fullmatch(left) or (alone and (agency or edge or alone["source"])):
            return before, len(right.rstrip())
    if short and credit["material"].fullmatch(left):
        return before, 0
    if credit["contributed"].match(right) and len(left.split()) <= 2:
        return before, len(right.rstrip()[:MAX_CREDIT])
    return None


def find_agency_in_address(address: str) -> str | None:
    """The agency whose text an address says it has: "nytimes.com/aponline/2018/05/03/…"."""
    marks = load_credit_lines()[2]
    return next((name for name, parts in marks.items() if any(p in address for p in parts)), None)


def is_credit_line(raw: str, at: int) -> bool:
    """Whether what begins at `at` begins its line, which is short enough for a credit: "First
    published in …", and not "The strike was first reported by …"."""
    before = raw[max(at - MAX_LED, 0) : at]
    begins = at <= MAX_LED or "\n" in before or "### " in before
    end = raw.find("\n", at, at + MAX_CREDIT)
    return begins and (end >= 0 or len(raw) <= at + MAX_CREDIT)


def find_links(raw: str) -> Iterator[Source]:
    """Links to an article elsewhere; platforms, pictures and bare home pages are none."""
    if "/" not in raw and "www." not in raw.lower():
        return
    for match in URL.finditer(raw):
        address = match.group().rstrip(".,;:!?…)")
        site = host_of(address)
        path = address.split(site, 1)[-1].strip("/")
        labels = site.split(".")
        known = {".".join(labels[i:]) for i in range(len(labels))} & load_directory().platforms
        if len(labels) < 2 or known or not path or path.lower().endswith(PICTURE):
            continue
        outlet, begin = find_outlet_by_host(site), match.start()
        end = begin + len(address)
        if outlet is None and not match["scheme"]:
            continue  # "and/or.html"
        # A link on a line of its own or behind "source:" says where the article is from; one
        # within a sentence is a reference.
        line = raw[max(raw.rfind("\n", 0, begin) + 1, raw.rfind("### ", 0, begin) + 4, 0) : begin]
        leading = load_credit_lines()[0]["leading"].match(line[-MAX_CREDIT:])
        alone = leading.end() == len(line[-MAX_CREDIT:]) and len(line) <= MAX_CREDIT
        kind = "" if alone else "inline"
        yield Source(begin, end, site, outlet.name if outlet else site, "listed", kind)


@cache
def load_credit_lines() -> tuple[
    dict[str, "regex.Pattern[str]"], dict[str, list[str]], dict[str, list[str]]
]:
    """data/cues/credits.toml: the patterns of credit lines, the phrases of single outlets, and
    the parts of addresses that agencies have."""
    lists = load_toml("cues/credits.toml")
    p = {key: pattern(value) for key, value in lists.items() if isinstance(value, list)}
    date = rf"(?:\d{{1,2}}\.?\s?{p['months']}|{p['months']}\.?\s?\d{{1,2}})(?:,?\s\d{{4}})?"
    place = rf"(?:(?:{CAPITALISED}|de|del|di|am|an|der)[\s,./-]{{1,3}}+){{0,6}}"
    names = r"(?:\p{Lu}[\p{L}\p{M}.'’-]*+[\s,]++(?:(?:and|y|e|et|und|i|и|for)\s++)?){1,9}"
    the = r"(?:the\s)?"
    patterns = {
        "leading": compiled(rf"\s*(?:(?:{p['material']}|{p['source']}|{p['by']}|via)\s*:?\s+)?"),
        "thanks": compiled(rf"\W*{p['material']}\s*:?\s"),
        "led": compiled(rf"\W*(?:{p['material']}|{p['source']}|via)\s*:\s+{the}|\W*via\s+{the}"),
        "place": regex.compile(rf"\s*(?:{place}(?i:{date})?[\s.,:–—-]{{0,4}})"),
        "dated": regex.compile(rf"\s*{place}(?i:{date})[\s.,]{{0,3}}[–—-]?\s?"),
        "alone": compiled(
            rf"[^\p{{L}}\p{{N}}]*+(?:(?P<source>{p['source']}|{p['by']})\s*:?\s+)?{the}"
        ),
        "copyright": compiled(
            rf".{{0,40}}{p['copyright']}\W{{0,3}}(?:\d{{4}}\W{{1,3}})?(?:by\s)?{the}"
        ),
        "rest": compiled(
            rf"\W*+(?:(?>{date}|{p['months']}|{p['rights']}|{p['staff']}|[ap]\.?m\.?|\d++"
            rf"|[A-Z]{{2,4}}T)(?!\p{{L}})\W*+)*+"
        ),
        "byline": compiled(
            rf"(?:.{{0,60}}\W)?(?:{p['by']})\W{{1,150}}(?-i:{names})[-–—|,/(]?\s*{the}"
            rf"|\W*(?-i:{names})(?:(?<=,\s)|[-–—|]\s*){the}"
            rf"|\W*(?-i:(?:{names})?{CAPITALISED})(?<=\p{{Ll}})"
        ),
        "material": compiled(
            rf"\W*(?:{p['material']})\s*:?\s+(?:[\p{{L}}]{{2,20}},?\s(?:and\s)?){{0,3}}{the}"
        ),
        "contributed": compiled(
            rf"(?:['’]s)?\s{{1,5}}[^\n]{{0,150}}?{p['contributed']}\s+(?:to|from|zu|à)\s"
        ),
        "photo": compiled(rf"(?<!\p{{L}}){p['photo']}(?!\p{{L}})|\p{{L}}\s?/\s?$"),
    }
    return patterns, lists["signatures"], lists["addresses"]
