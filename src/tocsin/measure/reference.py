"""The frozen reference: the first settled year of a series, against which burden and creep are judged.

Each day enters capped by the rolling baseline (a surge cannot raise the reference), `reference_lag` days late, and only
while creep is not suspected; after `reference_days` of them it never moves again, unless a named person re-bases it.
A series that falls plainly before its reference first speaks had not settled (it began in the wake of a crisis), and
the reference begins again from there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tocsin.measure.arithmetic import Arithmetic, Number
from tocsin.measure.settings import Settings

FALL_ALLOWANCE = 0.5
FALL_THRESHOLD = 7.0


@dataclass(slots=True)
class Reference:
    """Sums behind the reference's level and spread, a CUSUM for falls, and the days that wait: (value, factor)."""

    total: Number
    exposure: Number
    days: Number
    square: Number
    fall: Number
    waiting: list[tuple[Number, Number]] = field(default_factory=list)


def start(nothing: Number) -> Reference:
    """An empty reference."""
    return Reference(nothing, nothing, nothing, nothing, nothing)


def level(a: Arithmetic, r: Reference) -> Number:
    """Mean of a reference day of factor one."""
    return a.ratio(r.total, r.exposure)


def spread(a: Arithmetic, r: Reference) -> Number:
    """Standard deviation of a reference day of factor one."""
    mean = a.ratio(r.total, r.exposure)
    return a.root(a.most(a.ratio(r.square, r.days) - mean * mean, 0.0))


def learn(a: Arithmetic, r: Reference, value: Number, factor: Number, admit: Number, settings: Settings) -> None:
    """Queue today's capped value; let in the one of `reference_lag` days ago where `admit` says so."""
    if len(r.waiting) == settings.reference_lag:
        y, f = r.waiting.pop(0)
        enters = (y == y) * admit * (r.days < settings.reference_days)
        r.total = a.where(enters, r.total + y, r.total)
        r.exposure = a.where(enters, r.exposure + f, r.exposure)
        r.square = a.where(enters, r.square + (y / f) * (y / f), r.square)
        r.days = r.days + enters
    r.waiting.append((value, factor))


def settle(a: Arithmetic, r: Reference, z: Number, inflation: Number, settings: Settings) -> Number:
    """Begin the reference again where the series falls plainly before it first speaks; says where."""
    down = -a.within(-3.0, z, 3.0) / a.root(inflation) - FALL_ALLOWANCE
    r.fall = a.where(z == z, a.most(r.fall + down, 0.0), r.fall)
    fell = (r.fall > FALL_THRESHOLD) * (r.days < settings.reference_least)
    if a.some(fell):
        stays = 1 - fell
        r.total, r.exposure, r.days = r.total * stays, r.exposure * stays, r.days * stays
        r.square, r.fall = r.square * stays, r.fall * stays
        r.waiting = [(a.where(fell, math.nan, y), f) for y, f in r.waiting]
    return fell
