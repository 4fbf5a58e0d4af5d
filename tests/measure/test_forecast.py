"""Forecasts: only what has beaten climatology, honest quantiles, and no failure on odd series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tocsin.measure import Series, forecast, scoreboard
from tocsin.measure.simulate import AIR, VESSELS, Kind, simulate
from tocsin.records import Forecast

START = date(2021, 1, 4)
WAVES = Kind(mean=20.0, size=20.0, ar=0.97, ar_sd=0.8, weekday=0.0, missing=0.0)


def issued(values: object, horizon: int = 7, threshold: float | None = None, **more: object) -> list[Forecast]:
    return list(forecast(Series.of(START, values, **more), horizon, threshold))  # type: ignore[arg-type]


def test_one_line_a_lead_day_and_one_for_the_total() -> None:
    lines = issued(simulate(AIR, 1, 300, 1)[0], 5, 20)
    assert [line.lead for line in lines] == [1, 2, 3, 4, 5, "total"]
    for line in lines:
        quantiles = list(line.quantiles.values())
        assert quantiles == sorted(quantiles)
        assert line.quantiles["0.5"] == line.median
        assert line.p_exceed is not None
        assert 0 <= line.p_exceed <= 1
        assert line.origin == date(2021, 10, 30)
    assert lines[-1].mean == pytest.approx(5 * 12, rel=0.35)
    assert all(line.p_exceed is None for line in issued(simulate(AIR, 1, 100, 1)[0], 2))


def test_where_nothing_beats_climatology_climatology_is_issued_and_named() -> None:
    kind = replace(VESSELS, ar_sd=0.0, weekday=0.0)
    lines = [line for seed in range(3) for line in issued(simulate(kind, 1, 500, seed)[0])]
    named = [line for line in lines if line.method == "climatology"]
    assert len(named) >= 0.85 * len(lines)
    assert all(line.skill == 0.0 for line in named)


def test_where_the_recent_past_tells_more_it_is_used_and_its_skill_is_told() -> None:
    lines = issued(simulate(WAVES, 1, 700, 3)[0])
    assert all(line.method != "climatology" for line in lines[:3])
    assert all(line.skill is not None and line.skill > 0.05 for line in lines[:3])


def test_too_little_past_to_measure_skill_is_said() -> None:
    assert {(line.method, line.skill) for line in issued([3, 4, 5, 2, 1] * 4)} == {("climatology", None)}


@pytest.mark.parametrize(
    "values",
    [
        [0] * 8,
        [0] * 300,
        [3.5] * 300,
        [None] * 200 + [4] * 9,
        [1e15, 0] * 100,
        [None, 2] * 150,
        [0] * 299 + [1],
        [1e15] * 90,
    ],
)
def test_odd_series_never_fail(values: list[float | None]) -> None:
    for line in issued(values, 3, 2):
        assert all(np.isfinite(number) and number >= 0 for number in line.quantiles.values())


def test_values_below_zero_are_forecast_as_such() -> None:
    lines = issued(np.random.default_rng(1).normal(-5, 2, 300), 3, signed=True)
    assert lines[0].median == pytest.approx(-5, abs=1)


def test_only_the_present_regime_is_used() -> None:
    lines = issued([100.0] * 200 + [3.0] * 50, 2, regime=["old"] * 200 + ["new"] * 50)
    assert lines[0].mean == pytest.approx(3)


@pytest.mark.parametrize("horizon", [0, -1, 91])
def test_a_horizon_out_of_range_is_refused(horizon: int) -> None:
    with pytest.raises(ValueError, match="horizon must be 1 to 90"):
        issued([1, 2], horizon)


@pytest.mark.parametrize("values", [[None, None], [5], [1, 2, 3, 4, 5, 6, 7, None]])
def test_a_series_of_less_than_eight_values_is_refused(values: list[float | None]) -> None:
    with pytest.raises(ValueError, match="days with a value are too few to forecast from; 8 are the least"):
        issued(values)


def test_rules_that_come_back_go_on_with_what_was_counted_under_them() -> None:
    regime = ["new"] * 60 + ["old"] * 60 + ["new"] * 2
    assert issued([3.0] * 60 + [50.0] * 60 + [3.0] * 2, 2, regime=regime)[0].mean == pytest.approx(3)
    with pytest.raises(ValueError, match="2 days with a value under the present reporting rules are too few"):
        issued([50.0] * 60 + [3.0] * 2, regime=["old"] * 60 + ["new"] * 2)


def test_kept_forecasts_are_scored_against_what_came() -> None:
    values = simulate(VESSELS, 1, 400, 4)[0]
    series = Series.of(START, values)
    kept = [line for end in range(300, 390, 9) for line in forecast(series[:end], 3, 8)]
    board = {score.lead: score for score in scoreboard(kept, series, 8)}
    assert set(board) == {1, 2, 3, "total"}
    assert board[1].count >= 8
    assert 0.6 <= board[1].coverage <= 1
    assert 0 < board[1].crps < 3
    assert board[1].brier is not None
    assert board[1].brier < 0.3
    assert not scoreboard(kept, series[:200], 8)
