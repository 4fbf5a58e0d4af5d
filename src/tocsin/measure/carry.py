"""Measuring that goes on from where it was: the detectors and their episodes, remembered together as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.measure.episodes import Episodes, follow, from_json, to_json
from tocsin.measure.replay import resume
from tocsin.measure.series import Rebase, Series
from tocsin.measure.settings import DEFAULT, Settings
from tocsin.records import Departure, Detector, Measurement


@dataclass(frozen=True, slots=True)
class Carried:
    """What further days came to: their measurements, the departures that ended in them or last, what to remember."""

    measurements: Sequence[Measurement]
    departures: Sequence[Departure]
    memory: str


def carry_on(
    watch: str,
    indicator: str,
    days: Series,
    memory: str | None = None,
    settings: Settings = DEFAULT,
    rebases: Iterable[Rebase] = (),
    detectors: Sequence[Detector] = ("surge", "burden", "creep", "blind"),
) -> Carried:
    """Measure `days`, which follow those that `memory` has seen (None at the beginning of a series).

    However a series is cut, its days are measured alike, and the last word on each departure is what `departures`
    says of the whole.

    Raises:
        ValueError: `memory` was not made by this version of tocsin.
    """
    detectors_know, _, open_ones = (memory or "").partition("\n")
    measurements, state = resume(days, detectors_know.encode() or None, settings, rebases)
    episodes = from_json(open_ones) if open_ones else Episodes()
    found = list(follow(watch, indicator, episodes, measurements, detectors))
    return Carried(measurements, found, f"{state.decode()}\n{to_json(episodes)}")
