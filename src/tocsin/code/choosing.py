"""Which claims become events: what the rules' model and the encoder think of each, weighed together; each thing once.

Two logistic regressions over a handful of log-odds decide whether an event of a type is told, one for types that a rule
claimed and one for types that none did; a third gives the confidence that type and sides are right. A fourth says
whether a sentence tells one more event of a type, between others, at another word. Learned by
`tocsin.code.train_choosing` from the gold's dev part, which neither rules, models nor encoder were fitted to.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tocsin import data
from tocsin.code.coder import Unit
from tocsin.code.encoder import TYPES, Impression
from tocsin.code.features import features
from tocsin.code.model import model
from tocsin.code.proposing import further, proposed
from tocsin.code.scoring import dyads
from tocsin.code.sides import MUTUAL, Claim

WEIGHTS = "model/choosing.npz"
_FIRM = 6.0
"""Log-odds beyond which nothing is surer."""
YIELDING = ("CONCEDE", "RETREAT")
"""What a crowd does that ends its blockade: the encoder says which."""
MORE = 0.3
"""The chance from which one more event of a type is told: on the dev part 0.25 to 0.5 make no difference."""


@dataclass(frozen=True, slots=True)
class Judges:
    """The weights of the four regressions, each constant first, and the chance from which a type is told."""

    claimed: NDArray[np.float64]
    unclaimed: NDArray[np.float64]
    right: NDArray[np.float64]
    threshold: float
    more: NDArray[np.float64] | None = None
    """None while the others are learned."""


@cache
def judges() -> Judges:
    """The shipped weights."""
    with np.load(io.BytesIO(data.blob(WEIGHTS)), allow_pickle=False) as arrays:
        names = ("claimed", "unclaimed", "right", "more")
        claimed, unclaimed, right, more = (arrays[name].astype(float) for name in names)
        return Judges(claimed, unclaimed, right, float(arrays["threshold"]), more)


@dataclass(slots=True)
class Sentence:
    """One sentence, or all clauses of one headline, with what its judges look at."""

    units: list[Unit]
    text: str
    headline: bool

    @property
    def heard(self) -> Impression:
        found = self.units[0].impression
        if found is None:
            raise ValueError("a sentence is judged after the encoder has read it")
        return found

    def weigh(self) -> None:
        """Let the rules' own model say how sure it is of the type, and of the whole, of each claim."""
        for unit in self.units:
            for claim in unit.claims:
                if "yielding" in claim.flags and unit.impression is not None:
                    claim.type = max(YIELDING, key=self.heard.type)
                claim.sure, claim.whole = model().judge(features(claim, unit, self.text, self.headline))

    def claimed(self, claim: Claim, unit: Unit) -> list[float]:
        """What speaks for a claim's type: constant, the rules' model, the encoder on type, event, word, margin."""
        heard, word = self.heard, unit.tree[claim.trigger]
        kind = max((claim.type, "AID"), key=heard.type) if "lending" in claim.flags else claim.type
        return [
            1.0, log_odds(claim.sure), heard.type(kind), heard.relevance(),
            heard.at(word.start, word.end, kind), heard.margin(kind),
            float(plain(claim, unit)), float(not word.is_verb), float(self.headline), *_each(claim.type),
        ]  # fmt: skip

    def unclaimed(self, kind: str) -> list[float]:
        """What speaks for a type that no rule claimed: constant, the encoder on type, event, margin; other claims."""
        heard, sure = self.heard, [c.sure for u in self.units for c in u.claims]
        best = log_odds(max(sure)) if sure else 0.0
        return [
            1.0, heard.type(kind), heard.relevance(), heard.margin(kind), float(bool(sure)), best, float(self.headline),
            *_each(kind),
        ]  # fmt: skip

    def more(self, claim: Claim, place: int, told: Sequence[Sequence[Claim]]) -> list[float]:
        """What speaks for one more event, in the unit at `place`, beside those `told` of its type in each unit."""
        tree, heard = self.units[place].tree, self.heard
        word, kind = tree[claim.trigger], claim.type
        words = [unit.tree[one.trigger] for unit, claims in zip(self.units, told, strict=True) for one in claims]
        here = told[place]
        return [
            1.0, heard.at(word.start, word.end, kind), max(heard.at(w.start, w.end, kind) for w in words),
            float(word.is_verb), float(any(one.trigger in (word.head, *word.kids) for one in here)),
            float(any(claim.trigger in one.extent or one.trigger in claim.extent for one in here)), float(not here),
            log_odds(claim.source_chance), log_odds(claim.target_chance), float(not claim.source),
            float(not claim.target), log_odds(max(one.confidence for claims in told for one in claims)),
            float(self.headline),
        ]  # fmt: skip


def plain(claim: Claim, unit: Unit) -> bool:
    """Whether a claim is the main verb's of its sentence, by one country's actors on another's, and asserted."""
    word = unit.tree[claim.trigger]
    sources, targets = ({actor.country for actor in side} - {None} for side in (claim.source, claim.target))
    return word.dep == "ROOT" and word.is_verb and bool(sources and targets - sources) and claim.status == "happened"


def rightness(claim: Claim, chance: float) -> list[float]:
    """What tells whether a claim's sides are right too, `chance` being that of its type."""
    made = claim.form == "model"
    whole = 0.0 if made else log_odds(claim.whole)
    return [
        1.0, log_odds(chance), whole, log_odds(claim.source_chance), log_odds(claim.target_chance), float(made),
        float(not claim.source), float(not claim.target), *_each(claim.type),
    ]  # fmt: skip


def _each(kind: str) -> list[float]:
    """A type as one column of its own: some are told more often, or seen less surely, than others."""
    return [float(kind == one) for one in TYPES]


def log_odds(chance: float) -> float:
    """The log-odds of a chance, within what counts as sure."""
    chance = min(1 - 1e-9, max(1e-9, chance))
    return max(-_FIRM, min(_FIRM, math.log(chance / (1 - chance))))


def likelihood(weights: NDArray[np.float64], row: Sequence[float]) -> float:
    """The chance that a logistic regression gives to a row."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, float(np.dot(weights, row))))))


def sentences(units: Sequence[Unit], text: str, headline: bool) -> Iterator[Sentence]:
    """The units of a text by sentence, their claims weighed by the rules' own model."""
    for _, group in groupby(units, key=lambda unit: unit.start):
        one = Sentence(list(group), text, headline)
        one.weigh()
        yield one


def chosen(units: Sequence[Unit], text: str, headline: bool) -> list[list[Claim]]:
    """The events of each unit in the order of its words, with their confidence."""
    return [told for one in sentences(units, text, headline) for told in decided(one, judges())]


def decided(one: Sentence, by: Judges) -> list[list[Claim]]:
    """The events of one sentence, clause by clause; none where the encoder was not asked, since no rule claims any."""
    if one.units[0].impression is None:
        return [[] for _ in one.units]
    kept: list[list[Claim]] = []
    for unit in one.units:
        chances = [(likelihood(by.claimed, one.claimed(claim, unit)), claim) for claim in unit.claims]
        kept.append([_confident(claim, chance, by) for chance, claim in chances if chance >= by.threshold])
    had = {claim.type for claims in kept for claim in claims}
    claimed = {claim.type for unit in one.units for claim in unit.claims}
    claimed |= {"AID" for claims in kept for claim in claims if "lending" in claim.flags}
    for kind in TYPES:
        if kind in had or kind in claimed:
            continue
        chance = likelihood(by.unclaimed, one.unclaimed(kind))
        if chance >= by.threshold and (made := proposed(one.units, kind, told=kept)) is not None:
            kept[made[0]].append(_confident(made[1], chance, by))
    kept = [_each_once(claims) for claims in kept]
    if by.more is not None:
        for place, claim, row in list(others(one, kept)):
            claim.confidence = likelihood(by.more, row)
            if claim.confidence >= MORE:
                kept[place].append(claim)
    return [_each_once(claims) for claims in kept]


def others(one: Sentence, kept: Sequence[Sequence[Claim]]) -> Iterator[tuple[int, Claim, list[float]]]:
    """What may be told besides: events of the types of those `kept` on other words, which none of them says already.

    For each the place of its unit, and what speaks for it.
    """
    for kind in sorted({claim.type for claims in kept for claim in claims}):
        told = [[claim for claim in claims if claim.type == kind] for claims in kept]
        for place, claim in further(one.units, kind, told):
            alone = kind in MUTUAL and len({country for pair in dyads(claim) for country in pair}) == 1
            same = (_covered(claim, other) or _covered(other, claim) for claims in told for other in claims)
            if not alone and not any(same):
                yield place, claim, one.more(claim, place, told)


def _confident(claim: Claim, chance: float, by: Judges) -> Claim:
    claim.confidence = likelihood(by.right, rightness(claim, chance))
    return claim


def _each_once(claims: Sequence[Claim]) -> list[Claim]:
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (-c.confidence, c.trigger)):
        if not any(_double(claim, other) for other in kept):
            kept.append(claim)
    return sorted(kept, key=lambda c: c.trigger)


def _double(claim: Claim, other: Claim) -> bool:
    """Whether a claim says again, or less fully, what a surer one says."""
    if claim.type != other.type or claim.status != other.status:
        return False
    return claim.trigger == other.trigger or _covered(claim, other)


def _covered(claim: Claim, other: Claim) -> bool:
    """Whether another claim's sides are a claim's sides, or hold them where it leaves one open."""
    mine, theirs = dyads(claim), dyads(other)
    if mine & theirs:
        return True
    return any(s == s2 or t == t2 for s, t in mine for s2, t2 in theirs if "-" in (s, t))
