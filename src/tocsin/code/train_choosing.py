"""How the last word on claims is learned: four small logistic regressions, by the gold's dev part.

Neither the rules, the models of claims and roles, nor the encoder were fitted to that part, so it shows what each is
worth on unseen text. The threshold is chosen on answers to items that the regressions had not seen. Part of
`python -m tocsin.code.train`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tocsin.code.choosing import Judges, Sentence, decided, likelihood, others, rightness, sentences
from tocsin.code.coder import read_claims
from tocsin.code.encoder import TYPES
from tocsin.code.gold import GoldItem
from tocsin.code.proposing import proposed
from tocsin.code.scoring import Score, agrees
from tocsin.code.sides import Claim

FOLDS = 10
STRENGTH = 0.5
"""scikit-learn's C: smaller is smoother."""
ALARMS = 0.075
"""The largest share of no-event items with an event: half a point below the floor."""


@dataclass(slots=True)
class Rows:
    """The rows and labels of one regression, and the item of each."""

    rows: list[list[float]] = field(default_factory=list)
    labels: list[bool] = field(default_factory=list)
    items: list[int] = field(default_factory=list)

    def add(self, row: list[float], label: bool, item: int) -> None:
        self.rows.append(row)
        self.labels.append(label)
        self.items.append(item)

    def fitted(self, without: int | None = None, below: int | None = None) -> np.ndarray:
        """Weights learned from the rows of the items numbered `below` a limit and not of the fold `without`."""
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

        keep = np.array(
            [(without is None or item % FOLDS != without) and (below is None or item < below) for item in self.items]
        )
        x, y = np.array(self.rows)[keep], np.array(self.labels)[keep]
        learned = LogisticRegression(C=STRENGTH, max_iter=2000).fit(x[:, 1:], y)
        return np.concatenate([learned.intercept_, learned.coef_[0]])


@dataclass(slots=True)
class Evidence:
    """The sentences of the gold with what is learned from them."""

    sentences: list[tuple[int, Sentence]] = field(default_factory=list)
    claimed: Rows = field(default_factory=Rows)
    unclaimed: Rows = field(default_factory=Rows)
    right: Rows = field(default_factory=Rows)
    more: Rows = field(default_factory=Rows)


def gathered(items: Sequence[GoldItem]) -> Evidence:
    """What the gold says of every claim, and of every type that no rule claimed."""
    found = Evidence()
    for number, item in enumerate(items):
        headline = item.kind == "headline"
        units = read_claims(item.text, item.on, headline)
        wanted = {event.type for event in item.events}
        for one in sentences(units, item.text, headline):
            if one.units[0].impression is None:  # nothing is claimed or promised, and nothing will be told
                continue
            found.sentences.append((number, one))
            for unit in one.units:
                for claim in unit.claims:
                    found.claimed.add(one.claimed(claim, unit), claim.type in wanted, number)
            had = {claim.type for unit in one.units for claim in unit.claims}
            for kind in TYPES:
                if kind not in had:
                    found.unclaimed.add(one.unclaimed(kind), kind in wanted, number)
    return found


def _sides(found: Evidence, items: Sequence[GoldItem], by: list[Judges]) -> None:
    """Add the rows of the third regression: the claims whose type is likely, and what is made without a rule."""
    for number, one in found.sentences:
        judge, gold = by[number % FOLDS], items[number].events
        for unit in one.units:
            for claim in unit.claims:
                chance = likelihood(judge.claimed, one.claimed(claim, unit))
                if chance > 0.2:
                    found.right.add(rightness(claim, chance), _agrees(claim, gold), number)
        had = {claim.type for unit in one.units for claim in unit.claims}
        for kind in TYPES:
            if kind in had:
                continue
            chance = likelihood(judge.unclaimed, one.unclaimed(kind))
            if chance > 0.2 and (made := proposed(one.units, kind)) is not None:
                found.right.add(rightness(made[1], chance), _agrees(made[1], gold), number)


def _more(found: Evidence, items: Sequence[GoldItem], by: list[Judges]) -> None:
    """Add the rows of the fourth regression: what else is heard of a type where an event of it is told."""
    for number, one in found.sentences:
        kept, gold = decided(one, by[number % FOLDS]), items[number].events
        for _, claim, row in others(one, kept):
            found.more.add(row, _agrees(claim, gold), number)


def _agrees(claim: Claim, gold: Sequence[object]) -> bool:
    return any(agrees(claim, event) for event in gold)  # type: ignore[arg-type]


def train(unread: Sequence[GoldItem], read: Sequence[GoldItem]) -> dict[str, np.ndarray]:
    """The arrays of `choosing.npz`: what types are worth, learned from items that no rule writer has `read`.

    On the others, whose words the rules know, what no rule claims would seem worth less than it is. How right a claim
    is, and the threshold, are learned from both: the unread items are harder than the usual sentence.
    """
    items, new = [*unread, *read], len(unread)
    found = gathered(items)
    nothing = np.zeros(1)
    folds = [Judges(found.claimed.fitted(f, new), found.unclaimed.fitted(f, new), nothing, 0.5) for f in range(FOLDS)]
    _sides(found, items, folds)
    folds = [Judges(by.claimed, by.unclaimed, found.right.fitted(f), 0.5) for f, by in enumerate(folds)]
    limit = threshold(found, items, folds)
    _more(found, items, [replace(by, threshold=limit) for by in folds])
    return {
        "claimed": found.claimed.fitted(below=new),
        "unclaimed": found.unclaimed.fitted(below=new),
        "right": found.right.fitted(),
        "more": found.more.fitted(),
        "threshold": np.array(limit),
    }


def threshold(found: Evidence, items: Sequence[GoldItem], folds: Sequence[Judges]) -> float:
    """The chance from which a type is told: the best F1 of types and triples together whose false alarms stay low."""
    best, chosen = -1.0, 0.5
    for limit in np.arange(0.3, 0.8, 0.01):
        told: dict[int, list[Claim]] = {}
        for number, one in found.sentences:
            by = folds[number % FOLDS]
            claims = decided(one, Judges(by.claimed, by.unclaimed, by.right, float(limit)))
            told.setdefault(number, []).extend(claim for unit in claims for claim in unit)
        score = Score()
        for number, item in enumerate(items):
            score.add(told.get(number, []), item.events)
        value = score.type.f1 + score.triple.f1
        if score.false_alarm_rate <= ALARMS and value > best:
            best, chosen = value, float(limit)
    return chosen
