"""An index is known by its first bytes, and read wherever it may be read."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from dedup import Article, Index
from dedup.index.sqlite import is_index

WIRE = Article("wire", "Russia moved North Korean Koksan guns to Crimea, ZDF reported on Friday.")
READ = """
import sys, dedup
with dedup.Index(sys.argv[1], readonly=True) as index:
    verdict = index.check(sys.argv[2])
    print([article.id for article in index], [c.article.id for c in verdict.candidates])
"""
# Root may write anywhere, unless this right is taken from a process.
SETPRIV = shutil.which("setpriv")


def test_an_index_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    """Whatever it is called, while it is open and after; nothing else is taken for one."""
    place, other, text = tmp_path / "a", tmp_path / "b.dedup", tmp_path / "c.dedup"
    with Index(place) as index:
        index.add(WIRE)
        assert is_index(str(place))
    assert is_index(str(place))
    with sqlite3.connect(other) as sql:
        sql.execute("CREATE TABLE bookmarks (url TEXT)")
    sql.close()
    text.write_bytes(place.read_bytes()[:60])
    for path in (other, text, tmp_path, tmp_path / "gone", "postgresql://host/news", "a\x00b"):
        assert not is_index(str(path))


@pytest.mark.skipif(
    not SETPRIV and hasattr(os, "geteuid") and os.geteuid() == 0,
    reason="root may write anywhere, and there is no setpriv",
)
@pytest.mark.parametrize("writing", [False, True])
def test_an_index_in_a_folder_that_may_only_be_read_is_read(writing: bool, tmp_path: Path) -> None:
    """From a medium or a mounted archive, and while somebody else, who may, is writing to it."""
    folder = tmp_path / "archive"
    folder.mkdir()
    place = folder / "news.dedup"
    with Index(place) as index:
        index.add(WIRE)
    bound = [SETPRIV, "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*map(str, bound), sys.executable, "-c", READ, str(place), WIRE.text]
    held = Index(place) if writing else None
    if held:
        held.add(Article("later", "Snow closed three Alpine passes."))
    place.chmod(0o444)
    folder.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        folder.chmod(0o755)
        if held:
            held.close()
    there = ["wire", "later"] if writing else ["wire"]
    assert done.stdout == f"{there} ['wire']\n", done.stderr
