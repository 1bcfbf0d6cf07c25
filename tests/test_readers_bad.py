"""Bad input: whatever a file holds, the reader says what is wrong, soon, and reads the rest."""

import bz2
import gzip
import io
import json
import resource
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import (
    FORMATS,
    URL,
    Story,
    crawled,
    html,
    json_lines,
    newsml_item,
    nitf,
    pdf,
    rss,
    table,
    warc,
    written,
    zipped,
)
from patience import bounded_time
from typer.testing import CliRunner

from dedup.article import Article
from dedup.cli import app
from dedup.errors import InputError
from dedup.readers import (
    Note,
    Options,
    Problem,
    Reading,
    compression,
    detect,
    json_records,
    read,
    tables,
)
from dedup.readers.deferred import Deferred
from dedup.readers.detect import read_stream
from dedup.readers.exact import SCHEMA
from dedup.readers.html_head import read_head
from dedup.readers.markup import html_to_text
from seeds import TEXTS

SEED = TEXTS["002"]
STORY = Story("koksan-1", SEED)

LOLS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
BOMB = f"<!DOCTYPE x [{LOLS}]>"
LEAK = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE x [<!ENTITY % r SYSTEM "http://127.0.0.1:9/x.dtd"> %r;]>'


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """No test may take long, whatever it is given."""
    with bounded_time():
        yield


def messages(reading: Reading) -> str:
    """What is said of files that give no article, on one line."""
    assert list(reading) == []
    assert reading.problems
    return " | ".join(problem.what for problem in reading.problems)


class TestPacked:
    @pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
    def test_a_file_that_is_cut_off_is_read_up_to_the_cut(
        self, here: Path, pack: Callable[[bytes], bytes]
    ) -> None:
        """Records before it are articles; the cut is told."""
        lines = b"".join(json_lines(Story(f"n{n}", f"{n * 7919} {SEED}")) for n in range(900))
        data = pack(lines)
        reading = read(written("a.jsonl.packed", data[: len(data) // 2]))
        assert 200 < len(list(reading)) < 800
        assert "cut off after" in reading.problems[-1].what

    def test_a_damaged_file_is_named(self, here: Path) -> None:
        """Bits that fell over are found by the check of the format."""
        data = bytearray(gzip.compress(json_lines(STORY) * 50))
        data[len(data) // 2] ^= 255
        reading = read(written("a.jsonl.gz", bytes(data)))
        list(reading)
        assert "damaged after" in reading.problems[-1].what

    def test_a_bomb_is_stopped(self, here: Path) -> None:
        """A file that unpacks to a thousand times its size is not unpacked to its end."""
        bomb = gzip.compress(b" " * 100_000_000)
        assert "200 times its size" in messages(read(written("a.jsonl.gz", bomb)))
        assert "10 MB" in messages(read(written("a.txt.gz", gzip.compress(b"a " * 20_000_000))))

    @pytest.mark.usefixtures("one_process")
    def test_a_bomb_in_a_zip_is_stopped(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The other members are read."""
        monkeypatch.setattr(compression, "MIN_BOMB", 1_000_000)
        files = {"a.txt": SEED.encode(), "b.jsonl": b"\n" * 30_000_000, "c.txt": SEED.encode()}
        reading = read(written("a.zip", zipped(files)))
        assert [article.id for article in reading] == ["a", "c"]
        assert "200 times" in reading.problems[0].what

    def test_a_zip_with_a_password_is_named(self, here: Path) -> None:
        """Its names can be seen, its content cannot."""
        data = bytearray(zipped({"a.txt": b"Guns."}))
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.index(mark) + place
            data[at : at + 2] = struct.pack("<H", 1)
        assert "protected by a password" in messages(read(written("a.zip", bytes(data))))

    def test_a_zip_that_is_none_is_named(self, here: Path) -> None:
        """Cut off, empty, or in another zip."""
        whole = zipped({"a.txt": SEED.encode()})
        assert "not a zip that can be read" in messages(read(written("a.zip", whole[:-30])))
        assert "no file in this zip" in messages(read(written("b.zip", zipped({}))))
        assert "unpack it first" in messages(read(written("c.zip", zipped({"a.zip": whole}))))
        assert "unpack it first" in messages(read(written("d.gz", gzip.compress(whole))))

    def test_a_word_document_that_unpacks_to_gigabytes_is_refused(self, here: Path) -> None:
        """By the sizes that it states, before anything of it is unpacked."""
        with zipfile.ZipFile("a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", b"<x/>")
            archive.writestr("word/document.xml", b" " * 60_000_000)
        assert "expands to more than" in messages(read("a.docx"))


class TestMarkup:
    @pytest.mark.parametrize("name", ["a.xml", "a.rss", "a.nitf"])
    @pytest.mark.parametrize("start", [BOMB, LEAK, REMOTE], ids=["bomb", "file", "remote"])
    def test_entities_are_never_expanded(self, here: Path, name: str, start: str) -> None:
        """Neither those that grow, nor those that lead to a file or an address."""
        body = "<p>&l9;</p>"
        root = f"<rss><channel><item><description>&l9;{SEED}</description></item></channel></rss>"
        if name != "a.rss":
            root = f"<nitf><body><body.content>{body}</body.content></body></nitf>"
        source = f"<?xml version='1.0'?>{start}{root}"
        assert "entities of its own" in messages(read(written(name, source.encode())))
        assert messages(read(written(name, source.encode("utf-16"))))

    def test_entities_behind_the_beginning_are_not_expanded_either(self, here: Path) -> None:
        """Where they stand too far down to be seen, the parser leaves them."""
        source = f"<?xml version='1.0'?><!--{' ' * 70_000}-->{BOMB}<nitf><body><body.content>"
        source += f"<p>{SEED}</p><p>&l9;</p></body.content></body></nitf>"
        articles = list(read(written("a.xml", source.encode())))
        assert all(len(article.text) < 2 * len(SEED) for article in articles)

    def test_broken_xml_is_read_up_to_the_fault(self, here: Path) -> None:
        """Items before it are articles; where it stands is told."""
        inner = "<inlineData contenttype='text/plain'>Guns reach Crimea.</inlineData>"
        items = [newsml_item(Story(f"n{n}", ""), inner) for n in range(3)]
        source = f"<newsMessage>{items[0]}{items[1]}<broken>{items[2]}</newsMessage>"
        reading = read(written("a.xml", source.encode()))
        assert [article.id for article in reading][:2] == ["n0", "n1"]
        assert "not well-formed XML" in reading.problems[-1].what

    @pytest.mark.parametrize(
        "unit",
        [
            "<div>",
            "<p>",
            "<a href='",
            '<a b="',
            "<!--",
            "<script>",
            "<table><tr><td>",
            "<ul><li>",
            "&amp;",
            "<b><i>",
            "<![CDATA[",
        ],
    )
    def test_hostile_markup_is_read_in_time_that_grows_with_its_length(self, unit: str) -> None:
        """Tags, quotation marks and comments that never close."""  # fmt: skip
        source = unit * (1_000_000 // len(unit))
        html_to_text(source)
        read_head(source)

    @pytest.mark.parametrize("unit", ["<div>", "<p>a ", "<table><tr><td>", "<ul><li>", "<b><i>",
                                      "<span>a</span>", "<a href=x>"])  # fmt: skip
    @pytest.mark.parametrize("fast", [False, True])
    def test_a_hostile_page_is_an_article_or_a_problem(
        self, here: Path, unit: str, fast: bool
    ) -> None:
        """However deep or long it is, the reader comes back."""
        written("a.html", (unit * (100_000 // len(unit))).encode())
        reading = read("a.html", fast_extract=fast)
        assert len(list(reading)) + len(reading.problems) == 1

    def test_deep_xml_is_named(self, here: Path) -> None:
        """The parser stops at its own limit."""
        source = "<nitf>" + "<p>" * 100_000
        assert "not well-formed XML" in messages(read(written("a.xml", source.encode())))

    @pytest.mark.parametrize(
        "page", ["", "<html></html>", "<script>x</script>", "<nav>Home</nav>", "\0\0\0"]
    )
    def test_a_page_without_text_is_named(self, here: Path, page: str) -> None:
        """Empty, all script, all navigation."""
        assert "no text" in messages(read(written("a.html", page.encode())))

    def test_a_page_with_nuls_is_read(self, here: Path) -> None:
        """They become U+FFFD and cost no word."""
        page = html(STORY).replace(b"Crimea", b"Cri\0mea", 1)
        assert len(list(read(written("a.html", page)))) == 1


class TestRecords:
    def test_a_line_of_any_length_takes_little_memory(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is passed over piece by piece, and the next is read."""
        monkeypatch.setattr(json_records, "MAX_BYTES", 200_000)
        with open("a.jsonl", "wb") as file:
            file.write(json_lines(STORY))
            file.write(b'{"text": "')
            for _ in range(50):
                file.write(b"x" * 1_000_000)
            file.write(b'"}\n')
            file.write(json_lines(Story("last", SEED)))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        reading = read("a.jsonl")
        assert [article.id for article in reading] == ["koksan-1", "last"]
        assert "a record of 50 MB or more" in reading.problems[0].what
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # KB

    def test_a_row_of_any_length_takes_little_memory(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A quotation mark that never closes ends where a row has to."""
        monkeypatch.setattr(tables, "MAX_BYTES", 200_000)
        rows = b"id,text\n1,Guns\n2," + b'"x\n' + b"x\n" * 200_000 + b"3,Shells\n"
        reading = read(written("a.csv", rows))
        assert [article.id for article in reading] == ["1", "3"]
        assert "a row of more than" in reading.problems[0].what
        assert len(reading.problems) == 2
        assert "100,001 more places" in reading.problems[-1].what

    def test_a_quotation_mark_that_stays_open_does_not_swallow_the_rest(self, here: Path) -> None:
        """What it takes along is told, with its lines."""
        rows = b'id,text\n1,Guns\n2,"open\n3,Shells\n4,Rockets\n'
        reading = read(written("a.csv", rows))
        assert [article.id for article in reading] == ["1"]
        assert "lines 3 to 5" in reading.problems[0].what

    @pytest.mark.parametrize(
        "data", [b"", b"\n\n", b"a", b"id,text\n", b"\0\0\0\0", b"\xff\xfea\0"]
    )
    def test_a_table_without_rows_is_named(self, here: Path, data: bytes) -> None:
        """Empty, without names, or in another encoding."""
        assert messages(read(written("a.csv", data)))

    def test_ids_that_stand_twice_are_made_distinct(self, here: Path) -> None:
        """In one file or in several, of whatever formats."""
        written("a.csv", table(STORY))
        written("b.jsonl", json_lines(STORY) * 2)
        written("c.rss", rss(STORY))
        reading = read(".")
        assert [article.id for article in reading] == [
            "koksan-1",
            *(f"koksan-1#{n}" for n in (2, 3, 4)),
        ]
        assert len(reading.problems) == 3

    @pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "2025-13-01", "99999999999999999",
                                      "x" * 10_000])  # fmt: skip
    def test_a_date_that_no_article_has_costs_only_the_date(self, here: Path, date: str) -> None:
        """The article is kept without it, and that is told."""
        line = json.dumps({"text": "Guns.", "date": date})
        for name, data in (("a.jsonl", line), ("a.csv", f"text,date\nGuns.,{date}\n")):
            reading = read(written(name, data.encode()))
            assert [article.published for article in reading] == [None]
            assert "imported undated" in reading.problems[0].what

    def test_deep_json_is_named(self, here: Path) -> None:
        """Wherever it stands: a record, a field, structured data of a page."""
        deep = "[" * 100_000
        assert messages(read(written("a.json", deep.encode())))
        page = f'<script type="application/ld+json">{deep}</script><p>Guns</p>'
        assert read_head(page).title is None
        nested = '{"uri": "x", "altids": ' + "[" * 900 + "]" * 900 + ', "body_text": "Guns."}'
        assert len(list(read(written("b.json", nested.encode())))) == 1


class TestDocuments:
    def test_a_pdf_with_a_password_is_named(self, here: Path) -> None:
        """One that needs none to be read is read."""
        pypdf = pytest.importorskip("pypdf")
        for password, name in (("secret", "locked.pdf"), ("", "open.pdf")):
            writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(STORY)))
            writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
            writer.write(name)
        assert "protected by a password" in messages(read("locked.pdf"))
        assert len(list(read("open.pdf"))) == 1

    def test_a_scan_is_named(self, here: Path) -> None:
        """A PDF without text says that its pages may be pictures."""
        pypdf = pytest.importorskip("pypdf")
        writer = pypdf.PdfWriter()
        writer.add_blank_page(100, 100)
        writer.write("a.pdf")
        assert "pages may be pictures" in messages(read("a.pdf"))

    @pytest.mark.parametrize("name", ["pdf", "docx", "parquet", "arrow"])
    @pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
    def test_a_document_that_is_cut_off_is_named(self, here: Path, name: str, part: float) -> None:
        """Or read as far as it can be."""
        data = FORMATS[name][1](STORY)
        reading = read(written(f"a.{name}", data[: int(len(data) * part)]))
        assert list(reading) or reading.problems

    def test_an_old_word_document_is_named(self, here: Path) -> None:
        """By its first bytes."""
        assert "an old .doc" in messages(read(written("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600)))


@pytest.mark.usefixtures("one_process")
class TestFailures:
    """A reader that fails costs its file, never the run."""

    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
        """Lets the reader of text files give an article and then raise what it is told to."""

        def install(error: BaseException) -> None:
            def fail(stream: object, path: str, name: str, options: object) -> Iterator[Article]:
                yield Article(name, "Guns.", extra={"path": path})
                raise error

            broken = detect.Format("text", fail, ".txt")
            monkeypatch.setitem(detect.BY_ENDING, ".txt", broken)

        return install

    @pytest.mark.parametrize(
        ("error", "message"),
        [
            (KeyError("uri"), "the text reader failed here (KeyError: 'uri')"),
            (ZeroDivisionError("by zero"), "the text reader failed here (ZeroDivisionError"),
            (RecursionError("maximum"), "nested too deeply for the text reader"),
            (InputError("no guns in it"), "no guns in it"),
            (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
        ],
    )
    def test_a_reader_that_fails_is_a_problem_of_its_file(
        self, here: Path, failing: Callable[[BaseException], None], error: Exception, message: str
    ) -> None:
        """With the file, the reader and the exception; what it had read stays, the rest goes on."""
        failing(error)
        written("a.txt", b"x")
        written("b.jsonl", json_lines(STORY))
        reading = read(["a.txt", "b.jsonl"])
        assert [article.id for article in reading] == ["a", "koksan-1"]
        assert [problem.path for problem in reading.problems] == ["a.txt"]
        assert reading.problems[0].what.startswith(message)
        with pytest.raises(InputError, match=r"a\.txt: "):
            list(read(["a.txt", "b.jsonl"], strict=True))

    def test_a_fault_of_a_reader_can_be_looked_at(
        self, here: Path, failing: Callable[[BaseException], None]
    ) -> None:
        """With --debug the traceback is below the problem; else there is none."""
        failing(KeyError("uri"))
        written("a.txt", b"x")
        for options, shown in (([], False), (["--debug"], True)):
            done = CliRunner().invoke(app, ["report", "a.txt", *options])
            assert "the text reader failed here" in done.stderr
            assert ("Traceback" in done.stderr) is shown

    def test_a_member_of_a_zip_that_fails_costs_no_other(
        self, here: Path, failing: Callable[[BaseException], None]
    ) -> None:
        """It is named by its path within."""
        failing(KeyError("uri"))
        files = {"a.txt": b"x", "b.jsonl": json_lines(STORY)}
        reading = read(written("a.zip", zipped(files)))
        assert [article.id for article in reading] == ["a", "koksan-1"]
        assert [problem.path for problem in reading.problems] == ["a.zip/a.txt"]

    def test_a_page_that_fails_costs_no_other(
        self, here: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also where it is parsed later than it is read."""

        def fail(*_: object, **__: object) -> None:
            raise KeyError("head")

        monkeypatch.setattr("dedup.readers.html.read_head", fail)
        data = crawled(URL, html(STORY)) * 2
        reading = read([written("a.html", html(STORY)), written("b.warc", data)])
        assert list(reading) == []
        assert [problem.path for problem in reading.problems] == ["a.html", "b.warc", "b.warc"]
        assert all("a page that cannot be parsed" in problem.what for problem in reading.problems)
        assert "(record at byte 0)" in reading.problems[1].what

    @pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt()])
    def test_what_concerns_more_than_a_file_is_raised(
        self, here: Path, failing: Callable[[BaseException], None], error: BaseException
    ) -> None:
        """A full memory and a person who stops the run."""
        failing(error)
        with pytest.raises(type(error)):
            list(read(written("a.txt", b"x")))

    def test_content_that_once_ended_a_run_is_read_or_named(self, here: Path) -> None:
        """Deep lists of authors, numbers of 5,000 digits, tags alone below front matter, a
        member of a zip without a name, a link to nothing."""
        record = {"text": "Guns.", "author": None}
        deep = json.dumps(record).replace("null", "[" * 700 + "]" * 700)
        written("deep.jsonl", deep.encode())
        written("digits.md", b"+++\nnumber = " + b"9" * 5_000 + b"\n+++\nGuns.")
        written("tags.md", b"---\ntitle: Guns\n---\n<p><b></b></p>")
        with zipfile.ZipFile("nameless.zip", "w") as archive:
            member = zipfile.ZipInfo("x")
            member.filename = ""
            archive.writestr(member, "Guns.")
        Path("gone.txt").symlink_to("nowhere.txt")
        reading = read(".")
        assert [article.id for article in reading] == ["deep:1", "digits", "./nameless.zip/"]
        assert [problem.path for problem in reading.problems] == ["./gone.txt", "./tags.md"]
        assert "no text" in reading.problems[1].what


def test_strict_stops_at_bad_input_of_every_format(here: Path) -> None:
    """With a message that has the path."""
    for name in ("a.xml", "a.html", "a.csv", "a.parquet", "a.pdf", "a.docx", "a.rss", "a.warc"):
        with pytest.raises(InputError, match=name):
            list(read(written(name, b"\x00\x01\x02"), strict=True))


MADE = {name: make(Story("a", SEED[:300])) for name, (_, make) in FORMATS.items()}
FUZZ = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def checked(data: bytes, path: str) -> None:
    """Whatever comes out is an article, a problem or a note, and can be printed."""
    stream = io.BufferedReader(io.BytesIO(data))
    for made in read_stream(stream, path, "a", Options()):
        outcome = made.resolve() if isinstance(made, Deferred) else made
        assert isinstance(outcome, Article | Problem | Note)
        assert not isinstance(outcome, Article) or (outcome.id and outcome.text.strip())
        repr(outcome).encode()


def test_a_long_line_that_is_an_article_as_it_was_ends_where_it_ends(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be longer than others, whatever its length; one that is too long for it, too, is one
    problem, and the lines behind keep their numbers."""
    monkeypatch.setattr(json_records, "MAX_BYTES", 300)
    monkeypatch.setattr(json_records, "MAX_EXACT", 200)

    def line(id: str, words: int) -> bytes:
        return json.dumps({"schema": SCHEMA, "id": id, "text": "x" * words}).encode()

    other = line("b", 40)
    frame = len(line("a", 0))
    for size in (299, 300, 301, 400, 499):
        written("a.jsonl", line("a", size - frame) + b"\n" + other)
        reading = read("a.jsonl")
        assert [len(article.text) for article in reading] == [size - frame, 40]
        assert reading.problems == []
    written("a.jsonl", line("a", 900) + b"\n" + other + b"\n{")
    reading = read("a.jsonl")
    assert [article.id for article in reading] == ["b"]
    assert [problem.path for problem in reading.problems] == ["a.jsonl:1", "a.jsonl:3"]


@pytest.mark.parametrize("name", FORMATS)
class TestFuzz:
    @FUZZ
    @given(edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 40)),
                          max_size=4), cut=st.floats(0, 1))  # fmt: skip
    def test_damage_is_read_or_named(
        self, name: str, edits: list[tuple[float, bytes, int]], cut: float
    ) -> None:
        """Bytes put in, taken out and cut off anywhere in a good file."""
        data = MADE[name]
        for place, more, fewer in edits:
            at = int(place * len(data))
            data = data[:at] + more + data[at + fewer :]
        checked(data[: len(data) - int(cut * cut * len(data))], f"a{FORMATS[name][0]}")

    @FUZZ
    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_named(self, name: str, data: bytes) -> None:
        """Of whatever name."""
        checked(data, f"a{FORMATS[name][0]}")


@FUZZ
@given(st.sampled_from(list(MADE)), st.binary(max_size=40))
def test_any_format_without_a_name_is_read_or_named(name: str, head: bytes) -> None:
    """What its first bytes look like decides, and may be wrong."""
    checked(head + MADE[name], "dump")


@FUZZ
@given(st.text("<>/!-='\"&; abpdivscripttable#x0", max_size=200))
def test_any_markup_is_text(source: str) -> None:
    """Without a tag's name in it that was one."""
    text, _ = html_to_text(source)
    assert "\x00" not in text
    read_head(source)


def test_a_crawl_of_hostile_pages_is_read_to_its_end(here: Path) -> None:
    """Each page costs itself only."""
    pages = [b"", b"\xff\xfe", b"<" * 1000, b"<html>" * 1000, b"\x00" * 1000, html(STORY)]
    data = b"".join(crawled(f"{URL}/{n}", page) for n, page in enumerate(pages))
    reading = read(written("a.warc", data))
    assert [article.url for article in reading] == [f"{URL}/5"]
    assert len(reading.problems) == 5
    assert len(list(read(written("b.warc.gz", warc(STORY) * 3)))) == 3
    assert list(read(written("c.xml", nitf(STORY))))
