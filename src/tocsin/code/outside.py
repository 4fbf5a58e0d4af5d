"""Measure the coder on gold that others made: PLV's expert sentences, and the sentences of the PETRARCH coders.

Evaluated only, never learned from. PLV (Zero-Shot-PLOVER) gives one type a sentence; its YIELD is CONCEDE or RETREAT.
PETRARCH's files give CAMEO triples, which the ontology's table turns into PLOVER; many of their countries are invented
(Arnor, Gondor), so that triples and dyads count only where every gold actor is of a country that exists.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from tocsin import data
from tocsin.code.coding import code_text
from tocsin.code.names import table as facts
from tocsin.code.scoring import Rates, dyads
from tocsin.records import Event

YIELD = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
"""PLV's one type for two of PLOVER's."""


class OutsideError(ValueError):
    """A line is not of the format; the message says which and why."""


@dataclass(slots=True)
class Outside:
    """Rates on one set: types over all sentences, by type; types, triples and dyads where the countries exist."""

    name: str
    items: int = 0
    uncoded: int = 0
    empty: int = 0
    false_alarms: int = 0
    type: Rates = field(default_factory=Rates)
    by_type: dict[str, Rates] = field(default_factory=dict)
    placed: int = 0
    placed_type: Rates = field(default_factory=Rates)
    triple: Rates = field(default_factory=Rates)
    dyad: Rates = field(default_factory=Rates)

    @property
    def macro_type(self) -> float:
        """F1 of the types that the gold holds, each weighing the same."""
        known = [rates.f1 for rates in self.by_type.values() if rates.right + rates.missed]
        return sum(known) / max(1, len(known))


def plv(lines: Iterable[str]) -> Outside:
    """PLV's sentences: a type is right where any event of the sentence has it; else what was given is wrong."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in _rows(lines, "text", "type"):
        wanted[row["text"]].add(row["type"])
    found = Outside("plv", items=len(wanted))
    for text, kinds in wanted.items():
        given = {YIELD.get(event.type, event.type) for event in code_text(text, on=None, language="en").events}
        found.uncoded += not given
        for kind in kinds:
            rates = found.by_type.setdefault(kind, Rates())
            rates.right += kind in given
            rates.missed += kind not in given
            if kind not in given:
                for other in given:
                    found.by_type.setdefault(other, Rates()).wrong += 1
    for rates in found.by_type.values():
        _sum(found.type, rates)
    return found


def petrarch(lines: Iterable[str], name: str = "petrarch") -> Outside:
    """A PETRARCH set: CAMEO triples turned into PLOVER types between countries."""
    found = Outside(name)
    for row in _rows(lines, "text", "gold"):
        on = date.fromisoformat(row["date"]) if row.get("date") else None
        events = code_text(row["text"], on=on, language="en").events
        gold = [one for one in map(_triple, row["gold"]) if one is not None]
        found.items += 1
        found.uncoded += bool(gold) and not events
        if not row["gold"]:
            found.empty += 1
            found.false_alarms += bool(events)
        if not gold and row["gold"]:
            continue  # all of it is CAMEO's "make statement", which PLOVER does not code
        kinds, wanted = {event.type for event in events}, {kind for _, kind, _ in gold}
        found.type.add(kinds, wanted)
        for kind in kinds | wanted:
            found.by_type.setdefault(kind, Rates()).add({kind} & kinds, {kind} & wanted)
        if gold and all(side in _countries() for source, _, target in gold for side in (source, target)):
            found.placed += 1
            found.placed_type.add(kinds, wanted)
            found.triple.add(_triples(events), set(gold))
            found.dyad.add({(s, t) for s, _, t in _triples(events)}, {(s, t) for s, _, t in gold})
    return found


def render(found: Outside) -> str:
    """The rates of one set as text."""
    lines = [
        f"{found.name}: {found.items} sentences, {found.uncoded} with gold and no event given",
        f"type macro-F1 {found.macro_type:.3f}, F1 over all {found.type.f1:.3f} "
        f"(precision {found.type.precision:.3f}, recall {found.type.recall:.3f})",
    ]
    if found.empty:
        lines.append(f"{found.false_alarms} of {found.empty} sentences without an event were given one")
    if found.placed:
        lines.append(
            f"{found.placed} sentences between real countries: triple F1 {found.triple.f1:.3f}, "
            f"dyad F1 {found.dyad.f1:.3f}, type F1 {found.placed_type.f1:.3f}"
        )
    lines.append(f"{'type':14} precision recall     F1      n")
    for kind, rates in sorted(found.by_type.items()):
        n = rates.right + rates.missed
        lines.append(f"{kind:14} {rates.precision:9.2f} {rates.recall:6.2f} {rates.f1:6.2f} {n:6d}")
    return "\n".join(lines)


def _rows(lines: Iterable[str], *keys: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = json.loads(line)
                missing = [key for key in keys if key not in row]
            except (ValueError, TypeError):
                raise OutsideError(f"line {number} is not a JSON object") from None
            if missing:
                raise OutsideError(f"line {number} has no {missing[0]!r}: is the format the right one?")
            yield row


@cache
def _plover() -> dict[str, str]:
    lines = (line for line in data.text("eventfiles/cameo.csv").splitlines() if not line.startswith("#"))
    return {row["cameo"]: row["type"] for row in csv.DictReader(lines)}


def plover_of(code: str) -> str | None:
    """The PLOVER type of a CAMEO code: that of the longest code above it in the table; None where it has none."""
    return next((kind for n in range(len(code), 1, -1) if (kind := _plover().get(code[:n]))), None)


@cache
def _countries() -> frozenset[str]:
    return frozenset(["-", *(row["iso3"] for row in facts("actors/countries"))])


def _side(code: str | None) -> str:
    """The country of a CAMEO actor, "-" for nobody."""
    return "-" if not code or code == "---" else code[:3]


def _triple(gold: dict[str, str | None]) -> tuple[str, str, str] | None:
    kind = plover_of(gold["code"] or "")
    return None if kind is None else (_side(gold["source"]), kind, _side(gold["target"]))


def _triples(events: Iterable[Event]) -> set[tuple[str, str, str]]:
    return {(s, event.type, t) for event in events for s, t in dyads(event)}


def _sum(total: Rates, one: Rates) -> None:
    total.right += one.right
    total.wrong += one.wrong
    total.missed += one.missed
