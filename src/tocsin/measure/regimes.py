"""Days on which what is reported seems to have changed: proposed to a person, never assumed.

A change of reporting rules multiplies a series from one day to the next and stays. Change points are found by binary
segmentation (Scott and Knott 1974) on square roots, whose spread is even for counts; those that are too small, too slow
or could be chance are not proposed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from tocsin.measure.series import Floats, Series

LEAST_DAYS = 28  # known days on either side
LEAST_FACTOR = 1.8
LEAST_STRENGTH = 40.0  # squared standard errors
BENDS = 24  # starts of a steady rise that are tried against the step


@dataclass(frozen=True, slots=True)
class Proposal:
    """From `day` on the series stands at `factor` times its level before (daily means `before` and `after`)."""

    day: date
    before: float
    after: float
    factor: float


def propose_regimes(series: Series) -> list[Proposal]:
    """The abrupt and lasting changes of level within each regime already named, in order of day."""
    found: list[Proposal] = []
    bounds = [0, *(n for n in range(1, len(series)) if series.regime[n] != series.regime[n - 1]), len(series)]
    for first, last in pairwise(bounds):
        found += _split(series, first, last)
    return sorted(found, key=lambda proposal: proposal.day)


def _split(series: Series, first: int, last: int) -> list[Proposal]:
    at = np.arange(first, last)[~np.isnan(series.values[first:last])]
    y = series.values[at]
    if len(y) < 2 * LEAST_DAYS:
        return []
    root = np.sign(y) * np.sqrt(np.abs(y))
    strength = _strength(root)
    best = int(np.argmax(strength))
    if strength[best] < LEAST_STRENGTH:
        return []
    cut = best + LEAST_DAYS
    parts = _split(series, first, int(at[cut])) + _split(series, int(at[cut]), last)
    before, after = float(y[:cut].mean()), float(y[cut:].mean())
    low, high = sorted((before, after))
    if high < LEAST_FACTOR * low or not _abrupt(root, cut):
        return parts
    return [*parts, Proposal(series.dates[at[cut]], before, after, after / before if before else float("inf"))]


def _strength(root: Floats) -> Floats:
    """Squared standard errors between the means before and after each possible cut (days hang together)."""
    n = len(root)
    cuts = np.arange(LEAST_DAYS, n - LEAST_DAYS + 1)
    total = np.cumsum(root)
    before = total[cuts - 1] / cuts
    after = (total[-1] - total[cuts - 1]) / (n - cuts)
    gain = (after - before) ** 2 * cuts * (n - cuts) / n
    best = cuts[int(np.argmax(gain))]
    rest = root - np.where(np.arange(n) < best, root[:best].mean(), root[best:].mean())
    spread = max(float(np.mean(rest**2)), 0.01)
    together = float(np.clip(np.mean(rest[1:] * rest[:-1]) / spread, 0.0, 0.8))
    result: Floats = gain / (spread * (1 + together) / (1 - together))
    return result


def _abrupt(root: Floats, cut: int) -> bool:
    """Whether a step explains the days better than level days that begin to rise (or fall) steadily at some point."""
    step = float(np.sum((root[:cut] - root[:cut].mean()) ** 2) + np.sum((root[cut:] - root[cut:].mean()) ** 2))
    days = np.arange(len(root))
    slopes = []
    for bend in np.linspace(0, len(root) - LEAST_DAYS, BENDS):
        rise = np.maximum(days - bend, 0)
        rise = rise - rise.mean()
        slope = float(rise @ root / (rise @ rise))
        slopes.append(float(np.sum((root - root.mean() - slope * rise) ** 2)))
    return step < min(slopes)
