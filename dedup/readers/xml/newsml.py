"""NewsML-G2 and NewsML 1 → articles, after the IPTC's standards.

The text of a ``newsItem`` is NITF, XHTML or plain text in its ``contentSet``. ``itemMeta`` dates
this version and says who provides it, ``contentMeta`` from which ``infoSource`` it is;
``hopHistory`` lists who passed it on. Codes (``nprov:reuters``) are kept where there is no name:
the catalogue that explains them is a web address, and none is opened. Packages, concepts and
planning items have no text and are problems that say so.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.readers.broken import broken_to_text
from dedup.readers.dates import DateBasis, first_date
from dedup.readers.fields import MARKUP
from dedup.readers.markup import element_to_text
from dedup.readers.provenance import Provenance, clean_list, one_line, sort_by_role
from dedup.readers.values import without_by
from dedup.readers.xml.nitf import attributes_of, find_all, read_nitf, texts_of

NEWSML_ITEMS = frozenset(
    {"newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem"}
)

DATES: tuple[tuple[str, str, DateBasis], ...] = (
    ("itemMeta", "versionCreated", "stated"),
    ("itemMeta", "firstCreated", "implied"),
    ("contentMeta", "contentModified", "implied"),
    ("contentMeta", "contentCreated", "implied"),
)
DATES_OF_1: tuple[tuple[str, DateBasis], ...] = (
    ("ThisRevisionCreated", "stated"),
    ("FirstCreated", "implied"),
    ("DateId", "implied"),
)
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def newsml_article(item: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The article in an item; `InputError` if it has no text."""
    kind = item.tag.rpartition("}")[2]
    if kind != "newsItem":
        raise InputError(f"a {kind}, which has no text of its own")
    inner = read_content(item)
    if not inner.text.strip():
        media = next((bare_code(node) for node in find_all(item, "itemClass")), None)
        raise InputError(f"no text in this newsItem{f' ({media})' if media else ''}")
    published, dated_by, dated = first_date(
        (name, (node.text or "").strip(), basis)
        for place, name, basis in DATES
        for node in find_inside(item, place, name)
    )
    item_links = [
        (link_relation(node), one_line(node.get("href")), one_line(node.get("residref")))
        for node in find_inside(item, "itemMeta", "link")
    ]
    earlier, based_on, _ = sort_by_role((rel, id or href) for rel, href, id in item_links)
    pages = (
        href
        for relation, href, _ in item_links
        if href and relation in ("canonical", "sameas", "webpage")
    )
    rights = next(texts_of(item, "copyrightNotice"), None) or next(
        (party_name(node) for node in find_all(item, "copyrightHolder")), None
    )
    languages = (one_line(n.get("tag")) for n in find_inside(item, "contentMeta", "language"))
    language = next((tag for tag in languages if tag), one_line(item.get(LANGUAGE)))
    creators = (party_name(node) for node in find_inside(item, "contentMeta", "creator"))
    providers = (party_name(node) for node in find_inside(item, "itemMeta", "provider"))
    parties = map(party_name, find_all(item, "infoSource"))
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        earlier=earlier,
        based_on=based_on,
        also=clean_list([*texts_of(item, "altId"), *inner.extra.get("also", ())]),
        sources=clean_list([*parties, *inner.extra.get("sources", ())]),
        provider=next(providers, None),
        credit=next(texts_of(item, "creditline"), None) or inner.extra.get("credit"),
        rights=rights or inner.extra.get("rights"),
        hops=clean_list(describe_hop(node) for node in find_all(item, "hop")),
        links=inner.extra.get("links", ()),
        note=next(texts_of(item, "edNote"), None) or inner.extra.get("note"),
    )
    version = one_line(item.get("version"))
    return Article(
        one_line(item.get("guid")) or name,
        inner.text,
        title=next(texts_of(item, "headline"), None) or inner.title,
        url=next(pages, None),
        publisher=provenance.provider or inner.publisher,
        published=published or inner.published,
        language=language or inner.language,
        byline=without_by(next(texts_of(item, "by"), ""))
        or inner.byline
        or ", ".join(filter(None, creators))
        or None,
        extra=provenance.extra() | ({"version": version} if version else {}) | dict(where),
    )


def newsml1_article(item: Any, name: str, where: Mapping[str, Any]) -> Article:
    """The article in an item of NewsML 1; `InputError` if it has no text.

    Of several texts in it, as translations or with pictures, the longest.
    """
    inner = max(
        map(read_data, find_all(item, "DataContent")), key=lambda a: len(a.text), default=None
    )
    if inner is None or not inner.text.strip():
        raise InputError("no text in this NewsItem")
    published, dated_by, dated = first_date(
        (name, line, basis) for name, basis in DATES_OF_1 for line in texts_of(item, name)
    )
    providers = [
        *attributes_of_parties(item, "Provider"),
        *texts_of(item, "ProviderId"),
    ]
    provenance = Provenance(
        dated_by=dated_by,
        dated=dated,
        also=clean_list(inner.extra.get("also", ())),
        sources=clean_list(
            [*attributes_of_parties(item, "Source"), *inner.extra.get("sources", ())]
        ),
        provider=next(iter(providers), None),
        credit=next(texts_of(item, "CreditLine"), None) or inner.extra.get("credit"),
        rights=next(texts_of(item, "CopyrightLine"), None) or inner.extra.get("rights"),
        links=inner.extra.get("links", ()),
    )
    language = next(attributes_of(item, "FormalName", "Language"), None)
    return Article(
        next(texts_of(item, "PublicIdentifier"), None) or name,
        inner.text,
        title=next(texts_of(item, "HeadLine"), None) or inner.title,
        publisher=provenance.provider or inner.publisher,
        published=published or inner.published,
        language=language or one_line(item.get(LANGUAGE)) or inner.language,
        byline=without_by(next(texts_of(item, "ByLine"), "")) or inner.byline,
        extra=provenance.extra() | dict(where),
    )


def attributes_of_parties(item: Any, role: str) -> Iterator[str]:
    """The names of the parties that have a role."""
    for node in find_all(item, role):
        yield from attributes_of(node, "FormalName", "Party")


def read_data(content: Any) -> Article:
    """The text of a ``DataContent``: NITF, XHTML, or plain text."""
    root = next(find_all(content, "nitf"), None)
    if root is not None:
        return read_nitf(root, "item", {})
    page = next(find_all(content, "body"), None)
    if len(content):
        text, links = element_to_text(without_frame(page if page is not None else content))
        return Article("item", text, extra={"links": links})
    source = "".join(content.itertext())
    text, links = broken_to_text(source) if MARKUP.match(source) else (source.strip("\r\n"), ())
    return Article("item", text, extra={"links": links})


def read_content(item: Any) -> Article:
    """The text of an item and the addresses in it, with what NITF says besides."""
    for inline in find_all(item, "inlineXML"):
        root = next(find_all(inline, "nitf"), None)
        if root is not None:
            return read_nitf(root, "item", {})
        page = next(find_all(inline, "body"), None)
        text, links = element_to_text(without_frame(page if page is not None else inline))
        if text:
            return Article("item", text, extra={"links": links})
    for data in find_all(item, "inlineData"):
        source, kind = "".join(data.itertext()), (data.get("contenttype") or "").lower()
        if source.strip() and not data.get("encoding"):
            is_markup = "html" in kind or MARKUP.match(source)
            text, links = broken_to_text(source) if is_markup else (source.strip("\r\n"), ())
            return Article("item", text, extra={"links": links})
    return Article("item", "")


def without_frame(page: Any) -> Any:
    """The body of a page without its header and footer, where there is more than these.

    Agencies repeat headline, keywords and date in the one, and note contacts in the other.
    """
    frame = [node for name in ("header", "footer") for node in find_all(page, name)]
    rest = sum(len("".join(node.itertext())) for node in frame)
    if len("".join(page.itertext()).strip()) > rest:
        for node in frame:
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    return page


def find_inside(item: Any, place: str, name: str) -> Iterator[Any]:
    """The elements of this name inside those of the other."""
    for part in find_all(item, place):
        yield from find_all(part, name)


def party_name(node: Any) -> str | None:
    """The name of a party, else its code without the scheme, else its address."""
    name = next(texts_of(node, "name"), None) or one_line(node.get("literal"))
    return (
        name or bare_code(node) or one_line(node.get("uri")) or one_line("".join(node.itertext()))
    )


def bare_code(node: Any) -> str | None:
    """The code of a party or a class without its scheme: ``nprov:AP`` is ``AP``."""
    code = one_line(node.get("qcode"))
    return code.partition(":")[2] or code if code else None


def link_relation(link: Any) -> str:
    """What a link says that it is, in small letters without its scheme."""
    relation = one_line(link.get("rel")) or one_line(link.get("reluri")) or ""
    return relation.rpartition(":")[2].rpartition("/")[2].lower()


def describe_hop(hop: Any) -> str | None:
    """A hop in words: who, when, what."""
    party = next((party_name(node) for node in find_all(hop, "party")), None)
    actions = [
        " ".join(filter(None, (bare_code(node), (node.get("target") or "").partition(":")[2])))
        for node in find_all(hop, "action")
    ]
    return ", ".join(filter(None, (party, one_line(hop.get("timestamp")), *actions))) or None
