"""The head of a web page → its metadata, from the most reliable statement to the least.

They come from schema.org data (JSON-LD), meta tags (Open Graph, Dublin Core, news sites' own),
links (canonical, licence) and, for a date that nothing states, a ``time`` element or the
address. Tags are found by their names wherever they stand, not in a tree: only one of the two
ways of extracting text builds one, and of a page's 100 KB only a few tags matter.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import orjson

from dedup.article import Article
from dedup.readers.dates import DateBasis, first_date, read_date
from dedup.readers.fields import NAMES
from dedup.readers.markup import parse_attributes
from dedup.readers.provenance import (
    Provenance,
    clean_list,
    first_value,
    one_line,
    same_site,
    strings_in,
    web_addresses,
)

TAG = re.compile(r"<(html|meta|link|title|script|time)\b", re.IGNORECASE)
INSIDE = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
INSIDE_PLAIN = re.compile(r"[^>]*+>")
ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("title", "script")}
MAX_TAGS = 5_000  # more than any page has that a person wrote
SAVED = re.compile(r"<!-- saved from url=\(\d+\)(\S+)")
MAX_SAVED_OFFSET = 1_000  # characters in which a browser notes where a page was saved from
IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|-|$)|/((?:19|20)\d{6})(?:/|-|$)"
)
# The types of schema.org that an article may have: "NewsArticle", ["Thing", "Report"] …
ARTICLE = re.compile("article|blogposting|report|newsitem", re.IGNORECASE)
MAX_DEPTH = 6


@dataclass(slots=True)
class Tags:
    """The tags of a page that describe it."""

    language: str | None = None
    title: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    time: str | None = None
    data: list[dict[str, Any]] = field(default_factory=list)  # records of JSON-LD

    def stated(self, kind: str) -> list[tuple[str, str]]:
        """Name and value of the meta tags of this kind, the most reliable first."""
        return [(n, value) for n in NAMES["page"][kind] for value in self.metas.get(n, ())]

    def meta(self, kind: str) -> str | None:
        """The first value of the meta tags of this kind that is not empty."""
        return next((line for _, value in self.stated(kind) if (line := one_line(value))), None)


def read_head(source: str, url: str | None = None) -> Article:
    """What the page says of itself; `url` is where it was found.

    The text is the one that structured data repeat; it is empty on most pages.
    """
    tags = find_tags(source)
    data = next((record for record in tags.data if ARTICLE.search(str(record.get("@type")))), {})
    canonical = next(iter(web_addresses(tags.links.get("canonical", ()))), None)
    saved = SAVED.search(source[:MAX_SAVED_OFFSET])
    page = references(first_value(data, "url", "mainEntityOfPage"))
    saved_from = [saved.group(1)] if saved else []
    candidates = (url, *saved_from, *tags.metas.get("og:url", ()), *page, canonical)
    own = next(iter(web_addresses(candidates)), None)
    elsewhere = canonical if canonical and own and not same_site(canonical, own) else None
    named = (data.get("isBasedOn"), data.get("citation"), tags.metas.get("original-source"))
    based_on = clean_list(entry for value in (*named, elsewhere) for entry in references(value))
    published, dated_by, dated = first_date(find_dates(tags, data, own))
    authors = names_in([value for _, value in tags.stated("byline")])
    holder = one_line(data.get("copyrightNotice")) or joined_names(data.get("copyrightHolder"))
    licences = tags.links.get("license") or references(data.get("license"))
    rights = holder or tags.meta("rights") or next(iter(licences), None)
    body = data.get("articleBody")
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        modified=next(
            (str(value) for _, value in find_changes(tags, data) if read_date(value)), None
        ),
        canonical=canonical if canonical != own else None,
        based_on=tuple(entry for entry in based_on if entry != own),
        sources=names_in(data.get("sourceOrganization")),
        provider=joined_names(data.get("provider")),
        credit=one_line(data.get("creditText")),
        rights=rights,
    )
    return Article(
        own or "",
        body if isinstance(body, str) else "",
        title=one_line(data.get("headline")) or tags.meta("title") or tags.title,
        url=own,
        publisher=joined_names(data.get("publisher")) or tags.meta("publisher"),
        published=published,
        language=one_line(data.get("inLanguage")) or tags.language or tags.meta("language"),
        byline=joined_names(first_value(data, "author", "creator")) or next(iter(authors), None),
        extra=provenance.extra(),
    )


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
                with suppress(orjson.JSONDecodeError):
                    content = content.strip().removeprefix("<![CDATA[").removesuffix("]]>")
                    tags.data.extend(nested_records(orjson.loads(content)))
        elif name == "html":
            language = attributes.get("lang") or attributes.get("xml:lang")
            tags.language = tags.language or one_line(language)
        elif name == "time":
            tags.time = tags.time or attributes.get("datetime")
        elif name == "meta":
            key = first_value(attributes, "property", "name", "itemprop") or ""
            tags.metas.setdefault(key.lower(), []).append(attributes.get("content", ""))
        else:
            for relation in attributes.get("rel", "").lower().split():
                tags.links.setdefault(relation, []).append(attributes.get("href", ""))
    return tags


def nested_records(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The records in structured data, the outer ones first."""
    if isinstance(value, dict):
        yield value
        value = [value.get("@graph"), value.get("mainEntity")]
    if isinstance(value, list) and depth < MAX_DEPTH:
        for part in value:
            yield from nested_records(part, depth + 1)


def joined_names(value: Any) -> str | None:
    """The names in a value, as a byline has them."""
    return ", ".join(names_in(value)) or None


def names_in(value: Any) -> tuple[str, ...]:
    """The names in a value; some sites give the address of a profile as one."""
    return tuple(name for name in strings_in(value, "name") if "://" not in name)


def references(value: Any) -> tuple[str, ...]:
    """The addresses, or else the names, of what a value refers to."""
    return strings_in(value, "url", "@id", "sameAs", "name", "headline")


def find_dates(
    tags: Tags, data: dict[str, Any], url: str | None
) -> Iterator[tuple[str, Any, DateBasis]]:
    """What may be the date, with its field and how reliable that is, the best first."""
    yield "JSON-LD datePublished", data.get("datePublished"), "stated"
    yield from ((f"meta {name}", value, "stated") for name, value in tags.stated("published"))
    yield "JSON-LD dateCreated", data.get("dateCreated"), "implied"
    yield "time element", tags.time, "implied"
    yield from ((name, value, "implied") for name, value in find_changes(tags, data))
    if match := IN_ADDRESS.search(url or ""):
        year, month, day, whole = match.groups()
        yield "address", whole or f"{year}-{int(month):02}-{int(day):02}", "guessed"


def find_changes(tags: Tags, data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """What may be the date of this version, with its field, the best first."""
    yield "JSON-LD dateModified", data.get("dateModified")
    yield from ((f"meta {name}", value) for name, value in tags.stated("changed"))
