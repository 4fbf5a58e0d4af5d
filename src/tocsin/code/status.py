"""Whether it happened: the status of an event through everything that governs its verb or noun, and who says so."""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.code.grammar import condition, ruled, subject, tense
from tocsin.code.lexicon import Lexicon
from tocsin.code.nounphrases import core
from tocsin.code.parsing import Tree, kids
from tocsin.code.wordlists import words

ABSORBED = frozenset({"promise", "threaten", "request", "refuse"})
"""Governors that are the event themselves: what they govern is named, not done."""
_PLAN_NOUNS = words("status.plan_nouns")
_PROMISE_NOUNS = words("status.promise_nouns")
_MAYBE_NOUNS = words("status.maybe_nouns")
_SAID_NOUNS = words("status.said_nouns")
_READILY = words("status.readily")
_DISMISSES = words("status.dismisses")
_WEIGHS = words("status.weighs")
_SPEECH = frozenset({"REJECT", "ACCUSE", "REQUEST", "THREATEN", "AGREE"})


@dataclass(slots=True)
class Standing:
    """What governs an event: its status, whether a verb that is itself the event absorbs it, and by whom it is told.

    What is `refused` is absorbed by a no, what is `forborne` was held off or stopped short of.
    """

    status: str = "happened"
    absorbed: bool = False
    refused: bool = False
    forborne: bool = False
    stopped: bool = False
    reporter: int | None = None
    accuser: int | None = None
    chain: list[str] = field(default_factory=list)

    def weaken(self, status: str) -> None:
        """Take the status of a governor where it says less than what is known so far."""
        order = {"happened": 0, "ongoing": 1, "planned": 2, "hypothetical": 3, "denied": 4}
        if order[status] > order[self.status]:
            self.status = status


def standing(tree: Tree, at: int, lexicon: Lexicon) -> Standing:
    """The standing of the verb at `at`, from its own tense outwards through all its governors."""
    found = Standing()
    own = tense(tree, at)
    found.status = "denied" if own.negated else own.status
    if _inverted(tree, at):
        found.weaken("hypothetical")
    seen = 0
    while seen < 10:
        seen += 1
        word = tree[at]
        if word.head == at:
            break
        step = _STEPS.get(word.dep, _stop)
        following = step(tree, at, found, lexicon)
        if following is None or found.absorbed:
            break
        at = following
    return found


def told_by_trigger(status: str, kind: str, tree: Tree, at: int, lexicon: Lexicon) -> str:
    """The status of an event whose own word only weighs, plans or denies it: "mulls sanctions", "denies raid"."""
    classes = operator_classes(tree, at, lexicon) if tree[at].is_verb else frozenset[str]()
    found = Standing(status)
    if kind in _SPEECH or tree[at].tag == "VBN":
        return status
    if classes & {"deny"}:
        found.weaken("denied")
    elif tree[at].lemma in _WEIGHS:
        found.weaken("hypothetical")
    return found.status


def _inverted(tree: Tree, at: int) -> bool:
    """Whether a clause is a condition by its word order: "had Serbia refused, …"."""
    subjects = kids(tree, at, "nsubj", "nsubjpass")
    first = [k for k in kids(tree, at, "aux", "auxpass") if tree[k].low in ("had", "should", "were")]
    question = tree[-1].low == "?"
    return bool(subjects and first and first[0] < subjects[0] and tree[at].dep != "relcl" and not question) and all(
        k >= first[0] for k in tree[at].kids if tree[k].dep in ("mark", "advmod", "prep")
    )


def _stop(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    return None


def _state(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    """ "Remains blocked", "stays shut": a state that lasts."""
    if tree[at].tag == "VBN" and tree[tree[at].head].lemma in ("remain", "stay"):
        found.weaken("ongoing")
        return tree[at].head
    return None


def _conj(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    head = tree[at].head
    if not tree[head].is_verb:
        return None
    own, other = tense(tree, at), tense(tree, head)
    alike = tree[at].tag == tree[head].tag or tree[at].tag in ("VB", "VBN", "VBG")
    if not own.own and alike and not kids(tree, at, "nsubj", "nsubjpass") and tree[at].tag != "VBD":
        found.weaken(other.status)
    if kids(tree, at, "nsubj", "nsubjpass") and tree[head].dep not in ("ccomp", "xcomp"):
        return None
    return head


def _complement(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    head = tree[at].head
    word = tree[head]
    if not word.is_verb and word.tag != "MD":
        return _adjective(tree, at, head, found, lexicon)
    classes = operator_classes(tree, head, lexicon)
    infinitive = any(tree[k].low == "to" for k in kids(tree, at, "aux"))
    _apply(tree, head, at, classes, infinitive or tree[at].tag == "VBG", found)
    return head


def dismisses(tree: Tree, verb: int, lexicon: Lexicon) -> bool:
    """Whether a verb says no to what is said: denies, refuses or dismisses it."""
    return tree[verb].lemma in _DISMISSES or not operator_classes(tree, verb, lexicon).isdisjoint({"deny", "refuse"})


def operator_classes(tree: Tree, head: int, lexicon: Lexicon) -> frozenset[str]:
    """The operator classes of a verb with its particles and predicate adjectives."""
    word = tree[head]
    extra = [
        f"{word.lemma}_{tree[k].low}"
        for k in word.kids
        if tree[k].dep in ("prt", "acomp", "prep", "advmod", "oprd", "attr")
    ]
    extra += [
        f"{word.lemma}_{tree[k].low}_{tree[p].low}"
        for k in kids(tree, head, "prt", "advmod", "prep")
        for p in (*kids(tree, head, "prep"), *kids(tree, k, "prep"))
        if k < p
    ]
    participle = [f"be_{word.low}"] if word.tag == "VBN" and kids(tree, head, "auxpass") else []
    going = ["be_going"] if word.low == "going" else []
    return lexicon.operator(*extra, *participle, *going) or lexicon.operator(word.lemma)


def _would(tree: Tree, v: int) -> bool:
    """The future as told in the past: "said it would send"."""
    return any(tree[k].low in ("would", "'d") for k in kids(tree, v, "aux"))


def _apply(tree: Tree, head: int, at: int, classes: frozenset[str], bare: bool, found: Standing) -> None:
    """What a governing verb of these classes does to an event under it; `bare` tells an infinitive or gerund."""
    own = tense(tree, head)
    found.chain.append(tree[head].lemma)
    if classes & ABSORBED and (bare or not classes & {"report"}) and not (classes & {"plan", "order"} and own.negated):
        found.absorbed, found.refused = True, bare and "refuse" in classes
        if "refuse" in classes and tree[head].lemma == "fail":
            found.absorbed = found.refused = False
            found.weaken("denied")
        return
    if "deny" in classes:
        found.weaken("denied")
        if found.reporter is None:
            found.reporter = subject(tree, head)
    elif "forbear" in classes and bare:
        found.forborne = True
        found.weaken("denied")
    elif "plan" in classes and bare:
        found.weaken("denied" if own.negated else "planned")
    elif "consider" in classes and bare:
        found.weaken("hypothetical")
    elif tree[head].lemma == "be" and bare and tree[at].tag == "VB":
        found.weaken("denied" if own.negated else "planned")
    elif tree[head].lemma == "have" and bare and any(tree[k].low == "yet" for k in kids(tree, head, "advmod")):
        found.weaken("denied")
    elif "stop" in classes and bare:
        found.stopped = True
        found.weaken(own.status if own.status in ("planned", "hypothetical") else found.status)
    elif "aspect" in classes and bare:
        if tree[head].lemma in ("continue", "keep", "persist", "go") and not own.negated:
            found.weaken("ongoing")
        found.weaken(own.status if own.status != "ongoing" else found.status)
    elif "order" in classes and bare:
        found.weaken("denied" if own.negated else own.status)
    elif classes & {"report", "accuse"} or not bare:
        if found.reporter is None and "report" in classes:
            found.reporter = subject(tree, head)
        if "report" in classes and found.status == "hypothetical" and not found.chain[1:] and _would(tree, at):
            found.status = "planned"
        if own.status == "hypothetical" and not classes & {"report"}:
            found.weaken("hypothetical")
    elif bare:
        found.weaken(
            "denied" if own.negated else own.status if own.status in ("planned", "hypothetical") else found.status
        )


def _adjective(tree: Tree, at: int, head: int, found: Standing, lexicon: Lexicon) -> int | None:
    """ "is ready to", "is likely to": a predicate adjective with a complement."""
    low = tree[head].low
    verb = tree[head].head
    classes = lexicon.operator(f"be_{low}")
    if tree[verb].is_verb or tree[verb].tag == "MD":
        found.chain.append(low)
        if classes & ABSORBED:
            found.absorbed = True
        elif "plan" in classes:
            found.weaken("planned")
        elif low not in _READILY:
            found.weaken("hypothetical")
        return verb
    return None


def _clause(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    if ruled(tree, at):
        return _complement(tree, at, found, lexicon)
    mark = condition(tree, at)
    if mark in ("if", "unless", "whether", "lest"):
        found.weaken("hypothetical")
    elif mark in ("until", "till", "once", "before"):
        if tense(tree, tree[at].head).status in ("planned", "hypothetical") or mark in ("until", "till"):
            found.weaken("hypothetical")
    elif any(tree[k].low == "to" for k in kids(tree, at, "aux")):
        found.weaken("hypothetical")
        found.chain.append("purpose")
    if tree[at].head != at and tree[tree[at].head].is_verb:
        head = tree[at].head
        if (
            tree[head].lemma in ("say", "tell", "add", "warn", "announce")
            and mark in ("as", None)
            and kids(tree, at, "nsubj")
        ):
            return _complement(tree, at, found, lexicon)
    return None


def _noun_clause(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    noun = tree[at].head
    infinitive = any(tree[k].low == "to" for k in kids(tree, at, "aux"))
    if tree[at].dep == "pcomp" or (tree[at].dep == "acl" and infinitive):
        return _by_noun(tree, noun, found, lexicon)
    if tree[at].dep == "acl" and tree[noun].lemma in _SAID_NOUNS | {"denial"} and kids(tree, at, "mark"):
        return _by_noun(tree, noun, found, lexicon)
    return None


def _by_noun(tree: Tree, noun: int, found: Standing, lexicon: Lexicon) -> int | None:
    base = tree[core(tree, noun)].lemma
    found.chain.append(base)
    if base in _PROMISE_NOUNS:
        found.absorbed = True
        return None
    if base == "denial":
        found.weaken("denied")
    elif base in _SAID_NOUNS:
        above = _verb_above(tree, noun)
        if any(tree[k].low == "no" for k in kids(tree, noun, "det", "neg")) or (
            above is not None and dismisses(tree, above, lexicon)
        ):
            found.weaken("denied")
        holder = kids(tree, noun, "poss")
        if found.reporter is None and holder:
            found.reporter = holder[0]
        elif found.reporter is None and tree[tree[noun].head].is_verb:
            found.reporter = subject(tree, tree[noun].head)
    elif base in _PLAN_NOUNS:
        found.weaken("planned")
        governor = _verb_above(tree, noun)
        if governor is not None:
            classes = operator_classes(tree, governor, lexicon)
            if classes & {"deny", "refuse", "stop"} or tree[governor].lemma in (
                "drop",
                "scrap",
                "shelve",
                "cancel",
                "reject",
            ):
                found.weaken("denied")
            elif classes & {"consider"}:
                found.weaken("hypothetical")
            elif classes & {"report", "do"} and found.reporter is None and "report" in classes:
                found.reporter = subject(tree, governor)
    elif base in _MAYBE_NOUNS or tree[noun].is_noun:
        found.weaken("hypothetical")
    return None


def _verb_above(tree: Tree, noun: int) -> int | None:
    at = noun
    for _ in range(4):
        if tree[at].head == at:
            return None
        at = tree[at].head
        if tree[at].is_verb:
            return at
    return None


def _prepositional(tree: Tree, at: int, found: Standing, lexicon: Lexicon) -> int | None:
    """A gerund after a preposition: "accused of bombing", "prevented from leaving", "after seizing", "plan for …"."""
    prep = tree[at].head
    above = tree[prep].head
    low = tree[prep].low
    if low == "without":
        found.weaken("denied")
        return None
    if low in ("after", "by", "while", "in", "following", "upon", "before", "despite", "since", "through"):
        if low in ("by", "in", "through") and tree[above].is_verb:
            outer = tense(tree, above)
            if outer.status in ("planned", "hypothetical"):
                found.weaken(outer.status)
        return above if low in ("by", "in", "through") and tree[above].is_verb else None
    if tree[above].dep in ("advmod", "prt") and tree[tree[above].head].is_verb:
        above = tree[above].head
    if tree[above].is_verb:
        classes = operator_classes(tree, above, lexicon)
        if low == "from" or "forbear" in classes:
            found.forborne = "forbear" in classes
            found.weaken("denied")
        elif classes & {"accuse"}:
            found.accuser = subject(tree, above)
            found.reporter = found.accuser
        elif classes & {"request", "promise", "threaten"}:
            found.absorbed = True
        elif low in ("to", "at", "toward", "about"):
            found.weaken("hypothetical")
        found.chain.append(tree[above].lemma)
        return above if classes & {"accuse", "report"} else None
    if tree[above].is_noun:
        return _by_noun(tree, above, found, lexicon)
    return None


_STEPS = {
    "conj": _conj,
    "xcomp": _complement,
    "ccomp": _complement,
    "parataxis": _complement,
    "advcl": _clause,
    "acl": _noun_clause,
    "acomp": _state,
    "oprd": _state,
    "pcomp": _prepositional,
}
