"""Noun phrases in a tree: what they are headed by, which known nouns they match, whose they are."""

from __future__ import annotations

from tocsin.code.lexicon import Lexicon
from tocsin.code.parsing import Tree, kids
from tocsin.code.wordlists import words
from tocsin.code.words import american, lemma

TRANSPARENT = words("nounphrases.transparent")
"""Nouns that stand for what follows their "of": "a series of attacks" is attacks."""


_BORDERS = frozenset({"border", "borders", "frontier", "boundary"})
_GENERIC = words("nounphrases.generic")
"""Heads that say little: "air defence systems" are air defence, "loan tranche" is a loan."""
KINDS = {
    "ORG": frozenset({"org"}),
    "COUNTRY": frozenset({"country", "capital", "palace"}),
    "PLACE": frozenset({"city", "region", "capital", "sea", "strait"}),
    "PERSON": frozenset({"person"}),
    "MEDIA": frozenset({"outlet", "agency"}),
    "GROUP": frozenset({"group"}),
}
"""Names in a rule's braces that stand for kinds of known names."""


def conjuncts(tree: Tree, head: int) -> list[int]:
    """`head` and the nouns joined to it by "and" or a comma, in order."""
    found, todo = [head], [head]
    while todo:
        for k in kids(tree, todo.pop(), "conj"):
            if not tree[k].is_verb:
                found.append(k)
                todo.append(k)
    for k in kids(tree, head, "appos"):
        beside = tree[k].mention
        if beside is not None and tree[head].mention is not None and beside.kind in ("country", "capital"):
            found.append(k)
    return sorted(found)


def prep_objects(tree: Tree, head: int, *names: str) -> list[int]:
    """The objects of the prepositions `names` (all if none is named) that hang on a word, joined ones included.

    "Out of" and "away from" count as either of their words.
    """
    found: list[int] = []
    for p in kids(tree, head, "prep", "agent", "dative", "prt", "advmod"):
        if tree[p].dep == "dative" and tree[p].is_noun:
            continue
        wanted = not names or tree[p].low in names
        if wanted:
            for o in kids(tree, p, "pobj"):
                found += conjuncts(tree, o)
        for inner in kids(tree, p, "prep", "pcomp"):
            if wanted or tree[inner].low in names:
                for o in kids(tree, inner, "pobj"):
                    found += conjuncts(tree, o)
    return found


def nears_border(tree: Tree, at: int) -> bool:
    """Whether a noun, or the noun that a name stands before, is a border that something is only near."""
    border = at if tree[at].low in _BORDERS else tree[at].head
    if tree[border].low not in _BORDERS:
        return False
    over = tree[tree[border].head]
    return over.low == "near" or (over.low == "to" and tree[over.head].low == "close")


def core(tree: Tree, head: int) -> int:
    """The noun that a phrase is about: past "a series of", "dozens of"."""
    seen = 0
    while seen < 4 and tree[head].mention is None and tree[head].lemma in TRANSPARENT:
        inner = prep_objects(tree, head, "of")
        if not inner or tree[inner[0]].is_verb:
            break
        head, seen = inner[0], seen + 1
    return head


def keys(tree: Tree, head: int) -> tuple[str, ...]:
    """The spellings a noun phrase is looked up by, the most telling first: `joint_exercise`, then `exercise`.

    Worked out once for each word: every rule of every verb over it asks.
    """
    word = tree[head]
    if word.keys is None:
        word.keys = tuple(_keys(tree, head))
    return word.keys


def _keys(tree: Tree, head: int) -> list[str]:
    word = tree[head]
    if word.mention is not None:
        last = lemma(word.text, "noun") if " " not in word.text else lemma(word.text.split()[-1], "noun")
        return ["_".join(lemma(american(w), "noun") for w in word.mention.text.lower().split()), last] if last else []
    base = lemma(word.low, "noun") if word.tag[0] == "N" or word.low.isalpha() else word.low
    before = [
        k
        for k in word.kids
        if (k < head and tree[k].dep in ("compound", "amod", "nmod", "poss") and tree[k].low.isalpha())
        or (k < head and "-" in tree[k].low and len(tree[k].low) > 1)
    ]
    mods = [lemma(american(tree[k].low), "noun") for k in before]
    for k in before:
        mods += [lemma(american(tree[j].low), "noun") for j in tree[k].kids if tree[j].dep in ("compound", "amod")]
    run: list[str] = []
    at = head - 1
    while at >= 0 and len(run) < 4 and at in before:
        run.insert(0, lemma(american(tree[at].low), "noun"))
        at -= 1
    found = ["_".join([*run[i:], base]) for i in range(len(run))]
    found += [f"{m}_{base}" for m in mods]
    found += [f"{base}_of_{lemma(tree[o].low, 'noun')}" for o in prep_objects(tree, head, "of")[:2]]
    return [*dict.fromkeys(found), base]


def matches(tree: Tree, head: int, wanted: frozenset[str], lexicon: Lexicon) -> float:
    """How well a noun phrase fits the nouns of a rule: 0 not at all; more for a longer literal."""
    if "*" in wanted and len(wanted) == 1:
        return 0.5
    mention = tree[head].mention
    if mention is not None and any(mention.kind in KINDS[k] for k in wanted & KINDS.keys()):
        return 2.0
    here = keys(tree, core(tree, head))
    for key in here:
        if key in wanted:
            return 3.0 + key.count("_")
    type_ = lexicon.nominal(here)
    if type_ is not None and type_ in wanted:
        return 2.5
    if tree[core(tree, head)].lemma in _GENERIC:
        for key in here:
            inside = key.rsplit("_", 1)[0]
            if inside != key and (inside in wanted or inside.rsplit("_", 1)[-1] in wanted):
                return 2.2
    return 0.0
