"""Train the shipped models anew: `python -m tocsin.code.train tests/quality/gold`.

First which sentences promise an event (`train_promise`), then the roles (`train_roles`) and the claims' model, here,
all from the train part of the project's own gold (English items), then the last word on claims (`train_choosing`) from
the dev part of the newest gold, and last the statuses (`train_statuses`), from the train part again. The encoder is
trained before them, by `scripts/train_encoder.py`. Same gold, rules and encoder, same weights. Needs scikit-learn
(`dev` extra).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tocsin.code import choosing, promise, roles, statuses, train_choosing, train_promise, train_roles, train_statuses
from tocsin.code.coder import read_claims
from tocsin.code.features import features
from tocsin.code.gold import GoldItem, read_gold
from tocsin.code.model import WEIGHTS, model
from tocsin.code.roles import Roles
from tocsin.code.scoring import agrees
from tocsin.code.train_rows import known, matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

UNREAD = "[fghi]-*.txt"
"""Gold whose dev part no writer of rules has read: what the rules miss there is what they miss in the news."""
FOLDS = 5
WORD = 0.4
"""How much a mere word of the sentence counts beside what the rules saw, lest rare words outvote a rule."""
STRENGTH = 0.6
"""scikit-learn's C: smaller is smoother."""


def claims_of(items: Sequence[GoldItem], castings: Sequence[Roles]) -> tuple[list[list[str]], np.ndarray, np.ndarray]:
    """Every claim's features, its labels (type right, all right), and the number of its item.

    `castings` are models of roles that were learned without the items whose number they stand at, modulo their count:
    with one learned from the very items the sides would look surer than they are.
    """
    rows: list[list[str]] = []
    labels: list[tuple[bool, bool]] = []
    groups: list[int] = []
    for number, item in enumerate(items):
        casting = castings[number % len(castings)]
        for unit in read_claims(item.text, item.on, item.kind == "headline", casting=casting, listening=False):
            for claim in unit.claims:
                rows.append(sorted(set(features(claim, unit, item.text, item.kind == "headline"))))
                right = any(agrees(claim, event) for event in item.events)
                labels.append((any(event.type == claim.type for event in item.events), right))
                groups.append(number)
    return rows, np.array(labels), np.array(groups)


def train(items: Sequence[GoldItem], castings: Sequence[Roles]) -> dict[str, np.ndarray]:
    """The arrays of `weights.npz`, learned from `items`; `castings` as in `claims_of`."""
    from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    rows, labels, groups = claims_of(items, castings)
    names = known(rows)
    scale = np.array([WORD if name.startswith("word=") else 1.0 for name in names])
    scaled = matrix(rows, names).multiply(scale).tocsr()

    def fit(x: csr_matrix, y: np.ndarray) -> LogisticRegression:
        return LogisticRegression(
            C=STRENGTH, max_iter=500, fit_intercept=False, solver="liblinear", random_state=0
        ).fit(x, y)

    held = np.zeros(labels.shape)
    for fold in range(FOLDS):
        inside = groups % FOLDS == fold
        for column in (0, 1):
            held[inside, column] = fit(scaled[~inside], labels[~inside, column]).predict_proba(scaled[inside])[:, 1]
    knots = IsotonicRegression(out_of_bounds="clip").fit(held[:, 1], labels[:, 1])
    grid = np.linspace(0.0, 1.0, 21)
    smooth = _smoothed(held[:, 1], labels[:, 1], grid, knots.predict(grid))
    final = np.stack([fit(scaled, labels[:, column]).coef_[0] for column in (0, 1)])
    return {
        "names": np.array(names),
        "weights": (final * scale).astype(np.float32),
        "knots": np.stack([grid, smooth], axis=1),
    }


def _smoothed(scores: np.ndarray, right: np.ndarray, grid: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Isotonic steps drawn towards the straight line where few claims stand behind them."""
    weight = np.array([np.sum(np.abs(scores - x) < 0.05) for x in grid]) / 40
    share = np.clip(weight, 0, 1)
    return np.maximum.accumulate(share * steps + (1 - share) * grid * 0.9)


def main(arguments: list[str]) -> int:
    """Train on the gold files in the folder named, and write the weights into the package."""
    paths = sorted(Path(arguments[0] if arguments else "tests/quality/gold").glob("*.txt"))
    items = [item for item in read_gold(paths, ("train",)) if item.language == "en"]
    unread, read = (
        [item for item in read_gold([p for p in paths if p.match(UNREAD) == new], ("dev",)) if item.language == "en"]
        for new in (True, False)
    )
    _write(promise.WEIGHTS, train_promise.train(items, [*unread, *read]))
    promise.promise.cache_clear()
    choices = [*train_roles.samples(items), *train_roles.made(items)]
    _write(roles.WEIGHTS, train_roles.arrays(train_roles.fitted(choices)))
    folds = [train_roles.fitted([one for one in choices if one.item % FOLDS != fold]) for fold in range(FOLDS)]
    _write(WEIGHTS, train(items, folds))
    roles.roles.cache_clear()
    model.cache_clear()
    _write(choosing.WEIGHTS, train_choosing.train(unread, read))
    choosing.judges.cache_clear()
    _write(statuses.WEIGHTS, train_statuses.train(items))
    return 0


def _write(name: str, arrays: dict[str, np.ndarray]) -> None:
    path = Path(__file__).resolve().parents[1] / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    numbers = sum(array.size for array in arrays.values())
    print(f"{path.name}: {numbers} numbers, {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
