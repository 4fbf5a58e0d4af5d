"""How STIX spells times, countries and addresses."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tocsin import data


def is_address(text: str) -> bool:
    """Whether a text is a web address."""
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def moment(time: datetime | date | None) -> datetime | None:
    """A day as its first moment, in UTC."""
    if isinstance(time, datetime):
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return datetime(time.year, time.month, time.day, tzinfo=UTC) if time else None


def stamp(time: datetime) -> str:
    """A STIX timestamp to the millisecond."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def alpha2(country: str | None) -> str | None:
    """The two-letter code that STIX wants of a three-letter one."""
    return _alpha2().get(country) if country else None


@cache
def _alpha2() -> dict[str, str]:
    rows: list[Any] = [
        line.split("\t") for line in data.text("actors/countries.tsv").splitlines() if not line.startswith("#")
    ]
    return {row[0]: row[1] for row in rows[1:] if len(row) > 1 and len(row[1]) == 2}
