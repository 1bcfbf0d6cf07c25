"""Cue phrases: the data of a language made into patterns.

Comes in: data/cues/<language>.toml, in the small grammar that en.toml explains. Goes out: `Cues`,
which say what stands before, behind and inside a source. Patterns are anchored at a source and
bounded, so a hostile text cannot make them run away. English stands in for a language that
has no file.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

import regex

from dedup.attribution.outlets import data

# White space within a phrase: a line break counts, an empty line does not.
SPACE = r"[^\S\n]{0,40}(?:\n[^\S\n]{0,40})?(?<=\s)"
OPEN, CLOSE = r"[\"“„«‹»‘‚]", r"[\"”“»›«’‘]"
CAPITALISED = r"(?:(?:\p{Lu}\.){1,4}|\p{Lu}[\p{L}\p{M}\p{N}’'-]{0,30}+)"
# What may stand before a source; "as" needs a verb behind it, "inverted" a comma before it.
PRECEDING = ("published", "before", "as", "told", "citing", "via")
WORD_OR_STEM = regex.compile(r"[\p{L}\p{M}\p{N}]+\*?|[_…]")
ANYBODY = ("published", "before", "as", "inverted")  # the lists that go with informants too
CACHED_WORDS = 1 << 16
START_OF_PART = r"(?<=(?:^|[,;:.\"“”’»)\]–—-])\s{0,3})"  # before "reports the Mirror"
LONGEST_CUE = 160  # characters looked at on each side of a source


@dataclass(frozen=True)
class Cues:
    """data/cues/<language>.toml, compiled: what stands before, behind and in a source."""

    before: Callable[[str, bool], "regex.Pattern[str] | None"]  # by the last word before a source
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
    telling: "regex.Pattern[str]"
    to: "regex.Pattern[str]"
    addressed: "regex.Pattern[str]"
    follows: Callable[[str], bool]  # whether a word may begin `after` …
    opens: Callable[[str], bool]  # … or `openers`: a cheap first look
    of: Callable[[str], bool]  # between "a spokesman" and "the BBC"
    announces: "regex.Pattern[str]"
    labels: Callable[[str], tuple[str, ...]]
    nouns: dict[str, "regex.Pattern[str]"]
    weak: "regex.Pattern[str]"
    trailing: "regex.Pattern[str]"
    countries: "regex.Pattern[str]"
    foreign: bool  # to English, whose "the Sun" is "le Sun" elsewhere
    inflects: bool  # names too: «Коммерсанту»


@cache
def load_cues(language: str) -> Cues:
    """The cues of a language; those of English where we have none of it."""
    if not resources.files("dedup").joinpath("data", "cues", f"{language}.toml").is_file():
        language = "en"
    phrases = data(f"cues/{language}.toml")
    p = {key: pattern(value) for key, value in phrases.items() if isinstance(value, list)}
    stop, start = r"(?![\p{L}\p{N}])", r"(?<![\p{L}\p{N}])"
    glued = [a for a in phrases["articles"] if a.endswith("'")]
    spaced = [a for a in phrases["articles"] if not a.endswith("'")]
    article = rf"(?:{start}{pattern(glued)}|{start}{pattern(spaced)}{SPACE})"
    weak = {noun[1:] for nouns in phrases["kinds"].values() for noun in nouns if noun[0] == "~"}
    phrases["kinds"] = {k: [n.removeprefix("~") for n in v] for k, v in phrases["kinds"].items()}
    kinds = {kind: pattern(nouns) for kind, nouns in phrases["kinds"].items()}
    any_kind = "|".join(kinds.values())
    demonym = pattern([a for names in phrases["countries"].values() for a in names])
    adjectives = rf"(?:{start}(?:{demonym}|{p['modifiers']})(?:-|{SPACE}))"
    trailing = rf"(?:{SPACE}(?:{demonym}|{p['modifiers']}){stop}){{0,2}}"
    roles, extra = pattern(phrases["people"]["roles"]), pattern(phrases["people"]["modifiers"])
    behind = rf"(?:{SPACE}|(?<=[\s'’(:]))"
    apart = "" if phrases["appositions"] else ","  # may stand between "said" and "to Reuters"
    leading = {cue: [*_without_articles(phrases[cue], phrases["articles"])] for cue in PRECEDING}
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
        before=_before(leading | {"inverted": phrases["inverted"]}, start, behind),
        after=compiled(
            rf"(?:['’]s?(?P<reporter>(?:{SPACE}(?-i:{CAPITALISED})){{1,3}}))?"
            rf"(?:{SPACE}\([^()\n]{{1,40}}\))?{apposition}?"
            rf"(?:{SPACE}{p['aux']}){{0,3}}{SPACE}(?:{p['says']}|(?P<thinks>{p['thinks']})){stop}"
            rf"{when}(?:,?{SPACE}{p['that']}{stop})?"
        ),
        tail=compiled(rf"(?:(?:{SPACE})?{p['tail']}{stop}{when}|,?{SPACE}{p['when']}{stop})"),
        link=compiled(
            rf",?{SPACE}(?:(?P<citing>{p['citing']})"
            rf"|(?P<via>{p['via']}|{p['by_way']})){behind}"
        ),
        joined=compiled(rf"\s?[,/&]\s?|,?{SPACE}{p['and']}{SPACE}|\s?,{SPACE}"),
        left=compiled(
            rf"(?r){article}?{adjectives}{{0,4}}"
            rf"(?:(?P<kind>{start}(?:{any_kind})){trailing},?{SPACE})?(?P<quote>{OPEN})?"
        ),
        right=compiled(
            rf"(?P<quote>{CLOSE})?(?:(?:{SPACE}|-)(?P<kind>{any_kind}){trailing})?{stop}"
        ),
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
        telling=compiled(
            rf"(?r){start}{p['telling']}{SPACE}"
            rf"(?:[^\s.!?:;…\"“”„«»(){apart}]{{1,30}}+{SPACE}){{0,12}}?"
        ),
        to=compiled(rf"(?r){start}{p['to']}{behind}"),
        addressed=compiled(rf"{p['addressed']}(?:(?<=['’])|{stop})"),
        follows=_one_of(_starts([*phrases["aux"], *phrases["says"], *phrases["thinks"]])),
        opens=_one_of(_starts(phrases["openers"])),
        of=_one_of(phrases["of"]),
        announces=compiled(rf"{start}{p['announces']}{stop}"),
        labels=_labels(
            {label: (False, listed) for label, listed in phrases["kinds"].items()}
            | {"media": (False, phrases["media"]), "role": (False, phrases["people"]["roles"])}
            | {"hedge": (True, phrases["people"]["hedges"])}
            | {"published": (True, phrases["published"])}
        ),
        weak=compiled(pattern(weak)),
        trailing=compiled(trailing),
        nouns={label: compiled(noun) for label, noun in nouns.items()},
        countries=compiled(
            "|".join(
                rf"{start}(?P<{country}>{pattern(names)}){stop}"
                for country, names in phrases["countries"].items()
            )
        ),
        foreign=language != "en",
        inflects=phrases["inflects"],
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


def _before(
    phrases: dict[str, list[str]], start: str, behind: str
) -> Callable[[str, bool], "regex.Pattern[str] | None"]:
    """A function from the last word before a source, and whether that is an outlet, to the
    pattern of the phrases that end in it, a group for each list: so that only a few of many
    phrases are tried, or compiled."""
    ending: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for cue, listed in phrases.items():
        for phrase in listed:
            for word in _ends(phrase):
                ending[word.casefold()].append((cue, phrase))
    stems = [word for word in ending if word[-1] in "*_…"]

    @cache
    def joined(words: tuple[str, ...], outlet: bool) -> "regex.Pattern[str] | None":
        by_cue: dict[str, set[str]] = {cue: set() for cue in phrases if outlet or cue in ANYBODY}
        for cue, phrase in chain.from_iterable(ending[word] for word in words):
            if cue in by_cue:
                by_cue[cue].add(phrase)
        groups = [
            (START_OF_PART if cue == "inverted" else start) + f"(?P<{cue}>{pattern(some)}){behind}"
            for cue, some in by_cue.items()
            if some
        ]
        return compiled(f"(?r)(?:{'|'.join(groups)})") if groups else None

    @lru_cache(maxsize=CACHED_WORDS)
    def before(word: str, outlet: bool) -> "regex.Pattern[str] | None":
        folded = word.casefold()
        words = [stem for stem in stems if folded.startswith(stem.rstrip("*_…"))]
        if folded in ending:
            words.append(folded)
        return joined(tuple(words), outlet) if words else None

    return before


def _ends(phrase: str) -> Iterator[str]:
    """The last words of a phrase, "*" and all; an optional part may be missing."""
    found = regex.search(r"(?:\(([^()]*)\)|\[([^\[\]]*)\]|(\S+))\s*$", phrase)
    if found:
        for part in (found[1] or found[2] or found[3]).split("|"):
            yield WORD_OR_STEM.findall(part)[-1]
        if found[1]:
            yield from _ends(phrase[: found.start()])


def _starts(phrases: Iterable[str]) -> Iterator[str]:
    """The first words of phrases, "*" and all; an optional part may be missing."""
    for phrase in phrases:
        found = regex.match(r"\s*(?:\(([^()]*)\)|\[([^\[\]]*)\]|(\S+))", phrase)
        if found:
            for part in (found[1] or found[2] or found[3]).split("|"):
                yield WORD_OR_STEM.findall(part)[0]
            if found[1]:
                yield from _starts([phrase[found.end() :]])


def _one_of(words: Iterable[str]) -> Callable[[str], bool]:
    """A function that says whether a word, in any case, is one of `words` ("*": any ending)."""
    stems = {word.casefold() for word in words}
    plain = frozenset(word for word in stems if word[-1] not in "*_…")
    if any(word[-1] in "_…" for word in stems):
        return lambda _: True
    beginnings = tuple(word[:-1] for word in stems - plain)
    return lambda word: (folded := word.casefold()) in plain or folded.startswith(beginnings)


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
