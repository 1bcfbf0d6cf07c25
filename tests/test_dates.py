"""Dates: the day or the moment that a value names, or why it names none."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.dates import find_period, learn_order, needs_order, parse_date, read_date
from dedup.errors import InputError
from dedup.readers import dates as readers

EVENING = datetime(2024, 3, 5, 17, 3)
GREENWICH = EVENING.replace(tzinfo=UTC)
EASTERN = EVENING.replace(tzinfo=timezone(timedelta(hours=-5)))
BERLIN = EVENING.replace(tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mar 5, 2024 5:03 PM", EVENING),
        ("5 March 2024, 5:03 p.m.", EVENING),
        ("Updated 5:03 p.m. ET, March 5, 2024", EASTERN),
        ("Tue, 05 Mar 2024 17:03:00 EST", EASTERN),
        ("Tue Mar  5 17:03:00 UTC 2024", GREENWICH),
        ("Tue Mar  5 17:03:00 +0100 2024", BERLIN),
        ("Tue Mar 05 2024 17:03:00 GMT+0100 (Central European Standard Time)", BERLIN),
        ("2024-03-05 17:03:00 Europe/Berlin", BERLIN),
        ("2024-03-05T17:03:00+01:00[Europe/Berlin]", BERLIN),
        ("2024-03-05T17:03:00.0000001Z", GREENWICH),
        ("20240305170300", EVENING),
        ("20240305T170300Z", GREENWICH),
        ("1709658180", GREENWICH),
        (1709658180000, GREENWICH),
        ("1709658180000000", GREENWICH),
        ("/Date(1709658180000)/", GREENWICH),
        ("2024年3月5日 17時03分", EVENING),
        ("2024年3月5日 下午5:03", EVENING),
        ("2024. 3. 5. 오후 5:03", EVENING),
        ("le 5 mars 2024 à 17h03", EVENING),
        ("5 tháng 3, 2024", EVENING.date()),
        ("5 مارس 2024", EVENING.date()),
        ("५ मार्च २०२४", EVENING.date()),
        ("5 במרץ 2024", EVENING.date()),
        ("05MAR2024", EVENING.date()),
        ("13.03.24", date(2024, 3, 13)),
        ("2024/03/05", EVENING.date()),
        ("5 March 2024, noon", EVENING.date()),
    ],
)
def test_what_people_and_programs_write_is_read(written: Any, expected: date) -> None:
    """Halves of the day, zones by name, place and figure, seconds and their parts, compact forms,
    months of many languages; where a part is not understood, the day alone."""
    assert read_date(written) == expected
    assert type(read_date(written)) is type(expected)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("0000-00-00 00:00:00", "null date"),
        ("Mon, 30 Nov -0001 00:00:00 +0000", "null date"),
        ("1970-01-01T00:00:00Z", "null date"),
        (0, "null date"),
        ("3/4/2018", "may be two days"),
        ("03.04.18", "may be two days"),
        ("March 2024", "names no day"),
        ("2024", "names no day"),
        ("soon", "not a date"),
        (True, "not a date"),
    ],
)
def test_what_names_no_day_is_refused_with_a_word(written: Any, why: str) -> None:
    """What nobody set, what may be two days, a month, a word: each is told from the others."""
    assert read_date(written) is None
    with pytest.raises(InputError, match=why):
        parse_date(written)


def test_an_article_reads_its_date_as_every_reader_does() -> None:
    """`Article` takes what files have, and says what is wrong with the rest."""
    assert Article("a", "…", published="Mar 5, 2024 5:03 PM").published == EVENING
    with pytest.raises(InputError, match="may be two days"):
        Article("a", "…", published="3/4/2018")


def test_the_order_of_day_and_month_is_learned_from_dates_that_show_it() -> None:
    """One date of the 25th tells how to read 3/4; where dates contradict each other, none does."""
    assert learn_order(["3/4/2018", None, "25/4/2018", 7]) == "day"
    assert learn_order(["3/4/2018 10:00", "4/25/18"]) == "month"
    assert learn_order(["25/4/2018", "4/25/2018"]) is None
    assert learn_order(["3/4/2018"]) is None
    assert read_date("3/4/2018", "day") == date(2018, 4, 3)
    assert read_date("3/4/2018", "month") == date(2018, 3, 4)
    assert read_date("03.04.2018", "month") == date(2018, 3, 4)
    assert needs_order("3/4/2018")
    assert not any(map(needs_order, ["4/4/2018", "3/14/2018", "2018-04-03", None]))


def test_a_month_or_a_year_keeps_its_precision() -> None:
    """What names no day names a period, however it is written."""
    written = ["March 2024", "2024-03", "03", "mars 2024", "2024年3月", "2024", "5 March 2024"]
    periods = [find_period(value) for value in written]
    assert periods == ["2024-03", "2024-03", None, "2024-03", "2024-03", "2024", None]


def test_a_reader_refuses_the_future_and_the_date_of_a_template() -> None:
    """Nothing was published next year, nor when a program's template was made."""
    ahead = datetime.now(UTC) + timedelta(days=300)
    assert readers.read_date(ahead.isoformat()) is None
    assert "future" in readers.explain_date(ahead.date().isoformat())
    assert "template" in readers.explain_date("2013-12-23T23:15:00Z")
    assert "newspaper" in readers.explain_date("1066-10-14")
    assert readers.explain_date("2024-03-05") == ""


@given(st.text(max_size=60) | st.floats() | st.integers() | st.binary(max_size=9) | st.none())
def test_any_value_is_a_date_or_none(value: Any) -> None:
    """Nothing that a file may hold ends the reading."""
    assert read_date(value) is None or isinstance(read_date(value), date)
    assert learn_order([value]) in ("day", "month", None)
    assert readers.read_date(value, "day") is None or readers.explain_date(value, "day") == ""


@given(st.datetimes(min_value=datetime(1601, 1, 2), max_value=datetime(2400, 1, 1)))
def test_a_date_in_iso_8601_is_that_date(moment: datetime) -> None:
    """ISO 8601 comes back as it went in, but for the stamp that nobody set."""
    if moment != datetime(1970, 1, 1):
        assert read_date(moment.isoformat()) == moment
    assert read_date(moment.date().isoformat()) == moment.date()
