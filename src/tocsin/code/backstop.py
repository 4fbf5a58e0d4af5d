"""The linear model behind the rules: whether a sentence tells an event at all, and of which types.

The rules judge one verb or noun at a time. This model reads the whole sentence: tf-idf weighted words and pairs, the
predicates with what hangs on them, what the rule lexicon knows of those, and what the rules claimed. Logistic
regressions (`backstop.npz`, made by `tocsin.code.train_backstop`), applied with numpy alone (ADR 0018).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tocsin import data
from tocsin.code.coder import Unit
from tocsin.code.features import setting
from tocsin.code.lexicon import lexicon
from tocsin.code.nounphrases import keys
from tocsin.code.parsing import Tree, Word
from tocsin.code.words import american

WEIGHTS = "model/backstop.npz"
BLOCKS = ("word", "lexicon", "claim")
"""Kinds of features; each kind is scaled to length 1 within a sentence, so that none drowns the others."""
_HANGING = frozenset(
    ("dobj", "prt", "prep", "nsubjpass", "nsubj", "xcomp", "acomp", "neg", "agent", "advmod", "ccomp"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure the model must be; chosen on the dev part of the gold by the training command.

    A claim that the rules believe stands where the sentence's relevance (its chance of telling any event) is at least
    `keep` and the claim's type has at least `typed`. Something is added only where relevance is at least `add`: a claim
    that the rules made and left, of a type with at least `rescued`; or a type none claimed, with at least `made`.
    """

    keep: float = 0.0
    typed: float = 0.0
    add: float = 2.0
    rescued: float = 2.0
    made: float = 2.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """The chance that a sentence tells an event, and by type the chance that it tells that type if it tells any."""

    relevance: float
    types: dict[str, float]


@dataclass(frozen=True, slots=True)
class Backstop:
    """`weights` is features × (1 + types), relevance first; `scale` the idf and `block` the kind of each feature."""

    types: tuple[str, ...]
    index: dict[str, int]
    scale: NDArray[np.float32]
    block: NDArray[np.int8]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    knots: NDArray[np.float32]
    limits: Limits

    def judge(self, names: Iterable[str]) -> Judgement:
        """What the model says of a sentence that has these features."""
        at = np.array(sorted(self.index[name] for name in set(names) if name in self.index), dtype=np.int64)
        scores = self.bias + self.weights[at].T @ scaled(self.scale[at], self.block[at])
        chances = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
        return Judgement(float(chances[0]), dict(zip(self.types, chances[1:].tolist(), strict=True)))

    def pull(self, names: Iterable[str], kind: str) -> float:
        """How much features speak for a type: finds the word that a sentence's type rests on."""
        column = 1 + self.types.index(kind)
        return float(
            sum(self.scale[i] * self.weights[i, column] for n in names if (i := self.index.get(n)) is not None)
        )

    def calibrated(self, score: float) -> float:
        """The share of added claims with such a score (relevance times type) whose type and sides were right."""
        return float(np.interp(score, self.knots[:, 0], self.knots[:, 1]))


def scaled(scale: NDArray[np.float32], block: NDArray[np.int8]) -> NDArray[np.float64]:
    """The values of a sentence's features: their idf, each block brought to length 1."""
    out = scale.astype(np.float64)
    for kind in range(len(BLOCKS)):
        mine = block == kind
        if mine.any():
            out[mine] /= max(1e-9, float(np.sqrt(np.sum(out[mine] ** 2))))
    return out


@cache
def backstop() -> Backstop | None:
    """The shipped model; None where the package holds none, and the rules then stand alone."""
    try:
        blob = data.blob(WEIGHTS)
    except FileNotFoundError:
        return None
    with np.load(io.BytesIO(blob), allow_pickle=False) as arrays:
        return model_of({name: arrays[name] for name in arrays.files})


def model_of(arrays: dict[str, np.ndarray]) -> Backstop:
    """The model in the arrays of a weights file."""
    names = [str(name) for name in arrays["names"]]
    return Backstop(
        types=tuple(str(name) for name in arrays["types"]),
        index={name: i for i, name in enumerate(names)},
        scale=arrays["scale"].astype(np.float32),
        block=np.array([block_of(name) for name in names], dtype=np.int8),
        weights=arrays["weights"].astype(np.float32),
        bias=arrays["bias"].astype(np.float32),
        knots=arrays["knots"].astype(np.float32),
        limits=Limits(*(float(x) for x in arrays["limits"])),
    )


def limits_array(limits: Limits) -> np.ndarray:
    """Limits as they are kept in the weights file."""
    return np.array(astuple(limits), dtype=np.float32)


def block_of(name: str) -> int:
    """The block of a feature, told by the prefix of its name."""
    return BLOCKS.index(name.partition(":")[0])


# Features


def sentence_features(units: Sequence[Unit], text: str, headline: bool) -> set[str]:
    """The features of one sentence, or of all clauses of one headline."""
    found: set[str] = {f"lexicon:headline={headline}"}
    for unit in units:
        tree = unit.tree
        shown = [_shown(word) for word in tree]
        found.update(f"word:{low}" for low in shown if low[0] == "<" or low.isalpha())
        found.update(f"word:{one}_{two}" for one, two in pairwise(shown))
        for at in range(len(tree)):
            found.update(predicate_features(tree, at))
        countries = {w.mention.country for w in tree if w.mention is not None and w.mention.country}
        found.add(f"lexicon:countries={min(3, len(countries))}")
        found.update(_claim_features(unit))
    for name, count in setting(text[units[0].start : units[0].end]).items():
        found.add(f"lexicon:setting={name}")
        if count > 1:
            found.add(f"lexicon:setting={name}+")
    return found


def predicate_features(tree: Tree, at: int) -> Iterator[str]:
    """What one verb or noun adds: itself, what hangs on it, and the types that the rules know it by."""
    word = tree[at]
    rules = lexicon()
    if word.is_verb and word.mention is None and word.dep not in ("aux", "auxpass"):
        base = _shown(word)
        yield f"word:verb={base}"
        for k in word.kids:
            if tree[k].dep in _HANGING:
                yield f"word:{base}>{tree[k].dep}>{_shown(tree[k])}"
                yield f"word:{tree[k].dep}>{_shown(tree[k])}"
        kinds = {rule.type for rule in rules.verbs.get(word.lemma, ())}
        yield from (f"lexicon:verb={kind}" for kind in kinds)
        if len(kinds) == 1:
            yield f"lexicon:only={min(kinds)}"
        if word.dep == "ROOT":
            yield f"word:root={base}"
            yield from (f"lexicon:root={kind}" for kind in kinds or {"unknown"})
    elif word.tag[0] == "N":
        kind = rules.nominal(keys(tree, at))
        if kind:
            yield f"lexicon:noun={kind}"
            yield f"lexicon:noun={kind}+{word.dep}"


def _claim_features(unit: Unit) -> Iterator[str]:
    if not unit.claims:
        yield "claim:none"
    for claim in unit.claims:
        known = f"{any(a.country for a in claim.source):d}{any(a.country for a in claim.target):d}"
        yield f"claim:{claim.type}"
        yield f"claim:{claim.type}+{claim.form}"
        yield f"claim:{claim.type}+{known}"
        yield f"claim:sides={known}"
        yield f"claim:status={claim.status}"
        yield f"claim:{claim.type}+{unit.tree[claim.trigger].lemma}"


def _shown(word: Word) -> str:
    """A word as the model sees it: names by their kind, numbers as numbers, everything else by its lemma."""
    if word.mention is not None:
        return f"<{word.mention.sector or word.mention.kind}>"
    if word.tag == "CD" or word.low.isdigit():
        return "<number>"
    return american(word.lemma) or "_"
