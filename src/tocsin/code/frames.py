"""From a tree to claims: each verb and event noun with its rule, its two sides, its standing.

Every claim that the rules can see is made here, also doubtful ones; `tocsin.code.model` decides which are right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tocsin.code.grammar import agents, complements, objects, passive, subject, tense
from tocsin.code.lexicon import Lexicon, VerbRule
from tocsin.code.matching import Match, match
from tocsin.code.nounphrases import conjuncts, core, keys, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.participants import PLACES, Participants
from tocsin.code.status import Standing, operator_classes, standing
from tocsin.code.wordlists import words
from tocsin.records import Actor

COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE"})
HOSTILE = frozenset({"SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "PROTEST", "THREATEN"})
PLACED = frozenset({"ASSAULT", "MOBILIZE", "COERCE", "RETREAT", "AID", "CONSULT"})
"""Types whose target may be named by a place: a city shelled, visited, deployed to."""
OWN_MEANS = frozenset({"MOBILIZE", "AID", "COOPERATE", "AGREE"})
"""Types whose matched object is what is moved, given or signed, never the target."""
SPEECH = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "AGREE", "SUPPORT"})
TOGETHER = words("frames.together")
OBSTRUCT = words("frames.obstruct")
CROWD = frozenset({"CVL", "OPP", "LAB", "ACT", "EDU", "REL", "NGO", "BUS"})
SENDING = words("frames.sending")
FORCES = words("frames.forces")
VOWS = frozenset({"vow", "pledge", "promise", "swear", "undertake"})
OWN_DEEDS = frozenset({"MOBILIZE"})
"""What is vowed and is no commitment to anybody: it is planned."""
NOUN_SLOTS = (
    "against",
    "on",
    "at",
    "with",
    "to",
    "toward",
    "towards",
    "into",
    "from",
    "over",
    "near",
    "in",
    "of",
    "for",
)


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


def claims(tree: Tree, who: Participants, lexicon: Lexicon) -> list[Claim]:
    """Every claim of one sentence, in the order of its words."""
    reader = _Reader(tree, who, lexicon)
    return reader.read()


class _Reader:
    def __init__(self, tree: Tree, who: Participants, lexicon: Lexicon) -> None:
        self.tree, self.who, self.lexicon = tree, who, lexicon
        self.used: set[int] = set()

    def read(self) -> list[Claim]:
        found: list[Claim] = []
        for v, word in enumerate(self.tree):
            if word.is_verb and word.mention is None and word.dep not in ("aux", "auxpass"):
                found += self._verb(v)
        for n, word in enumerate(self.tree):
            if (
                word.tag[0] == "N"
                and n not in self.used
                and (word.mention is None or word.mention.kind not in ("person", "country"))
            ):
                found += self._noun(n)
        return sorted(found, key=lambda claim: claim.trigger)

    # Verbs

    def _verb(self, v: int) -> Iterable[Claim]:
        tree = self.tree
        found = match(tree, v, self.lexicon)
        if found is None or found.rule.type == "NONE":
            if found is not None:
                self.used.update(core(tree, o) for o in found.matched)
            return
        rule = found.rule
        self.used.update(o for o in (core(tree, m) for m in found.matched) if not self._apart(o, rule.type))
        stand = standing(tree, v, self.lexicon)
        if stand.absorbed and stand.chain[-1:] and stand.chain[-1] in VOWS and rule.type in OWN_DEEDS:
            stand.absorbed, stand.status = False, "planned"
        if stand.absorbed or "purpose" in stand.chain:
            return
        type_, status = rule.type, stand.status
        if stand.stopped:
            type_ = _stopped(type_)
        source, target = self._sides(v, found)
        if "detect" in rule.flags:
            seen = [a for o in found.matched for a in self.who.actors(o) or self.who.holder(o)]
            source, target = seen, [a for a in source if not _same(a, seen)]
        if (
            type_ == "MOBILIZE"
            and tree[v].lemma in ("fire", "launch", "lob", "unleash")
            and any(a.sector in ("REB", "UAF") for a in source)
        ):
            type_ = "ASSAULT"
        if "swap" in rule.flags:
            given = [o for prep, _ in rule.preps for o in prep_objects(self.tree, v, prep)]
            source, target = self._first(v, rule.slots or ("from", "by"), given, set()), source
            if "needs" in rule.flags and not source:
                return
        if not self._allowed(rule, v, source, target):
            return
        if status == "denied" and type_ in COOPERATIVE and _will_not(tree, v):
            type_, status = "REJECT", "happened"
        if type_ in ("MOBILIZE", "AID") and len({a.country for a in source}) > 1 and tree[v].lemma in TOGETHER:
            type_, target = "COOPERATE", list(source)
        if rule.type == "MOBILIZE" and found.matched and self._joint(v, found, source):
            type_, target = "COOPERATE", target if len({a.country for a in source}) < 2 else list(source)
        if "diplomatic" in rule.flags and source and source[0].sector in CROWD | {"REF"}:
            type_ = "PROTEST"
        if type_ == "ASSAULT" and self._by_hacking(v, source):
            type_ = "COERCE"
        if type_ == "MOBILIZE" and tree[v].lemma in ("order", "tell"):
            guests = [a for o in found.matched for a in self.who.actors(o) or self.who.holder(o)]
            if any(a.country and a.country not in {s.country for s in source} for a in guests):
                type_, target = "REQUEST", guests
        if type_ == "COERCE" and found.matched and tree[v].lemma in OBSTRUCT and source and source[0].sector in CROWD:
            type_ = "PROTEST"
        if type_ == "MOBILIZE" and found.matched and tree[v].lemma in SENDING and self._given(v, found, source):
            type_ = "AID"
        if rule.type == "THREATEN" or type_ == "AGREE":
            type_, status = self._promise(v, type_, status, tree[v].lemma)
        claim = self._claim(
            type_, rule.id, v, source, target, stand, status, rule.mode, "verb", found.score, rule.flags
        )
        claim.found = "closed" if rule.slots == ("-",) else claim.found
        yield claim

    def _apart(self, noun: int, type_: str) -> bool:
        """Whether the object of a verb is an event of its own: "rejected a request by Washington"."""
        kind = self.lexicon.nominal(keys(self.tree, noun))
        return kind is not None and kind != type_ and bool(self.who.holder(noun))

    def _by_hacking(self, v: int, source: Sequence[Actor]) -> bool:
        """Whether the violence of a verb ("hits", "attacked") is done by computer."""
        subjects = agents(self.tree, v)
        kinds = {self.lexicon.nominal(keys(self.tree, s)) for s in subjects}
        words = {self.tree[s].lemma for s in subjects}
        return "COERCE" in kinds or bool(words & {"hacker", "malware", "ransomware", "virus"})

    def _given(self, v: int, found: Match, source: Sequence[Actor]) -> bool:
        """Whether what is sent is arms to somebody rather than forces to somewhere."""
        tree = self.tree
        if any(tree[core(tree, o)].lemma in FORCES for o in found.matched):
            return False
        mine = {a.country for a in source}
        heads = [v, *found.matched]
        return any(
            a.country and a.country not in mine
            for h in heads
            for o in prep_objects(tree, h, "to")
            for a in self.who.actors(o)
        )

    def _joint(self, v: int, found: Match, source: Sequence[Actor]) -> bool:
        """Whether an exercise or patrol is held by several states together."""
        nouns = {self.tree[core(self.tree, o)].lemma for o in found.matched}
        if not nouns & {"exercise", "drill", "maneuver", "patrol", "training", "game", "simulation"}:
            return False
        if len({a.country for a in source}) > 1:
            return True
        partners = [
            a for h in [v, *found.matched] for o in prep_objects(self.tree, h, "with") for a in self.who.actors(o)
        ]
        return any(a.country and a.country not in {s.country for s in source} for a in partners)

    def _promise(self, v: int, type_: str, status: str, lemma: str) -> tuple[str, str]:
        """ "Vows to strike" is a threat, whatever the verb's own type."""
        if type_ == "AGREE" and lemma in ("vow", "promise", "swear", "pledge", "warn"):
            for inner in complements(self.tree, v):
                found = match(self.tree, inner, self.lexicon)
                if found is not None and found.rule.type in ("ASSAULT", "SANCTION", "COERCE"):
                    return "THREATEN", status
        return type_, status

    def _allowed(self, rule: VerbRule, v: int, source: Sequence[Actor], target: Sequence[Actor]) -> bool:
        sectors = {a.sector for a in source}
        forceful = bool(sectors & {"MIL", "COP", "REB", "UAF", "SPY", "IGO"}) or any(a.country for a in source)
        if "military" in rule.flags and not self._armed(v, source):
            return False
        if "crowd" in rule.flags and not sectors & {
            "CVL",
            "OPP",
            "LAB",
            "ACT",
            "EDU",
            "REF",
            "REL",
            "PTY",
            "NGO",
            "BUS",
            "MED",
        }:
            return False
        if "weapons" in rule.flags:
            weapon = {
                "missile",
                "rocket",
                "icbm",
                "projectile",
                "weapon",
                "satellite",
                "torpedo",
                "shell",
                "warhead",
                "slbm",
                "bomb",
                "artillery",
            }
            if not any(
                weapon & set("_".join(keys(self.tree, core(self.tree, o))).split("_")) for o in objects(self.tree, v)
            ):
                return False
        if "place" in rule.flags and rule.type == "CONSULT" and not _travels(source, target):
            return False
        if "jointly" in rule.flags and len(source) < 2 and not target:
            return False
        return bool(source or target) and (forceful or bool(target) or bool(sectors))

    def _armed(self, v: int, source: Sequence[Actor]) -> bool:
        """Whether those who act are armed forces, or move such things as warships."""
        if any(a.sector in ("MIL", "COP", "REB", "UAF") for a in source):
            return True
        return any(a.sector == "MIL" for o in objects(self.tree, v) for a in self.who.actors(o))

    # The two sides

    def _sides(self, v: int, found: Match) -> tuple[list[Actor], list[Actor]]:
        tree, who, rule = self.tree, self.who, found.rule
        source: list[Actor] = []
        for a in agents(tree, v):
            source = who.actors(a) or who.holder(a)
            if not source and tree[a].is_verb is False:
                source = self._inside(a)
            if source:
                break
        if not source and passive(tree, v):
            own = objects(tree, v) if rule.type == "MOBILIZE" else found.matched
            source = [a for o in own for a in who.holder(o) or (who.actors(o) if rule.type == "MOBILIZE" else [])][:2]
        slots = self._slots(found)
        target = self._first(v, slots, found.matched, {id(a) for a in source}, rule.type, source)
        if not target and rule.type in SPEECH and "-" not in slots:
            target = self._inner_target(v, source)
        if rule.flags & {"recip", "recip1"}:
            if len({a.country or a.name for a in source}) > 1:
                heads = [v, *[core(tree, o) for o in objects(tree, v)]]
                target = [a for h in heads for o in prep_objects(tree, h, "with") for a in who.actors(o)][:3]
            source, target = self._reciprocal(v, found, source, target)
        elif (
            rule.type in ("AGREE", "CONSULT", "COOPERATE")
            and len({a.country or a.name for a in source}) > 1
            and not target
        ):
            target = list(source)
        if not target and "-" not in slots:
            target = self._nearby(v, source)
        return source, target

    def _nearby(self, v: int, source: Sequence[Actor]) -> list[Actor]:
        """Another country or organisation named among the words of the same clause, where no slot holds one."""
        tree = self.tree
        mine = {a.country for a in source if a.country}
        subjects = set(_spread(tree, [v, *kids(tree, v, "nsubj", "nsubjpass")])) if not passive(tree, v) else set()
        for i in self._extent(v):
            mention = tree[i].mention
            if mention is None or i in subjects or i == v or mention.country in mine:
                continue
            if mention.country or mention.sector == "IGO":
                found = [a for a in self.who.each(i) or self.who.modifier(i) if not _same(a, source)]
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
                rest = [a for a in found if not _same(a, actors) and not _own(a, actors)]
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
                    if tree[o].dep == "conj":
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
                found = [a for a in who.actors(k) or who.holder(k) if not _same(a, source)]
                if found:
                    return found
            for k in kids(tree, c, "mark", "prep"):
                if tree[k].low == "for":
                    for o in kids(tree, k, "pobj"):
                        if found := [a for a in who.actors(o) if not _same(a, source)]:
                            return found
            slots = ("obj", "with", "to", "against", "from", "on", "of", "for", "in", "into", "over")
            found = self._first(c, slots, [], set(), "ASSAULT", source)
            if found:
                return found
            for inner in complements(tree, c):
                if found := self._first(inner, slots, [], set(), "ASSAULT", source):
                    return found
        return []

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

    # Event nouns

    def _noun(self, n: int) -> Iterable[Claim]:
        tree = self.tree
        here = keys(tree, n)
        type_ = self.lexicon.nominal(here)
        if type_ is None or tree[n].dep in ("compound", "amod", "nmod", "poss"):
            return
        outer, via = self._outer(n)
        governor = tree[outer].head if tree[outer].head != outer else None
        source, target = self._noun_sides(n, type_)
        stand = Standing()
        form = "free"
        status = "happened"
        if governor is not None and tree[governor].is_verb:
            role = tree[outer].dep
            classes = operator_classes(tree, governor, self.lexicon)
            stand = standing(tree, governor, self.lexicon)
            status = stand.status
            if stand.absorbed:
                return
            matched = match(tree, governor, self.lexicon)
            done = matched is not None and matched.rule.type == type_ and role in ("dobj", "nsubjpass")
            if done:
                return
            if role in ("dobj", "nsubjpass") and (role == "nsubjpass" or not passive(tree, governor)):
                form, type_, status, source, target = self._object_noun(
                    governor, n, type_, classes, source, target, stand
                )
            elif role == "nsubj" and "happen" in classes and not passive(tree, governor):
                form = "happens"
                target = target or self._first(governor, ("against", "in", "on", "at"), [], set(), type_, source)
                if tree[governor].lemma in ("collapse", "fail", "stall", "end") and type_ in COOPERATIVE - {"RETREAT"}:
                    form = "ends"
            elif role == "nsubj":
                form = "subject"
                status = "happened"
            else:
                form, status = "adjunct", "happened"
                stand = Standing()
        elif governor is None:
            form = "root"
        if not form or (not source and not target):
            return
        if form in ("adjunct", "free", "subject", "object") and not source:
            return
        if type_ in ("AGREE", "CONSULT", "COOPERATE") and not target and len(source) > 1:
            target = list(source)
        yield self._claim(type_, f"nominals:{form}", n, source, target, stand, status, None, form, 0.0, frozenset(via))

    def _outer(self, n: int) -> tuple[int, list[str]]:
        """The head of the phrase that an event noun stands in: "a series of attacks", "plans for talks"."""
        tree, via, at = self.tree, [], n
        for _ in range(4):
            prep = tree[at].head
            if tree[at].dep == "conj" and not tree[prep].is_verb and prep != at:
                at = prep
                continue
            if tree[at].dep != "pobj" or tree[prep].low not in ("of", "for") or not tree[tree[prep].head].is_noun:
                break
            at = tree[prep].head
            via.append(tree[at].lemma)
        return at, via

    def _object_noun(
        self,
        v: int,
        n: int,
        type_: str,
        classes: frozenset[str],
        source: list[Actor],
        target: list[Actor],
        stand: Standing,
    ) -> tuple[str, str, str, list[Actor], list[Actor]]:
        """An event noun as the object of a verb: done, planned, stopped, denied, undergone."""
        who, tree = self.who, self.tree
        doers = [a for s in agents(tree, v) for a in who.actors(s) or who.holder(s)]
        slots = (
            ("from", "by", "against", "with", "on", "to", "in", "at")
            if "undergo" in classes
            else ("against", "with", "on", "to", "in", "at")
        )
        partner = self._first(v, slots, [n], set(), type_, doers)
        status = stand.status
        if "undergo" in classes and type_ in HOSTILE | {"ACCUSE", "AID", "SUPPORT"}:
            return "undergone", type_, status, source or partner, doers
        for name, new in (
            ("do", None),
            ("plan", "planned"),
            ("consider", "hypothetical"),
            ("deny", "denied"),
            ("report", None),
        ):
            if name in classes:
                if name == "deny" and stand.reporter is None:
                    pass
                if name == "report" and tree[v].lemma != "announce":
                    return "object", type_, status, source, target
                return name, type_, new or status, doers or source, target or partner
        if "stop" in classes:
            return (
                "stop",
                _stopped(type_),
                status,
                doers or source,
                target or partner or [a for a in source if not _same(a, doers)],
            )
        return "object", type_, "happened", source, target

    def _noun_sides(self, n: int, type_: str) -> tuple[list[Actor], list[Actor]]:
        """Whose deed an event noun is and whom it concerns: "Russia's invasion of Ukraine", "US-China talks"."""
        tree, who = self.tree, self.who
        source = who.holder(n)
        target: list[Actor] = []
        between = [a for o in prep_objects(tree, n, "between", "among") if tree[o].dep != "conj" for a in who.actors(o)]
        if len(between) > 1:
            return between, between
        for slot in NOUN_SLOTS:
            if slot == "of" and type_ in ("RETREAT",) and not source:
                source = [a for o in prep_objects(tree, n, "of") for a in who.actors(o)]
                continue
            for o in prep_objects(tree, n, slot):
                if tree[o].dep == "conj":
                    continue
                found = [a for a in self._target(o, type_) or who.holder(o) if not _same(a, source)]
                if found:
                    return source, found
        return source, target

    # Claims

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
        return _spread(tree, heads)


def _spread(tree: Tree, heads: Sequence[int]) -> list[int]:
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


def _same(one: Actor, others: Iterable[Actor]) -> bool:
    return any(
        (one.start == o.start and one.end == o.end)
        or (one.country, one.sector, one.name) == (o.country, o.sector, o.name)
        for o in others
    )


def _own(one: Actor, others: Iterable[Actor]) -> bool:
    """Whether an actor is only the source's own country again ("its territory"), and nobody in it."""
    return any(
        one.country
        and one.country == o.country
        and (one.sector in (None, o.sector) or (o.sector is None and one.sector == "GOV"))
        for o in others
    )


def _travels(source: Sequence[Actor], target: Sequence[Actor]) -> bool:
    """Whether a journey is a visit: somebody of a state or organisation, to another country."""
    home = {a.country for a in source}
    return (
        bool(source)
        and any(a.sector in ("GOV", "LEG", "IGO", "REL", None) for a in source)
        and any(a.country and a.country not in home for a in target)
    )


def _stopped(type_: str) -> str:
    """What stopping an event is: ending an attack retreats, ending a ban concedes, ending cooperation sanctions."""
    if type_ in ("ASSAULT", "MOBILIZE", "SANCTION"):
        return "RETREAT"
    if type_ in ("COERCE", "PROTEST", "THREATEN", "ACCUSE", "REQUEST"):
        return "CONCEDE"
    return "SANCTION"


def _will_not(tree: Tree, v: int) -> bool:
    """ "Will not", "would never": a refusal rather than a report that something did not happen."""
    return tense(tree, v).negated and bool(
        {tree[k].low for k in kids(tree, v, "aux")} & {"will", "wo", "would", "'ll", "shall"}
    )


__all__ = ["Claim", "claims", "conjuncts"]
