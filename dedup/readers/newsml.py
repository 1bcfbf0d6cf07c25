"""NewsML-G2 → articles, after the IPTC's standard (namespace http://iptc.org/std/nar/2006-10-01/).

Comes in: a ``newsItem`` element, alone or in a ``newsMessage``. Goes out: an article. The text
stands in ``contentSet``: NITF or XHTML in ``inlineXML``, or plain text in ``inlineData``.
``itemMeta`` dates this version and says who provides it and what it links to, ``contentMeta``
what it tells and from which ``infoSource``; ``hopHistory`` lists through whose hands it went
and what each did. Codes (``nprov:reuters``) are kept where there is no name: a catalogue that
would resolve them is an address, and none is opened.

Package, concept and planning items hold no text and are problems that say so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.fields import moment
from dedup.readers.flow import element, fragment
from dedup.readers.head import Described
from dedup.readers.nitf import named, read_nitf, words
from dedup.readers.pages import article_from
from dedup.readers.provenance import Provenance, Sure, is_earlier, is_source, line, several

ITEMS = frozenset({"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"})

DATES: tuple[tuple[str, str, Sure], ...] = (
    ("itemMeta", "versionCreated", "stated"),
    ("itemMeta", "firstCreated", "implied"),
    ("contentMeta", "contentModified", "implied"),
    ("contentMeta", "contentCreated", "implied"),
)


def item_article(item: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The article in an item; `InputError` if it has no text."""
    kind = item.tag.rpartition("}")[2]
    if kind != "newsItem":
        raise InputError(f"a {kind}, which has no text of its own")
    inner, text, links = _content(item)
    if not text.strip():
        media = next((code(node) for node in named(item, "itemClass")), None)
        raise InputError(f"no text in this newsItem{f' ({media})' if media else ''}")
    published, dated_by, dated = next(_dates(item), (None, None, None))
    guid = line(item.get("guid"))
    references = [
        (_relation(node), line(node.get("residref")) or line(node.get("href")))
        for node in _inside(item, "itemMeta", "link")
    ]
    own = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=several(ref for relation, ref in references if is_earlier(relation)),
        based_on=several(ref for relation, ref in references if is_source(relation)),
        also=several([*words(item, "altId"), *inner.provenance.also]),
        sources=several([*map(called, named(item, "infoSource")), *inner.provenance.sources]),
        provider=next((called(node) for node in _inside(item, "itemMeta", "provider")), None),
        credit=next(words(item, "creditline"), None) or inner.provenance.credit,
        rights=_rights(item) or inner.provenance.rights,
        hops=several(_hop(node) for node in named(item, "hop")),
        note=next(words(item, "edNote"), None) or inner.provenance.note,
    )
    version = line(item.get("version"))
    extra = own.extra() | ({"links": links} if links else {})
    described = Described(
        title=next(words(item, "headline"), None) or inner.title,
        byline=next(words(item, "by"), None)
        or inner.byline
        or ", ".join(called(node) or "" for node in _inside(item, "contentMeta", "creator"))
        or None,
        publisher=own.provider or inner.publisher,
        url=next((url for url in map(_page, _inside(item, "itemMeta", "link")) if url), None),
        published=published or inner.published,
        language=_language(item) or inner.language,
    )
    extra |= {"version": version} if version else {}
    return article_from(described, guid or name, text, extra | dict(where))


def called(node: Any) -> str | None:
    """The name of a party, else its code without the scheme, else its address."""
    name = next(words(node, "name"), None) or line(node.get("literal"))
    return name or code(node) or line(node.get("uri")) or line("".join(node.itertext()))


def code(node: Any) -> str | None:
    """The code of a party or a class without its scheme: ``nprov:AP`` is ``AP``."""
    qcode = line(node.get("qcode"))
    return qcode.partition(":")[2] or qcode if qcode else None


def _content(item: Any) -> tuple[Described, str, tuple[str, ...]]:
    """What the content says besides the item, its text and the addresses in it."""
    for inline in named(item, "inlineXML"):
        root = next(named(inline, "nitf"), None)
        if root is not None:
            return read_nitf(root)
        page = next(named(inline, "body"), None)
        text, links = element(page if page is not None else inline)
        if text:
            return Described(), text, links
    for data in named(item, "inlineData"):
        source, kind = "".join(data.itertext()), (data.get("contenttype") or "").lower()
        if source.strip() and not data.get("encoding"):
            text, links = fragment(source) if "html" in kind else (source.strip("\r\n"), ())
            return Described(), text, links
    return Described(), "", ()


def _dates(item: Any) -> Iterator[tuple[Any, str, Sure]]:
    for place, name, sure in DATES:
        for node in _inside(item, place, name):
            if found := moment((node.text or "").strip()):
                yield found, name, sure


def _inside(item: Any, place: str, name: str) -> Iterator[Any]:
    for part in named(item, place):
        yield from named(part, name)


def _relation(link: Any) -> str:
    """What a link says that it is, in small letters without its scheme."""
    given = line(link.get("rel")) or line(link.get("reluri")) or ""
    return given.rpartition(":")[2].rpartition("/")[2].lower()


def _page(link: Any) -> str | None:
    """The address of a link that leads to the item's own page."""
    return line(link.get("href")) if _relation(link) in ("canonical", "sameas", "webpage") else None


def _language(item: Any) -> str | None:
    stated = (line(node.get("tag")) for node in _inside(item, "contentMeta", "language"))
    inherited = line(item.get("{http://www.w3.org/XML/1998/namespace}lang"))
    return next((tag for tag in stated if tag), inherited)


def _rights(item: Any) -> str | None:
    notice = next(words(item, "copyrightNotice"), None)
    return notice or next((called(node) for node in named(item, "copyrightHolder")), None)


def _hop(hop: Any) -> str | None:
    """A hop in words: who, when, what."""
    party = next((called(node) for node in named(hop, "party")), None)
    acts = [
        " ".join(
            part for part in (code(node), (node.get("target") or "").partition(":")[2]) if part
        )
        for node in named(hop, "action")
    ]
    when = line(hop.get("timestamp"))
    return ", ".join(part for part in (party, when, *acts) if part) or None
