"""`dedup check`: one draft against what there is, from the command line.

Comes in: a draft and where to look. Goes out: what of it comes from where, and whether that is
credited, on stdout and as a page. `verdict_against` turns what `--against` names into a verdict;
all else is the same for whatever it names.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli.options import (
    DateField,
    EncoderName,
    Encoding,
    ExitCode,
    FastExtract,
    Html,
    IdField,
    LanguageField,
    LeastWords,
    Output,
    PublisherField,
    Strict,
    TextField,
    Threads,
    TitleField,
    UrlField,
    WithFurniture,
    WithoutQuotations,
)
from dedup.cli.output import FILE_WIDTH, deliver, deliver_page, format_for, page_size
from dedup.cli.reading import named, only_article, reading_of
from dedup.cli.speech import ERROR, REUSE_FOUND, handle_errors, tell_reading

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.pipeline import Verdict
    from dedup.readers import Reading


class CheckFormat(StrEnum):
    """How a verdict can be told."""

    terminal = "terminal"
    json = "json"
    html = "html"


def check(
    draft: Annotated[
        str, typer.Argument(metavar="DRAFT", help="The text to check; - reads stdin.")
    ],
    against: Annotated[
        list[str],
        typer.Option(
            "--against",
            metavar="PATH|INDEX",
            help="Articles that it may come from: files, folders, globs, an index. May be given "
            "again.",
        ),
    ],
    format: Annotated[
        CheckFormat | None, typer.Option("--format", help="Default: terminal.")
    ] = None,
    output: Output = None,
    html: Html = None,
    strict: Strict = False,
    exit_code: ExitCode = False,
    encoding: Encoding = "utf-8",
    fast_extract: FastExtract = False,
    text_field: TextField = None,
    id_field: IdField = None,
    title_field: TitleField = None,
    url_field: UrlField = None,
    publisher_field: PublisherField = None,
    date_field: DateField = None,
    language_field: LanguageField = None,
    encoder: EncoderName = "auto",
    threads: Threads = None,
    without_quotations: WithoutQuotations = False,
    with_furniture: WithFurniture = False,
    least_words: LeastWords = 0,
) -> None:
    """Check a draft: what in it comes from where, and is it credited?"""
    if draft == "-" and "-" in against:
        raise typer.BadParameter("only one of DRAFT and --against can be stdin")
    chosen = CheckFormat(format or format_for(output, CheckFormat))

    def reads(paths: Sequence[str]) -> "Reading":
        return reading_of(
            paths, strict, encoding, fast_extract, threads,
            text=text_field, id=id_field, title=title_field, url=url_field,
            publisher=publisher_field, date=date_field, language=language_field,
        )  # fmt: skip

    with handle_errors():
        from dedup.align import Counting
        from dedup.report import render_verdict

        # Named as it was typed: an article of a folder goes by its stem, and may have the same.
        checked = replace(only_article(draft, encoding), id="draft" if draft == "-" else draft)
        verdict, failed = verdict_against(checked, against, reads, named(encoder))
        counting = Counting(not without_quotations, with_furniture, least_words)
        if html:
            deliver_page(render_verdict(verdict, "html", counting=counting), html)
        page = chosen is CheckFormat.terminal
        width, color = page_size(output) if page else (FILE_WIDTH, False)
        told = render_verdict(verdict, chosen.value, width=width, color=color, counting=counting)
        deliver(told, output, page)
        if failed:
            raise typer.Exit(ERROR)
        if exit_code and verdict.matches:
            raise typer.Exit(REUSE_FOUND)


def verdict_against(
    draft: "Article",
    against: Sequence[str],
    reads: "Callable[[Sequence[str]], Reading]",
    encoder: str | None,
) -> "tuple[Verdict, bool]":
    """The verdict on a draft against what `--against` names, files (which `reads` opens) and
    indexes; whether any of that failed to be read. What is the draft itself is passed over."""
    from dedup.index import is_index_address
    from dedup.pipeline import check as check_draft

    places = [one for one in against if is_index_address(one)]
    paths = [one for one in against if one not in places]
    found = [_asked(draft, place) for place in dict.fromkeys(places)]
    failed = False
    if paths or not places:
        reading = reads(paths)
        found.insert(0, check_draft(draft, _others(reading, draft), encoder=encoder))
        tell_reading(reading)
        failed = bool(reading.failed)
    if len(found) == 1:
        return found[0], failed
    candidates = {one.id: one for verdict in reversed(found) for one in verdict.candidates}
    ranked = sorted(candidates.values(), key=lambda one: (-one.resemblance, one.id))
    return replace(found[0], candidates=tuple(ranked)), failed


def _asked(draft: "Article", place: str) -> "Verdict":
    """What an index has of the draft, but for the draft itself."""
    from dedup.index import Index

    with Index(place, readonly=True) as index:
        verdict = index.check(draft)
    own = {article.id for article in _others((c.article for c in verdict.candidates), draft)}
    return replace(verdict, candidates=tuple(c for c in verdict.candidates if c.id in own))


def _others(articles: "Iterable[Article]", draft: "Article") -> "Iterator[Article]":
    """The articles, but for those that were read from the draft's own file."""
    own = Path(draft.id).resolve() if draft.id != "draft" else None
    for article in articles:
        path = article.extra.get("path")
        if own is None or path is None or Path(str(path)).resolve() != own:
            yield article
