"""dedup.toml, shell completion, and the options with which an editor looks at a report."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dedup.cli import app
from dedup.cli.config import find_config

NEWS = "The council of Vexford raised the harbour fee on Monday, the Ferry Post reported. " * 6


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two copies of one report, and the working directory below it."""
    (tmp_path / "news").mkdir()
    for name in "ab":
        (tmp_path / "news" / f"{name}.txt").write_text(NEWS)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def configure(folder: Path, content: str) -> None:
    (folder / "dedup.toml").write_text(content)


class TestConfiguration:
    def test_the_nearest_file_above_counts(self, folder: Path) -> None:
        """As editors of code know it from other tools; without one there is none."""
        assert find_config(folder / "work") is None
        configure(folder, "")
        configure(folder / "work", "")
        assert find_config(folder / "work") == folder / "work" / "dedup.toml"
        assert find_config(folder / "news") == folder / "dedup.toml"

    def test_options_have_their_defaults_from_it(self, folder: Path) -> None:
        """Under the names that they have on the command line, which counts more."""
        configure(folder, '[report]\nformat = "csv"')
        assert invoke("report", folder / "news").stdout.startswith('"cluster",')
        explicit = invoke("report", folder / "news", "--format", "json")
        assert explicit.stdout.startswith("{")

    def test_another_file_can_be_named(self, folder: Path) -> None:
        """For a job that is no person's."""
        (folder / "job.toml").write_text('[report]\nformat = "json"')
        done = invoke("--config", folder / "job.toml", "report", folder / "news")
        assert done.stdout.startswith("{")

    def test_ones_own_outlets_stand_in_it(self, folder: Path) -> None:
        """For every command that asks for them."""
        configure(folder, 'ours = ["ferrypost.example"]')
        assert "Taken from ferrypost.example" in invoke("report", folder / "news").stdout

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            ("[report]\nformt = 1", "[report] has no 'formt'; known are"),
            ('[report]\noutput = "/etc/passwd"', "[report] has no 'output'"),
            ('[report]\nhtml = "x.html"', "[report] has no 'html'"),
            ("[index]\nads = 1", "[index] has no command 'ads'"),
            ("reprot = 1", "unknown 'reprot'; known are ours, outlets, report"),
            ("report = 1", "report is a table: [report]"),
            ('[outlets]\n"Ferry Post" = "ferrypost.example"', "[outlets] has a list of names"),
            ("[report", "dedup.toml: "),
            ('[report]\nmin-words = "many"', "--min-words"),
        ],
    )
    def test_what_has_no_place_in_it_is_refused(
        self, folder: Path, content: str, reason: str
    ) -> None:
        """With the file and the reason, before any work; files to write are never taken from it."""
        configure(folder, content)
        done = invoke("report", folder / "news")
        assert done.exit_code == 2
        assert reason in " ".join(done.stderr.split())

    def test_outlets_that_no_list_has_are_known(self, folder: Path) -> None:
        """A name in it is found in texts, also as one that no pattern would take for an outlet."""
        (folder / "news" / "a.txt").write_text(NEWS.replace("the Ferry Post", "Oystercatcher"))
        configure(folder, '[outlets]\n"Oystercatcher" = ["oystercatcher.example"]')
        command = [sys.executable, "-m", "dedup", "report", str(folder / "news"), "--format", "csv"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
        assert '"external:Oystercatcher"' in done.stdout


class TestCompletion:
    def complete(self, *words: str) -> list[str]:
        script = invoke("completion", "bash").stdout
        typed = " ".join(f"'{word}'" for word in words)
        call = f"COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _dedup; "
        done = subprocess.run(
            ["bash", "-c", f'{script}\n{call} echo "${{COMPREPLY[@]}}"'],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.split()

    def test_commands_and_options_are_completed(self) -> None:
        """Also behind arguments, and those of commands below a command."""
        assert self.complete("dedup", "rep") == ["report"]
        assert self.complete("dedup", "report", "news/", "--clu") == ["--cluster"]
        assert self.complete("dedup", "index", "exp") == ["export"]
        assert "--text-field" in self.complete("dedup", "index", "add", "x.dedup", "--text")

    def test_every_shell_gets_its_script(self) -> None:
        """bash, and zsh through it; fish a line for each word."""
        assert "bashcompinit" in invoke("completion", "zsh").stdout
        fish = invoke("completion", "fish").stdout.splitlines()
        assert "complete -c dedup -n '__fish_use_subcommand' -a report" in fish
        assert "complete -c dedup -n '__fish_seen_subcommand_from report' -l cluster" in fish


class TestLooking:
    def test_how_much_is_shown_can_be_chosen(self, folder: Path) -> None:
        """The table alone, verdicts, everything, or one cluster in full."""
        pages = [
            invoke("report", folder / "news", *options).stdout
            for options in (("--summary",), (), ("--verbose",), ("--cluster", "c1"))
        ]
        summary, verdicts, full, one = pages
        assert "same text as" not in summary
        assert "100% copied, order unknown" in verdicts
        assert "Weakest connection" in full
        assert "Weakest connection" not in verdicts
        assert "Weakest connection" in one
        assert not one.startswith("2 articles")

    def test_a_cluster_that_is_not_there_is_an_error(self, folder: Path) -> None:
        """With those that are."""
        done = invoke("report", folder / "news", "--cluster", "c9")
        assert (done.exit_code, done.stdout) == (1, "")
        assert "there is no cluster 'c9'; give one of c1" in done.stderr

    @pytest.mark.parametrize(
        "options",
        [("--verbose", "--summary"), ("--cluster", "c1", "--format", "json"), ("--open",)],
    )
    def test_what_does_not_go_together_is_refused(
        self, folder: Path, options: tuple[str, ...]
    ) -> None:
        """Before any work."""
        assert invoke("report", folder / "news", *options).exit_code == 2

    def test_quiet_is_quiet(self, folder: Path) -> None:
        """No notes on stderr; what could not be read is still said."""
        (folder / "news" / "c.csv").write_text("artikel,date\nThe council met on Monday.,1\n")
        assert "columns" in invoke("report", folder / "news").stderr
        assert "columns" not in invoke("report", folder / "news", "--quiet").stderr

    def test_the_page_can_be_opened(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """When it has been written, and only if that was asked for."""
        opened: list[str] = []
        monkeypatch.setattr("webbrowser.open", opened.append)
        page = folder / "page.html"
        invoke("report", folder / "news", "--html", page)
        assert opened == []
        invoke("report", folder / "news", "--html", page, "--open")
        invoke("report", folder / "news", "-o", page, "--open")
        assert opened == [page.resolve().as_uri()] * 2
