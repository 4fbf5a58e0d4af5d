"""Forecasts: only what has beaten climatology, honest quantiles, and no failure on odd series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tocsin.measure import Series, forecast, outlook, scoreboard, told
from tocsin.measure.forecast import Trial, choose, issue
from tocsin.measure.forecast import line as tell
from tocsin.measure.series import Floats
from tocsin.measure.simulate import AIR, VESSELS, Kind, simulate
from tocsin.records import Forecast, Outlook

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
    lines = [line for seed in range(8) for line in issued(simulate(kind, 1, 500, seed)[0])]
    named = [line for line in lines if line.method == "climatology"]
    assert len(named) >= 0.95 * len(lines)
    assert all(line.skill == 0.0 for line in named)
    assert all(line.reason.startswith("climatology, since the mixture has not beaten it by enough") for line in named)
    assert "better was needed" in named[0].reason


def test_where_the_recent_past_tells_more_it_is_used_and_its_skill_is_told() -> None:
    lines = issued(simulate(WAVES, 1, 700, 3)[0])
    assert all(line.method != "climatology" for line in lines[:3])
    assert all(line.skill is not None and line.skill > 0.05 for line in lines[:3])


def test_too_little_past_to_measure_skill_is_said() -> None:
    lines = issued([3, 4, 5, 2, 1] * 4)
    assert {(line.method, line.skill) for line in lines} == {("climatology", None)}
    assert all("too little past to measure skill" in line.reason for line in lines)


def target(weeks: int, gain: float, spacing: float = 1.0) -> Trial:
    """Outcomes 0 and 1 in turn, of which the mixture is surer than climatology by `gain`, one a week."""
    came = np.array([*(np.arange(weeks) % 2.0), np.nan])
    points = np.arange(4.0)
    right = np.where(np.nan_to_num(came)[:, None] <= points, 1.0, 0.0)
    even = np.tile([0.5, 1.0, 1.0, 1.0], (weeks + 1, 1))
    noise = np.random.default_rng(1).normal(0, 0.5, (weeks + 1, 1)) * gain
    return Trial(
        points, even, even + (right - even) * (gain + noise), came, spacing, True, np.arange(weeks, -1.0, -1), came[:-1]
    )


def test_the_margin_grows_as_the_weeks_tried_are_fewer() -> None:
    assert choose(target(200, 0.05)).beyond
    assert not choose(target(25, 0.01)).beyond
    assert not choose(target(200, 0.05, spacing=40.0)).beyond, "overlapping outcomes are few outcomes"


@pytest.mark.parametrize("kind", [WAVES, AIR, VESSELS])
def test_what_was_said_at_past_origins_knows_nothing_of_what_came_after_them(kind: Kind) -> None:
    values = simulate(kind, 1, 400, 5)[0]
    turned = np.concatenate([values[:-30], values[-30:][::-1]])  # the same values, so that the grids are alike
    pairs = zip(issue(Series.of(START, values), 7), issue(Series.of(START, turned), 7), strict=True)
    for one, other in pairs:
        if one.lead == "total":
            continue
        before = one.trial.ages >= 30
        over = one.trial.ages >= 30 + one.lead
        assert before.sum() > 50
        np.testing.assert_array_equal(one.trial.climatology[before], other.trial.climatology[before])
        np.testing.assert_allclose(one.trial.mixture[before], other.trial.mixture[before], atol=1e-9)
        np.testing.assert_array_equal(one.trial.came[over], other.trial.came[over])
        assert np.isnan(one.trial.came[-1]), "what the last day is to bring is not known"
        now = [replace(each.trial, came=np.where(over, each.trial.came, np.nan)) for each in (one, other)]
        assert choose(now[0]).beyond == choose(now[1]).beyond
        assert choose(now[0]).skill == pytest.approx(choose(now[1]).skill, abs=1e-6)


def test_the_probability_is_the_base_rate_wherever_climatology_is_issued() -> None:
    values = simulate(replace(VESSELS, ar_sd=0.0, weekday=0.0), 1, 400, 7)[0]
    known = values[~np.isnan(values)]
    plain = [line for line in issued(values, threshold=9) if line.method == "climatology" and line.lead != "total"]
    assert plain
    assert all(line.p_exceed == pytest.approx(np.mean(known >= 9), rel=1e-5) for line in plain)


def test_intervals_of_series_near_zero_hold_ninety_in_a_hundred_by_steps() -> None:
    rng = np.random.default_rng(5)
    held, inside = [], []
    for _ in range(20):
        values = rng.poisson(0.5, 700).astype(float)
        for end in range(300, 690, 40):
            series = Series.of(START, values[:end])
            issued = next(issue(series, 1))
            told = list(tell(series, issued, None).quantiles.values())
            held.append(issued.held(values[end]))
            inside.append(told[0] <= values[end] <= told[-1])
    assert 0.87 <= np.mean(held) <= 0.93
    assert np.mean(inside) > 0.93, "whole numbers cannot leave out zero"


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


@pytest.mark.parametrize("threshold", [0.0, 0.1, 2.0])
def test_where_climatology_is_issued_the_probability_is_the_share_of_such_days(threshold: float) -> None:
    rng = np.random.default_rng(1)
    values = np.where(rng.random(400) < 0.8, 0.0, np.round(rng.normal(-2, 3, 400), 1))
    line = issued(values, 1, threshold, signed=True)[0]
    assert line.method == "climatology"
    assert line.p_exceed == pytest.approx(np.mean(values >= threshold), abs=0.006)
    assert line.median == 0.0


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


def kept_outlooks(values: Floats, ends: range) -> list[Outlook]:
    series = Series.of(START, values)
    return [kept for end in ends if (kept := outlook("w", "i", series[:end]))]


def test_kept_forecasts_are_scored_against_what_came_beside_climatology() -> None:
    values = simulate(VESSELS, 1, 400, 4)[0]
    kept = kept_outlooks(values, range(300, 390, 9))
    days, total = scoreboard(kept, Series.of(START, values))
    assert (days.target, total.target) == ("days", "total")
    assert days.count >= 50
    assert 0.8 <= days.coverage <= 1
    assert 0 < days.crps < 3 < total.crps
    assert days.skill == pytest.approx(0, abs=0.1)
    assert days.brier is not None
    assert days.brier < 0.3
    assert sum(point.count for point in days.reliability) == days.count
    assert total.brier is None


def test_forecasts_of_days_to_come_or_missing_are_not_scored() -> None:
    values = simulate(VESSELS, 1, 400, 4)[0]
    kept = kept_outlooks(values, range(300, 320, 9))
    assert not scoreboard(kept, Series.of(START, values[:300]))
    values[305] = np.nan
    days, totals = told(kept[:1], Series.of(START, values[:308]))
    assert len(days) == np.sum(~np.isnan(values[300:307])) < 7
    assert not totals


def test_a_blind_series_and_a_short_one_have_no_outlook() -> None:
    assert outlook("w", "i", Series.of(START, [3.0] * 100 + [None] * 7)) is None
    assert outlook("w", "i", Series.of(START, [3.0] * 7)) is None
    assert outlook("w", "i", Series.of(START, [3.0] * 100)) is not None


def test_of_a_series_that_never_changes_it_is_asked_whether_it_will_exceed_all() -> None:
    kept = outlook("w", "i", Series.of(START, [0.0] * 100))
    assert kept is not None
    assert kept.threshold == 1
    assert all(line.p_exceed is not None and line.p_exceed < 0.01 for line in kept.forecasts)


def total(values: Floats, horizon: int, threshold: float | None = None) -> Forecast:
    return issued(values, horizon, threshold)[-1]


@pytest.mark.parametrize(("days", "horizon"), [(8, 7), (14, 7), (30, 14)])
def test_the_total_of_a_short_series_is_told_as_uncertainly_as_it_is_known(days: int, horizon: int) -> None:
    held, missed = [], []
    for seed in range(40):
        values = np.random.default_rng(seed + 500).poisson(12, days + horizon).astype(float)
        came, usual = values[days:].sum(), 12.0 * horizon
        line = total(values[:days], horizon, usual)
        held.append(line.quantiles["0.05"] <= came <= line.quantiles["0.95"])
        assert line.p_exceed is not None
        missed.append((line.p_exceed - (came >= usual)) ** 2)
    assert np.mean(held) >= 0.8
    assert np.mean(missed) <= 0.33


def test_thirty_days_are_no_one_total_and_doubt_is_no_certainty() -> None:
    values = np.random.default_rng(31).poisson(12, 30).astype(float)
    line = total(values, 30, float(values.sum()))
    assert line.quantiles["0.95"] - line.quantiles["0.05"] > 2 * 1.645 * np.sqrt(12 * 30)
    assert line.p_exceed is not None
    assert 0.3 < line.p_exceed < 0.7


@pytest.mark.parametrize(
    ("values", "signed"),
    [
        ([0.0] * 12, False),
        ([4.5] * 12, False),
        ([0.1, 0.2, 0.3, 0.1] * 4, False),
        ([-3.0, 2.0, 0.5, -1.0] * 4, True),
        ([*([None] * 20), *([5.0, 6.0, None, 4.0] * 4)], False),
        ([1e12, 0.0] * 8, False),
    ],
)
def test_totals_of_odd_short_series_are_told(values: list[float | None], signed: bool) -> None:
    line = issued(values, 7, 1.0, signed=signed)[-1]
    quantiles = list(line.quantiles.values())
    assert quantiles == sorted(quantiles)
    assert np.isfinite(quantiles).all()
    assert line.p_exceed is not None
    known = [value for value in values if value is not None]
    assert quantiles[0] <= 7 * np.mean(known) <= quantiles[-1]


def test_many_runs_of_days_are_a_sample_as_they_are() -> None:
    values = simulate(replace(VESSELS, ar_sd=0.0, weekday=0.0, missing=0.0), 1, 300, 9)[0]
    sums = np.convolve(values, np.ones(7), "valid")
    line = total(values, 7, float(np.median(sums)))
    assert line.method == "climatology"
    assert line.p_exceed == pytest.approx(np.mean(sums >= np.median(sums)), rel=1e-5)
