"""What is kept of articles, in columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.sketch.plain import Floats, Signatures
from dedup.text.words import Hashes, Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PERMUTATIONS = 128
# 4 million columns: of the 44,272 words of 17,035 Reuters stories, 1 in 100 shares a column.
TERM_BITS = 22


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of n articles, in columns.

    signatures: uint32[n, 128]; all `EMPTY` for a text without words, which matches nothing.
    terms: float32 CSR [n, 2^22], tf-idf rows of length 1 (0 without words); a term's column
    is the top bits of its word hash. words: int64[n], how many words each text has. runs: the
    winnowed hashes of eight words in a row, all texts end to end; run_sizes: int64[n], how many
    of them each text has.
    """

    signatures: Signatures
    terms: "csr_array"
    words: Integers
    runs: Hashes
    run_sizes: Integers

    def __len__(self) -> int:
        return len(self.signatures)


class RawSketches(NamedTuple):
    """The sketches of n texts before their terms are weighted, in columns.

    signatures, words: as in `Sketches`. terms: int32, the columns of the distinct words of each
    text, ascending, all texts end to end; counts: how often each occurs; sizes: int64[n], how
    many of them each text has. runs, run_sizes: as in `Sketches`.
    """

    signatures: Signatures
    words: Integers
    terms: npt.NDArray[np.int32]
    counts: Floats
    sizes: Integers
    runs: Hashes
    run_sizes: Integers
