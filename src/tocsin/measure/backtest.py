"""What the detectors would have said of history: for each labelled event whether, when and by what it was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from tocsin.measure.series import Flags

SHIFTS = 999


@dataclass(frozen=True, slots=True)
class Label:
    """A historical event that ought to have been seen, and the day it became plain to everybody."""

    day: date
    title: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """`lead` is how many days before the event's day the alarm came (negative: after it); None where none came."""

    label: Label
    first: date | None
    lead: int | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """How one detector did, and how alarms as many and as long would do that are placed blindly.

    `detection` is the share of events seen, `false_alarms` the episodes per 100 days that belong to no event.
    `median_lead` is of the events seen; `warning` the mean days of warning of all events, 0 where one was seen on its
    day, later or not at all. `p_value` is the chance that blind alarms see as many, `p_lead` that they warn as long.
    """

    detector: str
    sightings: tuple[Sighting, ...]
    detection: float
    median_lead: float | None
    false_alarms: float
    p_value: float
    warning: float
    p_lead: float


def backtest(
    dates: Sequence[date],
    alarms: Mapping[str, Flags],
    labels: Sequence[Label],
    before: int = 14,
    after: int = 7,
    seed: int = 0,
) -> list[Backtest]:
    """Score each detector's daily alarms (by name) against labelled events.

    An event is seen when an alarm *begins* from `before` days ahead of its day to `after` days behind it, or was
    already on when that window opened and still is on the event's day (then its lead is `before`). The p-values turn
    the alarms round the calendar by random numbers of days: episodes keep their lengths and spacing, only their place
    is chance.

    Raises:
        ValueError: alarms do not fit the dates, or no label falls on them.
    """
    place = {day: at for at, day in enumerate(dates)}
    known = [label for label in labels if label.day in place]
    if not known:
        raise ValueError("no labelled event falls within the days measured; widen --from and --to or add labels")
    at = [place[label.day] for label in known]
    rng = np.random.default_rng(seed)
    shifts = rng.integers(1, max(len(dates), 2), SHIFTS).tolist()
    results = []
    for name, on in alarms.items():
        if len(on) != len(dates):
            raise ValueError(f"the alarms of {name} are not one for each day")
        results.append(_one(name, np.asarray(on, dtype=bool), dates, known, at, before, after, shifts))
    return results


def _one(
    name: str,
    on: Flags,
    dates: Sequence[date],
    labels: Sequence[Label],
    at: Sequence[int],
    before: int,
    after: int,
    shifts: Sequence[int],
) -> Backtest:
    firsts = [_first(on, day, before, after) for day in at]
    leads = _leads(on, at, before, after)
    blind = [_leads(np.roll(on, shift), at, before, after) for shift in shifts]
    warning = _warning(leads)
    return Backtest(
        detector=name,
        sightings=tuple(
            Sighting(label, None if first is None else dates[first], None if first is None else day - first)
            for label, day, first in zip(labels, at, firsts, strict=True)
        ),
        detection=len(leads) / len(at),
        median_lead=float(np.median(leads)) if leads else None,
        false_alarms=_false_alarms(on, at, before, after),
        p_value=_chance([len(each) >= len(leads) for each in blind]),
        warning=warning / len(at),
        p_lead=_chance([_warning(each) >= warning for each in blind]),
    )


def _leads(on: Flags, at: Sequence[int], before: int, after: int) -> list[int]:
    """How many days ahead each event was seen that was seen."""
    firsts = [_first(on, day, before, after) for day in at]
    return [day - first for day, first in zip(at, firsts, strict=True) if first is not None]


def _warning(leads: Sequence[int]) -> int:
    return sum(max(lead, 0) for lead in leads)


def _chance(as_good: Sequence[bool]) -> float:
    """The share of blind placings that did as well, the real one counted among them (so that it is never 0)."""
    return (1 + sum(as_good)) / (1 + len(as_good))


def _first(on: Flags, day: int, before: int, after: int) -> int | None:
    """The first day of the alarm that saw the event of `day`."""
    opens, closes = max(day - before, 0), min(day + after, len(on) - 1)
    for n in range(opens, closes + 1):
        if on[n] and (n == 0 or not on[n - 1]):
            return n
    return opens if on[opens : day + 1].all() else None


def _false_alarms(on: Flags, at: Sequence[int], before: int, after: int) -> float:
    near = np.zeros(len(on), dtype=bool)
    for day in at:
        near[max(day - before, 0) : day + after + 1] = True
    starts = on & ~np.concatenate([[False], on[:-1]])
    quiet = int((~near).sum())
    return float(100 * (starts & ~near).sum() / quiet) if quiet else 0.0
