"""Names of months in many languages, years of an era, and the solar year of Iran (`data/reading/months.toml`)."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import date, timedelta
from functools import cache
from typing import Any

from tocsin.data import text

_NOWRUZ_1400 = date(2021, 3, 21)
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of a cycle of 33 years, from 1210 to 1633 of the solar year
_BUDDHIST = 543
_FIRST_SOLAR, _LAST_SOLAR = 1300, 1500


def month_number(name: str) -> int | None:
    """The month of the common year that `name` is, in whichever language; None where it is none."""
    return _months("months").get(_key(name))


def solar_month(name: str) -> int | None:
    """The month of Iran's solar year that `name` is."""
    return _months("solar_months").get(_key(name))


def common_date(year: int, month: int, day: int) -> date:
    """The date of a year as it is printed: of the common era, of the Buddhist one (2569), of Iran's (1404).

    Raises:
        ValueError: there is no such day.
    """
    if _FIRST_SOLAR <= year <= _LAST_SOLAR:
        return solar_date(year, month, day)
    return date(year - _BUDDHIST if 2400 <= year < 2700 else year, month, day)


def solar_date(year: int, month: int, day: int) -> date:
    """The date of a day of Iran's solar year: six months of 31 days, five of 30, one of 29 or 30 (a cycle of 33 years).

    Raises:
        ValueError: there is no such day.
    """
    leap = year % 33 in _LEAP
    longest = 31 if month <= 6 else 30 if month < 12 or leap else 29
    if not (1 <= month <= 12 and 1 <= day <= longest and _FIRST_SOLAR <= year <= _LAST_SOLAR):
        raise ValueError(f"there is no day {day} in month {month} of the solar year {year}.")
    first, last = sorted((1400, year))
    leaps = sum(one % 33 in _LEAP for one in range(first, last))
    days = 365 * (year - 1400) + (leaps if year >= 1400 else -leaps)
    return _NOWRUZ_1400 + timedelta(days=days + min(month - 1, 6) * 31 + max(month - 7, 0) * 30 + day - 1)


@cache
def eras() -> dict[str, int]:
    """Eras that years are counted from, with the year before their first."""
    return {str(name): int(year) for name, year in _data()["eras"].items()}


@cache
def _months(table: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for names in _data()[table].values():
        for number, month in enumerate(names, start=1):
            for name in filter(None, month.split("|")):
                found.setdefault(_key(name), number)
    return found


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(text("reading/months.toml"))


def _key(name: str) -> str:
    """A name without case, accents and a final point: "Août" and "aout." are one."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("ı", "i")
    return "".join(char for char in plain if not unicodedata.combining(char)).strip(" .")
