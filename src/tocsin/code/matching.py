"""Which rule fits a verb in its company: the most specific one wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.code.grammar import complements, objects, subject
from tocsin.code.lexicon import PREPOSITIONS, Lexicon, VerbRule
from tocsin.code.nounphrases import conjuncts, matches, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.wordlists import words

_WHEN = words("matching.when")
_BESIDE = frozenset(
    {"dobj", "prep", "prt", "acomp", "advmod", "npadvmod", "advcl", "xcomp", "oprd", "attr", "nsubjpass"}
)
"""The parts of a clause whose own words may be a verb's company, too."""


@dataclass(slots=True)
class Match:
    """A rule that fits: how well, the objects it speaks of, and the slot that its own last preposition opens."""

    rule: VerbRule
    score: float
    matched: list[int]
    slot: str | None = None


def match(tree: Tree, v: int, lexicon: Lexicon) -> Match | None:
    """The best rule for the verb at `v`, or None. A best rule of type NONE means: no event."""
    return next(iter(ranked(tree, v, lexicon)), None)


def ranked(tree: Tree, v: int, lexicon: Lexicon) -> list[Match]:
    """Every rule that fits the verb at `v`, the best first; what is said of any verb (`*`) comes last."""
    own, any_verb = lexicon.verbs.get(tree[v].lemma, ()), lexicon.verbs.get("*", ())
    if not own and not any_verb:
        return []
    objs = [c for o in objects(tree, v) for c in conjuncts(tree, o)]
    objs += [k for k in kids(tree, v, "npadvmod") if k > v and tree[v].lemma == "give"]
    around = _around(tree, v)
    present = {tree[k].low for k in around} | {tree[k].lemma for k in around}

    def fitting(rules: Sequence[VerbRule]) -> list[Match]:
        able = (rule for rule in rules if present.issuperset(rule.company) and (objs or rule.objects is None))
        found = (_fits(tree, v, rule, objs, around, lexicon) for rule in able)
        return [one for one in found if one is not None]

    return [*sorted(fitting(own), key=lambda one: -one.score), *fitting(any_verb)]


def said_of_any(tree: Tree, v: int, lexicon: Lexicon) -> bool:
    """Whether a rule that holds for every verb (`*`) fits the one at `v`, objects apart."""
    around = _around(tree, v)
    return any(_fits(tree, v, rule, [], around, lexicon) for rule in lexicon.verbs.get("*", ()))


def _around(tree: Tree, v: int) -> list[int]:
    """The words that a rule may want beside a verb: its children, and theirs where they belong to its group."""
    around = list(tree[v].kids)
    for k in tree[v].kids:
        if tree[k].dep in _BESIDE:
            around += tree[k].kids
    return around


def _fits(tree: Tree, v: int, rule: VerbRule, objs: list[int], around: list[int], lexicon: Lexicon) -> Match | None:
    """How well one rule fits, or None."""
    score = 1.0 - 0.5 * ("weak" in rule.flags)
    slot, bonus = _company(tree, v, rule.company, around)
    if bonus is None:
        return None
    score += bonus
    matched: list[int] = []
    if rule.objects is not None:
        best = 0.0
        for o in objs:
            here = matches(tree, o, rule.objects, lexicon)
            if here:
                matched.append(o)
                best = max(best, here)
        if not best:
            return None
        score += best
    for prep, nouns in rule.preps:
        here = _subject(tree, v, nouns, lexicon) if prep == "subj" else _prep(tree, v, prep, nouns, objs, lexicon)
        if not here:
            return None
        score += here
    if "needs" in rule.flags and "swap" not in rule.flags and not _aimed(tree, v, rule, objs):
        return None
    if rule.clause is not None:
        if not _clause(tree, v, rule.clause):
            return None
        score += 1.5
    return Match(rule, score, matched, slot)


def _company(tree: Tree, v: int, company: tuple[str, ...], around: list[int]) -> tuple[str | None, float | None]:
    """Whether the words that a rule wants are `around` its verb; and the slot that the last one opens."""
    slot = None
    for word in company:
        here = [k for k in around if word in (tree[k].low, tree[k].lemma)]
        here = [k for k in here if k > v or tree[k].dep not in ("nsubj", "nsubjpass", "mark", "aux")]
        here = [k for k in here if not _dated(tree, k)]
        if not here:
            return None, None
        if (
            word in PREPOSITIONS
            and word == company[-1]
            and any(tree[k].dep in ("prep", "agent", "dative") for k in here)
        ):
            slot = word
    if (
        company
        and company[-1]
        in ("with", "against", "at", "on", "of", "to", "for", "into", "about", "behind", "between", "from")
        and slot is None
        and not any(tree[k].low == company[-1] and tree[k].dep == "prt" for k in tree[v].kids)
    ):
        return None, None
    return slot, 1.5 * len(company)


def _dated(tree: Tree, k: int) -> bool:
    """Whether a preposition only tells when: "called at Busan on Tuesday" is no "call on"."""
    return any(tree[o].lemma in _WHEN or tree[o].low in _WHEN for o in kids(tree, k, "pobj"))


def _subject(tree: Tree, v: int, nouns: frozenset[str], lexicon: Lexicon) -> float:
    """How well the subject of a verb, or one joined to it, fits the nouns of a rule."""
    at = subject(tree, v)
    return max((matches(tree, s, nouns, lexicon) for s in conjuncts(tree, at)), default=0.0) if at is not None else 0.0


def _prep(tree: Tree, v: int, prep: str, nouns: frozenset[str], objs: list[int], lexicon: Lexicon) -> float:
    if prep == "oprd":
        around = kids(tree, v, "oprd", "acomp", "xcomp", "attr", "ccomp", "amod") + [
            k for o in objs for k in kids(tree, o, "amod", "acl", "appos")
        ]
        for k in around:
            if "*" in nouns or tree[k].lemma in nouns or matches(tree, k, nouns, lexicon):
                return 3.0
        return 0.0
    best = 0.0
    for at in [v, *objs]:
        for o in prep_objects(tree, at, prep):
            best = max(best, matches(tree, o, nouns, lexicon))
    if not best and prep in ("as", "of") and "*" not in nouns:
        for p in kids(tree, v, "prep", "advcl"):
            if tree[p].low == prep and any(tree[j].lemma in nouns for j in tree[p].kids):
                best = 3.0
    return best


def _aimed(tree: Tree, v: int, rule: VerbRule, objs: list[int]) -> bool:
    """Whether one of the rule's prepositions is there, with something other than open water behind it."""
    for at in [v, *objs]:
        for o in prep_objects(tree, at, *(s for s in rule.slots if s in PREPOSITIONS)):
            mention = tree[o].mention
            if tree[o].lemma in (
                "sea",
                "water",
                "ocean",
                "air",
                "bay",
                "night",
                "morning",
                "day",
                "week",
                "month",
                "hour",
            ):
                continue
            if (mention is None and tree[o].low.isalpha() and not tree[o].tag.startswith("CD")) or (
                mention is not None and mention.kind not in ("sea", "strait")
            ):
                return True
    return False


def _clause(tree: Tree, v: int, kind: str) -> bool:
    for k in complements(tree, v):
        infinitive = any(tree[j].low == "to" for j in kids(tree, k, "aux"))
        infinitive = infinitive or (tree[v].lemma == "let" and tree[k].tag == "VB")
        if kind == "inf" and infinitive:
            return True
        if kind.startswith("inf:") and infinitive and tree[k].lemma in kind[4:].split(","):
            return True
        if kind == "that" and tree[k].dep == "ccomp" and not infinitive:
            return True
        if tree[k].tag == "VBG" and (kind == "ing" or (kind[:4] == "ing:" and tree[k].lemma in kind[4:].split(","))):
            return True
    return False
