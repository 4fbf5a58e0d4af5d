"""The rolling negative-binomial baseline: what a day would bring if the last weeks went on.

Level, weekday (and holiday) factors and dispersion are exponentially weighted sums, so a day costs the same however
long the series is. A value enters a week late, capped, and capped harder where it was part of a surge (Farrington et
al. 1996 and Noufaily et al. 2013 reweight past outbreaks for the same reason).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tocsin.measure.arithmetic import Arithmetic, Number
from tocsin.measure.settings import CLASSES, GUARD, Settings

PRIOR_ALPHA = 0.3  # variance = mean + alpha · mean²: what is believed of alpha before anything is seen
PRIOR_DAYS = 10.0
WEEKDAY_VARIANCE = 0.03  # of the true weekday factors, for shrinking the estimated ones
SETTLED = 10.0  # days of weight from which the baseline's own expectation caps what enters it
CALM_CAP, SURGE_CAP = 4.0, 1.0  # standard deviations above expectation at which a value enters the baseline
TAIL = 6.0  # normal scores are cut off here
TINY = 1e-90  # no value is believed to be usually smaller: its square would be none


@dataclass(slots=True)
class Expectation:
    """What a day was expected to bring, and on how many days' worth of evidence that rests."""

    mean: Number
    variance: Number
    factor: Number
    days: Number


@dataclass(slots=True)
class Waiting:
    """A day in the guard: its value (NaN: missing), what was expected of it, and whether it was part of a surge."""

    value: Number
    mean: Number
    spread: Number
    factor: Number
    surge: Number
    day_class: int


@dataclass(slots=True)
class Baseline:
    """Sufficient statistics. `fractional` tells that a value was no whole number, so that the series is no count.

    `sizes` and `sized` are the sum and the number of the values above zero; `misses`, `means` and `square` the sums of
    squared misses, of the means missed, and of these squared.
    """

    total: Number
    exposure: Number
    weight: Number
    weight2: Number
    misses: Number
    means: Number
    square: Number
    seen: Number
    fractional: Number
    sizes: Number
    sized: Number
    class_total: list[Number]
    class_exposure: list[Number]
    waiting: list[Waiting] = field(default_factory=list)


def start(nothing: Number) -> Baseline:
    """The baseline of series of which nothing has been seen; `nothing` is 0.0, or an array of zeros."""
    n = nothing
    return Baseline(n, n, n, n, n, n, n, n, n, n, n, [n] * CLASSES, [n] * CLASSES)


def expect(a: Arithmetic, b: Baseline, day_class: int, signed: bool) -> Expectation:
    """What the rolling baseline expects of a day of this class."""
    days = a.least(a.ratio(b.weight * b.weight, b.weight2), 2 * b.weight)  # a long silence fades what was known
    level = a.ratio(b.total, b.exposure)
    doubt = 1 + 1.5 / (days + 1)  # the variance of a day not yet seen includes that of its expectation
    if signed:
        variance = (b.misses + PRIOR_DAYS * (1 + level * level)) / (b.square + PRIOR_DAYS)
        return Expectation(level, variance * doubt, level * 0 + 1.0, days)
    floor = least_mean(a, b, days)
    base = a.most(level, floor)
    prior = PRIOR_DAYS * base * base
    counts = 1 - b.fractional  # what is no count owes nothing to Poisson
    alpha = (b.misses - counts * b.means + PRIOR_ALPHA * prior) / (b.square + prior)
    shrink = a.most(counts / base + alpha, 0.01) / WEEKDAY_VARIANCE
    factor = (b.class_total[day_class] + shrink) / (b.class_exposure[day_class] + shrink)
    overall = (sum(b.class_total) + CLASSES * shrink) / (sum(b.class_exposure) + CLASSES * shrink)
    factor = factor / overall  # a series that grows is above its late level on every weekday alike
    mean = a.most(level * factor, floor)
    variance = a.most(counts * mean + alpha * mean * mean, least_variance(a, b, mean))
    return Expectation(mean, variance * doubt, factor, days)


def least_mean(a: Arithmetic, b: Baseline, days: Number) -> Number:
    """The least mean believed after so many days: half an event in all; of what is no count, half of a usual value."""
    usual = a.where(b.fractional * (b.sizes > 0), a.most(a.ratio(b.sizes, b.sized), TINY), 1.0)
    return 0.5 * usual / (days + 1)


def least_variance(a: Arithmetic, b: Baseline, mean: Number) -> Number:
    """The least variance believed of any series: a fifth of Poisson's for counts, else that of a tenth of the mean."""
    return a.where(b.fractional, 0.01 * mean * mean, 0.2 * mean)


def learn(
    a: Arithmetic,
    b: Baseline,
    value: Number,
    day_class: int,
    expected: Expectation,
    surge: Number,
    settings: Settings,
    signed: bool,
) -> None:
    """Put today's value in the guard and let the value of a week ago into the sums."""
    if len(b.waiting) == GUARD:
        _admit(a, b, b.waiting.pop(0), settings, signed)
    spread = a.root(expected.variance)
    b.waiting.append(Waiting(value, expected.mean, spread, expected.factor, surge, day_class))
    known = value == value
    b.seen = b.seen + known
    b.fractional = a.where(known * (value % 1 != 0), 1.0, b.fractional)


def _admit(a: Arithmetic, b: Baseline, day: Waiting, settings: Settings, signed: bool) -> None:
    known = (day.value == day.value) * 1.0
    settled = known * (b.weight > SETTLED)
    y = a.where(known, day.value, 0.0)
    y = a.where(settled, a.least(y, day.mean + a.where(day.surge, SURGE_CAP, CALM_CAP) * day.spread), y)
    level = a.ratio(b.total, b.exposure)
    keep, slow = math.exp(-1 / settings.memory), math.exp(-1 / settings.slow_memory)
    b.total = b.total * keep + y
    b.exposure = b.exposure * keep + a.where(settled, day.factor, known)
    b.weight = b.weight * keep + known
    b.weight2 = b.weight2 * (keep * keep) + known
    b.sizes, b.sized = a.where(y > 0, b.sizes * keep + y, b.sizes), a.where(y > 0, b.sized * keep + 1, b.sized)
    learnt = settled * (1 - day.surge)
    miss = learnt * (y - day.mean) * (y - day.mean)
    b.misses = b.misses * slow + miss
    if signed:
        b.square = b.square * slow + learnt
        return
    b.means = b.means * slow + learnt * day.mean
    b.square = b.square * slow + learnt * day.mean * day.mean
    learnt = learnt * (level > 0)
    weekly = math.exp(-7 / (2 * settings.slow_memory))  # a class comes once a week: half the rate a day
    b.class_total[day.day_class] = b.class_total[day.day_class] * weekly + learnt * a.ratio(y, level)
    b.class_exposure[day.day_class] = b.class_exposure[day.day_class] * weekly + learnt


def score(a: Arithmetic, value: Number, mean: Number, variance: Number, signed: bool) -> Number:
    """The normal score of a value: the standard normal quantile of its mid-P under the expected distribution.

    Negative binomial where the variance exceeds the mean; a Poisson in units of variance/mean where it does not, which
    also serves values that are no counts (shares, sums of money); normal where values may be negative.
    """
    if signed:
        return a.within(-TAIL, (value - mean) / a.root(variance), TAIL)
    unit = a.least(variance / mean, 1.0)
    y, m = a.most(value / unit, 0.0), mean / unit
    size = a.least(m * m / a.most(variance / (unit * unit) - m, 1e-9 * m), 1e5)
    fail = m / (size + m)
    above = a.betainc(y + 1, size, fail)  # P(Y > y)
    at_least = a.where(y > 0, a.betainc(a.most(y, 1e-12), size, fail), 1.0)
    return a.within(-TAIL, -a.ndtri((above + at_least) / 2), TAIL)
