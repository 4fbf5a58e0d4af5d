"""Episodes: the runs of days on which a detector was on, as departures with ids that never change.

A fourth kind is added to the three detectors: *blind*, a silence that the series' own habit makes incredible. A dead
source is not a calm one.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.measure.episodes import Episodes, follow
from tocsin.measure.series import Series
from tocsin.records import Departure, Detector, Measurement


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
    found = follow(watch, indicator, Episodes(), measurements, detectors)
    return sorted(found, key=lambda departure: (departure.declared, departure.detector))
