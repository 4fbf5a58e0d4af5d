"""Burden and creep: above the frozen reference, plainly or slowly.

Both are one-sided CUSUMs (Page 1954) of the day's excess over the reference, in units of its long-run standard
deviation. *Burden* sees within weeks a load plainly above the reference year's. *Creep* has a small allowance and a long
breath: it sees the growth that a rolling baseline gets used to. Values are capped by the rolling baseline, so that
one wild week drives neither. The allowance grows with the standard error of the reference itself, which would
otherwise be mistaken for a departure (the trouble self-starting CUSUMs answer, Hawkins 1987).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.measure.series import Flags, Floats
from tocsin.measure.settings import Settings

RECENT = 45.0  # days: memory of the creep index
MEMORY = 300.0  # days: memory of how the days of a series hang together
PRIOR_WEEKS = 20.0
PRIOR_INFLATION = 1.4
WILD = 3.0  # standard deviations: no single day counts for more


@dataclass(slots=True)
class Creep:
    """The two CUSUMs, the recent mean excess behind the index, and the weekly sums behind the long-run spread."""

    burden_sum: Floats
    burden_on: Flags
    creep_sum: Floats
    creep_on: Flags
    recent: Floats
    recent_weight: Floats
    recent_weight2: Floats
    week_square: Floats
    day_square: Floats
    last_week: Floats
    week: Floats


def start(n: int) -> Creep:
    """No burden, no creep, for `n` series."""

    def zeros() -> Floats:
        return np.zeros(n)

    def off() -> Flags:
        return np.zeros(n, dtype=bool)

    rest = [zeros() for _ in range(6)]
    return Creep(zeros(), off(), zeros(), off(), *rest, np.full((n, 7), np.nan))


def inflation(c: Creep) -> Floats:
    """Long-run over daily variance: days hang together, so a month says less than thirty separate days would."""
    ratio = (c.week_square + PRIOR_INFLATION * PRIOR_WEEKS) / (c.day_square + PRIOR_WEEKS)
    return np.clip(ratio, 1.0, 6.0)


def step(c: Creep, excess: Floats, reference_days: Floats, settings: Settings) -> None:
    """Take in the day's excess in long-run standard deviations (NaN: missing, or no reference yet); in place."""
    known = ~np.isnan(excess)
    x = np.where(known, np.clip(excess, -WILD, WILD), 0.0)
    doubt = settings.doubt / np.sqrt(np.maximum(reference_days, 1.0))
    c.burden_sum, c.burden_on = _cusum(
        c.burden_sum, c.burden_on, known, x - settings.burden_allowance - doubt, settings.burden_threshold
    )
    c.creep_sum, c.creep_on = _cusum(
        c.creep_sum, c.creep_on, known, x - settings.creep_allowance - doubt, settings.creep_threshold
    )
    keep = np.exp(-1 / RECENT)
    c.recent = c.recent * keep + x
    c.recent_weight = c.recent_weight * keep + known
    c.recent_weight2 = c.recent_weight2 * keep**2 + known


def _cusum(total: Floats, on: Flags, known: Flags, gain: Floats, threshold: float) -> tuple[Floats, Flags]:
    """One day of a CUSUM that, once over its threshold, stays declared until it has come down to a third of it."""
    total = np.where(known, np.clip(total + gain, 0.0, 1.3 * threshold), total)
    return total, np.where(on, total > 0.33 * threshold, total > threshold)


def index(c: Creep, unit: Floats, reference_days: Floats) -> tuple[Floats, Floats]:
    """Recent mean excess over the reference, and its standard error, both in the units of `unit`'s scale."""
    weight = np.maximum(c.recent_weight, 1e-9)
    mean = c.recent / weight
    own = c.recent_weight2 / weight**2
    error = np.sqrt(own + 1 / np.maximum(reference_days, 1.0))
    return mean * unit, error * unit


def hang_together(c: Creep, day: int, z: Floats) -> None:
    """Once a week, learn from the sums of the week's scores how far days hang together (in place)."""
    c.week[:, day % 7] = np.clip(z, -2.5, 2.5)
    if day % 7 != 6:
        return
    known = ~np.isnan(c.week)
    days = known.sum(axis=1)
    full = days >= 4
    week = np.where(known & full[:, None], c.week, 0.0)
    total = week.sum(axis=1) / np.sqrt(np.maximum(days, 1))
    keep = np.exp(-7 / MEMORY)
    gain = total**2 + 2 * total * c.last_week
    c.week_square = np.where(full, c.week_square * keep + gain, c.week_square)
    c.day_square = np.where(full, c.day_square * keep + (week**2).sum(axis=1) / np.maximum(days, 1), c.day_square)
    c.last_week = total
