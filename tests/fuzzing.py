"""Damaged files by the thousand, and small files that mean harm, all made by code.

``python tests/fuzzing.py --seconds 60 --seed 7`` reads mutated samples of every format as a folder
from somebody else would be read. What may come of a file: articles, problems, notes. What may not:
an exception, a file that is neither read nor named, more memory than `MAX_MEMORY`. The seed and the
number of a file make it again: ``--only NUMBER`` writes it to standard output.
"""

import argparse
import bz2
import copy
import gzip
import io
import lzma
import random
import re
import resource
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsroom import FORMATS, Story, crawled, html, json_lines, mail, plain, zipped

from dedup.article import Article
from dedup.readers import Reading, isolated, read
from dedup.readers.isolation import end_idle_workers

MAX_MEMORY = 1_500_000_000  # bytes of one process
BATCH = 200  # files that are read in one call
STORY = Story(
    "koksan",
    "Russia has moved North Korean guns to Crimea, the broadcaster reported on Friday.\n\n"
    "A video of March 26 showed them on a train through the north of the peninsula.\n\n"
    "Analysts say that they could be used to shell the cities on the other bank of the river.",
)
# Processes of their own for each file make these a hundred times as slow as others.
SLOW = frozenset({"parquet", "arrow"})
NUMBERS = [
    0,
    1,
    127,
    128,
    255,
    256,
    32767,
    65535,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**63 - 1,
    2**64 - 1,
]
TOKENS = [
    b"\x00", b"\xff\xfe", b"<", b">", b"]]>", b"<!ENTITY x 'y'>", b"&#x110000;", b"{", b"[" * 600,
    b"\r\n\r\n", b"\r\n", b"99999999999", b"-1", b"1e999", b"Content-Length: 7\r\n", b"\\u0",
    b"=?utf-8?q?", b"PK\x03\x04", b"endobj", b"stream\n", b"<br>" * 500, b"\xf0\x9f\x98", b"%PDF-",
    b"WARC/1.0\r\n",
]  # fmt: skip


def samples() -> dict[str, bytes]:
    """A good file of every format, by its name."""
    whole = {f"a{ending}": make(STORY) for ending, make in FORMATS.values()}
    whole = {f"{n}-{name}": data for n, (name, data) in enumerate(whole.items())}
    letter = mail(STORY)
    record = json_lines(STORY)
    whole |= {
        "a.zip": zipped({"a.txt": plain(STORY), "b.eml": letter, "c.html": html(STORY)}),
        "a.mbox": b"From a@example.org Fri Mar 28 14:05:00 2025\n".join([b"", letter, letter]),
        "a.rtf": rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\f0 Guns \u8211? moved.\par Again.}",
        "a.jsonl.gz": gzip.compress(record) * 2,
        "a.jsonl.bz2": bz2.compress(record) + bz2.compress(record),
        "a.jsonl.xz": lzma.compress(record) + lzma.compress(record),
        "a.warc": crawled("https://example.org/1", html(STORY)) * 2,
        "noname": html(STORY),
    }
    return whole


def mutate(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The data after one to six accidents."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(changed) + 1)
        length = int(chance.paretovariate(0.7)) % 400
        kind = chance.randrange(9)
        if kind == 0:
            for _ in range(chance.randint(1, 8)):
                if changed:
                    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        elif kind == 1:
            changed[at:at] = chance.randbytes(length)
        elif kind == 2:
            del changed[at : at + length]
        elif kind == 3:
            changed[at:at] = changed[at : at + length] * chance.choice([1, 2, 50])
        elif kind == 4:
            width = chance.choice([1, 2, 4, 8])
            number = chance.choice(NUMBERS) % (1 << (8 * width))
            order = chance.choice(["little", "big"])
            changed[at : at + width] = number.to_bytes(width, order)  # type: ignore[arg-type]
        elif kind == 5:
            changed[at:at] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 40])
        elif kind == 6:
            del changed[at:]
        elif kind == 7:
            other = chance.choice(others)
            begin = chance.randrange(len(other) + 1)
            changed[at:at] = other[begin : begin + length]
        else:
            digits = [n for n, byte in enumerate(changed[:20_000]) if 48 <= byte <= 57]
            if digits:
                place = chance.choice(digits)
                changed[place : place + 1] = str(chance.choice(NUMBERS)).encode()
    return bytes(changed)


def make_file(seed: int, number: int, whole: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The name and the bytes of a damaged file."""
    chance = random.Random(seed * 1_000_003 + number)
    name = chance.choice(list(whole))
    while name.rpartition(".")[2] in SLOW and chance.random() < 0.95:
        name = chance.choice(list(whole))
    if chance.random() < 0.05:  # called by another's name
        return f"{number}-{chance.choice(list(whole))}", mutate(
            whole[name], list(whole.values()), chance
        )
    return f"{number}-{name}", mutate(whole[name], list(whole.values()), chance)


def small_harm() -> dict[str, bytes]:
    """Small files that once took all time or memory, or ended the run, by their names."""
    many = range(8_000)
    paragraph = "<w:p><w:r><w:t>Guns.</w:t></w:r></w:p>"
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="30000"/></w:tcPr>{paragraph}</w:tc>'
    document = f"<w:document xmlns:w='w'><w:body><w:tbl><w:tr>{cell * 500}</w:tr></w:tbl></w:body>"
    kind = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nGuns.\r\n"
    return {
        "words.eml": b"From: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nGuns.",
        "settings.eml": b"Content-Type: text/plain"
        + b"".join(b"; a%d=b" % n for n in many)
        + b"\r\nSubject: x\r\n\r\nGuns.",
        "parts.eml": kind + part * 1_500 + b"--b--",
        "cut.eml": kind + part * 2,
        "breaks.html": b"<html><body><p>Guns moved.</p>" + b"<br>" * 200_000,
        "attributes.html": b"<html><body " + b" ".join(b"a%d=b" % n for n in many) + b"><p>Guns.",
        "attributes.xml": b"<nitf " + b" ".join(b"a%d='b'" % n for n in many) + b"/>",
        "dotted.md": b"+++\n" + b".".join([b"a"] * 40_000) + b" = 1\n+++\nGuns.",
        "digits.md": b"+++\na = " + b"9" * 5_000 + b"\n+++\nGuns.",
        "deep.jsonl": b'{"text": "Guns.", "author": ' + b"[" * 700 + b"]" * 700 + b"}",
        "spans.docx": zipped({"word/document.xml": f"{document}</w:document>".encode()}),
        "pages.pdf": many_pages(500, b"BT (Guns) Tj ET " * 20_000),
        "overlapping.zip": overlapping(2_000),
        "second.jsonl.bz2": bz2.compress(b'{"text": "Guns."}\n') + b"BZh9" + bytes(range(256)),
        "rows.parquet": one_value("text", 20_000, "Guns. " * 100_000),
    }


def many_pages(count: int, drawn: bytes) -> bytes:
    """A PDF whose pages all show one long text, which it has once."""
    packed = zlib.compress(drawn)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b"3 0 R " * count),
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >> stream\n%s\nendstream" % (len(packed), packed),
    ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n" + table
    return data + head + b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)


def overlapping(count: int) -> bytes:
    """A zip of so many files that are all the same bytes of it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.txt", b"Guns. " * 1_000_000)
        (first,) = archive.infolist()
        for number in range(1, count):
            other = copy.copy(first)
            other.filename = f"{number}.txt"
            archive.filelist.append(other)
    return data.getvalue()


def one_value(name: str, rows: int, value: str) -> bytes:
    """A table whose rows all have one long value, which it has once."""
    import pyarrow
    from pyarrow import parquet

    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, "int32"), [value])
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({name: column}), out)
    return out.getvalue()


@dataclass
class Outcome:
    """What has come of the files."""

    files: int = 0
    articles: int = 0
    problems: int = 0
    deaths: int = 0
    unexpected: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)

    def read(self, folder: Path) -> None:
        """Read a folder, and count."""
        names = {path.name for path in folder.iterdir()}
        seen: set[str] = set()
        reading: Reading = read([str(folder / name) for name in sorted(names)])
        try:
            for article in reading:
                self.articles += 1
                seen.add(file_of(str(article.extra.get("path", "")), folder))
                check(article)
                self.texts.add(article.text[:1_000])
        except Exception as error:
            self.failures.append(f"{type(error).__name__}: {error!s:.200}")
        self.files += len(names)
        self.problems += len(reading.problems)
        for problem in reading.problems:
            self.deaths += "does not survive" in problem.what or "takes more time" in problem.what
            if "reader failed here" in problem.what:
                self.unexpected[problem.what[:120]] += 1
        named = {file_of(problem.path, folder) for problem in reading.problems}
        lost, failed = names - seen - named, {file_of(path, folder) for path in reading.failed}
        self.failures += [f"{name} is neither read nor named" for name in sorted(lost)]
        self.failures += [f"{name} is only counted" for name in sorted(failed - named)]


def file_of(place: str, folder: Path) -> str:
    """The file in a folder that a place is in: a line, a member, a place of a member."""
    return re.split("[/:]", place.removeprefix(f"{folder}/"), maxsplit=1)[0]


def check(article: Article) -> None:
    """Whatever comes out of a file is an article."""
    assert article.id
    assert article.text.strip()
    for value in (article.id, article.text, article.title, article.publisher, article.byline):
        (value or "").encode()


def peak_memory() -> int:
    """Bytes that this process or one of those that read for it has had at most."""
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(isolated.peak_memory(), below) * 1_000


def fuzz(seed: int, *, files: int | None = None, seconds: float = 0) -> Outcome:
    """Read so many damaged files, or as many as the time allows."""
    whole = samples()
    outcome = Outcome()
    end = time.monotonic() + seconds
    while outcome.files < files if files is not None else time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            for number in range(outcome.files, outcome.files + BATCH):
                name, data = make_file(seed, number, whole)
                Path(folder, name).write_bytes(data)
            outcome.read(Path(folder))
    return outcome


def read_harm() -> Outcome:
    """Read the small files that mean harm, and one that does not, which must be read."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        for name, data in small_harm().items():
            Path(folder, name).write_bytes(data)
        Path(folder, "ok.txt").write_text(STORY.text)
        outcome.read(Path(folder))
    if outcome.texts.isdisjoint({STORY.text}):
        outcome.failures.append("ok.txt is not read")
    return outcome


def main() -> None:
    """Fuzz by the arguments of the command line, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--harm", action="store_true", help="read the small files that mean harm")
    parser.add_argument("--only", type=int, help="write this file instead")
    given = parser.parse_args()
    if given.only is not None:
        sys.stdout.buffer.write(make_file(given.seed, given.only, samples())[1])
        return
    outcome = read_harm() if given.harm else fuzz(given.seed, seconds=given.seconds)
    end_idle_workers()
    print(
        f"{outcome.files:,} files, {outcome.articles:,} articles, {outcome.problems:,} problems, "
        f"{outcome.deaths:,} processes ended by a file, {peak_memory() / 1e6:,.0f} MB at most"
    )
    for what, count in outcome.unexpected.most_common():
        print(f"{count:,} times: {what}")
    for failure in outcome.failures:
        print(f"FAILED: {failure}")
    sys.exit(bool(outcome.failures) or peak_memory() > MAX_MEMORY)


if __name__ == "__main__":
    main()
