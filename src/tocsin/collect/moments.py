"""When a feed says that an entry was published: ISO 8601 (RFC 3339), RFC 5322 and what publishers make of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_YEAR_FIRST = re.compile(r"^(\d{4})[/-](\d{1,2})[/-](\d{1,2})\b")
_DASHED = re.compile(r"(?<=\d)-([A-Za-z]{3,9})-(?=\d)")
_HALF = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?) ?([ap])\.?m\b\.?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:\s(?:GMT|UTC?)?|(?<=:\d\d))\s*([+-])(\d{1,2})(?::?([0-5]\d))?$", re.IGNORECASE)
_ZONE = re.compile(r"\b([A-Z]{3,5})(?=$| \d{4}$)")
# Hours ahead of UTC of names that the mail standard does not have and that stand for one zone (IANA tz database);
# IST is India's, by far the most often meant.
_ZONES = {
    "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "CAT": 2,
    "EAT": 3, "PKT": 5, "IST": 5.5, "NPT": 5.75, "ICT": 7, "WIB": 7, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "WITA": 8,
    "JST": 9, "KST": 9, "WIT": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "BST": 1,
}  # fmt: skip


def moment_of(stated: str) -> datetime | None:
    """The moment that `stated` names, in UTC where it has no zone; None where it is in no form that feeds may use.

    A date in digits whose day and month may be either (02/03/2026) is not guessed.
    """
    text = " ".join(stated.replace(" - ", " ").split())
    text = _HALF.sub(lambda clock: f"{int(clock[1]) % 12 + 12 * (clock[3] in 'pP'):02}{clock[2]}", text)
    try:
        found = _epoch(text) or _iso(text) or _mail(text)
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _epoch(text: str) -> datetime | None:
    return datetime.fromtimestamp(int(text), UTC) if re.fullmatch(r"\d{10}", text) else None


def _iso(text: str) -> datetime | None:
    text = _YEAR_FIRST.sub(lambda day: f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}", text)
    text = re.sub(r"(?<=\d) ?(?:UTC|GMT)$", "Z", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    """RFC 5322, also with a colon in the offset, "UTC+8", or a zone's usual name."""
    offset: timedelta | None = None
    text = _DASHED.sub(r" \1 ", text)
    if signed := _OFFSET.search(text):
        hours = timedelta(hours=int(signed[2][:2]), minutes=int(signed[3] or 0))
        offset = hours if signed[1] == "+" else -hours
        text = text[: signed.start()].strip()
    elif (zone := _ZONE.search(text)) and zone[1] in _ZONES:
        offset = timedelta(hours=_ZONES[zone[1]])
        text = f"{text[: zone.start()].strip()}{text[zone.end() :]}"
    parts = parsedate_tz(text if ":" in text else f"{text} 00:00")
    if parts is None or not (parts[3] <= 24 and parts[4] < 60 and parts[5] <= 60):
        return None
    zoned = timezone(offset if offset is not None else timedelta(seconds=parts[9] or 0))
    day = datetime(parts[0], parts[1], parts[2], tzinfo=zoned)
    return (day + timedelta(hours=parts[3], minutes=parts[4], seconds=parts[5])).astimezone(UTC)
