"""How good forecasts were: CRPS, Brier score, coverage, reliability. Lower is better for the first two.

The continuous ranked probability score (Hersbach 2000) is computed from quantiles as twice the mean pinball loss, which
is the same thing in the limit (Gneiting and Raftery 2007) and needs no density.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tocsin.measure.series import Flags, Floats, Series
from tocsin.records import Forecast

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
class Score:
    """What became of kept forecasts of one series, by lead ("total" included). `coverage` is of the 90 % intervals."""

    lead: int | str
    count: int
    crps: float
    coverage: float
    brier: float | None
    base_rate: float | None


def scoreboard(forecasts: Iterable[Forecast], series: Series, threshold: float | None = None) -> list[Score]:
    """Score kept forecasts against what came; forecasts whose day is missing, or yet to come, are left out.

    `threshold` is the one that the forecasts' `p_exceed` speaks of. A total is scored where every one of its days is
    known; its horizon is taken from the longest lead of the same origin.
    """
    kept = list(forecasts)
    value = dict(zip(series.dates, series.values.tolist(), strict=True))
    horizon: dict[date, int] = {}
    for forecast in kept:
        if forecast.lead != "total":
            horizon[forecast.origin] = max(horizon.get(forecast.origin, 0), forecast.lead)
    by_lead: dict[int | str, list[tuple[Forecast, float]]] = {}
    for forecast in kept:
        outcome = _outcome(forecast, value, horizon)
        if not np.isnan(outcome):
            by_lead.setdefault(forecast.lead, []).append((forecast, outcome))
    return [_score(lead, pairs, threshold) for lead, pairs in by_lead.items()]


def _outcome(forecast: Forecast, value: Mapping[date, float], horizon: Mapping[date, int]) -> float:
    if forecast.lead == "total":
        days = range(1, horizon.get(forecast.origin, 0) + 1)
        return sum((value.get(forecast.origin + timedelta(days=n), np.nan) for n in days), 0.0) if days else np.nan
    return value.get(forecast.origin + timedelta(days=forecast.lead), np.nan)


def _score(lead: int | str, pairs: list[tuple[Forecast, float]], threshold: float | None) -> Score:
    outcomes = np.array([outcome for _, outcome in pairs])
    marks, inside = [], []
    for forecast, outcome in pairs:
        levels = np.array([float(level) for level in forecast.quantiles])
        marks.append(float(crps(np.array(list(forecast.quantiles.values())), levels, np.array(outcome))))
        inside.append(forecast.quantiles["0.05"] <= outcome <= forecast.quantiles["0.95"])
    probability = [forecast.p_exceed for forecast, _ in pairs if forecast.p_exceed is not None]
    told = threshold is not None and len(probability) == len(pairs)
    return Score(
        lead=lead,
        count=len(pairs),
        crps=float(np.mean(marks)),
        coverage=float(np.mean(inside)),
        brier=brier(np.array(probability), outcomes >= threshold) if told else None,
        base_rate=float(np.mean(outcomes >= threshold)) if told else None,
    )
