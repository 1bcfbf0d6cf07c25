"""XML → articles: which of the news formats it is, and a parser that no file can turn on us.

The root element says what a file is: RSS or Atom (`feeds`), NewsML-G2 and NewsML 1 (`newsml`), NITF
(`nitf`, alone or in another envelope), XHTML (`saved`), or one of those whose items are records
(`records`: Factiva, RCV1, TEI, trafilatura, MediaWiki). Items are parsed one by one, so that a
message with a thousand takes the memory of one. No entity is expanded, no DTD loaded and no address
opened; libxml2's own limits hold for depth (256) and length of a text (10 MB).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.decode import marked_encoding, page_encoding
from dedup.readers.deferred import Unresolved
from dedup.readers.feeds import OWN_ENTITIES, read_feed
from dedup.readers.options import Options
from dedup.readers.problem import Outcome, Problem, problem_from
from dedup.readers.saved import read_html
from dedup.readers.xml.newsml import NEWSML_ITEMS, newsml1_article, newsml_article
from dedup.readers.xml.nitf import NITF, nitf_article
from dedup.readers.xml.records import RECORDS
from dedup.readers.xml.safe import SAFE

MAX_HEAD = 8192  # bytes in which the root element and a declaration of entities are looked for
MAX_CHECKED = 50_000_000  # bytes of a file whose encoding is compared with what it declares
ROOT = re.compile(r"<(?![?!])(?:[\w.-]{1,60}:)?([\w.-]{1,60})")
ENTITY = re.compile(r"<!ENTITY\s", re.IGNORECASE)
BEFORE_ROOT = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
DECLARED = re.compile(rb"<\?xml[^>]{0,100}?\sencoding\s*=\s*[\"']([\w.:-]{1,40})")
FEEDS = frozenset({"rss", "feed", "rdf"})

Make = Callable[[Any, str, Mapping[str, Any]], "Article | list[Outcome]"]
ITEMS: Mapping[str, Make] = dict.fromkeys(NEWSML_ITEMS, newsml_article) | {
    NITF: nitf_article,
    "NewsItem": newsml1_article,
}


class Rejoined:
    """A stream whose first bytes were read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = BytesIO(first), rest

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, none at the end."""
        return self._first.read(size) or self._rest.read(size)


def read_xml(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The articles in an XML file, whichever of the formats it is, and its problems."""
    data = stream.read(MAX_CHECKED)
    head = data[:MAX_HEAD]
    if not head:
        raise InputError("empty: 0 bytes")
    source = head.decode(marked_encoding(head) or "utf-8", "ignore")
    root = ROOT.search(BEFORE_ROOT.sub("", source))
    kind = root.group(1) if root else ""
    whole: Any = Rejoined(data, stream)
    if kind.lower() in FEEDS:
        yield from read_feed(whole, path, name, options)
    elif kind.lower() == "html":
        yield from read_html(whole, path, name, options)
    elif ENTITY.search(head.decode(marked_encoding(head) or "latin-1", "ignore")):
        raise InputError(OWN_ENTITIES)
    else:
        makers = RECORDS.get(kind, ITEMS)
        yield from read_items(whole, true_encoding(data), makers, kind, path, name)


def true_encoding(data: bytes) -> str | None:
    """The encoding of a file that declares another one, or none and is not UTF-8; else None.

    >>> true_encoding('<?xml version="1.0" encoding="iso-8859-1"?><p>Zürich</p>'.encode())
    'utf-8'
    """
    declared = DECLARED.match(data)
    label = page_encoding(declared.group(1).decode("ascii")) if declared else "utf-8"
    if data.isascii() or marked_encoding(data):
        return None
    try:
        data[: data.rfind(b">") + 1].decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252" if label in ("utf-8", None) else None
    return None if label == "utf-8" else "utf-8"


def read_items(
    stream: BinaryIO,
    encoding: str | None,
    makers: Mapping[str, Make],
    root: str,
    path: str,
    name: str,
) -> Iterator[Outcome]:
    """The items in a stream, each when its element ends."""
    etree = require("lxml.etree", "xml")
    number = depth = 0
    events = etree.iterparse(stream, events=("start", "end"), encoding=encoding, **SAFE)
    try:
        for event, node in events:
            tag = node.tag.rpartition("}")[2]
            is_item = tag in makers
            if is_item:
                depth += 1 if event == "start" else -1
            if event == "start" or depth:
                continue
            if is_item:
                number += 1
                where = {"path": path} | ({"item": number} if number > 1 else {})
                own_name = f"{name}:{number}" if number > 1 else name
                place = f"{path}:{node.sourceline}"
                try:
                    made = makers[tag](node, own_name, where)
                except Exception as error:  # of an item, which costs no other
                    made = [problem_from(error, place, "XML")]
                yield from made if isinstance(made, list) else [made]
            # Give back its memory, and that of those before it.
            node.clear(keep_tail=True)
            while node.getprevious() is not None:
                del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        yield Problem(path, f"not well-formed XML, the rest is skipped: {error}")
        return
    if not number:
        what = f"XML without a news item (its root is <{root}>); "
        yield Problem(path, f"{what}NewsML, NITF, RSS, Atom, TEI and XHTML are read")
