"""NITF → articles, after the IPTC's News Industry Text Format 3.x (2.x has the same names).

The text of an ``nitf`` element is its ``body.content``, without headline, byline and picture
captions. Its ids, dates, rights and notes to editors stand in ``docdata``, an earlier version in
``management-doc-idref``; who sent and who made it in ``distributor``, ``credit``, ``tagline``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.dates import DateBasis, first_date
from dedup.readers.markup import RunningText, element_to_text
from dedup.readers.provenance import Provenance, clean_list, one_line
from dedup.readers.values import without_by

NITF = "nitf"
COMMAS = re.compile(r"(?:\s*,)+\s*")
DATES: tuple[tuple[str, str, DateBasis], ...] = (  # element, attribute
    ("date.issue", "norm", "stated"),
    ("date.release", "norm", "stated"),
    ("story.date", "norm", "implied"),
    ("pubdata", "date.publication", "stated"),
)


def nitf_article(root: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The article in an ``nitf`` element; `InputError` if it has no text."""
    article = read_nitf(root, name, where)
    if not article.text.strip():
        raise InputError("no text: its body.content is empty")
    return article


def read_nitf(root: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The same, but its text may be empty."""
    text, links = read_body(root)
    ids = [*attributes_of(root, "id-string", "doc-id"), *attributes_of(root, "item-id", "pubdata")]
    published, dated_by, dated = first_date(
        (element, value, basis)
        for element, attribute, basis in DATES
        for value in attributes_of(root, attribute, element)
    )
    publishers = (
        *attributes_of(root, "name", "pubdata"),
        *texts_of(root, "distributor"),
        *attributes_of(root, "regsrc", "doc-id"),
        *attributes_of(root, "holder", "doc.copyright"),
        *attributes_of(root, "src-name", "from-src"),
    )
    holders = (
        " ".join(part for part in (node.get("year"), node.get("holder")) if part)
        for node in find_all(root, "doc.copyright")
    )
    owners = attributes_of(root, "owner", "doc.rights")
    rights = clean_list([*texts_of(root, "copyrite"), *holders, *owners])
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=clean_list(attributes_of(root, "management-doc-idref", "docdata")),
        also=clean_list([*ids[1:], *attributes_of(root, "key", "du-key")]),
        sources=clean_list(texts_of(root, "doc.source", "datasource")),
        provider=next(texts_of(root, "distributor"), None),
        credit=next(texts_of(root, "credit", "tagline"), None),
        rights=next(iter(rights), None),
        links=links,
        note=next(attributes_of(root, "info", "ed-msg"), None),
    )
    return Article(
        ids[0] if ids else name,
        text,
        title=next(texts_of(root, "hl1", "title"), None),
        publisher=next(iter(publishers), None),
        published=published,
        language=next(attributes_of(root, "lang", "body.content", "body", "nitf"), None)
        or next(attributes_of(root, "baselang", "nitf"), None),
        byline=next(map(read_byline, find_all(root, "byline")), None),
        extra=provenance.extra() | dict(where),
    )


def read_body(root: Any) -> tuple[str, tuple[str, ...]]:
    """The text of the body and the addresses in it, without pictures and their captions.

    The New York Times corpus has the lead a second time, in a block of its own.
    """
    content = next(find_all(root, "body.content"), None)
    if content is None:
        return "", ()
    require("lxml.etree", "xml").strip_elements(content, "{*}media", with_tail=False)
    whole = [node for node in find_all(content, "block") if node.get("class") == "full_text"]
    return element_to_text(whole[0] if whole else content)


def read_byline(node: Any) -> str | None:
    """The names in a byline, and behind a comma what they are: ``Ann Writer, Business Writer``."""
    for title in find_all(node, "byttl"):
        if title.text and (node.text or len(node) > 1):
            title.text = f", {title.text.strip(' ,')}"
    line = one_line("".join(node.itertext()))
    return COMMAS.sub(", ", without_by(line)).strip(" ,") or None if line else None


def find_all(root: Any, *names: str) -> Iterator[Any]:
    """The elements of these local names below `root` and itself, name after name."""
    for name in names:
        yield from root.iter(f"{{*}}{name}")


def texts_of(root: Any, *names: str) -> Iterator[str]:
    """The texts of the elements of these names, each on one line."""
    for node in find_all(root, *names):
        running = RunningText()
        for part in node.itertext():
            running.text(part)
        if line := one_line(running.result()[0]):
            yield line


def attributes_of(root: Any, attribute: str, *names: str) -> Iterator[str]:
    """The values of an attribute, whatever its namespace, of the elements of these names."""
    for node in find_all(root, *names):
        for key, value in node.attrib.items():
            if key.rpartition("}")[2] == attribute and (line := one_line(value)):
                yield line
