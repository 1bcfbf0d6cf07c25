"""What the processes of a server do: check, compare, align and read, and lay out what they found.

Each task is a function of the same name; what it gives is ready to be sent. Other people's files
are opened here and nowhere else in a server, by `dedup.readers`, which has them read by a process
of its own.
"""

import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from dedup.align import COUNT_EVERYTHING, align, recount
from dedup.article import Article
from dedup.embed import Encoder, find_encoder
from dedup.errors import InputError
from dedup.index import MAX_COMPARED, Index
from dedup.pipeline import check, compare
from dedup.pipeline.findings import add_up
from dedup.processes import send, set_limit
from dedup.processes.workers import can_send, open_pipes
from dedup.readers import read
from dedup.report.html import alignment_page, findings_page
from dedup.report.html.page import Page
from dedup.report.json import alignment_json, answer_to_json, dump, findings_json, report_json
from dedup.report.view import Answer
from dedup.serve.settings import MAX_MEMORY, Settings

MAX_READ = 10_000  # articles of one upload
MAX_NAME = 120  # characters of a file's name


class Output(NamedTuple):
    """What a task found: as JSON, as a page, or both, as was asked for."""

    json: str
    page: Page | None


class Upload(NamedTuple):
    """The articles of a file, and what could not be read."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Tools:
    """What a process opens once."""

    settings: Settings

    @cached_property
    def encoder(self) -> Encoder | None:
        """What compares across languages, where that is installed."""
        encoder: Encoder | None = find_encoder(self.settings.encoder)
        return encoder

    @cached_property
    def index(self) -> Index:
        """The index, to read from."""
        return Index(self.settings.index, readonly=True, encoder=self.encoder)


def warm_up(tools: Tools) -> None:
    """Load what the first draft would have to wait for."""
    tools.index.check(Article("draft", "The minister resigned on Friday over the pension row."))
    texts = ["The minister resigned on Friday over the missing millions of the pension fund."] * 2
    wire, copy = (Article(id, text) for id, text in zip("ab", texts, strict=True))
    findings_json(add_up(check(wire, [copy], encoder=None)))


def check_draft(
    tools: Tools,
    draft: Article,
    against: Sequence[Article] | None = None,
    window: Mapping[str, Any] | None = None,
    shows: bool = False,
) -> Output:
    """What a draft has from the index, or from these articles: the document of `dedup check`."""
    if against is None:
        verdict = tools.index.check(draft, **{"limit": MAX_COMPARED, **(window or {})})
    else:
        verdict = check(draft, against, encoder=tools.encoder)
    findings = add_up(verdict)
    return Output(findings_json(findings), findings_page(findings) if shows else None)


def answer_article(tools: Tools, article: Article) -> str:
    """What the index has of an article, in brief: the answer of `dedup index check`."""
    return dump(answer_to_json(Answer(tools.index.check(article))))


def compare_articles(tools: Tools, articles: Sequence[Article]) -> Output:
    """Which of the articles share a source text: the document of `dedup report`."""
    result = compare(articles, encoder=tools.encoder, threads=1)
    return Output("".join(report_json(result)), None)


def align_articles(
    tools: Tools, source: Article, derivative: Article, shows: bool = False
) -> Output:
    """What one article has from another: the document of `dedup align`."""
    alignment = recount(align(source, derivative, encoder=tools.encoder), COUNT_EVERYTHING)
    page = alignment_page(alignment, source, derivative) if shows else None
    return Output(alignment_json(alignment), page)


def read_upload(tools: Tools, file: str, content: bytes) -> Upload:
    """The articles of a file that somebody sent, read as files on the disk are."""
    name = Path(file.replace("\\", "/")).name.replace("\x00", "")[-MAX_NAME:].lstrip(".")
    name = "".join(sign if sign.isprintable() and sign not in '*?[]<>:|"' else "_" for sign in name)
    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        path = Path(folder, name or "upload.txt")
        path.write_bytes(content)
        reading = read([path])
        articles = list[Article]()
        for article in reading:
            if len(articles) == MAX_READ:
                raise InputError(f"{name}: has more than {MAX_READ:,} articles; send it in parts")
            extra = {**article.extra, "path": name}
            articles.append(replace(article, extra=extra))
        problems = [str(problem).replace(f"{folder}/", "") for problem in reading.problems]
    return Upload(tuple(articles), tuple(problems))


TASKS: Mapping[str, Callable[..., Any]] = {
    task.__name__: task
    for task in (
        warm_up, check_draft, answer_article, compare_articles, align_articles, read_upload,
    )
}  # fmt: skip


def main() -> None:
    """Do the tasks that come from standard input until it ends."""
    tasks, answers = open_pipes()
    set_limit("RLIMIT_AS", MAX_MEMORY)
    tools = Tools(tasks.get())
    while True:
        task = tasks.get()
        answer: tuple[Exception | None, Any]
        try:
            answer = (None, TASKS[task.name](tools, **task.arguments))
        except Exception as error:
            answer = (error if can_send(error) else RuntimeError(type(error).__name__), None)
            if not isinstance(error, InputError):
                print(f"dedup: {describe_error(error)}", file=sys.stderr)
        send(answers, answer)


def describe_error(error: BaseException) -> str:
    """An error by its kind and place, without its words, which may be an article's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
