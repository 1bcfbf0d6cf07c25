"""Kernels: the compiled twins give the bits of the numpy path and stay within their arrays."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import kernels, sketch
from dedup.text.words import words

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))

# Where tokenisers trip: NUL, lone surrogates, combining and silent marks, soft hyphens, joiners,
# unspaced scripts, astral planes, the last code point.
TRICKY = (
    "a Z9é\u0301\u0300\u0651\u0640\x00\n\u00ad\u200d\ud800\udfff"
    "’-漢字\u3005カナ\uff76ไทยກမြខ្មេ한글العَرَبيّةעִבְ हिन्दीІѣ𝔘𠀀🙂\U000323af\U0010ffff"
)
ANY_TEXT = st.text(st.sampled_from(TRICKY) | st.characters(exclude_categories=()), max_size=60)


def numpy_columns(texts):
    """Word hashes, signatures and term counts by the numpy path."""
    path = sketch._path(texts, compiled=False)
    hashes, starts = path.hash_texts(texts)
    signed = path.sign(hashes, starts, sketch.SHINGLE, sketch.permutations())
    return hashes, starts, signed, *path.count_terms(hashes, starts, sketch.TERM_BITS)


def compiled_columns(texts):
    """The same by the kernels."""
    hashes, starts = kernels.hash_texts(texts)
    signed = kernels.sign(hashes, starts, sketch.SHINGLE, sketch.permutations())
    return hashes, starts, signed, *kernels.count_terms(hashes, starts, sketch.TERM_BITS)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY_TEXT, max_size=6))
def test_kernels_give_the_bits_of_numpy_on_any_unicode(texts):
    """Word hashes, signatures and term counts agree, whatever the characters."""
    for compiled, plain in zip(compiled_columns(texts), numpy_columns(texts), strict=True):
        assert compiled.dtype.kind == plain.dtype.kind
        np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_kernels_give_the_bits_of_numpy_on_news(path):
    """The seeds are hashed, signed and counted alike by both paths."""
    texts = [path.read_text(encoding="utf-8")]
    for compiled, plain in zip(compiled_columns(texts), numpy_columns(texts), strict=True):
        np.testing.assert_array_equal(compiled, plain)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | ANY_TEXT.map(lambda text: text.encode("utf-8", "ignore")[:-1]))
def test_bytes_that_are_no_utf_8_separate_words(data):
    """Broken, cut and overlong sequences are read as Python's replacement decoding reads them."""
    column = np.frombuffer(data, dtype=np.uint8)
    hashes, _ = kernels.hash_bytes(column, np.array([0, len(data)]))
    np.testing.assert_array_equal(hashes, words(data.decode("utf-8", "replace")).hashes)


def test_a_character_cut_by_an_offset_is_not_completed_from_the_next_text():
    """A text ends where its offset says, in the middle of a character too."""
    data = np.frombuffer("ab漢".encode(), dtype=np.uint8)
    hashes, starts = kernels.hash_bytes(data, np.array([0, 3, 5]))
    assert starts.tolist() == [0, 1, 1]
    assert hashes.tolist() == words("ab").hashes.tolist()


def test_read_only_and_writable_arrays_are_both_accepted():
    """Columns may come from a memory map or a buffer, which cannot be written."""
    offsets = np.array([0, 6])
    locked = np.frombuffer(b"Kim Un", dtype=np.uint8)
    assert not locked.flags.writeable
    from_locked, starts = kernels.hash_bytes(locked, offsets)
    from_open, _ = kernels.hash_bytes(locked.copy(), offsets)
    assert from_locked.tolist() == from_open.tolist()
    starts.flags.writeable = from_locked.flags.writeable = False
    assert kernels.sign(from_locked, starts, 5, sketch.permutations()).shape == (1, 128)


@pytest.mark.parametrize("offsets", [[], [0, 9], [-1, 3], [0, 5, 2]])
def test_offsets_that_leave_the_data_are_refused(offsets):
    """Offsets are checked before anything is read through them."""
    with pytest.raises(ValueError, match="offsets must ascend within the 6 bytes"):
        kernels.hash_bytes(np.zeros(6, dtype=np.uint8), np.array(offsets, dtype=np.int64))


@pytest.mark.parametrize("starts", [[], [0, 3], [1, 2], [0, 2, 1, 2]])
def test_starts_that_do_not_fit_the_words_are_refused(starts):
    """Neither signing nor counting reads through starts that do not fit."""
    hashes, starts = np.zeros(2, dtype=np.uint64), np.array(starts, dtype=np.int64)
    with pytest.raises(ValueError, match="starts must ascend from 0 to 2"):
        kernels.sign(hashes, starts, 5, sketch.permutations())
    with pytest.raises(ValueError, match="starts must ascend from 0 to 2"):
        kernels.count_terms(hashes, starts, 22)


def test_bounds_checked_kernels_find_nothing_to_complain_about(tmp_path):
    """Compiled with bounds checks, the kernels pass random, dense and empty input."""
    script = """
import numpy as np
from dedup import kernels, sketch
noise = np.random.default_rng(1).integers(0, 256, 20_000, dtype=np.uint8)
dense = np.frombuffer("ก漢a漢a".encode() * 500 + b"a b c", dtype=np.uint8)
for data in (noise, dense, np.empty(0, np.uint8)):
    for cuts in ([], [len(data) // 3] * 3, range(len(data))):
        offsets = np.array([0, *cuts, len(data)])
        hashes, starts = kernels.hash_bytes(data, offsets)
        kernels.sign(hashes, starts, 5, sketch.permutations())
        kernels.count_terms(hashes, starts, 22)
print("done")
"""
    # A cache of its own: compiled code does not remember whether it checks bounds.
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert run.stdout == "done\n", run.stderr
