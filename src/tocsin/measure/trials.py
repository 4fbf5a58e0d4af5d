"""Trials of an alarm on simulated series whose truth is known: false episodes, surges found, creeps declared.

An alarm is a function from values (series × days) to flags of the same shape; ours and the yardsticks are tried alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tocsin.measure.series import Flags, Floats
from tocsin.measure.simulate import Kind, inject, simulate

Alarm = Callable[[Floats], Flags]

WARM = 60  # days left out at the beginning of a null
BEFORE = 400  # days before a surge
SURGE_DAYS, SEEN_WITHIN = 5, 7
YEAR = 365


@dataclass(frozen=True, slots=True)
class Found:
    """Which share was found, and the median delay in days of those found (0: on the first day; None: none found)."""

    share: float
    delay: float | None


def episodes(on: Flags) -> int:
    """How many runs of alarm days there are, over all series."""
    return int((on[:, 1:] & ~on[:, :-1]).sum() + on[:, 0].sum())


def false_episodes(alarm: Alarm, kind: Kind, series: int, days: int, seed: int, per: int = 100) -> float:
    """Episodes per `per` days on series in which nothing happens."""
    on = alarm(simulate(kind, series, days, seed))[:, WARM:]
    return per * episodes(on) / on.size


def surges_found(alarm: Alarm, kind: Kind, factor: float, series: int, seed: int, growth: float = 0.0) -> Found:
    """Share of five-day surges (`factor` times the usual) that start an alarm within seven days.

    With `growth` (a week) the series has been creeping for half a year when the surge comes. Series that are in alarm
    on the eve are left out: nobody can say what they would have done.
    """
    weeks = 26
    values = simulate(kind, series, BEFORE + SEEN_WITHIN, seed, growth, BEFORE - 7 * weeks)
    level = replace(kind, mean=kind.mean * (1 + growth) ** weeks)
    on = alarm(inject(level, values, BEFORE, SURGE_DAYS, factor, seed + 1))
    return _found(on[~on[:, BEFORE - 1]][:, BEFORE:])


def creeps_declared(alarm: Alarm, kind: Kind, growth: float, series: int, seed: int, before: int = YEAR) -> Found:
    """Share of series declared within 52 weeks of beginning to grow by `growth` a week after `before` quiet days."""
    on = alarm(simulate(kind, series, before + 364, seed, growth, before))
    return _found(on[~on[:, before - 1]][:, before:])


def _found(after: Flags) -> Found:
    if not len(after):
        return Found(0.0, None)
    seen = after.any(axis=1)
    delay = after.argmax(axis=1)
    # Those never found count as later than all others, so that a detector cannot look quick by finding little.
    ranked = np.sort(np.where(seen, delay, np.inf))
    middle = float(ranked[len(ranked) // 2])
    found = float(np.median(delay[seen])) if seen.any() else None
    return Found(float(seen.mean()), middle if np.isfinite(middle) else found)
