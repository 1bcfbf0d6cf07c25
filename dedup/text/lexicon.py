"""The number words, scales, months and units of a language, from data/numbers.toml.

Spellings are folded as words are. Languages that write numbers as one word
(zweiundzwanzigtausend, ventimila) get those words made from their parts. `dedup.text.numbers`
reads numbers with them.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

CURRENCIES = frozenset("$€£¥")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The number words of one language, folded.

    `decimal` is the mark before decimals; `spaced` whether thousands may be set apart by a space;
    `words` have a value of their own, `scales` multiply what stands before them; `linking`
    words stand inside a number ("and"), `between` words inside a date ("26 de março");
    `openers` is all that a number or date can begin with.
    """

    decimal: str
    spaced: bool
    words: dict[str, int]
    scales: dict[str, int]
    months: dict[str, int]
    units: dict[str, str]
    linking: frozenset[str]
    between: frozenset[str]
    openers: frozenset[str]


@cache
def load_lexicon(language: str) -> Lexicon:
    """The number words of `language`; English where there are none."""
    data = load_data()
    entry = data.get(language, data["en"])
    words = add_compounds(entry)
    units = [*data["units"].items(), *entry.get("units", {}).items()]
    months = {name: i + 1 for i, names in enumerate(entry["months"]) for name in names}
    return Lexicon(
        decimal=entry["decimal"],
        spaced=entry.get("spaced", False),
        words=words,
        scales=entry["scales"],
        months=months,
        units={spelling: unit for unit, spellings in units for spelling in spellings},
        linking=frozenset(entry["linking"]),
        between=frozenset(entry["between"]),
        openers=frozenset(words).union(months, CURRENCIES, (word.split()[0] for word in words)),
    )


@cache
def load_data() -> dict[str, Any]:
    """What data/numbers.toml says, by language."""
    return tomllib.loads(resources.files("dedup").joinpath("data/numbers.toml").read_text("utf-8"))


def add_compounds(entry: dict[str, Any]) -> dict[str, int]:
    """The entry's words, and those written as one: units before tens, then the scales.

    `joint` is what stands between unit and ten (fünf-und-zwanzig), `glued` the scales that
    are written to the number before them (zwanzig-tausend).
    """
    words: dict[str, int] = dict(entry["words"])
    if joint := entry.get("joint"):
        units = {word: value for word, value in words.items() if 1 <= value <= 9}
        tens = {word: value for word, value in words.items() if 20 <= value <= 90}
        for (unit, value), (ten, tens_value) in product(units.items(), tens.items()):
            words[unit + joint + ten] = tens_value + value
    for scale, factor in entry.get("glued", {}).items():
        for word, value in list(words.items()):
            if 1 <= value < min(factor, 1000):
                words[word + scale] = value * factor
    return words
