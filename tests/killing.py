"""Commands that are killed at random moments, and disks that are full: is anything lost?

``python tests/killing.py compare 70``, ``index 70`` and ``serve 60`` kill (-9) a comparison with a
work folder, an index that grows, and a server that three clients write to. ``disk 20`` lets the
disk run full under outputs, work folders and indexes (for who may mount file systems), ``pages 20``
terminates a report while its pages are parsed. A moment is so much CPU time of the process, or so
many acknowledged articles, drawn by ``--seed``: how busy the machine is does not matter.
"""

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

from newsroom import Story, html
from patience import wait_until
from test_scale import collection, story

from benchmarks.processes import read_usage
from dedup import DedupError, Index

DEDUP = [sys.executable, "-m", "dedup"]
Outcome = Counter[str]


def used(process: int) -> int:
    """Hundredths of a second of CPU that a process has had, by the system's account."""
    try:
        return read_usage(process).own
    except OSError:
        return 0


def children(process: int) -> list[int]:
    """The processes that one has started."""
    try:
        return [
            int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()
        ]
    except OSError:
        return []


def start(command: list[str | Path]) -> "subprocess.Popen[bytes]":
    """A command whose messages can be looked at."""
    return subprocess.Popen(
        [*DEDUP, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def kill_after(command: list[str | Path], ticks: int, look: Callable[[], None]) -> bool:
    """Kill a command after so much CPU, and look at something just before; False where it had
    ended."""
    process = start(command)
    wait_until(lambda: process.poll() is not None or used(process.pid) >= ticks)
    look()
    process.kill()
    process.communicate()
    return process.returncode == -signal.SIGKILL


def measure(command: list[str | Path]) -> int:
    """The CPU that a command takes in all; it must succeed."""
    process = start(command)
    ticks = 0

    def is_over() -> bool:
        nonlocal ticks
        ticks = max(ticks, used(process.pid))
        return process.poll() is not None

    wait_until(is_over)
    assert process.returncode == 0, process.communicate()[1].decode()
    process.communicate()
    return max(ticks, 1)


def dump(place: Path, articles: int) -> Path:
    """Lines of articles: stories, and of every second one a version."""
    rows = [{"id": a.id, "text": a.text} for a in collection(articles)]
    place.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return place


def kill_comparisons(folder: Path, count: int, chance: random.Random, outcome: Outcome) -> None:
    """The output is what it was or whole; in the end it has the bytes of a run without a kill."""
    news, output = dump(folder / "news.jsonl", 40), folder / "report.json"
    common: list[str | Path] = ["report", news, "--format", "json", "--jobs", "1"]
    common += ["--encoder", "none", "-o", output]
    ticks = measure([*common, "--work", folder / "first"])
    whole, earlier, work = output.read_bytes(), b"earlier", 0
    output.write_bytes(earlier)
    while outcome["kills"] < count:
        command = [*common, "--work", folder / f"work{work}"]
        outcome["kills"] += kill_after(command, chance.randrange(ticks), lambda: None)
        if output.read_bytes() not in (earlier, whole):
            outcome["LOST: a report is neither the earlier one nor whole"] += 1
        if outcome["kills"] % 3 == 0:  # otherwise the next one is killed in the same folder
            measure(command)
            if output.read_bytes() != whole:
                outcome["LOST: a report that went on differs"] += 1
            outcome["reports that went on to the same bytes"] += 1
            output.write_bytes(earlier)
            work += 1


def kill_indexing(folder: Path, count: int, chance: random.Random, outcome: Outcome) -> None:
    """What another process has seen is there, in whole commits, and `verify` finds no fault."""
    news, turn = dump(folder / "news.jsonl", 2_000), 0
    total = len(news.read_text().splitlines())
    ticks = measure(["index", "add", folder / "whole.dedup", news, "--commit-every", "20"])
    while outcome["kills"] < count:
        place, turn, seen, kept = folder / f"{turn}.dedup", turn + 1, 0, 0
        command: list[str | Path] = ["index", "add", place, news, "--commit-every", "20"]
        while outcome["kills"] < count:

            def look(place: Path = place) -> None:
                nonlocal seen
                seen = max(seen, count_articles(place))

            killed = kill_after(command, chance.randrange(ticks), look)
            outcome["kills"] += killed
            there = 0
            if place.exists():
                with Index(place) as index:
                    there = len(index)
                    for fault in index.verify():
                        outcome[f"LOST: {fault}"] += 1
            if there < max(seen, kept) or (there % 20 and there < total):
                outcome[f"LOST: {there} articles, {seen} were seen"] += 1
            outcome["articles kept"] += there - kept
            kept = there
            if not killed:
                break


def count_articles(place: Path) -> int:
    """How many articles a reader finds in an index at this moment."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True)) as it:
        return int(it.execute("SELECT count(*) FROM articles").fetchone()[0])
    return 0


def kill_servers(folder: Path, count: int, chance: random.Random, outcome: Outcome) -> None:
    """Every article whose answer came is in the index, as it was sent."""
    from serving import Running, httpx

    place = folder / "news.dedup"
    acknowledged: set[str] = set()
    while outcome["kills"] < count:
        running = Running(str(place), "--data", str(folder / "data"))
        turn, answers, last = outcome["kills"], [], chance.randrange(1, 60)

        def write(writer: int, running: Running = running, turn: int = turn,
                  answers: list[str] = answers) -> None:  # fmt: skip
            with running.client() as client, suppress(httpx.HTTPError):
                for n in range(10_000):
                    id = f"{turn}-{writer}-{n}"
                    article = {"id": id, "text": f"{id} {story(n % 50)}"}
                    answer = client.post("/api/v1/check_and_add", json=article)
                    if answer.status_code == 200:
                        answers.append(id)

        writers = [Thread(target=write, args=(writer,)) for writer in range(3)]
        for writer in writers:
            writer.start()
        wait_until(lambda: len(answers) >= last)  # noqa: B023
        running.stop(signal.SIGKILL)
        for writer in writers:
            writer.join()
        outcome["kills"] += 1
        acknowledged |= set(answers)
        with Index(place, readonly=True) as index:
            outcome["LOST: articles"] += sum(id not in index for id in answers)
    with Index(place) as index:
        there = {article.id: article.text for article in index}
        for fault in index.verify():
            outcome[f"LOST: {fault}"] += 1
    wrong = [id for id in acknowledged if not there.get(id, "").startswith(f"{id} ")]
    outcome["LOST: articles in the end"] += len(wrong)
    outcome["articles acknowledged"] += len(acknowledged)


def fill_disks(folder: Path, count: int, chance: random.Random, outcome: Outcome) -> None:
    """One line says why, what was there stays, an index goes on when there is room again."""
    news, room = dump(folder / "news.jsonl", 1_500), folder / "room"
    room.mkdir()
    small = dump(folder / "small.jsonl", 60)
    while outcome["full disks"] < count:
        kind = ("report", "work", "index")[outcome["full disks"] % 3]
        size = chance.randrange(80, 900) if kind == "index" else chance.randrange(16, 60)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", room], check=True)
        try:
            output = room / "report.json"
            output.write_bytes(b"earlier")
            command: list[str | Path] = ["index", "add", room / "a.dedup", news]
            if kind != "index":
                command = ["report", small, "--format", "json", "--jobs", "1", "--encoder", "none"]
                command += ["-o", output] if kind == "report" else ["--work", room / "work"]
            if kind == "index":
                command += ["--commit-every", "10"]
            process = start(command)
            said = process.communicate()[1].decode()
            outcome["full disks"] += 1
            if process.returncode != 1 or "Traceback" in said or "dedup: " not in said:
                outcome[f"LOST: {kind} of {size} KB ends with {process.returncode}: {said}"] += 1
            if output.read_bytes() != b"earlier":
                outcome["LOST: an earlier report"] += 1
            if kind == "index":
                remount = ["mount", "-o", "remount,size=64m", room]
                subprocess.run(remount, check=True)
                check_index(room / "a.dedup", news, outcome)
        finally:
            subprocess.run(["umount", room], check=True)


def check_index(place: Path, news: Path, outcome: Outcome) -> None:
    """An index is whole, in whole commits, and takes the rest when there is room."""
    try:
        with Index(place) as index:
            before = [article.id for article in index]
            faults = list(index.verify())
        measure(["index", "add", place, news])
        with Index(place) as index:
            after = [article.id for article in index]
            faults += index.verify()
    except DedupError as error:
        faults, before, after = [str(error)], [], []
    for fault in faults:
        outcome[f"LOST: {fault}"] += 1
    rows = [json.loads(line)["id"] for line in news.read_text().splitlines()]
    if len(before) % 10 or before != rows[: len(before)] or after != rows:
        outcome["LOST: articles of an index on a full disk"] += 1


def terminate_reports(folder: Path, count: int, chance: random.Random, outcome: Outcome) -> None:
    """143, one line, no process left, no output."""
    pages, output = folder / "pages", folder / "report.json"
    pages.mkdir()
    for n in range(300):
        text = "\n\n".join(story(100 * n + part) for part in range(20))
        (pages / f"{n}.html").write_bytes(html(Story(f"{n}", text)))
    while outcome["terminated"] < count:
        process = start(["report", pages, "-o", output, "--jobs", "1"])
        wait_until(lambda: children(process.pid))  # noqa: B023
        readers, ticks = children(process.pid), chance.randrange(120)
        wait_until(lambda: sum(map(used, readers)) >= ticks or process.poll() is not None)  # noqa: B023
        readers += children(process.pid)
        if process.poll() is not None:
            process.communicate()
            output.unlink()
            continue
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1].decode()
        outcome["terminated"] += 1
        if (process.returncode, said) != (143, "dedup: terminated\n"):
            outcome[f"LOST: ended with {process.returncode}: {said}"] += 1
        wait_until(lambda: not any(Path(f"/proc/{reader}").exists() for reader in readers))  # noqa: B023
        if output.exists():
            outcome["LOST: half a report"] += 1


JOBS = {
    "compare": kill_comparisons, "index": kill_indexing, "serve": kill_servers,
    "disk": fill_disks, "pages": terminate_reports,
}  # fmt: skip


def main() -> None:
    """Do it by the arguments of the command line, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=JOBS)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        JOBS[given.what](Path(folder), given.count, random.Random(given.seed), outcome)
    print(given.what, ", ".join(f"{n:,} {what}" for what, n in outcome.items() if n))
    sys.exit(any("LOST" in what and n for what, n in outcome.items()))


if __name__ == "__main__":
    main()
