"""What strangers wrote is read by a process of its own, which may die of it."""

import io
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from newsroom import Story, crawled, html, written
from patience import wait_until

from dedup.article import Article
from dedup.processes import TOO_MUCH
from dedup.readers import Isolation, Options, isolation, read
from dedup.readers.deferred import Deferred
from dedup.readers.isolation import Answers, Died, Worker
from dedup.readers.problem import Problem

URL = "https://example.org/{}"
TEXT = "The council closed the old bridge on Tuesday. Traffic is led over the northern road. " * 4
EATS_MEMORY = "x = [bytearray(50_000_000) for _ in range(200)]"
EATS_TIME = "while True: pass"
DIES = "import os; os.abort()"


class Planted:
    """Code that runs where this arrives."""

    def __init__(self, code: str) -> None:
        self.code = code

    def __reduce__(self) -> Any:
        return exec, (self.code,)


def page(code: str) -> Deferred:
    """A page whose parsing runs this code."""
    return Deferred("a.html", "HTML", exec, (code,), " (here)")  # type: ignore[arg-type]


@pytest.mark.usefixtures("fresh")
class TestPages:
    @pytest.mark.parametrize(
        ("code", "message"),
        [
            (DIES, "does not survive it (SIGABRT)"),
            (EATS_MEMORY, TOO_MUCH),
            (f"import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, -1))\n{EATS_TIME}",
             TOO_MUCH),
            ("import os; os.write(2, b'out of luck'); os._exit(3)", "failed: out of luck"),
            (r"import os; os.write(2, b'no font\n' * 3000 + b'out of luck'); os._exit(3)",
             "failed: out of luck"),
        ],
    )  # fmt: skip
    def test_a_page_takes_no_more_than_its_process(self, code: str, message: str) -> None:
        """It is a problem with its place, and the next page is parsed."""
        pages = [(n, page("pass") if n % 2 else page(code)) for n in range(3)]
        outcomes = [outcome for _, outcome in Isolation(1).resolve_in_order(iter(pages))]
        assert outcomes[1] is None
        for problem in (outcomes[0], outcomes[2]):
            assert isinstance(problem, Problem)
            assert problem.path == "a.html"
            assert message in problem.what
            assert problem.what.endswith("(here)")

    @pytest.mark.parametrize(
        ("sent", "message"),
        [
            ("{}", "a dict"),
            ("Broken()", "sends what it should not"),
            ("Note('a.html', 'x'), Note('a.html', 'y')", "more than one"),
            ("Begun('a.html', 'x')", "no answer"),
        ],
    )
    def test_a_process_that_answers_anything_costs_its_page(self, sent: str, message: str) -> None:
        """Whatever it sends is looked at here, also what cannot be made of what it sends."""
        code = (
            "import dedup.readers.isolated as own; from dedup.article import Article\n"
            "from dedup.readers.isolated import Begun; from dedup.readers.problem import Note\n"
            "class Broken:\n    def __reduce__(self): return Article, (None, '')\n"
            "def send(stream, message, before=own.send, End=own.End):\n"
            f"    for one in (message,) if isinstance(message, End) else ({sent},):\n"
            "        before(stream, one)\n"
            "own.send = send\n"
        )
        pages = [(n, page(f"exec({code!r}, {{}})" if n == 0 else "pass")) for n in range(2)]
        (_, problem), (_, other) = Isolation(1).resolve_in_order(iter(pages))
        assert isinstance(problem, Problem)
        assert message in problem.what
        assert problem.what.endswith("(here)")
        assert other is None

    def test_time_is_limited_by_the_size_of_a_page(self) -> None:
        """In seconds of the processor, so that another program beside it costs nothing."""
        code = "import resource, sys; sys.exit(resource.getrlimit(resource.RLIMIT_CPU)[0])"
        worker = Worker()
        with pytest.raises(Died, match="failed"):
            list(worker.ask(page(code)))
        assert 5 <= worker.process.wait() <= 15
        worker.end()

    def test_a_page_of_an_archive_costs_no_other(self, tmp_path: Path) -> None:
        """Nor is another one read twice."""
        patch = (
            "import os, dedup.readers.archives as archives\n"
            "before = archives.parse_page\n"
            "def parse(data, *more, before=before):\n"
            "    return os.abort() if b'BOOM' in data else before(data, *more)\n"
            "archives.parse_page = parse\n"
        )
        texts = ("A. " + TEXT, "BOOM " + TEXT, "B. " + TEXT, "C. " + TEXT)
        pages = [crawled(URL.format(n), html(Story("", t))) for n, t in enumerate(texts)]
        place = tmp_path / "a.warc"
        place.write_bytes(b"".join(pages))
        options = Options(fields={"text": Planted(patch)})  # type: ignore[dict-item]
        with place.open("rb") as file:
            articles, problems = [], []
            for outcome in Isolation(1).read(file, "a.warc", "a", options):
                (articles if isinstance(outcome, Article) else problems).append(outcome)
        assert [article.id for article in articles] == [URL.format(n) for n in (0, 2, 3)]
        (problem,) = problems
        assert isinstance(problem, Problem)
        assert "SIGABRT" in problem.what
        assert URL.format(1) in problem.what


@pytest.mark.usefixtures("fresh")
def test_a_file_that_kills_its_process_is_a_problem(here: Path) -> None:
    """Between articles, what follows is not read; the files behind it are."""
    written("a.html", html(Story("", TEXT)))
    patch = "import os, dedup.readers.isolated as i; i.read_stream = lambda *_: os.abort()"
    options = Options(fields={"text": Planted(patch)})  # type: ignore[dict-item]
    with open("a.html", "rb") as file:
        (problem,) = Isolation(1).read(file, "a.html", "a", options)
    assert isinstance(problem, Problem)
    assert "SIGABRT" in problem.what
    assert len(list(read("a.html"))) == 1


@pytest.mark.usefixtures("fresh")
def test_one_process_reads_many_files(here: Path) -> None:
    """It is kept from one to the next, and from one reading to the next."""
    for n in range(3):
        written(f"{n}.html", html(Story("", f"{n}. {TEXT}")))
    assert len(list(read("."))) == 3
    (first,) = isolation._idle
    assert len(list(read("."))) == 3
    (again,) = isolation._idle
    assert first is again


@pytest.mark.usefixtures("fresh")
def test_what_is_plain_starts_no_process(here: Path) -> None:
    """A folder of texts, records and tables costs what it did."""
    written("a.txt", TEXT.encode())
    written("b.jsonl", b'{"text": "Guns."}\n')
    written("c.csv", f"id,text\n1,{TEXT}\n".encode())
    assert len(list(read("."))) == 3
    assert not isolation._idle


@pytest.mark.usefixtures("fresh")
def test_no_process_outlives_the_one_that_it_reads_for(here: Path) -> None:
    """Whatever ends that, and whatever it is reading."""
    written("a.html", html(Story("", TEXT)))
    code = (
        "import os, sys; from dedup.readers.isolation import Worker; import test_hostile as t\n"
        "worker = Worker(); answers = worker.ask(t.page(t.EATS_TIME)); next(answers)\n"
        "print(worker.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment)
    wait_until(lambda: not is_running(int(done.stdout)))


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_an_answer_consists_of_articles_and_problems() -> None:
    """A process that a file has taken over cannot have this one run anything."""
    with pytest.raises(pickle.UnpicklingError, match="no part of an answer"):
        Answers(io.BytesIO(pickle.dumps(Planted("print('run')")))).load()
