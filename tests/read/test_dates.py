"""Dates as pages print them, in many languages, digits and calendars."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date

import pytest

from tocsin.read import calendars
from tocsin.read.calendars import solar_date
from tocsin.read.dates import find_date, parse_iso

SEVENTH_OF_MAY = [
    "7 May 2025",
    "May 7th, 2025",
    "7 de mayo de 2025",
    "7 mai 2025",
    "7. Mai 2025",
    "7 maggio 2025",
    "7 de maio de 2025",
    "7 Mayıs 2025",
    "7 MAYIS 2025",
    "7 maja 2025",
    "7 mei 2025",
    "7. května 2025",
    "7. mája 2025",
    "2025. május 7.",
    "2025 m. gegužės 7 d.",
    "7 мая 2025",
    "7 травня 2025 року",
    "7 май 2025",
    "7. maj 2025",
    "7 Μαΐου 2025",
    "ngày 7 tháng 5 năm 2025",
    "7 Mei 2025",
    "7 مايو 2025",
    "٧ مايو ٢٠٢٥",
    "7 أيار/مايو 2025",
    "7 ايار 2025",
    "7 ماي 2025",
    "7 במאי 2025",
    "7 मई 2025",
    "७ मई २०२५",
    "7 মে 2025",
    "7 พฤษภาคม 2568",
    "๗ พ.ค. ๒๕๖๘",
    "7 مئی 2025",
    "7 مه 2025",
    "۱۷ اردیبهشت ۱۴۰۴",
    "۱۴۰۴/۰۲/۱۷",
    "民國114年5月7日",
    "中華民國114年5月7日",
    "令和7年5月7日",
    "２０２５年５月７日",
    "2025년 5월 7일",
]


@pytest.mark.parametrize("text", SEVENTH_OF_MAY)
def test_one_day_in_many_languages(text: str) -> None:
    assert parse_iso(text) == date(2025, 5, 7)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er juin 2024", date(2024, 6, 1)),
        ("3 كانون الثاني 2024", date(2024, 1, 3)),
        ("3 ม.ค. 2567", date(2024, 1, 3)),
        ("3 มี.ค. 2567", date(2024, 3, 3)),
        ("令和元年5月7日", date(2019, 5, 7)),
        ("3 ſeptember 2024", date(2024, 9, 3)),
        ("12 listopada 2024", date(2024, 11, 12)),
    ],
)
def test_days_of_other_months(text: str, day: date) -> None:
    assert parse_iso(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "in 12 cases 2025",
        "12 dead 2025",
        "31 สิงหา 2568",
        "12 March 1403",
        "1404/12/30",
        "1404/13/01",
        "民國114年13月1日",
    ],
)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert find_date(text) is None


def test_a_date_stands_where_it_says_whatever_the_digits() -> None:
    text = "منتشر شده: ۱۷ اردیبهشت ۱۴۰۴ در تهران"
    found = find_date(text)
    assert found is not None
    assert text[found[1] : found[2]] == "۱۷ اردیبهشت ۱۴۰۴"


def test_no_name_is_two_months() -> None:
    months: dict[str, set[int]] = defaultdict(set)
    for names in calendars._data()["months"].values():
        assert len(names) == 12
        for number, month in enumerate(names, start=1):
            for name in filter(None, month.split("|")):
                months[calendars._key(name)].add(number)
    assert {name: found for name, found in months.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("solar", "common"),
    [
        ((1357, 11, 22), date(1979, 2, 11)), ((1399, 12, 30), date(2021, 3, 20)), ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)), ((1404, 1, 1), date(2025, 3, 21)), ((1408, 12, 30), date(2030, 3, 20)),
    ],
)  # fmt: skip
def test_the_solar_year_begins_with_spring(solar: tuple[int, int, int], common: date) -> None:
    assert solar_date(*solar) == common


@pytest.mark.parametrize("unit", ["7 de ", "May ", "7 May ", "7. ", "2025 m. ", "民國", "7 كانون ال", "a.b."])
def test_a_text_is_searched_in_time_linear_in_its_length(unit: str) -> None:
    begun = time.process_time()
    find_date(unit * 40_000)
    assert time.process_time() - begun < 2
