"""`dedup check`, and the pages that the commands write."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dedup.cli import app
from seeds import SEEDS

SOURCE, TAKEN, OTHER = (next(SEEDS.glob(f"{n}_*")) for n in ("002", "001", "003"))


def invoke(*arguments: str | Path, **settings: Any) -> Any:
    return CliRunner().invoke(app, [*map(str, arguments), "--encoder", "none"], **settings)


class TestCheck:
    def test_a_draft_is_checked_against_a_folder_that_it_lies_in(self) -> None:
        """Its own file is passed over; the others are compared."""
        done = invoke("check", TAKEN, "--against", SEEDS)
        assert done.exit_code == 0, done.stderr
        assert done.stdout.startswith("12 of 23 sentences retell “Russia has started")
        assert TAKEN.stem not in [line.split(" ")[0] for line in done.stdout.splitlines()]

    def test_two_articles_may_have_one_name(self, tmp_path: Path) -> None:
        """A draft is not passed over because an article of the archive has its stem."""
        (tmp_path / "archive").mkdir()
        (tmp_path / "archive" / "koksan.txt").write_bytes(SOURCE.read_bytes())
        (tmp_path / "koksan.txt").write_bytes(TAKEN.read_bytes())
        done = invoke("check", tmp_path / "koksan.txt", "--against", tmp_path / "archive",
                      "--format", "json")  # fmt: skip
        document = json.loads(done.stdout)
        assert [source["article"]["id"] for source in document["sources"]] == ["koksan"]
        assert document["taken"] == 12

    def test_against_may_be_given_again_and_the_draft_come_from_stdin(self) -> None:
        """Both sources are found."""
        first = next(SEEDS.glob("000_*"))
        done = invoke("check", "-", "--against", SOURCE, "--against", first, "--format", "json",
                      input=TAKEN.read_text("utf-8"))  # fmt: skip
        assert len(json.loads(done.stdout)["sources"]) == 2

    def test_reuse_exits_with_3_if_asked(self) -> None:
        """And with 0 where there is none."""
        assert invoke("check", TAKEN, "--against", SOURCE, "--exit-code").exit_code == 3
        assert invoke("check", TAKEN, "--against", OTHER, "--exit-code").exit_code == 0

    @pytest.mark.parametrize(
        "arguments",
        [
            ["check", TAKEN],
            ["check", "-", "--against", "-"],
            ["check", TAKEN, "--against", SOURCE, "--format", "csv"],
            ["check", TAKEN, "--against", SOURCE, "--html", "no/such/folder/page.html"],
        ],
    )
    def test_wrong_usage_exits_with_2(self, arguments: list[str | Path]) -> None:
        """Refused before any work."""
        done = invoke(*arguments)
        assert (done.exit_code, done.stdout) == (2, "")

    def test_what_cannot_be_read_is_an_error(self, tmp_path: Path) -> None:
        """The draft, or all that it was to be checked against."""
        assert invoke("check", tmp_path / "gone.txt", "--against", SOURCE).exit_code == 1
        done = invoke("check", TAKEN, "--against", tmp_path / "gone.txt")
        assert done.exit_code == 1
        assert "gone.txt" in done.stderr


class TestPages:
    def test_a_page_beside_what_is_printed(self, tmp_path: Path) -> None:
        """`--html` writes the page, says how large it is, and changes nothing on stdout."""
        for arguments in (["report", SEEDS], ["align", SOURCE, TAKEN],
                          ["check", TAKEN, "--against", SEEDS]):  # fmt: skip
            page = tmp_path / "page.html"
            done = invoke(*arguments, "--html", page)
            assert done.exit_code == 0, done.stderr
            assert done.stdout == invoke(*arguments).stdout
            written = page.read_text("utf-8")
            assert written.startswith("<!DOCTYPE html>")
            size = len(written.encode())
            assert f"dedup: {page}: {size / 1000:,.1f} kB" in done.stderr

    def test_a_page_instead_of_what_is_printed(self, tmp_path: Path) -> None:
        """By the format, and by the name of the output."""
        for arguments in (["report", SEEDS], ["align", SOURCE, TAKEN],
                          ["check", TAKEN, "--against", SEEDS]):  # fmt: skip
            printed = invoke(*arguments, "--format", "html").stdout
            done = invoke(*arguments, "-o", tmp_path / "page.html")
            assert (done.exit_code, done.stdout) == (0, "")
            assert (tmp_path / "page.html").read_text("utf-8") == printed
            assert printed.startswith("<!DOCTYPE html>")

    def test_the_choices_of_the_command_are_those_of_the_page(self, tmp_path: Path) -> None:
        """`--min-words 8` is what the page begins with."""
        page = tmp_path / "page.html"
        invoke("report", SEEDS, "--html", page, "--min-words", "8")
        assert 'value="8"' in page.read_text("utf-8")
