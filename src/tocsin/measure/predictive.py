"""Predictive distributions as cumulative probabilities on a grid: smoothed, scored, mixed and read off.

A distribution is P(Y ≤ g) at each point g of a grid, the same for every way of forecasting one target. So a mixture is
a weighted mean, an exceedance probability is read off, and the CRPS is a sum.
"""

from __future__ import annotations

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure.series import Floats

POINTS = 72  # of a grid
FEW = 48  # whole numbers up to which a grid has all of them
OFTEN = 0.02  # share of the days from which a value is a step of the distribution
SMOOTH = 8.0  # mean from which a negative binomial is taken as a gamma distribution spread over half units


def grid(sample: Floats, whole: bool) -> Floats:
    """Points at which the distributions of a target like `sample` are told, ascending: beyond both its ends.

    Whole numbers where it is counts; denser where the sample is denser; on both sides of the step at every value that
    comes often.
    """
    known = sample[~np.isnan(sample)]
    low, high = float(known.min()), float(known.max())
    top = 2.0 * high + 6.0
    if whole and low >= 0 and top <= FEW:
        return np.arange(np.ceil(top) + 1)
    if low < 0:
        reach = (high - low) * 0.6 + 1.0
        even = np.linspace(low - reach, high + reach, POINTS)
    else:
        even = np.linspace(0.0, np.sqrt(top), POINTS) ** 2
    values, counts = np.unique(known, return_counts=True)
    often = values[counts >= OFTEN * len(known)]
    before = often - 1 if whole else np.nextafter(often, -np.inf)
    dense = np.quantile(known, np.linspace(0, 1, POINTS // 3))
    points = np.unique(np.concatenate([np.round(even) if whole else even, np.round(dense) if whole else dense]))
    points = np.unique(np.concatenate([points, often, before]))
    return points if low < 0 else points[points >= 0]


def negative_binomial(mean: Floats, alpha: Floats, points: Floats, whole: bool) -> Floats:
    """P(Y ≤ g) of the distribution with this mean and the variance mean + alpha·mean² (… × points).

    For what is no count, of a gamma distribution with the variance alpha·mean². A variance below Poisson's (alpha below
    zero) is kept to no less than a fifth of it.
    """
    mean, alpha = mean[..., None], alpha[..., None]
    variance = np.maximum(alpha * mean**2 + (mean if whole else 0.0), (0.2 if whole else 1e-3) * mean)
    smooth = special.gammainc(mean**2 / variance, (points + (0.5 if whole else 0.0)) * mean / variance)
    if not whole or float(mean.min()) >= SMOOTH:
        return np.asarray(smooth)
    size = mean**2 / np.maximum(variance - mean, 1e-4 * mean)
    rough = (mean < SMOOTH) & (variance > mean)
    shape = np.broadcast_shapes(rough.shape, points.shape)
    use = np.broadcast_to(rough, shape)
    size, share = np.broadcast_to(size, shape)[use], np.broadcast_to(size / (size + mean), shape)[use]
    smooth[use] = special.betainc(size, np.broadcast_to(points, shape)[use] + 1.0, share)
    return np.asarray(smooth)


def crps(cdf: Floats, points: Floats, outcome: Floats) -> Floats:
    """Continuous ranked probability score (Hersbach 2000) of distributions on a grid (… × points)."""
    width = np.diff(points)
    passed = outcome[..., None] <= points[:-1]
    result: Floats = ((cdf[..., :-1] - passed) ** 2) @ width
    return result


def step(cdf: Floats, points: Floats, outcome: Floats, whole: bool) -> tuple[Floats, Floats]:
    """P(Y < outcome) and P(Y ≤ outcome) of distributions, one outcome each: alike where it is no count."""
    upper = _at(cdf, points, outcome)
    return (np.where(outcome > points[0], _at(cdf, points, outcome - 1), 0.0) if whole else upper), upper


def _at(cdf: Floats, points: Floats, value: Floats) -> Floats:
    """P(Y ≤ value), straight between the points of the grid."""
    at = np.clip(np.searchsorted(points, value), 1, len(points) - 1)
    left, right = points[at - 1], points[at]
    share = np.clip((value - left) / (right - left), 0, 1)
    before, after = (np.take_along_axis(cdf, place[..., None], -1)[..., 0] for place in (at - 1, at))
    return np.asarray(before + share * (after - before))


def quantiles(cdf: Floats, points: Floats, levels: Floats, whole: bool) -> Floats:
    """Quantiles of one distribution; those of counts lie on the half units about whole numbers."""
    rising = np.maximum.accumulate(np.clip(cdf, 0, 1))
    ends = points + 0.5 if whole else points
    first = -0.5 if whole else min(0.0, float(points[0]))
    rising = rising + np.arange(len(rising)) * 1e-13  # interpolation wants no two alike
    return np.asarray(np.interp(levels, np.concatenate([[-1e-13], rising]), np.concatenate([[first], ends])))


def below(cdf: Floats, points: Floats, edge: float, whole: bool) -> Floats:
    """P(Y < edge) of distributions (… × points)."""
    edge = np.ceil(edge) - 1 if whole else np.nextafter(edge, -np.inf)  # P(Y < 3) is P(Y ≤ 2)
    if edge < points[0]:
        return np.zeros(cdf.shape[:-1])
    at = min(int(np.searchsorted(points, edge, "right")), len(points) - 1)
    left, right = points[at - 1], points[at]
    share = min((edge - left) / (right - left), 1.0)
    result: Floats = cdf[..., at - 1] * (1 - share) + cdf[..., at] * share
    return result
