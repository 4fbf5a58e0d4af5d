"""A change of what is reported is proposed where it is abrupt and lasts, and only there."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tocsin.measure import Series, propose_regimes
from tocsin.measure.simulate import AIR, VESSELS, Kind, simulate

START = date(2021, 1, 4)


def proposed(rows: np.ndarray) -> list[list[int]]:
    return [[(p.day - START).days for p in propose_regimes(Series.of(START, row))] for row in rows]


@pytest.mark.parametrize("kind", [AIR, VESSELS])
def test_a_steady_series_is_left_alone(kind: Kind) -> None:
    assert sum(map(bool, proposed(simulate(kind, 40, 800, 1)))) == 0


@pytest.mark.parametrize("kind", [AIR, VESSELS])
def test_slow_growth_is_no_change_of_rules(kind: Kind) -> None:
    assert sum(map(bool, proposed(simulate(kind, 40, 700, 1, growth=0.02, onset=300)))) <= 6


@pytest.mark.parametrize("kind", [AIR, VESSELS])
def test_a_threefold_step_is_proposed_near_its_day(kind: Kind) -> None:
    rows = simulate(kind, 40, 700, 1)
    rows[:, 400:] *= 3
    found = proposed(rows)
    assert sum(map(bool, found)) >= 38
    assert np.median([min(abs(day - 400) for day in days) for days in found if days]) <= 3


def test_a_regime_already_named_is_not_proposed_again() -> None:
    values = simulate(VESSELS, 1, 600, 1)[0]
    values[300:] *= 3
    assert propose_regimes(Series.of(START, values))
    assert not propose_regimes(Series.of(START, values, regime=["a"] * 300 + ["b"] * 300))


def test_a_short_series_has_nothing_to_propose() -> None:
    assert propose_regimes(Series.of(START, [1, 50] * 20)) == []


def test_the_change_of_the_ministrys_bulletins_is_found(shared: Path) -> None:
    with (shared / "taiwan_bulletins" / "counts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    series = Series.of(
        date.fromisoformat(rows[0]["date"]), [float(r["aircraft"]) if r["aircraft"] else None for r in rows]
    )
    (proposal,) = propose_regimes(series)
    assert date(2022, 8, 1) <= proposal.day <= date(2022, 8, 8)
    assert proposal.factor > 3
