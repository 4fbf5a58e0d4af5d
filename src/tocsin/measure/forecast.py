"""Forecasts of a series, issued only where they have beaten climatology on this very series.

For every lead, several ways of forecasting (`experts`) speak from many past origins, each knowing only what was known
then. Their mixture, weighted at every origin by how they had done until then, is issued where it has beaten climatology
by more than chance allows; else climatology is, and the line says so. The mixture's quantiles, and the 90 % interval of
climatology, are set right by how often their own earlier ones were missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tocsin.measure import experts, predictive
from tocsin.measure.experts import Past, Sample, settled
from tocsin.measure.series import Flags, Floats, Series
from tocsin.records import Forecast

QUANTILES = ("0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95")
LEVELS: Floats = np.array([float(level) for level in QUANTILES])
FINE: Floats = (np.arange(200) + 0.5) / 200
FARTHEST = 90  # days
LEAST_TOLD = 8  # days with a value without which nothing is issued: a week of weekdays and one to compare
SEEN = 21  # days with a value before the first origin tried
ORIGINS = 160  # at most about so many past origins, the latest
LEAST = 20  # past outcomes without which no skill is measured
LEARNING = 0.7  # how fast the mixture follows what did better, in units of climatology's mean CRPS
FORGETTING = 200.0  # days: what did better is forgotten
RECENT = 150.0  # days: how fast it is forgotten how the mixture did
BRIER_CHANCE = 1.0  # standard errors by which the base rate's Brier score must be beaten
CHANCE = 1.3  # standard errors by which climatology must be beaten
BELIEF = 40.0  # origins' worth of belief that intervals are right as they are
PRIOR: Floats = np.array([8.0, 2.0, 1.0, 1.0, 0.5, 1.0, 1.0])  # of the experts, before anything is seen
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Trial:
    """What climatology and the mixture said at past origins about one target, what came, and what they say now.

    `climatology` and `mixture` are origins × points, the last row from the last day; `came` has NaN there, and where
    the outcome is not known. `spacing` is how many origins in a row speak of overlapping days.
    """

    points: Floats
    climatology: Floats
    mixture: Floats
    came: Floats
    spacing: float
    whole: bool
    ages: Floats

    def weights(self, known: Flags) -> Floats:
        """Of the past origins `known`, the late ones more; their sum is 1."""
        weights = np.exp(-self.ages[known] / RECENT)
        return np.asarray(weights / weights.sum(), dtype=np.float64)


def forecast(series: Series, horizon: int, threshold: float | None = None) -> Iterator[Forecast]:
    """One forecast for each lead day, and one for the total of them all.

    Raises:
        ValueError: the horizon is not 1 to 90 days, or fewer than 8 days have a value under the present rules.
    """
    if not 1 <= horizon <= FARTHEST:
        raise ValueError(f"the horizon must be 1 to {FARTHEST} days, not {horizon}")
    values = series.present()
    told = int(np.sum(~np.isnan(values)))
    if told < LEAST_TOLD:
        rules = " under the present reporting rules" if len(set(series.regime)) > 1 else ""
        raise ValueError(f"{told} days with a value{rules} are too few to forecast from; {LEAST_TOLD} are the least")
    weekday = (series.dates[-1].weekday() - len(values) + 1) % 7
    whole = bool(np.all(np.nan_to_num(values) % 1 == 0))
    past = Past(values, weekday, _origins(values), whole, series.signed)
    sample = Sample(past, values, predictive.grid(values, whole), weekdays=True)
    for lead in range(1, horizon + 1):
        yield _issue(series, lead, _try(past, sample, values, (lead, lead)), threshold)
    totals = _totals(values, horizon, whole)
    sample = Sample(past, totals, predictive.grid(totals, whole), weekdays=False)
    yield _issue(series, "total", _try(past, sample, totals, (1, horizon)), threshold)


def _origins(values: Floats) -> experts.Whole:
    """The past days forecast from, and the last day."""
    end = len(values) - 1
    begin = int(np.searchsorted(np.cumsum(~np.isnan(values)), SEEN))
    step = min(max((end - begin) // ORIGINS, 1), 4)
    return np.arange(end, max(min(begin, end) - 1, end - ORIGINS * step - 1), -step)[::-1]


def _totals(values: Floats, days: int, whole: bool) -> Floats:
    """For each day, the total of the days up to it (NaN where more than a third is missing)."""
    padded = np.concatenate([np.full(days - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)
    known = ~np.isnan(windows)
    count = known.sum(axis=1)
    total = np.where(known, windows, 0.0).sum(axis=1) * days / np.maximum(count, 1)
    settled = (count >= days * 2 / 3) & (np.arange(len(values)) >= days - 1)
    if not settled.any():  # no such run of days is over yet: scaled days stand in for it
        return values * days
    return np.where(settled, np.rint(total) if whole else total, np.nan)


def _try(past: Past, sample: Sample, values: Floats, days: tuple[int, int]) -> Trial:
    """Let every expert speak at every origin about the days `first` to `last` after it, and mix what they said."""
    (first, last), points = days, sample.points
    at = past.origins + last
    came = np.where(at < len(values), values[np.minimum(at, len(values) - 1)], np.nan)
    said = experts.say(past, sample, came, days)
    marks = predictive.crps(said, points, came)
    step = float(np.diff(past.origins).max(initial=1))
    spacing = max(last / step, 1.0)
    known = ~np.isnan(came)
    held = np.where(known, marks, 0.0)
    weights = settled(past.origins, last, FORGETTING) * known
    count = weights.sum(1)
    typical = (weights @ held[0]) / np.maximum(count, 1e-9)
    lead = (weights @ held.T).T / np.maximum(typical, 1e-9) / (spacing if first < last else 1.0)
    share = PRIOR[: len(said), None] * np.exp(-LEARNING * (lead - lead.min(0)))
    share = np.where(typical > 0, share, PRIOR[: len(said), None])
    share /= share.sum(0)
    mixture = np.einsum("eo,eog->og", share, said)
    return Trial(points, said[0], mixture, came, spacing, past.whole, -past.age[:, -1].astype(np.float64))


def _issue(series: Series, lead: int | Literal["total"], trial: Trial, threshold: float | None) -> Forecast:
    beyond, skill = _choose(trial)
    said = trial.mixture if beyond else trial.climatology
    level = _set_right(trial, said)
    if not beyond:  # climatology is issued as it is; only its 90 % interval is set right
        level = np.concatenate([np.minimum(level[:1], LEVELS[1]), LEVELS[1:-1], np.maximum(level[-1:], LEVELS[-2])])
    spread = predictive.quantiles(said[-1], trial.points, level, trial.whole)
    told = _told(spread, trial.whole, series.signed)
    quantiles = dict(zip(QUANTILES, told, strict=True))
    mean = float(predictive.quantiles(said[-1], trial.points, FINE, trial.whole).mean())
    return Forecast(
        origin=series.dates[-1],
        lead=lead,
        mean=_rounded(mean if series.signed else max(mean, 0.0)),
        median=quantiles["0.5"],
        quantiles=quantiles,
        p_exceed=None if threshold is None else _exceed(trial, beyond, threshold),
        method="mixture" if beyond else "climatology",
        skill=skill,
    )


def _told(spread: Floats, whole: bool, signed: bool) -> list[float]:
    """Quantiles as they are told. Of counts, the ends are the whole numbers that leave nearest to 5 % outside."""
    if whole:
        spread = np.rint(np.concatenate([[np.ceil(spread[0])], spread[1:-1], [np.floor(spread[-1])]]))
        spread = np.maximum.accumulate(np.maximum(spread, 0.0) if not signed else spread)
    elif not signed:
        spread = np.maximum(spread, 0.0)
    return [_rounded(float(number)) for number in spread]


def _choose(trial: Trial) -> tuple[bool, float | None]:
    """Whether to issue the mixture, and its measured skill (None where there was too little past to measure any)."""
    known = ~np.isnan(trial.came)
    if known.sum() < LEAST:
        return False, None
    base = predictive.crps(trial.climatology[known], trial.points, trial.came[known])
    gain = base - predictive.crps(trial.mixture[known], trial.points, trial.came[known])
    weights = trial.weights(known)
    won = float(weights @ gain)
    error = np.sqrt(weights @ (gain - won) ** 2 * trial.spacing * (weights @ weights))  # overlapping targets say less
    if won <= CHANCE * error or gain.mean() <= 0:
        return False, 0.0
    return True, _rounded(float(gain.mean() / base.mean()))


def _set_right(trial: Trial, said: Floats) -> Floats:
    """The levels at which to read the distribution so that its quantiles hold what they say, by past PIT values."""
    known = ~np.isnan(trial.came)
    if known.sum() < LEAST:
        return LEVELS
    seen = predictive.pit(said[known], trial.points, trial.came[known], trial.whole)
    order = np.argsort(seen)
    weights = trial.weights(known)[order]
    actual = np.interp(LEVELS, np.cumsum(weights) - weights / 2, seen[order])
    n = 1 / (weights @ weights) / trial.spacing
    return np.asarray(np.maximum.accumulate((n * actual + BELIEF * LEVELS) / (n + BELIEF)))


def _exceed(trial: Trial, beyond: bool, threshold: float) -> float:
    """P(value ≥ threshold): the mixture's, drawn towards the base rate as far as past Brier scores ask."""
    base, own = (
        np.clip(1 - predictive.below(said, trial.points, threshold, trial.whole), 0.002, 0.998)
        for said in (trial.climatology, trial.mixture)
    )
    known = ~np.isnan(trial.came)
    strength = 0.0
    if beyond and known.sum() >= LEAST:
        came = (trial.came[known] >= threshold).astype(float)
        miss = [(_drawn(base[known], own[known], strength) - came) ** 2 for strength in STRENGTHS]
        best = int(np.argmin([m.mean() for m in miss]))
        gain = miss[0] - miss[best]
        if gain.mean() > BRIER_CHANCE * gain.std() * np.sqrt(trial.spacing / len(gain)):
            strength = STRENGTHS[best]
    return _rounded(float(_drawn(base[-1:], own[-1:], strength)[0]))


def _drawn(base: Floats, own: Floats, strength: float) -> Floats:
    """The logit of `own` drawn towards that of the base rate."""
    logit = (1 - strength) * np.log(base / (1 - base)) + strength * np.log(own / (1 - own))
    result: Floats = 1 / (1 + np.exp(-logit))
    return result


def _rounded(number: float) -> float:
    return float(f"{number:.6g}") + 0.0 if abs(number) > 1e-300 else 0.0
