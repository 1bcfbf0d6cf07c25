"""Clock: how much a difference between two publication dates proves.

A date may be that of an update, lack its time zone, or be a day without an hour. So the longer a
difference, the more it is believed, but never wholly: the order is wrong with probability
½ · ((1 − DOUBTFUL) · e^(−difference ÷ unit) + DOUBTFUL · e^(−difference ÷ a day)) + NEVER_SURE,
where the unit is how exactly the two dates can be compared. A date of a change only says that an
article is no younger; a stamp that nobody set, and one that lies years from the other, say
nothing. `clock_doubt` says how many dates of a cluster contradict its wording.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import copysign, exp, log

from dedup.article import Article
from dedup.readers.dates import ANYWHERE, read_date

# Assumed, not measured: no open set has dates and the true times. Three pairs in ten have a
# date that is hours or a day off; no difference proves more than 50 to 1. How far to trust
# the whole is the weight of the signal, which is fitted.
DOUBTFUL = 0.3
NEVER_SURE = 0.02
DAY = 24.0  # hours
# How exactly two dates can be compared, in hours.
MOMENTS = 0.1  # both to the minute: agencies and their takers are minutes apart
ZONES_UNKNOWN = 1.0  # both without a zone, which is mostly the same
ZONE_UNKNOWN = 4.0  # one of them without a zone
DAYS = 12.0  # one of them without an hour
# News is retold within days. What lies further off was stamped by a clock that was never set,
# or will come: 18 months in hours.
MAX_APART = 13_000.0
# Where clocks, file systems and spreadsheets begin.
NEVER_SET = frozenset(
    date.fromisoformat(day)
    for day in ("1900-01-01", "1969-12-31", "1970-01-01", "1980-01-01", "2000-01-01")
)
CHANGED = re.compile(r"(?i)modif|updat|chang")  # a field whose date is that of a change


def precedence(earlier: Article, later: Article) -> float:
    """The log-odds that `earlier` was published before `later`; 0 where nothing is known.

    >>> one = Article("a", "…", published="2025-03-28T10:00Z")
    >>> other = Article("b", "…", published="2025-03-29T10:00Z")
    >>> round(precedence(one, other), 1), round(precedence(other, one), 1)
    (2.5, -2.5)
    """
    return weigh(hours_between(earlier, later), precision(earlier, later))


def weigh(hours: float, unit: float) -> float:
    """The log-odds that a difference says which of two was first, compared by `unit` hours."""
    if not hours:
        return 0.0
    far = abs(hours)
    unsure = (1 - DOUBTFUL) * exp(-far / unit) + DOUBTFUL * exp(-far / DAY)
    wrong = (0.5 - NEVER_SURE) * unsure + NEVER_SURE
    return copysign(log((1 - wrong) / wrong), hours)


def precision(one: Article, other: Article) -> float:
    """How exactly the dates of two articles can be compared, in hours."""
    first, second = publication(one), publication(other)
    if not (isinstance(first, datetime) and isinstance(second, datetime)):
        return DAYS
    zoned = (first.tzinfo is not None) + (second.tzinfo is not None)
    return (ZONES_UNKNOWN, ZONE_UNKNOWN, MOMENTS)[zoned]


def publication(article: Article) -> date | None:
    """When an article was published: a day where it is midnight sharp, as whoever knows only
    the day writes it; None where nobody set the stamp, or where it is any date of a page."""
    stamp = article.published
    if not isinstance(stamp, date):
        return None
    if article.extra.get("dated_by") == ANYWHERE:
        return None
    if isinstance(stamp, datetime) and not (stamp.hour or stamp.minute or stamp.second):
        stamp = stamp.date()
    day = stamp.date() if isinstance(stamp, datetime) else stamp
    is_midnight = not isinstance(stamp, datetime)
    return None if day in NEVER_SET and (is_midnight or day.year < 1980) else stamp


def is_changed(article: Article) -> bool:
    """Whether the date of an article is that of a change, so that it may be older."""
    return CHANGED.search(str(article.extra.get("dated_by") or "")) is not None


def version_hours(one: Article, other: Article) -> float:
    """Hours from one version of a page to the other; 0 where they are unknown."""
    first, second = (read_date(article.extra.get("modified")) for article in (one, other))
    hours = _difference(first, second) if first and second else 0.0
    return hours or hours_between(one, other)


def clock_doubt(articles: Sequence[Article], likeness: Mapping[tuple[int, int], float]) -> float:
    """The share of the closest ties that run against the dates, followed from the oldest
    article (Prim's spanning tree). One tie that does not is added, so that little is doubted
    where there are few.

    `likeness[u, v]` (u < v) says how close two articles are. 0 where no date is known, and
    for two articles, which cannot contradict each other.
    """
    dated = [v for v, article in enumerate(articles) if article.published is not None]
    if len(dated) < 3:
        return 0.0
    near: dict[int, dict[int, float]] = {v: {} for v in dated}
    for (u, v), alike in likeness.items():
        if u in near and v in near:
            near[u][v] = near[v][u] = alike
    oldest = dated[0]
    for v in dated[1:]:
        if hours_between(articles[v], articles[oldest]) > 0:
            oldest = v
    ties = against = 0
    best = {v: (alike, oldest) for v, alike in near[oldest].items()}
    inside = {oldest}
    while best:
        v = max(sorted(best), key=lambda w: best[w][0])
        _, u = best.pop(v)
        inside.add(v)
        hours = hours_between(articles[u], articles[v])
        ties += bool(hours)
        against += hours < 0
        for w, alike in near[v].items():
            if w not in inside and (w not in best or alike > best[w][0]):
                best[w] = (alike, v)
    return against / (ties + 1)  # one tie alone proves little


def hours_between(earlier: Article, later: Article) -> float:
    """Hours from one publication to the other; 0 where they are unknown or on one day of
    which the hour is not known."""
    one, other = publication(earlier), publication(later)
    hours = _difference(one, other) if one and other else 0.0
    # An article that was changed then may have been there before.
    unknown = is_changed(later) if hours > 0 else is_changed(earlier)
    return 0.0 if unknown or abs(hours) > MAX_APART else hours


def _difference(one: date, other: date) -> float:
    """Hours between two dates, whole days where of one the hour is not known."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        first, second = (time if time.tzinfo else time.replace(tzinfo=UTC) for time in (one, other))
        return (second - first).total_seconds() / 3600
    days = [day.date() if isinstance(day, datetime) else day for day in (one, other)]
    return (days[1] - days[0]).days * 24.0
