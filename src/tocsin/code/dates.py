"""When: the days that a text states, resolved against the day of the text.

Only what names a day is a date: "next month", "last week" and "in late March" state none, and giving their first day
would pretend to know. Of a stretch of days ("12 to 14 June") the first is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|(?-i:Mar(?:ch)?|MAR(?:CH)?)|apr(?:il)?|(?-i:May|MAY)|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NTH = r"(?:st|nd|rd|th)?"
_YEAR = r"(?:,?\s(?P<{0}>(?:19|20)\d{{2}})\b|,?\s(?P<{1}>last|this|next)\syear\b)?"
_WEEKDAY = "|".join(_DAYS)
_COUNTS = {
    word: i
    for i, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])
} | {"a": 1, "an": 1, "eleven": 11, "twelve": 12}
_COUNT = r"\d{1,2}|" + "|".join(w for w in _COUNTS if w != "zero")
_FEASTS = {
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
}
_FIXED = re.compile(
    r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b"
    rf"|\b{_MONTH.format('m1')}\s(?P<d1>\d{{1,2}}){_NTH}(?![\d:]|\.\d)(?:\s?(?:-|–|to|and)\s?\d{{1,2}}\b(?!:))?"
    rf"{_YEAR.format('y1', 'w1')}"
    rf"|\b(?P<d2>\d{{1,2}}){_NTH}(?:\s?(?:-|–|to|and)\s?\d{{1,2}}{_NTH})?\s(?:of\s)?{_MONTH.format('m2')}"
    rf"(?![\w-]){_YEAR.format('y2', 'w2')}"
    rf"|\b(?P<feast>{'|'.join(name.replace(chr(39), '[’' + chr(39) + ']') for name in _FEASTS)})\b"
    r"(?:,?\s(?P<y3>(?:19|20)\d{2})\b)?",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<word>the day before yesterday|the day after tomorrow|yesterday|today|tonight|tomorrow|overnight|"
    r"this morning|this afternoon|this evening|last night|earlier today|the (?:day before|previous day)(?=[\s.,;]|$))"
    rf"|\b(?P<ago>{_COUNT})\s(?P<unit>days?|weeks?)\s(?:ago|earlier)\b"
    rf"|\bin\s(?P<ahead>{_COUNT})\s(?P<in>days?|weeks?)(?:[’']?\stime)?\b"
    rf"|\b(?:(?P<side>last|next|this|late|early|on|since|by|until|till|before)\s)?(?P<day>{_WEEKDAY})s?\b",
    re.IGNORECASE,
)
_WORDS = {
    "the day before yesterday": -2,
    "the day after tomorrow": 2,
    "yesterday": -1,
    "last night": -1,
    "the day before": -1,
    "the previous day": -1,
    "tomorrow": 1,
}
_ENDS = re.compile(r"\b(?:until|till|through|before|after|than)\s(?:the\s)?$", re.IGNORECASE)
"""What makes a date the end of something, or of something else."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A day that a text states between two offsets."""

    start: int
    end: int
    day: date


def stated(text: str, on: date | None, ahead: bool = False, start: int = 0, end: int | None = None) -> Iterator[Stated]:
    """The days named between two offsets of `text`, in order: first dates, then what is relative to a day.

    `on` is the day of the text; `ahead` tells that the event is still to come. A weekday is the nearest one before
    `on` (that day included), or after it where `ahead`; a date without a year is the nearest on that side.
    """
    stop = len(text) if end is None else end
    first: date | None = None
    for found in _FIXED.finditer(text, start, stop):
        day = None if _ENDS.search(text, max(start, found.start() - 12), found.start()) else _fixed(found, on, ahead)
        if day is not None:
            first = first or day
            yield Stated(found.start(), found.end(), day)
    if on is None:
        return
    for found in _RELATIVE.finditer(text, start, stop):
        try:
            day = _relative(found, on, ahead, first)
        except OverflowError:  # before year 1 or after 9999
            continue
        if day is not None:
            yield Stated(found.start(), found.end(), day)


def resolve(text: str, on: date | None, ahead: bool = False) -> date | None:
    """The first day that `text` states, a date before a weekday, or None."""
    return next((one.day for one in stated(text, on, ahead)), None)


def _relative(found: re.Match[str], on: date, ahead: bool, first: date | None) -> date | None:
    if found["word"]:
        word = " ".join(found["word"].lower().split())
        base = first if first and word in ("the day before", "the previous day") else on
        return base + timedelta(days=_WORDS.get(word, 0))
    if found["ago"]:
        return on - timedelta(days=_count(found["ago"]) * (7 if found["unit"].lower().startswith("week") else 1))
    if found["ahead"]:
        days = _count(found["ahead"]) * (7 if found["in"].lower().startswith("week") else 1)
        return on + timedelta(days=days) if ahead else None
    if found[0].lower().endswith("s"):  # "on Fridays" is a habit
        return None
    return _weekday(_DAYS.index(found["day"].lower()), (found["side"] or "").lower(), on, ahead)


def _weekday(wanted: int, side: str, on: date, ahead: bool) -> date | None:
    if side in ("since", "by", "until", "till", "before"):
        return None
    if side == "next" or (ahead and side != "last"):
        return on + timedelta(days=(wanted - on.weekday() - 1) % 7 + 1)
    back = (on.weekday() - wanted) % 7
    return on - timedelta(days=back or (7 if side == "last" else 0))


def _count(word: str) -> int:
    return _COUNTS[word.lower()] if word.lower() in _COUNTS else int(word)


def _fixed(found: re.Match[str], on: date | None, ahead: bool) -> date | None:
    year = found["y1"] or found["y2"] or found["y3"]
    side = (found["w1"] or found["w2"] or "").lower()
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["feast"]:
            month, day = _FEASTS[found["feast"].lower().replace("’", "'")]
        else:
            month = _MONTHS.index((found["m1"] or found["m2"]).lower()[:3]) + 1
            day = int(found["d1"] or found["d2"])
        if year:
            return date(int(year), month, day)
        if on is None:
            return None
        if side:
            return date(on.year + {"last": -1, "this": 0, "next": 1}[side], month, day)
        options = [date(y, month, day) for y in _years(on, month, day)]
    except ValueError:
        return None
    if ahead:
        return next((d for d in options if d >= on), options[-1])
    return next((d for d in reversed(options) if (d - on).days <= 1), options[0])


def _years(on: date, month: int, day: int) -> list[int]:
    """The years around a day in which a day of the year exists: 29 February not in all."""
    near = range(max(1, on.year - 4), min(9999, on.year + 4) + 1) if (month, day) == (2, 29) else ()
    leap = [y for y in near if y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)]
    return leap or [y for y in (on.year - 1, on.year, on.year + 1) if 1 <= y <= 9999]
