"""Provenance: what a file says about the origin of its article, in one vocabulary.

Each format has its own names for these things. Readers translate them into a `Provenance`, which
ends up in `Article.extra`, so that derivation and reports need not know formats. Nothing here is
judged: what a file says of itself is evidence, which is weighed elsewhere.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from dedup.readers.dates import DateBasis

# How items call what they refer to: ninjs by roles and names, NewsML-G2 by the codes of links.
EARLIER = re.compile("previous|earlier|evolved|replaces|updates|isversionof|corrects|original")
SOURCE = re.compile("source|based|derived|translat|rewrit")

BEFORE_HOST = re.compile(r"https?://(?:www\.)?")
MAX_ENTRIES = 500  # of a list: a longer one is a mistake or an attack
MAX_LENGTH = 2_000  # characters of an entry


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says about the origin of its article; None or empty where it says nothing.

    `dated_by` names the field that the date comes from, and `dated` how reliable that is:
    `stated` as the publication, `implied` by another date (of a version, of the file),
    `guessed` from an address. `modified` is when this version was made. `canonical` is the
    address that the page gives as its own, where it was found at another. `based_on` are
    addresses or ids of what it was made from, `earlier` those of its earlier versions, `also`
    further ids of its own. `sources` and `provider` are organisations: who the report is from,
    who sent it. `hops` are the stations it passed through. `links` are the addresses in its
    text, `note` a note to editors.
    """

    dated_by: str | None = None
    dated: DateBasis | None = None
    modified: str | None = None
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
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}


def sort_by_role(
    references: Iterable[tuple[str, Any]],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What an article refers to, by the roles: earlier versions, sources, and the rest.

    >>> sort_by_role([("irel:derivedFrom", "urn:take:1"), ("previousVersion", "urn:koksan:1")])
    (('urn:koksan:1',), ('urn:take:1',), ())
    """
    earlier: list[Any] = []
    sources: list[Any] = []
    rest: list[Any] = []
    for role, reference in references:
        role = role.lower()
        kind = earlier if EARLIER.search(role) else sources if SOURCE.search(role) else rest
        kind.append(reference)
    return clean_list(earlier), clean_list(sources), clean_list(rest)


def clean_list(values: Iterable[Any]) -> tuple[str, ...]:
    """The distinct strings among `values`, each on one line, up to `MAX_ENTRIES`."""
    distinct = dict.fromkeys(entry for value in values if (entry := one_line(value)))
    return tuple(islice(distinct, MAX_ENTRIES))


def one_line(value: Any) -> str | None:
    """A string on one line; None if it is empty or no string."""
    if not isinstance(value, str):
        return None
    return " ".join(value[: 4 * MAX_LENGTH].split())[:MAX_LENGTH] or None


def web_addresses(values: Iterable[Any]) -> tuple[str, ...]:
    """The distinct web addresses among `values`, without what follows a #."""
    return clean_list(
        entry.partition("#")[0]
        for entry in clean_list(values)
        if entry.startswith(("http://", "https://"))
    )


def bare_address(name: str) -> str:
    """An address or an id without scheme, "www.", fragment and last slash.

    >>> bare_address("https://www.example.org/a/#top")
    'example.org/a'
    """
    return BEFORE_HOST.sub("", name.strip().partition("#")[0]).rstrip("/")


def host(address: str | None) -> str:
    """The host of an address without "www.", "" if it has none.

    >>> host("https://www.example.org/a"), host("http://[broken")
    ('example.org', '')
    """
    try:
        return (urlsplit(address or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are on one site: on one host, or on a part of it.

    >>> same_site("https://amp.example.org/a", "https://www.example.org/a")
    True
    """
    first, second = host(one), host(other)
    return (
        first == second or f".{first}".endswith(f".{second}") or f".{second}".endswith(f".{first}")
    )


def first_value(record: Mapping[str, Any], *names: str) -> Any:
    """The first value under `names` that is not empty; None if all are."""
    return next((record[name] for name in names if record.get(name)), None)


def strings_in(value: Any, *names: str) -> tuple[str, ...]:
    """The strings in a value or a list; for a record, the first of its fields `names`.

    >>> strings_in([{"name": "AP"}, "Reuters", None], "name", "url")
    ('AP', 'Reuters')
    """
    parts = value if isinstance(value, list) else [value]
    return clean_list(
        first_value(part, *names) if isinstance(part, Mapping) else part for part in parts
    )
