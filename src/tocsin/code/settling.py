"""Where and when of one event, who tells of it and how far it went, as its sentence says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tocsin.code.antecedents import Scene
from tocsin.code.coder import Unit
from tocsin.code.dates import stated
from tocsin.code.lexicon import lexicon
from tocsin.code.parsing import Tree, kids
from tocsin.code.places import Located
from tocsin.code.reporting import reporter_of, tellers, verb_over
from tocsin.code.sides import Claim
from tocsin.code.status import standing, told_by_trigger
from tocsin.code.statuses import likeliest
from tocsin.code.wordlists import words
from tocsin.records import Place

_PRECISE = {"city": 0, "strait": 1, "sea": 1, "region": 2, "country": 3}
_SPOKEN = frozenset({"THREATEN", "ACCUSE", "REJECT", "REQUEST", "AGREE", "SUPPORT"})
"""Types of speech: a place in them is mostly what they are about, unless "in" or "at" stands before it."""
_ON_THE_SPOT = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "RETREAT", "AID", "CONSULT"})
"""Types that happen where their target is, if that is a place: a town shelled, visited, supplied."""
_AT = words("settling.at")
_WITHIN = frozenset({"in", "inside", "across", "throughout", "within"})
_NEAR = _WITHIN | {"at", "near", "off", "outside", "around"}
_TOWARDS = {
    "to": frozenset({"CONSULT", "AID", "MOBILIZE", "COOPERATE"}),
    "from": frozenset({"RETREAT"}),
}
"""Prepositions that tie a town, a region or a sea to events of some types only."""


def settle(claim: Claim, unit: Unit, scene: Scene, headline: bool) -> None:
    """Give a believed claim its last status and its reporter."""
    claim.status = ruled(claim, unit)
    if not standing(unit.tree, claim.trigger, lexicon()).forborne:
        claim.status = likeliest(claim, unit, headline)  # the rules' answer is one of the things it looks at
    claim.reporter = reporter_of(claim, unit, scene)


def ruled(claim: Claim, unit: Unit) -> str:
    """The status of a claim by the rules alone."""
    return told_by_trigger(claim.status, claim.type, unit.tree, claim.trigger, lexicon())


def place_of(claim: Claim, unit: Unit, scene: Scene, span: tuple[int, int]) -> Place | None:
    """The most precise place among an event's words; for speech only one that "in" or "at" ties to it."""
    told = set(tellers(unit.tree, claim.trigger))
    best: tuple[tuple[bool, int, int], Place] | None = None
    for one in unit.located:
        at = _word_at(unit.tree, one.start)
        if at is not None and told and verb_over(unit.tree, at) in told and claim.trigger not in told:
            continue
        inside = span[0] <= one.start and one.end <= span[1]
        if not _happens_at(one, at, claim, unit, scene, inside):
            continue
        rank = (not inside, _PRECISE.get(one.place.precision or "country", 3), one.start)
        if best is None or rank < best[0]:
            best = rank, one.place
    return best[1] if best else None


def _happens_at(one: Located, at: int | None, claim: Claim, unit: Unit, scene: Scene, inside: bool) -> bool:
    """Whether an event happens at a place that its sentence names."""
    before = scene.text[max(unit.start, one.start - 18) : one.start].lower().split()[-3:]
    wide = one.place.precision in ("country", None)
    acting = any(a.start < one.end and one.start < a.end for a in claim.source)
    struck = any(a.start < one.end and one.start < a.end for a in claim.target)
    if claim.type in _SPOKEN:
        return (
            inside and not acting and not (struck and wide) and bool((_WITHIN if wide else _NEAR).intersection(before))
        )
    if wide:
        attacked = claim.type == "ASSAULT" and struck and not acting and _object(unit.tree, at, claim.trigger)
        beside = _NEAR if claim.type == "MOBILIZE" else _WITHIN
        return not acting and (attacked or bool(beside.intersection(before)))
    if scene.text[one.end : one.end + 1] == ":":  # "Khabarovsk: thousands rally"; a capital there speaks
        return not acting and (claim.reporter is None or claim.reporter.start != one.start)
    if not _AT.isdisjoint(before) and not (acting and before[-1:] == ["of"]):
        return True
    if any(word in before and claim.type in types for word, types in _TOWARDS.items()):
        return True
    if acting:
        return claim.type == "PROTEST" or _beside(unit.tree, at, claim.trigger)
    if struck:
        return claim.type in _ON_THE_SPOT or _beside(unit.tree, at, claim.trigger)
    mention = None if at is None else unit.tree[at].mention
    if mention is not None and mention.kind == "capital":  # a government, unless something ties it
        return _beside(unit.tree, at, claim.trigger)
    return inside


def _object(tree: Tree, at: int | None, trigger: int) -> bool:
    """Whether a name stands as what is attacked: the verb's object, or after "at", "on", "into"."""
    if at is None:
        return False
    head = tree[at].head
    if tree[at].dep == "pobj":
        return tree[head].low in ("at", "on", "into", "against")
    return tree[at].dep in ("dobj", "nsubjpass") and head == trigger


def _beside(tree: Tree, at: int | None, trigger: int) -> bool:
    """Whether a name stands before the event's own noun: "Ankara talks"."""
    return at is not None and tree[at].dep in ("compound", "nmod") and tree[at].head == trigger


def _word_at(tree: Tree, offset: int) -> int | None:
    return next((i for i, word in enumerate(tree) if word.start <= offset < word.end), None)


def day_of(claim: Claim, unit: Unit, text: str, on: date | None, ahead: bool) -> date | None:
    """The day an event's own words state, else the day its sentence states where it holds one verb that can own it.

    A day beside a verb of saying ("…, it said on Monday") is the day it was said; what has happened did so by the day
    of the text, and what is to come (`ahead`) does so from then on.
    """
    tree = unit.tree
    told = set(tellers(tree, claim.trigger)) - {claim.trigger}
    own = set(_own(claim, tree))
    others: list[date] = []
    for one in stated(text, on, ahead, unit.start, unit.end):
        covered = [i for i, w in enumerate(tree) if w.start < one.end and one.start < w.end]
        over = verb_over(tree, covered[0]) if covered else None
        if (over is not None and over in told) or (on is not None and (one.day < on if ahead else one.day > on)):
            continue
        if over == claim.trigger or own.intersection(covered):
            return one.day
        others.append(one.day)
    return others[0] if others and (len(unit.claims) <= 1 or not ahead) else None


def _own(claim: Claim, tree: Tree) -> Iterator[int]:
    """The words of an event and those right beside its trigger."""
    yield from claim.extent
    for k in kids(tree, claim.trigger, "npadvmod", "advmod", "prep", "dobj", "pobj", "tmod"):
        yield k
        if tree[k].dep in ("npadvmod", "prep"):
            yield from tree[k].kids
