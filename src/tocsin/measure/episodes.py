"""Episodes told day by day: what is open of each detector, with sums enough to tell of it without its days.

One step takes one measured day and costs the same however long an episode has lasted. `departures` follows a whole
series; the pipeline goes on from kept state.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import asdict, dataclass, field
from datetime import date

from tocsin.measure.creep import RECENT
from tocsin.records import Departure, Detector, Measurement

MADE_BY = "measure/1"
HABIT = 56  # days: how far back a series' habit of missing days is looked at
INCREDIBLE = 0.001  # probability below which a run of missing days is no longer habit
LEAST_SILENCE = 3  # days
REACH = 14  # days before its declaration in which the beginning of a surge is looked for

ROLLING = "what its last seven weeks lead one to expect of such a day"
FROZEN = "its frozen reference, the first settled year of the series"
SPOKEN = "the days on which its source spoke before"
BASELINES: dict[Detector, str] = {"surge": ROLLING, "burden": FROZEN, "creep": FROZEN, "blind": SPOKEN}


@dataclass(slots=True)
class Run:
    """Days in a row, added up: values, what was expected of them, and the reference's level on them."""

    since: str
    declared: str = ""
    days: int = 0
    total: float = 0.0
    peak: float | None = None
    expecting: int = 0
    expected: float = 0.0
    levels: int = 0
    level: float = 0.0

    def add(self, day: Measurement, level: float) -> None:
        """Take in one more day."""
        if day.value is not None:
            self.days, self.total = self.days + 1, self.total + day.value
            self.peak = day.value if self.peak is None else max(self.peak, day.value)
        if day.expected is not None:
            self.expecting, self.expected = self.expecting + 1, self.expected + day.expected
        if math.isfinite(level):
            self.levels, self.level = self.levels + 1, self.level + level


@dataclass(slots=True)
class Seen:
    """A day before: enough of it to tell where a surge began."""

    day: str
    value: float | None
    expected: float | None
    surge: bool
    level: float


@dataclass(slots=True)
class Episodes:
    """What is open, and what might be the beginning of something.

    `lifted` are the last days in a row on which the recent mean stood above the reference by half a standard error,
    `silent` those without a value, `spoken` whether each of the `HABIT` days before these had one; `total` and `weight`
    are the recent mean behind the creep index, `index` the last one known.
    """

    last: str = ""
    open: dict[Detector, Run] = field(default_factory=dict)
    before: list[Seen] = field(default_factory=list)
    lifted: Run | None = None
    silent: Run | None = None
    silence: int = 0
    spoken: list[int] = field(default_factory=list)
    total: float = 0.0
    weight: float = 0.0
    index: float | None = None
    interval: tuple[float, float] | None = None


def to_json(episodes: Episodes) -> str:
    """The state as text; its size does not grow with the series."""
    return json.dumps(asdict(episodes), separators=(",", ":"))


def from_json(text: str) -> Episodes:
    """The state that `to_json` wrote."""
    content = json.loads(text)
    content["open"] = {detector: Run(**run) for detector, run in content["open"].items()}
    content["before"] = [Seen(**day) for day in content["before"]]
    for name in ("lifted", "silent"):
        content[name] = Run(**content[name]) if content[name] else None
    content["interval"] = tuple(content["interval"]) if content["interval"] else None
    return Episodes(**content)


def follow(
    watch: str, indicator: str, episodes: Episodes, days: Iterable[Measurement], detectors: Sequence[Detector]
) -> Iterator[Departure]:
    """Take further days into `episodes`; the departures that ended in them, then those that last."""
    names = {"watch": watch, "indicator": indicator}
    for day in days:
        for detector, run in step(episodes, day, detectors):
            yield _departure(names, episodes, detector, run, ended=True)
        _remember(episodes, day)
    for detector, run in episodes.open.items():
        yield _departure(names, episodes, detector, run, ended=False)


def step(episodes: Episodes, day: Measurement, detectors: Sequence[Detector]) -> Iterator[tuple[Detector, Run]]:
    """Take in what the detectors say of one more day; the episodes that were over the day before."""
    level = _level(episodes, day)
    missing = day.value is None
    if missing:
        episodes.silent = _longer(episodes.silent, day, level)
        episodes.silence += 1
    for detector in detectors:
        on = missing and _incredible(episodes) if detector == "blind" else bool(getattr(day, detector))
        if on and detector not in episodes.open:
            episodes.open[detector] = run = _beginning(episodes, detector, day, level)
            run.declared = day.date.isoformat()
        elif on:
            episodes.open[detector].add(day, level)
        elif detector in episodes.open:
            yield detector, episodes.open.pop(detector)
    episodes.lifted = _longer(episodes.lifted, day, level) if _stands_above(day) else None
    episodes.before = [
        *episodes.before[-REACH + 1 :],
        Seen(day.date.isoformat(), day.value, day.expected, day.surge, level),
    ]


def _remember(episodes: Episodes, day: Measurement) -> None:
    """What the next day has to know of this one, once nobody asks of the day before any more."""
    if day.creep_index is not None:
        episodes.index, episodes.interval = day.creep_index, day.creep_interval
    if day.value is not None:
        silence = [0] * min(episodes.silence, HABIT)
        episodes.spoken = [*episodes.spoken, *silence, 1][-HABIT:]
        episodes.silent, episodes.silence = None, 0
    episodes.last = day.date.isoformat()


def _level(episodes: Episodes, day: Measurement) -> float:
    """The level of the frozen reference behind the day's creep index: recent mean over index (NaN where none)."""
    keep = math.exp(-1 / RECENT)
    counts = day.value is not None and day.creep_index is not None
    episodes.total = episodes.total * keep + (day.value if counts and day.value is not None else 0.0)
    episodes.weight = episodes.weight * keep + counts
    return episodes.total / episodes.weight / day.creep_index if episodes.weight and day.creep_index else math.nan


def _longer(run: Run | None, day: Measurement, level: float) -> Run:
    grown = run or Run(day.date.isoformat())
    grown.add(day, level)
    return grown


def _incredible(episodes: Episodes) -> bool:
    """Whether the silence is longer than the series' habit, that of the days before it, explains."""
    window = len(episodes.spoken)
    habit = (window - sum(episodes.spoken) + 1) / (window + 2)
    return window >= HABIT / 2 and episodes.silence >= LEAST_SILENCE and habit**episodes.silence < INCREDIBLE


def _stands_above(day: Measurement) -> bool:
    """Whether the recent mean is above the reference by half a standard error."""
    if day.creep_index is None or day.creep_interval is None:
        return False
    return day.creep_index - 1 > 0.3 * (day.creep_interval[1] - day.creep_index)


def _beginning(episodes: Episodes, detector: Detector, day: Measurement, level: float) -> Run:
    """The days from where the change is estimated to have begun to the day it is declared on."""
    if detector == "blind":
        return copy(episodes.silent) or Run(day.date.isoformat())
    if detector != "surge":
        return _longer(copy(episodes.lifted), day, level)
    earlier = _rise(episodes.before)
    run = Run(earlier[0].day if earlier else day.date.isoformat())
    for seen in earlier:
        told = Measurement(
            date=date.fromisoformat(seen.day), value=seen.value, expected=seen.expected, interval=None, health="ok"
        )
        run.add(told, seen.level)
    run.add(day, level)
    return run


def _rise(before: Sequence[Seen]) -> Sequence[Seen]:
    """The run of days above expectation that leads up to a declaration (one day below is forgiven)."""
    since = len(before)
    below = 0
    for at in range(len(before) - 1, -1, -1):
        day = before[at]
        if below == 2 or day.value is None or day.expected is None or day.surge:
            break
        above = day.value > day.expected
        below = 0 if above else below + 1
        since = at if above else since
    return before[since:]


def _departure(names: dict[str, str], episodes: Episodes, detector: Detector, run: Run, *, ended: bool) -> Departure:
    frozen = detector in ("burden", "creep")
    return Departure(
        **names,
        detector=detector,
        declared=date.fromisoformat(run.declared),
        since=date.fromisoformat(run.since),
        until=date.fromisoformat(episodes.last) if ended else None,
        observed=_mean(run.total, run.days),
        expected=_mean(run.level, run.levels) if frozen else _mean(run.expected, run.expecting),
        peak=run.peak,
        creep_index=episodes.index,
        creep_interval=episodes.interval,
        baseline=BASELINES[detector],
        made_by=MADE_BY,
    )


def _mean(total: float, days: int) -> float | None:
    return float(f"{total / days:.6g}") if days else None
