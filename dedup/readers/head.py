"""The head of a web page → what it says of itself, in the order in which it can be believed.

Comes in: the source of a page, and its address if that is known. Goes out: title, byline,
publisher, address, date, language and provenance, from schema.org data (JSON-LD), meta tags
(Open Graph, Dublin Core, news sites' own), links (canonical, licence) and, for a date that
nothing states, a ``time`` element or the address.

Tags are found wherever they stand by their names, not in a tree: both ways of taking the text
of a page need this, only one has a tree, and of a page's 100 KB only a few tags matter. It
does not read the text of the page, and follows no link.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import orjson

from dedup.readers.fields import moment
from dedup.readers.flow import attributes
from dedup.readers.provenance import (
    Provenance,
    Sure,
    addresses,
    credible,
    first,
    host,
    line,
    several,
)

TAG = re.compile(r"<(html|meta|link|title|script|time)\b", re.IGNORECASE)
INSIDE = re.compile(r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
INSIDE_PLAIN = re.compile(r"[^>]*+>")
ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("title", "script")}
MOST_TAGS = 5_000  # more than any page has that a person wrote
SAVED = re.compile(r"<!-- saved from url=\(\d+\)(\S+)")
SAVED_WITHIN = 1_000  # characters in which a browser leaves a word of where a page was saved
IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?:/|-|$)|/((?:19|20)\d{6})(?:/|-|$)"
)
# The types of schema.org that an article may have; "Article" within the name is enough.
ARTICLES = ("article", "blogposting", "report", "newsitem")
DEEPEST = 6

TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title")
BYLINES = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator",
           "dcterms.creator", "byl", "cxenseparse:author")  # fmt: skip
PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher")
PUBLISHED = ("article:published_time", "og:published_time", "datepublished", "article:published",
             "parsely-pub-date", "sailthru.date", "dcterms.issued", "dc.date.issued", "pubdate",
             "publishdate", "publish-date", "cxenseparse:recs:publishtime", "article.published",
             "citation_publication_date", "date", "dc.date", "dcterms.date")  # fmt: skip
CHANGED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says of its article, besides the text."""

    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: date | None = None
    language: str | None = None
    provenance: Provenance = field(default_factory=Provenance)
    body: str | None = None  # the text, as structured data have it


@dataclass(slots=True)
class _Tags:
    """The tags of a page that describe it."""

    language: str | None = None
    title: str | None = None
    metas: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)


def describe(source: str, url: str | None = None) -> Described:
    """What the page says of itself; `url` is where it was found."""
    tags = _tags(source)
    data = next(_articles(tags.data), {})
    canonical = next(iter(addresses(tags.links.get("canonical", ()))), None)
    given = (url, _saved_from(source), *tags.metas.get("og:url", ()), _address(data), canonical)
    own = next(iter(addresses(given)), None)
    elsewhere = canonical if canonical and host(canonical) != host(own) else None
    named = (data.get("isBasedOn"), data.get("citation"), tags.metas.get("original-source"))
    based_on = several(
        reference for value in (*named, elsewhere) for reference in _references(value)
    )
    published, dated_by, dated = _published(tags, data, own)
    return Described(
        title=line(data.get("headline")) or _meta(tags, *TITLES) or tags.title,
        byline=_name(first(data, "author", "creator")) or _byline(tags),
        publisher=_name(data.get("publisher")) or _meta(tags, *PUBLISHERS),
        url=own,
        published=published,
        language=line(data.get("inLanguage")) or tags.language or _meta(tags, "og:locale"),
        provenance=Provenance(
            dated_by=dated_by,
            dated=dated,
            canonical=canonical if canonical != own else None,
            based_on=tuple(one for one in based_on if one != own),
            sources=several(_names(data.get("sourceOrganization"))),
            provider=_name(data.get("provider")),
            credit=line(data.get("creditText")),
            rights=_rights(tags, data),
        ),
        body=data["articleBody"] if isinstance(data.get("articleBody"), str) else None,
    )


def _tags(source: str) -> _Tags:
    tags, inside, at = _Tags(), INSIDE, 0
    for _ in range(MOST_TAGS):
        found = TAG.search(source, at)
        if found is None:
            break
        match = inside.match(source, found.end())
        if match is None and inside is INSIDE:  # quotation marks that do not close
            inside = INSIDE_PLAIN
            match = inside.match(source, found.end())
        if match is None:
            break
        name, given = found.group(1).lower(), attributes(match.group()[:-1])
        at = match.end()
        if name in ENDS:
            end = ENDS[name].search(source, at)
            if end is None:
                break
            _keep_content(tags, name, given, source[at : end.start()])
            at = end.start()
        elif name == "html":
            tags.language = tags.language or line(given.get("lang") or given.get("xml:lang"))
        elif name == "time":
            tags.times += [given["datetime"]] if given.get("datetime") else []
        elif name == "meta":
            key = (
                given.get("property") or given.get("name") or given.get("itemprop") or ""
            ).lower()
            tags.metas.setdefault(key, []).append(given.get("content", ""))
        else:
            for relation in given.get("rel", "").lower().split():
                tags.links.setdefault(relation, []).append(given.get("href", ""))
    return tags


def _keep_content(tags: _Tags, name: str, given: dict[str, str], content: str) -> None:
    if name == "title":
        tags.title = tags.title or line(unescape(content))
    elif "ld+json" in given.get("type", "").lower():
        try:
            value = orjson.loads(content.strip().removeprefix("<![CDATA[").removesuffix("]]>"))
        except orjson.JSONDecodeError:
            return
        tags.data.extend(_records(value, 0))


def _records(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The records in a value, the outer ones first."""
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for part in (value.get("@graph"), value.get("mainEntity")):
            yield from _records(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            yield from _records(part, depth + 1)


def _articles(data: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for record in data:
        kinds = record.get("@type")
        names = kinds if isinstance(kinds, list) else [kinds]
        if any(kind in str(name).lower() for name in names for kind in ARTICLES):
            yield record


def _meta(tags: _Tags, *names: str) -> str | None:
    return next((value for n in names for v in tags.metas.get(n, ()) if (value := line(v))), None)


def _byline(tags: _Tags) -> str | None:
    """The author; some sites give the address of a profile, which is no name."""
    found = (line(v) for n in BYLINES for v in tags.metas.get(n, ()))
    return next((name for name in found if name and "://" not in name), None)


def _name(value: Any) -> str | None:
    return ", ".join(_names(value)) or None


def _names(value: Any) -> tuple[str, ...]:
    """The name in a value, or those in a list: strings, or records with a name."""
    parts = value if isinstance(value, list) else [value]
    names = (part.get("name") if isinstance(part, dict) else part for part in parts)
    return several(name for name in names if isinstance(name, str) and "://" not in name)


def _references(value: Any) -> tuple[str, ...]:
    """The addresses, or else the names, of what a value refers to."""
    parts = value if isinstance(value, list) else [value]
    keys = ("url", "@id", "sameAs", "name", "headline")
    return several(first(part, *keys) if isinstance(part, dict) else part for part in parts)


def _address(data: dict[str, Any]) -> str | None:
    page = first(data, "url", "mainEntityOfPage")
    return next(iter(addresses(_references(page))), None)


def _saved_from(source: str) -> str | None:
    found = SAVED.search(source[:SAVED_WITHIN])
    return next(iter(addresses([found.group(1)])), None) if found else None


def _rights(tags: _Tags, data: dict[str, Any]) -> str | None:
    stated = line(data.get("copyrightNotice")) or _name(data.get("copyrightHolder"))
    licence = tags.links.get("license") or _references(data.get("license"))
    return stated or _meta(tags, "copyright", "dc.rights", "rights") or next(iter(licence), None)


def _published(
    tags: _Tags, data: dict[str, Any], url: str | None
) -> tuple[date | None, str | None, Sure | None]:
    """The date, what it comes from and how sure it is."""
    stated = [("JSON-LD datePublished", data.get("datePublished"))]
    stated += [(f"meta {n}", value) for n in PUBLISHED for value in tags.metas.get(n, ())]
    implied = [("JSON-LD dateCreated", data.get("dateCreated"))]
    implied += [("time element", value) for value in tags.times[:1]]
    implied += [("JSON-LD dateModified", data.get("dateModified"))]
    implied += [(f"meta {n}", value) for n in CHANGED for value in tags.metas.get(n, ())]
    both: tuple[tuple[Sure, list[tuple[str, Any]]], ...] = (
        ("stated", stated),
        ("implied", implied),
    )
    for sure, dates in both:
        for name, value in dates:
            if found := credible(moment(value)):
                return found, name, sure
    match = IN_ADDRESS.search(url or "")
    if match:
        year, month, day, whole = match.groups()
        if found := credible(moment(whole or f"{year}-{int(month):02}-{int(day):02}")):
            return found, "address", "guessed"
    return None, None, None
