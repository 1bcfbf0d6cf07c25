"""IPTC ninjs → articles, in all its versions: 1.x, 2.x (lists, small letters), 3.x (camelCase).

Names are compared without case, so the three versions differ only where one has a list
(``bodies``, ``headlines``, ``altids``) for what another has in names (``body_text``,
``headline``). A body in HTML becomes running text. ``infosources`` say where the report is
from, ``altids`` are further ids of it, ``associations`` are what goes with it: earlier versions
and sources are recognised among them by their names; pictures are left out. Fields that are
not used here stay in `Article.extra`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.fields import explain_undated, normalise_name, read_date
from dedup.readers.markup import html_to_text
from dedup.readers.provenance import (
    DateBasis,
    Metadata,
    Provenance,
    clean_list,
    first_value,
    host,
    is_earlier,
    is_source,
    one_line,
)

# One of these beside a ``uri`` makes a record a ninjs item.
SIGNS = frozenset(
    {"versioncreated", "representationtype", "bodies", "bodytext", "bodyxhtml", "bodyhtml"}
    | {"pubstatus", "headlines", "altids", "infosource", "infosources", "contentcreated"}
)
DATES: tuple[tuple[str, DateBasis], ...] = (
    ("versioncreated", "stated"),
    ("firstcreated", "implied"),
    ("contentcreated", "implied"),
)
USED = frozenset({"uri", "bodies", "headline", "headlines", "by", "byline", "language", "ednote"})
MEDIA = frozenset({"picture", "graphic", "video", "audio", "image"})


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a record of JSON is a ninjs item."""
    return "uri" in record and not SIGNS.isdisjoint(map(normalise_name, record))


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
    dates = ((name, basis, read_date(item.get(name))) for name, basis in DATES)
    dated_by, dated, published = next((d for d in dates if d[2]), (None, None, None))
    uri = one_line(item.get("uri"))
    altids = list(further_ids(item.get("altids")))
    related = [*altids, *associated_ids(item.get("associations"))]
    sources = clean_list(names_in(first_value(item, "infosources", "infosource")))
    evolved_from = item.get("evolvedfrom")
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=clean_list(
            [*(id for role, id in related if is_earlier(role)),
             *(evolved_from if isinstance(evolved_from, list) else [evolved_from])]
        ),
        based_on=clean_list(id for role, id in related if is_source(role)),
        also=clean_list(
            id for role, id in altids if id != uri and not (is_earlier(role) or is_source(role))
        ),
        sources=sources,
        provider=next(names_in(first_value(item, "provider", "source")), None),
        credit=one_line(item.get("creditline")),
        rights=one_line(first_value(item, "copyrightnotice", "copyrightholder", "usageterms")),
        links=links,
        note=one_line(item.get("ednote")),
    )  # fmt: skip
    metadata = Metadata(
        title=find_headline(item),
        byline=one_line(first_value(item, "byline", "by")),
        publisher=provenance.provider or one_line(item.get("copyrightholder")) or (
            sources[0] if len(sources) == 1 else None
        ),
        url=uri if host(uri) else None,
        published=published,
        language=one_line(item.get("language")),
        provenance=provenance,
    )  # fmt: skip
    rest = {
        key: value
        for key, value in record.items()
        if normalise_name(key) not in USED and not is_body(normalise_name(key))
    }
    extra = rest | provenance.extra() | dict(where)
    article = metadata.article(uri or name, text, (), extra)
    undated = None if published else next((name for name, _ in DATES if item.get(name)), None)
    return article, explain_undated(undated, item[undated]) if undated else None


def find_body(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The text and the addresses in it: the main body, of several the longest."""
    bodies: list[tuple[bool, str, str]] = []  # main, kind, text
    for part in item["bodies"] if isinstance(item.get("bodies"), list) else ():
        if isinstance(part, Mapping) and isinstance(part.get("value"), str):
            kind = next((str(v) for k, v in part.items() if normalise_name(k) == "contenttype"), "")
            bodies.append((part.get("role") in (None, "main"), kind, part["value"]))
    for key, value in item.items():
        if is_body(key) and isinstance(value, str):
            bodies.append((True, key, value))
    if not bodies:
        return "", ()
    best = max(bodies, key=lambda body: (body[0], len(html_to_text(body[2])[0])))
    markup = "html" in best[1].lower() or best[2].lstrip().startswith("<")
    return html_to_text(best[2]) if markup else (best[2], ())


def is_body(key: str) -> bool:
    return key.startswith("body") and key != "bodies"


def find_headline(item: Mapping[str, Any]) -> str | None:
    """The headline without markup: the main one, where there are several."""
    listed = [p for p in as_list(item.get("headlines")) if isinstance(p, Mapping)]
    listed.sort(key=lambda part: part.get("role") not in (None, "main"))
    values = [part.get("value") for part in listed]
    values += [item.get(key) for key in ("headline", "headlinemain", "title", "name")]
    headline = next((value for value in values if one_line(value)), None)
    return one_line(html_to_text(headline)[0]) if headline else None


def further_ids(value: Any) -> Iterator[tuple[str, Any]]:
    """Role and value of the further ids, be they a list or a record."""
    if isinstance(value, Mapping):
        yield from ((str(role), id) for role, id in value.items())
    for part in as_list(value):
        if isinstance(part, Mapping):
            yield str(part.get("role") or ""), first_value(part, "value", "uri", "id")
        else:
            yield "", part


def associated_ids(value: Any) -> Iterator[tuple[str, Any]]:
    """Role and id of the associated texts."""
    named = value.items() if isinstance(value, Mapping) else (
        (part.get("name") or part.get("role"), part)
        for part in as_list(value) if isinstance(part, Mapping)
    )  # fmt: skip
    for role, part in named:
        if isinstance(part, Mapping) and part.get("type") not in MEDIA:
            yield str(role or ""), first_value(part, "uri", "guid", "href")


def names_in(value: Any) -> Iterator[str]:
    """The name of an organisation, or those of several in a list."""
    for part in value if isinstance(value, list) else [value]:
        name = first_value(part, "name", "literal", "uri") if isinstance(part, Mapping) else part
        if line := one_line(name):
            yield line


def as_list(value: Any) -> list[Any]:
    """The value, if it is a list; else an empty one."""
    return value if isinstance(value, list) else []
