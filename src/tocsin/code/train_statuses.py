"""How statuses are learned: a logistic regression by the events of the gold's train part that the coder finds.

Part of `python -m tocsin.code.train`, after the last word on claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tocsin.code.choosing import chosen
from tocsin.code.coder import read_claims
from tocsin.code.gold import GoldItem
from tocsin.code.scoring import agrees
from tocsin.code.settling import ruled
from tocsin.code.statuses import features
from tocsin.code.train_rows import known, matrix

STRENGTH = 1.0
"""scikit-learn's C: smaller is smoother."""


def train(items: Sequence[GoldItem]) -> dict[str, np.ndarray]:
    """The arrays of `status.npz`."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    found = [row for item in items for row in _rows(item)]
    names = known(row for row, _ in found)
    learned = LogisticRegression(C=STRENGTH, max_iter=2000, fit_intercept=False)
    learned.fit(matrix([row for row, _ in found], names), [status for _, status in found])
    weights = learned.coef_
    if len(weights) == 1:  # of two statuses scikit-learn keeps how far the second is ahead
        weights = np.concatenate([-weights, weights]) / 2
    return {
        "names": np.array(names),
        "statuses": np.array(learned.classes_),
        "weights": weights.astype(np.float32),
    }


def _rows(item: GoldItem) -> Iterator[tuple[list[str], str]]:
    """The features of each event told that the gold has too, and its status there."""
    headline = item.kind == "headline"
    units = read_claims(item.text, item.on, headline)
    for unit, told in zip(units, chosen(units, item.text, headline), strict=True):
        for claim in told:
            claim.status = ruled(claim, unit)
            same = [event.status for event in item.events if agrees(claim, event)]
            if same:
                row = sorted(set(features(claim, unit, headline)))
                yield row, claim.status if claim.status in same else same[0]
