"""How the model of roles is learned: which actor around a claim is its source, which its target, by the gold.

A conditional logit for each side over the candidates of every claim whose type the gold confirms, fitted by L-BFGS with
a quadratic penalty. Part of `python -m tocsin.code.train`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from tocsin.code.antecedents import Scene
from tocsin.code.candidates import Candidate, candidates, ordered, whereabouts
from tocsin.code.choosing import sentences
from tocsin.code.coder import read_claims
from tocsin.code.encoder import Impression
from tocsin.code.gold import GoldEvent, GoldItem
from tocsin.code.parsing import Tree
from tocsin.code.participants import Participants
from tocsin.code.proposing import proposed
from tocsin.code.roles import Roles, features, question
from tocsin.code.scoring import Side, dyads, side
from tocsin.code.sides import Claim
from tocsin.code.train_rows import known, matrix
from tocsin.records import Actor

OTHER_SECTOR = 0.7
"""What an actor of the right country and another sector is worth."""
STRENGTH = 0.2
"""The inverse of the quadratic penalty: smaller is smoother."""


@dataclass(slots=True)
class Choice:
    """One side of one claim: each candidate's features, how far he is what the gold says (0 to 1), where he stands."""

    rows: list[list[str]]
    right: np.ndarray
    spots: list[tuple[int, int] | str]


@dataclass(slots=True)
class Sample:
    """The two choices that a claim asks for, the number of its item, its type, and the offsets of its word."""

    item: int
    type: str
    word: tuple[int, int]
    source: Choice
    target: Choice


@dataclass(frozen=True, slots=True)
class Recorder(Roles):
    """Stands in for a model while the gold is read: leaves claims as they are and keeps what could be chosen."""

    item: int = 0
    events: Sequence[GoldEvent] = ()
    kept: list[Sample] = field(default_factory=list)

    def cast(self, claim: Claim, tree: Tree, who: Participants, scene: Scene, heard: Impression | None = None) -> None:
        same = [event for event in self.events if event.type == claim.type]
        if same:
            event = max(same, key=lambda one: _overlap(one, claim))
            found = candidates(claim, tree, who, scene)
            source = ordered(found, claim, None)
            first = _choice(source, claim, tree, None, claim.source, event.source)
            told = source[int(np.argmax(first.right))].actors if first.right.max() > 0 else claim.source
            target = ordered(found, claim, told)
            second = _choice(target, claim, tree, told, claim.target, event.target)
            word = tree[claim.trigger]
            self.kept.append(Sample(self.item, claim.type, (word.start, word.end), first, second))


def samples(items: Sequence[GoldItem]) -> Iterator[Sample]:
    """The choices of every claim of a rule whose type stands in its item's gold."""
    for number, item in enumerate(items):
        recorder = Recorder(item=number, events=item.events)
        read_claims(item.text, item.on, item.kind == "headline", casting=recorder, listening=False)
        yield from recorder.kept


def made(items: Sequence[GoldItem]) -> Iterator[Sample]:
    """Likewise for the events that no rule claims, built on the words that the shipped encoder hears them in."""
    for number, item in enumerate(items):
        recorder, headline = Recorder(item=number, events=item.events), item.kind == "headline"
        units = read_claims(item.text, item.on, headline)
        missed = {event.type for event in item.events} - {claim.type for unit in units for claim in unit.claims}
        able = [one for one in sentences(units, item.text, headline) if one.units[0].impression is not None]
        for kind in sorted(missed) if able else ():
            best = max(able, key=lambda one: one.heard.type(kind))
            proposed(best.units, kind, casting=recorder)
        yield from recorder.kept


def _overlap(event: GoldEvent, claim: Claim) -> int:
    """How much an event of the gold looks like the one that a claim means."""
    shared = len(dyads(event) & dyads(claim))
    sides = ((event.source, claim.source), (event.target, claim.target))
    return 2 * shared + sum(bool({side(a) for a in one} & {side(a) for a in two}) for one, two in sides)


def _choice(
    ones: Sequence[Candidate],
    claim: Claim,
    tree: Tree,
    source: Sequence[Actor] | None,
    rule: Sequence[Actor],
    gold: Sequence[Side],
) -> Choice:
    asked = question(claim, tree, source, rule, ones)
    return Choice(
        [list(features(one, asked)) for one in ones],
        np.array([_agreement(one.actors, gold) for one in ones]),
        [whereabouts(one, tree) for one in ones],
    )


def _agreement(mine: Sequence[Side], gold: Sequence[Side]) -> float:
    """How far actors are those of the gold: 1 where all are, with their sectors; a part for each that is."""
    if not mine or not gold:
        return float(not mine and not gold)
    sectors = {side(a): a.sector for a in gold}
    keys = {side(a) for a in mine}
    whole = {side(a) for a in mine if side(a) in sectors and sectors[side(a)] in (None, a.sector)}
    shared, all_ = keys & sectors.keys(), keys | sectors.keys()
    return (OTHER_SECTOR * len(shared) + (1 - OTHER_SECTOR) * len(whole)) / len(all_)


def fitted(found: Sequence[Sample]) -> Roles:
    """The model learned from samples."""
    return Roles(_weights([one.source for one in found]), _weights([one.target for one in found]))


def _weights(choices: Sequence[Choice]) -> dict[str, float]:
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    able = [one for one in choices if one.right.max() > 0]
    names = known({name for row in one.rows for name in row} for one in able)
    seen = matrix([row for one in able for row in one.rows], names)
    starts = np.cumsum([0, *(len(one.rows) for one in able)])
    wanted = np.concatenate([shares(one.right) for one in able])
    choice = np.repeat(np.arange(len(able)), np.diff(starts))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = seen @ weights
        scores -= np.maximum.reduceat(scores, starts[:-1])[choice]
        total = np.add.reduceat(np.exp(scores), starts[:-1])[choice]
        told = np.sum(wanted * (scores - np.log(total)))
        slope = seen.T @ (wanted - np.exp(scores) / total)
        return -told + weights @ weights / (2 * STRENGTH), weights / STRENGTH - slope

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return {name: float(weight) for name, weight in zip(names, best, strict=True) if abs(weight) > 1e-3}


def shares(right: np.ndarray) -> np.ndarray:
    """The gold's answer as chances: all to what is wholly right, else in proportion."""
    told = np.where(right >= 1, 1.0, 0.0) if right.max() >= 1 else right
    return np.asarray(told / told.sum())


def arrays(model: Roles) -> dict[str, np.ndarray]:
    """The arrays of the weights file."""
    names = sorted({*model.source, *model.target})
    rows = [[side.get(name, 0.0) for name in names] for side in (model.source, model.target)]
    return {
        "names": np.array(names),
        "weights": np.array(rows, dtype=np.float16),
    }
