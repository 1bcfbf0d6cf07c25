"""XML → articles: which of the news formats it is, and a parser that a file cannot turn on us.

Comes in: an XML file. Its root element says what it is: RSS and Atom are read by `feeds`,
NewsML-G2 by `newsml`, NITF by `nitf` (alone, or inside NewsML 1 and other envelopes), XHTML by
`pages`. The latter three are parsed element by element, so that a message with a thousand
items takes the memory of one.

No entity is expanded, no DTD loaded and no address opened; elements nest to 256 levels and one
text may have 10 MB, which are libxml2's own limits. A file that declares entities is refused.
"""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import Any, BinaryIO

from dedup.errors import InputError
from dedup.extras import require
from dedup.readers import feeds, newsml, nitf, pages
from dedup.readers.encoding import mark_of
from dedup.readers.later import Deferred
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem

ENDINGS = frozenset({".xml", ".nitf", ".newsml", ".nml"})

HEAD = 8192  # bytes in which the root element and a declaration of entities are looked for
ROOT = re.compile(r"<(?![?!])(?:[\w.-]{1,60}:)?([\w.-]{1,60})")
ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
BEFORE_ROOT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
FEEDS = frozenset({"rss", "feed", "rdf"})


def root_of(head: bytes) -> str | None:
    """The local name of the root element of XML that begins like this, in small letters."""
    source = BEFORE_ROOT.sub("", head.decode(mark_of(head) or "utf-8", "ignore"))
    found = ROOT.search(source)
    return found.group(1).lower() if found else None


def read_xml(
    stream: BufferedReader, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found | Deferred]:
    """The articles in an XML file, whichever of the formats it is, and its problems."""
    head = stream.peek(HEAD)[:HEAD]
    root = root_of(head)
    if root in FEEDS:
        yield from feeds.read_feed(stream, path, name, options)
    elif root == "html":
        yield from pages.read_page(stream, path, name, options)
    elif not head:
        yield Problem(path, "empty: 0 bytes")
    else:
        yield from _items(stream, head, root, path, name)


def _items(
    stream: BinaryIO, head: bytes, root: str | None, path: str, name: str
) -> Iterator[Found | Deferred]:
    """The news items in a stream, each when its element ends."""
    if ENTITY.search(head.decode(mark_of(head) or "latin-1", "ignore")):
        yield Problem(path, "declares entities of its own (<!ENTITY), which are not expanded")
        return
    etree = require("lxml.etree", "xml")
    number, depth = 0, 0
    try:
        for event, node in etree.iterparse(
            stream,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        ):
            tag = node.tag.rpartition("}")[2]
            inside = tag in newsml.ITEMS or tag in nitf.ITEMS
            depth += inside if event == "start" else 0
            if event == "end" and inside:
                depth -= 1
                if depth == 0:
                    number += 1
                    where = {"path": path} if number == 1 else {"path": path, "item": number}
                    called = name if number == 1 else f"{name}:{number}"
                    yield _article(node, called, where)
            if event == "end" and depth == 0:
                _forget(node)
    except etree.XMLSyntaxError as error:
        yield Problem(path, f"not well-formed XML, the rest is lost: {error}")
        return
    if not number:
        yield Problem(path, f"XML with no news item in it: its root is <{root}>")


def _article(node: Any, name: str, where: dict[str, Any]) -> Found:
    place = f"{where['path']}:{node.sourceline}"
    read = newsml.item_article if node.tag.rpartition("}")[2] in newsml.ITEMS else nitf.nitf_article
    try:
        return read(node, name, where)
    except InputError as error:
        return Problem(place, str(error))


def _forget(node: Any) -> None:
    """Give back the memory of an element that is done, and of those before it."""
    node.clear(keep_tail=True)
    while node.getprevious() is not None:
        del node.getparent()[0]
