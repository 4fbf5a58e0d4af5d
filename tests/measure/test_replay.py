"""Replay: no look-ahead, the same answer by every road, and sense on any series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.measure import DEFAULT, Rebase, Series, replay, replay_many, resume, season
from tocsin.measure.arithmetic import ONE
from tocsin.measure.simulate import AIR, VESSELS, simulate
from tocsin.records import Measurement

START = date(2021, 1, 4)  # a Monday

counts = st.lists(
    st.one_of(
        st.none(),
        st.integers(0, 60),
        st.floats(0, 1e12, allow_nan=False),
        st.sampled_from([0, 0, 0, 1, 10**9]),
    ),
    max_size=150,
)


def measured(values: object, **more: object) -> list[Measurement]:
    return list(replay(Series.of(START, values, **more)))  # type: ignore[arg-type]


def air(days: int, seed: int = 1, **more: float) -> np.ndarray:
    return simulate(replace(AIR, **more), 1, days, seed)[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts, st.integers(0, 150))
def test_the_answer_for_a_day_is_the_same_whatever_follows_it(values: list[float | None], cut: int) -> None:
    assert measured(values)[:cut] == measured(values[:cut])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts, st.lists(st.integers(0, 150), max_size=3), st.booleans())
def test_going_on_from_kept_state_is_the_same_as_replaying(
    values: list[float | None], cuts: list[int], signed: bool
) -> None:
    series = Series.of(START, values, signed=signed, regime=["a" if n < 70 else "b" for n in range(len(values))])
    state, found = None, []
    for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), len(values)], strict=True):
        part, state = resume(series[first:last], state)
        found += part
    assert found == list(replay(series))


def test_days_already_seen_are_left_out_and_days_between_are_missing() -> None:
    series = Series.of(START, air(120))
    _, state = resume(series[:80], None)
    again, state = resume(series[60:90], state)
    assert [m.date for m in again] == list(series.dates[80:90])
    late, _ = resume(series[100:], state)
    gap = series.values.copy()
    gap[90:100] = np.nan
    assert late == list(replay(replace(series, values=gap)))[100:]


def test_one_series_and_many_give_the_same() -> None:
    values = simulate(AIR, 3, 500, 3)
    many = replay_many(values, START.weekday())
    for row, flags in enumerate(values):
        one = measured(flags)
        assert [m.surge for m in one] == many.surge[row].tolist()
        assert [m.burden for m in one] == many.burden[row].tolist()
        assert [m.creep for m in one] == many.creep[row].tolist()
        expected = np.array([np.nan if m.expected is None else m.expected for m in one])
        assert np.allclose(expected, many.expected[row], rtol=1e-4, equal_nan=True)


def test_state_is_bytes_that_do_not_grow_and_strangers_are_refused() -> None:
    _, short = resume(Series.of(START, air(300)), None)
    _, long = resume(Series.of(START, air(1500)), None)
    assert len(long) < 1.1 * len(short)
    for blob in (b"", b"{}", b"\x00", b'{"replay":99}', short[:100]):
        if blob:
            with pytest.raises(ValueError, match="replay the series from its start"):
                resume(Series.of(START, [1]), blob)


@pytest.mark.parametrize(
    "values",
    [
        [],
        [3],
        [1] * 10,
        [None] * 400,
        [0] * 800,
        [5] * 800,
        [5.5] * 800,
        [10**15] * 300,
        [0.001 * n for n in range(300)],
        [None] * 500 + [4, 5] * 100 + [None] * 300 + [6] * 100,
        [0] * 399 + [1] + [0] * 200,
        [1e300] * 100,
    ],
)
def test_odd_series_never_fail_and_calm_ones_are_calm(values: list[float | None]) -> None:
    days = measured(values)
    assert len(days) == len(values)
    assert not any(day.creep for day in days if len(set(values)) < 3)
    for day, value in zip(days, values, strict=True):
        assert (day.health == "missing") == (value is None)
        assert (day.expected is None) == (day.interval is None)
        if day.interval is not None:
            assert day.interval[0] <= day.interval[1]


@pytest.mark.parametrize("value", [7, 400])
def test_a_constant_series_departs_from_nothing(value: int) -> None:
    days = measured([value] * 900)
    assert not any(day.surge or day.burden or day.creep for day in days)
    assert days[-1].creep_index == pytest.approx(1.0, abs=1e-3)


def test_ten_days_are_warming_up() -> None:
    assert {day.health for day in measured([3, 4, 5, 3, 2, 4, 6, 5, 3, 4])} == {"warming-up"}


def test_a_surge_is_seen_on_its_first_day_when_it_is_plain() -> None:
    values = simulate(VESSELS, 1, 200, 5)[0]
    values[150:155] = 30
    days = measured(values)
    assert not days[149].surge
    assert days[150].surge
    assert not any(day.creep for day in days)


def test_missing_is_never_zero() -> None:
    values = simulate(VESSELS, 1, 400, 5)[0]
    values[200:260] = np.nan
    days = measured(values)
    assert all(day.health == "missing" and day.value is None for day in days[200:260])
    assert days[260].expected == pytest.approx(days[199].expected, rel=0.25)


@pytest.mark.parametrize("gaps", [(), ((400, 460),), ((100, 190), (465, 555))])
def test_neither_warming_up_nor_an_outage_is_taken_for_a_season(gaps: tuple[tuple[int, int], ...]) -> None:
    values = np.random.default_rng(8).poisson(100, (6, 1100)).astype(float)
    for first, end in gaps:
        values[:, first:end] = np.nan
    found = replay_many(values)
    assert not found.burden.any()
    assert not found.creep.any()
    assert found.creep_index[:, -1] == pytest.approx(np.ones(6), abs=0.05)


@pytest.mark.parametrize("outage", [0, 150, 400])
def test_a_season_is_learnt_also_where_an_outage_hides_a_part_of_it(outage: int) -> None:
    day = np.arange(730)
    turns = day / season.YEAR % 1
    truth = 1 + 0.4 * np.cos(2 * np.pi * turns)
    values = 50 * truth
    values[outage : outage + 60] = np.nan
    learnt = season.start(0.0)
    for turn, value in zip(turns.tolist(), values.tolist(), strict=True):
        season.learn(ONE, learnt, turn, value, 1.0)
    assert np.array([season.factor(learnt, turn) for turn in turns]) == pytest.approx(truth, abs=0.12)


def test_the_expected_band_holds_nine_days_in_ten() -> None:
    days = [day for seed in range(4) for day in measured(air(800, seed)) if day.health == "ok"]
    inside = [day.interval[0] <= day.value <= day.interval[1] for day in days if day.interval and day.value is not None]
    assert 0.87 <= np.mean(inside) <= 0.96


@pytest.mark.parametrize("scale", [2.0**-30, 2.0**-7])
def test_what_is_no_count_is_measured_alike_however_small_it_is(scale: float) -> None:
    values = np.random.default_rng(6).gamma(16, 1 / 16, 700)
    values[90:130] = 0.0
    values[500:] *= 3
    plain, other = measured(values), measured(values * scale)
    assert any(day.creep for day in plain)
    for one, same in zip(plain, other, strict=True):
        assert (one.surge, one.burden, one.creep, one.creep_index) == (
            same.surge, same.burden, same.creep, same.creep_index,
        )  # fmt: skip
        if one.interval is not None and same.interval is not None:
            assert same.interval == pytest.approx([bound * scale for bound in one.interval], rel=1e-4, abs=0)


def test_the_band_of_small_values_holds_nine_in_ten() -> None:
    values = np.random.default_rng(7).gamma(25, 0.001 / 25, 600)
    days = [day for day in measured(values) if day.interval is not None]
    assert 0.85 <= np.mean([day.interval[0] <= day.value <= day.interval[1] for day in days]) <= 0.98  # type: ignore[index,operator]


def test_weekdays_are_learnt() -> None:
    values = simulate(replace(AIR, weekday=0.5), 1, 700, 2)[0]
    last = measured(values)[-28:]
    by_day = {day.date.weekday(): day.expected for day in last}
    assert by_day[0] > 1.4 * by_day[3]  # type: ignore[operator]


def test_a_holiday_is_expected_to_be_as_earlier_holidays_were() -> None:
    values = simulate(replace(VESSELS, missing=0.0), 1, 700, 2)[0]
    holidays = [START + timedelta(days=n) for n in range(5, 700, 20)]
    for day in holidays:
        values[(day - START).days] = 0
    told = measured(values, holidays=holidays)
    at = (holidays[-1] - START).days
    assert told[at].expected < 0.6 * told[at - 1].expected  # type: ignore[operator]


def test_regimes_are_fitted_apart() -> None:
    values = simulate(VESSELS, 1, 600, 4)[0]
    values[300:] *= 4
    regime = ["old"] * 300 + ["new"] * 300
    days = measured(values, regime=regime)
    assert days[300].health == "warming-up"
    assert not any(day.burden or day.creep for day in days[300:])
    assert any(day.creep for day in measured(values)[300:])


def test_a_regime_that_returns_goes_on_from_where_it_was() -> None:
    values = simulate(VESSELS, 1, 400, 4)[0]
    days = measured(values, regime=["a"] * 200 + ["b"] * 10 + ["a"] * 190)
    assert days[212].health == "ok"


def test_a_rebase_is_an_act_on_its_day_and_clears_what_was_declared() -> None:
    values = simulate(VESSELS, 1, 700, 4)[0]
    values[350:] *= 2
    series = Series.of(START, values)
    plain = list(replay(series))
    act = Rebase(series.dates[450], "N. N.", "the garrison was enlarged; this is the new normal")
    rebased = list(replay(series, rebases=[act]))
    assert rebased[:450] == plain[:450]
    assert plain[449].creep
    assert plain[-1].creep
    assert not any(day.creep for day in rebased[450:])


def test_a_reference_can_be_named() -> None:
    values = simulate(VESSELS, 1, 700, 4)[0]
    values[:200] *= 3
    series = Series.of(START, values)
    named = replace(DEFAULT, reference=(series.dates[0], series.dates[150]))
    assert list(replay(series, named))[-1].creep_index < 0.6  # type: ignore[operator]


def test_the_wake_of_a_crisis_is_no_reference() -> None:
    values = simulate(VESSELS, 1, 500, 4)[0]
    values[:70] *= 2
    index = measured(values)[-1].creep_index
    assert index == pytest.approx(1.0, abs=0.15)


def test_the_creep_index_tells_how_far_normal_has_moved() -> None:
    values = simulate(VESSELS, 1, 900, 4)[0]
    values[500:] *= 2
    last = measured(values)[-1]
    assert last.creep_index == pytest.approx(2.0, abs=0.25)
    assert last.creep_interval is not None
    assert last.creep_interval[0] < 2.05 < last.creep_interval[1] + 0.3


def test_a_day_half_reported_counts_for_half() -> None:
    values = [10.0] * 100
    values[-1] = 5.0
    coverage = [1.0] * 99 + [0.5]
    day = measured(values, coverage=coverage)[-1]
    assert day.expected == pytest.approx(5.0, rel=0.1)
    assert not day.surge
    assert measured(values, coverage=[1.0] * 99 + [0.2])[-1].health == "missing"


def test_values_below_zero_are_measured_where_they_make_sense() -> None:
    rng = np.random.default_rng(2)
    values = rng.normal(-5, 4, 400)
    values[300:308] += 20
    days = measured(values, signed=True)
    assert any(day.surge for day in days[300:304])
    assert days[-1].creep_index is None


def test_a_single_event_of_a_rare_kind_is_no_surge_and_two_days_in_a_row_are() -> None:
    quiet = [0.0] * 400
    for day in (150, 230, 320):
        quiet[day] = 1.0
    assert not any(day.surge for day in replay(Series.of(date(2021, 1, 4), quiet)))
    quiet[321] = quiet[322] = 1.0
    assert any(day.surge for day in replay(Series.of(date(2021, 1, 4), quiet)))
