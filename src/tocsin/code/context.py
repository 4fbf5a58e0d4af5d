"""Countries that the words leave out: police, protesters and gunmen are of the place, the speaker or the story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tocsin.code.antecedents import STATES, Scene
from tocsin.code.joined import HOMES
from tocsin.code.nounphrases import nears_border, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.sides import MUTUAL, Claim
from tocsin.code.wordlists import words
from tocsin.records import Actor

FILLED = words("context.filled")
_CRAFTS = words("context.crafts")
"""What may be anybody's wherever it is: drones over an airfield are not the airfield's."""
_AT = ("in", "at", "near", "across", "outside", "inside", "on", "off", "from", "around", "throughout", "over")
_ABROAD = frozenset({"ASSAULT", "SUPPORT", "AID", "SANCTION", "RETREAT"})
_SAID = frozenset({"ACCUSE", "AGREE", "AID", "CONSULT", "COOPERATE", "REJECT", "REQUEST", "SUPPORT", "THREATEN"})
"""What is said to a country or done with it by others, where its bare name tells that it is meant as a whole."""
_SPEAKING = frozenset({"GOV", "MIL", "LEG", "COP", "SPY", "JUD", "OPP", "PTY", "REL", "LAB"})
_MISSIONS = words("context.missions")
"""What a state has in another's country."""
_FOREIGN = re.compile(r"\b(?:foreign|overseas|expatriate)\b(?! (?:minist|offic|secretar|affairs|policy|service))", re.I)
"""Who is of another country, whichever it is."""
_PEERS = words("context.peers")
_OFFICIAL = {"COERCE": "GOV", "SANCTION": "GOV"}
_AIMED = frozenset(
    {
        "ACCUSE",
        "REJECT",
        "SANCTION",
        "THREATEN",
        "REQUEST",
        "ASSAULT",
        "SUPPORT",
        "CONSULT",
        "MOBILIZE",
        "COERCE",
        "RETREAT",
        "AGREE",
        "AID",
        "COOPERATE",
        "CONCEDE",
    }
)


def complete(claim: Claim, tree: Tree, scene: Scene, told: Sequence[Actor] = ()) -> None:
    """Give the actors of a claim the countries that its place, its other side, its speaker or the text tells."""
    place = placed_in(tree, claim.trigger)
    speaker = next((a.country for a in [*([claim.reporter] if claim.reporter else []), *told] if a.country), None)
    told_of = story(scene)
    mine = next((a.country for a in claim.source if a.country), None)
    theirs = next((a.country for a in claim.target if a.country), None)
    names = named(scene)
    if "detect" not in claim.flags:  # whose what was sighted is, the place does not tell
        other, aim = told_of or theirs, addressed(claim, scene)
        claim.source = [
            filled(a, place or speaker or (None if other == aim and speaks(a) else other), names) for a in claim.source
        ]
    claim.source = [a for a in claim.source if a.country or not _craft(a)]
    mine = next((a.country for a in claim.source if a.country), None)
    whose = {a.country for a in claim.source if a.country}
    near = {m.country for m in scene.mentions if m.country}
    abroad = _single(near - whose) if claim.type in _ABROAD else None
    home = _single(whose)  # what several did is not told of one of them
    claim.target = [filled(a, place or abroad or home or speaker or told_of, names) for a in claim.target]
    if not claim.source and claim.reporter and claim.reporter.country != theirs and claim.type in MUTUAL:
        claim.source, claim.found = [claim.reporter], "speaker"
        mine = claim.reporter.country
    if not claim.target and mine and claim.type in _AIMED and claim.found != "closed":
        claim.target = _other(claim, scene)
        claim.found = "other" if claim.target else claim.found
    critical = claim.type in ("ACCUSE", "REJECT") and bool(claim.source) and claim.source[0].sector == "OPP"
    if (claim.type == "PROTEST" or critical) and not claim.target and mine:
        at = claim.source[0]
        claim.found = "domestic"
        claim.target = [Actor(name="government", country=mine, sector="GOV", start=at.start, end=at.end)]
    if (
        claim.type in ("COERCE", "CONCEDE")
        and claim.found != "closed"
        and not claim.target
        and mine
        and claim.source[0].sector in ("GOV", "MIL", "COP", "JUD", "LEG")
    ):
        at = claim.source[0]
        claim.found = "domestic"
        claim.target = [Actor(name="citizens", country=mine, sector="CVL", start=at.start, end=at.end)]
    if not claim.source and claim.target and claim.type in _OFFICIAL:
        at = claim.target[0]
        country = speaker or place or theirs or told_of
        if country:
            claim.found += "+authorities"
            claim.source = [
                Actor(name="authorities", country=country, sector=_OFFICIAL[claim.type], start=at.start, end=at.end)
            ]


def addressed(claim: Claim, scene: Scene) -> str | None:
    """The country that a claim's words are for by its bare name: "Minister slams China" is said by one of another."""
    if len(claim.target) != 1 or claim.type not in _SAID:
        return None
    at = claim.target[0]
    bare = any(m.kind == "country" and (m.start, m.end) == (at.start, at.end) for m in scene.mentions)
    return at.country if bare and not scene.text.startswith(("'", "’"), at.end) else None


def speaks(actor: Actor) -> bool:
    """Whether somebody is of those who speak for a country or in it, as rebels and refugees do not."""
    return actor.sector in _SPEAKING


def _other(claim: Claim, scene: Scene) -> list[Actor]:
    """The only other country that the text names, where an act that has an addressee names none.

    Forces that a sentence names move for themselves: only that sentence tells against whom.
    """
    if claim.source[0].sector == "OPP":
        return []
    apart = {a.country for a in [*claim.source, *([claim.reporter] if claim.reporter else [])]}
    acts = claim.source[0]
    named_here = acts.name.lower() in scene.text[acts.start : acts.end].lower()
    alone = claim.type == "MOBILIZE" and named_here
    near = {m.country for m in scene.mentions if m.country} if alone else scene.countries
    others = [c for c in near if c not in apart]
    if len(others) != 1:
        return []
    at = claim.source[0]
    return [Actor(name=others[0], country=others[0], sector=None, start=at.start, end=at.end)]


def _single(countries: Iterable[str]) -> str | None:
    found = set(countries)
    return found.pop() if len(found) == 1 else None


def named(scene: Scene) -> list[tuple[int, int]]:
    """Where a sentence names groups, organisations and persons: their countries are known, not filled in."""
    return [(m.start, m.end) for m in scene.mentions if m.kind in ("group", "org", "person")]


def filled(actor: Actor, country: str | None, named: Sequence[tuple[int, int]]) -> Actor:
    if actor.country or country is None or actor.sector not in FILLED:
        return actor
    described, _, last = actor.name.lower().rpartition(" ")
    if last in _PEERS or last in _CRAFTS or (described and last in STATES) or foreign(actor):
        return actor
    if any(actor.start < end and start < actor.end for start, end in named):
        return actor
    return actor.model_copy(update={"country": country})


def foreign(actor: Actor) -> bool:
    """Whether somebody is only said to be of another country: "foreign workers"."""
    return actor.country is None and _FOREIGN.search(actor.name) is not None


def _craft(actor: Actor) -> bool:
    return actor.name.lower().rpartition(" ")[2] in _CRAFTS


def placed_in(tree: Tree, at: int) -> str | None:
    """The country of the place that an event's words name, looking outwards from the trigger.

    An embassy is where it stands, not of whose it is; what is near a border may be on either side.
    """
    head = at
    if (country := _mission_in(tree, at)) is not None:
        return country
    for _ in range(4):
        for o in prep_objects(tree, head, *_AT):
            if nears_border(tree, o):
                continue
            whose = () if tree[o].low in _MISSIONS else kids(tree, o, "poss", "compound", "amod", "nmod")
            for inner in (o, *whose, *prep_objects(tree, o, *_AT, "of")):
                if (country := _home(tree, inner)) is not None:
                    return country
        if tree[head].head == head:
            break
        head = tree[head].head
    return None


def _mission_in(tree: Tree, at: int) -> str | None:
    """Where the embassy or base stands that an act is at or against: "stormed the Swedish embassy in Baghdad"."""
    todo = kids(tree, at, "dobj", "nsubjpass", "prep", "dative")
    while todo:
        head = todo.pop()
        todo += kids(tree, head, "pobj", "prep")
        for o in prep_objects(tree, head, "in", "at", "near") if tree[head].low in _MISSIONS else ():
            if (country := _home(tree, o)) is not None:
                return country
    return None


def _home(tree: Tree, at: int) -> str | None:
    mention = tree[at].mention
    return mention.country if mention is not None and mention.kind in HOMES else None


def story(scene: Scene) -> str | None:
    """The country a text is about: the only one, or one that is named more than all others."""
    ranked = scene.countries.most_common(2)
    if not ranked:
        return None
    if len(ranked) == 1 or ranked[0][1] > ranked[1][1]:
        return ranked[0][0]
    return None
