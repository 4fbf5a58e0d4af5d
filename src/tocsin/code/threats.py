"""Threats that no single verb makes: "or else", "unless", and the costs that a speaker says somebody will bear."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.code.grammar import complements, condition, passive, subject, tense
from tocsin.code.parsing import Tree, kids, subtree
from tocsin.code.wordlists import words

HARM = frozenset({"ASSAULT", "SANCTION", "COERCE", "MOBILIZE", "PROTEST"})
"""Types that somebody may threaten with."""
_OR_ELSE = words("threats.or_else")
_DIRE = words("threats.dire")


def or_else(tree: Tree, v: int) -> bool:
    """Whether what a verb demands has an alternative that hurts: "told it to leave or face arrest"."""
    for k in subtree(tree, v):
        if k > v and tree[k].is_verb:
            group = [k, *kids(tree, k, "aux", "auxpass", "advmod", "punct")]
            before = min(i for i in group if i > v) - 1
            if tree[before].low == "or" and (tree[k].lemma in _OR_ELSE or passive(tree, k)):
                return True
    return False


def conditions(tree: Tree, v: int) -> list[int]:
    """The verbs of the clauses that would spare the other side: "unless …", "if … does not …"."""
    found = []
    for k in kids(tree, v, "advcl"):
        mark = condition(tree, k)
        if mark == "unless" or (mark == "if" and tense(tree, k).negated):
            found.append(k)
    return found


def spared(tree: Tree, found: Sequence[int]) -> list[int]:
    """Whom the conditions of a threat speak of: their subjects."""
    return [at for at in (subject(tree, k) for k in found) if at is not None]


def ahead(tree: Tree, v: int) -> bool:
    """Whether a clause tells what will or must come."""
    aux = {tree[k].low for k in kids(tree, v, "aux")}
    return bool(aux & {"will", "would", "shall", "'ll", "wo", "must", "should", "may", "might", "could"})


def dire(tree: Tree, v: int, depth: int = 0) -> bool:
    """Whether what is vowed is to hurt, or to answer: "vowed to respond", "vowing that it would not go unpunished"."""
    if tree[v].lemma in _DIRE or any(tree[k].low in ("unpunished", "unanswered") for k in tree[v].kids):
        return True
    return depth < 2 and any(dire(tree, inner, depth + 1) for inner in complements(tree, v))
