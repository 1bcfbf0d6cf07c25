"""Page: views put together to one file that needs nothing else.

Comes in: rendered views and lists. Goes out: an HTML document with its style and script inside,
under a Content-Security-Policy that lets it load nothing and run nothing but that script. Up to
`LIVE` bytes the views stand in the document, to be read without a script too; beyond it each is
packed (deflate, base64) and put up when it is opened, so that the overview of a large result
does not wait for its details. Equal input gives equal bytes.
"""

import json
import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dedup._version import __version__
from dedup.report.html.overview import Entry
from dedup.report.html.safe import finalized

# 1.1 MB of live views open in .4 s, packed in .15 s; 11 MB in 4.3 s, packed in .2 s (decision 25).
LIVE = 1_000_000  # bytes of views
MOST_LIVE = 60  # entries of a list that stand in the document; more come when they are asked for
MOST_PACKED = 200_000_000  # bytes of packed views; what does not fit is named and left out
LEVEL = 6  # of deflate; 9 takes twice the time for 1 % less


@cache
def environment() -> Environment:
    """The templates. Whatever they print is cleaned and escaped."""
    known = Environment(
        loader=PackageLoader("dedup.report.html"),
        autoescape=True,
        finalize=finalized,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known.filters["count"] = lambda number: f"{number:,}"
    return known


def rendered(template: str, **known: Any) -> Markup:
    """A template filled in, without the white space that only indents it."""
    told = environment().get_template(template).render(**known)
    return Markup("\n".join(line for raw in told.split("\n") if (line := raw.strip())))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can be sorted and searched: the entries that stand in the document, and all
    of them packed where that is not all."""

    id: str
    items: tuple[Markup, ...]
    total: int
    packed: str

    @property
    def whole(self) -> bool:
        """Whether every entry stands in the document."""
        return not self.packed


def listing(id: str, told: Iterable[tuple[Entry, Markup]]) -> Listing:
    """A list of entries, each with what it is sorted and searched by."""
    entries = list(told)
    items = tuple(item for _, item in entries[:MOST_LIVE])
    if len(entries) <= MOST_LIVE:
        return Listing(id, items, len(entries), "")
    data = [[entry.keys, entry.search, item] for entry, item in entries]
    packed = _packed(json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    return Listing(id, items, len(entries), packed)


@dataclass(slots=True)
class Views:
    """The views behind the first one: live while there is room, packed where there is not."""

    live: list[Markup] = field(default_factory=list)
    packed: list[tuple[str, str]] = field(default_factory=list)
    left_out: int = 0
    _known: list[tuple[str, Markup]] = field(default_factory=list)
    _room: int = LIVE
    _packed_room: int = MOST_PACKED

    def add(self, id: str, view: Markup) -> None:
        """One view more. All are packed from the moment at which they no longer fit."""
        if self._room > 0:
            self._known.append((id, view))
            self._room -= len(view)
            if self._room > 0:
                return
            waiting, self._known = self._known, []
        else:
            waiting = [(id, view)]
        for name, one in waiting:
            packed = _packed(one)
            if len(packed) > self._packed_room:
                self.left_out += 1
                continue
            self._packed_room -= len(packed)
            self.packed.append((name, packed))

    def close(self) -> None:
        """No more views."""
        self.live = [view for _, view in self._known]


def document(
    title: str, heading: str, first: Markup, views: Views, listings: Sequence[Listing] = ()
) -> str:
    """The whole document, ending in a newline. `first` is the view that opens."""
    views.close()
    style, script = resource("style.css"), resource("report.js")
    known: dict[str, Any] = {
        "title": title,
        "heading": heading,
        "policy": policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
        "first": first,
        "views": views,
        "listings": [one for one in listings if one.packed],
        "version": __version__,
    }
    told = environment().get_template("page.html").render(**known, size="")
    size = len(told.encode("utf-8", "replace")) + len("999.9 kB")
    return environment().get_template("page.html").render(**known, size=in_bytes(size)) + "\n"


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing is loaded, and only these two blocks count."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def in_bytes(size: int) -> str:
    """A size in words.

    >>> in_bytes(148_213), in_bytes(3_450_000)
    ('148 kB', '3.5 MB')
    """
    return f"{size / 1_000:.0f} kB" if size < 999_500 else f"{size / 1_000_000:.1f} MB"


@cache
def resource(name: str) -> str:
    """The style sheet or the script, as it is put into the document."""
    text = files("dedup.report.html").joinpath(name).read_text("utf-8").strip()
    return f"\n{text}\n"


def _digest(block: str) -> str:
    return f"sha256-{b64encode(sha256(block.encode()).digest()).decode()}"


def _packed(text: str) -> str:
    """Text as raw deflate in base64: a browser unpacks it itself, without a library."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = packer.compress(text.encode("utf-8", "replace")) + packer.flush()
    return b64encode(data).decode()
