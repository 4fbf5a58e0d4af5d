"""When a text says that it was published: dates in the forms that news pages print."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene janvier janvier januar janeiro января січня gennaio",
            "february feb febrero février fevrier februar fevereiro февраля лютого febbraio",
            "march mar marzo mars märz março марта березня",
            "april apr abril abr avril апреля квітня aprile",
            "may mayo mai maio мая травня maggio",
            "june jun junio juin juni junho июня червня giugno",
            "july jul julio juillet juli julho июля липня luglio",
            "august aug agosto ago août aout августа серпня",
            "september sep sept septiembre septembre setembro сентября вересня settembre",
            "october oct octubre octobre oktober okt outubro октября жовтня ottobre",
            "november nov noviembre novembre novembro ноября листопада",
            "december dec diciembre dic décembre decembre dezember dez dezembro декабря грудня dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "(?P<name>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_CLOCK = r"(?:[T ,]+(?:at )?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s*(?P<half>[AaPp])\.?[Mm])?)?"
_SHAPES = tuple(
    re.compile(shape + _CLOCK, re.IGNORECASE)
    for shape in (
        r"(?<!\d)(?P<year>(?:19|20)\d{2})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d{2})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d{{2}})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?{_MONTH}\s*,?\s*(?:de[l]?\s+)?(?P<year>(?:19|20)\d{{2}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d{2})(?!\d)",
    )
)


def find_date(text: str) -> tuple[datetime | date, int, int] | None:
    """The first full date in `text`, with the time if one follows it, and its span; None where there is none."""
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
    month = _MONTHS[parts["name"].lower()] if parts.get("name") else int(parts["month"])
    try:
        day = date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None
    if not parts["hour"]:
        return day
    hour = int(parts["hour"])
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "p" else 0)
    return datetime(day.year, day.month, day.day, hour, int(parts["minute"]))  # noqa: DTZ001 - the page's local time
