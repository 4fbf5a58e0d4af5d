"""Forecasts of a series, issued only where they have beaten climatology on this very series.

For every lead, four ways of forecasting are tried from many past origins, each knowing only what was known then. The
one with the best CRPS is issued, its quantiles set right by how often earlier ones were exceeded, if it beats
climatology by more than chance allows; else climatology is, and the line says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from tocsin.measure import predictive
from tocsin.measure.predictive import LEVELS, Regression
from tocsin.measure.scoring import crps
from tocsin.measure.series import Floats, Series
from tocsin.records import Forecast

QUANTILES = ("0.05", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95")
METHODS = ("climatology", "recent", "regression", "mixture")
FARTHEST = 90  # days
HISTORY = 60  # days before the first origin tried
SEEN = 14  # days with a value before the first origin tried
ORIGINS = 120  # at most so many past origins, evenly spread
REFIT = 28  # days between fits of the regression
CHANCE = 2.0  # standard errors by which climatology must be beaten
BELIEF = 60.0  # origins' worth of belief that the quantiles are right as they are
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Trial:
    """What every method said at past origins about one target, and what came.

    `said` is method × origins × levels, `now` method × levels (from the last day), `came` the outcomes, `whole` whether
    they are counts.
    """

    said: Floats
    came: Floats
    now: Floats
    spacing: float
    whole: bool


@dataclass
class Past:
    """The values of the present regime, what a regression may know of them, and distributions already worked out."""

    values: Floats
    weekday: int
    signed: bool
    rows: Floats
    known: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)

    def days(self, origin: int) -> tuple[Floats, Floats]:
        """Climatology and recent past of a day, as known at the end of `origin`."""
        if origin not in self.known:
            past = self.values[: origin + 1]
            self.known[origin] = predictive.climatology(past), predictive.recent(past)
        return self.known[origin]

    def totals(self, settled: Floats, origin: int, days: int) -> tuple[Floats, Floats]:
        """Climatology and recent past of a total of so many days; of scaled days while no such run of days is over."""
        past = settled if np.any(~np.isnan(settled)) else self.values[: origin + 1] * days
        return predictive.climatology(past), predictive.recent(past)


def forecast(series: Series, horizon: int, threshold: float | None = None) -> Iterator[Forecast]:
    """One forecast for each lead day, and one for the total of them all.

    Raises:
        ValueError: the horizon is not 1 to 90 days, or the series has no value in its present regime.
    """
    if not 1 <= horizon <= FARTHEST:
        raise ValueError(f"the horizon must be 1 to {FARTHEST} days, not {horizon}")
    values = _present(series)
    if not np.any(~np.isnan(values)):
        raise ValueError("the series has no value to forecast from; give at least one day with a value")
    weekday = series.dates[-1].weekday() - len(values) + 1
    past = Past(values, weekday, series.signed, predictive.features(np.maximum(values, 0.0)))
    for lead in range(1, horizon + 1):
        yield _issue(series, lead, _try(past, _ahead(values, lead, lead), lead), threshold)
    trial = _try(past, _ahead(values, 1, horizon), horizon, total=True)
    yield _issue(series, "total", trial, threshold)


def _present(series: Series) -> Floats:
    """The values since the present reporting rules came into force."""
    first = len(series)
    while first > 0 and series.regime[first - 1] == series.regime[-1]:
        first -= 1
    return series.values[first:]


def _ahead(values: Floats, first: int, last: int) -> Floats:
    """For each day, the total of the days `first` to `last` after it (NaN where more than a third is missing)."""
    days = last - first + 1
    padded = np.concatenate([values, np.full(last, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, days)[first : first + len(values)]
    known = ~np.isnan(windows)
    count = known.sum(axis=1)
    total = np.where(known, windows, 0.0).sum(axis=1)
    complete = np.arange(len(values)) + last < len(values)  # a window that is not over has no total yet
    return np.where((count >= days * 2 / 3) & complete, total * days / np.maximum(count, 1), np.nan)


def _try(past: Past, target: Floats, last: int, total: bool = False) -> Trial:
    """Run every method from past origins and from the last day. `last` days after its origin a target is known."""
    values = past.values
    end = len(values) - 1
    step = max((end - HISTORY) // ORIGINS, 1)
    origins = np.array([n for n in range(end % step, end - last + 1, step) if n >= HISTORY], dtype=int)
    seen = np.cumsum(~np.isnan(values))
    origins = origins[~np.isnan(target[origins]) & (seen[origins] >= SEEN)]
    weekdays = (np.arange(len(values)) + past.weekday + (0 if total else last)) % 7
    said = np.empty((len(METHODS), len(origins) + 1, len(LEVELS)))
    fit: Regression | None = None
    fitted = -REFIT
    for at, origin in enumerate([*origins.tolist(), end]):
        settled = target[: max(origin - last + 1, 0)]
        said[0, at], said[1, at] = past.totals(settled, origin, last) if total else past.days(origin)
        enough = int(np.sum(~np.isnan(settled))) >= predictive.LEAST_FIT
        if not past.signed and enough and origin - fitted >= REFIT:
            fit = predictive.regress(past.rows[: len(settled)], settled, weekdays[: len(settled)])
            fitted = origin
        part = slice(origin, origin + 1)
        said[2, at] = fit.quantiles(past.rows[part], weekdays[part])[0] if fit else said[0, at]
        said[3, at] = predictive.pooled([said[0, at], said[1, at], said[2, at]])
    whole = bool(np.all(np.nan_to_num(values) % 1 == 0))
    return Trial(said[:, :-1], target[origins], said[:, -1], max(last / step, 1.0), whole)


def _issue(series: Series, lead: int | Literal["total"], trial: Trial, threshold: float | None) -> Forecast:
    method, skill = _choose(trial)
    now = _set_right(trial.said[method], trial.came, trial.now[method]) if method else trial.now[0]
    if trial.whole:
        now = np.where(now < 0.5, 0.0, now)  # counts are spread over half units: what rounds to none is none
    quantiles = {level: _rounded(float(np.interp(float(level), LEVELS, now))) for level in QUANTILES}
    return Forecast(
        origin=series.dates[-1],
        lead=lead,
        mean=_rounded(float(now.mean())),
        median=quantiles["0.5"],
        quantiles=quantiles,
        p_exceed=None if threshold is None else _exceed(trial, method, threshold),
        method=METHODS[method],
        skill=skill,
    )


def _choose(trial: Trial) -> tuple[int, float | None]:
    """The method to issue and its measured skill (None where there was too little past to measure any)."""
    if len(trial.came) < 20:
        return 0, None
    # Counts are judged as counts: being spread over half units is neither a merit nor a fault.
    told = np.rint(trial.said) if trial.whole else trial.said
    marks = np.stack([crps(said, LEVELS, trial.came) for said in told])
    best = int(np.argmin(marks.mean(axis=1)))
    gain = marks[0] - marks[best]
    error = gain.std(ddof=1) * np.sqrt(trial.spacing / len(gain))  # overlapping targets say less than separate ones
    if best == 0 or gain.mean() <= CHANCE * error:
        return 0, 0.0
    return best, _rounded(float(gain.mean() / marks[0].mean()))


def _set_right(said: Floats, came: Floats, now: Floats) -> Floats:
    """Move the quantiles by what earlier ones missed: levels are mapped by the distribution of past PIT values."""
    if len(came) < 20:
        return now
    pit = np.sort([np.interp(y, q, LEVELS, left=0.0, right=1.0) for q, y in zip(said, came, strict=True)])
    n = len(pit)
    seen = np.interp(LEVELS, (np.arange(n) + 0.5) / n, pit)
    level = (n * seen + BELIEF * LEVELS) / (n + BELIEF)
    spread = np.interp(level, LEVELS, now)
    return np.maximum.accumulate(spread)


def _exceed(trial: Trial, method: int, threshold: float) -> float:
    """P(value ≥ threshold): the method's own, drawn towards the base rate as far as past Brier scores ask."""
    edge = threshold - 0.5 if threshold % 1 == 0 and trial.whole else threshold
    base_now, own_now = _above(trial.now[0], edge), _above(trial.now[method], edge)
    strength = 0.0
    if method and len(trial.came) >= 20:
        base = np.array([_above(q, edge) for q in trial.said[0]])
        own = np.array([_above(q, edge) for q in trial.said[method]])
        came = (trial.came >= threshold).astype(float)
        miss = [(_drawn(base, own, strength) - came) ** 2 for strength in STRENGTHS]
        best = int(np.argmin([m.mean() for m in miss]))
        gain = miss[0] - miss[best]
        if gain.mean() > CHANCE * gain.std() * np.sqrt(trial.spacing / len(gain)):
            strength = STRENGTHS[best]
    return _rounded(float(_drawn(np.array(base_now), np.array(own_now), strength)))


def _above(quantiles: Floats, edge: float) -> float:
    return float(np.clip(1 - np.interp(edge, quantiles, LEVELS, left=0.0, right=1.0), 0.002, 0.998))


def _drawn(base: Floats, own: Floats, strength: float) -> Floats:
    """The logit of `own` drawn towards that of the base rate."""
    logit = (1 - strength) * np.log(base / (1 - base)) + strength * np.log(own / (1 - own))
    result: Floats = 1 / (1 + np.exp(-logit))
    return result


def _rounded(number: float) -> float:
    return float(f"{number:.6g}")
