"""Axes: round ticks for figures, and calendar ticks for days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps `low`..`high` to `start`..`end` in drawing units."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, about: int = 4, least: float = 0.0) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`: steps of 1, 2 or 5 times a power of ten.

    There are `about` of them, and no step is below `least` (1 for what is counted).
    """
    if not high - low > 1e-9 * max(1.0, abs(low), abs(high)):
        high = low + max(1.0, 1e-3 * abs(low))
    rough = max((high - low) / about, least)
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first = floor(low / step + 1e-9)
    last = max(ceil(high / step - 1e-9), first + 1)
    return [round(number * step, 10) for number in range(first, last + 1)]


def number(value: float) -> str:
    """A figure as an axis or a table shows it: no needless decimals, thousands marked."""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 100 else f"{value:.2g}"


def calendar(first: date, last: date) -> Iterator[tuple[date, str]]:
    """Where to mark the time axis, and with what: days, months, quarters or years, as the span asks for."""
    days = (last - first).days
    if days <= 45:
        start = first + timedelta(days=-first.weekday() % 7)
        yield from ((day, f"{day.day} {MONTHS[day.month - 1]}") for day in _every(start, last, 7))
        return
    step = 1 if days <= 400 else 3 if days <= 1500 else 12
    year, month = first.year, 1
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            yield day, str(year) if month == 1 else MONTHS[month - 1]
        month += step
        if month > 12:
            if year == date.max.year:
                return
            year, month = year + 1, 1


def _every(day: date, last: date, step: int) -> Iterator[date]:
    while day <= last:
        yield day
        day += timedelta(days=step)
