"""The period that a bulletin covers, from the dates and times that its text states."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from tocsin.read.grammar import Form
from tocsin.read.numerals import value

Moment = datetime | date | None
"""A local date-time where the text states a time, else a date, else nothing."""


def period_of(form: Form, text: str, listed: date | None) -> tuple[Moment, Moment]:
    """(start, end) by the first of the form's `period` patterns that fits and makes real dates.

    Patterns name their parts `start_year` … `start_minute` and `end_year` …. What one side leaves out it takes from
    the other; a year or month that both leave out, and "today", come from the day the text or its listing is dated.
    `both_…` parts belong to both sides. A pattern that captures only `end_…` states no start.
    """
    today = _today(form, text, listed)
    for source in form.period:
        for match in form.pattern(source).finditer(text):
            period = _resolve(form, match, today)
            if period is not None:
                return period
    return None, None


def _today(form: Form, text: str, listed: date | None) -> date | None:
    for source in form.today:
        if match := form.pattern(source).search(text):
            day = _date(_parts(form, match, "today"), listed)
            if day is not None:
                return day
    return listed


def _resolve(form: Form, match: re.Match[str], today: date | None) -> tuple[Moment, Moment] | None:
    start, end = _parts(form, match, "start"), _parts(form, match, "end")
    named = match.re.groupindex
    has_start = any(name.startswith("start_") for name in named)
    has_end = any(name.startswith("end_") for name in named)
    if start.get("year") is None and end.get("year") is not None and start.get("month") is not None:
        start["year"] = end["year"] - (start["month"] > end.get("month", 12))
    first = _date(start, today) if has_start else None
    last = _date(end, first or today) if has_end else first
    if last is None or (has_start and first is None):
        return None
    if not has_end:
        return _timed(first, start), (last if start.get("hour") is None else None)
    if first is not None and last < first and end.get("year") is None:
        last = last.replace(year=first.year + 1)
    return _timed(first, start), _timed(last, end)


def _parts(form: Form, match: re.Match[str], side: str) -> dict[str, int]:
    parts: dict[str, int] = {}
    for name, found in match.groupdict().items():
        prefix, _, rest = name.partition("_")
        if found is None or prefix not in (side, "both"):
            continue
        part = re.sub(r"_?\d*$", "", rest)
        if part == "half":
            parts["half"] = 12 if found.lower() in ("p", "下午", "晚上", "午後", "午后") else 0
        elif part == "month" and found.lower()[:3] in form.calendar.months:
            parts[part] = form.calendar.months[found.lower()[:3]]
        else:
            parts[part] = value(found)
    if "year" in parts and parts["year"] < form.calendar.below:
        parts["year"] += form.calendar.offset
    if "half" in parts and "hour" in parts:
        parts["hour"] = parts["hour"] % 12 + parts["half"]
    return parts


def _date(parts: dict[str, int], near: date | None) -> date | None:
    day = parts.get("day")
    if day is None:
        return near
    year, month = parts.get("year"), parts.get("month")
    try:
        if year is not None and month is not None:
            return date(year, month, day)
        if near is None:
            return None
        if month is not None:
            return _nearest([(near.year + shift, month, day) for shift in (-1, 0, 1)], near)
        around = [near.replace(day=1) + timedelta(days=shift) for shift in (-1, 0, 32)]
        return _nearest([(other.year, other.month, day) for other in around], near)
    except ValueError:
        return None


def _nearest(candidates: list[tuple[int, int, int]], near: date) -> date:
    real = []
    for candidate in candidates:
        try:
            real.append(date(*candidate))
        except ValueError:  # there is no 31 June
            continue
    return min(real, key=lambda day: abs(day - near))


def _timed(day: date | None, parts: dict[str, int]) -> Moment:
    hour = parts.get("hour")
    if day is None or hour is None:
        return day
    if hour == 24:
        return datetime(day.year, day.month, day.day) + timedelta(days=1)  # noqa: DTZ001 - local by contract
    try:
        return datetime(day.year, day.month, day.day, hour, parts.get("minute", 0))  # noqa: DTZ001 - likewise
    except ValueError:
        return day
