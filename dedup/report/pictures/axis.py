"""Where a moment stands on a time axis, and which ticks to write over it.

Ticks come in steps that people count in: minutes, hours, days, months, years. All times are in
UTC. Seconds are counted from the year 1, so that no date of the calendar is out of range.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dedup.report.view import MONTHS

MINUTE, HOUR, DAY, MONTH = 60.0, 3600.0, 86_400.0, 30.44 * 86_400
STEPS = tuple(
    minutes * MINUTE
    for minutes in (2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7 * 1440, 14 * 1440)
)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000, 24_000)
MIN_LENGTH = 10 * MINUTE
MARGIN = 0.04  # of the axis at either end
FIRST, LAST = DAY, date.max.toordinal() * DAY + DAY  # what the calendar has
TICK = 92.0  # pixels for a tick's label


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the axis: its label, and a second line where the day or year changes."""

    seconds: float
    label: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """Time from `begin` to `end` (seconds) over the pixels from `left` to `right`."""

    begin: float
    end: float
    left: float
    right: float

    @classmethod
    def over(cls, spans: Iterable[tuple[float, float]], left: float, right: float) -> "Axis":
        """An axis that has all `spans`, with some room at either end."""
        begins, ends = zip(*spans, strict=True)
        begin, end = min(begins), max(ends)
        room = max((end - begin) * MARGIN, (MIN_LENGTH - (end - begin)) / 2)
        return cls(max(begin - room, FIRST), min(end + room, LAST), left, right)

    def at(self, seconds: float) -> float:
        """The pixel of a moment."""
        part = (seconds - self.begin) / (self.end - self.begin)
        return round(self.left + part * (self.right - self.left), 2)

    def ticks(self) -> list[Tick]:
        """The finest ticks for whose labels there is room."""
        length, room = self.end - self.begin, max(1, int((self.right - self.left) / TICK))
        for step in STEPS:
            if length / step <= room:
                return list(self._even(step))
        months = (months for months in MONTH_STEPS if length / (months * MONTH) <= room)
        return list(self._months(next(months, MONTH_STEPS[-1])))

    def _even(self, step: float) -> Iterator[Tick]:
        seconds = step * -(-self.begin // step)
        previous = ""
        while seconds <= self.end and seconds < LAST:
            days, rest = divmod(seconds, DAY)
            moment = datetime.fromordinal(int(days)) + timedelta(seconds=rest)
            label, below = f"{moment.day} {MONTHS[moment.month - 1][:3]}", str(moment.year)
            if step < DAY:
                label, below = f"{moment:%H:%M}", f"{label} {below}"
            yield Tick(seconds, label, below if below != previous else "")
            previous = below
            seconds += step

    def _months(self, step: int) -> Iterator[Tick]:
        start = date.fromordinal(int(self.begin // DAY))
        month = -(-(start.year * 12 + start.month - 1) // step) * step
        previous = ""
        while month // 12 <= date.max.year:
            first = date(month // 12, month % 12 + 1, 1)
            seconds, year = first.toordinal() * DAY, str(first.year)
            if seconds > self.end:
                return
            if seconds >= self.begin:
                if step < 12:
                    label = MONTHS[first.month - 1][:3]
                    yield Tick(seconds, label, year if year != previous else "")
                else:
                    yield Tick(seconds, year)
                previous = year
            month += step


def time_span(when: date | str | None) -> tuple[float, float] | None:
    """When an article appeared, in seconds since the year 1: a moment twice, or a whole day.

    >>> begin, end = time_span(date(2025, 3, 28))
    >>> end - begin
    86400.0
    """
    if isinstance(when, datetime):
        if when.tzinfo:
            with suppress(OverflowError):  # in the first or last hours that the calendar has
                when = when.astimezone(UTC)
        into = when.hour * HOUR + when.minute * MINUTE + when.second
        return (seconds := when.toordinal() * DAY + into), seconds
    if isinstance(when, date):
        return when.toordinal() * DAY, (when.toordinal() + 1) * DAY
    return None
