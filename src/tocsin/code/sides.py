"""The two sides of an event: where a verb's source and target stand, and whom they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tocsin.code.grammar import agents, complements, objects, passive, subject
from tocsin.code.lexicon import Lexicon
from tocsin.code.matching import Match
from tocsin.code.nounphrases import core, keys, nears_border, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.participants import PLACES, WEAPONS, Participants
from tocsin.code.status import Standing
from tocsin.records import Actor, parties

PLACED = frozenset({"ASSAULT", "MOBILIZE", "COERCE", "RETREAT", "AID", "CONSULT"})
"""Types whose target may be named by a place: a city shelled, visited, deployed to."""
OWN_MEANS = frozenset({"MOBILIZE", "AID", "COOPERATE", "AGREE"})
"""Types whose matched object is what is moved, given or signed, never the target."""
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types whose sources, where they are several, are each other's targets."""
_TOPICS = frozenset({"for", "about", "over"})
SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "AGREE", "SUPPORT"})


@dataclass(slots=True)
class Claim:
    """One possible event: its type and rule, its sides, its standing, the words it rests on."""

    type: str
    rule: str
    trigger: int
    source: list[Actor]
    target: list[Actor]
    status: str = "happened"
    mode: str | None = None
    reporter: Actor | None = None
    extent: list[int] = field(default_factory=list)
    form: str = "verb"
    score: float = 0.0
    flags: frozenset[str] = frozenset()
    chain: tuple[str, ...] = ()
    found: str = "slot"
    confidence: float = 0.5
    sure: float = 0.0
    whole: float = 0.0
    """The chances that its type, and that type and sides, are right, as the rules' model sees it."""
    source_chance: float = 1.0
    target_chance: float = 1.0
    """The chances of its sides, as the roles' model sees them."""


class Sides:
    """Finds source and target of the verbs of one tree, and makes claims of them."""

    def __init__(self, tree: Tree, who: Participants, lexicon: Lexicon) -> None:
        self.tree, self.who, self.lexicon = tree, who, lexicon
        self.used: set[int] = set()

    def _sides(self, v: int, found: Match) -> tuple[list[Actor], list[Actor]]:
        tree, who, rule = self.tree, self.who, found.rule
        source: list[Actor] = []
        for a in agents(tree, v):
            source = who.actors(a) or who.holder(a)
            if not source and tree[a].dep in ("amod", "compound", "nmod"):
                source = who.modifier(a)
            if not source and tree[a].is_verb is False:
                source = self._inside(a)
            if source:
                break
        if not source and passive(tree, v):
            if rule.type == "MOBILIZE":
                whose = [who.holder(o) or who.actors(o) for o in objects(tree, v)]
            else:  # who is urged or hit is not so by the country that he is of
                whose = [who.holder(o) for o in found.matched if not who.actors(o)]
            source = [a for one in whose for a in one][:2]
        slots = self._slots(found)
        target = self._first(v, slots, found.matched, {id(a) for a in source}, rule.type, source)
        if not target and rule.type in SPEECH and "-" not in slots:
            target = self._inner_target(v, source)
        if rule.flags & {"recip", "recip1"}:
            if len(parties(source)) > 1:
                heads = [v, *[core(tree, o) for o in objects(tree, v)]]
                target = [a for h in heads for o in prep_objects(tree, h, "with") for a in who.actors(o)][:3]
            source, target = self._reciprocal(v, found, source, target)
        elif rule.type in MUTUAL and len(parties(source)) > 1 and not target:
            target = list(source)
        if not target and "-" not in slots:
            target = self._nearby(v, source, rule.type)
        return source, target

    def _nearby(self, v: int, source: Sequence[Actor], kind: str) -> list[Actor]:
        """Another country or organisation named among the words of the same clause, where no slot holds one."""
        tree = self.tree
        mine = {a.country for a in source if a.country}
        subjects = set(spread(tree, [v, *kids(tree, v, "nsubj", "nsubjpass")])) if not passive(tree, v) else set()
        for i in self._extent(v):
            mention = tree[i].mention
            if mention is None or i in subjects or i == v or mention.country in mine:
                continue
            if kind != "MOBILIZE" and nears_border(tree, i):
                continue
            if mention.country or mention.sector == "IGO":
                found = [a for a in self.who.each(i) or self.who.modifier(i) if not same(a, source)]
                if found:
                    return found
        return []

    def _slots(self, found: Match) -> tuple[str, ...]:
        """Where to look for the target: the rule's own slots, its object's possessor, then the type's defaults."""
        rule = found.rule
        default = self.lexicon.defaults.get(rule.type, ())
        if rule.slots == ("-",):
            return rule.slots
        own = ((found.slot,) if found.slot else ()) + rule.slots
        return tuple(dict.fromkeys([*own, *(["poss"] if rule.slots else []), *default]))

    def _inside(self, at: int) -> list[Actor]:
        """Who stands behind a subject that is itself a deed: "the attack by M23", "a strike on Gaza by Israel"."""
        for name in ("by", "of", "from"):
            for o in prep_objects(self.tree, at, name):
                mention = self.tree[o].mention
                if mention is not None and mention.kind not in PLACES:
                    found = self.who.actors(o)
                    if found and (name == "by" or self.lexicon.nominal(keys(self.tree, at)) is None):
                        return found
        return []

    def _first(
        self,
        v: int,
        slots: Sequence[str],
        matched: Sequence[int],
        source: set[int],
        type_: str = "",
        actors: Sequence[Actor] = (),
    ) -> list[Actor]:
        """The first of `slots` that holds an actor who is not the source."""
        objs = list(objects(self.tree, v))
        for slot in slots:
            if slot == "-":
                return []
            for found in self._slot(v, slot, objs, matched, type_, type_ in OWN_MEANS):
                rest = [a for a in found if not same(a, actors) and not own(a, actors)]
                if rest:
                    return rest
        return []

    def _slot(
        self, v: int, slot: str, objs: Sequence[int], matched: Sequence[int], type_: str, explicit: bool = False
    ) -> Iterable[list[Actor]]:
        tree, who = self.tree, self.who
        if slot == "obj":
            for o in objs:
                if o in matched and (explicit or self.lexicon.nominal(keys(tree, core(tree, o)))):
                    continue
                yield self._target(o, type_)
            for o in objs:
                if o not in matched and type_ not in ("AID",):
                    yield who.holder(o)
                    if type_ in PLACED or self.lexicon.nominal(keys(tree, core(tree, o))) is None:
                        for p in prep_objects(tree, o, "of", "in", "at", "from", "near"):
                            yield self._target(p, type_)
        elif slot == "dative":
            for k in kids(tree, v, "dative"):
                yield self._target(k, type_) if tree[k].is_noun else []
            yield [a for o in prep_objects(tree, v, "to") for a in self._target(o, type_)]
        elif slot == "poss":
            for o in [*matched, *[o for o in objs if o not in matched]]:
                yield who.holder(core(tree, o))
        elif slot == "subj":
            yield [a for s in agents(tree, v) for a in who.actors(s)]
        elif slot == "objsubj":
            yield []
        else:
            heads = [v, *[core(tree, o) for o in [*matched, *objs]], *kids(tree, v, "acomp", "prt", "advmod")]
            for head in dict.fromkeys(heads):
                for o in prep_objects(tree, head, slot):
                    if tree[o].dep == "conj" or (slot in _TOPICS and type_ in SPEECH and tree[o].low in WEAPONS):
                        continue
                    yield self._target(o, type_)
                    yield who.holder(o)
                    inner = core(tree, o)
                    for p in prep_objects(tree, inner, "of", "by", "in", "at", "from"):
                        yield self._target(p, type_)

    def _target(self, at: int, type_: str) -> list[Actor]:
        found = self.who.actors(at)
        mention = self.tree[at].mention
        if mention is not None and mention.kind in PLACES and type_ not in PLACED:
            return []
        return found

    def _inner_target(self, v: int, source: Sequence[Actor]) -> list[Actor]:
        """Whom the complement of a speech act concerns: its subject, else its object or partner."""
        tree, who = self.tree, self.who
        for c in complements(tree, v):
            own = list(kids(tree, c, "nsubj", "nsubjpass"))
            for k in own:
                found = [a for a in who.actors(k) or who.holder(k) if not same(a, source)]
                if found:
                    return found
            for k in kids(tree, c, "mark", "prep"):
                if tree[k].low == "for":
                    for o in kids(tree, k, "pobj"):
                        if found := [a for a in who.actors(o) if not same(a, source)]:
                            return found
            for at in (c, *complements(tree, c)):
                if found := self._concerned(at, source):
                    return found
        return []

    def _concerned(self, v: int, source: Sequence[Actor]) -> list[Actor]:
        """Whom a verb inside a speech act touches: those of a country first, not the troops it is to be done with."""
        slots = ("obj", "with", "to", "against", "from", "on", "of", "for", "in", "into", "over")
        last: list[Actor] = []
        for slot in slots:
            found = self._first(v, (slot,), [], set(), "ASSAULT", source)
            if any(a.country or a.sector in ("IGO", "NGO") for a in found):
                return found
            last = last or [a for a in found if a.sector != "MIL"]
        return last

    def _reciprocal(
        self, v: int, found: Match, source: list[Actor], target: list[Actor]
    ) -> tuple[list[Actor], list[Actor]]:
        tree, who = self.tree, self.who
        if "recip" in found.rule.flags and not target:
            for head in [v, *[core(tree, o) for o in found.matched]]:
                between = [
                    a
                    for o in prep_objects(tree, head, "between", "among")
                    if tree[o].dep != "conj"
                    for a in who.actors(o)
                ]
                if len(between) > 1:
                    return between, between
        if not target and len(source) > 1:
            return source, source
        return source, target

    def _claim(
        self, type_: str, rule: str, at: int, source: list[Actor], target: list[Actor], stand: Standing,
        status: str, mode: str | None, form: str, score: float, flags: frozenset[str],
    ) -> Claim:  # fmt: skip
        reporter = None
        if stand.reporter is not None:
            told = self.who.actors(stand.reporter) or self.who.holder(stand.reporter)
            reporter = told[0] if told else None
        return Claim(
            type=type_, rule=rule, trigger=at, source=source[:6], target=target[:6], status=status, mode=mode,
            reporter=reporter, extent=self._extent(at), form=form, score=score, flags=flags, chain=tuple(stand.chain),
        )  # fmt: skip

    def _extent(self, at: int) -> list[int]:
        """The words a claim rests on: the trigger, its subject, objects and prepositional parts."""
        tree = self.tree
        heads = [at]
        if tree[at].is_verb:
            s = subject(tree, at)
            heads += [s] if s is not None else []
            heads += [
                k
                for k in tree[at].kids
                if tree[k].dep
                in (
                    "dobj",
                    "prt",
                    "dative",
                    "agent",
                    "prep",
                    "aux",
                    "auxpass",
                    "neg",
                    "oprd",
                    "acomp",
                    "nsubjpass",
                    "nsubj",
                    "attr",
                )
            ]
        else:
            heads += [k for k in tree[at].kids if tree[k].dep in ("prep", "poss", "amod", "compound")]
        return spread(tree, heads)


def spread(tree: Tree, heads: Sequence[int]) -> list[int]:
    found = set(heads)
    todo = list(heads[1:])
    while todo:
        for k in tree[todo.pop()].kids:
            if (k not in found and tree[k].dep not in ("relcl", "acl", "advcl", "ccomp", "parataxis", "conj")) or (
                tree[k].dep == "conj" and not tree[k].is_verb and k not in found
            ):
                found.add(k)
                todo.append(k)
    return sorted(found)


def same(one: Actor, others: Iterable[Actor]) -> bool:
    return any(
        (one.start == o.start and one.end == o.end)
        or (one.country, one.sector, one.name) == (o.country, o.sector, o.name)
        for o in others
    )


def own(one: Actor, others: Iterable[Actor]) -> bool:
    """Whether an actor is only the source's own country again ("its territory"), and nobody in it."""
    return any(
        one.country
        and one.country == o.country
        and (one.sector in (None, o.sector) or (o.sector is None and one.sector == "GOV"))
        for o in others
    )
