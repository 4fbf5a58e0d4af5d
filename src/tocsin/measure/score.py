"""One score for a watch: which of its indicators depart today, when many are looked at together.

Twenty indicators at five in a hundred each would cry once a day. The procedure of Benjamini and Hochberg (1995) keeps
the share of false cries among the cries at the rate asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure.series import Floats
from tocsin.records import Measurement

UPPER = 1.6449  # the upper end of a measurement's interval is its 95 % quantile
HIGHEST = 10.0


@dataclass(frozen=True, slots=True)
class WatchScore:
    """`score` is −log10 of the smallest adjusted p-value (0 to 10); `departing` the indicators found at `rate`.

    `p_values` are one-sided (too much, never too little), `adjusted` after Benjamini and Hochberg. Indicators whose day
    is missing or whose baseline is young are left out of all three.
    """

    score: float
    departing: tuple[str, ...]
    p_values: dict[str, float]
    adjusted: dict[str, float]


def watch_score(today: Mapping[str, Measurement], rate: float = 0.1) -> WatchScore:
    """Judge the indicators of a watch (by name) together, at a false-discovery rate of `rate`."""
    p_values = {name: p for name, m in today.items() if (p := p_value(m)) is not None}
    names = list(p_values)
    adjusted = dict(zip(names, benjamini_hochberg(np.array(list(p_values.values()))).tolist(), strict=True))
    departing = tuple(sorted((n for n in names if adjusted[n] <= rate), key=lambda n: adjusted[n]))
    smallest = min(adjusted.values(), default=1.0)
    score = min(-math.log10(max(smallest, 1e-300)), HIGHEST)
    return WatchScore(score + 0.0, departing, p_values, adjusted)


def p_value(m: Measurement) -> float | None:
    """P(a value as high as this one), from the day's expectation and interval; None where there is no day or baseline.

    The cube root of a gamma variable is nearly normal (Wilson and Hilferty 1931), and the interval's upper end, at
    1.645 standard deviations, tells its spread. Values that may be negative are taken as normal.
    """
    if m.value is None or m.expected is None or m.interval is None:
        return None
    value, expected, (low, high) = m.value, m.expected, m.interval
    if high <= expected:
        return 0.5 if value <= expected else 0.0
    if min(value, low) < 0:
        return float(special.ndtr(-UPPER * (value - expected) / (high - expected)))
    reach = math.cbrt(high / expected) - 1
    spread = (UPPER - math.sqrt(max(UPPER**2 - 4 * reach, 0.0))) / 2
    return float(special.ndtr(-(math.cbrt(value / expected) - 1 + spread**2) / spread))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Adjusted p-values: reject those not above the rate, and so many in a hundred of the rejections are false."""
    n = len(p_values)
    order = np.argsort(p_values)[::-1]
    ranks = np.arange(n, 0, -1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(p_values[order] * n / ranks), 1.0)
    return adjusted
