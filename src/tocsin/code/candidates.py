"""Who may be source or target of a claim: whom the sentence names, whom other words leave unnamed, and nobody.

`roles` chooses among them. Beside the noun phrases of the tree there are those of a headline's other clauses, the last
ones spoken of, an official's own country or none, and the source's own side (ADR 0014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tocsin.code.actors import actor as named_actor
from tocsin.code.antecedents import Scene
from tocsin.code.context import addressed, filled, foreign, named, placed_in, speaks, story
from tocsin.code.encoder import STANDINS
from tocsin.code.nounphrases import nears_border
from tocsin.code.parsing import Tree
from tocsin.code.participants import Participants
from tocsin.code.scoring import side
from tocsin.code.sides import MUTUAL, Claim
from tocsin.records import Actor

_MODIFIERS = frozenset({"amod", "compound", "nmod", "poss", "nummod"})
EARLIER = 4
"""How many of those last spoken of, and not named in the sentence, may have a side."""
_AT_HOME = dict.fromkeys(("COERCE", "CONCEDE", "RETREAT", "SANCTION"), ("citizens", "CVL")) | dict.fromkeys(
    ("ACCUSE", "AGREE", "CONSULT", "REJECT", "REQUEST", "THREATEN"), ("government", "GOV")
)
"""Whom at home an act may be meant for that names nobody; violence and force are told of nobody unnamed."""
_ONE_WAY = frozenset({"AID", "COERCE", "PROTEST", "REJECT", "THREATEN"})
"""What several do together and hardly ever to each other."""


_ENVOYS = frozenset({"ambassador", "envoy", "representative", "delegate", "observer"})
_DIRECT = frozenset({("dobj",), ("nsubjpass",)})
_SENT = frozenset({"RETREAT", "COERCE", "SANCTION"})
_THITHER = frozenset({("prep:to", "pobj"), ("dative:to", "pobj")})
"""Where somebody is sent or freed to, who does not do so."""


@dataclass(slots=True)
class Candidate:
    """One answer to "who?": the actors of a noun phrase, and where they stand. Nobody has no actors."""

    actors: list[Actor]
    at: int = -1
    path: tuple[str, ...] = ()
    tags: set[str] = field(default_factory=set)
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = frozenset(side(a) for a in self.actors)


def candidates(claim: Claim, tree: Tree, who: Participants, scene: Scene) -> list[Candidate]:
    """Everybody whom the sentence names, nobody, and whom the rule and the text around tell, each once."""
    place, told, names = placed_in(tree, claim.trigger), story(scene), named(scene)
    speaker = claim.reporter.country if claim.reporter else None
    country = place or speaker or told
    aimed = place is None and country is not None and country == addressed(claim, scene)  # who says so is of another
    found: list[Candidate] = [Candidate([], tags={"nobody"})]
    for at, word in enumerate(tree):
        if word.mention is None and not word.is_noun:
            continue
        if word.dep == "conj" and not word.is_verb and tree[word.head].is_noun:
            continue
        if _accredited(tree, at):
            continue
        if claim.type != "MOBILIZE" and word.mention is not None and nears_border(tree, at):
            continue
        modifier = word.dep in _MODIFIERS
        actors = who.modifier(at) if modifier and word.dep != "poss" else who.actors(at)
        if actors and not (modifier and _within(actors, who.actors(word.head))):
            way, tags = path(tree, claim.trigger, at), {"modifier" if modifier else "phrase"}
            ahead = aimed and at < claim.trigger
            full = [filled(a, None if ahead and speaks(a) else country, names) for a in actors[:6]]
            if full != actors[:6]:  # whether "observers" are of the country around them, the words decide
                found.append(Candidate(actors[:6], at, way, tags | {"unfilled"}))
                tags = tags | {"filled"}
            found.append(Candidate(full, at, way, tags))
    found += [Candidate(list(scene.subject), tags={"before"}), Candidate(list(scene.pair), tags={"pair"})]
    found += _clauses(tree, scene, found)
    found += _earlier(scene, found)
    return [one for one in found if one.actors or "nobody" in one.tags]


def _accredited(tree: Tree, at: int) -> bool:
    """Whether a body is only that which an envoy is sent to: "Iran's ambassador to the United Nations"."""
    mention, to = tree[at].mention, tree[tree[at].head]
    return mention is not None and mention.kind == "org" and to.low == "to" and tree[to.head].low in _ENVOYS


def _clauses(tree: Tree, scene: Scene, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those whom the other clauses of a headline name."""
    inside = [(word.start, word.end) for word in tree if word.end > word.start]
    known = {key for one in found if one.at >= 0 for key in one.keys}
    for mention in scene.mentions:
        if any(start < mention.end and mention.start < end for start, end in inside):
            continue
        actor = named_actor(mention.text, mention.start, [mention], scene.on)
        if actor is not None and side(actor) not in known:
            known.add(side(actor))
            yield Candidate([actor], tags={"clause"})


def _earlier(scene: Scene, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Those last spoken of whom the sentence does not name, the last one first."""
    known = {key for one in found if not one.tags & {"before", "pair"} for key in one.keys}
    count = 0
    for actor in reversed(scene.people):
        if count < EARLIER and side(actor) not in known:
            known.add(side(actor))
            count += 1
            yield Candidate([actor], tags={"earlier", f"earlier={count}"})


def _within(part: Sequence[Actor], whole: Sequence[Actor]) -> bool:
    """Whether a premodifier only says whose the noun's actor is: "Chinese" in "Chinese jets"."""
    return {side(a) for a in part} <= {side(a) for a in whole}


def path(tree: Tree, trigger: int, at: int) -> tuple[str, ...]:
    """The way from a trigger to a word: "^dep" upwards, "dep" downwards, prepositions by name."""
    up: list[int] = [trigger]
    while tree[up[-1]].head != up[-1] and len(up) < 12:
        up.append(tree[up[-1]].head)
    down: list[int] = [at]
    while down[-1] not in up:
        if tree[down[-1]].head == down[-1] or len(down) > 12:
            return ("apart",)
        down.append(tree[down[-1]].head)
    top = up.index(down[-1])
    steps = [f"^{_step(tree, i)}" for i in up[:top]] + [_step(tree, i) for i in reversed(down[:-1])]
    return tuple(steps)


def _step(tree: Tree, at: int) -> str:
    word = tree[at]
    if word.dep in ("prep", "agent", "mark", "dative") and not word.is_noun:
        return f"{word.dep}:{word.low}"
    return word.dep


def ordered(found: list[Candidate], claim: Claim, source: Sequence[Actor] | None) -> list[Candidate]:
    """The candidates of one side: the rule's answer first; for a target also the source's own side."""
    rule = claim.source if source is None else claim.target
    if source and claim.type not in MUTUAL and _himself(rule, source):
        rule = []
    told = Candidate(list(rule), tags={"rule" if rule else "nobody"})
    same = next((one for one in found if rule and one.actors[:1] and _holds(one, told)), None)
    if same is not None:
        told = Candidate(list(same.actors), same.at, same.path, same.tags | {"rule"})
    ones: dict[tuple[frozenset[str], int], Candidate] = {}
    for one in (told, *(one for one in found if _able(one, source, claim.type))):
        ones.setdefault(_spot(one), one)
    own = _own_side(claim.type, source) if source is not None else _both_sides(claim, told)
    if claim.type in _AT_HOME and any(one.path in _DIRECT and foreign(one.actors[0]) for one in found if one.actors):
        own = None
    if own is not None and all(one.keys != own.keys for one in ones.values()):
        ones[_spot(own)] = own
    return list(ones.values())


def _himself(rule: Sequence[Actor], source: Sequence[Actor]) -> bool:
    """Whether the rule's target is the very phrase that the source is."""
    return len(source) == 1 and bool(rule) and (rule[0].start, rule[0].name) == (source[0].start, source[0].name)


def _both_sides(claim: Claim, told: Candidate) -> Candidate | None:
    """The rule's two sides as one: "signed a pact with" is said of one and means both."""
    apart = not told.keys & {side(a) for a in claim.target}
    if claim.type not in MUTUAL or not claim.source or not claim.target or not apart:
        return None
    return Candidate([*claim.source, *claim.target], told.at, told.path, {"both"})


def _own_side(kind: str, source: Sequence[Actor] | None) -> Candidate | None:
    """Each other, where the source is several; else whoever a state deals with at home, or a body among its members."""
    if not source:
        return None
    first = source[0]
    if len({side(a) for a in source}) > 1:
        return None if kind in _ONE_WAY else Candidate(list(source), tags={"mutual"})
    if first.country is None:
        return Candidate([first], tags={"own"}) if kind in MUTUAL else None
    if kind in _AT_HOME:
        name, sector = _AT_HOME[kind]
        return Candidate([first.model_copy(update={"name": name, "sector": sector})], tags={"own"})
    return None


def _able(one: Candidate, source: Sequence[Actor] | None, kind: str) -> bool:
    """Whether the tree allows a candidate: who is acted on in the passive is no source, nobody is his own target."""
    if source is None:
        sent = kind in _SENT and one.path[-2:] in _THITHER
        fought = kind == "ASSAULT" and one.path == ("prep:with", "pobj")
        return one.path != ("nsubjpass",) and not sent and not fought
    return not (source and one.actors and one.actors[0].start == source[0].start)


def whereabouts(one: Candidate, tree: Tree) -> tuple[int, int] | str:
    """Where a candidate stands in the text, or as what he stands outside the sentence."""
    if one.at >= 0:
        return tree[one.at].start, tree[one.at].end
    if "clause" in one.tags:
        return one.actors[0].start, one.actors[0].end
    if "earlier" in one.tags:
        return "before"
    return next((name for name in STANDINS if name in one.tags), "rule")


def _holds(one: Candidate, other: Candidate) -> bool:
    """Whether a phrase names those of another, from the same word on, and perhaps more: "Israel and Hamas"."""
    return one.actors[0].start == other.actors[0].start and one.keys >= other.keys


def _spot(one: Candidate) -> tuple[frozenset[str], int]:
    """Whom a candidate names, and where: what tells two candidates apart."""
    return one.keys, one.actors[0].start if one.actors else -1
