"""Axis: where a moment stands, and which ticks to write over it.

Comes in: spans of time, in seconds, and the pixels there are for them. Goes out: a `Scale`:
positions, and ticks in steps that people count in: minutes, hours, days, months, years. Where
nothing happened for most of the time (a story of one day, told again years later) the axis is
broken, so that the day can still be read; each of its pieces has ticks of its own. It knows no
zone but UTC.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from dedup.report.pictures.kinship import MONTHS, in_utc

MINUTE, HOUR, DAY, MONTH = 60.0, 3600.0, 86_400.0, 30.44 * 86_400
STEPS = (  # in minutes; months and years, which differ in length, come after
    1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2 * 1440, 7 * 1440, 14 * 1440,
)  # fmt: skip
MONTH_STEPS = (1, 2, 3, 6)
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
START = datetime(1, 1, 1, tzinfo=UTC)
LEAST = 10 * MINUTE  # an axis is no shorter
MARGIN = 0.04  # of the axis at either end
FIRST, LAST = 1, 9999  # years that the calendar has
EMPTY = 4.0  # times longer than all the rest of the axis: a gap that breaks it
MOST_BREAKS = 3
BREAK = 48.0  # pixels between two pieces
LEAST_PIECE = 130.0  # pixels of a piece
TICK = 92.0  # pixels for a tick's label


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis: its label, and a second line where the day or year changes."""

    seconds: float
    label: str
    below: str = ""


def span(when: date | str | None) -> tuple[float, float] | None:
    """When an article appeared, in seconds since the year 1: a moment twice, or a whole day.

    >>> begin, end = span(date(2025, 3, 28))
    >>> end - begin
    86400.0
    """
    if isinstance(when, datetime):
        moment = in_utc(when)
        into = moment.hour * HOUR + moment.minute * MINUTE + moment.second
        seconds = moment.toordinal() * DAY + into
        return seconds, seconds
    if isinstance(when, date):
        return when.toordinal() * DAY, (when.toordinal() + 1) * DAY
    return None


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from `begin` to `end`, in seconds since the year 1."""

    begin: float
    end: float

    @classmethod
    def over(cls, spans: list[tuple[float, float]]) -> "Axis":
        """An axis that has all `spans`, with some room at either end."""
        begin, end = min(b for b, _ in spans), max(e for _, e in spans)
        room = max((end - begin) * MARGIN, (LEAST - (end - begin)) / 2)
        return cls(begin - room, end + room)

    def at(self, seconds: float) -> float:
        """Where a moment stands, from 0 to 1."""
        return (seconds - self.begin) / (self.end - self.begin)

    def ticks(self, most: int) -> list[Tick]:
        """The finest ticks that are about `most` or fewer, and at least one."""
        coarser = [number for number in (*MONTH_STEPS, *(12 * years for years in YEAR_STEPS))
                   if (self.end - self.begin) / (number * MONTH) <= most]  # fmt: skip
        for step in STEPS:
            if (self.end - self.begin) / (step * MINUTE) <= most:
                ticks = list(self._even(step * MINUTE))
                return ticks or self._half(step)
        for number in coarser or [12 * YEAR_STEPS[-1]]:
            if ticks := list(self._months(number)):
                return ticks
        return [Tick(self.begin, str((_moment(self.begin) or START).year))]

    def _half(self, step: int) -> list[Tick]:
        """One tick, of the finest step that has one: no coarser one falls on the axis."""
        finer = reversed([other for other in STEPS if other < step])
        return next(([tick] for other in finer for tick in self._even(other * MINUTE)), [])

    def _even(self, step: float) -> Iterator[Tick]:
        whole = step * -(-self.begin // step)
        previous = ""
        while whole <= self.end:
            moment = _moment(whole)
            if moment is None:
                return
            day = f"{moment.day} {MONTHS[moment.month - 1]}"
            if step < DAY:
                label, below = f"{moment:%H:%M}", f"{day} {moment.year}"
            else:
                label, below = day, str(moment.year)
            yield Tick(whole, label, below if below != previous else "")
            previous = below
            whole += step

    def _months(self, number: int) -> Iterator[Tick]:
        start = _moment(self.begin) or START
        month = -(-(start.year * 12 + start.month - 1) // number) * number
        previous = ""
        while FIRST <= month // 12 <= LAST:
            seconds = date(month // 12, month % 12 + 1, 1).toordinal() * DAY
            if seconds > self.end:
                return
            year = str(month // 12)
            if seconds >= self.begin:
                if number < 12:
                    yield Tick(seconds, MONTHS[month % 12], year if year != previous else "")
                else:
                    yield Tick(seconds, year)
                previous = year
            month += number


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis in one or more pieces, each with the pixels from which to which it goes."""

    pieces: tuple[tuple[Axis, float, float], ...]

    @classmethod
    def over(cls, spans: Iterable[tuple[float, float]], left: float, right: float) -> "Scale":
        """A scale from `left` to `right` that has all `spans`."""
        axes = [Axis.over(group) for group in _groups(sorted(spans))]
        room = right - left - BREAK * (len(axes) - 1)
        whole = sum(axis.end - axis.begin for axis in axes)
        widths = [max((axis.end - axis.begin) / whole * room, LEAST_PIECE) for axis in axes]
        widest = widths.index(max(widths))
        widths[widest] -= sum(widths) - room  # what the small ones were given
        pieces, x = [], left
        for axis, width in zip(axes, widths, strict=True):
            pieces.append((axis, x, x + width))
            x += width + BREAK
        return cls(tuple(pieces))

    def at(self, seconds: float) -> float:
        """The pixel of a moment."""
        axis, left, right = next((p for p in self.pieces if seconds <= p[0].end), self.pieces[-1])
        return round(left + axis.at(seconds) * (right - left), 2)

    def ticks(self) -> Iterator[tuple[float, Tick]]:
        """The ticks of all pieces with their pixels."""
        for axis, left, right in self.pieces:
            for tick in axis.ticks(max(1, int((right - left) / TICK))):
                yield self.at(tick.seconds), tick

    def breaks(self) -> list[float]:
        """The pixels at which time is left out."""
        return [left - BREAK / 2 for _, left, _ in self.pieces[1:]]


def _groups(spans: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """The spans, parted where an empty time outweighs all the rest."""
    gaps: list[tuple[float, int]] = []
    end = spans[0][1]
    for place, (begin, until) in enumerate(spans):
        gaps.append((begin - end, place))
        end = max(end, until)
    rest = end - spans[0][0]
    cuts = []
    for gap, place in sorted(gaps, reverse=True)[:MOST_BREAKS]:
        rest -= gap
        if gap <= EMPTY * max(rest, LEAST):
            break
        cuts.append(place)
    edges = [0, *sorted(cuts), len(spans)]
    return [spans[begin:end] for begin, end in pairwise(edges)]


def _moment(seconds: float) -> datetime | None:
    """The moment so many seconds after the year 1; None where the calendar has none."""
    days, rest = divmod(seconds, DAY)
    try:
        day = datetime.fromordinal(int(days)).replace(tzinfo=UTC)
        return day + timedelta(seconds=rest)
    except (ValueError, OverflowError):
        return None
