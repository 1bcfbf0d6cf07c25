"""IPTC ninjs → articles, in all its versions: 1.x, 2.x (lists, small letters), 3.x (camelCase).

Comes in: a record of JSON that is a ninjs item. Goes out: an article. Names are compared
without case, so the three versions differ only where one has a list (``bodies``,
``headlines``, ``altids``) for what another has in names (``body_text``, ``headline``). A body
in HTML becomes running text. ``infosources`` say where the report is from, ``altids`` further
ids of it, ``associations`` what goes with it: earlier versions and sources are taken from
them by their names; pictures are not. What is not taken stays in `Article.extra`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.fields import fold, moment
from dedup.readers.flow import fragment
from dedup.readers.provenance import (
    Provenance,
    Sure,
    first,
    host,
    is_earlier,
    is_source,
    line,
    several,
)

# One of these beside a ``uri`` makes a record a ninjs item.
SIGNS = frozenset(
    {"versioncreated", "representationtype", "bodies", "bodytext", "bodyxhtml", "bodyhtml"}
    | {"pubstatus", "headlines", "altids", "infosource", "infosources", "contentcreated"}
)
DATES: tuple[tuple[str, Sure], ...] = (
    ("versioncreated", "stated"),
    ("firstcreated", "implied"),
    ("contentcreated", "implied"),
)
MEDIA = frozenset({"picture", "graphic", "video", "audio", "image"})


def is_ninjs(record: Mapping[str, Any]) -> bool:
    """Whether a record of JSON is a ninjs item."""
    return "uri" in record and not SIGNS.isdisjoint(map(fold, record))


def ninjs_article(
    record: Mapping[str, Any], name: str, where: Mapping[str, Any]
) -> tuple[Article, str | None]:
    """The article in a ninjs item, and what could not be read of it; `InputError` if it has
    no text. `name` is its id where it has none, `where` goes into its ``extra``."""
    item = {fold(key): value for key, value in record.items()}
    text, links = _body(item)
    if not text.strip():
        kind = line(item.get("type"))
        raise InputError(f"no text: a ninjs item{f' of type {kind}' if kind else ''} without body")
    dates = ((name, sure, moment(item.get(name))) for name, sure in DATES)
    dated_by, dated, published = next((d for d in dates if d[2]), (None, None, None))
    uri = line(item.get("uri"))
    altids = list(_ids(item.get("altids")))
    related = list(_associations(item.get("associations")))
    sources = several(_names(first(item, "infosources", "infosource")))
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=several(
            [*(v for role, v in (*altids, *related) if is_earlier(role)),
             *_strings(item.get("evolvedfrom"))]
        ),
        based_on=several(v for role, v in (*altids, *related) if is_source(role)),
        also=several(
            v for role, v in altids if v != uri and not (is_earlier(role) or is_source(role))
        ),
        sources=sources,
        provider=next(iter(_names(first(item, "provider", "source"))), None),
        credit=line(item.get("creditline")),
        rights=line(first(item, "copyrightnotice", "copyrightholder", "usageterms")),
        links=links,
        note=line(item.get("ednote")),
    )  # fmt: skip
    taken = {"uri", "bodies", "headline", "headlines", "by", "byline", "language", "ednote"}
    rest = {k: v for k, v in record.items() if fold(k) not in taken and not _is_body(fold(k))}
    article = Article(
        uri or name,
        text,
        title=_headline(item),
        url=uri if host(uri) else None,
        publisher=provenance.provider or line(item.get("copyrightholder")) or (
            sources[0] if len(sources) == 1 else None
        ),
        published=published,
        language=line(item.get("language")),
        byline=line(first(item, "byline", "by")),
        extra=rest | provenance.extra() | dict(where),
    )  # fmt: skip
    undated = next((name for name, _ in DATES if item.get(name)), None)
    if published is None and undated:
        return article, f"{undated!r} is {item[undated]!r:.60}, which is no date; kept without one"
    return article, None


def _body(item: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The text and the addresses in it: the main body, of several the longest."""
    bodies: list[tuple[bool, str, str]] = []  # main, kind, text
    for part in item["bodies"] if isinstance(item.get("bodies"), list) else ():
        if isinstance(part, Mapping) and isinstance(part.get("value"), str):
            kind = next((str(v) for k, v in part.items() if fold(k) == "contenttype"), "")
            bodies.append((part.get("role") in (None, "main"), kind, part["value"]))
    for key, value in item.items():
        if _is_body(key) and isinstance(value, str):
            bodies.append((True, key, value))
    if not bodies:
        return "", ()
    best = max(bodies, key=lambda body: (body[0], len(fragment(body[2])[0])))
    markup = "html" in best[1].lower() or best[2].lstrip().startswith("<")
    return fragment(best[2]) if markup else (best[2], ())


def _is_body(key: str) -> bool:
    return key.startswith("body") and key != "bodies"


def _headline(item: Mapping[str, Any]) -> str | None:
    listed = [p for p in _list(item.get("headlines")) if isinstance(p, Mapping)]
    listed.sort(key=lambda part: part.get("role") not in (None, "main"))
    values = [part.get("value") for part in listed]
    values += [item.get(key) for key in ("headline", "headlinemain", "title", "name")]
    found = next((value for value in values if line(value)), None)
    return line(fragment(found)[0]) if isinstance(found, str) else None


def _ids(value: Any) -> Iterator[tuple[str, Any]]:
    """Role and value of the further ids, be they a list or a record."""
    if isinstance(value, Mapping):
        yield from ((str(role), one) for role, one in value.items())
    for part in _list(value):
        if isinstance(part, Mapping):
            yield str(part.get("role") or ""), first(part, "value", "uri", "id")
        else:
            yield "", part


def _associations(value: Any) -> Iterator[tuple[str, Any]]:
    """Role and id of the associated texts."""
    named = value.items() if isinstance(value, Mapping) else (
        (part.get("name") or part.get("role"), part)
        for part in _list(value) if isinstance(part, Mapping)
    )  # fmt: skip
    for role, part in named:
        if isinstance(part, Mapping) and part.get("type") not in MEDIA:
            yield str(role or ""), first(part, "uri", "guid", "href")


def _names(value: Any) -> Iterator[str]:
    for part in value if isinstance(value, list) else [value]:
        name = first(part, "name", "literal", "uri") if isinstance(part, Mapping) else part
        if told := line(name):
            yield told


def _strings(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
