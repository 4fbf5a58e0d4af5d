"""Surge: days or weeks well above what the last weeks would lead one to expect.

A one-sided CUSUM (Page 1954) on normal scores of the rolling baseline. How high it climbs on quiet days depends on how
the days of a series hang together, so the threshold is in units of the CUSUM's own usual height.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tocsin.measure.arithmetic import Arithmetic, Number
from tocsin.measure.settings import Settings

USUAL = 0.219  # mean height of the CUSUM on independent standard normal scores with an allowance of 0.8
PRIOR_DAYS = 60.0  # days' worth of belief in it
MEMORY = 300.0
FADE = 0.5  # what a missing day takes off the CUSUM, so that silence does not prolong a surge
OVER = 0.25  # an episode is over when the CUSUM is down to this share of its threshold
CEILING = 3.0  # how far it may rise above its threshold, so that a surge does not last long after its end


@dataclass(slots=True)
class Surge:
    """CUSUM, whether an episode is on, and the sums behind the CUSUM's usual height."""

    total: Number
    on: Number
    height: Number
    days: Number


def start(nothing: Number) -> Surge:
    """No surge, nothing known of the usual height."""
    return Surge(nothing, nothing, nothing, nothing)


def step(a: Arithmetic, s: Surge, z: Number, settings: Settings) -> Number:
    """Take in today's score (NaN where the day is missing or the baseline young); says which series are in a surge."""
    known = z == z
    usual = (s.height + USUAL * PRIOR_DAYS) / (s.days + PRIOR_DAYS) / USUAL
    threshold = settings.surge_threshold * a.within(0.9, usual, 2.0)
    grown = a.within(0.0, s.total + a.within(-3.0, z, 4.0) - settings.surge_allowance, threshold + CEILING)
    s.total = a.where(known, grown, a.most(s.total - FADE, 0.0))
    s.on = a.where(s.total > a.where(s.on, OVER, 1.0) * threshold, 1.0, 0.0)
    keep = math.exp(-1 / MEMORY)
    s.height = a.where(known, s.height * keep + a.least(s.total, threshold), s.height)
    s.days = a.where(known, s.days * keep + 1, s.days)
    return s.on
