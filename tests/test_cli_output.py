"""Where the output of a command goes: never over an input or an index, never half written."""

import errno
import io
import json
import os
import re
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from patience import MAX_WAIT
from typer.testing import CliRunner

from dedup import Index, read
from dedup.cli import app
from seeds import PATHS, SEEDS

SOURCE, TAKEN = PATHS["002"], PATHS["001"]


def invoke(*arguments: str | Path, **settings: Any) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)), **settings)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with an article as JSON, one as text, and a file that is no article."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "wire.json").write_text(json.dumps({"id": "wire", "text": SOURCE.read_text("utf-8")}))
    (folder / "copy.txt").write_bytes(TAKEN.read_bytes())
    (folder / "old.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An index, under a name that says nothing."""
    place = tmp_path / "archive"
    with Index(place) as made:
        made.add_many(read(SEEDS))
    return place


def refused(*arguments: str | Path, reason: str) -> None:
    """The command ends before any work, with exit code 2, and changes no file."""
    folders = {Path(one).parent for one in arguments if isinstance(one, Path)}
    before = {file: file.read_bytes() for at in folders for file in at.glob("*") if file.is_file()}
    done = invoke(*arguments)
    assert (done.exit_code, done.stdout) == (2, ""), done.output
    assert reason in " ".join(done.stderr.replace("│", " ").split())
    after = {file: file.read_bytes() for at in folders for file in at.glob("*") if file.is_file()}
    assert after == before


@pytest.mark.parametrize("option", ["-o", "--html"])
class TestInputs:
    """An output that is read is refused, for data and for a page."""

    def test_a_file_that_was_named(self, news: Path, option: str) -> None:
        """Of a report, a comparison and a check."""
        wire, copy = news / "wire.json", news / "copy.txt"
        reason = "is an input and would be overwritten"
        json_format = ["--format", "json"]
        refused("report", wire, copy, option, wire, *json_format, reason=reason)
        for output in (wire, copy):
            refused("align", wire, copy, option, output, *json_format, reason=reason)
            refused("check", copy, "--against", wire, option, output, *json_format, reason=reason)

    def test_a_file_in_a_folder_or_a_pattern_that_was_named(self, news: Path, option: str) -> None:
        """Only where it would be read: a picture may be replaced."""
        reason = "is an input and would be overwritten"
        for paths in (news, news.parent, news / "*.json"):
            refused("report", paths, option, news / "wire.json", reason=reason)
        refused("check", SOURCE, "--against", news, option, news / "wire.json", reason=reason)

    def test_the_same_file_by_another_path(self, news: Path, option: str) -> None:
        """Through a link, or by way of another folder."""
        link = news.parent / "link.json"
        link.symlink_to(news / "wire.json")
        reason = "is an input and would be overwritten"
        for output in (link, news / ".." / "news" / "wire.json"):
            refused("report", news / "wire.json", option, output, reason=reason)

    def test_an_index(self, news: Path, archive: Path, option: str) -> None:
        """Whether the command uses it or not, and the files that SQLite has beside it."""
        refused("check", news / "copy.txt", "--against", archive, option, archive,
                "--format", "json", reason="is an input")  # fmt: skip
        for name in ("archive", "archive-wal", "archive-journal"):
            output = archive.parent / name
            refused("report", news, option, output, "--format", "json",
                    reason="belongs to an index")  # fmt: skip

    def test_a_folder(self, news: Path, option: str) -> None:
        """It is no file."""
        refused("report", SEEDS, option, news, "--format", "json", reason="is a directory")


class TestIndexCommands:
    def test_the_index_that_is_asked(self, archive: Path) -> None:
        """By `check`, `clusters` and `stats`."""
        for arguments in (["check", archive, SOURCE], ["clusters", archive], ["stats", archive]):
            refused("index", *arguments, "--format", "json", "-o", archive, reason="is an input")

    def test_the_index_that_would_be_made(self, tmp_path: Path) -> None:
        """`--add` makes it, so that the output would replace it."""
        place = tmp_path / "new.json"
        refused("index", "check", place, SOURCE, "--add", "-o", place, reason="is an input")
        assert not place.exists()

    def test_an_export(self, archive: Path, tmp_path: Path) -> None:
        """Neither the index itself nor another one is replaced."""
        other = tmp_path / "other.jsonl"
        with Index(other) as made:
            made.add_many(read(SEEDS))
        for output in (archive, other):
            refused("index", "export", archive, output, reason="an index")

    def test_an_article_that_is_checked(self, archive: Path, news: Path) -> None:
        """In a folder."""
        output = news / "wire.json"
        refused("index", "check", archive, news, "-o", output, reason="is an input")


class TestOutput:
    def test_data_and_page_need_two_files(self, news: Path, tmp_path: Path) -> None:
        """The one would replace the other."""
        page = tmp_path / "page.html"
        refused("report", news, "-o", page, "--html", page, reason="would be written twice")

    def test_what_is_not_read_is_replaced(self, news: Path) -> None:
        """An earlier report, with its mode and by its link; nothing else is left in the folder."""
        output, link = news.parent / "report.json", news.parent / "latest.json"
        output.write_text("earlier")
        output.chmod(0o640)
        link.symlink_to(output)
        assert invoke("report", news, "-o", link).exit_code == 0
        assert json.loads(output.read_text())["schema"] == "dedup/report/1"
        assert stat.S_IMODE(output.stat().st_mode) == 0o640
        assert link.is_symlink()
        assert {path.name for path in news.parent.iterdir()} == {"news", output.name, link.name}

    def test_a_new_file_has_the_usual_mode(self, news: Path, tmp_path: Path) -> None:
        """That of any file that this process makes."""
        usual, output = tmp_path / "usual", tmp_path / "report.json"
        usual.touch()
        invoke("report", news, "-o", output)
        assert output.stat().st_mode == usual.stat().st_mode

    def test_an_error_on_the_way_leaves_what_was_there(self, archive: Path, tmp_path: Path) -> None:
        """Lines that come one by one are no file yet."""
        output = tmp_path / "found.jsonl"
        output.write_text("earlier")
        (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "Koksan guns."}\n{broken}\n')
        done = invoke("index", "check", archive, tmp_path / "a.jsonl", "--strict", "-o", output)
        assert done.exit_code == 1
        assert output.read_text() == "earlier"
        assert not list(tmp_path.glob(".*"))

    @pytest.mark.parametrize("option", ["-o", "--html"])
    def test_a_full_disk_leaves_what_was_there(
        self, option: str, news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The earlier report stays, one line says why, and no half file is left."""
        output = tmp_path / "report.html"
        output.write_text("earlier")

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        done = invoke("report", news / "copy.txt", option, output)
        assert done.exit_code == 1
        assert done.stderr == f"dedup: {output}: No space left on device\n"
        assert output.read_text() == "earlier"
        assert {path.name for path in tmp_path.iterdir()} == {"news", "report.html"}

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
    def test_a_device_is_written_to_as_it_is(self, news: Path) -> None:
        """What it refuses is an error in one line; it stays the device that it is."""
        done = invoke("report", news / "copy.txt", "--format", "json", "-o", "/dev/full")
        assert done.exit_code == 1
        assert done.stderr == "dedup: /dev/full: No space left on device\n"
        assert Path("/dev/full").is_char_device()
        done = invoke("report", news / "copy.txt", "--format", "json", "-o", "/dev/null")
        assert (done.exit_code, done.stdout) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals")
@pytest.mark.slow
def test_one_screen_lists_a_problem_once(news: Path) -> None:
    """The page lists it and the message counts it; a page that goes elsewhere leaves the list
    to the messages."""
    import pty

    (news / "bad.json").write_text("{broken")
    command = [sys.executable, "-m", "dedup", "report", "."]  # no path is longer than a line
    screens = []
    for stdout in (subprocess.DEVNULL, None):
        mine, its = pty.openpty()
        reporting = subprocess.Popen(command, stdout=stdout or its, stderr=its, cwd=news)
        os.close(its)
        seen = b""
        with open(mine, "rb", buffering=0) as screen, suppress(OSError):
            while part := screen.read(65536):  # an error says that the other end is closed
                seen += part
        assert reporting.wait(MAX_WAIT) == 0
        screens.append(seen)
    messages, both = screens
    for name in (b"bad.json", b"old.svg"):
        assert messages.count(name) == both.count(name) == 1
    assert b"2 articles read, 2 problems\r" in both


class Screen(io.TextIOWrapper):
    """A terminal, as far as it says so."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "graphml", "html"])
def test_what_a_terminal_obeys_is_not_sent_to_one(
    news: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    """In no format; a file has the text as it is."""
    title = "Guns \x1b[2J \x9b31m \x85 \u202ecba"
    (news / "a.json").write_text(json.dumps({"id": "a\x9b1m", "title": title, "text": "Guns."}))
    screen = Screen(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "argv", ["dedup", "report", str(news / "a.json"), "--format", format])
    with pytest.raises(SystemExit):
        app(prog_name="dedup")
    shown = screen.buffer.getvalue().decode()
    assert "Guns" in shown
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", shown)
