"""The head of a web page → its metadata, from the most reliable statement to the least.

They come from schema.org data (JSON-LD), meta tags (Open Graph, Dublin Core, news sites' own),
links (canonical, licence) and, for a date that nothing states, a ``time`` element or the
address. Tags are found by their names wherever they stand, not in a tree: only one of the two
ways of extracting text builds one, and of a page's 100 KB only a few tags matter.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from itertools import islice
from typing import Any

from dedup.article import Article
from dedup.dates import Order, learn_order, needs_order
from dedup.readers.dates import DateBasis, first_date, read_date
from dedup.readers.fields import NAMES
from dedup.readers.html_visible import MAX_NAME, PERSON, Visible, split_names
from dedup.readers.json_ld import Structured, clean, headline_of, parse_block, read_structured
from dedup.readers.markup import html_to_text, parse_attributes
from dedup.readers.provenance import (
    Provenance,
    clean_list,
    first_value,
    host,
    one_line,
    same_site,
    strings_in,
    web_addresses,
)
from dedup.readers.publisher import (
    bare_name,
    choose_publisher,
    copyright_holders,
    end_of_title,
    ends_of_title,
    holder_in,
    is_site,
    without_end,
)

TAG = re.compile(r"<(html|meta|link|title|script|time)\b", re.IGNORECASE)
INSIDE = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
INSIDE_PLAIN = re.compile(r"[^>]*+>")
ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("title", "script")}
MAX_TAGS = 5_000  # more than any page has that a person wrote
# The comment that a browser or SingleFile leaves in a page that it saves.
SAVED = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d+\)(\S+)|Page saved with SingleFile\s+url:\s+(\S+))[^>]*>"
)
MAX_SAVED_OFFSET = 1_000  # characters in which a browser notes where a page was saved from
IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|-|$)|/((?:19|20)\d{6})(?:/|-|$)"
)
NOTHING = Visible()
ORDERS: tuple[Order, ...] = ("day", "month")
MAX_TIME = 60  # characters of a date that a page shows
MAX_TIMES = 20  # elements of time that are looked at
BY = re.compile(r"(?i)(?:by|von|par|por|di|door|av|af|od|text|autor(?:in)?)\b")
PROGRAM = ("application-name", "apple-mobile-web-app-title")  # what a saved page is called
# Marks that no one sees, in titles as in texts.
UNSEEN = re.compile("[\u00ad\u200b-\u200e\u2060\ufeff]")
# Words before the day on which a page appeared, and the beginning of what stands behind them.
PUBLISHED = re.compile(
    r"\b(?:[Vv]eröffentlicht|[Ee]rschienen|[Ee]rstellt|[Pp]ublished|[Ww]ritten|[Pp]osted|[Pp]ublié"
    r"|[Pp]ublicado|[Pp]ubblicato|[Gg]epubliceerd|[Ff]achmeldung|[Mm]eldung|[Pp]ressemitteilung|[Dd]atum)"
    r"(?:\s(?:am|on|at|vom|le|el|il|em|op)\s{0,3}:?|:|\s{0,9}(?=<))"
    r"\s{0,9}(?:</?\w[^<>]{0,100}>\s{0,9}){0,3}([^<>\"]{6,60})"
)
DAY = re.compile(
    r"\d{1,4}[./-]\d\d?[./-]\d{1,4}(?:[\s,]{1,3}\d\d?:\d\d)?|\d\d?\.?\s[^\W\d_]{3,12}\s\d{4}"
    r"|[^\W\d_]{3,12}\s\d\d?,\s\d{4}"
)
HEADING = re.compile(r"<h1\b[^>]{0,300}>\s{0,99}([^<]{1,300})</h1", re.IGNORECASE)
MARKED_UP = re.compile(r"<(?:p|br|div|h\d|ul)\b", re.IGNORECASE)


@dataclass(slots=True)
class Tags:
    """The tags of a page that describe it."""

    language: str | None = None
    title: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    data: list[Any] = field(default_factory=list)  # blocks of JSON-LD

    def stated(self, kind: str) -> list[tuple[str, str]]:
        """Name and value of the meta tags of this kind, the most reliable first."""
        return [(n, value) for n in NAMES["page"][kind] for value in self.metas.get(n, ())]

    def meta(self, kind: str) -> str | None:
        """The first value of the meta tags of this kind that is not empty."""
        return next((line for _, value in self.stated(kind) if (line := one_line(value))), None)


def read_head(
    source: str, url: str | None = None, visible: Visible = NOTHING, order: Order | None = None
) -> Article:
    """What the page says of itself; `url` is where it was found, `visible` what it shows beside its
    text, `order` that of day and month in its dates.

    The text is the one that structured data repeat; it is empty on most pages.
    """
    tags = find_tags(source)
    canonical = next(iter(web_addresses(tags.links.get("canonical", ()))), None)
    saved = SAVED.search(source[:MAX_SAVED_OFFSET])
    found_at = [url, saved and (saved[1] or saved[2]), *tags.metas.get("og:url", ())]
    addresses = web_addresses([*found_at, canonical])
    titles = [title for title in (tags.title, tags.meta("title")) if title]
    stated = read_structured(tags.data, addresses, titles)
    data = stated.article
    page = references(first_value(data, "url", "mainEntityOfPage"))
    own = next(iter(web_addresses([*found_at, *page, canonical])), None)
    elsewhere = canonical if canonical and own and not same_site(canonical, own) else None
    named = (data.get("isBasedOn"), data.get("citation"), tags.metas.get("original-source"))
    based_on = clean_list(entry for value in (*named, elsewhere) for entry in references(value))
    dates = list(find_dates(tags, stated, own, visible, source))
    published, dated_by, dated = first_date(dates, order or order_of(dates))
    holder = one_line(data.get("copyrightNotice")) or joined(stated, data.get("copyrightHolder"))
    licences = tags.links.get("license") or references(data.get("license"))
    rights = holder or tags.meta("rights") or next(iter(licences), None)
    body = data.get("articleBody")
    publisher = find_publisher(tags, stated, own, source)
    title = headline_of(data, titles) or tags.meta("title") or tags.title
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        modified=next(
            (str(value) for _, value in find_changes(tags, data) if read_date(value)), None
        ),
        canonical=canonical if canonical != own else None,
        based_on=tuple(entry for entry in based_on if entry != own),
        sources=stated.names(data.get("sourceOrganization")),
        provider=joined(stated, data.get("provider")),
        credit=one_line(data.get("creditText")),
        rights=rights,
    )
    return Article(
        own or "page",
        plain_body(body) if isinstance(body, str) else "",
        title=without_end(readable(title), (publisher, host(own))),
        url=own,
        publisher=publisher,
        published=published,
        language=one_line(data.get("inLanguage")) or tags.language or tags.meta("language"),
        byline=find_byline(tags, stated, visible, {publisher, host(own)}),
        extra=provenance.extra(),
    )


def find_byline(
    tags: Tags, stated: Structured, visible: Visible, sites: set[str | None]
) -> str | None:
    """The names of the authors as the head states them, else as the page shows them, else that of
    the site, if it is called the author."""
    own = {bare_name(site) for site in sites if site}
    best: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    for entries in (
        stated.names(first_value(stated.article, "author", "creator")),
        *(clean_list(map(clean, tags.metas.get(name, ()))) for name in NAMES["page"]["byline"]),
    ):
        names = clean_list(name for entry in entries for name in author_names(entry))
        given = given or names
        best = more_persons(best, (name for name in names if not is_site(name, own)))
    if best:
        best = more_persons(best, filter(PERSON.fullmatch, visible.authors))
    others = visible.authors or stated.names(stated.page.get("author"))
    return ", ".join(best or others or given) or None


def more_persons(best: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    """The names instead of the best so far, if they have all of these and more."""
    persons = tuple(names)
    has_all = set(map(bare_name, best)) <= set(map(bare_name, persons))
    return persons if has_all and len(persons) > len(best) else best


def author_names(entry: str) -> tuple[str, ...]:
    """The names in what a head calls the author: without "By", each of two that "and" joins,
    without a long role behind one; none in an address of mail."""
    if "@" in entry or "://" in entry:
        return ()
    names = tuple(split_names(entry))
    if len(entry) > MAX_NAME and any(map(PERSON.fullmatch, names[:1])):
        return tuple(filter(PERSON.fullmatch, names))
    is_pair = len(names) == 2 and "," not in entry and all(map(PERSON.fullmatch, names))
    return names if is_pair or BY.match(entry) else (entry,)


def find_publisher(tags: Tags, stated: Structured, url: str | None, source: str) -> str | None:
    """The outlet: as the page names it, as its title ends, as it claims its rights, or its host."""
    data, metas = stated.article, tags.metas
    names = [
        joined(stated, data.get("publisher")),
        *(one_line(value) for _, value in tags.stated("publisher")),
        joined(stated, stated.page.get("publisher")),
        joined(stated, stated.site.get("name")),
    ]
    if not any(names):
        shown = HEADING.search(source)
        called = (headline_of(data, ()), headline_of(stated.page, ()), shown and unescape(shown[1]))
        headlines = map(one_line, (*called, *(value for _, value in tags.stated("title"))))
        names = [end_of_title(tags.title, headlines)]

    def hints() -> Iterator[str | None]:
        yield from ends_of_title(tags.title)
        yield from (one_line(value) for name in PROGRAM for value in metas.get(name, ()))
        yield joined(stated, data.get("copyrightHolder"))
        yield from (holder_in(value) for _, value in tags.stated("rights"))
        yield from copyright_holders(source)

    return choose_publisher([readable(name) for name in names], hints(), url)


def readable(text: str | None) -> str | None:
    """A title or a name without marks that no one sees."""
    return one_line(UNSEEN.sub("", text)) if text else None


def plain_body(body: str) -> str:
    """The text that structured data repeat, without markup and entities."""
    return html_to_text(body)[0] if MARKED_UP.search(body) else clean(body).strip()


def order_of(dates: Iterable[tuple[str, Any, DateBasis]]) -> Order | None:
    """The order of day and month that the dates of a page have: as one of them shows, or as an
    earlier or later one, or the address, confirms."""
    values = [value for _, value, _ in dates]
    if order := learn_order(values):
        return order
    days = {str(day)[:10] for value in values if (day := read_date(value))}
    for value in filter(needs_order, values):
        for order in ORDERS:
            if str(read_date(value, order))[:10] in days:
                return order
    return None


def find_tags(source: str) -> Tags:
    """The tags of a page that describe it, in one pass."""
    tags, inside, at = Tags(), INSIDE, 0
    for _ in range(MAX_TAGS):
        begin = TAG.search(source, at)
        if begin is None:
            break
        match = inside.match(source, begin.end())
        if match is None and inside is INSIDE:  # quotation marks that do not close
            inside = INSIDE_PLAIN
            match = inside.match(source, begin.end())
        if match is None:
            break
        name, attributes = begin.group(1).lower(), parse_attributes(match.group()[:-1])
        at = match.end()
        if name in ENDS:
            end = ENDS[name].search(source, at)
            if end is None:
                break
            content, at = source[at : end.start()], end.start()
            if name == "title":
                tags.title = tags.title or one_line(unescape(content))
            elif "ld+json" in attributes.get("type", "").lower():
                tags.data.append(parse_block(content))
        elif name == "html":
            language = attributes.get("lang") or attributes.get("xml:lang")
            tags.language = tags.language or one_line(language)
        elif name == "time":
            shown = source[at : at + MAX_TIME].partition("<")[0]
            tags.times.append(attributes.get("datetime") or unescape(shown))
        elif name == "meta":
            key = first_value(attributes, "property", "name", "itemprop") or ""
            tags.metas.setdefault(key.lower(), []).append(attributes.get("content", ""))
        else:
            for relation in attributes.get("rel", "").lower().split():
                tags.links.setdefault(relation, []).append(attributes.get("href", ""))
    return tags


def joined(stated: Structured, value: Any) -> str | None:
    """The names in a value of structured data, as a byline has them."""
    return ", ".join(stated.names(value)) or None


def references(value: Any) -> tuple[str, ...]:
    """The addresses, or else the names, of what a value refers to."""
    return strings_in(value, "url", "@id", "sameAs", "name", "headline")


def find_dates(
    tags: Tags, stated: Structured, url: str | None, visible: Visible, source: str
) -> Iterator[tuple[str, Any, DateBasis]]:
    """What may be the date, with its field and how reliable that is, the best first."""
    named: list[tuple[str, Any, DateBasis]] = [
        ("JSON-LD datePublished", stated.article.get("datePublished"), "stated"),
        *((f"meta {name}", value, "stated") for name, value in tags.stated("published")),
        ("JSON-LD datePublished", stated.page.get("datePublished"), "stated"),
        ("JSON-LD dateCreated", stated.article.get("dateCreated"), "implied"),
        *visible.dates,
    ]
    yield from named
    if not any(read_date(value) for _, value, _ in named):  # to look for more takes .5 ms
        yield from find_labelled_dates(source)
    in_address = None
    if match := IN_ADDRESS.search(url or ""):
        year, month, day, whole = match.groups()
        in_address = read_date(whole or f"{year}-{int(month):02}-{int(day):02}")
    for value in tags.times[:MAX_TIMES]:  # the first may be that of another story
        if not in_address or is_near(read_date(value), in_address):
            yield "time element", value, "implied"
    for name, value in find_changes(tags, stated.article):
        if not in_address or is_near(read_date(value), in_address):
            yield name, value, "implied"
    if in_address:
        yield "address", in_address, "guessed"


def find_labelled_dates(source: str) -> Iterator[tuple[str, Any, DateBasis]]:
    """What a page shows behind a word for publication: "Veröffentlicht am 16.08.2019"."""
    for match in islice(PUBLISHED.finditer(source), MAX_TIMES):
        if date := DAY.search(unescape(match[1])):
            yield "date shown as that of publication", date[0], "implied"


def is_near(one: date | None, other: date) -> bool:
    """Whether two dates are on the same day or the next, as zones may have it."""
    return one is not None and abs(one.toordinal() - other.toordinal()) <= 1


def find_changes(tags: Tags, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What may be the date of this version, with its field, the best first."""
    yield "JSON-LD dateModified", data.get("dateModified")
    yield from ((f"meta {name}", value) for name, value in tags.stated("changed"))
