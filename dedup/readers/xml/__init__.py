"""XML → articles: which of the news formats it is, and a parser that no file can turn on us.

The root element says what a file is: RSS or Atom (`feeds`), NewsML-G2 (`newsml`), NITF (`nitf`,
alone or in another envelope) or XHTML (`html`). News items are parsed one by one, so that a
message with a thousand takes the memory of one. No entity is expanded, no DTD loaded and no
address opened; libxml2's own limits hold for depth (256) and length of a text (10 MB).
"""

import re
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO

from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.decode import marked_encoding
from dedup.readers.deferred import Unresolved
from dedup.readers.feeds import OWN_ENTITIES, read_feed
from dedup.readers.html import read_page
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem
from dedup.readers.xml.newsml import NEWSML_ITEMS, newsml_article
from dedup.readers.xml.nitf import NITF, nitf_article

MAX_HEAD = 8192  # bytes in which the root element and a declaration of entities are looked for
ROOT = re.compile(r"<(?![?!])(?:[\w.-]{1,60}:)?([\w.-]{1,60})")
ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
BEFORE_ROOT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
FEEDS = frozenset({"rss", "feed", "rdf"})
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
        "remove_comments": True, "remove_pis": True}  # fmt: skip


def read_xml(
    stream: BufferedReader, path: str, name: str, options: Options
) -> Iterator[Unresolved]:
    """The articles in an XML file, whichever of the formats it is, and its problems."""
    head = stream.peek(MAX_HEAD)[:MAX_HEAD]
    if not head:
        raise InputError("empty: 0 bytes")
    root = ROOT.search(BEFORE_ROOT.sub("", head.decode(marked_encoding(head) or "utf-8", "ignore")))
    kind = root.group(1).lower() if root else ""
    if kind in FEEDS:
        yield from read_feed(stream, path, name, options)
    elif kind == "html":
        yield from read_page(stream, path, name, options)
    elif ENTITY.search(head.decode(marked_encoding(head) or "latin-1", "ignore")):
        raise InputError(OWN_ENTITIES)
    else:
        yield from read_items(stream, kind, path, name)


def read_items(stream: BinaryIO, root: str, path: str, name: str) -> Iterator[Outcome]:
    """The news items in a stream, each when its element ends."""
    etree = require("lxml.etree", "xml")
    number = depth = 0
    try:
        for event, node in etree.iterparse(stream, events=("start", "end"), **SAFE):
            tag = node.tag.rpartition("}")[2]
            is_item = tag in NEWSML_ITEMS or tag == NITF
            if is_item:
                depth += 1 if event == "start" else -1
            if event == "start" or depth:
                continue
            if is_item:
                number += 1
                where = {"path": path} | ({"item": number} if number > 1 else {})
                own_name = f"{name}:{number}" if number > 1 else name
                make_article = nitf_article if tag == NITF else newsml_article
                try:
                    yield make_article(node, own_name, where)
                except InputError as error:
                    yield Problem(f"{path}:{node.sourceline}", str(error))
            # Give back its memory, and that of those before it.
            node.clear(keep_tail=True)
            while node.getprevious() is not None:
                del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        yield Problem(path, f"not well-formed XML, the rest is skipped: {error}")
        return
    if not number:
        what = f"XML without a news item (its root is <{root}>); "
        yield Problem(path, f"{what}NewsML-G2, NITF, RSS, Atom and XHTML are read")
