"""Data frames of Spark: which columns are meant, and what its errors say."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from dedup.errors import DedupError, InputError
from dedup.extras import require

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# An error of ours in the traceback of an executor that Spark hands on.
CONDITION = re.compile(r"\[[A-Z][A-Z_.]+\] .*")
OURS = re.compile(r"^dedup\.errors\.(\w+): (.*)$", re.MULTILINE)


def expect_frame(df: "DataFrame") -> "DataFrame":
    """The frame; `InputError` if it is something else."""
    require("pyspark.sql", "spark")
    if not hasattr(df, "mapInArrow"):
        raise InputError(f"{type(df).__name__} is no data frame of Spark; spark.read gives one")
    return df


def choose_columns(df: "DataFrame", names: Mapping[str, str], strings: tuple[str, ...]) -> Any:
    """The columns `names` (by what they are for) of a frame; those that are `strings` must be.
    Raises `InputError` where one is missing or of another type."""
    types = dict(expect_frame(df).dtypes)
    for name, column in names.items():
        if column not in types:
            known = ", ".join(df.columns)
            raise InputError(f"the frame has no column {column!r} for the {name}; it has {known}")
        if name in strings and types[column] != "string":
            raise InputError(
                f"the column {column!r} is of type {types[column]}; the {name} must be a string: "
                f"cast it"
            )
    return df.select(*(df[column].alias(name) for name, column in names.items()))


@contextmanager
def explain_faults() -> Iterator[None]:
    """Raise what went wrong on an executor, and is about the articles, as an error of ours."""
    try:
        yield
    except spark_errors() as error:
        said = str(error)
        if found := OURS.search(said):
            kind = InputError if found[1] == InputError.__name__ else DedupError
            raise kind(found[2]) from None
        if "[FAILED_READ_FILE" in said:
            raise InputError(describe_fault(error)) from None
        raise


def spark_errors() -> tuple[type[Exception], ...]:
    """What Spark raises: its own errors, and those of Java that it does not know."""
    own = require("pyspark.errors", "spark").PySparkException
    return own, require("py4j.protocol", "spark").Py4JError


def describe_fault(error: BaseException) -> str:
    """What Spark says of an error in a line: the one that has a condition, else the first."""
    said = str(error)
    if found := CONDITION.search(said):
        return found[0]
    return next((line for line in said.splitlines() if line.strip()), type(error).__name__)


def storage_level() -> Any:
    """Frames that are used twice stay on the disks of the executors: what one loses is worked out
    again."""
    return require("pyspark", "spark").StorageLevel.DISK_ONLY
