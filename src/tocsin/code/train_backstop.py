"""How the model behind the rules is learned: relevance and types of sentences, by the gold's train part.

The limits and the calibration of what is added come from its dev part. Part of `python -m tocsin.code.train`, after the
claims' model, whose threshold the limits build on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

import numpy as np

from tocsin.code.backstop import (
    BLOCKS,
    Backstop,
    Judgement,
    Limits,
    block_of,
    limits_array,
    model_of,
    scaled,
    sentence_features,
)
from tocsin.code.choosing import chosen
from tocsin.code.coder import Unit, read_claims
from tocsin.code.gold import TYPES, GoldItem
from tocsin.code.model import model
from tocsin.code.participants import Scene
from tocsin.code.roles import Roles, roles
from tocsin.code.scoring import agrees
from tocsin.code.second_opinion import proposed, settled, stands
from tocsin.code.sides import Claim

SEEN = 2
"""A feature must occur in so many sentences to be learned from."""
STRENGTH = {"relevance": 5.0, "type": 10.0}
"""scikit-learn's C: smaller is smoother."""
ALARMS = 0.07
"""The largest share of no-event items of dev with an event: a point below the floor."""
KEEP = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
TYPED = (0.0, 0.1, 0.2)
ADD = (0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
RESCUED = (0.1, 0.15, 0.2, 0.3, 0.4)
MADE = (0.3, 0.4, 0.5, 0.6)


@dataclass(slots=True)
class Read:
    """One sentence of a gold item on its way through training."""

    item: int
    clauses: list[Unit]
    believed: list[list[Claim]]
    names: set[str]
    scene: Scene


def read(items: Sequence[GoldItem], castings: Sequence[Roles] = (Roles(),)) -> Iterator[Read]:
    """Every gated sentence of the items with its claims, those the rules believe, and its features."""
    for number, item in enumerate(items):
        headline, scene = item.kind == "headline", Scene()
        units = read_claims(item.text, item.on, headline, scene, castings[number % len(castings)])
        for _, group in groupby(units, key=lambda unit: unit.start):
            clauses = list(group)
            believed = [chosen(unit, item.text, headline, model()) for unit in clauses]
            yield Read(number, clauses, believed, sentence_features(clauses, item.text, headline), scene)


def train(items: Sequence[GoldItem], dev: Sequence[GoldItem], castings: Sequence[Roles]) -> dict[str, np.ndarray]:
    """The arrays of `backstop.npz`, learned from `items`, with limits chosen on `dev`.

    `castings` are models of roles learned without the items that they are used on (see `tocsin.code.train`).
    """
    sentences = list(read(items, castings))
    shared = Counter(one.item for one in sentences)
    learned = [one for one in sentences if shared[one.item] == 1 or not items[one.item].events]
    arrays = fitted(learned, items)
    held = list(read(dev, (roles(),)))
    arrays["limits"] = limits_array(limits(held, dev, model_of(arrays)))
    arrays["knots"] = calibration(held, dev, model_of(arrays))
    return arrays


def fitted(sentences: Sequence[Read], items: Sequence[GoldItem]) -> dict[str, np.ndarray]:
    """Relevance from the words of all sentences, claims left out; each type from those that tell any event."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    counts = Counter(name for one in sentences for name in one.names)
    names = sorted(name for name, count in counts.items() if count >= SEEN)
    index = {name: i for i, name in enumerate(names)}
    block = np.array([block_of(name) for name in names], dtype=np.int8)
    idf = np.log(len(sentences) / np.array([counts[name] for name in names]))
    scale = np.where(block == 0, idf, 1.0).astype(np.float32)
    rows = [np.array(sorted(index[n] for n in one.names if n in index), dtype=np.int64) for one in sentences]
    ends = np.cumsum([0, *map(len, rows)])
    values = np.concatenate([scaled(scale[row], block[row]) for row in rows])
    matrix = csr_matrix((values, np.concatenate(rows), ends), shape=(len(rows), len(names)))
    types = sorted(TYPES)
    gold = [{event.type for event in items[one.item].events} for one in sentences]
    told = np.array([[kind in kinds for kind in types] for kinds in gold])
    events = np.array([bool(kinds) for kinds in gold])

    def fit(x: Any, y: np.ndarray, strength: float) -> Any:
        return LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=500).fit(x, y)

    beside = csr_matrix(matrix.multiply(block != BLOCKS.index("claim")))
    models = [fit(beside, events, STRENGTH["relevance"])]
    models += [fit(matrix[events], told[events, k], STRENGTH["type"]) for k in range(len(types))]
    return {
        "names": np.array(names),
        "types": np.array(types),
        "scale": scale.astype(np.float16),
        "weights": np.stack([m.coef_[0] for m in models], axis=1).astype(np.float16),
        "bias": np.array([m.intercept_[0] for m in models], dtype=np.float32),
        "knots": np.array([[0.0, 0.0], [1.0, 1.0]], dtype=np.float32),
        "limits": limits_array(Limits()),
    }


def calibration(sentences: Sequence[Read], items: Sequence[GoldItem], held: Backstop) -> np.ndarray:
    """Knots (score → share right) of what is added to `items`, two scores wide: too few are added for a finer curve.

    Not from the train part: the rules were fitted to it, so what they leave there is mostly no event.
    """
    added: list[tuple[float, bool]] = []
    for one in sentences:
        judgement = held.judge(one.names)
        for claims in settled(one.clauses, one.believed, judgement, held, one.scene):
            for claim in claims:
                if claim.rule.startswith("model:"):
                    right = any(agrees(claim, event) for event in items[one.item].events)
                    added.append((judgement.relevance * judgement.types[claim.type], right))
    added.sort()
    halves = (added[: len(added) // 2], added[len(added) // 2 :])
    shares = [(sum(right for _, right in half) + 1) / (len(half) + 2) for half in halves]
    centres = [float(np.median([score for score, _ in half])) if half else 0.5 for half in halves]
    return np.array([[centres[0], min(shares)], [centres[1] + 1e-6, shares[1]]], dtype=np.float32)


def limits(sentences: Sequence[Read], items: Sequence[GoldItem], held: Backstop) -> Limits:
    """The limits with the best type F1 on `items` whose false alarms stay under `ALARMS`."""
    judged = [held.judge(one.names) for one in sentences]
    can = [_possible(one, held) for one in sentences]
    best, found = -1.0, Limits()
    for values in [(0.0, 0.0, 2.0, 2.0, 2.0), *product(KEEP, TYPED, ADD, RESCUED, MADE)]:
        one = Limits(*values)
        f1, alarms = _measured(sentences, items, judged, can, one)
        if alarms <= ALARMS and f1 > best + 1e-9:
            best, found = f1, one
    return found


def _possible(one: Read, held: Backstop) -> set[str]:
    """The types of which a claim can be made at all: somebody must be named."""
    return {kind for kind in held.types if proposed(one.clauses, kind, held, one.scene) is not None}


def _measured(
    sentences: Sequence[Read],
    items: Sequence[GoldItem],
    judged: Sequence[Judgement],
    can: Sequence[set[str]],
    at: Limits,
) -> tuple[float, float]:
    """(type F1, share of no-event items with an event) with these limits."""
    told: dict[int, set[str]] = {}
    for one, judgement, possible in zip(sentences, judged, can, strict=True):
        told.setdefault(one.item, set()).update(_told(one, judgement, possible, at))
    right = given = wanted = alarms = 0
    for number, item in enumerate(items):
        mine, gold = told.get(number, set()), {e.type for e in item.events}
        right, given, wanted = right + len(mine & gold), given + len(mine), wanted + len(gold)
        alarms += bool(mine and not gold)
    return 2 * right / max(1, given + wanted), alarms / max(1, sum(not item.events for item in items))


def _told(one: Read, judgement: Judgement, possible: set[str], at: Limits) -> set[str]:
    chance = judgement.types
    pairs = zip(one.clauses, one.believed, strict=True)
    found = {c.type for unit, claims in pairs for c in claims if stands(c, unit, judgement, at)}
    if judgement.relevance >= at.add:
        claimed = {c.type for unit in one.clauses for c in unit.claims}
        found = found | {k for k in possible if chance[k] >= (at.rescued if k in claimed else at.made)}
    return found
