"""What an index is like: the languages of its articles and how quickly it answers.

Both are sampled, from the articles that were added last.
"""

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from statistics import median

from dedup.index.places import open_store
from dedup.index.records import article_of
from dedup.index.search import Searcher
from dedup.index.writer import MAX_PAIRS
from dedup.text.language import identify, shortest_code

MAX_SURVEYED = 200  # articles whose language is asked for: a tenth of a second
MAX_TIMED = 50  # articles that are looked up


@dataclass(frozen=True, slots=True)
class IndexSurvey:
    """Whether an index finds articles that share only a passage with a draft; the languages of its
    last articles (ISO 639-1) and how many have each, the most frequent first; seconds to open it,
    and in the median to find the candidates of an article, None where there is none."""

    finds_passages: bool
    languages: dict[str, int]
    open_seconds: float
    check_seconds: float | None


def survey(place: str) -> IndexSurvey:
    """Look at the last articles of the index at a place."""
    begin = time.perf_counter()
    with closing(open_store(place, readonly=True)) as store:
        opened = time.perf_counter() - begin
        searcher, times = Searcher(store), []
        with store.reading():
            rows = store.read_articles(max(store.last_id() - MAX_SURVEYED, 0), MAX_SURVEYED)
            articles = [(entry.number, article_of(entry.id, content)) for entry, content in rows]
            for number, article in articles[-MAX_TIMED:]:
                begin = time.perf_counter()
                searcher.search(searcher.fingerprint([article])[0], MAX_PAIRS, leave_out=number)
                times.append(time.perf_counter() - begin)
    languages = Counter(
        shortest_code(article.language) or identify(article.text)
        for _, article in articles
        if article.text
    )
    ranked = dict(sorted(languages.items(), key=lambda item: (-item[1], item[0])))
    return IndexSurvey(store.keeps_runs, ranked, opened, median(times) if times else None)
