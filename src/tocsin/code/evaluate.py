"""Measure the coder on its gold: `python -m tocsin.code.evaluate [train|dev|test] [FOLDER]`, or `tocsin evaluate`."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tocsin.code.coding import code_text
from tocsin.code.gold import GoldEvent, GoldItem, read_gold
from tocsin.code.scoring import Score
from tocsin.records import Event

Answered = tuple[Sequence[Event], GoldItem]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores over all items, over headlines, over body texts; and 95 % intervals of the F1 values by bootstrap."""

    all: Score
    headline: Score
    body: Score
    intervals: dict[str, tuple[float, float]]
    curve: tuple[tuple[float, float, float], ...]


def evaluate(items: Iterable[GoldItem], resamples: int = 200) -> Evaluation:
    """Code every item and hold the answers against its events. Same items, same numbers."""
    answered: list[Answered] = []
    for item in items:
        coding = code_text(item.text, on=item.on, headline=item.kind == "headline", language=item.language)
        answered.append((coding.events, item))
    heads = [a for a in answered if a[1].kind == "headline"]
    bodies = [a for a in answered if a[1].kind != "headline"]
    whole = score(answered)
    return Evaluation(whole, score(heads), score(bodies), _intervals(answered, resamples), _curve(answered))


def score(answered: Sequence[Answered]) -> Score:
    """The counts of a set of answered items."""
    total = Score()
    for events, item in answered:
        gold: Sequence[GoldEvent] = item.events
        total.add(events, gold, [e.confidence for e in events])
        for kind, status in (("all", None), *((s, s) for s in {e.status for e in gold} | {e.status for e in events})):
            if status is not None:
                rates = total.by_status.setdefault(kind, type(total.triple)())
                rates.add({e.type for e in events if e.status == status}, {e.type for e in gold if e.status == status})
    return total


def _intervals(answered: Sequence[Answered], resamples: int) -> dict[str, tuple[float, float]]:
    """2.5th and 97.5th percentile of triple, dyad and type F1 over items drawn with replacement."""
    draw = random.Random(0)  # noqa: S311 - resampling, not secrets
    singles = [score([one]) for one in answered]
    values: dict[str, list[float]] = {"triple": [], "dyad": [], "type": []}
    for _ in range(resamples if answered else 0):
        drawn = draw.choices(singles, k=len(singles))
        for name, found in values.items():
            rates = [getattr(one, name) for one in drawn]
            right = sum(r.right for r in rates)
            found.append(2 * right / max(1, 2 * right + sum(r.wrong + r.missed for r in rates)))
    return {
        name: (sorted(found)[int(0.025 * len(found))], sorted(found)[int(0.975 * len(found))])
        for name, found in values.items()
        if found
    }


def _curve(answered: Sequence[Answered]) -> tuple[tuple[float, float, float], ...]:
    """(confidence, precision, coverage) of the triples when only events at least so sure are given."""
    points = []
    for limit in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        kept = score([([e for e in events if e.confidence >= limit], item) for events, item in answered])
        points.append((limit, kept.triple.precision, kept.triple.recall))
    return tuple(points)


def table(found: Evaluation) -> str:
    """The evaluation as text, with a line per type and status."""
    lines = [" " * 11 + " items  triple    dyad    type   macro   false  status  sector    ECE"]
    for name, one in (("all", found.all), ("headline", found.headline), ("body", found.body)):
        lines.append(
            f"{name:10} {one.items:6d} {one.triple.f1:7.3f} {one.dyad.f1:7.3f} {one.type.f1:7.3f} "
            f"{one.macro_type:7.3f} {one.false_alarm_rate:7.3f} {one.status_accuracy:7.3f} "
            f"{one.sector_accuracy:7.3f} {one.ece:6.3f}"
        )
    for name, (low, high) in found.intervals.items():
        lines.append(f"95 % interval of {name} F1: {low:.3f} to {high:.3f}")
    for title, rates in (("type", found.all.by_type), ("status", found.all.by_status)):
        lines.append(f"{title:14} precision recall     F1      n")
        for name, rate in sorted(rates.items()):
            lines.append(
                f"{name:14} {rate.precision:9.2f} {rate.recall:6.2f} {rate.f1:6.2f} {rate.right + rate.missed:6d}"
            )
    lines.append("confidence at least: precision and recall of triples")
    lines += [f"{limit:14.1f} {precision:9.2f} {recall:6.2f}" for limit, precision, recall in found.curve]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Print the table for the parts named (dev if none is)."""
    parts = [word for word in arguments if word in ("train", "dev", "test")] or ["dev"]
    folders = [Path(word) for word in arguments if word not in ("train", "dev", "test")] or [Path("tests/quality/gold")]
    paths = sorted(path for folder in folders for path in folder.glob("*.txt"))
    print(table(evaluate(item for item in read_gold(paths, parts) if item.language == "en")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
