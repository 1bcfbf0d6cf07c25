"""The words that signal a hedge, an attribution or a negation ("reportedly", "said", "not").

They are data (data/drift.toml). Words are looked up folded, as everywhere, but German "konnte"
(was able to) is not "könnte" (might): a cue is spelled with its accents, and a word that has
none stands for it only if the plain spelling is no word of its own that is about as common
(wordfreq). What stands inside a name or a date is no cue: a month, a Mrs May.
"""

import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from dedup.text import Sentence, Text, Token
from dedup.text.model import once_per_text
from dedup.text.words import split_words

CUE_KINDS = ("hedge", "attribution", "negation", "not_a_cue")
# A plain spelling this much rarer (a factor of ten) is only a sloppy way to write the other.
MIN_RARER = 1.0

Cue = tuple[int, int, frozenset[str]]  # first word, after the last, kinds


@dataclass(frozen=True, slots=True)
class Phrase:
    """A cue: its folded words, their spellings where they matter ("" where not), its kinds."""

    forms: tuple[str, ...]
    spelled: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answers:
    """Words that answer a cue on the other side: whole words, phrases, beginnings of words."""

    whole: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]
    stems: tuple[str, ...]

    def match(self, forms: Sequence[str]) -> bool:
        """Whether any of `forms` answers."""
        if not self.whole.isdisjoint(forms):
            return True
        if any(form.startswith(self.stems) for form in forms):
            return True
        return any(
            phrase == tuple(forms[i : i + len(phrase)])
            for phrase in self.phrases
            for i, form in enumerate(forms)
            if form == phrase[0]
        )


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one language. `phrases` by first word, longest first; `answers` by kind of cue;
    `lists` has the other lists, folded."""

    phrases: dict[str, tuple[Phrase, ...]]
    answers: dict[str, Answers]
    lists: dict[str, tuple[tuple[str, ...], ...]]


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
    kinds: dict[str, set[str]] = {}
    for kind in CUE_KINDS:
        for spelled in data[kind]:
            kinds.setdefault(spelled, set()).add(kind)
    phrases: dict[str, list[Phrase]] = {}
    for spelled, of in kinds.items():
        forms = tuple(split_words(spelled).forms())
        exact = tuple(map(require_spelling, spelled.split(), forms, [language] * len(forms)))
        phrases.setdefault(forms[0], []).append(Phrase(forms, exact, frozenset(of)))
    answers = {
        "hedge": read_answers(data["softener"]),
        "attribution": read_answers(data["attributing"]),
        "negation": read_answers(data["negative"]),
    }
    lists = {
        name: tuple(tuple(split_words(spelled).forms()) for spelled in data[name])
        for name in ("weekdays", "symmetric", "prefixes")
    }
    by_length = {
        first: tuple(sorted(listed, key=lambda phrase: -len(phrase.forms)))
        for first, listed in phrases.items()
    }
    return Cues(by_length, answers, lists)


def require_spelling(spelled: str, form: str, language: str) -> str:
    """How a word must be spelled to be the cue; "" if its folded form is enough."""
    from wordfreq import zipf_frequency

    common, plain = (zipf_frequency(word, language) for word in (spelled, form))
    if spelled == form:
        return spelled if has_accented_twin(form, language) else ""
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


def has_accented_twin(form: str, language: str) -> bool:
    """Whether another word of the language, about as common, folds to the same form."""
    from wordfreq import word_frequency

    twin = _accented_twins(language).get(form, 0.0)
    return twin > word_frequency(form, language) / 10**MIN_RARER


def read_answers(every: Sequence[str]) -> Answers:
    stems = tuple(sorted({split_words(s[:-1]).forms()[0] for s in every if s.endswith("*")}))
    folded = [tuple(split_words(s).forms()) for s in every if not s.endswith("*")]
    return Answers(
        frozenset(phrase[0] for phrase in folded if len(phrase) == 1),
        tuple(sorted({phrase for phrase in folded if len(phrase) > 1})),
        stems,
    )


def find_cues(sentences: Sequence[Sentence], text: Text) -> list[Cue]:
    """The cues among the words of `sentences` of `text`, end to end; in its own language."""
    every = _cues_by_sentence(text)
    cues: list[Cue] = []
    before = 0
    for sentence in sentences:
        for first, after, kinds in every.get(sentence.begin, ()):
            cues.append((before + first, before + after, kinds))
        before += len(sentence.tokens)
    return cues


@once_per_text
def _cues_by_sentence(text: Text) -> dict[int, tuple[Cue, ...]]:
    """The cues of each sentence of a text that has any, by where it begins."""
    known = load_cues(text.language)
    if known is None:
        return {}
    cues = {sentence.begin: tuple(_cues_in(sentence, text, known)) for sentence in text.prose}
    return {begin: own for begin, own in cues.items() if own}


def _cues_in(sentence: Sentence, text: Text, known: Cues) -> Iterator[Cue]:
    """The longest phrase at each word; no word is in two cues."""
    tokens = sentence.tokens
    i = 0
    while i < len(tokens):
        options = known.phrases.get(tokens[i].form)
        phrase = options and find_phrase(options, tokens, i, text)
        if not phrase:
            i += 1
            continue
        if i == 0 or not is_named(sentence, tokens[i]):
            yield i, i + len(phrase.forms), phrase.kinds
        i += len(phrase.forms)


def find_phrase(
    options: Sequence[Phrase], tokens: Sequence[Token], i: int, text: Text
) -> Phrase | None:
    """The longest of the phrases that stands at word `i`."""
    for phrase in options:
        end = i + len(phrase.forms)
        if end > len(tokens) or any(
            token.form != form for token, form in zip(tokens[i:end], phrase.forms, strict=True)
        ):
            continue
        if all(
            not spelled or unicodedata.normalize("NFC", text.slice(token)).lower() == spelled
            for token, spelled in zip(tokens[i:end], phrase.spelled, strict=True)
        ):
            return phrase
    return None


def is_named(sentence: Sentence, token: Token) -> bool:
    """Whether a word is part of a name or a date."""
    return any(
        anchor.begin <= token.begin < anchor.end and (anchor.kind == "name" or "-" in anchor.value)
        for anchor in sentence.anchors
    )
