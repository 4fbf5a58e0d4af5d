"""Episodes: the runs of days on which a detector was on, as departures with ids that never change.

A fourth kind is added to the three detectors: *blind*, a silence that the series' own habit makes incredible. A dead
source is not a calm one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from tocsin.measure.creep import RECENT
from tocsin.measure.series import Series
from tocsin.records import Departure, Detector, Measurement

MADE_BY = "measure/1"
HABIT = 56  # days: how far back a series' habit of missing days is looked at
INCREDIBLE = 0.001  # probability below which a run of missing days is no longer habit
LEAST_SILENCE = 3  # days

ROLLING = "what its last seven weeks lead one to expect of such a day"
FROZEN = "its frozen reference, the first settled year of the series"
SPOKEN = "the days on which its source spoke before"
BASELINES: dict[Detector, str] = {"surge": ROLLING, "burden": FROZEN, "creep": FROZEN, "blind": SPOKEN}


def departures(
    watch: str,
    indicator: str,
    series: Series,
    measurements: Sequence[Measurement],
    detectors: Sequence[Detector] = ("surge", "burden", "creep", "blind"),
) -> list[Departure]:
    """The departures of one indicator, in order of declaration.

    `measurements` are what `replay` made of `series`, one for each day from the first. `declared` is the first day the
    detector was on; `until` the last, None where it is on at the end. Daily means are over the days with a value.

    Raises:
        ValueError: the measurements are not those of the series.
    """
    if [m.date for m in measurements] != list(series.dates):
        raise ValueError("departures needs one measurement for each day of the series, in order")
    reference = _reference(measurements)
    found: list[Departure] = []
    for detector in detectors:
        on = _silences(measurements) if detector == "blind" else [getattr(m, detector) for m in measurements]
        for first, last in _runs(on):
            found.append(_episode(watch, indicator, detector, measurements, reference, first, last))
    return sorted(found, key=lambda departure: (departure.declared, departure.detector))


def _runs(on: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last position of every run of true."""
    first: int | None = None
    for at, flag in enumerate([*on, False]):
        if flag and first is None:
            first = at
        elif not flag and first is not None:
            yield first, at - 1
            first = None


def _episode(
    watch: str,
    indicator: str,
    detector: Detector,
    days: Sequence[Measurement],
    reference: list[float],
    first: int,
    last: int,
) -> Departure:
    since = {"surge": _surge_since, "blind": _blind_since}.get(detector, _creep_since)(days, first)
    values = [day.value for day in days[since : last + 1] if day.value is not None]
    if detector in ("burden", "creep"):
        normal = [reference[at] for at in range(since, last + 1) if math.isfinite(reference[at])]
    else:
        normal = [day.expected for day in days[since : last + 1] if day.expected is not None]
    measured = next((day for day in reversed(days[: last + 1]) if day.creep_index is not None), None)
    return Departure(
        watch=watch,
        indicator=indicator,
        detector=detector,
        declared=days[first].date,
        since=days[since].date,
        until=None if last == len(days) - 1 else days[last].date,
        observed=_mean(values),
        expected=_mean(normal),
        peak=max(values, default=None),
        creep_index=measured.creep_index if measured else None,
        creep_interval=measured.creep_interval if measured else None,
        baseline=BASELINES[detector],
        made_by=MADE_BY,
    )


def _mean(values: Sequence[float]) -> float | None:
    return float(f"{math.fsum(values) / len(values):.6g}") if values else None


def _surge_since(days: Sequence[Measurement], first: int) -> int:
    """The start of the run of days above expectation that led to the declaration (one day below is forgiven)."""
    since = at = first
    below = 0
    while at > 0 and below < 2 and first - at < 14:
        at -= 1
        day = days[at]
        if day.value is None or day.expected is None or day.surge:
            break
        above = day.value > day.expected
        below = 0 if above else below + 1
        since = at if above else since
    return since


def _creep_since(days: Sequence[Measurement], first: int) -> int:
    """The day after the last one on which the recent mean was not above the reference by half a standard error."""
    since = first
    while since > 0:
        day = days[since - 1]
        if day.creep_index is None or day.creep_interval is None:
            break
        if day.creep_index - 1 <= 0.3 * (day.creep_interval[1] - day.creep_index):
            break
        since -= 1
    return since


def _blind_since(days: Sequence[Measurement], first: int) -> int:
    since = first
    while since > 0 and days[since - 1].value is None:
        since -= 1
    return since


def _silences(days: Sequence[Measurement]) -> list[bool]:
    """On which days the silence is longer than the series' habit explains."""
    missing = np.array([day.value is None for day in days], dtype=float)
    spoken = np.concatenate([[0.0], np.cumsum(1 - missing)])
    on: list[bool] = []
    silence = 0
    for at in range(len(days)):
        silence = silence + 1 if missing[at] else 0
        before = at + 1 - silence  # the habit is that of the days before the silence
        window = min(before, HABIT)
        said = spoken[before] - spoken[before - window]
        habit = (window - said + 1) / (window + 2)
        on.append(window >= HABIT / 2 and silence >= LEAST_SILENCE and habit**silence < INCREDIBLE)
    return on


def _reference(days: Sequence[Measurement]) -> list[float]:
    """The level of the frozen reference behind each day's creep index: recent mean over index (NaN where none)."""
    keep = math.exp(-1 / RECENT)
    total = weight = 0.0
    levels: list[float] = []
    for day in days:
        counts = day.value is not None and day.creep_index is not None
        total = total * keep + (day.value if counts and day.value is not None else 0.0)
        weight = weight * keep + counts
        usable = weight > 0 and day.creep_index
        levels.append(total / weight / day.creep_index if usable and day.creep_index else math.nan)
    return levels
