"""Forecasts against climatology, out of sample: `python -m bench.forecasts` (some minutes).

At evenly spaced days a series is cut off, forecast for seven days, and scored against what came. Climatology is all
past days (or all past weeks) of the series, each alike.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tocsin.measure import Series, brier, crps, forecast, reliability
from tocsin.measure.predictive import LEVELS, climatology
from tocsin.measure.series import Floats
from tocsin.measure.simulate import AIR, VESSELS, simulate
from tocsin.records import Forecast

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RESULTS = Path(__file__).parent / "results" / "forecasts.md"
HORIZON = 7
SERIES = 2
CUTS = 8
LONGEST = 2500  # days of event data


@dataclass
class Tally:
    """What was said and what came, for one set of series."""

    ours: list[float] = field(default_factory=list)
    climatology: list[float] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    base: list[float] = field(default_factory=list)
    came: list[bool] = field(default_factory=list)
    issued: int = 0

    def add(self, line: Forecast, past: Floats, outcome: float, threshold: float) -> None:
        """Score one forecast against what came, and climatology beside it."""
        levels = np.array([float(level) for level in line.quantiles])
        ours = np.array(list(line.quantiles.values()))
        theirs = np.interp(levels, LEVELS, climatology(past))
        for marks, quantiles in ((self.ours, ours), (self.climatology, theirs)):
            marks.append(float(crps(np.rint(quantiles), levels, np.array(outcome))))
        self.inside.append(bool(ours[0] <= outcome <= ours[-1]))
        if line.lead != "total" and line.p_exceed is not None:
            self.said.append(line.p_exceed)
            self.base.append(float(np.nanmean(past >= threshold)))
            self.came.append(outcome >= threshold)
        self.issued += line.method != "climatology"

    def row(self) -> str:
        """Share issued beyond climatology, CRPS skill, coverage, Brier skill."""
        skill = 1 - np.mean(self.ours) / np.mean(self.climatology)
        told = f"{self.issued / len(self.ours):.2f} | {skill:+.3f} | {np.mean(self.inside):.3f}"
        if not self.said:
            return told + " | –"
        came = np.array(self.came)
        return told + f" | {1 - brier(np.array(self.said), came) / brier(np.array(self.base), came):+.3f}"


def sets() -> dict[str, list[Floats]]:
    """The series to forecast, by name."""
    kinds = {
        "air": AIR,
        "vessels": VESSELS,
        "air, rare (mean 0.7)": replace(AIR, mean=0.7),
        "air, AR 0.95, sd 0.6": replace(AIR, size=8.0, ar=0.95, ar_sd=0.6),
    }
    found = {name: list(simulate(kind, SERIES, 900, 41)) for name, kind in kinds.items()}
    found["vessels, growing 1 %/week"] = list(simulate(VESSELS, SERIES, 900, 43, 0.01, 300))
    if SHARED.is_dir():
        found |= bulletins() | dyads()
    return found


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
    for source, one, other in (
        ("gulf", "IRQ", "IRN"),
        ("gulf", "USA", "IRQ"),
        ("turkey", "TUR", "GRC"),
        ("turkey", "TUR", "IRQ"),
    ):
        with (SHARED / "keds" / f"{source}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        counts = Counter(row["date"] for row in rows if {row["source"][:3], row["target"][:3]} == {one, other})
        first, last = date.fromisoformat(rows[0]["date"]), date.fromisoformat(rows[-1]["date"])
        days = [first + timedelta(days=n) for n in range(min((last - first).days + 1, LONGEST))]
        found[f"KEDS: {one}–{other}"] = [np.array([float(counts[day.isoformat()]) for day in days])]
    return found


def tally(rows: list[Floats]) -> tuple[Tally, Tally]:
    """Forecast and score, for lead days and for weekly totals."""
    days, totals = Tally(), Tally()
    for values in rows:
        cuts = CUTS * (1 if len(rows) > 1 else 3)
        for end in np.linspace(300, len(values) - HORIZON, cuts).astype(int).tolist():
            past = values[:end]
            if np.isnan(past).all():
                continue
            threshold = max(float(np.nanquantile(past, 0.9)), 1.0)
            filled = np.where(np.isnan(past), np.nanmean(past), past)
            weeks = np.convolve(filled, np.ones(HORIZON), "valid")
            for line in forecast(Series.of(date(2020, 1, 6), past), HORIZON, threshold):
                week = values[end : end + HORIZON]
                outcome = float(week.sum() if line.lead == "total" else week[line.lead - 1])
                if not np.isnan(outcome):
                    total = line.lead == "total"
                    (totals if total else days).add(line, weeks if total else past, outcome, threshold)
    return days, totals


def main() -> None:
    """Measure, print, and write `bench/results/forecasts.md`."""
    lines = [
        "# Forecasts",
        "",
        "`python -m bench.forecasts`. Seven days ahead from days on which nothing later was known. *beyond*: share of",
        "forecasts issued by another method than climatology; *skill*: CRPS skill against climatology, over all;",
        "*coverage*: of the 90 % intervals; *Brier skill*: of P(value ≥ the 90 % quantile) against the base rate.",
        "",
        "| series | target | beyond | skill | coverage | Brier skill |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    said: list[float] = []
    came: list[bool] = []
    for name, rows in sets().items():
        days, totals = tally(rows)
        lines += [f"| {name} | lead days | {days.row()} |", f"| {name} | 7-day total | {totals.row()} |"]
        said += days.said
        came += days.came
        print("\n".join(lines[-2:]), flush=True)
    lines += [
        "",
        "## Reliability of exceedance probabilities",
        "",
        "| said | came | forecasts |",
        "| --- | --- | --- |",
    ]
    for point in reliability(np.array(said), np.array(came)):
        lines.append(f"| {point.said:.2f} | {point.came:.2f} | {point.count} |")
    text = "\n".join([*lines, ""])
    print(text)
    RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
