"""What the detectors are set to. The floors of `tests/quality/test_detectors.py` hold for these values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

GUARD = 7  # days: a value enters the rolling baseline a week late, so that a surge cannot hide itself
CLASSES = 8  # seven weekdays and the holiday


@dataclass(frozen=True, slots=True)
class Settings:
    """Memories (days) and thresholds of the detectors; the defaults are the measured ones.

    The rolling baseline forgets with time constant `memory` and is believed after `warm_up` observed days. The frozen
    reference takes `reference_days` days, each `reference_lag` days late; burden and creep speak once it holds
    `reference_least`. `reference` fixes by hand which dates it is learnt from. Allowances and thresholds of the CUSUMs
    are in standard deviations: of a day's normal score for surge, of the long-run daily excess for burden and creep,
    where `doubt` is how much of the reference's own standard error is added to the allowance.
    """

    memory: float = 50.0
    slow_memory: float = 150.0
    warm_up: int = 21
    surge_allowance: float = 0.8
    surge_threshold: float = 2.1
    reference: tuple[date, date] | None = None
    reference_days: int = 365
    reference_least: int = 60
    reference_lag: int = 84
    burden_allowance: float = 0.5
    burden_threshold: float = 10.0
    creep_allowance: float = 0.2
    creep_threshold: float = 15.0
    doubt: float = 1.75


DEFAULT = Settings()
