"""When: the day that a sentence states, resolved against the day of the text."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SHORT = {m[:3]: i + 1 for i, m in enumerate(_MONTHS)} | {"sept": 9}
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ABSOLUTE = re.compile(
    r"\b(?P<iso>\d{4}-\d{2}-\d{2})\b"
    rf"|\b{_MONTH.format('m1')}\s(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,?\s(?P<y1>(?:19|20)\d{{2}}))?"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH.format('m2')}(?:,?\s(?P<y2>(?:19|20)\d{{2}}))?\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?P<word>yesterday|today|tonight|tomorrow|overnight|this morning|last night|earlier today)\b"
    r"|\b(?P<ago>\d{1,2}|one|two|three|four|five|six|seven|ten)\s(?P<unit>days?|weeks?)\sago\b"
    r"|\b(?P<side>last|next|this|late|early|on|since|by|until)?\s?(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_WORDS = {
    "yesterday": -1,
    "last night": -1,
    "today": 0,
    "tonight": 0,
    "overnight": 0,
    "this morning": 0,
    "earlier today": 0,
    "tomorrow": 1,
}
_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}


def resolve(text: str, on: date | None, ahead: bool = False) -> date | None:
    """The day that `text` (an event's words and what stands beside them) states, or None.

    `on` is the day of the text; `ahead` tells that the event is still to come. A weekday is the nearest one before
    `on` (that day included), or after it where `ahead`; a date without a year is the nearest on that side.
    """
    found = _ABSOLUTE.search(text)
    if found:
        return _absolute(found, on, ahead)
    if on is None:
        return None
    found = _RELATIVE.search(text)
    if not found:
        return None
    if found["word"]:
        return on + timedelta(days=_WORDS[found["word"].lower()])
    if found["ago"]:
        count = _COUNTS.get(found["ago"].lower()) or int(found["ago"])
        return on - timedelta(days=count * (7 if found["unit"].lower().startswith("week") else 1))
    side = (found["side"] or "").lower()
    if side in ("since", "by", "until"):
        return None
    wanted = _DAYS.index(found["day"].lower())
    if side == "next" or (ahead and side != "last"):
        return on + timedelta(days=(wanted - on.weekday() - 1) % 7 + 1)
    back = (on.weekday() - wanted) % 7
    return on - timedelta(days=back or (7 if side == "last" else 0))


def _absolute(found: re.Match[str], on: date | None, ahead: bool) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month = _SHORT[(found["m1"] or found["m2"]).lower()[:3]]
        day = int(found["d1"] or found["d2"])
        year = found["y1"] or found["y2"]
        if year:
            return date(int(year), month, day)
        if on is None:
            return None
        options = [date(y, month, day) for y in (on.year - 1, on.year, on.year + 1)]
    except ValueError:
        return None
    if ahead:
        return next((d for d in options if d >= on), options[-1])
    return next((d for d in reversed(options) if d <= on + timedelta(days=1)), options[0])
