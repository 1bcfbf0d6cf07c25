"""Web pages → articles: the text of the story without the page around it.

The text is taken by trafilatura, which is asked to prefer precision (F1 .957 on its own
benchmark; 90 % of pages to ≥ .8 of the body), or with `fast_extract` by resiliparse, which is
ten times faster and less exact (.916). Where neither finds a text, that of the page's structured
data is taken. No link is followed, no script is run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.errors import DedupError, InputError
from dedup.extras import require
from dedup.readers.decode import declared_encoding, decode
from dedup.readers.deferred import Deferred
from dedup.readers.html_head import read_head
from dedup.readers.invisible import remove_invisible
from dedup.readers.markup import VOID, element_to_text, html_to_text
from dedup.readers.options import Options

MAX_BYTES = 10_000_000  # a page of more is a dump; the longest of 20 years of news have 3 MB
# The time of fast extraction grows with the square of how deep tags nest: 20,000 take 7 s, 1,000
# next to none. Pages of up to so many tags need no look, which would cost more than they can.
MAX_DEPTH = 1_000
MAX_UNCHECKED_TAGS = 5_000
TAG = re.compile(r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option)\b)([a-zA-Z][^\s/>]*)")
MIN_TEXT = 25  # characters; less is a cookie notice or a headline


def read_page(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Deferred]:
    """The article in a page, called `name`, or the problem with it."""
    load_extractor(options)
    data = stream.read(MAX_BYTES + 1)
    yield Deferred(path, "HTML", parse_page, (data, name, {"path": path}, options))


def load_extractor(options: Options) -> None:
    """Load what takes the text out of pages; `MissingExtra` if it is not there."""
    require("resiliparse.extract.html2text" if options.fast_extract else "trafilatura", "html")


def parse_page(
    data: bytes,
    name: str,
    where: Mapping[str, Any],
    options: Options,
    url: str | None = None,
    label: str | None = None,
) -> Article:
    """The article in the bytes of a page, called `name`.

    `url` is the address it was found at, `label` the encoding that its server named. Raises
    `InputError` where it has no text.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"larger than {MAX_BYTES / 1e6:,.0f} MB, the limit for a page")
    source, encoding = decode(data, label or declared_encoding(data))
    source = remove_invisible(source.replace("\0", "\ufffd"))
    head = read_head(source, url)
    try:
        text, links = extract_fast(source) if options.fast_extract else extract_precise(source)
    except DedupError:
        raise
    except Exception as error:  # of a hundred thousand pages one finds a way
        raise InputError(f"a page that cannot be parsed: {error!r:.200}") from None
    if len(text.strip()) < MIN_TEXT and head.text:
        text, links = html_to_text(head.text)
    if len(text.strip()) < MIN_TEXT:
        raise InputError("no text: there is no article in this page")
    extra = dict(head.extra) | ({"links": links} if links else {})
    extra |= {"encoding": encoding} if encoding != "utf-8" else {}
    return replace(head, id=name, text=text, extra=extra | dict(where))


def extract_precise(source: str) -> tuple[str, tuple[str, ...]]:
    """The text of a page and its links, by trafilatura."""
    document = require("trafilatura", "html").bare_extraction(
        source, favor_precision=True, include_comments=False, include_links=True
    )
    return element_to_text(document.body) if document is not None else ("", ())


def extract_fast(source: str) -> tuple[str, tuple[str, ...]]:
    """The text of a page, by resiliparse, which keeps no links."""
    if source.count("<") > MAX_UNCHECKED_TAGS and tag_depth(source) > MAX_DEPTH:
        raise InputError("a page whose tags are nested too deeply")
    extract = require("resiliparse.extract.html2text", "html").extract_plain_text
    return extract(source, main_content=True, alt_texts=False, preserve_formatting=True), ()


def tag_depth(source: str) -> int:
    """How many tags are open at once, at most."""
    depth = deepest = 0
    for close, name in TAG.findall(source):
        if close:
            depth = max(depth - 1, 0)
        elif name.lower() not in VOID:
            depth += 1
            deepest = max(deepest, depth)
    return deepest
