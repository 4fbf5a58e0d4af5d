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
from itertools import compress, repeat

import numpy as np

from tocsin import data
from tocsin.code.antecedents import Scene
from tocsin.code.candidates import Candidate, candidates, ordered, whereabouts
from tocsin.code.encoder import Impression
from tocsin.code.grammar import agents, passive
from tocsin.code.parsing import Tree, Word
from tocsin.code.participants import Participants
from tocsin.code.scoring import side
from tocsin.code.sides import MUTUAL, Claim
from tocsin.records import Actor

WEIGHTS = "model/roles.npz"
_CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "parataxis", "pcomp"})
_FAR = 6
_FILLING = frozenset({"filled", "unfilled"})
_ELSEWHERE = frozenset({"clause", "earlier"})
_UNSEEN = frozenset({"nobody", "before", "earlier"})
HEARD = 1.0
"""How much the encoder's word on sides counts beside this model's."""
_HOPELESS = 2.5
"""Candidates whom the encoder finds so much less likely than another, in log-chances, are not looked at further."""
_PLAIN = 0.9
"""The chance of a side that a rule states outright."""
RELUCTANCE = 0.7
"""Log-odds by which nobody must beat an actor whom the rule names: the gold has more hard sentences than the news."""


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
    if "both" in one.tags:
        word = tree[claim.trigger].lemma
        for name in (claim.rule, f"lemma={word}", f"{kind}+{form}+{voice}", *_company(claim, tree)):
            yield f"both+{name}"
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


@dataclass(frozen=True, slots=True)
class Roles:
    """The weights of both sides by feature name; without weights, the rules' sides stand."""

    source: Mapping[str, float] = field(default_factory=dict)
    target: Mapping[str, float] = field(default_factory=dict)

    def cast(self, claim: Claim, tree: Tree, who: Participants, scene: Scene, heard: Impression | None = None) -> None:
        """Give a claim the likeliest source, then the likeliest target, with their chances; the encoder has a say."""
        if not self.source:
            return
        seen = "detect" in claim.flags  # who is seen acts, though the frame is that of whoever sees
        if seen and claim.source and claim.target:
            claim.source_chance = claim.target_chance = _PLAIN
            return
        found = candidates(claim, tree, who, scene)
        if seen and claim.target:  # unmarked: nobody's, or of the one other country that the text has spoken of
            told_of = set(scene.countries) - {side(a) for a in claim.target}
            owner = told_of if len(told_of) == 1 else frozenset[str]()
            others = [one for one in found if one.tags & _UNSEEN and one.keys <= owner]
            claim.source, claim.source_chance = self._likeliest(others, claim, tree, None, heard)
            claim.target_chance = _PLAIN
            return
        two = claim.type in MUTUAL and claim.source and claim.target
        both = [*claim.source, *claim.target] if two else []
        if seen:
            claim.source_chance = _PLAIN
        else:
            claim.source, claim.source_chance = self._likeliest(found, claim, tree, None, heard)
        if both and claim.source == both:  # two as one side, so each other's
            claim.target, claim.target_chance = list(claim.source), claim.source_chance
            return
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
        if source is None and not rule and _stranger(claim, tree):
            ones = [one for one in ones if not one.actors or one.actors[0].start < tree[claim.trigger].start]
        asked = question(claim, tree, source, rule, ones)
        leaning = [0.0] * len(ones)
        if heard is not None:
            word, spots = tree[claim.trigger], [whereabouts(one, tree) for one in ones]
            leaning = heard.leaning(int(source is not None), claim.type, word.start, word.end, spots).tolist()
            least = max(leaning) - _HOPELESS
            able = [said > least or "rule" in one.tags for said, one in zip(leaning, ones, strict=True)]
            ones, leaning = list(compress(ones, able)), list(compress(leaning, able))
        scores = [
            HEARD * said
            + sum(map(weights.get, features(one, asked), repeat(0.0)))
            - (RELUCTANCE if rule and not one.actors else 0.0)
            for said, one in zip(leaning, ones, strict=True)
        ]
        best = max(range(len(ones)), key=lambda i: (scores[i], -i))
        return ones[best].actors, 1 / sum(math.exp(score - scores[best]) for score in scores)


def _stranger(claim: Claim, tree: Tree) -> bool:
    """Whether somebody acts of whom only the name is told ("Koroi accused China"), so that nobody after him does."""
    if not tree[claim.trigger].is_verb:
        return False
    acting = agents(tree, claim.trigger)
    return bool(acting) and all(tree[at].tag.startswith("NNP") and tree[at].mention is None for at in acting)


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
