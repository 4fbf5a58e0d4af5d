"""Floors under the detectors and forecasts: they fail when quality falls.

The fast ones run a hundred or so simulated series; the slow ones, and `bench/detectors.py`, many more and a grid of
kinds. A plain surge is five days at 3 times the usual for air-like series and 2.5 times for vessel-like ones.
"""

from __future__ import annotations

import csv
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tocsin.measure import Series, forecast, replay, replay_many
from tocsin.measure.series import Flags, Floats
from tocsin.measure.simulate import AIR, VESSELS, Kind, simulate
from tocsin.measure.trials import creeps_declared, false_episodes, surges_found

SURGE = {"air": 3.0, "vessels": 2.5}
KINDS = {"air": AIR, "vessels": VESSELS}
HARD = {
    "k = 1": replace(AIR, size=1.0),
    "k = 4, AR 0.6": replace(AIR, size=4.0, ar=0.6),
    "AR 0.2": replace(AIR, ar=0.2),
    "weekday 0.4": replace(AIR, weekday=0.4),
    "none missing": replace(AIR, missing=0.0),
    "30 % missing": replace(AIR, missing=0.3),
}


def surge(values: Floats) -> Flags:
    return replay_many(values).surge


def creep(values: Floats) -> Flags:
    return replay_many(values).creep


@pytest.mark.parametrize("name", KINDS)
def test_at_most_one_false_surge_in_a_hundred_days(name: str) -> None:
    assert false_episodes(surge, KINDS[name], 100, 800, seed=101) <= 1.0


@pytest.mark.parametrize(("name", "share"), [("air", 0.75), ("vessels", 0.95)])
def test_surges_are_found_within_days_also_under_creep(name: str, share: float) -> None:
    found = surges_found(surge, KINDS[name], SURGE[name], 250, seed=103)
    assert found.share >= share - 0.03  # two standard errors of 250 trials; the slow test holds the floor itself
    assert found.delay is not None
    assert found.delay <= 2
    under_creep = surges_found(surge, KINDS[name], SURGE[name], 250, seed=105, growth=0.02)
    assert under_creep.share >= found.share - 0.05


@pytest.mark.parametrize("name", KINDS)
def test_creep_is_declared_within_the_year_and_seldom_falsely(name: str) -> None:
    fast = creeps_declared(creep, KINDS[name], 0.02, 100, seed=107)
    assert fast.share >= 0.95
    assert fast.delay is not None
    assert fast.delay <= 170
    assert creeps_declared(creep, KINDS[name], 0.01, 100, seed=109).share >= 0.8
    assert false_episodes(creep, KINDS[name], 100, 1095, seed=111, per=365) <= 0.06


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_the_floors_hold_on_many_series(name: str) -> None:
    kind = KINDS[name]
    assert false_episodes(surge, kind, 800, 1095, seed=1) <= 1.0
    found = surges_found(surge, kind, SURGE[name], 3000, seed=3)
    assert found.share >= {"air": 0.75, "vessels": 0.95}[name]
    assert found.delay is not None
    assert found.delay <= 2
    assert surges_found(surge, kind, SURGE[name], 3000, seed=5, growth=0.02).share >= found.share - 0.05
    fast = creeps_declared(creep, kind, 0.02, 800, seed=7)
    assert fast.share >= 0.95
    assert fast.delay is not None
    assert fast.delay <= 170
    assert creeps_declared(creep, kind, 0.01, 800, seed=9).share >= 0.8
    assert false_episodes(creep, kind, 800, 1095, seed=11, per=365) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
def test_false_alarms_stay_down_on_harder_kinds(name: str) -> None:
    assert false_episodes(surge, HARD[name], 300, 1095, seed=21) <= 1.0
    assert false_episodes(creep, HARD[name], 300, 1095, seed=23, per=365) <= 0.08
    assert creeps_declared(creep, HARD[name], 0.02, 300, seed=25).share >= 0.95


@pytest.mark.slow
def test_ten_thousand_series_of_two_thousand_days_in_ten_processor_minutes() -> None:
    values = simulate(AIR, 1000, 2000, 1)
    began = time.process_time()
    replay_many(values)
    assert (time.process_time() - began) * 10 <= 600


def test_one_series_answers_at_once() -> None:
    series = Series.of(date(2018, 1, 1), simulate(AIR, 1, 2000, 1)[0])
    began = time.process_time()
    list(replay(series))
    assert time.process_time() - began < 0.5


def bulletins(shared: Path, column: str, start: str = "2020-09-17", regime: bool = False) -> Series:
    with (shared / "taiwan_bulletins" / "counts.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] >= start]
    rules = ["entries" if row["date"] < "2022-08-06" else "detected" for row in rows] if regime else None
    values = [float(row[column]) if row[column] else None for row in rows]
    return Series.of(date.fromisoformat(rows[0]["date"]), values, regime=rules)


@pytest.mark.shared
@pytest.mark.parametrize("start", ["2020-09-17", "2022-08-06"])
def test_the_vessel_creep_of_2023_is_declared_by_the_end_of_april(shared: Path, start: str) -> None:
    days = {m.date: m for m in replay(bulletins(shared, "vessels", start))}
    declared = min(day for day, m in days.items() if m.creep)
    assert date(2022, 11, 1) <= declared <= date(2023, 4, 30)
    assert days[date(2023, 12, 31)].creep


@pytest.mark.shared
@pytest.mark.parametrize("regime", [False, True])
def test_the_surges_of_august_2022_and_april_2023_are_seen_by_day_two(shared: Path, regime: bool) -> None:
    series = bulletins(shared, "aircraft", regime=regime)
    surges = {m.date for m in replay(series) if m.surge}
    assert surges & {date(2022, 8, 3), date(2022, 8, 4)}
    assert surges & {date(2023, 4, 8), date(2023, 4, 9), date(2023, 4, 10)}
    assert date(2022, 8, 1) not in surges
    assert date(2023, 4, 7) not in surges
    assert any(m.surge for m in replay(bulletins(shared, "vessels")) if m.date in (date(2023, 4, 9), date(2023, 4, 10)))


@pytest.mark.shared
@pytest.mark.parametrize("start", ["2022-08-06", "2022-09-01"])
def test_aircraft_under_the_present_rules_show_no_lasting_creep(shared: Path, start: str) -> None:
    days = list(replay(bulletins(shared, "aircraft", start)))
    assert sum(m.creep for m in days) <= 14
    assert not days[-1].creep


@pytest.mark.slow
@pytest.mark.parametrize("kind", [AIR, VESSELS, replace(AIR, mean=0.7), replace(AIR, size=8.0, ar=0.95, ar_sd=0.6)])
def test_ninety_percent_intervals_hold_what_they_say(kind: Kind) -> None:
    inside: list[bool] = []
    for values in simulate(replace(kind, missing=0.0), 6, 700, 31):
        for end in range(350, 690, 37):
            for line in forecast(Series.of(date(2020, 1, 6), values[:end]), 7):
                if line.lead != "total":
                    came = values[end - 1 + line.lead]
                    inside.append(bool(line.quantiles["0.05"] <= came <= line.quantiles["0.95"]))
    assert 0.85 <= np.mean(inside) <= 0.95  # the bench, with more series, holds 0.87 to 0.93
