"""Web pages → articles: the text of the story without the page around it.

Comes in: HTML, in whatever encoding. Goes out: one article with what the page's head says of
it. The text is taken by trafilatura, told to prefer precision (F1 .957 on its own benchmark;
90 % of pages to ≥ .8 of the body), or with `fast_extract` by resiliparse, which is ten times
faster and less exact (.916). A page from which neither takes a text, but whose structured data
have one, gives that.

No link is followed, no script is run, and what cannot be told from the page is not guessed.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.encoding import decode, labelled
from dedup.readers.flow import VOID, element, fragment
from dedup.readers.head import Described, describe
from dedup.readers.later import Deferred
from dedup.readers.options import DEFAULT, Options
from dedup.readers.problem import Found, Problem

ENDINGS = frozenset({".html", ".htm", ".xhtml"})

MAX_BYTES = 10_000_000  # a page of more is a dump; the longest of 20 years of news have 3 MB
# The time of fast extraction grows with the square of how deep tags nest: 20,000 take 7 s, 1,000
# next to none. Pages of up to so many tags need no look, which would cost more than they can.
DEEPEST = 1_000
FEW_TAGS = 5_000
TAG = re.compile(r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option)\b)([a-zA-Z][^\s/>]*)")
SHORTEST = 25  # characters of text; less is a cookie notice or a headline


def read_page(
    stream: BinaryIO, path: str, name: str, options: Options = DEFAULT
) -> Iterator[Found | Deferred]:
    """The article in a page, called `name`, or the problem with it."""
    load(options)
    data = stream.read(MAX_BYTES + 1)
    yield Deferred(path, page_found, (data, name, {"path": path}, options, path))


def load(options: Options) -> None:
    """Load what takes pages apart; `MissingExtra` if it is not there."""
    require("resiliparse.extract.html2text" if options.fast_extract else "trafilatura", "html")


def page_found(
    data: bytes,
    name: str,
    where: Mapping[str, Any],
    options: Options,
    path: str,
    place: str = "",
    url: str | None = None,
    label: str | None = None,
) -> Article | Problem:
    """The article in the bytes of a page, or the problem with it: at `path`, with `place` after
    the reason."""
    try:
        return page_article(data, name, where, options, url=url, label=label)
    except InputError as error:
        return Problem(path, f"{error}{place}")


def page_article(
    data: bytes,
    name: str,
    where: Mapping[str, Any],
    options: Options = DEFAULT,
    *,
    url: str | None = None,
    label: str | None = None,
) -> Article:
    """The article in the bytes of a page, called `name`.

    `url` is the address it was found at, `label` the encoding that its server named. Raises
    `InputError` where it has no text.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"a page of more than {MAX_BYTES / 1e6:,.0f} MB")
    source, encoding = decode(data, label or labelled(data))
    source = source.replace("\0", "\ufffd")
    described = describe(source, url)
    text, links = _fast(source) if options.fast_extract else _precise(source)
    if len(text.strip()) < SHORTEST and described.body:
        text, links = fragment(described.body)
    if len(text.strip()) < SHORTEST:
        raise InputError("no text of an article in this page")
    extra = described.provenance.extra() | ({"links": links} if links else {})
    if encoding != "utf-8":
        extra["encoding"] = encoding
    return article_from(described, name, text, extra | dict(where))


def article_from(described: Described, name: str, text: str, extra: Mapping[str, Any]) -> Article:
    """An article with the text and what its file says of it."""
    return Article(
        name,
        text,
        title=described.title,
        url=described.url,
        publisher=described.publisher,
        published=described.published,
        language=described.language,
        byline=described.byline,
        extra=extra,
    )


def _precise(source: str) -> tuple[str, tuple[str, ...]]:
    trafilatura = require("trafilatura", "html")
    try:
        document = trafilatura.bare_extraction(
            source, favor_precision=True, include_comments=False, include_links=True
        )
    except Exception as error:  # of a hundred thousand pages one finds a way
        raise InputError(f"a page that cannot be taken apart: {error!r:.200}") from None
    return element(document.body) if document is not None else ("", ())


def _fast(source: str) -> tuple[str, tuple[str, ...]]:
    extract = require("resiliparse.extract.html2text", "html").extract_plain_text
    if source.count("<") > FEW_TAGS and _depth(source) > DEEPEST:
        raise InputError("a page whose tags are nested too deeply")
    try:
        text = extract(source, main_content=True, alt_texts=False, preserve_formatting=True)
    except Exception as error:
        raise InputError(f"a page that cannot be taken apart: {error!r:.200}") from None
    return str(text), ()


def _depth(source: str) -> int:
    """How many tags are open at once, at most."""
    depth = deepest = 0
    for close, name in TAG.findall(source):
        if close:
            depth = max(depth - 1, 0)
        elif name.lower() not in VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
