"""What others use, printed beside our detectors so that nobody need believe us.

The rolling z-score is what dashboards alarm on. EARS C2 is the public-health standard (Hutwagner et al. 2003; Fricker,
Hegler and Dunfee 2008): mean and standard deviation of seven days that end three days ago, alarm above three.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tocsin.measure.series import Flags, Floats


def z_score(values: Floats, window: int = 28, threshold: float = 3.0) -> Flags:
    """Alarm where a value is `threshold` standard deviations above the mean of the `window` days before it.

    Args:
        values: series × days; NaN is missing and never alarms.
    """
    return _above(values, window, 0, threshold, least_spread=0.0)


def ears_c2(values: Floats) -> Flags:
    """EARS C2: seven days, a lag of two, three standard deviations (of at least 0.5, as its users set it)."""
    return _above(values, 7, 2, 3.0, least_spread=0.5)


def always(values: Floats) -> Flags:
    """The watcher who always cries wolf."""
    return np.ones(values.shape, dtype=bool)


def never(values: Floats) -> Flags:
    """The watcher who sleeps."""
    return np.zeros(values.shape, dtype=bool)


def _above(values: Floats, window: int, lag: int, threshold: float, least_spread: float) -> Flags:
    alarms = np.zeros(values.shape, dtype=bool)
    first = window + lag
    if values.shape[1] <= first:
        return alarms
    past = sliding_window_view(values, window, axis=1)[:, : values.shape[1] - first]
    known = ~np.isnan(past)
    days = known.sum(axis=2)
    held = np.where(known, past, 0.0)
    mean = held.sum(axis=2) / np.maximum(days, 1)
    square = np.where(known, (past - mean[:, :, None]) ** 2, 0.0).sum(axis=2)
    spread = np.maximum(np.sqrt(square / np.maximum(days - 1, 1)), least_spread)
    today = values[:, first:]
    with np.errstate(invalid="ignore"):
        alarms[:, first:] = (days >= window / 2) & (today > mean + threshold * spread)
    return alarms
