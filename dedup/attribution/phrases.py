"""Cue phrases: the data of a language made into patterns.

Comes in: data/cues/<language>.toml, in the small grammar that en.toml explains. Goes out: `Cues`,
which say what stands before, behind and inside a source. Patterns are anchored at a source and
bounded, so a hostile text cannot make them run away. English stands in for a language that
has no file.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import regex

from dedup.attribution.outlets import data

# White space within a phrase: a line break counts, an empty line does not.
SPACE = r"[^\S\n]{0,40}(?:\n[^\S\n]{0,40})?(?<=\s)"
OPEN, CLOSE = r"[\"“„«‹»‘‚]", r"[\"”“»›«’‘]"
CAPITALISED = r"(?:(?:\p{Lu}\.){1,4}|\p{Lu}[\p{L}\p{M}\p{N}’'-]{0,30}+)"
# What may stand before a source; "as" needs a verb behind it, "inverted" a comma before it.
PRECEDING = ("published", "before", "as", "told", "citing", "via")
CACHED_WORDS = 1 << 16
LONGEST_CUE = 160  # characters looked at on each side of a source


@dataclass(frozen=True)
class Cues:
    """data/cues/<language>.toml, compiled: what stands before, behind and in a source."""

    before: "regex.Pattern[str]"
    after: "regex.Pattern[str]"
    tail: "regex.Pattern[str]"
    link: "regex.Pattern[str]"
    joined: "regex.Pattern[str]"
    left: "regex.Pattern[str]"
    right: "regex.Pattern[str]"
    openers: "regex.Pattern[str]"
    indefinite: "regex.Pattern[str]"
    related: "regex.Pattern[str]"
    hedges: "regex.Pattern[str]"
    published: "regex.Pattern[str]"
    labels: Callable[[str], tuple[str, ...]]
    nouns: dict[str, "regex.Pattern[str]"]
    trailing: "regex.Pattern[str]"
    countries: "regex.Pattern[str]"


@cache
def cues_of(language: str) -> Cues:
    """The cues of a language; those of English where we have none of it."""
    if not resources.files("dedup").joinpath("data", "cues", f"{language}.toml").is_file():
        language = "en"
    phrases = data(f"cues/{language}.toml")
    p = {key: pattern(value) for key, value in phrases.items() if isinstance(value, list)}
    stop, start = r"(?![\p{L}\p{N}])", r"(?<![\p{L}\p{N}])"
    glued = [a for a in phrases["articles"] if a.endswith("'")]
    spaced = [a for a in phrases["articles"] if not a.endswith("'")]
    article = rf"(?:{start}{pattern(glued)}|{start}{pattern(spaced)}{SPACE})"
    kinds = {kind: pattern(nouns) for kind, nouns in phrases["kinds"].items()}
    any_kind = "|".join(kinds.values())
    demonym = pattern([a for names in phrases["countries"].values() for a in names])
    adjectives = rf"(?:{start}(?:{demonym}|{p['modifiers']})(?:-|{SPACE}))"
    trailing = rf"(?:{SPACE}(?:{demonym}|{p['modifiers']}){stop}){{0,2}}"
    roles, extra = pattern(phrases["people"]["roles"]), pattern(phrases["people"]["modifiers"])
    behind = rf"(?:{SPACE}|(?<=[\s'’(:]))"
    for cue in PRECEDING:
        p[cue] = pattern(_without_articles(phrases[cue], phrases["articles"]))
    preceding = "|".join(rf"{start}(?P<{cue}>{p[cue]}){behind}" for cue in PRECEDING)
    when = rf"(?:,?{SPACE}{p['when']}{stop})?"
    apposition = (
        rf"(?:,{SPACE}(?:(?-i:{CAPITALISED})|{article}|{extra}{SPACE})[^,.;!?\"“”]{{1,90}}+,)"
    )
    nouns = {
        kind: rf"(?r){article}?{adjectives}{{0,4}}(?P<noun>{start}{noun})"
        for kind, noun in kinds.items()
    }
    nouns["media"] = rf"(?r){article}?{adjectives}{{0,4}}{start}{p['media']}"
    nouns["role"] = (
        rf"(?r){article}?(?:{start}(?:{extra}|{demonym}|(?-i:{CAPITALISED})){SPACE}){{0,5}}"
        rf"{start}{roles}"
    )
    return Cues(
        before=compiled(
            rf"(?r)(?:{preceding}"
            rf"|(?<=(?:^|[,;:.\"“”’»)\]–—-])\s{{0,3}})(?P<inverted>{p['inverted']}){behind})"
        ),
        after=compiled(
            rf"(?:['’]s?(?P<reporter>(?:{SPACE}(?-i:{CAPITALISED})){{1,3}}))?"
            rf"(?:{SPACE}\([^()\n]{{1,40}}\))?{apposition}?"
            rf"(?:{SPACE}{p['aux']}){{0,3}}{SPACE}(?:{p['says']}|(?P<thinks>{p['thinks']})){stop}"
            rf"{when}(?:,?{SPACE}{p['that']}{stop})?"
        ),
        tail=compiled(rf"(?:(?:{SPACE})?{p['tail']}{stop}{when}|,?{SPACE}{p['when']}{stop})"),
        link=compiled(rf",?{SPACE}(?:(?P<citing>{p['citing']})|(?P<via>{p['via']})){behind}"),
        joined=compiled(rf"\s?[,/&]\s?|,?{SPACE}{p['and']}{SPACE}|\s?,{SPACE}"),
        left=compiled(
            rf"(?r){article}?{adjectives}{{0,4}}"
            rf"(?:(?P<kind>{start}(?:{any_kind})){trailing},?{SPACE})?(?P<quote>{OPEN})?"
        ),
        right=compiled(rf"(?P<quote>{CLOSE})?(?:{SPACE}(?P<kind>{any_kind}){trailing})?{stop}"),
        indefinite=compiled(rf"{p['indefinite']}(?:{SPACE}|(?<=['’]))"),
        openers=compiled(rf"{p['openers']}{stop}(?:{SPACE}|,{SPACE})"),
        related=regex.compile(
            rf"(?im)^[^\S\n]*{p['related']}[^\S\n]*[:|»›>][^\n]{{0,300}}(?:\n[^\n]{{1,120}}$)?"
        ),
        hedges=compiled(rf"{pattern(phrases['people']['hedges'])}{stop}"),
        published=compiled(
            rf"{p['published']}{SPACE}(?P<name>\p{{L}}[\p{{L}}'’-]*(?:[ ][\p{{L}}'’-]+){{0,5}}+)"
            r"(?=\W{0,3}(?:\n|$))"
        ),
        labels=_labels(
            {label: (False, listed) for label, listed in phrases["kinds"].items()}
            | {"media": (False, phrases["media"]), "role": (False, phrases["people"]["roles"])}
            | {"hedge": (True, phrases["people"]["hedges"])}
            | {"published": (True, phrases["published"])}
        ),
        trailing=compiled(trailing),
        nouns={label: compiled(noun) for label, noun in nouns.items()},
        countries=compiled(
            "|".join(
                rf"{start}(?P<{country}>{pattern(names)}){stop}"
                for country, names in phrases["countries"].items()
            )
        ),
    )


def pattern(phrases: Iterable[str]) -> str:
    """One alternation of phrases, longest first. The grammar stands at the top of en.toml."""
    signs = {
        "(": "(?:(?:", ")": rf"){SPACE})?", "[": "(?:", "]": ")", "|": "|", "*": r"\p{L}{0,12}",
        "…": rf"(?:[^\s.!?]{{1,30}}+{SPACE}){{1,4}}?", " ": SPACE, "_": r"[\p{L}-]{2,25}",
        "'": "['’]", "’": "['’]",
    }  # fmt: skip
    ordered = sorted(phrases, key=lambda phrase: (-_length(phrase), -len(phrase), phrase))
    parts = [
        "".join(signs.get(c) or regex.escape(c) for c in regex.sub(r"(?<=[)…])\s", "", phrase))
        for phrase in ordered
    ]
    return f"(?:{'|'.join(parts)})" if parts else "(?!)"


def _length(phrase: str) -> int:
    """In words; a list of alternatives counts as one."""
    words: str = regex.sub(r"\[[^\[\]]*\]|\([^()]*\)", "x", phrase)
    return words.count(" ")


def _without_articles(phrases: list[str], articles: list[str]) -> Iterator[str]:
    """The phrases, and those that end in an article without it: it may belong to the source."""
    for phrase in phrases:
        yield phrase
        last = regex.search(r" (\[[^\[\]]*\]|[^\s\[\]]+)$", phrase)
        if last and {*last.group(1).strip("[]").split("|")} & {*articles}:
            yield phrase[: last.start()]


def compiled(expression: str) -> "regex.Pattern[str]":
    """A pattern to which case does not matter."""
    return regex.compile(expression, regex.IGNORECASE)


def _labels(phrases: dict[str, tuple[bool, list[str]]]) -> Callable[[str], tuple[str, ...]]:
    """A function from a word to the labels of the lists that have a phrase ending in it.

    A list that is marked so is told by the first words of its phrases instead.
    """
    edges = {
        label: compiled("|".join(_edges(listed, last=not first)))
        for label, (first, listed) in phrases.items()
    }

    @lru_cache(maxsize=CACHED_WORDS)
    def labels(word: str) -> tuple[str, ...]:
        return tuple(label for label, edge in edges.items() if edge.fullmatch(word))

    return labels


def _edges(phrases: list[str], last: bool) -> Iterator[str]:
    """The patterns of the last or the first words of `phrases`."""
    edge = regex.compile(r"(?:\[[^\[\]]*\]|[^\s\[\]()-]+)" + ("$" if last else ""))
    for phrase in phrases:
        found = edge.search(phrase)
        for words in found.group().strip("[]").split("|") if found else ():
            yield pattern([words.split()[-1 if last else 0]])
