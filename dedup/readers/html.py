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
from dedup.dates import Order
from dedup.errors import DedupError, InputError
from dedup.extras import require
from dedup.readers.dates import ANYWHERE, first_date
from dedup.readers.decode import declared_encoding, decode
from dedup.readers.deferred import Deferred
from dedup.readers.html_head import SAVED, read_head
from dedup.readers.html_visible import find_shown_dates, read_visible
from dedup.readers.invisible import remove_invisible
from dedup.readers.markup import VOID, story_to_text
from dedup.readers.options import Options

MAX_BYTES = 10_000_000  # a page of more is a dump; the longest of 20 years of news have 3 MB
# The time of fast extraction grows with the square of how deep tags nest: 20,000 take 7 s, 1,000
# next to none. Pages of up to so many tags need no look, which would cost more than they can.
MAX_DEPTH = 1_000
MAX_UNCHECKED_TAGS = 5_000
# Precise extraction takes the square of the line breaks: 200,000 of them 19 s.
MAX_BREAKS = 10_000
TAG = re.compile(r"<(/?)(?!(?:p|li|td|th|tr|dt|dd|option)\b)([a-zA-Z][^\s/>]*)")
WORD = re.compile(r"\w+")
# How much longer the text in structured data has to be, and how much of what was extracted has
# to stand in it (by three words), to be taken instead.
MIN_GAIN, MIN_SHARED = 1.1, 0.8
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
    try:
        if options.fast_extract:
            head = read_head(source, url, order=options.date_order)
            text, links = extract_fast(source)
        else:
            head, text, links = read_precise(source, url, options)
    except DedupError:
        raise
    except Exception as error:  # of a hundred thousand pages one finds a way
        raise InputError(f"a page that cannot be parsed: {error!r:.200}") from None
    if len(text.strip()) < MIN_TEXT or is_more(head.text, text):
        text, links = head.text or text, ()
    if len(text.strip()) < MIN_TEXT:
        raise InputError("no text: there is no article in this page")
    extra = dict(head.extra) | ({"links": links} if links else {})
    extra |= {"encoding": encoding} if encoding != "utf-8" else {}
    return replace(head, id=name, text=text, extra=extra | dict(where))


def read_precise(
    source: str, url: str | None, options: Options
) -> tuple[Article, str, tuple[str, ...]]:
    """What a page says of itself and shows, its text and its links, by trafilatura.

    Where nothing states a date, the oldest that htmldate finds is guessed.
    """
    tree = require("trafilatura", "html").load_html(source)
    if tree is None:
        return read_head(source, url, order=options.date_order), "", ()
    head = read_head(source, url, read_visible(tree), options.date_order)
    if head.published is None:
        head = guess_date(head, source, tree, options.date_order)
    many = source.lower().count("<br") > MAX_BREAKS
    text, links = extract_fast(source) if many else extract_precise(tree)
    return head, text, links


def guess_date(head: Article, source: str, tree: Any, order: Order | None) -> Article:
    """The page's head with the date that it shows somewhere, if it does."""
    found = find_shown_dates(tree)
    published, by, basis = first_date(found, order)
    if published is None:
        guess = require("htmldate", "html").find_date(
            SAVED.sub("", source, count=1), original_date=True, url=head.url
        )
        if guess and not guess.endswith("-01-01"):  # which stands for a year alone
            published, by, basis = first_date([(ANYWHERE, guess, "guessed")])
    if published is None:
        return head
    return replace(head, published=published, extra={**head.extra, "dated_by": by, "dated": basis})


def extract_precise(tree: Any) -> tuple[str, tuple[str, ...]]:
    """The text of a parsed page, which is taken apart, and its links."""
    extract = require("trafilatura", "html").bare_extraction
    document = extract(tree, favor_precision=True, include_comments=False, include_links=True)
    return story_to_text(document.body) if document is not None else ("", ())


def is_more(body: str, text: str) -> bool:
    """Whether the text that structured data repeat is the whole of which `text` is a part."""
    if len(body) < MIN_GAIN * len(text):
        return False
    words, whole = WORD.findall(text.casefold()), WORD.findall(body.casefold())
    parts = set(zip(words, words[1:], words[2:], strict=False))
    wholes = set(zip(whole, whole[1:], whole[2:], strict=False))  # each once: some repeat all
    is_longer = len(wholes) >= MIN_GAIN * len(parts) > 0
    return is_longer and len(parts & wholes) >= MIN_SHARED * len(parts)


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
