"""`dedup index`: a collection that grows, from the command line, and hands that do it harm."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from places import schema
from typer.testing import CliRunner

import dedup
from dedup import Article, Index
from dedup.cli import app
from seeds import SEEDS

SOURCE, FIRST, SECOND = (next(SEEDS.glob(f"{n}_*")) for n in ("002", "000", "001"))
COMMANDS = ["add", "check", "remove", "clusters", "stats", "export", "compact"]

# Root may write anywhere, unless this right is taken from a process.
SETPRIV = [shutil.which("setpriv") or "", "--bounding-set=-dac_override,-dac_read_search"]
BOUND = ([] if os.geteuid() else SETPRIV) if hasattr(os, "geteuid") else []

SCHEMA = json.loads((resources.files("dedup") / "data/index.schema.json").read_text("utf-8"))
DOCUMENT = Draft202012Validator(SCHEMA)
LINE = Draft202012Validator({**SCHEMA, "oneOf": [{"$ref": "#/$defs/line"}]})


def invoke(*arguments: str | Path, **settings: Any) -> Any:
    """The command in this process."""
    return CliRunner().invoke(app, ["index", *map(str, arguments)], **settings)


def document(*arguments: str | Path) -> Any:
    """What the command prints as JSON, if the schema allows it."""
    done = invoke(*arguments, "--format", "json")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    DOCUMENT.validate(found)
    return found


def further(command: str, folder: Path) -> list[str | Path]:
    """What a command wants after the index."""
    wants: dict[str, list[str | Path]] = {
        "add": [SOURCE], "check": [SOURCE], "remove": ["wire"], "export": [folder / "out.jsonl"],
    }  # fmt: skip
    return wants.get(command, [])


def page_of(*arguments: str | Path) -> str:
    """The page that the command prints, in one line."""
    done = invoke(*arguments)
    assert done.exit_code == 0, done.stderr
    assert "\x1b" not in done.stdout
    return " ".join(done.stdout.split())


def unspaced(text: str) -> str:
    """A text without its spaces: a path that is longer than a line is broken anywhere."""
    return "".join(text.split())


def sizes(place: Path) -> int:
    with Index(place, readonly=True) as index:
        return len(index)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "news.dedup"


@pytest.fixture
def seeds(place: Path) -> Path:
    """An index of the five seeds."""
    assert invoke("add", place, SEEDS).exit_code == 0
    return place


class TestAdd:
    def test_an_index_is_made_and_grows(self, place: Path) -> None:
        """What is new and what was there is told on stderr; stdout stays empty."""
        first = invoke("add", place, SOURCE)
        assert (first.exit_code, first.stdout) == (0, "")
        assert first.stderr == f"dedup: 1 article added to {place}\n"
        again = invoke("add", place, SEEDS)
        assert again.stderr == f"dedup: 4 articles added to {place}, 1 already there\n"
        assert sizes(place) == 5

    def test_fields_are_named_as_for_a_report(self, place: Path, tmp_path: Path) -> None:
        """The options of reading are those of `dedup report`."""
        record = {"nr": "7", "artikel": {"text": "Koksan guns are in Crimea."}, "tag": "2025-03-28"}
        (tmp_path / "a.jsonl").write_text(json.dumps(record))
        fields = ["--id-field", "nr", "--text-field", "artikel.text", "--date-field", "tag"]
        assert invoke("add", place, tmp_path / "a.jsonl", *fields).exit_code == 0
        with Index(place) as index:
            (article,) = index
        assert (article.id, article.text) == ("7", "Koksan guns are in Crimea.")
        assert str(article.published) == "2025-03-28"

    def test_an_id_of_another_text_is_told_and_the_rest_goes_on(
        self, place: Path, tmp_path: Path
    ) -> None:
        """The place of the record, and what replaces it; the exit code is 1."""
        dump = tmp_path / "dump.jsonl"
        rows = [{"id": f"n{n}", "text": f"Koksan guns reached pier {n} of Crimea."} for n in "1234"]
        dump.write_text("".join(json.dumps(row) + "\n" for row in rows[:3]))
        invoke("add", place, dump)
        rows[1]["text"] = "No guns reached Crimea."
        dump.write_text("".join(json.dumps(row) + "\n" for row in rows))
        done = invoke("add", place, dump, "--commit-every", "2")
        assert done.exit_code == 1
        assert done.stderr.splitlines()[-2:] == [
            f"dedup: {dump}:2: 'n2' is in {place} with another text; --update replaces it",
            f"dedup: 1 article added to {place}, 2 already there, 1 not added",
        ]
        with Index(place) as index:
            assert [article.id for article in index] == ["n1", "n2", "n3", "n4"]
            assert "pier 2" in index.get("n2").text  # type: ignore[union-attr]

    def test_update_replaces_texts_and_fields(self, place: Path, tmp_path: Path) -> None:
        """A correction of the date is one too; what is the same stays."""
        dump = tmp_path / "dump.jsonl"
        rows = [{"id": f"n{n}", "text": f"Koksan guns reached pier {n} of Crimea."} for n in "123"]
        dump.write_text("".join(json.dumps(row) + "\n" for row in rows))
        invoke("add", place, dump)
        rows[0]["text"] = "No guns reached Crimea."
        rows[2]["published"] = "2025-03-28"
        dump.write_text("".join(json.dumps(row) + "\n" for row in rows))
        for told in ("2 replaced, 1 already there", "3 already there"):
            done = invoke("add", place, dump, "--update")
            assert done.exit_code == 0
            assert done.stderr.endswith(f"dedup: 0 articles added to {place}, {told}\n")
        with Index(place) as index:
            kept = {article.id: article for article in index}
        assert kept["n1"].text == "No guns reached Crimea."
        assert str(kept["n3"].published) == "2025-03-28"

    def test_a_folder_that_has_grown_adds_what_is_new(self, place: Path, tmp_path: Path) -> None:
        """Even where a new file has the name of an old one, so that both go by their paths."""
        news = tmp_path / "news"
        for day, seeds in (("monday", (SOURCE,)), ("tuesday", (FIRST,)), ("monday", (SECOND,))):
            (news / day).mkdir(parents=True, exist_ok=True)
            for seed in seeds:
                name = "other.txt" if seed == SECOND else "koksan.txt"
                shutil.copy(seed, news / day / name)
            done = invoke("add", place, news)
            assert done.exit_code == 0
            assert done.stderr.startswith(f"dedup: 1 article added to {place}")
        (news / "monday" / "koksan.txt").unlink()
        assert invoke("add", place, news).stderr.startswith(f"dedup: 0 articles added to {place}")
        assert sizes(place) == 3

    def test_what_cannot_be_read_is_told(self, place: Path, tmp_path: Path) -> None:
        """Broken files cost nothing of the others; a missing path is an error at the end."""
        folder = tmp_path / "news"
        folder.mkdir()
        shutil.copy(SOURCE, folder)
        (folder / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00")
        (folder / "cut.jsonl").write_text('{"text": "Koksan guns are in Crimea."}\n{"text": "Ko')
        (folder / "cut.json.gz").write_bytes(b"\x1f\x8b\x08\x00cut")
        done = invoke("add", place, folder, folder / "gone")
        assert done.exit_code == 1
        for name in ("photo.txt", "cut.jsonl:2", "cut.json.gz", "gone"):
            assert f"{folder}/{name}: " in done.stderr
        assert done.stderr.endswith(f"dedup: 2 articles added to {place}\n")
        assert sizes(place) == 2

    def test_strict_stops_and_keeps_what_came_before(self, place: Path, tmp_path: Path) -> None:
        """The first problem ends the work, in one line and a sum."""
        dump = tmp_path / "dump.jsonl"
        dump.write_text('{"id": "a", "text": "Koksan guns."}\n{broken}\n{"id": "b", "text": "B"}\n')
        done = invoke("add", place, dump, "--strict")
        assert done.exit_code == 1
        assert f"{dump}:2: " in done.stderr
        assert "Traceback" not in done.stderr
        assert sizes(place) == 1

    def test_many_problems_are_told_up_to_a_hundred(self, place: Path, tmp_path: Path) -> None:
        """And then how many more; no format is promised that this command does not have."""
        for number in range(150):
            (tmp_path / f"{number}.jsonl").write_text("{broken}\n")
        told = invoke("add", place, tmp_path).stderr
        assert "dedup: and 50 more problems\n" in told
        assert "--format" not in told

    def test_ctrl_c_says_what_is_kept(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Interrupted, it ends with 130 and the sum so far."""
        original = Index.add_many

        def interrupted(self: Index, *args: Any, **settings: Any) -> int:
            if len(self) == 2:
                raise KeyboardInterrupt
            return original(self, *args, **settings)

        monkeypatch.setattr(Index, "add_many", interrupted)
        done = invoke("add", place, SEEDS, "--commit-every", "2")
        assert done.exit_code == 130
        assert done.stderr == f"dedup: 2 articles added to {place}\ndedup: interrupted\n"


WORDS = (SOURCE.read_text("utf-8") + FIRST.read_text("utf-8")).split()


def made_up(count: int, seed: int = 8) -> list[dict[str, str]]:
    """Articles of the seeds' words in any order; each tenth is a copy of one before."""
    chance = Random(seed)
    texts: list[str] = []
    for n in range(count):
        fresh = f"Item {n}: " + " ".join(chance.choices(WORDS, k=60))
        texts.append(chance.choice(texts) if n % 10 == 9 else fresh)
    return [{"id": f"n{n:05}", "text": text} for n, text in enumerate(texts)]


# Kills its own process after so many commits to a database, and then so many statements.
DYING = """
import os, signal, sqlite3
commits, statements = int(os.environ["COMMITS"]), int(os.environ["STATEMENTS"])

def count(statement):
    global commits, statements
    commits -= statement == "COMMIT"
    statements -= commits <= 0
    if statements < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def connect(*arguments, connect=sqlite3.connect, **settings):
    sql = connect(*arguments, **settings)
    sql.set_trace_callback(count)
    return sql

sqlite3.connect = connect
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
@pytest.mark.slow
def test_killed_while_it_adds_it_goes_on_where_it_stopped(place: Path, tmp_path: Path) -> None:
    """`kill -9` between two statements or two commits, three times: nothing twice, nothing lost,
    and in the end the same index as without."""
    rows, chance = made_up(4_000), Random(3)
    dump = tmp_path / "dump.jsonl"
    dump.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "sitecustomize.py").write_text(DYING)
    command = [sys.executable, "-m", "dedup", "index", "add", str(place), str(dump)]
    kept = 0
    for _ in range(3):
        commits, statements = (
            chance.randrange(kept // 100 + 4, kept // 100 + 8),
            chance.randrange(900),
        )
        environment = {
            **os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(SEEDS.parent)]),
            "COMMITS": str(commits), "STATEMENTS": str(statements),
        }  # fmt: skip
        adding = subprocess.run(
            [*command, "--commit-every", "100"], stderr=subprocess.DEVNULL, env=environment
        )
        assert adding.returncode == -signal.SIGKILL
        before, kept = kept, sizes(place)
        assert before + 300 <= kept < len(rows)
        assert kept % 100 == 0
    done = invoke("add", place, dump)
    assert done.exit_code == 0
    fresh, known = len(rows) - kept, kept
    told = f"{fresh:,} articles added to {place}, {known:,} already there"
    assert done.stderr.splitlines()[-1] == f"dedup: {told}"
    with Index(place) as index:
        assert [(article.id, article.text) for article in index] == [
            (row["id"], row["text"]) for row in rows
        ]
        with Index(":memory:") as whole:
            whole.add_many(dedup.read(dump))
            mine, other = index.stats(), whole.stats()
            assert (mine.bands, mine.terms, mine.common) == (other.bands, other.terms, other.common)
            assert mine.pending == other.pending
            draft = Article("draft", rows[1234]["text"])
            assert [c.article.id for c in index.check(draft).candidates] == [
                c.article.id for c in whole.check(draft).candidates
            ]


class TestCheck:
    def test_matches_are_ranked_with_what_was_taken(self, seeds: Path, tmp_path: Path) -> None:
        """Kind, probability, shares, and which of the two is the source."""
        draft = tmp_path / "draft.txt"
        draft.write_bytes(SECOND.read_bytes())
        invoke("remove", seeds, SECOND.stem)
        (answer,) = document("check", seeds, draft)["answers"]
        best = answer["matches"][0]
        assert (best["id"], best["kind"], best["role"]) == (SOURCE.stem, "rewrite", "source")
        assert best["probability"] > 0.8
        assert best["shares"]["paraphrased"] > 0.5
        taken = {(edge["source"], edge["derivative"]) for edge in answer["derivations"]}
        assert (SOURCE.stem, "draft") in taken
        assert answer["standing"] is None

    def test_the_page_says_it_in_words(self, seeds: Path) -> None:
        """Counted at the top; each match with its source, its bar and its share."""
        page = page_of("check", seeds, SECOND, next(SEEDS.glob("004_*")))
        assert unspaced(page).startswith(unspaced(f"1 of 2 articles has a match in {seeds}"))
        assert re.search(r"rewrite, (>99|\d\d)%; \d+% of the phrases shared", page)
        assert "likely the source" in page
        assert re.search(r"▓+░+ \d\d% paraphrased, \d\d% added", page)

    def test_nothing_found_is_said(self, seeds: Path) -> None:
        """In a line, with exit code 0 whatever was asked for."""
        done = invoke("check", seeds, "-", "--exit-code", input="Snow closed three Alpine passes.")
        assert unspaced(done.stdout) == unspaced(f"No match for this article in {seeds}.")
        assert done.exit_code == 0

    def test_reuse_exits_with_3_if_asked(self, seeds: Path) -> None:
        """A script can branch on it."""
        assert invoke("check", seeds, SECOND).exit_code == 0
        assert invoke("check", seeds, SECOND, "--exit-code").exit_code == 3

    def test_lines_come_one_by_one(self, seeds: Path, tmp_path: Path) -> None:
        """An answer each, then a problem each; in a file as on stdout."""
        (tmp_path / "empty.txt").touch()
        asked = [SOURCE, SECOND, tmp_path / "empty.txt"]
        printed = invoke("check", seeds, *asked, "--format", "jsonl").stdout
        invoke("check", seeds, *asked, "-o", tmp_path / "found.jsonl")
        assert (tmp_path / "found.jsonl").read_text("utf-8") == printed
        lines = [json.loads(line) for line in printed.splitlines()]
        for line in lines:
            LINE.validate(line)
        assert [line["type"] for line in lines] == ["answer", "answer", "problem"]
        assert [line.get("id") for line in lines[:2]] == [SOURCE.stem, SECOND.stem]

    def test_windows_leave_out_what_is_old(self, place: Path, tmp_path: Path) -> None:
        """`--since` is the first moment inside, `--until` the first outside."""
        text = SOURCE.read_text("utf-8")
        with Index(place) as index:
            index.add(Article("wire", text, published="2025-03-28"))
        draft = tmp_path / "draft.txt"
        draft.write_text(text, "utf-8")

        def found(*options: str) -> int:
            return len(document("check", place, draft, *options)["answers"][0]["matches"])

        assert found() == found("--since", "2025-03-28") == found("--until", "2025-03-29") == 1
        assert found("--since", "2025-03-29") == found("--until", "2025-03-28T00:00:00Z") == 0

    def test_add_keeps_each_before_the_next_is_checked(self, place: Path) -> None:
        """Of a family the first finds nothing and the last finds the others; again is no news."""
        paths = [SOURCE, FIRST, SECOND]
        answers = document("check", place, *paths, "--add")["answers"]
        assert [answer["standing"] for answer in answers] == ["added"] * 3
        assert [len(answer["matches"]) for answer in answers] == [0, 1, 2]
        again = document("check", place, *paths, "--add")["answers"]
        assert [answer["standing"] for answer in again] == ["known"] * 3
        assert sizes(place) == 3

    def test_add_refuses_an_id_of_another_text(self, seeds: Path, tmp_path: Path) -> None:
        """It is checked all the same, told, and left as it is."""
        other = tmp_path / SOURCE.name
        other.write_text("Snow closed three Alpine passes overnight.")
        done = invoke("check", seeds, other, SECOND, "--add", "--format", "json")
        assert done.exit_code == 1
        assert "with another text" in done.stderr
        answers = json.loads(done.stdout)["answers"]
        assert [answer["standing"] for answer in answers] == ["refused", "known"]
        with Index(seeds) as index:
            assert index.get(SOURCE.stem).text == SOURCE.read_text("utf-8")  # type: ignore[union-attr]

    def test_without_add_nothing_changes(self, seeds: Path) -> None:
        """The file is the same, byte for byte."""
        before = seeds.read_bytes()
        document("check", seeds, SEEDS)
        assert seeds.read_bytes() == before


class TestHousekeeping:
    def test_stats_count(self, seeds: Path) -> None:
        """As JSON and as a page."""
        found = document("stats", seeds)
        assert (found["articles"], found["clusters"], found["pending"]) == (5, 0, 10)
        page = page_of("stats", seeds)
        assert unspaced(page).startswith(unspaced(f"{seeds} articles 5"))
        assert "an article; " in page

    def test_clusters_are_the_families(self, seeds: Path) -> None:
        """The three that are one report, with how they begin."""
        (family,) = document("clusters", seeds)["clusters"]
        assert family["members"] == sorted([SOURCE.stem, FIRST.stem, SECOND.stem])
        page = page_of("clusters", seeds)
        assert unspaced(page).startswith(unspaced(f"1 cluster of 3 articles in {seeds}"))
        assert "Russia has started transferring" in page
        assert re.search(r"weakest connection (>99|\d\d)% \(rewrite\)", page)

    def test_articles_are_removed_by_id(self, seeds: Path) -> None:
        """Given as arguments, or line by line on stdin; one that is not there is told."""
        done = invoke("remove", seeds, SOURCE.stem, "nobody")
        assert done.exit_code == 1
        assert done.stderr.splitlines() == [
            f"dedup: there is no article 'nobody' in {seeds}",
            f"dedup: 1 article removed from {seeds}",
        ]
        done = invoke("remove", seeds, "-", input=f"{FIRST.stem}\r\n\n{SECOND.stem}\n")
        assert (done.exit_code, sizes(seeds)) == (0, 2)

    def test_an_export_is_read_back(self, seeds: Path, tmp_path: Path) -> None:
        """From the file, and from stdout, into the same articles."""
        assert invoke("export", seeds, tmp_path / "out.jsonl").exit_code == 0
        printed = invoke("export", seeds, "-").stdout
        assert printed == (tmp_path / "out.jsonl").read_text("utf-8")
        other = tmp_path / "other.dedup"
        assert invoke("add", other, "-", input=printed).exit_code == 0
        with Index(seeds) as one, Index(other) as two:
            assert [(a.id, a.text) for a in one] == [(a.id, a.text) for a in two]

    def test_compact_gives_back_room(self, place: Path, tmp_path: Path) -> None:
        """The file is smaller after what was removed from it."""
        dump = tmp_path / "dump.jsonl"
        dump.write_text("".join(json.dumps(row) + "\n" for row in made_up(500)))
        invoke("add", place, dump)
        invoke("remove", place, *(f"n{n:05}" for n in range(400)))
        before = place.stat().st_size
        done = invoke("compact", place)
        assert done.stderr.startswith(f"dedup: {place}: ")
        assert place.stat().st_size < before / 2


@pytest.mark.postgres
def test_a_database_is_used_as_a_file_is(tmp_path: Path) -> None:
    """Every command takes its address; so does `dedup check --against`."""
    with schema() as server:
        assert invoke("add", server, SEEDS).exit_code == 0
        assert invoke("add", server, SEEDS).stderr.endswith(", 5 already there\n")
        (answer,) = document("check", server, SECOND)["answers"]
        assert answer["matches"][0]["id"] == SOURCE.stem
        (family,) = document("clusters", server)["clusters"]
        assert len(family["members"]) == 3
        assert document("stats", server)["articles"] == 5
        assert invoke("export", server, tmp_path / "out.jsonl").exit_code == 0
        assert invoke("remove", server, FIRST.stem).exit_code == 0
        assert invoke("compact", server).exit_code == 0
        against = [
            "check",
            str(SECOND),
            "--against",
            server,
            "--encoder",
            "none",
            "--format",
            "json",
        ]
        done = CliRunner().invoke(app, against)
        assert [source["article"]["id"] for source in json.loads(done.stdout)["sources"]] == [
            SOURCE.stem
        ]


def test_a_password_is_told_to_nobody() -> None:
    """Not even where the server is not found."""
    done = invoke("stats", "postgresql://crawler:secret@127.0.0.1:1/news")
    assert done.exit_code == 1
    assert "crawler:***@" in done.stderr
    assert "secret" not in done.output


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals")
@pytest.mark.slow
def test_a_terminal_sees_how_fast_it_goes(place: Path, tmp_path: Path) -> None:
    """A bar with the number of articles and the rate, on stderr, which goes away."""
    import pty

    dump = tmp_path / "dump.jsonl"
    dump.write_text("".join(json.dumps(row) + "\n" for row in made_up(2_000)))
    mine, its = pty.openpty()
    command = [sys.executable, "-m", "dedup", "index", "add", str(place), str(dump)]
    adding = subprocess.Popen(
        [*command, "--commit-every", "100"], stdout=subprocess.PIPE, stderr=its,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(its)
    seen = b""
    while True:
        try:
            part = os.read(mine, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        seen += part
    os.close(mine)
    assert adding.communicate()[0] == b""
    assert adding.returncode == 0
    page = seen.decode("utf-8", "replace")
    assert "adding" in page
    assert re.search(r"\d00 articles", page)
    assert re.search(r"\d/s ", page)
    assert f"2,000 articles added to {place}" in " ".join(page.split())


class TestHarm:
    """What is no index is told in a line, and stays as it is."""

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_folder(self, command: str, tmp_path: Path) -> None:
        """Not even an empty one becomes an index."""
        place = tmp_path / "folder"
        place.mkdir()
        self._refused(command, place, tmp_path)
        assert list(place.iterdir()) == []

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("content", ["Koksan guns are in Crimea.\n" * 100, "guns"])
    def test_a_text_file(self, command: str, content: str, tmp_path: Path) -> None:
        """Long or short, it is no database."""
        place = tmp_path / "article.txt"
        place.write_text(content)
        self._refused(command, place, tmp_path)
        assert place.read_text() == content

    @pytest.mark.parametrize("command", COMMANDS)
    def test_another_database(self, command: str, tmp_path: Path) -> None:
        """Somebody else's bookmarks."""
        place = tmp_path / "places.sqlite"
        with sqlite3.connect(place) as sql:
            sql.execute("CREATE TABLE bookmarks (url TEXT)")
        sql.close()
        before = place.read_bytes()
        self._refused(command, place, tmp_path)
        assert place.read_bytes() == before

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_damaged_index(self, command: str, seeds: Path, tmp_path: Path) -> None:
        """Its beginning is whole, the rest is noise."""
        noise = Random(8).randbytes(seeds.stat().st_size - 4096)
        seeds.write_bytes(seeds.read_bytes()[:4096] + noise)
        before = seeds.read_bytes()
        self._refused(command, seeds, tmp_path)
        assert seeds.read_bytes() == before

    @pytest.mark.parametrize("command", COMMANDS[1:])
    def test_a_missing_one(self, command: str, place: Path, tmp_path: Path) -> None:
        """Only adding makes one: a typing error must not."""
        told = self._refused(command, place, tmp_path)
        assert told == f"dedup: {place}: there is no such index; `dedup index add` makes one\n"
        assert not place.exists()

    @pytest.mark.parametrize("place", [":memory:", ""])
    def test_no_place_at_all(self, place: str) -> None:
        """What would be gone with the command is refused before the work."""
        done = invoke("add", place, SOURCE)
        assert done.exit_code == 1
        assert done.stderr.endswith("name a file\n")

    def test_the_folder_that_it_stands_in(self, tmp_path: Path) -> None:
        """An index is no article: it is passed over when its folder is added."""
        shutil.copy(SOURCE, tmp_path)
        for told in ("1 article added", "0 articles added"):
            done = invoke("add", tmp_path / "news.dedup", tmp_path)
            assert done.exit_code == 0
            assert told in done.stderr

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        """Nor does adding make folders."""
        self._refused("add", tmp_path / "no" / "such" / "news.dedup", tmp_path)
        assert not (tmp_path / "no").exists()

    @pytest.mark.slow
    @pytest.mark.skipif(
        BOUND[:1] == [""], reason="root may write anywhere, and there is no setpriv"
    )
    @pytest.mark.parametrize("command", COMMANDS)
    def test_one_that_may_only_be_read(self, command: str, tmp_path: Path) -> None:
        """Reading commands answer, writing ones say why they do not."""
        folder = tmp_path / "archive"
        folder.mkdir()
        place = folder / "news.dedup"
        invoke("add", place, SEEDS)
        invoke("clusters", place)
        before = place.read_bytes()
        place.chmod(0o444)
        folder.chmod(0o555)
        line = [sys.executable, "-m", "dedup", "index", command, place, *further(command, tmp_path)]
        try:
            done = subprocess.run([*BOUND, *map(str, line)], capture_output=True, text=True)
        finally:
            folder.chmod(0o755)
        assert "Traceback" not in done.stderr
        assert place.read_bytes() == before
        if command in ("add", "remove", "compact"):
            assert done.returncode == 1, done
            assert str(place) in done.stderr
        else:
            assert done.returncode == 0, done
            if command == "clusters":
                assert "1 cluster of 3 articles" in done.stdout

    @pytest.mark.parametrize(
        "arguments",
        [
            ["add", "news.dedup"],
            ["add", "news.dedup", "a.txt", "--commit-every", "0"],
            ["check", "news.dedup", "a.txt", "--since", "yesterday"],
            ["check", "news.dedup", "a.txt", "--limit", "0"],
            ["check", "news.dedup", "a.txt", "-o", "report.csv"],
            ["remove", "news.dedup"],
            ["stats", "news.dedup", "--format", "csv"],
            ["forget", "news.dedup"],
        ],
    )
    def test_wrong_usage_exits_with_2(self, arguments: list[str]) -> None:
        """What cannot be meant is refused before any work."""
        done = invoke(*arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert not Path("news.dedup").exists()

    def test_an_export_of_no_known_format(self, seeds: Path, tmp_path: Path) -> None:
        """The suffix says what to write; the index itself is nothing to write to."""
        for file in (tmp_path / "out.txt", tmp_path / "no" / "out.jsonl"):
            done = invoke("export", seeds, file)
            assert done.exit_code == 1
            assert done.stderr.count("\n") == 1
        assert invoke("export", seeds, seeds).exit_code == 2
        assert sizes(seeds) == 5

    def _refused(self, command: str, place: Path, folder: Path) -> str:
        done = invoke(command, place, *further(command, folder))
        assert done.exit_code == 1, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert done.stdout == ""
        assert str(place) in done.stderr
        assert not (folder / "out.jsonl").exists()
        told: str = done.stderr
        return told
