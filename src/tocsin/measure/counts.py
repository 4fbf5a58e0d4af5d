"""The distribution behind a mean and a variance, as arrays: quantiles, for bands and forecasts."""

from __future__ import annotations

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure.series import Floats


def quantile(mean: Floats, variance: Floats, probability: float, signed: bool = False) -> Floats:
    """The value that a day stays below with this probability; for counts, round up.

    The inverse of the distribution that `baseline.score` uses, as a continuous one.
    """
    if signed:
        normal: Floats = mean + np.sqrt(variance) * float(special.ndtri(probability))
        return normal
    unit = np.minimum(variance / mean, 1.0)
    m = mean / unit
    size = np.minimum(m**2 / np.maximum(variance / unit**2 - m, 1e-9 * m), 1e5)
    at: Floats = special.nbdtrik(probability, size, size / (size + m)) * unit
    return np.maximum(np.nan_to_num(at, nan=0.0), 0.0)
