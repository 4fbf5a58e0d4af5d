"""What the tree says about one verb: its subject through control and conjunction, its voice, its company, its tense.

Dependency labels are those of the pinned parser (ClearNLP style: nsubj, dobj, prep, pobj, agent, xcomp, acl, relcl …).
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.code.nounphrases import conjuncts, prep_objects
from tocsin.code.parsing import Tree, kids
from tocsin.code.wordlists import words

OBJECT_CONTROL = words("grammar.object_control")
_MODAL_MAYBE = words("grammar.modal_maybe")
_ALSO_PARTICLES = words("grammar.also_particles")
_FUTURE = words("grammar.future")


@dataclass(frozen=True, slots=True)
class Tense:
    """How a verb group puts its event: a status, and whether it is negated."""

    status: str
    negated: bool
    own: bool


def passive(tree: Tree, v: int) -> bool:
    """Whether a verb is passive, reduced relatives ("troops deployed to …") and joined participles included."""
    word = tree[v]
    if kids(tree, v, "auxpass", "nsubjpass"):
        return True
    if word.tag != "VBN":
        return False
    if any(
        tree[k].lemma in ("have", "'ve") or tree[k].low in ("has", "had", "have", "having")
        for k in kids(tree, v, "aux")
    ):
        return False
    if word.dep == "acl" or (word.dep == "advcl" and not kids(tree, v, "dobj")):
        return True
    if word.dep == "amod":
        return True
    if word.dep == "conj" and not kids(tree, v, "nsubj", "aux") and not kids(tree, v, "dobj"):
        return tree[word.head].is_verb and passive(tree, word.head)
    return bool(kids(tree, v, "agent"))


def subject(tree: Tree, v: int, depth: int = 0) -> int | None:
    """The noun that is a verb's (surface) subject, its own or the one it inherits."""
    own = [k for k in kids(tree, v, "nsubj", "nsubjpass", "csubj") if not tree[k].is_verb]
    word = tree[v]
    if own:
        k = own[0]
        if tree[k].tag in ("WDT", "WP") or (tree[k].low == "that" and word.dep == "relcl"):
            return _relative_head(tree, v)
        return k if tree[k].tag != "EX" else next(iter(kids(tree, v, "attr", "dobj")), None)
    if depth > 8 or word.head == v:
        return _unlabelled(tree, v)
    head = word.head
    if word.dep == "conj":
        return subject(tree, head, depth + 1) if tree[head].is_verb or tree[head].tag == "MD" else None
    if word.dep == "xcomp":
        return _controller(tree, head, depth)
    if word.dep in ("advcl", "ccomp", "aux", "dep", "parataxis"):
        return subject(tree, head, depth + 1) if tree[head].is_verb else None
    if word.dep in ("acl", "relcl"):
        return _noun_subject(tree, v, head, depth)
    if word.dep == "pcomp":
        above = tree[head].head
        if tree[above].is_verb:
            return _controller(tree, above, depth, prep=tree[head].low)
        return _owner(tree, above, depth)
    if word.dep in ("prep", "pobj") and tree[head].is_verb:
        return subject(tree, head, depth + 1)
    return None


def _unlabelled(tree: Tree, v: int) -> int | None:
    """The people before a main verb that the parse took for its modifier: "Swiss freeze Russian assets"."""
    before = [k for k in tree[v].kids if k < v and tree[k].dep in ("amod", "compound", "nmod", "npadvmod", "dep")]
    return next((k for k in before if (m := tree[k].mention) is not None and m.country), None)


def _relative_head(tree: Tree, v: int) -> int | None:
    at = v
    for _ in range(5):
        if tree[at].dep == "relcl":
            return tree[at].head
        if tree[at].head == at:
            return None
        at = tree[at].head
    return None


def _controller(tree: Tree, head: int, depth: int, prep: str = "") -> int | None:
    """Who does what the complement of `head` says: its object for "order", "accuse … of", else its subject."""
    if not tree[head].is_verb:
        if (tree[head].dep in ("acomp", "attr", "oprd") and tree[tree[head].head].is_verb) or tree[
            tree[head].head
        ].tag == "MD":
            return subject(tree, tree[head].head, depth + 1)
        return None
    if tree[head].lemma in OBJECT_CONTROL and prep not in ("by", "after", "before", "while", "without", "in"):
        objects = kids(tree, head, "dobj", "dative")
        if objects:
            return objects[0]
        if passive(tree, head):
            return subject(tree, head, depth + 1)
        called = prep_objects(tree, head, "on", "upon")
        if called and tree[head].lemma == "call":
            return called[0]
    return subject(tree, head, depth + 1)


def _noun_subject(tree: Tree, v: int, noun: int, depth: int) -> int | None:
    word = tree[v]
    if any(tree[k].low == "to" for k in kids(tree, v, "aux")):
        return _owner(tree, noun, depth)
    if word.dep == "relcl":
        relative = list(kids(tree, v, "nsubj", "nsubjpass"))
        return noun if not relative else relative[0]
    return noun


def _owner(tree: Tree, noun: int, depth: int) -> int | None:
    """Whose plan, decision or threat it is: a possessor, else the subject of the verb that the noun depends on."""
    for k in kids(tree, noun, "poss"):
        return k
    by = prep_objects(tree, noun, "by")
    if by:
        return by[0]
    for k in tree[noun].kids:
        if k < noun and tree[k].dep in ("amod", "compound", "nmod") and tree[k].mention is not None:
            return k
    at = noun
    for _ in range(4):
        at = tree[at].head
        if tree[at].is_verb:
            return subject(tree, at, depth + 1)
    return None


def objects(tree: Tree, v: int) -> list[int]:
    """What a verb is done to: direct objects, or the subject of a passive, or what a reduced relative hangs on."""
    if passive(tree, v):
        found = subject(tree, v)
        direct = [k for k in kids(tree, v, "dobj", "oprd") if not tree[k].is_verb]
        return ([found] if found is not None else []) + direct
    found_objects = [c for k in kids(tree, v, "dobj") for c in [k]]
    if not found_objects:
        found_objects = [
            k for k in kids(tree, v, "attr", "npadvmod") if tree[k].tag[0] == "N" and k > v and tree[k].dep == "attr"
        ]
    if not found_objects:
        found_objects = [
            o for p in kids(tree, v, "prep") if tree[p].low in _ALSO_PARTICLES for o in kids(tree, p, "pobj")
        ]
    if not found_objects and tree[v].dep == "relcl" and not _own_object_gap(tree, v):
        subjects = kids(tree, v, "nsubj")
        if subjects and tree[subjects[0]].tag not in ("WDT", "WP"):
            return [tree[v].head]
    if (
        not found_objects
        and tree[v].dep == "conj"
        and tree[tree[v].head].is_verb
        and not kids(tree, v, "prep", "ccomp", "xcomp", "nsubj")
    ):
        return [k for k in kids(tree, tree[v].head, "dobj") if k > v]
    return found_objects


def _own_object_gap(tree: Tree, v: int) -> bool:
    return bool(kids(tree, v, "dobj", "ccomp", "xcomp"))


def agents(tree: Tree, v: int) -> list[int]:
    """Who does it: the subject, or the "by" part of a passive."""
    if passive(tree, v):
        return prep_objects(tree, v, "by")
    found = subject(tree, v)
    return [found] if found is not None else []


def particles(tree: Tree, v: int) -> set[str]:
    """The small words that go with a verb: particles, adverbs, prepositions, predicates."""
    return {
        tree[k].low
        for k in tree[v].kids
        if tree[k].dep in ("prt", "advmod", "prep", "acomp", "oprd", "agent", "dative", "advcl", "mark", "attr")
    }


def complements(tree: Tree, v: int) -> list[int]:
    """The clauses a verb takes: "to VERB", "that …", "VERB-ing", also through an adjective ("ready to")."""
    found = kids(tree, v, "xcomp", "ccomp")
    for k in kids(tree, v, "acomp", "oprd", "attr", "dobj"):
        found += [j for j in kids(tree, k, "xcomp", "ccomp") if tree[j].is_verb]
    for k in kids(tree, v, "prep", "agent"):
        found += [j for j in kids(tree, k, "pcomp") if tree[j].is_verb]
    found += [k for k in kids(tree, v, "advcl") if ruled(tree, k)]
    return [k for k in found if tree[k].is_verb or tree[k].tag in ("MD",) or kids(tree, k, "nsubj")]


def ruled(tree: Tree, v: int) -> bool:
    """Whether a gerund right after a verb and its particle is what that verb is of: "ruled out sending troops"."""
    head = tree[v].head
    between = range(head + 1, v)
    return tree[v].tag == "VBG" and len(between) > 0 and all(tree[k].dep in ("prt", "neg") for k in between)


def tense(tree: Tree, v: int) -> Tense:
    """The status that a verb's own auxiliaries, negation and adverbs give it."""
    aux = {tree[k].low for k in kids(tree, v, "aux", "auxpass")}
    lemmas = {tree[k].lemma for k in kids(tree, v, "aux", "auxpass")}
    word = tree[v]
    negated = bool(kids(tree, v, "neg")) or any(
        tree[k].low in ("never", "not", "n't", "hardly", "nowhere") for k in kids(tree, v, "advmod")
    )
    for k in kids(tree, v, "nsubj", "nsubjpass", "dobj"):
        negated = negated or any(tree[j].low in ("no", "neither") for j in kids(tree, k, "det", "neg", "preconj"))
    own = bool(aux - {"to"})
    if aux & _FUTURE:
        return Tense("planned", negated, own)
    if aux & _MODAL_MAYBE:
        return Tense("hypothetical", negated, own)
    if word.tag == "VBG" and (lemmas & {"be"} or aux & {"is", "are", "was", "were", "been", "'s", "'re", "being"}):
        return Tense("ongoing", negated, own)
    if "being" in aux:
        return Tense("ongoing", negated, own)
    return Tense("happened", negated, own)


def condition(tree: Tree, v: int) -> str | None:
    """The conjunction that opens a verb's clause ("if", "until", "after" …)."""
    for k in kids(tree, v, "mark", "advmod"):
        if k < v and tree[k].low in (
            "if",
            "unless",
            "whether",
            "until",
            "till",
            "before",
            "in case",
            "once",
            "lest",
            "when",
            "after",
            "as",
            "while",
            "because",
            "since",
            "though",
            "although",
        ):
            return tree[k].low
    return None


def joined(tree: Tree, head: int) -> bool:
    """Whether a noun has others joined to it."""
    return len(conjuncts(tree, head)) > 1
