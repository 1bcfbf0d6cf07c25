"""Bands: a table that grows answers as a plain search over all signatures would."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import candidates
from dedup.bands import BandTable
from dedup.bands.columns import BANDS, ROWS
from dedup.errors import InputError
from dedup.sketch import EMPTY, signatures

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
WIRE = (
    "North Korea has sent 11,000 troops to support Russia, South Korea's military said on Friday, "
    "and is preparing to send more despite heavy losses in the Kursk region."
)
POOL = np.random.default_rng(1).integers(0, 2**32, (6, 128), dtype=np.uint32)
POOL[5] = EMPTY


def strangers(count: int, seed: int = 2) -> np.ndarray:
    """Signatures that resemble nothing."""
    return np.random.default_rng(seed).integers(0, 2**32, (count, 128), dtype=np.uint32)


def variants(base: np.ndarray, count: int, changed: int, seed: int = 3) -> np.ndarray:
    """Copies of a signature with so many positions changed, the first band never."""
    chance = np.random.default_rng(seed)
    made = np.repeat(base[np.newaxis], count, axis=0)
    for row in made:
        at = chance.choice(np.arange(ROWS, 128), changed, replace=False)
        row[at] = chance.integers(0, 2**32, changed, dtype=np.uint32)
    return made


@st.composite
def any_signature(draw: st.DrawFn) -> np.ndarray:
    """One of a few signatures, or one with a stretch or some positions set to one of two values."""
    made = POOL[draw(st.integers(0, 5))].copy()
    if draw(st.booleans()):
        return made
    begin, length = draw(st.integers(0, 127)), draw(st.integers(0, 45))
    step = draw(st.sampled_from([1, 3, 7]))
    made[begin : begin + length * step : step] = draw(st.integers(0, 1))
    return made


class Plain:
    """The same by going through everything: lists of signatures, and buckets in dictionaries."""

    def __init__(self, threshold: float, bucket: int) -> None:
        self.threshold, self.bucket = threshold, bucket
        self.rows: list[bytes | None] = []
        self.buckets: dict[tuple[int, bytes], list[bytes]] = {}

    def keys(self, content: bytes) -> list[tuple[int, bytes]]:
        width = 4 * ROWS
        bands = [(band, content[band * width : (band + 1) * width]) for band in range(BANDS)]
        return [*bands, (BANDS, content)]

    def add(self, signature: np.ndarray) -> int:
        content = signature.tobytes()
        self.rows.append(content)
        for key in self.keys(content) if (signature != EMPTY).any() else []:
            members = [other for other in self.buckets.get(key, []) if other != content]
            self.buckets[key] = [*members, content][-self.bucket :]
        return len(self.rows) - 1

    def remove(self, row: int) -> None:
        content, self.rows[row] = self.rows[row], None
        if content not in self.rows:
            for members in self.buckets.values():
                if content in members:
                    members.remove(content)

    def query(self, signature: np.ndarray, limit: int) -> list[tuple[int, float]]:
        if (signature == EMPTY).all():
            return []
        met = {
            other for key in self.keys(signature.tobytes()) for other in self.buckets.get(key, [])
        }
        found = []
        for row, content in enumerate(self.rows):
            if content in met:
                share = float((np.frombuffer(content, np.uint32) == signature).mean())
                if share >= self.threshold:
                    found.append((-share, row))
        return [(row, -share) for share, row in sorted(found)[:limit]]


def listed(rows: np.ndarray, similarity: np.ndarray) -> list[tuple[int, float]]:
    """Matches as a plain search gives them."""
    return list(zip(rows.tolist(), similarity.astype(float).tolist(), strict=True))


STEPS = st.lists(
    st.tuples(st.just("add"), any_signature())
    | st.tuples(st.just("query"), any_signature())
    | st.tuples(st.just("both"), any_signature())
    | st.tuples(st.just("remove"), st.integers(0, 40)),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(STEPS, st.sampled_from([0.3, 0.7, 1.0]), st.sampled_from([1, 2, 64]), st.integers(1, 9))
def test_a_table_answers_as_a_search_through_everything_does(steps, threshold, bucket, limit):
    """Whatever is added, asked and removed in whatever order, full buckets included."""
    table, plain = BandTable(threshold, bucket=bucket), Plain(threshold, bucket)
    for step, value in steps:
        if step == "remove":
            if value < len(plain.rows) and plain.rows[value] is not None:
                table.remove(value)
                plain.remove(value)
            continue
        if step != "add":
            expected = plain.query(value, limit)
        if step == "query":
            assert listed(*table.query(value, limit)) == expected
        elif step == "add":
            assert table.add(value) == plain.add(value)
        else:
            row, *found = table.query_and_add(value, limit)
            assert (row, listed(*found)) == (plain.add(value), expected)
        assert len(table) == sum(content is not None for content in plain.rows)


@settings(max_examples=50, deadline=None)
@given(st.lists(any_signature(), min_size=1, max_size=30), st.data())
def test_answers_do_not_depend_on_how_far_the_table_has_grown(made, data):
    """Articles that resemble nothing may come at any place: they change the numbers only."""
    alone, crowded, number, crowd = BandTable(), BandTable(), {}, iter(strangers(3000))
    for signature in made:
        for _ in range(data.draw(st.sampled_from([0, 1, 2, 60]))):
            crowded.add(next(crowd))
        row, rows, similarity = alone.query_and_add(signature)
        number[row], others, same = crowded.query_and_add(signature)
        assert [number[match] for match in rows.tolist()] == others.tolist()
        assert similarity.tolist() == same.tolist()


@pytest.mark.parametrize("count", [0, 1, 9000])
def test_many_in_one_call_are_the_same_as_one_by_one(count):
    """Batches longer than a block included; and the same calls give the same answers."""
    made = strangers(count)
    made[1::3] = variants(made[0], len(made[1::3]), 30) if count else made[1::3]
    batch, single = BandTable(), BandTable()
    added, starts, rows, similarity = batch.query_and_add_many(made)
    assert added.tolist() == list(range(count))
    assert len(starts) == count + 1
    for number, signature in enumerate(made):
        row, *found = single.query_and_add(signature)
        span = slice(starts[number], starts[number + 1])
        assert (row, listed(*found)) == (number, listed(rows[span], similarity[span]))
    again = BandTable()
    np.testing.assert_array_equal(again.add_many(made), added)
    for left, right in zip(again.query_many(made), batch.query_many(made), strict=True):
        np.testing.assert_array_equal(left, right)


def test_copies_of_news_are_found_and_other_news_is_not():
    """A repost and a light edit resemble the original; the seeds share no five words in a row."""
    texts = [path.read_text("utf-8") for path in SEEDS]
    table = BandTable()
    table.add_many(signatures(texts))
    reposts = [text.replace("Friday", "yesterday") + "\nRead more on our page." for text in texts]
    starts, rows, similarity = table.query_many(signatures(reposts))
    assert starts.tolist() == list(range(len(texts) + 1))
    assert rows.tolist() == list(range(len(texts)))
    assert (similarity >= 0.7).all()


def test_identical_articles_cost_as_one_and_are_all_reported():
    """20,000 of them are one signature with 20,000 rows, the oldest first."""
    table = BandTable()
    table.add_many(np.repeat(signatures([WIRE]), 20_000, axis=0))
    assert table.memory < 2_000_000
    rows, similarity = table.query(signatures([WIRE])[0], limit=30_000)
    assert rows.tolist() == list(range(20_000))
    assert set(similarity.tolist()) == {1.0}
    assert table.query(signatures([WIRE])[0], limit=3)[0].tolist() == [0, 1, 2]


def test_any_of_several_identical_articles_may_be_removed():
    """From the middle, the beginning and the end; the others stay, in order, and more may come."""
    table, same = BandTable(), signatures([WIRE])
    table.add_many(np.repeat(same, 5, axis=0))
    for removed, left in [(2, [0, 1, 3, 4]), (0, [1, 3, 4]), (4, [1, 3])]:
        table.remove(removed)
        assert table.query(same[0])[0].tolist() == left
    assert table.add(same[0]) == 5
    assert table.query(same[0])[0].tolist() == [1, 3, 5]
    for removed in (1, 5, 3):
        table.remove(removed)
    assert table.query_and_add(same[0])[1].tolist() == []
    assert table.query(same[0])[0].tolist() == [6]


def test_a_full_bucket_keeps_the_last_ones_and_finds_the_identical():
    """Of many that share one band only, those added before are lost, unless asked for exactly."""
    base = strangers(1)[0]
    crowd = strangers(50, seed=5)
    crowd[:, :ROWS] = base[:ROWS]
    table = BandTable(threshold=0.03, bucket=8)
    table.add_many(crowd)
    assert sorted(table.query(base)[0].tolist()) == list(range(42, 50))
    assert table.query(crowd[0])[0][0] == 0
    table.add(crowd[0])
    assert sorted(table.query(base)[0].tolist()) == [0, *range(43, 51)]


def test_an_article_without_words_has_a_row_and_matches_nothing():
    """Neither another one without words nor, at any threshold, anything else."""
    table = BandTable(threshold=0.01)
    blank = signatures(["", " \n"])
    assert table.add_many(blank).tolist() == [0, 1]
    assert table.query_and_add(blank[0])[0] == 2
    assert len(table.query(blank[0])[0]) == 0
    table.remove(1)
    assert len(table) == 2


def test_a_window_of_articles_takes_no_more_memory_the_longer_it_moves():
    """Signatures whose last row is removed make room for others; a number keeps 12 bytes."""
    table = BandTable()
    made = strangers(6000)
    table.add_many(made[:1000])
    before = table.memory
    for row in range(5000):
        table.remove(row)
        assert table.add(made[row + 1000]) == row + 1000
    assert len(table) == 1000
    assert table.memory < before * 17 / 16 + 5000 * 12 * 17 / 16
    assert table.query(made[10])[0].tolist() == []
    assert all(table.query(made[row])[0].tolist() == [row] for row in range(5000, 6000))


def test_an_article_takes_less_than_900_bytes():
    """Its signature's 512 included, at whatever size."""
    table, made = BandTable(), strangers(30_000)
    for at in range(0, len(made), 50):
        table.add_many(made[at : at + 50])
        if len(table) > 2000:
            assert table.memory / len(table) < 900


def test_inputs_may_be_read_only_or_have_gaps():
    """Columns may come from a memory map, or be every second row of something else."""
    made = strangers(6)
    made.flags.writeable = False
    table = BandTable()
    assert table.add_many(made[::2]).tolist() == [0, 1, 2]
    assert table.query(made[::2][1])[0].tolist() == [1]
    assert table.query_many(np.asfortranarray(made))[1].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda table: table.add(strangers(1)), r"uint32\[1, 128\]; give uint32\[128\]"),
        (lambda table: table.add(strangers(1)[0, :64]), r"uint32\[64\]; give uint32\[128\]"),
        (lambda table: table.query(strangers(1)[0].astype(np.uint64)), r"is uint64\[128\]; give"),
        (lambda table: table.query(None), r"is object\[\]; give uint32\[128\]"),
        (lambda table: table.add_many(strangers(2)[0]), r"uint32\[128\]; give uint32\[n, 128\]"),
        (lambda table: table.query_many(strangers(2).astype(float)), r"are float64\[2, 128\]"),
        (lambda table: table.query(strangers(1)[0], limit=0), "limit is 0; give a whole number"),
        (lambda table: table.query_many(strangers(1), limit=-5), "limit is -5; give"),
        (lambda table: table.remove(3), "row 3 is not in the table; it has given 3 rows"),
        (lambda table: table.remove(-1), "row -1 is not in the table"),
        (lambda table: (table.remove(1), table.remove(1)), "row 1 .* was removed before"),
        (lambda _: BandTable(threshold=0), "threshold is 0; give a share"),
        (lambda _: BandTable(threshold=float("nan")), "threshold is nan; give a share"),
        (lambda _: BandTable(bucket=0), "bucket is 0; give"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_give_instead(call, message):
    """And nothing is changed by it."""
    table = BandTable()
    table.add_many(strangers(3))
    with pytest.raises(InputError, match=message):
        call(table)
    assert table.add(strangers(1)[0]) == 3


def test_threads_take_turns():
    """Each of the identical articles that several threads add finds exactly those before it."""
    table, found = BandTable(), []
    others = iter(strangers(4).repeat(50, axis=0).reshape(4, 50, 128))
    same = signatures([WIRE])[0]

    def crawl(strange: np.ndarray) -> None:
        for signature in strange:
            table.add(signature)
            row, rows, _ = table.query_and_add(same, limit=1000)
            found.append((row, len(rows)))

    threads = [threading.Thread(target=crawl, args=(next(others),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [count for _, count in sorted(found)] == list(range(200))


CHECKED = """
import sys, numpy as np, warnings
warnings.simplefilter("ignore", RuntimeWarning)
from dedup.bands import BandTable
assert "numba" not in sys.modules
chance = np.random.default_rng(7)
made = chance.integers(0, 2**32, (90, 128), dtype=np.uint32)
made[::2] = np.where(chance.random((45, 128)) < .2, made[::2], made[0])
table = BandTable(bucket=3)
total = 0
for number, signature in enumerate(made):
    row, rows, similarity = table.query_and_add(signature)
    total = total * 31 + int(rows.sum()) + int(similarity.sum() * 128)
    if number % 3 == 2:
        table.remove(number - 1)
print(total)
"""


def test_kernels_stay_within_their_arrays():
    """Run as plain Python, which checks every index, they give what the compiled ones give."""
    printed = set()
    for plain in "01":
        env = {**os.environ, "NUMBA_DISABLE_JIT": plain}
        command = [sys.executable, "-c", CHECKED]
        run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
        printed.add(run.stdout)
    assert len(printed) == 1


def test_the_bands_are_those_of_the_batch():
    """What meets in a table meets in `candidates`, and the other way round."""
    assert (BANDS, ROWS) == (candidates.BANDS, candidates.ROWS)
