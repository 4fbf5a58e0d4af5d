"""Which of a sentence's claims become events: those the model believes, each thing once."""

from __future__ import annotations

from tocsin.code.coder import Unit
from tocsin.code.features import features
from tocsin.code.model import Model
from tocsin.code.scoring import dyads
from tocsin.code.sides import Claim

PLAIN = 0.5
"""Of what is asked of a claim, the share asked of a plain sentence: the gold that the models learn from has few."""


def plain(claim: Claim, unit: Unit) -> bool:
    """Whether a claim is the main verb's of its sentence, by one country's actors on another's, and asserted."""
    word = unit.tree[claim.trigger]
    sources, targets = ({actor.country for actor in side} - {None} for side in (claim.source, claim.target))
    return word.dep == "ROOT" and word.is_verb and bool(sources and targets - sources) and claim.status == "happened"


def chosen(unit: Unit, text: str, headline: bool, model: Model) -> list[Claim]:
    """The believed claims of a unit in the order of its words, with their confidence, doubles left out."""
    believed: list[Claim] = []
    for claim in unit.claims:
        type_right, all_right = model.judge(features(claim, unit, text, headline))
        claim.confidence, claim.sure = all_right, type_right
        if type_right >= (model.threshold * PLAIN if plain(claim, unit) else model.threshold):
            believed.append(claim)
    kept: list[Claim] = []
    for claim in sorted(believed, key=lambda c: (-c.confidence, c.trigger)):
        if not any(_double(claim, other) for other in kept):
            kept.append(claim)
    return sorted(kept, key=lambda c: c.trigger)


def _double(claim: Claim, other: Claim) -> bool:
    """Whether a claim says again, or less fully, what a surer one says."""
    if claim.type != other.type or claim.status != other.status:
        return False
    if claim.trigger == other.trigger:
        return True
    mine, theirs = dyads(claim), dyads(other)
    if mine & theirs:
        return True
    return any(s == s2 or t == t2 for s, t in mine for s2, t2 in theirs if "-" in (s, t))
