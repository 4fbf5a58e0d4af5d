"""The total of the days to come, from single days: what climatology is while runs of so many days are few.

Overlapping runs of a short series are almost one and the same; taken for a sample they say that the next will be so
too.
"""

from __future__ import annotations

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure import predictive
from tocsin.measure.experts import Past
from tocsin.measure.series import Flags, Floats

ENOUGH = 10  # runs of days, not overlapping, from which their totals are a sample
BELIEF, PRIOR_ALPHA = 4.0, 0.15  # days' worth of belief in the variance mean + alpha·mean²
WEEKS, TOGETHER = 4.0, 1.5  # weeks' worth of belief that days hang together so much
TOGETHER_WITHIN = (0.7, 6.0)
LEAST_OF_WEEK = 4  # days with a value from which a week has a mean
REACH: Floats = np.linspace(-4, 4, 33)  # standard deviations: where the distribution is told


class Totals:
    """The distribution of the total of `days` after each origin, as the days known then tell it.

    A day has mean m and variance v, each known only as well as n days tell; k says how much more weeks vary than days
    that have nothing to do with each other would let them. The total's variance is k·v·(days + days²/n), wider by what
    is not known of v (Student's t with n − 1 degrees of freedom has that variance).
    """

    def __init__(self, past: Past, days: int) -> None:
        self._past = past
        moments = [_moments(past.values[: origin + 1], past.whole, past.signed) for origin in past.origins]
        n, mean, variance = (np.array(column) for column in zip(*moments, strict=True))
        self.free = np.maximum(n - 1, 4.0)
        self.mean = days * mean
        self.variance = variance * (days + days**2 / np.maximum(n, 1)) * self.free / (self.free - 2)

    def sample(self) -> Floats:
        """Values about which the distribution of the last origin lies, for a grid."""
        spread = self.mean[-1] + np.sqrt(self.variance[-1]) * REACH
        spread = spread if self._past.signed else np.maximum(spread, 0.0)
        return np.asarray(np.round(spread) if self._past.whole else spread)

    def at(self, points: Floats) -> Floats:
        """P(total ≤ g) at every origin (origins × points)."""
        past = self._past
        if past.signed:
            scale = np.sqrt(self.variance * (self.free - 2) / self.free)[:, None]
            centred = points + (0.5 if past.whole else 0.0) - self.mean[:, None]
            return np.asarray(special.stdtr(self.free[:, None], centred / scale))
        poisson = self.mean if past.whole else 0.0
        return predictive.negative_binomial(self.mean, (self.variance - poisson) / self.mean**2, points, past.whole)


def few(known: Flags, days: int) -> bool:
    """Whether the days known hold too few runs of so many days for these to be a sample."""
    return bool(known.sum() < ENOUGH * days)


def _moments(values: Floats, whole: bool, signed: bool) -> tuple[float, float, float]:
    """How many days are known, their mean, and the variance of a day as it counts in a sum of days."""
    known = values[~np.isnan(values)]
    n = len(known)
    mean = float(known.mean()) if n else 0.0
    if not signed:
        mean = max(mean, 0.5 / (n + 1) if whole else 1e-9)
    guess = (abs(mean) if whole else 0.0) + PRIOR_ALPHA * mean**2
    variance = (float(((known - mean) ** 2).sum()) + BELIEF * guess) / (max(n - 1, 0) + BELIEF)
    variance = max(variance, 1e-18)
    weeks = values[len(values) % 7 :].reshape(-1, 7)
    told = (~np.isnan(weeks)).sum(1)
    weeks, told = np.nansum(weeks, 1)[told >= LEAST_OF_WEEK], told[told >= LEAST_OF_WEEK]
    if len(weeks) < 3:
        return n, mean, variance * TOGETHER
    seen = float(((weeks / told - mean) ** 2 * told).sum()) / (len(weeks) - 1) / variance
    together = (seen * len(weeks) + TOGETHER * WEEKS) / (len(weeks) + WEEKS)
    return n, mean, variance * float(np.clip(together, *TOGETHER_WITHIN))
