"""Kernels: the compiled twins give the bits of the numpy path and stay within their arrays."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup import sketch
from dedup.sketch import kernels, plain
from dedup.sketch.kernels import compiling, map_in_order
from dedup.text.words import split_words
from seeds import PATHS

SEEDS = list(PATHS.values())

# Where tokenisers trip: NUL, lone surrogates, combining and silent marks, soft hyphens, joiners,
# unspaced scripts, astral planes, the last code point.
TRICKY = (
    "a Z9é\u0301\u0300\u0651\u0640\x00\n\u00ad\u200d\ud800\udfff"
    "-\r\nßﬁѕруЂћјиωο한゙ﾞｶোೋﷲ"
    "’-漢字\u3005カナ\uff76ไทยກမြខ្មេ한글العَرَبيّةעִבְ हिन्दीІѣ𝔘𠀀🙂\U000323af\U0010ffff"
)
ANY_TEXT = st.text(st.sampled_from(TRICKY) | st.characters(exclude_categories=()), max_size=60)


def numpy_columns(texts):
    """Word hashes, signatures and term counts by the numpy path."""
    hashes, starts = plain.hash_texts(texts)
    signed = plain.sign(hashes, starts, sketch.SHINGLE, sketch.permutations())
    return hashes, starts, signed, *plain.count_terms(hashes, starts, sketch.TERM_BITS)


def compiled_columns(texts):
    """The same by the kernels."""
    hashes, starts = kernels.hash_texts(texts)
    signed = kernels.sign(hashes, starts, sketch.SHINGLE, sketch.permutations())
    return hashes, starts, signed, *kernels.count_terms(hashes, starts, sketch.TERM_BITS)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY_TEXT, max_size=6))
def test_kernels_give_the_bits_of_numpy_on_any_unicode(texts):
    """Word hashes, signatures and term counts agree, whatever the characters."""
    for compiled, expected in zip(compiled_columns(texts), numpy_columns(texts), strict=True):
        assert compiled.dtype.kind == expected.dtype.kind
        np.testing.assert_array_equal(compiled, expected)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_kernels_give_the_bits_of_numpy_on_news(path):
    """The seeds are hashed, signed and counted alike by both paths."""
    texts = [path.read_text(encoding="utf-8")]
    for compiled, expected in zip(compiled_columns(texts), numpy_columns(texts), strict=True):
        np.testing.assert_array_equal(compiled, expected)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40) | ANY_TEXT.map(lambda text: text.encode("utf-8", "ignore")[:-1]))
def test_bytes_that_are_no_utf_8_separate_words(data):
    """Broken, cut and overlong sequences are read as Python's replacement decoding reads them."""
    column = np.frombuffer(data, dtype=np.uint8)
    hashes, _ = kernels.hash_bytes(column, np.array([0, len(data)]))
    np.testing.assert_array_equal(hashes, split_words(data.decode("utf-8", "replace")).hashes)


def test_a_character_cut_by_an_offset_is_not_completed_from_the_next_text():
    """A text ends where its offset says, in the middle of a character too."""
    data = np.frombuffer("ab漢".encode(), dtype=np.uint8)
    hashes, starts = kernels.hash_bytes(data, np.array([0, 3, 5]))
    assert starts.tolist() == [0, 1, 1]
    assert hashes.tolist() == split_words("ab").hashes.tolist()


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


# Where chunks of 8 bytes and stretches of 4,096 meet words: on their edges.
EDGES = st.builds(
    lambda before, word, gap, after: " " * before + word + gap + after,
    st.sampled_from((0, 1, 40, 48, 56, 62, 63, 64, 4030, 4079, 4088, 4095, 4096)),
    st.text(st.sampled_from("aZ9éß漢\u0301Ф"), min_size=1, max_size=24)
    | st.integers(1, 140).map(lambda size: ("Zaporizhzhia7" * 11)[:size]),
    st.sampled_from((" ", "\x00", "’", "-", "\u00ad", "")),
    st.text(st.sampled_from("aZ9é -"), max_size=70),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(EDGES, max_size=3))
@example(["ßФФ a"])  # ß becomes two letters, and is Latin all the same
def test_words_across_the_edges_of_stretches_are_read_whole(texts):
    """A word is the same wherever it stands among the bytes that are read at once."""
    hashes, starts = kernels.hash_texts(texts)
    assert hashes.tolist() == [h for text in texts for h in split_words(text).hashes.tolist()]
    assert np.diff(starts).tolist() == [len(split_words(text)) for text in texts]


@pytest.mark.parametrize("letter", ["a", "é", "漢", "a " * 3, "Ф" * 9 + " "])
def test_a_run_longer_than_a_stretch_is_read_whole(letter):
    """One word, or one run of words, may fill many stretches."""
    text = letter * 5000
    hashes, _ = kernels.hash_texts([text, text])
    assert hashes.tolist() == split_words(text).hashes.tolist() * 2


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_TEXT | EDGES, max_size=6))
def test_texts_are_signed_alike_with_and_without_keeping_their_words(texts):
    """The short way from bytes to signatures gives what the long way gives."""
    hashes, starts = kernels.hash_texts(texts)
    for width, permutations in ((5, sketch.permutations()), (2, sketch.permutations()[:, :77])):
        np.testing.assert_array_equal(
            kernels.sign_texts(texts, width, permutations),
            kernels.sign(hashes, starts, width, permutations),
        )


def test_blocks_are_done_in_order_by_any_number_of_threads():
    """The results come in the order of the blocks, an error where it happens."""

    def slow_first(number):
        sum(range(1_000_000 * (number == 0)))
        return 10 // (number - 20)

    for threads in (1, 2, 5):
        found = map_in_order(slow_first, range(30), threads)
        assert [next(found) for _ in range(20)] == [10 // (n - 20) for n in range(20)]
        with pytest.raises(ZeroDivisionError):
            next(found)


@pytest.mark.parametrize(
    "call",
    [
        lambda: kernels.compare(np.zeros((3, 8), np.uint32), np.array([[0, 3]])),
        lambda: kernels.group(np.array([[-1, 1]]), 3),
        lambda: list(kernels.pair_bands(np.zeros((2, 3), np.uint32), np.array([3]), 8)),
        lambda: kernels.key_bands(np.zeros((3, 8), np.uint32), 3, 3),
        lambda: kernels.sign_bytes(np.zeros(3, np.uint8), np.array([0, 4]), 5, np.zeros((2, 8))),
        lambda: kernels.sign_texts(["a"], 0, sketch.permutations()),
    ],
)
def test_numbers_that_leave_the_columns_are_refused(call):
    """Nothing is read through a number that has not been checked."""
    with pytest.raises(ValueError, match=r"must|do not fit|at least 1"):
        call()


# Prints a number that depends on every bit that the kernels give of news, noise and joins.
FINGERPRINT = """
import hashlib
from pathlib import Path
import numpy as np
from dedup import sketch
from dedup.sketch import kernels
from dedup.candidates.near import resembling_pairs
texts = [path.read_text("utf-8") for path in sorted(Path("seeds").glob("*.txt"))] * 2
texts += ["".join(map(chr, range(0xD7FF))), "Прага " * 99, "中文 a", "", "x" * 5000]
chance = np.random.default_rng(1)
noise = chance.integers(0, 256, 20_000, dtype=np.uint8)
columns = [
    *kernels.hash_texts(texts),
    *kernels.hash_bytes(noise, np.array([0, 7, 7, 9_000, 20_000])),
    kernels.sign_texts(texts, 5, sketch.permutations()),
    kernels.sign_texts(texts, 3, sketch.permutations()[:, :99]),
]
few = chance.integers(0, 3, (999, 128), dtype=np.uint32)
columns += resembling_pairs(few, 0.2, compiled=True)
print(hashlib.sha256(b"".join(column.tobytes() for column in columns)).hexdigest())
"""


def fingerprint(tmp_path, **environment):
    """What another process prints that compiles the kernels for another processor."""
    run = subprocess.run(
        [sys.executable, "-c", FINGERPRINT],
        capture_output=True,
        text=True,
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), **environment},
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert run.returncode == 0, run.stderr
    assert len(run.stdout.strip()) == 64
    return run.stdout


@pytest.mark.slow
def test_every_processor_gets_the_same_bits(tmp_path):
    """With what this processor can do and without any vectors: other code, the same columns."""
    plain = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    assert fingerprint(tmp_path / "here") == fingerprint(tmp_path / "plain", **plain)


def test_cached_code_is_renewed_when_any_source_of_the_kernels_changes():
    """The kernels are compiled into each other, so one stamp stands for all of their files."""
    for made in (kernels.reading.read_block, kernels.signing.sign_block, kernels.joining.pair_band):
        assert made._cache._cache_file._source_stamp == compiling.SOURCES


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_a_damaged_cache_is_compiled_anew(tmp_path, ending):
    """The list of what is cached, or the code: a power cut is no reason to fail."""
    script = tmp_path / "made.py"
    script.write_text(
        "from dedup.sketch.kernels.compiling import kernel\n"
        "@kernel('int64(int64)')\n"
        "def double(value):\n"
        "    return 2 * value\n"
    )
    assert runpy.run_path(str(script))["double"](21) == 42
    (cached,) = tmp_path.rglob(f"*.{ending}")
    for damaged in (b"", cached.read_bytes()[:-9], b"noise" * 99):
        cached.write_bytes(damaged)
        assert runpy.run_path(str(script))["double"](21) == 42
        assert cached.read_bytes() != damaged


@pytest.mark.slow
def test_bounds_checked_kernels_find_nothing_to_complain_about(tmp_path):
    """Compiled with bounds checks, the kernels pass random, dense and empty input."""
    script = """
import numpy as np
from dedup import sketch
from dedup.sketch import kernels
from dedup.candidates.near import near_duplicates, resembling_pairs
noise = np.random.default_rng(1).integers(0, 256, 20_000, dtype=np.uint8)
dense = np.frombuffer("ก漢a漢a".encode() * 500 + b"a b c", dtype=np.uint8)
for data in (noise, dense, np.empty(0, np.uint8)):
    for cuts in ([], [len(data) // 3] * 3, range(len(data))):
        offsets = np.array([0, *cuts, len(data)])
        hashes, starts = kernels.hash_bytes(data, offsets)
        kernels.sign(hashes, starts, 5, sketch.permutations())
        kernels.count_terms(hashes, starts, 22)
        kernels.sign_bytes(data, offsets, 5, sketch.permutations())
for most in (1, 2, 9):
    signed = np.random.default_rng(2).integers(0, most, (700, 128), dtype=np.uint32)
    resembling_pairs(signed, 0.5, compiled=True)
near_duplicates(["a b", "", "a b", "c"], compiled=True)
print("done")
"""
    # A cache of its own: compiled code does not remember whether it checks bounds.
    environment = os.environ | {"NUMBA_BOUNDSCHECK": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False
    )
    assert run.stdout == "done\n", run.stderr
