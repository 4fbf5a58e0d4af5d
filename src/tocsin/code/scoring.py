"""How the coder's answers are held against the gold: triples, dyads, types, status, false alarms, calibration.

A triple is (source country, type, target country), a dyad the same without the type; an organisation without a country
counts as `:SECTOR`, nobody as `-`. Each item gives a set of triples, dyads and types, and F1 is taken over the sum of
all items; a list of sources against a list of targets gives every pair, except a country with itself within a
reciprocal event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Protocol


class Side(Protocol):
    """An actor of the gold or of an answer."""

    @property
    def country(self) -> str | None: ...
    @property
    def sector(self) -> str | None: ...


class Coded(Protocol):
    """An event of the gold or of an answer."""

    @property
    def type(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def source(self) -> Sequence[Side]: ...
    @property
    def target(self) -> Sequence[Side]: ...


Pair = tuple[str, str]


def side(actor: Side) -> str:
    """How one actor counts in a dyad."""
    return actor.country or f":{actor.sector or '?'}"


def dyads(event: Coded) -> set[Pair]:
    """The pairs (source, target) of an event."""
    sources = [side(a) for a in event.source] or ["-"]
    targets = [side(a) for a in event.target] or ["-"]
    reciprocal = len(set(sources)) > 1 and set(sources) == set(targets)
    return {(s, t) for s in sources for t in targets if not (reciprocal and s == t)}


def agrees(answer: Coded, gold: Coded) -> bool:
    """Whether an answered event is one of the gold: its type, and at least one of its dyads."""
    return answer.type == gold.type and bool(dyads(answer) & dyads(gold))


@dataclass(slots=True)
class Rates:
    """Counts of right, wrong and missed; precision, recall and F1 from them."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, answer: AbstractSet[object], gold: AbstractSet[object]) -> None:
        self.right += len(answer & gold)
        self.wrong += len(answer - gold)
        self.missed += len(gold - answer)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(slots=True)
class Score:
    """Everything that is counted over a set of items."""

    triple: Rates = field(default_factory=Rates)
    dyad: Rates = field(default_factory=Rates)
    type: Rates = field(default_factory=Rates)
    by_type: dict[str, Rates] = field(default_factory=dict)
    by_status: dict[str, Rates] = field(default_factory=dict)
    items: int = 0
    empty: int = 0
    false_alarms: int = 0
    status: Counter[bool] = field(default_factory=Counter)
    sector: Counter[bool] = field(default_factory=Counter)
    reporter: Counter[bool] = field(default_factory=Counter)
    confidence: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, answers: Sequence[Coded], gold: Sequence[Coded], confidence: Iterable[float] = ()) -> None:
        """Count one item."""
        self.items += 1
        if not gold:
            self.empty += 1
            self.false_alarms += bool(answers)
        self.triple.add(_triples(answers), _triples(gold))
        self.dyad.add({d for e in answers for d in dyads(e)}, {d for e in gold for d in dyads(e)})
        kinds, wanted = {e.type for e in answers}, {e.type for e in gold}
        self.type.add(set(kinds), set(wanted))
        for kind in kinds | wanted:
            self.by_type.setdefault(kind, Rates()).add({kind} & kinds, {kind} & wanted)
        self._pairs(answers, gold)
        for value, answer in zip(confidence, answers, strict=False):
            self.confidence.append((value, any(agrees(answer, g) for g in gold)))

    def _pairs(self, answers: Sequence[Coded], gold: Sequence[Coded]) -> None:
        for wanted in gold:
            found = [a for a in answers if agrees(a, wanted)]
            if not found:
                continue
            self.status[any(a.status == wanted.status for a in found)] += 1
            first = found[0]
            for mine, theirs in ((first.source, wanted.source), (first.target, wanted.target)):
                if mine and theirs and theirs[0].sector and side(mine[0]) == side(theirs[0]):
                    self.sector[mine[0].sector == theirs[0].sector] += 1

    @property
    def status_accuracy(self) -> float:
        return self.status[True] / max(1, self.status.total())

    @property
    def sector_accuracy(self) -> float:
        return self.sector[True] / max(1, self.sector.total())

    @property
    def false_alarm_rate(self) -> float:
        return self.false_alarms / max(1, self.empty)

    @property
    def macro_type(self) -> float:
        return sum(r.f1 for r in self.by_type.values()) / max(1, len(self.by_type))

    @property
    def ece(self) -> float:
        """Expected calibration error over ten bins of equal width."""
        total, error = len(self.confidence), 0.0
        for low in range(10):
            inside = [(c, ok) for c, ok in self.confidence if low <= min(c * 10, 9.999) < low + 1]
            if inside:
                error += abs(sum(c for c, _ in inside) - sum(ok for _, ok in inside)) / total
        return error


def _triples(events: Iterable[Coded]) -> set[object]:
    return {(s, e.type, t) for e in events for s, t in dyads(e)}
