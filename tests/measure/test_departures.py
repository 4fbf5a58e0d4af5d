"""Departures are episodes: named once, never renamed, and a dead source is one of them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from tocsin.measure import Series, carry_on, departures, replay
from tocsin.measure.simulate import VESSELS, simulate
from tocsin.records import Departure

START = date(2021, 1, 4)


def found(series: Series) -> list[Departure]:
    return departures("w", "i", series, list(replay(series)))


def vessels(days: int, seed: int = 5) -> np.ndarray:
    return simulate(VESSELS, 1, days, seed)[0]


def test_a_surge_is_one_episode_with_its_figures() -> None:
    values = vessels(260)
    values[200:206] = [20, 24, 30, 22, 25, 21]
    series = Series.of(START, values)
    surge = next(d for d in found(series) if d.detector == "surge" and d.declared >= series.dates[195])
    assert surge.declared == series.dates[200]
    assert series.dates[190] <= surge.since <= series.dates[200]
    assert surge.until is not None
    assert series.dates[205] <= surge.until <= series.dates[216]
    assert surge.peak == 30
    assert surge.observed is not None
    assert surge.expected is not None
    assert surge.observed > 1.5 * surge.expected
    assert "seven weeks" in surge.baseline


def test_an_episode_that_lasts_has_no_end_and_keeps_its_id_as_days_come() -> None:
    values = vessels(700)
    values[400:] *= 2
    series = Series.of(START, values)
    whole = {d.id: d for d in found(series)}
    creep = next(d for d in whole.values() if d.detector == "creep")
    assert creep.until is None
    assert series.dates[380] <= creep.since <= creep.declared <= series.dates[440]
    assert creep.expected == pytest.approx(6, rel=0.15)
    assert creep.creep_index is not None
    assert creep.creep_index > 1.6
    for cut in (420, 500, 600):
        assert {d.id for d in found(series[:cut])} <= set(whole)


def test_a_silence_beyond_habit_is_blind_and_one_within_it_is_not() -> None:
    values = vessels(300)
    values[np.isnan(values)] = 6
    values[200:205] = np.nan
    series = Series.of(START, values)
    blind = [d for d in found(series) if d.detector == "blind"]
    assert [(d.since, d.declared, d.until) for d in blind] == [
        (series.dates[200], series.dates[202], series.dates[204])
    ]
    assert blind[0].observed is None
    values[np.arange(300) % 2 == 0] = np.nan
    values[200:205] = np.nan
    assert not [d for d in found(Series.of(START, values)) if d.detector == "blind"]


@pytest.mark.parametrize("seed", range(6))
def test_however_a_series_is_cut_its_departures_are_those_of_the_whole(seed: int) -> None:
    values = vessels(700, seed)
    values[200:206] *= 4
    values[300 : 304 + seed] = np.nan
    values[450:] *= 2
    series = Series.of(START, values)
    memory, last = None, {}
    cuts = np.random.default_rng(seed).choice(np.arange(1, 700), 12, replace=False)
    for first, end in pairwise([0, *sorted(cuts.tolist()), 700]):
        carried = carry_on("w", "i", series[first:end], memory)
        memory = carried.memory
        last |= {departure.id: departure for departure in carried.departures}
    assert len(memory or "") < 12_000
    assert sorted(last.values(), key=lambda d: (d.declared, d.detector)) == found(series)


def test_only_the_detectors_asked_for() -> None:
    values = vessels(300)
    values[200:206] = 40
    series = Series.of(START, values)
    assert {d.detector for d in departures("w", "i", series, list(replay(series)), ["creep", "blind"])} <= {"blind"}


def test_measurements_of_another_series_are_refused() -> None:
    with pytest.raises(ValueError, match="one measurement for each day"):
        departures("w", "i", Series.of(START, [1, 2]), [])
