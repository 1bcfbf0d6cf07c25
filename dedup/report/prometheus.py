"""What an index holds, in the text format that Prometheus reads.

https://prometheus.io/docs/instrumenting/exposition_formats/ – a textfile collector or a web server
can hand it on as it is. All are gauges: an index can shrink.
"""

from collections.abc import Iterator

from dedup.index.records import IndexStats, moment
from dedup.index.survey import IndexSurvey

PREFIX = "dedup_index"
HELP = {
    "articles": "Articles in the index.",
    "clusters": "Clusters that are worked out.",
    "relations": "Pairs that share a source text.",
    "pending": "Candidate pairs that are not compared yet.",
    "bands": "Postings of bands, by which copies are found.",
    "terms": "Postings of rare terms, by which rewrites are found.",
    "runs": "Postings of runs of words, by which passages are found.",
    "common": "Terms of which only the last articles are kept.",
    "text_bytes": "Bytes of the texts, compressed.",
    "bytes": "Bytes in all.",
}


def index_stats_metrics(index: str, stats: IndexStats, surveyed: IndexSurvey) -> str:
    """The metrics of an index, each with its address as a label."""
    return "\n".join(metric_lines(index, stats, surveyed)) + "\n"


def metric_lines(index: str, stats: IndexStats, surveyed: IndexSurvey) -> Iterator[str]:
    """The lines of all metrics; those of which nothing is known are left out."""
    place = f'index="{escape(index)}"'

    def gauge(name: str, help: str, *samples: tuple[str, float]) -> Iterator[str]:
        if samples:
            yield f"# HELP {PREFIX}_{name} {help}"
            yield f"# TYPE {PREFIX}_{name} gauge"
        for labels, value in samples:
            yield f"{PREFIX}_{name}{{{labels}}} {value:.12g}"

    for name, help in HELP.items():
        yield from gauge(name, help, (place, getattr(stats, name)))
    for name in ("oldest", "newest"):
        when = getattr(stats, name)
        samples = [(place, seconds)] if (seconds := moment(when)) is not None else []
        help = f"When the {name} article was published, in seconds since 1970."
        yield from gauge(f"{name}_timestamp_seconds", help, *samples)
    languages = [
        (f'{place},language="{escape(code)}"', n) for code, n in surveyed.languages.items()
    ]
    yield from gauge("languages", "Languages of the last articles.", *languages)
    yield from gauge("open_seconds", "To open the index.", (place, surveyed.open_seconds))
    if surveyed.check_seconds is not None:
        help = "To find the candidates of an article, in the median."
        yield from gauge("check_seconds", help, (place, surveyed.check_seconds))


def escape(value: str) -> str:
    """The value of a label."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
