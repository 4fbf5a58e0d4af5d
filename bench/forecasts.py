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

from tocsin.measure import Series, crps, reliability
from tocsin.measure.forecast import issue, line
from tocsin.measure.sampling import Interval, share_interval, skill_interval
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
SLACK = 0.005  # of skill: what whole numbers at the ends of the interval cost where climatology itself is issued
INTRODUCTION = """# Forecasts

`python -m bench.forecasts`. Seven days ahead from days on which nothing later was known; up to 32 such days for each
kind of series. *weeks*: how many could be scored; *beyond*: share issued by the mixture instead of climatology;
*CRPS skill*: against the quantiles of all past; *held*: how often the 90 % intervals held, *as printed* (ends
included), and *by steps*: of a count at an end, only the part of its probability that lies between 5 and 95 % (the
randomised PIT's expectation), since whole numbers near zero can but hold more than 90 in a hundred; *Brier skill*: of
P(value ≥ the 90 % quantile of the past) against the base rate. In brackets the 95 % interval that chance leaves, weeks
being the draws. A kind *fails beyond chance* where that interval excludes the floor: of 32 kinds, about one in a row of
the first table does by chance alone.
"""
LEVELS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])


@dataclass
class Tally:
    """What was said and what came, for one kind of series; `week` tells which forecasts were made on one day."""

    ours: list[float] = field(default_factory=list)
    climatology: list[float] = field(default_factory=list)
    inside: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    beyond: list[bool] = field(default_factory=list)
    week: list[int] = field(default_factory=list)
    miss: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    came: list[bool] = field(default_factory=list)

    def add(self, line: Forecast, held: float, past: Floats, outcome: float, threshold: float, week: int) -> None:
        """Score one forecast against what came, and climatology beside it."""
        ours = np.array(list(line.quantiles.values()))
        for marks, quantiles in ((self.ours, ours), (self.climatology, np.quantile(past, LEVELS))):
            marks.append(float(crps(quantiles, LEVELS, np.array(outcome))))
        self.inside.append(float(ours[0] <= outcome <= ours[-1]))
        self.held.append(held)
        self.beyond.append(line.method != "climatology")
        self.week.append(week)
        if line.lead != "total" and line.p_exceed is not None:
            came = outcome >= threshold
            self.miss.append((line.p_exceed - came) ** 2)
            self.base.append((float(np.mean(past >= threshold)) - came) ** 2)
            self.asked.append(week)
            self.said.append(line.p_exceed)
            self.came.append(came)

    def row(self) -> str:
        """Share issued beyond climatology, then each score with its interval."""
        skill = 1 - sum(self.ours) / sum(self.climatology)
        told = f"{len(set(self.week))} | {np.mean(self.beyond):.2f} | {_within(skill, self.skill_range(), '+.3f')}"
        for inside in (self.inside, self.held):
            told += f" | {_within(float(np.mean(inside)), share_interval(inside, self.week), '.2f')}"
        return told + (f" | {_within(self.brier(), self.brier_range(), '+.3f')}" if self.base else " | –")

    def skill_range(self) -> Interval:
        """The interval of the CRPS skill."""
        return skill_interval(self.ours, self.climatology, self.week) or (-np.inf, np.inf)

    def brier(self) -> float:
        """Brier skill against the base rate (0 where both were never wrong)."""
        return 1 - sum(self.miss) / max(sum(self.base), 1e-12) if self.base else 0.0

    def brier_range(self) -> Interval:
        """The interval of the Brier skill."""
        return skill_interval(self.miss, self.base, self.asked) or (-np.inf, np.inf)


def _within(number: float, interval: Interval | None, form: str) -> str:
    low, high = interval or (-np.inf, np.inf)
    return f"{number:{form}} [{low:{form}}, {high:{form}}]"


def verdict(target: str, kinds: dict[str, Tally]) -> list[str]:
    """How many kinds miss each floor, and how many by more than chance explains."""

    def said(what: str, missed: dict[str, float], failed: list[str]) -> str:
        worst = min(missed.items(), key=lambda each: each[1], default=None)
        told = f"{worst[1]:+.3f}, {worst[0]}" if worst else "–"
        met = f"{len(kinds) - len(missed)} of {len(kinds)}"
        return f"| {target} | {what} | {met} | {told} | {', '.join(failed) or 'none'} |"

    skill = {name: 1 - sum(kind.ours) / sum(kind.climatology) for name, kind in kinds.items()}
    lines = [
        said(
            "CRPS skill ≥ 0 (to .005)",
            {name: one for name, one in skill.items() if one < -SLACK},
            [name for name, kind in kinds.items() if kind.skill_range()[1] < 0],
        )
    ]
    for what, kept in (("as printed", "inside"), ("by steps", "held")):
        off, failed = {}, []
        for name, kind in kinds.items():
            inside = getattr(kind, kept)
            low, high = share_interval(inside, kind.week) or (0.0, 1.0)
            distance = abs(float(np.mean(inside)) - 0.9)
            if distance > 0.03:
                off[name] = -distance
            if low > 0.93 or high < 0.87:
                failed.append(name)
        lines.append(said(f"90 % intervals hold .87 to .93, {what}", off, failed))
    if target == "lead days":
        brier = {name: kind.brier() for name, kind in kinds.items()}
        failed = [name for name, kind in kinds.items() if kind.brier_range()[1] < 0]
        lines.append(said("Brier skill ≥ 0 (to .005)", {n: one for n, one in brier.items() if one < -SLACK}, failed))
    return lines


def sets(seed: int, half: int) -> dict[str, list[Floats]]:
    """The series to forecast, by name: simulated ones of a seed, and every second of the real ones."""
    found = official(seed) | steady(seed) | moving(seed)
    real = bulletins() | dyads() | losses() if SHARED.is_dir() else {}
    return found | {name: rows for at, (name, rows) in enumerate(real.items()) if at % 2 == half}


def official(seed: int) -> dict[str, list[Floats]]:
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
    return {name: list(simulate(kind, SERIES, DAYS, seed + 41, growth, 200)) for name, (kind, growth) in kinds.items()}


def _walk(rng: np.random.Generator, deviation: float) -> Floats:
    return np.asarray(np.exp(np.cumsum(rng.normal(0, deviation, DAYS))), dtype=np.float64)


def _drawn(seed: int, mean: Callable[[np.random.Generator], object], size: float) -> list[Floats]:
    """Negative-binomial counts about a mean (variance = mean + mean²/size)."""
    rng = np.random.default_rng(seed + 43)
    means = [np.asarray(mean(rng), dtype=float) for _ in range(SERIES)]
    return [rng.poisson(level * rng.gamma(size, 1 / size, len(level))).astype(float) for level in means]


def steady(seed: int) -> dict[str, list[Floats]]:
    """Series without news: their past is their future, apart from the weekday."""
    day = np.arange(DAYS)
    week = np.array([1.3, 1.2, 1.2, 1.1, 1.0, 0.5, 0.4])[day % 7]
    rng = np.random.default_rng(seed + 47)
    return {
        "nearly all zero": _drawn(seed, lambda rng: np.full(DAYS, 0.25), 0.3),
        "bursts": _drawn(
            seed, lambda rng: np.where(np.convolve(rng.random(DAYS) < 0.01, np.ones(10))[:DAYS] > 0, 6, 0.2), 50
        ),
        "weekly rhythm, mean 20": _drawn(seed, lambda rng: 20 * week, 20),
        "weekly rhythm, mean 3": _drawn(seed, lambda rng: 3 * week, 5),
        "30 % missing": [
            np.where(rng.random(DAYS) < 0.3, np.nan, row) for row in _drawn(seed, lambda rng: np.full(DAYS, 10.0), 4)
        ],
        "160 days only": _drawn(seed, lambda rng: np.full(160, 8.0), 4),
        "no counts": [np.round(rng.gamma(4, 2.0, DAYS), 2) for _ in range(SERIES)],
        "heavy tail": [np.floor(rng.pareto(1.5, DAYS) * 3) for _ in range(SERIES)],
    }


def moving(seed: int) -> dict[str, list[Floats]]:
    """Series whose normal moves."""
    day = np.arange(DAYS)
    return {
        "linear growth": _drawn(seed, lambda rng: 2 + 0.03 * day, 1000),
        "exponential growth": _drawn(seed, lambda rng: 3 * np.exp(day / 250), 8),
        "decline": _drawn(seed, lambda rng: 40 * np.exp(-day / 300), 6),
        "growth with 25-day gaps": [
            np.where(day // 25 % 5 == 3, np.nan, row) for row in _drawn(seed, lambda rng: 5 * np.exp(day / 400), 10)
        ],
        "a step up": _drawn(seed, lambda rng: np.where(day < rng.integers(250, 500), 5.0, 12.0), 1000),
        "a step down": _drawn(seed, lambda rng: np.where(day < rng.integers(250, 500), 25.0, 8.0), 6),
        "random walk": _drawn(seed, lambda rng: 15 * _walk(rng, 0.04), 1000),
        "thousands, slow walk": _drawn(seed, lambda rng: 5000 * _walk(rng, 0.01), 30),
        "yearly season": _drawn(seed, lambda rng: 10 * (1 + 0.6 * np.sin(2 * np.pi * day / 365)), 6),
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
    for row, values in enumerate(rows):
        cuts = CUTS * SERIES // len(rows)
        for end in np.linspace(80 if len(values) < 200 else 250, len(values) - HORIZON, cuts).astype(int).tolist():
            past = values[:end]
            known = past[~np.isnan(past)]
            if not len(known):
                continue
            threshold = max(float(np.quantile(known, 0.9)), 1.0)
            weeks = np.convolve(np.where(np.isnan(past), known.mean(), past), np.ones(HORIZON), "valid")
            week = values[end : end + HORIZON]
            series = Series.of(date(2020, 1, 6), past)
            for issued in issue(series, HORIZON):
                total = issued.lead == "total"
                outcome = float(week.sum() if issued.lead == "total" else week[issued.lead - 1])
                if not np.isnan(outcome):
                    told = line(series, issued, threshold), issued.held(outcome), weeks if total else known
                    (totals if total else days).add(*told, outcome, threshold, row * 10_000 + end)
    return days, totals


TARGETS = ("lead days", "7-day total")


def measured(kinds: dict[str, list[Floats]]) -> tuple[list[str], list[str], Tally]:
    """The table by kind, the verdicts, and all lead days together."""
    lines = [
        "| series | target | weeks | beyond | CRPS skill | held as printed | held by steps | Brier skill |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    found: dict[str, dict[str, Tally]] = {target: {} for target in TARGETS}
    for name, rows in kinds.items():
        for target, part in zip(TARGETS, tally(rows), strict=True):
            found[target][name] = part
            lines.append(f"| {name} | {target} | {part.row()} |")
            print(lines[-1], flush=True)
    told = [
        "| target | floor | kinds that meet it | worst miss | fail beyond chance |",
        "| --- | --- | --- | --- | --- |",
    ]
    for target in TARGETS:
        told += verdict(target, found[target])
    whole = Tally()
    for target in TARGETS:
        parts = list(found[target].values())
        skill = np.mean([1 - sum(part.ours) / sum(part.climatology) for part in parts])
        printed, steps = (np.concatenate([getattr(part, kept) for part in parts]).mean() for kept in ("inside", "held"))
        told.append(f"| {target} | all together | skill {skill:+.3f} | held {printed:.3f}, by steps {steps:.3f} | |")
    for part in found["lead days"].values():
        for key, kept in vars(whole).items():
            kept += getattr(part, key)
    return lines, told, whole


def main() -> None:
    """Measure, print, and write `bench/results/forecasts.md`."""
    text = [INTRODUCTION]
    for title, seed, half in (("Verified on", 2000, 1), ("Chosen on", 1000, 0)):
        lines, told, whole = measured(sets(seed, half))
        text += [f"## {title} (seeds from {seed}, {'second' if half else 'first'} of every two real series)", ""]
        text += [*told, "", *lines, "", "### Reliability of exceedance probabilities", ""]
        text += ["| said | came | forecasts |", "| --- | --- | --- |"]
        for point in reliability(np.array(whole.said), np.array(whole.came)):
            text.append(f"| {point.said:.2f} | {point.came:.2f} | {point.count} |")
        text.append("")
    kept = RESULTS.read_text(encoding="utf-8").partition(BEFORE)
    written = "\n".join([*text, *kept[1:]])  # what stood before is kept as it was
    print(written)
    RESULTS.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
