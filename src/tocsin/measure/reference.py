"""The frozen reference: the first settled year of a series, against which burden and creep are judged.

Each day enters capped by the rolling baseline (a surge cannot raise the reference), `reference_lag` days late, and only
while creep is not suspected; after `reference_days` of them it never moves again, unless a named person re-bases it.
A series that falls plainly before its reference first speaks had not settled (it began in the wake of a crisis), and the
reference begins again from there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.measure.series import Flags, Floats
from tocsin.measure.settings import Settings

FALL_ALLOWANCE = 0.5
FALL_THRESHOLD = 7.0


@dataclass(slots=True)
class Reference:
    """Sums behind the reference's level and spread, a CUSUM for falls, and the days that wait (series × lag)."""

    total: Floats
    exposure: Floats
    days: Floats
    square: Floats
    fall: Floats
    late: Floats
    late_factor: Floats


def start(n: int, settings: Settings) -> Reference:
    """An empty reference for `n` series."""
    flat = [np.zeros(n) for _ in range(5)]
    late = [np.full((n, settings.reference_lag), np.nan) for _ in range(2)]
    return Reference(*flat, *late)


def level(r: Reference) -> Floats:
    """Mean of a reference day of factor one (NaN where nothing is known yet)."""
    return np.divide(r.total, r.exposure, out=np.full_like(r.total, np.nan), where=r.exposure > 0)


def spread(r: Reference, base: Floats) -> Floats:
    """Standard deviation of a reference day in units of the scale (not below a tenth of it)."""
    mean_square = np.divide(r.square, r.days, out=np.zeros_like(r.square), where=r.days > 0)
    return np.sqrt(np.maximum(mean_square - base**2, 0.0))


def learn(r: Reference, day: int, value: Floats, factor: Floats, admit: Flags, settings: Settings) -> None:
    """Queue today's capped value; let in the one of `reference_lag` days ago where `admit` says so (in place)."""
    slot = day % settings.reference_lag
    y, f = r.late[:, slot], r.late_factor[:, slot]
    enters = ~np.isnan(y) & admit & (r.days < settings.reference_days)
    r.total += np.where(enters, y, 0.0)
    r.exposure += np.where(enters, f, 0.0)
    r.days += enters
    r.square += np.where(enters, (y / f) ** 2, 0.0)
    r.late[:, slot] = value
    r.late_factor[:, slot] = factor


def settle(r: Reference, z: Floats, unit: Floats, settings: Settings) -> Flags:
    """Begin the reference again where the series falls plainly before it first speaks; says where (in place)."""
    known = ~np.isnan(z)
    step = np.where(known, -np.clip(z, -3.0, 3.0) / unit - FALL_ALLOWANCE, 0.0)
    r.fall = np.maximum(r.fall + step, 0.0)
    fell = (r.fall > FALL_THRESHOLD) & (r.days < settings.reference_least)
    if fell.any():
        for sums in (r.total, r.exposure, r.days, r.square, r.fall):
            sums[fell] = 0.0
        r.late[fell] = np.nan
    return fell
