"""Large collections: processes that share the work, and folders from which a killed run goes on."""

import json
import os
import random
import re
import signal
import sys
import warnings
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from patience import MAX_WAIT

import dedup
from dedup import Article, DedupError, InputError
from dedup.align import Counting
from dedup.pipeline import Comparison
from dedup.pipeline.groups import CandidateGroup, work_out
from dedup.pipeline.storage import Journal, Storage, WorkFolder, explain_faults
from dedup.pipeline.tasks import start_workers
from dedup.pipeline.texts import PreparedTexts, Record
from dedup.processes.workers import MAX_NAMED, name_ids
from dedup.report import render

# The name `dedup.pipeline.compare` is that of the function.
COMPARE = sys.modules["dedup.pipeline.compare"]
# Words that all stories have; the others are each story's own.
FRAME = "The {} of {} and the {} in {} were not {} for the {} that {} had {} from {} to {}."


def story(n: int) -> str:
    """A short report that shares next to nothing with the next."""
    chance = random.Random(n)

    def word() -> str:
        return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))

    return "\n".join(FRAME.format(*(word() for _ in range(10))) for _ in range(4))


def collection(count: int = 12) -> list[Article]:
    """Reports, and of every second one a version; of the first two more."""
    articles = [Article(f"a{n:03}", story(n)) for n in range(count)]
    for n in range(0, count, 2):
        first, *others = story(n).split("\n")
        retold = "\n".join((*others, first, f"Our reporter {n} was there."))
        articles.append(Article(f"b{n:03}", retold, publisher="The Courier"))
    articles += [
        Article(f"c{n}", story(0) + f"\nReader {n} wrote to us about it.") for n in range(2)
    ]
    return articles


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done with many articles is done with a few: chunks, processes and files."""
    monkeypatch.setattr(COMPARE, "MIN_FOR_WORKERS", 1)
    monkeypatch.setattr(COMPARE, "MAX_KEPT", 0)
    monkeypatch.setattr("dedup.pipeline.reading.MIN_FOR_KERNELS", 3_000)


def killed(folder: Path, step: int, threads: int = 1) -> bool:
    """Compare in a process of its own, which kills itself at a step of the progress; whether it
    came so far."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that this process has threads: the other one uses none
        child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    left = step

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        dedup.compare(collection(), work=folder, threads=threads, progress=progress)
    finally:
        os._exit(0)


@pytest.mark.usefixtures("many")
class TestProcesses:
    def test_any_number_of_processes_gives_the_same_bytes(self) -> None:
        """Also from chunks, and none is left when they are done."""
        expected = render(dedup.compare(collection(), threads=1), "json")
        assert len(json.loads(expected)["clusters"]) == 6
        with Comparison(collection(), threads=3) as comparison:
            assert render(comparison.run(), "json") == expected
        assert comparison._workers is not None
        processes = comparison._workers._processes
        assert len(processes) > 1
        assert all(process.returncode is not None for process in processes)

    def test_what_cannot_be_sent_is_worked_on_at_home(self) -> None:
        """Articles made by hand may carry anything."""
        articles = collection(4)
        expected = dedup.compare(articles, threads=1).clusters
        odd = [Article(a.id, a.text, publisher=a.publisher, extra={"parse": lambda: None})
               for a in articles]  # fmt: skip
        assert list(dedup.compare(odd, threads=2).clusters) == list(expected)

    def test_a_worker_that_dies_names_its_articles(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And no other process is left."""
        die = "import os, signal; from dedup.pipeline import tasks; "
        die += "tasks.do = lambda *_: os.kill(os.getpid(), signal.SIGKILL); tasks.work()"
        monkeypatch.setattr("dedup.pipeline.tasks.START", die)
        monkeypatch.setattr("dedup.pipeline.reading.MIN_FOR_KERNELS", 10**9)
        comparison = Comparison(collection(), threads=2)
        with pytest.raises(DedupError, match=r"died \(signal 9\) .*articles a0\d\d, b0\d\d"):
            comparison.run()
        assert comparison._workers is not None
        assert all(process.returncode for process in comparison._workers._processes)

    def test_an_error_in_a_worker_names_its_articles(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is the error itself, with where it was raised."""
        fail = "from dedup.pipeline import tasks; "
        fail += "tasks.do = lambda *_: {}['missing']; tasks.work()"
        monkeypatch.setattr("dedup.pipeline.tasks.START", fail)
        monkeypatch.setattr("dedup.pipeline.reading.MIN_FOR_KERNELS", 10**9)
        with pytest.raises(KeyError) as caught:
            dedup.compare(collection(), threads=2)
        notes = "\n".join(caught.value.__notes__)
        assert re.search(r"while working on the articles a\d+, ", notes)
        assert "lambda" in notes

    def test_an_interrupt_ends_all_processes(self) -> None:
        """Whatever they are doing."""

        def interrupt(stage: str, done: int, total: int) -> None:
            if stage == "relate" and done:
                raise KeyboardInterrupt

        comparison = Comparison(collection(), threads=2, progress=interrupt)
        with pytest.raises(KeyboardInterrupt), comparison:
            comparison.run()
        assert comparison._workers is not None
        assert all(process.returncode is not None for process in comparison._workers._processes)

    def test_a_worker_ends_with_its_input(self) -> None:
        """So none outlives a process that was killed."""
        with open(os.devnull, "rb") as nothing:
            process = start_workers(1, nothing.fileno())._take()
        assert process.stdin
        process.stdin.close()
        assert process.wait(timeout=MAX_WAIT) == 0


def test_an_error_in_one_process_names_its_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with several."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("dedup.pipeline.relations.relate", fail)
    with pytest.raises(ZeroDivisionError) as caught:
        dedup.compare(collection(2), threads=1)
    assert "while working on the articles a000, " in caught.value.__notes__[0]


def test_a_group_is_worked_out_from_its_articles_alone() -> None:
    """Anywhere: numbers and texts go in, plain data come out."""
    records = {
        7: Record(Article("x", story(1)), "en", ()),
        9: Record(Article("y", story(1)), "en", ()),
    }
    findings = work_out(CandidateGroup((7, 9), ((7, 9),)), PreparedTexts(records.__getitem__), None)
    ((members, cluster),) = findings.clusters
    assert members == (7, 9)
    assert cluster.members == ("x", "y")
    assert findings.languages == {"x": "en", "y": "en"}


def test_many_ids_are_not_all_named() -> None:
    """A message stays readable."""
    assert name_ids([str(n) for n in range(MAX_NAMED + 8)]).endswith("and 8 more")


class TestWorkFolder:
    def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(
        self, tmp_path: Path, many: None
    ) -> None:
        """Twenty times in one folder, each time a little later, and once each in a new one."""
        steps: list[str] = []
        whole = render(
            dedup.compare(collection(), threads=1, progress=lambda *step: steps.append(step[0])),
            "json",
        )
        assert steps.count("relate") > 4
        moments = [max(1, len(steps) * n // 20) for n in range(1, 21)]
        assert all(killed(tmp_path / "work", moment) for moment in moments[::2])
        assert (
            render(dedup.compare(collection(), work=tmp_path / "work", threads=1), "json") == whole
        )
        for moment in moments[1::2]:
            folder = tmp_path / str(moment)
            assert killed(folder, moment)
            assert render(dedup.compare(collection(), work=folder, threads=1), "json") == whole

    def test_a_run_with_processes_goes_on(self, tmp_path: Path, many: None) -> None:
        """It is killed while they work."""
        whole = render(dedup.compare(collection(), threads=1), "json")
        assert killed(tmp_path, len(collection()) + 6, threads=2)
        assert render(dedup.compare(collection(), work=tmp_path, threads=2), "json") == whole

    def test_what_was_found_is_not_worked_out_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: None
    ) -> None:
        """Neither columns nor groups."""
        first = render(dedup.compare(collection(), work=tmp_path, threads=1), "json")

        def fail(*_: object, **__: object) -> None:
            raise AssertionError

        monkeypatch.setattr("dedup.pipeline.collection.read_chunk", fail)
        monkeypatch.setattr("dedup.pipeline.relations.relate", fail)
        assert render(dedup.compare(collection(), work=tmp_path, threads=1), "json") == first

    def test_two_runs_in_one_folder_are_refused(self, tmp_path: Path) -> None:
        """The second one, at once; when the first is done the folder is free."""
        refused = pytest.raises(InputError, match="another run works in this folder")
        with Comparison(collection(2), work=tmp_path), refused:
            Comparison(collection(2), work=tmp_path)
        with Comparison(collection(2), work=tmp_path) as comparison:
            assert comparison.run().clusters

    def test_other_articles_are_refused_and_nothing_is_lost(self, tmp_path: Path) -> None:
        """One word is enough, and so is an article more or less."""
        articles = collection(4)
        first = render(dedup.compare(articles, work=tmp_path), "json")
        changed = [Article(a.id, a.text.replace("Fire", "Flood")) for a in articles]
        for others in (changed, articles[:-1], [*articles, Article("z", story(9))], []):
            with pytest.raises(InputError, match="holds the work on other articles; name another"):
                dedup.compare(others, work=tmp_path)
        assert render(dedup.compare(articles, work=tmp_path), "json") == first

    def test_other_settings_and_versions_are_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message says which."""
        dedup.compare(collection(2), work=tmp_path)
        with pytest.raises(InputError, match="attributed None, this one has 'all'"):
            dedup.compare(collection(2), work=tmp_path, attributed="all")
        monkeypatch.setattr("dedup.pipeline.storage.__version__", "99.0")
        with pytest.raises(InputError, match=r"a run with version .* this one has '99.0'"):
            dedup.compare(collection(2), work=tmp_path)

    def test_a_folder_of_something_else_is_left_alone(self, tmp_path: Path) -> None:
        """Nothing is written beside what is there."""
        (tmp_path / "thesis.txt").write_text("Chapter 1")
        with pytest.raises(InputError, match=r"holds 'thesis.txt' and no work of dedup"):
            dedup.compare(collection(2), work=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_damaged_description_is_said_to_be_unreadable(self, tmp_path: Path) -> None:
        """With what to do about it."""
        dedup.compare(collection(2), work=tmp_path)
        (tmp_path / "run.json").write_text("{")
        with pytest.raises(InputError, match=r"run.json: cannot be read; name another folder"):
            dedup.compare(collection(2), work=tmp_path)

    def test_a_place_where_no_folder_can_be_is_named(self, tmp_path: Path) -> None:
        """A file, or a folder whose parent is missing."""
        (tmp_path / "file").write_text("")
        for place in (tmp_path / "file", tmp_path / "no" / "parent"):
            with pytest.raises(InputError, match=f"work folder {place} cannot be used"):
                dedup.compare(collection(2), work=place)

    def test_a_full_disk_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And what was complete before stays."""
        first = dedup.compare(collection(4), work=tmp_path)
        for name, what in (("findings", "append"), ("weights", "make")):
            with monkeypatch.context() as patched:
                full = getattr(Storage, what)

                def write(storage: Storage, file: str, *rest: Any) -> Any:
                    if file == name:  # noqa: B023
                        with explain_faults(storage.folder):
                            raise OSError(ENOSPC, os.strerror(ENOSPC))
                    return full(storage, file, *rest)  # noqa: B023

                patched.setattr(Storage, what, write)
                (tmp_path / name).unlink()
                with pytest.raises(InputError, match="No space left on device; make room there"):
                    dedup.compare(collection(4), work=tmp_path)
        assert list(dedup.compare(collection(4), work=tmp_path).clusters) == list(first.clusters)

    def test_a_result_cut_short_is_dropped(self, tmp_path: Path) -> None:
        """And so is one whose bytes are others: the complete ones before it count."""
        storage = WorkFolder(tmp_path, {})
        journal = Journal(storage, "findings")
        for value in ("one", "two", "three"):
            journal.append(value)
        data = (tmp_path / "findings").read_bytes()
        for damaged in (data[:-1], data[:-1] + b"?", data[:-9]):
            (tmp_path / "findings").write_bytes(damaged)
            kept = Journal(storage, "findings")
            assert [kept[n] for n in range(len(kept))] == ["one", "two"]
        kept.append("four")
        assert Journal(storage, "findings")[2] == "four"


class TestStreaming:
    @pytest.mark.usefixtures("many")
    @pytest.mark.parametrize("threads", [1, 2])
    def test_clusters_come_with_their_final_number_as_they_are_found(self, threads: int) -> None:
        """In the order of the result, and the first before the last group is worked out."""
        seen: list[int] = []
        with Comparison(
            collection(), threads=threads, progress=lambda stage, done, total: seen.append(done)
        ) as comparison:
            streamed = [(cluster, len(seen)) for cluster in comparison]
            result = comparison.run()
        assert [cluster for cluster, _ in streamed] == list(result.clusters)
        assert [cluster.id for cluster, _ in streamed] == [f"c{n}" for n in range(1, 7)]
        assert streamed[0][1] < streamed[-1][1]

    def test_a_result_in_a_file_reads_like_one_in_memory(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """By number, from the end, in slices; in every format, with any counting."""
        small = dedup.compare(collection())
        monkeypatch.setattr(COMPARE, "MAX_KEPT", 0)
        large = dedup.compare(collection())
        assert large.clusters[-1] == small.clusters[-1]
        assert list(large.clusters[1:3]) == list(small.clusters[1:3])
        with pytest.raises(IndexError):
            large.clusters[6]
        for format in ("terminal", "json", "jsonl", "csv", "graphml", "html"):
            for counting in (Counting(), Counting(quotations=False)):
                pages = [render(r, format, counting=counting) for r in (small, large)]
                assert pages[0] == pages[1]

    def test_unnamed_files_leave_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Without a work folder nothing stays in the temporary folder."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        storage = Storage()
        table = storage.make("t", "int64", (3,))
        table[:] = 5
        assert list(tmp_path.iterdir()) == []
        assert storage.table("t", "int64", (3,)).tolist() == [5, 5, 5]
