"""How the model of promise is learned: which sentences and headlines of the gold tell an event, by their words.

The weights come from the train part, the limit from the dev part: a share of `LOST` of its items with events may fall
below it. Passages are left out, since their gold does not say which sentence tells what. Part of
`python -m tocsin.code.train`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tocsin.code.coder import named
from tocsin.code.gold import GoldItem
from tocsin.code.promise import features
from tocsin.code.train_rows import known, matrix

LOST = 0.005
"""The share of the dev part's items with events that may be lost; those that stand first in a text never are."""
STRENGTH = 1.0
"""scikit-learn's C: smaller is smoother."""
_SLIGHT = 0.02


def train(items: Sequence[GoldItem], held: Sequence[GoldItem]) -> dict[str, np.ndarray]:
    """The arrays of `promise.npz`: weights learned from `items`, the limit from those held out."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    rows, told = _rows(items)
    names = known(rows)
    learned = LogisticRegression(C=STRENGTH, max_iter=500).fit(matrix(rows, names), told)
    rows, told = _rows(held)
    limit = np.quantile(learned.decision_function(matrix(rows, names))[told], LOST)
    weights = learned.coef_[0]
    kept = np.abs(weights) > _SLIGHT
    return {
        "names": np.array(names)[kept],
        "weights": weights[kept].astype(np.float16),
        "limits": np.array([learned.intercept_[0], limit]),
    }


def _rows(items: Sequence[GoldItem]) -> tuple[list[set[str]], np.ndarray]:
    found = [item for item in items if item.kind != "passage"]
    rows = [features(item.text, 0, len(item.text), named(item.text, item.on)[0]) for item in found]
    return rows, np.array([bool(item.events) for item in found])
