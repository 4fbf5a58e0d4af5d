"""The last word on whether an event happened: what governs its word, what stands around it, and what the rules say.

The rules (`tocsin.code.status`) follow the verbs that they know through the tree; "is in its third day", "put on hold
plans for" and whatever else is told in too many ways to list is learned, by a logistic regression over the five
statuses (`status.npz`, made by `tocsin.code.train_statuses`) that takes the rules' answer as one feature among others.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from tocsin import data
from tocsin.code.coder import Unit
from tocsin.code.parsing import Tree, kids
from tocsin.code.sides import Claim
from tocsin.code.wordlists import words

WEIGHTS = "model/status.npz"
_AROUND = ("aux", "auxpass", "neg", "advmod", "mark", "det")
"""How words hang on a verb or noun that say how real it is: "may", "not", "still", "if", "no"."""
_BEFORE, _AFTER, _BESIDE = 6, 4, 2
"""So many words before and after an event's word are looked at; the nearest by their distance."""
_GOVERNORS = 5
_TELLING = words("statuses.telling")


@dataclass(frozen=True, slots=True)
class Statuses:
    """The statuses, and by feature name what it adds to the log-odds of each."""

    names: tuple[str, ...]
    weights: Mapping[str, tuple[float, ...]]

    def chances(self, found: Iterable[str]) -> dict[str, float]:
        """How likely each status is, given the features of a claim."""
        sums = [0.0] * len(self.names)
        for name in set(found):
            for i, weight in enumerate(self.weights.get(name, ())):
                sums[i] += weight
        best = max(sums)
        powers = [math.exp(one - best) for one in sums]
        return {name: power / sum(powers) for name, power in zip(self.names, powers, strict=True)}


@cache
def statuses() -> Statuses:
    """The shipped model."""
    with np.load(io.BytesIO(data.blob(WEIGHTS)), allow_pickle=False) as arrays:
        weights = arrays["weights"].astype(float).T.tolist()
        return Statuses(
            tuple(str(name) for name in arrays["statuses"]),
            {str(name): tuple(each) for name, each in zip(arrays["names"], weights, strict=True)},
        )


def likeliest(claim: Claim, unit: Unit, headline: bool) -> str:
    """The status of a claim, whose own `status` is what the rules say."""
    chances = statuses().chances(features(claim, unit, headline))
    return max(chances, key=chances.__getitem__)


def features(claim: Claim, unit: Unit, headline: bool) -> Iterator[str]:
    """The names of what is looked at; each counts 1."""
    tree, at = unit.tree, claim.trigger
    word = tree[at]
    yield "bias"
    for name in ("type", "form"):
        yield f"status+{name}={claim.status}+{getattr(claim, name)}"
        yield f"{name}={getattr(claim, name)}"
    yield f"status={claim.status}"
    yield f"rule={claim.rule}"
    yield f"lemma={word.lemma}"
    yield f"tag={word.tag}"
    yield f"tag+dep={word.tag}+{word.dep}"
    yield f"headline={headline}"
    yield f"question={tree[-1].low == '?'}"
    for step in claim.chain[:4]:
        yield f"under={step}"
    for k in kids(tree, at, *_AROUND, "prt", "amod"):
        yield f"{tree[k].dep}={tree[k].low}"
    yield from _governors(tree, at)
    for i in range(max(0, at - _BEFORE), min(len(tree), at + _AFTER + 1)):
        if i != at and tree[i].mention is None:
            yield f"{'before' if i < at else 'after'}={tree[i].low}"
            if abs(i - at) <= _BESIDE:
                yield f"{i - at}={tree[i].low}"
    for one in tree:
        if one.low in _TELLING:
            yield f"inside={one.low}"


def _governors(tree: Tree, at: int) -> Iterator[str]:
    """The words above an event's, how the one hangs on the other, and what says how real they are."""
    for step in range(_GOVERNORS):
        head = tree[at].head
        if head == at:
            return
        yield f"above{min(step, 2)}={tree[at].dep}>{tree[head].lemma}"
        yield f"above={tree[head].lemma}"
        for k in kids(tree, head, *_AROUND):
            yield f"above-{tree[k].dep}={tree[k].low}"
        at = head
