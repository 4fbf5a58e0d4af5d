"""The coder itself: text in, events out. Gate, parse, claims, scene, status, quote, in that order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tocsin.code.actors import actor
from tocsin.code.antecedents import Scene
from tocsin.code.context import complete
from tocsin.code.descriptions import described
from tocsin.code.encoder import Impression, impression
from tocsin.code.frames import claims
from tocsin.code.gate import passes
from tocsin.code.gazetteer import Gazetteer, Mention
from tocsin.code.grammar import subject
from tocsin.code.headlines import best, blank_markup, clauses, readings, true_case
from tocsin.code.lexicon import lexicon
from tocsin.code.namesakes import owned
from tocsin.code.parsing import Piece, Tree, parse, pieces
from tocsin.code.participants import Participants
from tocsin.code.places import Located, Places
from tocsin.code.promise import promise
from tocsin.code.roles import Roles, roles
from tocsin.code.sentences import sentences
from tocsin.code.sides import MUTUAL, Claim
from tocsin.records import Actor, parties

LEAD = 3
"""How many gated sentences from the start of a text are parsed whatever they promise, and heard without any claim
where they promise something.

On the dev part, all of it such leads, hearing them is worth .01 of type F1 and costs .02 of false alarms.
"""
DOUBTFUL = -3.0
"""Log-odds of the encoder below which nobody asks whose a claim is: of 1,600 events so coded, none was of such a claim.

In news that spares a quarter of the claims.
"""


@dataclass(slots=True)
class Unit:
    """One sentence, or one clause of a headline, on its way through the coder."""

    start: int
    end: int
    readings: list[list[Piece]]
    speaker: tuple[int, int] | None = None
    mentions: Sequence[Mention] = ()
    located: Sequence[Located] = ()
    tree: Tree = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    impression: Impression | None = None
    who: Participants = field(default_factory=lambda: Participants([], Scene()))
    """Whom the words of the tree stand for, in the scene as it was before the unit was read."""


def units(text: str, mentions: Sequence[Mention], located: Sequence[Located], headline: bool) -> list[Unit]:
    """The gated sentences of a body text, or the clauses of a headline."""
    found: list[Unit] = []
    starts, places = [m.start for m in mentions], [one.start for one in located]
    for start, end in sentences(text):
        inside = mentions[bisect_left(starts, start) : bisect_left(starts, end)]
        if not passes(text[start:end], inside, headline):
            continue
        if not headline and len(found) >= LEAD and not promise().holds(text, start, end, inside):
            continue
        words = pieces(text[start:end], inside, start)
        where = located[bisect_left(places, start) : bisect_left(places, end)]
        if not headline:
            found.append(Unit(start, end, [words], None, inside, where))
            continue
        true_case(words)
        for clause in clauses(words, text):
            found.append(Unit(start, end, readings(clause.pieces), clause.speaker, inside, where))
    return found


def read_claims(
    text: str,
    on: date | None,
    headline: bool,
    scene: Scene | None = None,
    casting: Roles | None = None,
    listening: bool = True,
) -> list[Unit]:
    """Every claim of `text`, sentence by sentence, with who "it" and "the two sides" are resolved along the way.

    For training, `casting` stands in for the shipped model of roles (the rules' sides stand with one without weights),
    and the encoder is not asked unless `listening`.
    """
    casting = casting or roles()
    clean = blank_markup(text)
    scene = scene or Scene()
    scene.on, scene.text = on, clean
    mentions, located = named(clean, on)
    scene.countries.update(m.country for m in mentions if m.country and m.kind != "outlet")
    todo = units(clean, mentions, located, headline)
    trees = iter(parse(r for u in todo for r in u.readings))
    lead = sorted({unit.start for unit in todo})[:LEAD]
    heard: dict[int, Impression] = {}
    for unit in todo:
        unit.tree = best([next(trees) for _ in unit.readings])
        scene.mentions, scene.located = unit.mentions, unit.located
        before = replace(scene)
        who = Participants(unit.tree, scene)
        who.speaker = _speaker(unit, scene)
        unit.claims = claims(unit.tree, who, lexicon())
        if listening and unit.start not in heard and (unit.claims or (unit.start in lead and _hopeful(unit, clean))):
            heard[unit.start] = impression(clean, unit.start, unit.end)
        for claim in unit.claims:
            claim.reporter = claim.reporter or next(iter(who.speaker), None)
        for claim in unit.claims:
            complete(claim, unit.tree, scene)
            about = heard.get(unit.start)
            if about is None or about.type(claim.type) > DOUBTFUL:
                casting.cast(claim, unit.tree, who, scene, about)
        unit.claims = [claim for claim in unit.claims if claim.source or claim.target]
        _remember(scene, unit, who)
        who.scene, unit.who = before, who  # what it has resolved serves whoever looks at the unit again
    for unit in todo:
        unit.impression = heard.get(unit.start)
    return todo


def _hopeful(unit: Unit, text: str) -> bool:
    return promise().holds(text, unit.start, unit.end, unit.mentions)


def named(text: str, on: date | None) -> tuple[list[Mention], list[Located]]:
    """Whom and which places a text names."""
    mentions = owned(text, Gazetteer.load().find(text, on))
    located = Places.load().find(text, mentions)
    return described(text, _with_places(text, mentions, located)), located


def _with_places(text: str, mentions: Sequence[Mention], located: Sequence[Located]) -> list[Mention]:
    """The gazetteer's names and, between them, the towns and regions of the atlas."""
    taken = sorted((m.start, m.end) for m in mentions)
    found = list(mentions)
    for one in located:
        at = bisect_right(taken, (one.end, 0))
        if (at and taken[at - 1][1] > one.start) or one.place.country is None:
            continue
        kind = "region" if one.place.precision == "region" else "city"
        name = one.place.name
        key = f"place:{one.place.geonames_id}"
        found.append(Mention(one.start, one.end, text[one.start : one.end], name, one.place.country, None, kind, key))
    return sorted(found, key=lambda m: m.start)


def _speaker(unit: Unit, scene: Scene) -> list[Actor]:
    """Whom a headline names as speaking ("Kremlin: …")."""
    if unit.speaker is None:
        return []
    start, end = unit.speaker
    told = actor(scene.text[start:end], start, list(scene.mentions), scene.on)
    return [told] if told is not None else []


def _remember(scene: Scene, unit: Unit, who: Participants) -> None:
    """Keep who acted, for the pronouns and short names of the next sentence."""
    for i, word in enumerate(unit.tree):
        if word.is_verb and word.dep == "ROOT":
            at = subject(unit.tree, i)
            if at is not None:
                found: list[Actor] = who.actors(at)
                if found:
                    scene.subject = found
                    scene.people = (scene.people + found)[-12:]
        if word.mention is None and word.tag == "NNP" and (introduced := who.introduced(i)):
            scene.surnames = {**scene.surnames, word.text: introduced}
        if word.mention is not None:
            one = who.each(i)
            scene.people = (scene.people + [a for a in one if a not in scene.people])[-12:]
        scene.pair = who.group(i) or scene.pair
    if unit.claims:
        scene.told = [a for claim in unit.claims for a in (*claim.source, *claim.target)]
    for claim in unit.claims:
        if claim.type in MUTUAL and claim.source and claim.target:
            both = list(claim.source) + [a for a in claim.target if a not in claim.source]
            if len(parties(both)) > 1:
                scene.pair = both
