"""The linear model over a claim's features, and the calibration that turns its score into a confidence.

Two logistic regressions (`weights.npz`, made by `tocsin.code.train`): is the type right, and is the whole triple right.
Loaded and applied with numpy alone.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from tocsin import data

WEIGHTS = "model/weights.npz"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights by feature name for "type right" and "all right", and the calibration's knots (score → share right)."""

    type_weights: Mapping[str, float]
    full_weights: Mapping[str, float]
    knots: tuple[tuple[float, float], ...]

    def judge(self, names: Iterable[str]) -> tuple[float, float]:
        """(chance that the type is right, calibrated chance that type and sides are right) of a claim's features."""
        a = b = 0.0
        for name in set(names):
            a += self.type_weights.get(name, 0.0)
            b += self.full_weights.get(name, 0.0)
        return _chance(a), self.calibrated(_chance(b))

    def calibrated(self, score: float) -> float:
        """The share of claims with such a score that were right, between the knots."""
        before = (0.0, self.knots[0][1]) if self.knots else (0.0, 0.0)
        for knot in self.knots:
            if score <= knot[0]:
                width = knot[0] - before[0]
                return before[1] + (knot[1] - before[1]) * ((score - before[0]) / width if width > 0 else 1.0)
            before = knot
        return before[1]

    def reasons(self, names: Iterable[str], most: int = 6) -> list[tuple[str, float]]:
        """The features that moved the type's chance the most, with their weights."""
        found = [(name, self.type_weights[name]) for name in set(names) if name in self.type_weights]
        return sorted(found, key=lambda item: (-abs(item[1]), item[0]))[:most]


def _chance(score: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


@cache
def model() -> Model:
    """The shipped model."""
    with np.load(io.BytesIO(data.blob(WEIGHTS)), allow_pickle=False) as arrays:
        names = [str(name) for name in arrays["names"]]
        both = arrays["weights"].astype(float)
        return Model(
            dict(zip(names, both[0].tolist(), strict=True)),
            dict(zip(names, both[1].tolist(), strict=True)),
            tuple((float(x), float(y)) for x, y in arrays["knots"]),
        )
