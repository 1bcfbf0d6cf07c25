"""Files of HTML → articles: a page, as a browser or a crawler saved it, or an export of an archive.

Pages that SingleFile saved carry their pictures and fonts in themselves, some of them 50 MB; these
are taken out before a page is read. The address that SingleFile notes is the page's.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

from dedup.readers.decode import declared_encoding, decode
from dedup.readers.deferred import Deferred, Unresolved
from dedup.readers.exports import MAX_BYTES, SIGNS, find_exported_page, read_export
from dedup.readers.html import load_extractor, parse_page, read_page
from dedup.readers.options import Options

SINGLE_FILE = re.compile(rb"Page saved with SingleFile\s{1,9}url: (\S{1,2000})")
MAX_NOTE = 2_000  # bytes in which that stands
EMBEDDED = re.compile(
    rb"data:[a-z]{2,20}/[a-z0-9.+-]{1,60}[a-z0-9=;-]{0,60};base64,[A-Za-z0-9+/=\s]{100,}+"
)


def read_html(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Unresolved]:
    """The article in a page, called `name`, or those in an export, and the problems with them."""
    data = stream.read(MAX_BYTES + 1)
    saved = SINGLE_FILE.search(data, 0, MAX_NOTE)
    if saved or b";base64," in data:
        data = EMBEDDED.sub(b"data:,", data)
    if any(sign in data for sign in SIGNS):
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
