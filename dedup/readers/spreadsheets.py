"""Spreadsheets → articles: one row of an .xlsx, one article; as tables of text (`tables`).

The first row has the names of the columns, if it looks like it (`headers`). Every sheet that has a
column of texts is read, the others are named in a note. Rows are read one by one, formulas as the
values they had when the file was saved; nothing is computed and no link is followed.
"""

import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO

from dedup.errors import InputError
from dedup.extras import require
from dedup.readers.compression import ZIP_FAULTS, read_whole
from dedup.readers.fields import Record, make_article, order_dates, read_record
from dedup.readers.headers import name_columns
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem, group_problems
from dedup.readers.tables import SAMPLE, choose_columns

MAX_BYTES = 100_000_000
MAX_EXPANDED = 500_000_000  # bytes of all parts: texts are packed to a third
MAX_SHARED = 200_000_000  # bytes of the part that holds all strings, which is in memory
MAX_COLUMNS = 500


def read_spreadsheet(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in a spreadsheet and its problems; without an id called ``name:sheet:row``.

    Raises `InputError` if no sheet has a column of texts.
    """
    outcomes = group_problems(read_sheets(stream, path, name, options), path, options.strict)
    try:
        yield from outcomes
    # openpyxl has no kind of its own; an encrypted part is a RuntimeError.
    except (LookupError, SyntaxError, RuntimeError, *ZIP_FAULTS) as error:
        raise InputError(f"damaged: {error!s:.200}; does it open elsewhere?") from None


def read_sheets(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """What `read_spreadsheet` gives, with each problem by itself."""
    data = read_whole(stream, MAX_BYTES, "a spreadsheet")
    try:
        with zipfile.ZipFile(data) as package:
            sizes = {part.filename: part.file_size for part in package.infolist()}
    except ZIP_FAULTS as error:
        raise InputError(f"not an .xlsx file: {error!s:.100}") from None
    if sum(sizes.values()) > MAX_EXPANDED or sizes.get("xl/sharedStrings.xml", 0) > MAX_SHARED:
        raise InputError(f"expands to more than {MAX_SHARED / 1e6:,.0f} MB; is it a zip bomb?")
    openpyxl = require("openpyxl", "tables")
    book = openpyxl.load_workbook(data, read_only=True, data_only=True, keep_links=False)
    faults: list[str] = []
    found = False
    for sheet in book.worksheets:
        rows = number_rows(sheet)
        first = next(rows, (0, []))
        titles = ["" if value is None else str(value).strip() for value in first[1]]
        named, keys = name_columns(titles)
        rows = rows if named else chain([first], rows)
        records = (Record(n, 0, n, dict(zip(keys, row, strict=False))) for n, row in rows)
        sample = list(islice(records, SAMPLE))
        if not sample:
            continue
        try:
            chosen, note = choose_columns(keys, [row.value for row in sample], options, named)
        except InputError as error:
            faults.append(f"sheet {sheet.title!r}: {error}")
            continue
        found = True
        yield Note(path, f"sheet {sheet.title!r}: {note}")
        if (sheet.max_column or 0) > MAX_COLUMNS:
            what = (
                f"sheet {sheet.title!r}: cut: only the first {MAX_COLUMNS} of its columns are read"
            )
            yield Problem(path, what)
        for row, order, note in order_dates(chain(sample, records), options.date_order, chosen):
            if note:
                yield Note(path, f"sheet {sheet.title!r}: {note}")
            where = {"path": path, "sheet": sheet.title, "row": row.number}
            own_name = f"{name}:{sheet.title}:{row.number}"
            make = partial(make_article, row.value, own_name, where, chosen, order)
            yield from read_record(make, f"{path}:{sheet.title}:{row.number}")
    if not found:
        raise InputError("; ".join(faults) or "empty: no sheet has a row below its column names")
    yield from (Problem(path, fault) for fault in faults)


def number_rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """The rows of a sheet that are not blank, with their numbers."""
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
        if any(value not in (None, "") for value in values):
            yield number, list(values)
