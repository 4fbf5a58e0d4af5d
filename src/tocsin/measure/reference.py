"""The frozen reference: the first settled year of a series, against which burden and creep are judged.

Each day enters capped by the rolling baseline (a surge cannot raise the reference), `reference_lag` days late, and only
while creep is not suspected; after `reference_days` of them it never moves again, unless a named person re-bases it.
Where the days since are plainly lower when a reference is about to speak for the first time, the series had not settled
(it began in the wake of a crisis), and those days become the reference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tocsin.measure.arithmetic import Arithmetic, Number
from tocsin.measure.season import Season, wave
from tocsin.measure.settings import Settings

PLAINLY = 2.0  # standard errors by which later days must be lower for the first ones to have been no reference


@dataclass(slots=True)
class Reference:
    """Sums behind the reference's level and spread, and the days that wait: (value, factor, turn).

    `cosine` and `sine` tell in which season the reference was learnt.
    """

    total: Number
    exposure: Number
    cosine: Number
    sine: Number
    days: Number
    square: Number
    waiting: list[tuple[Number, Number, float]] = field(default_factory=list)


def start(nothing: Number) -> Reference:
    """An empty reference."""
    n = nothing
    return Reference(n, n, n, n, n, n)


def level(a: Arithmetic, r: Reference, s: Season) -> Number:
    """Mean of a reference day of factor one, free of the season in which the reference was learnt."""
    return a.ratio(r.total, r.exposure + s.cosine * r.cosine + s.sine * r.sine)


def spread(a: Arithmetic, r: Reference) -> Number:
    """Standard deviation of a reference day of factor one."""
    mean = a.ratio(r.total, r.exposure)
    return a.root(a.most(a.ratio(r.square, r.days) - mean * mean, 0.0))


def learn(
    a: Arithmetic,
    r: Reference,
    value: Number,
    factor: Number,
    turn: float,
    admit: Number,
    inflation: Number,
    settings: Settings,
) -> Number:
    """Queue today's capped value; let in the one of `reference_lag` days ago where `admit` says so.

    Says which references began again today, because the series had not settled.
    """
    enters = 0.0
    if len(r.waiting) == settings.reference_lag:
        y, f, then = r.waiting.pop(0)
        cosine, sine = wave(then)
        enters = (y == y) * admit * (r.days < settings.reference_days)
        r.total = a.where(enters, r.total + y, r.total)
        r.exposure = a.where(enters, r.exposure + f, r.exposure)
        r.cosine = a.where(enters, r.cosine + f * cosine, r.cosine)
        r.sine = a.where(enters, r.sine + f * sine, r.sine)
        r.square = a.where(enters, r.square + (y / f) * (y / f), r.square)
        r.days = r.days + enters
    due = enters * (r.days == settings.reference_least) * (settings.reference is None)
    again = _unsettled(a, r, due, inflation) if a.some(due) else due
    r.waiting.append((value, factor, turn))
    return again


def _unsettled(a: Arithmetic, r: Reference, due: Number, inflation: Number) -> Number:
    """Where a reference is about to speak for the first time and the days since are plainly lower, take those."""
    total = exposure = cosines = sines = square = days = 0.0
    for y, f, then in r.waiting:
        known = y == y
        cosine, sine = wave(then)
        cosines = cosines + a.where(known, f * cosine, 0.0)
        sines = sines + a.where(known, f * sine, 0.0)
        total = total + a.where(known, y, 0.0)
        exposure = exposure + a.where(known, f, 0.0)
        square = square + a.where(known, (y / f) * (y / f), 0.0)
        days = days + known
    since = a.ratio(total, exposure)
    error = spread(a, r) * a.root(inflation * (1 / a.most(r.days, 1.0) + 1 / a.most(days, 1.0)))
    again = due * (days >= r.days / 2) * (a.ratio(r.total, r.exposure) - since > PLAINLY * error)
    r.total, r.exposure = a.where(again, total, r.total), a.where(again, exposure, r.exposure)
    r.cosine, r.sine = a.where(again, cosines, r.cosine), a.where(again, sines, r.sine)
    r.square, r.days = a.where(again, square, r.square), a.where(again, days, r.days)
    r.waiting = [(a.where(again, math.nan, y), f, then) for y, f, then in r.waiting]
    return again
