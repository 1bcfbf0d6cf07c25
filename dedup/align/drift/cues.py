"""The words that signal a hedge, an attribution or a negation ("reportedly", "said", "not").

They are data (data/drift.toml). Words are looked up folded, as everywhere, but German "konnte"
(was able to) is not "könnte" (might): a cue is spelled with its accents, and a word that has
none stands for it only if the plain spelling is no word of its own that is about as common
(wordfreq). What stands inside a name or a date is no cue: a month, a Mrs May.
"""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import repeat
from typing import Any

from dedup.align.drift.pairing import once_per_sentence
from dedup.text import Sentence, Text, Token
from dedup.text.words import split_words

CUE_KINDS = ("hedge", "attribution", "negation", "not_a_cue")
# The lists of words that answer a cue of each kind.
ANSWERS = {"hedge": "softener", "attribution": "attributing", "negation": "negative"}
# A plain spelling this much rarer (a factor of ten) is only a sloppy way to write the other.
MIN_RARER = 1.0

Cue = tuple[int, int, frozenset[str]]  # first word, after the last, kinds


@dataclass(frozen=True, slots=True)
class Phrase:
    """A cue: its folded words, their spellings where they matter ("" where not), its kinds."""

    forms: tuple[str, ...]
    spelled: tuple[str, ...]
    kinds: frozenset[str]

    def stands_at(self, i: int, tokens: Sequence[Token], text: Text) -> bool:
        """Whether the phrase begins with word `i`."""
        own = tokens[i : i + len(self.forms)]
        return tuple(token.form for token in own) == self.forms and all(
            not spelled or unicodedata.normalize("NFC", text.slice(token)).lower() == spelled
            for token, spelled in zip(own, self.spelled, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """What answers a cue on the other side: phrases of one or more words, beginnings of words."""

    phrases: frozenset[tuple[str, ...]]
    stems: tuple[str, ...]

    def match(self, forms: Sequence[str]) -> bool:
        """Whether any of `forms` answers."""
        lengths = {len(phrase) for phrase in self.phrases}
        parts = {tuple(forms[i : i + n]) for n in lengths for i in range(len(forms))}
        return any(form.startswith(self.stems) for form in forms) or bool(parts & self.phrases)


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language. `phrases` by first word, longest first; `answers` by kind of cue;
    `lists` has the other lists, folded. `copies_only`: too few for a free retelling."""

    phrases: Mapping[str, Sequence[Phrase]]
    answers: dict[str, Answers]
    lists: dict[str, tuple[tuple[str, ...], ...]]
    copies_only: bool = False


@cache
def load_drift_data() -> dict[str, Any]:
    """data/drift.toml."""
    return tomllib.loads(resources.files("dedup").joinpath("data/drift.toml").read_text("utf-8"))


@cache
def load_cues(language: str) -> Cues | None:
    """The cues of `language`; None for a language without."""
    data = load_drift_data().get(language)
    if data is None or "hedge" not in data:
        return None
    copies_only = data.get("copies_only", False)
    kinds: dict[str, set[str]] = {}
    for kind in CUE_KINDS:
        for spelled in data[kind]:
            kinds.setdefault(spelled, set()).add(kind)
    phrases: dict[str, list[Phrase]] = {}
    for spelled, of in kinds.items():
        forms = tuple(split_words(spelled).forms())
        exact = ("",) * len(forms)
        if not copies_only:
            exact = tuple(map(require_spelling, spelled.split(), forms, repeat(language)))
        phrases.setdefault(forms[0], []).append(Phrase(forms, exact, frozenset(of)))
    answers = {kind: read_answers(data[name]) for kind, name in ANSWERS.items()}
    lists = {
        name: tuple(tuple(split_words(spelled).forms()) for spelled in data[name])
        for name in ("weekdays", "symmetric", "prefixes")
    }
    for listed in phrases.values():
        listed.sort(key=lambda phrase: -len(phrase.forms))
    return Cues(phrases, answers, lists, copies_only)


def require_spelling(spelled: str, form: str, language: str) -> str:
    """How a word must be spelled to be the cue; "" if its folded form is enough."""
    from wordfreq import word_frequency, zipf_frequency

    if spelled == form:  # required where another word, about as common, folds to the same form
        twin = _accented_twins(language).get(form, 0.0)
        return spelled if twin > word_frequency(form, language) / 10**MIN_RARER else ""
    common, plain = (zipf_frequency(word, language) for word in (spelled, form))
    return spelled if plain > common - MIN_RARER else ""


@cache
def _accented_twins(language: str) -> dict[str, float]:
    """How frequent the most frequent word with an accent is that folds to each form."""
    from wordfreq import get_frequency_dict

    twins: dict[str, float] = {}
    for word, frequency in get_frequency_dict(language, "small").items():
        if not word.isascii():
            folded = "".join(split_words(word).forms())
            twins[folded] = max(twins.get(folded, 0.0), frequency)
    return twins


def read_answers(listed: Sequence[str]) -> Answers:
    """Answers from words and phrases, of which those that end with "*" are beginnings."""
    stems = {split_words(spelled[:-1]).forms()[0] for spelled in listed if spelled.endswith("*")}
    phrases = {tuple(split_words(spelled).forms()) for spelled in listed if spelled[-1] != "*"}
    return Answers(frozenset(phrases), tuple(stems))


def find_cues(sentences: Sequence[Sentence], text: Text) -> list[Cue]:
    """The cues among the words of `sentences` of `text`, end to end; in its own language."""
    cues: list[Cue] = []
    before = 0
    for sentence in sentences:
        own = cues_of_sentence(sentence, text)
        cues += [(before + first, before + after, kinds) for first, after, kinds in own]
        before += len(sentence.tokens)
    return cues


@once_per_sentence
def cues_of_sentence(sentence: Sentence, text: Text) -> list[Cue]:
    """The longest phrase at each word; no word is in two cues."""
    known, tokens = load_cues(text.language), sentence.tokens
    if known is None or sentence.form == "furniture":
        return []
    cues, i = [], 0
    while i < len(tokens):
        options = known.phrases.get(tokens[i].form, ())
        phrase = next((o for o in options if o.stands_at(i, tokens, text)), None)
        after = i + (len(phrase.forms) if phrase else 1)
        named = (i and is_named(sentence, tokens[i])) or is_heading(sentence, text, i)
        if phrase and not named:
            cues.append((i, after, phrase.kinds))
        i = after
    return cues


def is_heading(sentence: Sentence, text: Text, i: int) -> bool:
    """Whether a word stands in a heading in capitals that runs into the sentence."""
    near = sentence.tokens[i : i + 2]
    capitals = [text.slice(token).isupper() for token in near]
    return all(capitals) and len(near) == 2 and not text.slice(sentence.tokens[-1]).isupper()


def is_named(sentence: Sentence, token: Token) -> bool:
    """Whether a word is part of a name or a date."""
    return any(
        anchor.begin <= token.begin < anchor.end and (anchor.kind == "name" or "-" in anchor.value)
        for anchor in sentence.anchors
    )
