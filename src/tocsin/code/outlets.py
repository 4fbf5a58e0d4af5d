"""News outlets and social networks in a tree: when they are actors, and when they only report or carry what is said."""

from __future__ import annotations

from tocsin.code.actors import sector_of
from tocsin.code.parsing import Tree
from tocsin.code.wordlists import words

_TELLINGS = words("outlets.tellings")
_DEEDS = words("outlets.deeds")
_THINGS = words("outlets.things")


def concerned(tree: Tree, head: int) -> bool:
    """Whether an outlet or network named at `head` is what something is done to, or does more than report.

    "Israel shuts Al Jazeera", "a raid on the BBC" and "a BBC reporter" name an actor, "he told Reuters" and
    "according to Xinhua" do not.
    """
    word = tree[head]
    while word.dep == "conj" and tree[word.head] is not word:
        word = tree[word.head]
    if word.mention is None or word.mention.kind != "outlet":
        return word.lemma in _THINGS or sector_of([word.low]) == "MED"
    over = tree[word.head]
    if word.dep in ("dobj", "nsubjpass"):
        return over.lemma not in _TELLINGS
    if word.dep == "nsubj":
        return word.mention.sector == "BUS" or over.lemma in _DEEDS
    if word.dep in ("poss", "compound"):
        return over.lemma in _THINGS
    return word.dep == "pobj" and (over.low == "against" or (over.low in ("on", "of") and tree[over.head].is_noun))
