"""Surge: days or weeks well above what the last weeks would lead one to expect.

A one-sided CUSUM (Page 1954) on normal scores of the rolling baseline. How high it climbs on quiet days depends on how
the days of a series hang together, so the threshold is in units of the CUSUM's own usual height.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.measure.series import Flags, Floats
from tocsin.measure.settings import Settings

USUAL = 0.219  # mean height of the CUSUM on independent standard normal scores at the allowance of the settings
PRIOR_DAYS = 60.0  # days' worth of belief in it
MEMORY = 300.0
FADE = 0.5  # what a missing day takes off the CUSUM, so that silence does not prolong a surge


@dataclass(slots=True)
class Surge:
    """CUSUM, whether an episode is on, and the sums behind the CUSUM's usual height."""

    sum: Floats
    on: Flags
    height: Floats
    days: Floats


def start(n: int) -> Surge:
    """No surge, nothing known of the usual height."""
    return Surge(np.zeros(n), np.zeros(n, dtype=bool), np.zeros(n), np.zeros(n))


def step(s: Surge, z: Floats, settings: Settings) -> Flags:
    """Take in today's score (NaN where the day is missing or the baseline young); says which series are in a surge."""
    known = ~np.isnan(z)
    usual = (s.height + USUAL * PRIOR_DAYS) / (s.days + PRIOR_DAYS) / USUAL
    threshold = settings.surge_threshold * np.clip(usual, 0.8, 2.0)
    grown = np.maximum(s.sum + np.clip(z, -3.0, 4.0) - settings.surge_allowance, 0.0)
    s.sum = np.where(known, np.minimum(grown, threshold + 3.0), np.maximum(s.sum - FADE, 0.0))
    s.on = np.where(s.on, s.sum > 0.25 * threshold, s.sum > threshold)
    keep = np.exp(-1 / MEMORY)
    s.height = np.where(known, s.height * keep + np.minimum(s.sum, threshold), s.height)
    s.days = np.where(known, s.days * keep + 1, s.days)
    return s.on.copy()
