"""The work on many machines as a command: `python -m dedup.spark near-duplicates|compare`.

`spark-submit` runs this file as well. Input is Parquet or JSON lines, wherever Spark can read;
output is a new folder, wherever it can write, with frames in Parquet and a report in JSON lines.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dedup._version import __version__
from dedup.errors import DedupError, InputError
from dedup.extras import require
from dedup.report import render_parts
from dedup.spark.comparison import compare
from dedup.spark.frames import describe_fault, spark_errors
from dedup.spark.near import near_duplicates

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LINES = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
BLOCK = 20_000  # lines of the report that are written at once
ERROR = 1

Input = Annotated[str, typer.Argument(help="Parquet, or JSON lines by its suffix; file or folder.")]
Out = Annotated[str, typer.Option("--out", "-o", help="A folder that is not there yet.")]
Master = Annotated[
    str | None, typer.Option(help="Address of a cluster; by default what spark-submit says, or all "
                                  "processors of this machine.")
]  # fmt: skip
Id = Annotated[str, typer.Option("--id", help="The column that has the id.")]
Text = Annotated[str, typer.Option("--text", help="The column that has the text.")]

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Compare articles on many machines, by Spark.",
)


@app.command("near-duplicates")
def find_near_duplicates(
    path: Input,
    out: Out,
    id: Id = "id",
    text: Text = "text",
    threshold: Annotated[float, typer.Option(help="The least resemblance of a pair.")] = 0.7,
    master: Master = None,
) -> None:
    """Group nearly identical texts: OUT/labels has the id of each row and its cluster."""
    with open_session(master) as spark:
        rows = read_rows(spark, path)
        begin_output(spark, out, "near-duplicates", path)
        labels = near_duplicates(rows, id=id, text=text, threshold=threshold)
        labels.write.parquet(f"{out}/labels")


@app.command("compare")
def compare_articles(
    path: Input,
    out: Out,
    id: Id = "id",
    text: Text = "text",
    pairs: Annotated[
        str | None, typer.Option(help="Relate these pairs (columns a and b), and no others.")
    ] = None,
    master: Master = None,
) -> None:
    """Find what shares a source text and who has it from whom: OUT/clusters, OUT/relations and
    OUT/edges are tables, OUT/report has JSON lines."""
    with open_session(master) as spark:
        rows = read_rows(spark, path)
        given = None if pairs is None else read_rows(spark, pairs)
        begin_output(spark, out, "compare", path)
        found = compare(rows, pairs=given, id=id, text=text)
        for name in ("clusters", "relations", "edges"):
            getattr(found, name).write.parquet(f"{out}/{name}")
        write_lines(spark, render_parts(found.result, "jsonl"), f"{out}/report")


@contextmanager
def open_session(master: str | None) -> Iterator[Any]:
    """A session of Spark, which is stopped at the end; errors become a line and an exit code."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        builder = require("pyspark.sql", "spark").SparkSession.builder.appName("dedup")
        faults = spark_errors()
        try:
            spark = (builder.master(master) if master else builder).getOrCreate()
        except faults as error:
            raise InputError(
                f"Spark does not start: {describe_fault(error)}; it needs Java 17 or later "
                "(Debian: openjdk-17-jre-headless)"
            ) from None
        try:
            yield spark
        except faults as error:
            raise InputError(describe_fault(error)) from None
        finally:
            spark.stop()
    except DedupError as error:
        print(f"dedup: {error}", file=sys.stderr)
        raise SystemExit(ERROR) from None


def read_rows(spark: Any, path: str) -> "DataFrame":
    """The rows of a file or folder, by its suffix."""
    rows: DataFrame
    rows = spark.read.json(path) if path.lower().endswith(LINES) else spark.read.parquet(path)
    return rows


def begin_output(spark: Any, out: str, command: str, path: str) -> None:
    """Say in the folder what is in it. Where it holds something of the kind already that is an
    error now, and not when the work is done."""
    run = [(f"dedup {__version__}", command, path)]
    spark.createDataFrame(run, "version string, command string, input string").coalesce(
        1
    ).write.mode("error").json(f"{out}/run")


def write_lines(spark: Any, lines: Iterable[str], path: str) -> None:
    """Write lines as text, in files of a folder."""
    rest = iter(lines)
    while block := [(line.removesuffix("\n"),) for line in islice(rest, BLOCK)]:
        rows = spark.createDataFrame(block, "value string")
        rows.coalesce(1).write.mode("append").text(path)


def main() -> None:
    """Run the command with the arguments of the process."""
    app(prog_name="python -m dedup.spark")


if __name__ == "__main__":
    main()
