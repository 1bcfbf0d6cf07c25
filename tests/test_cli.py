"""The command line, first with the library's verbs stood in for, then as it is."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import MAX_WAIT, wait_until
from typer.testing import CliRunner

import dedup
from dedup.article import Article
from dedup.cli import app
from dedup.errors import InputError
from dedup.pipeline import Cluster, Result, Singleton
from dedup.relate import Relation
from seeds import PATHS, SEEDS

LINK = Relation("a", "b", "rewrite", 0.9, 0.1, (0.2, 0.2), 0.4, 0.5, (0.8, 0.8))


def run(*arguments: str | Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "dedup", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **settings)


def invoke(*arguments: str | Path, **settings: Any) -> Any:
    """The command in this process, so that its verbs can be stood in for."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **settings)


def found(articles: Iterable[Article], **_: Any) -> Result:
    """What `compare` would find, had all articles been one family."""
    taken = tuple(articles)
    ids = tuple(article.id for article in taken)
    clusters = (Cluster("c1", ids, (LINK,), (), (), LINK),) if len(ids) > 1 else ()
    alone = () if clusters else tuple(Singleton(id, (), ()) for id in ids)
    problems = tuple(getattr(articles, "problems", ()))
    return Result(taken, clusters, alone, (), {}, {}, problems, {}, {})


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """`compare` finds one family at once."""
    monkeypatch.setattr("dedup.pipeline.compare", found, raising=False)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with two short pieces of news."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("Russia moved North Korean Koksan guns to Crimea, ZDF said.")
    (folder / "b.txt").write_text("Koksan guns were moved to Crimea by Russia, ZDF reported.")
    return folder


class TestHelp:
    def test_help_imports_nothing_heavy(self) -> None:
        """Arrays, models, tables and colours wait until a command needs them, so that
        `dedup --help` comes at once (benchmarks/speed.py)."""
        code = "import sys, dedup.cli; print(*sys.modules)"
        modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        loaded = set(modules.stdout.split())
        assert not loaded & {"numpy", "numba", "sklearn", "wordfreq", "rich", "regex"}

    def test_both_commands_are_named(self) -> None:
        """The first page names what there is."""
        page = run("--help").stdout
        assert "report" in page
        assert "align" in page

    def test_the_version_is_the_packages(self) -> None:
        """`dedup --version` prints what `dedup.__version__` says."""
        assert run("--version").stdout == f"dedup {dedup.__version__}\n"

    def test_help_names_exit_codes_and_no_types(self) -> None:
        """What a script may branch on is there, what only Python calls so is not."""
        for command in ("report", "check"):
            page = invoke(command, "--help").stdout
            assert "3 reuse found" in " ".join(page.split())
            assert "list[str]" not in page


class TestUsage:
    @pytest.mark.parametrize("command", [["report"], ["align", str(PATHS["002"])], ["check"]])
    def test_a_web_address_is_refused(self, command: list[str]) -> None:
        """Nothing is downloaded; the message says what to do instead."""
        against = ["--against", str(SEEDS)] if command == ["check"] else []
        done = invoke(*command, "https://www.example.org/a.html", *against)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "save the page and name the file" in " ".join(done.stderr.split())

    @pytest.mark.parametrize(
        "arguments",
        [
            ["report"],
            ["report", "seeds", "--format", "pdf"],
            ["report", "seeds", "-o", "report.pdf"],
            ["report", "seeds", "-o", "no/such/folder/report.json"],
            ["report", "seeds", "--encoding", "klingon"],
            ["align", "seeds"],
            ["align", "-", "-"],
            ["align", "a.txt", "b.txt", "-o", "a.csv"],
            ["translate"],
        ],
    )
    def test_wrong_usage_exits_with_2(self, arguments: list[str]) -> None:
        """What cannot be meant is refused before any work, on stderr."""
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert "Error: " in done.stderr


@pytest.mark.usefixtures("compared")
class TestReport:
    def test_data_and_nothing_else_goes_to_stdout(self, news: Path) -> None:
        """JSON on stdout can be piped: the message about a bad file stands on stderr."""
        (news / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
        done = invoke("report", news, "--format", "json")
        assert [article["id"] for article in json.loads(done.stdout)["articles"]] == ["a", "b"]
        assert done.stderr.startswith(f"dedup: {news}/photo.txt: ")
        assert done.stderr.count("\n") == 1
        assert done.exit_code == 0

    @pytest.mark.parametrize(
        ("name", "begins"),
        [
            ("report.json", '{\n "schema": "dedup/report/1"'),
            ("report.JSONL", '{"type": "cluster"'),
            ("report.csv", '"cluster","article",'),
            ("report.txt", "2 articles: 1 cluster of 2"),
        ],
    )
    def test_the_name_of_the_output_picks_the_format(
        self, news: Path, name: str, begins: str
    ) -> None:
        """`-o report.json` is JSON without `--format`, and stdout stays empty."""
        done = invoke("report", news, "-o", news.parent / name)
        assert (done.exit_code, done.stdout) == (0, "")
        assert (news.parent / name).read_text("utf-8").startswith(begins)

    def test_an_explicit_format_wins_over_the_name(self, news: Path) -> None:
        """`--format csv -o table.txt` writes CSV."""
        invoke("report", news, "--format", "csv", "-o", news.parent / "table.txt")
        assert (news.parent / "table.txt").read_text().startswith('"cluster",')

    def test_what_is_no_terminal_gets_no_colour(self, news: Path) -> None:
        """A pipe gets plain text."""
        done = invoke("report", news)
        assert done.stdout.startswith("2 articles: 1 cluster of 2\n")
        assert "\x1b" not in done.stdout + done.stderr

    def test_reuse_exits_with_3_if_asked(self, news: Path) -> None:
        """A script can branch on reuse; without `--exit-code` finding it is no failure."""
        assert invoke("report", news).exit_code == 0
        assert invoke("report", news, "--exit-code").exit_code == 3
        assert invoke("report", news / "a.txt", "--exit-code").exit_code == 0

    def test_a_missing_path_is_told_and_the_rest_goes_on(self, news: Path) -> None:
        """The report is printed, the missing path named, and the exit code is 1."""
        done = invoke("report", news, news / "gone.txt", "--format", "json", "--exit-code")
        assert len(json.loads(done.stdout)["articles"]) == 2
        assert f"dedup: {news}/gone.txt: " in done.stderr
        assert done.exit_code == 1

    def test_an_empty_folder_is_an_error_with_a_report(self, tmp_path: Path) -> None:
        """Nothing found is said on stdout and stderr, with exit code 1."""
        done = invoke("report", tmp_path)
        assert done.stdout.startswith("No articles found in the input")
        assert str(tmp_path) in done.stderr
        assert done.exit_code == 1

    def test_strict_stops_at_the_first_problem(self, news: Path) -> None:
        """One line says what is wrong; nothing is printed on stdout."""
        (news / "empty.txt").touch()
        done = invoke("report", news, "--strict")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("dedup: ")
        assert done.stderr.count("\n") == 1

    def test_articles_come_from_stdin(self) -> None:
        """`-` reads standard input."""
        done = invoke("report", "-", "--format", "json", input="Koksan guns are in Crimea.")
        assert len(json.loads(done.stdout)["articles"]) == 1
        assert done.exit_code == 0

    def test_an_error_is_one_line(self, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A `DedupError` is a message, not a traceback, and cannot write on the terminal."""

        def refuse(*_: Any, **__: Any) -> None:
            raise InputError("a.txt: 'x\x1b[2J' is no date;\nwrite it as 2025-03-28")

        monkeypatch.setattr("dedup.pipeline.Comparison", refuse, raising=False)
        done = invoke("report", news)
        assert done.exit_code == 1
        assert done.stderr == "dedup: a.txt: 'x' is no date; write it as 2025-03-28\n"

    def test_an_interrupt_exits_with_130(self, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ctrl-C is no error of the program: one line, and the shell's code for it."""

        def interrupt(*_: Any, **__: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("dedup.pipeline.Comparison", interrupt, raising=False)
        done = invoke("report", news)
        assert (done.exit_code, done.stdout) == (130, "")
        assert done.stderr == "dedup: interrupted\n"

    def test_a_page_fits_the_encoding_of_the_terminal(self, news: Path) -> None:
        """Where a terminal has no block characters, a question mark stands for each."""
        done = CliRunner(charset="latin-1").invoke(app, ["report", str(news), "--verbose"])
        assert done.exit_code == 0
        assert "Cluster c1: 2 articles ??" in done.stdout_bytes.decode("latin-1")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_an_unwritable_output_is_named(self, news: Path) -> None:
        """The path and the reason, in one line."""
        news.chmod(0o500)
        done = invoke("report", news, "-o", news / "report.json")
        assert done.exit_code == 1
        assert "report.json: Permission denied" in done.stderr


class TestWhole:
    """The command as it is, over the real articles."""

    @pytest.fixture(scope="class")
    def printed(self) -> str:
        """The report on the seeds."""
        environment = {**os.environ, "PYTHONHASHSEED": "1"}
        done = run("report", SEEDS, "--format", "json", env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def test_the_seeds_are_one_family_and_two_others(self, printed: str) -> None:
        """`dedup report seeds/` finds 000, 001 and 002, taken from 002 and so from ZDF."""
        document = json.loads(printed)
        (family,) = document["clusters"]
        assert {id[:3] for id in family["members"]} == {"000", "001", "002"}
        edges = {(e["source"][:3], e["derivative"][:3]) for e in family["derivations"]}
        assert {("002", "000"), ("002", "001")} <= edges
        sources = {e["source"] for e in family["derivations"] if e["derivative"][:3] == "002"}
        assert sources == {"external:ZDF"}

    def test_the_page_of_the_seeds_begins_with_the_sum(self) -> None:
        """What a person sees first is the answer."""
        done = run("report", SEEDS)
        assert done.stdout.startswith("5 articles: 1 cluster of 3, 2 in no cluster\n")
        assert done.stderr == ""

    def test_two_articles_are_laid_side_by_side(self) -> None:
        """`dedup align` prints the derivative's passages beside the source's."""
        source, derivative = next(SEEDS.glob("002_*")), next(SEEDS.glob("001_*"))
        page = run("align", source, derivative)
        assert page.returncode == 0, page.stderr
        assert page.stdout.startswith(f"{derivative.stem} against {source.stem}\n")
        document = json.loads(invoke("align", source, derivative, "--format", "json").stdout)
        assert document["schema"] == "dedup/alignment/1"
        assert (document["source"], document["derivative"]) == (source.stem, derivative.stem)

    @pytest.mark.parametrize("kept", ["folder", "report", "index"])
    def test_any_two_are_compared_by_their_ids(self, kept: str, tmp_path: Path) -> None:
        """Ids of a folder, of the JSON of a report and of an index lead to the articles."""
        source, derivative = next(SEEDS.glob("002_*")), next(SEEDS.glob("001_*"))
        place = SEEDS
        if kept == "report":
            place = tmp_path / "report.json"
            assert invoke("report", source, derivative, "-o", place).exit_code == 0
        if kept == "index":
            place = tmp_path / "news.dedup"
            assert invoke("index", "add", place, source, derivative).exit_code == 0
        done = invoke("align", "--in", place, source.stem, derivative.stem)
        assert done.exit_code == 0, done.stderr
        assert done.stdout == invoke("align", source, derivative).stdout

    def test_an_id_that_is_not_there_is_told_with_those_like_it(self) -> None:
        """One line names the place, the id, and what else there is."""
        source = next(SEEDS.glob("002_*"))
        done = invoke("align", "--in", SEEDS, source.stem, f"{source.stem[:-1]}")
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"no article has the id {source.stem[:-1]!r}" in done.stderr
        assert done.stderr.count("\n") == 1
        assert invoke("align", "--in", SEEDS, source.stem, source.stem).exit_code == 2

    @pytest.mark.slow
    def test_what_the_shares_count_can_be_chosen(self, tmp_path: Path) -> None:
        """Quotations and short matches are left out, furniture counted, and the page says so."""
        said = "“I have done nothing wrong and I shall prove it in court,” the minister said."
        own = "Nobody in the capital of the country had expected such an end of her career."
        (tmp_path / "wire.txt").write_text(f"{said} She resigned on Friday.", "utf-8")
        (tmp_path / "copy.txt").write_text(f"{said} {own}", "utf-8")
        files = tmp_path / "wire.txt", tmp_path / "copy.txt"

        def shares(*options: str) -> dict[str, float]:
            document = json.loads(invoke("align", *files, "--format", "json", *options).stdout)
            found: dict[str, float] = document["shares"]
            return found

        assert shares()["copied"] == 0.5
        assert shares("--without-quotations")["copied"] == 0.1667
        assert shares("--min-words", "20")["copied"] == 0
        assert "furniture" in shares("--with-boilerplate")
        page = invoke("align", *files, "--without-quotations", "--min-words", "8").stdout
        assert "without quotations, without matches under 8 words" in page
        assert invoke("align", *files, "--min-words", "-1").exit_code == 2
        everything = invoke("report", tmp_path, "--format", "json", "--without-quotations")
        for cluster in json.loads(everything.stdout)["clusters"]:
            assert all(not a["counting"]["quotations"] for a in cluster["alignments"])

    def test_two_files_with_one_stem_are_told_apart(self, tmp_path: Path) -> None:
        """The path is the name where the stem is not enough."""
        for folder, seed in (("monday", "002"), ("tuesday", "001")):
            (tmp_path / folder).mkdir()
            text = next(SEEDS.glob(f"{seed}_*")).read_bytes()
            (tmp_path / folder / "koksan.txt").write_bytes(text)
        files = [tmp_path / "monday" / "koksan.txt", tmp_path / "tuesday" / "koksan.txt"]
        document = json.loads(invoke("align", *files, "--format", "json").stdout)
        assert [document["source"], document["derivative"]] == [str(file) for file in files]

    def test_a_missing_article_to_align_is_told(self) -> None:
        """One line, exit code 1, no traceback."""
        done = invoke("align", next(SEEDS.glob("002_*")), "gone.txt")
        assert done.exit_code == 1
        assert done.stderr.startswith("dedup: gone.txt: ")
        assert done.stderr.count("\n") == 1

    def test_a_reader_that_has_seen_enough_is_no_error(self) -> None:
        """`dedup report … | head -1` ends quietly."""
        command = f"{sys.executable} -m dedup report {SEEDS} --format json | head -c 1"
        done = subprocess.run(command, shell=True, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == ("{", "")

    @pytest.mark.slow
    def test_equal_input_prints_equal_bytes(self, printed: str) -> None:
        """Two runs, and two orders of hashing, print the same JSON."""
        environment = {**os.environ, "PYTHONHASHSEED": "2"}
        assert run("report", SEEDS, "--format", "json", env=environment).stdout == printed


# Sends a signal to its own process when a module is looked for, or when Python is about to leave.
INTERRUPTING = """
import atexit, os, signal, sys
from importlib.machinery import PathFinder

def interrupt():
    os.kill(os.getpid(), int(os.environ.get("SIGNAL", "2")))

class Interrupting(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name == os.environ["INTERRUPTED_AT"]:
            interrupt()

if os.environ["INTERRUPTED_AT"] == "exit":
    atexit.register(interrupt)
sys.meta_path.insert(0, Interrupting)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
class TestInterrupt:
    """Ctrl-C at any moment ends the command with 130 and one line."""

    @pytest.fixture(autouse=True)
    def heard(self) -> Iterator[None]:
        """Processes inherit that a signal is ignored, as whatever runs in the background has it."""
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "moment",
        ["dedup.cli", "typer", "dedup.errors", "dedup.cli.index", "dedup.readers",
         "rich", "numpy", "scipy.sparse", "orjson", "dedup.pipeline", "dedup.derive",
         "dedup.report", "dedup.report.terminal", "exit"],
    )  # fmt: skip
    def test_while_it_loads_or_leaves(self, moment: str, news: Path, tmp_path: Path) -> None:
        """Whatever is being imported, from the first line of the command on."""
        (tmp_path / "sitecustomize.py").write_text(INTERRUPTING)
        paths = [str(tmp_path), str(SEEDS.parent)]
        environment = {"INTERRUPTED_AT": moment, "PYTHONPATH": os.pathsep.join(paths)}
        done = run("report", news, env={**os.environ, **environment})
        assert (done.returncode, done.stderr) == (130, "dedup: interrupted\n")

    @pytest.mark.slow
    @pytest.mark.parametrize("moment", ["dedup.cli", "numpy", "dedup.report", "exit"])
    def test_to_be_terminated_is_the_same(self, moment: str, news: Path, tmp_path: Path) -> None:
        """SIGTERM, as systems send it before they shut down, has a code of its own."""
        (tmp_path / "sitecustomize.py").write_text(INTERRUPTING)
        paths = [str(tmp_path), str(SEEDS.parent)]
        environment = {
            "INTERRUPTED_AT": moment, "PYTHONPATH": os.pathsep.join(paths), "SIGNAL": "15",
        }  # fmt: skip
        output = tmp_path / "report.json"
        done = run("report", news, "-o", output, env={**os.environ, **environment})
        assert (done.returncode, done.stderr) == (143, "dedup: terminated\n")
        there = {path.name for path in tmp_path.iterdir()}
        written = there - {"news", "sitecustomize.py", "__pycache__"}
        assert written == ({"report.json"} if moment == "exit" else set())

    @pytest.mark.slow
    @pytest.mark.parametrize(("number", "code"), [(2, 130), (15, 143)])
    def test_while_a_page_is_extracted(self, number: int, code: int, tmp_path: Path) -> None:
        """The process that reads it ends, too, and says nothing."""
        (tmp_path / "sitecustomize.py").write_text(
            "import os, signal, sys\n"
            "class Finder:\n"
            "    def find_spec(name, path=None, target=None):\n"
            "        if name == 'trafilatura':\n"
            "            print(os.getpid(), file=open(os.environ['PLACE'], 'w'), flush=True)\n"
            f"            os.kill(os.getppid(), {number})\n"
            "            while True: signal.pause()\n"
            "sys.meta_path.insert(0, Finder)\n"
        )
        page, place = tmp_path / "a.html", tmp_path / "process"
        page.write_text("<html><body><p>Guns.</p></body></html>")
        paths = os.pathsep.join([str(tmp_path), str(SEEDS.parent)])
        done = run("report", page, env={**os.environ, "PYTHONPATH": paths, "PLACE": str(place)})
        word = "interrupted" if number == 2 else "terminated"
        assert (done.returncode, done.stderr) == (code, f"dedup: {word}\n")
        reader = Path("/proc", place.read_text().strip())
        wait_until(lambda: not reader.exists())

    def test_while_it_waits_for_input(self) -> None:
        """More is written to its stdin than a pipe holds: when that is through, it is reading."""
        command = [sys.executable, "-m", "dedup", "report", "-"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as waiting:
            assert waiting.stdin is not None
            waiting.stdin.write("Koksan guns are in Crimea.\n" * 100_000)
            waiting.send_signal(signal.SIGINT)
            _, message = waiting.communicate(timeout=MAX_WAIT)
        assert (waiting.returncode, message) == (130, "dedup: interrupted\n")

    def test_where_python_would_print_and_forget_it(self, tmp_path: Path) -> None:
        """An exception in a `__del__` is lost; the interrupt is not."""
        (tmp_path / "sitecustomize.py").write_text(
            "import sys\n"
            "class Dying:\n"
            "    def __del__(self):\n"
            "        raise KeyboardInterrupt\n"
            "class Finder:\n"
            "    def find_spec(name, path=None, target=None):\n"
            "        if name == 'dedup.cli':\n"
            "            Dying()\n"
            "sys.meta_path.insert(0, Finder)\n"
        )
        paths = os.pathsep.join([str(tmp_path), str(SEEDS.parent)])
        done = run("--version", env={**os.environ, "PYTHONPATH": paths})
        assert (done.returncode, done.stderr) == (130, "dedup: interrupted\n")

    def test_an_ignored_signal_stays_ignored(self, news: Path, tmp_path: Path) -> None:
        """As for a command that a shell runs in the background."""
        (tmp_path / "sitecustomize.py").write_text(
            f"import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n{INTERRUPTING}"
        )
        paths = os.pathsep.join([str(tmp_path), str(SEEDS.parent)])
        environment = {"INTERRUPTED_AT": "dedup.pipeline", "PYTHONPATH": paths}
        assert run("report", news, env={**os.environ, **environment}).returncode == 0


class TestReading:
    def test_columns_are_named_by_options(self, tmp_path: Path) -> None:
        """What was taken for what is told on stderr, and the report has it."""
        rows = "nr,autor,artikel,tag\n7,A,Koksan guns are in Crimea.,2025-03-28\n"
        (tmp_path / "a.csv").write_text(rows)
        options = ["--text-field", "artikel", "--id-field", "nr", "--date-field", "tag"]
        done = invoke("report", tmp_path / "a.csv", *options, "--format", "json")
        (article,) = json.loads(done.stdout)["articles"]
        assert (article["id"], article["published"]) == ("7", "2025-03-28")
        assert "columns used: text = artikel, id = nr, date = tag" in done.stderr

    def test_nested_fields_are_reached_by_paths(self, tmp_path: Path) -> None:
        """As in the records of a content system."""
        record = {"meta": {"name": "T"}, "parts": [{"text": "Koksan guns are in Crimea."}]}
        (tmp_path / "a.jsonl").write_text(json.dumps(record))
        options = ["--text-field", "parts[0].text", "--title-field", "meta.name"]
        done = invoke("report", tmp_path / "a.jsonl", *options, "--format", "json")
        (article,) = json.loads(done.stdout)["articles"]
        assert (article["title"], article["words"]) == ("T", 5)

    def test_a_field_that_is_not_there_is_told(self, tmp_path: Path) -> None:
        """With what there is instead; nothing to report is an error."""
        (tmp_path / "a.csv").write_text("id,text\n1,Guns.\n")
        done = invoke("report", tmp_path / "a.csv", "--text-field", "artikel")
        assert "no column 'artikel'; the columns are 'id', 'text'" in done.stderr
        assert done.exit_code == 1

    def test_problems_end_with_their_number(self, tmp_path: Path) -> None:
        """Each is told, up to a hundred; then how many there were."""
        good = json.dumps({"text": "Koksan guns are in Crimea."})
        (tmp_path / "a.jsonl").write_text(good)
        for number in range(150):
            (tmp_path / f"b{number}.jsonl").write_text("{broken}")
        told = invoke("report", tmp_path).stderr.splitlines()
        assert len(told) == 102
        assert told[-2] == "dedup: and 50 more problems; --format json lists them"
        assert told[-1] == "dedup: 1 article read, 150 problems"


class TestLargeInput:
    def test_the_memory_that_a_large_input_may_take_is_told_beforehand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One line on stderr, before the work; small input says nothing."""
        (tmp_path / "wire.txt").write_text("Russia sent artillery to Crimea, ZDF reported.")
        assert "of memory" not in invoke("report", tmp_path).stderr
        monkeypatch.setattr("dedup.cli.LARGE", 10)
        assert "GB of memory" in invoke("report", tmp_path, "--threads", "1").stderr
