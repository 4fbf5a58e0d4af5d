"""Which sentences of an article's body promise an event: a word model that spares the parser what plainly tells none.

The gate lets through every sentence that holds a word some rule knows; half of those in the news are background,
colour and quotation. A logistic regression over words and pairs of words, names standing as their kinds, says which
(`promise.npz`, made by `tocsin.code.train_promise` from the gold). The first sentences of a text are parsed regardless.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, repeat

import numpy as np

from tocsin import data
from tocsin.code.gazetteer import Mention

WEIGHTS = "model/promise.npz"
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")


@dataclass(frozen=True, slots=True)
class Promise:
    """Weights by feature name, the constant, and the log-odds from which a sentence is parsed."""

    weights: Mapping[str, float]
    constant: float
    least: float

    def holds(self, text: str, start: int, end: int, mentions: Sequence[Mention]) -> bool:
        """Whether the sentence of `text` between two offsets, in which `mentions` stand, promises an event."""
        found = features(text, start, end, mentions)
        return self.constant + sum(map(self.weights.get, found, repeat(0.0))) >= self.least


def features(text: str, start: int, end: int, mentions: Sequence[Mention]) -> set[str]:
    """The words and pairs of neighbours of a sentence, each name as one word that only tells its kind."""
    names = sorted((m.start, m.end, f"@{m.kind}") for m in mentions)
    found: list[str] = []
    following, until = 0, start
    for word in _WORD.finditer(text, start, end):
        while following < len(names) and names[following][0] <= word.start():
            found.append(names[following][2])
            until, following = max(until, names[following][1]), following + 1
        if word.start() >= until:
            found.append(word[0].lower())
    return {*found, *(f"{first} {second}" for first, second in pairwise(found))}


@cache
def promise() -> Promise:
    """The shipped model."""
    with np.load(io.BytesIO(data.blob(WEIGHTS)), allow_pickle=False) as arrays:
        names = [str(name) for name in arrays["names"]]
        weights = dict(zip(names, arrays["weights"].astype(float).tolist(), strict=True))
        return Promise(weights, *arrays["limits"].astype(float).tolist())
