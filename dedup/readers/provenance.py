"""Provenance: what a file says of where its article comes from, in one vocabulary.

Comes in: what each format calls these things. Goes out: entries for `Article.extra` under the
names below, so that derivation and a report need not know of formats. It believes nothing:
what a file says of itself is evidence, and is weighed elsewhere.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

# How items call what they refer to: ninjs by roles and names, NewsML-G2 by the codes of links.
EARLIER = re.compile("previous|earlier|evolved|replaces|updates|isversionof|corrects|original")
SOURCE = re.compile("source|based|derived|translat|rewrit")

Sure = Literal["stated", "implied", "guessed"]

MOST = 500  # entries of a list: what is longer is a mistake or an attack
LONGEST = 2_000  # characters of an entry


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says of its article's origin; what it does not say is None or empty.

    `dated_by` names the field that the date comes from, and `dated` how sure it is: `stated`
    as the publication, `implied` by another date (of a version, of the file), `guessed` from
    an address. `canonical` is the address that the page calls its own, where it was found at
    another. `based_on` are addresses or ids of what it was made from, `earlier` those of
    earlier versions of itself, `also` further ids of its own. `sources` and `provider` are
    organisations: who the report is from, who sent it. `hops` says through whose hands it
    went. `links` are the addresses in its text, `note` a word to editors.
    """

    dated_by: str | None = None
    dated: Sure | None = None
    canonical: str | None = None
    based_on: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    provider: str | None = None
    credit: str | None = None
    rights: str | None = None
    hops: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    note: str | None = None

    def extra(self) -> dict[str, Any]:
        """What is known, as entries for `Article.extra`."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


def is_earlier(role: str) -> bool:
    """Whether what is referred to by this role is an earlier version."""
    return EARLIER.search(role.lower()) is not None


def is_source(role: str) -> bool:
    """Whether what is referred to by this role was taken from."""
    return SOURCE.search(role.lower()) is not None and not is_earlier(role)


def several(values: Iterable[Any]) -> tuple[str, ...]:
    """The strings among `values`, on one line each, every one once and none endless."""
    found: dict[str, None] = {}
    for value in values:
        short = line(value)
        if short and len(found) < MOST:
            found[short] = None
    return tuple(found)


def line(value: Any) -> str | None:
    """A string on one line, None for what is none or holds nothing."""
    if not isinstance(value, str):
        return None
    return " ".join(value[: 4 * LONGEST].split())[:LONGEST] or None


def addresses(values: Iterable[Any]) -> tuple[str, ...]:
    """The web addresses among `values`, every one once, without what stands behind a #."""
    lines = several(values)
    return several(
        one.partition("#")[0] for one in lines if one.startswith(("http://", "https://"))
    )


def host(address: str | None) -> str:
    """The host of an address without "www.", "" if it has none.

    >>> host("https://www.example.org/a"), host("http://[broken")
    ('example.org', '')
    """
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def credible(moment: date | None) -> date | None:
    """The date, unless it can be none of an article's: older than any newspaper, or of a
    century to come."""
    return moment if moment is not None and 1600 <= moment.year < 2100 else None


def first(record: Mapping[str, Any], *names: str) -> Any:
    """The first value under `names` that is not empty; None if none is."""
    return next((record[name] for name in names if record.get(name)), None)
