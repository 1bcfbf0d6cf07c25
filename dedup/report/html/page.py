"""Views put together to one file that needs nothing else.

Style and script stand inside, under a Content-Security-Policy that lets the page load nothing
and run nothing but that script. Up to `MAX_LIVE_BYTES` the views stand in the document, to be
read without a script too; beyond it each is packed (deflate, base64) and unpacked when it is
opened, so that the overview of a large result does not wait for its details.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dedup._version import __version__
from dedup.phrasing import format_size
from dedup.report.html.filters import FILTERS
from dedup.report.html.safe import finalize

# 1.1 MB of live views open in .4 s, packed in .15 s; 11 MB in 4.3 s, packed in .2 s (decision 25).
MAX_LIVE_BYTES = 1_000_000  # of views
MAX_LIVE_ENTRIES = 60  # of a list, in the document; more come when they are asked for
MAX_PACKED_BYTES = 200_000_000  # of packed views; what does not fit is named and left out
DEFLATE_LEVEL = 6  # of deflate; 9 takes twice the time for 1 % less


@cache
def environment() -> Environment:
    """The templates of the report."""
    return make_environment(PackageLoader("dedup.report.html"))


def make_environment(loader: BaseLoader) -> Environment:
    """Templates from a loader. Whatever they print is cleaned and escaped."""
    templates = Environment(
        loader=loader,
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(FILTERS)
    return templates


def render_template(template: str, **context: Any) -> Markup:
    """A template filled in, without the white space that only indents it."""
    filled = environment().get_template(template).render(**context)
    return Markup("\n".join(line for raw in filled.split("\n") if (line := raw.strip())))


class Entry(NamedTuple):
    """An item of a list: the keys it can be sorted by, what is searched, and its markup."""

    keys: tuple[float, ...]
    search: str
    item: Markup


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be sorted and searched: the items that stand in the document, and all of
    its entries packed where that is not all."""

    id: str
    items: tuple[Markup, ...]
    total: int
    packed: str


def make_listing(id: str, entries: Sequence[Entry]) -> Listing:
    """A list of entries."""
    items = tuple(entry.item for entry in entries[:MAX_LIVE_ENTRIES])
    if len(entries) <= MAX_LIVE_ENTRIES:
        return Listing(id, items, len(entries), "")
    packed = _pack(json.dumps(entries, ensure_ascii=False, separators=(",", ":")))
    return Listing(id, items, len(entries), packed)


@dataclass(slots=True)
class Views:
    """The views behind the first one: live while there is room, packed where there is not."""

    packed: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0
    _waiting: list[tuple[str, Markup]] = field(default_factory=list)
    _room: int = MAX_LIVE_BYTES
    _packed_room: int = MAX_PACKED_BYTES

    def add(self, id: str, view: Markup) -> None:
        """Add a view. All are packed from the moment at which they no longer fit."""
        if self._room > 0:
            self._waiting.append((id, view))
            self._room -= len(view)
            if self._room > 0:
                return
            waiting, self._waiting = self._waiting, []
        else:
            waiting = [(id, view)]
        for name, markup in waiting:
            packed = _pack(markup)
            if len(packed) > self._packed_room:
                self.left_out += 1
                continue
            self._packed_room -= len(packed)
            self.packed.append((name, packed))

    @property
    def named(self) -> list[tuple[str, Markup]]:
        """The views that stand in the document, with their names."""
        return list(self._waiting)

    @property
    def live(self) -> list[Markup]:
        """The views that stand in the document."""
        return [view for _, view in self._waiting]


class Page(NamedTuple):
    """What a document shows: `first` is the view that opens, `views` are those behind it."""

    title: str
    heading: str
    first: Markup
    views: Views
    listings: tuple[Listing, ...] = ()


def document(page: Page) -> str:
    """The page as one file, ending in a newline."""
    style, script = resource("style.css"), resource("report.js")

    fill = partial(
        environment().get_template("page.html").render,
        **page._asdict() | {"listings": [listing for listing in page.listings if listing.packed]},
        policy=policy(style, script),
        style=Markup(style),
        script=Markup(script),
        version=__version__,
    )
    size = len(fill(size="999.9 kB").encode("utf-8", "replace")) + 1
    return fill(size=format_size(size)) + "\n"


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing is loaded, and only these two blocks count."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def resource(name: str) -> str:
    """The style sheet or the script, as it is put into the document."""
    text = files("dedup.report.html").joinpath(name).read_text("utf-8").strip()
    return f"\n{text}\n"


def _digest(block: str) -> str:
    return f"sha256-{b64encode(sha256(block.encode()).digest()).decode()}"


def _pack(text: str) -> str:
    """Text as raw deflate in base64: a browser unpacks it itself, without a library."""
    packer = zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(text.encode("utf-8", "replace")) + packer.flush()
    return b64encode(data).decode()
