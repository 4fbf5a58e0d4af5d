"""Series whose truth is known, to try the detectors on: nulls, surges, creeps, missing days.

Two kinds, after the two series that official bulletins give: *air-like* counts (mean 12, strongly overdispersed,
a weekday rhythm, a latent AR(1)) and *vessel-like* counts (mean 6, near Poisson).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tocsin.measure.series import Floats


@dataclass(frozen=True, slots=True)
class Kind:
    """How a simulated series behaves.

    `size` is the negative binomial's k (variance = mean + mean²/k; infinite for Poisson). `ar` and `ar_sd` are the
    coefficient and the standard deviation of the latent AR(1) in log intensity. `weekday` is the amplitude of the
    weekly rhythm, `missing` the share of days without a value, `season` the amplitude of a yearly rhythm.
    """

    mean: float = 12.0
    size: float = 2.0
    ar: float = 0.4
    ar_sd: float = 0.3
    weekday: float = 0.2
    missing: float = 0.05
    season: float = 0.0


AIR = Kind()
VESSELS = Kind(mean=6.0, size=60.0, ar=0.3, ar_sd=0.05, weekday=0.05, missing=0.02)


def simulate(kind: Kind, series: int, days: int, seed: int, growth: float = 0.0, onset: int = 0) -> Floats:
    """`series` × `days` counts (NaN is missing), growing by `growth` a week from day `onset` on.

    The negative binomial is drawn as a Poisson whose intensity is gamma distributed; the latent AR(1) multiplies the
    intensity and has mean one.
    """
    rng = np.random.default_rng(seed)
    day = np.arange(days)
    level = kind.mean * (1 + growth) ** (np.maximum(day - onset, 0) / 7)
    week = 1 + kind.weekday * np.cos(2 * np.pi * (day % 7) / 7)
    year = 1 + kind.season * np.cos(2 * np.pi * day / 365.25)
    latent = _latent(rng, kind, series, days)
    intensity = level * week * year * np.exp(latent - kind.ar_sd**2 / 2)
    if np.isfinite(kind.size):
        intensity = intensity * rng.gamma(kind.size, 1 / kind.size, (series, days))
    counts: Floats = rng.poisson(intensity).astype(float)
    counts[rng.random((series, days)) < kind.missing] = np.nan
    return counts


def _latent(rng: np.random.Generator, kind: Kind, series: int, days: int) -> Floats:
    shocks = rng.normal(0, kind.ar_sd * np.sqrt(1 - kind.ar**2), (series, days))
    latent = np.empty((series, days))
    latent[:, 0] = rng.normal(0, kind.ar_sd, series)
    for day in range(1, days):
        latent[:, day] = kind.ar * latent[:, day - 1] + shocks[:, day]
    return latent


def inject(kind: Kind, counts: Floats, onset: int, days: int, factor: float, seed: int) -> Floats:
    """The same counts with a surge: on `days` days from `onset` the mean is `factor` times what it was.

    The additional counts are a draw of the same kind, so that the surge is as overdispersed as the rest.
    """
    rng = np.random.default_rng(seed)
    more = simulate(replace(kind, missing=0.0), len(counts), days, int(rng.integers(2**31)))
    result = counts.copy()
    part = result[:, onset : onset + days]
    part += np.round(more * (factor - 1))
    return result
