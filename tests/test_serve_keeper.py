"""The keeper of a server: files that are watched, and clusters that are worked out, whatever they
hold."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import IO

import pytest
from patience import MAX_WAIT
from serving import OTHER, RETOLD, WIRE, make_settings

from dedup import Article, Index
from dedup.index.records import MAX_FIELDS
from dedup.serve import house
from dedup.serve import keeper as module
from dedup.serve.auth import Gate
from dedup.serve.catalogue import Catalogue
from dedup.serve.house import House
from dedup.serve.keeper import Keeper
from dedup.serve.metrics import Metrics

Open = Callable[[], Keeper]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is watched, beside an archive."""
    Index(tmp_path / "news.dedup").close()
    (tmp_path / "news").mkdir()
    (tmp_path / "data").mkdir()
    return tmp_path / "news"


@pytest.fixture
def open_keeper(folder: Path) -> Open:
    return lambda: Keeper(make_settings(folder.parent, watched=(str(folder),)))


def kept(folder: Path) -> dict[str, str]:
    """The articles of the archive."""
    with Index(folder.parent / "news.dedup", readonly=True) as index:
        return {article.id: article.text.strip() for article in index}


def as_lines(**texts: str) -> str:
    """A file of articles."""
    return "".join(json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items())


class TestFiles:
    def test_an_article_that_cannot_be_kept_costs_only_itself(
        self, folder: Path, open_keeper: Open, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Neither the others of its file nor other files; what was refused is said."""
        whole = {"a\x00b": RETOLD, "x" * 2_001: RETOLD, "wire": WIRE}
        (folder / "a.jsonl").write_text(as_lines(**whole))
        (folder / "b.txt").write_text(OTHER)
        keeper = open_keeper()
        assert len(list(keeper.watch())) == 2
        assert kept(folder) == {"wire": WIRE, "b": OTHER}
        said = capsys.readouterr().err
        assert "a.jsonl: the id 'a\\x00b' has a NUL" in said
        assert "2001 characters" in said
        assert list(keeper.watch()) == []

    def test_an_article_that_is_refused_leaves_what_was_there(
        self, folder: Path, open_keeper: Open
    ) -> None:
        """The file has still one of that id; it goes with the file."""
        keeper = open_keeper()
        for file, text in (("a.jsonl", WIRE), ("b.jsonl", OTHER)):
            (folder / file).write_text(as_lines(wire=text))
            list(keeper.watch())
        before = {"wire": WIRE, f"{folder}/b.jsonl:wire": OTHER}
        assert kept(folder) == before
        for file in ("a.jsonl", "b.jsonl"):
            much = {"id": "wire", "text": RETOLD, "note": "é" * (MAX_FIELDS // 6 + 1)}
            (folder / file).write_text(json.dumps(much, ensure_ascii=False))
        assert len(list(keeper.watch())) == 2
        assert kept(folder) == before
        (folder / "a.jsonl").unlink()
        (folder / "b.jsonl").write_text("")
        list(keeper.watch())
        assert kept(folder) == {}

    def test_what_could_not_be_read_is_said(
        self, folder: Path, open_keeper: Open, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Up to so many problems of a file, and how many more there are."""
        (folder / "a.jsonl").write_text("no object\n" + as_lines(wire=WIRE))
        (folder / "b.jsonl").write_text(as_lines(**{f"\x00{n}": OTHER for n in range(30)}))
        list(open_keeper().watch())
        assert kept(folder) == {"wire": WIRE}
        said = capsys.readouterr().err
        assert "a.jsonl:1: " in said
        assert "b.jsonl: 10 more problems" in said
        assert len(said.splitlines()) == 22

    @pytest.mark.skipif(sys.platform != "linux", reason="names are UTF-8 there")
    def test_a_name_that_is_no_utf8_is_a_name(self, folder: Path, open_keeper: Open) -> None:
        """Its file is read once, read again when it has changed, and forgotten when it is gone."""
        path = os.path.join(os.fsencode(folder), b"f\xffrry.jsonl")
        Path(os.fsdecode(path)).write_text(as_lines(wire=WIRE, play=OTHER))
        keeper = open_keeper()
        assert list(keeper.watch()) == [f"{folder}/f\\xffrry.jsonl"]
        assert list(keeper.watch()) == []
        Path(os.fsdecode(path)).write_text(as_lines(wire=RETOLD))
        assert len(list(keeper.watch())) == 1
        assert kept(folder) == {"wire": RETOLD}
        os.remove(path)
        assert len(list(keeper.watch())) == 1
        assert kept(folder) == {}

    def test_a_file_whose_name_begins_like_another_is_another(
        self, folder: Path, open_keeper: Open
    ) -> None:
        """One id in both are two articles, in whatever order they come."""
        (folder / "w.jsonl.old.jsonl").write_text(as_lines(a=WIRE))
        keeper = open_keeper()
        list(keeper.watch())
        (folder / "w.jsonl").write_text(as_lines(a=OTHER))
        list(keeper.watch())
        assert kept(folder) == {"a": WIRE, f"{folder}/w.jsonl:a": OTHER}

    def test_a_language_that_no_database_keeps_stops_nothing(
        self, folder: Path, open_keeper: Open
    ) -> None:
        """Half a surrogate pair in a field of an article of the index."""
        with Index(folder.parent / "news.dedup") as index:
            index.add_many([Article("a", WIRE, language="\ud800"), Article("b", OTHER)])
        keeper = open_keeper()
        assert keeper.follow()
        assert not keeper.follow()


class TestClusters:
    def test_one_that_cannot_be_compared_does_not_block_the_rest(
        self,
        folder: Path,
        open_keeper: Open,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """It is said and left as it is; when something changes, it is tried again."""
        with Index(folder.parent / "news.dedup") as index:
            index.add_many([Article("a", WIRE), Article("b", RETOLD)])
            index.settle()
            index.add_many([Article("c", OTHER), Article("d", f"{OTHER} The house was full.")])
            index.settle()
            summarize = module.summarize_cluster

            def fail_for_newest(id: str, *rest: object) -> object:
                if id == "c2":
                    raise ValueError("words of an article")
                return summarize(id, *rest)  # type: ignore[arg-type]

            monkeypatch.setattr(module, "summarize_cluster", fail_for_newest)
            keeper = open_keeper()
            assert [keeper.summarize() for _ in range(3)] == [True, True, False]
            assert set(Catalogue(keeper_file(folder)).cluster_numbers()) == {"c1"}
            said = capsys.readouterr().err
            assert said.startswith("dedup: the cluster c2 cannot be compared: ValueError at ")
            assert "words of" not in said
            monkeypatch.undo()
            assert not keeper.summarize()
            index.remove("a")
            index.settle()
            assert [keeper.summarize() for _ in range(2)] == [True, False]
            assert set(Catalogue(keeper_file(folder)).cluster_numbers()) == {"c2"}

    def test_they_are_listed_once_for_all_that_wait(
        self, folder: Path, open_keeper: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not once for each, so that ten thousand clusters are read once, not ten thousand times;
        and nothing is written to the catalogue where nothing has come."""
        with Index(folder.parent / "news.dedup") as index:
            for n, text in enumerate((WIRE, OTHER)):
                index.add_many([Article(f"a{n}", text), Article(f"b{n}", f"{text} At noon.")])
            index.settle()
        keeper = open_keeper()
        listed, written = list[None](), list[object]()
        read, add = module.Reader.clusters, Catalogue.add
        monkeypatch.setattr(module.Reader, "clusters", lambda own: listed.append(None) or read(own))
        monkeypatch.setattr(
            Catalogue, "add", lambda own, rows: written.append(None) or add(own, rows)
        )
        while keeper.follow() or keeper.summarize():
            pass
        assert not keeper.follow()
        assert len(Catalogue(keeper_file(folder)).cluster_numbers()) == 2
        assert (len(listed), len(written)) == (1, 1)


def test_its_settings_are_the_first_that_it_hears(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where something is written just as it starts."""
    settings = make_settings(folder.parent)
    opened, sent = House(settings, Gate(None), Metrics()), list[object]()
    done = Event()

    def send(stream: IO[bytes], message: object) -> None:
        if message is settings:
            opened.archive.submit(lambda index: None).result()
        sent.append(message)
        real_send(stream, message)
        if message is settings:
            done.set()

    real_send = house.send
    monkeypatch.setattr(house, "send", send)

    async def run() -> None:
        await opened.open()
        await asyncio.to_thread(done.wait, MAX_WAIT)
        await opened.close()

    asyncio.run(run())
    assert sent[0] is settings


def keeper_file(folder: Path) -> Path:
    """The catalogue that the keeper of a folder writes."""
    return make_settings(folder.parent).catalogue
