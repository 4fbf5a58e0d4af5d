"""How good forecasts were: CRPS, Brier score, coverage, reliability. Lower is better for the first two.

The continuous ranked probability score (Hersbach 2000) is computed from quantiles as twice the mean pinball loss, which
is the same thing in the limit (Gneiting and Raftery 2007) and needs no density.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from tocsin.measure.sampling import Interval, share_interval, skill_interval
from tocsin.measure.series import Flags, Floats, Series
from tocsin.records import Forecast, Outlook

BINS = 10


def crps(quantiles: Floats, levels: Floats, outcome: Floats) -> Floats:
    """CRPS of forecasts given as quantiles.

    Args:
        quantiles: … × levels, ascending.
        levels: probabilities in (0, 1), evenly spread.
        outcome: … (NaN gives NaN).
    """
    miss = np.asarray(outcome)[..., None] - quantiles
    result: Floats = 2 * np.mean(np.where(miss >= 0, levels, levels - 1) * miss, axis=-1)
    return result


def brier(probability: Floats, happened: Flags) -> float:
    """Mean squared difference between what was thought probable and what came."""
    return float(np.mean((np.asarray(probability) - np.asarray(happened, dtype=float)) ** 2))


@dataclass(frozen=True, slots=True)
class Bin:
    """Of `count` forecasts whose probabilities averaged `said`, the share `came` came true."""

    said: float
    came: float
    count: int


def reliability(probability: Floats, happened: Flags, bins: int = BINS) -> list[Bin]:
    """The points of a reliability diagram: forecasts in equal steps of probability, empty steps left out."""
    p, came = np.asarray(probability, dtype=float), np.asarray(happened, dtype=float)
    step = np.minimum((p * bins).astype(int), bins - 1)
    return [
        Bin(float(p[step == n].mean()), float(came[step == n].mean()), int((step == n).sum()))
        for n in range(bins)
        if (step == n).any()
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One forecast that has met its day: what it said, what climatology would have said then, and what came."""

    crps: float
    climatology: float
    inside: bool
    beyond: bool
    p_exceed: float | None
    base: float
    exceeded: bool
    week: int


@dataclass(frozen=True, slots=True)
class Score:
    """What became of kept forecasts: of lead days ("days") or of totals ("total").

    `skill` is one minus the ratio of the CRPS to climatology's, `brier_skill` likewise of P(day ≥ threshold) against
    the base rate of the days known then; both are None where there is nothing to divide by. `coverage` is of the 90 %
    intervals, ends included (of counts near zero they hold more: zero cannot be left out), `beyond` the share that
    another method than climatology issued. The intervals are where skill and coverage may lie but for chance (95 %),
    counting the `weeks` in which forecasts were made; None where these are fewer than three.
    """

    target: str
    count: int
    crps: float
    skill: float | None
    coverage: float
    beyond: float
    brier: float | None
    brier_skill: float | None
    reliability: tuple[Bin, ...]
    weeks: int
    skill_interval: Interval | None
    coverage_interval: Interval | None


def scoreboard(outlooks: Iterable[Outlook], series: Series) -> list[Score]:
    """Score kept forecasts of one series against what came; those whose days are missing or to come are left out."""
    return scores(*told(outlooks, series))


def scores(days: Sequence[Told], totals: Sequence[Told]) -> list[Score]:
    """One score for lead days and one for totals, where there is any of them."""
    return [_summary(target, part) for target, part in (("days", days), ("total", totals)) if part]


def told(outlooks: Iterable[Outlook], series: Series) -> tuple[list[Told], list[Told]]:
    """Every kept forecast that can be scored: of lead days, and of totals (all of whose days must be known)."""
    value = dict(zip(series.dates, series.values.tolist(), strict=True))
    days: list[Told] = []
    totals: list[Told] = []
    for outlook in outlooks:
        past = series[: sum(day <= outlook.day for day in series.dates)]
        known = past.present() if len(past) else past.values
        horizon = max((line.lead for line in outlook.forecasts if line.lead != "total"), default=0)
        ahead = [value.get(outlook.day + timedelta(days=n), math.nan) for n in range(1, horizon + 1)]
        if not np.any(~np.isnan(known)):
            continue
        for line in outlook.forecasts:
            whole = line.lead == "total"
            came = math.fsum(ahead) if whole else ahead[int(line.lead) - 1]
            if not math.isnan(came):
                sample = _totals(known, horizon) if whole else known[~np.isnan(known)]
                (totals if whole else days).append(_judge(line, came, sample, None if whole else outlook.threshold))
    return days, totals


def _totals(known: Floats, days: int) -> Floats:
    """Totals of so many days in a row; of scaled days while there is no such run without a gap."""
    if len(known) >= days:
        found = np.lib.stride_tricks.sliding_window_view(known, days).sum(axis=1)
        found = found[~np.isnan(found)]
        if len(found):
            return np.asarray(found)
    return known[~np.isnan(known)] * days


def _judge(line: Forecast, came: float, sample: Floats, threshold: float | None) -> Told:
    levels = np.array([float(level) for level in line.quantiles])
    ours = np.array(list(line.quantiles.values()))
    return Told(
        crps=float(crps(ours, levels, np.array(came))),
        climatology=float(crps(np.quantile(sample, levels), levels, np.array(came))),
        inside=bool(ours[0] <= came <= ours[-1]),
        beyond=line.method != "climatology",
        p_exceed=None if threshold is None else line.p_exceed,
        base=0.0 if threshold is None else float(np.mean(sample >= threshold)),
        exceeded=threshold is not None and came >= threshold,
        week=line.origin.toordinal() // 7,
    )


def _summary(target: str, told: Sequence[Told]) -> Score:
    """The score of forecasts of one target (at least one)."""
    marks, base = np.array([each.crps for each in told]), np.array([each.climatology for each in told])
    week = [each.week for each in told]
    asked = [each for each in told if each.p_exceed is not None]
    said = np.array([each.p_exceed for each in asked], dtype=float)
    came = np.array([each.exceeded for each in asked], dtype=bool)
    ours = brier(said, came) if asked else None
    theirs = brier(np.array([each.base for each in asked]), came) if asked else 0.0
    return Score(
        target=target,
        count=len(told),
        crps=_rounded(marks.mean()),
        skill=_rounded(1 - marks.sum() / base.sum()) if base.sum() > 0 else None,
        coverage=_rounded(float(np.mean([each.inside for each in told]))),
        beyond=_rounded(float(np.mean([each.beyond for each in told]))),
        brier=None if ours is None else _rounded(ours),
        brier_skill=_rounded(1 - ours / theirs) if ours is not None and theirs > 0 else None,
        reliability=tuple(reliability(said, came)) if asked else (),
        weeks=len(set(week)),
        skill_interval=_ends(skill_interval(marks, base, week)),
        coverage_interval=_ends(share_interval([each.inside for each in told], week)),
    )


def _ends(interval: Interval | None) -> Interval | None:
    return None if interval is None else (_rounded(interval[0]), _rounded(interval[1]))


def _rounded(number: float) -> float:
    return float(f"{number:.4g}")
