"""The keeper of an archive: a process that follows the index while others use it.

It takes what is new into the catalogue, reads files that are watched, relates pairs that are
pending while nothing is being added, and works out what is known of each cluster. All of it can
be done again, so that it may be killed at any moment; it ends with the server.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from queue import Empty, SimpleQueue
from typing import Any

from dedup.article import Article
from dedup.embed import find_encoder
from dedup.errors import InputError
from dedup.index import Index
from dedup.index.records import check_id
from dedup.phrasing import sanitise
from dedup.processes.workers import open_pipes
from dedup.readers import read
from dedup.readers.detect import ENDINGS
from dedup.readers.discover import find_files, printable
from dedup.serve.archive import Reader
from dedup.serve.catalogue import Catalogue
from dedup.serve.settings import Settings
from dedup.serve.summaries import summarize_cluster
from dedup.serve.tasks import describe_error

START = "from dedup.serve.keeper import main; main()"
WRITTEN = "written"  # the server has written to the index
BLOCK = 200  # articles that are taken in together
QUIET_SECONDS = 3.0  # without writing, before clusters are worked on
MAX_UNSETTLED_SECONDS = 60.0  # that clusters wait while there is always something written
SETTLE = 32  # pairs that are related at once
LOOK_SECONDS = 5.0  # between two looks at what others may have written, and at files
MAX_MEMBERS = 60  # of a cluster that are compared with each other
MAX_SAID = 20  # problems of a file that are said, each time that it has changed


class Keeper:
    """Follows the index of a server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._encoder = find_encoder(settings.encoder)
        self._reader = Reader(settings.index)
        self._catalogue = Catalogue(settings.catalogue)
        self._index = Index(settings.index, encoder=self._encoder)
        self._stale: list[tuple[str, tuple[int, ...]]] = []  # clusters that wait, the next one last
        self._listed: int | None = None  # the changes of the index when these were listed

    def follow(self) -> bool:
        """Take a block of new articles into the catalogue; whether there were any."""
        rows = self._reader.page(self._catalogue.last(), BLOCK)
        if rows:
            self._catalogue.add(rows)
        return bool(rows)

    def settle(self) -> bool:
        """Relate some pairs that are pending; whether there were any."""
        return self._index.settle(SETTLE) > 0

    def summarize(self) -> bool:
        """Work out what is known of the newest cluster that has changed; whether there was any.
        One whose articles cannot be compared is left as it is until something changes."""
        if (changes := self._reader.changes()) != self._listed:
            self._stale = self._list_stale()
            self._listed = changes
        if not self._stale:
            return False
        id, numbers = self._stale[-1]
        articles = list(self._reader.find(list(numbers[-MAX_MEMBERS:])).values())
        if articles:
            try:
                row = summarize_cluster(id, numbers, articles, self._settings.ours, self._encoder)
            except Exception as error:
                say(f"the cluster {id} cannot be compared: {describe_error(error)}")
            else:
                self._catalogue.save_cluster(row)
        self._stale.pop()
        return True

    def _list_stale(self) -> list[tuple[str, tuple[int, ...]]]:
        """The clusters that have changed, with the numbers of their articles, the newest last;
        those that are no more are dropped."""
        known, now = self._catalogue.cluster_numbers(), self._reader.clusters()
        if gone := [id for id in known if id not in now]:
            self._catalogue.drop_clusters(gone)
        stale = [(id, numbers) for id, numbers in now.items() if known.get(id) != numbers]
        return sorted(stale, key=lambda cluster: cluster[1][-1])

    def watch(self) -> Iterator[str]:
        """Read the files that are new or have changed, and remove what is no longer there; the path
        of each, as it can be printed, when it is done."""
        known, paths = self._catalogue.files(), list_watched(self._settings)
        for name, path in sorted(paths.items()):
            state = file_state(path)
            if state and known.get(name, ("",))[0] != state:
                self._take_in(path, state, frozenset(known.get(name, ("", ()))[1]))
                yield name
        for name in sorted(known.keys() - paths.keys()):
            for id in known[name][1]:
                if id in self._index:
                    self._index.remove(id)
            self._catalogue.drop_file(name)
            yield name

    def _take_in(self, path: str, state: str, former: frozenset[str]) -> None:
        """Keep the articles of a file, and no longer those that it had before."""
        name, ids, problems = printable(path), dict[str, None](), list[str]()
        reading = read([path])
        while block := list(islice(reading, BLOCK)):
            with self._index.batch():
                for article in block:
                    try:
                        ids[self._keep(article, name, former)] = None
                    except InputError as error:
                        problems.append(f"{name}: {error}")
                        own = (article.id, f"{name}:{article.id}")
                        ids |= {id: None for id in own if id in former}  # stays as it was
        with self._index.batch():
            for id in sorted(former - ids.keys()):
                if id in self._index:
                    self._index.remove(id)
        self._catalogue.save_file(name, state, ids)
        problems += map(str, reading.problems)
        for problem in problems[:MAX_SAID]:
            say(problem)
        if len(problems) > MAX_SAID:
            say(f"{name}: {len(problems) - MAX_SAID:,} more problems")

    def _keep(self, article: Article, name: str, former: frozenset[str]) -> str:
        """Keep an article of a file, and give the id that it is kept under: its own, unless it is
        that of another file's article. `InputError` where it cannot be kept."""
        check_id(article.id)
        other = self._index.get(article.id)
        if other is not None and not is_of(other, name, former):
            article = replace(article, id=check_id(f"{name}:{article.id}"))
            other = self._index.get(article.id)
        if other is None:
            self._index.add(article)
        elif other != article:
            self._index.update(article)
        return article.id


def list_watched(settings: Settings) -> dict[str, str]:
    """The files that are watched, by their paths as they can be printed."""
    return {
        printable(path := os.path.abspath(file)): path
        for watched in settings.watched
        for file in find_files(watched, ENDINGS).files
    }


def is_of(article: Article, file: str, ids: frozenset[str]) -> bool:
    """Whether an article is from this file or from within it, which had these ids when it was read
    before."""
    where = str(article.extra.get("path", ""))
    return article.id in ids or where == file or where.startswith(f"{file}/")


def file_state(path: str) -> str:
    """What changes when a file does; empty where it cannot be seen."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_mtime_ns} {found.st_size}"


def keep(keeper: Keeper, messages: "SimpleQueue[Any]", settings: Settings) -> None:
    """Follow for good."""
    written = time.monotonic()
    settled = looked = 0.0
    while True:
        busy = keeper.follow()
        now = time.monotonic()
        if settings.watched and now - looked > LOOK_SECONDS:
            busy = len(list(keeper.watch())) > 0 or busy
            looked = time.monotonic()
        quiet = now - written > QUIET_SECONDS or now - settled > MAX_UNSETTLED_SECONDS
        if quiet and not busy:
            busy = keeper.settle()
            if not busy:
                busy = keeper.summarize()
                settled = time.monotonic()
        try:
            while True:
                messages.get(timeout=0.001 if busy else LOOK_SECONDS)
                written = time.monotonic()
                while not messages.empty():
                    messages.get()
                break
        except Empty:
            pass


def main() -> None:
    """Follow the index of the settings that come from standard input, until it ends."""
    messages, _ = open_pipes()
    settings = messages.get()
    if hasattr(os, "nice"):
        os.nice(10)
    keeper = Keeper(settings)
    while True:
        try:
            keep(keeper, messages, settings)
        except Exception as error:  # no fault, of whatever kind, ends the keeper for good
            say(f"{describe_error(error)}; tried again")
            time.sleep(LOOK_SECONDS)


def say(what: str) -> None:
    """A line on standard error, which is the server's."""
    print(f"dedup: {sanitise(what)}", file=sys.stderr, flush=True)
