"""JSON → articles: one record per line, a list of records, or one record, as a stream.

A broken line is a problem of its own. A list or an indented record is parsed value by value;
after a fault in it nothing shows where the next value begins, so the rest is skipped. Of a file
no more than two records of at most `MAX_BYTES` are in memory. JSON is UTF-8 (RFC 8259). A lone
surrogate (``"\\ud83d"``, half an emoji), which could never be written out, becomes U+FFFD, one
for one, so that offsets hold.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain, islice
from typing import Any, BinaryIO

from dedup.article import Article
from dedup.dates import Order, learn_order
from dedup.readers.decode import MARKS
from dedup.readers.discover import ending
from dedup.readers.exact import BEGIN, exact_article, is_exact
from dedup.readers.exact import MAX_BYTES as MAX_EXACT
from dedup.readers.fields import (
    Record,
    dates_of,
    make_article,
    order_dates,
    read_record,
    value_at,
)
from dedup.readers.json_values import Repeated, explain_repeated, parse_json, parse_plainly
from dedup.readers.ninjs import is_ninjs, ninjs_article
from dedup.readers.options import Options
from dedup.readers.problem import Note, Outcome, Problem, group_problems, problem_from
from dedup.readers.services import mark_cut, translate, unwrap_list
from dedup.readers.text import MAX_BYTES
from dedup.readers.values import preview

LINES = (".jsonl", ".ndjson", ".jsonlines")
CHUNK = 1 << 16
BETWEEN = re.compile(r"[\s,\[\]]*")  # what stands between the records of a list
SURROGATE = re.compile("[\ud800-\udfff]")
SURROGATE_ESCAPE = re.compile(r"\\u[dD]")  # in JSON


def looks_like_records(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a JSON record or a list of them."""
    head = head.removeprefix(codecs.BOM_UTF8)
    return re.match(rb'\s*(\{\s*["}]|\[\s*[{\]])', head) is not None


def read_records(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """The articles in `stream` and its problems.

    A record without an id is called ``name:line``, in a list ``name:place``, and `name` itself
    if it is all that a .json file holds.
    """
    return group_problems(read_all_records(stream, path, name, options), path, options.strict)


def read_all_records(stream: BinaryIO, path: str, name: str, options: Options) -> Iterator[Outcome]:
    """What `read_records` gives, with each problem by itself."""
    damage: list[Problem] = []

    def split_whole() -> Iterator[Record]:
        try:
            yield from split_records(stream, path)
        except OSError as error:  # a compressed file, of which what comes before is read
            damage.append(problem_from(error, path, "JSON"))

    records = split_whole()
    first = list(islice(records, 2))
    if not first and not damage:
        yield Problem(path, "empty: it holds no record")
    elif len(first) == 1 and ending(path) not in LINES:
        yield from make_articles(first[0], path, name, options)
    else:
        dated = order_dates(chain(first, records), options.date_order, options.fields)
        for record, order, note in dated:
            if note:
                yield Note(path, note)
            yield from make_articles(record, path, f"{name}:{record.number}", options, order)
    yield from damage


def make_articles(
    record: Record, path: str, name: str, options: Options, order: Order | None = None
) -> Iterator[Outcome]:
    """The article in a record, or those in a service's answer that wraps a list of them."""
    order = order or options.date_order
    place, at = f"{path}:{record.line}", f" (record at byte {record.offset:,})"
    fault = record.fault
    if fault is None and not isinstance(record.value, dict):
        fault = f"not a JSON object but {preview(record.value)}"
    if fault:
        yield Problem(place, fault + at)
        return
    if record.repeated:
        yield Problem(place, explain_repeated(record.repeated) + at)
    where = {"path": path, "line": record.line, "offset": record.offset}
    chosen = options.fields.get("text")
    is_whole = chosen is not None and value_at(record.value, chosen) is not None
    parts = [] if is_whole else unwrap_list(record.value)
    if parts and order is None:
        order = learn_order(value for part in parts for value in dates_of(Record(1, 0, 1, part)))
    for number, part in enumerate(parts or [record.value], 1):
        own_name, is_ours = f"{name}:{number}" if parts else name, is_exact(part)
        if options.fields:
            make = partial(make_article, part, own_name, where, options.fields, order)
        elif is_ours:
            make = partial(exact_article, part)
        elif is_ninjs(part):
            make = partial(ninjs_article, part, own_name, where)
        else:
            make = partial(make_translated, part, own_name, where, order)
        try:
            outcomes = read_record(make, place, at)
        except Exception as error:  # of a record, which costs no other
            outcomes = [problem_from(error, place, "JSON", at)]
        for outcome in outcomes:
            yield mark_cut(outcome) if isinstance(outcome, Article) and not is_ours else outcome


def make_translated(
    record: Mapping[str, Any], name: str, where: Mapping[str, Any], order: Order | None
) -> tuple[Article, str | None]:
    """The article in a record, whichever service it is from, as `make_article` gives it."""
    return make_article(translate(record), name, where, {}, order)


def split_records(stream: BinaryIO, path: str) -> Iterator[Record]:
    """The values of a file: line by line where each line is one, else one after the other."""
    head = stream.readline(MAX_BYTES + 1)
    mark, codec = next(((m, c) for m, c in MARKS if head.startswith(m)), (b"", "utf-8-sig"))
    if codec != "utf-8-sig":
        yield Record(1, 0, 1, fault=f"encoded in {codec.upper()}; convert it to UTF-8")
        return
    head, line, offset = head.removeprefix(mark), 1, len(mark)
    while head.isspace() and len(head) <= MAX_BYTES:
        line, offset = line + 1, offset + len(head)
        head = stream.readline(MAX_BYTES + 1)
    start = head.strip()
    in_lines = ending(path) in LINES or start.endswith(b"}")
    if in_lines and not start.startswith(b"["):
        yield from records_by_line(stream, head, line, offset)
    else:
        yield from records_by_value(stream, head, line, offset)


def records_by_line(stream: BinaryIO, data: bytes, line: int, offset: int) -> Iterator[Record]:
    """A value for each line, from the line `data` on."""
    while data:
        limit = MAX_BYTES
        if len(data) > limit and data.startswith(BEGIN) and not data.endswith(b"\n"):
            limit += MAX_EXACT
            data += stream.readline(MAX_EXACT)
        size = len(data)
        if size > limit and not data.endswith(b"\n"):
            while data and not data.endswith(b"\n"):
                data = stream.readline(CHUNK)
                size += len(data)
            yield Record(line, offset, line, fault=explain_too_long(size))
        elif not data.isspace():
            yield parse_line(data, line, offset)
        data, line, offset = stream.readline(MAX_BYTES + 1), line + 1, offset + size


def parse_line(data: bytes, line: int, offset: int) -> Record:
    """The value of one line: by orjson, and whatever it does not take or may round, by json."""
    try:
        if data.startswith(BEGIN):
            value, repeated = parse_plainly(data)
            return Record(line, offset, line, value, repeated=repeated)
        value, repeated = parse_json(data)
        if type(value) is dict and float not in map(type, value.values()):
            return Record(line, offset, line, value, repeated=repeated)
    except (ValueError, RecursionError):
        pass
    try:
        source = data.decode("utf-8")
        value, repeated = parse_plainly(source)
        value = replace_surrogates(value, source)
        return Record(line, offset, line, value, repeated=repeated)
    except UnicodeDecodeError as error:
        fault = explain_not_utf8(data[error.start], offset + error.start)
    except (ValueError, RecursionError) as error:
        fault = explain_not_json(error)
    return Record(line, offset, line, fault=fault)


def records_by_value(stream: BinaryIO, data: bytes, line: int, offset: int) -> Iterator[Record]:
    """Values one after the other, or the members of a list, each as soon as it is whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    repeated = Repeated()
    parse = json.JSONDecoder(object_pairs_hook=repeated).raw_decode
    rest, number, fault = "", 1, ""  # `rest` begins at `offset`, in `line`
    while True:
        undecoded = ""
        try:
            rest += decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            rest += error.object[: error.start].decode("utf-8")
            undecoded = explain_not_utf8(error.object[error.start], offset + len(rest.encode()))
        done = 0
        while True:
            between = BETWEEN.match(rest, done)
            begin = between.end() if between else done
            line, offset = advance(rest[done:begin], line, offset)
            repeated.clear()  # of a value that was not whole
            try:
                value, end = parse(rest, begin)
                value = replace_surrogates(value, source := rest[begin:end])
            except (ValueError, RecursionError) as error:
                fault = explain_not_json(error, begin)
                break
            yield Record(line, offset, number, value, repeated=tuple(repeated))
            line, offset = advance(source, line, offset)
            done, number = end, number + 1
        rest = rest[begin:]
        too_long = len(rest) > MAX_BYTES
        if undecoded or too_long or (rest and not data):
            fault = undecoded or (explain_too_long(len(rest)) if too_long else fault)
            yield Record(line, offset, number, fault=f"{fault}; the rest of the file is skipped")
            return
        if not data:
            return
        data = stream.read(max(CHUNK, len(rest)))  # doubled, so a long value is parsed seldom


def advance(text: str, line: int, offset: int) -> tuple[int, int]:
    """The line and the byte offset at the end of `text`, given those of its begin."""
    return line + text.count("\n"), offset + len(text.encode())


def replace_surrogates(value: Any, source: str) -> Any:
    """The value with U+FFFD for every lone surrogate that its `source` escapes."""
    if not SURROGATE_ESCAPE.search(source):
        return value
    return json.loads(SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False)))


def explain_too_long(size: int) -> str:
    limit = MAX_BYTES / 1e6
    return f"a record of {size / 1e6:,.0f} MB or more; the limit for one article is {limit:,.0f} MB"


def explain_not_utf8(byte: int, offset: int) -> str:
    return f"not valid UTF-8: byte {offset:,} is 0x{byte:02X}; convert the file to UTF-8"


def explain_not_json(error: Exception, begin: int = 0) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON: {error.msg} at character {error.pos - begin + 1:,} of the record"
    return f"not valid JSON: {error}"
