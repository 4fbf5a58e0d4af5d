"""The rolling negative-binomial baseline: what a day would bring if the last weeks went on.

Level, weekday (and holiday) factors and dispersion are exponentially weighted sums, so a day costs the same however
long the series is. A value enters a week late, capped, and capped harder where it was part of a surge (Farrington et
al. 1996 and Noufaily et al. 2013 reweight past outbreaks for the same reason). Arrays hold one entry per series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from tocsin.measure.series import Flags, Floats
from tocsin.measure.settings import CLASSES, GUARD, Settings

PRIOR_ALPHA = 0.3  # variance = mean + alpha · mean²: what is believed of alpha before anything is seen
PRIOR_DAYS = 10.0
WEEKDAY_VARIANCE = 0.03  # of the true weekday factors, for shrinking the estimated ones
SETTLED = 10.0  # days of weight from which the baseline's own expectation is used to cap what enters it
TAIL = 6.0  # normal scores are cut off here


@dataclass(slots=True)
class Baseline:
    """Sufficient statistics. Shapes: (series), (series, day class), (series, guard), (guard)."""

    total: Floats
    exposure: Floats
    weight: Floats
    weight2: Floats
    excess: Floats
    square: Floats
    seen: Floats
    fractional: Floats
    class_total: Floats
    class_exposure: Floats
    late: Floats
    late_mean: Floats
    late_spread: Floats
    late_factor: Floats
    late_surge: Floats
    late_class: NDArray[np.int64]


@dataclass(slots=True)
class Expectation:
    """What a day was expected to bring, and on how many days' worth of evidence that rests."""

    mean: Floats
    variance: Floats
    factor: Floats
    alpha: Floats
    days: Floats


def start(n: int) -> Baseline:
    """An empty baseline for `n` series."""
    flat = [np.zeros(n) for _ in range(8)]
    by_class = [np.zeros((n, CLASSES)) for _ in range(2)]
    late = [np.full((n, GUARD), np.nan) for _ in range(5)]
    return Baseline(*flat, *by_class, *late, np.zeros(GUARD, dtype=np.int64))


def _ratio(over: Floats, under: Floats) -> Floats:
    return np.divide(over, under, out=np.zeros_like(over), where=under > 0)


def expect(b: Baseline, day_class: int, settings: Settings, signed: bool) -> Expectation:
    """What the rolling baseline expects of a day of this class."""
    days = np.minimum(_ratio(b.weight**2, b.weight2), 2 * b.weight)  # a long silence fades what was known
    level = _ratio(b.total, b.exposure)
    if signed:
        variance = (b.excess + PRIOR_DAYS * (1 + level**2)) / (b.square + PRIOR_DAYS)
        ones = np.ones_like(level)
        return Expectation(level, variance * (1 + 1.5 / (days + 1)), ones, variance, days)
    floor = 0.5 / (days + 1)
    base = np.maximum(level, floor)
    prior = PRIOR_DAYS * base**2
    alpha = (b.excess + (PRIOR_ALPHA - b.fractional / base) * prior) / (b.square + prior)
    relative = np.maximum(1 / base + alpha, 0.01)
    shrink = relative / WEEKDAY_VARIANCE
    factor = (b.class_total[:, day_class] + shrink) / (b.class_exposure[:, day_class] + shrink)
    mean = np.maximum(level * factor, floor)
    variance = np.maximum(mean + alpha * mean**2, least_variance(b, mean))
    variance += 1.5 * variance / (days + 1)
    return Expectation(mean, variance, factor, alpha, days)


def least_variance(b: Baseline, mean: Floats) -> Floats:
    """The variance below which no series is believed to be: a fifth of Poisson's for counts, else a tenth of the mean."""
    return np.where(b.fractional > 0, 0.01 * mean**2, 0.2 * mean)


def learn(
    b: Baseline,
    day: int,
    value: Floats,
    day_class: int,
    expected: Expectation,
    surge: Flags,
    settings: Settings,
    signed: bool,
) -> None:
    """Put today's value in the guard and let the value of a week ago into the sums (in place)."""
    slot = day % GUARD
    _admit(b, slot, settings, signed)
    b.late[:, slot] = value
    b.late_mean[:, slot] = expected.mean
    b.late_spread[:, slot] = np.sqrt(expected.variance)
    b.late_factor[:, slot] = expected.factor
    b.late_surge[:, slot] = surge
    b.late_class[slot] = day_class
    b.seen += ~np.isnan(value)
    np.maximum(b.fractional, np.nan_to_num(value) % 1 != 0, out=b.fractional)


def _admit(b: Baseline, slot: int, settings: Settings, signed: bool) -> None:
    y, mean = b.late[:, slot], b.late_mean[:, slot]
    known = ~np.isnan(y)
    settled = known & (b.weight > SETTLED)
    surge = b.late_surge[:, slot] > 0
    cap = mean + np.where(surge, 1.0, 4.0) * b.late_spread[:, slot]
    y = np.where(known, np.where(settled, np.minimum(y, cap), y), 0.0)
    factor = np.where(settled, b.late_factor[:, slot], known)
    level = _ratio(b.total, b.exposure)
    keep, slow = np.exp(-1 / settings.memory), np.exp(-1 / settings.slow_memory)
    for sums, gain in ((b.total, y), (b.exposure, factor), (b.weight, known)):
        sums *= keep
        sums += gain
    b.weight2 *= keep * keep
    b.weight2 += known
    learnt = settled & ~surge
    m = np.where(learnt, mean, 0.0)
    miss = np.where(learnt, (y - m) ** 2, 0.0)
    b.excess *= slow
    b.square *= slow
    if signed:
        b.excess += miss
        b.square += learnt
        return
    b.excess += miss - m
    b.square += m**2
    column = int(b.late_class[slot])
    learnt &= level > 0
    for by_class, gain in ((b.class_total, _ratio(y, level)), (b.class_exposure, learnt)):
        by_class[:, column] *= slow**3.5  # a class comes once a week: half the rate per day
        by_class[:, column] += np.where(learnt, gain, 0.0)


def score(value: Floats, mean: Floats, variance: Floats, signed: bool) -> Floats:
    """The normal score of a value: the standard normal quantile of its mid-P under the expected distribution.

    Negative binomial where the variance exceeds the mean; a Poisson in units of variance/mean where it does not, which
    also serves values that are no counts (shares, sums of money); normal where values may be negative. NaN stays NaN.
    """
    if signed:
        return np.clip((value - mean) / np.sqrt(variance), -TAIL, TAIL)
    unit = np.minimum(variance / mean, 1.0)
    y, m = np.maximum(value / unit, 0.0), mean / unit
    size = np.minimum(m**2 / np.maximum(variance / unit**2 - m, 1e-9 * m), 1e5)
    fail = m / (size + m)
    above = special.betainc(y + 1, size, fail)  # P(Y > y)
    at_least = np.where(y > 0, special.betainc(np.maximum(y, 1e-12), size, fail), 1.0)
    return np.clip(-special.ndtri((above + at_least) / 2), -TAIL, TAIL)


def quantile(mean: Floats, variance: Floats, probability: float, signed: bool, whole: bool = True) -> Floats:
    """The value that a day stays below with this probability: the inverse of the distribution `score` uses."""
    if signed:
        return mean + np.sqrt(variance) * float(special.ndtri(probability))
    unit = np.minimum(variance / mean, 1.0)
    m = mean / unit
    size = np.minimum(m**2 / np.maximum(variance / unit**2 - m, 1e-9 * m), 1e5)
    at = special.nbdtrik(probability, size, size / (size + m)) * unit
    at = np.nan_to_num(np.maximum(at, 0.0), nan=0.0)
    return np.ceil(at - 1e-6) if whole else at
