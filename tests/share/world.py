"""A world of random objects and partners, and who may see which words of it, decided by the rule alone.

Every object and every field that is marked apart holds a word of its own. Whatever a channel lets out, the words in it
tell what has leaked.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Any

from tocsin.share.handling import mark
from tocsin.share.objects import item_of
from tocsin.share.rule import Marking, Subject, combine, visible
from tocsin.share.shelf import Collection, Shelf

from .decisions import NOON, Thing
from .samples import a_note, a_relationship, a_report, an_id, an_identity, an_item
from .strategies import some_marking, some_subject

WORD = re.compile(r"zq\d+[of]|[a-z-]+--[0-9a-f-]{36}")


@dataclass
class Held:
    """One object of the world, with what it cannot be shown without."""

    id: str
    word: str
    marking: Marking
    each: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    field_word: str = ""
    field_marking: Marking | None = None


@dataclass
class World:
    """Everything there is, and those who look at it."""

    held: dict[str, Held] = field(default_factory=dict)
    partners: list[Subject] = field(default_factory=list)

    def may(self, who: Subject, id: str) -> bool:
        """Whether the rule lets `who` see an object, whatever it refers to."""
        return id in self.held and visible(who, Thing(self.held[id].marking))

    def shown(self, who: Subject, held: Held) -> bool:
        """Whether an object can be shown to `who`: with each and some of what it cannot do without."""
        return (
            self.may(who, held.id)
            and all(self.may(who, ref) for ref in held.each)
            and (not held.some or any(self.may(who, ref) for ref in held.some))
        )

    def words(self, who: Subject) -> set[str]:
        """Every word and every id that may reach `who`."""
        allowed: set[str] = set()
        for held in self.held.values():
            if self.may(who, held.id):
                allowed.add(held.id)
            if self.shown(who, held):
                allowed.add(held.word)
                part = held.field_marking
                if part is not None and visible(who, Thing(combine(held.marking, part))):
                    allowed.add(held.field_word)
        return allowed

    def ids(self, who: Subject) -> set[str]:
        """The objects that `who` must be shown."""
        return {held.id for held in self.held.values() if self.shown(who, held)}

    def leaks(self, who: Subject, said: str) -> set[str]:
        """The words and ids in what was said that `who` may not know."""
        known = self.held.keys() | {w for held in self.held.values() for w in (held.word, held.field_word)}
        return {word for word in WORD.findall(said) if word in known} - self.words(who)


def a_world(seed: int, objects: int, partners: int) -> tuple[World, list[dict[str, Any]]]:
    """A world, and its objects ready to be shelved: half stand alone, half refer to others."""
    chance = random.Random(seed)
    world = World(partners=[some_subject(chance) for _ in range(partners)])
    stix: list[dict[str, Any]] = []
    for n in range(objects):
        known = [one["id"] for one in stix if one["type"] == "identity"]
        stix.append(_an_object(world, chance, n, known))
    return world, stix


def _an_object(world: World, chance: random.Random, n: int, known: list[str]) -> dict[str, Any]:
    word, field_word = f"zq{n}o", f"zq{n}f"
    marking = some_marking(chance)
    each: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    kind = chance.random()
    if kind < 0.5 or len(known) < 4:
        made = an_identity(word)
    elif kind < 0.8:
        some = tuple(dict.fromkeys([*chance.sample(known, chance.randint(1, 3)), *_nowhere(chance)]))
        made = a_note(word, *some) if chance.random() < 0.5 else a_report(word, *some)
    else:
        each = (chance.choice(known), chance.choice(known))
        made = a_relationship(word, *each, description=f"about {word}")
    held = Held(made["id"], word, marking, each, some)
    known_level = marking.tlp != "unknown"
    if chance.random() < 0.3 and known_level:
        held.field_word, held.field_marking = field_word, _field_marking(chance)
        made["labels"] = [field_word]
        held_marking = marking.model_copy(update={"fields": {"labels": held.field_marking}})
    else:
        held_marking = marking
    if chance.random() < 0.3 and known:
        made["created_by_ref"] = chance.choice(known)
    world.held[held.id] = held
    return an_item(made, held_marking).payload


def _nowhere(chance: random.Random) -> list[str]:
    return [an_id("identity", f"nowhere-{chance.random()}")] if chance.random() < 0.2 else []


def _field_marking(chance: random.Random) -> Marking:
    while (marking := some_marking(chance)).tlp == "unknown":
        pass
    return marking.model_copy(update={"not_before": None, "not_after": None})


def shelve(shelf: Shelf, stix: list[dict[str, Any]]) -> Collection:
    """Put everything into one collection that everybody may know of."""
    to = shelf.keep_collection("all", "Everything", Marking(tlp="clear"))
    outcomes = shelf.add(to, [item_of(one) for one in stix], owner="home", now=NOON)
    assert {outcome.state for outcome in outcomes} == {"success"}
    return to


__all__ = ["World", "a_world", "mark", "shelve"]
