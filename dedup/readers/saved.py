"""Pages that a browser saved → articles: HTML, also exports of archives, and HAR.

Pages that SingleFile saved carry their pictures and fonts in themselves, some of them 50 MB; these
are taken out before a page is read. The address that SingleFile notes is the page's. A HAR is
the log of what a browser loaded, of which the pages are read.
"""

import binascii
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from dedup.errors import InputError
from dedup.phrasing import pluralize
from dedup.readers.compression import read_whole
from dedup.readers.crawled import bare_kind
from dedup.readers.decode import declared_encoding, decode
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.exports import (
    MAX_BYTES,
    find_exported_page,
    may_be_exported_page,
    read_export,
)
from dedup.readers.html import load_extractor, parse_page, read_page
from dedup.readers.json_values import explain_repeated, parse_json
from dedup.readers.options import Options
from dedup.readers.problem import Note, Problem

SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s{1,9}url: (\S{1,2000})")
PAGES = ("text/html", "application/xhtml+xml")
MAX_NOTE = 2_000  # bytes in which that stands
EMBEDDED = re.compile(rb"data:[a-z]{2,20}/[^,\"'()<>\s]{1,120};base64,[A-Za-z0-9+/=\s]{100,}+")


def read_html(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The article in a page, called `name`, or those in an export, and the problems with them."""
    data = stream.read(MAX_BYTES + 1)
    saved = SINGLE_FILE.search(data, 0, MAX_NOTE)
    if saved or b";base64," in data:
        data = EMBEDDED.sub(b"data:,", data)
    if may_be_exported_page(data):
        export = find_exported_page(decode(data, declared_encoding(data))[0])
        if export is not None:
            yield from read_export(export, path, name)
            return
    if saved is None:
        yield from read_page(BytesIO(data), path, name, options)
        return
    load_extractor(options)
    url = saved.group(1).decode("utf-8", "replace")
    yield Deferred(path, "HTML", parse_page, (data, name, {"path": path}, options, url))


def read_har(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The articles in the log of a browser and its problems. Raises `InputError` if it is none."""
    load_extractor(options)
    try:
        log, repeated = parse_json(read_whole(stream, MAX_BYTES, "a HAR").getvalue())
        entries = log["log"]["entries"]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"not a HAR that can be read: {error!s:.200}") from None
    if repeated:
        yield Problem(path, explain_repeated(repeated))
    skipped: Counter[str] = Counter()
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        place = f" (entry {number:,})"
        try:
            kind, url, body = read_entry(entry)
        except (TypeError, KeyError, AttributeError, ValueError, binascii.Error) as error:
            yield Problem(path, f"not an entry that can be read: {error!s:.100}{place}")
            continue
        if kind not in PAGES:
            skipped[kind or "no type"] += 1
            continue
        if not body:
            yield Problem(path, f"no content: the log was saved without it: {url}{place}")
            continue
        where = {"path": path, "entry": number, "crawled": entry.get("startedDateTime")}
        page = (body, url or f"{name}:{number}", where, options, url, None)
        yield Deferred(path, "HTML", parse_page, page, f": {url}{place}")
    if skipped:
        records = pluralize(skipped.total(), "entry", "entries")
        yield Note(path, f"skipped {records} without a page")


def read_entry(entry: Any) -> tuple[str, str, bytes]:
    """The kind of what was loaded, its address and its bytes."""
    response, url = entry["response"], str(entry["request"]["url"])
    content = response.get("content") or {}
    kind = bare_kind(content.get("mimeType")) if response.get("status") == 200 else "no page"
    text = content.get("text") or ""
    if content.get("encoding") == "base64":
        return kind, url, b64decode(text)
    return kind, url, text.encode("utf-8", "replace")
