"""Forecasts of a series, issued only where they have beaten climatology on this very series.

For every lead, several ways of forecasting (`experts`) speak from many past origins, each knowing only what was known
then. Their mixture, weighted at every origin by how they had done until then, is issued where it has beaten climatology
by a margin that grows as the weeks it was tried on are fewer; else climatology is, and the line says why. The mixture's
quantiles, and the 90 % interval of climatology, are set right by how often their own earlier ones were missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special  # type: ignore[import-untyped]

from tocsin.measure import experts, predictive
from tocsin.measure.experts import Past, Sample, settled
from tocsin.measure.series import Flags, Floats, Series
from tocsin.measure.totals import Totals, few
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
SURE = 0.95  # confidence, one-sided, that climatology was not beaten by chance
DOUBT = 0.5  # of climatology's CRPS, over the number of weeks tried: the margin on top
EVENT_SURE = 0.85  # the same confidence for probabilities against the base rate
BELIEF = 40.0  # origins' worth of belief that intervals are right as they are
PRIOR: Floats = np.array([8.0, 2.0, 1.0, 1.0, 0.5, 1.0, 1.0])  # of the experts, before anything is seen
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
UNLIKELY = 0.002  # no probability nearer to 0 or 1 than this
PITS = 200
GRID: Floats = np.linspace(0, 1, PITS + 1)


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
    seen: Floats  # every value of the target that is known; none where climatology is not made of them

    def weights(self, known: Flags) -> Floats:
        """Of the past origins `known`, the late ones more; their sum is 1."""
        weights = np.exp(-self.ages[known] / RECENT)
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    def worth(self, weights: Floats) -> float:
        """How many outcomes that do not overlap the weighted ones are worth: weeks, of a week's total."""
        return float(1 / (weights @ weights) / self.spacing)


@dataclass(frozen=True)
class Choice:
    """What is issued of a target, its measured skill (None: too little past), and the reason in words."""

    beyond: bool
    skill: float | None
    reason: str


@dataclass(frozen=True)
class Issued:
    """A forecast as a distribution: read at `level` (one for each of `LEVELS`) it gives the quantiles that are told."""

    lead: int | Literal["total"]
    trial: Trial
    choice: Choice
    level: Floats

    @property
    def now(self) -> Floats:
        """P(Y ≤ g) from the last day, before it is read at other levels."""
        return (self.trial.mixture if self.choice.beyond else self.trial.climatology)[-1:]

    def held(self, outcome: float) -> float:
        """The share of an outcome that lies in the 90 % interval: 0 or 1, but of a count at its ends a part.

        The randomised PIT's expectation (Czado, Gneiting and Held 2009): a count takes the whole step of the
        distribution at it, and as much of it counts as lies between 5 and 95 %. So intervals of series that are mostly
        zero, which in whole numbers can but hold too much, are judged alike.
        """
        lower, upper = predictive.step(self.now, self.trial.points, np.array([outcome]), self.trial.whole)
        low, high = self.level[0], self.level[-1]
        if upper[0] - lower[0] < 1e-12:
            return float(low <= upper[0] <= high)
        return float(max(min(upper[0], high) - max(lower[0], low), 0.0) / (upper[0] - lower[0]))


def forecast(series: Series, horizon: int, threshold: float | None = None) -> Iterator[Forecast]:
    """One forecast for each lead day, and one for the total of them all.

    Raises:
        ValueError: the horizon is not 1 to 90 days, or fewer than 8 days have a value under the present rules.
    """
    return (line(series, each, threshold) for each in issue(series, horizon))


def issue(series: Series, horizon: int) -> Iterator[Issued]:
    """The forecasts as distributions; raises as `forecast` does.

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
        yield _issue(lead, _try(past, sample, values, (lead, lead)))
    yield _issue("total", _try_total(past, values, horizon))


def _try_total(past: Past, values: Floats, horizon: int) -> Trial:
    """The trial of the total; its climatology is that of single days while runs of so many days are few."""
    totals = _totals(values, horizon, past.whole)
    if not few(~np.isnan(values), horizon):
        sample = Sample(past, totals, predictive.grid(totals, past.whole), weekdays=False)
        return _try(past, sample, totals, (1, horizon))
    days = Totals(past, horizon)
    sample = Sample(past, totals, predictive.grid(np.concatenate([totals, days.sample()]), past.whole), weekdays=False)
    sample.all = days.at(sample.points)
    return replace(_try(past, sample, totals, (1, horizon)), seen=np.empty(0))


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
    ages = -past.age[:, -1].astype(np.float64)
    return Trial(points, said[0], mixture, came, spacing, past.whole, ages, values[~np.isnan(values)])


def _issue(lead: int | Literal["total"], trial: Trial) -> Issued:
    choice = choose(trial)
    level = _set_right(trial, trial.mixture if choice.beyond else trial.climatology)
    if not choice.beyond:  # climatology is issued as it is; only its 90 % interval is set right
        level = np.concatenate([np.minimum(level[:1], LEVELS[1]), LEVELS[1:-1], np.maximum(level[-1:], LEVELS[-2])])
    return Issued(lead, trial, choice, level)


def line(series: Series, issued: Issued, threshold: float | None) -> Forecast:
    """What is told of a forecast: its mean, its quantiles, and P(value ≥ threshold)."""
    trial, choice, said = issued.trial, issued.choice, issued.now[0]
    spread = predictive.quantiles(said, trial.points, issued.level, trial.whole)
    quantiles = dict(zip(QUANTILES, _told(spread, trial.whole, series.signed), strict=True))
    mean = float(predictive.quantiles(said, trial.points, FINE, trial.whole).mean())
    return Forecast(
        origin=series.dates[-1],
        lead=issued.lead,
        mean=_rounded(mean if series.signed else max(mean, 0.0)),
        median=quantiles["0.5"],
        quantiles=quantiles,
        p_exceed=None if threshold is None else _exceed(trial, choice.beyond, threshold),
        method="mixture" if choice.beyond else "climatology",
        skill=choice.skill,
        reason=choice.reason,
    )


def _told(spread: Floats, whole: bool, signed: bool) -> list[float]:
    """Quantiles as they are told. Of counts, the ends are the whole numbers that leave nearest to 5 % outside."""
    if whole:
        spread = np.rint(np.concatenate([[np.ceil(spread[0])], spread[1:-1], [np.floor(spread[-1])]]))
        spread = np.maximum.accumulate(np.maximum(spread, 0.0) if not signed else spread)
    elif not signed:
        spread = np.maximum(spread, 0.0)
    return [_rounded(float(number)) for number in spread]


def choose(trial: Trial) -> Choice:
    """Whether to issue the mixture: its discounted past gain must exceed what chance and few weeks could feign."""
    known = ~np.isnan(trial.came)
    count = int(known.sum())
    if count < LEAST:
        few = f"too little past to measure skill: {count} outcomes of the {LEAST} that it takes"
        return Choice(False, None, f"climatology, since there is {few}")
    base = predictive.crps(trial.climatology[known], trial.points, trial.came[known])
    gain = base - predictive.crps(trial.mixture[known], trial.points, trial.came[known])
    weights = trial.weights(known)
    weeks, typical = trial.worth(weights), max(float(weights @ base), 1e-300)
    won, needed = _gain(trial, gain, weights, SURE)
    needed += DOUBT / weeks * typical
    told = _worded(won / typical, needed / typical, weeks)
    if won <= needed or gain.mean() <= 0:
        return Choice(False, 0.0, f"climatology, since the mixture has not beaten it by enough on this series: {told}")
    return Choice(
        True,
        _rounded(float(gain.mean() / base.mean())),
        f"the mixture, since it has beaten climatology on this series: {told}",
    )


def _worded(won: float, needed: float, weeks: float) -> str:
    better = (
        f"{abs(won):.1%} {'better' if won >= 0 else 'worse'} by CRPS over the like of {weeks:.0f} separate outcomes"
    )
    return f"{better}; {needed:.1%} better was needed" if np.isfinite(needed) else f"{better}, too few to tell"


def _gain(trial: Trial, gain: Floats, weights: Floats, sure: float) -> tuple[float, float]:
    """The weighted mean of a gain, and how much of one chance could feign with that confidence (Student's t)."""
    won, worth = float(weights @ gain), trial.worth(weights)
    if worth <= 2:
        return won, np.inf
    error = np.sqrt(weights @ (gain - won) ** 2 / (worth - 1))  # overlapping targets say less
    return won, float(special.stdtrit(worth - 1, sure) * error)


def _set_right(trial: Trial, said: Floats) -> Floats:
    """The levels at which to read the distribution so that its quantiles hold what they say, by past PIT values.

    A count's PIT is spread over its step, so that a distribution of few values is not thought too wide.
    """
    known = ~np.isnan(trial.came)
    if known.sum() < LEAST:
        return LEVELS
    lower, upper = predictive.step(said[known], trial.points, trial.came[known], trial.whole)
    weights = trial.weights(known)
    width = np.maximum(upper - lower, 1 / PITS)
    passed = weights @ np.clip((GRID - ((lower + upper) / 2)[:, None]) / width[:, None] + 0.5, 0, 1)
    actual = np.interp(LEVELS, passed + np.arange(PITS + 1) * 1e-12, GRID)
    n = trial.worth(weights)
    return np.asarray(np.maximum.accumulate((n * actual + BELIEF * LEVELS) / (n + BELIEF)))


def _exceed(trial: Trial, beyond: bool, threshold: float) -> float:
    """P(value ≥ threshold): the mixture's, drawn towards the base rate as far as past Brier scores ask."""
    if len(trial.seen):
        rate = float(np.mean(trial.seen >= threshold))
    else:
        rate = 1 - float(predictive.below(trial.climatology[-1], trial.points, threshold, trial.whole))
    rate = float(np.clip(rate, UNLIKELY, 1 - UNLIKELY))
    known = ~np.isnan(trial.came)
    if not beyond or known.sum() < LEAST:
        return _rounded(rate)
    base, own = (
        np.clip(1 - predictive.below(said, trial.points, threshold, trial.whole), UNLIKELY, 1 - UNLIKELY)
        for said in (trial.climatology, trial.mixture)
    )
    came = (trial.came[known] >= threshold).astype(float)
    miss = [(_drawn(base[known], own[known], strength) - came) ** 2 for strength in STRENGTHS]
    best = int(np.argmin([m.mean() for m in miss]))
    alike = np.full(len(came), 1 / len(came))
    won, needed = _gain(trial, miss[0] - miss[best], alike, EVENT_SURE)
    return _rounded(float(_drawn(base[-1:], own[-1:], STRENGTHS[best])[0]) if won > needed else rate)


def _drawn(base: Floats, own: Floats, strength: float) -> Floats:
    """The logit of `own` drawn towards that of the base rate."""
    logit = (1 - strength) * np.log(base / (1 - base)) + strength * np.log(own / (1 - own))
    result: Floats = 1 / (1 + np.exp(-logit))
    return result


def _rounded(number: float) -> float:
    return float(f"{number:.6g}") + 0.0 if abs(number) > 1e-300 else 0.0
