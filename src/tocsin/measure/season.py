"""The yearly rhythm of a series, so that a summer is compared with the reference's summers.

One wave a year, learnt from the first two whole years and then frozen: one year alone cannot tell a season from growth,
two can. Growth from the first year to the second, which looks like part of a wave, is taken out; a wave that could be
chance is shrunk away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tocsin.measure.arithmetic import Arithmetic, Number

YEAR = 365.25  # days
LEAST = 200.0  # days with a value that each of the two years must have
DEEPEST = 0.8  # of the level: no season is believed to be deeper


@dataclass(slots=True)
class Year:
    """Sums of one year's values, plain and weighted by the wave, and of the wave itself on the days with a value."""

    days: Number
    total: Number
    square: Number
    cosine: Number
    sine: Number
    wave_cosine: Number
    wave_sine: Number


@dataclass(slots=True)
class Season:
    """The two years, how many days have gone into them, and the wave once it is known (relative to the level)."""

    age: int
    first: Year
    second: Year
    cosine: Number
    sine: Number


def start(nothing: Number) -> Season:
    """A season of which nothing is known."""
    n = nothing
    return Season(0, Year(n, n, n, n, n, n, n), Year(n, n, n, n, n, n, n), n, n)


def wave(turn: float) -> tuple[float, float]:
    """Cosine and sine of a day, given as a share of the year."""
    return math.cos(2 * math.pi * turn), math.sin(2 * math.pi * turn)


def factor(s: Season, turn: float) -> Number:
    """How the season lifts (above 1) or lowers a day."""
    cosine, sine = wave(turn)
    return 1 + s.cosine * cosine + s.sine * sine


def learn(a: Arithmetic, s: Season, turn: float, value: Number, inflation: Number) -> None:
    """Take in a day's value, free of its weekday (NaN: missing). After two years the wave is worked out and frozen."""
    if s.age >= 2 * 365:
        return
    year = s.first if s.age < 365 else s.second
    known = value == value
    x = a.where(known, value, 0.0)
    # Waves counted from the day learning began, so that growth leaks into the sine alone.
    cosine, sine = wave(s.age / 365)
    year.days, year.total, year.square = year.days + known, year.total + x, year.square + x * x
    year.cosine, year.sine = year.cosine + x * cosine, year.sine + x * sine
    year.wave_cosine, year.wave_sine = year.wave_cosine + known * cosine, year.wave_sine + known * sine
    s.age += 1
    if s.age == 2 * 365:
        _freeze(a, s, turn, inflation)


def _freeze(a: Arithmetic, s: Season, turn: float, inflation: Number) -> None:
    one, two = s.first, s.second
    days = a.most(one.days + two.days, 1.0)
    mean = (one.total + two.total) / days
    growth = a.ratio(two.total, two.days) - a.ratio(one.total, one.days)
    base = a.most(mean, 1e-90)
    # The level over the days with a value is no part of the wave: over a whole year it would cancel out, over gaps not.
    cosines = one.cosine + two.cosine - mean * (one.wave_cosine + two.wave_cosine)
    sines = one.sine + two.sine - mean * (one.wave_sine + two.wave_sine)
    cosine = 2 * cosines / days / base
    sine = (2 * sines / days + growth / math.pi) / base
    spread = a.most((one.square + two.square) / days - mean * mean, 0.0) / (base * base)
    size = cosine * cosine + sine * sine
    error = 4 * spread * inflation / days  # of both coefficients together
    kept = a.most(1 - 3 * error / a.most(size, 1e-9), 0.0)
    kept = kept * a.least(DEEPEST / a.root(a.most(size, 1e-9)), 1.0)
    kept = a.where((one.days >= LEAST) * (two.days >= LEAST) * (mean > 0), kept, 0.0)
    # Turn the wave from the days of learning to those of the calendar: `turn` is where this, the last day, stands.
    c, n = wave(turn - (s.age - 1) / 365)
    s.cosine, s.sine = kept * (cosine * c - sine * n), kept * (cosine * n + sine * c)
