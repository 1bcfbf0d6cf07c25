"""Clock: how much a difference between two publication dates proves.

A date may be that of an update, lack its time zone, or be a day without an hour. So the longer a
difference, the more it is believed, but never wholly: the order is wrong with probability
½ · ((1 − DOUBTFUL) · e^(−difference ÷ unit) + DOUBTFUL · e^(−difference ÷ a day)) + NEVER_SURE,
where the unit is how exactly the two dates can be compared. `clock_doubt` says how many dates of
a cluster contradict its wording.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from math import copysign, exp, log

from dedup.article import Article

# Assumed, not measured: no open set has dates and the true times. Three pairs in ten have a
# date that is hours or a day off; no difference proves more than 50 to 1. How far to trust
# the whole is the weight of the signal, which is fitted.
DOUBTFUL = 0.3
NEVER_SURE = 0.02
DAY = 24.0  # hours
# How exactly two dates can be compared, in hours.
MOMENTS = 0.1  # both to the minute: agencies and their takers are minutes apart
ZONE_UNKNOWN = 4.0  # one of them without a zone
DAYS = 12.0  # one of them without an hour


def precedence(earlier: Article, later: Article) -> float:
    """The log-odds that `earlier` was published before `later`; 0 where nothing is known.

    >>> one = Article("a", "…", published="2025-03-28T10:00")
    >>> other = Article("b", "…", published="2025-03-29T10:00")
    >>> round(precedence(one, other), 1), round(precedence(other, one), 1)
    (2.5, -2.5)
    """
    hours = hours_between(earlier, later)
    if not hours:
        return 0.0
    one, other, unit = earlier.published, later.published, DAYS
    if isinstance(one, datetime) and isinstance(other, datetime):
        unit = MOMENTS if (one.tzinfo is None) == (other.tzinfo is None) else ZONE_UNKNOWN
    far = abs(hours)
    unsure = (1 - DOUBTFUL) * exp(-far / unit) + DOUBTFUL * exp(-far / DAY)
    wrong = (0.5 - NEVER_SURE) * unsure + NEVER_SURE
    return copysign(log((1 - wrong) / wrong), hours)


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
    one, other = earlier.published, later.published
    if not isinstance(one, date) or not isinstance(other, date):
        return 0.0
    if isinstance(one, datetime) and isinstance(other, datetime):
        first, second = (time if time.tzinfo else time.replace(tzinfo=UTC) for time in (one, other))
        return (second - first).total_seconds() / 3600
    days = [day.date() if isinstance(day, datetime) else day for day in (one, other)]
    return (days[1] - days[0]).days * 24.0
