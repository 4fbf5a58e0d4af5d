"""Burden and creep: above the frozen reference, plainly or slowly.

Both are one-sided CUSUMs (Page 1954) of the day's excess over the reference, in units of its long-run standard
deviation. *Burden* sees within weeks a load plainly above the reference year's. *Creep* has a small allowance and a
long breath: it sees the growth that a rolling baseline gets used to. Values are capped by the rolling baseline, so that
one wild week drives neither. The allowance grows with the standard error of the reference itself, which would
otherwise be mistaken for a departure (the trouble that self-starting CUSUMs answer, Hawkins 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tocsin.measure.arithmetic import Arithmetic, Number
from tocsin.measure.settings import Settings

RECENT = 45.0  # days: memory of the creep index
MEMORY = 300.0  # days: memory of how the days of a series hang together
PRIOR_WEEKS = 20.0
PRIOR_INFLATION = 1.4
WILD = 3.0  # standard deviations: no single day counts for more
OVER = 0.33  # a declaration lasts until its CUSUM is down to this share of the threshold
CEILING = 1.3  # of the threshold: the CUSUM rises no further, so that the end is seen too


@dataclass(slots=True)
class Creep:
    """The two CUSUMs, the recent mean excess behind the index, and the weekly sums behind the long-run spread."""

    burden_total: Number
    burden_on: Number
    creep_total: Number
    creep_on: Number
    recent: Number
    recent_weight: Number
    recent_weight2: Number
    week_square: Number
    day_square: Number
    last_week: Number
    week: list[Number] = field(default_factory=list)


def start(nothing: Number) -> Creep:
    """No burden, no creep."""
    return Creep(*(nothing for _ in range(10)))


def inflation(a: Arithmetic, c: Creep) -> Number:
    """Long-run over daily variance: days hang together, so a month says less than thirty separate days would."""
    return a.within(1.0, (c.week_square + PRIOR_INFLATION * PRIOR_WEEKS) / (c.day_square + PRIOR_WEEKS), 6.0)


def step(a: Arithmetic, c: Creep, excess: Number, reference_days: Number, settings: Settings) -> None:
    """Take in the day's excess in long-run standard deviations (NaN: missing, or no reference yet)."""
    known = excess == excess
    x = a.where(known, a.within(-WILD, excess, WILD), 0.0)
    doubt = settings.doubt / a.root(a.most(reference_days, 1.0))
    gain = known * (x - settings.burden_allowance - doubt)
    c.burden_total, c.burden_on = _cusum(a, c.burden_total + gain, c.burden_on, settings.burden_threshold)
    gain = known * (x - settings.creep_allowance - doubt)
    c.creep_total, c.creep_on = _cusum(a, c.creep_total + gain, c.creep_on, settings.creep_threshold)
    keep = math.exp(-1 / RECENT)
    c.recent = c.recent * keep + x
    c.recent_weight = c.recent_weight * keep + known
    c.recent_weight2 = c.recent_weight2 * (keep * keep) + known


def _cusum(a: Arithmetic, total: Number, on: Number, threshold: float) -> tuple[Number, Number]:
    total = a.within(0.0, total, CEILING * threshold)
    return total, a.where(total > a.where(on, OVER, 1.0) * threshold, 1.0, 0.0)


def index(a: Arithmetic, c: Creep, reference_days: Number) -> tuple[Number, Number]:
    """Recent mean excess over the reference and its standard error, in long-run standard deviations of a day."""
    weight = a.most(c.recent_weight, 1e-9)
    own = c.recent_weight2 / (weight * weight)
    return c.recent / weight, a.root(own + 1 / a.most(reference_days, 1.0))


def hang_together(a: Arithmetic, c: Creep, z: Number) -> None:
    """Every seventh day, learn from the sums of the week's scores how far days hang together."""
    c.week.append(a.within(-2.0, z, 2.0))
    if len(c.week) < 7:
        return
    total = square = days = 0.0
    for score in c.week:
        known = score == score
        days = days + known
        total = total + a.where(known, score, 0.0)
        square = square + a.where(known, score * score, 0.0)
    c.week.clear()
    told = days >= 4
    keep, days = math.exp(-7 / MEMORY), a.most(days, 1.0)
    total = a.where(told, total / a.root(days), 0.0)
    gain = total * total + 2 * total * c.last_week
    c.week_square = a.where(told, c.week_square * keep + gain, c.week_square)
    c.day_square = a.where(told, c.day_square * keep + square / days, c.day_square)
    c.last_week = total
