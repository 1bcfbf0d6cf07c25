"""`dedup check`: one draft against articles and indexes, from the command line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dedup.cli import console, options

if TYPE_CHECKING:
    from dedup.article import Article
    from dedup.pipeline import Verdict


def check(
    draft: Annotated[
        str, typer.Argument(metavar="DRAFT", help="The text to check; - reads stdin.")
    ],
    against: Annotated[
        list[str],
        typer.Option(
            "--against",
            metavar="PATH|INDEX",
            help="Where it may come from: files, folders, globs, an index. May be repeated.",
        ),
    ],
    *,
    format: options.AsPair = None,
    outputs: options.OutputOptions,
    exit_code: options.ExitCode = False,
    counting_options: options.CountingOptions,
    encoder: options.EncoderName = "auto",
    threads: options.Threads = None,
    reading_options: options.ReadingOptions,
) -> None:
    """Check a draft: what comes from where, and is it credited?

    Exit codes: 0 success, 1 an error, 2 wrong usage, 3 reuse found (only with --exit-code).
    """
    if draft == "-" and "-" in against:
        raise typer.BadParameter("only one of DRAFT and --against can be stdin")
    chosen = console.choose_format(format, outputs.output, options.PairFormat)
    outputs.check(chosen.value)
    with console.handle_errors():
        from dedup.index import is_index_address
        from dedup.pipeline import check as check_draft
        from dedup.report import render_verdict

        indexes = [place for place in dict.fromkeys(against) if is_index_address(place)]
        paths = [path for path in against if path not in indexes]
        reading = reading_options.read(paths, threads)
        console.protect((outputs.output, outputs.html), (draft, *against, *reading.files))
        alone = options.ReadingOptions(encoding=reading_options.encoding).read([draft])
        # Named as it was typed: an article of a folder goes by its stem, and may have the same.
        article = replace(console.only_article(alone, draft), id="draft" if draft == "-" else draft)
        verdicts = []
        if paths:
            others = without_draft(reading, article)
            verdicts.append(check_draft(article, others, encoder=encoder))
            console.say_what_was_read(reading)
        verdicts += [check_index(article, place) for place in indexes]
        verdict = merge(verdicts)
        render = partial(render_verdict, verdict, counting=counting_options.counting)
        console.write(render, chosen.value, outputs.output, outputs.html)
        outputs.show(chosen.value)
        if reading.failed:
            raise typer.Exit(console.ERROR)
        if exit_code and verdict.matches:
            raise typer.Exit(console.REUSE_FOUND)


def merge(verdicts: "Sequence[Verdict]") -> "Verdict":
    """One verdict on the draft with the candidates of all, the most similar first."""
    first, *more = verdicts
    if not more:
        return first
    candidates = {c.id: c for verdict in reversed(verdicts) for c in verdict.candidates}
    ranked = sorted(candidates.values(), key=lambda c: (-c.resemblance, c.id))
    return replace(first, candidates=tuple(ranked))


def check_index(draft: "Article", place: str) -> "Verdict":
    """Check the draft against an index, leaving out what was read from its own file."""
    from dedup.index import Index

    with Index(place, readonly=True) as index:
        verdict = index.check(draft)
    others = {other.id for other in without_draft((c.article for c in verdict.candidates), draft)}
    return replace(verdict, candidates=tuple(c for c in verdict.candidates if c.id in others))


def without_draft(articles: "Iterable[Article]", draft: "Article") -> "Iterator[Article]":
    """The articles, without those that were read from the draft's own file."""
    own = Path(draft.id).resolve() if draft.id != "draft" else None
    for article in articles:
        path = article.extra.get("path")
        if own is None or path is None or Path(str(path)).resolve() != own:
            yield article
