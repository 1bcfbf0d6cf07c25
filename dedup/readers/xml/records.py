"""XML whose items are like records → articles: each field an element or an attribute.

Factiva's answers, Reuters Corpus Volume 1, TEI and XML as trafilatura writes them, and dumps of
MediaWiki (Wikinews). What is which field is a table of paths; `fields` makes the article.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from dedup.errors import InputError
from dedup.readers.dates import read_date
from dedup.readers.fields import make_article, read_record
from dedup.readers.markup import element_to_text
from dedup.readers.problem import Outcome
from dedup.readers.provenance import one_line
from dedup.readers.xml.wikitext import wikitext_to_text

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# The template in which pages of Wikinews have their date.
SHOWN_DATE = re.compile(
    r"\{\{\s{0,9}(?:date|byline|datum|fecha|data)\s{0,9}\|(?:\s{0,9}date\s{0,9}=)?([^|{}]{4,40})",
    re.I,
)

Record = dict[str, Any]


def find(item: Any, path: str) -> Any:
    """The first element at a path of local names below an item; None where there is none."""
    nodes = [item]
    for name in path.split("/"):
        nodes = [child for node in nodes for child in node if local_name(child) == name]
    return nodes[0] if nodes else None


def local_name(node: Any) -> str:
    """The name of an element without its namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def line_at(item: Any, *paths: str) -> str | None:
    """The text of the first of these paths that has one, on one line; ``path@name`` for an
    attribute."""
    for path in paths:
        path, _, attribute = path.partition("@")
        node = find(item, path) if path else item
        if node is not None:
            text = node.get(attribute) if attribute else "".join(node.itertext())
            if line := one_line(text):
                return line
    return None


def paragraphs_in(nodes: Iterable[Any]) -> str:
    """The paragraphs of elements, each on its own."""
    return "\n\n".join(text for node in nodes if (text := element_to_text(node)[0]))


def factiva(item: Any) -> Record:
    """An article of a Factiva answer: its lead and its tail are the text."""
    parts = (find(item, part) for part in ("leadParagraph", "tailParagraphs"))
    nodes = [node for part in parts if part is not None for node in part]
    return {
        "id": line_at(item, "accessionNo"),
        "title": line_at(item, "headline"),
        "byline": line_at(item, "byline"),
        "publisher": line_at(item, "sourceName", "publisherName"),
        "date": line_at(
            item, "publicationDate/dateTime", "publicationDate/date", "publicationDate"
        ),
        "language": (line_at(item, "baseLanguage") or "").lower(),
        "rights": line_at(item, "copyright"),
        "length": line_at(item, "wordCount"),
        "archive": "Factiva",
        "text": paragraphs_in(nodes),
    }


def reuters_volume(item: Any) -> Record:
    """A story of Reuters Corpus Volume 1 or 2."""
    node = find(item, "text")
    return {
        "id": item.get("itemid"),
        "title": line_at(item, "headline", "title"),
        "byline": line_at(item, "byline"),
        "publisher": "Reuters",
        "date": item.get("date"),
        "language": item.get(LANGUAGE),
        "dateline": line_at(item, "dateline"),
        "rights": line_at(item, "copyright"),
        "text": paragraphs_in(node if node is not None else ()),
    }


def tei(item: Any) -> Record:
    """A TEI document, as trafilatura and libraries of newspapers write it."""
    head = find(item, "teiHeader")
    header = head if head is not None else item
    body = find(item, "text/body")
    source = "fileDesc/sourceDesc/biblFull"
    texts = [n for n in body if n.get("type") != "comments"] if body is not None else []
    return {
        "title": line_at(header, "fileDesc/titleStmt/title", f"{source}/titleStmt/title"),
        "byline": line_at(header, "fileDesc/titleStmt/author", f"{source}/titleStmt/author"),
        "publisher": line_at(header, f"{source}/publicationStmt/publisher"),
        "date": line_at(header, f"{source}/publicationStmt/date", "fileDesc/publicationStmt/date"),
        "url": line_at(header, f"{source}/publicationStmt/ptr@target"),
        "language": line_at(header, "profileDesc/langUsage/language@ident"),
        "text": paragraphs_in(texts),
    }


def trafilatura(item: Any) -> Record:
    """A document as trafilatura writes it as XML."""
    main = find(item, "main")
    attributes = dict(item.attrib)
    return {
        "title": attributes.get("title"),
        "byline": attributes.get("author"),
        "publisher": attributes.get("sitename") or attributes.get("hostname"),
        "date": attributes.get("date"),
        "url": attributes.get("source") or attributes.get("url"),
        "language": attributes.get("language"),
        "text": element_to_text(main)[0] if main is not None else "",
    }


def wiki_site(item: Any) -> Record:
    """What a dump of MediaWiki says of its site is kept at its root, for all of its pages."""
    root = item.getparent()
    for name in ("sitename", "base"):
        root.set(name, line_at(item, name) or "")
    return {}


def wiki_page(item: Any) -> Record:
    """A page of a dump of MediaWiki; of several versions the last. Its date is the one that it
    shows, else that of the version."""
    if line_at(item, "ns") not in (None, "0") or find(item, "redirect") is not None:
        return {}
    versions = [child for child in item if local_name(child) == "revision"]
    source = "".join(find(versions[-1], "text").itertext()) if versions else ""
    root, title = item.getparent(), line_at(item, "title") or ""
    base, shown = root.get("base") or "", SHOWN_DATE.search(source)
    return {
        "id": line_at(item, "id"),
        "title": title,
        "url": f"{base.rpartition('/')[0]}/{quote(title.replace(' ', '_'))}" if base else None,
        "publisher": root.get("sitename"),
        "language": root.get(LANGUAGE),
        "date": shown[1] if shown and read_date(shown[1]) else None,
        "timestamp": line_at(versions[-1], "timestamp") if versions else None,
        "text": wikitext_to_text(source),
    }


def make(
    read: Callable[[Any], Record], item: Any, name: str, where: Mapping[str, Any]
) -> list[Outcome]:
    """The article in an item and what is wrong with it; none where it is no article."""
    record = {key: value for key, value in read(item).items() if value}
    if not record:
        return []
    place = f"{where['path']}:{item.sourceline}"
    if not record.get("text"):
        raise InputError("no text in this item")
    return read_record(partial(make_article, record, name, where, {}), place)


# The items in a file, by the name of its root.
RECORDS = {
    "PPSResponse": {"article": partial(make, factiva)},
    "ppsArticleResponse": {"article": partial(make, factiva)},
    "newsitem": {"newsitem": partial(make, reuters_volume)},
    "TEI": {"TEI": partial(make, tei)},
    "TEI.2": {"TEI.2": partial(make, tei)},
    "teiCorpus": {"TEI": partial(make, tei)},
    "doc": {"doc": partial(make, trafilatura)},
    "mediawiki": {"siteinfo": partial(make, wiki_site), "page": partial(make, wiki_page)},
}
