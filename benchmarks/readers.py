"""How fast and how flat the readers are: `python -m benchmarks.readers [--large]`.

Files are made in a temporary folder from the seeds, with metadata and, for pages, the
navigation, teasers and scripts that news sites put around a story. For every format a process
of its own reads one to its end: megabytes or pages for each second of CPU, beside what else
reads it on this machine (json, csv, pandas, warcio, trafilatura alone), where that is
installed. Then the peak of memory for a file of 100 MB and one of 1 GB (2 GB with --large).
"""

import argparse
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.data import ROOT

sys.path.insert(0, str(ROOT / "tests"))

MB = 1_000_000
RUNS = 3  # of which the fastest counts: a busy machine is slower, never faster
SPEED = 30  # megabytes of text that a format is timed with
TEASERS, SCRIPT = 220, 4_000  # a page has 100 KB, as many of news sites do
FLAT = ("jsonl", "jsonl.gz", "csv", "parquet", "warc.gz")

# The CPU time and the peak of memory are those of the process and of all that read for it.
CHILD = """
import glob, os, resource, sys, time, warnings
warnings.simplefilter("ignore")
path, small = sys.argv[1:]

def helpers():
    lists = glob.glob("/proc/self/task/*/children")
    return [pid for name in lists for pid in open(name).read().split()]

def cpu():
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for pid in helpers():
        ticks = open("/proc/" + pid + "/stat").read().rpartition(")")[2].split()[11:13]
        total += sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return total

def peak(pid):
    lines = open("/proc/" + pid + "/status")
    return next(int(line.split()[1]) for line in lines if "VmHWM" in line)

{setup}
begin = cpu()
count = 0
{work}
spent = cpu() - begin
print(count, spent, sum(map(peak, ["self", *helpers()])))
"""
EVERY = "for _ in {}: count += 1"
# One small file first, so that loading a library counts for nobody.
OURS = EVERY.format("read(path{})"), "from dedup.readers import read; list(read(small))"

# What else reads a format, as its documentation does it: name, setup, work.
PEERS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "jsonl": (
        ("json", "import json", EVERY.format("map(json.loads, open(path, 'rb'))")),
        ("pandas", "import pandas", "for part in pandas.read_json(path, lines=True, "
         "chunksize=1000): count += len(part)"),
    ),
    "csv": (
        ("csv", "import csv; csv.field_size_limit(10**7)",
         EVERY.format("csv.DictReader(open(path, encoding='utf-8', newline=''))")),
        ("pandas", "import pandas",
         "for part in pandas.read_csv(path, chunksize=1000): count += len(part)"),
    ),
    "parquet": (
        ("pyarrow, to Python", "import pyarrow.parquet",
         "for part in pyarrow.parquet.ParquetFile(path).iter_batches(1000, use_threads=False): "
         "count += len(part.to_pylist())"),
        ("pandas", "import pandas", "count = len(pandas.read_parquet(path))"),
    ),
    "html": (
        ("trafilatura", "import pathlib, trafilatura", "for page in pathlib.Path(path).iterdir(): "
         "count += trafilatura.extract(page.read_bytes(), favor_precision=True) is not None"),
        ("trafilatura with metadata", "import pathlib, trafilatura",
         "for page in pathlib.Path(path).iterdir(): count += trafilatura.bare_extraction("
         "page.read_bytes(), favor_precision=True, with_metadata=True) is not None"),
    ),
    "warc.gz": (
        ("warcio, no text", "from warcio.archiveiterator import ArchiveIterator",
         "for one in ArchiveIterator(open(path, 'rb')): "
         "count += len(one.content_stream().read()) > 0"),
        ("fastwarc, no text", "from fastwarc.warc import ArchiveIterator",
         "for one in ArchiveIterator(open(path, 'rb')): count += len(one.reader.read()) > 0"),
    ),
}  # fmt: skip


def articles(size: int) -> Iterator[dict[str, str]]:
    """Records of articles of about 490 words, until they have `size` bytes of text."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    written = number = 0
    while written < size:
        text = f"{number} {texts[number % len(texts)]}"
        yield {
            "id": f"a{number}", "title": f"Report {number}", "text": text, "publisher": "Example",
            "url": f"https://example.org/{number}", "published": "2025-03-28T14:05:00+01:00",
        }  # fmt: skip
        written, number = written + len(text), number + 1


def page(number: int, text: str) -> bytes:
    """A story as a news site shows it."""
    from newsroom import Story, html

    teasers = "".join(
        f'<div class="teaser card-{i}"><a href="/x/{i}"><img src="/i/{i}.jpg" alt="x"><h3>Teaser '
        f'number {i} of the day</h3></a><p class="lead">Some words on another story.</p></div>'
        for i in range(TEASERS)
    )
    story = Story(f"s{number}", text, url=f"https://www.example.org/{number}")
    made: bytes = html(story).replace(
        b"</head>", b"<script>%s</script></head>" % (b"var a=1;" * SCRIPT)
    )
    return made.replace(b'<aside class="related">', b'<aside class="related">' + teasers.encode())


def write(kind: str, folder: Path, size: int) -> Path:
    """A file (for pages a folder) of a format with about `size` bytes."""
    path = folder / f"news.{kind}"
    if kind == "html":
        path.mkdir()
        for number, row in enumerate(articles(size // 30)):
            (path / f"{number}.html").write_bytes(page(number, row["text"]))
    elif kind == "warc.gz":
        from newsroom import crawled

        packed = []
        for number, row in enumerate(articles(200_000)):
            packed.append(gzip.compress(crawled(row["url"], page(number, row["text"])), 1))
        with path.open("wb") as file:
            written = 0
            while written < size:
                written += sum(file.write(record) for record in packed)
    elif kind == "parquet":
        import pyarrow
        import pyarrow.parquet

        rows, names = articles(size), ("id", "title", "text", "publisher", "url", "published")
        schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
        with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
            while group := [row for row, _ in zip(rows, range(10_000), strict=False)]:
                writer.write_table(pyarrow.Table.from_pylist(group, schema))
    else:
        plain: Callable[..., Any] = gzip.open if kind.endswith(".gz") else open
        with plain(path, "wt", encoding="utf-8", newline="") as file:
            _write_rows(kind, file, size)
    return path


def _write_rows(kind: str, file: io.TextIOBase, size: int) -> None:
    if kind == "csv":
        table = csv.DictWriter(file, next(articles(1)))
        table.writeheader()
        table.writerows(articles(size))
        return
    for row in articles(size):
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def measure(
    kind: str, path: Path, work: str, setup: str, times: int = 1
) -> tuple[int, float, int] | None:
    """Records, CPU seconds (the least of several runs) and the peak of memory in KB; None where
    a package is missing."""
    code = CHILD.format(setup=setup, work=work)
    results: list[tuple[float, int, int]] = []
    with tempfile.TemporaryDirectory() as folder:
        small = write(kind, Path(folder), MB // 10)
        command = [sys.executable, "-c", code, str(path), str(small)]
        for _ in range(times):
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            if "ModuleNotFoundError" in run.stderr:
                return None
            if run.returncode:
                raise RuntimeError(run.stderr[-2_000:])
            count, spent, peak = run.stdout.split()
            results.append((float(spent), int(count), int(peak)))
    spent_least, count_read, peak_kb = min(results)
    return count_read, spent_least, peak_kb


def speeds() -> None:
    """What each format is read at, beside its peers."""
    print(f"{'':<38}{'records':>9}{'MB/s':>8}{'records/s':>11}   of CPU, one process")
    for kind in ("jsonl", "jsonl.gz", "csv", "parquet", "html", "warc.gz"):
        with tempfile.TemporaryDirectory() as folder:
            path = write(kind, Path(folder), SPEED * MB // (4 if kind == "warc.gz" else 1))
            work, setup = OURS
            ways = [("dedup", setup, work.format(""))]
            if kind in ("html", "warc.gz"):
                ways.append(("dedup, fast_extract", setup, work.format(", fast_extract=True")))
            size = _size(path, kind)
            for name, before, doing in [*ways, *PEERS.get(kind, ())]:
                result = measure(kind, path, doing, before, RUNS)
                if result is None:
                    print(f"{kind:<9} {name:<28}  not installed")
                    continue
                count, spent, _ = result
                rates = f"{size / MB / spent:>8,.0f}{count / spent:>11,.0f}"
                print(f"{kind:<9} {name:<28}{count:>9,}{rates}", flush=True)


def _size(path: Path, kind: str) -> int:
    """Bytes as they are read: of columns those of their values, of packed lines those in them."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir())
    if kind == "parquet":
        return sum(len(value) for row in articles(SPEED * MB) for value in row.values())
    if kind == "jsonl.gz":
        with gzip.open(path) as file:
            return sum(map(len, file))
    return path.stat().st_size


def flatness(sizes: Sequence[int]) -> None:
    """The peak of memory by the size of the file."""
    print(f"\n{'peak of memory in MB, file of':<30}" + "".join(f"{s // MB:>8,} MB" for s in sizes))
    for kind in FLAT:
        work, setup = OURS
        peaks = []
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = write(kind, Path(folder), size)
                result = measure(kind, path, work.format(", fast_extract=True"), setup)
                peaks.append("–" if result is None else f"{result[2] / 1024:,.0f}")
        print(f"{kind:<30}" + "".join(f"{peak:>11}" for peak in peaks), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.readers")
    parser.add_argument("--large", action="store_true", help="memory up to 2 GB")
    options = parser.parse_args(arguments)
    speeds()
    flatness([100 * MB, (2_000 if options.large else 1_000) * MB])
    return 0


if __name__ == "__main__":
    sys.exit(main())
