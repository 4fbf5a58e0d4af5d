"""When a text says that it was published: dates in the forms that news pages print."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from tocsin.read.calendars import common_date, eras, month_number, solar_month

_DIGITS = {code: str(unicodedata.decimal(chr(code))) for code in range(0x660, 0xFF1A) if chr(code).isdecimal()}
_NAME = r"(?P<name>[^\W\d_][^\s\d,;:/()|]{1,14}(?:\s+ال[^\W\d_]{3,6})?)"  # Arabic has months of two words
_ALSO = r"(?:\s*/\s*[^\W\d_]{3,8}(?:\s+ال[^\W\d_]{3,6})?)?"  # and gives them two names
_YEAR = r"(?P<year>(?:19|20|1[34]|2[45])\d{2})(?!\d)"
_ERA = "(?P<era>" + "|".join(sorted(eras(), key=len, reverse=True)) + ")"
_CLOCK = r"(?:[T ,]+(?:at )?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s*(?P<half>[AaPp])\.?[Mm])?)?"
_SHAPES = tuple(
    re.compile(shape + _CLOCK, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?",
        rf"{_ERA}\s*(?P<year>\d{{1,3}}|元)\s*年\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*日?",
        rf"(?<!\w){_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:de\s+|ב)?{_NAME}{_ALSO}\s*,?\s*(?:de[l]?\s+|พ\.ศ\.\s*)?{_YEAR}",
        rf"(?<!\d){_YEAR}(?:\.|\s+m\.)\s*{_NAME}\s+(?P<day>\d{{1,2}})(?:\.|\s+d\.)",  # Hungarian, Lithuanian
        r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2}),?\s+(?:năm\s+)?(?P<year>(?:19|20)\d{2})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d{2})(?!\d)",
        r"(?<!\d)(?P<year>1[34]\d{2})/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?!\d)",  # the solar year of Iran
    )
)


def find_date(text: str) -> tuple[datetime | date, int, int] | None:
    """The first full date in `text`, with the time if one follows it, and its span; None where there is none."""
    text = text if text.isascii() else text.translate(_DIGITS)
    found: list[tuple[int, int, datetime | date]] = []
    for shape in _SHAPES:
        for match in shape.finditer(text):
            if (moment := _moment(match)) is not None:
                found.append((*match.span(), moment))
                break
    if not found:
        return None
    start, end, moment = min(found, key=lambda item: item[:2])
    return moment, start, end


def parse_iso(text: str | None) -> datetime | date | None:
    """A date or date-time in ISO 8601 or any form that `find_date` knows; None where it is neither."""
    if not text:
        return None
    text = text.strip()
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        found = find_date(text)
        return found[0] if found else None


def plausible(moment: datetime | date | None, fetched: datetime) -> datetime | date | None:
    """`moment` unless it lies before 1990 or more than two days after the page was fetched: such dates are mistakes."""
    if moment is None:
        return None
    day = moment.date() if isinstance(moment, datetime) else moment
    return moment if day.year >= 1990 and day <= fetched.date() + timedelta(days=2) else None


def _moment(match: re.Match[str]) -> datetime | date | None:
    parts = match.groupdict()
    day = _day(parts)
    if day is None:
        return None
    if not parts["hour"]:
        return day
    hour = int(parts["hour"])
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    return datetime(day.year, day.month, day.day, hour, int(parts["minute"]))  # noqa: DTZ001 - the page's local time


def _day(parts: dict[str, str | None]) -> date | None:
    year = 1 if parts["year"] == "元" else int(parts["year"] or 0)
    year += eras()[parts["era"]] if parts.get("era") else 0  # type: ignore[index]
    name = parts.get("name")
    month = int(parts["month"] or 0) if name is None else solar_month(name) if year < 1900 else month_number(name)
    try:
        return None if month is None else common_date(year, month, int(parts["day"] or 0))
    except ValueError:
        return None
