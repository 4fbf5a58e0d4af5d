"""Coded events as a daily series: how many a day there are between two actors, in the rows of an event-data file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date

from tocsin.data.table import dated, numbered_lines
from tocsin.measure.series import Series, SeriesError

NEEDED = ("date", "source", "target")


def is_event_file(lines: Iterable[str]) -> bool:
    """Whether these lines hold coded events, one a row, as their first tells."""
    return set(NEEDED) <= set(_names(next(numbered_lines(lines), (1, ""))[1]))


def tally_events(lines: Iterable[str], between: tuple[str, str]) -> Series:
    """Count the events of each day in CSV lines `date,source,target[,…]` (other columns are not looked at).

    Counted are rows whose two actors begin with the two codes of `between`, whoever acts: `("IRQ", "KUW")` takes
    IRQ and KUWGOV. The series runs from the first to the last date of the file, whoever is in it; a day without such a
    row is a day of nothing, for the file is taken to cover every day. Rows without a date are told in `faults`.

    Raises:
        SeriesError: no such header, or no row that can be read.
    """
    kept = numbered_lines(lines)
    number, first = next(kept, (1, ""))
    if not is_event_file([first]):
        raise SeriesError(number, "an event file begins with a line that names date, source and target")
    columns = [_names(first).index(name) for name in NEEDED]
    counts: Counter[date] = Counter()
    faults: list[SeriesError] = []
    for number, line in kept:
        cells = next(csv.reader([line]), [])
        try:
            when, source, target = (cells[at].strip() for at in columns if at < len(cells))
            counts[dated(number, when)] += _joins(source, target, between)
        except SeriesError as fault:
            faults.append(fault)
        except (ValueError, csv.Error):
            faults.append(SeriesError(number, "this row has too few columns"))
    if not counts:
        because = f"; {faults[0]}" if faults else ""
        raise SeriesError(1, f"no row has a date that can be read{because}")
    start, days = min(counts), (max(counts) - min(counts)).days + 1
    series = Series.of(start, [counts[date.fromordinal(start.toordinal() + n)] for n in range(days)])
    return series.with_faults(faults)


def _names(header: str) -> list[str]:
    return [name.strip(' "\r\n\ufeff').lower() for name in header.split(",")]


def _joins(source: str, target: str, between: tuple[str, str]) -> bool:
    one, other = between
    return any(a.startswith(one) and b.startswith(other) for a, b in ((source, target), (target, source)))
