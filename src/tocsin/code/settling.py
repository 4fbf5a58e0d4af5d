"""Where and when of one event, chosen among the places and days that its sentence names."""

from __future__ import annotations

from datetime import date

from tocsin.code.coder import Unit
from tocsin.code.dates import resolve
from tocsin.code.parsing import kids
from tocsin.code.participants import Scene
from tocsin.code.sides import Claim
from tocsin.records import Place

_PRECISE = {"city": 0, "strait": 1, "sea": 1, "region": 2, "country": 3}
_NOWHERE = frozenset({"THREATEN", "ACCUSE", "REJECT", "REQUEST", "AGREE", "SUPPORT"})
"""Types of speech: a place in them is mostly what they are about, unless "in" or "at" stands before it."""
_AT = (
    "in",
    "at",
    "near",
    "off",
    "around",
    "over",
    "outside",
    "across",
    "into",
    "on",
    "inside",
    "through",
    "toward",
    "towards",
)


def place_of(claim: Claim, unit: Unit, scene: Scene, span: tuple[int, int]) -> Place | None:
    """The most precise place among an event's words; for speech only one that "in" or "at" ties to it."""
    sides = {(a.start, a.end) for a in (*claim.source, *claim.target)}
    best: tuple[tuple[bool, int, int], Place] | None = None
    for one in unit.located:
        before = scene.text[max(unit.start, one.start - 18) : one.start].lower().split()
        tied = any(word in _AT for word in before[-3:])
        inside = span[0] <= one.start and one.end <= span[1]
        if not tied and (claim.type in _NOWHERE or (one.start, one.end) in sides or not inside):
            continue
        if one.place.precision in ("country", None) and not tied:
            continue
        rank = (not inside, _PRECISE.get(one.place.precision or "country", 3), one.start)
        if best is None or rank < best[0]:
            best = rank, one.place
    return best[1] if best else None


def day_of(claim: Claim, unit: Unit, text: str, on: date | None, ahead: bool) -> date | None:
    """The day an event's own words state, else the day its sentence states where it holds one verb that can own it."""
    tree = unit.tree
    words = [tree[i] for i in claim.extent if tree[i].end > tree[i].start]
    beside = [
        tree[k]
        for k in tree[claim.trigger].kids
        if tree[k].dep in ("npadvmod", "advmod", "prep", "dobj", "pobj", "tmod")
    ]
    deeper = [tree[j] for k in kids(tree, claim.trigger, "prep", "npadvmod") for j in tree[k].kids]
    own = sorted((*words, *beside, *deeper), key=lambda w: w.start)
    if own:
        stated = resolve(text[own[0].start : min(unit.end, own[-1].end + 12)], on, ahead)
        if stated is not None:
            return stated
    if len(unit.claims) <= 1 or not ahead:
        return resolve(text[unit.start : unit.end], on, ahead)
    return None
