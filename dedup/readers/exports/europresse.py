"""Exports of Europresse as HTML → their stories.

Each is an ``article`` of the page; what is what its classes say (``DocPublicationName``,
``DocHeader``, ``titreArticle``, ``DocText`` or ``docOcurrContainer``).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from dedup.extras import require
from dedup.readers.dates import read_date
from dedup.readers.markup import element_to_text
from dedup.readers.provenance import one_line

SIGN = b"DocPublicationName"
OWNER = "CEDROM-SN"  # whom the line below each story of other files names
DAY = re.compile(
    r"\d{1,2}(?:er)?\s+[^\W\d]+\.?\s+\d{4}|[^\W\d]+\.?\s+\d{1,2},\s+\d{4}|\d{4}-\d\d-\d\d"
)
TIME = re.compile(r"\b\d{1,2}:\d\d\b")
WORDS = re.compile(r"(\d[\d\s.,]{0,8})\s(?:mots|words|palabras|Wörter)\b")
NUMBER = re.compile(r"\w{1,20}·((?:19|20)\d{6})·[\w-]{1,12}·[\w-]{1,60}")
AFTER_NAME = re.compile(r"(?:,? no\. |\s\(|\s[•·|]\s|\s-\s|;).*", re.DOTALL)


def split_europresse(source: str) -> Iterator[dict[str, str] | None]:
    """The stories of a page, each a record; None for one that is not understood."""
    root = require("lxml.html", "html").document_fromstring(source)
    for article in root.iter("article"):
        yield read_story(article) if find(article, "DocPublicationName") is not None else None


def read_story(article: Any) -> dict[str, str] | None:
    """What a story says of itself, and its text; None where it has none."""
    body = find(article, "docOcurrContainer")
    if body is None or not element_to_text(body)[0]:
        body = find(article, "DocText")
    text = element_to_text(body)[0] if body is not None else ""
    if not text:
        return None
    title = find(article, "titreArticleVisu")
    title = title if title is not None else find(article, "titreArticle")
    header = " ".join(filter(None, (line_of(article, "DocHeader"), section_of(article))))
    everything = " ".join(article.itertext())
    number, day, words = NUMBER.search(everything), DAY.search(header), WORDS.search(header)
    date = day.group() if day and read_date(day.group()) else number.group(1) if number else None
    time = TIME.search(header) if day and date == day.group() else None
    record = {
        "id": number.group() if number else None,
        "title": one_line(element_to_text(title)[0]) if title is not None else None,
        "publisher": AFTER_NAME.sub("", line_of(article, "DocPublicationName") or ""),
        "date": f"{date} {time.group()}" if date and time else date,
        "byline": line_of(article, "docAuthors") or author_of(article),
        "length": re.sub(r"\D", "", words.group(1)) if words else None,
        "text": text,
    }
    return {key: value for key, value in record.items() if value}


def find(root: Any, name: str) -> Any:
    """The first element of this class; None where there is none."""
    return next((node for node in root.iter() if name in classes(node)), None)


def classes(node: Any) -> list[str]:
    """The classes of an element."""
    return (node.get("class") or "").split() if isinstance(node.tag, str) else []


def line_of(root: Any, name: str) -> str | None:
    """The text of the first element of this class, on one line."""
    node = find(root, name)
    return one_line(element_to_text(node)[0]) if node is not None else None


def section_of(article: Any) -> str | None:
    """What stands beside the section, in pages whose header is empty."""
    node = find(article, "DocTitreSousSection")
    following = node.getnext() if node is not None else None
    return one_line("".join(following.itertext())) if following is not None else None


def author_of(article: Any) -> str | None:
    """The byline of pages that have no class for it: a paragraph below the headline."""
    title = find(article, "titreArticle")
    following = title.getnext() if title is not None else None
    if (
        following is None
        or following.tag != "p"
        or "sm-margin-bottomNews" not in classes(following)
    ):
        return None
    return one_line("".join(following.itertext()))


def is_europresse(lines: Sequence[str]) -> bool:
    """Whether lines are an export as text or of a document, which has no marks."""
    return any(OWNER in line for line in lines)


def split_nothing(lines: Sequence[str]) -> Iterator[None]:
    """No story: nothing shows where one begins, so that the file is refused by name."""
    return iter(())
