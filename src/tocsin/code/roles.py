"""Who is source and who is target of a claim: every actor around its trigger is weighed, the rule's answer among them.

A rule's slots find the sides of the constructions that were foreseen. This model chooses among all actors of the
sentence (and nobody) by their path in the tree, their kind and what the slots say: a conditional logit for each side,
the target's given the source (`roles.npz`, made by `tocsin.code.train_roles`).
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat

import numpy as np

from tocsin import data
from tocsin.code.actors import actor as named_actor
from tocsin.code.context import filled, named, placed_in, story
from tocsin.code.encoder import STANDINS, Impression
from tocsin.code.grammar import passive
from tocsin.code.parsing import Tree, Word
from tocsin.code.participants import Participants, Scene
from tocsin.code.scoring import side
from tocsin.code.sides import Claim
from tocsin.records import Actor

WEIGHTS = "model/roles.npz"
_MODIFIERS = frozenset({"amod", "compound", "nmod", "poss", "nummod"})
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "parataxis", "pcomp"})
_FAR = 6
_ON_CITIZENS = frozenset({"AID", "ASSAULT", "COERCE", "CONCEDE", "MOBILIZE", "RETREAT", "SANCTION"})
"""What a state does to its own people rather than to its own government."""
_FILLING = frozenset({"filled", "unfilled"})
_ELSEWHERE = frozenset({"clause", "earlier"})
HEARD = 1.0
"""How much the encoder's word on sides counts beside this model's."""
_PLAIN = 0.9
"""The chance of a side that a rule states outright."""
RELUCTANCE = 0.7
"""Log-odds by which nobody must beat an actor whom the rule names: the gold has more hard sentences than the news."""


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


@dataclass(frozen=True, slots=True)
class Question:
    """One side of a claim that is asked for, with what counts alike for all its candidates.

    `source` is None where the source is asked for, else those whose target is; `rule` are those whom the rule names.
    """

    claim: Claim
    tree: Tree
    source: Sequence[Actor] | None
    rule: Sequence[Actor]
    form: str
    voice: str
    told: frozenset[str]
    mine: frozenset[str]
    places: tuple[int, ...]
    many: int
    foreign: int


EARLIER = 4
"""How many of those last spoken of, and not named in the sentence, may have a side."""


def question(
    claim: Claim, tree: Tree, source: Sequence[Actor] | None, rule: Sequence[Actor], ones: Sequence[Candidate]
) -> Question:
    """The question that `ones` are the answers to."""
    form = "verb" if tree[claim.trigger].is_verb else "noun"
    voice = "passive" if form == "verb" and passive(tree, claim.trigger) else "active"
    told, mine = (frozenset(side(a) for a in actors or ()) for actors in (rule, source))
    places = tuple(sorted({other.at for other in ones if other.at >= 0}))
    here = [other for other in ones if not other.tags & _ELSEWHERE]
    foreign = len({key for other in here for key in other.keys} - mine)
    return Question(claim, tree, source, rule, form, voice, told, mine, places, len(here), foreign)


def candidates(claim: Claim, tree: Tree, who: Participants, scene: Scene) -> list[Candidate]:
    """Everybody whom the sentence names, nobody, and whom the rule and the text around tell, each once."""
    place, told, names = placed_in(tree, claim.trigger), story(scene), named(scene)
    speaker = claim.reporter.country if claim.reporter else None
    country = place or speaker or told
    found: list[Candidate] = [Candidate([], tags={"nobody"})]
    for at, word in enumerate(tree):
        if word.mention is None and not word.is_noun:
            continue
        if word.dep == "conj" and not word.is_verb and tree[word.head].is_noun:
            continue
        modifier = word.dep in _MODIFIERS
        actors = who.modifier(at) if modifier and word.dep != "poss" else who.actors(at)
        if actors and not (modifier and _within(actors, who.actors(word.head))):
            way, tags = path(tree, claim.trigger, at), {"modifier" if modifier else "phrase"}
            full = [filled(a, country, names) for a in actors[:6]]
            if full != actors[:6]:  # whether "observers" are of the country around them, the words decide
                found.append(Candidate(actors[:6], at, way, tags | {"unfilled"}))
                tags = tags | {"filled"}
            found.append(Candidate(full, at, way, tags))
    found += [Candidate(list(scene.subject), tags={"before"}), Candidate(list(scene.pair), tags={"pair"})]
    found += _clauses(tree, scene, found)
    found += _earlier(scene, found)
    return [one for one in found if one.actors or "nobody" in one.tags]


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


def features(one: Candidate, asked: Question) -> Iterator[str]:
    """What the model sees of one candidate."""
    claim, tree, source, rule, told = asked.claim, asked.tree, asked.source, asked.rule, asked.told
    kind, form, voice = claim.type, asked.form, asked.voice
    agrees = one.keys == told
    foreign = min(asked.foreign, 3)
    yield f"rule={agrees}"
    yield f"rule={agrees}+{kind}"
    yield f"rule={agrees}+{claim.found}"
    yield f"rule={agrees}+{claim.form}"
    yield f"rule={agrees}+{claim.rule}"
    if not one.actors:
        yield "nobody"
        circumstances = (
            kind, form, voice, f"{kind}+{form}+{voice}", f"many={min(asked.many, 5)}",
            f"foreign={foreign}", f"{kind}+foreign={foreign}",
            f"rule={bool(rule)}",
            f"rule={bool(rule)}+{kind}", f"lemma={tree[claim.trigger].lemma}", f"status={claim.status}",
            f"source={bool(source)}", f"{kind}+source={bool(source)}", claim.rule, *_company(claim, tree),
        )  # fmt: skip
        for name in circumstances:
            yield f"nobody+{name}"
        return
    if told and not agrees and told & one.keys:
        yield "rule=partly"
    for tag in one.tags:
        yield tag
        yield f"{tag}+{kind}"
    for tag in one.tags & _FILLING:
        yield f"{tag}+{_called(tree[one.at])}"
        yield f"{tag}+{one.actors[0].sector}"
        yield f"{tag}+{one.actors[0].sector}+{kind}"
        yield f"{tag}+{any(tree[k].tag == 'CD' for k in tree[one.at].kids)}"
    if "clause" in one.tags:
        ahead = one.actors[0].start < tree[claim.trigger].start
        yield f"clause ahead={ahead}+{form}+{voice}"
        yield f"clause ahead={ahead}+{kind}"
    yield f"foreign={foreign}+{bool(source)}"
    yield f"foreign={foreign}+{kind}"
    yield from _standing(one, claim, tree, kind, form, voice)
    yield from _order(one, claim, kind, asked.places)
    yield from _sort(one, claim, tree, kind)
    if source is not None:
        mine = asked.mine
        shared = "same" if one.keys == mine else "partly" if one.keys & mine else "other"
        yield f"to={shared}"
        yield f"to={shared}+{kind}"
        yield f"to={shared}+{kind}+{one.actors[0].sector}"
        if source and shared == "same" and {a.sector for a in (one.actors[0], source[0])} <= {"GOV", None}:
            yield "to=own state"
            yield f"to=own state+{kind}"
        if source and one.actors and one.actors[0].start == source[0].start:
            yield "to=self"
            yield f"to=self+{kind}+{len(mine) > 1}"
    if claim.reporter is not None:
        said = one.actors[0].start == claim.reporter.start
        yield f"reporter={said}"
        yield f"reporter={said}+{kind}"
        yield f"reporter-country={side(claim.reporter) in one.keys}"


def _company(claim: Claim, tree: Tree) -> Iterator[str]:
    """What hangs on the trigger, by which nobody else may be meant: "held a rally", "deployed troops", "warned of"."""
    trigger = tree[claim.trigger]
    for k in trigger.kids:
        word = tree[k]
        if word.dep in ("dobj", "nsubjpass", "compound", "attr", "nsubj"):
            called = _called(word)
            yield f"{word.dep}={called}"
            yield f"{word.dep}={called}+{trigger.lemma}"
            if word.mention is None and word.dep == "dobj":
                yield f"{word.dep}={called}+{claim.type}"
        elif word.dep == "prep":
            yield f"{word.low}+{claim.type}"
            yield f"{word.low}+{trigger.lemma}"


def _standing(one: Candidate, claim: Claim, tree: Tree, kind: str, form: str, voice: str) -> Iterator[str]:
    steps = one.path
    if one.at < 0:
        return
    trigger = tree[claim.trigger].lemma
    whole = ">".join(steps) if len(steps) <= _FAR else "far"
    yield f"path={whole}+{form}+{voice}"
    yield f"path={whole}+{kind}"
    if len(steps) <= 3:
        yield f"path={whole}+{trigger}"
    yield f"end={'>'.join(steps[-2:])}+{voice}"
    yield f"end={'>'.join(steps[-2:])}+{kind}"
    yield f"first={steps[0] if steps else 'self'}+{form}+{voice}"
    yield f"first={steps[0] if steps else 'self'}+{kind}"
    ups = sum(s.startswith("^") for s in steps)
    yield f"ups={min(ups, 4)}"
    yield f"steps={min(len(steps), 7)}"
    yield f"clauses={sum(s.lstrip('^') in _CLAUSES for s in steps)}"
    prep = next((s for s in reversed(steps) if ":" in s), "")
    if prep:
        yield f"prep={prep}"
        yield f"prep={prep}+{kind}"
        yield f"prep={prep}+{one.actors[0].sector}"
        sort = _kind(one, tree)
        yield f"prep={prep}+{sort}"
        yield f"prep={prep}+{sort}+{kind}"
        yield f"prep={prep}+{trigger}"
    apart = one.at - claim.trigger
    way = "after" if apart > 0 else "before" if apart < 0 else "at"
    yield f"way={way}+{form}+{voice}"
    yield f"way={way}+{kind}"
    yield f"apart={way}+{min(abs(apart), 12) // 3}"


def _order(one: Candidate, claim: Claim, kind: str, places: Sequence[int]) -> Iterator[str]:
    """Whether a candidate is the nearest to the trigger on its side, and the first or last of the sentence."""
    if one.at < 0:
        return
    low, high = sorted((one.at, claim.trigger))
    between = sum(low < at < high for at in places)
    way = "after" if one.at > claim.trigger else "before"
    yield f"between={way}+{min(between, 3)}"
    yield f"between={way}+{min(between, 3)}+{kind}"
    yield f"first={one.at == places[0]}+{kind}"
    yield f"last={one.at == places[-1]}+{kind}"


def _sort(one: Candidate, claim: Claim, tree: Tree, kind: str) -> Iterator[str]:
    actor = one.actors[0]
    sort = _kind(one, tree)
    yield f"sort={sort}"
    yield f"sort={sort}+{kind}"
    yield f"sector={actor.sector}"
    yield f"sector={actor.sector}+{kind}"
    yield f"country={bool(actor.country)}"
    yield f"number={min(len(one.keys), 3)}"
    yield f"number={min(len(one.keys), 3)}+{kind}"
    if one.at >= 0:
        word = tree[one.at]
        yield f"dep={word.dep}"
        yield f"dep={word.dep}+{kind}"
        yield f"dep={word.dep}+{sort}"
        yield f"dep={word.dep}+{sort}+{kind}"
        yield f"word={_called(word)}+{kind}"
        yield f"word={_called(word)}+{kind}+{word.dep}"
        yield f"under={tree[word.head].lemma}+{word.dep}"
        if word.low in ("it", "they", "he", "she", "we", "his", "her", "its", "their"):
            yield "pronoun"


def _kind(one: Candidate, tree: Tree) -> str:
    """What kind of name a candidate is; "noun" where it is none."""
    mention = tree[one.at].mention if one.at >= 0 else None
    return mention.kind if mention is not None else "noun"


def _called(word: Word) -> str:
    """A word by its base form, a name by its kind."""
    return word.lemma if word.mention is None else word.mention.kind


def ordered(found: list[Candidate], claim: Claim, source: Sequence[Actor] | None) -> list[Candidate]:
    """The candidates of one side: the rule's answer first; for a target also the source's own side."""
    rule = claim.source if source is None else claim.target
    told = Candidate(list(rule), tags={"rule" if rule else "nobody"})
    same = next((one for one in found if rule and one.actors[:1] and _holds(one, told)), None)
    if same is not None:
        told = Candidate(list(same.actors), same.at, same.path, same.tags | {"rule"})
    ones: dict[tuple[frozenset[str], int], Candidate] = {}
    for one in (told, *(one for one in found if _able(one, source))):
        ones.setdefault(_spot(one), one)
    own = _own_side(claim.type, source) if source else None
    if own is not None and all(one.keys != own.keys for one in ones.values()):
        ones[_spot(own)] = own
    return list(ones.values())


def _own_side(kind: str, source: Sequence[Actor]) -> Candidate:
    """Each other, where the source is several; else whoever a state deals with at home, or a body among its members."""
    first = source[0]
    if len({side(a) for a in source}) > 1:
        return Candidate(list(source), tags={"mutual"})
    if first.country is None:
        return Candidate([first], tags={"own"})
    name, sector = ("citizens", "CVL") if kind in _ON_CITIZENS else ("government", "GOV")
    return Candidate([first.model_copy(update={"name": name, "sector": sector})], tags={"own"})


def _able(one: Candidate, source: Sequence[Actor] | None) -> bool:
    """Whether the tree allows a candidate: who is acted on in the passive is no source, nobody is his own target."""
    if source is None:
        return one.path != ("nsubjpass",)
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


@dataclass(frozen=True, slots=True)
class Roles:
    """The weights of both sides by feature name; without weights, the rules' sides stand."""

    source: Mapping[str, float] = field(default_factory=dict)
    target: Mapping[str, float] = field(default_factory=dict)

    def cast(self, claim: Claim, tree: Tree, who: Participants, scene: Scene, heard: Impression | None = None) -> None:
        """Give a claim the likeliest source, then the likeliest target, with their chances; the encoder has a say."""
        if not self.source:
            return
        found = candidates(claim, tree, who, scene)
        if "detect" in claim.flags:  # who is seen acts, though the frame is that of whoever sees
            claim.source_chance = _PLAIN
        else:
            claim.source, claim.source_chance = self._likeliest(found, claim, tree, None, heard)
        claim.target, claim.target_chance = self._likeliest(found, claim, tree, claim.source, heard)

    def _likeliest(
        self,
        found: list[Candidate],
        claim: Claim,
        tree: Tree,
        source: Sequence[Actor] | None,
        heard: Impression | None,
    ) -> tuple[list[Actor], float]:
        rule, weights = (claim.source, self.source) if source is None else (claim.target, self.target)
        ones = ordered(found, claim, source)
        asked = question(claim, tree, source, rule, ones)
        scores = [sum(map(weights.get, features(one, asked), repeat(0.0))) for one in ones]
        if rule:
            scores = [score - RELUCTANCE * (not one.actors) for score, one in zip(scores, ones, strict=True)]
        if heard is not None:
            word, spots = tree[claim.trigger], [whereabouts(one, tree) for one in ones]
            leaning = heard.leaning(int(source is not None), claim.type, word.start, word.end, spots)
            scores = [score + HEARD * float(said) for score, said in zip(scores, leaning, strict=True)]
        best = max(range(len(ones)), key=lambda i: (scores[i], -i))
        return ones[best].actors, 1 / sum(math.exp(score - scores[best]) for score in scores)


@cache
def roles() -> Roles:
    """The shipped model; without weights where the package holds none."""
    try:
        blob = data.blob(WEIGHTS)
    except FileNotFoundError:
        return Roles()
    with np.load(io.BytesIO(blob), allow_pickle=False) as arrays:
        names = [str(name) for name in arrays["names"]]
        weights = arrays["weights"].astype(float)
        return Roles(*(dict(zip(names, row.tolist(), strict=True)) for row in weights))
