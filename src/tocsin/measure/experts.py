"""Ways of saying what comes next, each from many past origins at once, knowing only what was known then.

Climatology (all days alike, and by weekday), the recent past, and negative-binomial local levels with memories of one,
three and ten weeks, whose bias and dispersion are those of their own earlier misses at the same distance.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.measure import predictive
from tocsin.measure.series import Floats

Whole = NDArray[np.integer]

EXPERTS = ("climatology", "weekday", "recent", "season", "week", "month", "quarter")
RECENT = (28.0, 100.0)  # days: how fast the recent past forgets
LEVELS = (8.0, 24.0, 80.0)  # days: the memories of the local levels
RHYTHM = 365.0  # days: the memory of weekday factors
WEEKDAY_DAYS = 8.0  # days' worth of belief that a weekday is like the others
BIAS, BIAS_DAYS = 60.0, 20.0  # memory of a level's bias, days' worth of belief that there is none
SPREAD, SPREAD_DAYS = 150.0, 8.0  # memory of a level's dispersion, days' worth of belief in the prior's
PRIOR_ALPHA = 0.15


@dataclass
class Past:
    """What was known of a series at each of `origins` (positions of days, the last day last)."""

    values: Floats
    weekday: int  # of the first day
    origins: Whole
    whole: bool
    signed: bool
    factors: Floats = field(init=False)  # origins × 7
    levels: Floats = field(init=False)  # memories × origins

    def __post_init__(self) -> None:
        self.age = self.origins[:, None] - np.arange(len(self.values))
        self.weekdays = (np.arange(len(self.values)) + self.weekday) % 7
        known = ~np.isnan(self.values)
        held = np.where(known, self.values, 0.0)
        onehot = np.eye(7)[self.weekdays] * known[:, None]
        weights = self.faded(RHYTHM, known)
        days, total = weights @ onehot, weights @ (onehot * held[:, None])
        level = (total.sum(1) / np.maximum(days.sum(1), 1e-9))[:, None] + 1e-9
        noise = WEEKDAY_DAYS * (1 + 3 / level)
        self.factors = (total / level + noise) / (days + noise)
        self.factors /= self.factors.mean(1, keepdims=True)
        self.levels = np.empty((len(LEVELS), len(self.origins)))
        for at, memory in enumerate(LEVELS):
            weights = self.faded(memory, known)
            exposure = ((weights @ onehot) * self.factors).sum(1)
            self.levels[at] = (weights @ held + 0.5 * level[:, 0]) / (exposure + 0.5)

    def faded(self, memory: float, known: NDArray[np.bool_]) -> Floats:
        """Weights of the days at each origin (origins × days): none ahead of it, none missing, older ones less."""
        return np.where((self.age >= 0) & known, np.exp(-np.maximum(self.age, 0) / memory), 0.0)


class Sample:
    """Distributions of what was known at each origin of values like a target's, on a grid; leads share them.

    `values` holds for each day the value that was known at its end.
    """

    def __init__(self, past: Past, values: Floats, points: Floats, *, weekdays: bool) -> None:
        self.points = points
        known = ~np.isnan(values)
        passed = (np.where(known, values, np.inf)[:, None] <= points).astype(np.float64)
        counts = np.cumsum(passed, axis=0)[past.origins]
        n = np.cumsum(known)[past.origins][:, None]
        self.all = counts / np.maximum(n, 1)
        self.recent = [_shares(past.faded(memory, known), passed) for memory in RECENT]
        self.by_weekday: list[Floats] = []
        for day in range(7) if weekdays else ():
            own = past.weekdays == day
            counts = np.cumsum(passed * own[:, None], axis=0)[past.origins]
            n = np.cumsum(known & own)[past.origins][:, None]
            self.by_weekday.append((counts + WEEKDAY_DAYS * self.all) / (n + WEEKDAY_DAYS))

    def on(self, weekdays: Whole) -> Floats:
        """The distribution of each origin's own weekday, drawn towards that of all days."""
        return np.stack(self.by_weekday)[weekdays, np.arange(len(weekdays))] if self.by_weekday else self.all


def say(past: Past, sample: Sample, target: Floats, days: tuple[int, int]) -> Floats:
    """P(Y ≤ g) by every expert at every origin (experts × origins × points).

    `target` is for each origin what the days first to last after it (`days`) brought (NaN: unknown).
    """
    first, last = days
    ahead = (past.origins[:, None] + past.weekday + np.arange(first, last + 1)) % 7
    said = [sample.all, sample.on(ahead[:, -1]), *sample.recent]
    if not past.signed:
        lift = np.take_along_axis(past.factors, ahead, 1).sum(1)
        said += [_level(past, level * lift, target, days, sample.points) for level in past.levels]
    return np.stack(said)


def _shares(weights: Floats, passed: Floats) -> Floats:
    return np.asarray(weights @ passed / np.maximum(weights.sum(1), 1e-300)[:, None])


def settled(origins: Whole, last: int, memory: float) -> Floats:
    """Weights, at each origin, of the earlier ones whose targets were over by then (origins × origins)."""
    age = origins[:, None] - origins
    return np.where(age >= last, np.exp(-np.maximum(age - last, 0) / memory), 0.0)


def _level(past: Past, mean: Floats, target: Floats, days: tuple[int, int], points: Floats) -> Floats:
    """The negative binomial about a level, its bias and dispersion learnt from how it did before."""
    first, last = days
    known = ~np.isnan(target)
    came = np.where(known, target, 0.0)
    mean = np.maximum(mean, 1e-3 * (last if past.whole else 1e-6))
    step = float(np.diff(past.origins).max(initial=1))
    weights = settled(past.origins, last, BIAS) * known
    belief = BIAS_DAYS / step * (1 + 2 / np.maximum(mean, 0.1))
    bias = (weights @ came + belief * mean) / (weights @ (mean * known) + belief * mean)
    mean = mean * bias
    weights = settled(past.origins, last, SPREAD) * known
    miss = (came - mean) ** 2 - (mean if past.whole else 0.0)
    prior = SPREAD_DAYS / step
    guess = PRIOR_ALPHA / np.sqrt(last - first + 1)
    alpha = (weights @ (miss / mean**2) + prior * guess) / (weights.sum(1) + prior)
    return predictive.negative_binomial(mean, alpha, points, past.whole)
