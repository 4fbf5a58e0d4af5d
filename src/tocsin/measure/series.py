"""A daily series: what is measured, with missing days kept apart from days of nothing."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tocsin.data.table import LARGEST, TableError, dated, figure, mark_of, numbered_lines

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LONGEST = 366 * 200  # days; a calendar longer than this is a mistyped year, not a series


SeriesError = TableError
"""A line of a series cannot be read."""


@dataclass(frozen=True, slots=True)
class Rebase:
    """A named person's act: from this day on the baseline is learnt anew, for the reason given."""

    day: date
    by: str
    reason: str


@dataclass(frozen=True)
class Series:
    """Consecutive days, one value each; NaN means missing, which is never zero.

    `coverage` is the share of the day that was reported (0..1, NaN where not stated). `regime` names the reporting
    rules in force; values of different regimes are never compared. `signed` says that values may be negative (a
    conflict–cooperation balance). `faults` are the lines that could not be read; their days are missing.
    """

    dates: tuple[date, ...]
    values: Floats
    coverage: Floats
    regime: tuple[str, ...]
    signed: bool = False
    faults: tuple[SeriesError, ...] = ()
    holidays: frozenset[date] = field(default=frozenset())

    def __post_init__(self) -> None:
        if not len(self.dates) == len(self.values) == len(self.coverage) == len(self.regime):
            raise ValueError("a series needs as many values, coverages and regimes as dates")
        for before, after in zip(self.dates, self.dates[1:], strict=False):
            if after - before != timedelta(days=1):
                raise ValueError(f"a series has consecutive days; {before} is followed by {after}")

    def __len__(self) -> int:
        return len(self.dates)

    def __getitem__(self, part: slice) -> Series:
        """A run of days (`series[:30]`, `series[30:]`)."""
        return replace(
            self,
            dates=self.dates[part],
            values=self.values[part],
            coverage=self.coverage[part],
            regime=self.regime[part],
            faults=(),
        )

    def with_faults(self, faults: Iterable[SeriesError]) -> Series:
        """The same series, with the lines that could not be read."""
        return replace(self, faults=tuple(faults))

    def present(self) -> Floats:
        """The values under the reporting rules now in force, from the first day they were; under others missing."""
        same = np.array([rules == self.regime[-1] for rules in self.regime], dtype=bool)
        return np.where(same, self.values, np.nan)[int(np.argmax(same)) :]

    def day_class(self, day: date) -> int:
        """0 to 6 for Monday to Sunday, 7 for a holiday: days of one class are expected to be alike."""
        return 7 if day in self.holidays else day.weekday()

    @classmethod
    def of(
        cls,
        start: date,
        values: Iterable[float | None],
        *,
        signed: bool = False,
        coverage: Sequence[float] | None = None,
        regime: Sequence[str] | None = None,
        holidays: Iterable[date] = (),
    ) -> Series:
        """The series that begins on `start` and has one of `values` (None is missing) for each following day."""
        numbers = np.array([math.nan if value is None else float(value) for value in values])
        return cls(
            dates=tuple(start + timedelta(days=n) for n in range(len(numbers))),
            values=numbers,
            coverage=np.full(len(numbers), np.nan) if coverage is None else np.asarray(coverage, dtype=float),
            regime=("",) * len(numbers) if regime is None else tuple(regime),
            signed=signed,
            holidays=frozenset(holidays),
        )


@dataclass(frozen=True, slots=True)
class _Row:
    value: float
    coverage: float
    regime: str

    def like(self, other: _Row) -> bool:
        """Whether both say the same of their day."""
        return repr(self) == repr(other)


def read_series(lines: Iterable[str]) -> Series:
    """Read CSV lines `date,value[,coverage,regime]` (any order of columns, further columns ignored).

    Columns may also be parted by semicolons (then 3,5 is three and a half) or tabs; lines that begin with # are
    comments. An empty value is missing, and so are NA, NaN, null and a day that the calendar has and the file has not.
    A value that cannot be read (text, negative, infinite) makes its day missing and is told in `faults`.

    Raises:
        SeriesError: the file as a whole is no series: no header with `date` and `value`, no dated row, or dates so far
            apart that one must be mistyped.
    """
    kept = numbered_lines(lines)
    number, first = next(kept, (1, ""))
    mark = mark_of(first)
    header = [name.strip(' "\r\n').lower() for name in first.split(mark)]
    columns = _columns(number, header)
    days: dict[date, _Row] = {}
    faults: list[SeriesError] = []
    for number, line in kept:
        try:
            row = next(csv.reader([line], delimiter=mark))
        except (csv.Error, StopIteration) as error:
            raise SeriesError(number, f"this is not CSV ({error}); expected date,value") from None
        _read_row(number, row, columns, mark, days, faults)
    if not days:
        because = f"; {faults[0]}" if faults else ""
        raise SeriesError(1, f"no row has a date that can be read; expected lines such as 2023-04-09,71{because}")
    return _calendar(days, faults)


def _columns(number: int, header: list[str]) -> dict[str, int]:
    columns: dict[str, int] = {
        name: header.index(name) for name in ("date", "value", "coverage", "regime") if name in header
    }
    for name in ("date", "value"):
        if name not in columns:
            has = ", ".join(name[:20] for name in header[:6])
            raise SeriesError(
                number, f"the header has no column {name!r} (it reads {has!r}); begin the file with date,value"
            )
    return columns


def _read_row(
    number: int,
    row: list[str],
    columns: dict[str, int],
    mark: str,
    days: dict[date, _Row],
    faults: list[SeriesError],
) -> None:
    """Take in one row, or the fault that is found with it."""
    cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
    try:
        day = dated(number, cells["date"])
    except SeriesError as fault:
        faults.append(fault)
        return
    try:
        value = figure(number, "value", cells["value"], LARGEST, mark)
        coverage = figure(number, "coverage", cells.get("coverage", ""), 1.0, mark)
    except SeriesError as fault:
        faults.append(SeriesError(number, f"{fault.says}; the day counts as missing"))
        value = coverage = math.nan
    found = _Row(value, coverage, cells.get("regime", ""))
    if day not in days:
        days[day] = found
    elif not found.like(days[day]):
        if math.isnan(days[day].value):
            days[day] = found
        faults.append(SeriesError(number, f"{day} is given twice; the first value is kept"))


def _calendar(days: dict[date, _Row], faults: list[SeriesError]) -> Series:
    first, last = min(days), max(days)
    length = (last - first).days + 1
    if length > LONGEST:
        raise SeriesError(1, f"the dates run from {first} to {last}, longer than 200 years; correct the mistyped one")
    dates = tuple(first + timedelta(days=n) for n in range(length))
    rows: list[_Row] = []
    regime = ""
    for day in dates:
        row = days.get(day)
        # A day that the file leaves out is missing under the rules of the day before it.
        row = row or _Row(math.nan, math.nan, regime)
        regime = row.regime
        rows.append(row)
    return Series(
        dates=dates,
        values=np.array([row.value for row in rows]),
        coverage=np.array([row.coverage for row in rows]),
        regime=tuple(row.regime for row in rows),
        faults=tuple(sorted(faults, key=lambda fault: fault.line)),
    )
