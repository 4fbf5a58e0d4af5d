"""Every day of a series against its own past, without look-ahead: baseline, surge, burden, creep.

One step takes one day of many series at once and costs the same whatever came before. `replay` runs one series,
`resume` goes on from kept state, `replay_many` runs a block of series.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

import numpy as np

from tocsin.measure import baseline, creep, reference, surge
from tocsin.measure.series import Flags, Floats, Rebase, Series
from tocsin.measure.settings import DEFAULT, Settings
from tocsin.measure.state import Memory, State, from_bytes, start, to_bytes
from tocsin.records import Health, Measurement

INTERVAL = (0.05, 0.95)
CREEP_INTERVAL = 1.645  # standard errors: 90 %
MISSING = np.array([np.nan])
LEAST_COVERAGE = 0.5  # a day of which less was reported counts as missing
BLOCK = 2500  # series per block in `replay_many`: keeps the working arrays in the processor's cache


@dataclass(frozen=True, slots=True)
class Day:
    """What one day of `n` series came to (arrays of length n)."""

    mean: Floats
    variance: Floats
    warm: Flags
    surge: Flags
    burden: Flags
    creep: Flags
    index: Floats
    index_error: Floats


@dataclass(frozen=True)
class Replayed:
    """What `replay_many` returns: arrays of series × days."""

    expected: Floats
    surge: Flags
    burden: Flags
    creep: Flags
    creep_index: Floats


def advance(state: State, values: Floats, day_class: int, settings: Settings, admit: bool = True) -> Day:
    """Take one more day of every series into `state` (in place). `admit` says whether the day may enter the reference."""
    b, r, c = state.baseline, state.reference, state.creep
    expected = baseline.expect(b, day_class, settings, state.signed)
    warm = (b.seen >= settings.warm_up) & (expected.days > settings.warm_up / 3)
    z = baseline.score(values, expected.mean, expected.variance, state.signed)
    z = np.where(warm, z, np.nan)
    on = surge.step(state.surge, z, settings)
    cap = expected.mean + np.where(on, 1.0, 3.0) * np.sqrt(expected.variance)
    capped = np.where(warm, np.minimum(values, cap), np.nan)
    level, unit = _reference(state)
    ready = r.days >= settings.reference_least
    creep.step(c, np.where(ready, (capped / expected.factor - level) / unit, np.nan), r.days, settings)
    creep.hang_together(c, state.day, z)
    calm = c.creep_sum < 0.6 * settings.creep_threshold
    reference.learn(r, state.day, capped if admit else capped * np.nan, expected.factor, calm, settings)
    fell = reference.settle(r, z, np.sqrt(creep.inflation(c)), settings)
    c.week_square[fell] = c.day_square[fell] = 0.0
    baseline.learn(b, state.day, values, day_class, expected, on, settings, state.signed)
    state.day += 1
    mean, error = creep.index(c, unit, r.days)
    known = ready & (c.recent_weight > 5) & (not state.signed)
    base = np.where(known, level, np.nan)
    return Day(expected.mean, expected.variance, warm, on, c.burden_on, c.creep_on, 1 + mean / base, error / base)


def _reference(state: State) -> tuple[Floats, Floats]:
    """Level of the reference and the long-run standard deviation of a day about it."""
    r = state.reference
    level = np.nan_to_num(reference.level(r))
    if state.signed:
        least = np.full_like(level, 0.01)
    else:
        level = np.maximum(level, 0.5 / (r.days + 1))
        least = np.sqrt(baseline.least_variance(state.baseline, level))
    spread = np.maximum(reference.spread(r, level), least)
    return level, spread * np.sqrt(creep.inflation(state.creep))


def replay(series: Series, settings: Settings = DEFAULT, rebases: Iterable[Rebase] = ()) -> Iterator[Measurement]:
    """Measure every day of a series; the answer for a day is the same whatever follows it."""
    measurements, _ = resume(series, None, settings, rebases)
    return iter(measurements)


def resume(
    series: Series, state: bytes | None, settings: Settings = DEFAULT, rebases: Iterable[Rebase] = ()
) -> tuple[list[Measurement], bytes]:
    """Measure the days of `series` that follow what `state` has seen; returns them and the state to keep.

    `state` is what an earlier call returned (None at the beginning). Days it has already seen are left out, days
    between are missing. A new regime begins its own baselines; a returning one goes on from where it was left. A re-base
    acts on its day: one decided later for an earlier day needs a replay from the start.

    Raises:
        ValueError: `state` was not made by this version of tocsin.
    """
    memory = from_bytes(state) if state else Memory()
    acts = {act.day for act in rebases}
    first = 0 if memory.last is None else bisect_right(series.dates, memory.last)
    shares = np.where(series.coverage > 0, series.coverage, np.where(series.coverage == 0, 0.0, 1.0))
    told = np.where(shares >= LEAST_COVERAGE, series.values, np.nan)
    days: list[Day] = []
    for at in range(first, len(series)):
        day = series.dates[at]
        memory.regime = series.regime[at]
        state_now = memory.states.setdefault(memory.regime, start(1, settings, series.signed))
        for skipped in _between(memory.last, day):
            advance(state_now, MISSING, skipped.weekday(), settings)
        if day in acts:
            state_now.reference, state_now.creep = reference.start(1, settings), creep.start(1)
        value = told[at : at + 1] / max(shares[at], LEAST_COVERAGE)
        admit = settings.reference is None or settings.reference[0] <= day <= settings.reference[1]
        days.append(advance(state_now, value, series.day_class(day), settings, admit))
        memory.last = day
    return _measurements(series, first, told, shares, days), to_bytes(memory)


def _between(last: Date | None, day: Date) -> Iterator[Date]:
    """The days that neither an earlier part nor this one has."""
    if last is not None:
        for n in range(1, (day - last).days):
            yield last + timedelta(days=n)


def _measurements(series: Series, first: int, told: Floats, shares: Floats, days: list[Day]) -> list[Measurement]:
    if not days:
        return []
    part = slice(first, None)
    warm = np.array([day.warm[0] for day in days])
    share = np.maximum(shares[part], LEAST_COVERAGE)
    mean = np.array([day.mean[0] for day in days]) * share
    variance = np.array([day.variance[0] for day in days]) * share
    whole = bool(np.all(np.nan_to_num(told[:first]) % 1 == 0))
    fractional = np.logical_or.accumulate(np.nan_to_num(told[part]) % 1 != 0) | (not whole)
    safe = np.where(warm & ((mean > 0) | series.signed), mean, 1.0), np.where(warm, variance, 1.0)
    bounds = []
    for probability in INTERVAL:
        exact = baseline.quantile(*safe, probability, series.signed, whole=False)
        bounds.append(np.where(fractional | series.signed, exact, np.ceil(exact - 1e-6)))
    return [
        Measurement(
            date=series.dates[first + n],
            value=_stated(told[first + n]),
            expected=_rounded(mean[n]) if warm[n] else None,
            interval=(_rounded(bounds[0][n]), _rounded(bounds[1][n])) if warm[n] else None,
            surge=bool(day.surge[0]),
            burden=bool(day.burden[0]),
            creep=bool(day.creep[0]),
            creep_index=_rounded(day.index[0]) if np.isfinite(day.index[0]) else None,
            creep_interval=_index_interval(day),
            health=_health(told[first + n], bool(warm[n])),
        )
        for n, day in enumerate(days)
    ]


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
    index, error = day.index[0], day.index_error[0]
    if not (np.isfinite(index) and np.isfinite(error)):
        return None
    return _rounded(max(index - CREEP_INTERVAL * error, 0.0)), _rounded(index + CREEP_INTERVAL * error)


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
        *(np.zeros(shape, dtype=bool) for _ in range(3)),
        np.full(shape, np.nan, dtype=np.float32),
    )
    for low in range(0, shape[0], BLOCK):
        part = slice(low, min(low + BLOCK, shape[0]))
        columns = np.ascontiguousarray(values[part].T, dtype=float)
        state = start(columns.shape[1], settings, signed)
        for at, column in enumerate(columns):
            day = advance(state, column, (first_weekday + at) % 7, settings)
            result.expected[part, at] = np.where(day.warm, day.mean, np.nan)
            result.surge[part, at], result.burden[part, at] = day.surge, day.burden
            result.creep[part, at], result.creep_index[part, at] = day.creep, day.index
    return result
