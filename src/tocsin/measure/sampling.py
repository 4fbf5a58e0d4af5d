"""How far chance alone may have moved a score: intervals that count weeks, not forecasts.

The lead days of one week miss together, so each week is one draw (a cluster). Shares are bounded after Korn and
Graubard (1998), Clopper and Pearson's interval at the number of draws that the scatter between weeks is worth; skill,
a ratio of sums, by its linearised error and Student's t.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure.series import Floats

SURE = 0.95
LEAST_WEEKS = 3  # weeks without which no interval is given

Interval = tuple[float, float]


def by_week(numbers: ArrayLike, week: ArrayLike) -> tuple[Floats, NDArray[np.int_]]:
    """The sum and the number of scores in each week that has any."""
    _, place = np.unique(np.asarray(week), return_inverse=True)
    sums: Floats = np.bincount(place, np.asarray(numbers, dtype=float)).astype(np.float64)
    return sums, np.bincount(place)


def skill_interval(ours: ArrayLike, theirs: ArrayLike, week: ArrayLike) -> Interval | None:
    """Where 1 − sum(ours) / sum(theirs) may lie but for chance, with 95 % confidence; None where weeks are too few."""
    (a, _), (b, _) = by_week(ours, week), by_week(theirs, week)
    n = len(a)
    if n < LEAST_WEEKS or b.sum() <= 0:
        return None
    ratio = float(a.sum() / b.sum())
    error = float(np.std((a - ratio * b) / b.mean(), ddof=1) / np.sqrt(n))
    reach = _student(n - 1) * error
    return 1 - ratio - reach, 1 - ratio + reach


def share_interval(inside: ArrayLike, week: ArrayLike) -> Interval | None:
    """Where a share (of intervals that held: 0 to 1 each) may lie, likewise."""
    held, many = by_week(inside, week)
    n, total = len(held), int(many.sum())
    if n < LEAST_WEEKS:
        return None
    share = float(held.sum() / total)
    variance = n / (n - 1) * float(np.sum((held - share * many) ** 2)) / total**2
    worth = float(n)
    if variance > 0:
        worth = min(share * (1 - share) / variance, total) * (_student(total - 1) / _student(n - 1)) ** 2
    tail, hits = (1 - SURE) / 2, share * worth
    low = float(special.betaincinv(hits, worth - hits + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, worth - hits, 1 - tail)) if worth - hits > 1e-9 else 1.0
    return low, high


def _student(freedom: int) -> float:
    return float(special.stdtrit(freedom, (1 + SURE) / 2))
