"""Numerals: what Chinese, Japanese and Korean write in characters and in figures is one number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.text import prepare
from dedup.text.numerals import find_numerals, load_numerals, read_numeral

DIGITS = "〇一二三四五六七八九"


def values(text: str, language: str) -> list[str]:
    whole = prepare(Article("a", text, language=language))
    return [anchor.value for anchor in whole.anchors if anchor.kind == "number"]


def in_characters(number: int) -> str:
    """A number below 10^8 as a Chinese clerk writes it."""
    if number >= 10_000:
        rest = number % 10_000
        filler = "零" if 0 < rest < 1000 else ""
        return (
            in_characters(number // 10_000) + "万" + filler + (in_characters(rest) if rest else "")
        )
    written, skipped = "", False
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            written += ("零" if skipped and written else "") + DIGITS[digit] + unit
        skipped = not digit
    return written


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh", "约六百名村民，240多名消防员，三名职工，3名职工", ["600", "240", "3", "3"]),
        ("zh", "晚上七点二十分，三万五千人，3.5万人", ["7", "20", "35000", "35000"]),
        ("zh", "1.2亿美元，百分之三，3%，三萬億元", ["120000000 $", "3 %", "3 %", "3000000000000"]),
        ("zh", "二〇二五年三月二十六日，2025年3月26日，3月26日", ["2025-03-26"] * 2 + ["03-26"]),
        ("zh", "四十年来，2025年，十分钟", ["40 year", "2025", "10"]),
        ("zh", "数百万元，万一，千万不要，十分重要，一带一路，三星，七八人，周三，第三次", []),
        ("ja", "２０２５年に11,000人、3万5000人、三人が死亡", ["2025", "11000", "35000", "3"]),
        ("zh", "于 2018 年 9月 29 日抵达，5 月 3 日", ["2018-09-29", "05-03"]),
        ("ja", "1兆2000億円、5ドル、10キロメートル", ["1200000000000 ¥", "5 $", "10 km"]),
        ("ja", "130マイルにわたる", ["130 mile"]),
        ("ko", "3만5천 명, 3만 5,000명, 1천200명", ["35000", "35000", "1200"]),
        ("ko", "1억 2,000만 달러, 3톤, 5퍼센트", ["120000000 $", "3 t", "5 %"]),
        ("ko", "세 명, 네 개 군, 300여 명, 2025년 3월 26일", ["3", "4", "300", "2025-03-26"]),
        ("ko", "수십억 원, 수백 명, 제3조, 세계", []),
    ],
)
def test_numerals_of_both_styles_are_read_by_value(
    language: str, text: str, expected: list[str]
) -> None:
    """Characters, figures and mixtures come to one value; parts of other words are no number."""
    assert values(text, language) == expected


@given(st.integers(2, 10**8 - 1))
def test_every_number_is_read_from_characters(number: int) -> None:
    """A number written in characters, simplified or not, has its value."""
    written = in_characters(number)
    assert read_numeral(written) == number
    assert read_numeral(written.replace("万", "萬")) == number


@given(
    st.text(st.sampled_from("一二十百千万亿〇两兆만천억12,.点年月日%$ 名数第세 명a"), max_size=40)
)
def test_no_tangle_of_numerals_breaks_the_reading(text: str) -> None:
    """Whatever stands there, the numbers that are found lie in order in the text."""
    at = 0
    for anchor in find_numerals(text, 0, len(text)):
        assert at <= anchor.begin < anchor.end <= len(text)
        at = anchor.end


def test_every_numeral_is_one_character() -> None:
    """Digits and multipliers are single characters, so that runs of them can be taken apart."""
    data = load_numerals()
    assert {len(key) for name in ("digits", "tens", "myriads") for key in data[name]} == {1}


def test_a_long_row_of_digits_ends() -> None:
    """However it might be cut into numbers, a date is looked for once."""
    text = prepare(Article("x", "9" * 200 + " 26 日 2025", language="ja"))
    assert text.anchors
