"""Measure the coder on its own gold (`tocsin evaluate`)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tocsin.code.coding import code_text
from tocsin.code.gold import GoldEvent, GoldItem
from tocsin.code.names import fold
from tocsin.code.quantities import PEOPLE, kinds
from tocsin.code.scoring import Rates, Score, agrees, side
from tocsin.records import Event

Answered = tuple[Sequence[Event], GoldItem]
_UNHARMED = frozenset({
    "diplomats", "arrested", "detained", "jailed", "freed", "released", "deported", "expelled", "extradited",
    "abducted", "kidnapped", "evacuated",
})  # fmt: skip
_HARMED = {"wounded": "injured", "dead": "killed", "executed": "killed"}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores over all items, over headlines, over body texts; and 95 % intervals of the F1 values by bootstrap."""

    all: Score
    headline: Score
    body: Score
    intervals: dict[str, tuple[float, float]]
    curve: tuple[tuple[float, float, float], ...]
    fields: dict[str, tuple[int, int]]
    """By field, how many of those that the gold states are right, and how many it states."""


def evaluate(items: Iterable[GoldItem], resamples: int = 200) -> Evaluation:
    """Code every item and hold the answers against its events. Same items, same numbers."""
    answered: list[Answered] = []
    for item in items:
        coding = code_text(item.text, on=item.on, headline=item.kind == "headline", language=item.language)
        answered.append((coding.events, item))
    heads = [a for a in answered if a[1].kind == "headline"]
    bodies = [a for a in answered if a[1].kind != "headline"]
    whole = score(answered)
    return Evaluation(
        whole, score(heads), score(bodies), _intervals(answered, resamples), _curve(answered), _fields(answered)
    )


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


def _fields(answered: Sequence[Answered]) -> dict[str, tuple[int, int]]:
    """What the gold states beside type, sides and status, and how much of it the first agreeing event gives."""
    right, stated = Counter[str](), Counter[str]()
    for events, item in answered:
        for gold in item.events:
            event = next((e for e in events if agrees(e, gold)), None)
            if event is None:
                continue
            for name, ok in _stated(event, gold):
                stated[name] += 1
                right[name] += ok
    return {name: (right[name], stated[name]) for name in ("reported_by", "place", "date", "mode", "quantities")}


def _stated(event: Event, gold: GoldEvent) -> Iterable[tuple[str, bool]]:
    if gold.reported_by is not None:
        yield "reported_by", event.reported_by is not None and side(event.reported_by) == side(gold.reported_by)
    if gold.place is not None:
        name = fold(gold.place.partition("/")[0].strip())
        given = fold(event.place.name) if event.place else ""
        yield "place", bool(given) and (name in given or given in name)
    if gold.date is not None:
        yield "date", event.date == gold.date
    if gold.mode is not None:
        yield "mode", event.mode == gold.mode
    counts = {(_counted(q.what), q.value) for q in event.quantities}
    for value, what in gold.quantities:
        yield "quantities", (_counted(what.split()[0]), value) in counts or ("money", value) in counts


def _counted(what: str) -> str:
    """What a word counts; people are one kind, whoever they are, and those killed and injured two more."""
    kind = kinds().get(what, what)
    return "people" if kind in PEOPLE | _UNHARMED else _HARMED.get(kind, kind)


def summary(found: Evaluation) -> dict[str, Any]:
    """The evaluation as one JSON object."""
    return {
        **{name: _score(one) for name, one in (("all", found.all), ("headline", found.headline), ("body", found.body))},
        "intervals": {name: list(bounds) for name, bounds in found.intervals.items()},
        "by_type": {name: rates_of(rates) for name, rates in sorted(found.all.by_type.items())},
        "by_status": {name: rates_of(rates) for name, rates in sorted(found.all.by_status.items())},
        "fields": {name: {"right": right, "stated": stated} for name, (right, stated) in found.fields.items()},
        "curve": [{"confidence": c, "precision": p, "recall": r} for c, p, r in found.curve],
    }


def rates_of(rates: Rates) -> dict[str, Any]:
    """Counts of right, wrong and missed, with precision, recall and F1."""
    return {**asdict(rates), "precision": rates.precision, "recall": rates.recall, "f1": rates.f1}


def _score(one: Score) -> dict[str, Any]:
    rates = {name: rates_of(getattr(one, name)) for name in ("triple", "dyad", "type")}
    names = ("items", "macro_type", "false_alarm_rate", "status_accuracy", "sector_accuracy", "ece")
    return {**rates, **{name: getattr(one, name) for name in names}}


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
    lines.append(f"{'field':14}    right of those stated, where type and a dyad are right")
    lines += [f"{name:14} {right:8d} of {stated}" for name, (right, stated) in found.fields.items() if stated]
    lines.append("confidence at least: precision and recall of triples")
    lines += [f"{limit:14.1f} {precision:9.2f} {recall:6.2f}" for limit, precision, recall in found.curve]
    return "\n".join(lines)
