"""From a tree to claims: each verb and event noun with its rule, its two sides, its standing.

Every claim that the rules can see is made here, also doubtful ones; `tocsin.code.model` decides which are right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.code.event_nouns import COOPERATIVE, EventNouns, stopped
from tocsin.code.grammar import agents, complements, objects, tense
from tocsin.code.lexicon import Lexicon, VerbRule
from tocsin.code.matching import Match, match, ranked, said_of_any
from tocsin.code.nounphrases import core, keys, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.participants import Participants
from tocsin.code.sides import Claim, same
from tocsin.code.status import Standing, standing
from tocsin.code.threats import HARM, ahead, conditions, dire, or_else, spared
from tocsin.code.wordlists import words
from tocsin.records import Actor, parties

TOGETHER = words("frames.together")
OBSTRUCT = words("frames.obstruct")
CROWD = frozenset({"CVL", "OPP", "LAB", "ACT", "EDU", "REL", "NGO", "BUS"})
SENDING = words("frames.sending")
FORCES = words("frames.forces")
VOICED = frozenset({"REQUEST", "ACCUSE", "REJECT", "PROTEST"})
"""What a crowd gathers to say is said by gathering: "marched to demand his release"."""
VOWS = frozenset({"vow", "pledge", "promise", "swear", "undertake"})
DECREED = frozenset({"SANCTION", "COERCE", "MOBILIZE"})
"""Hostile deeds that somebody decides on: "will not expel diplomats" is a no."""
OWN_DEEDS = frozenset({"MOBILIZE"})
"""What is vowed and is no commitment to anybody: it is planned."""


def claims(tree: Tree, who: Participants, lexicon: Lexicon) -> list[Claim]:
    """Every claim of one sentence, in the order of its words."""
    reader = _Reader(tree, who, lexicon)
    return reader.read()


class _Reader(EventNouns):
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
        """The claim of the best rule whose conditions hold; a better one for no event ends the search."""
        for found in ranked(self.tree, v, self.lexicon):
            if found.rule.type == "NONE":
                self.used.update(core(self.tree, o) for o in found.matched)
                return
            claims = list(self._by_rule(v, found))
            if claims:
                yield from claims
                return

    def _by_rule(self, v: int, found: Match) -> Iterable[Claim]:
        tree = self.tree
        rule = found.rule
        self.used.update(o for o in (core(tree, m) for m in found.matched) if not self._apart(o, rule.type))
        stand = standing(tree, v, self.lexicon)
        if stand.absorbed and stand.chain[-1:] and stand.chain[-1] in VOWS and rule.type in OWN_DEEDS:
            stand.absorbed, stand.status = False, "planned"
        errand = "purpose" in stand.chain
        if stand.absorbed or (errand and rule.type not in VOICED):
            return
        type_, status = rule.type, stand.status
        if stand.stopped:
            type_ = stopped(type_)
        source, target = self._sides(v, found)
        if errand:
            if not source or source[0].sector not in CROWD:
                return
            status = "happened"
        if rule.flags & {"speaker", "teller"}:
            if "speaker" in rule.flags and not ahead(self.tree, v):
                return
            source, target = self._told_of(v, stand, source, target)
            if not (source and target):
                return
            status = "happened"
        if "detect" in rule.flags:
            seen = [a for o in found.matched for a in self.who.actors(o) or self.who.holder(o)]
            watchers = {a.country for a in source}
            known = [a for a in seen if a.country]
            seen = [a for a in known or seen if a.country not in watchers] or seen
            whose = {a.country for a in seen}
            others = [[a for a in one if a.country not in whose] for one in (source, target)]
            source, target = seen, others[0] or others[1]
        if (
            type_ == "MOBILIZE"
            and tree[v].lemma in ("fire", "launch", "lob", "unleash")
            and any(a.sector in ("REB", "UAF") for a in source)
        ):
            type_ = "ASSAULT"
        if "swap" in rule.flags:
            given = [o for prep, _ in rule.preps for o in prep_objects(self.tree, v, prep)]
            theirs = self._first(v, rule.slots or ("from", "by"), given, set())
            source, target = theirs or [a for o in found.matched for a in self.who.holder(o)], source
            if "needs" in rule.flags and not source:
                return
        if not self._allowed(rule, v, source, target):
            return
        if status == "denied" and type_ in COOPERATIVE | DECREED and _will_not(tree, v):
            type_, status = "REJECT", "happened"
        several = len(parties(source)) > 1
        if "jointly" in rule.flags and rule.verb == "*" and not several:
            return
        if type_ in ("MOBILIZE", "AID") and several and (tree[v].lemma in TOGETHER or self._jointly(v)):
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
        blocking = type_ == "COERCE" and found.matched and tree[v].lemma in OBSTRUCT
        if blocking and source and source[0].sector in CROWD - {"BUS"}:
            type_ = "PROTEST"
        if type_ == "MOBILIZE" and found.matched and tree[v].lemma in SENDING and self._given(v, found, source):
            type_ = "AID"
        if type_ == "REQUEST" and or_else(tree, v):
            type_ = "THREATEN"
        spare = conditions(tree, v) if type_ in HARM and ahead(tree, v) else []
        if spare and source:
            type_, status = "THREATEN", "happened"
            target = target or [a for at in spared(tree, spare) for a in self.who.actors(at) if not same(a, source)]
        if rule.type == "THREATEN" or type_ == "AGREE":
            type_, status = self._promise(v, type_, status, tree[v].lemma)
        claim = self._claim(
            type_, rule.id, v, source, target, stand, status, rule.mode, "verb", found.score, rule.flags
        )
        claim.found = (
            "speaker" if rule.flags & {"speaker", "teller"} else "closed" if rule.slots == ("-",) else claim.found
        )
        yield claim

    def _told_of(
        self, v: int, stand: Standing, subject: list[Actor], target: list[Actor]
    ) -> tuple[list[Actor], list[Actor]]:
        """The sides of what somebody is said to pay for, or to be guilty of: who says so, and of whom."""
        told = self.who.actors(stand.reporter) if stand.reporter is not None else self.who.speaker
        if not told or told[0].sector in ("EDU", "MED", "BUS", None):
            return [], []
        return list(told), [a for a in subject if not same(a, told)] or [a for a in target if not same(a, told)]

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

    def _jointly(self, v: int) -> bool:
        """Whether a verb's deed is said to be done together, whatever the deed."""
        return said_of_any(self.tree, v, self.lexicon)

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
                hostile = found is not None and found.rule.type in ("ASSAULT", "SANCTION", "COERCE")
                if hostile or (lemma in ("vow", "swear", "warn") and dire(self.tree, inner)):
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


def _travels(source: Sequence[Actor], target: Sequence[Actor]) -> bool:
    """Whether a journey is a visit: somebody of a state or organisation, to another country."""
    home = {a.country for a in source}
    return (
        bool(source)
        and any(a.sector in ("GOV", "LEG", "IGO", "REL", None) for a in source)
        and any(a.country and a.country not in home for a in target)
    )


def _will_not(tree: Tree, v: int) -> bool:
    """ "Will not", "would never": a refusal rather than a report that something did not happen."""
    return tense(tree, v).negated and bool(
        {tree[k].low for k in kids(tree, v, "aux")} & {"will", "wo", "would", "'ll", "shall"}
    )
