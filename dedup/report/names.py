"""What every report calls an article, and what it says an article or a cluster is about.

Texts of articles come out safe to show on one line.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

import regex

from dedup.article import Article
from dedup.attribution import canonical_name
from dedup.attribution.outlets import find_outlet_by_host, host_of
from dedup.phrasing import shorten
from dedup.pipeline import Cluster
from dedup.text.layout import lay_out
from dedup.text.words import split_words

MAX_NAME = 80  # characters
MAX_OPENING = 180
OPENING_WITHIN = 2_000  # characters in which an article's first news is looked for
MIN_COMMON = 0.5  # of a headline's words, those that stand at the beginning of others too
MAX_COMPARED = 12  # articles of a cluster in which its headline is looked for
MIN_OPENING_WORDS = 6  # a shorter line is more likely navigation than news
# A capital behind another word: a name. "Tap here to get the news sent to you" has none.
NAMES_SOMETHING = regex.compile(r"\p{L}[^\p{L}.!?]+\p{Lu}")
HEADING_MARKS = regex.compile(r"(?:^|(?<=\s))#{1,6}\s+")  # Markdown's


def opening(article: Article) -> str:
    """The title; without one the first paragraph that reads like news rather than navigation."""
    if article.title and article.title.strip():
        return shorten(article.title, MAX_OPENING)
    text = article.text[:OPENING_WITHIN]
    blocks = [text[b.begin : b.end] for b in lay_out(text) if b.form != "furniture"]
    naming = filter(reads_like_news, filter(NAMES_SOMETHING.search, blocks))
    best = next(chain(naming, filter(reads_like_news, blocks), blocks), "")
    return shorten(HEADING_MARKS.sub("", best), MAX_OPENING)


def reads_like_news(paragraph: str) -> bool:
    """Whether a paragraph has the length of a sentence."""
    return len(split_words(paragraph)) >= MIN_OPENING_WORDS


def cluster_headline(cluster: Cluster, articles: Mapping[str, Article]) -> str:
    """What the articles of a cluster are about: the first opening whose words others have too.

    The opening of one may be a caption or the weather beside the story. An article that is
    missing is called by its id.
    """
    known = [articles[id] for id in cluster.members if id in articles][:MAX_COMPARED]
    begins = [split_words(article.text[:OPENING_WITHIN]).forms() for article in known]
    openings = [opening(article) for article in known]
    for place, line in enumerate(openings):
        words = set(split_words(line).forms())
        others = set(chain.from_iterable(begins[:place] + begins[place + 1 :]))
        if words and len(words & others) >= MIN_COMMON * len(words):
            return line
    return next(filter(None, openings), cluster.members[0])


def publisher_name(article: Article) -> str:
    """The publisher as given or as the address has it; empty where neither is known."""
    name = article.publisher or (host_of(article.url) if article.url else "")
    return shorten(canonical_name(name), MAX_NAME)


def article_name(article: Article) -> str:
    """What to call an article: its publisher, its title or its id."""
    outlet = find_outlet_by_host(article.url) if article.url and not article.publisher else None
    publisher = outlet.name if outlet else canonical_name(article.publisher or "")
    return shorten(publisher or article.title or "", MAX_NAME) or article.id


def article_names(articles: Iterable[Article]) -> dict[str, str]:
    """What to call each of the articles of one page, by id."""
    return disambiguate({article.id: article_name(article) for article in articles})


def disambiguate(names: Mapping[str, str]) -> dict[str, str]:
    """Names of articles by id; where two would have one name, the id stands behind it."""
    uses = Counter(names.values())
    return {
        id: name if uses[name] == 1 or name == id else f"{name} ({id})"
        for id, name in names.items()
    }
