"""Readers: every article that is there, exactly as it stands, and a problem for all the rest."""

import io
import json
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.errors import InputError
from dedup.pipeline.spool import Spool
from dedup.readers import Note, Options, Problem, Reading, detect, json_records, read
from dedup.readers.detect import Format, read_stream
from dedup.readers.ids import Ids
from dedup.readers.text import read_text
from dedup.readers.values import text_in
from seeds import ROOT

LEDE = "Russia has started transferring North Korean long-range artillery to annexed Crimea."
OTHER = "Pyongyang’s involvement in the war on Ukraine could soon be expanded, ZDF reported."

TWICE = '{"text": "The port opened.", "text": "The ferry sank."}'

# Everything that can stand in a text file: no half characters, no control codes but white space.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\v\f\r\x85\x1b")
)


def read_all(reading: Reading) -> tuple[list[Article], list[Problem]]:
    return list(reading), reading.problems


def only_problem(paths: Any, **options: Any) -> Problem:
    """The single problem with paths that give no article."""
    reading = read(paths, **options)
    assert list(reading) == []
    assert len(reading.problems) == 1
    assert len(reading.failed) == 1
    return reading.problems[0]


def write_lines(path: str, *values: Any) -> None:
    lines = [value if isinstance(value, str) else json.dumps(value) for value in values]
    Path(path).write_text("\n".join(lines) + "\n", "utf-8")


FIELDS = st.sampled_from(["id", "text", "url", "source", "date", "lang", "author", "articles", "x"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=9,
)


class TestTextFiles:
    @given(TEXTS.filter(lambda text: text.strip() and not text.startswith("\ufeff")))
    def test_a_text_comes_back_code_point_for_code_point(self, text: str) -> None:
        """Line ends, spaces and every other character are as they stand in the file."""
        articles = list(
            read_text(io.BufferedReader(io.BytesIO(text.encode())), "a.txt", "a", Options())
        )
        assert articles == [Article("a", text, extra={"path": "a.txt"})]
        assert isinstance(articles[0], Article)
        assert articles[0].text == text

    @settings(deadline=None)  # bytes of Arrow are read by a process of their own
    @given(st.binary(max_size=200))
    def test_any_bytes_are_an_article_or_a_problem(self, data: bytes) -> None:
        """Whatever a file holds, it gives exactly one of the two."""
        for encoding in ("utf-8", "windows-1252", "utf-16", "utf-16-le"):
            options = Options(encoding)
            stream = io.BufferedReader(io.BytesIO(data))
            assert len(list(read_stream(stream, "a.txt", "a", options))) == 1

    def test_the_seeds_are_read_in_order_under_their_stems(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A folder gives its files by name, each called by its stem."""
        monkeypatch.chdir(ROOT)
        articles, problems = read_all(read("seeds/"))
        assert [article.id[:3] for article in articles] == ["000", "001", "002", "003", "004"]
        assert articles[2].id == "002_876831d5eae6630a"
        assert articles[2].extra["path"] == "seeds/002_876831d5eae6630a.txt"
        raw = Path("seeds/002_876831d5eae6630a.txt").read_bytes()
        assert articles[2].text.encode() == raw
        assert problems == []

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
    def test_a_byte_order_mark_says_how_to_decode_and_is_no_text(
        self, here: Path, encoding: str
    ) -> None:
        """A file with a mark is decoded by it, whatever encoding is asked for."""
        Path("a.txt").write_text(OTHER, encoding)
        assert [article.text for article in read("a.txt", encoding="windows-1252")] == [OTHER]

    def test_a_file_in_another_encoding_is_read_if_the_encoding_is_named(self, here: Path) -> None:
        """Windows-1252 is an article with ``encoding``, and without it a problem that says so."""
        Path("a.txt").write_bytes("Café à Paris".encode("windows-1252"))
        problem = only_problem("a.txt")
        assert problem.path == "a.txt"
        assert "byte 3 is 0xE9" in problem.what
        assert "--encoding windows-1252" in problem.what
        assert [a.text for a in read("a.txt", encoding="windows-1252")] == ["Café à Paris"]

    def test_an_unknown_encoding_is_refused_at_once(self) -> None:
        """A misspelt encoding is an error of the call, before any file is opened."""
        for encoding in ("utf8000", "base64", "\0"):
            with pytest.raises(InputError, match="unknown encoding"):
                read("seeds/", encoding=encoding)

    @pytest.mark.parametrize("data", [b"", b" \r\n\t\xc2\xa0\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_named(self, here: Path, data: bytes) -> None:
        """A file without text is a problem, be it of no bytes or of white space."""
        Path("a.txt").write_bytes(data)
        assert "empty" in only_problem("a.txt").what

    @pytest.mark.parametrize(
        "data",
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, b"\x7fELF\x01\x02\x03" * 50, b"news\0" * 9],
    )
    def test_a_binary_file_is_named(self, here: Path, data: bytes) -> None:
        """A program or a picture with the ending of a text is called a binary file."""
        Path("a.txt").write_bytes(data)
        assert "a binary file" in only_problem("a.txt").what

    def test_a_stray_control_code_of_a_wire_system_is_no_binary_file(self, here: Path) -> None:
        """Old agency feeds frame a take with STX and ETX."""
        Path("a.txt").write_text(f"\x02{LEDE}\n{OTHER}\x03")
        assert len(list(read("a.txt"))) == 1

    def test_a_file_of_50_mb_is_refused_unread(self, here: Path) -> None:
        """A file over the limit is named with its size and the limit."""
        with open("a.txt", "wb") as file:
            file.truncate(50_000_000)
        what = only_problem("a.txt").what
        assert "50 MB" in what
        assert "10 MB" in what


class TestPaths:
    def test_one_article_is_enough(self, here: Path) -> None:
        """A single path need not be wrapped in a list."""
        Path("a.txt").write_text(LEDE)
        assert [article.id for article in read(Path("a.txt"))] == ["a"]

    def test_two_files_with_one_stem_are_called_by_their_paths(self, here: Path) -> None:
        """Where stems clash, all their articles are called by the path as given."""
        for folder in ("ap", "zdf"):
            os.mkdir(folder)
            Path(folder, "lead.txt").write_text(LEDE)
        Path("ap", "more.txt").write_text(OTHER)
        articles, problems = read_all(read(["ap", "zdf"]))
        assert [article.id for article in articles] == ["ap/lead.txt", "more", "zdf/lead.txt"]
        assert problems == []

    def test_a_file_reached_twice_is_read_once(self, here: Path) -> None:
        """A file, its folder and a pattern for it are one article, and none of them failed."""
        Path("a.txt").write_text(LEDE)
        reading = read(["a.txt", ".", "*.txt", f"{here}/a.txt"])
        assert [article.id for article in reading] == ["a"]
        assert reading.failed == []
        assert reading.problems == []

    @pytest.mark.parametrize(
        "path", ["nope.txt", "nope/", "no\0pe.txt", "no\0pe/*.txt", "x" * 5000]
    )
    def test_a_missing_path_is_named_and_the_rest_is_read(self, here: Path, path: str) -> None:
        """What is not there is a problem and a failed path; the others are read."""
        Path("a.txt").write_text(LEDE)
        reading = read([path, "a.txt"])
        assert len(list(reading)) == 1
        assert [problem.path for problem in reading.problems] == [path]
        assert reading.failed == [path]

    def test_a_web_address_is_refused_as_one(self, here: Path) -> None:
        """Nothing is fetched: the page has to be saved first."""
        problem = only_problem("https://example.org/news?id=1")
        assert "web addresses are not fetched" in problem.what

    def test_strict_stops_at_the_first_problem(self, here: Path) -> None:
        """With ``strict`` the first problem is raised, with its path."""
        Path("a.txt").write_text(LEDE)
        reading = read(["a.txt", "nope.txt"], strict=True)
        assert next(reading).id == "a"
        with pytest.raises(InputError, match=r"nope\.txt: no such file or folder"):
            next(reading)

    def test_an_empty_folder_is_named(self, here: Path) -> None:
        """A folder without an article says which endings it was searched for."""
        os.mkdir("empty")
        problem = only_problem("empty")
        assert problem.path == "empty"
        assert ".txt" in problem.what

    def test_a_pattern_without_a_match_is_named(self, here: Path) -> None:
        """A glob pattern that finds nothing has failed."""
        assert only_problem("*.txt") == Problem("*.txt", "no file matches this pattern")

    def test_a_pattern_reaches_into_folders(self, here: Path) -> None:
        """``**`` stands for any folders, and a file whose name looks like a pattern is itself."""
        Path("2025", "03").mkdir(parents=True)
        Path("2025", "03", "a.txt").write_text(LEDE)
        Path("b[1].txt").write_text(OTHER)
        assert [article.id for article in read(["**/*.txt", "b[1].txt"])] == ["a", "b[1]"]

    def test_a_folder_says_what_it_passes_over(self, here: Path) -> None:
        """Hidden files are passed over in silence, other formats with one problem per sort."""
        os.mkdir(".git")
        for name in (".git/a.txt", ".hidden.txt", "a.txt", "b.txt~", "Thumbs.db"):
            Path(name).write_text(LEDE)
        for name in ("p1.doc", "p2.doc", "dump.xls", "photo.jpg"):
            Path(name).write_bytes(b"<html>")
        articles, problems = read_all(read("."))
        assert [article.id for article in articles] == ["a"]
        assert sorted(problem.path for problem in problems) == [
            "./dump.xls",
            "./p1.doc",
            "./photo.jpg",
        ]
        draft = next(problem for problem in problems if "doc" in problem.path)
        assert "save it as .docx" in draft.what
        assert "1 more" in draft.what

    def test_a_named_file_is_read_whatever_its_ending(self, here: Path) -> None:
        """Without an ending that says it, the content shows whether it is text or records."""
        Path("story.0017").write_text(LEDE)
        Path("draft.final").write_text("[Reuters] " + LEDE)
        Path("dump.out").write_text(json.dumps({"text": OTHER}))
        articles, _ = read_all(read(["story.0017", "draft.final", "dump.out"]))
        assert [a.id for a in articles] == ["story.0017", "draft", "dump"]
        assert articles[2].text == OTHER

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
    def test_a_pipe_a_socket_or_a_device_never_hangs(self, here: Path) -> None:
        """What is no file is refused by its kind, unopened."""
        os.mkfifo("pipe.txt")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("wire.txt")
            problems = [only_problem(p).what for p in ("pipe.txt", "wire.txt", "/dev/zero")]
        assert [what.split(",")[0] for what in problems] == ["a pipe", "a socket", "a device"]

    def test_links_are_followed_and_loops_end(self, here: Path) -> None:
        """A linked folder is read once; a loop and a link to nothing are named."""
        os.mkdir("news")
        Path("news", "a.txt").write_text(LEDE)
        os.symlink(here / "news", here / "news" / "loop")
        os.symlink("nowhere.txt", here / "news" / "gone.txt")
        articles, problems = read_all(read("news"))
        assert [article.id for article in articles] == ["a"]
        assert [problem.path for problem in problems] == ["news/gone.txt", "news/loop"]
        assert "nowhere.txt" in problems[0].what
        os.symlink("self.txt", "self.txt")
        assert "cannot be read" in only_problem("self.txt").what

    def test_links_out_of_a_folder_are_not_followed(self, here: Path) -> None:
        """Files and folders: one problem says which and what to do; one that is named is read."""
        for folder in ("news", "home"):
            os.mkdir(folder)
            Path(folder, f"{folder}.txt").write_text(LEDE)
        os.symlink("../home/home.txt", "news/secret.txt")
        os.symlink(here / "home", "news/all")
        os.symlink("news.txt", "news/again.txt")
        articles, problems = read_all(read("news"))
        assert [article.id for article in articles] == ["again", "news"]
        (problem,) = problems
        assert problem.path == "news/all"
        assert "(and 1 more such link" in problem.what
        assert "--follow-links" in problem.what
        assert len(read_all(read("news", follow_links=True))[0]) == 4
        assert len(read_all(read("news/secret.txt"))[0]) == 1

    @pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
    def test_a_file_without_permission_is_named(self, here: Path) -> None:
        """What may not be opened says why."""
        Path("a.txt").write_text(LEDE)
        os.chmod("a.txt", 0)
        assert "Permission denied" in only_problem("a.txt").what

    @pytest.mark.usefixtures("one_process")
    def test_an_error_of_the_disk_is_named(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """An error while a file is read stops that file only."""

        def broken(*_: Any) -> Iterator[Article]:
            raise OSError(5, "Input/output error")
            yield

        Path("a.txt").write_text(LEDE)
        monkeypatch.setitem(detect.BY_ENDING, ".txt", Format("text", broken, ".txt"))
        assert only_problem("a.txt").what == "cannot be read: Input/output error"

    def test_a_name_that_is_not_utf_8_can_be_printed(self, here: Path) -> None:
        """Odd bytes in a file's name are escaped wherever the name is shown."""
        Path(os.fsdecode(b"caf\xe9.txt")).write_text(LEDE)
        (article,) = read(".")
        assert article.id == "caf\\xe9"
        assert article.extra["path"] == "./caf\\xe9.txt"

    @pytest.mark.parametrize("data", [LEDE, json.dumps({"text": LEDE})])
    def test_standard_input_is_a_text_or_records(
        self, data: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A dash stands for what is piped in; its first bytes tell what it is."""
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
        (article,) = read("-")
        assert (article.id, article.text, article.extra["path"]) == ("stdin", LEDE, "-")

    def test_articles_are_read_when_they_are_asked_for(self, here: Path) -> None:
        """Nothing is opened ahead: a second file may still change after the first was read."""
        Path("a.txt").write_text(LEDE)
        Path("b.txt").write_text(LEDE)
        reading = read(".")
        next(reading)
        Path("b.txt").write_text(OTHER)
        assert next(reading).text == OTHER


class TestRecords:
    def test_fields_are_found_by_their_usual_names(self, here: Path) -> None:
        """A record of a news service maps to an article; what is left goes into ``extra``."""
        record = {
            "uuid": "5c1", "source": {"id": None, "name": "The Moscow Times"}, "author": ["A", "B"],
            "headline": "Guns to Crimea", "body": LEDE, "link": "https://example.org/1",
            "publishedAt": "2025-03-28T14:05:00Z", "lang": "en", "section": "World",
        }  # fmt: skip
        write_lines("dump.jsonl", record)
        assert list(read("dump.jsonl")) == [
            Article(
                "5c1",
                LEDE,
                title="Guns to Crimea",
                url="https://example.org/1",
                publisher="The Moscow Times",
                published=datetime(2025, 3, 28, 14, 5, tzinfo=UTC),
                language="en",
                byline="A, B",
                extra={"section": "World", "dated_by": "publishedAt", "dated": "stated"}
                | {"path": "dump.jsonl", "line": 1, "offset": 0},
            )
        ]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("2025-03-28", date(2025, 3, 28)),
            (20250328, date(2025, 3, 28)),
            ("28 Mar 2025", date(2025, 3, 28)),
            (
                "Fri, 28 Mar 2025 14:05:00 +0100",
                datetime(2025, 3, 28, 14, 5, tzinfo=timezone(timedelta(hours=1))),
            ),
            ("28/03/2025", date(2025, 3, 28)),
            ("28.03.2025", date(2025, 3, 28)),
            ("2025/03/28", date(2025, 3, 28)),
            ("28 de março de 2025", date(2025, 3, 28)),
            ("28 марта 2025 г.", date(2025, 3, 28)),
            ("28-MAR-2025 14:05:01.79", datetime(2025, 3, 28, 14, 5, 1)),
            ("March 28, 2025 at 2:05 PM", datetime(2025, 3, 28, 14, 5)),
            ("Mar 28, 2025 12:05 a.m.", datetime(2025, 3, 28, 0, 5)),
            ("2025-03-28 2:05 PM", datetime(2025, 3, 28, 14, 5)),
            ("03/28/2025 2:05 PM", datetime(2025, 3, 28, 14, 5)),
            ("28. März 2025, 14.05 Uhr", datetime(2025, 3, 28, 14, 5)),
            ("2025年3月28日 14:05", datetime(2025, 3, 28, 14, 5)),
            (
                "Fri, 28 Mar 2025 2:05 PM EDT",
                datetime(2025, 3, 28, 14, 5, tzinfo=timezone(timedelta(hours=-4))),
            ),
            (
                "28 Mar 2025 14:05 BST",
                datetime(2025, 3, 28, 14, 5, tzinfo=timezone(timedelta(hours=1))),
            ),
            ("28 Mar 2025 14:05 XYZ", date(2025, 3, 28)),
            ("28 Mar 2025 25:05", date(2025, 3, 28)),
            ("1743170700", datetime(2025, 3, 28, 14, 5, tzinfo=UTC)),
            (1743170700, datetime(2025, 3, 28, 14, 5, tzinfo=UTC)),
            (1743170700000, datetime(2025, 3, 28, 14, 5, tzinfo=UTC)),
        ],
    )
    def test_dates_are_read_in_the_forms_that_feeds_use(
        self, here: Path, given: Any, expected: date
    ) -> None:
        """ISO 8601, RFC 2822 and seconds; a day without an hour stays a day."""
        write_lines("a.jsonl", {"text": LEDE, "date": given})
        (article,) = read("a.jsonl")
        assert article.published == expected
        assert type(article.published) is type(expected)

    @pytest.mark.parametrize("given", ["yesterday", "2025-02-31", 1e300, ["2025"], True])
    def test_a_date_that_is_none_costs_only_the_date(self, here: Path, given: Any) -> None:
        """The article is kept, the value stays in ``extra``, and a problem says so."""
        write_lines("a.jsonl", {"text": LEDE, "date": given})
        articles, problems = read_all(read("a.jsonl"))
        assert articles[0].published is None
        assert articles[0].extra["date"] == given
        assert "imported undated" in problems[0].what

    def test_a_bad_line_is_named_and_the_rest_is_read(self, here: Path) -> None:
        """Every broken record has its line and its byte; its neighbours are articles."""
        good = json.dumps({"text": LEDE})
        bad = ["{broken", "[1]", '{"id": 4}', '{"text": " "}', "[" * 100_000, '"text"', "NaN"]
        Path("d.jsonl").write_bytes(
            b"\n".join([good.encode(), *(line.encode() for line in bad), b'{"text": "\xe9"}', b""])
            + b"\n\n"
            + good.encode()
        )
        articles, problems = read_all(read("d.jsonl"))
        assert [article.id for article in articles] == ["d:1", "d:12"]
        assert [problem.path for problem in problems] == [f"d.jsonl:{n}" for n in range(2, 10)]
        assert problems[0].what.endswith(f"(record at byte {len(good) + 1})")
        assert "'id'" in problems[2].what
        offset = Path("d.jsonl").read_bytes().index(b"\xe9")
        assert f"byte {offset:,} is 0xE9" in problems[-1].what

    def test_ids_that_clash_are_made_distinct_and_named(self, here: Path) -> None:
        """No record is lost because another has its id, and none takes a text file's."""
        Path("z.txt").write_text(LEDE)
        write_lines("a.jsonl", *({"id": i, "text": LEDE} for i in (7, "7", "7", "z", "7#2")))
        articles, problems = read_all(read("."))
        assert [article.id for article in articles] == ["7", "7#2", "7#3", "z#2", "7#2#2", "z"]
        assert [problem.path for problem in problems] == [f"./a.jsonl:{n}" for n in (2, 3, 4, 5)]

    def test_a_record_is_called_by_its_address_or_its_line(self, here: Path) -> None:
        """Without an id the address serves, without that the file and the line."""
        write_lines("a.jsonl", {"url": "https://example.org/1", "text": LEDE}, {"text": OTHER})
        assert [article.id for article in read("a.jsonl")] == ["https://example.org/1", "a:2"]

    @pytest.mark.parametrize("indent", [None, 2])
    @pytest.mark.parametrize(
        ("value", "ids"),
        [
            ({"text": LEDE}, ["a"]),
            ([{"text": LEDE}, {"text": OTHER}], ["a:1", "a:2"]),
            ({"status": "ok", "articles": [{"content": LEDE}, {"content": OTHER}]}, ["a:1", "a:2"]),
        ],
    )
    def test_a_json_file_is_one_record_or_a_list(
        self, here: Path, value: Any, ids: list[str], indent: int | None
    ) -> None:
        """One object, a list, or a service's answer around one, on one line or indented."""
        Path("a.json").write_text(json.dumps(value, indent=indent), "utf-8-sig")
        articles, problems = read_all(read("a.json"))
        assert [article.id for article in articles] == ids
        assert problems == []

    def test_a_json_file_may_hold_lines(self, here: Path) -> None:
        """Many exports call JSON lines .json; one broken line does not end them."""
        write_lines("a.json", {"text": LEDE}, "{broken}", {"text": OTHER})
        articles, problems = read_all(read("a.json"))
        assert [article.id for article in articles] == ["a:1", "a:3"]
        assert [problem.path for problem in problems] == ["a.json:2"]

    def test_a_list_is_read_up_to_its_fault(self, here: Path) -> None:
        """What stands before the fault is kept, the loss of the rest is told."""
        value = [{"text": LEDE}, {"text": OTHER}, {"text": LEDE}]
        whole = json.dumps(value, indent=1, ensure_ascii=False).encode()
        cut = whole[: whole.index(b"expanded")]
        for data in (cut, whole.replace(b"Pyong", b'"'), whole.replace(b"Pyong", b"\xe9")):
            Path("a.json").write_bytes(data)
            articles, problems = read_all(read("a.json"))
            assert [article.text for article in articles] == [LEDE]
            assert len(problems) == 1
            assert "the rest of the file is skipped" in problems[0].what

    def test_a_long_list_is_a_stream(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The list as a whole may be longer than any record may be; offsets hold throughout."""
        monkeypatch.setattr(json_records, "MAX_BYTES", 3000)
        monkeypatch.setattr(json_records, "CHUNK", 100)
        value = [{"text": f"{number} {OTHER}"} for number in range(200)]
        data = json.dumps(value, ensure_ascii=False).encode()
        Path("a.json").write_bytes(data)
        articles, problems = read_all(read("a.json"))
        assert [article.text for article in articles] == [record["text"] for record in value]
        assert problems == []
        for article in articles:
            assert data[article.extra["offset"] :].startswith(
                json.dumps({"text": article.text}, ensure_ascii=False).encode()
            )

    @pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
    def test_a_record_that_is_too_long_is_refused(
        self, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """A huge line is passed over without being held, and the next is read."""
        monkeypatch.setattr(json_records, "MAX_BYTES", 3000)
        write_lines(name, {"text": LEDE}, {"text": "x" * 200_000}, {"text": OTHER})
        articles, problems = read_all(read(name))
        assert [article.text for article in articles] == [LEDE, OTHER]
        assert [problem.path for problem in problems] == [f"{name}:2"]
        Path("b.json").write_text(json.dumps([{"text": LEDE}, {"text": "x" * 200_000}]))
        articles, problems = read_all(read("b.json"))
        assert [article.text for article in articles] == [LEDE]
        assert "the limit for one article is" in problems[0].what

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jsonl", TWICE + "\n"),
            ("a.jsonl", r'{"rank": 1.5, "of": {"is": 1, "\u0069s" : 2}, ' + TWICE[1:]),
            ("a.json", TWICE),
            ("a.json", f"[\n{TWICE}\n]"),
            ("a.md", f"{TWICE}\nThe ferry sank.\n"),
            ("a.md", "---\ntext: The port opened.\ntext: x\n---\nThe ferry sank.\n"),
        ],
    )
    def test_a_key_that_stands_twice_is_told(self, here: Path, name: str, content: str) -> None:
        """The last counts, as for most programs; whoever read another text learns why."""
        Path(name).write_text(content)
        articles, problems = read_all(read(name))
        assert [article.text.strip() for article in articles] == ["The ferry sank."]
        (problem,) = [each for each in problems if "more than once" in each.what]
        assert problem.path.startswith(name)
        assert "'text'" in problem.what
        assert ("'is'" in problem.what) == ("is" in content)

    def test_a_key_that_stands_twice_in_a_log_of_a_browser_is_told(self, here: Path) -> None:
        """Of two lists of entries the last is read."""
        Path("a.har").write_text('{"log": {"entries": [], "entries": []}}')
        assert "'entries' more than once" in only_problem("a.har").what

    @pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
    def test_what_only_looks_like_a_key_is_none(self, here: Path, name: str) -> None:
        """Quotations before a colon, strings that begin with one, the same key in two objects."""
        text = 'The "ferry": it sank. \\": \\\\": Then "port" : ":8080" :'
        record = {"text": text, "a\\": ":", "b": [{"text": ":1"}, {"text": text}], "c": {"b": text}}
        write_lines(name, json.dumps(record, separators=(" ,", " :")), record)
        articles, problems = read_all(read(name))
        assert ([article.text for article in articles], problems) == ([text] * 2, [])

    def test_half_an_emoji_becomes_one_replacement_character(self, here: Path) -> None:
        """A lone surrogate is replaced one for one, so that offsets hold and it can be written."""
        write_lines(
            "a.jsonl", r'{"text": "cut \uD83D off", "tags": ["\udc00"], "t": "\ud83d\ude00"}'
        )
        (article,) = read("a.jsonl")
        assert article.text == "cut \ufffd off"
        assert article.extra["tags"] == ["\ufffd"]
        assert article.extra["t"] == "😀"

    @pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
    @pytest.mark.parametrize("depth", [300, 500, 980, 990, 2000, 100_000])
    def test_deep_nesting_is_an_article_or_a_problem(
        self, here: Path, name: str, depth: int
    ) -> None:
        """However deep a value is, the reader does not fall over it."""
        deep = "[" * depth + r'"\ud83d"' + "]" * depth
        write_lines(name, f'{{"text": "a", "date": {deep}}}', deep, '{"text": "b"}')
        articles, problems = read_all(read(name))
        assert articles[-1].text == "b"
        assert len(problems) >= 2

    @pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
    @pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
    def test_a_file_without_records_is_named(self, here: Path, name: str, data: bytes) -> None:
        """No record is a problem, as no text is."""
        Path(name).write_bytes(data)
        assert "empty" in only_problem(name).what

    def test_json_in_utf_16_is_named(self, here: Path) -> None:
        """JSON is UTF-8; a file that is not says what to do."""
        Path("a.json").write_text('{"text": "a"}', "utf-16")
        assert "UTF-16" in only_problem("a.json").what

    @given(st.binary(max_size=300) | st.text('[]{}",:\\ud8null \n', max_size=60).map(str.encode))
    def test_any_bytes_are_articles_or_problems(self, data: bytes) -> None:
        """No input stops the reader with an error."""
        for path in ("a.json", "a.jsonl"):
            for outcome in json_records.read_records(io.BytesIO(data), path, "a", Options()):
                assert isinstance(outcome, Article | Problem | Note)

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(FIELDS, VALUES), st.sampled_from([None, 2]))
    def test_any_record_is_an_article_or_a_problem(
        self, record: dict[str, Any], indent: int | None
    ) -> None:
        """Whatever kinds of values the known fields hold, the reader copes and can be printed."""
        data = json.dumps(record, indent=indent).encode()
        outcomes = list(json_records.read_records(io.BytesIO(data), "a.json", "a", Options()))
        assert outcomes
        for outcome in outcomes:
            repr(outcome).encode()
            assert isinstance(outcome, Problem) or (outcome.id and outcome.text.strip())

    @given(st.lists(TEXTS.filter(lambda t: text_in(t) == t), min_size=1, max_size=5), st.booleans())
    def test_texts_survive_json(self, texts: list[str], ascii_only: bool) -> None:
        """What a record's text says is the article's text, escaped or not."""
        data = "\n".join(json.dumps({"text": t}, ensure_ascii=ascii_only) for t in texts)
        outcomes = json_records.read_records(io.BytesIO(data.encode()), "a.jsonl", "a", Options())
        assert [each.text for each in outcomes if isinstance(each, Article)] == texts

    def test_readings_do_not_share_state(self, here: Path) -> None:
        """Two threads that read one folder get the same articles."""
        write_lines("a.jsonl", *({"id": n % 50, "text": f"{n} {LEDE}"} for n in range(200)))
        got: list[list[Article]] = []
        threads = [threading.Thread(target=lambda: got.append(list(read(".")))) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got[0] == got[1]
        assert len({article.id for article in got[0]}) == 200


class TestIds:
    @given(st.lists(st.sampled_from(["a", "b", "a#2", "a#3", "\ud83d", ""]), max_size=30))
    def test_all_ids_that_are_given_out_are_distinct(self, wanted: list[str]) -> None:
        """Whatever is wanted, and however it is spelled."""
        ids = Ids(["b"])
        claimed = [ids.claim(id, "c") for id in wanted]
        assert len(set(claimed)) == len(claimed)
        assert "b" not in claimed
        assert ids.claim("b", "b") == "b"

    def test_thousands_of_ids_are_remembered(self) -> None:
        """The table grows, and forgets none."""
        ids = Ids([])
        assert [ids.claim(str(n), "") for n in range(9_000)] == [str(n) for n in range(9_000)]
        assert all(ids.claim(str(n), "") == f"{n}#2" for n in range(9_000))


class TestSpool:
    VALUES = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
        | st.binary() | st.dates() | st.datetimes(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
        | st.tuples(inner, inner),
        max_leaves=9,
    )  # fmt: skip
    ARTICLES = st.builds(
        Article,
        st.text(st.characters(), min_size=1),
        st.text(st.characters(), min_size=1),
        title=st.none() | st.text(),
        url=st.none() | st.text(),
        publisher=st.none() | st.text(),
        published=st.none() | st.dates() | st.datetimes(timezones=st.timezones()),
        language=st.none() | st.text(),
        byline=st.none() | st.text(),
        extra=st.dictionaries(st.text(), VALUES, max_size=4),
    )

    @settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(st.lists(ARTICLES, max_size=6), st.integers(0, 500))
    def test_an_article_comes_back_equal_in_every_field(
        self, articles: list[Article], room: int
    ) -> None:
        """From memory or from the file, whatever its `extra` holds; types included."""
        spool = Spool(room=room)
        assert list(spool.fill(articles)) == [article.text for article in articles]
        assert list(spool) == articles
        assert [repr(article) for article in spool] == [repr(article) for article in articles]
        assert spool.ids == [article.id for article in articles]

    def test_articles_are_reached_by_index_and_slice(self) -> None:
        """Those in memory and those in the file alike."""
        articles = [Article(f"a{i}", f"Brigade {i} – fired at dawn.") for i in range(50)]
        spool = Spool(room=1_000)
        assert len(list(spool.fill(articles))) == len(spool) == 50
        assert 0 < len(spool._in_memory) < 50
        assert spool[-1] == articles[-1]
        assert spool[3:5] == articles[3:5]
        assert spool[::-1] == articles[::-1]
        with pytest.raises(IndexError):
            spool[50]

    def test_one_in_another_order_can_be_added_to(self) -> None:
        """What is put on it stands behind all else in the file that both have."""
        spool = Spool(room=0)
        articles = [Article("b", LEDE), Article("c", OTHER), Article("a", "")]
        list(spool.fill(articles))
        other, more = spool.sort(), Article("d", "Brigades fired.")
        list(other.fill([more]))
        assert list(spool) == articles
        assert list(other) == [articles[2], *articles[:2], more]

    def test_threads_may_read_at_once(self) -> None:
        """Each gets the article that it asks for."""
        articles = [Article(f"a{i}", f"Brigade {i} fired. " * (i % 90)) for i in range(400)]
        spool = Spool(room=0)
        for _ in spool.fill(articles):
            pass
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(spool.__getitem__, [*range(400)] * 5)) == articles * 5

    def test_what_cannot_be_written_stays_in_memory(self) -> None:
        """An article made by hand may carry anything in `extra`."""
        articles = [Article("a", LEDE, extra={"parse": lambda: None}), Article("b", OTHER)]
        spool = Spool(room=0)
        for _ in spool.fill(articles):
            pass
        assert spool[0] is articles[0]
        assert spool[1] == articles[1]

    @pytest.mark.parametrize("fails", [False, True])
    def test_nothing_is_left_in_the_temporary_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
    ) -> None:
        """Neither after the spool is gone, nor after an error while it is filled."""
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

        def articles() -> Iterator[Article]:
            yield from (Article(str(i), LEDE) for i in range(9))
            if fails:
                raise InputError("a.jsonl:10: not valid JSON")

        spool = Spool(room=0)
        with suppress(InputError):
            for _ in spool.fill(articles()):
                pass
        assert spool[8].text == LEDE
        assert spool._file is not None
        del spool
        assert list(tmp_path.iterdir()) == []

    def test_a_temporary_folder_that_cannot_be_written_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With what to do about it."""
        monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
        with pytest.raises(InputError, match=r"temporary folder /nonexistent: .*set TMPDIR"):
            list(Spool(room=0).fill([Article("a", LEDE)]))

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk on this system")
    def test_a_full_disk_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was already written is no matter: nothing is silently lost."""
        monkeypatch.setattr(
            tempfile, "TemporaryFile", lambda buffering: io.FileIO("/dev/full", "r+")
        )
        with pytest.raises(InputError, match=r"No space left on device; make room there"):
            list(Spool(room=0).fill([Article("a", LEDE)]))
