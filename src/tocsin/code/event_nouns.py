"""Events that a noun names: "Russia's invasion of Ukraine", "held talks", "the strikes resumed"."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.code.grammar import agents, passive
from tocsin.code.matching import match
from tocsin.code.nounphrases import keys, prep_objects
from tocsin.code.sides import MUTUAL, Claim, Sides, same
from tocsin.code.status import Standing, operator_classes, standing
from tocsin.records import Actor

COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "RETREAT", "CONCEDE"})
HOSTILE = frozenset({"SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "PROTEST", "THREATEN"})
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


class EventNouns(Sides):
    """Reads the event nouns of one tree."""

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
        if not source and form in ("adjunct", "free", "root", "subject"):
            source = self._doers(n, type_, governor, target)
        if type_ == "ASSAULT" and source and source[0].sector in ("LAB", "EDU") and tree[n].lemma == "strike":
            type_ = "PROTEST"
        if not form or (not source and not target):
            return
        if form in ("adjunct", "free", "subject", "object") and not source:
            return
        if type_ in MUTUAL and not target and len(source) > 1:
            target = list(source)
        yield self._claim(type_, f"nominals:{form}", n, source, target, stand, status, None, form, 0.0, frozenset(via))

    def _doers(self, n: int, type_: str, governor: int | None, target: list[Actor]) -> list[Actor]:
        """Who does what an event noun names without saying so: protesters protest; "after a call with X" is the
        subject's call."""
        word = self.tree[n]
        if type_ == "PROTEST":
            return [Actor(name="protesters", sector="CVL", start=word.start, end=word.end)]
        if type_ in ("CONSULT", "AGREE") and target and governor is not None and self.tree[governor].is_verb:
            found = [a for s in agents(self.tree, governor) for a in self.who.actors(s)]
            return [a for a in found if not same(a, target)]
        return []

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
                stopped(type_),
                status,
                doers or source,
                target or partner or [a for a in source if not same(a, doers)],
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
                found = [a for a in self._target(o, type_) or who.holder(o) if not same(a, source)]
                if found:
                    return source, found
        return source, target


def stopped(type_: str) -> str:
    """What stopping an event is: ending an attack retreats, ending a ban concedes, ending cooperation sanctions."""
    if type_ in ("ASSAULT", "MOBILIZE", "SANCTION"):
        return "RETREAT"
    if type_ in ("COERCE", "PROTEST", "THREATEN", "ACCUSE", "REQUEST", "REJECT"):
        return "CONCEDE"
    return "SANCTION"
