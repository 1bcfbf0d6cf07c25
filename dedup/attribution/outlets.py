"""Outlets: look up newspapers, broadcasters, agencies and sites by name, domain or address.

The list is data/outlets.toml. A name in running text is found by its first two words, so the
length of the list costs nothing. This module does not read articles.
"""

import os
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import regex

from dedup.article import Article

OWN_LIST = "DEDUP_OUTLETS"  # names a TOML file whose [outlets] are known besides
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
# Articles of names that running text contracts: "al Messaggero", "du Monde".
ROMANCE = ("Il ", "La ", "Le ", "Les ", "El ", "L'", "O ")
SECOND_LEVEL = ("co", "com", "org", "net")  # before a country: "co.uk"
ARTICLE = regex.compile(r"^[Tt]he (?=\S)")
MIN_LETTERS = 7  # of a name that is known by its domain; shorter ones are ordinary words
STEM = 3  # letters by which the stem of an inflected name is looked up


@dataclass(frozen=True, slots=True)
class Outlet:
    """A listed outlet: its canonical name, what it is (`agency`, `newspaper` …) and where."""

    name: str
    kind: str
    country: str


UNKNOWN = Outlet("", "", "")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an outlet: its words, and when it counts in running text.

    An `ambiguous` name ("~Focus") is also an ordinary word: it counts in quotation marks or
    beside a word that says what it is. A `foreign` one ("+Sun") has lost its "the" and needs
    another language's article. The words of an `inflected` one ("Коммерсант*") are stems. A
    name without an outlet ("American Express") is not to be taken for one.
    """

    words: tuple[str, ...]
    outlet: Outlet | None
    ambiguous: bool = False
    foreign: bool = False
    inflected: bool = False


@dataclass(frozen=True)
class Directory:
    """data/outlets.toml: names by their first word, outlets by name and by domain."""

    names: dict[str, list[tuple[str, Outlet | None]]]  # as listed, by the first word
    stems: dict[str, list[Name]]  # inflected names, by their first letters
    by_name: dict[str, Outlet | None]
    by_domain: dict[str, Outlet]
    shape: "regex.Pattern[str]"
    site: "regex.Pattern[str]"
    platforms: frozenset[str]
    unspaced: frozenset[str]  # names that stand without a space in East Asian text
    unspaced_words: frozenset[str]  # … and that are ordinary words as well
    by_letters: dict[str, Outlet]  # by the letters alone: "theepochtimes"


def canonical_name(name: str) -> str:
    """The canonical name of an outlet, from any of its names or domains; else `name`, trimmed.

    >>> canonical_name("the Moscow Times"), canonical_name("www.zdf.de")
    ('The Moscow Times', 'ZDF')
    """
    plain = " ".join(name.split()).strip("\"“”„«»'‘’ ")
    outlet = find_outlet(plain) or (find_outlet_by_host(plain) if "." in plain else None)
    return outlet.name if outlet else ARTICLE.sub("", plain)


def outlet_key(name: str) -> str:
    """What the names of one outlet have in common, whether a list knows it or not: the letters of
    its canonical name.

    >>> outlet_key("the North Sea Press Agency") == outlet_key("northseapressagency.com")
    True
    """
    canonical = canonical_name(name)
    if "." in canonical and " " not in canonical:  # an unlisted domain
        canonical = label_of(canonical)
    return letters_of(canonical).removeprefix("the")


def outlet_keys(article: Article) -> frozenset[str]:
    """The keys (see `outlet_key`) by which an article's outlet may be called: those of its
    publisher and its address."""
    names = (article.publisher, host_of(article.url or ""))
    return frozenset(key for name in names if name and (key := outlet_key(name)))


def names_same_outlet(name: str, article: Article) -> bool:
    """Whether `name`, such as an attribution's, is that of the outlet that published `article`."""
    return outlet_key(name) in outlet_keys(article)


def find_outlet(name: str) -> Outlet | None:
    """The listed outlet that goes by `name`."""
    folded = name.casefold()
    names = load_directory().by_name
    return names.get(folded) or names.get(folded.removeprefix("the "))


def is_agency(name: str) -> bool:
    """Whether `name` is that of a listed news agency."""
    outlet = find_outlet(name)
    return outlet is not None and outlet.kind == "agency"


def is_no_outlet(name: str) -> bool:
    """Whether `name` is listed as that of no outlet, however it sounds."""
    return load_directory().by_name.get(name.casefold(), UNKNOWN) is None


def find_outlet_by_host(address: str) -> Outlet | None:
    """The outlet of a host name, tried label by label: edition.cnn.com, then cnn.com; else one
    that spells its name: epochtimes.com."""
    labels = host_of(address).split(".")
    domains = (".".join(labels[i:]) for i in range(len(labels) - 1))
    listed = next((o for d in domains if (o := load_directory().by_domain.get(d))), None)
    return listed or load_directory().by_letters.get(letters_of(label_of(".".join(labels))))


def label_of(host: str) -> str:
    """The label of a host that is its owner's: "ferry-times" of news.ferry-times.co.uk."""
    labels = host.split(".")[:-1]
    return next((label for label in reversed(labels) if label not in SECOND_LEVEL), "")


def letters_of(name: str) -> str:
    """A name as a domain spells it: "theepochtimes"."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def host_of(address: str) -> str:
    """The host of a web address, without "www."; empty if it has none."""
    try:
        name = urlsplit(address if "://" in address else f"//{address}").hostname or ""
    except ValueError:  # "http://[broken"
        return ""
    return name.removeprefix("www.")


def load_toml(path: str) -> dict[str, Any]:
    """A TOML file of the package's data folder."""
    return tomllib.loads(resources.files("dedup").joinpath("data", path).read_text("utf-8"))


def load_own_list() -> dict[str, Any]:
    """The outlets that the user's own file adds, in the shape of data/outlets.toml."""
    path = os.environ.get(OWN_LIST)
    if not path:
        return {}
    with open(path, "rb") as file:
        return {"outlet": {"": tomllib.load(file).get("outlets", {})}}


@cache
def load_directory() -> Directory:
    """data/outlets.toml and the user's own outlets before it, read once."""
    lists = load_toml("outlets.toml")
    shapes = lists.pop("shapes")
    own = load_own_list()
    names: dict[str, list[tuple[str, Outlet | None]]] = defaultdict(list)
    stems: dict[str, list[Name]] = defaultdict(list)
    by_name: dict[str, Outlet | None] = {}
    by_domain: dict[str, Outlet] = {}
    unspaced: set[str] = set()
    unspaced_words: set[str] = set()
    by_letters: dict[str, Outlet] = {}
    listed = iterate_names(lists, shapes["ordinary"])
    for item, outlet in chain(iterate_names(own, shapes["ordinary"]), listed):
        if "." in item and outlet and " " not in item and item == item.lower():
            by_domain.setdefault(item, outlet)
            continue
        acronym = outlet is not None and item.isascii() and item.isupper() and item.isalpha()
        if outlet and (acronym or EAST_ASIAN.search(item)):
            (unspaced if item[0] != "~" else unspaced_words).add(item.lstrip("~"))
        folded = item.lstrip("~+").casefold()
        first, _, _ = folded.partition(" ")
        if not first.isalnum():
            first = WORD.findall(first)[0]
        if "*" in item:
            stems[first[:STEM]].append(parse_name(item, outlet))
            continue
        names[first].append((item, outlet))
        letters = letters_of(item)
        if item[0] not in "+~" and outlet and len(letters) >= MIN_LETTERS:
            by_letters.setdefault(letters, outlet)
            by_letters.setdefault(letters.removeprefix("the"), outlet)
        if item[0] != "+":
            by_name.setdefault(folded, outlet)
            by_name.setdefault(folded.removeprefix("the "), outlet)
    for entries in stems.values():
        entries.sort(key=lambda name: -len(name.words))
    last, first = "|".join(shapes["last"]), "|".join(shapes["first"])
    endings = "|".join(shapes["domains"])
    return Directory(
        dict(names),
        dict(stems),
        by_name,
        by_domain,
        regex.compile(rf"(?:^|[\s-])(?<!\bder )(?:{last})$|^(?:{first})\s"),
        regex.compile(
            rf"(?<![\p{{L}}\p{{N}}@./:-])([\p{{L}}\p{{N}}-]{{2,40}}+\.(?:co\.|com\.)?(?i:{endings}))"
            r"(?![\p{L}\p{N}@/-]|\.\p{L})"
        ),
        frozenset(shapes["platforms"]),
        frozenset(unspaced),
        frozenset(unspaced_words),
        by_letters,
    )


def iterate_names(
    lists: Mapping[str, Any], ordinary: Collection[str]
) -> Iterator[tuple[str, Outlet | None]]:
    """Every name and domain of the list with its outlet; those of [none] with none. `ordinary`
    names are never used without their article."""
    for kind, countries in lists.items():
        for country, entries in countries.items():
            for name, items in entries.items():
                outlet = None if kind == "none" else Outlet(name, kind, country)
                yield from ((item, outlet) for item in items)
                if f"~{name}" not in items:
                    yield name, outlet
                if name.startswith("The ") and name.count(" ") > 1:
                    yield name.removeprefix("The "), outlet
                elif name.startswith(ROMANCE) and name not in ordinary and f"~{name}" not in items:
                    yield f"+{name.replace(chr(39), ' ').partition(' ')[2]}", outlet


@cache
def names_beginning_with(first: str) -> dict[str, list[Name]]:
    """The names that begin with a folded word, by their second word; longest first."""
    by_second: dict[str, list[Name]] = defaultdict(list)
    for item, outlet in load_directory().names[first]:
        name = parse_name(item, outlet)
        by_second[name.words[1].casefold() if len(name.words) > 1 else ""].append(name)
    for entries in by_second.values():
        entries.sort(key=lambda name: -len(name.words))
    return dict(by_second)


def parse_name(item: str, outlet: Outlet | None) -> Name:
    """A name as the list has it ("~Focus", "+Sun", "Коммерсант*")."""
    return Name(tuple(WORD.findall(item)), outlet, item[0] == "~", item[0] == "+", "*" in item)
