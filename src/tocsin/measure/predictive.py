"""Ways of saying what comes next, each as quantiles: climatology, the recent past, a regression, and their mixture.

A distribution is `LEVELS` quantiles. Counts are spread over the half units about them, so that a quantile of "three
vessels" can lie anywhere between 2.5 and 3.5 and intervals can mean what they say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure.series import Floats

Whole = NDArray[np.integer]

LEVELS: Floats = (np.arange(100) + 0.5) / 100
RECENT = 28.0  # days: how fast the recent past forgets
RIDGE = 2.0  # days' worth of belief that next week is a blend of the last week, month and year
BLEND: Floats = np.array([0.0, 0.3, 0.4, 0.3])
LEAST_FIT = 60  # rows below which nothing is regressed


def weighted(sample: Floats, weights: Floats) -> Floats:
    """Quantiles of a weighted sample, equal values spread evenly over the unit about them."""
    if sample.min() == sample.max():
        return np.full(len(LEVELS), sample[0])
    order = np.argsort(sample, kind="stable")
    x, w = sample[order], weights[order]
    ends = np.cumsum(w)
    middle = (ends - w / 2) / ends[-1]
    whole = bool(np.all(x % 1 == 0))
    if whole:
        first, last = np.searchsorted(x, x, "left"), np.searchsorted(x, x, "right") - 1
        low, high = ends[first] - w[first], ends[last]
        x = x - 0.5 + (ends - w / 2 - low) / np.maximum(high - low, 1e-300)
    return np.maximum(np.interp(LEVELS, middle, x), min(0.0, float(sample.min())))


def climatology(past: Floats) -> Floats:
    """All that has been, each day alike."""
    known = past[~np.isnan(past)]
    return weighted(known, np.ones(len(known)))


def recent(past: Floats) -> Floats:
    """What has been, the last weeks foremost."""
    known = ~np.isnan(past)
    age = np.arange(len(past))[::-1]
    return weighted(past[known], np.exp(-age[known] / RECENT))


def pooled(distributions: Sequence[Floats]) -> Floats:
    """The equal mixture of several distributions (… × levels)."""
    n = len(distributions)
    together = np.sort(np.concatenate(distributions, axis=-1), axis=-1)
    mixed: Floats = together[..., n // 2 :: n]
    return mixed


def gamma(mean: Floats, variance: Floats) -> Floats:
    """Quantiles of the gamma distribution with this mean and variance (… × levels): a smooth negative binomial."""
    shape = mean**2 / variance
    result: Floats = special.gammaincinv(shape[..., None], LEVELS) * (variance / mean)[..., None]
    return result


def features(values: Floats) -> Floats:
    """What is known at the end of each day: logs of the mean of the last week, month and of all days (days × 4)."""
    known = ~np.isnan(values)
    held = np.where(known, values, 0.0)
    columns = [np.ones(len(values))]
    overall = np.cumsum(held) / np.maximum(np.cumsum(known), 1)
    for memory in (7.0, 28.0):
        keep = np.exp(-1 / memory)
        total = weight = 0.0
        means = np.empty(len(values))
        for day in range(len(values)):
            total, weight = total * keep + held[day], weight * keep + known[day]
            means[day] = (total + overall[day]) / (weight + 1)
        columns.append(np.log(means + 0.5))
    columns.append(np.log(overall + 0.5))
    return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Regression:
    """A negative-binomial regression on `features`, with a factor for each weekday of the target."""

    coefficients: Floats
    weekday: Floats
    alpha: float

    def mean(self, rows: Floats, weekdays: Whole) -> Floats:
        """Expected value for rows of features and the weekdays of their targets."""
        linear = np.clip(rows @ self.coefficients, -20.0, 40.0)
        return np.maximum(np.exp(linear) * self.weekday[weekdays], 0.02)

    def quantiles(self, rows: Floats, weekdays: Whole) -> Floats:
        """Predictive quantiles (rows × levels)."""
        mean = self.mean(rows, weekdays)
        return gamma(mean, np.maximum(mean + self.alpha * mean**2, 0.05 * mean))


def regress(rows: Floats, target: Floats, weekdays: Whole) -> Regression:
    """Fit by penalised Poisson quasi-likelihood (iterated weighted least squares), then weekdays, then dispersion."""
    known = ~np.isnan(target)
    x, y, day = rows[known], target[known], weekdays[known]
    beta: Floats = BLEND.copy()
    penalty = RIDGE * np.diag([0.1, 1.0, 1.0, 1.0]) * max(1.0, float(y.mean()))
    for _ in range(6):
        mean = np.exp(np.clip(x @ beta, -20.0, 40.0))
        working = x @ beta + (y - mean) / mean
        left = (x * mean[:, None]).T @ x + penalty
        beta = np.asarray(np.linalg.solve(left, (x * mean[:, None]).T @ working + penalty @ BLEND), dtype=np.float64)
    mean = np.exp(np.clip(x @ beta, -20.0, 40.0))
    relative = max(float(np.mean((y - mean) ** 2) / np.mean(mean) ** 2), 0.01)
    shrink = relative / 0.03
    ratio = np.bincount(day, y / mean, 7), np.bincount(day, minlength=7)
    factor = (ratio[0] + shrink) / (ratio[1] + shrink)
    mean = mean * factor[day]
    alpha = float(((y - mean) ** 2 - mean).sum() / np.maximum((mean**2).sum(), 1e-9))
    return Regression(beta, factor, alpha)
