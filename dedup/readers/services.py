"""JSON of services, apps and extractors → records whose fields have the usual names.

Each kind is known by fields that only it has, and says by paths where the text, the title, the
date … stand: a table (`SERVICES`), so that one more kind is one more line. Lists that a service
answers with, or that an app exports, are taken apart, and what stands around them (the name of a
channel, of a feed) goes to each of their records. A text that a service cuts is marked as one.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from dedup.article import Article
from dedup.readers.broken import broken_to_text
from dedup.readers.fields import has_text, value_at

Record = Mapping[str, Any]

# How services wrap the list of records that they answer with; paths into the answer.
WRAPPERS = (
    "articles", "items", "results", "documents", "docs", "data", "stories", "posts", "hits",
    "_items", "messages", "value", "news", "response.results", "response.docs",
    "articles.results", "hits.hits", "data.items", "data.articles", "response.items",
    "results.articles", "data.results",
)  # fmt: skip
ROOTS = frozenset(path.partition(".")[0] for path in WRAPPERS)
CUT = re.compile(
    r"\s*(?:…|\.\.\.)?\s*\[\+\d{1,7} (?:chars|characters|zeichen)\]\s*\Z", re.IGNORECASE
)

MAX_CUT = 60  # characters of what says it


class Service(NamedTuple):
    """A kind of record: what it is known by, and the paths of its fields, the best first."""

    signs: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    is_partial: bool = False


TELEGRAM = {  # as its program exports a channel
    "id": ("id",), "published": ("date_unixtime", "date"), "byline": ("author",), "text": ("text",),
}  # fmt: skip
SERVICES = (
    Service(  # WordPress, REST
        ("content.rendered", "title.rendered"),
        {
            "text": ("content.rendered",), "title": ("title.rendered",),
            "url": ("link", "guid.rendered"), "published": ("date_gmt",), "author": (),
            "byline": ("_embedded.author[0].name", "yoast_head_json.author"),
            "publisher": ("yoast_head_json.og_site_name",),
        },
    ),
    Service(  # The Guardian
        ("webTitle", "webUrl"),
        {
            "text": ("fields.bodyText", "fields.body", "blocks.body[0].bodyTextSummary"),
            "title": ("fields.headline", "webTitle"), "url": ("webUrl",),
            "published": ("webPublicationDate",), "byline": ("fields.byline",),
            "language": ("fields.lang",), "publisher": ("fields.publication",),
        },
    ),
    Service(  # The New York Times, which gives no more than the lead
        ("web_url", "headline.main"),
        {
            "text": ("lead_paragraph", "abstract", "snippet"), "title": ("headline.main",),
            "url": ("web_url",), "published": ("pub_date",), "byline": ("byline.original",),
            "publisher": ("source",), "id": ("_id", "uri"),
        },
        is_partial=True,
    ),
    Service(  # Event Registry
        ("uri", "body", "source.uri"),
        {
            "text": ("body",), "id": ("uri",), "published": ("dateTimePub", "dateTime"),
            "publisher": ("source.title", "source.uri"), "language": ("lang",),
        },
    ),
    Service(  # Associated Press, Content API
        ("item.headline", "item.versioncreated"),
        {
            "text": ("item.body_nitf", "item.body_xhtml", "item.body_text"),
            "id": ("item.altids.itemid", "item.uri"), "title": ("item.headline",),
            "published": ("item.versioncreated",), "language": ("item.language",),
            "byline": ("item.bylines[0].by", "item.bylines[0].name"),
            "publisher": ("item.provider", "item.source"),
        },
    ),
    Service(("type", "date", "from_id"), TELEGRAM),
    Service(("type", "date", "text_entities"), TELEGRAM),
    Service(  # Fundus
        ("body.sections", "publishing_date"),
        {"text": ("body",), "published": ("publishing_date",), "url": ("html.requested_url", "url"),
         "publisher": ("html.source_info.publisher", "publisher")},
    ),
    Service(  # Fundus, without the structure of the text
        ("plaintext", "html.source_info"),
        {"text": ("plaintext",), "published": ("publishing_date",),
         "url": ("html.requested_url", "html.responded_url"),
         "publisher": ("html.source_info.publisher",)},
    ),
    Service(  # news-please
        ("maintext", "date_publish"),
        {"text": ("maintext",), "published": ("date_publish",), "publisher": ("source_domain",)},
    ),
    Service(  # trafilatura
        ("raw_text", "source-hostname"),
        {"text": ("text",), "url": ("source",), "published": ("date",), "byline": ("author",),
         "publisher": ("source-hostname", "hostname")},
    ),
)  # fmt: skip


# Which keys a record has to have, before its signs are looked for: most are of no service.
BY_ROOTS = [(frozenset(sign.partition(".")[0] for sign in s.signs), s) for s in SERVICES]


def unwrap_list(value: Record) -> list[Record]:
    """The records in an answer or an export, with what it says for all of them; none if `value`
    has a text of its own."""
    if ROOTS.isdisjoint(value):
        return []
    for path in WRAPPERS:
        inner = value_at(value, path) if path.partition(".")[0] in value else None
        if isinstance(inner, list) and inner and all(isinstance(part, dict) for part in inner):
            around = said_for_all(value)
            parts = inner
            if path == "messages":  # "Ann joined", a picture alone
                parts = [p for p in inner if p.get("type") != "service" and p.get("text") != ""]
            return [] if has_text(value) else [{**around, **without_none(part)} for part in parts]
    return []


def said_for_all(value: Record) -> dict[str, Any]:
    """What an export says of all its records: the name and language of a feed or a channel."""
    version, kind = value.get("version"), value.get("type")
    is_feed = isinstance(version, str) and "jsonfeed.org" in version
    is_channel = isinstance(kind, str) and isinstance(value.get("messages"), list)
    known: dict[str, Any] = {}
    if is_feed or is_channel:
        known["publisher"] = value.get("title" if is_feed else "name")
        known["language"] = value.get("language")
    return without_none(known)


def without_none(record: Record) -> dict[str, Any]:
    """The record without the fields that have no value."""
    return {key: value for key, value in record.items() if value is not None}


def translate(record: Record) -> Record:
    """The record with the usual names for its fields, if it is of a kind that is known."""
    keys = record.keys()
    likely = (service for roots, service in BY_ROOTS if roots <= keys)
    service = next((s for s in likely if all(value_at(record, sign) for sign in s.signs)), None)
    if service is None:
        return record
    renamed: dict[str, Any] = {}
    for name, paths in service.fields.items():
        values = (in_utc(path, value_at(record, path)) for path in paths)
        renamed[name] = next((value for value in values if value not in (None, "", [])), None)
    if not isinstance(renamed.get("text"), str):
        renamed["text"] = join_text(renamed.get("text"))
    if "<" in renamed["text"]:
        renamed["text"] = broken_to_text(nitf_content(renamed["text"]))[0]
    if isinstance(renamed.get("title"), str):
        renamed["title"] = broken_to_text(renamed["title"])[0]
    kept = {key: value for key, value in record.items() if key not in renamed}
    partial = {"partial": True} if service.is_partial else {}
    return kept | without_none(renamed) | partial


def in_utc(path: str, value: Any) -> Any:
    """The value; a date in a field that says that it is Greenwich's gets that zone."""
    return f"{value}Z" if path.endswith("_gmt") and isinstance(value, str) and value else value


def join_text(value: Any) -> str:
    """The text in a list of its parts, which may be records with a text each, or in the
    sections of a body."""
    if isinstance(value, Mapping):
        sections = value.get("sections")
        parts = [*list_of(value.get("summary"))]
        for section in sections if isinstance(sections, list) else ():
            if isinstance(section, Mapping):
                parts += [*list_of(section.get("headline")), *list_of(section.get("paragraphs"))]
        return "\n\n".join(part for part in parts if isinstance(part, str) and part.strip())
    parts = [part.get("text") if isinstance(part, Mapping) else part for part in list_of(value)]
    return "".join(part for part in parts if isinstance(part, str))


def list_of(value: Any) -> list[Any]:
    """A list as it is, the texts in a record of texts, a value as a list of one."""
    if isinstance(value, Mapping):
        value = value.get("texts") or value.get("text")
    return value if isinstance(value, list) else [] if value is None else [value]


NITF_CONTENT = re.compile(r"<body\.content\b[^>]{0,500}>(.*?)</body\.content>", re.I | re.S)
NITF_MEDIA = re.compile(r"<media\b.*?(?:</media>|\Z)", re.I | re.S)


def nitf_content(source: str) -> str:
    """The body of a NITF document without its pictures; other markup as it stands."""
    match = NITF_CONTENT.search(source)
    return NITF_MEDIA.sub("", match.group(1)) if match else source


def mark_cut(article: Article) -> Article:
    """The article, marked as a part where a service cut its text: ``… [+2345 chars]``."""
    end = article.text[-MAX_CUT:]
    cut = CUT.search(article.text, len(article.text) - len(end)) if "[+" in end else None
    if cut is None:
        return article
    return replace(
        article, text=article.text[: cut.start()], extra={**article.extra, "partial": True}
    )
