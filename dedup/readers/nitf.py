"""NITF → articles, after the IPTC's News Industry Text Format 3.x (2.x has the same names).

Comes in: an ``nitf`` element, alone or in an envelope. Goes out: an article. Its text is
``body.content``, without headline and byline; picture captions stay out. ``docdata`` says what
it is: ``doc-id`` and ``date.issue`` name it and date it, ``ed-msg`` tells editors what changed,
``management-doc-idref`` points to an earlier version, ``du-key`` is what all its versions share,
``doc.copyright`` and ``doc.rights`` name owners; ``distributor`` sent it, ``credit`` and
``tagline`` say who made it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.fields import moment
from dedup.readers.flow import Flow, element
from dedup.readers.head import Described
from dedup.readers.pages import article_from
from dedup.readers.provenance import Provenance, Sure, line, several

ITEMS = frozenset({"nitf"})
BY = re.compile(r"^by\s+", re.IGNORECASE)
DATES: tuple[tuple[str, Sure], ...] = (
    ("date.issue", "stated"),
    ("date.release", "stated"),
    ("story.date", "implied"),
)


def nitf_article(root: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The article in an ``nitf`` element; `InputError` if it has no text."""
    described, text, links = read_nitf(root)
    if not text.strip():
        raise InputError("no text: its body.content is empty")
    identity = next(iter(ids(root)), None)
    extra = described.provenance.extra() | ({"links": links} if links else {})
    return article_from(described, identity or name, text, extra | dict(where))


def read_nitf(root: Any) -> tuple[Described, str, tuple[str, ...]]:
    """What an ``nitf`` element says, its text and the addresses that this links to."""
    text, links = body_text(root)
    published, dated_by, dated = _published(root)
    own = tuple(ids(root))
    described = Described(
        title=next(words(root, "hl1"), None) or next(words(root, "title"), None),
        byline=BY.sub("", next(words(root, "byline"), "")) or None,
        publisher=_publisher(root),
        published=published,
        language=next(attribute(root, ("body.content", "body", "nitf"), "lang"), None),
        provenance=Provenance(
            dated_by=dated_by,
            dated=dated,
            earlier=several(attribute(root, ("docdata",), "management-doc-idref")),
            also=several([*own[1:], *attribute(root, ("du-key",), "key")]),
            sources=several(words(root, "doc.source", "datasource")),
            provider=next(words(root, "distributor"), None),
            credit=next(words(root, "credit", "tagline"), None),
            rights=_rights(root),
            note=next(attribute(root, ("ed-msg",), "info"), None),
        ),
    )  # fmt: skip
    return described, text, links


def ids(root: Any) -> Iterator[str]:
    """The ids that an item gives itself, the surest first."""
    yield from attribute(root, ("doc-id",), "id-string")
    yield from attribute(root, ("pubdata",), "item-id")


def body_text(root: Any) -> tuple[str, tuple[str, ...]]:
    """The text of ``body.content`` without pictures, and the addresses that it links to."""
    content = next(named(root, "body.content"), None)
    if content is None:
        return "", ()
    for media in list(named(content, "media")):
        _cut(media)
    text, links = element(content)
    return text, links


def named(root: Any, *names: str) -> Iterator[Any]:
    """The elements of these local names below `root` and itself, name after name."""
    for name in names:
        yield from root.iter(f"{{*}}{name}")


def words(root: Any, *names: str) -> Iterator[str]:
    """What stands in the elements of these names, each on one line."""
    for node in named(root, *names):
        flow = Flow()
        for part in node.itertext():
            flow.text(part)
        if told := line(flow.result()[0]):
            yield told


def attribute(root: Any, names: Iterable[str], wanted: str) -> Iterator[str]:
    """The values of an attribute, whatever its namespace, of the elements of these names."""
    for node in named(root, *names):
        for key, value in node.attrib.items():
            if key.rpartition("}")[2] == wanted and (told := line(value)):
                yield told


def _published(root: Any) -> tuple[date | None, str | None, Sure | None]:
    for name, sure in DATES:
        for value in attribute(root, (name,), "norm"):
            if found := moment(value):
                return found, name, sure
    for value in attribute(root, ("pubdata",), "date.publication"):
        if found := moment(value):
            return found, "pubdata", "stated"
    return None, None, None


def _publisher(root: Any) -> str | None:
    stated = (
        *attribute(root, ("pubdata",), "name"),
        *words(root, "distributor"),
        *attribute(root, ("doc-id",), "regsrc"),
    )
    return next(iter(stated), None)


def _rights(root: Any) -> str | None:
    holders = [
        " ".join(part for part in (node.get("year"), node.get("holder")) if part)
        for node in named(root, "doc.copyright")
    ]
    owners = attribute(root, ("doc.rights",), "owner")
    return next(iter(several([*words(root, "copyrite"), *holders, *owners])), None)


def _cut(node: Any) -> None:
    """Take an element out of its tree and leave what stands behind it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
