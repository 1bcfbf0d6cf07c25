"""IPTC ninjs → articles, in all its versions: 1.x, 2.x (lists, small letters), 3.x (camelCase).

Names are compared without case, so the versions differ only where one has a list (``bodies``,
``headlines``, ``altids``) for what another has in names (``body_text``, ``headline``). Earlier
versions and sources are recognised among ``altids`` (further ids of the item) and
``associations`` (what goes with it) by their names. Pictures are left out; fields that are not
used here stay in `Article.extra`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.broken import broken_to_text
from dedup.readers.dates import DateBasis, first_date
from dedup.readers.fields import explain_undated, normalise_name
from dedup.readers.markup import html_to_text
from dedup.readers.provenance import (
    Provenance,
    first_value,
    host,
    one_line,
    sort_by_role,
    strings_in,
)
from dedup.readers.services import nitf_content
from dedup.readers.values import byline_in

# One of these beside a ``uri``, or a ``guid`` as Superdesk has it, makes a record a ninjs item.
SIGNS = frozenset(
    {"versioncreated", "representationtype", "bodies", "bodytext", "bodyxhtml", "bodyhtml"}
    | {"pubstatus", "headlines", "altids", "infosource", "infosources", "contentcreated"}
)
DATES: dict[str, DateBasis] = {
    "versioncreated": "stated",
    "firstcreated": "implied",
    "contentcreated": "implied",
}
USED = frozenset(
    {"uri", "guid", "bodies", "headline", "headlines", "by", "byline", "language", "ednote"}
)
MARKUP = re.compile(r"<(?:[a-z/!]|h[1-6])", re.IGNORECASE)
MEDIA = frozenset({"picture", "graphic", "video", "audio", "image"})


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a record of JSON is a ninjs item."""
    return ("uri" in record or "guid" in record) and not SIGNS.isdisjoint(
        map(normalise_name, record)
    )


def ninjs_article(
    record: Mapping[str, Any], name: str, where: Mapping[str, Any]
) -> tuple[Article, str | None]:
    """The article in a ninjs item, and a message if its date could not be read.

    `name` is its id where it has none, `where` goes into its `extra`. Raises `InputError` if
    it has no text.
    """
    item = {normalise_name(key): value for key, value in record.items()}
    text, links = find_body(item)
    if not text.strip():
        kind = one_line(item.get("type"))
        raise InputError(f"no text: a ninjs item{f' of type {kind}' if kind else ''} without body")
    published, dated_by, dated = first_date(
        (name, item.get(name), basis) for name, basis in DATES.items()
    )
    uri = one_line(item.get("uri")) or one_line(item.get("guid"))
    altids = list(related_ids(item.get("altids"), "value", "uri", "id"))
    related = [*altids, *related_ids(item.get("associations"), "uri", "guid", "href")]
    related += (("evolved", id) for id in strings_in(item.get("evolvedfrom")))
    earlier, based_on, _ = sort_by_role(related)
    sources = strings_in(first_value(item, "infosources", "infosource"), "name", "literal", "uri")
    provider = strings_in(first_value(item, "provider", "source"), "name", "literal", "uri")
    owner = one_line(item.get("copyrightholder"))
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=earlier,
        based_on=based_on,
        also=tuple(id for id in sort_by_role(altids)[2] if id != uri),
        sources=sources,
        provider=next(iter(provider), None),
        credit=one_line(item.get("creditline")),
        rights=one_line(first_value(item, "copyrightnotice", "copyrightholder", "usageterms")),
        links=links,
        note=one_line(item.get("ednote")),
    )
    rest = {
        key: value
        for key, value in record.items()
        if not (normalise_name(key) in USED or is_body(normalise_name(key)))
    }
    article = Article(
        uri or name,
        text,
        title=find_headline(item),
        url=uri if host(uri) else None,
        publisher=provenance.provider or owner or (sources[0] if len(sources) == 1 else None),
        published=published,
        language=one_line(item.get("language")),
        byline=byline_in(one_line(first_value(item, "byline", "by"))),
        extra=rest | provenance.extra() | dict(where),
    )
    return article, None if published else explain_undated(item, DATES)


def find_body(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The text and the addresses in it: the main body, of several the longest."""
    bodies: list[tuple[bool, bool, str]] = []  # main, no NITF, text
    for part in records_in(item.get("bodies")):
        kind = next((str(v) for k, v in part.items() if normalise_name(k) == "contenttype"), "")
        if isinstance(value := part.get("value"), str):
            is_nitf = "nitf" in f"{kind} {part.get('role')}".lower()
            bodies.append((part.get("role") in (None, "main"), not is_nitf, value))
    bodies += [
        (True, "nitf" not in k, v) for k, v in item.items() if is_body(k) and isinstance(v, str)
    ]
    texts = [
        (main, plain, nitf_content(value), *broken_to_text(nitf_content(value)))
        for main, plain, value in bodies
    ]
    if not texts:
        return "", ()
    # Several forms of one body are about as long; the simpler one is the safer.
    longest = max(len(text) for *_, text, _ in texts)
    best = max(texts, key=lambda body: (body[0], len(body[3]) > longest / 2, body[1], len(body[3])))
    source, text, links = best[2], best[3], best[4]
    return (text, links) if MARKUP.search(source) else (source, ())


def is_body(key: str) -> bool:
    """Whether the field is a body by its name: ``body_text``, ``body_xhtml``."""
    return key.startswith("body")


def find_headline(item: Mapping[str, Any]) -> str | None:
    """The headline without markup: the main one, where there are several."""
    listed = records_in(item.get("headlines"))
    listed.sort(key=lambda part: part.get("role") not in (None, "main"))
    values = [part.get("value") for part in listed]
    values += [item.get(key) for key in ("headline", "headlinemain", "title", "name")]
    headline = next((value for value in values if one_line(value)), None)
    return one_line(html_to_text(headline)[0]) if headline else None


def related_ids(value: Any, *keys: str) -> Iterator[tuple[str, Any]]:
    """Role and id of what an item refers to: a record by roles, or a list of records and ids.

    The id of a record is the first of `keys` that it has.
    """
    entries: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        entries += value.items()
    elif isinstance(value, list):
        named = (first_value(p, "name", "role") if isinstance(p, Mapping) else "" for p in value)
        entries += zip(named, value, strict=True)
    for role, entry in entries:
        if not isinstance(entry, Mapping):
            yield str(role or ""), entry
        elif entry.get("type") not in MEDIA:
            yield str(role or ""), first_value(entry, *keys)


def records_in(value: Any) -> list[Mapping[str, Any]]:
    """The records in a list; none if it is no list."""
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []
