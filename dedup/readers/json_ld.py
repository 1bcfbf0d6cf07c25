"""Structured data of a page (JSON-LD) → the record of its article, mended and followed.

Every second news page carries it, and few are without a fault: line breaks inside strings, commas
before a bracket, comments around it, entities as in HTML. Records refer to each other by ``@id``.
A page may describe other stories as well as its own: the article is the one at the page's
address, or one whose headline is the page's.

Schema.org's types: https://schema.org/Article
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any, NamedTuple

import orjson

from dedup.readers.provenance import bare_address, clean_list, one_line, strings_in

# The types that an article may have: "NewsArticle", ["Thing", "Report"] …
ARTICLE = re.compile("article|blogposting|report|newsitem|review", re.IGNORECASE)
PAGE = re.compile("webpage|itempage", re.IGNORECASE)
SITE = re.compile("website|organization", re.IGNORECASE)
MAX_DEPTH = 6
MAX_RECORDS = 2_000
# What stands around a block that is meant for older browsers or for XML.
AROUND = re.compile(
    r"^(?://\s{0,9})?(?:<!\[CDATA\[|<!--|/\*.{0,40}?\*/)\s{0,99}(?://\s{0,9}\n)?"
    r"|(?://\s{0,9}|/\*\s{0,9})?(?:\]\]>|-->)\s{0,9}(?:\*/)?[;\s]{0,9}$"
)
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
WORD = re.compile(r"\w+")
MIN_SHARED = 0.5  # of the words of a headline that the page's own title has, if they are one

Record = Mapping[str, Any]


class Structured(NamedTuple):
    """What the structured data of a page say: of its article, of the page and of the site, where
    each may be empty, and all that have an ``@id``, by it."""

    article: Record
    page: Record
    site: Record
    known: Mapping[str, Record]

    def names(self, value: Any, depth: int = 0) -> tuple[str, ...]:
        """The names of the persons or organisations that a value is, has or refers to."""
        if isinstance(value, str):
            if value in self.known and depth < MAX_DEPTH:
                return self.names(self.known[value], depth + 1)
            name = one_line(clean(value))
            return (name,) if name and "://" not in name else ()
        if isinstance(value, list) and depth < MAX_DEPTH:
            return clean_list(name for part in value for name in self.names(part, depth + 1))
        if isinstance(value, Mapping) and depth < MAX_DEPTH:
            if not value.get("name") and isinstance(value.get("@id"), str):
                return self.names(value["@id"], depth + 1) if value["@id"] in self.known else ()
            parts = (value.get(key) for key in ("givenName", "additionalName", "familyName"))
            full = " ".join(part for part in parts if isinstance(part, str))
            return self.names(value.get("name") or full, depth + 1)
        return ()


def read_structured(
    blocks: Sequence[Any], addresses: Sequence[str], titles: Sequence[str]
) -> Structured:
    """What the blocks of a page say; `addresses` and `titles` are what it says of itself
    elsewhere."""
    records = list(islice((r for block in blocks for r in nested_records(block)), MAX_RECORDS))
    pages = [record for record in records if is_a(record, PAGE)]
    sites = [record for record in records if is_a(record, SITE) and record.get("name")]
    known: dict[str, Record] = {}
    for name, record in (pair for block in blocks for pair in index_records(block)):
        known.setdefault(name, record)
    article = choose_article(records, addresses, titles)
    return Structured(article, next(iter(pages), {}), next(iter(sites), {}), known)


def parse_block(source: str) -> Any:
    """The value of a block of structured data, mended where it can be; None where it cannot."""
    source = AROUND.sub("", source.strip())
    for mended in (source, TRAILING_COMMA.sub("", source)):
        try:
            return orjson.loads(mended)
        except orjson.JSONDecodeError:
            pass
        try:
            return load_values(mended)
        except (ValueError, RecursionError):
            continue
    return None


def load_values(source: str) -> list[Any]:
    """The values that stand one after the other, with line breaks in their strings."""
    decoder, at = json.JSONDecoder(strict=False), 0
    values: list[Any] = []
    while at < len(source) and len(values) < MAX_DEPTH:
        value, at = decoder.raw_decode(source, at)
        values.append(value)
        at = len(source) - len(source[at:].lstrip(" \t\r\n,;"))
    return values


def nested_records(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The records in structured data, the outer ones first."""
    if isinstance(value, dict):
        yield value
        value = [value.get("@graph"), value.get("mainEntity"), value.get("mainEntityOfPage")]
    if isinstance(value, list) and depth < MAX_DEPTH:
        for part in value:
            yield from nested_records(part, depth + 1)


def index_records(value: Any, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records anywhere in structured data that have an ``@id`` and more, by it."""
    if isinstance(value, dict):
        if isinstance(value.get("@id"), str) and value.get("name"):
            yield value["@id"], value
        value = list(value.values())
    if isinstance(value, list) and depth < MAX_DEPTH:
        for part in value:
            if isinstance(part, dict | list):
                yield from index_records(part, depth + 1)


def is_a(record: Record, kind: "re.Pattern[str]") -> bool:
    """Whether a record is of a type."""
    return kind.search(str(record.get("@type"))) is not None


def choose_article(
    records: Sequence[Record], addresses: Sequence[str], titles: Sequence[str]
) -> Record:
    """The record of the page's own article; empty if there is none."""
    own = {bare_address(address) for address in addresses}
    possible: list[Record] = []
    for record in records:
        if not is_a(record, ARTICLE):
            continue
        named = {
            bare_address(address)
            for value in (record.get("url"), record.get("mainEntityOfPage"))
            for address in strings_in(value, "@id", "url")
            if "/" in bare_address(address)  # not the site as a whole
        }
        if named & own:
            return record
        if not (named and own) or shares_words(record, titles):
            possible.append(record)
    return next(iter(possible), {})


def shares_words(record: Record, titles: Sequence[str]) -> bool:
    """Whether the headline of a record is that of the page; so too where one of them has none."""
    headline = words_of(record.get("headline") or record.get("name"))
    pages = [words for title in titles if (words := words_of(title))]
    shared = max((len(headline & words) for words in pages), default=len(headline))
    return shared >= MIN_SHARED * len(headline)


def words_of(title: Any) -> set[str]:
    """The words of a headline."""
    return set(WORD.findall(clean(title).casefold())) if isinstance(title, str) else set()


def clean(text: str) -> str:
    """A string without the entities and tags of HTML, which structured data should not have."""
    if "&" in text:
        text = unescape(unescape(text))  # some are escaped twice
    return TAG.sub("", text) if "<" in text else text


def headline_of(record: Record, titles: Sequence[str]) -> str | None:
    """The headline of an article, or its name where that is what the page calls it."""
    headline, name = (
        one_line(clean(record.get(key) or "")) if isinstance(record.get(key), str) else None
        for key in ("headline", "name")
    )
    if name and headline and name != headline:
        called = [title for title in titles if name in title and headline not in title]
        return name if called else headline
    return headline or name
