"""Every day of a series against its own past, without look-ahead: baseline, surge, burden, creep.

One step takes one day of many series at once and costs the same whatever came before. `replay` runs one series,
`resume` goes on from kept state, `replay_many` runs a block of series.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tocsin.measure import baseline, creep, reference, season, surge
from tocsin.measure.arithmetic import MANY, ONE, Arithmetic, Number
from tocsin.measure.counts import quantile
from tocsin.measure.series import Flags, Floats, Rebase, Series
from tocsin.measure.settings import DEFAULT, Settings
from tocsin.measure.state import Memory, State, from_bytes, start, to_bytes
from tocsin.records import Health, Measurement

INTERVAL = (0.05, 0.95)
CREEP_INTERVAL = 1.645  # standard errors: 90 %
ALONE = 2.6  # normal scores: one single event on a day is, however rare, no surge unless another follows
SURGE_CAP, CALM_CAP = 2.0, 3.0  # standard deviations above expectation at which creep and burden cut a day off
SUSPICION = 0.6  # of the creep threshold: from here on no day enters the reference
LEAST_COVERAGE = 0.5  # a day of which less was reported counts as missing
BLOCK = 2500  # series per block in `replay_many`: keeps the working arrays in the processor's cache


@dataclass(frozen=True, slots=True)
class Day:
    """What one day came to; flags are 1 or 0, `index` is NaN where there is none."""

    mean: Number
    variance: Number
    warm: Number
    surge: Number
    burden: Number
    creep: Number
    index: Number
    index_error: Number


@dataclass(frozen=True)
class Replayed:
    """What `replay_many` returns: arrays of series × days."""

    expected: Floats
    surge: Flags
    burden: Flags
    creep: Flags
    creep_index: Floats


def advance(
    a: Arithmetic,
    state: State,
    value: Number,
    day_class: int,
    turn: float,
    settings: Settings,
    signed: bool = False,
    admit: bool = True,
) -> Day:
    """Take one more day into `state`. `turn` is its share of the year, `admit` whether it may enter the reference."""
    b, r, c = state.baseline, state.reference, state.creep
    expected = baseline.expect(a, b, day_class, signed)
    warm = (b.seen >= settings.warm_up) * (expected.days > settings.warm_up / 3)
    z = a.where(warm, baseline.score(a, value, expected.mean, expected.variance, signed), math.nan)
    alone = (value == 1) * (1 - b.fractional) * (not signed)
    z = a.where(alone, a.least(z, ALONE), z)
    on = surge.step(a, state.surge, z, settings)
    cap = expected.mean + a.where(on, SURGE_CAP, CALM_CAP) * a.root(expected.variance)
    capped = a.where(warm, a.least(value, cap), math.nan)
    inflation = creep.inflation(a, c)
    level, unit = _reference(a, state, inflation, signed)
    ready = r.days >= settings.reference_least
    lift = season.factor(state.season, turn)
    even = capped / expected.factor  # free of the weekday
    excess = a.where(ready, (even / lift - level) / unit, math.nan)
    creep.step(a, c, excess, r.days, settings)
    creep.hang_together(a, c, z)
    calm = a.most(c.creep_total < SUSPICION * settings.creep_threshold, settings.reference is not None)
    told = capped if admit else capped * math.nan
    stays = 1 - reference.learn(a, r, told, expected.factor, turn, calm, inflation, settings)
    if not signed:
        season.learn(a, state.season, turn, even, inflation)
    c.week_square, c.day_square = c.week_square * stays, c.day_square * stays
    baseline.learn(a, b, value, day_class, expected, on, settings, signed)
    mean, error = creep.index(a, c, r.days)
    scale = a.where(ready * (c.recent_weight > 5) * (not signed), unit / a.most(level, 1e-300), math.nan)
    return Day(expected.mean, expected.variance, warm, on, c.burden_on, c.creep_on, 1 + mean * scale, error * scale)


def _reference(a: Arithmetic, state: State, inflation: Number, signed: bool) -> tuple[Number, Number]:
    """Level of the reference and the long-run standard deviation of a day about it."""
    level, days = reference.level(a, state.reference, state.season), state.reference.days
    if signed:
        least = 0.01
    else:
        level = a.most(level, baseline.least_mean(a, state.baseline, days))
        least = a.root(baseline.least_variance(a, state.baseline, level))
    return level, a.most(reference.spread(a, state.reference), least) * a.root(inflation)


def replay(series: Series, settings: Settings = DEFAULT, rebases: Iterable[Rebase] = ()) -> Iterator[Measurement]:
    """Measure every day of a series; the answer for a day is the same whatever follows it."""
    measurements, _ = resume(series, None, settings, rebases)
    return iter(measurements)


def resume(
    series: Series, state: bytes | None, settings: Settings = DEFAULT, rebases: Iterable[Rebase] = ()
) -> tuple[list[Measurement], bytes]:
    """Measure the days of `series` that follow what `state` has seen; returns them and the state to keep.

    `state` is what an earlier call returned (None at the beginning). Days it has already seen are left out, days
    between are missing. A new regime begins its own baselines; a returning one goes on from where it was left. A
    re-base acts on its day: one decided later for an earlier day needs a replay from the start.

    Raises:
        ValueError: `state` was not made by this version of tocsin.
    """
    memory = from_bytes(state) if state else Memory(signed=series.signed)
    acts = {act.day for act in rebases}
    first = 0 if memory.last is None else bisect_right(series.dates, memory.last)
    shares = np.where(np.isnan(series.coverage), 1.0, series.coverage)
    told = np.where(shares >= LEAST_COVERAGE, series.values, np.nan)
    whole = (told / np.maximum(shares, LEAST_COVERAGE)).tolist()
    days: list[Day] = []
    for at in range(first, len(series)):
        day = series.dates[at]
        kept = memory.regimes.setdefault(series.regime[at], start(0.0))
        for skipped in _between(memory.last, day):
            advance(ONE, kept, math.nan, skipped.weekday(), _turn(skipped), settings, memory.signed)
        if day in acts:
            kept.reference, kept.creep = reference.start(0.0), creep.start(0.0)
        admit = settings.reference is None or settings.reference[0] <= day <= settings.reference[1]
        kind = series.day_class(day)
        days.append(advance(ONE, kept, whole[at], kind, _turn(day), settings, memory.signed, admit))
        memory.last = day
    fractional = np.logical_or.accumulate([memory.fractional, *(np.nan_to_num(told[first:]) % 1 != 0)])[1:]
    memory.fractional = bool(fractional.any()) or memory.fractional
    return _measurements(series, first, told, shares, days, fractional), to_bytes(memory)


def _turn(day: date) -> float:
    """Which share of the year has gone by."""
    return day.toordinal() / season.YEAR % 1


def _between(last: date | None, day: date) -> Iterator[date]:
    """The days that neither an earlier part nor this one has."""
    if last is not None:
        for n in range(1, (day - last).days):
            yield last + timedelta(days=n)


def _measurements(
    series: Series, first: int, told: Floats, shares: Floats, days: Sequence[Day], fractional: Flags
) -> list[Measurement]:
    if not days:
        return []
    warm = np.array([day.warm for day in days], dtype=bool)
    share = np.maximum(shares[first:], LEAST_COVERAGE)
    mean = np.array([day.mean for day in days]) * share
    low, high = _interval(mean, np.array([day.variance for day in days]) * share, warm, series.signed)
    if not series.signed:
        low, high = (np.where(fractional, bound, np.ceil(bound - 1e-6)) + 0.0 for bound in (low, high))
    return [
        Measurement(
            date=series.dates[first + at],
            value=_stated(told[first + at]),
            expected=_rounded(mean[at]) if warm[at] else None,
            interval=(_rounded(low[at]), _rounded(high[at])) if warm[at] else None,
            surge=bool(day.surge),
            burden=bool(day.burden),
            creep=bool(day.creep),
            creep_index=_rounded(day.index) if day.index == day.index else None,
            creep_interval=_index_interval(day),
            health=_health(told[first + at], bool(warm[at])),
        )
        for at, day in enumerate(days)
    ]


def _interval(mean: Floats, variance: Floats, warm: Flags, signed: bool) -> tuple[Floats, Floats]:
    """The 90 % band of the days that have one (0 elsewhere)."""
    bounds = np.zeros((2, len(mean)))
    for at, probability in enumerate(INTERVAL):
        bounds[at, warm] = quantile(mean[warm], variance[warm], probability, signed)
    return bounds[0], bounds[1]


def _health(value: float, warm: bool) -> Health:
    if np.isnan(value):
        return "missing"
    return "ok" if warm else "warming-up"


def _stated(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rounded(number: float) -> float:
    """Six significant digits: what follows is noise, and would differ between machines."""
    return float(f"{number:.6g}")


def _index_interval(day: Day) -> tuple[float, float] | None:
    if day.index != day.index:
        return None
    margin = CREEP_INTERVAL * day.index_error
    return _rounded(max(day.index - margin, 0.0)), _rounded(day.index + margin)


def replay_many(values: Floats, first_weekday: int = 0, settings: Settings = DEFAULT, signed: bool = False) -> Replayed:
    """Replay many series of the same days at once.

    Args:
        values: series × days; NaN is missing.
        first_weekday: weekday of the first column (Monday is 0).
        settings: thresholds and memories; `reference` dates are not looked at, for the days here have none.
        signed: whether values may be negative.

    Returns:
        Arrays of series × days. `expected` and `creep_index` are NaN where `replay` has None.
    """
    shape = values.shape
    result = Replayed(
        np.full(shape, np.nan, dtype=np.float32),
        np.zeros(shape, dtype=bool),
        np.zeros(shape, dtype=bool),
        np.zeros(shape, dtype=bool),
        np.full(shape, np.nan, dtype=np.float32),
    )
    for low in range(0, shape[0], BLOCK):
        part = slice(low, min(low + BLOCK, shape[0]))
        columns = np.ascontiguousarray(values[part].T, dtype=float)
        state = start(np.zeros(columns.shape[1]))
        for at, column in enumerate(columns):
            day = advance(MANY, state, column, (first_weekday + at) % 7, at / season.YEAR, settings, signed)
            result.expected[part, at] = np.where(day.warm, day.mean, np.nan)
            result.surge[part, at], result.burden[part, at] = day.surge, day.burden
            result.creep[part, at], result.creep_index[part, at] = day.creep, day.index
    return result
