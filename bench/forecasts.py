"""Forecasts against climatology, out of sample: `python -m bench.forecasts` (some minutes).

At evenly spaced days a series is cut off, forecast for seven days, and scored against what came, from the quantiles as
they are printed. Climatology is the quantiles of all past days (or of all past weeks) of the series.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tocsin.measure import Series, brier, crps, forecast, reliability
from tocsin.measure.series import Floats
from tocsin.measure.simulate import AIR, VESSELS, simulate
from tocsin.records import Forecast

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RESULTS = Path(__file__).parent / "results" / "forecasts.md"
BEFORE = "## Before"
HORIZON = 7
SERIES = 4
CUTS = 8
DAYS = 700
LEVELS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])


@dataclass
class Tally:
    """What was said and what came, for one set of series."""

    ours: list[float] = field(default_factory=list)
    climatology: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    beyond: list[bool] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    came: list[bool] = field(default_factory=list)

    def add(self, line: Forecast, past: Floats, outcome: float, threshold: float) -> None:
        """Score one forecast against what came, and climatology beside it."""
        ours = np.array(list(line.quantiles.values()))
        for marks, quantiles in ((self.ours, ours), (self.climatology, np.quantile(past, LEVELS))):
            marks.append(float(crps(quantiles, LEVELS, np.array(outcome))))
        self.inside.append(bool(ours[0] <= outcome <= ours[-1]))
        self.beyond.append(line.method != "climatology")
        if line.lead != "total" and line.p_exceed is not None:
            self.said.append(line.p_exceed)
            self.base.append(float(np.mean(past >= threshold)))
            self.came.append(outcome >= threshold)

    def row(self) -> str:
        """Share issued beyond climatology, CRPS skill over all and of those, coverage, Brier skill."""
        ours, theirs, beyond = np.array(self.ours), np.array(self.climatology), np.array(self.beyond)
        own = f"{1 - ours[beyond].sum() / theirs[beyond].sum():+.3f}" if beyond.any() else "–"
        told = f"{beyond.mean():.2f} | {1 - ours.sum() / theirs.sum():+.3f} | {own} | {np.mean(self.inside):.3f}"
        if not self.said:
            return told + " | –"
        came = np.array(self.came)
        base = brier(np.array(self.base), came)
        return told + f" | {1 - brier(np.array(self.said), came) / base:+.3f}"


def sets() -> dict[str, list[Floats]]:
    """The series to forecast, by name."""
    found = official() | steady() | moving()
    if SHARED.is_dir():
        found |= bulletins() | dyads() | losses()
    return found


def official() -> dict[str, list[Floats]]:
    """The two kinds that the detectors are tried on, and variations."""
    kinds = {
        "air": (AIR, 0.0),
        "vessels": (VESSELS, 0.0),
        "air, rare (mean 0.7)": (replace(AIR, mean=0.7), 0.0),
        "air, AR 0.95, sd 0.6": (replace(AIR, size=8.0, ar=0.95, ar_sd=0.6), 0.0),
        "air, growing 1 %/week": (AIR, 0.01),
        "vessels, growing 1 %/week": (VESSELS, 0.01),
        "vessels, growing 2 %/week": (VESSELS, 0.02),
    }
    return {name: list(simulate(kind, SERIES, DAYS, 41, growth, 200)) for name, (kind, growth) in kinds.items()}


def _walk(rng: np.random.Generator, deviation: float) -> Floats:
    return np.asarray(np.exp(np.cumsum(rng.normal(0, deviation, DAYS))), dtype=np.float64)


def _drawn(mean: Callable[[np.random.Generator], object], size: float) -> list[Floats]:
    """Negative-binomial counts about a mean (variance = mean + mean²/size)."""
    rng = np.random.default_rng(43)
    means = [np.asarray(mean(rng), dtype=float) for _ in range(SERIES)]
    return [rng.poisson(level * rng.gamma(size, 1 / size, len(level))).astype(float) for level in means]


def steady() -> dict[str, list[Floats]]:
    """Series without news: their past is their future, apart from the weekday."""
    day = np.arange(DAYS)
    week = np.array([1.3, 1.2, 1.2, 1.1, 1.0, 0.5, 0.4])[day % 7]
    rng = np.random.default_rng(47)
    return {
        "nearly all zero": _drawn(lambda rng: np.full(DAYS, 0.25), 0.3),
        "bursts": _drawn(
            lambda rng: np.where(np.convolve(rng.random(DAYS) < 0.01, np.ones(10))[:DAYS] > 0, 6, 0.2), 50
        ),
        "weekly rhythm, mean 20": _drawn(lambda rng: 20 * week, 20),
        "weekly rhythm, mean 3": _drawn(lambda rng: 3 * week, 5),
        "30 % missing": [
            np.where(rng.random(DAYS) < 0.3, np.nan, row) for row in _drawn(lambda rng: np.full(DAYS, 10.0), 4)
        ],
        "160 days only": _drawn(lambda rng: np.full(160, 8.0), 4),
        "no counts": [np.round(rng.gamma(4, 2.0, DAYS), 2) for _ in range(SERIES)],
        "heavy tail": [np.floor(rng.pareto(1.5, DAYS) * 3) for _ in range(SERIES)],
    }


def moving() -> dict[str, list[Floats]]:
    """Series whose normal moves."""
    day = np.arange(DAYS)
    return {
        "linear growth": _drawn(lambda rng: 2 + 0.03 * day, 1000),
        "exponential growth": _drawn(lambda rng: 3 * np.exp(day / 250), 8),
        "decline": _drawn(lambda rng: 40 * np.exp(-day / 300), 6),
        "growth with 25-day gaps": [
            np.where(day // 25 % 5 == 3, np.nan, row) for row in _drawn(lambda rng: 5 * np.exp(day / 400), 10)
        ],
        "a step up": _drawn(lambda rng: np.where(day < rng.integers(250, 500), 5.0, 12.0), 1000),
        "a step down": _drawn(lambda rng: np.where(day < rng.integers(250, 500), 25.0, 8.0), 6),
        "random walk": _drawn(lambda rng: 15 * _walk(rng, 0.04), 1000),
        "thousands, slow walk": _drawn(lambda rng: 5000 * _walk(rng, 0.01), 30),
        "yearly season": _drawn(lambda rng: 10 * (1 + 0.6 * np.sin(2 * np.pi * day / 365)), 6),
    }


def bulletins() -> dict[str, list[Floats]]:
    """The ministry's counts since all aircraft are reported."""
    with (SHARED / "taiwan_bulletins" / "counts.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["date"] >= "2022-08-06"]
    return {
        f"bulletins: {column}": [np.array([float(row[column]) if row[column] else np.nan for row in rows])]
        for column in ("aircraft", "vessels", "crossings")
    }


def dyads() -> dict[str, list[Floats]]:
    """Events a day between two countries."""
    found: dict[str, list[Floats]] = {}
    for source, first, last, pairs in (
        ("gulf", date(1986, 1, 1), date(1995, 12, 31), ("IRQ–IRN", "USA–IRQ", "ISR–PAL", "ISR–LEB", "IRN–USA")),
        ("turkey", date(1993, 1, 1), date(1998, 12, 31), ("TUR–GRC", "TUR–IRQ", "TUR–CYP")),
        ("casia", date(1992, 1, 1), date(1997, 1, 1), ("AFG–PAK", "RUS–TAJ")),
    ):
        with (SHARED / "keds" / f"{source}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        days = [first + timedelta(days=n) for n in range((last - first).days)]
        for pair in pairs:
            counts = Counter(
                row["date"] for row in rows if {row["source"][:3], row["target"][:3]} == set(pair.split("–"))
            )
            found[f"KEDS: {pair}"] = [np.array([float(counts[day.isoformat()]) for day in days])]
    return found


def losses() -> dict[str, list[Floats]]:
    """Daily differences of cumulative claims; a correction downwards and the day after a gap are missing."""
    text = (SHARED / "reference" / "ua_ru_losses_equipment.json").read_text(encoding="utf-8")
    rows = sorted(json.loads(text), key=lambda row: row["date"])
    found: dict[str, list[Floats]] = {}
    for what in ("tank", "drone", "field artillery"):
        total = {date.fromisoformat(row["date"]): float(row[what]) for row in rows if row.get(what) is not None}
        days = [min(total) + timedelta(days=n) for n in range((max(total) - min(total)).days + 1)]
        change = np.diff(np.array([total.get(day, np.nan) for day in days]))
        found[f"claimed losses: {what}"] = [np.where(change >= 0, change, np.nan)]
    return found


def tally(rows: list[Floats]) -> tuple[Tally, Tally]:
    """Forecast and score, for lead days and for weekly totals."""
    days, totals = Tally(), Tally()
    for values in rows:
        cuts = CUTS * SERIES // len(rows)
        for end in np.linspace(80 if len(values) < 200 else 250, len(values) - HORIZON, cuts).astype(int).tolist():
            past = values[:end]
            known = past[~np.isnan(past)]
            if not len(known):
                continue
            threshold = max(float(np.quantile(known, 0.9)), 1.0)
            weeks = np.convolve(np.where(np.isnan(past), known.mean(), past), np.ones(HORIZON), "valid")
            for line in forecast(Series.of(date(2020, 1, 6), past), HORIZON, threshold):
                week = values[end : end + HORIZON]
                outcome = float(week.sum() if line.lead == "total" else week[line.lead - 1])
                if not np.isnan(outcome):
                    total = line.lead == "total"
                    (totals if total else days).add(line, weeks if total else known, outcome, threshold)
    return days, totals


def main() -> None:
    """Measure, print, and write `bench/results/forecasts.md`."""
    lines = [
        "# Forecasts",
        "",
        "`python -m bench.forecasts`. Seven days ahead from days on which nothing later was known; about 32 such days",
        "for each kind of series, so a coverage of weekly totals is good to ± .05 and of lead days to ± .02. *beyond*:",
        "share issued by the mixture instead of climatology; *skill*: CRPS skill against the quantiles of all past,",
        "over all and where it was issued; *coverage*: of the 90 % intervals; *Brier skill*: of P(value ≥ the",
        "90 % quantile of the past) against the base rate.",
        "",
        "| series | target | beyond | skill | skill where beyond | coverage | Brier skill |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    together = Tally(), Tally()
    for name, rows in sets().items():
        found = tally(rows)
        for target, part, whole in zip(("lead days", "7-day total"), found, together, strict=True):
            lines.append(f"| {name} | {target} | {part.row()} |")
            print(lines[-1], flush=True)
            for key, kept in vars(whole).items():
                kept += getattr(part, key)
    for target, whole in zip(("lead days", "7-day total"), together, strict=True):
        lines.append(f"| **all: coverage** | {target} | | | | {np.mean(whole.inside):.3f} | |")
    lines += [
        "",
        "## Reliability of exceedance probabilities",
        "",
        "| said | came | forecasts |",
        "| --- | --- | --- |",
    ]
    for point in reliability(np.array(together[0].said), np.array(together[0].came)):
        lines.append(f"| {point.said:.2f} | {point.came:.2f} | {point.count} |")
    kept = RESULTS.read_text(encoding="utf-8").partition(BEFORE)
    text = "\n".join([*lines, "", *kept[1:]])  # what stood before is kept as it was
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
