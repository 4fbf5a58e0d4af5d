"""Whose claim an event is: the verbs of saying above it, "according to", the speaker that a headline names.

Officials without a country ("the army said") are of the acting side's, and those of a place ("the governor said"), or
who tell of an attack, of the side that it struck.
"""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.code.actors import actor
from tocsin.code.antecedents import Scene
from tocsin.code.coder import Unit
from tocsin.code.context import FILLED
from tocsin.code.grammar import subject
from tocsin.code.lexicon import lexicon
from tocsin.code.nounphrases import prep_objects
from tocsin.code.parsing import Tree, kids, subtree
from tocsin.code.participants import Participants
from tocsin.code.sides import Claim
from tocsin.code.status import operator_classes
from tocsin.code.wordlists import words
from tocsin.records import Actor

_LOCAL = words("reporting.local")
_PUBLIC = words("reporting.public")


def tellers(tree: Tree, at: int) -> list[int]:
    """The verbs of saying that the word at `at` is the content of, the innermost first.

    What stands in a clause of time or manner ("said …, a day after it seized the town") is the text's own.
    """
    found: list[int] = []
    for _ in range(12):
        word = tree[at]
        found += [k for k in kids(tree, at, "parataxis", "advcl", "conj") if _put_in(tree, k)]
        if word.head == at or word.dep in ("advcl", "pcomp"):
            break
        if word.dep == "ccomp" and tree[word.head].is_verb and (at < word.head or _says(tree, word.head)):
            found.append(word.head)
        at = word.head
    return list(dict.fromkeys(found))


def _put_in(tree: Tree, verb: int) -> bool:
    """Whether a verb of saying is put in or after what is said: "…, the ministry said", "as the army put it"."""
    subjects = kids(tree, verb, "nsubj")
    if not subjects or not _says(tree, verb) or kids(tree, verb, "ccomp", "dobj"):
        return False
    if tree[verb].dep == "parataxis":
        return True
    if tree[verb].dep == "advcl":
        return any(tree[m].low == "as" for m in kids(tree, verb, "mark", "advmod"))
    first = min(subtree(tree, subjects[0]))
    return first > 0 and tree[first - 1].text in (",", "”", '"')


def verb_over(tree: Tree, at: int) -> int | None:
    """The verb that a word stands under, itself if it is one."""
    for _ in range(12):
        if tree[at].is_verb:
            return at
        if tree[at].head == at:
            return None
        at = tree[at].head
    return None


def reporter_of(claim: Claim, unit: Unit, scene: Scene) -> Actor | None:
    """Whoever the text says the claim comes from, with a country where it can be told; None where the text asserts."""
    told = claim.reporter or next(_told(claim, unit, scene), None)
    return None if told is None else _placed(told, claim, unit)


def _told(claim: Claim, unit: Unit, scene: Scene) -> Iterator[Actor]:
    tree = unit.tree
    scene.mentions, scene.located = unit.mentions, unit.located
    who = Participants(tree, scene)
    above = {claim.trigger, *_above(tree, claim.trigger)}
    if (
        claim.status == "denied"
        and claim.type != "REJECT"
        and "deny" in operator_classes(tree, claim.trigger, lexicon())
    ):
        yield from claim.source
    for verb in tellers(tree, claim.trigger):
        at = subject(tree, verb)
        if at is not None:
            yield from _tellers(at, who)
    for i, word in enumerate(tree):
        if word.low == "according" and (word.head in above or word.head == i):
            for o in prep_objects(tree, i, "to"):
                yield from _tellers(o, who)
    if unit.speaker is not None:
        start, end = unit.speaker
        one = actor(scene.text[start:end], start, list(scene.mentions), scene.on, outlets=True)
        if one is not None:
            yield one


def _tellers(at: int, who: Participants) -> list[Actor]:
    """Who tells a thing: an actor, a news outlet (which is no actor where it only reports), or whose the teller is."""
    word = who.tree[at]
    named = word.mention
    if named is not None and named.kind == "outlet" and not who.actors(at):
        return [Actor(name=named.name, country=named.country, sector="MED", start=word.start, end=word.end)]
    return who.actors(at) or who.holder(at)


def _above(tree: Tree, at: int) -> Iterator[int]:
    for _ in range(12):
        if tree[at].head == at:
            return
        at = tree[at].head
        yield at


def _says(tree: Tree, verb: int) -> bool:
    return tree[verb].is_verb and "report" in operator_classes(tree, verb, lexicon())


def _placed(told: Actor, claim: Claim, unit: Unit) -> Actor:
    """A reporter without a country with that of the side whose officials tell such a thing."""
    if told.country or told.sector not in FILLED:
        return told
    name = set(told.name.lower().replace("'s", "").split())
    if any(m.start < told.end and told.start < m.end and m.kind in ("org", "person", "group") for m in unit.mentions):
        return told
    if told.sector == "MED" and "state" not in name:
        return told
    mine, theirs = ([a.country for a in side if a.country] for side in (claim.source, claim.target))
    struck = name & _LOCAL or (claim.type == "ASSAULT" and name & _PUBLIC)
    known = theirs + mine if struck else mine
    if not known or (claim.source and not mine and not struck):
        return told
    return told.model_copy(update={"country": known[0]})
