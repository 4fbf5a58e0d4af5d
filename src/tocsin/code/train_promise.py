"""How the model of promise is learned: which sentences and headlines of the gold tell an event, by their words.

The weights come from the train part, the limit from the dev part: a share of `LOST` of its items with events may fall
below it. Passages are left out, since their gold does not say which sentence tells what. Part of
`python -m tocsin.code.train`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from tocsin.code.coder import named
from tocsin.code.gold import GoldItem
from tocsin.code.promise import features

LOST = 0.005
"""The share of the dev part's items with events that may be lost; those that stand first in a text never are."""
SEEN = 2
"""A feature must occur in so many items to be learned from."""
STRENGTH = 1.0
"""scikit-learn's C: smaller is smoother."""
_SLIGHT = 0.02


def train(items: Sequence[GoldItem], held: Sequence[GoldItem]) -> dict[str, np.ndarray]:
    """The arrays of `promise.npz`: weights learned from `items`, the limit from those held out."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    rows, told = _rows(items)
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= SEEN)
    index = {name: i for i, name in enumerate(names)}

    def matrix(found: Sequence[set[str]]) -> csr_matrix:
        at = np.array([(r, index[name]) for r, row in enumerate(found) for name in row if name in index]).T
        return csr_matrix((np.ones(at.shape[1]), (at[0], at[1])), shape=(len(found), len(names)))

    learned = LogisticRegression(C=STRENGTH, max_iter=500).fit(matrix(rows), told)
    rows, told = _rows(held)
    limit = np.quantile(learned.decision_function(matrix(rows))[told], LOST)
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
