"""Outlets: the list of newspapers, broadcasters, agencies and sites, by name and by domain.

Comes in: data/outlets.toml. Goes out: the outlet of a name, a domain or an address. A name in
running text is found by its first two words, so the length of the list costs nothing.
It does not read articles.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import regex

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Outlet:
    """A listed outlet: its canonical name, what it is (`agency`, `newspaper` …) and where."""

    name: str
    kind: str
    country: str


@dataclass(frozen=True)
class Directory:
    """data/outlets.toml: outlets by their first two words, by name and by domain, folded."""

    by_words: dict[tuple[str, ...], list[tuple[tuple[str, ...], Outlet, bool]]]
    by_name: dict[str, Outlet]
    by_domain: dict[str, Outlet]
    shape: "regex.Pattern[str]"
    site: "regex.Pattern[str]"
    platforms: frozenset[str]


def canonical(name: str) -> str:
    """The canonical name of an outlet, from any of its names or domains; else `name`, trimmed.

    >>> canonical("the Moscow Times"), canonical("www.zdf.de")
    ('The Moscow Times', 'ZDF')
    """
    plain = " ".join(name.split()).strip("\"“”„«»'‘’ ")
    outlet = listed(plain) or (by_host(plain) if "." in plain else None)
    return outlet.name if outlet else plain


def listed(name: str) -> Outlet | None:
    """The outlet that goes by `name`."""
    folded = name.casefold()
    names = directory().by_name
    return names.get(folded) or names.get(folded.removeprefix("the "))


def by_host(address: str) -> Outlet | None:
    """The outlet of a host name, tried label by label: edition.cnn.com, then cnn.com."""
    labels = host(address).split(".")
    domains = (".".join(labels[i:]) for i in range(len(labels) - 1))
    return next((o for d in domains if (o := directory().by_domain.get(d))), None)


def host(address: str) -> str:
    """The host of a web address, without "www."; empty if it has none."""
    try:
        name = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:  # "http://[broken"
        return ""
    return name.removeprefix("www.")


def data(path: str) -> dict[str, Any]:
    """A TOML file of the package's data folder."""
    return tomllib.loads(resources.files("dedup").joinpath("data", path).read_text("utf-8"))


@cache
def directory() -> Directory:
    """data/outlets.toml, read once."""
    entries_of = data("outlets.toml")
    shapes = entries_of.pop("shapes")
    by_words: dict[tuple[str, ...], list[tuple[tuple[str, ...], Outlet, bool]]] = defaultdict(list)
    by_name: dict[str, Outlet] = {}
    by_domain: dict[str, Outlet] = {}
    for kind, by_country in entries_of.items():
        for country, entries in by_country.items():
            for name, others in entries.items():
                outlet = Outlet(name, kind, country)
                names = [item.strip() for item in others.split(",") if item.strip()]
                if f"~{name}" not in names:
                    names.append(name)
                if name.startswith("The ") and name.count(" ") > 1:
                    names.append(name.removeprefix("The "))
                for item in names:
                    if "." in item and " " not in item and item == item.lower():
                        by_domain.setdefault(item, outlet)
                    else:
                        alias = item.removeprefix("~")
                        by_name.setdefault(alias.casefold(), outlet)
                        by_name.setdefault(alias.casefold().removeprefix("the "), outlet)
                        parts = tuple(WORD.findall(alias))
                        first_two = tuple(part.casefold() for part in parts[:2])
                        by_words[first_two].append((parts, outlet, item[0] == "~"))
    for found in by_words.values():
        found.sort(key=lambda entry: -len(entry[0]))
    last, first = "|".join(shapes["last"]), "|".join(shapes["first"])
    endings = "|".join(shapes["domains"])
    return Directory(
        dict(by_words),
        by_name,
        by_domain,
        regex.compile(rf"(?:^|[\s-])(?:{last})$|^(?:{first})\s"),
        regex.compile(
            rf"(?<![\p{{L}}\p{{N}}@./:-])([\p{{L}}\p{{N}}-]{{2,40}}+\.(?:co\.|com\.)?(?i:{endings}))"
            r"(?![\p{L}\p{N}@/-]|\.\p{L})"
        ),
        frozenset(shapes["platforms"]),
    )
